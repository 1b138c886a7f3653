"""Where the units stand with the TPN, in lines of text."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import shorten
from typing import Final

from zi_eval.national.values import Decision, NationalStage, NationalStages, Outcome, UnitStages

__all__ = ["outcome_class", "stage_title", "stages_text", "standing_text", "summary_text"]

LONGEST: Final = 100
CLASSES: Final = {Outcome.PASSED: "met", Outcome.FAILED: "not_met", Outcome.PENDING: "unknown"}


def outcome_class(outcome: Outcome) -> str:
    """Return the look of an outcome."""
    return CLASSES[outcome]


def standing_text(item: UnitStages) -> str:
    """Say where a unit stands: ``lulus desk dan wawancara (12/09/2026)``."""
    return f"{item.text}{'; dapat disanggah' if item.may_object else ''}"


def stage_title(stage: NationalStage) -> str:
    """Write a stage as a heading does."""
    return f"{stage.value[0].upper()}{stage.value[1:]}"


def summary_text(stages: NationalStages) -> str:
    """Say how many units were proposed, and how many passed, failed and wait."""
    units = stages.units.values()
    counts = {o: sum(item.outcome is o for item in units) for o in Outcome}
    said = ", ".join(
        f"{counts[outcome]} {word}"
        for outcome, word in (
            (Outcome.PASSED, "lulus"),
            (Outcome.PENDING, "masih dinilai"),
            (Outcome.FAILED, "tidak lulus"),
        )
    )
    return f"{len(units)} unit dinilai TPN: {said}."


def stages_text(stages: NationalStages, names: Mapping[str, str]) -> str:
    """Return all decisions as text, unit by unit."""
    lines = [summary_text(stages)]
    for unit, item in stages.units.items():
        lines.append(f"{names.get(unit) or unit}: {standing_text(item)}")
        lines += [f"  {line}" for decision in item.decisions for line in _decision(decision)]
    return "\n".join(lines)


def _decision(item: Decision) -> list[str]:
    day = f"{item.day:%d/%m/%Y} " if item.day else ""
    lines = [f"{day}{item.stage}: {item.outcome}"]
    for what, text in (("kondisi", item.condition), ("rekomendasi", item.recommendation)):
        if text:
            lines.append(f"    {what}: {shorten(text, LONGEST, placeholder='…')}")
    return lines
