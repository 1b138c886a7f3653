"""The LKE of year N rests on target and result of N-1, never on a projection of N."""

from __future__ import annotations

from dataclasses import replace

from zi_eval.performance.plan import Accrual, Direction, Indicator, Plan
from zi_eval.performance.watch import evaluate_plan
from zi_eval.performance.year_before import (
    plan_of_year_before,
    propose_from_year_before,
    stand_in_year_before,
)

QUESTIONS = {"achievement": "B.I.b", "goals": "A.II.4.i.a"}


def item(target: float | None, result: float | None, **fields: object) -> Indicator:
    """An indicator that will plainly miss in 2026, with a target and a result of 2025."""
    given = Indicator(
        goal="Sasaran",
        name="Izin tepat waktu",
        unit_of_measure="%",
        accrual=Accrual.MEAN,
        targets=(90.0, 90.0, 90.0, 90.0),
        results=(10.0, 10.0, None, None),
        earlier_targets={} if target is None else {2025: target},
        earlier_results={2024: 80.0} | ({} if result is None else {2025: result}),
    )
    return replace(given, **fields)


def propose(*items: Indicator) -> dict[str, object]:
    standing = evaluate_plan(Plan("unit", "Unit", 2026, items))
    found = propose_from_year_before(standing, QUESTIONS)
    assert not any(proposal.is_provisional for proposal in found)
    assert {proposal.reasons[0] for proposal in found} == {"Menurut target dan hasil tahun 2025."}
    return {proposal.question: proposal.answer or proposal.candidates for proposal in found}


def test_a_target_met_last_year_counts_whatever_this_year_is_heading_for() -> None:
    assert propose(item(90.0, 90.0)) == {"B.I.b": "B", "A.II.4.i.a": (1.0, 1.0)}


def test_a_target_missed_last_year_counts_whatever_this_year_is_heading_for() -> None:
    good = item(90.0, 85.0, results=(99.0, 99.0, 99.0, None))
    assert propose(good) == {"B.I.b": "D", "A.II.4.i.a": (1.0, 0.0)}


def test_better_than_the_year_before_is_laid_beside_two_years_ago() -> None:
    assert propose(item(90.0, 90.0, earlier_results={2025: 90.0, 2024: 95.0}))["B.I.b"] == "C"


def test_where_last_years_target_or_result_is_missing_nothing_is_decided() -> None:
    for target, result in ((None, 90.0), (90.0, None)):
        assert propose(item(target, result)) == {
            "B.I.b": ("A", "B", "C", "D"),
            "A.II.4.i.a": (),
        }


def test_the_year_before_is_one_figure_by_the_same_direction_and_limits() -> None:
    lower = item(10.0, 8.0, direction=Direction.DOWN)
    standing = evaluate_plan(Plan("unit", "Unit", 2026, (lower,)))
    plan = plan_of_year_before(standing.plan)
    assert (plan.year, plan.indicators[0].year_target, plan.quarter) == (2025, 10.0, 4)
    before = stand_in_year_before(standing)
    year = before.score.indicators[0].year
    assert year is not None
    assert (year.result, year.is_met, year.percent) == (8.0, True, 120.0)
    assert before.score.rules == standing.score.rules
