"""The integer programme: one column for each answer above the present one, one row for each rule.

Rules add up scores of nodes, and a node is linear in the values of its questions once none is
open; so the least effort that meets every rule is a small knapsack-like programme, solved to the
end by HiGHS. What it finds counts only after the real scorer and judge have confirmed it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import islice
from math import floor, lcm
from typing import Any

import numpy as np
import numpy.typing as npt

from zi_eval.core.improvement_options import Option, Range
from zi_eval.core.verdict import TOLERANCE

__all__ = ["Demand", "Programme", "Selection", "Unsolved"]

Floats = npt.NDArray[np.float64]
Selection = Mapping[str, Option]
"""The questions that rise, each with its new answer, in official order."""

SCALE = 1000.0
"""Rows are solved to about 1e-6; so scaled, points are held to the judge's 1e-9."""
LONGEST = 60.0
"""Seconds after which a programme is given up; usual ones take some hundredths."""

NEAR = 0.02
"""A way apart from others is good enough this near to the least of its kind; proof takes long."""


@contextmanager
def _silenced() -> Iterator[None]:
    """Keep the process's standard output free of a line that HiGHS writes past all its options.

    It would end up amid the JSON of a command or among the outputs of a notebook.
    """
    sys.stdout.flush()
    try:
        kept = os.dup(1)
    except OSError:  # no standard output
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)


class Unsolved(RuntimeError):
    """The solver gave up, or found what the scorer does not confirm: nothing may be shown."""


@dataclass(frozen=True, slots=True)
class Demand:
    """A rule not met at present: what its points must come to, and what each question gives.

    Attributes
    ----------
    missing
        Points short of the minimum, with every open question at its lowest answer.
    points
        By question: the points that its full value gives to the rule.
    """

    id: str
    missing: float
    points: Mapping[str, float]
    is_strict: bool = False


