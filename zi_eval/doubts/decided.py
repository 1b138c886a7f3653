"""What makes a verdict doubtful because the TPN, which decides, decided or answered otherwise."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from zi_eval.core.assessment import Answer, Stage
from zi_eval.core.evaluation import Evaluation
from zi_eval.core.problems import Problem
from zi_eval.core.scoring import value_question
from zi_eval.core.verdict import TOLERANCE, Status
from zi_eval.doubts.contradictions import answer_says
from zi_eval.doubts.values import Doubt, Reading, Statement

__all__ = [
    "DECIDED_OTHERWISE",
    "Decided",
    "doubt_decision",
    "doubt_held",
    "doubt_national_answers",
]

SOURCE = "keputusan TPN"
HOLDERS = "tabel pemegang predikat"
DECIDED_OTHERWISE = "tpn-memutuskan-lain"
"""The code of the doubt on a verdict that the TPN decided otherwise."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What the TPN decided of a unit, or that its table cannot be read.

    Attributes
    ----------
    source
        The table as users find it, e.g. ``tpn/keputusan.csv``.
    says
        The decision in words: ``tidak lulus panel (10/12/2025)``; untrusted where it quotes.
    has_passed
        True for the predicate awarded, False for a refusal, None while it is not known.
    row
        1-based, in the table; None where there is none.
    condition
        What was found; untrusted text.
    is_unread
        Whether the table cannot be read: it may hold a refusal.
    """

    source: str
    says: str
    has_passed: bool | None
    row: int | None = None
    condition: str = ""
    is_unread: bool = False


def doubt_decision(evaluation: Evaluation, decided: Decided | None) -> tuple[Doubt, ...]:
    """Return the doubt where the TPN decided otherwise than answers and facts give.

    A refusal takes from a verdict that is met: the TPN decides it. A predicate awarded makes none
    greener, and is said beside it.
    """
    status, predicate = evaluation.target.status, evaluation.target.predicate
    if decided is None or evaluation.rules.bands:
        return ()
    if decided.is_unread:
        return (
            Doubt(
                code="tpn-tidak-terbaca",
                what=f"{decided.source} tidak dapat dibaca: {decided.says}",
                statements=(Statement(decided.source, decided.says, file=decided.source),),
                rule="Data yang salah tidak menghapus keraguan",
                source=decided.source,
                remedy="Perbaiki tabel itu; 'zi-eval tpn check' menyebut selnya.",
                refused=tuple(evaluation.verdicts),
            ),
        )
    if decided.has_passed is (status is Status.MET) or (
        decided.has_passed is False and status is Status.UNKNOWN
    ):
        return ()
    here = (
        f"memenuhi {predicate}"
        if status is Status.MET
        else f"belum memenuhi {predicate}"
        if status is Status.NOT_MET
        else f"{predicate} belum dapat disimpulkan"
    )
    why = f" Kondisi menurut TPN: {decided.condition}" if decided.condition else ""
    return (
        Doubt(
            code=DECIDED_OTHERWISE,
            what=f"TPN memutuskan {decided.says}, sedangkan menurut data di sini {here}.{why}",
            statements=(
                Statement(decided.source, decided.says, file=decided.source, line=decided.row),
                Statement("target", here),
            ),
            rule="Predikat ditetapkan oleh keputusan TPN, bukan oleh hitungan",
            source=SOURCE,
            remedy="Cocokkan kondisi yang disebut TPN dengan jawaban, lalu betulkan jawabannya "
            "atau tulis penjelasannya.",
            refused=() if decided.has_passed else _from(evaluation, predicate),
        ),
    )


def doubt_held(
    evaluation: Evaluation, conflicts: Iterable[Problem], refusing: Collection[str]
) -> tuple[Doubt, ...]:
    """Return what the table of holders of predicates says against the predicate aimed at.

    Parameters
    ----------
    refusing
        Codes of conflicts by which that predicate cannot be given.
    """
    predicate = evaluation.target.predicate
    return tuple(
        Doubt(
            code=item.code,
            what=f"{item.message[0].upper()}{item.message[1:]}",
            statements=(
                Statement(item.file or HOLDERS, item.message, file=item.file),
                Statement("target", predicate),
            ),
            rule="Predikat yang diusulkan mengikuti predikat yang dipegang",
            source="PermenPANRB 90/2021, Tabel 5",
            remedy=item.hint,
            refused=_from(evaluation, predicate) if item.code in refusing else (),
        )
        for item in conflicts
    )


def _from(evaluation: Evaluation, predicate: str) -> tuple[str, ...]:
    """Return a predicate and those above it: who is refused the lower one has no higher one."""
    names = tuple(evaluation.verdicts)
    return names[names.index(predicate) :]


def doubt_national_answers(evaluation: Evaluation) -> tuple[Doubt, ...]:
    """Return one doubt for all questions that the TPN answered otherwise than what counts here."""
    if evaluation.stage is Stage.TPN:
        return ()
    questions, card = evaluation.instrument.questions, evaluation.card
    values: dict[str, float] = {}
    said: list[Statement] = []
    for key, question in questions.items():
        given = evaluation.assessment.answers.get(key, Answer()).tpn
        if given is None:
            continue
        there = value_question(question, given, Stage.TPN)[0]
        now = card.values[key].value
        if there.value is None or (now is not None and abs(now - there.value) <= TOLERANCE):
            continue
        values[key] = there.value
        told = f"{answer_says(question, card.values[key])}; TPN: {answer_says(question, there)}"
        said.append(Statement(f"jawaban.{key}", told))
    if not values:
        return ()
    return (
        Doubt(
            code="tpn-beda-jawaban",
            what=f"TPN menjawab {len(values)} pertanyaan berbeda dari yang dihitung di sini.",
            statements=tuple(said),
            rule="Jawaban TPN menggantikan jawaban unit dan TPI pada penilaian nasional",
            source="jawaban TPN di berkas unit",
            remedy="Lihat putusannya dengan jawaban TPN (--stage tpn), lalu samakan jawabannya.",
            readings=(Reading("bila TPN benar", values),),
        ),
    )
