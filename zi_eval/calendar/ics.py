"""Deadlines as an iCalendar file (RFC 5545), which calendars of phones and offices take in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Final

from zi_eval.calendar.deadlines import Deadline
from zi_eval.core.text import CONTROL

__all__ = ["render_ics"]

MOST_OCTETS: Final = 75
"""Of a line without its end (section 3.1); what is longer goes on in the next, after a blank."""
WARNING: Final = "-P7D"
"""How long before the day a calendar reminds: a week."""


def _text(value: str) -> str:
    """Escape a text (section 3.3.11); characters that no text has are left out."""
    clean = CONTROL.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))
    escaped = clean.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return escaped.replace("\n", "\\n")


def _fold(line: str) -> Iterator[str]:
    """Yield a line in pieces of at most 75 octets that break no character."""
    piece, size = "", 0
    for letter in line:
        octets = len(letter.encode())
        if size + octets > MOST_OCTETS:
            yield piece
            piece, size = " ", 1
        piece, size = piece + letter, size + octets
    yield piece


def _event(item: Deadline, agency: str, stamp: str) -> Iterator[str]:
    key = sha256(f"{agency}\0{item.id}\0{item.day.year}".encode()).hexdigest()[:32]
    yield "BEGIN:VEVENT"
    yield f"UID:{key}@zi-eval"
    yield f"DTSTAMP:{stamp}"
    yield f"DTSTART;VALUE=DATE:{item.day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{item.day + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{_text(item.title)}"
    yield f"DESCRIPTION:{_text(f'Untuk: {item.who}. Dasar: {item.source}.')}"
    yield f"CATEGORIES:{_text(item.who)}"
    yield "TRANSP:TRANSPARENT"
    yield "BEGIN:VALARM"
    yield "ACTION:DISPLAY"
    yield f"DESCRIPTION:{_text(item.title)}"
    yield f"TRIGGER:{WARNING}"
    yield "END:VALARM"
    yield "END:VEVENT"


def render_ics(deadlines: Iterable[Deadline], agency: str, time: datetime) -> bytes:
    """Return an iCalendar file: an all-day event for each deadline, with a reminder.

    A deadline keeps its UID from file to file, so that a calendar takes a new date over.

    Parameters
    ----------
    agency
        Name of the calendar, and by which deadlines of two agencies are told apart.
    time
        When the file is made.
    """
    stamp = f"{time.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//zi-eval//kalender//ID",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_text(f'ZI {agency}'.strip())}",
    ]
    for item in deadlines:
        lines += _event(item, agency, stamp)
    lines.append("END:VCALENDAR")
    return "".join(f"{piece}\r\n" for line in lines for piece in _fold(line)).encode()
