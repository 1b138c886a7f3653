"""The integer programme: how much effort goes into which questions so that every rule holds.

Rules add up scores of nodes, and a node is linear in the values of its questions once none is
open. Questions that count in the same rules form an atom, whose best answers for every effort are
known; the programme chooses one of them for each atom. Where the rules nest, as they usually do,
:mod:`~zi_eval.improvement.tree` finds it; where not, HiGHS does. What either finds counts only
after the real scorer and judge have confirmed it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np
import numpy.typing as npt

from zi_eval.core.verdict import TOLERANCE
from zi_eval.improvement.atoms import Atom, atoms_of
from zi_eval.improvement.options import Option, Range
from zi_eval.improvement.solver import Task, solve
from zi_eval.improvement.tree import Branch, grow_tree, least_whole_effort, pick_fewest

__all__ = ["Demand", "Programme", "Selection", "Unsolved"]

Floats = npt.NDArray[np.float64]
Selection = Mapping[str, Option]
"""The questions that rise, each with its new answer, in official order."""

SCALE = 1000.0
"""Rows are solved to about 1e-6; so scaled, points are held to the judge's 1e-9."""
SOLVED, IMPOSSIBLE = 0, 2
"""What scipy's milp calls them."""
LONGEST = 60.0
"""Seconds after which a programme is given up; usual ones take some hundredths."""


class Unsolved(RuntimeError):
    """The solver gave up, or found what the scorer does not confirm: nothing may be shown."""


@dataclass(frozen=True, slots=True)
class Demand:
    """A rule not met at present.

    Attributes
    ----------
    missing
        Points short of the minimum, with every open question at its lowest answer.
    counted
        How often it counts each question.
    """

    id: str
    missing: float
    counted: Mapping[str, int]
    is_strict: bool = False

    @property
    def need(self) -> float:
        """Points that must be gained so that the judge sees the minimum reached."""
        return self.missing + (2 * TOLERANCE if self.is_strict else -TOLERANCE)


@dataclass(frozen=True, slots=True)
class _Table:
    """The columns of a programme: of which atom each is, and what choosing it means."""

    atoms: npt.NDArray[np.intp]
    efforts: Floats
    counts: Floats
    points: Floats


@dataclass(frozen=True)
class Programme:
    """The programme of one unit and one predicate.

    Attributes
    ----------
    points
        By question: the points that its full value gives.
    """

    ranges: Mapping[str, Range]
    demands: tuple[Demand, ...]
    points: Mapping[str, float]

    @cached_property
    def atoms(self) -> tuple[Atom, ...]:
        """The groups of questions that count in the same rules."""
        counted = {demand.id: demand.counted for demand in self.demands}
        return atoms_of(self.ranges, self.points, counted)

    def _table(self, is_counted: bool, ceiling: float = np.inf) -> _Table:
        atoms, efforts, counts, points = [], [], [], []
        for place, atom in enumerate(self.atoms):
            if is_counted:
                effort, count, got = atom.by_count
            else:
                (effort, got), count = atom.by_effort, np.zeros(len(atom.by_effort[0]), np.intp)
            is_allowed = effort <= ceiling
            atoms.append(np.full(int(is_allowed.sum()), place))
            efforts.append(effort[is_allowed])
            counts.append(count[is_allowed])
            points.append(got[is_allowed])
        return _Table(
            np.concatenate(atoms),
            np.concatenate(efforts).astype(np.float64),
            np.concatenate(counts).astype(np.float64),
            np.concatenate(points),
        )

    def _solve(
        self, table: _Table, demands: Sequence[Demand], ceiling: float | None
    ) -> npt.NDArray[np.intp] | None:
        """Return one column of each atom, None where no choice meets the demands.

        The least effort is sought, or with a ``ceiling`` on it the fewest questions.
        """
        width = len(table.atoms)
        one_each = np.zeros((len(self.atoms), width))
        one_each[table.atoms, np.arange(width)] = 1.0
        times = np.array([[a.counts.get(d.id, 0) for a in self.atoms] for d in demands])
        rules = times[:, table.atoms] * table.points * SCALE
        needs = np.array([demand.need * SCALE for demand in demands])
        ones = np.ones(len(self.atoms))
        rows, lows, highs = [one_each, rules], [ones, needs], [ones, np.full(len(needs), np.inf)]
        if ceiling is not None:
            rows.append(table.efforts[np.newaxis])
            lows.append(np.array([-np.inf]))
            highs.append(np.array([ceiling + 0.5]))  # efforts are whole: nothing lies between
        costs = table.efforts if ceiling is None else table.counts
        task = Task(costs, np.vstack(rows), np.concatenate(lows), np.concatenate(highs), LONGEST)
        status, message, chosen = solve(task)
        if status == IMPOSSIBLE:
            return None
        if status != SOLVED:
            raise Unsolved(message)
        return np.array(chosen, dtype=np.intp)

    def tree(self, without: str = "") -> Branch | None:
        """Return the atoms joined along the rules, None where these do not nest."""
        needs = []
        for demand in self.demands:
            if demand.id == without:
                continue
            inside = [a for a, atom in enumerate(self.atoms) if atom.counts.get(demand.id)]
            if any(self.atoms[a].counts[demand.id] != 1 for a in inside):
                return None
            needs.append((frozenset(inside), demand.need))
        return grow_tree(self.atoms, needs)

    def least_effort(self, without: str = "") -> Fraction | None:
        """Return the least effort, also with one rule left out; None where it cannot be."""
        demands = [demand for demand in self.demands if demand.id != without]
        if not demands:
            return Fraction(0)
        if not self.atoms:
            return None
        tree = self.tree(without)
        if tree is not None:
            least = least_whole_effort(tree)
            return None if least is None else Fraction(least, self.atoms[0].unit)
        table = self._table(is_counted=False)
        found = self._solve(table, demands, None)
        if found is None:
            return None
        return Fraction(round(table.efforts[found].sum()), self.atoms[0].unit)

    def solve(self) -> Selection | None:
        """Return what to raise at the least effort; None where it cannot be.

        Among equal effort the fewest questions rise, and of questions that count in the same
        rules and give the same those first in official order.
        """
        tree = self.tree() if self.demands and self.atoms else None
        if tree is not None:
            whole = least_whole_effort(tree)
            if whole is None:
                return None
            picked = {
                key: option
                for place, effort, count in pick_fewest(tree, self.atoms, whole)
                for key, option in self.atoms[place].selection(effort, count)
            }
            return {key: picked[key] for key in self.ranges if key in picked}
        least = self.least_effort()
        if least is None or not self.demands:
            return None if least is None else {}
        ceiling = float(least * self.atoms[0].unit)
        table = self._table(is_counted=True, ceiling=ceiling)
        found = self._solve(table, self.demands, ceiling)
        if found is None:
            raise Unsolved("the tie-break lost the solution it starts from")
        chosen = {
            key: option
            for column in found
            for key, option in self.atoms[table.atoms[column]].selection(
                int(table.efforts[column]), int(table.counts[column])
            )
        }
        return {key: chosen[key] for key in self.ranges if key in chosen}
