"""Several periods of an agency: who moved, by how much and why, over the units of both periods.

Means are taken over the units that answered everything in both periods, so that a unit that came,
went or is not done yet moves none of them; those are named apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from zi_eval.core.agency import AgencyEvaluation
from zi_eval.core.evaluation import Evaluation
from zi_eval.core.problems import Problem
from zi_eval.core.verdict import TOLERANCE, Status
from zi_eval.trends.earlier import EarlierAgency, Matching, match_same
from zi_eval.trends.unit import AreaStep, Step, UnitTrends, compose_matchings, step_between

__all__ = ["AgencyStep", "AgencyTrends", "QuestionMoves", "Trends", "agency_trends"]


@dataclass(frozen=True, slots=True)
class QuestionMoves:
    """One question across the units between two periods.

    Attributes
    ----------
    raised, lowered
        How many units gained and lost points by their answer.
    points
        What the changed answers moved, the mean over all units compared.
    """

    id: str
    raised: int
    lowered: int
    points: float


@dataclass(frozen=True, slots=True)
class AgencyStep:
    """An agency between two periods.

    Attributes
    ----------
    steps
        Of each unit in both, in the later period's order.
    compared
        Those with every question answered in both; all of them where there is none such.
    arrived, left
        Ids of the units that only the later, and only the earlier period has.
    before, now, answers, instrument, areas
        Means over ``compared``; ``answers`` and ``instrument`` add up to the difference.
    questions
        Those whose answers moved points, the largest movement first.
    """

    before_period: str
    now_period: str
    steps: tuple[Step, ...]
    compared: tuple[Step, ...]
    arrived: tuple[str, ...]
    left: tuple[str, ...]
    before: float
    now: float
    answers: float
    instrument: float
    areas: tuple[AreaStep, ...]
    questions: tuple[QuestionMoves, ...]

    @property
    def incomplete(self) -> tuple[Step, ...]:
        """The units left out of the means: not every question was answered in both periods."""
        kept = {id(step) for step in self.compared}
        return tuple(step for step in self.steps if id(step) not in kept)

    @property
    def reached(self) -> tuple[Step, ...]:
        """The units that meet their target now and did not then; with bands, a higher one."""
        return tuple(step for step in self.steps if _move(step) > 0)

    @property
    def lost(self) -> tuple[Step, ...]:
        """The units that met their present target then and do not now; with bands, a lower one."""
        return tuple(step for step in self.steps if _move(step) < 0)

    @property
    def changed_by_rules(self) -> tuple[Step, ...]:
        """The units whose verdict would be another by the earlier rules."""
        return tuple(step for step in self.steps if step.verdict.is_changed_by_rules)


@dataclass(frozen=True, slots=True)
class AgencyTrends:
    """Several periods of an agency, oldest first, and the step between each two."""

    evaluations: tuple[AgencyEvaluation, ...]
    steps: tuple[AgencyStep, ...]

    @property
    def last(self) -> AgencyStep:
        """The step to the present period."""
        return self.steps[-1]


@dataclass(frozen=True, slots=True)
class Trends:
    """The periods of a unit or of an agency, whichever is there.

    Attributes
    ----------
    title
        Name of the unit or agency; untrusted text.
    remark
        The agency's line for every report; untrusted text.
    problems
        Why earlier periods were left out.
    """

    title: str
    remark: str = ""
    unit: UnitTrends | None = None
    agency: AgencyTrends | None = None
    problems: tuple[Problem, ...] = ()


def _move(step: Step) -> int:
    """Return 1 where the verdict rose, -1 where it fell, else 0."""
    before, now, rules = step.verdict.before, step.verdict.now, step.now.rules
    if before is None:
        return 0
    if rules.bands:
        order = rules.predicates
        known = before.predicate in order
        places = [order.index(v.predicate) for v in (before, now)] if known else [0, 0]
    else:
        places = [int(v.status is Status.MET) for v in (before, now)]
    return (places[1] > places[0]) - (places[1] < places[0])


def _scored(agency: AgencyEvaluation) -> dict[str, Evaluation]:
    return {
        item.assessment.unit.id: item
        for item in agency.evaluations
        if item.card.total.score is not None
    }


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def _area_means(steps: Sequence[Step]) -> tuple[AreaStep, ...]:
    found: dict[str, list[AreaStep]] = {}
    for step in steps:
        for area in step.areas:
            found.setdefault(area.id, []).append(area)
    return tuple(
        AreaStep(
            key,
            areas[0].title,
            _mean([area.before for area in areas]),
            _mean([area.now for area in areas]),
            areas[0].before_weight,
            areas[0].now_weight,
            sum(area.answers for area in areas) / len(steps),
            sum(area.instrument for area in areas) / len(steps),
        )
        for key, areas in found.items()
    )


def _question_moves(steps: Sequence[Step]) -> tuple[QuestionMoves, ...]:
    moved: dict[str, list[float]] = {}
    for step in steps:
        for item in step.questions:
            if abs(item.answers) > TOLERANCE:
                moved.setdefault(item.name, []).append(item.answers)
    moves = [
        QuestionMoves(
            key,
            sum(value > 0 for value in values),
            sum(value < 0 for value in values),
            sum(values) / len(steps),
        )
        for key, values in moved.items()
    ]
    return tuple(sorted(moves, key=lambda item: (-abs(round(item.points, 12)), item.id)))


def _step(before: AgencyEvaluation, now: AgencyEvaluation, matching: Matching) -> AgencyStep | None:
    then, today = _scored(before), _scored(now)
    steps = tuple(
        step_between(then[key], item, matching) for key, item in today.items() if key in then
    )
    if not steps:
        return None
    complete = tuple(step for step in steps if _is_complete(step))
    compared = complete or steps
    count = len(compared)
    return AgencyStep(
        before_period=before.period,
        now_period=now.period,
        steps=steps,
        compared=compared,
        arrived=tuple(key for key in today if key not in then),
        left=tuple(key for key in then if key not in today),
        before=sum(step.before.card.total.score or 0.0 for step in compared) / count,
        now=sum(step.now.card.total.score or 0.0 for step in compared) / count,
        answers=sum(step.answers for step in compared) / count,
        instrument=sum(step.instrument for step in compared) / count,
        areas=_area_means(compared),
        questions=_question_moves(compared),
    )


def _is_complete(step: Step) -> bool:
    return step.before.card.is_complete and step.now.card.is_complete


def agency_trends(now: AgencyEvaluation, earlier: Sequence[EarlierAgency]) -> AgencyTrends | None:
    """Compare the periods of an agency; None where no unit is in two of them.

    Parameters
    ----------
    earlier
        Oldest first, matched with ``now``.
    """
    if not earlier:
        return None
    steps: list[AgencyStep] = []
    seen: list[AgencyEvaluation] = []
    for item, after in zip(earlier, [*earlier[1:], None], strict=True):
        later, matching = (now, item.matching) if after is None else _pair(item, after)
        step = _step(item.evaluation, later, matching)
        if step is not None:
            steps.append(step)
            seen.append(item.evaluation)
    return AgencyTrends((*seen, now), tuple(steps)) if steps else None


def _pair(item: EarlierAgency, after: EarlierAgency) -> tuple[AgencyEvaluation, Matching]:
    first, second = item.evaluation.instrument, after.evaluation.instrument
    if first.id == second.id:
        return after.evaluation, match_same(first, second)
    return after.evaluation, compose_matchings(item.matching, after.matching)
