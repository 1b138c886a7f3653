"""What a plan brings to the score once it is done, and what it leaves untouched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from zi_eval.core.assessment import NOT_APPLICABLE, Answer, Value
from zi_eval.core.evaluation import Evaluation, evaluate
from zi_eval.core.instrument import Question
from zi_eval.core.scoring import value_question
from zi_eval.workplan.plan import TOLERANCE, WorkPlan

__all__ = ["Forecast", "Gain", "Gap", "find_gaps", "forecast_plan"]


@dataclass(frozen=True, slots=True)
class Gain:
    """A question whose answer rises once the activities that are for it are done.

    Attributes
    ----------
    places
        The activities, by their place in the plan.
    """

    question: Question
    now: Value | None
    then: Value
    places: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Forecast:
    """The unit as it is, and as it would be with every answer that the plan aims at.

    Attributes
    ----------
    now, then
        The evaluations. ``then`` holds what no activity is for as it stands.
    without_aim
        How many activities name questions but no answer: they bring nothing here.
    """

    now: Evaluation
    then: Evaluation
    gains: tuple[Gain, ...]
    without_aim: int

    @property
    def points(self) -> float | None:
        """How much the total rises; None while nothing is answered."""
        before, after = self.now.card.total.score, self.then.card.total.score
        return None if before is None or after is None else after - before


@dataclass(frozen=True, slots=True)
class Gap:
    """A question whose answer is not the best and that no activity is for."""

    question: Question
    given: Value | None
    points: float


def _worth(question: Question, value: Value | None) -> float:
    return value_question(question, value)[0].value or 0.0


def forecast_plan(plan: WorkPlan, evaluation: Evaluation) -> Forecast:
    """Return what the answers that a plan aims at would make of an evaluation.

    Of several aims at one question the highest counts; an answer never falls. What the TPI has
    answered is replaced at its stage as the unit's is at its own: a forecast promises nothing.
    """
    aims: dict[str, Value] = {}
    questions = evaluation.instrument.questions
    for item in plan.activities:
        for key, aim in item.aims.items():
            if key not in aims or _worth(questions[key], aim) > _worth(questions[key], aims[key]):
                aims[key] = aim
    answers = dict(evaluation.assessment.answers)
    gains = []
    for key in (key for key in questions if key in aims):
        question, answer = questions[key], answers.get(key, Answer())
        now = answer.value(evaluation.stage)
        is_risen = _worth(question, aims[key]) > _worth(question, now) + TOLERANCE
        if now is NOT_APPLICABLE or not (now is None or is_risen):
            continue
        answers[key] = answer.answered(evaluation.stage, aims[key])
        gains.append(Gain(question, now, aims[key], plan.by_question[key]))
    then = evaluate(
        evaluation.instrument,
        evaluation.rules,
        replace(evaluation.assessment, answers=answers),
        evaluation.agency,
        evaluation.stage,
    )
    silent = sum(bool(item.questions) and not item.aims for item in plan.activities)
    return Forecast(evaluation, then, tuple(gains), silent)


def find_gaps(
    plan: WorkPlan, evaluation: Evaluation, answers: Mapping[str, Value]
) -> tuple[Gap, ...]:
    """Return the questions that ask for activities which do not exist, by points to be gained.

    Left out are what counts the past, which no activity changes, and what does not apply.
    """
    instrument = evaluation.instrument
    points, served = instrument.question_points(), plan.by_question
    found = []
    for key, question in instrument.questions.items():
        given = answers.get(key)
        if key in served or question.is_past or given is NOT_APPLICABLE:
            continue
        gain = (1 - min(_worth(question, given), 1.0)) * points[key]
        if gain > TOLERANCE:
            found.append(Gap(question, given, gain))
    return tuple(sorted(found, key=lambda gap: -gap.points))
