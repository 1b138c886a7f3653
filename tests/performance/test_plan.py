from __future__ import annotations

import pytest

from tests.performance.samples import indicator, plan
from zi_eval.core.text import fold
from zi_eval.performance.plan import Accrual, figure_text, rough_text

BY_QUARTER = (10.0, 20.0, 30.0, 40.0)


@pytest.mark.parametrize(
    ("accrual", "until"),
    [
        (Accrual.SUM, (10, 30, 60, 100)),  # 10, 10 + 20, 10 + 20 + 30, ...
        (Accrual.MEAN, (10, 15, 20, 25)),  # (10 + 20) / 2, (10 + 20 + 30) / 3, ...
        (Accrual.LAST, (10, 20, 30, 40)),
    ],
)
def test_quarters_add_up_as_stated(accrual: Accrual, until: tuple[float, ...]) -> None:
    item = indicator(accrual=accrual, targets=BY_QUARTER, results=BY_QUARTER)
    assert tuple(item.target_until(q) for q in (1, 2, 3, 4)) == until
    assert tuple(item.result_until(q) for q in (1, 2, 3, 4)) == until
    assert item.year_target == until[-1]


@pytest.mark.parametrize("accrual", [Accrual.SUM, Accrual.MEAN])
def test_a_sum_or_mean_with_a_hole_is_no_result(accrual: Accrual) -> None:
    item = indicator(accrual=accrual, targets=BY_QUARTER, results=(10, None, 30, None))
    assert item.result_until(1) == 10
    assert item.result_until(2) is None
    assert item.result_until(3) is None


def test_a_position_needs_only_its_last_quarter() -> None:
    item = indicator(accrual=Accrual.LAST, targets=BY_QUARTER, results=(None, None, 30, None))
    assert item.result_until(2) is None
    assert item.result_until(3) == 30


def test_zero_is_reported_and_empty_is_not() -> None:
    empty = indicator(accrual=Accrual.SUM, targets=BY_QUARTER)
    zero = indicator(accrual=Accrual.SUM, targets=BY_QUARTER, results=(0, None, None, None))
    assert (empty.last_reported, empty.result_until(1)) == (0, None)
    assert (zero.last_reported, zero.result_until(1)) == (1, 0)


def test_a_quarter_without_target_is_not_to_be_measured() -> None:
    item = indicator(
        accrual=Accrual.MEAN, targets=(None, 80, None, 84), results=(None, 82, None, None)
    )
    assert item.measured == (2, 4)
    assert item.target_until(1) is None
    assert item.result_until(3) == 82
    assert item.year_target == 82  # (80 + 84) / 2


def test_the_stated_target_of_the_year_goes_before_the_quarters() -> None:
    assert indicator(targets=BY_QUARTER, annual_target=50).year_target == 50
    assert indicator(annual_target=50).year_target == 50
    assert indicator().year_target is None


def test_a_plan_stands_at_the_last_quarter_anything_is_reported_for() -> None:
    early = indicator(results=(1, None, None, None))
    late = indicator(name="Lain", results=(1, 2, None, None))
    assert plan(early, late).quarter == 2
    assert plan(indicator()).quarter == 0
    assert plan(early, late).goals == {"Sasaran": (0, 1)}


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (80.0, "80"),
        (1234.5, "1.234,5"),
        (0.25, "0,25"),
        (1e6, "1.000.000"),
        (-2.5, "-2,5"),
        (0.0, "0"),
    ],
)
def test_figures_are_written_the_indonesian_way(number: float, text: str) -> None:
    assert figure_text(number) == text


def test_an_estimate_has_no_more_decimals_than_it_deserves() -> None:
    assert [rough_text(x) for x in (7307.46, 91.44, 0.347)] == ["7.307", "91,4", "0,35"]


def test_the_same_name_is_recognised_whatever_its_spelling() -> None:
    assert fold("Indeks  Kepuasan (IKM)") == fold("indeks kepuasan - ikm")
