"""One step more on each question: what it adds to the total, and which missed rules it helps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from zi_eval.core.assessment import Value
from zi_eval.core.evaluation import Evaluation
from zi_eval.core.instrument import Question, parent_id

__all__ = ["Step", "steps_up"]


@dataclass(frozen=True, slots=True)
class Step:
    """One step up on a question.

    Attributes
    ----------
    now
        The present answer.
    then
        The next better option of a choice; None for a ratio, which is meant to come to its full
        value.
    value, gain
        The present value of the question, and what it rises by, of 1.
    points
        What the total rises by, as the score stands.
    helps
        Ids of the rules of the target that are not reached and count this question.
    """

    question: Question
    now: Value | None
    then: str | None
    value: float
    gain: float
    points: float
    helps: tuple[str, ...]


def steps_up(
    evaluation: Evaluation, questions: Sequence[tuple[str, frozenset[str]]] | None = None
) -> Iterator[Step]:
    """Yield every answered question that can rise, in official order.

    Survey indices are left out: nobody can choose them.

    Parameters
    ----------
    questions
        The ids of the target's missed rules, each with the questions it counts, where they are
        known already; by default they are looked up.
    """
    instrument, card = evaluation.instrument, evaluation.card
    missed = questions
    if missed is None:
        rules = (outcome.rule for outcome in evaluation.target.failed_rules)
        missed = [(rule.id, frozenset(instrument.questions_of(rule.nodes))) for rule in rules]
    for question in instrument.questions.values():
        value = card.values[question.id]
        if value.value is None or value.value >= 1 or question.scale.kind == "index":
            continue
        then, gain = None, 1 - value.value
        if question.scale.kind == "choice":
            codes = list(question.scale.values)
            then = codes[codes.index(str(value.answer)) - 1]
            gain = question.scale.values[then] - value.value
        above = parent_id(question.id)
        points = gain
        if question.weight is not None:
            points = gain * question.weight
        elif above is not None:
            points = gain / card.nodes[above].answered * instrument.nodes[above].weight
        helps = tuple(rule for rule, inside in missed if question.id in inside)
        yield Step(question, value.answer, then, value.value, gain, points, helps)
