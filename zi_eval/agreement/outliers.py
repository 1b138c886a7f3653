"""Who stands out: units or evaluators whose share of differences is beyond the funnel's limits.

Shares of few answers scatter more than shares of many. A funnel plot (Spiegelhalter 2005) judges
each by its own size: ``z = (count - size * p) / sqrt(size * p * (1 - p))``, divided by the spread
of all z where members differ more than chance alone explains. Usual share and spread are medians
(the spread is 1.4826 times the median of |z|, at least 1), so that the one who stands out does not
hide behind the middle and the spread it makes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

from zi_eval.agreement.kappa import EQUAL, Pairs
from zi_eval.core.instrument import Instrument
from zi_eval.core.text import name_order

__all__ = ["Funnel", "Member", "compare_evaluators", "funnel_limits"]

LEAST_MEMBERS = 5
"""Fewer members than this cannot show what is usual."""
LEAST_ANSWERS = 10
"""Fewer answers than this say nothing of a member."""
LIMIT = 3.0
TO_DEVIATION = 1.4826
"""Median of |z| to the standard deviation of a normal distribution."""


@dataclass(frozen=True, slots=True)
class Member:
    """One unit or evaluator in the funnel.

    Attributes
    ----------
    different, of
        How many of its answers differ.
    z
        Distance from the usual share, in standard deviations for its size; None where it cannot
        be said.
    """

    id: str
    different: int
    of: int
    z: float | None = None

    @property
    def stands_out(self) -> bool:
        """Whether it is beyond three standard deviations, to either side."""
        return self.z is not None and abs(self.z) > LIMIT


@dataclass(frozen=True, slots=True)
class Funnel:
    """Members against what is usual.

    Attributes
    ----------
    usual
        The median share of differences (of all together where that is 0), None where nothing is
        usual: too few members, or none that differs.
    spread
        How much wider than chance the limits are, at least 1.
    members
        In the order given.
    """

    usual: float | None
    spread: float
    members: tuple[Member, ...]

    def limits(self, size: float) -> tuple[float, float]:
        """Return the limits of the share of differences for so many answers."""
        usual = self.usual or 0.0
        half = LIMIT * self.spread * sqrt(usual * (1 - usual) / size)
        return max(0.0, usual - half), min(1.0, usual + half)

    @property
    def outstanding(self) -> tuple[Member, ...]:
        """Those beyond the limits, furthest first."""
        found = [member for member in self.members if member.stands_out]
        return tuple(sorted(found, key=lambda m: -abs(m.z or 0.0)))


def funnel_limits(counts: Sequence[tuple[str, int, int]]) -> Funnel:
    """Place members, each as (id, different, of), in a funnel.

    Members with fewer than ten answers get no distance; with fewer than five others nobody does.
    """
    counted = np.array([(different, of) for _, different, of in counts if of >= LEAST_ANSWERS])
    plain = tuple(Member(name, different, of) for name, different, of in counts)
    if len(counted) < LEAST_MEMBERS or not 0 < counted[:, 0].sum() < counted[:, 1].sum():
        return Funnel(None, 1.0, plain)
    different, sizes = counted.T
    usual = float(np.median(different / sizes))
    if not 0 < usual < 1:
        usual = float(different.sum() / sizes.sum())
    distances = (different - sizes * usual) / np.sqrt(sizes * usual * (1 - usual))
    spread = max(1.0, TO_DEVIATION * float(np.median(np.abs(distances))))
    z = iter((distances / spread).tolist())
    members = tuple(
        Member(m.id, m.different, m.of, next(z) if m.of >= LEAST_ANSWERS else None) for m in plain
    )
    return Funnel(usual, spread, members)


def compare_evaluators(
    instrument: Instrument, pairs: Pairs, evaluators: Mapping[tuple[str, str], str]
) -> tuple[Funnel, Mapping[str, float]]:
    """Compare evaluators by the answers each decided.

    Evaluators see different units, so one who stands out may only have had the units that rate
    themselves higher: a reason to talk, no judgement.

    Parameters
    ----------
    evaluators
        Who gave the second answer, by (unit, question).

    Returns
    -------
    The funnel, and the mean points that each changes of the total for every 10 answers compared.
    """
    rows = {unit: row for row, unit in enumerate(pairs.units)}
    columns = {question: column for column, question in enumerate(pairs.questions)}
    points_of = instrument.question_points()
    both = pairs.both
    found: dict[str, list[float]] = {}
    for (unit, question), name in evaluators.items():
        row, column = rows.get(unit), columns.get(question)
        if row is None or column is None or not both[row, column]:
            continue
        change = float(pairs.second[row, column] - pairs.first[row, column])
        entry = found.setdefault(name, [0, 0, 0.0])
        entry[0] += abs(change) > EQUAL
        entry[1] += 1
        entry[2] += change * points_of[question]
    names = sorted(found, key=name_order)
    funnel = funnel_limits([(name, int(found[name][0]), int(found[name][1])) for name in names])
    return funnel, {name: found[name][2] / found[name][1] * 10 for name in names}
