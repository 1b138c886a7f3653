from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document as open_docx
from docx.oxml.ns import qn

from tests.sample import copy_sample, run_command
from tests.workplan.samples import activity, by_month, plan_of
from zi_eval.case import load_case
from zi_eval.instruments import load_instrument
from zi_eval.report.documents.docx import render_document_docx
from zi_eval.report.documents.html import render_document_html
from zi_eval.report.made import Made
from zi_eval.workplan.load import load_agency_workplans, load_workplan
from zi_eval.workplan.monev.document import monev_document
from zi_eval.workplan.monitoring import AgencyWorkPlans, monitor
from zi_eval.workplan.page.sections import (
    WorkPlanPage,
    workplan_recap,
    workplan_sheet,
    workplan_summary,
)
from zi_eval.workplan.page.words import render_workplan
from zi_eval.workplan.unit import UnitWorkPlan

ZI = load_instrument("zi-2021")
EVIL = "<script>alert(1)</script>"
SECTIONS = ("opening", "actions", "progress", "activities", "forecast", "gaps", "proposals")


@pytest.fixture(scope="module")
def sample(request: pytest.FixtureRequest) -> UnitWorkPlan:
    root: Path = request.getfixturevalue("root")
    return load_workplan(root / "parameters/2026", "dpmptsp")


def hostile() -> UnitWorkPlan:
    item = activity(
        EVIL, output=EVIL, unit_of_measure=EVIL, owner=EVIL, obstacle=EVIL, follow_up=EVIL,
        source=EVIL, evidence=EVIL, results=by_month(mar=0.0, apr=0.5),
    )  # fmt: skip
    plan = replace(plan_of(item), name=EVIL)
    return UnitWorkPlan(monitor(plan, ZI), agency=EVIL, remark=EVIL, head=EVIL, source=EVIL)


@pytest.mark.parametrize("name", SECTIONS)
def test_every_section_shows_the_sample_and_escapes_what_people_typed(
    sample: UnitWorkPlan, name: str
) -> None:
    assert getattr(WorkPlanPage(sample, Made.now()), name)()
    shown = str(getattr(WorkPlanPage(hostile(), Made.now()), name)().html)
    assert "<script" not in shown


def test_the_page_says_what_is_late_since_when_and_what_is_done_about_it(
    sample: UnitWorkPlan,
) -> None:
    shown = str(WorkPlanPage(sample, Made.now()).actions().html)
    first = shown.index("46 SOP")
    assert shown.index("Terlambat sejak April, kurang 22 SOP", first) < shown.index("Juli")
    assert "ditetapkan setelah peta disahkan" in shown


def test_without_a_plan_a_report_has_no_section(root: Path) -> None:
    assert not workplan_summary(None)
    case = load_case(root / "parameters/2026/rsud-harapan.yaml")
    assert case.workplan is None


def test_the_case_holds_plan_proposals_and_warnings(root: Path) -> None:
    case = load_case(root / "parameters/2026/dpmptsp.yaml")
    assert case.workplan is not None
    assert "3 terlambat" in str(workplan_summary(case.workplan).html)
    sources = {item.question: item.source for item in case.proposals}
    assert sources["A.I.1.iii.a"] == "rencana-zi/dpmptsp.csv"


def test_a_broken_plan_stops_nobody_and_is_told_with_its_cell(tmp_path: Path) -> None:
    home = copy_sample(tmp_path, "dpmptsp") / "parameters/2026"
    (home / "rencana-zi").mkdir()
    (home / "rencana-zi/dpmptsp.csv").write_text(
        "kegiatan;pertanyaan;pic;target_jan\nRapat;A.I.1.ii.a;Sekretaris;dua\n", "utf-8"
    )
    case = load_case(home / "dpmptsp.yaml")
    assert (case.workplan, case.evaluation.card.total.answered) == (None, 113)
    assert [(p.code, p.cell.partition("!")[2]) for p in case.problems] == [("bukan-angka", "D2")]
    recap = str(workplan_recap(load_agency_workplans(home), {}).html)
    assert "bukan angka" in recap


