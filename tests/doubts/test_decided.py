"""What the TPN decided or answered otherwise speaks against a verdict, and makes none greener."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.sample import copy_sample
from zi_eval.case import Case, load_agency
from zi_eval.core.assessment import Stage
from zi_eval.core.verdict import Status
from zi_eval.doubts.decided import Decided, doubt_decision, doubt_national_answers
from zi_eval.doubts.load import find_doubts
from zi_eval.doubts.verdict import judge_with_doubts
from zi_eval.pages.unit.sections import unit_report
from zi_eval.pages.unit.text import render_score
from zi_eval.period.reading import Period
from zi_eval.report.made import Made

UNIT = "puskesmas-sukamaju"
TABLE = "tpn/keputusan.csv"
HEAD = "unit;tahap;keputusan;tanggal;kondisi;rekomendasi\n"
REFUSED = f"{UNIT};panel;tidak lulus;10/11/2026;Dampak <b>belum</b> diukur.;\n"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return copy_sample(tmp_path / "zi", UNIT, "dpmptsp", "bapenda") / "parameters" / "2026"


def case_of(home: Path, unit: str = UNIT, stage: Stage = Stage.TPI) -> Case:
    period = Period.read(home)
    return Case(period, period.unit_files[unit], stage)


def decide(home: Path, rows: str) -> None:
    table = home / TABLE
    table.parent.mkdir(exist_ok=True)
    table.write_text(HEAD + rows, encoding="utf-8")


def test_a_refusal_of_the_tpn_is_said_by_every_view_and_leaves_the_verdict_open(
    home: Path,
) -> None:
    before = case_of(home).evaluation
    assert before.target.status is Status.MET
    decide(home, REFUSED)
    case = case_of(home)
    target = case.evaluation.target
    assert target.status is Status.UNKNOWN
    assert target.doubts[0].startswith("TPN memutuskan tidak lulus panel (10/11/2026)")
    assert case.scored.target.status is Status.MET
    (agency,) = (item for item in load_agency(home).evaluations if item.assessment.unit.id == UNIT)
    assert agency.target.status is Status.UNKNOWN
    assert "TPN memutuskan tidak lulus panel" in render_score(case.evaluation)
    report = unit_report(case, Made.now())
    first = report.opening().html
    assert "Keputusan TPN: tidak lulus panel (10/11/2026)" in first
    assert "TPN memutuskan tidak lulus panel" in first
    section = report.national().html
    assert "Dampak &lt;b&gt;belum&lt;/b&gt; diukur." in section
    assert "<b>belum" not in first + section
    # A unit that the table does not name is judged as before.
    assert case_of(home, "dpmptsp").decided is None


def test_a_refusal_of_the_higher_predicate_leaves_the_lower_one(home: Path) -> None:
    case = case_of(home)
    refused = Decided(TABLE, "tidak lulus panel", has_passed=False)
    verdicts = judge_with_doubts(case.scored, find_doubts(case.scored, decided=refused))
    names = list(case.scored.verdicts)
    lowered = [name for name in names if verdicts[name].is_lowered]
    assert case.scored.target.predicate in lowered
    below = names[: names.index(case.scored.target.predicate)]
    assert not set(lowered) & set(below)


@pytest.mark.parametrize("unit", [UNIT, "bapenda"])
def test_no_decision_makes_a_verdict_greener(home: Path, unit: str) -> None:
    scored = case_of(home, unit).scored
    for has_passed in (True, False):
        decided = Decided(TABLE, "lulus hasil", has_passed)
        found = judge_with_doubts(scored, find_doubts(scored, decided=decided))
        for name, verdict in scored.verdicts.items():
            assert found[name].status in (verdict.status, Status.UNKNOWN)
            assert verdict.status is Status.MET or found[name].status is verdict.status


def test_an_award_beside_a_verdict_that_is_not_met_is_said(home: Path) -> None:
    scored = case_of(home, "bapenda").scored
    assert scored.target.status is not Status.MET
    (doubt,) = doubt_decision(scored, Decided(TABLE, "lulus hasil", has_passed=True))
    assert "TPN memutuskan lulus hasil, sedangkan menurut data di sini" in doubt.what
    assert doubt.refused == ()
    refused = Decided(TABLE, "tidak lulus panel", has_passed=False)
    assert doubt_decision(scored, refused) == ()


def test_a_table_that_cannot_be_read_makes_no_verdict_surer(home: Path) -> None:
    decide(home, REFUSED.replace("tidak lulus", "tdk lulus"))
    target = case_of(home).evaluation.target
    assert target.status is Status.UNKNOWN
    assert "tpn/keputusan.csv tidak dapat dibaca" in target.doubts[0]


def test_answers_of_the_tpn_that_turn_the_verdict_lower_it_before_its_stage(home: Path) -> None:
    scored = case_of(home).scored
    index = next(q for q in scored.instrument.questions.values() if q.scale.kind == "index")
    answers = dict(scored.assessment.answers)
    answers[index.id] = replace(answers[index.id], tpn=1.0)
    judged = replace(scored, assessment=replace(scored.assessment, answers=answers))
    (doubt,) = doubt_national_answers(judged)
    assert doubt.contradicted == {index.id}
    verdicts = judge_with_doubts(judged, find_doubts(judged))
    assert verdicts[scored.target.predicate].status is Status.UNKNOWN
    assert doubt_national_answers(replace(judged, stage=Stage.TPN)) == ()
    same = {index.id: replace(answers[index.id], tpn=answers[index.id].value(Stage.TPI))}
    again = replace(scored.assessment, answers={**answers, **same})
    assert doubt_national_answers(replace(scored, assessment=again)) == ()
