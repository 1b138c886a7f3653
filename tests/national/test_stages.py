"""The TPN's decisions: read tolerantly, in the order of the stages, shown and handed on."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import zi_eval as zi
from tests.sample import copy_sample, run_command
from zi_eval.case.elsewhere import find_decided
from zi_eval.core.problems import Severity
from zi_eval.face.books import agency_report
from zi_eval.national.load import load_stages
from zi_eval.national.page.sections import stages_recap
from zi_eval.national.page.words import standing_text
from zi_eval.national.table.headings import COLUMNS, FORM
from zi_eval.national.table.reader import read_decisions
from zi_eval.national.values import Decision, NationalStage, NationalStages, Outcome, UnitStages
from zi_eval.recommendations.load import decision_entries, load_register

HEAD = "unit;tahapan;hasil;tanggal;kondisi;rekomendasi\n"
UNITS = ("dpmptsp", "bapenda")


def read(tmp_path: Path, rows: str) -> tuple[tuple[Decision, ...], dict[str, Severity]]:
    path = tmp_path / "keputusan.csv"
    path.write_text(HEAD + rows, encoding="utf-8")
    found, problems = read_decisions(path, 2026, UNITS)
    return found, {problem.code: problem.severity for problem in problems}


def at(stage: NationalStage, outcome: Outcome) -> Decision:
    return Decision("x", stage, outcome)


def test_stages_and_outcomes_are_read_as_people_write_them(tmp_path: Path) -> None:
    found, problems = read(
        tmp_path, "dpmptsp;Selmin;Memenuhi;18 Juli 2026;;\ndpmptsp;Verlap;proses;;;\n"
    )
    assert [(d.stage, d.outcome) for d in found] == [
        (NationalStage.SELECTION, Outcome.PASSED),
        (NationalStage.FIELD, Outcome.PENDING),
    ]
    assert found[0].day == date(2026, 7, 18)
    assert problems == {}


def folder_of_two(home: Path, rows: str) -> Path:
    """Return a folder of two units on which the TPN decided so."""
    table = copy_sample(home, "dpmptsp", "bapenda") / "parameters/2026/tpn/keputusan.csv"
    table.parent.mkdir()
    table.write_text(HEAD + rows, encoding="utf-8")
    return home


def test_a_decision_of_a_day_to_come_is_a_doubt_named_with_its_cell(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1785000000")  # 25 July 2026
    home = folder_of_two(
        tmp_path / "zi",
        "dpmptsp;selmin;lulus;25/07/2026;;\ndpmptsp;desk;lulus;26/07/2026;;\n"
        "bapenda;selmin;menunggu;26/07/2026;;\n",
    )
    assert run_command("tpn", "check", "--folder", home) == 0
    out, err = capsys.readouterr()
    (line,) = out.splitlines()
    assert "keputusan.csv:3 [keputusan!D3]" in line
    assert "26/07/2026 belum tiba" in line
    assert "0 salah, 1 perhatian" in err


def test_a_result_of_a_day_to_come_is_decided_in_no_view(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1785000000")  # 25 July 2026
    home = folder_of_two(
        tmp_path / "zi",
        "dpmptsp;selmin;tidak lulus;18/07/2026;;\ndpmptsp;hasil;lulus;18/07/2027;;\n"
        "bapenda;panel;tidak lulus;18/07/2027;;\n",
    )
    assert run_command("tpn", "show", "--folder", home) == 0
    out = capsys.readouterr().out
    assert "0 lulus, 1 masih dinilai, 1 tidak lulus" in out
    assert "18/07/2027 hasil: menunggu" in out
    assert run_command("tpn", "holders", "--folder", home) == 0
    out = capsys.readouterr().out
    assert out.startswith("0 predikat dipegang")
    assert "WBK mulai 18/07/2027, belum dipegang\n" in out
    period = zi.open_period(str(home / "parameters/2026"))
    assert period.holders()["active"].tolist() == [False]
    assert period.decisions()["outcome"].tolist() == ["tidak lulus", "menunggu", "menunggu"]
    recap = str(agency_report(str(home / "parameters/2026")).national().html)
    assert "0 lulus, 1 masih dinilai, 1 tidak lulus" in recap
    assert "WBK mulai 18/07/2027, belum dipegang" in recap
    stages = load_stages(home / "parameters/2026")
    # The refusal stands; one that is dated wrongly makes no verdict surer.
    decided = [find_decided(stages, unit) for unit in ("dpmptsp", "bapenda")]
    assert [(d.says, d.has_passed) for d in decided if d is not None] == [
        ("tidak lulus seleksi administrasi (18/07/2026)", False),
        ("tidak lulus panel (18/07/2027, belum tiba)", False),
    ]


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ("dpmtpsp;panel;lulus;;;\n", "unit-tidak-ada"),
        ("dpmptsp;babak;lulus;;;\n", "pilihan-tidak-dikenal"),
        ("dpmptsp;panel;;;;\n", "wajib-diisi"),
        ("dpmptsp;panel;lulus;;;\ndpmptsp;panel;lulus;;;\n", "keputusan-ganda"),
    ],
)
def test_what_cannot_be_right_is_an_error_and_nothing_counts(
    tmp_path: Path, rows: str, code: str
) -> None:
    found, problems = read(tmp_path, rows)
    assert found == ()
    assert problems == {code: Severity.ERROR}


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ("dpmptsp;panel;lulus;1/9/2026;;\ndpmptsp;hasil;lulus;1/8/2026;;\n", "urutan-tanggal"),
        ("dpmptsp;seleksi;gagal;;;\ndpmptsp;panel;lulus;;;\n", "sesudah-tidak-lulus"),
    ],
)
def test_what_is_strange_is_a_warning(tmp_path: Path, rows: str, code: str) -> None:
    found, problems = read(tmp_path, rows)
    assert len(found) == 2
    assert problems == {code: Severity.WARNING}


def test_an_upheld_objection_sets_the_failed_selection_aside(tmp_path: Path) -> None:
    rows = "dpmptsp;seleksi;gagal;;;\ndpmptsp;sanggah;diterima;;;\ndpmptsp;panel;lulus;;;\n"
    found, problems = read(tmp_path, rows)
    assert problems == {}
    assert NationalStages(found).units["dpmptsp"].outcome is Outcome.PENDING


def test_only_the_result_gives_the_predicate_and_only_a_failed_selection_may_be_objected() -> None:
    passed = UnitStages("x", (at(NationalStage.PANEL, Outcome.PASSED),))
    assert passed.outcome is Outcome.PENDING
    assert UnitStages("x", (at(NationalStage.RESULT, Outcome.PASSED),)).outcome is Outcome.PASSED
    failed = UnitStages("x", (at(NationalStage.SELECTION, Outcome.FAILED),))
    assert failed.may_object
    assert "dapat disanggah" in standing_text(failed)
    assert not UnitStages("x", (at(NationalStage.DESK, Outcome.FAILED),)).may_object


def test_templates_are_empty_tables(tmp_path: Path) -> None:
    book, text = tmp_path / "a.xlsx", tmp_path / "a.csv"
    book.write_bytes(FORM.to_workbook())
    text.write_text(FORM.to_csv(), encoding="utf-8-sig")
    assert read_decisions(book, 2026, UNITS) == read_decisions(text, 2026, UNITS) == ((), ())
    assert all(FORM.find(column.name) == column.name for column in COLUMNS)
    heads = ("Tahapan", "ID Unit", "Anggaran", 7)
    assert [FORM.find(head) for head in heads] == ["tahap", "unit", "", ""]


def test_texts_of_people_are_escaped_in_the_recap() -> None:
    bad = "<script>alert(1)</script>"
    item = Decision("x", NationalStage.PANEL, Outcome.FAILED, None, bad, bad)
    section = stages_recap(NationalStages((item,), "2026", "tpn/keputusan.csv"), {"x": bad})
    assert "&lt;script&gt;" in section.html
    assert "<script" not in section.html
    assert not stages_recap(NationalStages(), {})


def test_recommendations_of_the_tpn_come_into_the_register_once(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = folder / "parameters" / "2025"
    (entry,) = decision_entries(load_stages(home), "puskesmas-sukamaju")
    assert entry.number == "TPN-2025-panel"
    by = ("--name", "Budi", "--role", "ketua", "--folder", folder)
    args = ("puskesmas-sukamaju", "--period", "2025", "--from", "tpn", *by)
    for _ in range(2):
        assert run_command("tindak-lanjut", "add", *args) == 0
    assert "0 ditambahkan, 1 sudah ada" in capsys.readouterr().out
    later = load_register(folder / "parameters" / "2026", "puskesmas-sukamaju")
    assert [item.number for item in later.carried] == ["TPN-2025-panel"]


def test_a_table_with_errors_gives_the_register_nothing_in_silence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = copy_sample(tmp_path, "dpmptsp")
    table = home / "parameters" / "2026" / "tpn" / "keputusan.csv"
    table.parent.mkdir()
    table.write_text(HEAD + "dpmptsp;panel;tdk lulus;01/08/2026;;Perbaiki SPIP\n", encoding="utf-8")
    by = ("--name", "Budi", "--role", "ketua", "--folder", home)
    assert run_command("tindak-lanjut", "add", "dpmptsp", "--from", "tpn", *by) == 1
    assert "tdk lulus" in capsys.readouterr().err
    assert not (home / "parameters" / "2026" / "tindak-lanjut").exists()


def test_a_sheet_without_the_headings_says_which_it_looks_for(tmp_path: Path) -> None:
    path = tmp_path / "keputusan.csv"
    path.write_text("a;b;c\n1;2;3\n", encoding="utf-8")
    found, problems = read_decisions(path, 2026, UNITS)
    assert not found
    (problem,) = problems
    assert problem.severity is Severity.ERROR
    assert "judul kolom seperti unit, tahap, keputusan dalam" in problem.message
