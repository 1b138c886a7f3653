"""Reading LKE workbooks: what is found, what is refused, what is reported."""

from __future__ import annotations

import contextlib
import tempfile
import zipfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from tests.laws import law
from tests.lke.builder import FIRST_LABEL, TYPE, Sheet, build
from zi_eval.core.assessment import Answer
from zi_eval.core.instrument import Question
from zi_eval.errors import WorkbookError
from zi_eval.instruments.packaged import load_instrument, load_workbook_layouts
from zi_eval.lke.reader import WorkbookReading, read_workbook

INSTRUMENT = load_instrument("zi-2021")
LAYOUTS = tuple(load_workbook_layouts("zi-2021"))
LKE, JAWABAN = (
    next(layout for layout in LAYOUTS if layout.id == name) for name in ("lke-2021", "jawaban-2024")
)
BOTH = pytest.mark.parametrize("layout", [LKE, JAWABAN], ids=lambda layout: layout.id)


def read(made: Sheet | Path, folder: Path | None = None) -> WorkbookReading:
    path = made if isinstance(made, Path) else made.save(folder)
    return read_workbook(path, INSTRUMENT, LAYOUTS)


def value_of(question: Question, pick: int) -> object:
    if question.scale.kind == "choice":
        codes = list(question.scale.values)
        return codes[pick % len(codes)]
    if question.scale.kind == "index":
        return pick % 401 / 100
    return tuple(float(pick % 17 + place) for place, _ in enumerate(question.asked_inputs))


def all_answers(pick: int = 5, *, tpi: bool = False) -> dict[str, Answer]:
    return {
        question.id: Answer(
            unit=value_of(question, pick + place),
            tpi=value_of(question, pick + place + 1) if tpi else None,
            note=f"Catatan {question.id}",
            tpi_note=f"TPI {question.id}" if tpi else "",
            evidence=(f"https://contoh.id/{question.id}", "berkas.pdf"),
        )
        for place, question in enumerate(INSTRUMENT.questions.values())
    }


def codes(reading: WorkbookReading) -> list[str]:
    return [problem.code for problem in reading.problems]


def units(reading: WorkbookReading) -> dict[str, object]:
    return {key: answer.unit for key, answer in reading.answers.items()}


@st.composite
def some_answers(draw: st.DrawFn) -> tuple[dict[str, Answer], bool]:
    tpi = draw(st.booleans())
    asked = draw(st.sets(st.sampled_from(list(INSTRUMENT.questions)), min_size=1, max_size=40))
    picks = st.integers(0, 500)
    answers = {
        key: Answer(
            unit=value_of(INSTRUMENT.questions[key], draw(picks)),
            tpi=value_of(INSTRUMENT.questions[key], draw(picks)) if tpi else None,
            note=draw(st.sampled_from(["", "sesuai", "a."])),
        )
        for key in INSTRUMENT.questions
        if key in asked
    }
    return answers, tpi


@BOTH
@law(6)
@given(given_answers=some_answers())
def test_what_was_written_is_read(layout, given_answers):
    answers, tpi = given_answers
    with tempfile.TemporaryDirectory() as folder:
        reading = read(build(INSTRUMENT, layout, answers, has_tpi=tpi), Path(folder))
    assert dict(reading.answers) == answers
    assert reading.problems == ()
    assert reading.layout == layout.id


@BOTH
def test_every_question_comes_back_with_notes_and_evidence(layout, tmp_path):
    answers = all_answers(tpi=True)
    reading = read(build(INSTRUMENT, layout, answers, has_tpi=True), tmp_path)
    assert dict(reading.answers) == answers
    assert list(reading.answers) == list(INSTRUMENT.questions)


@BOTH
def test_an_empty_workbook_has_no_answers_and_no_problems(layout, tmp_path):
    reading = read(build(INSTRUMENT, layout), tmp_path)
    assert (dict(reading.answers), reading.problems) == ({}, ())


@pytest.mark.parametrize("rows", [(1, 1), (8, 3), (60, 1), (130, 2)])
def test_inserted_empty_rows_move_nothing(rows, tmp_path):
    answers = all_answers()
    made = build(INSTRUMENT, LKE, answers)
    made.sheet.insert_rows(*rows)
    assert dict(read(made, tmp_path).answers) == answers


