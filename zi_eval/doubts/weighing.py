"""What each doubt would do to the score and the verdicts, and which weighs most.

Every reading is scored and judged by the same rules as the unit itself, but only above what it
changes, so that weighing a doubt costs a small part of scoring the unit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from zi_eval.core.assessment import Fact
from zi_eval.core.evaluation import Evaluation
from zi_eval.core.scoring import rescore
from zi_eval.core.verdict import TOLERANCE, Verdict, rejudge
from zi_eval.doubts.values import Doubt, Effect, Reading

__all__ = ["order_doubts", "try_reading", "weigh"]


def try_reading(
    evaluation: Evaluation, values: Mapping[str, float], facts: Mapping[str, Fact]
) -> tuple[float | None, Mapping[str, Verdict]]:
    """Return the total and the verdicts with other values of questions and other facts."""
    now = evaluation.card.values
    changed = {
        key: value
        for key, value in values.items()
        if (given := now[key].value) is None or abs(given - value) > TOLERANCE
    }
    card, touched = evaluation.card, frozenset[str]()
    if changed:
        card, touched = rescore(evaluation.instrument, card, changed)
    elif not facts:
        return card.total.score, evaluation.verdicts
    return card.total.score, {
        predicate: rejudge(verdict, card, touched, facts)
        for predicate, verdict in evaluation.verdicts.items()
    }


def _effect(evaluation: Evaluation, reading: Reading) -> Effect:
    score, verdicts = try_reading(evaluation, reading.values, reading.facts)
    return Effect(
        text=reading.text,
        score=score,
        statuses={predicate: verdict.status for predicate, verdict in verdicts.items()},
        turned={
            predicate: tuple(_turned(evaluation.verdicts[predicate], verdict))
            for predicate, verdict in verdicts.items()
        },
    )


def _turned(now: Verdict, then: Verdict) -> Iterable[str]:
    """Yield the ids of the rules and prerequisites that hold otherwise."""
    if now is then:
        return
    for before, after in zip(now.rules, then.rules, strict=True):
        if before.status is not after.status:
            yield before.rule.id
    for one, other in zip(now.prerequisites, then.prerequisites, strict=True):
        if one.status is not other.status:
            yield one.prerequisite.id


def weigh(evaluation: Evaluation, doubts: Iterable[Doubt]) -> tuple[Doubt, ...]:
    """Say of each doubt what its readings would do, and put the strongest first."""
    now = evaluation.card.total.score
    weighed = (
        replace(
            doubt,
            effects=tuple(_effect(evaluation, item) for item in doubt.readings),
            now=now,
        )
        for doubt in doubts
    )
    return order_doubts(weighed, evaluation.target.predicate)


def order_doubts(doubts: Iterable[Doubt], predicate: str) -> tuple[Doubt, ...]:
    """Return the doubts by what they could do to a predicate, the strongest first.

    First those by which it might not be met, then those that turn a rule or prerequisite, then by
    how far the total could move; equal ones stay in their order.
    """
    return tuple(
        sorted(
            doubts,
            key=lambda doubt: (
                not doubt.could_fail(predicate),
                not doubt.is_decisive(predicate),
                -round(doubt.swing, 9),
            ),
        )
    )
