"""Where each activity stands at the end of a month: done, under way, late, without proof or effect.

Only what the table states up to that month counts, so that the end of a quarter can be looked at
again later and shows what was to be seen then.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from math import fsum

from zi_eval.core.assessment import NOT_APPLICABLE, Value
from zi_eval.core.instrument import Instrument, Question
from zi_eval.core.problems import Problem
from zi_eval.core.scoring import value_question
from zi_eval.workplan.plan import MONTHS, QUARTER_ENDS, TOLERANCE, Activity, WorkPlan, area_of

__all__ = [
    "ActivityStanding",
    "AgencyWorkPlans",
    "AreaProgress",
    "Status",
    "WorkPlanStanding",
    "has_effect",
    "monitor",
    "quarter_of",
    "quarters_over",
]


class Status(StrEnum):
    """Where an activity stands at the end of a month."""

    LATE = "terlambat"
    ON_PATH = "sesuai rencana"
    DONE = "selesai"
    NOT_DUE = "belum waktunya"
    UNPLANNED = "tanpa jadwal"


@dataclass(frozen=True, slots=True)
class ActivityStanding:
    """One activity at the end of a month.

    Attributes
    ----------
    planned, reached, whole
        Of the output: what was to be there by then, what is, and what the year is to bring.
    late_since
        The month from which it has been behind without catching up; 0 where it is not late.
    is_unreported
        Whether a month that has a target, of those since it is late, states no realisation at all.
    is_unproven
        Whether something is realised and no proof is named.
    without_effect
        The questions whose answers do not show what the finished activity was to bring.
    """

    item: Activity
    status: Status
    planned: float
    reached: float
    whole: float
    late_since: int = 0
    is_unreported: bool = False
    is_unproven: bool = False
    without_effect: tuple[str, ...] = ()

    @property
    def share(self) -> float:
        """How much of the year's target is realised, 0 to 1; more than was planned counts as 1."""
        return _share(self.reached, self.whole)

    @property
    def needs_action(self) -> bool:
        """Whether it is late, unproven, without effect or without any month."""
        return (
            self.status in (Status.LATE, Status.UNPLANNED)
            or self.is_unproven
            or bool(self.without_effect)
        )


@dataclass(frozen=True, slots=True)
class AreaProgress:
    """The activities of one area together.

    Attributes
    ----------
    planned, reached
        Mean share of the year's targets by month, 0 to 1: what was to be there, and what is; the
        latter ends with the month that is looked at.
    counts
        How many activities have a status.
    """

    id: str
    title: str
    activities: int
    planned: tuple[float, ...]
    reached: tuple[float, ...]
    counts: Mapping[Status, int]


@dataclass(frozen=True)
class WorkPlanStanding:
    """A plan at the end of a month, each activity in the order of the plan."""

    plan: WorkPlan
    month: int
    activities: tuple[ActivityStanding, ...]
    instrument: Instrument

    @cached_property
    def counts(self) -> Mapping[Status, int]:
        """How many activities have a status; those that none has are left out."""
        return _counts(self.activities)

    @cached_property
    def late(self) -> tuple[ActivityStanding, ...]:
        """The late ones, the longest late first."""
        found = (item for item in self.activities if item.status is Status.LATE)
        return tuple(sorted(found, key=lambda item: (item.late_since, item.item.row)))

    @cached_property
    def unproven(self) -> tuple[ActivityStanding, ...]:
        """Those with something realised and no proof."""
        return tuple(item for item in self.activities if item.is_unproven)

    @cached_property
    def without_effect(self) -> tuple[ActivityStanding, ...]:
        """Those done whose answers do not show it."""
        return tuple(item for item in self.activities if item.without_effect)

    @cached_property
    def pressing(self) -> tuple[ActivityStanding, ...]:
        """Those that ask for action: the late ones, the longest late first, then the others."""
        others = (item for item in self.activities if item.needs_action)
        return (*self.late, *(item for item in others if item.status is not Status.LATE))

    @property
    def shares(self) -> tuple[float, float]:
        """Mean share of the year's targets, 0 to 1: planned until the month, and realised."""
        scheduled = [item for item in self.activities if item.whole]
        if not scheduled:
            return 0.0, 0.0
        planned = fsum(_share(item.planned, item.whole) for item in scheduled)
        return planned / len(scheduled), fsum(item.share for item in scheduled) / len(scheduled)

    @cached_property
    def areas(self) -> tuple[AreaProgress, ...]:
        """Progress by area in the instrument's order; an activity counts for its first question."""
        groups: dict[tuple[str, str], list[ActivityStanding]] = {}
        for item in self.activities:
            first = item.item.questions[0] if item.item.questions else ""
            groups.setdefault(area_of(self.instrument, first), []).append(item)
        known = [*self.instrument.areas, *self.instrument.roots]
        order = {getattr(area, "id", area): place for place, area in enumerate(known)}
        found = sorted(groups, key=lambda area: order.get(area[0], len(order)))
        return tuple(self._progress(*area, groups[area]) for area in found)

    @cached_property
    def whole(self) -> AreaProgress:
        """Progress of the plan as a whole."""
        return self._progress("", "Seluruh rencana", self.activities)

    def _progress(
        self, id: str, title: str, items: list[ActivityStanding] | tuple[ActivityStanding, ...]
    ) -> AreaProgress:
        scheduled = [item for item in items if item.whole]
        planned = _means(scheduled, 12, lambda item: item.planned)
        reached = _means(scheduled, self.month, lambda item: item.reached)
        return AreaProgress(id, title, len(items), planned, reached, _counts(items))


