"""The shortest way: the least effort there is, confirmed by the scorer, or the proof of none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.samples import (
    ABC,
    ABCD,
    INDEX,
    SMALL,
    SMALL_RULES,
    YES_NO,
    all_best,
    all_worst,
    assess,
    choice,
    make_instrument,
    mixed_answers,
    ratio,
)
from tests.laws import law
from zi_eval.core.assessment import NOT_APPLICABLE, Answer, Stage, Value
from zi_eval.core.evaluation import Evaluation, evaluate
from zi_eval.core.instrument import Instrument, Question, Share
from zi_eval.core.rules import Rule, RuleSet, Threshold
from zi_eval.core.verdict import Status
from zi_eval.improvement.effort import NO_LIMITS, Effort, Limits
from zi_eval.improvement.effort_file import load_effort
from zi_eval.improvement.options import question_range
from zi_eval.improvement.programme import Programme
from zi_eval.improvement.way import Improvement, Way, find_improvement, goal_of
from zi_eval.period.evaluations import load_evaluation

EFFORT = Effort(
    {
        "ya_tidak": {"Ya": Fraction(1)},
        "abc": {"B": Fraction(1), "A": Fraction(2)},
        "abcd": {"C": Fraction(1), "B": Fraction(1, 2), "A": Fraction(2)},
    },
    {"ratio": Fraction(1, 2), "index": Fraction(2)},
    times={"A.II": Fraction(3, 2)},
    title="contoh",
)
TINY = make_instrument(
    {"A": 6.0, "A.I": 4.0, "A.II": 2.0, "B": 4.0},
    (
        choice("A.I.a", YES_NO),
        choice("A.I.b", ABC),
        choice("A.I.c", ABCD),
        ratio("A.II.a", Share(2, 1, 1.0)),
        choice("A.II.b", YES_NO),
        replace(choice("B.a", ABC), weight=2.5),
        Question("B.b", "text", INDEX, guide="guide", weight=1.5),
    ),
)
SAMPLE = Path(__file__).parents[2] / "parameters" / "2026"
WANTED = st.sampled_from((0.0, 25.0, 50.0, 60.0, 75.0, 90.0, 100.0))


def evaluation_of(
    instrument: Instrument,
    rules: RuleSet,
    answers: Mapping[str, Value | None],
    tpi: Mapping[str, Value | None] | None = None,
    target: str = "WBK",
) -> Evaluation:
    return evaluate(instrument, rules, assess(answers, tpi=tpi, target=target))


def tiny_rules(needs: Mapping[str, float], *, is_strict: bool = False) -> RuleSet:
    """Rules on nodes of the tiny instrument, each a share of its weight."""
    weights = {"A": 6.0, "A.I": 4.0, "A.II": 2.0, "B": 4.0, "A+B": 10.0}
    weights |= {"A.I+B": 8.0, "A.II+B": 6.0}
    rules = tuple(
        Rule(
            nodes,
            nodes,
            tuple(nodes.split("+")),
            {
                "WBK": Threshold(above=percent / 100 * weights[nodes])
                if is_strict
                else Threshold(percent=percent)
            },
            "source",
        )
        for nodes, percent in needs.items()
    )
    return replace(SMALL_RULES, predicates=("WBK",), rules=rules, prerequisites=())


def choices_of(
    question: Question, now: Value | None, effort: Effort, most: int | None
) -> list[tuple[Value, Fraction]]:
    """Every answer at or above the present one with its effort, counted anew for choices."""
    if question.scale.kind != "choice":
        found = question_range(
            question, now, effort, Limits({question.id: most} if most is not None else {})
        )
        return [(o.answer, o.effort) for o in (found.base, *found.options)]
    codes = list(reversed(tuple(question.scale.values)))
    first = codes.index(str(now)) if now is not None else 0
    factor = Fraction(1)
    for above, times in effort.times.items():
        if question.id == above or question.id.startswith(f"{above}."):
            factor *= times
    rising: list[tuple[Value, Fraction]] = [(codes[first], Fraction(0))]
    for code in codes[first + 1 :]:
        if most is None or len(rising) <= most:
            step = effort.choices[question.scale.id][code] * factor
            rising.append((code, rising[-1][1] + step))
    return rising


def least_by_trying(
    evaluation: Evaluation, effort: Effort, most: Mapping[str, int], without: str = ""
) -> Fraction | None:
    """Score and judge every combination there is, the least effort first."""
    given_answers = evaluation.assessment.answers
    ranges = [
        choices_of(question, given_answers[key].unit, effort, most.get(key))
        for key, question in evaluation.instrument.questions.items()
    ]
    tried = sorted(
        product(*ranges), key=lambda combination: sum(effort for _, effort in combination)
    )
    for combination in tried:
        answers = dict(
            zip(evaluation.instrument.questions, (a for a, _ in combination), strict=True)
        )
        verdict = evaluation_of(evaluation.instrument, evaluation.rules, answers).verdicts["WBK"]
        if all(item.status is Status.MET for item in verdict.rules if item.rule.id != without):
            return sum((effort for _, effort in combination), Fraction(0))
    return None


@st.composite
def tiny_cases(draw: st.DrawFn) -> tuple[Evaluation, Effort, Limits]:
    nodes = draw(
        st.lists(
            # Of the last two neither lies within the other, nor within A: they do not nest.
            st.sampled_from(("A", "A.I", "A.II", "B", "A+B", "A.I+B", "A.II+B")),
            min_size=1,
            max_size=4,
            unique=True,
        )
    )
    rules = tiny_rules({node: draw(WANTED) for node in nodes}, is_strict=draw(st.booleans()))
    answers: dict[str, Value | None] = {}
    for key, question in TINY.questions.items():
        if question.scale.kind == "choice":
            answers[key] = draw(st.sampled_from((*question.scale.values, None)))
    answers["A.II.a"] = draw(
        st.sampled_from(((3.0, 1.0), (2.0, 0.0), (10.0, 8.0), (0.0, 0.0), None))
    )
    answers["B.b"] = draw(st.sampled_from((3.97, 3.994, 4.0)))
    steps = st.integers(1, 8).map(lambda n: Fraction(n, 4))
    effort = replace(
        EFFORT,
        choices={
            scale: {code: draw(steps) for code in codes} for scale, codes in EFFORT.choices.items()
        },
        tenths={"ratio": draw(steps), "index": draw(steps)},
    )
    # The tenths of an open ratio would make too many combinations to try.
    most = {key: draw(st.integers(0, 2)) for key in draw(st.sets(st.sampled_from([*answers])))}
    return evaluation_of(TINY, rules, answers), effort, Limits({**most, "A.II.a": 2})


@law(200)
@given(tiny_cases())
def test_the_way_is_as_short_as_the_best_of_all_combinations(
    case: tuple[Evaluation, Effort, Limits],
) -> None:
    evaluation, effort, limits = case
    found = find_improvement(evaluation, effort, "WBK", limits)
    least = least_by_trying(evaluation, effort, limits.most)
    if least is None:
        assert found.way is None
        assert found.blocked is not None
        assert found.blocked.rules
    else:
        assert found.way is not None
        assert found.way.effort == pytest.approx(float(least), abs=1e-9)


@law(30)
@given(tiny_cases())
def test_a_rule_costs_what_leaving_it_out_saves(case: tuple[Evaluation, Effort, Limits]) -> None:
    evaluation, effort, limits = case
    found = find_improvement(evaluation, effort, "WBK", limits, has_costs=True)
    for cost in found.costs:
        assert found.way is not None
        least = least_by_trying(evaluation, effort, limits.most, cost.outcome.rule.id)
        assert least is not None
        assert cost.saved == pytest.approx(found.way.effort - float(least), abs=1e-9)


def effort_of(found: Improvement) -> float:
    return float("inf") if found.way is None else found.way.effort


def applied(evaluation: Evaluation, way: Way) -> Evaluation:
    """The unit once it has done everything; what is open gets its lowest answer."""
    answers = {key: item.unit for key, item in evaluation.assessment.answers.items()}
    for key in evaluation.card.open_questions:
        found = question_range(
            evaluation.instrument.questions[key], answers.get(key), EFFORT, NO_LIMITS
        )
        answers[key] = found.base.answer
    answers |= {move.question.id: move.then for move in way.moves}
    return evaluation_of(evaluation.instrument, evaluation.rules, answers)


@law(40)
@given(mixed_answers(SMALL), st.sampled_from(("WBK", "WBBM")))
def test_a_way_never_lowers_an_answer_and_the_judge_meets_every_rule_with_it(
    answers: dict[str, Value | None], predicate: str
) -> None:
    evaluation = evaluation_of(SMALL, SMALL_RULES, answers)
    way = find_improvement(evaluation, EFFORT, predicate).way
    assert way is not None
    after = applied(evaluation, way)
    assert not after.verdicts[predicate].open_questions
    assert all(item.status is Status.MET for item in after.verdicts[predicate].rules)
    for key, value in evaluation.card.values.items():
        assert (after.card.values[key].value or 0.0) >= (value.value or 0.0)


@law(40)
@given(mixed_answers(SMALL), st.data())
def test_raising_an_answer_never_raises_the_effort_that_remains(
    answers: dict[str, Value | None], data: st.DataObject
) -> None:
    evaluation = evaluation_of(SMALL, SMALL_RULES, answers)
    key = data.draw(st.sampled_from([*SMALL.questions]))
    found = question_range(SMALL.questions[key], answers[key], EFFORT, NO_LIMITS)
    higher = data.draw(st.sampled_from([found.base, *found.options]))
    after = evaluation_of(SMALL, SMALL_RULES, {**answers, key: higher.answer})
    # From a ratio between two tenths the next begun tenth counts whole.
    is_ratio = SMALL.questions[key].scale.kind == "ratio"
    slack = float(EFFORT.of_tenth(SMALL.questions[key])) if is_ratio else 0.0
    before = effort_of(find_improvement(evaluation, EFFORT, "WBBM"))
    assert effort_of(find_improvement(after, EFFORT, "WBBM")) <= before + slack + 1e-9


@law(40)
@given(
    mixed_answers(SMALL),
    st.dictionaries(st.sampled_from([*SMALL.questions, *SMALL.nodes]), st.integers(0, 3)),
    st.data(),
)
def test_a_looser_limit_never_costs_more(
    answers: dict[str, Value | None], most: dict[str, int], data: st.DataObject
) -> None:
    evaluation = evaluation_of(SMALL, SMALL_RULES, answers)
    looser = {key: count + data.draw(st.integers(0, 2)) for key, count in most.items()}
    tight = effort_of(find_improvement(evaluation, EFFORT, "WBK", Limits(most)))
    loose = effort_of(find_improvement(evaluation, EFFORT, "WBK", Limits(looser)))
    assert effort_of(find_improvement(evaluation, EFFORT, "WBK")) <= loose <= tight


@law(20)
@given(mixed_answers(SMALL))
def test_alternatives_are_ways_of_their_own_of_about_equal_effort(
    answers: dict[str, Value | None],
) -> None:
    evaluation = evaluation_of(SMALL, SMALL_RULES, answers)
    found = find_improvement(evaluation, EFFORT, "WBBM", alternatives=3)
    assert found.way is not None
    chosen = [frozenset(m.question.id for m in w.moves) for w in (found.way, *found.alternatives)]
    assert len(set(chosen)) == len(chosen)
    for other in found.alternatives:
        assert found.way.effort - 1e-9 <= other.effort <= found.way.effort * 1.1 + 1e-9
        assert all(item.status is Status.MET for item in other.verdict.rules)


def test_the_same_question_gives_the_same_answer() -> None:
    evaluation = evaluation_of(SMALL, SMALL_RULES, all_worst(SMALL))
    first = find_improvement(evaluation, EFFORT, "WBK", alternatives=2, has_costs=True)
    assert find_improvement(evaluation, EFFORT, "WBK", alternatives=2, has_costs=True) == first


def test_among_equal_effort_the_way_asks_the_fewest_questions() -> None:
    rules = tiny_rules({"A.I": 60.0})
    answers = {**all_best(TINY), "A.I.a": "Tidak", "A.I.b": "C", "A.I.c": "D"}
    even = replace(
        EFFORT,
        choices={
            "ya_tidak": {"Ya": Fraction(2)},
            "abc": {"B": Fraction(1), "A": Fraction(1)},
            "abcd": {"C": Fraction(1), "B": Fraction(1), "A": Fraction(1)},
        },
    )
    way = find_improvement(evaluation_of(TINY, rules, answers), even, "WBK").way
    assert way is not None
    assert way.effort == 4.0
    assert [(m.question.id, m.then) for m in way.moves] == [("A.I.a", "Ya"), ("A.I.b", "A")]


def test_what_nothing_tells_apart_rises_in_official_order() -> None:
    twins = make_instrument({"A": 4.0}, tuple(choice(f"A.{letter}", YES_NO) for letter in "abcd"))
    rules = replace(
        tiny_rules({"A": 100.0}),
        rules=(Rule("A", "A", ("A",), {"WBK": Threshold(points=2.0)}, "source"),),
    )
    way = find_improvement(
        evaluation_of(twins, rules, dict.fromkeys(twins.questions, "Tidak")), EFFORT, "WBK"
    ).way
    assert way is not None
    assert [move.question.id for move in way.moves] == ["A.a", "A.b"]


def test_a_target_met_exactly_asks_nothing_more() -> None:
    rules = tiny_rules({"A.I": 100 * (1 + 0.5 + 0.67) / 3})
    answers = {**all_best(TINY), "A.I.b": "B", "A.I.c": "B"}
    found = find_improvement(evaluation_of(TINY, rules, answers), EFFORT, "WBK")
    assert found.way == Way((), 0.0, found.way.verdict if found.way else found.verdict)


def test_a_minimum_to_be_exceeded_is_exceeded() -> None:
    answers = {**all_best(TINY), "A.I.b": "B", "A.I.c": "B"}
    at_border = tiny_rules({"A.I": 100 * (1 + 0.5 + 0.67) / 3}, is_strict=True)
    way = find_improvement(evaluation_of(TINY, at_border, answers), EFFORT, "WBK").way
    assert way is not None
    assert len(way.moves) == 1


def test_open_questions_are_named_and_count_from_their_lowest_answer() -> None:
    answers = {**all_best(TINY), "A.I.a": None, "B.a": None}
    rules = tiny_rules({"A.I": 60.0, "B": 90.0})
    found = find_improvement(evaluation_of(TINY, rules, answers), EFFORT, "WBK")
    assert found.way is not None
    (move,) = found.way.moves
    assert (move.question.id, move.now, move.then, move.steps) == ("B.a", None, "A", 2)
    assert move.points == pytest.approx(2.5)
    assert move.helps == ("B",)
    assert found.to_answer == ("A.I.a",)
    assert found.way.verdict.open_questions == ()


def test_a_question_without_object_is_left_alone() -> None:
    answers = {**all_best(TINY), "A.II.a": NOT_APPLICABLE, "A.II.b": "Tidak"}
    found = find_improvement(
        evaluation_of(TINY, tiny_rules({"A.II": 100.0}), answers), EFFORT, "WBK"
    )
    assert found.way is not None
    assert [move.question.id for move in found.way.moves] == ["A.II.b"]


def test_of_a_ratio_the_base_stays_and_what_is_done_rises() -> None:
    answers = {**all_best(TINY), "A.II.a": (7.0, 2.0), "A.II.b": "Ya"}
    found = find_improvement(
        evaluation_of(TINY, tiny_rules({"A.II": 80.0}), answers), EFFORT, "WBK"
    )
    assert found.way is not None
    (move,) = found.way.moves
    assert move.then == (7.0, 5.0)
    assert move.steps == 5
    assert move.effort == 3.75  # five begun tenths of a half, times one and a half


def test_an_index_rises_to_the_hundredth_that_is_needed() -> None:
    answers = {**all_best(TINY), "B.b": 3.0}
    found = find_improvement(evaluation_of(TINY, tiny_rules({"B": 95.0}), answers), EFFORT, "WBK")
    assert found.way is not None
    (move,) = found.way.moves
    assert move.then == 3.47
    assert move.is_survey
    assert move.effort == pytest.approx(0.47 * 10 * 2)


def test_at_the_evaluators_stage_the_way_starts_from_their_answers() -> None:
    assessment = assess(all_best(TINY), tpi={"A.I.a": "Tidak"})
    evaluation = evaluate(TINY, tiny_rules({"A.I": 100.0}), assessment, stage=Stage.TPI)
    found = find_improvement(evaluation, EFFORT, "WBK")
    assert found.way is not None
    assert [(m.question.id, m.now, m.then) for m in found.way.moves] == [("A.I.a", "Tidak", "Ya")]
    own = evaluate(TINY, tiny_rules({"A.I": 100.0}), assessment, stage=Stage.UNIT)
    assert find_improvement(own, EFFORT, "WBK").way == Way((), 0.0, own.verdicts["WBK"])


def test_the_proof_names_the_rules_that_fail_and_the_limits_that_hold_them() -> None:
    answers = {**all_best(TINY), "A.I.a": "Tidak", "B.a": "C", "B.b": 2.0}
    rules = tiny_rules({"A.I": 100.0, "B": 80.0, "A.II": 100.0})
    found = find_improvement(
        evaluation_of(TINY, rules, answers),
        EFFORT,
        "WBK",
        Limits({"B.a": 1, "B.b": 0}),
    )
    assert found.way is None
    assert found.blocked is not None
    (failed,) = found.blocked.rules
    assert failed.rule.id == "B"
    assert failed.got == pytest.approx(1.25 + 0.75)
    assert found.blocked.limits == {
        "B": (("B.a", pytest.approx(1.25)), ("B.b", pytest.approx(0.75)))
    }
    assert found.blocked.enough == ("B.a",)
    assert found.blocked.is_reachable_without


def test_what_no_answer_can_reach_is_said_to_be_out_of_reach_without_limits_too() -> None:
    rules = replace(
        tiny_rules({"A": 100.0}),
        rules=(Rule("A", "A", ("A",), {"WBK": Threshold(points=6.5)}, "source"),),
    )
    found = find_improvement(evaluation_of(TINY, rules, all_worst(TINY)), EFFORT, "WBK")
    assert found.blocked is not None
    assert not found.blocked.is_reachable_without
    assert found.blocked.enough == ()


def test_a_fixed_answer_is_kept_and_its_effort_counts() -> None:
    answers = {**all_best(TINY), "A.I.a": "Tidak", "A.I.b": "C", "A.I.c": "D"}
    evaluation = evaluation_of(TINY, tiny_rules({"A.I": 50.0}), answers)
    free = find_improvement(evaluation, EFFORT, "WBK").way
    bound = find_improvement(evaluation, EFFORT, "WBK", Limits(fixed={"A.I.c": "A"})).way
    assert free is not None
    assert bound is not None
    planned = next(move for move in bound.moves if move.question.id == "A.I.c")
    assert planned.then == "A"
    assert planned.is_fixed
    assert planned.effort == 3.5
    assert bound.effort > free.effort
    lower = find_improvement(evaluation, EFFORT, "WBK", Limits(fixed={"A.II.b": "Tidak"})).way
    assert lower is not None
    assert "A.II.b" not in {move.question.id for move in lower.moves}


def test_the_goal_is_the_target_until_its_scores_hold_then_the_next_one_up() -> None:
    low = evaluation_of(SMALL, SMALL_RULES, all_worst(SMALL))
    assert goal_of(low) == "WBK"
    assert goal_of(evaluation_of(SMALL, SMALL_RULES, all_best(SMALL))) == "WBBM"
    top = evaluation_of(SMALL, SMALL_RULES, all_best(SMALL), target="WBBM")
    assert goal_of(top) == "WBBM"
    is_open = evaluation_of(SMALL, SMALL_RULES, {**all_best(SMALL), "A.I.1.i.a": None})
    assert goal_of(is_open) == "WBK"


def test_answers_missing_from_the_file_are_open() -> None:
    assessment = replace(assess(all_best(TINY)), answers={"A.I.a": Answer(unit="Ya")})
    found = find_improvement(
        evaluate(TINY, tiny_rules({"A.I": 30.0}), assessment, stage=Stage.UNIT), EFFORT, "WBK"
    )
    assert found.way is not None
    assert found.way.moves == ()
    assert set(found.to_answer) == set(TINY.questions) - {"A.I.a"}


@pytest.mark.parametrize("unit", ["bapenda", "dinas-dukcapil", "dpmptsp", "rsud-harapan"])
def test_the_tree_of_rules_and_the_solver_find_the_same_effort_and_as_few_questions(
    unit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    evaluation = load_evaluation(SAMPLE / f"{unit}.yaml")
    effort = load_effort(evaluation.instrument).effort
    ours = find_improvement(evaluation, effort, "WBK" if unit == "bapenda" else "WBBM").way
    monkeypatch.setattr(Programme, "tree", lambda self, without="": None)
    theirs = find_improvement(evaluation, effort, "WBK" if unit == "bapenda" else "WBBM").way
    assert ours is not None
    assert theirs is not None
    assert (ours.effort, len(ours.moves)) == (theirs.effort, len(theirs.moves))
