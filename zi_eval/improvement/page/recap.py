"""Which single step up helps most units: a section of the recap, text, and plain values."""

from __future__ import annotations

from textwrap import shorten
from typing import Final

from zi_eval.core.agency import AgencyEvaluation
from zi_eval.improvement.shared import SharedSteps
from zi_eval.report.page import Room, Section
from zi_eval.report.titles import area_of
from zi_eval.report.words import format_number

__all__ = ["dump_shared_steps", "improvement_recap_section", "render_shared_steps"]

ROOM: Final = Room("improvement/page")
LIMIT: Final = 10
"""How many questions are shown."""
LONGEST: Final = 56


def improvement_recap_section(agency: AgencyEvaluation, found: SharedSteps) -> Section:
    """Show which single step helps most units; say so where every unit has what it aims at."""
    return ROOM.section(
        "recap",
        steps=[
            (step, area_of(agency.instrument, step.question.id)) for step in found.steps[:LIMIT]
        ],
        more=max(0, len(found.steps) - LIMIT),
        units=len(found.units),
        is_banded=bool(agency.rules.bands),
    )


def render_shared_steps(agency: AgencyEvaluation, found: SharedSteps) -> str:
    """Return which single step helps most units, as text."""
    if not agency.evaluations:
        return "Belum ada unit yang dapat dinilai. Mulai dengan 'zi-eval import'."
    if not found.units:
        return "Tidak ada unit yang sudah menjawab dan masih kurang nilainya."
    if not found.steps:
        return "Tidak ada jawaban yang dapat naik, selain indeks survei."
    lines = [
        f"Satu langkah yang menolong paling banyak dari {len(found.units)} unit yang masih kurang:"
    ]
    for step in found.steps[:LIMIT]:
        name = shorten(step.question.title or step.question.text, LONGEST, placeholder="…")
        alone = f", langsung mencapai satu ambang di {len(step.alone)} unit" if step.alone else ""
        lines += [
            f"  {step.question.id:<13} {step.change or 'ke nilai penuh'}  {len(step.units)} unit, "
            f"+{format_number(step.points)} poin per unit{alone}",
            f"      {name} ({area_of(agency.instrument, step.question.id)})",
        ]
    return "\n".join(lines)


def dump_shared_steps(found: SharedSteps) -> list[dict[str, object]]:
    """Return the steps that many units share, the best first, as plain values for JSON."""
    return [
        {
            "pertanyaan": step.question.id,
            "unit": step.units,
            "langsung_mencapai_ambang": step.alone,
            "poin_rata_rata": step.points,
            "langkah_tersering": step.change,
        }
        for step in found.steps
    ]
