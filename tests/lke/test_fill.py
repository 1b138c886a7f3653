"""A team's own workbook filled in place: what is not an answer stays as it was."""

from __future__ import annotations

import io
import random
import zipfile
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from tests.lke.builder import build
from tests.lke.samples import (
    draw_assessment,
    load_book,
    open_book,
)
from zi_eval.core.assessment import NOT_APPLICABLE, Answer, Assessment, Stage, Unit
from zi_eval.core.instrument import Instrument
from zi_eval.instruments import WorkbookLayout, load_instrument, load_workbook_layouts
from zi_eval.lke.export import export_workbook
from zi_eval.lke.fill import WorkbookFill, fill_workbook
from zi_eval.lke.reader import read_workbook

Layouts = tuple[WorkbookLayout, ...]


@pytest.fixture(scope="module")
def layouts() -> Layouts:
    return load_workbook_layouts("zi-2021")


def assess(answers: dict[str, Answer]) -> Assessment:
    return Assessment(Unit("u", "Unit"), "zi-2021", "WBK", "2026", answers=answers)


@cache
def blank_data() -> bytes:
    instrument, (layout, *_) = load_instrument("zi-2021"), load_workbook_layouts("zi-2021")
    return export_workbook(assess({}), instrument, layout).data


@cache
def own_data() -> bytes:
    book = open_book(blank_data())
    sheet = book["LKE ZI"]
    sheet["K8"].comment = Comment("Tanyakan ke kepegawaian", "Inspektorat")
    sheet["K8"].fill = PatternFill("solid", fgColor="FF0000")
    sheet["Y8"].value = "Catatan inspektorat, jangan dihapus"
    sheet["Z8"].value = "=L8*2"
    extra = book.create_sheet("Tim & Jadwal")
    extra["A1"].value = "=SUM(1,2)"
    book.save(data := io.BytesIO())
    with zipfile.ZipFile(data, "a") as archive:
        archive.writestr("xl/vbaProject.bin", bytes(range(256)) * 20)
        archive.writestr("xl/media/image1.png", b"\x89PNG not really")
    return data.getvalue()


def blank(folder: Path) -> Path:
    path = folder / "blank.xlsx"
    path.write_bytes(blank_data())
    return path


def own_workbook(folder: Path) -> Path:
    """A workbook as teams have it: another sheet, comment, colours, extra columns, a macro part."""
    path = folder / "blank.xlsx"
    path.write_bytes(own_data())
    return path


def filled(folder: Path, path: Path, made: WorkbookFill) -> Path:
    target = folder / f"filled{path.suffix}"
    target.write_bytes(made.data)
    return target


