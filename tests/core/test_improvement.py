"""The shortest way to a predicate: least effort by trying everything, laws, and worked cases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import product
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.core.samples import (
    FEW,
    SMALL,
    SMALL_RULES,
    Answers,
    all_best,
    all_worst,
    assess,
    best_agency,
    best_facts,
    complete_answers,
    values_of,
)
from zi_eval.core.assessment import Stage, Value
from zi_eval.core.evaluation import Evaluation, evaluate
from zi_eval.core.improvement import find_improvement, goal_of
from zi_eval.core.improvement_effort import Effort, Limits
from zi_eval.core.rules import RuleSet
from zi_eval.core.verdict import Status
from zi_eval.instruments import load_instrument, load_rules
from zi_eval.instruments.effort import load_effort
from zi_eval.workspace import load_evaluation

SAMPLE = Path(__file__).parents[2] / "parameters"
INSTRUMENT, RULES = load_instrument(), load_rules()
EFFORT = load_effort(INSTRUMENT).effort
CHOICES = [key for key, item in SMALL.questions.items() if item.scale.kind == "choice"]
OTHERS = [key for key in SMALL.questions if key not in CHOICES]
PLAIN = Effort(
    choices={
        "ya_tidak": {"Ya": Fraction(1)},
        "abc": {"B": Fraction(1), "A": Fraction(2)},
        "abcd": {"C": Fraction(1), "B": Fraction(1), "A": Fraction(2)},
    },
    tenths={"ratio": Fraction(1, 2), "index": Fraction(2)},
)


def evaluated(answers: Answers, rules: RuleSet = SMALL_RULES, target: str = "WBK") -> Evaluation:
    facts = best_facts(rules, "unit")
    agency = best_agency(rules)
    return evaluate(SMALL, rules, assess(answers, facts, target=target), agency, Stage.UNIT)


@st.composite
def efforts(draw: st.DrawFn) -> Effort:
    """Efforts of tenths, so that sums of floats would not tell ties from differences."""
    step = st.integers(1, 30).map(lambda tenths: Fraction(tenths, 10))
    choices = {
        scale: {code: draw(step) for code in codes} for scale, codes in PLAIN.choices.items()
    }
    times = {"A.I": draw(step), "B.I.b": draw(step)}
    return Effort(choices, {"ratio": draw(step), "index": draw(step)}, times)


def _effort_of(key: str, now: str, then: str, effort: Effort) -> Fraction:
    """Add up the steps from one code to another, by hand."""
    scale = SMALL.questions[key].scale
    codes = list(scale.values)  # the best first
    factor = effort.times["A.I"] if key.startswith("A.I.") else Fraction(1)
    factor *= effort.times["B.I.b"] if key == "B.I.b" else Fraction(1)
    passed = codes[codes.index(then) : codes.index(now)]
    return sum((effort.choices[scale.id][code] * factor for code in passed), Fraction(0))


def _every_way(answers: Answers, limits: Limits) -> Iterator[tuple[dict[str, Value | None], int]]:
    """Yield every raising of the choices within the limits, and how many answers it raises."""
    options = []
    for key in CHOICES:
        codes = list(SMALL.questions[key].scale.values)
        place = codes.index(str(answers[key]))
        most = limits.steps(key)
        options.append(codes[max(0, place - (place if most is None else most)) : place + 1])
    for combination in product(*options):
        chosen = dict(zip(CHOICES, combination, strict=True))
        yield {**answers, **chosen}, sum(chosen[key] != answers[key] for key in CHOICES)


def _best_by_trying(
    answers: Answers, effort: Effort, limits: Limits, rules: RuleSet, predicate: str
) -> tuple[Fraction, int] | None:
    found: list[tuple[Fraction, int]] = []
    for tried, count in _every_way(answers, limits):
        spent = sum(
            (_effort_of(k, str(answers[k]), str(tried[k]), effort) for k in CHOICES), Fraction(0)
        )
        if found and (spent, count) >= min(found):
            continue  # scoring takes the time
        if not evaluated(tried, rules).verdicts[predicate].failed_rules:
            found.append((spent, count))
    return min(found, default=None)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    complete_answers(SMALL),
    efforts(),
    st.dictionaries(st.sampled_from(CHOICES), st.integers(0, 2), max_size=2),
    st.sampled_from(("WBK", "WBBM")),
)
def test_no_other_way_takes_less_effort_or_as_much_with_fewer_answers(
    answers: dict[str, Value | None], effort: Effort, most: dict[str, int], predicate: str
) -> None:
    limits = Limits({**most, **dict.fromkeys(OTHERS, 0)})
    found = find_improvement(evaluated(answers), effort, predicate, limits)
    best = _best_by_trying(answers, effort, limits, SMALL_RULES, predicate)
    if best is None:
        assert found.way is None
        assert found.blocked is not None
        assert found.blocked.rules
    else:
        assert found.way is not None
        assert found.way.effort == pytest.approx(float(best[0]), abs=1e-9)
        assert len(found.way.moves) == best[1]
        assert not found.way.verdict.failed_rules


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(complete_answers(SMALL), efforts())
def test_what_a_rule_costs_is_what_the_way_without_it_saves(
    answers: dict[str, Value | None], effort: Effort
) -> None:
    limits = Limits(dict.fromkeys(OTHERS, 0))
    found = find_improvement(evaluated(answers), effort, "WBK", limits, has_costs=True)
    for cost in found.costs:
        rules = replace(
            SMALL_RULES, rules=tuple(r for r in SMALL_RULES.rules if r.id != cost.outcome.rule.id)
        )
        without = _best_by_trying(answers, effort, limits, rules, "WBK")
        assert without is not None
        assert found.way is not None
        assert cost.saved == pytest.approx(found.way.effort - float(without[0]), abs=1e-9)


@FEW
@given(st.data())
def test_a_raised_answer_never_raises_what_is_left(data: st.DataObject) -> None:
    answers = data.draw(complete_answers(SMALL))
    key = data.draw(st.sampled_from(CHOICES))
    codes = list(SMALL.questions[key].scale.values)
    place = codes.index(str(answers[key]))
    raised = {**answers, key: codes[data.draw(st.integers(0, place))]}
    left, then = (find_improvement(evaluated(given), PLAIN).way for given in (answers, raised))
    assert left is not None
    assert then is not None
    assert then.effort <= left.effort + 1e-9


@FEW
@given(st.data())
def test_a_looser_limit_never_costs_more(data: st.DataObject) -> None:
    answers = data.draw(complete_answers(SMALL))
    key = data.draw(st.sampled_from(tuple(SMALL.questions)))
    tight, loose = sorted(data.draw(st.tuples(st.integers(0, 12), st.integers(0, 12))))
    ways = [
        find_improvement(evaluated(answers), PLAIN, "WBBM", Limits({key: most})).way
        for most in (tight, loose)
    ]
    if ways[0] is not None:
        assert ways[1] is not None
        assert ways[1].effort <= ways[0].effort + 1e-9


@FEW
@given(complete_answers(SMALL))
def test_the_higher_predicate_never_costs_less(answers: dict[str, Value | None]) -> None:
    low, high = (find_improvement(evaluated(answers), PLAIN, p).way for p in ("WBK", "WBBM"))
    assert low is not None
    assert high is not None
    assert low.effort <= high.effort + 1e-9


@FEW
@given(st.data())
def test_on_the_real_instrument_the_judge_confirms_and_no_answer_falls(
    data: st.DataObject,
) -> None:
    answers = {k: data.draw(values_of(q)) for k, q in INSTRUMENT.questions.items()}
    facts = best_facts(RULES, "unit")
    item = evaluate(INSTRUMENT, RULES, assess(answers, facts), best_agency(RULES), Stage.UNIT)
    found = find_improvement(item, EFFORT)
    assert found.way is not None
    assert not found.way.verdict.failed_rules
    assert found.way.verdict.status is Status.MET
    for move in found.way.moves:
        assert move.points > 0
        assert move.effort > 0
        assert move.steps > 0


def test_an_open_question_needs_an_answer_and_no_effort_where_nothing_is_missing() -> None:
    answers = all_best(SMALL)
    answers["A.I.1.i.a"] = None
    found = find_improvement(evaluated(answers), PLAIN, "WBK")
    assert found.way is not None
    assert found.way.moves == ()
    assert found.to_answer == ("A.I.1.i.a",)


def test_where_every_rule_holds_the_way_is_empty() -> None:
    found = find_improvement(evaluated(all_best(SMALL)), PLAIN)
    assert found.way is not None
    assert (found.way.moves, found.way.effort) == ((), 0.0)


def test_an_index_rises_to_the_hundredth_that_the_rule_asks_for() -> None:
    """1.5 points of 3 are an index of 2.00; from 1.00 that is ten tenths at 2 each, 20."""
    answers = {**all_best(SMALL), "B.I.a": 1.0}
    found = find_improvement(evaluated(answers), PLAIN, "WBK")
    assert found.way is not None
    (move,) = found.way.moves
    assert (move.question.id, move.then, move.steps, move.effort) == ("B.I.a", 2.0, 10, 20.0)
    assert move.is_survey


def test_a_predicate_out_of_reach_names_the_rule_and_the_limit_that_binds() -> None:
    answers = {**all_best(SMALL), "B.I.a": 1.0}
    found = find_improvement(evaluated(answers), PLAIN, "WBK", Limits({"B.I.a": 0}))
    assert found.way is None
    assert found.blocked is not None
    assert [item.rule.id for item in found.blocked.rules] == ["index"]
    assert [key for key, _ in found.blocked.limits["index"]] == ["B.I.a"]
    assert found.blocked.enough == ("B.I.a",)
    assert found.blocked.is_reachable_without


def test_a_fixed_answer_counts_and_is_shown_as_decided() -> None:
    answers = all_worst(SMALL)
    found = find_improvement(evaluated(answers), PLAIN, "WBK", Limits(fixed={"A.I.1.i.b": "A"}))
    assert found.way is not None
    (fixed,) = [move for move in found.way.moves if move.is_fixed]
    assert (fixed.question.id, fixed.then, fixed.effort) == ("A.I.1.i.b", "A", 3.0)
    free = find_improvement(evaluated(answers), PLAIN, "WBK").way
    assert free is not None
    assert found.way.effort >= free.effort


def test_alternatives_are_other_answers_of_about_equal_effort() -> None:
    found = find_improvement(evaluated(all_worst(SMALL)), PLAIN, "WBK", alternatives=3)
    assert found.way is not None
    assert found.alternatives
    seen = [{move.question.id for move in found.way.moves}]
    for way in found.alternatives:
        assert found.way.effort - 1e-9 <= way.effort <= found.way.effort * 1.1 + 1e-9
        assert not way.verdict.failed_rules
        assert {move.question.id for move in way.moves} not in seen
        seen.append({move.question.id for move in way.moves})


def test_the_same_question_gives_the_same_way() -> None:
    item = load_evaluation(SAMPLE / "2026" / "bapenda.yaml")
    one, two = (find_improvement(item, EFFORT, "WBK") for _ in range(2))
    assert one == two


def test_questions_that_nothing_tells_apart_are_raised_in_official_order() -> None:
    item = load_evaluation(SAMPLE / "2026" / "bapenda.yaml")
    found = find_improvement(item, EFFORT, "WBK").way
    assert found is not None
    order = list(INSTRUMENT.questions)
    places = [order.index(move.question.id) for move in found.moves]
    assert places == sorted(places)
    raised = {move.question.id for move in found.moves}
    for move in found.moves:
        question = move.question
        earlier = [
            other
            for other in INSTRUMENT.questions.values()
            if other.id.rpartition(".")[0] == question.id.rpartition(".")[0]
            and order.index(other.id) < order.index(question.id)
            and other.scale.id == question.scale.id
            and item.card.values[other.id].answer == move.now
            and other.scale.kind == "choice"
            and other.weight is None
        ]
        assert all(other.id in raised for other in earlier)


def test_the_goal_is_the_target_until_its_rules_hold_then_the_next() -> None:
    assert goal_of(evaluated(all_worst(SMALL))) == "WBK"
    assert goal_of(evaluated(all_best(SMALL))) == "WBBM"
    assert goal_of(evaluated(all_best(SMALL), target="WBBM")) == "WBBM"


def test_where_bands_give_the_predicate_the_way_goes_to_the_next_one() -> None:
    item = load_evaluation(SAMPLE / "2026-akip" / "kecamatan-merdeka.yaml")
    found = find_improvement(item, load_effort(item.instrument).effort)
    assert item.next_up is not None
    assert found.predicate == item.next_up.predicate
    assert found.way is not None
    assert found.way.moves
    assert not found.way.verdict.failed_rules
