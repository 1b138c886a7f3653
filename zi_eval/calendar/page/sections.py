"""What is due next, on the agency's recap."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from zi_eval.calendar.deadlines import Deadline, coming
from zi_eval.calendar.page import words
from zi_eval.report.page import Room, Section

__all__ = ["calendar_section"]

ROOM: Final = Room("calendar/page", words=words)
MOST: Final = 5


def calendar_section(deadlines: Sequence[Deadline], today: date) -> Section:
    """Show the next deadlines from a day on, and for whom; empty where none is left."""
    found = coming(deadlines, today)
    return ROOM.section("coming", items=found[:MOST], today=today) if found else Section()
