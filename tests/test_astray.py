"""What people put into a period and nothing reads is said by every check, and by a run."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.sample import ROOT, copy_sample, run_command
from zi_eval.astray import find_astray
from zi_eval.checking import check_tables
from zi_eval.period.reading import Period

TABLES = {
    "kinerja/dpmptsp.csv": "kinerja/DPMPTSP.csv",
    "survei/dpmptsp.ipak.csv": "survei/Dpmptsp.ipak.csv",
    "tindak-lanjut/dpmptsp.csv": "tindak-lanjut/DPMPTSP.CSV",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a working folder whose tables bear their unit's name in other capitals."""
    home = copy_sample(tmp_path / "zi", "dpmptsp", "bapenda")
    for given, name in TABLES.items():
        target = home / "parameters/2026" / name
        target.parent.mkdir()
        shutil.copy(ROOT / "parameters/2026" / given, target)
    return home


def test_tables_in_other_capitals_are_named_by_every_check_and_beside_what_is_shown(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    period = folder / "parameters/2026"
    wrong = {str(period / name) for name in TABLES.values()}
    assert {p.file for p in check_tables([period])} == wrong
    assert all("'dpmptsp': ganti nama" in p.hint for p in find_astray(Period.read(period)))
    assert {p.file for p in find_astray(Period.read(period), ["dpmptsp"])} == wrong
    assert find_astray(Period.read(period), ["bapenda"]) == ()
    for word, told in (("dpmptsp", wrong), ("bapenda", set())):
        run_command("check", word, "--folder", folder)
        said = capsys.readouterr().out
        assert {name for name in wrong if name in said} == told
    for topic, name in (("kinerja", "DPMPTSP.csv"), ("survei", "Dpmptsp.ipak.csv")):
        run_command(topic, "show", "--folder", folder)
        assert f"{name}: perhatian: tidak ada unit" in capsys.readouterr().err


def test_folders_of_tables_that_are_none_or_have_another_name_are_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = copy_sample(tmp_path / "zi", "dpmptsp")
    period = home / "parameters/2026"
    (period / "tpn").write_text("")
    (period / "survei").symlink_to("survei")
    (period / "Rencana_ZI").mkdir()
    (period / "kinerja-lama").mkdir()
    found = {Path(p.file).name: p for p in find_astray(Period.read(period))}
    assert set(found) == {"tpn", "survei", "Rencana_ZI"}
    assert "berkas, bukan folder" in found["tpn"].message
    assert "tautan simbolik" in found["survei"].message
    assert "'rencana-zi'" in found["Rencana_ZI"].message
    assert run_command("check", "--folder", home) == 1
    capsys.readouterr()
    for line, said in {
        ("tpn", "check"): "berkas, bukan folder",
        ("survei", "check"): "tautan simbolik",
        ("rencana", "check"): "Belum ada tabel",
    }.items():
        assert run_command(*line, "--folder", home) == 1
        assert said in capsys.readouterr().err


def test_a_table_behind_a_link_that_leads_nowhere_is_no_missing_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = copy_sample(tmp_path / "zi", "dpmptsp")
    for name in ("tpn/keputusan.csv", "tindak-lanjut/dpmptsp.csv"):
        path = home / "parameters/2026" / name
        path.parent.mkdir()
        path.symlink_to(path.name)
    assert run_command("tpn", "check", "--folder", home) == 1
    assert run_command("tindak-lanjut", "check", "--folder", home) == 1
    assert capsys.readouterr().out.count("tautan simboliknya berputar") == 2


def test_a_table_beside_that_of_the_decisions_is_named(tmp_path: Path) -> None:
    home = copy_sample(tmp_path / "zi", "dpmptsp") / "parameters/2026"
    (home / "tpn").mkdir()
    (home / "tpn/Keputusan.csv").write_text("unit;tahap;keputusan\n")
    (problem,) = check_tables([home])
    assert problem.file.endswith("tpn/Keputusan.csv")
    assert "keputusan.csv" in problem.hint


def test_a_workbook_beside_the_unit_files_and_a_unit_file_in_disguise_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = copy_sample(tmp_path / "zi", "dpmptsp")
    period = home / "parameters/2026"
    for name in (
        "LKE Bapenda.xlsx",
        "bapenda.yaml.txt",
        "~$LKE Bapenda.xlsx",
        "catatan.txt",
        "dpmptsp.yaml.bak",
    ):
        (period / name).write_bytes(b"")
    told = {Path(p.file).name: p.hint for p in find_astray(Period.read(period))}
    assert set(told) == {"LKE Bapenda.xlsx", "bapenda.yaml.txt"}
    assert "zi-eval import" in told["LKE Bapenda.xlsx"]
    assert told["bapenda.yaml.txt"].endswith("menjadi bapenda.yaml.")
    assert run_command("check", "--folder", home) == 0
    assert "bapenda.yaml.txt: perhatian: berkas ini tidak dibaca" in capsys.readouterr().out
    (period / "dpmptsp.yaml").unlink()
    (period / "instansi.yaml").unlink()
    assert run_command("check", "--folder", home) == 1
    said = capsys.readouterr()
    assert "LKE Bapenda.xlsx: perhatian" in said.out
    assert "Mulai dengan 'zi-eval import'" in said.err
