"""Units are named by id, file or folder alike; the newest period is taken and told."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import click
import pytest

from tests.sample import copy_sample, run_command
from zi_eval.cli.chosen import choose_files, choose_units
from zi_eval.errors import WorkspaceError
from zi_eval.period.journal_file import journal_path


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with two periods of two units, and a sample that is of no year."""
    folder = copy_sample(tmp_path_factory.mktemp("zi"), "dpmptsp", "bapenda")
    shutil.copytree(folder / "parameters" / "2026", folder / "parameters" / "2025")
    shutil.copytree(folder / "parameters" / "2026", folder / "parameters" / "contoh")
    return folder


def test_id_file_and_folder_name_the_same_units(place: Path) -> None:
    home = place / "parameters" / "2026"
    file = home / "dpmptsp.yaml"
    both = (home / "bapenda.yaml", file)
    assert choose_files(["dpmptsp"], "", place) == (file,)
    assert choose_files([str(file)], "", place) == (file,)
    assert choose_files([str(home)], "", place) == both
    assert choose_files([str(place)], "", place) == both
    assert choose_files(["dpmptsp", str(file), str(home)], "", place) == (file, both[0])
    assert choose_units([str(file)], "", place).units == ("dpmptsp",)
    assert choose_units([str(home)], "", place).units == choose_units([], "", place).units == ()
    assert choose_units([str(file)], "", Path("lain")).folder == place


def test_the_newest_period_is_taken_and_told_once(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert choose_units(["dpmptsp", "bapenda"], "", place).period == "2026"
    assert capsys.readouterr().err.count("Periode 2026 (yang terbaru") == 1
    assert choose_units(["dpmptsp"], "2025", place).period == "2025"
    assert choose_files([str(place / "parameters" / "2025")], "", place)
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("words", "period", "says"),
    [
        (["dpmtsp"], "", "Mungkin maksudnya 'dpmptsp'"),
        (["parameters/2026/dpmtsp.yaml"], "", "Mungkin maksudnya 'dpmptsp.yaml'"),
        (["dpmptsp"], "2062", "Mungkin maksudnya '2026'"),
        (["instansi"], "", "Unit 'instansi' tidak ada"),
    ],
)
def test_what_is_not_there_names_the_nearest(
    place: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], period: str, says: str
) -> None:
    monkeypatch.chdir(place)
    with pytest.raises(WorkspaceError, match=says):
        choose_units(words, period, Path("."))


def test_units_of_two_periods_are_scored_but_not_mixed(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    older = place / "parameters" / "2025" / "dpmptsp.yaml"
    with pytest.raises(click.UsageError, match="satu periode"):
        choose_units(["dpmptsp", str(older)], "", place)
    capsys.readouterr()
    assert run_command("score", "dpmptsp", older, "--json", "--folder", place) == 0
    assert len(json.loads(capsys.readouterr().out)) == 2


def test_who_names_no_unit_is_told_some(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command("score", "--folder", place) == 2
    assert "bapenda, dpmptsp." in capsys.readouterr().err


@pytest.mark.parametrize("words", [("score", "x"), ("evidence", "check"), ("improve",)])
def test_a_period_without_units_is_told_where_to_begin(
    tmp_path: Path, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "parameters" / "2026").mkdir(parents=True)
    run_command(*words, "--folder", tmp_path)
    told = capsys.readouterr()
    assert "Mulai dengan 'zi-eval import'" in told.out + told.err


def test_a_unit_with_a_journal_only_is_known(place: Path) -> None:
    file = place / "parameters" / "2025" / "hilang.yaml"
    journal_path(file).parent.mkdir()
    journal_path(file).write_bytes(b"")
    assert choose_files(["hilang"], "2025", place) == (file,)


def test_check_takes_all_three_and_a_folder_whole(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = place / "parameters" / "2026"
    for words, count in (
        (["dpmptsp"], 1),
        ([home / "dpmptsp.yaml"], 1),
        ([home], 3),  # instansi.yaml too
        (["--period", "2026"], 3),
        ([], 9),
    ):
        assert run_command("check", *words, "--folder", place) == 0
        assert f"{count} berkas diperiksa" in capsys.readouterr().err


def test_a_broken_unit_does_not_stop_the_scores_of_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = copy_sample(tmp_path, "dpmptsp", "bapenda")
    broken = folder / "parameters" / "2026" / "bapenda.yaml"
    broken.write_text("id: bapenda\n")
    assert run_command("score", broken.parent, "--json") == 1
    out, err = capsys.readouterr()
    assert [unit["unit"] for unit in json.loads(out)] == ["dpmptsp"]
    assert "bapenda.yaml" in err
