"""The shapes in which an LKE reaches people, each written from the same answers by code."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from tests.lke.builder import Sheet, build
from tests.sheets.xlsb import write_xlsb
from zi_eval.core.assessment import Answer, Value
from zi_eval.core.instrument import Instrument
from zi_eval.instruments.layouts import WorkbookLayout
from zi_eval.lke.question_table import render_template

Answers = Mapping[str, Answer]
Writer = Callable[[Instrument, WorkbookLayout, Answers, Path], Path]


def plain(instrument: Instrument, layout: WorkbookLayout, answers: Answers, folder: Path) -> Path:
    return build(instrument, layout, answers, has_tpi=True).save(folder)


def xlsm(instrument: Instrument, layout: WorkbookLayout, answers: Answers, folder: Path) -> Path:
    return build(instrument, layout, answers, has_tpi=True).save(folder, "lke.xlsm")


def _write(change: Callable[[Sheet], None]) -> Writer:
    def write(
        instrument: Instrument, layout: WorkbookLayout, answers: Answers, folder: Path
    ) -> Path:
        made = build(instrument, layout, answers, has_tpi=True)
        change(made)
        return made.save(folder)

    return write


def _head(made: Sheet, role: str, row: int = 2):
    return made.sheet.cell(row, made.columns[role])


def _unmerge(made: Sheet) -> None:
    for merged in list(made.sheet.merged_cells.ranges):
        made.sheet.unmerge_cells(str(merged))


def shifted(made: Sheet) -> None:
    _unmerge(made)
    made.sheet.insert_cols(1, 3)


def titled(made: Sheet) -> None:
    _unmerge(made)
    made.sheet.insert_rows(1, 7)
    last = max(made.columns.values())
    for row, text in enumerate(
        ("INSPEKTORAT KOTA CONTOH", "Evaluasi Zona Integritas Unit Kerja", "Tahun 2026"), 1
    ):
        made.sheet.cell(row, 1).value = text
        made.sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=last)
    made.sheet.cell(5, made.columns["answer"]).value = "Nama Evaluator TPI: Budi"
    made.sheet.cell(6, made.columns["note"]).value = "Nilai 81,20"


def title_touches_the_headings(made: Sheet) -> None:
    _unmerge(made)
    made.sheet.cell(1, made.columns["answer"]).value = "Inspektorat Kota Contoh"
    _named_tpi(made)


def _named_tpi(made: Sheet) -> None:
    """One heading row: what the merged heading said stands in each column."""
    for role, text in (("tpi_answer", "Jawaban TPI"), ("tpi_note", "Catatan TPI")):
        _head(made, role).value = text
        _head(made, role, 3).value = None
    for column in range(made.columns["tpi_answer"] + 1, made.columns["tpi_note"]):
        for row in (2, 3):
            made.sheet.cell(row, column).value = None


def _renamed(answer: str, note: str, evidence: str, tpi: str, tpi_note: str):
    def change(made: Sheet) -> None:
        _unmerge(made)
        _named_tpi(made)
        for role, text in (
            ("answer", answer),
            ("note", note),
            ("evidence", evidence),
            ("tpi_answer", tpi),
            ("tpi_note", tpi_note),
        ):
            _head(made, role).value = text

    return change


def grouped(made: Sheet) -> None:
    """Two heading rows, groups above, without merged cells as CSV and ods have them."""
    _unmerge(made)
    texts = {"answer": "Jawaban", "note": "Keterangan", "evidence": "Bukti Dukung"}
    for role, text in texts.items():
        _head(made, role).value = None
        _head(made, role, 3).value = text
    _head(made, "answer").value = "Penilaian Mandiri Satker"
    _head(made, "tpi_answer").value = "Hasil Evaluasi TPI"


def far_tpi(made: Sheet) -> None:
    """The TPI's columns far to the right, under the evaluator's name."""
    _unmerge(made)
    sheet, old = made.sheet, dict(made.columns)
    distance = 9
    for row in range(1, sheet.max_row + 1):
        for role in ("tpi_answer", "tpi_note"):
            cell, moved = sheet.cell(row, old[role]), sheet.cell(row, old[role] + distance)
            moved.value, kind, cell.value = cell.value, cell.data_type, None
            moved.data_type = kind
    for column in range(old["tpi_answer"], old["tpi_note"] + 1):
        sheet.cell(2, column).value = sheet.cell(3, column).value = None
    first, last = old["tpi_answer"] + distance, old["tpi_note"] + distance
    sheet.cell(2, first).value = "Evaluator: Siti Aminah, S.E."
    sheet.merge_cells(start_row=2, start_column=first, end_row=2, end_column=last)
    sheet.cell(3, first).value, sheet.cell(3, last).value = "Jawaban", "Catatan"
    sheet.cell(3, last + 1).value = "Paraf"
    sheet.cell(9, last + 1).value = "SA"


def hidden(made: Sheet) -> None:
    for row in range(6, 90, 2):
        made.sheet.row_dimensions[row].hidden = True
    for column in (8, made.columns["note"], made.columns["tpi_answer"]):
        made.sheet.column_dimensions[get_column_letter(column)].hidden = True


def renamed_sheet(made: Sheet) -> None:
    made.sheet.title = "Isian Satker 2026"
    made.book["Utama"]["A1"] = "Jawaban"


def answers_merged_across(made: Sheet) -> None:
    """The answer in two merged columns, its heading over the second one only."""
    _unmerge(made)
    sheet, column = made.sheet, made.columns["answer"]
    sheet.insert_cols(column)
    sheet.cell(2, column).value = None
    for row in made.rows.values():
        cell = sheet.cell(row, column + 1)
        sheet.cell(row, column).value, cell.value = cell.value, None
        sheet.merge_cells(start_row=row, start_column=column, end_row=row, end_column=column + 1)


def google(made: Sheet) -> None:
    """As Google Sheets exports it: a thousand rows, check boxes, names to the right."""
    last = max(made.columns.values())
    sheet = made.sheet
    sheet.cell(2, last + 1).value, sheet.cell(2, last + 2).value = "Selesai", "Nama Evaluator"
    for row in made.rows.values():
        sheet.cell(row, last + 1).value = row % 2 == 0
        sheet.cell(row, last + 2).value = "Rina"
    for row in range(max(made.rows.values()) + 1, 1001):
        for column in range(1, 27):
            sheet.cell(row, column).number_format = "0.00"


def _shown(cell) -> str:
    if cell.data_type == "f":
        return "95,00%"
    if isinstance(cell.value, float):
        return f"{cell.value:g}".replace(".", ",")
    return "" if cell.value is None else str(cell.value)


def google_csv(
    instrument: Instrument, layout: WorkbookLayout, answers: Answers, folder: Path
) -> Path:
    """The sheet alone, as Google Sheets saves it as CSV: every value as it is shown."""
    made = build(instrument, layout, answers, has_tpi=True)
    path = folder / "LKE 2026 - Jawaban.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        for row in made.sheet.iter_rows():
            writer.writerow(map(_shown, row))
    return path


def _table_value(value: Value | None) -> str:
    if value is None or isinstance(value, tuple):
        return ""
    return f"{value:g}".replace(".", ",") if isinstance(value, float) else str(value)


def table_rows(instrument: Instrument, answers: Answers) -> list[dict[str, str]]:
    """The template filled in, its empty lines kept."""
    rows = list(csv.DictReader(io.StringIO(render_template(instrument)), delimiter=";"))
    for row in rows:
        key = row["id"]
        answer = answers.get(key)
        if answer is not None:
            row |= {
                "jawaban": _table_value(answer.unit),
                "catatan": answer.note,
                "bukti": "\n".join(answer.evidence),
                "jawaban_tpi": _table_value(answer.tpi),
                "catatan_tpi": answer.tpi_note,
            }
        question, _, number = key.rpartition(".")
        if question in instrument.questions:
            asked = instrument.questions[question].asked_inputs
            place = [item.number for item in asked].index(int(number))
            found = answers.get(question, Answer())
            for role, value in (("jawaban", found.unit), ("jawaban_tpi", found.tpi)):
                if isinstance(value, tuple) and value[place] is not None:
                    row[role] = f"{value[place]:g}"
    return rows


def write_table(
    rows: Iterable[Mapping[str, str]],
    path: Path,
    *,
    separator: str = ";",
    encoding: str = "utf-8-sig",
    names: Mapping[str, str] | None = None,
) -> Path:
    rows = list(rows)
    names = names or {name: name for name in rows[0]}
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=separator)
    writer.writerow(names.values())
    writer.writerows([row[name] for name in names] for row in rows)
    path.write_bytes(stream.getvalue().encode(encoding))
    return path


def _table(separator: str, encoding: str, names: Mapping[str, str] | None = None) -> Writer:
    def write(
        instrument: Instrument, layout: WorkbookLayout, answers: Answers, folder: Path
    ) -> Path:
        return write_table(
            table_rows(instrument, answers),
            folder / "jawaban.csv",
            separator=separator,
            encoding=encoding,
            names=names,
        )

    return write


OTHER_NAMES = {
    "catatan_tpi": "Catatan Evaluator",
    "jawaban_tpi": "Jawaban TPI",
    "bukti": "Link Bukti Dukung",
    "id": "Nomor Pertanyaan",
    "jawaban": "Isian Satker",
    "catatan": "Keterangan",
}
ORDERED = {key: OTHER_NAMES[key] for key in ("id", *OTHER_NAMES) if key in OTHER_NAMES}


def xlsb(instrument: Instrument, layout: WorkbookLayout, answers: Answers, folder: Path) -> Path:
    return write_xlsb(folder / "lke.xlsb", build(instrument, layout, answers, has_tpi=True).book)


def copy_sheet(path: Path, target: Path) -> Path:
    """Save a workbook again under another name, through openpyxl."""
    load_workbook(path).save(target)
    return target


SHAPES: Mapping[str, Writer] = {
    "plain": plain,
    "xlsm": xlsm,
    "xlsb": xlsb,
    "columns shifted": _write(shifted),
    "title block above": _write(titled),
    "title touches the headings": _write(title_touches_the_headings),
    "headings renamed": _write(
        _renamed("Isian Satker", "Penjelasan", "Data Dukung", "Hasil Verifikasi", "Komentar TPI")
    ),
    "answers headed Nilai": _write(
        _renamed("Nilai Satker", "Catatan", "Tautan", "Nilai TPI", "Catatan TPI")
    ),
    "answers headed Skor": _write(
        _renamed("Skor", "Keterangan", "Dokumen", "Jawaban Inspektorat", "Keterangan Evaluator")
    ),
    "second Jawaban": _write(
        _renamed("Jawaban", "Catatan", "Bukti", "Jawaban", "Catatan Evaluator")
    ),
    "two heading rows": _write(grouped),
    "TPI far to the right": _write(far_tpi),
    "hidden rows and columns": _write(hidden),
    "sheet renamed": _write(renamed_sheet),
    "answers merged across": _write(answers_merged_across),
    "Google Sheets xlsx": _write(google),
    "Google Sheets CSV": google_csv,
    "table ; utf-8-sig": _table(";", "utf-8-sig"),
    "table , utf-8": _table(",", "utf-8"),
    "table tab utf-16": _table("\t", "utf-16"),
    "table ; cp1252": _table(";", "cp1252"),
    "table renamed headings": _table(";", "utf-8", ORDERED),
}
