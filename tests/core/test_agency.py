from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.samples import (
    SMALL,
    SMALL_RULES,
    Answers,
    all_best,
    all_worst,
    any_answers,
    assess,
    best_agency,
    best_facts,
)
from zi_eval.core.agency import (
    AgencyEvaluation,
    area_shares,
    compared_areas,
    costly_questions,
    count_statuses,
    judge_agency,
    rank_units,
    reaches_all_rules,
    share_met,
)
from zi_eval.core.assessment import Agency, Fact, Stage, Unit
from zi_eval.core.evaluation import evaluate
from zi_eval.core.verdict import Status

BEST, WORST = all_best(SMALL), all_worst(SMALL)
GOOD_FACTS = best_facts(SMALL_RULES, "unit")


def agency_of(
    *answers: Answers,
    agency: Agency | None = None,
    facts: Mapping[str, Fact] = GOOD_FACTS,
    target: str = "WBK",
    failures: Mapping[str, str] | None = None,
) -> AgencyEvaluation:
    agency = agency or best_agency(SMALL_RULES)
    evaluations = tuple(
        evaluate(
            SMALL,
            SMALL_RULES,
            replace(assess(one, facts, target=target), unit=Unit(f"u{n}", f"Unit {n}")),
            agency,
        )
        for n, one in enumerate(answers)
    )
    return AgencyEvaluation(
        agency, SMALL_RULES, SMALL, "2026", Stage.TPI, evaluations, failures or {}
    )


def ranks(evaluation: AgencyEvaluation) -> list[tuple[str, int | None]]:
    return [(s.evaluation.assessment.unit.id, s.rank) for s in rank_units(evaluation)]


def test_units_are_ranked_by_total_and_ties_share_a_rank() -> None:
    evaluation = agency_of(WORST, BEST, {}, BEST, WORST | {"B.I.a": 1.0})
    assert ranks(evaluation) == [("u1", 1), ("u3", 1), ("u4", 3), ("u0", 4), ("u2", None)]


@given(st.lists(any_answers(SMALL), max_size=5))
def test_a_ranking_holds_every_unit_once_and_never_rises(all_answers: list[Answers]) -> None:
    standings = rank_units(agency_of(*all_answers))
    assert sorted(s.evaluation.assessment.unit.id for s in standings) == [
        f"u{n}" for n in range(len(all_answers))
    ]
    scores = [s.evaluation.card.total.score for s in standings]
    known = [score for score in scores if score is not None]
    assert known == sorted(known, reverse=True)
    assert scores[len(known) :] == [None] * (len(scores) - len(known))


def test_counts_have_every_status_and_leave_failures_out() -> None:
    evaluation = agency_of(BEST, BEST, WORST, {}, failures={"x": "rusak"})
    counts = {Status.MET: 2, Status.NOT_MET: 1, Status.UNKNOWN: 1}
    assert count_statuses(evaluation, "WBK") == counts
    assert share_met(evaluation, "WBK") == 0.5
    assert evaluation.unit_count == 5


def test_no_unit_has_no_share() -> None:
    assert share_met(agency_of(), "WBK") is None


def test_a_unit_held_back_by_facts_alone_reaches_all_rules() -> None:
    held, low = agency_of(BEST, WORST, facts={"lhkpn": 0.0}).evaluations
    assert held.target.status is Status.NOT_MET
    assert reaches_all_rules(held, "WBK")
    assert not reaches_all_rules(low, "WBK")


def test_compared_areas_cover_every_component_not_split_into_areas() -> None:
    assert [(area.id, area.nodes) for area in compared_areas(SMALL)] == [
        ("1", ("A.I.1", "A.II.1")),
        ("B.I", ("B.I",)),
    ]


def test_an_area_is_compared_with_the_minimum_of_the_target() -> None:
    for target, need in (("WBK", 40.0), ("WBBM", 75.0)):
        (item,) = agency_of(BEST, target=target).evaluations
        area, rest = area_shares(item)
        assert (area.percent, area.need) == (pytest.approx(100), pytest.approx(need))
        assert not area.is_below
        assert rest.need is None
    (item,) = agency_of(WORST).evaluations
    assert area_shares(item)[0].is_below


def test_an_area_without_answers_has_no_percentage_and_is_not_below() -> None:
    (item,) = agency_of({"B.I.a": 4.0}).evaluations
    area, rest = area_shares(item)
    assert area.percent is None
    assert not area.is_below
    assert area.has_open_questions
    assert rest.has_open_questions


def test_the_costliest_question_misses_most_points_of_the_answers_given() -> None:
    weak, none = BEST | {"A.I.1.i.b": "B"}, BEST | {"A.I.1.i.b": None, "A.I.1.i.a": "Tidak"}
    points = SMALL.question_points()
    first, second = costly_questions(agency_of(weak, none, none, BEST))
    assert (first.id, first.mean, first.answered, first.worst, first.open) == (
        "A.I.1.i.a", 0.5, 4, 2, 0,
    )  # fmt: skip
    assert first.lost == pytest.approx(2 * points["A.I.1.i.a"])
    assert (second.id, second.mean, second.answered, second.worst, second.open) == (
        "A.I.1.i.b", 0.75, 2, 0, 2,
    )  # fmt: skip
    assert second.lost == pytest.approx(points["A.I.1.i.b"] / 2)


def test_a_heavy_question_costs_more_than_a_light_one_that_is_worse_answered() -> None:
    points = SMALL.question_points()
    assert points["B.I.a"] > 2 * points["A.I.1.i.a"]
    (first, second) = costly_questions(agency_of(BEST | {"B.I.a": 2.0, "A.I.1.i.a": "Tidak"}))
    assert (first.id, second.id) == ("B.I.a", "A.I.1.i.a")
    assert first.mean > second.mean


def test_what_questions_cost_is_what_complete_units_lack() -> None:
    evaluation = agency_of(WORST, BEST, BEST | {"B.I.a": 3.0, "A.I.1.i.b": "B"})
    totals = [item.card.total for item in evaluation.evaluations]
    lacking = sum((total.weight or 0.0) - (total.score or 0.0) for total in totals)
    lost = [item.lost for item in costly_questions(evaluation, len(SMALL.questions))]
    assert sum(lost) == pytest.approx(lacking)
    assert lost == sorted(lost, reverse=True)


def test_questions_nobody_answered_cost_nothing() -> None:
    assert costly_questions(agency_of({}, {})) == ()
    assert len(costly_questions(agency_of(WORST), limit=3)) == 3


def test_the_agency_is_judged_without_any_unit() -> None:
    evaluation = agency_of(agency=Agency("I", "kabupaten", "small", {"opini": "WDP"}))
    assert [
        (p, [o.status for o in outcomes]) for p, outcomes in judge_agency(evaluation).items()
    ] == [
        ("WBK", [Status.NOT_MET]),
        ("WBBM", [Status.NOT_MET]),
    ]
    silent = agency_of(agency=Agency("I", "kabupaten", "small"))
    assert judge_agency(silent)["WBK"][0].status is Status.UNKNOWN
