"""What data propose for a unit, and how a form shows it beside the answers given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from zi_eval.case import Case, load_case
from zi_eval.core.assessment import Stage, Value
from zi_eval.core.criteria import CRITERIA_SOURCE
from zi_eval.core.instrument import Question
from zi_eval.core.problems import Problem
from zi_eval.core.proposals import Proposal
from zi_eval.period.answers import dump_value
from zi_eval.period.feeders import read_feeders
from zi_eval.report import words
from zi_eval.report.proposals import proposal_text

__all__ = ["UNLIKE", "Proposed", "fact_state", "proposal_state", "read_proposed"]

MOST_NOTICES = 3
UNLIKE = "unlike"
"""The flag of a question whose answer is another than the data propose."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """What data propose for one unit.

    Attributes
    ----------
    answers
        By question.
    facts
        By prerequisite, what an evaluation with another instrument gives.
    notices
        Sentences on data that could not be used.
    case
        The unit as the data know it, for what they say against its verdict; None until read.
    """

    answers: Mapping[str, tuple[Proposal, ...]] = field(default_factory=dict)
    facts: Mapping[str, Proposal] = field(default_factory=dict)
    notices: tuple[str, ...] = ()
    case: Case | None = None


def read_proposed(unit_file: Path, stage: Stage = Stage.TPI) -> Proposed:
    """Read all that data propose for the unit of a file.

    It reads the tables of the whole period, because units are compared with their peers.
    """
    case = load_case(unit_file, stage)
    case.doubts  # read and computed here, where it may take its time  # noqa: B018
    answers: dict[str, tuple[Proposal, ...]] = {}
    for proposal in case.proposals:
        if proposal.source == CRITERIA_SOURCE:
            continue  # they follow what is answered in the form, not the file
        answers[proposal.question] = (*answers.get(proposal.question, ()), proposal)
    return Proposed(answers, _facts(case), tuple(_notices(case.problems)), case)


def _notices(problems: Sequence[Problem]) -> Iterator[str]:
    for problem in problems[:MOST_NOTICES]:
        cell = f", sel {problem.cell.rpartition('!')[2]}" if problem.cell else ""
        key = f"{problem.key}: " if problem.key else ""
        place = f"{Path(problem.file).name}{cell}"
        yield f"Data usulan, {place}: {key}{problem.message} {problem.hint}".strip()
    if len(problems) > MOST_NOTICES:
        left = len(problems) - MOST_NOTICES
        yield f"Data usulan: {left} hal lain; jalankan 'zi-eval kinerja check'."


def _facts(case: Case) -> dict[str, Proposal]:
    facts: dict[str, Proposal] = {}
    for key, (other, file) in read_feeders(case.period, case.unit).items():
        score = words.format_number(other.card.total.score)
        is_final = other.assessment.final is not None
        facts[key] = Proposal(
            question=key,
            answer=other.predicate,
            candidates=(),
            is_provisional=not is_final,
            reasons=(
                f"{other.instrument.labels.name}: nilai {score}, predikat {other.predicate}.",
                "Evaluasi itu sudah final." if is_final else "Evaluasi itu belum final.",
            ),
            source=f"{file.parent.name}/{file.name}",
        )
    return facts


def proposal_state(
    question: Question, proposals: Sequence[Proposal], given: Value | None
) -> list[dict[str, Any]]:
    """Return what the card of a question shows of its proposals, beside the answer ``given``."""
    return [
        _state(proposal, proposal_text(question, proposal), proposal.differs(given), given is None)
        for proposal in proposals
    ]


def fact_state(proposal: Proposal, given: object) -> dict[str, Any]:
    """Return what the identity page shows of a proposed fact, beside what is stated."""
    differs = given is not None and given != proposal.answer
    return _state(proposal, str(proposal.answer), differs, given is None)


def _state(proposal: Proposal, said: str, differs: bool, is_open: bool) -> dict[str, Any]:
    is_usable = proposal.answer is not None and (differs or is_open)
    return {
        "text": said,
        "use": dump_value(proposal.answer) if is_usable else None,
        "differs": differs,
        "provisional": proposal.is_provisional,
        "reasons": list(proposal.reasons),
        "source": proposal.source,
    }
