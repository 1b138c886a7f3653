"""A candidate for a proposal, and how it stands against the administrative selection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from zi_eval.core.evaluation import Evaluation
from zi_eval.recommendations.values import Register
from zi_eval.survey.unit import UnitSurveys
from zi_eval.workplan.plan import Activity

__all__ = ["Candidate", "Check", "Fit"]

BY_SENDING = frozenset({"final", "tautan"})
"""Kinds of what is due on the day of sending: no reason not to choose a unit."""


class Fit(StrEnum):
    """What the selection would say of one thing."""

    FITS = "sesuai"
    MISFITS = "tidak sesuai"
    UNKNOWN = "belum diketahui"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that the administrative selection looks at.

    Attributes
    ----------
    kind
        ``lke``, ``prasyarat``, ``survei``, ``keraguan`` or ``surat``; ``final`` and ``tautan`` of
        what is due on the day of sending.
    why
        A sentence; of what fits too, so that a reader sees on what it rests.
    is_known
        Whether it was really looked at: a link by its form alone was not.
    """

    kind: str
    title: str
    fit: Fit
    why: str
    is_known: bool = True

    @property
    def is_obstacle(self) -> bool:
        """Whether a unit is not chosen by itself because of it.

        A survey of which there is no table may have been made elsewhere.
        """
        if self.kind in BY_SENDING or (self.kind == "survei" and self.fit is Fit.UNKNOWN):
            return False
        return self.fit is not Fit.FITS


@dataclass(frozen=True)
class Candidate:
    """A unit that may be proposed.

    Attributes
    ----------
    checks
        What the selection looks at, of this unit.
    doubts
        How many doubts could turn the verdict.
    chance
        The chance that its scores hold, None where nothing is uncertain or known of it.
    earlier
        Indices of its surveys in earlier periods, by survey and period.
    activities
        Those of its work plan.
    """

    evaluation: Evaluation = field(repr=False)
    checks: tuple[Check, ...]
    doubts: int = 0
    chance: float | None = None
    surveys: UnitSurveys | None = field(default=None, repr=False)
    register: Register | None = field(default=None, repr=False)
    link: str = ""
    earlier: Mapping[str, Mapping[str, float]] = field(default_factory=dict, repr=False)
    activities: tuple[Activity, ...] = field(default=(), repr=False)

    @property
    def unit(self) -> str:
        """The unit's id."""
        return self.evaluation.assessment.unit.id

    @property
    def name(self) -> str:
        """The unit's name."""
        return self.evaluation.assessment.unit.name

    @property
    def target(self) -> str:
        """The predicate that it is proposed for."""
        return self.evaluation.assessment.target

    @property
    def category(self) -> str:
        """The predicate as the portal names it: ``WBK-AFIRMASI`` on that track."""
        is_affirmative = self.evaluation.assessment.unit.is_affirmative
        return f"{self.target}-AFIRMASI" if is_affirmative else self.target

    @property
    def score(self) -> float | None:
        """Points in all."""
        return self.evaluation.card.total.score

    @property
    def margin(self) -> float | None:
        """The least distance to a minimum, in points; negative where one is not reached."""
        found = [item.margin for item in self.evaluation.target.rules]
        known = [margin for margin in found if margin is not None]
        return min(known) if known and len(known) == len(found) else None

    @property
    def misfits(self) -> tuple[Check, ...]:
        """What does not fit, or is not known to."""
        return tuple(check for check in self.checks if check.fit is not Fit.FITS)

    @property
    def fits(self) -> bool:
        """Whether nothing stands in the way."""
        return not any(check.is_obstacle for check in self.checks)

    @property
    def lacks_only_prerequisites(self) -> bool:
        """Whether it reaches every minimum, and prerequisites alone are known to be in the way."""
        kinds = {check.kind for check in self.checks if check.is_obstacle}
        return "prasyarat" in kinds and kinds <= {"prasyarat", "keraguan"}
