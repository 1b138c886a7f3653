"""Where a performance table stands in its file, and what its cells do not say themselves."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from zi_eval.errors import WorkbookError
from zi_eval.performance.table.headings import find_heading
from zi_eval.sheets.book import Book
from zi_eval.sheets.container import read_file
from zi_eval.sheets.grid import Grid

__all__ = ["TEMPLATE_HINT", "find_sheet", "long_rows", "percent_cells"]

SEARCHED_ROWS = 20
"""Rows among which the headings are looked for."""
FEWEST_HEADINGS = 4
TEMPLATE_HINT = "Buat contohnya dengan 'zi-eval kinerja template'."


def find_sheet(book: Book) -> tuple[Grid, int]:
    """Return the sheet that has the headings, and their row."""
    best: tuple[int, Grid, int] | None = None
    for sheet in book.searched(()):
        grid = book.grid(sheet)
        for row, values in enumerate(grid.rows[:SEARCHED_ROWS]):
            count = sum(bool(find_heading(value)) for value in values)
            if count >= FEWEST_HEADINGS and (best is None or count > best[0]):
                best = (count, grid, row)
    if best is None:
        raise WorkbookError(
            f"{book.name} tidak memuat judul kolom seperti sasaran, indikator, arah, target_tw1 "
            f"dalam {SEARCHED_ROWS} baris pertama. {TEMPLATE_HINT}"
        )
    return best[1], best[2]


def long_rows(path: Path, book: Book, top: int) -> list[int]:
    """Return the rows of a comma-separated text with more fields than headings.

    An unquoted decimal comma moves every later figure to the right, unseen where the last fields
    are empty.
    """
    if book.separator != ",":
        return []
    text = read_file(path).decode(book.encoding)
    counts = [len(fields) for fields in csv.reader(io.StringIO(text, newline=""))]
    return [row for row, count in enumerate(counts) if row > top and count > counts[top]]


def percent_cells(book: Book, grid: Grid) -> frozenset[tuple[int, int]]:
    """Return the cells of an xlsx that show a share as percent: 0.125 shown as 12,5 %.

    Excel turns a typed ``12,5%`` into that, so without this a target of 85 % would be read 0.85.
    """
    if not book.data:
        return frozenset()
    from openpyxl import load_workbook

    workbook = load_workbook(io.BytesIO(book.data), read_only=True, data_only=True)
    try:
        return frozenset(
            (cell.row - 1, cell.column - 1)
            for row in workbook[grid.sheet].iter_rows(max_row=len(grid.rows), max_col=grid.width)
            for cell in row
            if isinstance(cell.value, (int, float)) and "%" in (cell.number_format or "")
        )
    finally:
        workbook.close()