@dataclass(frozen=True, slots=True)
class AgencyWorkPlans:
    """All plans of a period that can be read, and what is wrong with any, by unit.

    ``trouble`` says why none can be read at all.
    """

    standings: Mapping[str, WorkPlanStanding] = field(default_factory=dict)
    problems: Mapping[str, tuple[Problem, ...]] = field(default_factory=dict)
    trouble: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether no unit has a plan."""
        return not self.problems and not self.trouble


def _share(part: float, whole: float) -> float:
    return min(part / whole, 1.0) if whole else 0.0


def _means(
    items: list[ActivityStanding], months: int, of: Callable[[Activity], tuple[float, ...]]
) -> tuple[float, ...]:
    rows = [[_share(value, item.whole) for value in of(item.item)] for item in items]
    return tuple(fsum(row[m] for row in rows) / len(rows) for m in range(months)) if rows else ()


def _counts(items: list[ActivityStanding] | tuple[ActivityStanding, ...]) -> Mapping[Status, int]:
    found = [item.status for item in items]
    return {status: found.count(status) for status in Status if status in found}


def quarter_of(month: int) -> int:
    """Return the quarter that a month is in, 0 for none."""
    return (month + 2) // 3


def quarters_over(month: int) -> tuple[int, ...]:
    """Return the last months of the quarters that are over at the end of a month."""
    return tuple(end for end in QUARTER_ENDS if end <= month)


def has_effect(question: Question, given: Value | None, aim: Value | None) -> bool:
    """Whether an answer shows what a finished activity was to bring.

    It does where it is as good as the one aimed at, or, without any, better than the lowest. Of an
    open question nothing is said, nor of one that does not apply.
    """
    if given is None or given is NOT_APPLICABLE:
        return True
    now = value_question(question, given)[0].value
    if now is None:
        return True
    then = None if aim is None else value_question(question, aim)[0].value
    return now > TOLERANCE if then is None else now >= then - TOLERANCE


def _stand(
    item: Activity, month: int, answers: Mapping[str, Value], instrument: Instrument
) -> ActivityStanding:
    planned, reached = item.planned, item.reached
    whole = planned[-1]
    then, now = (planned[month - 1], reached[month - 1]) if month else (0.0, 0.0)
    behind = [reached[m] < planned[m] - TOLERANCE for m in range(month)]
    late_since = 0
    if behind and behind[-1]:
        late_since = month
        while late_since > 1 and behind[late_since - 2]:
            late_since -= 1
    if not whole:
        status = Status.UNPLANNED
    elif now >= whole - TOLERANCE:
        status = Status.DONE
    elif late_since:
        status = Status.LATE
    else:
        status = Status.ON_PATH if then or now else Status.NOT_DUE
    lacking: tuple[str, ...] = ()
    if status is Status.DONE:
        lacking = tuple(
            key
            for key in item.questions
            if not has_effect(instrument.questions[key], answers.get(key), item.aims.get(key))
        )
    since = range(late_since - 1, month) if late_since else ()
    return ActivityStanding(
        item=item,
        status=status,
        planned=then,
        reached=now,
        whole=whole,
        late_since=late_since,
        is_unreported=any(item.targets[m] and item.results[m] is None for m in since),
        is_unproven=now > 0 and not item.evidence,
        without_effect=lacking,
    )


def monitor(
    plan: WorkPlan,
    instrument: Instrument,
    answers: Mapping[str, Value] | None = None,
    month: int | None = None,
) -> WorkPlanStanding:
    """Return how a plan stands at the end of a month.

    Parameters
    ----------
    answers
        Those given in the LKE, by question: what shows whether something finished had an effect.
    month
        1 to 12; by default the last that any activity reports. 0 is before the first.
    """
    until = plan.month if month is None else month
    if until not in (0, *MONTHS):
        raise ValueError(f"no month: {until}")
    items = tuple(_stand(item, until, answers or {}, instrument) for item in plan.activities)
    return WorkPlanStanding(plan, until, items, instrument)
