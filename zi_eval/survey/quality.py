"""How far responses can be trusted: how many a survey needs, and which of them are doubtful."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import ceil, floor

from zi_eval.survey.values import Response, Survey

__all__ = [
    "DoubtKind",
    "DoubtfulResponses",
    "SampleNeed",
    "find_doubts",
    "krejcie_morgan",
    "sample_need",
    "slovin",
]

FEWEST_FOR_LINE = 3
"""Answers that must all be the same before it means anything."""
SHORTEST_COMMENT = 15
"""Two people do write "baik sekali"; a longer sentence is not written twice."""


class DoubtKind(StrEnum):
    """Why responses are doubtful; each may have a harmless cause."""

    STRAIGHT = "lurus"
    DUPLICATE = "ganda"
    FAST = "cepat"
    PARTIAL = "sebagian"

    @property
    def is_weak(self) -> bool:
        """Whether it says little by itself.

        In a short survey whose best answer is always the last, satisfied people answer all alike,
        so taking them out lowers any good index.
        """
        return self is DoubtKind.STRAIGHT


@dataclass(frozen=True, slots=True)
class DoubtfulResponses:
    """The responses that one kind of doubt is about.

    Attributes
    ----------
    rows
        Rows in the file, from 1, sorted.
    index
        The index of 4 without them; None where none is left to compute it from.
    """

    kind: DoubtKind
    rows: tuple[int, ...]
    index: float | None = None


def find_doubts(survey: Survey, responses: Sequence[Response]) -> dict[DoubtKind, tuple[int, ...]]:
    """Return the rows of doubtful responses by kind; kinds without any are left out.

    - ``lurus``: the same answer to every element, at least three of them.
    - ``ganda``: the identity of an earlier row; or the same answers at the same second; or the
      same answers with the same long comment. The first of them is not named.
    - ``cepat``: less than the survey's seconds a question on average (2, after Huang et al. 2012,
      Journal of Business and Psychology 27, 99-114).
    - ``sebagian``: fewer than half of the elements answered.
    """
    found: dict[DoubtKind, list[int]] = {kind: [] for kind in DoubtKind}
    seen: set[tuple[object, ...]] = set()
    for item in responses:
        given = [answer for answer in item.answers if answer is not None]
        if len(set(given)) == 1 and len(given) >= max(FEWEST_FOR_LINE, len(item.answers) / 2):
            found[DoubtKind.STRAIGHT].append(item.row)
        if len(given) * 2 < len(item.answers):
            found[DoubtKind.PARTIAL].append(item.row)
        if item.seconds is not None and item.seconds < survey.seconds_per_question * len(given):
            found[DoubtKind.FAST].append(item.row)
        marks: list[tuple[object, ...]] = []
        place = (item.answers, item.service, item.channel)
        if item.time is not None and (item.time.second or item.time.microsecond):
            # A time to the minute is shared by people who sit in one room.
            marks.append((*place, item.time))
        if len(item.comment) >= SHORTEST_COMMENT:
            marks.append((*place, item.comment.casefold()))
        if item.same_person is not None or any(mark in seen for mark in marks):
            found[DoubtKind.DUPLICATE].append(item.row)
        seen.update(marks)
    return {kind: tuple(sorted(rows)) for kind, rows in found.items() if rows}


CHI_SQUARE = 3.841
"""Of one degree of freedom at 95 %, as Krejcie and Morgan print it."""
SHARE = 0.5
ERROR = 0.05


def krejcie_morgan(population: int) -> int:
    """Return the sample that Krejcie and Morgan's table gives for a population.

    Rounded as their table is: to the nearest whole number.

    References
    ----------
    Krejcie & Morgan (1970), Educational and Psychological Measurement 30, 607-610; the same table
    is in PermenPANRB 14/2017.

    Examples
    --------
    >>> krejcie_morgan(1000), krejcie_morgan(1_000_000)
    (278, 384)
    """
    spread = CHI_SQUARE * SHARE * (1 - SHARE)
    return floor(population * spread / (ERROR**2 * (population - 1) + spread) + 0.5)


def slovin(population: int) -> int:
    """Return the sample by Slovin's formula, N / (1 + N x 0.05^2), rounded up.

    Teams quote it; it is Krejcie and Morgan's with a chi-square of 4.

    Examples
    --------
    >>> slovin(1000)
    286
    """
    # A sum of whole numbers, so that 400 x 0.0025 is exactly 1.
    return ceil(population * 400 / (400 + population) - 1e-9)


@dataclass(frozen=True, slots=True)
class SampleNeed:
    """What is asked of a survey's respondents, and how many there are.

    Attributes
    ----------
    minimum
        What the rules ask for; the whole population where that is smaller.
    krejcie_morgan, slovin
        None where the population is not known.
    """

    respondents: int
    minimum: int
    population: int | None
    krejcie_morgan: int | None
    slovin: int | None

    @property
    def is_enough(self) -> bool:
        """Whether the count that the rules ask for is reached."""
        return self.respondents >= self.minimum


def sample_need(respondents: int, population: int | None, minimum: int) -> SampleNeed:
    """Return what is asked of a survey with so many respondents."""
    if population is None:
        return SampleNeed(respondents, minimum, None, None, None)
    return SampleNeed(
        respondents,
        min(minimum, population),
        population,
        krejcie_morgan(population),
        slovin(population),
    )
