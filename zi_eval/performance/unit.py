"""A unit's performance together with what it stands beside: peers, and its answers of the LKE."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from zi_eval.core.assessment import Value
from zi_eval.core.problems import Problem
from zi_eval.core.proposals import Proposal
from zi_eval.performance.comparison import Compared, Comparison, PeerFigures, compare_indicator
from zi_eval.performance.plan import PlanFinding
from zi_eval.performance.plan_checks import check_plan
from zi_eval.performance.proposals import Questions, propose_evidence
from zi_eval.performance.watch import PlanStanding, check_deviations
from zi_eval.performance.year_before import propose_from_year_before

__all__ = ["PAGES", "UnitPerformance"]

PAGES = (
    (".kinerja.html", "Halaman kinerja"),
    (".lkjip.html", "Konsep LKjIP"),
    (".lkjip.docx", "Konsep LKjIP (Word)"),
)
"""The pages of a unit's performance, by the ending of their names."""


@dataclass(frozen=True)
class UnitPerformance:
    """All that a page shows of one unit's performance; what follows from it is computed once.

    Attributes
    ----------
    answers
        What the unit file answers, by question id, at the TPI's stage; empty without a unit file.
    questions
        The questions of the instrument that a plan speaks to, by what they ask.
    compare
        Gives the figures of its peers, and what comparing it with the other units shows; called
        when they are first asked for.
    problems
        Warnings of its table.
    agency, remark, head
        The agency's name, the line it shows on every page, and who heads the unit; untrusted.
    """

    standing: PlanStanding = field(repr=False)
    compare: Callable[[], Compared] = field(
        default=lambda: (PeerFigures(), ()), repr=False, compare=False
    )
    problems: tuple[Problem, ...] = field(default=(), repr=False)
    answers: Mapping[str, Value] = field(default_factory=dict, repr=False)
    questions: Questions = field(default_factory=dict)
    agency: str = ""
    remark: str = ""
    head: str = ""

    @cached_property
    def _compared(self) -> Compared:
        return self.compare()

    @property
    def peers(self) -> PeerFigures:
        """What it is compared with."""
        return self._compared[0]

    @cached_property
    def comparisons(self) -> tuple[Comparison, ...]:
        """What each indicator is compared with, in the order of the plan."""
        plan, scores = self.standing.plan, self.standing.score.indicators
        return tuple(
            compare_indicator(item, score, plan.year, self.peers)
            for item, score in zip(plan.indicators, scores, strict=True)
        )

    @cached_property
    def deviations(self) -> tuple[PlanFinding, ...]:
        """What the figures ask to be checked."""
        return (*check_deviations(self.standing), *self._compared[1])

    @cached_property
    def gaps(self) -> tuple[PlanFinding, ...]:
        """What the plan itself leaves open."""
        return tuple(check_plan(self.standing.plan))

    @cached_property
    def proposals(self) -> tuple[Proposal, ...]:
        """The answers that the results of the year before decide, or nearly."""
        return propose_from_year_before(self.standing, self.questions)

    @cached_property
    def evidence(self) -> tuple[Proposal, ...]:
        """What the plan shows about other questions."""
        return propose_evidence(self.standing, self.questions)
