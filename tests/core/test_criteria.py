"""What the criteria of a subcomponent propose as its grade; nothing is filled in."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.laws import law
from zi_eval.core.assessment import Answer, Assessment, Stage, Unit
from zi_eval.core.criteria import propose_by_criteria, propose_grade
from zi_eval.core.scoring import score_assessment
from zi_eval.instruments import load_instrument

INSTRUMENT = load_instrument("akip-2021")
EMPTY = Assessment(Unit("unit", "Unit"), INSTRUMENT.id, "")
GRADES = ("AA", "A", "BB", "B", "CC", "C", "D", "E")


def said(question: str, *values: str | None, tpi: bool = False) -> Assessment:
    """Return an assessment in which the criteria of a question are answered in order."""
    keys = INSTRUMENT.criteria_of(question)
    side = "tpi" if tpi else "unit"
    criteria = {key: Answer(**{side: v}) for key, v in zip(keys, values, strict=True)}
    return replace(EMPTY, criteria=criteria)


def met(question: str, count: int) -> Assessment:
    rest = len(INSTRUMENT.criteria_of(question)) - count
    return said(question, *["Ya"] * count, *["Tidak"] * rest)


@pytest.mark.parametrize(
    ("count", "grade"),
    [(0, "E"), (1, "D"), (2, "D"), (3, "C"), (4, "C"), (5, "CC"), (6, "CC"), (7, "B"), (8, "BB")],
)
def test_a_share_exactly_on_a_border_is_in_the_lower_grade(count: int, grade: str) -> None:
    # 1.c has eight criteria: two are 25 %, four 50 %, six 75 %.
    proposal = propose_grade("1.c", met("1.c", count), INSTRUMENT, Stage.UNIT)
    assert proposal is not None
    assert proposal.answer == grade


def test_all_met_proposes_bb_and_leaves_the_better_grades_to_the_evaluator() -> None:
    proposal = propose_grade("2.a", met("2.a", 3), INSTRUMENT, Stage.UNIT)
    assert proposal is not None
    assert proposal.answer == "BB"
    assert not any(proposal.differs(grade) for grade in ("AA", "A", "BB", None))
    assert proposal.differs("B")
    assert any("pertimbangan penilai" in reason for reason in proposal.reasons)


def test_open_criteria_propose_what_they_can_still_lead_to() -> None:
    # Two of three met and one open: 67 % if not met, all if met.
    proposal = propose_grade("2.a", said("2.a", "Ya", "Ya", None), INSTRUMENT, Stage.UNIT)
    assert proposal is not None
    assert proposal.answer is None
    assert proposal.candidates == ("BB", "B", "CC")
    assert "1 kriteria belum dijawab: 3." in proposal.reasons
    assert propose_grade("2.a", EMPTY, INSTRUMENT, Stage.UNIT) is None


def test_the_tpi_counts_at_its_stage_only() -> None:
    unit = said("2.a", "Ya", "Ya", "Ya").criteria
    third = INSTRUMENT.criteria_of("2.a")[2]
    judged = replace(EMPTY, criteria={**unit, third: replace(unit[third], tpi="Tidak")})
    by_stage = {stage: propose_by_criteria(judged, INSTRUMENT, stage)[0].answer for stage in Stage}
    assert by_stage == {Stage.UNIT: "BB", Stage.TPI: "CC", Stage.TPN: "CC"}


def test_no_score_counts_a_criterion() -> None:
    cards = [score_assessment(INSTRUMENT, one, Stage.UNIT) for one in (EMPTY, met("1.a", 6))]
    assert cards[0] == cards[1]


@law(60)
@given(st.sampled_from(list(INSTRUMENT.questions)), st.data())
def test_one_criterion_more_never_proposes_less(question: str, data: st.DataObject) -> None:
    count = len(INSTRUMENT.criteria_of(question))
    fewer = data.draw(st.integers(0, count - 1))
    grades = []
    for number in (fewer, fewer + 1):
        proposal = propose_grade(question, met(question, number), INSTRUMENT, Stage.UNIT)
        assert proposal is not None
        assert isinstance(proposal.answer, str)
        grades.append(GRADES.index(proposal.answer))
    assert grades[1] <= grades[0]
