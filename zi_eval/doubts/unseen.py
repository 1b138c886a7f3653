"""What makes a verdict doubtful because nobody has looked at it, or because it may still change."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from zi_eval.chance.estimate import Chance
from zi_eval.core.assessment import Stage
from zi_eval.core.evaluation import Evaluation
from zi_eval.core.verdict import Status
from zi_eval.doubts.contradictions import answer_says
from zi_eval.doubts.values import LKE, Doubt, Effect, Reading, Statement, figure

__all__ = ["OpenCheck", "doubt_chance", "doubt_checks", "doubt_evidence", "doubt_taken_over"]

SURE_TENTHS = 9
"""A chance shown as nine of ten or more is no doubt."""


def doubt_evidence(evaluation: Evaluation, backed: Collection[str] = ()) -> tuple[Doubt, ...]:
    """Return one doubt for all claims of the unit that nothing shows; none at the TPI's stage.

    There the TPI has looked, or the answers are taken over (:func:`doubt_taken_over`).

    Parameters
    ----------
    backed
        Questions that a table of the unit answers: its survey or its plan.
    """
    if evaluation.stage is Stage.TPI:
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
        _unseen(
            evaluation,
            bare,
            code="tanpa-bukti",
            what=f"{len(bare)} jawaban tidak menyebut bukti.",
            rule="Setiap jawaban dibuktikan",
            remedy="Lengkapi buktinya, atau turunkan jawabannya.",
            text="bila yang tanpa bukti tidak terbukti",
        ),
    )


def doubt_taken_over(evaluation: Evaluation) -> tuple[Doubt, ...]:
    """Return one doubt for all answers at the TPI's stage that the TPI has not given.

    None where the evaluation is final: then a named person stands for them.
    """
    keys = [key for key in evaluation.card.taken_over if evaluation.card.values[key].value]
    if not keys or evaluation.assessment.final is not None:
        return ()
    total = len(evaluation.instrument.questions)
    return (
        _unseen(
            evaluation,
            keys,
            code="belum-dinilai-tpi",
            what=f"{len(keys)} dari {total} pertanyaan belum dijawab TPI; jawaban unit dipakai.",
            rule="Putusan tahap TPI bertumpu pada jawaban TPI",
            remedy="Nilai pertanyaan itu, lalu tetapkan evaluasinya final.",
            text="bila TPI tidak menerimanya",
        ),
    )


@dataclass(frozen=True, slots=True)
class OpenCheck:
    """Something an import could not place or read, until a person has looked at it.

    Attributes
    ----------
    key
        The question or prerequisite it belongs to, or empty.
    text
        What to look at, one Indonesian sentence.
    cell
        Where it stands in the workbook, ``Sheet!A1``.
    """

    key: str
    text: str
    cell: str = ""


def doubt_checks(evaluation: Evaluation, checks: Iterable[OpenCheck]) -> tuple[Doubt, ...]:
    """Return what is still to be checked after an import: what it says may be nothing at all."""
    doubts = []
    for check in checks:
        key = check.key if check.key in evaluation.card.values else ""
        worth = evaluation.card.values[key].value if key else None
        statements = [Statement("perlu_dicek", check.text, cell=check.cell)]
        if key:
            question = evaluation.instrument.questions[key]
            told = answer_says(question, evaluation.card.values[key])
            statements.insert(0, Statement(f"jawaban.{key}", told))
        doubts.append(
            Doubt(
                code="perlu-dicek",
                what=check.text,
                statements=tuple(statements),
                rule="Yang tidak terbaca saat impor diperiksa orang",
                source=check.cell or "impor",
                remedy="Periksa selnya, lalu hapus catatan 'perlu_dicek' itu.",
                readings=(Reading("bila jawaban itu tidak ada", {key: 0.0}),) if worth else (),
            )
        )
    return tuple(doubts)


def _unseen(
    evaluation: Evaluation,
    keys: Sequence[str],
    *,
    code: str,
    what: str,
    rule: str,
    remedy: str,
    text: str,
) -> Doubt:
    values = evaluation.card.values
    questions = evaluation.instrument.questions
    return Doubt(
        code=code,
        what=what,
        statements=tuple(
            Statement(f"jawaban.{key}", answer_says(questions[key], values[key])) for key in keys
        ),
        rule=rule,
        source=LKE,
        remedy=remedy,
        readings=(Reading(text, dict.fromkeys(keys, 0.0)),),
    )


# -------------------------------------------------------------------- chance


def doubt_chance(evaluation: Evaluation, chance: Chance | None) -> tuple[Doubt, ...]:
    """Return the chance as a doubt where it is shown as less than nine of ten."""
    if chance is None or chance.tenths is None or chance.tenths >= SURE_TENTHS:
        return ()
    missed = tuple(item.outcome.rule.id for item in chance.risks)
    likely: Mapping[str, Status] = {
        name: Status.NOT_MET if name == chance.predicate else verdict.status
        for name, verdict in evaluation.verdicts.items()
    }
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
            effects=(
                Effect(
                    text=f"pada {10 - chance.tenths} dari 10 kemungkinan",
                    score=None,
                    statuses=likely,
                    turned={chance.predicate: missed},
                ),
            ),
        ),
    )