@pytest.mark.parametrize("columns", [(1, 2), (4, 1), (9, 1), (12, 2)])
@BOTH
def test_inserted_columns_move_nothing(layout, columns, tmp_path):
    answers = all_answers()
    made = build(INSTRUMENT, layout, answers)
    made.sheet.insert_cols(*columns)
    assert dict(read(made, tmp_path).answers) == answers


def test_deleted_first_column_moves_nothing(tmp_path):
    answers = all_answers()
    made = build(INSTRUMENT, LKE, answers)
    made.sheet.delete_cols(1)
    assert dict(read(made, tmp_path).answers) == answers


@pytest.mark.parametrize("gone", ["A.I.1.iii.b", "A.I.5.iv.c", "A.II.2.iii.b", "B.I.b"])
def test_missing_row_leaves_only_its_question_open(gone, tmp_path):
    answers = all_answers()
    made = build(INSTRUMENT, LKE, answers)
    made.sheet.delete_rows(made.rows[gone])
    reading = read(made, tmp_path)
    assert dict(reading.answers) == {key: a for key, a in answers.items() if key != gone}
    assert [(p.code, p.key) for p in reading.problems] == [("butir-tanpa-baris", gone)]
    assert reading.problems[0].cell.startswith("LKE ZI!K")


def test_missing_heading_of_a_subarea_loses_no_question(tmp_path):
    answers = all_answers()
    made = build(INSTRUMENT, LKE, answers)
    made.sheet.delete_rows(made.rows["A.I.2.ii"])
    assert dict(read(made, tmp_path).answers) == answers


@pytest.mark.parametrize("before", ["A.I.1.ii.a", "A.I.1.ii.c", "A.I.3.i.b", "A.II.3.ii"])
def test_extra_local_row_is_reported_and_shifts_nothing(before, tmp_path):
    answers = all_answers()
    made = build(INSTRUMENT, LKE, answers)
    row = made.rows[before]
    made.sheet.insert_rows(row)
    made.sheet.cell(row, FIRST_LABEL + 4).value = "x."
    made.sheet.cell(row, FIRST_LABEL + 5).value = "Pertanyaan tambahan instansi"
    made.sheet.cell(row, TYPE).value = "A/B/C"
    made.sheet.cell(row, made.columns["answer"]).value = "A"
    reading = read(made, tmp_path)
    assert dict(reading.answers) == answers
    (problem,) = reading.problems
    assert (problem.code, problem.cell) == ("baris-tidak-dikenal", f"LKE ZI!K{row}")


def test_local_row_is_not_taken_for_a_missing_question(tmp_path):
    made = build(INSTRUMENT, LKE, all_answers())
    row = made.rows["A.I.1.ii.c"]
    made.sheet.cell(row, FIRST_LABEL + 4).value = "x."
    made.sheet.cell(row, FIRST_LABEL + 5).value = "Pertanyaan tambahan instansi"
    reading = read(made, tmp_path)
    assert "A.I.1.ii.c" not in reading.answers
    assert sorted(codes(reading)) == ["baris-tidak-dikenal", "butir-tanpa-baris"]


def test_order_and_type_decide_where_labels_run_a_c_b(tmp_path):
    answers = {
        "A.I.6.v.a": Answer(unit="D"),
        "A.I.6.v.b": Answer(unit="Ya"),
        "A.I.6.v.c": Answer(unit="B"),
    }
    made = build(INSTRUMENT, LKE, answers)
    assert made.sheet.cell(made.rows["A.I.6.v.b"], FIRST_LABEL + 4).value == "c. "
    assert dict(read(made, tmp_path).answers) == answers


@pytest.mark.parametrize(
    ("key", "typed", "value"),
    [
        ("A.I.1.i.a", "ya ", "Ya"),
        ("A.I.1.i.a", "TIDAK", "Tidak"),
        ("A.I.1.i.b", "a", "A"),
        ("A.I.1.i.b", "A. ", "A"),
        ("A.I.1.i.b", "c)", "C"),
        ("B.I.a", "3,62", 3.62),
        ("B.I.a", "3.62 ", 3.62),
        ("B.I.a", 4, 4.0),
        ("A.I.1.i.b", "Blm Diisi", None),
        ("A.I.1.i.b", " - ", None),
        ("B.I.a", "blm diisi", None),
    ],
)
def test_answers_are_normalised(key, typed, value, tmp_path):
    made = build(INSTRUMENT, LKE)
    made.cell(key).value = typed
    reading = read(made, tmp_path)
    assert units(reading) == ({} if value is None else {key: value})
    is_text = isinstance(typed, str) and value not in (None, "Ya", "Tidak", *"ABC")
    assert codes(reading) == ["angka-berupa-teks"] * is_text


