"""The same answers in every shape people have them read back the same; guesses are said."""

from __future__ import annotations

import random
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import Phase, given
from hypothesis import strategies as st

from tests.laws import law
from tests.lke.builder import FIRST_LABEL, Sheet, build
from tests.lke.shapes import SHAPES
from tests.lke.test_reader import INSTRUMENT, JAWABAN, LAYOUTS, LKE, all_answers, value_of
from tests.work import opened_files
from zi_eval.core.assessment import Answer, Assessment, Unit
from zi_eval.core.problems import Severity
from zi_eval.errors import WorkbookError
from zi_eval.lke.export import export_workbook
from zi_eval.lke.reader import WorkbookReading, read_workbook
from zi_eval.sheets.container import Archive

TEXTS = (
    "",
    "Sudah ada SK, lengkap; lihat lampiran",
    "=SUM(A1:A9)",
    'Kutipan "resmi" dan garis | miring \\',
    "Baris satu\nbaris dua",
    "+62 21 555",
    "Café é – “kutip”",
    "a.",
)


def read(path: Path) -> WorkbookReading:
    return read_workbook(path, INSTRUMENT, LAYOUTS)


def some_answers(seed: int) -> dict[str, Answer]:
    """Answers of a random assessment; the TPI answered some of the questions too."""
    chance = random.Random(seed)
    answers = {}
    for question in INSTRUMENT.questions.values():
        if chance.random() < 0.2:
            continue
        answer = Answer(
            unit=value_of(question, chance.randrange(500)),
            tpi=value_of(question, chance.randrange(500)) if chance.random() < 0.6 else None,
            note=chance.choice(TEXTS),
            tpi_note=chance.choice(TEXTS),
            evidence=tuple(
                f"https://contoh.id/{question.id}?a=1;b={n}" for n in range(chance.randrange(3))
            ),
        )
        answers[question.id] = answer
    return answers


@pytest.mark.parametrize("shape", SHAPES)
@law(4, phases=[Phase.generate])
@given(seed=st.integers(0, 2**32), layout=st.sampled_from([LKE, JAWABAN]))
def test_the_same_answers_are_read_from_every_shape(shape, seed, layout):
    answers = some_answers(seed)
    with tempfile.TemporaryDirectory() as folder:
        reading = read(SHAPES[shape](INSTRUMENT, layout, answers, Path(folder)))
    assert dict(reading.answers) == answers
    assert [p for p in reading.problems if p.severity is Severity.ERROR] == []


def codes(reading: WorkbookReading) -> list[str]:
    return [problem.code for problem in reading.problems]


def refused(path: Path) -> str:
    with pytest.raises(WorkbookError) as caught:
        read(path)
    text = str(caught.value)
    assert "\n" not in text
    assert text.endswith(".")
    return text


def test_a_sheet_found_by_its_content_is_named(tmp_path):
    made = build(INSTRUMENT, LKE, all_answers())
    made.sheet.title = "Isian Dinas"
    reading = read(made.save(tmp_path))
    assert (codes(reading), reading.sheet) == (["lembar-diganti-nama"], "Isian Dinas")


def test_a_renamed_national_sheet_is_read_by_its_own_layout(tmp_path):
    made = build(INSTRUMENT, JAWABAN, all_answers())
    made.sheet.title = "Sheet1"
    reading = read(made.save(tmp_path))
    assert dict(reading.answers) == all_answers()


def test_a_workbook_with_an_empty_official_sheet_is_read_from_the_filled_copy(tmp_path):
    made = build(INSTRUMENT, LKE, all_answers())
    made.sheet.title = "Kerja"
    made.book.create_sheet(LKE.sheet)
    assert dict(read(made.save(tmp_path)).answers) == all_answers()


def test_a_guessed_answer_column_is_said_with_its_cell(tmp_path):
    made = build(INSTRUMENT, LKE, all_answers())
    made.sheet["K2"] = "Skor"
    reading = read(made.save(tmp_path))
    assert dict(reading.answers) == all_answers()
    (problem,) = reading.problems
    assert (problem.code, problem.cell) == ("kolom-jawaban-ditebak", "LKE ZI!K2")


