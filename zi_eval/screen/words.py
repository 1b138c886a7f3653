"""Values, times and people of the journal as live screens write them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from zi_eval.core.problems import Problem
from zi_eval.core.text import zone_name
from zi_eval.journal.fields import Change
from zi_eval.report.words import NOTHING, format_count

__all__ = ["person_text", "plain_text", "row_warnings", "short_time"]

EMPTY = "kosong"


def short_time(time: datetime) -> str:
    """Write a time as ``24/11/2026 10.12 WIB`` in the clock of this computer."""
    here = time.astimezone()
    return f"{here:%d/%m/%Y %H.%M} {zone_name(here)}"


def person_text(change: Change) -> str:
    """Name who made a change, with the role, and whether a key proves both."""
    proved = ", dengan kunci" if change.key else ""
    return f"{change.person.name} ({change.person.role.value}{proved})"


def plain_text(value: Any) -> str:
    """Write a plain value of a place as people read it."""
    if value is None:
        return EMPTY
    if isinstance(value, bool):
        return "Ya" if value else "Tidak"
    if isinstance(value, (int, float)):
        return format_count(value)
    if isinstance(value, list):
        return "; ".join(NOTHING if item is None else plain_text(item) for item in value)
    if isinstance(value, dict) and "alasan" in value:
        return str(value["alasan"])
    if isinstance(value, dict):
        return f"final oleh {value.get('oleh', '?')}"
    return str(value)


def row_warnings(problems: Iterable[Problem]) -> Mapping[int | None, list[str]]:
    """Return what is said of each row of a table, by its line."""
    found: dict[int | None, list[str]] = {}
    for problem in problems:
        key = f"{problem.key}: " if problem.key else ""
        said = f"{key}{problem.message} {problem.hint if problem.key else ''}"
        found.setdefault(problem.line, []).append(said.strip())
    return found
