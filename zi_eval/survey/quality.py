"""What makes responses doubtful: counted, named by row, and never dropped in silence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from zi_eval.survey.index import Answers
from zi_eval.survey.values import Response, Survey

__all__ = ["Doubt", "DoubtKind", "cronbach_alpha", "find_doubts"]

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
class Doubt:
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


def cronbach_alpha(answers: Answers) -> float | None:
    """Return Cronbach's alpha over the respondents who answered every element.

    None for fewer than two elements or respondents, or where nothing varies.

    References
    ----------
    Cronbach (1951), Psychometrika 16, 297-334.
    """
    whole = answers[~np.isnan(answers).any(axis=1)]
    if len(whole) < 2 or whole.shape[1] < 2:
        return None
    total = float(whole.sum(axis=1).var(ddof=1))
    if total == 0:
        return None
    items = whole.shape[1]
    apart = float(whole.var(axis=0, ddof=1).sum())
    return float(items / (items - 1) * (1 - apart / total))
