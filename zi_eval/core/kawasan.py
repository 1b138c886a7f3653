"""A kawasan: several units on one site, judged from their verdicts and facts of its own.

PermenPANRB 90/2021: a kawasan is WBK where every unit in it meets WBK and its process-integration
score is at least 6.5; WBBM where it holds WBK, every unit meets WBBM and the score is at least 7.5.
The two facts are prerequisites of the rule set, stated by ``kawasan``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from zi_eval.core.agency import AgencyEvaluation
from zi_eval.core.assessment import Kawasan
from zi_eval.core.verdict import PrerequisiteOutcome, Status, judge_prerequisites

__all__ = ["KawasanVerdict", "judge_kawasan"]


@dataclass(frozen=True, slots=True)
class KawasanVerdict:
    """Whether a kawasan meets one predicate.

    Attributes
    ----------
    status
        Not met where one unit or fact is certain to fail; met where all hold; else unknown.
    members
        The status of each of its units for this predicate, by unit id; None for one that could not
        be evaluated, which leaves the kawasan unknown at best.
    """

    kawasan: Kawasan
    predicate: str
    status: Status
    members: Mapping[str, Status | None]
    prerequisites: tuple[PrerequisiteOutcome, ...]

    @property
    def waiting(self) -> tuple[str, ...]:
        """The ids of the units that do not meet the predicate, or not yet."""
        return tuple(unit for unit, status in self.members.items() if status is not Status.MET)


def judge_kawasan(agency: AgencyEvaluation) -> tuple[tuple[KawasanVerdict, ...], ...]:
    """Judge every kawasan of an agency for every predicate, lowest predicate first."""
    verdicts = {item.assessment.unit.id: item.verdicts for item in agency.evaluations}

    def judge(kawasan: Kawasan, predicate: str) -> KawasanVerdict:
        members = {
            unit: verdicts[unit][predicate].status if unit in verdicts else None
            for unit in kawasan.units
        }
        prerequisites = judge_prerequisites(
            agency.rules, predicate, agency.agency.kind, {"kawasan": kawasan.facts}
        )
        found = {*members.values(), *(item.status for item in prerequisites)}
        if Status.NOT_MET in found:
            status = Status.NOT_MET
        else:
            status = Status.MET if found == {Status.MET} else Status.UNKNOWN
        return KawasanVerdict(kawasan, predicate, status, members, prerequisites)

    return tuple(
        tuple(judge(kawasan, predicate) for predicate in agency.rules.predicates)
        for kawasan in agency.agency.kawasan
    )
