"""Predicates by band of the total: borders and laws."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from tests.laws import law
from zi_eval.core.assessment import Answer, Assessment, Unit
from zi_eval.core.evaluation import Evaluation, evaluate
from zi_eval.core.rules import Band, check_rules
from zi_eval.core.verdict import Status, band_at
from zi_eval.instruments import load_instrument, load_rules

INSTRUMENT = load_instrument("akip-2021")
RULES = load_rules("akip-2021")
ORDER = RULES.predicates
GRADES = tuple(INSTRUMENT.questions["1.a"].scale.values)
grades = st.fixed_dictionaries({key: st.sampled_from(GRADES) for key in INSTRUMENT.questions})
open_grades = st.fixed_dictionaries(
    {key: st.one_of(st.none(), st.sampled_from(GRADES)) for key in INSTRUMENT.questions}
)
LAW = law(150)


def judged(answers: dict[str, str | None]) -> Evaluation:
    given_answers = {key: Answer(unit=grade) for key, grade in answers.items()}
    return evaluate(INSTRUMENT, RULES, Assessment(Unit("u", "U"), "", "", answers=given_answers))


@pytest.mark.parametrize(
    ("score", "predicate"),
    [
        *((0.0, "D"), (29.99, "D"), (30.0, "D"), (30.01, "C")),
        *((50.0, "C"), (50.01, "CC"), (60.0, "CC"), (60.01, "B")),
        *((70.0, "B"), (70.01, "BB"), (80.0, "BB"), (80.01, "A")),
        *((90.0, "A"), (90.01, "AA"), (100.0, "AA")),
    ],
)
def test_a_border_belongs_to_the_lower_band(score: float, predicate: str) -> None:
    assert band_at(RULES.bands, score).predicate == predicate


def test_the_last_bits_of_a_sum_do_not_lift_a_score_over_a_border() -> None:
    assert band_at(RULES.bands, 80.00000000001).predicate == "BB"


def test_all_bb_is_exactly_80_and_bb() -> None:
    evaluation = judged(dict.fromkeys(INSTRUMENT.questions, "BB"))
    assert evaluation.card.total.score == pytest.approx(80, abs=1e-9)
    assert evaluation.predicate == "BB"
    higher = evaluation.next_up
    assert higher is not None
    assert (higher.predicate, higher.status) == ("A", Status.NOT_MET)


@LAW
@given(answers=grades)
def test_the_predicate_is_the_band_of_the_total(answers: dict[str, str | None]) -> None:
    evaluation = judged(answers)
    score = evaluation.card.total.score
    assert score is not None
    assert evaluation.predicate == band_at(RULES.bands, score).predicate
    reached = ORDER.index(evaluation.predicate)
    for place, verdict in enumerate(evaluation.verdicts.values()):
        assert (verdict.status is Status.MET) == (place <= reached)
        assert verdict.status is not Status.UNKNOWN


@LAW
@given(answers=grades, data=st.data())
def test_a_better_answer_never_lowers_the_predicate(
    answers: dict[str, str | None], data: st.DataObject
) -> None:
    key = data.draw(st.sampled_from(sorted(answers)))
    now = GRADES.index(str(answers[key]))
    better = data.draw(st.sampled_from(GRADES[: now + 1]))
    before, after = judged(answers).predicate, judged({**answers, key: better}).predicate
    assert before is not None
    assert after is not None
    assert ORDER.index(after) >= ORDER.index(before)
    event("higher" if after != before else "same")


@LAW
@given(answers=open_grades, data=st.data())
def test_what_is_certain_with_open_answers_stays_so(
    answers: dict[str, str | None], data: st.DataObject
) -> None:
    before = judged(answers)
    if None in answers.values():
        assert before.predicate is None
    completed = {k: v or data.draw(st.sampled_from(GRADES)) for k, v in answers.items()}
    after = judged(completed)
    for predicate, verdict in before.verdicts.items():
        if verdict.status is Status.NOT_MET:
            assert after.verdicts[predicate].status is Status.NOT_MET
        if verdict.rules[0].status is Status.MET:
            assert after.verdicts[predicate].status is Status.MET


def test_nothing_answered_has_no_predicate_and_the_lowest_as_its_verdict() -> None:
    evaluation = judged({})
    assert evaluation.predicate is None
    assert evaluation.target.predicate == "D"
    assert evaluation.target.status is Status.UNKNOWN


def test_the_bands_follow_one_another_without_gap_or_overlap() -> None:
    assert RULES.bands[0].above is None
    assert all(low.upto == high.above for low, high in pairwise(RULES.bands))
    assert check_rules(INSTRUMENT, RULES) == ()


@pytest.mark.parametrize(
    ("bands", "code"),
    [
        (RULES.bands[1:], "rentang-tidak-lengkap"),
        ((*RULES.bands[:-1], Band("AA", 90, 95)), "rentang-tidak-penuh"),
        ((Band("D", None, 55), *RULES.bands[1:]), "rentang-tidak-naik"),
    ],
)
def test_bands_that_do_not_fit_are_named(bands: tuple[Band, ...], code: str) -> None:
    problems = check_rules(INSTRUMENT, replace(RULES, bands=bands))
    assert code in {problem.code for problem in problems}


def test_an_instrument_with_targets_has_no_predicate_by_band() -> None:
    instrument, rules = load_instrument("zi-2021"), load_rules("zi-2021")
    assessment = Assessment(Unit("u", "U"), instrument.id, "WBBM")
    evaluation = evaluate(instrument, rules, assessment)
    assert rules.bands == ()
    assert evaluation.predicate is None
    assert evaluation.target.predicate == "WBBM"
    assert evaluation.next_up is None
