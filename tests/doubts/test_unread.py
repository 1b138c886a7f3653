"""A mistake in a unit's own data clears no doubt: what cannot be read speaks against it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from zi_eval.case import Case, load_case
from zi_eval.core.verdict import Status

HEAD = "nomor;sumber;rekomendasi;tanggal;batas_waktu;status\n"


def judge(folder: Path, unit: str) -> Case:
    return load_case(folder / "parameters" / "2026" / f"{unit}.yaml")


def wrong_answer(home: Path) -> None:
    table = home / "survei" / "dpmptsp.ipak.csv"
    table.write_text(table.read_text("utf-8").replace("Setuju,", "9,", 1), "utf-8")


def wrong_definition(home: Path) -> None:
    (home / "survei" / "ipak.yaml").write_text("- a\n", "utf-8")


def second_table(home: Path) -> None:
    shutil.copy(home / "survei" / "dpmptsp.ipak.csv", home / "survei" / "dpmptsp.ipak.xlsx")


@pytest.mark.parametrize("spoil", [wrong_answer, wrong_definition, second_table])
def test_a_survey_that_cannot_be_read_makes_no_verdict_greener(
    folder: Path, spoil: Callable[[Path], None]
) -> None:
    assert judge(folder, "dpmptsp").verdict.status is Status.UNKNOWN
    spoil(folder / "parameters" / "2026")
    verdict = judge(folder, "dpmptsp").verdict
    assert verdict.status is Status.UNKNOWN
    assert "tidak-terbaca" in [doubt.code for doubt in verdict.decisive]


def test_a_register_that_cannot_be_read_makes_no_verdict_greener(folder: Path) -> None:
    table = folder / "parameters" / "2026" / "tindak-lanjut" / "puskesmas-sukamaju.csv"
    assert judge(folder, "puskesmas-sukamaju").verdict.status is Status.MET
    for status in ("proses", "selesei"):
        table.write_text(f"{HEAD}A-1;BPK;Setor;01/01/2026;01/02/2026;{status}\n", "utf-8")
        verdict = judge(folder, "puskesmas-sukamaju").verdict
        assert (verdict.status, len(verdict.decisive)) == (Status.UNKNOWN, 1), status
    assert verdict.decisive[0].what.startswith("tindak-lanjut/puskesmas-sukamaju.csv ada tetapi")


def test_a_plan_that_cannot_be_read_is_a_doubt(folder: Path) -> None:
    plan = folder / "parameters" / "2026" / "kinerja" / "dpmptsp.csv"
    plan.write_text("bukan tabel\n", "utf-8")
    codes = [doubt.code for doubt in judge(folder, "dpmptsp").doubts]
    assert codes.count("tidak-terbaca") == 1


def test_an_evaluation_that_feeds_a_prerequisite_and_cannot_be_read_is_a_doubt(
    folder: Path,
) -> None:
    other = folder / "parameters" / "2026-akip" / "dpmptsp.yaml"
    assert other.is_file()
    other.write_text(other.read_text("utf-8") + " : [\n", "utf-8")
    (doubt,) = (d for d in judge(folder, "dpmptsp").doubts if d.code == "tidak-terbaca")
    assert doubt.is_decisive("WBK")
    assert "2026-akip/dpmptsp.yaml" in doubt.what


def test_tables_that_are_sound_or_not_there_are_no_doubt(folder: Path) -> None:
    assert judge(folder, "dpmptsp").unread == ()
    shutil.rmtree(folder / "parameters" / "2026" / "survei")
    assert judge(folder, "dpmptsp").unread == ()
