from __future__ import annotations

from datetime import date

import pytest

from tests.performance.samples import indicator, plan, quarters, standing
from zi_eval.performance.plan import Accrual, Indicator, PlanFinding
from zi_eval.performance.projection import Light
from zi_eval.performance.watch import (
    check_deviations,
    check_peers,
    evaluate_plan,
    pick_decisions,
    robust_scores,
)

PLAN = {"targets": (23.0, 46.0, 69.0, 92.0)}
ON_TRACK = {**PLAN, "results": (23.5, 46.3, 69.9, None)}
WORK = {"accrual": Accrual.SUM, "targets": (25.0, 25.0, 25.0, 25.0)}


def found(*items: Indicator) -> tuple[PlanFinding, ...]:
    return check_deviations(standing(*items))


def codes(*items: Indicator) -> list[str]:
    return [finding.code for finding in found(*items)]


def test_an_indicator_on_its_path_has_no_finding() -> None:
    assert codes(indicator(**ON_TRACK)) == []


def test_a_deviation_asks_for_what_is_missing_of_cause_and_follow_up() -> None:
    late = indicator(**PLAN, results=(20, 30, None, None))
    (finding,) = found(late)
    assert finding.code == "menyimpang-merah"
    assert "30 dari 46 sampai TW II" in finding.seen
    assert finding.check == "Isi sebab dan tindak lanjut."
    explained = indicator(**PLAN, results=(20, 30, None, None), cause="x", follow_up="y")
    assert found(explained)[0].check == "Periksa sebab dan tindak lanjutnya."


@pytest.mark.parametrize(
    ("spent", "code"),
    [
        (75, []),  # 75 % of the money, 75 % of the work
        (94.9, []),  # 19.9 points ahead
        (95, ["uang-mendahului-hasil"]),  # 20 points ahead
        (55, ["hasil-mendahului-uang"]),  # 20 points behind
        (55.1, []),
    ],
)
def test_money_and_results_are_compared_by_the_share_of_the_years_work(
    spent: float, code: list[str]
) -> None:
    results = (25, 26, 25, None)  # all that was planned until TW III, 75 of 100
    assert codes(indicator(**WORK, results=results, ceiling=100, spent=spent)) == code


def test_more_than_planned_is_not_results_ahead_of_money() -> None:
    assert codes(indicator(**WORK, results=(40, 40, 40, None), ceiling=100, spent=60)) == []


def test_a_survey_once_a_half_year_is_half_done_after_the_first() -> None:
    survey = indicator(
        targets=(None, 86, None, 87), results=(None, 88, None, None), ceiling=100, spent=50
    )
    other = indicator(name="Lain", **ON_TRACK)
    assert codes(survey, other) == []


def test_results_equal_to_the_target_in_every_quarter_are_named() -> None:
    copied = indicator(**PLAN, results=(23, 46, 69, None))
    assert codes(copied) == ["realisasi-sama-target"]
    assert codes(indicator(**PLAN, results=(23, 46, None, None))) == []


def test_all_exactly_100_percent_is_named_once_for_the_unit() -> None:
    same = [indicator(name=name, **PLAN, results=(22, 47, 69, None)) for name in "abc"]
    findings = found(*same)
    assert [(f.code, f.place) for f in findings] == [("semua-tepat-100", None)]
    assert codes(*same[:2]) == []
    assert codes(*same, indicator(name="d", **ON_TRACK)) == []


def test_a_jump_in_the_last_quarter_is_named_unless_it_was_planned() -> None:
    results = (10.0, 12.0, 13.0, 66.0)  # 66 of 101
    assert "lonjakan-tw-iv" in codes(indicator(**WORK, results=results))
    planned = {"accrual": Accrual.SUM, "targets": (10.0, 12.0, 13.0, 65.0)}
    assert "lonjakan-tw-iv" not in codes(indicator(**planned, results=results))


