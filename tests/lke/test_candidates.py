"""Which sheet, which column, which row: decided by what is there, else refused with the names."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from tests.lke.builder import FIRST_LABEL, TYPE, Sheet, build, fill
from tests.lke.test_reader import all_answers
from zi_eval.core.assessment import Answer
from zi_eval.errors import ArgumentError, WorkbookError
from zi_eval.instruments import load_instrument, load_workbook_layouts
from zi_eval.lke.columns import parse_choice
from zi_eval.lke.intake import import_archive, name_unit
from zi_eval.lke.reader import WorkbookReading, read_workbook
from zi_eval.period.reading import Period
from zi_eval.sheets.book import open_source

INSTRUMENT = load_instrument("zi-2021")
LAYOUTS = load_workbook_layouts("zi-2021")
LKE = next(layout for layout in LAYOUTS if layout.sheet == "LKE ZI")


def read(made: Sheet, folder: Path, **options: object) -> WorkbookReading:
    return read_workbook(made.save(folder), INSTRUMENT, LAYOUTS, **options)  # type: ignore[arg-type]


def units(reading: WorkbookReading) -> dict[str, object]:
    return {key: answer.unit for key, answer in reading.answers.items()}


def wanted(answers: dict[str, Answer]) -> dict[str, object]:
    return {key: answer.unit for key, answer in answers.items()}


def clear(made: Sheet, columns: range) -> None:
    for row in range(1, made.sheet.max_row + 1):
        for column in columns:
            cell = made.sheet.cell(row, column)
            if cell.coordinate not in made.sheet.merged_cells or cell.value is not None:
                cell.value = None


LABELS = range(FIRST_LABEL, FIRST_LABEL + 5)


def _without_labels(made: Sheet) -> None:
    for key, row in made.rows.items():
        for column in LABELS:
            text = made.sheet.cell(row, column).value
            if isinstance(text, str) and len(text) < 5:
                made.sheet.cell(row, column).value = None
        assert key


def _without_types(made: Sheet) -> None:
    clear(made, range(TYPE, TYPE + 1))


@pytest.mark.parametrize(
    ("remove", "gone"),
    [
        ([_without_types], "tanpa kolom pilihan jawaban;"),
        ([_without_labels], "tanpa nomor pertanyaan;"),
        ([_without_types, _without_labels], "tanpa kolom pilihan jawaban dan nomor pertanyaan;"),
    ],
    ids=["types", "labels", "both"],
)
def test_questions_are_placed_without_answer_types_or_numbering(remove, gone, tmp_path):
    answers = all_answers()
    made = build(INSTRUMENT, LKE, answers)
    for step in remove:
        step(made)

    reading = read(made, tmp_path)

    read_units = units(reading)
    assert {key for key in answers if read_units.get(key) != answers[key].unit} == set()
    said = [p.message for p in reading.problems if p.code == "ditempatkan-menurut-kalimat"]
    assert len(said) == 1
    assert gone in said[0]


def test_rows_that_changed_places_keep_their_own_answers(tmp_path):
    answers = all_answers()
    made = build(INSTRUMENT, LKE, answers)
    one, other = made.rows["A.I.1.iii.a"], made.rows["A.I.1.iii.b"]
    for column in range(FIRST_LABEL, made.sheet.max_column + 1):
        first, second = made.sheet.cell(one, column), made.sheet.cell(other, column)
        first.value, second.value = second.value, first.value

    reading = read(made, tmp_path)

    assert units(reading) == wanted(answers)
    assert "baris-dipindahkan" in {problem.code for problem in reading.problems}


def test_a_question_is_not_said_to_be_gone_where_its_text_stands(tmp_path):
    made = build(INSTRUMENT, LKE, all_answers())
    question = INSTRUMENT.questions["A.I.1.iii.a"]
    row = made.rows["A.I.1.iii.a"]
    for column in range(FIRST_LABEL, made.sheet.max_column + 1):
        made.sheet.cell(row, column).value = None
    made.sheet.cell(made.sheet.max_row + 3, FIRST_LABEL + 4).value = question.text

    reading = read(made, tmp_path)

    (problem,) = [p for p in reading.problems if p.key == "A.I.1.iii.a"]
    assert problem.code == "butir-tidak-pasti"
    assert f"baris {made.sheet.max_row}" in problem.message


def _two_tpi_columns(made: Sheet) -> tuple[int, int]:
    """Head two columns as the TPI's answer: one with remarks in it, one with answers."""
    start = max(made.columns.values()) + 1
    for column, text in ((start, "Jawaban Evaluator"), (start + 1, "Jawaban TPI")):
        made.sheet.cell(2, column).value = text
    for key in ("A.I.1.i.b", "A.I.1.ii.b", "A.I.1.iii.a"):
        made.sheet.cell(made.rows[key], start).value = f"lihat catatan {key}"
        made.sheet.cell(made.rows[key], start + 1).value = "B"
    return start, start + 1


