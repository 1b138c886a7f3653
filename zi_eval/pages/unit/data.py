"""What stands beside a unit's answers: its performance, its surveys, and what they propose."""

from __future__ import annotations

from dataclasses import dataclass

from zi_eval.core.assessment import Assessment
from zi_eval.core.problems import Problem
from zi_eval.core.proposals import Proposal
from zi_eval.improvement.effort import UnitEffort
from zi_eval.performance.unit import UnitPerformance
from zi_eval.survey.unit import UnitSurveys
from zi_eval.trends.earlier import Earlier

__all__ = ["UnitData"]


@dataclass(frozen=True, slots=True)
class UnitData:
    """The data of one unit besides its answers; a report without any has none of their sections.

    Attributes
    ----------
    performance
        None without a plan, or where its table has errors.
    surveys
        None without a table of responses.
    proposals
        Of both, in the instrument's order.
    problems
        What is wrong with their tables, as warnings: the unit's own answers stand without them.
    has_pages
        Whether pages of the performance are made beside the report, to be linked.
    earlier
        The unit's evaluations of earlier periods, oldest first.
    others
        Answers of units of the agency in its last period: how its TPI corrects.
    effort
        What a better answer takes; without it there is no plan of action.
    """

    performance: UnitPerformance | None = None
    surveys: UnitSurveys | None = None
    proposals: tuple[Proposal, ...] = ()
    problems: tuple[Problem, ...] = ()
    has_pages: bool = False
    earlier: tuple[Earlier, ...] = ()
    others: tuple[Assessment, ...] = ()
    effort: UnitEffort | None = None