def test_the_recap_lists_late_activities_of_all_units_the_longest_first(root: Path) -> None:
    plans = load_agency_workplans(root / "parameters/2026")
    shown = str(workplan_recap(plans, {"dpmptsp": "Dinas PM"}).html)
    assert shown.index("46 SOP") < shown.index("petugas loket") < shown.index("iklim investasi")
    assert "Dinas PM" in shown
    title, headings, rows = workplan_sheet(plans, {})
    assert (title, len(rows)) == ("Rencana ZI", 25)
    assert {len(row) for row in rows} == {len(headings)}
    assert not workplan_recap(AgencyWorkPlans(), {})
    assert "<script" not in str(workplan_recap(AgencyWorkPlans(trouble=EVIL), {}).html)


def test_the_text_says_forecast_gaps_and_proposals(sample: UnitWorkPlan) -> None:
    text = render_workplan(sample)
    assert "Nilai sekarang 82,61; bila semua kegiatan selesai" in text
    assert "B.II.a: 3,42 dari 4; 2,54 poin" in text
    assert "A.I.1.iii.a: B (sementara)" in text
    assert EVIL in render_workplan(hostile())


def test_the_report_of_a_quarter_shows_what_was_to_be_seen_then(sample: UnitWorkPlan) -> None:
    first, second, third = (
        render_document_html(monev_document(sample, quarter, Made.now())) for quarter in (1, 2, 3)
    )
    assert "Tidak ada kegiatan yang terlambat." in first
    assert "terlambat sejak April, kurang 20 SOP" in second
    assert "Menambah petugas telepon pengaduan: terlambat" not in second
    assert "Yang terlambat pada akhir triwulan sebelumnya" in third
    fourth = render_document_html(monev_document(sample, 4, Made.now()))
    assert "Realisasi yang dilaporkan sampai September; triwulan ini belum lengkap." in fourth


def test_the_report_in_word_has_real_headings_and_tables_with_heads_and_captions(
    sample: UnitWorkPlan,
) -> None:
    document = open_docx(io.BytesIO(render_document_docx(monev_document(sample, 2, Made.now()))))
    headings = [p.text for p in document.paragraphs if p.style.name.startswith("Heading 1")]
    assert headings[0] == "A. Ringkasan"
    assert headings[-1] == "LAMPIRAN SEMUA KEGIATAN"
    assert len(document.tables) == 5
    for table in document.tables:
        assert table._tbl.tblPr.find(qn("w:tblCaption")) is not None
        (mark,) = table.rows[0]._tr.iter(qn("w:tblHeader"))
        assert mark is not None
    assert any("[Isi: simpulan monev" in p.text for p in document.paragraphs)
    page = render_document_html(monev_document(hostile(), 2, Made.now()))
    assert "<script" not in page


def test_commands_show_check_and_report(
    tmp_path: Path, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = copy_sample(tmp_path / "zi", "dpmptsp")
    assert run_command("rencana", "check", "--folder", home) == 1
    assert "Belum ada tabel" in capsys.readouterr().err
    table = home / "parameters/2026/rencana-zi/dpmptsp.csv"
    table.parent.mkdir()
    table.write_bytes((root / "parameters/2026/rencana-zi/dpmptsp.csv").read_bytes())
    assert run_command("rencana", "check", "--folder", home) == 0
    out, err = capsys.readouterr()
    assert "baris 7, Menyelaraskan 46 SOP" in out
    assert "1 tabel diperiksa: 0 salah, 0 perhatian, 9 kegiatan perlu tindakan." in err
    assert run_command("rencana", "show", "dpmptsp", "--month", "3", "--folder", home) == 0
    assert "sampai Maret 2026" in capsys.readouterr().out
    assert run_command("rencana", "report", "dpmptsp", "--folder", home) == 0
    made = sorted(path.name for path in (home / "outputs/2026").iterdir())
    assert made == ["dpmptsp.monev-tw3.docx", "dpmptsp.monev-tw3.html"]
    assert run_command("rencana", "report", "dpmptsp", "--folder", home) == 1
    assert run_command("rencana", "template", "-o", tmp_path / "t.csv", "--folder", home) == 0
