from __future__ import annotations

import re
import shutil
from functools import partial
from pathlib import Path

import pytest

from tests.sample import run_command
from zi_eval.cli.survey import survei

run = partial(run_command, "survei")


@pytest.mark.parametrize("words", [[], *([name] for name in survei.commands)])
def test_help_of_every_command_is_indonesian_and_has_examples(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*words, "--help") == 0
    text = capsys.readouterr().out
    assert "Pemakaian:" in text
    assert "Contoh:" in text
    assert not re.search(r"Usage|Options|Commands|Show this message", text)


def test_check_names_doubtful_rows_and_nobody(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("check", "--folder", str(folder)) == 0
    said = capsys.readouterr()
    assert (
        "survei/rsud-harapan.ipak.csv: Kiriman ganda: 2 dari 60 responden, baris 35, 49" in said.out
    )
    assert "6 tabel diperiksa: 0 salah, 0 perhatian, 6 jawaban perlu diperiksa." in said.err
    assert not re.search(r"0812|Jayengrana|Kirana", said.out + said.err)


def test_a_wrong_table_is_told_with_its_cell_and_stops_only_itself(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = folder / "parameters" / "2026" / "survei" / "kecamatan-merdeka.ipkp.csv"
    lines = path.read_text("utf-8").splitlines()
    lines[1] = re.sub(r";[1-4];", ";7;", lines[1], count=1)
    path.write_text("\n".join(lines), "utf-8")
    assert run("check", "--folder", str(folder)) == 1
    out = capsys.readouterr().out
    assert (
        f"{path}:2 [kecamatan-merdeka.ipkp!D2]: salah: K1: isinya 7 bukan jawaban 1 sampai 4" in out
    )
    assert "rsud-harapan.ipak.csv: Kiriman ganda" in out
    assert run("show", "kecamatan-merdeka", "--folder", str(folder)) == 1
    assert run("show", "dpmptsp", "--folder", str(folder)) == 0


def test_show_gives_index_interval_chance_weakest_and_proposal(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("show", "dinas-dukcapil", "--folder", str(folder)) == 0
    text = capsys.readouterr().out
    assert "IPAK: 3,61 dari 4 (95 %: 3,52–3,68)" in text
    assert re.search(r"Ambang WBK dan WBBM 3,60: mencapai; peluang 6\d dari 100", text)
    assert "Terlemah: Imbalan dan gratifikasi (3,59)" in text
    assert "B.I.a: 3,61; jawaban di LKE: 3,61" in text


@pytest.mark.parametrize("command", ["show", "check"])
def test_an_unknown_unit_is_told_with_the_nearest(
    folder: Path, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(command, "dpmpts", "--folder", str(folder)) == 1
    assert "Mungkin maksudnya 'dpmptsp'." in capsys.readouterr().err


def test_a_period_without_tables_is_told_what_to_do(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(folder / "parameters" / "2026" / "survei")
    assert run("check", "--folder", str(folder)) == 1
    assert "zi-eval survei template" in capsys.readouterr().err


@pytest.mark.parametrize("suffix", ["xlsx", "csv"])
def test_a_template_is_written_once_and_read_by_check(
    folder: Path, suffix: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = folder / "parameters" / "2026" / "survei" / f"bapenda.skm.{suffix}"
    arguments = ("template", "skm", "-o", str(path), "--folder", str(folder))
    assert run(*arguments) == 0
    assert run(*arguments) == 1
    assert "--force" in capsys.readouterr().err
    assert run(*arguments, "--force") == 0
    assert run("check", "bapenda", "--folder", str(folder)) == 1
    assert "belum ada jawaban" in capsys.readouterr().out


def test_a_template_of_an_unknown_survey_or_kind_is_refused(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("template", "smk", "--folder", str(folder)) == 1
    assert "Mungkin maksudnya 'skm'" in capsys.readouterr().err
    assert run("template", "skm", "-o", str(folder / "k.docx"), "--folder", str(folder)) == 2
    assert not (folder / "k.docx").exists()
