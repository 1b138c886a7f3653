"""What data propose as answers of the LKE, beside the answers given. Never filled in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from zi_eval.core.assessment import NOT_APPLICABLE, Value
from zi_eval.core.instrument import Question
from zi_eval.core.proposals import Proposal
from zi_eval.report.page import Room, Section
from zi_eval.report.tables import answer_line
from zi_eval.report.words import format_count, one_line

__all__ = ["plain_answer", "proposal_lines", "proposal_text", "proposals_section"]

ROOM: Final = Room("report")
Say = Callable[[Value], str]
"""How an answer is written."""


@dataclass(frozen=True, slots=True)
class _Row:
    """A proposal as shown.

    Attributes
    ----------
    said
        What is proposed; empty where the data are evidence only.
    given
        The answer it stands beside.
    is_provisional
        Whether an answer is proposed by figures that are not final.
    """

    question: str
    said: str
    given: str
    differs: bool
    is_provisional: bool
    reasons: tuple[str, ...]
    source: str


def plain_answer(value: Value) -> str:
    """Write an answer that stands without its question."""
    if value is NOT_APPLICABLE:
        return "tidak berlaku"
    if isinstance(value, tuple):
        return "; ".join(format_count(number) for number in value)
    return format_count(value) if isinstance(value, float) else str(value)


def _candidates(proposal: Proposal) -> str:
    *head, last = proposal.candidates
    return f"{', '.join(head)} atau {last}" if head else last


def _row(proposal: Proposal, given: Value | None, say: Say = plain_answer) -> _Row:
    """Word a proposal beside the answer given."""
    said = ""
    if proposal.answer is not None:
        said = say(proposal.answer)
    elif proposal.candidates:
        said = _candidates(proposal)
    return _Row(
        proposal.question,
        said,
        "belum dijawab" if given is None else say(given),
        proposal.differs(given),
        proposal.is_provisional and proposal.answer is not None,
        proposal.reasons,
        proposal.source,
    )


def proposal_text(question: Question, proposal: Proposal) -> str:
    """Say what is proposed for a question in its own words, empty where it is evidence only."""
    if proposal.answer is not None:
        return answer_line(question, proposal.answer)
    if not proposal.candidates:
        return ""
    return f"{_candidates(proposal)}; data belum menentukan yang mana"


def _rows(proposals: Sequence[Proposal], answers: Mapping[str, Value], say: Say) -> list[_Row]:
    return [_row(item, answers.get(item.question), say) for item in proposals]


def proposals_section(
    proposals: Sequence[Proposal],
    answers: Mapping[str, Value],
    nothing: str,
    basis: str = "",
    say: Say = plain_answer,
) -> Section:
    """Show the proposals of one topic on its page.

    Parameters
    ----------
    answers
        Those given, by question.
    nothing
        What to say where nothing is proposed.
    basis
        On which data they rest, as a sentence without its full stop.
    """
    return ROOM.section(
        "proposals", rows=_rows(proposals, answers, say), nothing=nothing, basis=basis
    )


def proposal_lines(
    proposals: Sequence[Proposal], answers: Mapping[str, Value], say: Say = plain_answer
) -> Iterator[str]:
    """Write the same for a terminal."""
    for row in _rows(proposals, answers, say):
        said = row.said or "belum dapat diusulkan"
        said += " (sementara)" if row.is_provisional else ""
        note = "jawaban di LKE berbeda" if row.differs else "jawaban di LKE"
        yield f"  {row.question}: {said}; {note}: {row.given}"
        yield from (f"    {one_line(reason)}" for reason in row.reasons)
