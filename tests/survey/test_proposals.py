from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.survey.samples import data, of_all, survey
from zi_eval.survey.result import RequiredIndex, SurveyResult
from zi_eval.survey.unit import chance_words, index_to_answer, propose_index
from zi_eval.survey.values import Conversion, SamplingFrame

MARKS = (RequiredIndex("WBK", 3.2), RequiredIndex("WBBM", 3.6))
ROWS = ((4, 3, 4), (3, 2, 4), (4, 3, 3), (2, 3, 4), (4, 4, 3)) * 8


def result(**fields: object) -> SurveyResult:
    return SurveyResult(data(survey(**fields), *ROWS), MARKS)


@given(st.floats(1, 4))
def test_rounding_never_lifts_an_index_over_a_minimum(index: float) -> None:
    answer = index_to_answer(index, [3.2, 3.6])
    assert abs(answer - index) <= 0.01
    for need in (3.2, 3.6):
        assert (answer >= need - 1e-9) == (index >= need - 1e-9)


@pytest.mark.parametrize(
    ("index", "answer"),
    [(3.596, 3.59), (3.5999, 3.59), (3.6, 3.6), (3.604, 3.6), (3.599999999999, 3.6), (3.425, 3.43)],
)
def test_the_answer_has_two_decimals(index: float, answer: float) -> None:
    assert index_to_answer(index, [3.6]) == answer


def test_chances_are_said_in_whole_numbers_and_never_as_certain() -> None:
    assert chance_words(0.7951) == "80 dari 100"
    assert chance_words(0.995) == "lebih dari 99 dari 100"
    assert chance_words(1.0) == "lebih dari 99 dari 100"
    assert chance_words(0.0) == "kurang dari 1 dari 100"
    assert chance_words(0.01) == "1 dari 100"


def test_the_index_is_proposed_with_its_reasons() -> None:
    proposal = propose_index(result(frames={"unit": SamplingFrame(500, 80, "Lembaga Contoh")}))
    assert proposal is not None
    assert (proposal.question, proposal.answer, proposal.is_provisional) == ("B.I.a", 3.33, False)
    said = " ".join(proposal.reasons)
    assert "40 responden, sedikitnya 30" in said
    assert "Krejcie-Morgan 217 responden untuk populasi 500" in said
    assert "(95 %)" in said
    assert "mencapai ambang WBK (3,20); peluang" in said
    assert "belum mencapai ambang WBBM (3,60); peluang" in said
    assert "Pelaksana: Lembaga Contoh" in said
    assert proposal.differs(3.34)
    assert not proposal.differs(3.33)


def test_too_few_respondents_make_it_provisional() -> None:
    few = SurveyResult(data(survey(), *ROWS[:12]), MARKS)
    proposal = propose_index(few)
    assert proposal is not None
    assert proposal.is_provisional
    assert "Baru 12 responden, sedikitnya 30" in proposal.reasons[0]
    assert "survei eksternal" in proposal.reasons[-1]


def test_a_survey_that_answers_no_question_proposes_nothing() -> None:
    assert propose_index(result(lke_question="")) is None


def test_without_an_index_nothing_is_guessed() -> None:
    proposal = propose_index(SurveyResult(data(survey(), *[(4, None, 4)] * 40), MARKS))
    assert proposal is not None
    assert proposal.answer is None
    assert proposal.is_provisional


def test_a_rounding_that_was_not_made_is_explained() -> None:
    proposal = propose_index(SurveyResult(data(survey(), *of_all(threes=121)), MARKS))
    assert proposal is not None
    assert proposal.answer == 3.59
    assert any("tidak dibulatkan" in reason for reason in proposal.reasons)


def test_the_choice_of_conversion_is_among_the_reasons() -> None:
    asked = survey(highest=6, conversion=Conversion.STRETCH)
    proposal = propose_index(SurveyResult(data(asked, *ROWS), MARKS))
    assert proposal is not None
    assert any("satu-sampai-empat" in r and "cara lain memberi" in r for r in proposal.reasons)
