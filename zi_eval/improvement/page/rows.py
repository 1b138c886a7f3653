"""The answers to raise as plain rows, by area; no HTML here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from zi_eval.core.assessment import Answer, Stage, Value
from zi_eval.core.evaluation import Evaluation
from zi_eval.core.instrument import Question
from zi_eval.core.scoring import value_question
from zi_eval.improvement.way import Move, Way
from zi_eval.report.titles import area_of, rule_name
from zi_eval.report.words import answer_text, format_count, format_number, format_percent

__all__ = ["ActionGroup", "ActionRow", "action_groups", "asked_text", "rule_names", "short_answer"]


@dataclass(frozen=True, slots=True)
class ActionRow:
    """One answer to raise, worded.

    Attributes
    ----------
    now, then
        Option codes, an index, or the share of a ratio.
    asked
        What the answer to reach asks for.
    helps
        Names of the rules missed now that it counts for.
    note
        What the TPI wrote or sent back; untrusted text.
    """

    question: Question
    now: str
    then: str
    asked: str
    steps: int
    effort: float
    points: float
    helps: tuple[str, ...]
    note: str
    is_survey: bool
    is_fixed: bool


@dataclass(frozen=True, slots=True)
class ActionGroup:
    """The answers to raise in one area."""

    title: str
    rows: tuple[ActionRow, ...]

    @property
    def helps(self) -> tuple[str, ...]:
        """The rules that every row of it helps: said once, not on each row."""
        first, *rest = self.rows
        return tuple(name for name in first.helps if all(name in row.helps for row in rest))

    @property
    def effort(self) -> float:
        """The effort of all its rows."""
        return sum(row.effort for row in self.rows)

    @property
    def points(self) -> float:
        """The points of all its rows."""
        return sum(row.points for row in self.rows)


def rule_names(evaluation: Evaluation, predicate: str) -> Mapping[str, str]:
    """Return the short name of each rule of a predicate, by id."""
    rules = evaluation.verdicts[predicate].rules
    return {item.rule.id: rule_name(evaluation.instrument, item.rule) for item in rules}


def short_answer(question: Question, answer: Value | None) -> str:
    """Write an answer for a narrow column: a code, an index, or the share of a ratio."""
    if isinstance(answer, tuple):
        value = value_question(question, answer)[0].value
        return "belum lengkap" if value is None else format_percent(value)
    if isinstance(answer, (int, float)):
        return format_number(float(answer))
    return answer_text(question, answer)


def asked_text(move: Move) -> str:
    """Say what the answer to reach asks for."""
    question, then = move.question, move.then
    if isinstance(then, str):
        return question.options[then]
    if not isinstance(then, tuple):
        return "Dari responden survei, bukan pilihan unit."
    if not isinstance(move.now, tuple):
        return f"{answer_text(question, then)} (basisnya belum diketahui)"
    parts = [
        f"{item.text}: {format_count(after)} (sekarang {format_count(before)})"
        for item, before, after in zip(question.asked_inputs, move.now, then, strict=True)
        if before != after
    ]
    return "; ".join(parts)


def _note(evaluation: Evaluation, question: str) -> str:
    if not evaluation.stage.is_evaluated:
        return ""
    answer = evaluation.assessment.answers.get(question, Answer())
    national = answer.tpn_note if evaluation.stage is Stage.TPN else ""
    parts = (answer.returned.strip(), answer.tpi_note.strip(), national.strip())
    return "\n".join(dict.fromkeys(part for part in parts if part))


def action_groups(evaluation: Evaluation, way: Way) -> tuple[ActionGroup, ...]:
    """Return the answers of a way by area, in official order."""
    names = rule_names(evaluation, way.verdict.predicate)
    groups: dict[str, list[ActionRow]] = {}
    for move in way.moves:
        question = move.question
        place = area_of(evaluation.instrument, question.id)
        row = ActionRow(
            question=question,
            now=short_answer(question, move.now),
            then=short_answer(question, move.then),
            asked=asked_text(move),
            steps=move.steps,
            effort=move.effort,
            points=move.points,
            helps=tuple(
                "area ini" if names[rule] == f"area {place}" else names[rule] for rule in move.helps
            ),
            note=_note(evaluation, question.id),
            is_survey=move.is_survey,
            is_fixed=move.is_fixed,
        )
        groups.setdefault(place, []).append(row)
    return tuple(ActionGroup(title, tuple(rows)) for title, rows in groups.items())
