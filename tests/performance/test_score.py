from __future__ import annotations

from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.performance.samples import indicator, plan
from zi_eval.performance.plan import Accrual, Direction
from zi_eval.performance.score import (
    USUAL_RULES,
    AchievementRules,
    absorption,
    achievement,
    efficiency,
    score_plan,
)

AMOUNT = st.floats(0.01, 1e6)
SIGNED = st.floats(-1e6, 1e6).filter(lambda x: x == 0 or abs(x) > 0.01)
RULES = st.sampled_from([USUAL_RULES, AchievementRules(cap=None), AchievementRules(110, 0)])


@pytest.mark.parametrize(
    ("direction", "target", "result", "raw", "is_met"),
    [
        (Direction.UP, 80, 60, 75, False),  # 60 / 80
        (Direction.UP, 80, 80, 100, True),  # 80 / 80
        (Direction.UP, 80, 100, 125, True),  # 100 / 80
        (Direction.UP, 80, 0, 0, False),  # 0 / 80: nothing was done, and that is known
        (Direction.DOWN, 40, 30, 125, True),  # (2 x 40 - 30) / 40
        (Direction.DOWN, 40, 50, 75, False),  # (2 x 40 - 50) / 40
        (Direction.DOWN, 40, 0, 200, True),  # (2 x 40 - 0) / 40
        (Direction.DOWN, 40, 100, -50, False),  # (2 x 40 - 100) / 40
        (Direction.HOLD, 80, 80, 100, True),
        (Direction.HOLD, 80, 100, 75, False),  # 1 - 20 / 80
        (Direction.HOLD, 80, 60, 75, False),  # 1 - 20 / 80
        (Direction.UP, -4, -2, 150, True),  # 1 + (-2 - -4) / 4
        (Direction.UP, -4, -5, 75, False),  # 1 + (-5 - -4) / 4
        (Direction.DOWN, 0, 0, 100, True),
        (Direction.DOWN, 0, 1, 0, False),
        (Direction.UP, 0, 3, 100, True),
    ],
)
def test_worked_cases_of_achievement(
    direction: Direction, target: float, result: float, raw: float, is_met: bool
) -> None:
    got = achievement(target, result, direction)
    assert got is not None
    assert got.raw == pytest.approx(raw)
    assert got.is_met is is_met


@given(AMOUNT, AMOUNT)
def test_for_a_positive_target_the_printed_formulas_hold(target: float, result: float) -> None:
    up, down = (achievement(target, result, d) for d in (Direction.UP, Direction.DOWN))
    assert up is not None
    assert down is not None
    assert isclose(up.raw, result / target * 100, rel_tol=1e-9, abs_tol=1e-6)
    assert isclose(down.raw, (2 * target - result) / target * 100, rel_tol=1e-9, abs_tol=1e-6)


def test_achievement_is_capped_as_set_and_never_below_its_floor() -> None:
    best = achievement(80, 160, Direction.UP)
    free = achievement(80, 160, Direction.UP, AchievementRules(cap=None))
    worst = achievement(40, 100, Direction.DOWN)
    assert best is not None
    assert free is not None
    assert worst is not None
    assert (best.percent, best.raw) == (120, 200)
    assert free.percent == 200
    assert (worst.percent, worst.raw) == (0, -50)


@given(SIGNED, SIGNED, SIGNED, st.sampled_from(Direction), RULES)
def test_a_better_result_never_lowers_achievement(
    target: float, one: float, two: float, direction: Direction, rules: AchievementRules
) -> None:
    def goodness(result: float) -> float:
        return {Direction.UP: result, Direction.DOWN: -result}.get(direction, -abs(result - target))

    worse, better = sorted((one, two), key=goodness)
    low, high = (achievement(target, r, direction, rules) for r in (worse, better))
    assert low is not None
    assert high is not None
    assert low.percent <= high.percent
    assert low.is_met <= high.is_met


@given(SIGNED, SIGNED, st.floats(0.01, 1e6), st.sampled_from(Direction))
def test_the_unit_of_measure_does_not_matter(
    target: float, result: float, factor: float, direction: Direction
) -> None:
    one = achievement(target, result, direction)
    other = achievement(target * factor, result * factor, direction)
    assert one is not None
    assert other is not None
    assert isclose(one.raw, other.raw, rel_tol=1e-6, abs_tol=1e-6)
    assert one.is_met == other.is_met or isclose(one.raw, 100, rel_tol=1e-8)


@given(SIGNED, st.sampled_from(Direction))
def test_a_target_met_exactly_is_met(target: float, direction: Direction) -> None:
    got = achievement(target, target, direction)
    assert got is not None
    assert (got.raw, got.is_met) == (100, True)


def test_no_answer_is_not_zero() -> None:
    assert achievement(80, None, Direction.UP) is None
    assert achievement(None, 80, Direction.UP) is None
    zero = achievement(80, 0, Direction.UP)
    assert zero is not None
    assert zero.percent == 0


def test_worked_cases_of_absorption_and_efficiency() -> None:
    assert absorption(200_000_000, 150_000_000) == 75  # 150 / 200
    assert absorption(None, 1) is None
    assert absorption(200, None) is None
    assert absorption(0, 0) is None
    assert absorption(200, 0) == 0
    assert efficiency(100, 75) == 25  # (100 - 75) / 100
    assert efficiency(80, 100) == -25  # (80 - 100) / 80
    assert efficiency(0, 50) is None
    assert efficiency(None, 50) is None


def test_a_unit_is_the_mean_of_its_goals_and_a_goal_of_its_indicators() -> None:
    full = {"targets": (10.0, 20.0, 30.0, 40.0), "accrual": Accrual.LAST}
    score = score_plan(
        plan(
            indicator(goal="A", name="a", results=(10, 20, 30, 40), **full),  # 40 / 40 = 100
            indicator(goal="A", name="b", results=(10, 20, 30, 20), **full),  # 20 / 40 = 50
            indicator(goal="B", name="c", results=(10, 20, 30, 80), **full),  # 200, capped 120
        )
    )
    assert score.goals == {"A": 75, "B": 120}  # (100 + 50) / 2
    assert score.percent == 97.5  # (75 + 120) / 2, not (100 + 50 + 120) / 3
    assert (score.quarter, score.known) == (4, 3)


def test_an_indicator_without_result_is_left_out_and_counted() -> None:
    full = {"targets": (10.0, 20.0, 30.0, 40.0)}
    score = score_plan(
        plan(
            indicator(goal="A", name="a", results=(10, 20, None, None), **full),
            indicator(goal="B", name="b", results=(10, None, None, None), **full),
        )
    )
    assert score.quarter == 2
    assert score.goals == {"A": 100, "B": None}
    assert (score.percent, score.known) == (100, 1)


def test_absorption_of_a_unit_is_that_of_all_its_money() -> None:
    score = score_plan(
        plan(
            indicator(name="a", ceiling=100, spent=100),
            indicator(name="b", ceiling=300, spent=0),
            indicator(name="c", ceiling=500),
        )
    )
    assert score.absorption == 25  # (100 + 0) / (100 + 300)
    assert score.percent is None
    assert score.efficiency is None


def test_a_plan_without_results_has_no_score() -> None:
    score = score_plan(plan(indicator(targets=(1, 2, 3, 4))))
    assert (score.quarter, score.percent, score.known) == (0, None, 0)