def test_a_year_that_sums_to_a_loss_is_no_jump() -> None:
    assert "lonjakan-tw-iv" not in codes(indicator(**WORK, results=(-0.1, -0.1, -0.1, -0.7)))


def test_the_robust_score_in_figures() -> None:
    # median 3, deviations 2 1 0 1 7, their median 1: 0.6745 x (10 - 3) / 1
    assert robust_scores([1, 2, 3, 4, 10])[-1] == pytest.approx(4.7215)
    # all but one equal: the mean deviation 2 takes over; (10 - 0) / (1.253314 x 2)
    assert robust_scores([0, 0, 0, 0, 10])[-1] == pytest.approx(10 / (1.253314 * 2))
    assert robust_scores([5, 5, 5, 5, 5]) == (0,) * 5
    assert robust_scores([1, 2, 3, 9]) == ()


def test_an_outlier_among_peers_of_the_same_kind_is_named() -> None:
    units = [
        standing(indicator(**PLAN, results=(23, result, None, None)), unit=f"u{number}")
        for number, result in enumerate((46, 46.5, 45.8, 46.2, 45.9, 90))
    ]
    findings = check_peers(units)
    assert {unit: [f.code for f in fs] for unit, fs in findings.items()} == {"u5": ["pencilan"]}
    stranger = evaluate_plan(
        plan(indicator(**PLAN, results=(23, 90, None, None)), unit="lain", kind="Badan")
    )
    assert check_peers([*units[:5], stranger]) == {}


def test_the_same_figures_in_two_units_are_named_for_both() -> None:
    values = quarters((23.4, 46.8, 70.1))
    units = [standing(indicator(**PLAN, results=values), unit=unit) for unit in ("satu", "dua")]
    findings = check_peers(units)
    assert set(findings) == {"satu", "dua"}
    assert "Satu" in findings["dua"][0].seen


@pytest.mark.parametrize("values", [(1, 2, 3), (100, 100, 100), (23.47,), (0, 0, 0)])
def test_equal_figures_that_may_be_chance_are_not_named(values: tuple[float, ...]) -> None:
    units = [
        standing(indicator(**PLAN, results=quarters(values)), unit=unit) for unit in ("satu", "dua")
    ]
    assert check_peers(units) == {}


def test_decisions_come_in_the_order_of_their_weight() -> None:
    amber = indicator(name="kuning", **PLAN, results=(22, 43, None, None))
    red = indicator(name="merah", **PLAN, results=(20, 30, None, None))
    worse = indicator(name="lebih merah", **PLAN, results=(20, 20, None, None))
    minor = indicator(name="bukan IKU", **PLAN, results=(1, 1, None, None), is_key=False)
    missing = indicator(name="kosong", **PLAN, results=(23, None, None, None))
    green = indicator(name="hijau", **ON_TRACK | {"results": (23, 47, None, None)})
    stand = standing(green, amber, missing, minor, red, worse)
    picked = [stand.plan.indicators[d.place].name for d in pick_decisions(stand, 9)]
    assert picked == ["lebih merah", "merah", "bukan IKU", "kosong", "kuning"]
    assert len(pick_decisions(stand)) == 3


def test_what_is_asked_depends_on_what_is_there() -> None:
    def ask(**fields: object) -> str:
        late = indicator(**PLAN, results=(20, 30, None, None), **fields)
        return pick_decisions(standing(late))[0].ask

    assert ask().startswith("Minta sebabnya")
    assert ask(cause="x").startswith("Sebabnya sudah diketahui")
    assert ask(cause="x", follow_up="y").endswith("tetapkan batas waktunya.")
    assert ask(cause="x", follow_up="y", due=date(2026, 12, 1)).startswith("Pastikan")


def test_a_missing_quarter_is_named_and_never_read_as_zero() -> None:
    missing = indicator(**WORK, results=(25, None, 26, None))
    stand = standing(missing)
    assert stand.watches[0].light is Light.MISSING
    assert stand.score.indicators[0].current is None
    assert codes(missing) == ["belum-dilaporkan"]
