"""Data of a unit that say otherwise than its answers, and what nobody has looked at."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.doubts.samples import evaluated, make_unit
from tests.survey.samples import responses, survey
from zi_eval.core.assessment import Answer, Assessment, Remark, Stage
from zi_eval.core.proposals import Proposal
from zi_eval.core.verdict import Status
from zi_eval.doubts.differing import (
    StatedElsewhere,
    doubt_elsewhere,
    doubt_proposals,
    doubt_surveys,
)
from zi_eval.doubts.unseen import doubt_checks, doubt_evidence, doubt_taken_over
from zi_eval.doubts.values import Doubt
from zi_eval.doubts.verdict import judge_with_doubts
from zi_eval.doubts.weighing import weigh
from zi_eval.survey.result import SurveyResult
from zi_eval.survey.values import Response, SurveyData


def proposed(question: str, answer: object, **fields: object) -> Proposal:
    given = {"candidates": (), "is_provisional": False, "reasons": ("Sebab.",), "source": "tabel"}
    return Proposal(question=question, answer=answer, **{**given, **fields})  # type: ignore[arg-type]


def status(assessment: Assessment, *doubts: Doubt) -> Status:
    evaluation = evaluated(assessment)
    return judge_with_doubts(evaluation, weigh(evaluation, doubts))["WBBM"].status


# ---------------------------------------------------------------- proposals


def test_a_proposal_that_says_otherwise_is_a_doubt_and_one_that_agrees_is_none() -> None:
    evaluation = evaluated(make_unit())
    same = proposed("B.I.b", "A")
    other = proposed("B.I.b", "D")
    assert doubt_proposals(evaluation, (same,)) == ()
    (doubt,) = doubt_proposals(evaluation, (other,))
    assert doubt.what == "B.I.b dijawab A, sedangkan tabel menunjukkan D."
    assert [item.name for item in doubt.statements] == ["B.I.b", "tabel"]
    assert status(make_unit(), doubt) is Status.UNKNOWN


def test_every_candidate_is_a_reading_where_the_data_leave_some_open() -> None:
    evaluation = evaluated(make_unit({"B.I.b": "D"}))
    found = doubt_proposals(evaluation, (proposed("B.I.b", None, candidates=("A", "B")),))
    (doubt,) = weigh(evaluation, found)
    assert [round(effect.score or 0, 2) for effect in doubt.effects] == [100.0, 98.75]


def test_what_is_evidence_only_and_what_nobody_answered_is_no_doubt() -> None:
    evidence = proposed("A.I.4.ii.c", None)
    assert doubt_proposals(evaluated(make_unit()), (evidence,)) == ()
    open_unit = make_unit({"B.I.b": None})
    assert doubt_proposals(evaluated(open_unit), (proposed("B.I.b", "D"),)) == ()


@pytest.mark.parametrize(
    ("given", "index", "differs"),
    [
        (3.7, 3.7, False),
        (3.704, 3.7, False),  # one figure, written with three decimals
        (3.71, 3.7, True),
        (3.6, 3.59, True),
        (3.6, 3.597, True),  # within rounding, but across the minimum of 3.60
        (3.598, 3.595, False),  # both below it
    ],
)
def test_an_index_is_the_same_within_rounding_and_on_one_side_of_every_minimum(
    given: float, index: float, differs: bool
) -> None:
    evaluation = evaluated(make_unit({"B.I.a": given}))
    assert bool(doubt_proposals(evaluation, (proposed("B.I.a", index),))) is differs


# ---------------------------------------------------------------- other evaluations


def test_another_evaluation_of_the_unit_gives_another_predicate() -> None:
    unit = make_unit(facts={"sakip_unit": "A"})
    akip = StatedElsewhere("sakip_unit", "B", "2026-akip/unit.yaml", "Evaluasi AKIP")
    (doubt,) = weigh(evaluated(unit), doubt_elsewhere(evaluated(unit), (akip,)))
    assert doubt.what.endswith("dinyatakan A, sedangkan Evaluasi AKIP memberi B.")
    assert doubt.effects[0].turned == {"WBK": (), "WBBM": ("sakip_unit",)}
    assert status(unit, doubt) is Status.UNKNOWN
    assert doubt_elsewhere(evaluated(unit), (replace(akip, value="A"),)) == ()


# ---------------------------------------------------------------- surveys


def surveyed(*people: Response) -> tuple[Doubt, ...]:
    asked = survey(lke_question="B.I.a", minimum=5)
    result = SurveyResult(SurveyData(asked, "unit", people, source="survei/unit.ipak.csv"))
    unit = make_unit({"B.I.a": round(result.index or 0.0, 2)})
    return weigh(evaluated(unit), doubt_surveys(evaluated(unit), (result,)))


def test_odd_responses_are_a_doubt_where_the_index_without_them_misses_a_minimum() -> None:
    straight = [(4, 4, 4)] * 6
    (doubt,) = surveyed(*responses(*straight, (4, 3, 3), (4, 3, 3), (3, 3, 4)))
    assert doubt.code == "survei-lurus"
    assert doubt.what.startswith("66,7 % responden")
    assert doubt.statements[1].place == "survei/unit.ipak.csv:2"
    assert doubt.could_fail("WBK")


def test_odd_responses_that_change_no_minimum_are_no_doubt() -> None:
    straight = [(4, 4, 4)] * 2
    assert surveyed(*responses(*straight, *[(4, 4, 3)] * 4, *[(3, 4, 4)] * 4)) == ()


def test_an_index_that_only_rounding_lifts_to_a_minimum_is_no_doubt_of_odd_responses() -> None:
    # 3.599 stands as 3.60 in the unit's file, and nobody answered oddly.
    assert surveyed(*responses(*[(4, 4, 3)] * 39, *[(4, 3, 3)] * 10)) == ()


def test_where_all_responses_look_odd_nothing_is_left_that_supports_the_index() -> None:
    (doubt,) = surveyed(*responses(*[(4, 4, 4)] * 6))
    assert doubt.what.startswith("100 % responden")
    assert "indeksnya tidak dapat dihitung" in doubt.what
    assert doubt.could_fail("WBK")


def test_a_survey_with_an_element_that_nobody_answered_supports_no_answer() -> None:
    asked = survey(lke_question="B.I.a", minimum=5)
    people = responses(*[(4, 4, None)] * 6)
    unit = evaluated(make_unit({"B.I.a": 3.71}))
    found = doubt_surveys(unit, (SurveyResult(SurveyData(asked, "unit", people)),))
    (doubt,) = weigh(unit, found)
    assert doubt.code == "survei-tanpa-indeks"
    assert asked.elements[2].name in doubt.what
    assert doubt.could_fail("WBK")


def test_fewer_respondents_than_asked_are_a_doubt() -> None:
    (doubt,) = surveyed(*responses((4, 4, 3), (4, 3, 4), (4, 4, 3)))
    assert doubt.code == "survei-kurang-responden"
    assert "baru 3 responden, sedikitnya 5" in doubt.what


# ---------------------------------------------------------------- not looked at


def bare(unit: Assessment, *questions: str, **fields: object) -> Assessment:
    """Take the evidence from some answers."""
    answers = dict(unit.answers)
    for key in questions:
        answers[key] = replace(answers[key], evidence=(), **fields)  # type: ignore[arg-type]
    return replace(unit, answers=answers)


def test_claims_without_evidence_count_and_what_claims_nothing_does_not() -> None:
    unit = bare(make_unit({"A.I.1.i.a": "Tidak"}), "A.I.1.i.a", "A.I.4.i.a", "B.I.a")
    (doubt,) = doubt_evidence(evaluated(unit), backed={"B.I.a"})
    assert [item.name for item in doubt.statements] == ["A.I.4.i.a"]
    assert doubt_evidence(evaluated(make_unit())) == ()
    assert doubt_evidence(evaluated(unit, stage=Stage.TPI)) == ()


def test_answers_the_tpi_has_not_given_are_one_doubt_at_its_stage() -> None:
    unit = make_unit()
    seen = {key: replace(answer, tpi=answer.unit) for key, answer in unit.answers.items()}
    whole = replace(unit, answers=seen)
    assert doubt_taken_over(evaluated(whole, stage=Stage.TPI)) == ()
    partly = replace(unit, answers={**seen, "A.I.4.i.a": Answer("A")})
    (doubt,) = doubt_taken_over(evaluated(partly, stage=Stage.TPI))
    assert doubt.what == "1 dari 113 pertanyaan belum dijawab TPI; jawaban unit dipakai."
    assert doubt_taken_over(evaluated(partly, stage=Stage.UNIT)) == ()


def test_what_an_import_could_not_read_stays_a_doubt_with_its_cell() -> None:
    read = Remark("Jawaban!K130", "Jawaban 'A?' dibaca sebagai A.", "B.I.b")
    unit = replace(make_unit(), remarks=(read,))
    (doubt,) = weigh(evaluated(unit), doubt_checks(evaluated(unit)))
    assert [item.place for item in doubt.statements] == ["", "[Jawaban!K130]"]
    assert doubt.could_fail("WBK")
    unit = replace(unit, remarks=(Remark("Jawaban!Q9", "Catatan tanpa baris."),))
    (loose,) = doubt_checks(evaluated(unit))
    assert loose.readings == ()