@pytest.mark.parametrize(
    ("key", "typed", "allowed"),
    [
        ("A.I.1.i.a", "A", "Ya atau Tidak"),
        ("A.I.1.i.b", "D", "A, B atau C"),
        ("A.I.1.i.b", 1, "A, B atau C"),
        ("B.I.a", 4.5, "angka dari 0 sampai 4"),
        ("B.I.a", "baik", "angka dari 0 sampai 4"),
    ],
)
def test_answer_outside_its_scale_stays_open(key, typed, allowed, tmp_path):
    made = build(INSTRUMENT, LKE)
    made.cell(key).value = typed
    reading = read(made, tmp_path)
    (problem,) = reading.problems
    assert dict(reading.answers) == {}
    assert (problem.code, problem.key, problem.cell) == (
        "jawaban-di-luar-skala",
        key,
        made.name(key),
    )
    assert f"'{typed}'".replace(".", ",") in problem.message
    assert allowed in problem.message


@pytest.mark.parametrize(("typed", "count"), [(7, 7.0), ("7", 7.0), ("7.0", 7.0), ("0", 0.0)])
def test_counts_are_read_as_numbers(typed, count, tmp_path):
    made = build(INSTRUMENT, LKE)
    made.cell("A.II.1.i.a.1").value = typed
    assert units(read(made, tmp_path)) == {"A.II.1.i.a": (count, None)}


@pytest.mark.parametrize("typed", ["7 orang", -1, 2.5, "50%", "1.000", "2,000"])
def test_count_with_words_is_reported_and_not_taken(typed, tmp_path):
    made = build(INSTRUMENT, LKE, {"A.II.1.i.a": Answer(unit=(5.0, 4.0))})
    made.cell("A.II.1.i.a.2").value = typed
    reading = read(made, tmp_path)
    assert units(reading) == {"A.II.1.i.a": (5.0, None)}
    (problem,) = reading.problems
    assert (problem.code, problem.cell) == ("jawaban-di-luar-skala", made.name("A.II.1.i.a.2"))


def test_typed_percentage_is_reported_and_not_taken(tmp_path):
    made = build(INSTRUMENT, LKE, {"A.II.1.i.a": Answer(unit=(5.0, 4.0))})
    made.cell("A.II.1.i.a").value = 0.95
    reading = read(made, tmp_path)
    assert units(reading) == {"A.II.1.i.a": (5.0, 4.0)}
    assert [(p.code, p.cell) for p in reading.problems] == [
        ("rasio-diketik", made.name("A.II.1.i.a"))
    ]


@pytest.mark.parametrize(("total", "expected"), [(9, ["jumlah-diketik"]), (6, [])])
def test_typed_total_is_reported_where_it_is_not_the_sum(total, expected, tmp_path):
    made = build(INSTRUMENT, LKE, {"A.II.5.iii.a": Answer(unit=(1.0, 2.0, 3.0, 6.0))})
    made.cell("A.II.5.iii.a.1").value = total
    reading = read(made, tmp_path)
    assert units(reading) == {"A.II.5.iii.a": (1.0, 2.0, 3.0, 6.0)}
    assert codes(reading) == expected


def test_error_in_an_answer_cell_is_reported(tmp_path):
    made = build(INSTRUMENT, LKE)
    made.cell("A.I.1.i.b").value = "#REF!"
    made.cell("A.I.1.i.b").data_type = "e"
    reading = read(made, tmp_path)
    assert dict(reading.answers) == {}
    assert codes(reading) == ["jawaban-di-luar-skala"]


