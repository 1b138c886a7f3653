"""The calibration page: what to discuss first, nothing unescaped, readable for few and many."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.pages.agency.test_sections import Outline, agency_of
from tests.pages.builders import INSTRUMENT, MADE, answers_at, build_evaluation
from zi_eval.agreement.calibration import (
    Calibration,
    calibrate_agency,
    calibrate_evaluators,
    calibrate_stages,
)
from zi_eval.agreement.page.sections import TOPICS, CalibrationPage, agreement_section
from zi_eval.agreement.page.words import render_calibration
from zi_eval.core.agency import AgencyEvaluation
from zi_eval.core.assessment import Answer, Unit
from zi_eval.core.evaluation import Evaluation
from zi_eval.pages.agency.recap import Recap
from zi_eval.pages.agency.sections import RecapPage

EVIL = "<script>alert(1)</script>"
SECTIONS = ("opening", "questions", "areas", "units", "evaluators", "origin")


def evaluated(
    number: int, tpi: dict[str, str | None], name: str = "", note: str = ""
) -> Evaluation:
    """A unit with the best answers, of which the TPI gave those named."""
    answers = {
        key: replace(answer, tpi=tpi[key], tpi_note=note) if key in tpi else answer
        for key, answer in answers_at(1.0, tpi=None).items()
    }
    built = build_evaluation(answers)
    own = Unit(f"u-{number:03d}", name or f"Unit {number}", "satker")
    return replace(built, assessment=replace(built.assessment, unit=own))


def calibrated(agency: AgencyEvaluation, **evaluators: str) -> Calibration:
    decided = {
        (item.assessment.unit.id, key): evaluators[item.assessment.unit.id.replace("-", "")]
        for item in agency.evaluations
        for key, answer in item.assessment.answers.items()
        if answer.tpi is not None and item.assessment.unit.id.replace("-", "") in evaluators
    }
    return calibrate_stages(INSTRUMENT, [e.assessment for e in agency.evaluations], decided)


def page_of(agency: AgencyEvaluation, data: Calibration) -> str:
    report = CalibrationPage(data, agency, MADE)
    return "".join(str(getattr(report, name)().html) for name in SECTIONS)


SAME = {key: "A" for key, q in INSTRUMENT.questions.items() if "C" in q.scale.values}
LOWER = {**SAME, "B.I.b": "C", "A.I.1.i.b": "B"}
FEW = agency_of(*(evaluated(n, LOWER if n < 4 else SAME) for n in range(6)))


def test_the_question_that_moves_most_points_is_discussed_first() -> None:
    data = calibrated(FEW)
    assert [item.id for item in data.order] == ["B.I.b", "A.I.1.i.b"]
    page = page_of(FEW, data)
    Outline(page)
    assert page.index("Capaian kinerja unit") < page.index("A.I.1.i.b")
    assert "A → C: 4" in page
    assert "TPI hampir selalu lebih rendah" in page


def test_open_answers_of_the_tpi_are_said_to_be_no_agreement() -> None:
    page = page_of(FEW, calibrated(FEW))
    assert "belum dievaluasi TPI; itu bukan persetujuan" in page


def test_nobody_is_judged_where_units_are_too_few() -> None:
    small = agency_of(*(evaluated(n, LOWER) for n in range(3)))
    assert "Unitnya terlalu sedikit" in page_of(small, calibrated(small))


def test_typed_text_and_names_never_become_markup() -> None:
    agency = agency_of(*(evaluated(n, LOWER, f"{EVIL}{n}", EVIL) for n in range(6)))
    data = calibrated(agency, u000=EVIL, u001=EVIL)
    page = page_of(agency, data)
    assert "<script" not in page
    assert page.count("&lt;script&gt;") > 6
    assert str(agreement_section(calibrate_agency(agency)).html).count("<script") == 0


def test_600_units_are_folded_and_their_spread_is_drawn() -> None:
    base = evaluated(0, LOWER), evaluated(0, SAME)
    units = [
        replace(
            base[n % 2],
            assessment=replace(
                base[n % 2].assessment, unit=Unit(f"u-{n:03d}", f"Unit {n}", "satker")
            ),
        )
        for n in range(600)
    ]
    agency = agency_of(*units)
    page = page_of(agency, calibrated(agency))
    outline = Outline(page)
    assert "Poin yang berubah, menurut banyaknya unit" in page
    assert "Unit 563–600" in page
    assert outline.tags.count("svg") == 2


def test_many_questions_leave_most_of_them_folded() -> None:
    everywhere = dict.fromkeys(SAME, "C")
    agency = agency_of(*(evaluated(n, everywhere) for n in range(6)))
    report = CalibrationPage(calibrated(agency), agency, MADE)
    page = str(report.questions().html)
    assert page.count("<h3>") == TOPICS
    assert "pertanyaan lagi dengan perbedaan yang lebih kecil" in page


def test_evaluators_are_shown_where_a_journal_names_them_and_not_in_the_recap() -> None:
    who = {f"u{n:03d}": f"Penilai {n % 2}" for n in range(6)}
    data = calibrated(FEW, **who)
    page = page_of(FEW, data)
    assert 'id="penilai"' in page
    assert "Penilai 1" in page
    recap = RecapPage(Recap(FEW), MADE)
    assert "Penilai 1" not in str(recap.agreement().html)
    assert 'href="#keselarasan"' in str(recap.masthead().html)


def test_without_an_answer_of_the_tpi_there_is_no_section() -> None:
    agency = agency_of(evaluated(1, {}), evaluated(2, {}))
    assert agreement_section(calibrate_agency(agency)).html == ""
    assert "keselarasan" not in str(RecapPage(Recap(agency), MADE).masthead().html)
    page = page_of(agency, calibrated(agency))
    assert "Belum ada jawaban yang diberikan keduanya" in page


def test_two_evaluators_are_called_by_their_names() -> None:
    first = {"u": {"A.I.1.i.b": "A", "B.I.b": "A"}}
    second = {"u": {"A.I.1.i.b": "B", "B.I.b": "A"}}
    data = calibrate_evaluators(INSTRUMENT, first, second, ("Bayu", "Dewi"), {"u": "Unit Uji"})
    text = render_calibration(data, 10)
    assert "Dewi menjawab sama pada 50" in text
    assert "Dewi lebih rendah 1 kali" in text
    assert "Unit Uji" in page_of(FEW, data)


@pytest.mark.parametrize("answer", [Answer(unit=3.9, tpi=3.1)])
def test_a_measured_answer_is_shown_as_a_lower_value(answer: Answer) -> None:
    built = build_evaluation({**answers_at(1.0), "B.I.a": answer})
    agency = agency_of(built)
    page = page_of(agency, calibrated(agency))
    assert "nilai turun: 1" in page
    assert "3,90 dari 4" in page
