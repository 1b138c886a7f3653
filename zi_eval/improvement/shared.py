"""Which single step up helps most units of an agency."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from zi_eval.core.agency import AgencyEvaluation
from zi_eval.core.evaluation import Evaluation
from zi_eval.core.instrument import Question
from zi_eval.core.verdict import TOLERANCE, Verdict
from zi_eval.improvement.options import Step, steps_up

__all__ = ["SharedStep", "SharedSteps", "shared_steps"]


@dataclass(frozen=True, slots=True)
class SharedStep:
    """One step up on one question, over all units that miss a rule.

    Attributes
    ----------
    units
        Ids of the units it helps: it counts in a rule that they miss.
    alone
        Ids of those where a missed rule is reached by it alone.
    points
        What the total of a unit rises by, on average.
    change
        The step that most of them take, e.g. ``C → B``; empty where it is no step between options.
    """

    question: Question
    units: tuple[str, ...]
    alone: tuple[str, ...]
    points: float
    change: str


@dataclass(frozen=True, slots=True)
class SharedSteps:
    """The steps that units of an agency share.

    Attributes
    ----------
    units
        Ids of the units that have answered and miss a rule of the predicate they aim at.
    steps
        Every step that helps one of them: those that help most units first, then by points.
    """

    units: tuple[str, ...]
    steps: tuple[SharedStep, ...]


@dataclass(slots=True)
class _Sum:
    """What is collected of one question while the units go by."""

    question: Question
    units: list[str] = field(default_factory=list)
    alone: list[str] = field(default_factory=list)
    points: float = 0.0
    changes: Counter[str] = field(default_factory=Counter)

    def add(self, unit: str, step: Step, missing: Mapping[str, float]) -> None:
        """Count the step of a unit; ``missing`` is what it is short of, by rule."""
        self.units.append(unit)
        self.points += step.points
        if any(step.points >= missing[rule] - TOLERANCE for rule in step.helps):
            self.alone.append(unit)
        if step.then is not None:
            self.changes[f"{step.now} → {step.then}"] += 1


def _goal(evaluation: Evaluation) -> Verdict | None:
    """Return what the unit builds for; where bands give the predicate, the next one up."""
    return evaluation.next_up if evaluation.rules.bands else evaluation.target


def _units(agency: AgencyEvaluation) -> list[Evaluation]:
    found = []
    for item in agency.evaluations:
        goal = _goal(item)
        if goal is not None and goal.failed_rules and item.card.total.answered:
            found.append(item)
    return found


def shared_steps(agency: AgencyEvaluation) -> SharedSteps:
    """Return the steps that the units share, at the stage reported."""
    instrument = agency.instrument
    sums: dict[str, _Sum] = {}
    units = _units(agency)
    for item in units:
        goal = _goal(item)
        failed = goal.failed_rules if goal is not None else ()
        missing = {outcome.rule.id: outcome.need - (outcome.got or 0.0) for outcome in failed}
        for step in steps_up(item, [outcome.rule for outcome in failed]):
            if step.helps:
                key = step.question.id
                held = sums.setdefault(key, _Sum(instrument.questions[key]))
                held.add(item.assessment.unit.id, step, missing)
    steps = [
        SharedStep(
            held.question,
            tuple(held.units),
            tuple(held.alone),
            held.points / len(held.units),
            held.changes.most_common(1)[0][0] if held.changes else "",
        )
        for held in sums.values()
    ]
    steps.sort(key=lambda s: (-len(s.units), -len(s.alone), -s.points))
    return SharedSteps(tuple(item.assessment.unit.id for item in units), tuple(steps))
