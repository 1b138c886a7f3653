"""Every view of a unit says the same of its verdict, and a doubt makes none of them greener."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.doubts.samples import AGENCY, evaluated, make_unit, rules_at_the_edge
from tests.laws import law
from zi_eval.case import Case, evaluate_whole, load_agency, load_case
from zi_eval.core.agency import AgencyEvaluation
from zi_eval.core.assessment import Stage
from zi_eval.core.evaluation import Evaluation
from zi_eval.core.verdict import Status
from zi_eval.doubts.values import Doubt, Reading, Statement
from zi_eval.doubts.verdict import judge_with_doubts, lower
from zi_eval.doubts.weighing import weigh
from zi_eval.face.unit import UnitView
from zi_eval.forms.panel import score_panel
from zi_eval.forms.state import FormState
from zi_eval.journal.fields import Person, Role
from zi_eval.letters.words import conclusion_text
from zi_eval.pages.agency.recap import Recap
from zi_eval.pages.agency.tables import recap_columns, recap_rows
from zi_eval.pages.unit.sections import unit_report
from zi_eval.pages.unit.text import render_score
from zi_eval.period.reading import Period
from zi_eval.period.score_json import dump_evaluation
from zi_eval.portal.publication import is_published
from zi_eval.report import words
from zi_eval.report.made import Made

UNITS = ("dpmptsp", "bapenda", "puskesmas-sukamaju", "kecamatan-merdeka", "dinas-dukcapil")
GREEN = {Status.NOT_MET: 0, Status.UNKNOWN: 1, Status.MET: 2}


class Said(NamedTuple):
    """What a view says of the verdict on a unit's target."""

    status: Status
    doubts: int
    stage: str


def status_in(text: str) -> Status:
    """Return the status whose words a text uses."""
    said = text.lower()
    if "belum dapat disimpulkan" in said:
        return Status.UNKNOWN
    return Status.NOT_MET if "belum memenuhi" in said else Status.MET


def doubts_in(text: str) -> int:
    found = re.search(r"(\d+) (?:keraguan|hal meragukan)", text)
    return int(found[1]) if found else 0


def of_report(case: Case) -> Said:
    html = str(unit_report(case, Made.now()).opening().html)
    head = re.search(r'id="putusan">(.*?)</h2>', html, re.DOTALL)
    assert head
    line = re.search(r'<p class="doubt user">(.*?)<a', html, re.DOTALL)
    assert words.stage_text(case.evaluation) in html
    return Said(status_in(head[1]), doubts_in(line[1]) if line else 0, case.stage.value)


def of_json(evaluation: Evaluation) -> Said:
    said = json.loads(json.dumps(dump_evaluation(evaluation)))
    verdict = said["verdicts"][said["target"]]
    return Said(Status(verdict["status"]), len(verdict["doubts"]), said["stage"])


def of_text(evaluation: Evaluation) -> Said:
    text = render_score(evaluation)
    _, _, own = text.partition(f"\n{evaluation.target.predicate}: ")
    head, line = own.splitlines()[:2]
    assert words.stage_text(evaluation) in text
    count = doubts_in(line) if line.startswith("  ! ") else 0
    return Said(status_in(head), count, evaluation.stage.value)


def of_panel(evaluation: Evaluation) -> Said:
    panel = score_panel(evaluation)
    return Said(Status(panel["status"]), doubts_in(panel["doubts"]), evaluation.stage.value)


def of_letter(evaluation: Evaluation) -> Said:
    text = conclusion_text(evaluation)
    head, named, _ = text.partition("Yang masih harus dijernihkan: ")
    others = re.search(r", dan (\d+) hal lain", text)
    count = int(others[1]) + 1 if others else int(bool(named))
    return Said(status_in(head.partition(":")[0]), count, evaluation.stage.value)


def of_recap(agency: AgencyEvaluation, unit: str) -> Said:
    recap = Recap(agency)
    rows = [dict(zip(recap_columns(recap), row, strict=True)) for row in recap_rows(recap)]
    (row,) = (row for row in rows if row["Kode unit"] == unit)
    return Said(status_in(str(row["Hasil target"])), int(str(row["Keraguan"])), agency.stage.value)


def of_face(case: Case) -> Said:
    view = UnitView(case, case.period.folder)
    verdict = view.verdict()
    assert view.status == verdict.status
    return Said(Status(verdict.status), len(verdict.doubts), view.stage)


@pytest.fixture(scope="module")
def agencies(root: Path) -> dict[str, AgencyEvaluation]:
    period = Period(root / "parameters" / "2026")
    return {stage: load_agency(period, stage) for stage in ("unit", "tpi")}