def test_a_date_where_a_number_belongs_is_reported(tmp_path):
    made = build(INSTRUMENT, LKE)
    made.cell("B.I.a").value = date(2026, 6, 3)
    reading = read(made, tmp_path)
    assert codes(reading) == ["jawaban-di-luar-skala"]
    assert "tanggal 2026-06-03" in reading.problems[0].message


def test_overwritten_answer_type_is_reported_and_the_answer_read(tmp_path):
    made = build(INSTRUMENT, LKE, {"A.I.1.i.a": Answer(unit="Ya")})
    made.sheet.cell(made.rows["A.I.1.i.a"], TYPE).value = "Ya"
    reading = read(made, tmp_path)
    assert units(reading) == {"A.I.1.i.a": "Ya"}
    assert codes(reading) == ["tipe-jawaban-berubah"]


@pytest.mark.parametrize(
    "headings",
    [
        {"P": "Jawaban TPI", "Q": "Nilai TPI", "R": "Catatan TPI"},
        {"P": "Hasil Evaluasi", "R": "Catatan Evaluator"},
        {"P": "Evaluator", "Q": "Nama Evaluator", "R": "Keterangan"},
        {"P": "Jawaban", "R": "Catatan"},
    ],
)
def test_tpi_columns_are_found_by_their_headings(headings, tmp_path):
    made = build(INSTRUMENT, LKE, {"A.I.1.i.b": Answer(unit="A")})
    for letter, text in headings.items():
        made.sheet[f"{letter}2"] = text
    row = made.rows["A.I.1.i.b"]
    made.sheet[f"P{row}"], made.sheet[f"R{row}"] = "C", "Belum sesuai"
    reading = read(made, tmp_path)
    assert dict(reading.answers) == {
        "A.I.1.i.b": Answer(unit="A", tpi="C", tpi_note="Belum sesuai")
    }


def test_names_of_evaluators_are_no_answers(tmp_path):
    made = build(INSTRUMENT, LKE, {"A.I.1.i.b": Answer(unit="A")})
    made.sheet["Q2"], made.sheet[f"Q{made.rows['A.I.1.i.b']}"] = "Evaluator", "Budi"
    reading = read(made, tmp_path)
    assert dict(reading.answers) == {"A.I.1.i.b": Answer(unit="A")}
    assert reading.problems == ()


@BOTH
def test_without_headings_the_layout_decides_and_no_tpi_is_read(layout, tmp_path):
    answers = all_answers(tpi=True)
    reading = read(build(INSTRUMENT, layout, answers, has_tpi=True, headings=False), tmp_path)
    assert units(reading) == {key: answer.unit for key, answer in answers.items()}
    assert codes(reading) == ["judul-kolom-tidak-ditemukan"]
    assert all(a.tpi is None and not a.tpi_note for a in reading.answers.values())


@pytest.mark.parametrize("title", ["LKE ZI ", "lke zi", "LKE  ZI (2)"])
def test_sheet_name_may_differ_in_case_and_spaces(title, tmp_path):
    made = build(INSTRUMENT, LKE, {"A.I.1.i.b": Answer(unit="A")})
    made.sheet.title = "sementara"  # openpyxl numbers a name that differs only in case
    made.sheet.title = title
    reading = read(made, tmp_path)
    assert (reading.sheet, units(reading)) == (title, {"A.I.1.i.b": "A"})


def refused(path: Path) -> str:
    with pytest.raises(WorkbookError) as caught:
        read_workbook(path, INSTRUMENT, LAYOUTS)
    text = str(caught.value)
    assert "\n" not in text
    assert text.endswith(".")
    return text


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.xlsx", b"", "berkas kosong"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "rusak"),
        (
            "a.xlsx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "kata sandi",
        ),
        ("a.xlsx", b"<html><table><tr><td>A</td></tr></table></html>", "HTML"),
        ("a.csv", b"kode;jawaban\n17;Ya\n", "bukan tabel pertanyaan"),
        ("a.xlsx", b"%PDF-1.7 ...", "PDF"),
        ("a.xlsx", b"PK\x03\x04 cut off", "rusak"),
        ("a.xlsx", b"\x01\x02\x03\x04", "tidak dikenal"),
    ],
)
def test_what_is_no_xlsx_is_refused_by_its_kind(name, data, said, tmp_path):
    path = tmp_path / name
    path.write_bytes(data)
    assert said in refused(path)


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("mimetype", "rusak"),
        ("xl/workbook.bin", "rusak"),
        ("word/document.xml", ".docx"),
        ("catatan.txt", "zip"),
    ],
)
def test_zip_without_workbook_is_refused(entry, said, tmp_path):
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(entry, "application/vnd.oasis.opendocument.spreadsheet")
    assert said in refused(path)


