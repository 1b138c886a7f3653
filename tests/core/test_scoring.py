"""Laws of scoring, ratio rules case by case, and the differential test against other code."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from tests.core.independent import Given, node_scores, scales
from tests.core.samples import (
    ABC,
    BOTH,
    FEW,
    SMALL,
    Answers,
    all_best,
    all_worst,
    any_answers,
    assess,
    card_of,
    choice,
    complete_answers,
    completions,
    instrument_named,
    mixed_answers,
    open_values_of,
    ratio,
    values_of,
)
from tests.laws import law
from zi_eval.core.assessment import NOT_APPLICABLE, Answer, Assessment, Stage, Unit, Value
from zi_eval.core.instrument import Decrease, Instrument, Question, Share
from zi_eval.core.problems import Severity
from zi_eval.core.scoring import Scorecard, fill_inputs, score_assessment, value_question

CLOSE = 1e-12

both = pytest.mark.parametrize("name", BOTH)


def assert_same_scores(left: Scorecard, right: Scorecard) -> None:
    assert left.total == right.total
    assert left.nodes == right.nodes


# Laws


@both
@FEW
@given(data=st.data())
def test_a_better_answer_to_an_answered_question_never_lowers_a_score(
    name: str, data: st.DataObject
) -> None:
    instrument = instrument_named(name)
    answers = data.draw(any_answers(instrument))
    changed = data.draw(st.sampled_from(tuple(instrument.questions)))
    question = instrument.questions[changed]
    pair = [data.draw(values_of(question)) for _ in range(2)]
    worse, better = sorted(pair, key=lambda answer: value_question(question, answer)[0].value or 0)
    low, high = (card_of(instrument, {**answers, changed: answer}) for answer in (worse, better))
    assert low.open_questions == high.open_questions
    for below, above in zip(
        (*low.nodes.values(), low.total), (*high.nodes.values(), high.total), strict=True
    ):
        assert (below.score is None) == (above.score is None)
        assert (above.score or 0) >= (below.score or 0) - CLOSE
        assert above.floor >= below.floor - CLOSE
        assert above.ceiling >= below.ceiling - CLOSE


@both
@FEW
@given(data=st.data())
def test_the_score_lies_between_floor_and_ceiling_and_both_within_the_weight(
    name: str, data: st.DataObject
) -> None:
    instrument = instrument_named(name)
    card = card_of(instrument, data.draw(any_answers(instrument)))
    for node in (*card.nodes.values(), card.total):
        weight = 1.0 if node.weight is None else node.weight
        assert -CLOSE <= node.floor <= node.ceiling + CLOSE
        assert node.ceiling <= weight + CLOSE
        assert (node.score is None) == (node.answered == 0)
        if node.score is not None:
            assert node.floor - CLOSE <= node.score <= node.ceiling + CLOSE
        else:
            assert (node.floor, node.ceiling) == pytest.approx((0.0, weight), abs=CLOSE)


@both
@FEW
@given(data=st.data())
def test_a_complete_assessment_has_score_floor_and_ceiling_equal(
    name: str, data: st.DataObject
) -> None:
    instrument = instrument_named(name)
    card = card_of(instrument, data.draw(complete_answers(instrument)))
    assert card.is_complete
    assert card.open_questions == ()
    for node in (*card.nodes.values(), card.total):
        assert node.score == node.floor == node.ceiling
        assert node.answered == node.questions


@both
@FEW
@given(data=st.data())
def test_answering_the_open_questions_ends_between_the_former_floor_and_ceiling(
    name: str, data: st.DataObject
) -> None:
    instrument = instrument_named(name)
    answers = data.draw(any_answers(instrument))
    before = card_of(instrument, answers)
    after = card_of(instrument, data.draw(completions(instrument, answers)))
    assert after.is_complete
    for identifier, node in (*before.nodes.items(), ("total", before.total)):
        final = after.total if identifier == "total" else after.nodes[identifier]
        assert final.score is not None
        assert node.floor - CLOSE <= final.score <= node.ceiling + CLOSE


@both
@FEW
@given(data=st.data())
def test_every_sum_is_the_sum_of_its_parts_and_every_mean_the_mean_of_its_answered(
    name: str, data: st.DataObject
) -> None:
    instrument = instrument_named(name)
    card = card_of(instrument, data.draw(any_answers(instrument)))
    groups = [("total", instrument.roots), *instrument.children.items()]
    for identifier, children in groups:
        node = card.total if identifier == "total" else card.nodes[identifier]
        parts = [card.nodes[child].score for child in children]
        known = [part for part in parts if part is not None]
        if not known:
            assert node.score is None
        elif identifier != "total" and instrument.is_mean(identifier):
            assert node.score == pytest.approx(
                sum(known) / len(known) * instrument.nodes[identifier].weight, abs=CLOSE
            )
        else:
            assert node.score == pytest.approx(sum(known), abs=CLOSE)
        assert node.answered == sum(card.nodes[child].answered for child in children)


@both
@FEW
@given(data=st.data())
def test_the_order_of_the_answers_does_not_matter(name: str, data: st.DataObject) -> None:
    instrument = instrument_named(name)
    answers = data.draw(any_answers(instrument))
    keys = list(answers)
    data.draw(st.randoms(use_true_random=False)).shuffle(keys)
    shuffled = {key: answers[key] for key in keys}
    assert card_of(instrument, answers) == card_of(instrument, shuffled)


@both
@FEW
@given(data=st.data())
def test_without_tpi_answers_the_tpi_stage_is_the_units(name: str, data: st.DataObject) -> None:
    instrument = instrument_named(name)
    assessment = assess(data.draw(any_answers(instrument)))
    unit = score_assessment(instrument, assessment, Stage.UNIT)
    tpi = score_assessment(instrument, assessment, Stage.TPI)
    assert_same_scores(unit, tpi)
    assert tpi.values == unit.values
    assert unit.taken_over == ()
    assert tpi.taken_over == tuple(
        key for key in instrument.questions if key not in unit.open_questions
    )


@both
@FEW
@given(data=st.data())
def test_the_tpi_stage_scores_the_tpis_answers_laid_over_the_units(
    name: str, data: st.DataObject
) -> None:
    instrument = instrument_named(name)
    own = data.draw(any_answers(instrument))
    keys = data.draw(st.sets(st.sampled_from(tuple(instrument.questions)), max_size=8))
    tpi: Answers = {
        key: data.draw(values_of(instrument.questions[key]))
        for key in instrument.questions
        if key in keys
    }
    card = score_assessment(instrument, assess(own, tpi=tpi), Stage.TPI)
    assert_same_scores(card, card_of(instrument, {**own, **tpi}))
    assert not set(tpi) & set(card.taken_over)
    for key, value in card.values.items():
        assert value.source is (
            None if value.value is None else Stage.TPI if key in tpi else Stage.UNIT
        )
    unit = score_assessment(instrument, assess(own, tpi=tpi), Stage.UNIT)
    assert unit == card_of(instrument, own)


@both
@FEW
@given(data=st.data())
def test_the_tpns_answers_are_laid_over_the_tpis_and_count_at_their_stage_only(
    name: str, data: st.DataObject
) -> None:
    instrument = instrument_named(name)
    own, drawn = data.draw(any_answers(instrument)), data.draw(any_answers(instrument))
    keys = sorted(drawn)
    tpi = {key: drawn[key] for key in keys[: len(keys) // 2]}
    tpn = {key: drawn[key] for key in keys[len(keys) // 4 :: 2] if drawn[key] is not None}
    before = assess(own, tpi=tpi)
    answers = {
        key: replace(before.answers.get(key, Answer()), tpn=tpn.get(key))
        for key in {**before.answers, **tpn}
    }
    judged = replace(before, answers=answers)
    for stage in (Stage.UNIT, Stage.TPI):
        card = score_assessment(instrument, judged, stage)
        assert card == score_assessment(instrument, before, stage)
    card = score_assessment(instrument, judged, Stage.TPN)
    known = {key: value for key, value in tpi.items() if value is not None}
    assert_same_scores(card, card_of(instrument, {**own, **known, **tpn}))
    for key, value in card.values.items():
        if value.source is not None:
            assert (value.source is Stage.TPN) == (key in tpn)
            assert (key in card.taken_over) == (value.source is Stage.UNIT)
        assert answers.get(key, Answer()).differs(Stage.TPN) == (
            key in tpn and tpn[key] != before.answers.get(key, Answer()).value(Stage.TPI)
        )


@both
def test_all_best_is_the_full_weight_and_all_worst_is_zero(name: str) -> None:
    instrument = instrument_named(name)
    best = card_of(instrument, all_best(instrument))
    worst = card_of(instrument, all_worst(instrument))
    for node in (*best.nodes.values(), best.total):
        assert node.score == pytest.approx(1.0 if node.weight is None else node.weight, abs=CLOSE)
    for node in (*worst.nodes.values(), worst.total):
        assert node.score == 0.0
    assert best.total.weight == instrument.weight


@both
def test_no_answer_is_not_zero(name: str) -> None:
    instrument = instrument_named(name)
    empty = score_assessment(instrument, Assessment(Unit("u", "U"), instrument.id, "WBK"))
    assert empty.total.score is None
    assert (empty.total.floor, empty.total.ceiling) == (0.0, instrument.weight)
    assert all(node.score is None for node in empty.nodes.values())
    assert empty.open_questions == tuple(instrument.questions)
    assert not empty.is_complete
    assert tuple(empty.nodes) == instrument.order


def test_a_subarea_is_the_mean_of_its_answered_questions() -> None:
    card = card_of(SMALL, {"A.I.1.i.a": "Ya", "A.I.1.i.c": "C"})
    node = card.nodes["A.I.1.i"]
    assert node.score == pytest.approx((1 + 0.33) / 2 * 1.5, abs=CLOSE)
    assert node.floor == pytest.approx((1 + 0.33) / 3 * 1.5, abs=CLOSE)
    assert node.ceiling == pytest.approx((1 + 1 + 0.33) / 3 * 1.5, abs=CLOSE)
    assert (node.answered, node.questions) == (2, 3)


def test_a_weighted_question_scores_its_value_times_its_weight() -> None:
    card = card_of(SMALL, {"B.I.a": 3.6, "B.I.b": "B"})
    assert card.nodes["B.I.a"].score == pytest.approx(2.7, abs=CLOSE)
    assert card.nodes["B.I.b"].score == pytest.approx(1.34, abs=CLOSE)
    assert card.nodes["B"].score == pytest.approx(4.04, abs=CLOSE)


def test_a_group_adds_up_its_nodes_under_a_name_of_its_own() -> None:
    card = card_of(SMALL, {"A.I.1.i.a": "Ya", "A.II.1.i.a": "B"})
    group = card.group("1", ("A.I.1", "A.II.1"))
    assert group.id == "1"
    assert group.score == pytest.approx(1.5 + 2.0, abs=CLOSE)
    assert (group.weight, group.answered, group.questions) == (8.0, 2, 7)
    assert card.group("none", ("A.I.2",)).score is None


# Ratio rules

WITHIN = ratio("A.i.a", Share(2, 1, 0.0))
FREE = ratio("A.i.a", Share(2, 1, 0.0, within=False))
EMPTY_IS_FULL = ratio("A.i.a", Share(2, 1, 1.0))
DERIVED = ratio("A.i.a", Share(5, 1, 1.0), inputs=5, sum_of=(2, 3, 4))
FALL = ratio("A.i.a", Decrease(1, 2), inputs=3)


@pytest.mark.parametrize(
    ("question", "answer", "value", "remark", "codes"),
    [
        (WITHIN, (4.0, 3.0), 0.75, "", []),
        (WITHIN, (4.0, 4.0), 1.0, "", []),
        (WITHIN, (4.0, 0.0), 0.0, "", []),
        (WITHIN, (4.0, 5.0), 1.0, "", ["masukan-melebihi"]),
        (WITHIN, (0.0, 0.0), 0.0, "", ["penyebut-nol"]),
        (WITHIN, (0.0, 2.0), 0.0, "", ["masukan-melebihi", "penyebut-nol"]),
        (FREE, (4.0, 5.0), 1.0, "", []),
        (FREE, (0.0, 5.0), 0.0, "", ["penyebut-nol"]),
        (EMPTY_IS_FULL, (0.0, 0.0), 1.0, "tidak ada objek", []),
        (EMPTY_IS_FULL, (0.0, 2.0), 1.0, "tidak ada objek", ["masukan-melebihi"]),
        (EMPTY_IS_FULL, (2.0, 0.0), 0.0, "", []),
        (DERIVED, (1.0, 2.0, 3.0, 3.0), 0.5, "", []),
        (DERIVED, (0.0, 0.0, 3.0, 3.0), 1.0, "", []),
        (DERIVED, (0.0, 0.0, 0.0, 0.0), 1.0, "tidak ada objek", []),
        (DERIVED, (1.0, 0.0, 0.0, 2.0), 1.0, "", ["masukan-melebihi"]),
        (FALL, (4.0, 1.0, 0.0), 0.75, "", []),
        (FALL, (4.0, 1.0, 9.0), 0.75, "", []),
        (FALL, (4.0, 4.0, 0.0), 0.0, "", []),
        (FALL, (4.0, 9.0, 0.0), 0.0, "", []),
        (FALL, (4.0, 0.0, 0.0), 1.0, "", []),
        (FALL, (0.0, 0.0, 0.0), 1.0, "", []),
        (FALL, (0.0, 3.0, 3.0), 0.0, "", []),
    ],
)
def test_ratio_rules(
    question: Question, answer: Value, value: float, remark: str, codes: list[str]
) -> None:
    result, problems = value_question(question, answer, Stage.UNIT)
    assert result.value == pytest.approx(value, abs=CLOSE)
    assert result.remark == remark
    assert [problem.code for problem in problems] == codes
    assert all(problem.severity is Severity.WARNING for problem in problems)
    assert all(problem.key == question.id for problem in problems)


def test_an_input_that_is_not_used_by_the_rule_is_still_required() -> None:
    assert value_question(FALL, (4.0, 1.0, None))[0].value is None


def test_counts_that_are_not_as_many_as_asked_are_no_answer() -> None:
    for counts in ((4.0, 1.0), (4.0, 1.0, 2.0, 3.0)):
        with pytest.raises(ValueError, match="zip"):
            value_question(FALL, counts)


@pytest.mark.parametrize("question", [WITHIN, EMPTY_IS_FULL, DERIVED, FALL])
def test_a_partly_filled_ratio_is_open_and_keeps_what_was_filled(question: Question) -> None:
    size = len(question.asked_inputs)
    for place in range(size):
        answer = tuple(None if place == number else 2.0 for number in range(size))
        value, problems = value_question(question, answer, Stage.UNIT)
        assert value.value is None
        assert value.source is None
        assert value.answer == answer
        assert problems == ()


def test_a_derived_input_is_the_sum_of_the_asked_and_open_with_one_of_them() -> None:
    assert fill_inputs(DERIVED, (1.0, 2.0, 3.0, 4.0)) == (6.0, 1.0, 2.0, 3.0, 4.0)
    assert fill_inputs(DERIVED, (1.0, None, 3.0, 4.0)) == (None, 1.0, None, 3.0, 4.0)


def test_no_object_scores_full_and_says_so() -> None:
    value, problems = value_question(EMPTY_IS_FULL, NOT_APPLICABLE, Stage.UNIT)
    assert (value.value, value.remark, value.source) == (1.0, "tidak ada objek", Stage.UNIT)
    assert problems == ()


@pytest.mark.parametrize(
    ("question", "answer"),
    [(choice("A.i.a", ABC), 1.0), (choice("A.i.a", ABC), (1.0, 2.0)), (WITHIN, "A"), (WITHIN, 0.5)],
)
def test_an_answer_of_another_scale_is_refused(question: Question, answer: Value) -> None:
    with pytest.raises(TypeError, match=r"A\.i\.a"):
        value_question(question, answer)


def test_the_findings_of_answers_stand_on_the_scorecard() -> None:
    card = card_of(SMALL, {"A.I.1.ii.a": (0.0, 1.0), "A.II.1.i.b": (1.0, 1.0, 1.0, 4.0)})
    assert [(problem.key, problem.code) for problem in card.problems] == [
        ("A.I.1.ii.a", "masukan-melebihi"),
        ("A.I.1.ii.a", "penyebut-nol"),
        ("A.II.1.i.b", "masukan-melebihi"),
    ]


# Ratio questions of the official instrument


@pytest.mark.parametrize(
    ("identifier", "answer", "value", "remark", "codes"),
    [
        ("A.II.1.i.a", (0.0, 0.0), 0.0, "", ["penyebut-nol"]),
        ("A.II.1.i.a", (5.0, 8.0), 1.0, "", []),
        ("A.II.1.i.b", (0.0, 0.0), 0.0, "", ["penyebut-nol"]),
        ("A.II.1.i.b", (5.0, 8.0), 1.0, "", ["masukan-melebihi"]),
        ("A.II.3.iii.a", (0.0, 0.0, 0.0), 1.0, "", []),
        ("A.II.3.iii.a", (0.0, 1.0, 1.0), 0.0, "", []),
        ("A.II.3.iii.a", (2.0, 3.0, 0.0), 0.0, "", []),
        ("A.II.4.i.a", (0.0, 0.0), 0.0, "", ["penyebut-nol"]),
        ("A.II.4.i.a", (5.0, 8.0), 1.0, "", ["masukan-melebihi"]),
        ("A.II.5.ii.a", (0.0, 0.0, 0.0), 1.0, "tidak ada objek", []),
        ("A.II.5.ii.a", (5.0, 0.0, 8.0), 1.0, "", ["masukan-melebihi"]),
        ("A.II.5.ii.a", (8.0, 3.0, 5.0), 0.625, "", []),
        ("A.II.5.ii.a", NOT_APPLICABLE, 1.0, "tidak ada objek", []),
        ("A.II.5.iii.a", (0.0, 0.0, 0.0, 0.0), 1.0, "tidak ada objek", []),
        ("A.II.5.iii.a", (1.0, 2.0, 1.0, 3.0), 0.75, "", []),
        ("A.II.5.iii.a", (1.0, 2.0, 1.0, 5.0), 1.0, "", ["masukan-melebihi"]),
        ("A.II.5.iii.b", (0.0, 0.0, 0.0, 0.0), 1.0, "tidak ada objek", []),
        ("A.II.5.iii.b", (1.0, 2.0, 7.0, 9.0), 0.9, "", []),
        ("A.II.6.i.b", (0.0, 0.0), 0.0, "", ["penyebut-nol"]),
        ("A.II.6.i.b", (5.0, 8.0), 1.0, "", ["masukan-melebihi"]),
    ],
)
def test_official_ratio_questions(
    instrument: Instrument,
    identifier: str,
    answer: Value,
    value: float,
    remark: str,
    codes: list[str],
) -> None:
    question = instrument.questions[identifier]
    result, problems = value_question(question, answer, Stage.UNIT)
    assert result.value == pytest.approx(value, abs=CLOSE)
    assert result.remark == remark
    assert [problem.code for problem in problems] == codes


def test_wealth_reporting_is_the_mean_of_both_kinds_of_report(instrument: Instrument) -> None:
    """A circulating workbook averages the wrong rows there and leaves LHKASN out."""
    lhkpn, lhkasn = (4.0, 0.0, 0.0, 4.0), (10.0, 0.0, 0.0, 5.0)
    card = card_of(instrument, {"A.II.5.iii.a": lhkpn, "A.II.5.iii.b": lhkasn})
    assert card.nodes["A.II.5.iii"].score == pytest.approx(1.5, abs=CLOSE)


# Differential test


def as_given(answers: Answers) -> dict[str, Given]:
    return {
        key: "n/a" if answer is NOT_APPLICABLE else answer
        for key, answer in answers.items()
        if answer is not None
    }


def assert_as_independent(instrument: Instrument, answers: Answers) -> None:
    card = card_of(instrument, answers)
    expected = node_scores(as_given(answers))
    assert set(expected) == {*card.nodes, "total"}
    for identifier, wanted in expected.items():
        node = card.total if identifier == "total" else card.nodes[identifier]
        if wanted is None:
            assert node.score is None, identifier
        else:
            assert node.score == pytest.approx(float(wanted), abs=1e-9), identifier


def test_the_independent_tables_name_the_questions_of_the_instrument(
    instrument: Instrument,
) -> None:
    assert set(scales()) == set(instrument.questions)


@law(60)
@given(data=st.data())
def test_complete_answers_score_as_an_independent_computation(data: st.DataObject) -> None:
    instrument = instrument_named("zi-2021")
    assert_as_independent(instrument, data.draw(complete_answers(instrument)))


@law(60)
@given(data=st.data())
def test_partial_answers_score_as_an_independent_computation(data: st.DataObject) -> None:
    instrument = instrument_named("zi-2021")
    answers = data.draw(mixed_answers(instrument))
    event("complete" if card_of(instrument, answers).is_complete else "open")
    assert_as_independent(instrument, answers)


def test_sparse_answers_score_as_an_independent_computation(instrument: Instrument) -> None:
    """Whole subareas and areas without an answer, which random gaps rarely leave."""
    chance = random.Random(2021)
    for _ in range(60):
        kept = [key for key in instrument.questions if chance.random() < 0.08]
        answers: dict[str, Value | None] = {}
        for key in kept:
            question = instrument.questions[key]
            if question.scale.kind == "choice":
                answers[key] = chance.choice(tuple(question.scale.values))
            elif question.scale.kind == "index":
                answers[key] = chance.uniform(0, 4)
            else:
                answers[key] = tuple(float(chance.randint(0, 9)) for _ in question.asked_inputs)
        assert_as_independent(instrument, answers)


@FEW
@given(data=st.data())
def test_an_open_ratio_never_counts_whatever_inputs_are_filled(data: st.DataObject) -> None:
    instrument = instrument_named("zi-2021")
    keys = [key for key, question in instrument.questions.items() if question.rule is not None]
    key = data.draw(st.sampled_from(keys))
    card = card_of(instrument, {key: data.draw(open_values_of(instrument.questions[key]))})
    assert card.total.score is None
    assert card.problems == ()
