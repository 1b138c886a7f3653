"""A deadline, and what is due next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

__all__ = ["Deadline", "coming", "days_text"]


@dataclass(frozen=True, slots=True)
class Deadline:
    """What is due on a day, and for whom.

    Attributes
    ----------
    id
        By which an agency changes it.
    who
        ``unit``, ``TPI``, ``instansi``, or as an agency writes it; untrusted, as ``title`` is.
    source
        The rule it stands in, or that it is custom.
    is_rule
        Whether a rule fixes it; else it is custom, or the agency's own.
    """

    id: str
    title: str
    day: date
    who: str
    source: str
    is_rule: bool = False


def coming(deadlines: Iterable[Deadline], today: date) -> tuple[Deadline, ...]:
    """Return what is due from a day on, the next first; what is due that day is among it."""
    found = (item for item in deadlines if item.day >= today)
    return tuple(sorted(found, key=lambda item: (item.day, item.id)))


def days_text(day: date, today: date) -> str:
    """Say how far a day is: ``hari ini``, ``besok``, ``12 hari lagi``."""
    left = (day - today).days
    return {0: "hari ini", 1: "besok"}.get(left) or (
        f"{left} hari lagi" if left > 0 else f"{-left} hari lalu"
    )
