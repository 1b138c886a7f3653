"""A recommendation and what became of it, and the register of one unit over its periods."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final

from zi_eval.core.problems import Problem
from zi_eval.core.text import fold

__all__ = [
    "AGENCY",
    "AUDIT",
    "FACT",
    "YEAR",
    "FollowedUp",
    "Origin",
    "Recommendation",
    "Register",
    "Status",
    "carry_over",
]

AGENCY: Final = "instansi"
"""The name of the table of what was recommended to the agency itself."""
FACT: Final = "tindak_lanjut"
"""The prerequisite that the follow-up of audit findings answers (PermenPANRB 90/2021, Table 5)."""
YEAR: Final = 365
"""Days after which an open recommendation is called old."""


class Origin(StrEnum):
    """Who recommended it, by the document it stands in."""

    LHE = "LHE"
    TPI = "TPI"
    TPN = "TPN"
    APIP = "APIP"
    BPK = "BPK"
    OTHER = "lainnya"


AUDIT: Final = frozenset({Origin.APIP, Origin.BPK})
"""Whose findings the prerequisite :data:`FACT` asks about."""


EVALUATIONS: Final = frozenset({Origin.LHE, Origin.TPI, Origin.TPN})
"""Whose recommendations the next LHE reports on."""


class Status(StrEnum):
    """What became of it: the four states in which auditors follow findings up."""

    OPEN = "belum"
    STARTED = "proses"
    DONE = "selesai"
    VOID = "tidak dapat ditindaklanjuti"

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done; what cannot be followed up is not open."""
        return self in (Status.OPEN, Status.STARTED)


@dataclass(frozen=True, slots=True)
class Recommendation:
    """One recommendation as it stands; texts are untrusted.

    Attributes
    ----------
    number
        Its number; with its origin it tells it from the others of the unit.
    questions
        Ids of the questions of the LKE that it is about; may be empty.
    issued, due
        When it was given and until when it is to be followed up, where stated.
    action, proof
        What was done, and the links or files that show it.
    verified_by, verified_on
        Who looked at the proof, and when.
    period, since
        The period whose table has this state, and the first one whose table has it.
    row
        1-based, in the table of ``period``.
    """

    number: str
    origin: Origin
    text: str
    questions: tuple[str, ...] = ()
    issued: date | None = None
    owner: str = ""
    due: date | None = None
    status: Status = Status.OPEN
    action: str = ""
    proof: str = ""
    verified_by: str = ""
    verified_on: date | None = None
    note: str = ""
    period: str = ""
    since: str = ""
    row: int = 0

    @property
    def key(self) -> str:
        """By what it is found again in another row or another period."""
        return f"{self.origin.value} {fold(self.number)}"

    @property
    def question(self) -> str:
        """The first of its questions, empty for none."""
        return self.questions[0] if self.questions else ""

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done."""
        return self.status.is_open

    @property
    def lacks_proof(self) -> bool:
        """Whether it is called done without a proof, or settled without anybody having looked."""
        return not self.is_open and not (
            self.verified_by and (self.proof or self.status is Status.VOID)
        )

    def is_late(self, today: date) -> bool:
        """Whether it is open past its date."""
        return self.is_open and self.due is not None and self.due < today

    def age(self, today: date) -> int | None:
        """Return the days since it was given, None where no date says when."""
        return None if self.issued is None else (today - self.issued).days

    def is_old(self, today: date) -> bool:
        """Whether it has been open for more than a year.

        Without a date it counts from the end of the year of the first period that has it.
        """
        if not self.is_open:
            return False
        days = self.age(today)
        if days is None and self.since[:4].isdecimal():
            days = (today - date(int(self.since[:4]), 12, 31)).days
        return days is not None and days > YEAR


@dataclass(frozen=True, slots=True)
class FollowedUp:
    """How many audit findings are followed up; ``count`` is at least 1."""

    settled: int
    count: int
    unverified: int

    @property
    def percent(self) -> float:
        """The share in percent."""
        return self.settled / self.count * 100


@dataclass(frozen=True)
class Register:
    """The recommendations to one unit in a period, with those of earlier periods.

    Attributes
    ----------
    items
        The latest state of each: those of the period's own table in its order, then the others.
    file
        The period's own table as users find it, empty where there is none yet.
    problems
        What is wrong with the tables, as they say it.
    last_file
        The table of the latest earlier period that has one.
    """

    unit: str
    period: str
    items: tuple[Recommendation, ...] = ()
    file: str = ""
    problems: tuple[Problem, ...] = ()
    last_file: str = ""

    def __bool__(self) -> bool:
        """Whether there is anything to show."""
        return bool(self.shown)

    @property
    def shown(self) -> tuple[Recommendation, ...]:
        """Those of the period's own table, and what earlier periods left open."""
        return tuple(item for item in self.items if item.period == self.period or item.is_open)

    @property
    def open_items(self) -> tuple[Recommendation, ...]:
        """Those still to be followed up, the oldest first; without a date last."""
        found = (item for item in self.items if item.is_open)
        return tuple(sorted(found, key=lambda item: (item.issued or date.max, item.since)))

    @property
    def carried(self) -> tuple[Recommendation, ...]:
        """Those still open that stand in the table of an earlier period."""
        return tuple(item for item in self.open_items if item.period != self.period)

    @property
    def settled(self) -> tuple[Recommendation, ...]:
        """Those of the period's own table with which nothing is to be done any more."""
        return tuple(item for item in self.shown if not item.is_open)

    @property
    def before(self) -> tuple[Recommendation, ...]:
        """Those of evaluations of earlier periods: all that were open in the last, or are still.

        What the next LHE says of the last one's.
        """
        last = max((i.period for i in self.items if i.period != self.period), default="")
        return tuple(
            item
            for item in self.items
            if item.since != self.period
            and item.origin in EVALUATIONS
            and (item.is_open or item.period in (last, self.period))
        )

    @property
    def followed_up(self) -> FollowedUp | None:
        """How far audit findings are followed up; None where it has none of them."""
        found = [item for item in self.items if item.origin in AUDIT]
        if not found:
            return None
        settled = [item for item in found if not item.is_open]
        return FollowedUp(len(settled), len(found), sum(item.lacks_proof for item in settled))

    def find(self, number: str, origin: str = "") -> tuple[Recommendation, ...]:
        """Return those of a number, of one origin where it is named."""
        wanted = fold(number)
        return tuple(
            item
            for item in self.items
            if fold(item.number) == wanted and origin in ("", item.origin.value)
        )


def carry_over(
    tables: Sequence[tuple[str, Iterable[Recommendation]]],
) -> tuple[Recommendation, ...]:
    """Return the latest state of each recommendation: those of the last table, then the others.

    A later table's row of the same origin and number says what became of an earlier one, so that
    nothing is copied by hand and nothing is counted twice.

    Parameters
    ----------
    tables
        Name and items of each period, the oldest first.
    """
    latest: dict[str, Recommendation] = {}
    for period, items in tables:
        for item in items:
            before = latest.pop(item.key, None)  # so that the order is that of the last table
            latest[item.key] = replace(
                item,
                period=period,
                since=before.since if before else period,
                issued=item.issued or (before.issued if before else None),
            )
    last = tables[-1][0] if tables else ""
    return tuple(sorted(latest.values(), key=lambda item: item.period != last))
