"""Trends: what moved adds up, exactly, whatever changed; causes are kept apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.samples import (
    ABC,
    ABCD,
    FEW,
    SMALL,
    SMALL_RULES,
    YES_NO,
    Answers,
    any_answers,
    assess,
    best_agency,
    best_facts,
    choice,
    complete_answers,
    make_instrument,
)
from zi_eval.core.assessment import Fact
from zi_eval.core.evaluation import Evaluation, evaluate
from zi_eval.core.instrument import Area, Instrument, Node
from zi_eval.core.rules import RuleSet, Threshold
from zi_eval.core.verdict import Status
from zi_eval.trends.earlier import Earlier, Matching, match_same
from zi_eval.trends.unit import Step, compose_matchings, step_between, unit_trends

EXACT = 1e-9
OTHER = make_instrument(
    {
        "A": 12.0,
        "A.I": 8.0,
        "A.I.1": 5.0,
        "A.I.1.i": 3.0,
        "A.I.1.ii": 2.0,
        "A.I.2": 3.0,
        "A.I.2.i": 3.0,
        "A.II": 4.0,
        "A.II.1": 4.0,
        "A.II.1.i": 4.0,
        "B": 3.0,
        "B.I": 3.0,
    },
    (
        choice("A.I.1.i.a", YES_NO),
        choice("A.I.1.i.b", ABCD),
        choice("A.I.1.ii.a", ABC),
        choice("A.I.1.ii.b", ABC),
        choice("A.I.2.i.a", YES_NO),
        choice("A.I.2.i.b", ABCD),
        choice("A.II.1.i.a", ABC),
        choice("B.I.a", ABCD, weight=3.0),
    ),
    (Area("1", "One", ("A.I.1", "A.II.1")), Area("2", "Two", ("A.I.2",))),
)
OTHER = replace(OTHER, id="other")
MATCHING = Matching(
    {
        "A.I.1.i.a": "A.I.1.i.a",
        "A.I.1.i.b": "A.I.1.i.b",
        "A.I.1.ii.a": "A.I.1.i.c",
        "A.I.1.ii.b": "A.I.1.ii.a",
        "A.I.2.i.b": "A.I.1.ii.b",
        "A.II.1.i.a": "A.II.1.i.a",
        "B.I.a": "B.I.b",
    },
    {"A.I.1.ii.a": {"A": "A", "B": "B", "C": "B", "D": "C"}},
)
"""Weights, scales, areas and merged codes differ; A.I.1.ii.b is no ratio any more."""


def judged(
    answers: Answers,
    instrument: Instrument = SMALL,
    rules: RuleSet = SMALL_RULES,
    facts: Mapping[str, Fact] | None = None,
) -> Evaluation:
    own = best_facts(rules, "unit") if facts is None else facts
    return evaluate(instrument, rules, assess(answers, own), best_agency(rules))


def rules_of(instrument: Instrument) -> RuleSet:
    return replace(
        SMALL_RULES, rules=SMALL_RULES.rules[:2] if instrument is OTHER else SMALL_RULES.rules
    )


def step(before: Answers, now: Answers, old: Instrument = SMALL, new: Instrument = SMALL) -> Step:
    matching = MATCHING if (old, new) == (SMALL, OTHER) else match_same(old, new)
    return step_between(
        judged(before, old, rules_of(old)), judged(now, new, rules_of(new)), matching
    )


def require_sums(found: Step) -> None:
    assert found.answers + found.instrument == pytest.approx(found.change, abs=EXACT)
    for kind in ("answers", "instrument"):
        whole = getattr(found, kind)
        assert sum(getattr(q, kind) for q in found.questions) == pytest.approx(whole, abs=EXACT)
        assert sum(getattr(a, kind) for a in found.areas) == pytest.approx(whole, abs=EXACT)
    for area in found.areas:
        moved = (area.now or 0.0) - (area.before or 0.0)
        assert area.answers + area.instrument == pytest.approx(moved, abs=EXACT)


def has_answer(answers: Answers, instrument: Instrument) -> bool:
    return judged(answers, instrument, rules_of(instrument)).card.total.score is not None


@FEW
@given(any_answers(SMALL), any_answers(SMALL))
def test_on_one_instrument_answers_alone_move_the_score_and_add_up(
    before: Answers, now: Answers
) -> None:
    if has_answer(before, SMALL) and has_answer(now, SMALL):
        found = step(before, now)
        require_sums(found)
        assert found.instrument == 0
        assert all(q.instrument == 0 for q in found.questions)


@FEW
@given(any_answers(SMALL), any_answers(OTHER))
def test_across_instruments_answers_and_instrument_add_up(before: Answers, now: Answers) -> None:
    if has_answer(before, SMALL) and has_answer(now, OTHER):
        require_sums(step(before, now, SMALL, OTHER))


@FEW
@given(complete_answers(SMALL), st.floats(0.1, 4.0))
def test_the_same_answers_on_other_weights_move_nothing_by_answers(
    answers: Answers, factor: float
) -> None:
    nodes = {
        key: Node(key, node.kind, node.title, node.weight * factor)
        for key, node in SMALL.nodes.items()
    }
    questions = {
        key: q if q.weight is None else replace(q, weight=q.weight * factor)
        for key, q in SMALL.questions.items()
    }
    scaled = replace(SMALL, nodes=nodes, questions=questions, version="2")
    before, now = judged(answers), judged(answers, scaled)
    found = step_between(before, now, match_same(SMALL, scaled))
    require_sums(found)
    assert found.answers == pytest.approx(0, abs=EXACT)
    assert found.instrument == pytest.approx(before.card.total.score * (factor - 1), abs=1e-8)


def test_a_better_answer_moves_its_own_points() -> None:
    answers: Answers = {"A.I.1.i.a": "Ya", "A.I.1.i.b": "B", "A.I.1.i.c": "A", "B.I.b": "D"}
    found = step(answers, {**answers, "A.I.1.i.b": "A", "B.I.b": "B"})
    moved = {q.name: q.answers for q in found.questions}
    assert moved == pytest.approx({"A.I.1.i.b": 1.5 * 0.5 / 3, "B.I.b": 2 * 0.67})


def test_a_first_answer_moves_the_mean_by_its_distance_from_the_others() -> None:
    before: Answers = {"A.I.1.i.a": "Ya", "A.I.1.i.b": "B"}
    found = step(before, {**before, "A.I.1.i.c": "D"})
    assert [q.name for q in found.questions] == ["A.I.1.i.c"]
    assert found.change == pytest.approx(1.5 * (1.5 / 3 - 1.5 / 2))


def test_what_is_lost_to_questions_that_are_open_now_is_told_apart() -> None:
    before: Answers = {"A.I.1.i.a": "Ya", "B.I.a": 4.0, "B.I.b": "A"}
    found = step(before, {"A.I.1.i.a": "Ya", "B.I.b": "B"})
    assert found.unanswered == pytest.approx(-3.0)
    assert found.answers == pytest.approx(-3.0 - 2 * 0.33)


def test_a_question_that_is_new_or_gone_is_the_instruments_doing() -> None:
    before: Answers = {"A.I.1.i.a": "Ya", "A.I.2.i.a": (2.0, 1.0, 0.0)}
    found = step(before, {"A.I.1.i.a": "Ya", "A.I.2.i.a": "Ya"}, SMALL, OTHER)
    require_sums(found)
    assert found.answers == pytest.approx(0)
    assert {(q.id, q.earlier_id) for q in found.questions} >= {("A.I.2.i.a", None)}


def test_codes_that_became_one_are_no_changed_answer() -> None:
    same = step({"A.I.1.i.c": "C"}, {"A.I.1.ii.a": "B"}, SMALL, OTHER)
    assert same.answers == pytest.approx(0)
    raised = step({"A.I.1.i.c": "C"}, {"A.I.1.ii.a": "A"}, SMALL, OTHER)
    assert raised.answers > 0


def test_rules_move_no_point_and_change_the_verdict_alone() -> None:
    answers: Answers = {"A.I.1.i.a": "Ya", "A.I.1.i.b": "A", "A.I.1.i.c": "A"}
    every: Answers = {
        **answers,
        "A.I.1.ii.a": (2.0, 1.0),
        "A.I.1.ii.b": "A",
        "A.I.2.i.a": (1.0, 1.0, 1.0),
        "A.II.1.i.a": "A",
        "A.II.1.i.b": (1.0, 0.0, 0.0, 1.0),
        "B.I.a": 4.0,
        "B.I.b": "A",
    }
    total, *others = SMALL_RULES.rules
    stricter = replace(
        SMALL_RULES,
        id="strict",
        hash="2",
        rules=(replace(total, need={**total.need, "WBK": Threshold(points=14.0)}), *others),
    )
    before, now = judged(every), judged(every, rules=stricter)
    found = step_between(before, now, match_same(SMALL, SMALL))
    assert found.change == 0
    assert found.questions == ()
    assert found.verdict.now.status is Status.NOT_MET
    assert found.verdict.by_earlier_rules.status is Status.MET
    assert found.verdict.is_changed_by_rules
    assert not found.verdict.is_changed_by_answers
    assert [(n.id, n.before, n.now) for n in found.verdict.needs] == [("total", 7.5, 14.0)]


def test_facts_alone_change_a_verdict_under_the_same_rules() -> None:
    answers: Answers = {"A.I.1.i.a": "Ya"}
    found = step_between(
        judged(answers), judged(answers, facts={"lhkpn": 0.0}), match_same(SMALL, SMALL)
    )
    assert found.change == 0
    assert found.verdict.is_changed_by_answers
    assert not found.verdict.is_changed_by_rules


def test_rules_that_no_longer_fit_are_not_applied() -> None:
    gone = replace(SMALL_RULES, hash="2", predicates=("WBBM",))
    found = step_between(
        judged({"B.I.b": "A"}),
        replace(judged({"B.I.b": "A"}), rules=replace(SMALL_RULES, hash="3")),
        match_same(SMALL, SMALL),
    )
    assert found.verdict.by_earlier_rules is not None
    other = replace(found.before, rules=gone)
    assert step_between(other, found.now, match_same(SMALL, SMALL)).verdict.by_earlier_rules is None


def test_three_periods_make_two_steps_that_lead_to_the_present() -> None:
    same = match_same(SMALL, SMALL)
    past = [Earlier(judged({"B.I.b": code}), same) for code in ("D", "C")]
    trends = unit_trends(judged({"B.I.b": "A"}), past)
    assert trends is not None
    assert [s.change for s in trends.steps] == pytest.approx([0.66, 1.34])
    assert sum(s.change for s in trends.steps) == pytest.approx(2.0)
    assert trends.last.now is trends.evaluations[-1]


def test_a_period_without_any_answer_is_passed_over() -> None:
    same = match_same(SMALL, SMALL)
    assert unit_trends(judged({"B.I.b": "A"}), [Earlier(judged({}), same)]) is None
    assert unit_trends(judged({}), [Earlier(judged({"B.I.b": "A"}), same)]) is None
    assert unit_trends(judged({"B.I.b": "A"}), []) is None


def test_two_earlier_instruments_match_by_what_both_have_become() -> None:
    first = Matching({"n": "a", "m": "b"}, {"n": {"X": "A", "Y": "B"}})
    second = Matching({"n": "p", "o": "q"}, {"n": {"1": "A", "2": "B"}})
    found = compose_matchings(first, second)
    assert found.questions == {"p": "a"}
    assert {old: found.codes["p"][old] for old in "XY"} == {"X": "1", "Y": "2"}
