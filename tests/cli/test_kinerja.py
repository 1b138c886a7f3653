from __future__ import annotations

import re
import shutil
from functools import partial
from pathlib import Path

import openpyxl
import pytest

from tests.sample import run_command
from zi_eval.cli.kinerja import kinerja
from zi_eval.errors import ParameterError, WorkspaceError
from zi_eval.performance.load import find_plans, load_performance, read_plans
from zi_eval.period.unit_tables import plan_year

run = partial(run_command, "kinerja")


@pytest.mark.parametrize("words", [[], *([name] for name in kinerja.commands)])
def test_help_of_every_command_is_indonesian_and_has_examples(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*words, "--help") == 0
    text = capsys.readouterr().out
    assert "Pemakaian:" in text
    assert "Contoh:" in text
    assert not re.search(r"Usage|Options|Commands|Show this message", text)


def test_the_sample_agency_has_tables_without_a_problem(root: Path) -> None:
    found = read_plans(root / "parameters" / "2026")
    assert len(found.standings) == 8
    assert {unit: items for unit, items in found.problems.items() if items} == {}
    assert all(standing.plan.kind for standing in found.standings.values())


def test_planted_deviations_of_the_sample_agency_are_found(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("check", "--folder", str(folder)) == 0
    said = capsys.readouterr()
    assert "dinas-perhubungan: baris 3, Jumlah rambu yang dipasang: Jauh dari jalur." in said.out
    assert "Anggaran mendahului hasil" in said.out
    assert "Realisasi sama dengan target" in said.out
    assert "Angka sama antar-unit" in said.out
    assert re.search(r"\d+ tabel diperiksa: 0 salah, 0 perhatian, \d+ temuan\.", said.err)


def test_a_wrong_table_is_told_with_its_cell_and_stops_only_its_unit(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = folder / "parameters" / "2026" / "kinerja" / "rsud-harapan.csv"
    path.write_text(path.read_text("utf-8-sig").replace(";turun;", ";trun;", 1), "utf-8")
    assert run("check", "--folder", str(folder)) == 1
    out = capsys.readouterr().out
    assert f"{path}:2 [rsud-harapan!F2]: salah: arah: 'trun' tidak dikenal." in out
    assert "Mungkin maksudnya 'turun'." in out
    assert "dinas-perhubungan: baris 3" in out
    assert run("show", "rsud-harapan", "--folder", str(folder)) == 1
    assert "F2" in capsys.readouterr().err
    assert run("show", "dpmptsp", "--folder", str(folder)) == 0
    with pytest.raises(ParameterError):
        load_performance(folder / "parameters" / "2026", "rsud-harapan")


def test_show_gives_the_short_form_and_the_cap_counts(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("show", "dpmptsp", "--folder", str(folder)) == 0
    usual = capsys.readouterr().out
    assert usual.index("Perlu keputusan") < usual.index("Semua indikator") < usual.index("Usulan")
    assert "Nilai realisasi investasi" in usual
    assert run("show", "dpmptsp", "--cap", "100", "--folder", str(folder)) == 0
    assert capsys.readouterr().out.splitlines()[1] != usual.splitlines()[1]


@pytest.mark.parametrize("cap", ["99", "banyak", "inf", "nan"])
def test_a_cap_below_100_is_refused(
    folder: Path, cap: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("show", "dpmptsp", "--cap", cap, "--folder", str(folder)) == 1
    assert "tulis angka 100 atau lebih" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["show", "check"])
def test_an_unknown_unit_is_told_with_the_nearest(
    folder: Path, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(command, "dpmpts", "--folder", str(folder)) == 1
    assert "Mungkin maksudnya 'dpmptsp'." in capsys.readouterr().err


def test_a_period_without_tables_is_told_what_to_do(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(folder / "parameters" / "2026" / "kinerja")
    assert run("check", "--folder", str(folder)) == 1
    assert "zi-eval kinerja template" in capsys.readouterr().err


@pytest.mark.parametrize("suffix", ["xlsx", "csv"])
def test_the_template_is_written_once_and_read_by_check(
    folder: Path, suffix: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = folder / "parameters" / "2026" / "kinerja" / f"unit-baru.{suffix}"
    assert run("template", "-o", str(path)) == 0
    assert run("template", "-o", str(path)) == 1
    assert "--force" in capsys.readouterr().err
    assert run("check", "unit-baru", "--folder", str(folder)) == 1
    assert "belum ada indikator" in capsys.readouterr().out
    if suffix == "xlsx":
        assert openpyxl.load_workbook(path).sheetnames == ["Kinerja", "Petunjuk"]


def test_a_template_of_another_kind_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("template", "-o", str(tmp_path / "k.docx")) == 2
    assert not (tmp_path / "k.docx").exists()


def test_two_tables_of_one_unit_are_refused_and_the_other_units_read(folder: Path) -> None:
    home = folder / "parameters" / "2026"
    assert run("template", "-o", str(home / "kinerja" / "dpmptsp.xlsx")) == 0
    with pytest.raises(ParameterError, match="dua tabel kinerja"):
        load_performance(home, "dpmptsp")
    assert load_performance(home, "bapenda").standing.plan.indicators
    assert set(read_plans(home).problems) == set(find_plans(home))


def test_files_that_are_no_tables_are_passed_over(folder: Path) -> None:
    home = folder / "parameters" / "2026"
    before = list(find_plans(home))
    for name in ("~$dpmptsp.xlsx", ".dpmptsp.csv", "catatan.txt"):
        (home / "kinerja" / name).write_text("x")
    assert list(find_plans(home)) == before


def test_a_table_without_a_unit_file_is_read_all_the_same(folder: Path) -> None:
    home = folder / "parameters" / "2026"
    (home / "dpmptsp.yaml").unlink()
    data = load_performance(home, "dpmptsp")
    assert data.standing.plan.name == "dpmptsp"
    assert data.answers == {}


def test_answers_are_those_that_count_at_the_stage_of_the_tpi(folder: Path) -> None:
    home = folder / "parameters" / "2026"
    path = home / "dpmptsp.yaml"
    text = path.read_text("utf-8")
    start = text.index("  B.I.b:")
    changed = text[start:].replace("    tpi: B", "    tpi: C", 1)
    path.write_text(text[:start] + changed, "utf-8")
    assert load_performance(home, "dpmptsp").answers["B.I.b"] == "C"


def test_the_year_is_what_the_agency_states_or_in_the_name_of_the_period(tmp_path: Path) -> None:
    assert plan_year(tmp_path / "2026") == 2026
    assert plan_year(tmp_path / "tahun-2027") == 2027
    with pytest.raises(WorkspaceError, match="tahun: 2026"):
        plan_year(tmp_path / "contoh")
    for name in ("contoh", "2031"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "instansi.yaml").write_text("nama: K\ntahun: 2028\n")
        assert plan_year(tmp_path / name) == 2028
