"""The rows of each table, from core values and what the topics found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np

from zi_eval.core.assessment import NOT_APPLICABLE, Answer, Fact, Stage, Value
from zi_eval.core.evaluation import Evaluation
from zi_eval.core.instrument import Instrument, Question
from zi_eval.core.problems import Problem, Severity
from zi_eval.core.scoring import NodeScore
from zi_eval.lke.findings import WorkbookAudit
from zi_eval.national.holders import Holder
from zi_eval.national.values import Decision
from zi_eval.performance.watch import PlanStanding
from zi_eval.recommendations.values import AGENCY, Register
from zi_eval.similarities.values import Similarity
from zi_eval.survey.unit import UnitSurveys
from zi_eval.workplan.monitoring import WorkPlanStanding

__all__ = [
    "activity_rows",
    "alike_rows",
    "answer_rows",
    "change_rows",
    "comparison_rows",
    "decision_rows",
    "difference_rows",
    "finding_rows",
    "holder_rows",
    "indicator_rows",
    "levels_of",
    "move_rows",
    "official_order",
    "order_of",
    "prerequisite_rows",
    "problem_rows",
    "recommendation_rows",
    "rule_rows",
    "score_rows",
    "similarity_rows",
    "survey_rows",
    "trend_rows",
    "unit_rows",
]


def _text(value: Value | Fact | None) -> str | None:
    """Write an answer or a fact as plain text; None stays missing."""
    if value is None:
        return None
    if value is NOT_APPLICABLE:
        return str(value.value)
    if isinstance(value, bool):
        return "Ya" if value else "Tidak"
    if isinstance(value, tuple):
        return "; ".join("?" if item is None else f"{item:g}" for item in value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def official_order(instrument: Instrument) -> tuple[str, ...]:
    """Return every id of a score in its order: total, areas, then nodes and questions."""
    return ("total", *(area.id for area in instrument.areas), *instrument.order)


def order_of(evaluations: Sequence[Evaluation], instrument: Instrument) -> dict[str, Sequence[str]]:
    """Return the orders of what an instrument and its rules name."""
    predicates = evaluations[0].rules.predicates if evaluations else ()
    return {
        "id": official_order(instrument),
        "question": tuple(instrument.questions),
        **({"predicate": predicates, "target": predicates} if predicates else {}),
    }


def unit_rows(ranked: Iterable[tuple[Evaluation, int | None]]) -> Iterator[tuple[Any, ...]]:
    """Return one row a unit."""
    for item, rank in ranked:
        unit, total, target = item.assessment.unit, item.card.total, item.target
        yield (
            unit.id, unit.name, unit.kind or None, item.stage.value,
            item.assessment.target or None, target.status.value,
            total.score, total.floor, total.ceiling, rank, total.answered,
            total.questions, len(target.failed_rules), len(target.failed_prerequisites),
            len(target.unknown_prerequisites), len(item.problems),
        )  # fmt: skip


def levels_of(instrument: Instrument) -> dict[str, tuple[str, str]]:
    """Return level and title of each node and question."""
    kinds = {"area": "part" if instrument.areas else "area"}
    found = {
        key: (kinds.get(node.kind, str(node.kind)), node.title)
        for key, node in instrument.nodes.items()
    }
    return found | {key: ("question", item.text) for key, item in instrument.questions.items()}


def _score(head: tuple[str, ...], key: str, title: str, score: NodeScore) -> tuple[Any, ...]:
    percent = score.score / score.weight * 100 if score.score is not None and score.weight else None
    return (
        *head, key, title, score.score, score.weight, percent, score.floor, score.ceiling,
        score.answered, score.questions,
    )  # fmt: skip


def score_rows(
    evaluations: Iterable[Evaluation], level: str | None = None
) -> Iterator[tuple[Any, ...]]:
    """Return one row a unit and node, question or area; of one level where it is named."""
    levels: dict[str, dict[str, tuple[str, str]]] = {}
    for item in evaluations:
        instrument, card = item.instrument, item.card
        named = levels.setdefault(instrument.id, levels_of(instrument))
        head = (item.assessment.unit.id, item.stage.value)
        if level in (None, "total"):
            yield _score((*head, "total"), "total", "Nilai total", card.total)
        if level in (None, "area"):
            for area in instrument.areas:
                score = card.group(area.id, area.nodes)
                yield _score((*head, "area"), area.id, area.title, score)
        for key, score in card.nodes.items():
            kind, title = named[key]
            if level in (None, kind):
                yield _score((*head, kind), key, title, score)


def answer_rows(evaluations: Iterable[Evaluation]) -> Iterator[tuple[Any, ...]]:
    """Return one row a unit and question."""
    points_of: dict[str, dict[str, float]] = {}
    for item in evaluations:
        points = points_of.setdefault(item.instrument.id, item.instrument.question_points())
        answers = item.assessment.answers
        for key, value in item.card.values.items():
            answer = answers.get(key, Answer())
            weight, got = points[key], value.value
            yield (
                item.assessment.unit.id, item.stage.value, key,
                item.instrument.questions[key].text, _text(answer.value(item.stage)), got,
                None if got is None else got * weight, weight,
                value.source.value if value.source else None, len(answer.evidence),
                _note(answer, item.stage),
            )  # fmt: skip


def _note(answer: Answer, stage: Stage) -> str | None:
    """Return what the last who may write at a stage wrote of a question."""
    note = answer.note_of(stage).strip()
    return note or (_note(answer, stage.before) if stage.is_evaluated else None)


def rule_rows(evaluations: Iterable[Evaluation], failed: bool = False) -> Iterator[tuple[Any, ...]]:
    """Return one row a unit, predicate and rule; only those not reached where ``failed``."""
    for item in evaluations:
        for predicate, verdict in item.verdicts.items():
            for outcome in verdict.failed_rules if failed else verdict.rules:
                yield (
                    item.assessment.unit.id, item.stage.value, predicate, outcome.rule.id,
                    outcome.rule.title, outcome.need, outcome.got, outcome.margin,
                    outcome.status.value, outcome.rule.source,
                )  # fmt: skip


def prerequisite_rows(
    evaluations: Iterable[Evaluation], unknown: bool = False
) -> Iterator[tuple[Any, ...]]:
    """Return one row a unit, predicate and prerequisite; only unstated ones where ``unknown``."""
    for item in evaluations:
        for predicate, verdict in item.verdicts.items():
            for found in verdict.unknown_prerequisites if unknown else verdict.prerequisites:
                asked = found.prerequisite
                yield (
                    item.assessment.unit.id, predicate, asked.id, asked.who, asked.title,
                    _text(found.need), _text(found.got), found.status.value, asked.source,
                )  # fmt: skip


def difference_rows(evaluations: Iterable[Evaluation]) -> Iterator[tuple[Any, ...]]:
    """Return one row for each question that a stage answers otherwise than the one before."""
    points_of: dict[str, dict[str, float]] = {}
    for item in evaluations:
        points = points_of.setdefault(item.instrument.id, item.instrument.question_points())
        for key, question in item.instrument.questions.items():
            answer = item.assessment.answers.get(key, Answer())
            if not answer.differs(item.stage):
                continue
            first, second = item.before_card.values[key].value, item.card.values[key].value
            moved = None if first is None or second is None else (second - first) * points[key]
            yield (
                item.assessment.unit.id, key, question.text,
                _text(answer.value(item.stage.before)), _text(answer.given(item.stage)), first,
                second, moved, answer.note_of(item.stage).strip() or None,
            )  # fmt: skip


def alike_rows(evaluations: Sequence[Evaluation]) -> Iterator[tuple[Any, ...]]:
    """Return one row for each two units, with how many answers are the same, most alike first."""
    questions = evaluations[0].instrument.questions if evaluations else {}
    codes: dict[Any, int] = {}
    given = np.array(
        [
            [
                -1 if (value := item.card.values[key].answer) is None
                else codes.setdefault((key, value), len(codes))
                for key in questions
            ]
            for item in evaluations
        ]
    ).reshape(len(evaluations), len(questions))  # fmt: skip
    found = []
    for place, item in enumerate(evaluations):
        rest = given[place + 1 :]
        both = ((rest >= 0) & (given[place] >= 0)).sum(axis=1)
        same = ((rest == given[place]) & (given[place] >= 0)).sum(axis=1)
        others = evaluations[place + 1 :]
        for other, alike, of in zip(others, same.tolist(), both.tolist(), strict=True):
            percent = alike / of * 100 if of else None
            found.append(
                (item.assessment.unit.id, other.assessment.unit.id, alike, of, percent)
            )  # fmt: skip
    yield from sorted(found, key=lambda row: (-(row[4] or 0.0), row[0], row[1]))


def similarity_rows(found: Iterable[Similarity]) -> Iterator[tuple[Any, ...]]:
    """Return one row for each thing that is the same across units, or stands out in one."""
    for item in found:
        yield (
            item.sign.value, item.units[0], item.units[1] if len(item.units) > 1 else None,
            item.count, item.of, item.expected, item.strength or None, item.seconds,
            ", ".join(item.places) or None,
        )  # fmt: skip


def problem_rows(problems: Iterable[tuple[str | None, Problem]]) -> Iterator[tuple[Any, ...]]:
    """Return one row a problem, each given with its unit or None."""
    for unit, item in problems:
        yield (
            unit, "error" if item.severity is Severity.ERROR else "warning", item.code,
            item.message, item.hint or None, item.file or None, item.line, item.cell or None,
            item.key or None,
        )  # fmt: skip


def change_rows(changes: Iterable[tuple[str, Any]]) -> Iterator[tuple[Any, ...]]:
    """Return one row a change (:class:`zi_eval.journal.fields.Change`), each with its unit."""
    for unit, item in changes:
        yield (
            unit, item.number, item.time, item.person.name, item.person.role.value,
            item.place.key, item.place.field, _plain(item.old), _plain(item.new), item.undoes,
        )  # fmt: skip


def _plain(value: Any) -> str | None:
    if isinstance(value, list):
        return "; ".join("?" if item is None else _plain(item) or "" for item in value)
    if isinstance(value, dict):
        return ", ".join(f"{key} {_plain(item)}" for key, item in value.items())
    return _text(value)


def indicator_rows(standings: Mapping[str, PlanStanding]) -> Iterator[tuple[Any, ...]]:
    """Return one row a unit and indicator of its performance plan."""
    for unit, standing in standings.items():
        of = zip(standing.plan.indicators, standing.score.indicators, standing.watches, strict=True)
        for item, got, watch in of:
            current = got.current
            yield (
                unit, item.goal, item.name, item.unit_of_measure or None, item.is_key,
                got.quarter or None, item.year_target,
                item.result_until(got.quarter) if got.quarter else None,
                current.percent if current else None, watch.light.name.lower(),
                watch.reason or None, item.ceiling, item.spent,
            )  # fmt: skip


def survey_rows(surveys: Iterable[UnitSurveys]) -> Iterator[tuple[Any, ...]]:
    """Return one row a unit, survey and element, the survey's index before its elements."""
    for data in surveys:
        for result in data.results:
            key, between = result.survey.key, result.interval
            yield (
                data.unit, key, "index", result.survey.title, result.index,
                between.low if between else None, between.high if between else None,
                result.respondents,
            )  # fmt: skip
            for item in result.elements:
                yield (
                    data.unit, key, item.element.code, item.element.name, item.index,
                    item.interval.low if item.interval else None,
                    item.interval.high if item.interval else None, sum(item.counts),
                )  # fmt: skip


