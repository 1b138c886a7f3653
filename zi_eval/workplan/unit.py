"""A unit's work plan together with what it stands beside: its answers and scores of the LKE."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from zi_eval.core.assessment import Value
from zi_eval.core.evaluation import Evaluation
from zi_eval.core.problems import Problem
from zi_eval.core.proposals import Proposal
from zi_eval.workplan.forecast import Forecast, Gap, find_gaps, forecast_plan
from zi_eval.workplan.monitoring import WorkPlanStanding, monitor
from zi_eval.workplan.proposals import propose_from_plan

__all__ = ["UnitWorkPlan"]


@dataclass(frozen=True)
class UnitWorkPlan:
    """All that is shown of one unit's work plan; what follows from it is computed once.

    Attributes
    ----------
    evaluation
        The unit's scores; None where its file cannot be read.
    questions
        The questions of the instrument that a work plan speaks to, by what they ask.
    problems, source
        Warnings of its table, and where it stands, e.g. ``rencana-zi/dpmptsp.xlsx``.
    agency, remark, head
        The agency's name, the line it shows on every page, and who heads the unit; untrusted.
    """

    standing: WorkPlanStanding
    evaluation: Evaluation | None = None
    answers: Mapping[str, Value] = field(default_factory=dict)
    questions: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    source: str = ""
    agency: str = ""
    remark: str = ""
    head: str = ""

    @cached_property
    def proposals(self) -> tuple[Proposal, ...]:
        """The answers that the plan decides, or nearly."""
        found = propose_from_plan(self.standing, self.questions)
        return tuple(replace(proposal, source=self.source) for proposal in found)

    @cached_property
    def forecast(self) -> Forecast | None:
        """What the plan brings once it is done; None without scores."""
        return (
            None if self.evaluation is None else forecast_plan(self.standing.plan, self.evaluation)
        )

    @cached_property
    def gaps(self) -> tuple[Gap, ...]:
        """The questions that ask for activities which do not exist."""
        if self.evaluation is None:
            return ()
        return find_gaps(self.standing.plan, self.evaluation, self.answers)

    def at(self, month: int) -> UnitWorkPlan:
        """Return the same plan as it stood at the end of a month."""
        old = self.standing
        return replace(self, standing=monitor(old.plan, old.instrument, self.answers, month))
