from __future__ import annotations

from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.performance.samples import indicator, standing
from zi_eval.core.text import fold
from zi_eval.performance.comparison import (
    COMPARED,
    Comparison,
    compare_indicator,
    compare_units,
    is_better,
    missing_comparisons,
)
from zi_eval.performance.plan import Accrual, Direction, Indicator

PLAN = {"targets": (20.0, 40.0, 60.0, 80.0)}
WHOLE = {**PLAN, "results": (20.0, 40.0, 60.0, 84.0)}


def compare(item: Indicator) -> Comparison:
    return compare_indicator(item, standing(item).score.indicators[0], 2026)


def test_everything_a_report_must_compare_is_there_when_it_is_filled_in() -> None:
    item = indicator(
        **WHOLE, renstra_target=100, national=82, ceiling=100, spent=90, cause="x", follow_up="y"
    )
    found = compare(item)
    assert found.missing == ()
    assert (found.result, found.last_year) == (84, 90)
    assert found.of_renstra == 84  # 84 / 100
    assert (found.beats_last_year, found.beats_national) == (False, True)


def test_what_is_not_filled_in_is_named_and_not_assumed() -> None:
    found = compare(indicator(targets=PLAN["targets"], earlier_results={}, action=""))
    assert found.missing == tuple(COMPARED)
    assert (found.beats_last_year, found.beats_national) == (None, None)
    assert missing_comparisons([found, compare(indicator(**WHOLE))])["target"] == (0,)


@pytest.mark.parametrize(
    ("fields", "is_there"),
    [
        ({"cause": "x"}, True),  # met: the cause of success is enough
        ({"cause": "x", "results": (20, 40, 60, 70)}, False),  # missed: what is done about it too
        ({"cause": "x", "follow_up": "y", "results": (20, 40, 60, 70)}, True),
        ({}, False),
    ],
)
def test_the_cause_of_a_failure_needs_a_solution(fields: dict[str, object], is_there: bool) -> None:
    assert ("cause" not in compare(indicator(**(WHOLE | fields))).missing) is is_there


@pytest.mark.parametrize(
    ("direction", "result", "other", "better"),
    [
        (Direction.UP, 85, 84, True),
        (Direction.UP, 84, 84, False),
        (Direction.DOWN, 83, 84, True),
        (Direction.DOWN, 84, 84, False),
        (Direction.HOLD, 81, 78, True),  # 1 from 80, and 2 from 80
        (Direction.HOLD, 82, 78, False),
        (Direction.UP, None, 84, None),
        (Direction.UP, 84, None, None),
    ],
)
def test_better_is_by_direction_and_equal_is_not_better(
    direction: Direction, result: float | None, other: float | None, better: bool | None
) -> None:
    assert is_better(indicator(**PLAN, direction=direction), result, other) is better


def test_a_sum_of_part_of_a_year_is_not_laid_beside_a_whole_year() -> None:
    part = (20.0, 40.0, None, None)
    level = compare(indicator(targets=PLAN["targets"], results=part))
    total = compare(indicator(targets=PLAN["targets"], results=part, accrual=Accrual.SUM))
    assert (level.result, level.beats_last_year) == (40, False)
    assert (total.result, total.beats_last_year, total.of_renstra) == (None, None, None)


def test_peers_are_the_other_units_of_the_same_kind() -> None:
    own = standing(indicator(**WHOLE), unit="a")
    two = standing(indicator(**PLAN, results=(20, 40, 60, 64)), unit="b")  # 80 %
    three = standing(indicator(**PLAN, results=(20, 40, 60, 72)), unit="c")  # 90 %
    badan = standing(indicator(**PLAN, results=(20, 40, 60, 8)), unit="d", kind="Badan")
    nobody = standing(indicator(**WHOLE), unit="e", kind="")
    peers = compare_units([own, two, three, badan, nobody])
    assert (peers["a"].percent, peers["a"].units) == (85, 2)  # (80 + 90) / 2
    assert (peers["d"].percent, peers["d"].units) == (None, 0)
    assert "e" not in peers
    item = own.plan.indicators[0]
    found = compare_indicator(item, own.score.indicators[0], 2026, peers["a"])
    assert found.peers == 85


@given(st.lists(st.lists(st.integers(60, 64), max_size=2), min_size=1, max_size=7))
def test_figures_of_peers_are_mean_and_median_of_all_but_the_unit_itself(
    results: list[list[int]],
) -> None:
    units = [
        standing(
            *(indicator(**PLAN, results=(20, 40, 60, value)) for value in values), unit=f"u{place}"
        )
        for place, values in enumerate(results)
    ]
    found = compare_units(units)
    for place, unit in enumerate(units):
        others = [other for at, other in enumerate(units) if at != place]
        means = [other.score.percent for other in others if other.score.percent is not None]
        expected = sum(means) / len(means) if means else None
        assert found[unit.plan.unit].percent == pytest.approx(expected)
        assert found[unit.plan.unit].units == len(means)
        percents = [i.current.percent for o in others for i in o.score.indicators if i.current]
        own = unit.plan.indicators
        middle = median(percents) if percents and own else None
        name = fold(own[0].name) if own else ""
        assert found[unit.plan.unit].indicators.get(name) == middle
