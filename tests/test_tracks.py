"""Rule sets and ways of proposing: what is waived for whom, shown, and given to the portal."""

from __future__ import annotations

from pathlib import Path

import pytest

from zi_eval.case import load_case
from zi_eval.core.verdict import Status
from zi_eval.pages.unit.sections import unit_report
from zi_eval.period.reading import Period
from zi_eval.portal.publication import find_obstacles
from zi_eval.report.made import Made
from zi_eval.starter import write_workspace

REASON = "Kabupaten 3T menurut surat bupati <1>."


@pytest.fixture
def period(folder: Path) -> Path:
    home = folder / "parameters" / "2026"
    agency = home / "instansi.yaml"
    text = agency.read_text("utf-8").replace("permenpanrb-90-2021", "portal-2025")
    agency.write_text(text.replace("sakip_instansi: BB", "sakip_instansi: 45"), "utf-8")
    return home


def state(period: Path, said: str) -> None:
    with (period / "instansi.yaml").open("a", encoding="utf-8") as stream:
        stream.write(f"\n{said}\n")


def mark(period: Path, unit: str) -> Path:
    path = period / f"{unit}.yaml"
    path.write_text(path.read_text("utf-8").replace("\ntarget:", "\nafirmasi: true\ntarget:"))
    return path


def failed(path: Path) -> set[str]:
    verdict = load_case(path).scored.target
    return {item.prerequisite.id for item in verdict.failed_prerequisites}


def test_a_score_of_the_agency_fails_its_gate_and_afirmasi_with_a_reason_waives_it(
    period: Path,
) -> None:
    path = mark(period, "dpmptsp")
    assert failed(path) == {"sakip_instansi"}  # the flag alone waives nothing
    state(period, f"afirmasi: '{REASON}'")
    assert failed(path) == set()
    assert failed(period / "rsud-harapan.yaml") == {"sakip_instansi"}  # no unit of afirmasi
    case = load_case(path)
    assert case.scored.target.status is Status.MET
    report = unit_report(case, Made.now())
    assert "(jalur Afirmasi)" in report.opening().html
    assert "tidak ditanyakan (jalur Afirmasi)" in report.rules().html
    assert "Kabupaten 3T menurut surat bupati &lt;1&gt;." in report.rules().html
    assert failed(mark(period, "puskesmas-sukamaju")) == {"sakip_instansi"}  # never for WBBM


@pytest.mark.parametrize(
    ("said", "code"),
    [("afirmasi: Daerah 3T", "afirmasi-tidak-berlaku"), ("jalur: mandiri", "kata-tidak-dikenal")],
)
def test_the_regulation_alone_knows_no_track_but_the_usual(
    folder: Path, said: str, code: str
) -> None:
    home = folder / "parameters" / "2026"
    state(home, said)
    assert [problem.code for problem in Period.read(home).problems] == [code]


def test_an_agency_that_decides_wbk_itself_proposes_none(period: Path) -> None:
    state(period, "jalur: mandiri")
    case = load_case(period / "dpmptsp.yaml")
    assert case.scored.target.status is Status.MET
    codes = [finding.code for finding in find_obstacles(case.scored)]
    assert codes == ["belum-final", "tidak-diusulkan"]


def test_a_report_says_where_another_rule_set_would_judge_otherwise(folder: Path) -> None:
    home = folder / "parameters" / "2026"
    case = load_case(home / "puskesmas-sukamaju.yaml")
    html = unit_report(case, Made.now()).rules().html
    assert "Aturan: Ambang PermenPANRB 90/2021 (2021)" in html
    said = "portal nasional 2025 (2025): WBBM belum dapat disimpulkan"
    assert f"{said} (Lama memegang predikat WBK belum diisi)." in html
    assert (
        "Aturan lain" not in unit_report(load_case(home / "dpmptsp.yaml"), Made.now()).rules().html
    )


def test_a_new_folder_starts_with_the_newest_rules(tmp_path: Path) -> None:
    write_workspace(tmp_path / "baru", "2027", "contoh")
    assert Period.read(tmp_path / "baru" / "parameters" / "2027").agency.agency is not None
    assert Period.read(tmp_path / "baru" / "parameters" / "2027").rules().id == "portal-2025"