def test_absent_file_and_folder_are_refused(tmp_path):
    assert "tidak ditemukan" in refused(tmp_path / "tidak-ada.xlsx")
    assert "folder" in refused(tmp_path)


def test_zip_bomb_is_refused_before_it_is_read(tmp_path):
    path = build(INSTRUMENT, LKE).save(tmp_path)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings2.xml", b" " * 11 * 1024**2)
    assert "kali lipat" in refused(path)


def test_zip_that_lies_about_its_sizes_is_refused(tmp_path):
    path = build(INSTRUMENT, LKE).save(tmp_path)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/comments9.xml", b" " * 11 * 1024**2)
    size = (11 * 1024**2).to_bytes(4, "little")
    path.write_bytes(path.read_bytes().replace(size, (1024).to_bytes(4, "little")))
    assert "rusak" in refused(path)


def test_damaged_bytes_are_refused_or_read_and_never_crash(tmp_path):
    data = build(INSTRUMENT, LKE).save(tmp_path).read_bytes()
    path = tmp_path / "rusak.xlsx"
    for place in range(0, len(data), max(1, len(data) // 60)):
        path.write_bytes(data[:place] + b"\xff" + data[place + 1 :])
        with contextlib.suppress(WorkbookError):
            read_workbook(path, INSTRUMENT, LAYOUTS)


def test_sheet_with_a_value_in_its_last_cell_is_refused(tmp_path):
    made = build(INSTRUMENT, LKE)
    made.sheet["XFD1048576"] = 1
    assert "1048576" in refused(made.save(tmp_path))


def test_declared_size_without_values_is_no_bomb(tmp_path):
    made = build(INSTRUMENT, LKE, {"A.I.1.i.b": Answer(unit="A")})
    made.sheet["XFD1048576"].number_format = "0.00"
    assert units(read(made, tmp_path)) == {"A.I.1.i.b": "A"}


def test_document_type_in_the_xml_is_refused(tmp_path):
    path, evil = build(INSTRUMENT, LKE).save(tmp_path), tmp_path / "evil.xlsx"
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(evil, "w") as target:
        for entry in source.namelist():
            data = source.read(entry)
            if entry == "xl/workbook.xml":
                data = b'<!DOCTYPE x [<!ENTITY a "b">]>' + data
            target.writestr(entry, data)
    assert "rusak" in refused(evil)


def test_workbook_without_a_known_sheet_names_the_sheets_it_has(tmp_path):
    book = Workbook()
    book.active.title = "Rekap"
    path = tmp_path / "a.xlsx"
    book.save(path)
    text = refused(path)
    assert "LKE ZI" in text
    assert "Jawaban" in text
    assert "Rekap" in text


def test_sheet_of_another_instrument_is_refused(tmp_path):
    path = build(INSTRUMENT, LKE).save(tmp_path)
    book = load_workbook(path)
    sheet = book["LKE ZI"]
    for row in sheet.iter_rows(min_row=4, min_col=FIRST_LABEL, max_col=FIRST_LABEL + 4):
        for cell in row:
            if isinstance(cell.value, str) and len(cell.value) > 5:
                cell.value = "Judul instrumen lain"
    book.save(path)
    assert "subarea" in refused(path)


def test_empty_sheet_with_the_right_name_is_refused(tmp_path):
    book = Workbook()
    book.active.title = "Jawaban"
    path = tmp_path / "a.xlsx"
    book.save(path)
    assert "subarea" in refused(path)


def test_of_two_copies_the_exact_name_is_read_and_the_other_named(tmp_path):
    made = build(INSTRUMENT, LKE, {"A.I.1.i.b": Answer(unit="A")})
    made.book.copy_worksheet(made.sheet).title = "LKE ZI (2)"
    reading = read(made, tmp_path)
    assert (reading.sheet, codes(reading)) == ("LKE ZI", ["beberapa-lembar"])
