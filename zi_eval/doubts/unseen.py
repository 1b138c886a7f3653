"""What makes a verdict doubtful because nobody has looked at it, or because it may still change."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from zi_eval.core.evaluation import Evaluation
from zi_eval.core.text import quote
from zi_eval.doubts.contradictions import answer_says
from zi_eval.doubts.values import LKE, Doubt, Reading, Statement, figure

if TYPE_CHECKING:
    from zi_eval.chance.estimate import Chance

__all__ = [
    "Unread",
    "can_be_lost",
    "doubt_chance",
    "doubt_checks",
    "doubt_evidence",
    "doubt_taken_over",
    "doubt_unread",
    "doubt_unreported",
]

SURE_TENTHS = 9
"""A chance shown as nine of ten or more is no doubt."""


def doubt_evidence(evaluation: Evaluation, backed: Collection[str] = ()) -> tuple[Doubt, ...]:
    """Return one doubt for all claims of the unit that nothing shows; none at a later stage.

    There the TPI has looked, or the answers are taken over (:func:`doubt_taken_over`). It decides
    nothing by itself: that no evidence is named does not say that the answer is another.

    Parameters
    ----------
    backed
        Questions that a table of the unit answers: its survey or its plan.
    """
    if evaluation.stage.is_evaluated:
        return ()
    answers = evaluation.assessment.answers
    bare = [
        key
        for key, value in evaluation.card.values.items()
        if value.value and not answers[key].evidence and key not in backed
    ]
    if not bare:
        return ()
    return (
        Doubt(
            code="tanpa-bukti",
            what=f"{len(bare)} jawaban tidak menyebut bukti.",
            statements=_statements(evaluation, bare),
            rule="Setiap jawaban dibuktikan",
            source=LKE,
            remedy="Lengkapi buktinya, atau turunkan jawabannya.",
        ),
    )


def doubt_taken_over(evaluation: Evaluation) -> tuple[Doubt, ...]:
    """Return one doubt for all answers at an evaluators' stage that none of them has given.

    None where the evaluation is final: then a named person stands for them.
    """
    keys = [key for key in evaluation.card.taken_over if evaluation.card.values[key].value]
    if not keys or evaluation.assessment.final is not None:
        return ()
    total = len(evaluation.instrument.questions)
    return (
        Doubt(
            code="belum-dinilai-tpi",
            what=f"{len(keys)} dari {total} pertanyaan belum dijawab TPI; jawaban unit dipakai.",
            statements=_statements(evaluation, keys),
            rule="Putusan tahap TPI bertumpu pada jawaban TPI",
            source=LKE,
            remedy="Nilai pertanyaan itu, lalu tetapkan evaluasinya final.",
            readings=(Reading("bila TPI tidak menerimanya", dict.fromkeys(keys, 0.0)),),
        ),
    )


@dataclass(frozen=True, slots=True)
class Unread:
    """A table or another evaluation of the unit that is there and cannot be read.

    Attributes
    ----------
    source
        Its name as the user finds it, e.g. ``survei/dpmptsp.ipak.csv``.
    why
        The first thing that is wrong with it.
    questions, facts
        What it would speak to: ids of questions and of prerequisites.
    """

    source: str
    why: str
    questions: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()


def doubt_unread(evaluation: Evaluation, unread: Iterable[Unread]) -> tuple[Doubt, ...]:
    """Return what cannot be read as doubts: whatever it would say, a mistake in it clears nothing.

    Each counts at its worst, that it shows nothing of what it speaks to.
    """
    asked = evaluation.rules.prerequisites_of("unit")
    doubts = []
    for item in unread:
        given = [key for key in item.questions if evaluation.card.values[key].value]
        stated = [key for key in item.facts if key in asked]
        worst = {k: asked[k].grades[0] if asked[k].kind == "grade" else 0.0 for k in stated}
        reading = Reading("bila isinya tidak mendukung", dict.fromkeys(given, 0.0), worst)
        doubts.append(
            Doubt(
                code="tidak-terbaca",
                what=f"{item.source} ada tetapi tidak dapat dibaca: {quote(item.why, 120)}",
                statements=(
                    Statement(item.source, quote(item.why, 120)),
                    *_statements(evaluation, given),
                ),
                rule="Data yang salah tidak menghapus keraguan",
                source=item.source,
                remedy="Perbaiki berkas itu; 'zi-eval check' menyebut tempatnya.",
                readings=(reading,) if given or worst else (),
            )
        )
    return tuple(doubts)


def doubt_unreported(evaluation: Evaluation) -> tuple[Doubt, ...]:
    """Return the doubt of a unit in a run's recap whose report is not there.

    Its surveys, plan and earlier evaluations were looked at by nobody, and looking at them in the
    recap would end all units with the one whose table is too large to read.
    """
    worth = {key: 0.0 for key, value in evaluation.card.values.items() if value.value}
    return (
        Doubt(
            code="tanpa-laporan",
            what="Laporan unit ini belum dibuat, jadi survei, kinerja, dan evaluasi lainnya belum "
            "dibandingkan dengan jawabannya.",
            statements=(Statement("laporan", "belum ada untuk berkas yang sekarang"),),
            rule="Putusan bertumpu pada semua data unit",
            source="rekap",
            remedy="Buat laporannya dengan 'zi-eval run'.",
            readings=(Reading("bila data itu tidak mendukung", worth),) if worth else (),
        ),
    )


def doubt_checks(evaluation: Evaluation) -> tuple[Doubt, ...]:
    """Return what is still to be checked after an import: what it says may be nothing at all."""
    doubts = []
    for remark in evaluation.assessment.remarks:
        key = remark.question if remark.question in evaluation.card.values else ""
        worth = evaluation.card.values[key].value if key else None
        statements = [Statement("perlu_dicek", remark.reason, cell=remark.cell)]
        if key:
            question = evaluation.instrument.questions[key]
            told = answer_says(question, evaluation.card.values[key])
            statements.insert(0, Statement(f"jawaban.{key}", told))
        doubts.append(
            Doubt(
                code="perlu-dicek",
                what=remark.reason,
                statements=tuple(statements),
                rule="Yang tidak terbaca saat impor diperiksa orang",
                source=remark.cell or "impor",
                remedy="Periksa selnya, lalu hapus catatan 'perlu_dicek' itu.",
                readings=(Reading("bila jawaban itu tidak ada", {key: 0.0}),) if worth else (),
            )
        )
    return tuple(doubts)


def _statements(evaluation: Evaluation, keys: Sequence[str]) -> tuple[Statement, ...]:
    values, questions = evaluation.card.values, evaluation.instrument.questions
    return tuple(
        Statement(f"jawaban.{key}", answer_says(questions[key], values[key])) for key in keys
    )


# -------------------------------------------------------------------- chance


def can_be_lost(evaluation: Evaluation) -> bool:
    """Whether a low chance says anything: where a minimum is missed already, nothing is at risk."""
    return not evaluation.target.failed_rules


def doubt_chance(evaluation: Evaluation, chance: Chance | None) -> tuple[Doubt, ...]:
    """Return the chance as a doubt where it is shown as less than nine of ten.

    It decides nothing by itself: it says how sure the figures are, not that one of them is another.
    """
    if chance is None or chance.tenths is None or chance.tenths >= SURE_TENTHS:
        return ()
    if not can_be_lost(evaluation):
        return ()
    worst = chance.risks[0].outcome.rule.title if chance.risks else "nilai"
    return (
        Doubt(
            code="peluang-rendah",
            what=f"Peluang {chance.predicate} menurut nilainya {chance.tenths} dari 10; yang "
            f"paling sering tidak tercapai: {worst}.",
            statements=(
                Statement("peluang", f"{chance.tenths} dari 10"),
                *(
                    Statement(f"aturan {item.outcome.rule.id}", f"{figure(item.share * 100, 0)} %")
                    for item in chance.risks[:3]
                ),
            ),
            rule="Nilai yang belum pasti dapat turun pada evaluasi berikutnya",
            source="perkiraan dari survei, koreksi TPI terdahulu, dan pertanyaan terbuka",
            remedy="Pastikan jawaban yang menentukan: nilai TPI, bukti, dan responden survei.",
        ),
    )
