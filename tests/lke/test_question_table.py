"""A table of questions: how people write one, what is guessed, what is refused."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from tests.lke.test_reader import INSTRUMENT, LAYOUTS
from zi_eval.cli.workbooks import import_workbook
from zi_eval.core.assessment import NOT_APPLICABLE, Answer
from zi_eval.core.problems import Severity
from zi_eval.errors import WorkbookError
from zi_eval.lke.question_table import TABLE, fold_number, render_template
from zi_eval.lke.reader import WorkbookReading, read_workbook


def read(text: str | bytes, folder: Path, name: str = "jawaban.csv") -> WorkbookReading:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_workbook(path, INSTRUMENT, LAYOUTS)


def refused(text: str | bytes, folder: Path) -> str:
    with pytest.raises(WorkbookError) as caught:
        read(text, folder)
    said = str(caught.value)
    assert "\n" not in said
    assert said.endswith(".")
    return said


def units(reading: WorkbookReading) -> dict[str, object]:
    return {key: answer.unit for key, answer in reading.answers.items()}


def codes(reading: WorkbookReading) -> list[str]:
    return [problem.code for problem in reading.problems]


def test_the_template_asks_everything_once_and_reads_as_empty(tmp_path):
    text = render_template(INSTRUMENT)
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    asked = [
        f"{q.id}.{item.number}" for q in INSTRUMENT.questions.values() for item in q.asked_inputs
    ]
    assert sorted(row["id"] for row in rows) == sorted([*INSTRUMENT.questions, *asked])
    reading = read(text, tmp_path)
    assert (dict(reading.answers), reading.problems, reading.layout) == ({}, (), TABLE)


@pytest.mark.parametrize(
    "text",
    [
        "id;jawaban\nA.I.1.i.a;Ya\nB.I.a;3,62\n",
        "id,jawaban\nA.I.1.i.a,ya\nB.I.a,3.62\n",
        'kode,jawaban unit\nA.I.1.i.a,Ya\nB.I.a,"3,62"\n',
        "Nomor Pertanyaan\tIsian Satker\nA.I.1.i.a\tYa\nB.I.a\t3,62\n",
        "sep=;\r\nid;jawaban\r\nA.I.1.i.a;Ya\r\nB.I.a;3,62\r\n",
        "LKE Dinas Contoh\n\nno;pertanyaan;jawaban\na.i.1.i.a;Tim ada;Ya\nB I a;IPAK;3,62\n",
        "pertanyaan;nilai\nA.I.1.i.a.;YA\nB-I-a);3,62\n",
        'catatan;id;jawaban\n;"A. I. 1. i. a";Ya\n;B.I.a;3,62\n',
    ],
)
def test_tables_are_read_as_people_write_them(text, tmp_path):
    assert units(read(text, tmp_path)) == {"A.I.1.i.a": "Ya", "B.I.a": 3.62}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_every_usual_encoding_is_read(encoding, tmp_path):
    text = "id;jawaban;catatan\nA.I.1.i.a;Ya;Café – “SK”\n"
    reading = read(text.encode(encoding), tmp_path)
    assert reading.answers["A.I.1.i.a"] == Answer(unit="Ya", note="Café – “SK”")
    assert codes(reading) == (["huruf-ditebak"] if encoding == "cp1252" else [])


def test_characters_that_move_a_terminal_are_left_out(tmp_path):
    reading = read("id;jawaban;\x1b[2Jlain\nA.I.1.i.a;Y\x1b[1ma\x07;x\n", tmp_path)
    said = " ".join(map(str, reading.problems))
    assert "[1ma" in said
    assert "\x1b" not in said
    assert "\x07" not in said


def test_columns_may_stand_in_any_order(tmp_path):
    text = (
        "id;catatan_tpi;jawaban_tpi;bukti;catatan;jawaban\n"
        'A.I.1.i.b;Kurang;C;"https://a.id\nb.pdf";Ada SK;A\n'
    )
    assert read(text, tmp_path).answers["A.I.1.i.b"] == Answer(
        unit="A", tpi="C", note="Ada SK", tpi_note="Kurang", evidence=("https://a.id", "b.pdf")
    )


def test_counts_stand_in_the_rows_of_their_inputs(tmp_path):
    text = "id;jawaban;catatan\nA.II.1.i.a;;Dua agen\nA.II.1.i.a.1;5;\nA.II.1.i.a.2;4;\n"
    reading = read(text, tmp_path)
    assert dict(reading.answers) == {"A.II.1.i.a": Answer(unit=(5.0, 4.0), note="Dua agen")}
    assert reading.problems == ()


def test_a_percentage_in_the_row_of_a_ratio_is_reported_and_not_taken(tmp_path):
    reading = read("id;jawaban\nA.II.1.i.a;80%\n", tmp_path)
    assert units(reading) == {}
    assert [(p.code, p.cell) for p in reading.problems] == [("rasio-diketik", "jawaban!B2")]


def test_not_applicable_is_read_with_its_reason(tmp_path):
    question = next(q for q in INSTRUMENT.questions.values() if q.not_applicable)
    text = f"id;jawaban;alasan_tidak_berlaku\n{question.id};Tidak berlaku;Tidak ada aduan\n"
    reading = read(text, tmp_path)
    assert reading.answers[question.id] == Answer(unit=NOT_APPLICABLE, reason="Tidak ada aduan")


def test_an_answer_outside_its_scale_is_named_with_its_cell(tmp_path):
    reading = read("id;jawaban\nA.I.1.i.a;Mungkin\nA.I.1.i.b;A\n", tmp_path)
    assert units(reading) == {"A.I.1.i.b": "A"}
    (problem,) = reading.problems
    assert (problem.code, problem.cell, problem.key) == (
        "jawaban-di-luar-skala",
        "jawaban!B2",
        "A.I.1.i.a",
    )


def test_a_row_without_an_official_number_is_named_and_nothing_else_lost(tmp_path):
    text = "id;jawaban\nA.I.1.i.a;Ya\nA.I.1.i.z;Ya\n;catatan kaki\nA.I.1;\nA.I.1.i.b;B\n"
    reading = read(text, tmp_path)
    assert units(reading) == {"A.I.1.i.a": "Ya", "A.I.1.i.b": "B"}
    assert [(p.code, p.cell) for p in reading.problems] == [
        ("baris-tidak-dikenal", "jawaban!B3"),
        ("baris-tidak-dikenal", "jawaban!B4"),
    ]


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("id,jawaban,catatan\nB.I.a,3,62\n", "jawaban!B2"),
        ("id,jawaban,jawaban_tpi\nB.I.a,3,62\n", "jawaban!B2"),
        ("id,jawaban\nB.I.a,3,62\n", "jawaban!B2"),
        ("id,jawaban,catatan\nA.I.1.i.a,Ya,ada SK, lengkap\n", "jawaban!B2"),
    ],
)
def test_a_comma_that_splits_an_answer_or_a_note_is_never_read_as_less(text, cell, tmp_path):
    reading = read(text, tmp_path)
    assert dict(reading.answers) == {}
    problem = next(p for p in reading.problems if p.code == "baris-meragukan")
    assert (problem.cell, problem.severity) == (cell, Severity.ERROR)


def test_a_number_given_twice_is_refused_with_both_rows(tmp_path):
    said = refused("id;jawaban\nA.I.1.i.a;Ya\nA.I.1.i.a;Tidak\n", tmp_path)
    assert "A.I.1.i.a" in said
    assert "baris 2 dan 3" in said


def test_two_answer_columns_that_differ_are_refused(tmp_path):
    said = refused("id;jawaban satker;jawaban unit\nA.I.1.i.a;Ya;Tidak\n", tmp_path)
    assert "kolom B" in said
    assert "kolom C" in said


def test_a_table_without_a_heading_for_answers_is_refused_with_the_template(tmp_path):
    assert "--template" in refused("A.I.1.i.a;Ya\nA.I.1.i.b;A\n", tmp_path)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"nama,umur\nBudi,40\n", "bukan tabel pertanyaan"),
        (b"nomor;jawaban\n1;Ya\n2;A\n", "A.I.1.i.a"),
        (b"", "kosong"),
        (b"\xef\xbb\xbf\r\n", "kosong"),
        (b"%PDF-1.4\n,;", "PDF"),
        (b"<table><tr><td>A.I.1.i.a</td></tr></table>", "HTML"),
        (b"MIME-Version: 1.0\nContent-Type: text/html;\n", "HTML"),
        (b"Dengan hormat; bersama ini kami sampaikan\n", "bukan tabel pertanyaan"),
        (b"\x89PNG\r\n\x1a\n;;;", "gambar"),
    ],
)
def test_what_is_no_table_is_refused_in_one_sentence(data, said, tmp_path):
    assert said in refused(data, tmp_path)


def test_a_table_saved_as_a_workbook_is_read_too(tmp_path):
    book = Workbook()
    book.active.append(["id", "jawaban", "catatan"])
    book.active.append(["A.I.1.i.a", "Ya", "ada"])
    book.active.append(["B.I.a", 3.62, None])
    path = tmp_path / "jawaban.xlsx"
    book.save(path)
    reading = read_workbook(path, INSTRUMENT, LAYOUTS)
    assert units(reading) == {"A.I.1.i.a": "Ya", "B.I.a": 3.62}
    assert reading.layout == TABLE


@given(st.text(max_size=80))
def test_folding_a_number_is_stable(text):
    assert fold_number(fold_number(text)) == fold_number(text)


@given(st.sampled_from(sorted(INSTRUMENT.questions)), st.sampled_from([". ", "-", " ", "/"]))
def test_a_number_is_known_however_it_is_separated(key, separator):
    assert fold_number(separator.join(key.upper().split(".")) + ")") == fold_number(key)


def test_the_command_writes_a_template_and_imports_it_filled_in(tmp_path):
    path, runner = tmp_path / "jawaban.csv", CliRunner()
    written = runner.invoke(import_workbook, ["--template", str(path)])
    assert (written.exit_code, "113 pertanyaan" in written.output) == (0, True)
    text = path.read_text(encoding="utf-8-sig")
    lines = [
        line.replace("Ya/Tidak;", "Ya/Tidak;Ya", 1) if line.startswith("A.I.1.i.a;") else line
        for line in text.splitlines()
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    done = runner.invoke(
        import_workbook, [str(path), "--unit", "dinas-contoh", "-o", str(tmp_path / "unit.yaml")]
    )
    assert done.exit_code == 0
    assert "1 dari 113 pertanyaan terjawab" in done.output
    assert "A.I.1.i.a:" in (tmp_path / "unit.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "--template"),
        (["LKE.xlsx"], "--unit"),
        (["--template", "jawaban.xlsx"], ".csv"),
    ],
)
def test_the_command_says_what_is_missing(arguments, said, tmp_path):
    result = CliRunner().invoke(import_workbook, arguments)
    assert result.exit_code == 2
    assert said in result.output
    assert not Path("jawaban.xlsx").exists()


def test_a_template_is_not_written_over_a_file(tmp_path):
    path = tmp_path / "jawaban.csv"
    path.write_text("isi saya")
    result = CliRunner().invoke(import_workbook, ["--template", str(path)])
    assert result.exit_code != 0
    assert path.read_text() == "isi saya"
