from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.laws import law
from tests.workplan.samples import activities
from zi_eval.core.instrument import Instrument
from zi_eval.core.text import tidy_text
from zi_eval.formats import render_csv as write_rows
from zi_eval.instruments import load_instrument
from zi_eval.workplan.plan import Activity
from zi_eval.workplan.table.headings import COLUMNS, FORM
from zi_eval.workplan.table.reader import WorkPlanReading, read_workplan
from zi_eval.workplan.table.template import render_csv, render_workbook

ZI = load_instrument("zi-2021")


def read(path: Path, instrument: Instrument = ZI) -> WorkPlanReading:
    return read_workplan(path, "dinas", 2026, instrument.questions)


def read_rows(folder: Path, *rows: tuple[object, ...]) -> WorkPlanReading:
    path = folder / "dinas.csv"
    path.write_text(write_rows(rows), "utf-8")
    return read(path)


def told(reading: WorkPlanReading) -> list[tuple[str, str, str]]:
    return [(p.code, p.cell.partition("!")[2], p.severity.name) for p in reading.problems]


HEAD = ("kegiatan", "pertanyaan", "jawaban_dituju", "penanggung_jawab", "target_mar")


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("Rencana Mei", "target_mei"), ("Realisasi Agt 2026", "realisasi_agu"),
        ("R Nopember", "realisasi_nov"), ("Desember", "target_des"), ("PIC", "penanggung_jawab"),
        ("Nama Kegiatan", "kegiatan"), ("Butir LKE", "pertanyaan"), ("Januari 2026", "target_jan"),
        ("anggaran", ""), (12, ""),
    ],
)  # fmt: skip
def test_headings_are_recognised_as_people_spell_them(heading: object, name: str) -> None:
    assert FORM.find(heading) == name


def test_every_column_recognises_its_own_heading() -> None:
    assert [FORM.find(column.name) for column in COLUMNS] == [c.name for c in COLUMNS]


def tidy(item: Activity) -> Activity:
    texts = {
        name: tidy_text(getattr(item, name)) for name in ("output", "owner", "evidence", "obstacle")
    }
    return replace(item, **texts, row=0)


@law(30)
@given(st.data(), st.sampled_from(["csv", "xlsx"]))
def test_a_plan_written_and_read_is_the_same(data: st.DataObject, kind: str) -> None:
    items = data.draw(activities(ZI))
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"dinas.{kind}"
        if kind == "csv":
            path.write_text(render_csv(items), "utf-8-sig")
        else:
            path.write_bytes(render_workbook(2026, items))
        reading = read(path)
    assert [str(problem) for problem in reading.problems] == []
    assert reading.plan is not None
    assert [tidy(item) for item in reading.plan.activities] == [tidy(item) for item in items]


def test_a_table_of_bars_counts_each_mark_as_one(tmp_path: Path) -> None:
    reading = read_rows(
        tmp_path,
        ("No", "Kegiatan", "No LKE", "PIC", "Jan", "Feb", "Mar"),
        (1, "Rapat", "A.I.1.ii.a", "Sekretaris", "x", "", "√"),
    )
    assert told(reading) == []
    assert reading.plan is not None
    assert reading.plan.activities[0].targets[:3] == (1.0, None, 1.0)


def test_a_question_that_is_none_is_named_with_the_nearest(tmp_path: Path) -> None:
    reading = read_rows(tmp_path, HEAD, ("Rapat", "a.i.1.II.a; A.I.1.ii.z", "", "", 1))
    assert reading.plan is None
    assert told(reading) == [("butir-tidak-dikenal", "B2", "ERROR")]
    assert "Mungkin maksudnya 'A.I.1.ii" in reading.problems[0].hint


@pytest.mark.parametrize(
    ("asked", "aim", "code"),
    [
        ("A.I.1.ii.a", "A", "jawaban-tidak-dikenal"),
        ("A.I.1.ii.a; A.I.1.ii.b; A.I.1.ii.c", "Ya; A", "jawaban-tidak-sepadan"),
        ("A.II.1.i.b", "A", "jawaban-tidak-dikenal"),
        ("B.I.a", "4,5", "jawaban-tidak-dikenal"),
    ],
)
def test_an_answer_that_a_question_cannot_have_is_refused(
    tmp_path: Path, asked: str, aim: str, code: str
) -> None:
    reading = read_rows(tmp_path, HEAD, ("Rapat", asked, aim, "", 1))
    assert (reading.plan, told(reading)) == (None, [(code, "C2", "ERROR")])


def test_one_answer_stands_for_all_questions_and_an_index_has_its_comma(tmp_path: Path) -> None:
    reading = read_rows(
        tmp_path, HEAD, ("Rapat", "A.I.1.ii.b; A.I.1.ii.c", "a", "", 1),
        ("Survei", "B.I.a", "3,65", "", 1),
    )  # fmt: skip
    assert reading.plan is not None
    first, second = reading.plan.activities
    assert (first.aims, second.aims) == ({"A.I.1.ii.b": "A", "A.I.1.ii.c": "A"}, {"B.I.a": 3.65})


def test_what_cannot_be_is_named_with_its_cell(tmp_path: Path) -> None:
    reading = read_rows(
        tmp_path, HEAD, ("Rapat", "A.I.1.ii.a", "", "", "dua"), ("rapat", "", "", "", -1),
        ("", "A.I.1.ii.a", "", "Sekretaris", 1), ("Jumlah", "", "", "", 3),
    )  # fmt: skip
    assert told(reading) == [
        ("bukan-baris-data", "", "WARNING"),
        ("bukan-angka", "E2", "ERROR"),
        ("kegiatan-ganda", "A3", "ERROR"),
        ("bulan-negatif", "E3", "ERROR"),
        ("wajib-diisi", "A4", "ERROR"),
    ]


def test_an_unknown_heading_is_a_warning_and_a_misspelt_one_an_error(tmp_path: Path) -> None:
    reading = read_rows(
        tmp_path, (*HEAD, "anggaran", "kendla"), ("Rapat", "A.I.1.ii.a", "", "", 1, 5, "")
    )
    assert told(reading) == [
        ("judul-tidak-dikenal", "F1", "WARNING"),
        ("judul-tidak-dikenal", "G1", "ERROR"),
    ]


def test_the_template_has_its_lists_and_reads_as_an_empty_table(tmp_path: Path) -> None:
    path = tmp_path / "dinas.xlsx"
    path.write_bytes(render_workbook(2026))
    sheet, guide = openpyxl.load_workbook(path).worksheets
    assert [cell.value for cell in sheet[1]] == [column.name for column in COLUMNS]
    (rule,) = sheet.data_validations.dataValidation
    assert rule.formula1 == '"Ya,Tidak"'
    assert guide["A1"].value == "Rencana kerja pembangunan ZI 2026"
    assert told(read(path)) == [("tabel-kosong", "", "ERROR")]