def test_a_second_answer_column_without_an_owner_is_said_to_be_the_tpis(tmp_path):
    made = build(INSTRUMENT, LKE, all_answers())
    made.sheet["S2"] = "Jawaban"
    made.sheet.cell(made.rows["A.I.1.i.b"], 19).value = "C"
    reading = read(made.save(tmp_path))
    assert reading.answers["A.I.1.i.b"].tpi == "C"
    (problem,) = reading.problems
    assert (problem.code, problem.cell) == ("kolom-tpi-ditebak", "LKE ZI!S2")


def two_tpi_columns(second: str, tmp_path: Path) -> WorkbookReading:
    made = build(INSTRUMENT, LKE, all_answers(tpi=True), has_tpi=True)
    column = max(made.columns.values()) + 2
    made.sheet.cell(2, column).value = "Jawaban TPI (Ketua)"
    for key in ("A.I.1.i.b", "A.I.1.ii.b"):
        made.sheet.cell(made.rows[key], column).value = second or made.cell(key, "tpi_answer").value
    return read(made.save(tmp_path))


def test_two_tpi_columns_that_differ_are_refused_and_the_unit_is_read(tmp_path):
    reading = two_tpi_columns("A", tmp_path)
    assert {key: a.unit for key, a in reading.answers.items()} == {
        key: a.unit for key, a in all_answers().items()
    }
    assert {a.tpi for a in reading.answers.values()} == {None}
    problem = next(p for p in reading.problems if p.code == "kolom-tpi-meragukan")
    assert problem.severity is Severity.ERROR
    assert "kolom Q" in problem.message
    assert "kolom V" in problem.message


def test_of_two_tpi_columns_that_agree_the_fuller_is_read(tmp_path):
    reading = two_tpi_columns("", tmp_path)
    assert dict(reading.answers) == all_answers(tpi=True)


def test_two_unit_columns_that_differ_are_refused_with_what_to_do(tmp_path):
    made = build(INSTRUMENT, LKE, all_answers())
    made.sheet["K2"], made.sheet["S2"] = "Jawaban Satker", "Jawaban Unit Kerja (revisi)"
    made.sheet.cell(made.rows["A.I.1.i.a"], 19).value = "Tidak"
    made.sheet.cell(made.rows["A.I.1.iv.a"], 19).value = "Ya"
    text = refused(made.save(tmp_path))
    assert "kolom K" in text
    assert "kolom S" in text
    assert "hapus atau ganti judul" in text


def test_two_columns_with_answers_and_no_heading_for_them_are_refused(tmp_path):
    made = build(INSTRUMENT, LKE, all_answers(), headings=False)
    made.sheet["N2"] = "Catatan"
    for key in made.rows:
        if key in INSTRUMENT.questions and not INSTRUMENT.questions[key].inputs:
            made.sheet.cell(made.rows[key], 20).value = "A"
    assert "sama-sama" in refused(made.save(tmp_path))


def test_texts_in_a_column_nobody_reads_are_named_once(tmp_path):
    made = build(INSTRUMENT, LKE, all_answers())
    made.sheet["T2"] = "Rekomendasi"
    for key in ("A.I.2.i.a", "A.I.2.i.b"):
        made.sheet.cell(made.rows[key], 20).value = "Lengkapi SOP"
    reading = read(made.save(tmp_path))
    (problem,) = reading.problems
    assert problem.code == "kolom-tidak-dibaca"
    assert problem.cell == f"LKE ZI!T{made.rows['A.I.2.i.a']}"
    assert "2 isian" in problem.message


def test_evidence_merged_down_the_rows_belongs_to_each_question(tmp_path):
    made = build(INSTRUMENT, LKE, {"A.I.1.iii.a": Answer(unit="A", evidence=("https://a.id",))})
    first, last = made.rows["A.I.1.iii.a"], made.rows["A.I.1.iii.c"]
    column = made.columns["evidence"]
    made.sheet.merge_cells(start_row=first, start_column=column, end_row=last, end_column=column)
    reading = read(made.save(tmp_path))
    assert {key: answer.evidence for key, answer in reading.answers.items()} == {
        f"A.I.1.iii.{letter}": ("https://a.id",) for letter in "abc"
    }


