"""Questions that count in the same rules, taken together: the most points for each effort.

Rules see of such an atom only its points; so of all answers with the same effort and the same
number of questions raised, only those with the most points can belong to a shortest way. They are
found by going through the questions once (a knapsack over whole efforts), without losing any.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import lcm

import numpy as np
import numpy.typing as npt

from zi_eval.improvement.options import Option, Range

__all__ = ["Atom", "atoms_of"]

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int16]
Rises = tuple[tuple[tuple[int, float], ...], ...]
"""By question and option: the whole effort, and the points it adds."""
BETTER = 1e-12
"""Points by which an answer must be better; with equal points the earlier question stands."""


@dataclass(frozen=True)
class Atom:
    """Questions that count equally in every rule.

    Attributes
    ----------
    ranges
        The questions that can rise, in official order.
    points
        By question: the points that its full value gives.
    counts
        By id of the rules that count them: how often.
    unit
        The denominator of efforts.
    """

    ranges: tuple[Range, ...]
    points: Mapping[str, float]
    counts: Mapping[str, int]
    unit: int

    def _whole(self, option: Option) -> int:
        return option.effort.numerator * (self.unit // option.effort.denominator)

    @cached_property
    def _grown(self) -> tuple[Floats, tuple[Places, ...]]:
        """Return the most points by (effort, questions raised), and each question's choice.

        A choice is 0 where the question stays, else the number of its option from 1.
        """
        return _grow(
            tuple(
                tuple(
                    (self._whole(o), (o.value - item.base.value) * self.points[item.question.id])
                    for o in item.options
                )
                for item in self.ranges
            )
        )

    @cached_property
    def grown_points(self) -> Floats:
        """The most points of every whole effort; minus infinity where none comes to it."""
        most: Floats = self._grown[0].max(axis=1)
        return most

    @cached_property
    def by_effort(self) -> tuple[npt.NDArray[np.intp], Floats]:
        """The whole efforts that are worth it, and the most points of each; (0, 0) first."""
        points = self._grown[0].max(axis=1)
        before = np.concatenate(([-np.inf], np.maximum.accumulate(points)[:-1]))
        efforts = np.flatnonzero(points > before + BETTER)
        return efforts, points[efforts]

    @cached_property
    def by_count(self) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp], Floats]:
        """The same apart by how many questions rise: efforts, counts, most points."""
        best = self._grown[0]
        most = np.maximum.accumulate(np.maximum.accumulate(best, axis=0), axis=1)
        other = np.full(best.shape, -np.inf)
        other[1:] = most[:-1]
        other[:, 1:] = np.maximum(other[:, 1:], most[:, :-1])
        efforts, counts = np.nonzero(best > other + BETTER)
        return efforts, counts, best[efforts, counts]

    def selection(self, effort: int, count: int) -> Iterator[tuple[str, Option]]:
        """Yield the questions that rise at (effort, count) with their new answers, last first."""
        for item, choice in zip(reversed(self.ranges), reversed(self._grown[1]), strict=True):
            number = int(choice[effort, count])
            if number:
                option = item.options[number - 1]
                yield item.question.id, option
                effort, count = effort - self._whole(option), count - 1


# The programmes of one unit, without a rule or a question, have most atoms in common.
@lru_cache(maxsize=64)
def _grow(questions: Rises) -> tuple[Floats, tuple[Places, ...]]:
    """Go through the questions of an atom; see its ``_grown``."""
    highest = sum(max(effort for effort, _ in options) for options in questions)
    best = np.full((highest + 1, len(questions) + 1), -np.inf)
    best[0, 0] = 0.0
    reached, choices = 0, []  # rows above `reached` are still empty
    for options in questions:
        before = best[: reached + 1].copy()
        choice = np.zeros(best.shape, dtype=np.int16)
        top = 0
        for number, (effort, gain) in enumerate(options, start=1):
            raised = before[:, :-1] + gain
            target = best[effort : effort + reached + 1, 1:]
            is_better = raised > target + BETTER
            target[is_better] = raised[is_better]
            choice[effort : effort + reached + 1, 1:][is_better] = number
            top = max(top, effort)
        reached += top
        choices.append(choice)
    return best, tuple(choices)


def atoms_of(
    ranges: Mapping[str, Range],
    points: Mapping[str, float],
    counted: Mapping[str, Mapping[str, int]],
) -> tuple[Atom, ...]:
    """Group the questions that can rise and count in some rule.

    Parameters
    ----------
    points
        By question: the points that its full value gives.
    counted
        By rule: how often it counts each question.
    """
    groups: dict[tuple[tuple[str, int], ...], list[Range]] = {}
    for key, item in ranges.items():
        signature = tuple((rule, c[key]) for rule, c in counted.items() if key in c)
        if item.options and signature:
            groups.setdefault(signature, []).append(item)
    options = (o for group in groups.values() for item in group for o in item.options)
    # The denominator that makes every effort a whole number, so that ties are exact.
    unit = lcm(*(option.effort.denominator for option in options))
    return tuple(
        Atom(tuple(group), points, dict(signature), unit) for signature, group in groups.items()
    )
