"""Agency trends: means over the same units, exact, nobody counted who is not done."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.core.samples import (
    SMALL,
    SMALL_RULES,
    Answers,
    all_best,
    assess,
    best_agency,
    best_facts,
)
from zi_eval.core.agency import AgencyEvaluation
from zi_eval.core.assessment import Stage, Unit
from zi_eval.core.evaluation import Evaluation, evaluate
from zi_eval.instruments import load_instrument, load_rules
from zi_eval.trends.agency import agency_trends
from zi_eval.trends.earlier import EarlierAgency, match_same

SAME = match_same(SMALL, SMALL)


def unit(name: str, answers: Answers) -> Evaluation:
    made = replace(assess(answers, best_facts(SMALL_RULES, "unit")), unit=Unit(name, name))
    return evaluate(SMALL, SMALL_RULES, made, best_agency(SMALL_RULES))


def agency(period: str, **units: Answers) -> AgencyEvaluation:
    made = tuple(unit(name, answers) for name, answers in units.items())
    return AgencyEvaluation(best_agency(SMALL_RULES), SMALL_RULES, SMALL, period, Stage.UNIT, made)


BEST = all_best(SMALL)
LOWER: Answers = {**BEST, "B.I.b": "D"}
FAILING: Answers = {**BEST, "B.I.a": 0.0}
PARTLY: Answers = {**BEST, "B.I.a": None}


def test_means_are_those_of_the_units_in_both_and_add_up() -> None:
    past = agency("2025", a=LOWER, b=BEST, gone=BEST)
    trends = agency_trends(
        agency("2026", a=BEST, b=FAILING, new=LOWER), [EarlierAgency(past, SAME)]
    )
    step = trends.last
    assert (step.arrived, step.left) == (("new",), ("gone",))
    assert step.now - step.before == pytest.approx((2.0 - 3.0) / 2)
    assert step.answers + step.instrument == pytest.approx(step.now - step.before, abs=1e-9)
    assert sum(area.answers for area in step.areas) == pytest.approx(step.answers, abs=1e-9)
    moves = {item.id: (item.raised, item.lowered, item.points) for item in step.questions}
    assert moves == {"B.I.a": (0, 1, -1.5), "B.I.b": (1, 0, 1.0)}
    assert [item.id for item in step.questions] == ["B.I.a", "B.I.b"]


def test_who_reached_and_who_lost_its_target_is_named() -> None:
    past = agency("2025", up=FAILING, down=BEST, same=BEST)
    now = agency("2026", up=BEST, down=FAILING, same=BEST)
    step = agency_trends(now, [EarlierAgency(past, SAME)]).last
    assert [s.now.assessment.unit.id for s in step.reached] == ["up"]
    assert [s.now.assessment.unit.id for s in step.lost] == ["down"]
    assert step.changed_by_rules == ()


def test_a_unit_with_open_questions_is_left_out_of_the_means() -> None:
    past = agency("2025", a=LOWER, b=BEST)
    step = agency_trends(agency("2026", a=BEST, b=PARTLY), [EarlierAgency(past, SAME)]).last
    assert [s.now.assessment.unit.id for s in step.incomplete] == ["b"]
    assert step.now - step.before == pytest.approx(2.0)
    alone = agency_trends(agency("2026", b=PARTLY), [EarlierAgency(past, SAME)]).last
    assert (len(alone.compared), alone.incomplete) == (1, ())


def test_an_agency_without_a_unit_in_two_periods_has_no_trends() -> None:
    assert agency_trends(agency("2026", a=BEST), []) is None
    past = EarlierAgency(agency("2025", other=BEST), SAME)
    assert agency_trends(agency("2026", a=BEST), [past]) is None


def test_three_periods_make_two_steps() -> None:
    past = [
        EarlierAgency(agency(year, a=answers), SAME)
        for year, answers in (("2024", LOWER), ("2025", BEST))
    ]
    trends = agency_trends(agency("2026", a=FAILING), past)
    assert [(s.before_period, s.now_period) for s in trends.steps] == [
        ("2024", "2025"),
        ("2025", "2026"),
    ]
    assert [s.now - s.before for s in trends.steps] == pytest.approx([2.0, -3.0])


def test_where_bands_give_the_predicate_a_unit_reached_a_higher_one() -> None:
    rules = load_rules("akip-2021")
    instrument = load_instrument("akip-2021")

    def made(code: str) -> AgencyEvaluation:
        unit_file = assess(dict.fromkeys(instrument.questions, code), target="")
        item = evaluate(instrument, rules, unit_file)
        return AgencyEvaluation(
            best_agency(SMALL_RULES), rules, instrument, "2026", Stage.UNIT, (item,)
        )

    same = match_same(instrument, instrument)
    step = agency_trends(made("A"), [EarlierAgency(made("B"), same)]).last
    assert [s.verdict.now.predicate for s in step.reached] == ["A"]
    assert [s.verdict.before.predicate for s in step.reached] == ["B"]
    back = agency_trends(made("B"), [EarlierAgency(made("A"), same)]).last
    assert (len(back.lost), back.reached) == (1, ())
