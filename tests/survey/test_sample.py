from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zi_eval.survey.quality import krejcie_morgan, sample_need, slovin

# Krejcie & Morgan (1970), Educational and Psychological Measurement 30, 607-610, Table 1.
TABLE = {
    10: 10, 15: 14, 20: 19, 25: 24, 30: 28, 35: 32, 40: 36, 45: 40, 50: 44, 55: 48, 60: 52, 65: 56,
    70: 59, 75: 63, 80: 66, 85: 70, 90: 73, 95: 76, 100: 80, 110: 86, 120: 92, 130: 97, 140: 103,
    220: 140, 230: 144, 240: 148, 500: 217, 1000: 278, 1200: 291, 1300: 297, 1400: 302, 1500: 306,
    2800: 338, 9000: 368, 10_000: 370, 1_000_000: 384,
}  # fmt: skip


@pytest.mark.parametrize(("population", "sample"), TABLE.items())
def test_the_sample_is_that_of_the_published_table(population: int, sample: int) -> None:
    assert krejcie_morgan(population) == sample


@pytest.mark.parametrize(
    ("population", "sample"), [(1, 1), (400, 200), (1000, 286), (10_000, 385), (10**9, 400)]
)
def test_slovin_is_rounded_up(population: int, sample: int) -> None:
    assert slovin(population) == sample


@given(st.integers(1, 10**7))
def test_no_formula_asks_for_more_people_than_there_are(population: int) -> None:
    assert 1 <= krejcie_morgan(population) <= min(population, 384)
    assert 1 <= slovin(population) <= min(population, 400)
    assert krejcie_morgan(population) <= krejcie_morgan(population + 1)


def test_thirty_are_asked_for_and_fewer_only_where_the_unit_serves_fewer() -> None:
    assert not sample_need(29, None, 30).is_enough
    assert sample_need(30, None, 30).is_enough
    small = sample_need(12, 12, 30)
    assert (small.minimum, small.is_enough) == (12, True)
    assert sample_need(40, 5000, 30).krejcie_morgan == 357
    assert sample_need(40, None, 30).krejcie_morgan is None
