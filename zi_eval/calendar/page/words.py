"""Words of the calendar: days, and all of it as text."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from zi_eval.calendar.deadlines import Deadline, days_text
from zi_eval.core.text import day_text
from zi_eval.report.words import one_line

__all__ = ["day_text", "days_text", "render_deadlines"]


def render_deadlines(deadlines: Iterable[Deadline], today: date) -> str:
    """Return deadlines as text, each with how far it is, for whom, and its source."""
    lines = []
    for item in deadlines:
        when = f"{day_text(item.day)} ({days_text(item.day, today)})"
        lines.append(f"{when}: {one_line(item.title)}")
        lines.append(f"  untuk {one_line(item.who)}; {one_line(item.source)}")
    return "\n".join(lines)
