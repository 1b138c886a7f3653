"""Shares with intervals: Wilson's for one group, widened where answers come in clusters."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
import numpy.typing as npt

__all__ = ["Proportion", "cluster_share", "wilson_share"]

Z95 = 1.959963984540054
"""Standard normal quantile at 97.5 %."""


@dataclass(frozen=True, slots=True)
class Proportion:
    """How many of how many, with the 95 % interval of the share behind it.

    Attributes
    ----------
    low, high
        From 0 to 1; None where ``of`` is 0.
    """

    count: int
    of: int
    low: float | None = None
    high: float | None = None

    @property
    def value(self) -> float | None:
        """The share itself, None of nothing."""
        return self.count / self.of if self.of else None


def _wilson(share: float, size: float) -> tuple[float, float]:
    spread = Z95 * sqrt(share * (1 - share) / size + Z95**2 / (4 * size**2))
    middle, scale = share + Z95**2 / (2 * size), 1 + Z95**2 / size
    # At the ends the formula gives 0 and 1 but for the last bits.
    low = 0.0 if share == 0 else (middle - spread) / scale
    high = 1.0 if share == 1 else (middle + spread) / scale
    return low, high


def wilson_share(count: int, of: int) -> Proportion:
    """Return a share with Wilson's score interval (Wilson 1927; Newcombe 1998, method 3)."""
    return Proportion(count, of, *_wilson(count / of, of)) if of else Proportion(0, 0)


def cluster_share(
    counts: npt.NDArray[np.float64] | npt.NDArray[np.int64],
    sizes: npt.NDArray[np.float64] | npt.NDArray[np.int64],
) -> Proportion:
    """Return the share of all clusters together, its interval widened by the design effect.

    Answers of one unit resemble each other, so 6 units with 100 answers are less than 600
    independent ones. Wilson's interval is taken at the effective size ``n / deff``, the variance
    of the share being that of a ratio over the clusters (Korn and Graubard 1998; Dean and Pagano
    2015). A single cluster says nothing of that; it is taken as it is.

    Parameters
    ----------
    counts, sizes
        Shape (clusters,): how many of how many in each.
    """
    has = sizes > 0
    counts, sizes = counts[has], sizes[has]
    clusters, of, count = len(sizes), int(sizes.sum()), int(counts.sum())
    if not of:
        return Proportion(0, 0)
    share, effect = count / of, 1.0
    if clusters > 1 and 0 < count < of:
        residuals = counts - share * sizes
        variance = clusters / (clusters - 1) * float((residuals**2).sum()) / of**2
        effect = max(1.0, variance / (share * (1 - share) / of))
    # No more is known than one answer of each cluster would tell, at the least.
    return Proportion(count, of, *_wilson(share, max(of / effect, 1.0)))
