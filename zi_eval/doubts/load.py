"""All doubts about one unit, from what is known of it, each with file and line of its places."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from zi_eval.core.evaluation import Evaluation
from zi_eval.core.problems import Problem
from zi_eval.core.proposals import Proposal
from zi_eval.doubts.contradictions import find_contradictions
from zi_eval.doubts.decided import Decided, doubt_decision, doubt_held, doubt_national_answers
from zi_eval.doubts.differing import (
    StatedElsewhere,
    doubt_elsewhere,
    doubt_proposals,
    doubt_surveys,
)
from zi_eval.doubts.packaged import load_contradictions
from zi_eval.doubts.unseen import (
    Unread,
    doubt_chance,
    doubt_checks,
    doubt_evidence,
    doubt_taken_over,
    doubt_unread,
)
from zi_eval.doubts.values import Doubt, Statement
from zi_eval.doubts.weighing import weigh

if TYPE_CHECKING:
    from zi_eval.chance.estimate import Chance
    from zi_eval.survey.result import SurveyResult

__all__ = ["find_doubts", "place_statements"]


def find_doubts(
    evaluation: Evaluation,
    *,
    proposals: Iterable[Proposal] = (),
    surveys: Iterable[SurveyResult] = (),
    chance: Chance | None = None,
    elsewhere: Iterable[StatedElsewhere] = (),
    unread: Iterable[Unread] = (),
    decided: Decided | None = None,
    held: Iterable[Problem] = (),
    refusing: Collection[str] = (),
    file: str = "",
    lines: Mapping[str, int] | None = None,
) -> tuple[Doubt, ...]:
    """Return what speaks against the verdicts on a unit, weighed, the strongest first.

    Parameters
    ----------
    proposals
        What the unit's data propose; what is only evidence proposes nothing.
    held, refusing
        What the table of holders of predicates says against the target, and the codes by which it
        cannot be given.
    file, lines
        The unit's file and where its answers and prerequisites stand in it, by key.
    """
    given, results = tuple(proposals), tuple(surveys)
    backed = {proposal.question for proposal in given if proposal.answer is not None}
    found = (
        *doubt_decision(evaluation, decided),
        *doubt_national_answers(evaluation),
        *doubt_held(evaluation, held, refusing),
        *find_contradictions(evaluation, load_contradictions(evaluation.instrument)),
        *doubt_proposals(evaluation, given),
        *doubt_elsewhere(evaluation, elsewhere),
        *doubt_unread(evaluation, unread),
        *doubt_surveys(evaluation, results),
        *doubt_evidence(evaluation, backed),
        *doubt_taken_over(evaluation),
        *doubt_checks(evaluation),
        *doubt_chance(evaluation, chance),
    )
    return weigh(evaluation, (place_statements(doubt, file, lines or {}) for doubt in found))


def place_statements(doubt: Doubt, file: str, lines: Mapping[str, int]) -> Doubt:
    """Return a doubt whose statements have file and line, where the unit's file says them."""
    return replace(doubt, statements=tuple(_placed(item, file, lines) for item in doubt.statements))


def _placed(statement: Statement, file: str, lines: Mapping[str, int]) -> Statement:
    """Return a statement of the unit's file with its line; an input stands with its question."""
    line = lines.get(statement.key) or lines.get(statement.key.rpartition(".")[0])
    return statement if line is None else replace(statement, file=file, line=line)
