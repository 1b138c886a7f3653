"""Where the units stand with the TPN, in lines of text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from textwrap import shorten
from typing import Final

from zi_eval.core.problems import Problem
from zi_eval.national.holders import Holder, Holders
from zi_eval.national.values import Decision, NationalStage, NationalStages, Outcome, UnitStages

__all__ = [
    "due_text",
    "holder_text",
    "holders_text",
    "outcome_class",
    "stage_title",
    "stages_text",
    "standing_text",
    "summary_text",
]

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


def holder_text(item: Holder, day: date) -> str:
    """Say since when a predicate is held or from when, or when it is revoked and why."""
    since = "mulai" if item.is_coming(day) else "sejak"
    said = f"{item.predicate} {since} {item.awarded:%d/%m/%Y}" if item.awarded else item.predicate
    if item.is_coming(day):
        said += ", belum dipegang"
    if item.revoked is None:
        return said
    why = f": {shorten(item.reason, LONGEST, placeholder='…')}" if item.reason else ""
    will = "" if item.is_revoked(day) else "akan "
    return f"{said}, {will}dicabut {item.revoked:%d/%m/%Y}{why}"


def due_text(item: Holder, today: date) -> str:
    """Say when a holder is monitored next, and whether that has passed."""
    due = item.next_due
    if due is None or item.is_coming(today):
        return ""
    custom = "" if item.due is not None else " (setahun sesudah yang terakhir)"
    return f"{due:%d/%m/%Y}{custom}{', lewat' if due < today else ''}"


def holders_text(
    holders: Holders, names: Mapping[str, str], conflicts: Iterable[Problem], today: date
) -> str:
    """Return all holders as text, and what contradicts them."""
    source = f" ({holders.file})" if holders.file else ""
    active = sum(item.is_active(today) for item in holders.items)
    lines = [f"{active} predikat dipegang{source}:"]
    for item in holders.items:
        due = due_text(item, today)
        lines.append(
            f"{names.get(item.unit) or item.unit}: {holder_text(item, today)}"
            f"{f'; monitoring {due}' if due else ''}"
        )
        if item.replication:
            lines.append(f"  replikasi: {shorten(item.replication, LONGEST, placeholder='…')}")
    lines += [f"! {problem.message} {problem.hint}" for problem in conflicts]
    return "\n".join(lines)


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
