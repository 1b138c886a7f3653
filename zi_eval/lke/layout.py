"""Read the answers of an LKE workbook or a table of questions; its scores are never read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from zi_eval.core.instrument import Instrument
from zi_eval.core.problems import Problem, ProblemList
from zi_eval.errors import WorkbookError
from zi_eval.instruments.layouts import WorkbookLayout
from zi_eval.lke.place import NoSheetError, PlacedSheet, place_sheet
from zi_eval.lke.question_table import TEMPLATE_HINT, find_table
from zi_eval.lke.reader import WorkbookReading, read_sheet
from zi_eval.sheets.book import Book, open_source
from zi_eval.sheets.container import BINARY, OLD, OPEN_DOCUMENT

__all__ = ["WorkbookReading", "read_sheet", "read_workbook"]


def read_workbook(
    path: Path | str, instrument: Instrument, layouts: Sequence[WorkbookLayout]
) -> WorkbookReading:
    """Read the answers, notes and evidence of one LKE in any shape people have it.

    Parameters
    ----------
    path
        An ``.xlsx``, ``.xlsm``, ``.xls``, ``.xlsb`` or ``.ods`` workbook, a sheet of it exported as
        CSV, or a table of questions as CSV or in a workbook; known by its content.
    instrument
        What it should hold; rows are found by their labels, types and titles, or by their official
        numbers in a table.
    layouts
        The sheets in which the instrument circulates.

    Raises
    ------
    WorkbookError
        Where it cannot be read at all: another kind of file, protected, far too large, no sheet of
        a layout, a sheet of another instrument, or two columns that could be the unit's answer.
    """
    book = open_source(Path(path))
    sheet, others = _find_sheet(book, instrument, layouts)
    if sheet.columns.refusal:
        raise WorkbookError(
            f"Lembar {sheet.grid.sheet} di {book.name} tidak dibaca: {sheet.columns.refusal} hapus "
            "atau ganti judul salah satunya, lalu ambil ulang."
        )
    reading = read_sheet(sheet, instrument, str(path))
    remarks = _source_problems(str(path), book, sheet, others)
    return replace(reading, problems=(*remarks, *reading.problems))


def _find_sheet(
    book: Book, instrument: Instrument, layouts: Sequence[WorkbookLayout]
) -> tuple[PlacedSheet, list[str]]:
    """Return the sheet to read: one of a layout, or a table of questions."""
    table = find_table(book, instrument) if book.separator else None
    if table is not None:
        return table, []
    try:
        return place_sheet(book, instrument, layouts)
    except NoSheetError as error:
        if book.separator:
            raise WorkbookError(
                f"{book.name} bukan lembar LKE dan bukan tabel pertanyaan: tidak ada nomor seperti "
                f"{next(iter(instrument.questions))} di dalamnya; ekspor lembar "
                f"{' atau '.join(layout.sheet for layout in layouts)}, atau {TEMPLATE_HINT}."
            ) from error
        table = find_table(book, instrument)
        if table is None:
            raise
        return table, []


def _source_problems(
    file: str, book: Book, sheet: PlacedSheet, others: Sequence[str]
) -> list[Problem]:
    """Say what was decided about the file and its sheet."""
    name, problems = sheet.grid.sheet, ProblemList[None](file)

    if others:
        problems.warning(
            "beberapa-lembar",
            f"lembar {name} yang dibaca; {', '.join(others)} tidak dibaca.",
            "Hapus lembar salinan bila isiannya bukan yang terbaru.",
        )
    if sheet.is_renamed and not book.separator:
        problems.warning(
            "lembar-diganti-nama",
            f"tidak ada lembar dengan nama resmi; lembar {name} dibaca karena isinya LKE.",
        )
    if book.encoding == "cp1252":
        problems.warning(
            "huruf-ditebak",
            "berkasnya bukan UTF-8 dan dibaca sebagai Windows-1252.",
            "Periksa huruf beraksen dan tanda kutip; bila salah, simpan sebagai CSV UTF-8.",
        )
    if book.kind in (OLD, BINARY, OPEN_DOCUMENT):
        problems.warning(
            "format-lain",
            f"dibaca dari {book.kind}: rumus tidak terlihat dan sel galat terbaca kosong.",
            "Simpan sebagai .xlsx bila jawabannya diisi dengan rumus.",
        )
    return problems
