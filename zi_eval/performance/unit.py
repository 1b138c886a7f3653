"""A unit's performance together with what it stands beside: peers, and its answers of the LKE."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from zi_eval.core.assessment import Value
from zi_eval.core.problems import Problem
from zi_eval.core.proposals import Proposal
from zi_eval.performance.comparison import PeerFigures
from zi_eval.performance.plan import PlanFinding
from zi_eval.performance.proposals import Questions, propose_answers, propose_evidence
from zi_eval.performance.watch import PlanStanding

__all__ = ["PAGES", "UnitPerformance"]

PAGES = (
    (".kinerja.html", "Halaman kinerja"),
    (".lkjip.html", "Konsep LKjIP"),
    (".lkjip.docx", "Konsep LKjIP (Word)"),
)
"""The pages of a unit's performance, by the ending of their names."""


@dataclass(frozen=True, slots=True)
class UnitPerformance:
    """All that a page shows of one unit's performance.

    Attributes
    ----------
    answers
        What the unit file answers, by question id, at the TPI's stage; empty without a unit file.
    questions
        The questions of the instrument that a plan speaks to, by what they ask.
    peer_findings
        What comparing it with the other units shows.
    problems
        Warnings of its table.
    agency, remark
        The agency's name and the line it shows on every page; untrusted.
    """

    standing: PlanStanding
    peers: PeerFigures = field(default_factory=PeerFigures)
    peer_findings: tuple[PlanFinding, ...] = ()
    problems: tuple[Problem, ...] = ()
    answers: Mapping[str, Value] = field(default_factory=dict)
    questions: Questions = field(default_factory=dict)
    agency: str = ""
    remark: str = ""

    @property
    def proposals(self) -> tuple[Proposal, ...]:
        """The answers that the figures decide, or nearly."""
        return propose_answers(self.standing, self.peers, self.questions)

    @property
    def evidence(self) -> tuple[Proposal, ...]:
        """What the plan shows about other questions."""
        return propose_evidence(self.standing, self.questions)
