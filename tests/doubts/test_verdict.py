"""A verdict that knows its doubts: they only take from it, together, until explained."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.doubts.samples import (
    INSTRUMENT,
    RULES,
    contradictions,
    evaluated,
    make_unit,
    rules_at_the_edge,
)
from zi_eval.core.assessment import Explanation, Fact, Stage
from zi_eval.core.evaluation import Evaluation
from zi_eval.core.rules import Threshold
from zi_eval.core.scoring import rescore, score_assessment
from zi_eval.core.verdict import Status, judge_all
from zi_eval.doubts.contradictions import find_contradictions
from zi_eval.doubts.values import Doubt, Reading, Statement
from zi_eval.doubts.verdict import judge_with_doubts
from zi_eval.doubts.weighing import try_reading, weigh

GREEN = {Status.NOT_MET: 0, Status.UNKNOWN: 1, Status.MET: 2}
QUESTIONS = tuple(INSTRUMENT.questions)
CHOICES = tuple(q.id for q in INSTRUMENT.questions.values() if q.scale.kind == "choice")
NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
HALF_REPORTED = {"A.II.5.iii.b": (2.0, 4.0, 34.0, 20.0)}


def doubt_of(*readings: Reading, code: str = "uji") -> Doubt:
    statements = (Statement("jawaban.A.I.1.i.a", "Ya"), Statement("tabel", "Tidak"))
    return Doubt(code, "Berbeda.", statements, "aturan", "sumber", "Betulkan.", readings)


def explained(doubt: Doubt, text: str = "sudah dicek", name: str = "Ratna") -> Explanation:
    return Explanation(doubt.id, text, name, "pengendali teknis", NOW)


def saying(evaluation: Evaluation, *explanations: Explanation) -> Evaluation:
    """Return the evaluation of a unit whose file holds explanations."""
    assessment = replace(evaluation.assessment, explanations=explanations)
    return replace(evaluation, assessment=assessment)


def found_in(evaluation: Evaluation) -> tuple[Doubt, ...]:
    return weigh(evaluation, find_contradictions(evaluation, contradictions()))


# ---------------------------------------------------------------- rules


def test_half_the_reports_beside_a_prerequisite_of_100_leaves_the_verdict_open() -> None:
    evaluation = evaluated(make_unit(HALF_REPORTED, target="WBK"))
    (doubt,) = found_in(evaluation)
    verdict = judge_with_doubts(evaluation, (doubt,))["WBK"]
    assert (verdict.verdict.status, verdict.status) == (Status.MET, Status.UNKNOWN)
    assert verdict.is_lowered
    assert verdict.doubts[0] == doubt
    assert doubt.is_decisive("WBK")
    here, there = doubt.statements
    assert (here.name, here.says) == ("syarat lhkasn", "100 %")
    assert (there.name, there.says) == ("A.II.5.iii.b", "20 dari 40 (50 %)")
    counted, stated = doubt.effects
    assert counted.turned["WBK"] == ("lhkasn",)
    assert counted.statuses["WBK"] is Status.NOT_MET
    assert counted.score == evaluation.card.total.score
    assert stated.statuses["WBK"] is Status.MET
    assert stated.score == pytest.approx((evaluation.card.total.score or 0) + 0.5)


def test_a_doubt_that_turns_nothing_leaves_the_verdict_and_is_counted() -> None:
    evaluation = evaluated(make_unit({"A.I.1.i.a": "Tidak"}))
    (doubt,) = found_in(evaluation)
    verdict = judge_with_doubts(evaluation, (doubt,))["WBBM"]
    assert (verdict.status, verdict.doubts, verdict.decisive) == (Status.MET, (doubt,), ())


def test_not_met_stays_not_met_however_good_the_other_reading_is() -> None:
    evaluation = evaluated(make_unit(facts={"lhkasn": 50.0}))
    (doubt,) = found_in(evaluation)
    verdict = judge_with_doubts(evaluation, (doubt,))["WBBM"]
    assert doubt.effects[0].statuses["WBBM"] is Status.MET
    assert doubt.is_decisive("WBBM")
    assert (verdict.verdict.status, verdict.status) == (Status.NOT_MET, Status.NOT_MET)


def test_doubts_that_turn_nothing_alone_are_taken_together() -> None:
    unit = make_unit()
    rules = replace(
        RULES,
        rules=tuple(
            replace(rule, need={"WBK": Threshold(points=98.5)}) for rule in RULES.rules[:1]
        ),
    )
    evaluation = evaluated(unit, rules)
    one = doubt_of(Reading("bila", {"A.I.4.i.a": 0.0}), code="satu")  # 0.83 of 100
    other = doubt_of(Reading("bila", {"A.I.4.i.b": 0.0}), code="dua")
    weighed = weigh(evaluation, (one, other))
    assert not any(doubt.could_fail("WBK") for doubt in weighed)
    for alone in weighed:
        assert judge_with_doubts(evaluation, (alone,))["WBK"].status is Status.MET
    assert judge_with_doubts(evaluation, weighed)["WBK"].status is Status.UNKNOWN


def test_an_explanation_in_writing_by_a_named_person_lifts_its_doubt() -> None:
    evaluation = evaluated(make_unit(HALF_REPORTED, target="WBK"))
    doubts = found_in(evaluation)
    explanation = explained(doubts[0])
    verdict = judge_with_doubts(saying(evaluation, explanation), doubts)["WBK"]
    assert verdict.status is Status.MET
    assert verdict.doubts == ()
    assert verdict.explained == ((doubts[0], explanation),)


@pytest.mark.parametrize(("text", "name"), [("", "Ratna"), ("sudah dicek", " "), (" ", "")])
def test_an_explanation_without_text_or_name_explains_nothing(text: str, name: str) -> None:
    evaluation = evaluated(make_unit(HALF_REPORTED, target="WBK"))
    doubts = found_in(evaluation)
    verdict = judge_with_doubts(saying(evaluation, explained(doubts[0], text, name)), doubts)["WBK"]
    assert (verdict.status, verdict.explained) == (Status.UNKNOWN, ())


def test_at_the_stage_of_the_tpi_the_unit_clears_no_doubt_by_itself() -> None:
    unit = make_unit(HALF_REPORTED, target="WBK")
    seen = {key: replace(answer, tpi=answer.unit) for key, answer in unit.answers.items()}
    for stage, status in ((Stage.UNIT, Status.MET), (Stage.TPI, Status.UNKNOWN)):
        evaluation = evaluated(replace(unit, answers=seen), stage=stage)
        doubts = found_in(evaluation)
        own = replace(explained(doubts[0]), role="unit")
        assert judge_with_doubts(saying(evaluation, own), doubts)["WBK"].status is status


def test_an_explanation_ends_where_a_value_changes() -> None:
    evaluation = evaluated(make_unit(HALF_REPORTED, target="WBK"))
    explanation = explained(found_in(evaluation)[0])
    worse = evaluated(make_unit({"A.II.5.iii.b": (2.0, 4.0, 34.0, 10.0)}, target="WBK"))
    verdict = judge_with_doubts(saying(worse, explanation), found_in(worse))["WBK"]
    assert (verdict.status, verdict.explained) == (Status.UNKNOWN, ())


def test_the_strongest_doubt_stands_first() -> None:
    answers = {**HALF_REPORTED, "A.I.1.i.a": "Tidak", "A.I.4.ii.g": "Tidak"}
    evaluation = evaluated(make_unit(answers, target="WBK"))
    doubts = found_in(evaluation)
    assert [doubt.statements[0].name for doubt in doubts] == [
        "syarat lhkasn",  # turns the verdict
        "A.I.4.ii.g",  # half a point
        "A.I.1.i.a",  # a quarter
    ]
    assert [round(doubt.swing, 2) for doubt in doubts[1:]] == [0.5, 0.25]


def test_a_doubt_can_turn_the_higher_predicate_and_not_the_lower() -> None:
    evaluation = evaluated(make_unit({"B.I.b": "B", "A.II.4.i.a": (5.0, 5.0)}))
    doubt = doubt_of(Reading("bila", {"B.I.b": 0.5}))
    (weighed,) = weigh(evaluation, (doubt,))
    verdicts = judge_with_doubts(evaluation, (weighed,))
    assert (verdicts["WBK"].status, verdicts["WBBM"].status) == (Status.MET, Status.UNKNOWN)


# ---------------------------------------------------------------- laws


readings = st.builds(
    Reading,
    st.just("bila"),
    st.dictionaries(
        st.sampled_from(QUESTIONS), st.sampled_from([0.0, 0.25, 0.5, 0.9, 1.0]), max_size=3
    ),
    st.dictionaries(
        st.sampled_from(["lhkpn", "lhkasn", "lama_zi"]),
        st.sampled_from([0.0, 0.5, 50.0, 100.0]),
        max_size=2,
    ),
)
doubts_drawn = st.lists(
    st.builds(
        lambda number, items: doubt_of(*items, code=f"uji-{number}"),
        st.integers(0, 10**6),
        st.lists(readings, min_size=1, max_size=3),
    ),
    max_size=5,
)


def drawn_unit(seed: int, at_the_edge: bool) -> Evaluation:
    """Return a unit with some answers poorer than the best."""
    drawn = random.Random(seed)
    poorer = {
        key: drawn.choice(list(INSTRUMENT.questions[key].options))
        for key in drawn.sample(CHOICES, drawn.choice([0, 5, 40]))
    }
    facts: dict[str, Fact] = {"lhkpn": 50.0} if seed % 5 == 0 else {}
    unit = make_unit(poorer, facts)
    return evaluated(unit, rules_at_the_edge(unit) if at_the_edge else RULES)


@given(st.integers(0, 50), st.booleans(), doubts_drawn, doubts_drawn)
def test_another_doubt_never_makes_a_verdict_greener(
    seed: int, at_the_edge: bool, some: list[Doubt], more: list[Doubt]
) -> None:
    evaluation = drawn_unit(seed, at_the_edge)
    few = judge_with_doubts(evaluation, weigh(evaluation, some))
    many = judge_with_doubts(evaluation, weigh(evaluation, [*some, *more]))
    for predicate, verdict in evaluation.verdicts.items():
        assert GREEN[many[predicate].status] <= GREEN[few[predicate].status]
        assert GREEN[few[predicate].status] <= GREEN[verdict.status]
        assert len(many[predicate].doubts) >= len(few[predicate].doubts)


@given(st.integers(0, 50), st.booleans(), doubts_drawn, st.randoms(use_true_random=False))
def test_explanations_lift_a_verdict_no_higher_than_its_answers_do(
    seed: int, at_the_edge: bool, some: list[Doubt], choice: random.Random
) -> None:
    evaluation = drawn_unit(seed, at_the_edge)
    weighed = weigh(evaluation, some)
    texts = [explained(doubt) for doubt in weighed if choice.random() < 0.5]
    doubted = judge_with_doubts(evaluation, weighed)
    lifted = judge_with_doubts(saying(evaluation, *texts), weighed)
    for predicate, verdict in evaluation.verdicts.items():
        now = lifted[predicate]
        assert GREEN[doubted[predicate].status] <= GREEN[now.status] <= GREEN[verdict.status]
        assert len(now.doubts) + len(now.explained) == len(weighed)


@given(st.integers(0, 50), doubts_drawn, st.randoms(use_true_random=False))
def test_the_order_of_doubts_changes_no_verdict(
    seed: int, some: list[Doubt], shuffle: random.Random
) -> None:
    evaluation = drawn_unit(seed, at_the_edge=True)
    shuffled = shuffle.sample(some, len(some))
    one = judge_with_doubts(evaluation, weigh(evaluation, some))
    other = judge_with_doubts(evaluation, weigh(evaluation, shuffled))
    assert {k: v.status for k, v in one.items()} == {k: v.status for k, v in other.items()}


@given(st.integers(0, 50), st.booleans(), readings)
def test_a_trial_scores_and_judges_as_the_whole_unit_would(
    seed: int, at_the_edge: bool, reading: Reading
) -> None:
    evaluation = drawn_unit(seed, at_the_edge)
    score, verdicts = try_reading(evaluation, reading.values, reading.facts)
    card, _ = rescore(INSTRUMENT, evaluation.card, reading.values)
    unit = replace(evaluation.assessment, facts={**evaluation.assessment.facts, **reading.facts})
    whole = judge_all(INSTRUMENT, evaluation.rules, card, unit, evaluation.agency)
    assert score == pytest.approx(card.total.score, abs=1e-9)
    assert {k: v.status for k, v in verdicts.items()} == {k: v.status for k, v in whole.items()}


@given(
    st.integers(0, 50),
    st.dictionaries(st.sampled_from(CHOICES), st.integers(0, 4), max_size=6),
)
def test_scoring_again_gives_what_scoring_anew_gives(seed: int, changes: dict[str, int]) -> None:
    evaluation = drawn_unit(seed, at_the_edge=False)
    codes = {
        key: list(INSTRUMENT.questions[key].options)[place % len(INSTRUMENT.questions[key].options)]
        for key, place in changes.items()
    }
    values = {key: INSTRUMENT.questions[key].scale.values[code] for key, code in codes.items()}
    again, touched = rescore(INSTRUMENT, evaluation.card, values)
    answers = dict(evaluation.assessment.answers)
    answers |= {key: replace(answers[key], unit=code) for key, code in codes.items()}
    anew = score_assessment(INSTRUMENT, replace(evaluation.assessment, answers=answers))
    assert again.nodes == anew.nodes
    assert again.total == anew.total
    same = [key for key in anew.nodes if key not in touched]
    assert all(again.nodes[key] is evaluation.card.nodes[key] for key in same)
