"""Responses to element means and to the index, with their uncertainty by resampling.

Respondents are drawn again with replacement, as many as there are, from a fixed seed: the same
file always gives the same figures, in whatever order its rows stand. Intervals are bias-corrected
and accelerated (BCa; Efron 1987, JASA 82, 171-185): answers crowd at the upper end of the scale,
where plain percentiles cover too seldom. Of 2,000 simulated surveys of 30 respondents who mostly
answer 4 the interval held the true index in 93.1 %, plain percentiles in 91.9 %; of 1,000 surveys
of 100 respondents in 95.7 % and 95.0 %.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from zi_eval.survey.values import Response, Survey

__all__ = [
    "REPLICATES",
    "Answers",
    "Interval",
    "Resampling",
    "Spread",
    "answer_matrix",
    "cronbach_alpha",
    "element_means",
    "mean_index",
    "quantiles",
    "resample",
]

REPLICATES = 2000
SEED = 20170514
CHUNK = 200_000
"""Multiplications of one product, by which the replicates are drawn in pieces: memory stays small,
and the library does it in one thread. In several, each waits for the others with its core busy:
the product of 148 respondents took 7.7 ms of processor time, in pieces 0.1 ms."""
TOLERANCE = 1e-9
EDGES = (0.025, 0.975)
NORMAL = NormalDist()

Answers = NDArray[np.float64]
"""Respondents by elements, NaN where there is no answer."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A 95 % interval."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Spread:
    """How a figure spreads over the resamples.

    Attributes
    ----------
    values
        The figure in each resample.
    estimate
        The figure itself.
    acceleration
        How its standard error changes with it, from leaving out one respondent at a time.
    """

    values: NDArray[np.float64]
    estimate: float
    acceleration: float

    @property
    def _bias(self) -> float | None:
        """The normal score of the estimate among the resamples; None where it is at an end."""
        ties = np.mean(self.values < self.estimate) + np.mean(self.values <= self.estimate)
        return NORMAL.inv_cdf(float(ties) / 2) if 0 < ties < 2 else None

    @property
    def is_flat(self) -> bool:
        """Whether nothing varies: everybody answered alike, and how sure that is nobody knows."""
        return bool(np.ptp(self.values) == 0)

    def interval(self) -> Interval | None:
        """Return the 95 % interval; None where nothing varies."""
        if self.is_flat:
            return None
        bias = self._bias
        edges = list(EDGES)
        if bias is not None:
            scores = (bias + NORMAL.inv_cdf(edge) for edge in EDGES)
            edges = [NORMAL.cdf(bias + z / (1 - self.acceleration * z)) for z in scores]
        low, high = quantiles(self.values, edges)
        return Interval(float(low), float(high))

    def chance(self, need: float) -> float | None:
        """Return how sure it is that the true figure reaches ``need``.

        By the same correction as the interval, so that the two agree: where the interval starts
        at ``need``, this is 97.5 %. None where nothing varies.
        """
        if self.is_flat:
            return None
        below = float(np.mean(self.values < need - TOLERANCE))
        bias = self._bias
        if bias is None or not 0 < below < 1:
            return 1 - below
        z = NORMAL.inv_cdf(below) - bias
        return 1 - NORMAL.cdf(z / (1 + self.acceleration * z) - bias)


@dataclass(frozen=True, eq=False)
class Resampling:
    """The spread of the index (mean on the own scale) and of each element's mean.

    Attributes
    ----------
    means, estimates, without
        Element means of each resample, of all respondents, and without each respondent.
    """

    index: Spread
    means: NDArray[np.float64]
    estimates: NDArray[np.float64]
    without: NDArray[np.float64]

    @cached_property
    def elements(self) -> tuple[Spread, ...]:
        """The spread of each element's mean; of a group of respondents nobody asks for it."""
        return tuple(
            _spread(self.means[:, place], float(estimate), self.without[:, place])
            for place, estimate in enumerate(self.estimates)
        )

    def lowest_shares(self) -> tuple[float, ...]:
        """Return in which share of the resamples each element is the lowest; ties count in part."""
        means = np.column_stack([spread.values for spread in self.elements])
        is_lowest = means <= means.min(axis=1, keepdims=True) + TOLERANCE
        shares = (is_lowest / is_lowest.sum(axis=1, keepdims=True)).mean(axis=0)
        return tuple(float(share) for share in shares)


