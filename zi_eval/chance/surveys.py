"""Answers that a survey gives: what they are drawn around, and whether any draw could matter."""

from __future__ import annotations

from dataclasses import dataclass
from math import isclose
from statistics import NormalDist
from typing import TYPE_CHECKING

from zi_eval.core.evaluation import Evaluation
from zi_eval.core.scoring import rescore
from zi_eval.core.verdict import Status, rejudge

if TYPE_CHECKING:  # surveys bring NumPy along, which a unit without any does not need
    from zi_eval.survey.unit import UnitSurveys

__all__ = ["TAIL", "SurveyDraw", "cannot_fail", "find_survey_draws", "inv_cdf", "is_settled"]

WIDTH_95 = 2 * 1.959963984540054
"""Of the interval that holds 95 % of a normal distribution, in standard deviations."""
TAIL = 1e-7
"""The share of the normal distribution that is cut at either end."""
# The quantiles of the standard library: importing SciPy's takes ten times as long as all draws.
inv_cdf = NormalDist().inv_cdf


@dataclass(frozen=True, slots=True)
class SurveyDraw:
    """An index answer that is the survey's, drawn around ``mean``; ``low`` to ``high`` is 95 %."""

    question: str
    mean: float
    low: float
    high: float

    @property
    def deviation(self) -> float:
        """Of the normal distribution with the width of the interval."""
        return (self.high - self.low) / WIDTH_95


def find_survey_draws(
    evaluation: Evaluation, surveys: UnitSurveys | None
) -> tuple[SurveyDraw, ...]:
    """Return the index answers that are just what a survey proposes, with its interval."""
    found: dict[str, SurveyDraw] = {}
    proposed = {
        (item.source, item.question): item.answer for item in (surveys.proposals if surveys else ())
    }
    for result in surveys.results if surveys else ():
        key = result.survey.lke_question
        question = evaluation.instrument.questions.get(key or "")
        if not key or question is None or question.scale.kind != "index":
            continue
        if result.interval is None or result.index is None:
            continue
        given, answer = evaluation.card.values[key].answer, proposed.get((result.data.source, key))
        if (
            isinstance(given, (int, float))
            and isinstance(answer, float)
            and isclose(given, answer, abs_tol=1e-6)
        ):
            found[key] = SurveyDraw(key, result.index, result.interval.low, result.interval.high)
    return tuple(found.values())


def is_settled(evaluation: Evaluation, question: str) -> bool:
    """Whether an answer stands: an evaluator gave it, or the evaluation is final."""
    if not evaluation.stage.is_evaluated:
        return False
    source = evaluation.card.values[question].source
    return evaluation.assessment.final is not None or (source is not None and source.is_evaluated)


def cannot_fail(evaluation: Evaluation, surveys: UnitSurveys | None) -> bool:
    """Whether every end that could be drawn reaches the target's minima.

    Where only the indices of surveys are uncertain the lowest that can be drawn of each say so,
    and nothing needs to be drawn.
    """
    drawn = find_survey_draws(evaluation, surveys)
    by_survey = {item.question for item in drawn}
    for key, value in evaluation.card.values.items():
        if key not in by_survey and (value.value is None or not is_settled(evaluation, key)):
            return False
    questions, lowest = evaluation.instrument.questions, inv_cdf(TAIL)
    worst = {
        item.question: min(
            max((item.mean + item.deviation * lowest) / questions[item.question].scale.top, 0.0),
            1.0,
        )
        for item in drawn
    }
    card, touched = rescore(evaluation.instrument, evaluation.card, worst)
    verdict = rejudge(evaluation.target, card, touched, {})
    return all(outcome.status is Status.MET for outcome in verdict.rules)
