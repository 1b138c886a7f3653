"""The year that the LKE is about: results of the year before, as the plan's table holds them.

The LKE of year N rests on the plan and results of N-1 (the portal takes proposals until the middle
of N, when the results of N are not there): a projection of N proposes no answer. The table of N
holds target and result of N-1 in columns of their own (``target_<year>``, ``realisasi_<year>``), so
that year is scored by the same rules as any other, as one figure without quarters.
"""

from __future__ import annotations

from dataclasses import replace

from zi_eval.core.proposals import Proposal
from zi_eval.performance.comparison import PeerFigures
from zi_eval.performance.plan import Accrual, Indicator, Plan
from zi_eval.performance.proposals import Questions, propose_answers
from zi_eval.performance.watch import PlanStanding, evaluate_plan

__all__ = ["plan_of_year_before", "propose_from_year_before", "stand_in_year_before"]

NO_QUARTERS = (None, None, None, None)


def _in_year(item: Indicator, year: int) -> Indicator:
    """Return an indicator as it ended in an earlier year; its money and remarks are not of it."""
    return replace(
        item,
        accrual=Accrual.LAST,
        targets=NO_QUARTERS,
        results=(None, None, None, item.earlier_results.get(year)),
        annual_target=item.earlier_targets.get(year),
        earlier_results={y: n for y, n in item.earlier_results.items() if y < year},
        earlier_targets={y: n for y, n in item.earlier_targets.items() if y < year},
        ceiling=None,
        spent=None,
        cause="",
        follow_up="",
        due=None,
    )


def plan_of_year_before(plan: Plan) -> Plan:
    """Return the plan of the year before with its results, from what this year's table holds."""
    year = plan.year - 1
    items = tuple(_in_year(item, year) for item in plan.indicators)
    return replace(plan, year=year, indicators=items)


def stand_in_year_before(standing: PlanStanding) -> PlanStanding:
    """Return the year before, scored by the rules of this one."""
    plan = plan_of_year_before(standing.plan)
    return evaluate_plan(plan, standing.score.rules, standing.lights)


def propose_from_year_before(
    standing: PlanStanding, questions: Questions, peers: PeerFigures | None = None
) -> tuple[Proposal, ...]:
    """Propose the answers that the results of the year before decide, the year named first.

    Parameters
    ----------
    standing
        Of this year.
    questions
        As :func:`~zi_eval.performance.proposals.propose_answers`.
    peers
        Of the year before, where they are known; this year's are another thing.
    """
    before = stand_in_year_before(standing)
    said = f"Menurut target dan hasil tahun {before.plan.year}."
    return tuple(
        replace(proposal, reasons=(said, *proposal.reasons))
        for proposal in propose_answers(before, peers, questions)
    )