def move_rows(moves: Iterable[Any]) -> Iterator[tuple[Any, ...]]:
    """Return one row for each answer that a way raises (:class:`zi_eval.improvement.way.Move`)."""
    for move in moves:
        question: Question = move.question
        yield (
            question.id, question.text, _text(move.now), _text(move.then), move.steps,
            move.effort, move.points,
        )  # fmt: skip


def finding_rows(audits: Iterable[WorkbookAudit]) -> Iterator[tuple[Any, ...]]:
    """Return one row a finding of audited workbooks."""
    for audited in audits:
        kinds = (
            ("damage", audited.findings), ("template", audited.template), ("note", audited.notes)
        )  # fmt: skip
        for kind, found in kinds:
            for item in found:
                yield (
                    audited.file, kind, item.code, item.sheet or None, item.cell or None,
                    item.key or None, item.message, item.points, item.is_fixable,
                )  # fmt: skip


def comparison_rows(before: Evaluation, after: Evaluation) -> Iterator[tuple[Any, ...]]:
    """Return one row for each score that is another, the total always."""
    then = {row[3]: row for row in score_rows([before])}
    for row in score_rows([after]):
        level, key, title, score = row[2], row[3], row[4], row[5]
        old = then[key][5]
        change = None if score is None or old is None else score - old
        if key == "total" or old != score:
            yield level, key, title, old, score, change


