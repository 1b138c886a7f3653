"""The proposal of a period: every unit known whole, checked, ranked and chosen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from zi_eval.case import Case, load_agency
from zi_eval.core.agency import AgencyEvaluation
from zi_eval.core.assessment import Stage
from zi_eval.core.problems import has_errors
from zi_eval.errors import ParameterError, ZiEvalError
from zi_eval.evidence.pieces import link_fault
from zi_eval.letters.proposal_file import PART, ProposalDetails, parse_details
from zi_eval.national.load import load_holders, proposal_day
from zi_eval.period.reading import Period
from zi_eval.proposal.checklist import Reached, check_agency, check_unit
from zi_eval.proposal.documents import Proposal
from zi_eval.proposal.ranking import choose, rank
from zi_eval.proposal.values import Candidate
from zi_eval.survey.write import load_earlier_indices

__all__ = ["load_proposal"]


def load_proposal(
    folder: Period | str | Path,
    units: Iterable[str] = (),
    *,
    order: Sequence[str] = (),
    is_online: bool = False,
) -> Proposal:
    """Return who is proposed in a period and how all stand against the selection.

    Parameters
    ----------
    units
        Who is proposed whatever the ranking says; where none is named, all that fit, within the
        quota.
    order
        The criteria of the ranking instead of those of the agency file.
    is_online
        Whether links are asked for.

    Raises
    ------
    ParameterError
        With every problem of the agency's file.
    ZiEvalError
        Where a named unit is not there, or the instrument gives predicates by the total alone.
    """
    period = Period.read(folder)
    rules = period.rules()
    if rules.bands:
        raise ZiEvalError("Instrumen ini tidak punya predikat yang diusulkan ke TPN.")
    details, problems = parse_details(period.section(PART), rules.predicates)
    if has_errors((*period.problems, *problems)):
        raise ParameterError((*period.problems, *problems))
    named = tuple(dict.fromkeys(units))
    for unit in named:
        period.find(unit)
    agency = load_agency(period)
    reached = _reach(details) if is_online else {}
    candidates = _candidates(period, agency, details, reached)
    criteria = tuple(order) or details.order
    choice = choose(rank(candidates, criteria), details.quota, named)
    holders, day = load_holders(period), proposal_day(period)
    checks = check_agency(details, choice.chosen, reached, agency.evaluations, holders, day)
    return Proposal(agency, details, criteria, choice, checks)


def _reach(details: ProposalDetails) -> Reached:
    from zi_eval.evidence.online import reach_links

    links = (*details.links.values(), *details.unit_links.values())
    asked = reach_links(sorted({link for link in links if not link_fault(link)}))
    return {link: reach.value for link, reach in asked.items()}


def _candidates(
    period: Period, agency: AgencyEvaluation, details: ProposalDetails, reached: Reached
) -> list[Candidate]:
    found = []
    for item in agency.evaluations:
        unit = item.assessment.unit.id
        case = Case(period, period.unit_files[unit], Stage.TPI)
        evaluation = case.evaluation
        verdict = case.verdicts[evaluation.target.predicate]
        decisive = tuple(doubt.what for doubt in verdict.decisive)
        chance = case.chance
        link = details.unit_links.get(unit, "")
        found.append(
            Candidate(
                evaluation=evaluation,
                checks=check_unit(
                    evaluation, case.surveys, case.register, decisive, link, reached, *case.held
                ),
                doubts=len(decisive),
                chance=None if chance is None else chance.shares[evaluation.target.predicate],
                surveys=case.surveys,
                register=case.register,
                earlier=load_earlier_indices(period, unit),
                activities=case.workplan.standing.plan.activities
                if case.workplan is not None
                else (),
                link=link,
            )
        )
    return found
