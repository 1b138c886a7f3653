"""What data propose as answers, beside the answers given. Never filled in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from zi_eval.core.evaluation import Evaluation
from zi_eval.core.instrument import Question
from zi_eval.core.proposals import Proposal
from zi_eval.report.page import Room, Section
from zi_eval.report.proposals import proposal_text
from zi_eval.report.tables import answer_line

__all__ = ["proposals_section"]

ROOM = Room("pages/unit")


@dataclass(frozen=True, slots=True)
class _Row:
    """A proposal as shown: ``said`` is empty where the data are evidence only."""

    question: Question
    said: str
    given: str
    differs: bool
    is_provisional: bool
    reasons: tuple[str, ...]
    source: str


def proposals_section(evaluation: Evaluation, proposals: Sequence[Proposal]) -> Section:
    """Show each proposal beside the answer that counts at the stage reported, unlike ones first.

    Empty where nothing is proposed.
    """
    if not proposals:
        return Section()
    rows = []
    for proposal in proposals:
        question = evaluation.instrument.questions[proposal.question]
        answer = evaluation.assessment.answers.get(question.id)
        given = answer.value(evaluation.stage) if answer else None
        rows.append(
            _Row(
                question,
                proposal_text(question, proposal),
                answer_line(question, given) or "belum dijawab",
                proposal.differs(given),
                proposal.is_provisional,
                proposal.reasons,
                proposal.source,
            )
        )
    said = [row for row in rows if row.said]
    return ROOM.section(
        "proposals",
        answers=sorted(said, key=lambda row: not row.differs),
        unlike=sum(row.differs for row in said),
        evidence=[row for row in rows if not row.said],
    )
