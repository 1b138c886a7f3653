"""Plan and realisation of a unit: its indicators by quarter, and how quarters make a year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from math import fsum

from zi_eval.core.text import figure_text

__all__ = [
    "QUARTERS",
    "TOLERANCE",
    "Accrual",
    "Direction",
    "Indicator",
    "Kind",
    "Plan",
    "PlanFinding",
    "Quarters",
    "figure_text",
    "rough_text",
]

QUARTERS = (1, 2, 3, 4)
TOLERANCE = 1e-9
"""Relative: a target met exactly is met, whatever its unit of measure."""

Quarters = tuple[float | None, float | None, float | None, float | None]
"""TW I to TW IV; None is not stated, which is not zero."""


def rough_text(number: float) -> str:
    """Write an estimate with no more decimals than it deserves.

    Examples
    --------
    >>> rough_text(7307.46), rough_text(91.44), rough_text(0.347)
    ('7.307', '91,4', '0,35')
    """
    size = abs(number)
    return figure_text(round(number, 0 if size >= 100 else 1 if size >= 1 else 2))


class Direction(StrEnum):
    """Which way an indicator is better: higher, lower, or held at its target."""

    UP = "naik"
    DOWN = "turun"
    HOLD = "tetap"


class Accrual(StrEnum):
    """How quarters make a year: added up, averaged, or the last one stands.

    Each quarter states itself alone, also where quarters are added up: no running totals.
    """

    SUM = "kumulatif"
    MEAN = "rata-rata"
    LAST = "posisi akhir"


class Kind(StrEnum):
    """Whether an indicator shows a result for people (outcome) or only work done (output)."""

    OUTCOME = "outcome"
    OUTPUT = "output"


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """One indicator of a unit's performance agreement. All texts are untrusted.

    Attributes
    ----------
    goal, name, formula, unit_of_measure
        Sasaran, indikator, how it is computed, satuan.
    is_key
        Whether it is one of the main indicators (IKU), which the question on achievement is about.
    targets, results
        By quarter, each quarter for itself.
    annual_target
        The year's target as stated; None where it follows from the quarters.
    earlier_results, earlier_targets
        Of earlier years, by year.
    renstra_target, national
        The end target of the Renstra and the national standard, None where there is none.
    ceiling, spent
        Pagu and what was spent so far, in rupiah.
    renstra_goal, action, individual
        Where the indicator hangs in the chain: goal of the Renstra, action plan, individual goal.
    owner, cause, follow_up, due
        Who answers for it, why it deviates, what is done about it, and until when.
    row
        Row of the file it stands in, for messages.
    """

    goal: str
    name: str
    unit_of_measure: str = ""
    formula: str = ""
    kind: Kind = Kind.OUTCOME
    direction: Direction = Direction.UP
    accrual: Accrual = Accrual.LAST
    is_key: bool = True
    targets: Quarters = (None, None, None, None)
    results: Quarters = (None, None, None, None)
    annual_target: float | None = None
    earlier_results: Mapping[int, float] = field(default_factory=dict)
    earlier_targets: Mapping[int, float] = field(default_factory=dict)
    renstra_target: float | None = None
    national: float | None = None
    ceiling: float | None = None
    spent: float | None = None
    renstra_goal: str = ""
    action: str = ""
    individual: str = ""
    owner: str = ""
    cause: str = ""
    follow_up: str = ""
    due: date | None = None
    evidence: str = ""
    row: int = 0

    @property
    def measured(self) -> tuple[int, ...]:
        """The quarters in which it is to be measured: those with a target, or all without any."""
        planned = tuple(q for q in QUARTERS if self.targets[q - 1] is not None)
        return planned or QUARTERS

    @property
    def year_target(self) -> float | None:
        """The target of the year: as stated, else as the quarters make it."""
        if self.annual_target is not None:
            return self.annual_target
        return self.target_until(4)

    @property
    def last_reported(self) -> int:
        """The last quarter with a result, 0 where there is none."""
        return max((q for q in QUARTERS if self.results[q - 1] is not None), default=0)

    def target_until(self, quarter: int) -> float | None:
        """Return the planned value from TW I to ``quarter``; None where nothing is planned yet."""
        return _accrue(self.accrual, [self.targets[q - 1] for q in QUARTERS[:quarter]])

    def result_until(self, quarter: int) -> float | None:
        """Return the result from TW I to ``quarter``.

        None where a quarter in which it was to be measured is not reported: a sum or mean with a
        hole is no result. Of a position, only the last quarter to be measured has to be there.
        """
        wanted = [q for q in self.measured if q <= quarter]
        if self.accrual is Accrual.LAST:
            wanted = wanted[-1:]
        if any(self.results[q - 1] is None for q in wanted):
            return None
        return _accrue(self.accrual, [self.results[q - 1] for q in QUARTERS[:quarter]])

    def last_year(self, year: int) -> float | None:
        """Return the result of the year before ``year``."""
        return self.earlier_results.get(year - 1)


def _accrue(accrual: Accrual, values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    if not known:
        return None
    if accrual is Accrual.SUM:
        return fsum(known)
    return fsum(known) / len(known) if accrual is Accrual.MEAN else known[-1]


@dataclass(frozen=True, slots=True)
class Plan:
    """The performance agreement of one unit in one year, with its results so far.

    Attributes
    ----------
    kind
        The kind of unit (``jenis``): units of the same kind are peers.
    """

    unit: str
    name: str
    year: int
    indicators: tuple[Indicator, ...]
    kind: str = ""

    @property
    def quarter(self) -> int:
        """The last quarter any indicator reports, 0 where none does."""
        return max((item.last_reported for item in self.indicators), default=0)

    @property
    def goals(self) -> Mapping[str, tuple[int, ...]]:
        """The places of the indicators of each sasaran, in the order of the file."""
        goals: dict[str, list[int]] = {}
        for place, item in enumerate(self.indicators):
            goals.setdefault(item.goal, []).append(place)
        return {goal: tuple(places) for goal, places in goals.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFinding:
    """Something the figures show, and what to check; it says nothing about people.

    Attributes
    ----------
    code
        Stable name of the kind of finding.
    place
        Place of the indicator in the plan, None where it is about the unit.
    seen, check
        Indonesian sentences: what was seen, and what to check or do.
    """

    code: str
    place: int | None
    seen: str
    check: str
