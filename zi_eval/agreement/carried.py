"""What this year's units would lose if the TPN reads the same answers as it did last year.

Where the TPN lowered an answer that the TPI gave, the same answer of another unit at the TPI's
stage is taken to be worth what the TPN's answers to it were worth on average. It is no forecast of
what the TPN will decide: it says which answers rest on a reading that the TPN did not share.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from zi_eval.agreement.calibration import Calibration
from zi_eval.core.assessment import Answer, Assessment, Stage, Value
from zi_eval.core.evaluation import Evaluation
from zi_eval.core.instrument import Instrument
from zi_eval.core.scoring import rescore, value_question
from zi_eval.core.verdict import TOLERANCE, Status, rejudge

__all__ = ["Carried", "NationalAgreement", "Reading", "carry_over", "find_readings"]


@dataclass(frozen=True, slots=True)
class Reading:
    """How the TPN read an answer that the TPI gave.

    Attributes
    ----------
    value
        What the TPN's answers were worth on average, from 0 to 1: less than the TPI's.
    count
        Of how many answers.
    """

    value: float
    count: int


@dataclass(frozen=True, slots=True)
class Carried:
    """One unit with its answers read as the TPN read the same ones.

    Attributes
    ----------
    questions
        Those whose answers are read lower, in official order, with how often the TPN did so.
    now, then
        The total in points.
    status_now, status_then
        The verdict on its target by answers and facts.
    """

    unit: str
    questions: tuple[tuple[str, int], ...]
    now: float
    then: float
    status_now: Status
    status_then: Status

    @property
    def is_turned(self) -> bool:
        """Whether its verdict would be another."""
        return self.status_now is not self.status_then


@dataclass(frozen=True, slots=True)
class NationalAgreement:
    """How far TPI and TPN agree, and what that would mean for this year's units.

    Attributes
    ----------
    period
        The period in which the TPN answered.
    calibration
        TPI and TPN compared over its units.
    carried
        The units of the present period that the TPN has not answered, the largest loss first.
    """

    period: str
    calibration: Calibration
    carried: tuple[Carried, ...] = ()


Readings = Mapping[tuple[str, Value], Reading]


def find_readings(instrument: Instrument, assessments: Iterable[Assessment]) -> Readings:
    """Return how the TPN read the TPI's answers, by question and answer: only what it lowered."""
    worth: dict[tuple[str, Value], list[float]] = {}
    for item in assessments:
        for key, answer in item.answers.items():
            if answer.tpi is None or answer.tpn is None or key not in instrument.questions:
                continue
            value = value_question(instrument.questions[key], answer.tpn)[0].value
            if value is not None:
                worth.setdefault((key, answer.tpi), []).append(value)
    found = {}
    for (key, given), values in worth.items():
        before = value_question(instrument.questions[key], given)[0].value
        mean = sum(values) / len(values)
        if before is not None and mean < before - TOLERANCE:
            found[key, given] = Reading(mean, len(values))
    return found


def carry_over(
    evaluations: Iterable[Evaluation], instrument: Instrument, readings: Readings
) -> tuple[Carried, ...]:
    """Return the units that would lose by these readings, the largest loss first.

    A unit that the TPN itself has answered is left out, and so is another instrument's. Numbers
    (counts, indices) are read lower only where they are the same: they differ from unit to unit.
    """
    found = [
        carried
        for item in evaluations
        if item.instrument.id == instrument.id and not item.assessment.judged_by(Stage.TPN)
        if (carried := _carry(item, readings)) is not None
    ]
    return tuple(sorted(found, key=lambda item: (item.then - item.now, item.unit)))


def _carry(evaluation: Evaluation, readings: Readings) -> Carried | None:
    lowered: dict[str, Reading] = {}
    for key in evaluation.card.values:
        given = evaluation.assessment.answers.get(key, Answer()).value(evaluation.stage)
        if given is not None and (reading := readings.get((key, given))) is not None:
            lowered[key] = reading
    now, verdict = evaluation.card.total.score, evaluation.target
    if not lowered or now is None:
        return None
    values = {key: reading.value for key, reading in lowered.items()}
    card, touched = rescore(evaluation.instrument, evaluation.card, values)
    then = rejudge(verdict, card, touched, {})
    return Carried(
        evaluation.assessment.unit.id,
        tuple((key, reading.count) for key, reading in lowered.items()),
        now,
        card.total.score or 0.0,
        verdict.status,
        then.status if then.status is not Status.MET else verdict.status,  # never greener
    )
