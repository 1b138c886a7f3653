"""One thing that is the same, and may have a good reason: it is shown to be looked at."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

__all__ = ["LEAST_UNITS", "MOST_UNITS", "Pace", "Sign", "Similarity"]

LEAST_UNITS: Final = 4
"""Fewer units cannot show what is usual."""
MOST_UNITS: Final = 1000
"""Of more units no pairs are looked for: they are as many as the square, and no one agency's."""


class Sign(StrEnum):
    """What was seen."""

    ANSWERS = "jawaban"
    NOTES = "catatan"
    EVIDENCE = "bukti"
    QUICK = "tpi-cepat"
    AGREES = "tpi-sepakat"
    ALL_BEST = "semua-terbaik"


@dataclass(frozen=True, slots=True)
class Similarity:
    """Something in one unit, or between two, that asks to be looked at; it says nothing of why.

    Attributes
    ----------
    units
        Ids: two that are alike, or the one.
    count, of
        How many places are the same (or agreed, or at their best), and of how many.
    expected
        How many would be the same by chance, given how both units and the whole agency answer;
        None where that is not computed.
    strength
        Standard deviations above that, as pairs of this agency spread; 0 where not computed.
    places
        Ids of questions to look at, the most telling first.
    seconds
        What an answer of the TPI took on average; None where that is not known.
    """

    sign: Sign
    units: tuple[str, ...]
    count: int
    of: int
    expected: float | None = None
    strength: float = 0.0
    places: tuple[str, ...] = ()
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast the TPI answered a unit's questions, from its journal.

    Attributes
    ----------
    answers
        How many it gave or confirmed.
    seconds
        The time from one to the next, in the mean; a pause counts a minute at most.
    """

    answers: int
    seconds: float