@pytest.mark.parametrize("stage", ["unit", "tpi"])
@pytest.mark.parametrize("unit", UNITS)
def test_no_two_views_of_a_case_disagree(
    root: Path, agencies: dict[str, AgencyEvaluation], unit: str, stage: str
) -> None:
    case = load_case(root / "parameters" / "2026" / f"{unit}.yaml", stage)
    evaluation, verdict = case.evaluation, case.verdict
    said = Said(verdict.status, len(verdict.doubts), stage)
    assert of_report(case) == said
    assert of_json(evaluation) == said
    assert of_text(evaluation) == said
    assert of_panel(evaluation) == said
    assert of_letter(evaluation) == said
    assert of_face(case) == said
    assert of_recap(agencies[stage], unit) == said


@pytest.mark.parametrize("unit", ["puskesmas-sukamaju", "dpmptsp", "bapenda"])
def test_the_recap_of_a_run_is_no_surer_of_a_unit_without_a_report(root: Path, unit: str) -> None:
    period = Period(root / "parameters" / "2026")
    said = of_recap(load_agency(period, "tpi", {}), unit)
    whole = load_case(period.find(unit)).verdict
    assert GREEN[said.status] <= min(GREEN[whole.status], GREEN[Status.UNKNOWN])
    assert said.doubts


@pytest.mark.parametrize(("role", "stage"), [(Role.UNIT, "unit"), (Role.MEMBER, "tpi")])
def test_the_form_says_what_the_report_says(
    root: Path, tmp_path: Path, role: Role, stage: str
) -> None:
    shutil.copytree(root / "parameters", tmp_path / "parameters")
    file = tmp_path / "parameters" / "2026" / "dpmptsp.yaml"
    state = FormState.open(file, Person("Sari", role))
    state.answer({"type": "open", "view": "v"})
    state.refresh_proposals()
    assert of_panel(state.evaluation()) == of_json(load_case(file, stage).evaluation)
    state.close()


def test_no_warning_is_counted_as_none_above_a_doubt(root: Path) -> None:
    """The contents count the doubts, and name no zero of warnings beside them."""
    case = load_case(root / "parameters" / "2026" / "dpmptsp.yaml")
    html = str(unit_report(case, Made.now()).opening().html)
    assert "Peringatan (0)" not in html
    assert f"Keraguan ({len(case.verdict.doubts)})" in html


def test_the_section_lists_each_doubt_with_places_rule_effects_and_remedy(root: Path) -> None:
    case = load_case(root / "parameters" / "2026" / "dpmptsp.yaml")
    html = str(unit_report(case, Made.now()).doubts().html)
    for doubt in case.verdict.doubts:
        assert doubt.what in html
        assert doubt.remedy in html
        for statement in doubt.statements[:6]:
            assert statement.place in html or statement.file == statement.name
    assert "nilai" in html
    assert "berubah: " in html


def test_the_portal_is_given_no_unit_whose_verdict_is_doubted(root: Path) -> None:
    period = Period(root / "parameters" / "2026")
    given_before = period.evaluate(period.find("puskesmas-sukamaju"), Stage.TPI)
    assert given_before.target.status is Status.MET
    assert not is_published(evaluate_whole(period, period.find("puskesmas-sukamaju")))


PLACES = ("A.I.1.i.a", "A.II.5.iii.b", "B.I.a", "B.I.b", "B.II.a")
doubts = st.lists(
    st.builds(
        lambda key, worth: Doubt(
            "uji", f"{key} diragukan.", (Statement(f"jawaban.{key}", "?"),), "", "", "",
            (Reading("bila lain", {key: worth}),),
        ),
        st.sampled_from(PLACES),
        st.floats(0, 1),
    ),
    max_size=4,
)  # fmt: skip


@law(60)
@given(doubts, doubts)
def test_adding_a_doubt_makes_no_view_greener(some: list[Doubt], more: list[Doubt]) -> None:
    unit = make_unit()
    scored = evaluated(unit, rules_at_the_edge(unit))

    def views(found: list[Doubt]) -> list[Said]:
        item = lower(scored, judge_with_doubts(scored, weigh(scored, found)))
        agency = AgencyEvaluation(
            agency=AGENCY, rules=item.rules, instrument=item.instrument,
            period="2026", stage=item.stage, evaluations=(item,),
        )  # fmt: skip
        return [
            of_json(item),
            of_text(item),
            of_panel(item),
            of_letter(item),
            of_recap(agency, item.assessment.unit.id),
        ]

    for before, after in zip(views(some), views([*some, *more]), strict=True):
        assert GREEN[after.status] <= GREEN[before.status]
        assert after.doubts == before.doubts + len(more)


def test_a_trial_of_another_answer_forgets_no_doubt_of_the_data(root: Path) -> None:
    case = load_case(root / "parameters" / "2026" / "dpmptsp.yaml")
    view = UnitView(case, case.period.folder)
    tried = view.what_if({"A.I.1.i.a": "Ya"}).what_if({"A.I.1.i.b": "A"})
    assert tried.status == view.status == "unknown"
    assert tried.verdict().doubts[0] == view.verdict().doubts[0]
