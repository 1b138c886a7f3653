"""Core values as plain rows, in the order in which they are shown; no HTML here."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from zi_eval.core.agency import compared_areas
from zi_eval.core.assessment import Answer, Stage, Value
from zi_eval.core.evaluation import Evaluation
from zi_eval.core.instrument import Question, parent_id
from zi_eval.core.verdict import PrerequisiteOutcome, RuleOutcome, Status
from zi_eval.report.titles import area_of, outcome_for, title_of
from zi_eval.report.words import answer_text, fact_text

__all__ = [
    "AnswerGroup",
    "AnswerRow",
    "AreaRow",
    "DifferenceRow",
    "Link",
    "PartScore",
    "PrerequisiteRow",
    "ResultRow",
    "answer_groups",
    "answer_line",
    "area_rows",
    "difference_rows",
    "evidence_links",
    "missing_evidence",
    "prerequisite_rows",
    "result_rows",
]

ADDRESS: Final = re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:)]", re.IGNORECASE)
"""A web address in a text; the sign that ends the sentence is no part of it."""


@dataclass(frozen=True, slots=True)
class Link:
    """A piece of evidence as typed; ``href`` only where it is a web address."""

    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class PartScore:
    """What one aspect gives an area, in points."""

    title: str
    got: float | None
    weight: float


@dataclass(frozen=True, slots=True)
class AreaRow:
    """An area over both aspects against its minimum, where the rule set has one."""

    id: str
    title: str
    parts: tuple[PartScore, ...]
    got: float | None
    weight: float
    outcome: RuleOutcome | None


@dataclass(frozen=True, slots=True)
class PrerequisiteRow:
    """One prerequisite, worded."""

    title: str
    need: str
    got: str
    status: Status
    source: str
    waived: str = ""


@dataclass(frozen=True, slots=True)
class ResultRow:
    """A question with a weight of its own: a survey index or the unit's performance."""

    question: Question
    answer: str
    option: str
    got: float | None
    weight: float
    outcome: RuleOutcome | None
    need_index: float | None


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One question with all that was said about it."""

    question: Question
    answer: str
    option: str
    value: float | None
    source: Stage | None
    remark: str
    reason: str
    note: str
    tpi_note: str
    tpn_note: str
    evidence: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class AnswerGroup:
    """The answers of one area or of one component outside the areas."""

    title: str
    got: float | None
    weight: float
    answered: int
    rows: tuple[AnswerRow, ...]


@dataclass(frozen=True, slots=True)
class DifferenceRow:
    """A question that the evaluators of a stage answer otherwise than who came before.

    Attributes
    ----------
    source
        Whose answer stood before.
    """

    question: Question
    place: str
    source: Stage
    first_answer: str
    first_option: str
    first_value: float | None
    first_note: str
    second_answer: str
    second_option: str
    second_value: float | None
    second_note: str


def evidence_links(evidence: Iterable[str]) -> tuple[Link, ...]:
    """Return evidence as typed; only http and https addresses get a target.

    A text with an address in it leads there; one with several is as many links.
    """
    links = []
    for text in evidence:
        shown = text.strip()
        if not shown:
            continue
        if _is_web(shown) and not any(map(str.isspace, shown)):
            links.append(Link(shown, shown))
            continue
        found = [match for match in ADDRESS.finditer(shown) if _is_web(match[0])]
        start = 0
        for match in found[:-1]:
            links.append(Link(shown[start : match.end()].strip(" ,;"), match[0]))
            start = match.end()
        rest = shown[start:]
        links.append(Link(rest.strip(" ,;") if start else rest, found[-1][0] if found else ""))
    return tuple(links)


def _is_web(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return parts.scheme.lower() in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return False


def _option_text(question: Question, answer: Value | None) -> str:
    """Return what the chosen option says, empty where the answer is no option."""
    return question.options.get(answer, "") if isinstance(answer, str) else ""


def answer_line(question: Question, answer: Value | None) -> str:
    """Write an answer with what the chosen option says, empty without an answer."""
    if answer is None:
        return ""
    text, option = answer_text(question, answer), _option_text(question, answer)
    return f"{text}. {option}" if option else text


def prerequisite_rows(outcomes: Iterable[PrerequisiteOutcome]) -> tuple[PrerequisiteRow, ...]:
    """Word what each prerequisite asks and what was stated."""
    rows = []
    for outcome in outcomes:
        item = outcome.prerequisite
        at_least = "" if item.kind == "yes" else "sedikitnya "
        rows.append(
            PrerequisiteRow(
                title=item.title,
                need=f"{at_least}{fact_text(outcome.need, item.unit_of_measure)}",
                got=fact_text(outcome.got, item.unit_of_measure),
                status=outcome.status,
                waived=outcome.waived,
                source=item.source,
            )
        )
    return tuple(rows)


def _split(evaluation: Evaluation, nodes: tuple[str, ...]) -> tuple[PartScore, ...]:
    """Return what gives an area its points: its nodes by aspect, or what is below its only one."""
    instrument, card = evaluation.instrument, evaluation.card
    is_single = len(nodes) == 1
    parts = []
    for part in instrument.children[nodes[0]] if is_single else nodes:
        named = part if is_single else parent_id(part) or part
        question = instrument.questions.get(named)
        title = (question.title if question else "") or title_of(instrument, named)
        parts.append(PartScore(title, card.nodes[part].score, card.nodes[part].weight or 0.0))
    return tuple(parts)


def area_rows(evaluation: Evaluation) -> tuple[AreaRow, ...]:
    """Return every area with what its parts give and its minimum for the target.

    An instrument without areas shows its components.
    """
    instrument, card = evaluation.instrument, evaluation.card
    rows = []
    for area in instrument.areas or compared_areas(instrument):
        score = card.group(area.id, area.nodes)
        parts = _split(evaluation, area.nodes)
        outcome = outcome_for(instrument, evaluation.target, area.nodes)
        rows.append(AreaRow(area.id, area.title, parts, score.score, score.weight or 0.0, outcome))
    return tuple(rows)


def result_rows(evaluation: Evaluation) -> tuple[ResultRow, ...]:
    """Return the questions that carry a weight of their own, with their minimum."""
    rows = []
    for question in evaluation.instrument.questions.values():
        if question.weight is None:
            continue
        value = evaluation.card.values[question.id]
        outcome = outcome_for(evaluation.instrument, evaluation.target, (question.id,))
        need_index = None
        if outcome is not None and question.scale.kind == "index":
            need_index = outcome.need / question.weight * question.scale.top
        rows.append(
            ResultRow(
                question=question,
                answer=answer_text(question, value.answer),
                option=_option_text(question, value.answer),
                got=evaluation.card.nodes[question.id].score,
                weight=question.weight,
                outcome=outcome,
                need_index=need_index,
            )
        )
    return tuple(rows)


def difference_rows(evaluation: Evaluation) -> tuple[DifferenceRow, ...]:
    """Return the questions that the stage's evaluators answer otherwise than who came before.

    At the unit's own stage there are none.
    """
    rows = []
    stage, before = evaluation.stage, evaluation.stage.before
    for question in evaluation.instrument.questions.values():
        answer = evaluation.assessment.answers.get(question.id, Answer())
        if stage is before or not answer.differs(stage):
            continue
        stood = answer.source(before)
        rows.append(
            DifferenceRow(
                question=question,
                place=area_of(evaluation.instrument, question.id),
                source=stood,
                first_answer=answer_text(question, answer.given(stood)),
                first_option=_option_text(question, answer.given(stood)),
                first_value=evaluation.before_card.values[question.id].value,
                first_note=answer.note_of(stood).strip(),
                second_answer=answer_text(question, answer.given(stage)),
                second_option=_option_text(question, answer.given(stage)),
                second_value=evaluation.card.values[question.id].value,
                second_note=answer.note_of(stage).strip(),
            )
        )
    return tuple(rows)


def _answer_row(evaluation: Evaluation, question: Question) -> AnswerRow:
    answer = evaluation.assessment.answers.get(question.id, Answer())
    value = evaluation.card.values[question.id]
    given = answer.value(evaluation.stage)
    return AnswerRow(
        question=question,
        answer=answer_text(question, given),
        option=_option_text(question, given),
        value=value.value,
        source=value.source,
        remark=value.remark,
        reason=answer.reason.strip(),
        note=answer.note.strip(),
        tpi_note=answer.tpi_note.strip() if evaluation.stage.is_evaluated else "",
        tpn_note=answer.tpn_note.strip() if evaluation.stage is Stage.TPN else "",
        evidence=evidence_links(answer.evidence),
    )


def answer_groups(evaluation: Evaluation) -> tuple[AnswerGroup, ...]:
    """Return all questions with their answers, by area, then by component for the others."""
    instrument, card = evaluation.instrument, evaluation.card
    groups = [(area.title, area.nodes) for area in instrument.areas]
    covered = set(instrument.questions_of((node for _, nodes in groups for node in nodes)))
    for root in instrument.roots:
        if covered.isdisjoint(instrument.questions_below(root)):
            groups.append((instrument.nodes[root].title, (root,)))
    shown = []
    for title, nodes in groups:
        score = card.group(title, nodes)
        rows = [
            _answer_row(evaluation, instrument.questions[question])
            for question in instrument.questions_of(nodes)
        ]
        shown.append(
            AnswerGroup(title, score.score, score.weight or 0.0, score.answered, tuple(rows))
        )
    return tuple(shown)


def missing_evidence(evaluation: Evaluation) -> tuple[tuple[str, tuple[Question, ...]], ...]:
    """Return the answered questions without evidence, by area in official order."""
    by_area: dict[str, list[Question]] = {}
    for identifier, value in evaluation.card.values.items():
        answer = evaluation.assessment.answers.get(identifier, Answer())
        if value.value is not None and not evidence_links(answer.evidence):
            place = area_of(evaluation.instrument, identifier)
            by_area.setdefault(place, []).append(evaluation.instrument.questions[identifier])
    return tuple((place, tuple(questions)) for place, questions in by_area.items())
