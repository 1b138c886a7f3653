"""The time that everything is judged and made at; one variable pins it."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime

__all__ = ["now", "today"]


def now() -> datetime:
    """Return this moment in local time; ``SOURCE_DATE_EPOCH`` (seconds) pins it."""
    pinned = os.environ.get("SOURCE_DATE_EPOCH")
    return datetime.fromtimestamp(int(pinned), tz=UTC) if pinned else datetime.now().astimezone()


def today() -> date:
    """Return the day of this moment."""
    return now().date()
