"""What a calibration meeting talks about: where two who answered differ, and by which answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from zi_eval.agreement.kappa import (
    EQUAL,
    Agreement,
    GroupAgreement,
    Pairs,
    compare_pairs,
    discussion_order,
    pair_answers,
    pair_stages,
)
from zi_eval.agreement.outliers import Funnel, compare_evaluators, funnel_limits
from zi_eval.core.agency import AgencyEvaluation
from zi_eval.core.assessment import Answer, Assessment, Stage, Value
from zi_eval.core.instrument import Instrument

__all__ = [
    "Calibration",
    "Difference",
    "calibrate_agency",
    "calibrate_evaluators",
    "calibrate_stages",
]


@dataclass(frozen=True, slots=True)
class Difference:
    """One answer that the second gave differently.

    Attributes
    ----------
    change
        Of the official value, from -1 to 1.
    note
        The second's note; untrusted text.
    """

    unit: str
    first: Value
    second: Value
    change: float
    note: str = ""


@dataclass(frozen=True, slots=True)
class Calibration:
    """Two answer series compared over the units of a period.

    Attributes
    ----------
    first, second
        Who answered; untrusted text where they are people.
    names
        Name of each unit by id; untrusted text.
    agreement
        By question, area and unit.
    order
        The questions to discuss, the most important first.
    differences
        The differing answers of each of them, the largest first.
    units
        The units against what is usual among them.
    evaluators, evaluator_points
        Those who gave the second answers, where a journal says who, and the points each changes of
        a total for every ten answers.
    """

    instrument: Instrument
    first: str
    second: str
    names: Mapping[str, str]
    agreement: Agreement
    order: tuple[GroupAgreement, ...]
    differences: Mapping[str, tuple[Difference, ...]]
    units: Funnel
    evaluators: Funnel | None = None
    evaluator_points: Mapping[str, float] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether no answer was given by both."""
        return self.agreement.total.pairs == 0


AnswerOf = Callable[[str, str], tuple[Value | None, Value | None, str]]
"""Gives both answers of a unit to a question, and the second's note."""


def _calibrate(
    instrument: Instrument,
    pairs: Pairs,
    answer_of: AnswerOf,
    names: Mapping[str, str],
    who: tuple[str, str],
    evaluators: Mapping[tuple[str, str], str],
) -> Calibration:
    agreement = compare_pairs(instrument, pairs)
    order = discussion_order(agreement)
    columns = {question: column for column, question in enumerate(pairs.questions)}
    differences: dict[str, tuple[Difference, ...]] = {}
    for item in order:
        change = (pairs.second - pairs.first)[:, columns[item.id]]
        found = []
        for unit, moved in zip(pairs.units, change.tolist(), strict=True):
            if not abs(moved) > EQUAL:
                continue
            first, second, note = answer_of(unit, item.id)
            if first is not None and second is not None:
                found.append(Difference(unit, first, second, moved, note))
        differences[item.id] = tuple(sorted(found, key=lambda d: -abs(d.change)))
    found_by, points = compare_evaluators(instrument, pairs, evaluators)
    return Calibration(
        instrument,
        *who,
        names,
        agreement,
        order,
        differences,
        funnel_limits([(u.id, u.raised + u.lowered, u.pairs) for u in agreement.units]),
        found_by if found_by.members else None,
        points,
    )


def calibrate_stages(
    instrument: Instrument,
    assessments: Sequence[Assessment],
    evaluators: Mapping[tuple[str, str], str] | None = None,
    stage: Stage = Stage.TPI,
) -> Calibration:
    """Compare the answers of a stage with those of the stage before: unit and TPI, TPI and TPN.

    Parameters
    ----------
    evaluators
        Who gave the stage's answer, by (unit, question), as far as it is known.
    """
    if stage is Stage.TPN:  # it answers for the units proposed alone; the others do not wait
        assessments = [item for item in assessments if item.judged_by(stage)]
    answers = {item.unit.id: item.answers for item in assessments}

    def answer_of(unit: str, question: str) -> tuple[Value | None, Value | None, str]:
        given = answers[unit].get(question, Answer())
        return given.given(stage.before), given.given(stage), given.note_of(stage)

    names = {item.unit.id: item.unit.name or item.unit.id for item in assessments}
    pairs = pair_stages(instrument, assessments, stage)
    who = (stage.before.by, stage.by)
    return _calibrate(instrument, pairs, answer_of, names, who, evaluators or {})


def calibrate_agency(agency: AgencyEvaluation, stage: Stage = Stage.TPI) -> Calibration | None:
    """Compare a stage with the one before; None where both gave no answer in common."""
    units = [item.assessment for item in agency.evaluations]
    if not any(unit.judged_by(stage) for unit in units):
        return None
    found = calibrate_stages(agency.instrument, units, stage=stage)
    return None if found.is_empty else found


def calibrate_evaluators(
    instrument: Instrument,
    first: Mapping[str, Mapping[str, Value | None]],
    second: Mapping[str, Mapping[str, Value | None]],
    who: tuple[str, str],
    names: Mapping[str, str],
) -> Calibration:
    """Compare two evaluators on the units that both answered, by unit and question."""
    pairs = pair_answers(instrument, first, second)

    def answer_of(unit: str, question: str) -> tuple[Value | None, Value | None, str]:
        return first[unit].get(question), second[unit].get(question), ""

    return _calibrate(instrument, pairs, answer_of, names, who, {})