def test_of_two_columns_of_the_tpi_the_one_with_answers_is_read_and_both_named(tmp_path):
    made = build(INSTRUMENT, LKE, all_answers())
    _two_tpi_columns(made)

    reading = read(made, tmp_path)

    assert reading.answers["A.I.1.i.b"].tpi == "B"
    assert reading.answered_by_tpi == 3
    (problem,) = [p for p in reading.problems if p.code == "kolom-dipilih"]
    assert "jawaban evaluator" in problem.message
    assert "jawaban tpi" in problem.message


@pytest.mark.parametrize("has_types", [True, False])
def test_a_note_right_of_the_tpis_answer_is_the_units_where_the_tpi_has_its_own(
    has_types: bool, tmp_path: Path
) -> None:
    answers = {"A.I.1.i.b": Answer("A", "B", note="dari unit", tpi_note="dari TPI")}
    made = build(INSTRUMENT, LKE, has_tpi=True)
    for merged in list(made.sheet.merged_cells.ranges):
        made.sheet.unmerge_cells(str(merged))
    for row in (2, 3):
        for column in range(made.columns["answer"], made.sheet.max_column + 1):
            made.sheet.cell(row, column).value = None
    titles = ("Jawaban", "Jawaban TPI", "Catatan", "Catatan TPI", "Bukti")
    roles = ("answer", "tpi_answer", "note", "tpi_note", "evidence")
    for place, (role, title) in enumerate(zip(roles, titles, strict=True), made.columns["answer"]):
        made.columns[role] = place
        made.sheet.cell(2, place).value = title
    fill(made, INSTRUMENT.questions["A.I.1.i.b"], answers["A.I.1.i.b"])
    if not has_types:
        _without_types(made)

    assert dict(read(made, tmp_path).answers) == answers


def test_a_person_may_say_which_column_is_whose(tmp_path):
    from openpyxl.utils import get_column_letter

    made = build(INSTRUMENT, LKE, all_answers())
    remarks, answers = map(get_column_letter, _two_tpi_columns(made))

    reading = read(made, tmp_path, chosen=parse_choice(f"tpi={answers}, catatan_tpi={remarks}"))

    answer = reading.answers["A.I.1.i.b"]
    assert (answer.tpi, answer.tpi_note) == ("B", "lihat catatan A.I.1.i.b")
    assert reading.problems == ()


@pytest.mark.parametrize("text", ["tpi", "tpi=5", "nilai=K", "tpi=K,catatan=K"])
def test_a_choice_that_names_no_column_is_refused(text: str) -> None:
    with pytest.raises(ArgumentError):
        parse_choice(text)


