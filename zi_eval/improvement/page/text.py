"""The way to a predicate as plain text, for a terminal, and as plain values."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import shorten

from zi_eval.core.assessment import NOT_APPLICABLE, Value
from zi_eval.core.evaluation import Evaluation
from zi_eval.improvement.page.plan import plan_sentences
from zi_eval.improvement.page.rows import ActionRow, action_groups
from zi_eval.improvement.way import Improvement, Way
from zi_eval.report.tables import prerequisite_rows
from zi_eval.report.titles import rule_name
from zi_eval.report.words import (
    format_count,
    format_number,
    format_points_against,
    status_icon,
)

__all__ = [
    "dump_improvement",
    "render_improvement",
]

LONGEST = 56


def _row(row: ActionRow) -> str:
    mark = " (ditetapkan)" if row.is_fixed else " (survei)" if row.is_survey else ""
    change = f"{row.now} → {row.then}{mark}"
    name = shorten(row.question.title or row.question.text, LONGEST, placeholder="…")
    numbers = f"{format_count(row.effort):>6} {f'+{format_number(row.points)}':>6}"
    return f"    {row.question.id:<13} {change:<22} {numbers}  {name}"


def _blocked(evaluation: Evaluation, found: Improvement) -> Iterator[str]:
    if found.blocked is None:
        return
    for outcome in found.blocked.rules:
        name = rule_name(evaluation.instrument, outcome.rule)
        most = format_points_against(outcome.got, outcome.need)
        yield f"  ✕ {name}: paling tinggi {most}, diminta {format_number(outcome.need)}"
        for key, points in found.blocked.limits[outcome.rule.id]:
            yield f"      batas pada {key}: +{format_number(points)} poin bila dilepas"


def render_improvement(evaluation: Evaluation, found: Improvement) -> str:
    """Return the way of one unit as text, or the proof that there is none."""
    unit = evaluation.assessment.unit
    lines = [f"{unit.name or unit.id} ({unit.id}) menuju {found.predicate}"]
    lines += [f"  {sentence}" for sentence in plan_sentences(evaluation, found)]
    if found.way is not None and found.way.moves:
        lines.append(f"    {'':<36} {'upaya':>6} {'poin':>6}")
        for group in action_groups(evaluation, found.way):
            lines.append(f"  {group.title}")
            lines += [_row(row) for row in group.rows]
    if found.to_answer:
        lines.append(f"  Cukup dijawab: {', '.join(found.to_answer)}")
    lines += _blocked(evaluation, found)
    missing = (*found.verdict.failed_prerequisites, *found.verdict.unknown_prerequisites)
    for item in prerequisite_rows(missing):
        lines.append(
            f"  {status_icon(item.status)} Prasyarat {item.title}: "
            f"diminta {item.need}, sekarang {item.got}"
        )
    if found.way is not None and found.way.moves:
        lines.append(f"  Upaya: {found.effort_title}")
    return "\n".join(lines)


def dump_improvement(evaluation: Evaluation, found: Improvement) -> dict[str, object]:
    """Return a way, or what stands in it, as plain values for JSON."""
    blocked = found.blocked
    return {
        "unit": evaluation.assessment.unit.id,
        "predikat": found.predicate,
        "upaya_menurut": found.effort_title,
        "jalan": _way_json(found.way),
        "cukup_dijawab": found.to_answer,
        "prasyarat_belum_terpenuhi": [
            item.prerequisite.id for item in found.verdict.failed_prerequisites
        ],
        "prasyarat_belum_dinyatakan": [
            item.prerequisite.id for item in found.verdict.unknown_prerequisites
        ],
        "tidak_terjangkau": blocked
        and {
            "ambang": [
                {"id": item.rule.id, "diminta": item.need, "paling_tinggi": item.got}
                for item in blocked.rules
            ],
            "batas": {rule: dict(limits) for rule, limits in blocked.limits.items()},
            "cukup_dilepas": blocked.enough,
            "terjangkau_tanpa_batas": blocked.is_reachable_without,
        },
    }


def _way_json(way: Way | None) -> dict[str, object] | None:
    if way is None:
        return None
    return {
        "upaya": way.effort,
        "jawaban": [
            {
                "pertanyaan": move.question.id,
                "dari": _plain(move.now),
                "menjadi": _plain(move.then),
                "langkah": move.steps,
                "upaya": move.effort,
                "poin": move.points,
                "membantu": move.helps,
                "survei": move.is_survey,
                "ditetapkan": move.is_fixed,
            }
            for move in way.moves
        ],
    }


def _plain(value: Value | None) -> object:
    """Return an answer as JSON can hold it."""
    return value.value if value is NOT_APPLICABLE else value