def test_an_answer_merged_down_the_rows_is_the_first_rows_and_said(tmp_path):
    made = build(INSTRUMENT, LKE, {"A.I.1.iii.a": Answer(unit="A")})
    first, column = made.rows["A.I.1.iii.a"], made.columns["answer"]
    made.sheet.merge_cells(
        start_row=first, start_column=column, end_row=first + 1, end_column=column
    )
    reading = read(made.save(tmp_path))
    assert dict(reading.answers) == {"A.I.1.iii.a": Answer(unit="A")}
    assert [(p.code, p.key) for p in reading.problems] == [("jawaban-digabung", "A.I.1.iii.b")]


def test_a_note_that_is_a_number_keeps_its_digits(tmp_path):
    made = build(INSTRUMENT, LKE, {"A.I.1.i.a": Answer(unit="Ya")})
    made.cell("A.I.1.i.a", "note").value = 20260115
    assert read(made.save(tmp_path)).answers["A.I.1.i.a"].note == "20260115"


def test_an_answer_whose_formula_nobody_computed_is_said_to_be_open(tmp_path):
    made = build(INSTRUMENT, LKE, all_answers())
    made.cell("A.I.1.i.b").value = "=Utama!A1"
    reading = read(made.save(tmp_path))
    assert reading.answers["A.I.1.i.b"].unit is None
    (problem,) = reading.problems
    assert (problem.code, problem.cell) == ("jawaban-di-luar-skala", made.name("A.I.1.i.b"))


def _answers_left_of_the_types(made: Sheet) -> None:
    for row in range(2, made.sheet.max_row + 1):
        cell = made.sheet.cell(row, 11)
        made.sheet.cell(row, 9).value, cell.value = cell.value, None


def test_answers_left_of_the_answer_types_are_found_by_heading_and_content(tmp_path):
    made = build(INSTRUMENT, LKE, {"A.I.1.i.b": Answer(unit="B"), "A.I.1.i.a": Answer(unit="Ya")})
    _answers_left_of_the_types(made)
    reading = read(made.save(tmp_path))
    assert {key: a.unit for key, a in reading.answers.items()} == {
        "A.I.1.i.a": "Ya",
        "A.I.1.i.b": "B",
    }
    assert codes(reading) == ["kolom-jawaban-ditebak"]


def test_titles_of_another_instrument_in_any_sheet_are_refused(tmp_path):
    made = build(INSTRUMENT, LKE, all_answers())
    made.sheet.title = "Lembar1"
    for row in made.sheet.iter_rows(min_row=4, min_col=FIRST_LABEL, max_col=FIRST_LABEL + 4):
        for cell in row:
            if isinstance(cell.value, str) and len(cell.value) > 5:
                cell.value = "Judul instrumen lain"
    assert "Lembar1" in refused(made.save(tmp_path))


def test_import_reads_the_file_once_and_unpacks_the_one_sheet_it_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beside the pass that checks the sizes; how long it takes is what `make bench` prints."""
    unit = Assessment(
        Unit("dinas-contoh", "Dinas Contoh"),
        INSTRUMENT.id,
        "WBK",
        "2026",
        answers=all_answers(tpi=True),
    )
    path = tmp_path / "LKE.xlsx"
    path.write_bytes(export_workbook(unit, INSTRUMENT, LKE).data)
    parts: Counter[str] = Counter()
    unpack = Archive.read

    def count(archive: Archive, part: str) -> bytes:
        parts[part] += 1
        return unpack(archive, part)

    monkeypatch.setattr(Archive, "read", count)
    with opened_files(tmp_path) as opened:
        read(path)
    assert opened == [path]
    heavy = {part: n for part, n in parts.items() if "sheet" in part or "Strings" in part}
    assert heavy == {"xl/worksheets/sheet3.xml": 1}
