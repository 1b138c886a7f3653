from __future__ import annotations

from datetime import date

import pytest

from tests.performance.samples import indicator, standing
from zi_eval.core.problems import Problem
from zi_eval.performance.agency import (
    AgencyPerformance,
    Quadrant,
    find_quadrant,
    goal_light,
    list_actions,
)
from zi_eval.performance.plan import Indicator
from zi_eval.performance.projection import Light

PLAN = {"targets": (20.0, 40.0, 60.0, 80.0)}


def red(**fields: object) -> Indicator:
    return indicator(**(PLAN | {"results": (10.0, 20.0, None, None)} | fields))


def green(**fields: object) -> Indicator:
    return indicator(**(PLAN | {"results": (21.0, 42.0, None, None)} | fields))


def missing(**fields: object) -> Indicator:
    return indicator(**(PLAN | {"results": (20.0, None, None, None)} | fields))


def test_a_sasaran_shows_the_light_of_its_worst_indicator() -> None:
    stand = standing(green(), missing(), red())
    assert [watch.light for watch in stand.watches] == [Light.GREEN, Light.MISSING, Light.RED]
    assert goal_light(stand, (0, 1, 2)) is Light.RED
    assert goal_light(stand, (0, 1)) is Light.MISSING
    assert goal_light(stand, (0,)) is Light.GREEN
    assert goal_light(stand, ()) is Light.NOT_DUE


def test_actions_of_all_units_come_soonest_first_and_undated_last() -> None:
    one = standing(
        green(name="baik"), red(name="c"), red(name="b", due=date(2026, 12, 9)), unit="u"
    )
    two = standing(
        red(name="rapor"), missing(name="d"), red(name="a", due=date(2026, 11, 1)), unit="v"
    )
    actions = list_actions([one, two])
    assert [action.item.name for action in actions] == ["a", "b", "c", "rapor", "d"]
    assert [action.standing.plan.unit for action in actions] == ["v", "u", "u", "v", "v"]
    today = date(2026, 12, 9)
    assert [action.is_late(today) for action in actions] == [True, False, False, False, False]


@pytest.mark.parametrize(
    ("percent", "absorbed", "wanted"),
    [
        (100, 74, Quadrant.RESULTS_AHEAD),
        (100, 75, Quadrant.BOTH),
        (99.9, 74, Quadrant.BEHIND),
        (99.9, 75, Quadrant.MONEY_AHEAD),
        (100 - 1e-12, 0, Quadrant.RESULTS_AHEAD),
    ],
)
def test_results_part_at_the_plan_and_money_at_the_year_gone_by(
    percent: float, absorbed: float, wanted: Quadrant
) -> None:
    assert find_quadrant(percent, absorbed, 75) is wanted


def test_units_are_ranked_by_what_presses_and_then_by_achievement() -> None:
    plans = {
        "baik": standing(green(), unit="baik"),
        "merah": standing(red(), green(), unit="merah"),
        "merah-lagi": standing(red(), red(), unit="merah-lagi"),
        "kosong": standing(indicator(), unit="kosong"),
        "belum": standing(missing(), unit="belum"),
    }
    ranked = [s.plan.unit for s in AgencyPerformance(plans).ranked]
    assert ranked == ["merah-lagi", "merah", "belum", "baik", "kosong"]


def test_a_table_with_problems_and_no_plan_is_broken() -> None:
    wrong = (Problem(code="x", message="salah."),)
    both = AgencyPerformance({"a": standing(green(), unit="a")}, {"a": wrong, "b": wrong})
    assert both.broken == {"b": wrong}
    assert AgencyPerformance().is_empty
    assert not both.is_empty
    assert not AgencyPerformance(trouble="Dua tabel.").is_empty


def test_the_quarter_is_the_one_most_units_report_on() -> None:
    first = indicator(**PLAN, results=(20.0, None, None, None))
    stands = [standing(first), standing(red()), standing(red())]
    assert AgencyPerformance({str(n): s for n, s in enumerate(stands)}).quarter == 2
    assert AgencyPerformance({str(n): s for n, s in enumerate(stands[:2])}).quarter == 2
    assert AgencyPerformance().quarter == 0