def quantiles(values: NDArray[np.float64], shares: Sequence[float]) -> NDArray[np.float64]:
    """Return the values below which these shares lie, between two by their distance.

    As ``np.quantile``, whose first call loads NumPy's masked arrays, which takes longer than all
    else that is drawn of a survey.
    """
    places = np.multiply(shares, len(values) - 1)
    return np.interp(places, np.arange(len(values)), np.sort(values))


def answer_matrix(responses: Sequence[Response], elements: int) -> Answers:
    """Return the answers as respondents by elements, in an order that the file's does not change.

    So that the seed draws the same people however the rows are sorted.
    """
    rows = [item.answers for item in responses]  # None becomes NaN
    table = np.array(rows, dtype=np.float64).reshape(len(rows), elements)
    keys = np.nan_to_num(table, nan=-1.0)
    return table[np.lexsort(keys.T[::-1])] if len(table) else table


def element_means(answers: Answers) -> NDArray[np.float64]:
    """Return the mean of those who answered each element; NaN where nobody did."""
    known = ~np.isnan(answers)
    counts = known.sum(axis=0)
    sums = np.where(known, answers, 0.0).sum(axis=0)
    means = np.full(answers.shape[1], np.nan)
    np.divide(sums, counts, out=means, where=counts > 0)
    return means


def mean_index(answers: Answers, survey: Survey) -> float | None:
    """Return the weighted mean of the element means on the own scale.

    None where an element has no answer at all: the index of fewer elements is another index.
    """
    if not len(answers):
        return None
    value = float(element_means(answers) @ _weights(survey))
    # Nine times 1/9 is a little more than 1 in binary; the best answers give the best index.
    return None if np.isnan(value) else round(value, 12)


def _weights(survey: Survey) -> NDArray[np.float64]:
    return np.array([element.weight for element in survey.elements])


def resample(answers: Answers, survey: Survey, replicates: int = REPLICATES) -> Resampling | None:
    """Return how the figures spread over ``replicates`` samples of the respondents.

    None where there is no index, or fewer than two respondents.
    """
    size, width = answers.shape
    estimates, index = element_means(answers), mean_index(answers, survey)
    if size < 2 or index is None:
        return None
    known = ~np.isnan(answers)
    # Sums and counts in one product: float32 holds both exactly below 16 million.
    values = np.hstack([np.where(known, answers, 0.0), known]).astype(np.float32)
    generator = np.random.Generator(np.random.SFC64(SEED))
    means = np.empty((replicates, width))
    chunk = max(1, CHUNK // values.size)
    for start in range(0, replicates, chunk):
        rows = min(chunk, replicates - start)
        drawn = generator.integers(0, size, (rows, size), dtype=np.uint32).astype(np.int64)
        drawn += np.arange(rows)[:, None] * size
        times = np.bincount(drawn.ravel(), minlength=rows * size).reshape(rows, size)
        totals = (times.astype(np.float32) @ values).astype(np.float64)
        sums, counts = totals[:, :width], totals[:, width:]
        means[start : start + rows] = np.divide(
            sums, counts, out=np.full_like(sums, np.nan), where=counts > 0
        )
    # A sample in which nobody answered an element takes that element's own mean.
    means = np.where(np.isnan(means), estimates, means)
    without = _leave_one_out(answers)
    weights = _weights(survey)
    return Resampling(_spread(means @ weights, index, without @ weights), means, estimates, without)


def _leave_one_out(answers: Answers) -> NDArray[np.float64]:
    """Return the element means without each respondent."""
    known = ~np.isnan(answers)
    sums, counts = np.where(known, answers, 0.0).sum(axis=0), known.sum(axis=0)
    left = counts - known
    # Of an element that only this one answered, its mean is all there is.
    means = np.broadcast_to(element_means(answers), answers.shape).copy()
    np.divide(sums - np.where(known, answers, 0.0), left, out=means, where=left > 0)
    return means


def _spread(values: NDArray[np.float64], estimate: float, without: NDArray[np.float64]) -> Spread:
    away = without.mean() - without
    square = float((away**2).sum())
    # Rounded, so that figures equal but for the order of addition tie.
    rounded = np.round(values, 9)
    acceleration = float((away**3).sum()) / (6 * square**1.5) if square > 1e-15 else 0.0
    return Spread(rounded, round(estimate, 9), acceleration)


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
