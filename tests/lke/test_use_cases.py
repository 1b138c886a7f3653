"""Import, wording, export, fill and mend as functions: values in and out, no command line."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from tests.lke.samples import load_book
from tests.lke.test_wording import workbook
from zi_eval.errors import ArgumentError, WorkbookError, WorkspaceError, ZiEvalError
from zi_eval.instruments import load_instrument
from zi_eval.lke.intake import import_workbook, read_upload, take_wording, write_question_table
from zi_eval.lke.write import fill_copy, mend_file, write_unit_workbook
from zi_eval.period.evaluations import load_evaluation
from zi_eval.period.reading import WORDING_FILE, Period
from zi_eval.period.unit_editor import edit_unit

DAY = date(2026, 1, 5)


@pytest.fixture
def unit(root: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "parameters" / "2026"
    folder.mkdir(parents=True)
    for name in ("instansi.yaml", "dpmptsp.yaml"):
        shutil.copy(root / "parameters" / "2026" / name, folder / name)
    return folder / "dpmptsp.yaml"


def test_what_is_exported_is_imported_again_as_the_same_answers(unit: Path, tmp_path: Path) -> None:
    lke, copy = tmp_path / "lke.xlsx", unit.with_name("salinan.yaml")
    evaluation, made = write_unit_workbook(unit, lke)
    assert made.problems == ()
    imported = import_workbook(lke, copy, "salinan", "2026", name="Salinan", target="WBBM")
    assert (imported.path, imported.questions) == (copy, len(evaluation.instrument.questions))
    assert imported.reading.answered == evaluation.unit_card.total.answered
    again = load_evaluation(copy)
    assert again.assessment.unit.name == "Salinan"
    assert again.assessment.target == "WBBM"
    assert again.card.total.score == evaluation.card.total.score


def test_an_import_writes_nothing_over_a_file_and_nothing_under_a_wrong_name(
    unit: Path, tmp_path: Path
) -> None:
    table = tmp_path / "jawaban.csv"
    assert write_question_table(table) == len(load_instrument("zi-2021").questions)
    before = unit.read_bytes()
    with pytest.raises(WorkspaceError, match="sudah ada"):
        import_workbook(table, unit, "dpmptsp", "2026")
    for name, target in (("Dinas Baru", "WBK"), ("instansi", "WBK"), ("baru", "WBKK")):
        with pytest.raises(ArgumentError):
            import_workbook(table, unit.with_name("baru.yaml"), name, "2026", target=target)
    assert unit.read_bytes() == before
    assert not unit.with_name("baru.yaml").exists()
    import_workbook(table, unit, "dpmptsp", "2026", force=True)
    assert unit.read_bytes() != before
    with pytest.raises(ArgumentError, match=r"\.csv"):
        write_question_table(tmp_path / "jawaban.xlsx")


def test_an_upload_is_read_by_its_bytes_whatever_its_name_says(unit: Path, tmp_path: Path) -> None:
    lke = tmp_path / "lke.xlsx"
    evaluation, _ = write_unit_workbook(unit, lke)
    reading = read_upload("../../etc/LKE dinas.xlsx", lke.read_bytes())
    assert reading.answered == evaluation.unit_card.total.answered
    with pytest.raises(WorkbookError):
        read_upload("LKE.xlsx", b"bukan buku kerja")


def test_the_wording_of_a_workbook_becomes_the_period_s(unit: Path, tmp_path: Path) -> None:
    lke, path = workbook().save(tmp_path), unit.with_name(WORDING_FILE)
    taken = take_wording(lke, path, DAY)
    assert taken.questions == len(load_instrument("zi-2021").questions)
    reworded = Period.read(unit.parent).reworded
    assert reworded is not None
    assert reworded.questions.keys() == load_instrument("zi-2021").questions.keys()
    with pytest.raises(WorkspaceError, match="sudah ada"):
        take_wording(lke, path, DAY)
    with pytest.raises(ZiEvalError, match=r"\.yaml"):
        take_wording(lke, path.with_suffix(".txt"), DAY)


def test_a_damaged_workbook_is_filled_or_mended_in_a_copy(unit: Path, tmp_path: Path) -> None:
    lke, filled, mended = (tmp_path / f"{name}.xlsx" for name in ("lke", "isi", "pulih"))
    write_unit_workbook(unit, lke)
    book = load_book(lke)
    sheet = book["LKE ZI"]
    sheet["K8"].value, sheet["H7"].value = None, 2
    book.save(lke)
    damaged = lke.read_bytes()
    made = fill_copy(unit, lke, filled)
    assert [change.cell for change in made.changes] == ["LKE ZI!K8"]
    fixed = mend_file(lke, mended)
    assert [(one.cell, one.before) for one in fixed.mendings if one.cell == "H7"] == [("H7", "2")]
    assert lke.read_bytes() == damaged
    with pytest.raises(ZiEvalError, match=r"berakhiran \.xlsx"):
        mend_file(lke, tmp_path / "pulih.xls")
    with pytest.raises(WorkspaceError, match="sudah ada"):
        fill_copy(unit, lke, mended)


def test_what_an_import_could_not_read_stays_with_the_unit_through_edits(
    unit: Path, tmp_path: Path
) -> None:
    lke, copy = tmp_path / "lke.xlsx", unit.with_name("salinan.yaml")
    write_unit_workbook(unit, lke)
    book = load_book(lke)
    book["LKE ZI"]["K8"] = "Belum tahu"
    book.save(lke)
    reading = import_workbook(lke, copy, "salinan", "2026").reading
    assert [problem.cell for problem in reading.problems if problem.cell]
    told = [p for p in load_evaluation(copy).problems if p.code == "perlu-dicek"]
    assert len(told) == len([problem for problem in reading.problems if problem.cell])
    text = copy.read_text("utf-8")
    questions = tuple(load_instrument("zi-2021").questions)
    copy.write_text(edit_unit(text, {("kepala",): "Sari"}, questions), encoding="utf-8")
    again = load_evaluation(copy)
    assert again.assessment.unit.head == "Sari"
    assert [p.message for p in again.problems if p.code == "perlu-dicek"] == [
        p.message for p in told
    ]
