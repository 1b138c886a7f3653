"""Trends for the terminal."""

from __future__ import annotations

from typing import Final

from zi_eval.core.verdict import TOLERANCE
from zi_eval.trends.agency import AgencyStep, Trends
from zi_eval.trends.page.words import (
    agency_lead,
    answers_text,
    instrument_text,
    points_text,
    question_text,
    short_answer,
    step_lead,
    verdict_sentences,
)
from zi_eval.trends.unit import Step

__all__ = ["render_trends"]

MOST: Final = 8


def render_trends(data: Trends) -> str:
    """Return the trends of a unit or an agency as text, the latest step first."""
    lines = [data.title]
    for step in reversed(data.unit.steps if data.unit else ()):
        lines += ["", *_unit_lines(step)]
    for whole in reversed(data.agency.steps if data.agency else ()):
        lines += ["", *_agency_lines(whole)]
    return "\n".join(lines)


def _unit_lines(step: Step) -> list[str]:
    lines = [
        step_lead(step),
        f"  Jawaban          {points_text(step.answers):>8}  {answers_text(step)}",
        f"  Bobot dan skala  {points_text(step.instrument):>8}  {instrument_text(step)}",
        f"  Aturan                     {' '.join(verdict_sentences(step))}",
    ]
    moved = [item for item in step.questions if abs(item.answers) > TOLERANCE]
    for item in sorted(moved, key=lambda q: -abs(q.answers))[:MOST]:
        then = step.before.instrument.questions.get(item.earlier_id or "")
        today = step.now.instrument.questions.get(item.id or "")
        said = (
            f"{short_answer(then, item.before, item.before_value)} → "
            f"{short_answer(today, item.now, item.now_value)}"
        )
        lines.append(
            f"  {points_text(item.answers):>7}  {item.name}  {said}  {question_text(step, item)}"
        )
    if len(moved) > MOST:
        lines.append(f"  dan {len(moved) - MOST} pertanyaan lain")
    return lines


def _agency_lines(step: AgencyStep) -> list[str]:
    lines = list(agency_lead(step))
    incomplete = {item.now.assessment.unit.id for item in step.incomplete}
    for item in sorted(step.steps, key=lambda s: -s.change):
        unit = item.now.assessment.unit
        note = "  (belum lengkap)" if unit.id in incomplete else ""
        lines.append(f"  {points_text(item.change):>7}  {unit.name or unit.id}{note}")
    return lines
