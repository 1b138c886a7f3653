"""A verdict that knows its doubts.

What answers and facts give (:mod:`zi_eval.core.verdict`) is the most a verdict can say. Doubts only
ever take from it: met becomes "belum dapat disimpulkan" where the doubts that still stand, taken
together at their worst, could leave a rule or a prerequisite unmet. Not met stays not met, however
much better the other reading would be: what speaks for a unit must be put right in its answers.

Together, because three doubts of half a point each are one of one and a half. The worst of all is
found without trying every combination: a score never falls where a question's value rises, so it
is each question at its lowest reading and each fact at its worst.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from zi_eval.core.assessment import Explanation, Fact
from zi_eval.core.evaluation import Evaluation
from zi_eval.core.rules import Prerequisite
from zi_eval.core.verdict import Status, Verdict
from zi_eval.doubts.values import Doubt
from zi_eval.doubts.weighing import order_doubts, try_reading

__all__ = ["DoubtedVerdict", "explained_text", "judge_with_doubts", "lower"]


@dataclass(frozen=True, slots=True)
class DoubtedVerdict:
    """A verdict with what speaks against it.

    Attributes
    ----------
    verdict
        By the answers and facts as they stand.
    status
        With the doubts: never greener than ``verdict.status``.
    doubts
        Those that stand, the strongest for this predicate first.
    explained
        Those explained in writing, with the explanation; they stand no longer, but are shown.
    """

    verdict: Verdict
    status: Status
    doubts: tuple[Doubt, ...]
    explained: tuple[tuple[Doubt, Explanation], ...] = ()

    @property
    def predicate(self) -> str:
        """What the verdict is on."""
        return self.verdict.predicate

    @property
    def is_lowered(self) -> bool:
        """Whether the doubts took something from the verdict."""
        return self.status is not self.verdict.status

    @property
    def decisive(self) -> tuple[Doubt, ...]:
        """Those that could turn a rule or a prerequisite of the predicate by themselves."""
        return tuple(doubt for doubt in self.doubts if doubt.is_decisive(self.predicate))


def _worst_fact(item: Prerequisite, facts: Iterable[Fact]) -> Fact:
    """Return the fact by which a prerequisite holds least."""
    if item.kind == "grade":
        return min(facts, key=lambda fact: item.grades.index(item.grade(fact)))
    return min(facts, key=float)


def _worst(
    evaluation: Evaluation, doubts: Collection[Doubt]
) -> tuple[dict[str, float], dict[str, Fact]]:
    """Return every question and fact that a doubt speaks of at its lowest reading."""
    asked = evaluation.rules.prerequisites_of("unit")
    values: dict[str, float] = {}
    facts: dict[str, list[Fact]] = {}
    for doubt in doubts:
        for reading in doubt.readings:
            for key, value in reading.values.items():
                given = evaluation.card.values[key].value
                values[key] = min(value, values.get(key, value if given is None else given))
            for key, fact in reading.facts.items():
                facts.setdefault(key, []).append(fact)
    stated = evaluation.assessment.facts
    return values, {
        key: _worst_fact(asked[key], [*found, *([stated[key]] if key in stated else [])])
        for key, found in facts.items()
        if key in asked
    }


def judge_with_doubts(
    evaluation: Evaluation, doubts: Sequence[Doubt]
) -> Mapping[str, DoubtedVerdict]:
    """Lower the verdicts of a unit by the doubts that stand, by predicate.

    Parameters
    ----------
    doubts
        As :func:`~zi_eval.doubts.weighing.weigh` gives them; those that the unit's file explains,
        by somebody who may at this stage, do not stand.
    """
    said, stage = evaluation.assessment.explanations, evaluation.stage
    given = {item.doubt: item for item in said if item.counts_at(stage)}
    standing = [doubt for doubt in doubts if doubt.id not in given]
    explained = tuple((doubt, given[doubt.id]) for doubt in doubts if doubt.id in given)
    _, worst = try_reading(evaluation, *_worst(evaluation, standing))
    verdicts = {}
    for predicate, verdict in evaluation.verdicts.items():
        status = verdict.status
        if status is Status.MET and (
            worst[predicate].status is not Status.MET
            or any(doubt.could_fail(predicate) for doubt in standing)
        ):
            status = Status.UNKNOWN
        verdicts[predicate] = DoubtedVerdict(
            verdict, status, order_doubts(standing, predicate), explained
        )
    return verdicts


def explained_text(doubt: Doubt, explanation: Explanation) -> str:
    """Say what was doubted, and who explained it how."""
    when, text = explanation.time.date(), " ".join(explanation.text.split())
    return (
        f"{doubt.what} Dijelaskan {explanation.name} ({explanation.role}, {when:%d-%m-%Y}): {text}"
    )


def lower(evaluation: Evaluation, verdicts: Mapping[str, DoubtedVerdict]) -> Evaluation:
    """Return an evaluation whose verdicts bear their doubts: what every view of a unit shows."""
    return replace(
        evaluation,
        verdicts={
            predicate: replace(
                item.verdict,
                status=item.status,
                doubts=tuple(doubt.what for doubt in item.doubts),
                explained=tuple(explained_text(*pair) for pair in item.explained),
            )
            for predicate, item in verdicts.items()
        },
    )