def parts_of(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize(
    "seed", [0, *(pytest.param(n, marks=pytest.mark.long) for n in range(1, 4))]
)
def test_an_own_workbook_takes_all_answers_and_keeps_everything_else(
    instrument: Instrument, layouts: Layouts, tmp_path: Path, seed: int
) -> None:
    path = own_workbook(tmp_path)
    before = path.read_bytes()
    assessment = draw_assessment(random.Random(seed), instrument)
    made = fill_workbook(path, assessment, instrument, layouts)
    assert path.read_bytes() == before
    copy = filled(tmp_path, path, made)
    reading = read_workbook(copy, instrument, layouts)
    answers = dict(assessment.answers)
    noted = answers.get("A.I.1.i.a", Answer())
    if not noted.tpi_note:  # a comment is read as the TPI's note
        answers["A.I.1.i.a"] = replace(noted, tpi_note="Tanyakan ke kepegawaian")
    assert dict(reading.answers) == answers
    assert [(p.code, p.cell) for p in reading.problems] == [
        ("komentar-tidak-dibaca" if noted.tpi_note else "komentar-dibaca", "LKE ZI!K8")
    ]
    assert made.problems == ()
    one, other = parts_of(path), parts_of(copy)
    assert list(one) == list(other)
    changed = {name for name in one if one[name] != other[name]}
    assert changed <= {"xl/worksheets/sheet3.xml", "xl/workbook.xml"}
    book = load_book(copy)
    sheet = book["LKE ZI"]
    assert sheet["K8"].comment.text == "Tanyakan ke kepegawaian"
    assert sheet["K8"].fill.fgColor.rgb == "00FF0000"
    assert (sheet["Y8"].value, sheet["Z8"].value) == (
        "Catatan inspektorat, jangan dihapus", "=L8*2",
    )  # fmt: skip


def test_all_cells_but_the_changed_ones_stay(
    instrument: Instrument, layouts: Layouts, tmp_path: Path
) -> None:
    path = own_workbook(tmp_path)
    made = fill_workbook(path, draw_assessment(random.Random(9), instrument), instrument, layouts)
    before = load_book(path)["LKE ZI"]
    after = load_book(filled(tmp_path, path, made))["LKE ZI"]
    differing = {
        f"LKE ZI!{cell.coordinate}"
        for row in before.iter_rows(max_row=230, max_col=30)
        for cell in row
        if (cell.value, cell.style_id) != (after[cell.coordinate].value, cell.style_id)
        or cell.has_style != after[cell.coordinate].has_style
    }
    assert differing == {change.cell for change in made.changes}
    assert len(differing) > 50


def test_nothing_to_change_leaves_the_same_workbook(
    instrument: Instrument, layouts: Layouts, tmp_path: Path
) -> None:
    assessment = draw_assessment(random.Random(3), instrument)
    path = tmp_path / "lke.xlsx"
    path.write_bytes(export_workbook(assessment, instrument, layouts[0]).data)
    made = fill_workbook(path, assessment, instrument, layouts)
    assert made.changes == ()
    assert parts_of(filled(tmp_path, path, made)) == parts_of(path)


@pytest.mark.parametrize("number", [0, 1], ids=["lke-2021", "jawaban-2024"])
def test_both_layouts_are_filled_wherever_their_rows_are(
    instrument: Instrument, layouts: Layouts, tmp_path: Path, number: int
) -> None:
    made = build(instrument, layouts[number], has_tpi=True)
    made.sheet.insert_rows(1, 3)
    path = made.save(tmp_path)
    answers = {
        "A.I.1.i.a": Answer(unit="Ya", tpi="Tidak", note="satu\ndua", tpi_note="=cek"),
        "A.II.1.i.a": Answer(unit=(4.0, 2.0), evidence=("a.pdf", "https://b.go.id")),
        "A.II.5.iii.b": Answer(unit=(1.0, 2.0, None, 3.0), tpi=(1.0, 2.0, 3.0, 4.0)),
        "B.I.a": Answer(unit=3.62, tpi=3.5),
    }
    result = fill_workbook(path, assess(answers), instrument, layouts)
    assert result.problems == ()
    copy = filled(tmp_path, path, result)
    assert dict(read_workbook(copy, instrument, layouts).answers) == answers
    cell = load_book(copy)[layouts[number].sheet]
    tpi = [row for row in cell.iter_rows() for row in row if row.value == "=cek"]
    assert [c.data_type for c in tpi] == ["s"]


def test_what_the_unit_file_leaves_empty_stays_and_is_said(
    instrument: Instrument, layouts: Layouts, tmp_path: Path
) -> None:
    theirs = {"A.I.1.i.a": Answer(unit="Ya", note="Dari mereka", evidence=("x.pdf",))}
    path = tmp_path / "lke.xlsx"
    path.write_bytes(export_workbook(assess(theirs), instrument, layouts[0]).data)
    made = fill_workbook(path, assess({"A.I.1.i.b": Answer(unit="B")}), instrument, layouts)
    reading = read_workbook(filled(tmp_path, path, made), instrument, layouts)
    assert reading.answers == {**theirs, "A.I.1.i.b": Answer(unit="B")}
    assert [(p.code, p.key) for p in made.problems] == [("isian-dibiarkan", "A.I.1.i.a")] * 3
    assert [(c.cell, c.before, c.after) for c in made.changes] == [("LKE ZI!K9", "", "'B'")]


def test_an_answer_written_over_another_is_listed_with_both(
    instrument: Instrument, layouts: Layouts, tmp_path: Path
) -> None:
    path = tmp_path / "lke.xlsx"
    theirs = assess({"A.I.1.i.b": Answer(unit="A")})
    path.write_bytes(export_workbook(theirs, instrument, layouts[0]).data)
    made = fill_workbook(path, assess({"A.I.1.i.b": Answer(unit="C")}), instrument, layouts)
    assert [(c.cell, c.key, c.before, c.after) for c in made.changes] == [
        ("LKE ZI!K9", "A.I.1.i.b", "'A'", "'C'")
    ]


def test_at_the_units_stage_the_tpis_cells_stay(
    instrument: Instrument, layouts: Layouts, tmp_path: Path
) -> None:
    theirs = Answer(unit="A", tpi="B", tpi_note="cek", returned="perbaiki")
    path = tmp_path / "lke.xlsx"
    path.write_bytes(export_workbook(assess({"A.I.1.i.b": theirs}), instrument, layouts[0]).data)
    ours = assess({"A.I.1.i.b": Answer(unit="C", tpi="A", tpi_note="lain")})
    made = fill_workbook(path, ours, instrument, layouts, Stage.UNIT)
    assert [c.cell for c in made.changes] == ["LKE ZI!K9"]
    assert made.problems == ()


def test_no_object_is_not_forced_on_formulas_that_do_not_know_it(
    instrument: Instrument, layouts: Layouts, tmp_path: Path
) -> None:
    path = build(instrument, layouts[0]).save(tmp_path)
    answers = {"A.II.5.ii.a": Answer(unit=NOT_APPLICABLE, reason="Tidak ada pengaduan")}
    made = fill_workbook(path, assess(answers), instrument, layouts)
    assert made.changes == ()
    assert [p.code for p in made.problems] == ["tidak-berlaku-tidak-dikenal", "kolom-tidak-ada"]


def test_an_answer_over_a_formula_removes_it_from_the_calculation_chain(
    instrument: Instrument, layouts: Layouts, tmp_path: Path
) -> None:
    path = blank(tmp_path)
    book = open_book(blank_data())
    book["LKE ZI"]["K129"].value = "=2+2"
    book.save(path)
    chain = (
        '<calcChain xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        '<c r="K129" i="3"/><c r="L8"/><c r="K129" i="2"/></calcChain>'
    )
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/calcChain.xml", chain)
    made = fill_workbook(path, assess({"A.II.1.i.a": Answer(unit=(5.0, 5.0))}), instrument, layouts)
    assert ("LKE ZI!K129", "=2+2", "'5'") in [(c.cell, c.before, c.after) for c in made.changes]
    after = parts_of(filled(tmp_path, path, made))["xl/calcChain.xml"]
    assert b'<c r="L8" i="3"/><c r="K129" i="2"/>' in after
    assert b'r="K129" i="3"' not in after


def test_a_shared_formula_survives_an_answer_over_its_first_cell(
    instrument: Instrument, layouts: Layouts, tmp_path: Path
) -> None:
    path = blank(tmp_path)
    parts = parts_of(path)
    name = "xl/worksheets/sheet3.xml"
    text = parts[name].decode()
    for cell, f in (
        ("K129", '<f t="shared" si="7" ref="K129:K133">Y1+1</f>'),
        ("K133", '<f t="shared" si="7"/>'),
    ):
        at = text.index(f'<c r="{cell}"')
        end = text.index(">", at)
        assert text[end - 1] == "/"
        text = f"{text[: end - 1]}>{f}<v>1</v></c>{text[end + 1 :]}"
    with zipfile.ZipFile(path, "w") as archive:
        for part, content in parts.items():
            archive.writestr(part, text if part == name else content)
    answers = {"A.II.1.i.a": Answer(unit=(5.0, 1.0))}
    made = fill_workbook(path, assess(answers), instrument, layouts)
    sheet = load_book(filled(tmp_path, path, made))["LKE ZI"]
    assert [sheet["K129"].value, sheet["K133"].value] == [5, "=Y5+1"]