@dataclass(frozen=True)
class Programme:
    """The columns and rows of one unit and one predicate."""

    ranges: Mapping[str, Range]
    demands: tuple[Demand, ...]

    @cached_property
    def _alike(self) -> list[list[Range]]:
        """The questions that can rise and count, those together that nothing tells apart.

        Questions of one subarea with the same answer and the same efforts are exchangeable; taken
        one by one, the solver would try every order of them.
        """
        groups: dict[object, list[Range]] = {}
        for key, item in self.ranges.items():
            points = tuple(demand.points.get(key, 0.0) for demand in self.demands)
            if not item.options or not any(points):
                continue
            rises = tuple((o.value - item.base.value, o.effort) for o in item.options)
            # An index is alone: how far it goes is a column of its own.
            groups.setdefault((points, rises, key if item.is_even else ""), []).append(item)
        return list(groups.values())

    @cached_property
    def _columns(self) -> list[tuple[int, int]]:
        """The group and the option of each column; of an index: (i, 0) risen, (i, 1) how far."""
        return [
            (place, option)
            for place, (item, *_) in enumerate(self._alike)
            for option in range(2 if item.is_even else len(item.options))
        ]

    @cached_property
    def _unit(self) -> int:
        """The denominator that makes every effort a whole number, so that ties are exact."""
        efforts = (o.effort for item, *_ in self._alike for o in item.options)
        return lcm(*(effort.denominator for effort in efforts)) if self._alike else 1

    def _column_values(self) -> tuple[Floats, Floats]:
        """Return the value gained and the effort (in whole units) of each column."""
        gains, efforts = [], []
        for place, number in self._columns:
            item = self._alike[place][0]
            option = item.options[number]
            gain, effort = option.value - item.base.value, option.effort
            if item.is_even and number == 1:
                gain = option.value - item.options[0].value
                effort -= item.options[0].effort
            gains.append(gain)
            efforts.append(float(effort * self._unit))
        return np.array(gains), np.array(efforts)

    @cached_property
    def _arrays(self) -> dict[str, Any]:
        from scipy.sparse import csr_array

        columns, alike = self._columns, self._alike
        gains, efforts = self._column_values()
        width = len(columns)
        of_group = np.array([place for place, _ in columns], dtype=np.intp)
        is_extent = np.array([alike[p][0].is_even and n == 1 for p, n in columns], dtype=np.bool_)
        sizes = np.array([len(group) for group in alike], dtype=np.float64)
        upper = sizes[of_group]
        for column in np.flatnonzero(is_extent):
            upper[column] = len(alike[of_group[column]][0].options) - 1
        # How many of a group rise: the sum of its options' columns.
        risen = csr_array(
            (np.where(is_extent, 0.0, 1.0), (of_group, np.arange(width))),
            shape=(len(alike), width),
        )
        extents = np.flatnonzero(is_extent)
        linked = np.zeros((len(extents), width))
        for row, column in enumerate(extents):
            linked[row, column], linked[row, column - 1] = 1.0, -upper[column]
        rules = np.zeros((len(self.demands), width))
        for row, demand in enumerate(self.demands):
            weights = np.array([demand.points.get(g[0].question.id, 0.0) for g in alike])
            rules[row] = weights[of_group] * gains if width else 0.0
        return {
            "efforts": efforts, "risen": risen, "linked": linked, "rules": rules, "upper": upper,
            "sizes": sizes,
        }  # fmt: skip

    def _solve(
        self,
        objective: Floats,
        rows: Sequence[tuple[Floats, float]],
        without: str = "",
        gap: float = 0.0,
    ) -> Floats | None:
        """Return the columns at the least ``objective``, None where no answer meets the rows.

        ``rows`` are further demands ``row @ columns <= limit``; ``gap`` is the share by which the
        objective may miss the least.
        """
        from scipy.optimize import Bounds, LinearConstraint, milp
        from scipy.sparse import csr_array, vstack

        arrays = self._arrays
        risen, linked, rules = arrays["risen"], arrays["linked"], arrays["rules"]
        asked = [place for place, demand in enumerate(self.demands) if demand.id != without]
        needs = np.array(
            [
                (d.missing + (2 * TOLERANCE if d.is_strict else -TOLERANCE)) * SCALE
                for d in (self.demands[place] for place in asked)
            ]
        )
        parts = [risen, csr_array(linked), csr_array(rules[asked] * SCALE)]
        lows = [np.full(risen.shape[0] + linked.shape[0], -np.inf), needs]
        highs = [arrays["sizes"], np.zeros(linked.shape[0]), np.full(len(asked), np.inf)]
        if rows:
            parts.append(csr_array(np.array([row for row, _ in rows])))
            lows.append(np.full(len(rows), -np.inf))
            highs.append(np.array([limit for _, limit in rows]))
        constraints = LinearConstraint(
            vstack(parts, format="csr"), np.concatenate(lows), np.concatenate(highs)
        )
        with _silenced():
            result = milp(
                objective,
                integrality=np.ones(len(objective)),
                bounds=Bounds(0.0, arrays["upper"]),
                constraints=constraints,
                options={"mip_rel_gap": gap, "time_limit": LONGEST},
            )
        if result.status == 2:
            return None
        if result.status != 0:
            raise Unsolved(str(result.message))
        found: Floats = np.round(result.x)
        return found

    def _decode(self, columns: Floats) -> dict[str, Option]:
        """Return what rises; of a group the first in official order, and these the furthest."""
        chosen: dict[str, Option] = {}
        waiting = [iter(group) for group in self._alike]
        for column in reversed(np.flatnonzero(columns)):
            place, number = self._columns[column]
            item = self._alike[place][0]
            count = int(columns[column])
            if item.is_even:
                # How far stands after whether; whether alone is the first hundredth.
                chosen.setdefault(item.question.id, item.options[count if number else 0])
                continue
            for member in islice(waiting[place], count):
                chosen[member.question.id] = member.options[number]
        return {key: chosen[key] for key in self.ranges if key in chosen}

    def _effort_of(self, columns: Floats) -> int:
        return round(float(self._arrays["efforts"] @ columns))

    def solve(
        self, apart: Sequence[tuple[Collection[str], int]] = (), ceiling: Fraction | None = None
    ) -> Selection | None:
        """Return what to raise at the least effort; None where it cannot be.

        Of several ways of equal effort the solver's choice, the same every time; of questions that
        nothing tells apart the first in official order.

        Parameters
        ----------
        apart
            Sets of questions, each with how many fewer at least must rise of those that are like
            them.
        ceiling
            The most effort allowed.
        """
        if not self.demands:
            return {}
        if not self._columns:
            return None
        arrays = self._arrays
        rows = []
        for questions, count in apart:
            named = np.array(
                [float(any(m.question.id in questions for m in g)) for g in self._alike]
            )
            rows.append((named @ arrays["risen"], float(len(questions) - count)))
        if ceiling is not None:
            rows.append((arrays["efforts"], floor(ceiling * self._unit) + 0.5))
        found = self._solve(arrays["efforts"], rows, gap=NEAR if apart else 0.0)
        return None if found is None else self._decode(found)

    def least_effort(self, below: Fraction, without: str) -> Fraction:
        """Return the least effort with one rule left out; ``below`` where that saves nothing.

        Parameters
        ----------
        below
            The least effort with every rule.
        """
        if len(self.demands) == 1:
            return Fraction(0)
        # Only what is better by one unit at least is of interest, so only that is looked for.
        better = (self._arrays["efforts"], floor(below * self._unit) - 0.5)
        found = self._solve(self._arrays["efforts"], [better], without)
        return below if found is None else Fraction(self._effort_of(found), self._unit)
