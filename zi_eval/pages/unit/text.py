"""An evaluation and the origin of a figure as plain text, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from zi_eval.core.evaluation import Evaluation
from zi_eval.core.instrument import Instrument
from zi_eval.core.problems import nearest
from zi_eval.core.proven import score_proven
from zi_eval.core.verdict import Verdict
from zi_eval.errors import ZiEvalError
from zi_eval.report.bands import band_reasons, verdict_title
from zi_eval.report.words import (
    doubts_text,
    fact_text,
    format_count,
    format_number,
    format_points_against,
    formula_text,
    margin_text,
    stage_text,
    status_icon,
    status_label,
    verdict_label,
)

if TYPE_CHECKING:
    from zi_eval.core.trace import Trace

__all__ = ["render_score", "render_trace"]


def _title(instrument: Instrument, identifier: str) -> str:
    if identifier == "total":
        return "Nilai total"
    if identifier in instrument.nodes:
        return instrument.nodes[identifier].title
    return instrument.questions[identifier].text


def _verdict_lines(verdict: Verdict) -> Iterator[str]:
    yield ""
    yield f"{verdict.predicate}: {verdict_label(verdict.status, verdict.predicate)}"
    if verdict.doubts:
        yield f"  ! {doubts_text(verdict.doubts)}"
    yield from (f"  i {text}" for text in verdict.explained)
    for outcome in verdict.rules:
        sign = "✓" if outcome.is_met else "✕"
        got = format_points_against(outcome.got, outcome.need)
        need = format_number(outcome.need)
        yield (
            f"  {sign} {outcome.rule.title:<48.48} {got:>8} dari {need:>6}  "
            f"{margin_text(outcome.margin)}"
        )
    for item in verdict.prerequisites:
        unit = item.prerequisite.unit_of_measure
        yield (
            f"  {status_icon(item.status)} {item.prerequisite.title}: {fact_text(item.got, unit)} "
            f"(diminta {fact_text(item.need, unit)}), {status_label(item.status)}"
        )
    if verdict.open_questions:
        yield f"  Belum dijawab: {', '.join(verdict.open_questions)}"


def render_score(evaluation: Evaluation) -> str:
    """Return total, areas and verdicts as text."""
    instrument, card = evaluation.instrument, evaluation.card
    unit = evaluation.assessment.unit
    lines = [
        f"{unit.name} ({unit.id}), {stage_text(evaluation)}, "
        f"instrumen {instrument.id}, aturan {evaluation.rules.id}",
        f"Nilai total {format_number(card.total.score)} dari {format_count(instrument.weight)}; "
        f"nilai dasar {format_number(card.total.floor)}; "
        f"{card.total.answered} dari {card.total.questions} pertanyaan terjawab",
        f"Nilai yang berbukti {format_number(score_proven(evaluation))}: hanya jawaban yang "
        "disertai bukti dihitung",
    ]
    if card.taken_over:
        lines.append(f"{len(card.taken_over)} jawaban diambil dari unit karena TPI belum menjawab")
    lines.append("")
    for identifier, node in instrument.nodes.items():
        if node.kind == "subarea":
            continue
        depth = identifier.count(".")
        score = card.nodes[identifier]
        lines.append(
            f"{'  ' * depth}{identifier} {node.title}".ljust(58)[:58]
            + f"{format_number(score.score):>8} / {format_count(node.weight)}"
        )
    if evaluation.rules.bands:
        title = verdict_title(evaluation, evaluation.target)
        lines += ["", title, *(f"  {sentence}" for sentence in band_reasons(evaluation))]
        if evaluation.target.doubts:
            lines.append(f"  ! {doubts_text(evaluation.target.doubts)}")
        if evaluation.target.open_questions:
            lines.append(f"  Belum dijawab: {', '.join(evaluation.target.open_questions)}")
        return "\n".join(lines)
    for verdict in evaluation.verdicts.values():
        lines += _verdict_lines(verdict)
    return "\n".join(lines)


def _trace_lines(instrument: Instrument, trace: Trace, depth: int) -> Iterator[str]:
    indent = "  " * depth
    yield f"{indent}{trace.id} {_title(instrument, trace.id)}"
    yield f"{indent}  = {formula_text(trace)} = {format_count(trace.result)}"
    if trace.left_out:
        yield f"{indent}  belum dijawab, tidak ikut dihitung: {', '.join(trace.left_out)}"
    for part in trace.parts:
        yield from _trace_lines(instrument, part, depth + 1)


def render_trace(evaluation: Evaluation, identifier: str) -> str:
    """Return where one figure comes from, down to the answers.

    Raises
    ------
    ZiEvalError
        Where the instrument has no such id; the nearest one is named.
    """
    instrument = evaluation.instrument
    known = ("total", *instrument.nodes, *instrument.questions)
    if identifier not in known:
        near = nearest(identifier, known)
        hint = f" Mungkin maksudnya '{near}'." if near else ""
        raise ZiEvalError(f"'{identifier}' tidak ada dalam {instrument.id}.{hint}")
    from zi_eval.core.trace import trace_score

    trace = trace_score(instrument, evaluation.card, identifier)
    return "\n".join(_trace_lines(instrument, trace, 0))
