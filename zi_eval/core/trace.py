"""How each figure came about: which answers, weights and rule gave it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from zi_eval.core.assessment import NOT_APPLICABLE
from zi_eval.core.instrument import Instrument, Share
from zi_eval.core.scoring import Scorecard

__all__ = ["Trace", "trace_score"]

Operation = Literal["sum", "mean", "choice", "index", "share", "decrease", "no object", "open"]


@dataclass(frozen=True, slots=True)
class Trace:
    """One figure and what it was computed from.

    Attributes
    ----------
    operation
        ``sum`` of the parts; ``mean`` of the answered parts times ``weight``; of a question:
        ``choice``, ``index``, ``share`` or ``decrease`` of ``numbers``, times ``weight`` where
        it has one; ``no object``; ``open``.
    numbers
        ``choice``: its value; ``index``: number and top; ``share``: part, whole; ``decrease``:
        before, after.
    left_out
        Ids of parts that are open and therefore not in a mean or sum.
    """

    id: str
    operation: Operation
    result: float | None
    weight: float | None = None
    numbers: tuple[float, ...] = ()
    answer: str = ""
    parts: tuple[Trace, ...] = field(default=(), repr=False)
    left_out: tuple[str, ...] = field(default=(), repr=False)


def _trace_question(instrument: Instrument, card: Scorecard, identifier: str) -> Trace:
    question, value = instrument.questions[identifier], card.values[identifier]
    result, answer = card.nodes[identifier].score, value.answer
    if value.value is None:
        return Trace(identifier, "open", None, question.weight)
    if answer is NOT_APPLICABLE or value.remark:
        return Trace(identifier, "no object", result, question.weight, (value.value,))
    if isinstance(answer, str):
        return Trace(identifier, "choice", result, question.weight, (value.value,), answer)
    if isinstance(answer, tuple):
        rule = question.rule
        pair = (rule.part, rule.whole) if isinstance(rule, Share) else None
        if pair is None and rule is not None and not isinstance(rule, Share):
            pair = (rule.before, rule.after)
        numbers = tuple(value.inputs[number - 1] or 0.0 for number in pair or ())
        operation: Operation = "share" if isinstance(rule, Share) else "decrease"
        return Trace(identifier, operation, result, question.weight, numbers)
    assert isinstance(answer, (int, float))
    return Trace(identifier, "index", result, question.weight, (float(answer), question.scale.top))


def trace_score(instrument: Instrument, card: Scorecard, identifier: str) -> Trace:
    """Explain the score of a node or question down to the answers.

    Raises
    ------
    KeyError
        Where the instrument has no such id.
    """
    if identifier in instrument.questions:
        return _trace_question(instrument, card, identifier)
    children = instrument.roots if identifier == "total" else instrument.children[identifier]
    parts = tuple(trace_score(instrument, card, child) for child in children)
    is_mean = identifier != "total" and instrument.is_mean(identifier)
    score = card.total if identifier == "total" else card.nodes[identifier]
    return Trace(
        identifier,
        "mean" if is_mean else "sum",
        score.score,
        score.weight,
        parts=tuple(part for part in parts if part.result is not None),
        left_out=tuple(part.id for part in parts if part.result is None),
    )