def trend_rows(periods: Iterable[tuple[str, Evaluation]]) -> Iterator[tuple[Any, ...]]:
    """Return one row a period and score above the questions."""
    for period, item in periods:
        for row in score_rows([item]):
            if row[2] != "question":
                yield (period, *row[2:8])


def activity_rows(standings: Mapping[str, WorkPlanStanding]) -> Iterator[tuple[Any, ...]]:
    """Return one row for each activity of the units' work plans."""
    for unit, standing in standings.items():
        for item in standing.activities:
            told = item.item
            yield (
                unit, told.name, ", ".join(told.questions) or None, told.is_priority,
                told.owner or None, standing.month or None, item.status.value, item.planned,
                item.reached, item.whole, told.unit_of_measure or None, item.late_since or None,
                item.is_unproven, ", ".join(item.without_effect) or None, told.evidence or None,
                told.obstacle or None, told.follow_up or None,
            )  # fmt: skip


def recommendation_rows(registers: Mapping[str, Register]) -> Iterator[tuple[Any, ...]]:
    """Return one row for each recommendation to a unit, or to the agency (unit NA)."""
    for unit, register in registers.items():
        for item in register.items:
            yield (
                None if unit == AGENCY else unit, item.number, item.origin.value,
                ", ".join(item.questions) or None, item.text, item.owner or None,
                item.issued, item.due, item.status.value, item.is_open,
                not item.is_open and not item.lacks_proof, item.action or None,
                item.proof or None, item.verified_by or None, item.period, item.since,
            )  # fmt: skip


def holder_rows(items: Iterable[Holder], day: date) -> Iterator[tuple[Any, ...]]:
    """Return one row for each predicate that a unit holds or held on a day."""
    for item in items:
        yield (
            item.unit, item.predicate, item.awarded, item.decree or None, item.is_active(day),
            item.monitored, item.next_due, item.revoked, item.reason or None,
            item.replication or None,
        )  # fmt: skip


def decision_rows(decisions: Iterable[Decision]) -> Iterator[tuple[Any, ...]]:
    """Return one row for each decision of the TPN."""
    for item in decisions:
        yield (
            item.unit, item.stage.value, item.outcome.value, item.day, item.condition or None,
            item.recommendation or None,
        )  # fmt: skip