def _two_years(first: str, second: str, folder: Path) -> tuple[Path, dict[str, object]]:
    """Save a workbook with two filled sheets; only the second answers A.I.1.i.b with C."""
    made = build(INSTRUMENT, LKE, all_answers())
    made.sheet.title = first
    later = made.book.copy_worksheet(made.sheet)
    later.title = second
    later.cell(made.rows["A.I.1.i.b"], made.columns["answer"]).value = "C"
    made.cell("A.I.1.i.b").value = "A"
    return made.save(folder), {first: "A", second: "C"}


@pytest.mark.parametrize("second", ["LKE 2026", "ZI_2026"])
def test_of_two_years_the_periods_is_read(second: str, tmp_path: Path) -> None:
    path, answers = _two_years("LKE 2025", second, tmp_path)

    for year, sheet in (("2026", second), ("2025 final", "LKE 2025")):
        reading = read_workbook(path, INSTRUMENT, LAYOUTS, period=year)
        assert (reading.sheet, reading.answers["A.I.1.i.b"].unit) == (sheet, answers[sheet])
        assert "beberapa-lembar" in {problem.code for problem in reading.problems}


def test_sheets_that_no_year_tells_apart_are_refused_with_their_names(tmp_path: Path) -> None:
    path, answers = _two_years("Unit A", "Unit B", tmp_path)

    with pytest.raises(WorkbookError, match=r"'Unit A', 'Unit B'.*--sheet"):
        read_workbook(path, INSTRUMENT, LAYOUTS, period="2026")

    for sheet, answer in answers.items():
        reading = read_workbook(path, INSTRUMENT, LAYOUTS, period="2026", only=sheet.lower())
        assert (reading.sheet, reading.answers["A.I.1.i.b"].unit) == (sheet, answer)
    with pytest.raises(WorkbookError, match="Unit A, Unit B"):
        read_workbook(path, INSTRUMENT, LAYOUTS, only="Unit C")


def test_a_zip_of_workbooks_gives_a_unit_for_each_file(tmp_path: Path) -> None:
    lke = build(INSTRUMENT, LKE, all_answers()).save(tmp_path)
    with zipfile.ZipFile(tmp_path / "semua.zip", "w") as archive:
        archive.write(lke, "LKE 2026/LKE Dinas Kesehatan.xlsx")
        archive.writestr("LKE 2026/LKE Dukcapil.xlsx", b"%PDF-1.7")
        archive.write(lke, "lain/Dinas-Kesehatan.xlsx")
        archive.writestr("__MACOSX/._LKE Dinas Kesehatan.xlsx", b"")
        archive.writestr("baca dulu.txt", "petunjuk")

    made = import_archive(tmp_path / "semua.zip", tmp_path / "2026", "2026")

    assert [unit.path.name for unit in made.units] == ["dinas-kesehatan.yaml"]
    assert [unit.reading.answered for unit in made.units] == [len(INSTRUMENT.questions)]
    assert list(made.refused) == ["LKE 2026/LKE Dukcapil.xlsx", "lain/Dinas-Kesehatan.xlsx"]
    assert "PDF" in made.refused["LKE 2026/LKE Dukcapil.xlsx"]
    assert Period.read(tmp_path / "2026").folder == tmp_path / "2026"


def test_a_unit_is_named_by_its_file() -> None:
    assert name_unit("LKE ZI 2026 - Dinas Kesehatan (final)") == "dinas-kesehatan-final"
    assert name_unit("LKE 2026") == "lke-2026"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"<html><body><table>", "HTML yang diganti namanya; aplikasi yang"),
        (b'<?xml version="1.0"?><html><table>', "HTML"),
        (
            b'<?xml version="1.0"?><office:document xmlns:office="urn:oasis:opendocument">',
            "(.fods); buka di LibreOffice",
        ),
        (b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>', "XML Excel 2003"),
        (b"%PDF-1.7", "PDF; isinya hasil cetak"),
    ],
)
def test_every_kind_that_is_no_workbook_has_its_own_sentence(data: bytes, said: str) -> None:
    with pytest.raises(WorkbookError) as caught:
        open_source(Path("ekspor.xls"), data)
    assert said in str(caught.value)
