"""A decision of the TPN on a unit at one stage, and where the units of an agency stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import cached_property

from zi_eval.core.problems import Problem, Severity

__all__ = ["Decision", "NationalStage", "NationalStages", "Outcome", "UnitStages"]


class NationalStage(StrEnum):
    """The stages in their order, as PortalRB had them in 2024 and 2025 (a secondary source)."""

    SELECTION = "seleksi administrasi"
    OBJECTION = "sanggah"
    DESK = "desk dan wawancara"
    FIELD = "verifikasi lapangan"
    PANEL = "panel"
    FINAL = "panel final"
    RESULT = "hasil"

    @property
    def number(self) -> int:
        """Its place in the order, from 0."""
        return list(NationalStage).index(self)


class Outcome(StrEnum):
    """What was decided."""

    PASSED = "lulus"
    FAILED = "tidak lulus"
    PENDING = "menunggu"


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided of a unit at a stage; texts are untrusted.

    Attributes
    ----------
    condition, recommendation
        What was found, and what is asked of the unit.
    row, cell
        1-based row in the table, and the cell of the day.
    early
        What was written of a day that has not come: it waits until then.
    """

    unit: str
    stage: NationalStage
    outcome: Outcome
    day: date | None = None
    condition: str = ""
    recommendation: str = ""
    row: int = 0
    cell: str = ""
    early: Outcome | None = None

    def is_after(self, day: date) -> bool:
        """Whether it says what is decided, of a day after this one."""
        return self.day is not None and self.day > day and self.outcome is not Outcome.PENDING


@dataclass(frozen=True, slots=True)
class UnitStages:
    """The decisions on one unit, in the order of the stages."""

    unit: str
    decisions: tuple[Decision, ...]

    @property
    def last(self) -> Decision:
        """The decision of the latest stage; of one whose day has not come only without others."""
        come = [item for item in self.decisions if item.early is None]
        return (come or self.decisions)[-1]

    @property
    def text(self) -> str:
        """Where it stands: ``tidak lulus panel (10/12/2025)``."""
        day = f" ({self.last.day:%d/%m/%Y})" if self.last.day else ""
        return f"{self.last.outcome} {self.last.stage}{day}"

    @property
    def outcome(self) -> Outcome:
        """How it stands: a stage that was passed before the result leaves it waiting.

        An objection that was upheld puts the failed selection aside.
        """
        last = self.last
        if last.outcome is Outcome.PASSED and last.stage is not NationalStage.RESULT:
            return Outcome.PENDING
        return last.outcome

    @property
    def may_object(self) -> bool:
        """Whether the administrative selection failed it and nothing was objected yet."""
        is_failed = self.last.outcome is Outcome.FAILED
        is_first = self.last.stage is NationalStage.SELECTION
        return is_failed and is_first and self.at(NationalStage.OBJECTION) is None

    def at(self, stage: NationalStage) -> Decision | None:
        """Return the decision of a stage, None where there is none."""
        return next((item for item in self.decisions if item.stage is stage), None)


@dataclass(frozen=True)
class NationalStages:
    """The decisions on all units of an agency in one period.

    Attributes
    ----------
    period
        Its name.
    file
        The table as users find it, empty where there is none.
    problems
        What is wrong with it.
    """

    decisions: tuple[Decision, ...] = ()
    period: str = ""
    file: str = ""
    problems: tuple[Problem, ...] = field(default=(), repr=False)

    def __bool__(self) -> bool:
        """Whether there is a table, also one that cannot be read."""
        return bool(self.file)

    def as_of(self, today: date) -> NationalStages:
        """Return them as they stand on a day: what is dated later waits, with a warning of each."""
        early = [item for item in self.decisions if item.is_after(today)]
        if not early:
            return self
        decisions = tuple(
            replace(item, outcome=Outcome.PENDING, early=item.outcome)
            if item.is_after(today)
            else item
            for item in self.decisions
        )
        warnings = (
            Problem(
                code="tanggal-akan-datang",
                message=f"{item.stage} {item.unit}: tanggal {item.day:%d/%m/%Y} belum tiba; belum "
                f"dihitung {item.outcome}.",
                hint="Betulkan tanggalnya, atau tulis menunggu.",
                severity=Severity.WARNING,
                key="tanggal",
                file=self.file,
                line=item.row,
                cell=item.cell,
            )
            for item in early
        )
        return replace(self, decisions=decisions, problems=(*self.problems, *warnings))

    @cached_property
    def units(self) -> Mapping[str, UnitStages]:
        """The decisions by unit, in the order of the stages."""
        found: dict[str, list[Decision]] = {}
        for item in self.decisions:
            found.setdefault(item.unit, []).append(item)
        return {
            unit: UnitStages(unit, tuple(sorted(items, key=lambda item: item.stage.number)))
            for unit, items in found.items()
        }
