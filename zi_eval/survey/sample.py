"""How many respondents a survey needs: the regulation's count and the two formulas teams quote."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor

__all__ = ["SampleNeed", "krejcie_morgan", "sample_need", "slovin"]

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
