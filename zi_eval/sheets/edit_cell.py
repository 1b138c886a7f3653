"""One cell of a table changed in its file, written as that file writes; every other byte stays.

A decimal sign, a quote or a format of the file may be misjudged: whoever changes a cell reads the
result back, and takes it only where the table differs in that cell alone.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Final, TypeAlias

from zi_eval.errors import ZiEvalError
from zi_eval.files import is_formula_like
from zi_eval.sheets.book import Book
from zi_eval.sheets.container import TEXT, WORKBOOK
from zi_eval.sheets.edit import CellEdit, TextEdit, edit_workbook
from zi_eval.sheets.grid import Grid, cell_name, require_fits
from zi_eval.sheets.numbers import NumberStyle, find_style, parse_number
from zi_eval.sheets.table_form import TableForm

__all__ = ["CellValue", "edited_cell"]

CellValue: TypeAlias = float | str | date | None
NO_BREAK: Final = "\u00a0"
"""Before a text that begins like a formula: spreadsheets then take it for text, and the reader,
like every reading that strips, gives back what was typed."""


def edited_cell(
    data: bytes,
    book: Book,
    grid: Grid,
    place: tuple[int, int, int],
    value: CellValue,
    form: TableForm,
) -> Iterator[bytes]:
    """Yield a file with one cell changed, in the ways it may be written, the usual one first.

    Parameters
    ----------
    data, book, grid
        The file's bytes, and what they hold.
    place
        0-based: the row of the headings, and row and column of the cell.
    value
        None to empty the cell.
    form
        Which columns hold figures: by them it is found out how the file writes figures.

    Raises
    ------
    ZiEvalError
        Where the cell holds a formula or is part of a merged one, the file is of a kind that
        cannot be edited, or the text is longer than a cell takes.
    """
    top, row, column = place
    require_fits(cell_name(grid.sheet, row, column), value)
    if book.kind == TEXT:
        edit = TextEdit(data, book, row, column)
        for text in _cell_texts(book, grid, top, column, value, form):
            yield edit.apply(text)
        return
    if book.kind != WORKBOOK:
        raise ZiEvalError(
            f"Tabel {book.name} adalah {book.kind}, yang hanya dapat dibaca. Simpan sebagai "
            "Buku Kerja Excel (.xlsx) atau CSV, lalu isi lagi."
        )
    here = cell_name(grid.sheet, row, column)
    if (row, column) in grid.formulas:
        raise ZiEvalError(
            f"Sel {here} berisi rumus, jadi tidak ditimpa. Ubah sumber rumusnya di Excel, atau "
            "ganti rumus itu dengan angka, simpan, lalu isi lagi."
        )
    for top_row, left, bottom, right in grid.merges:
        if (
            top_row <= row <= bottom
            and left <= column <= right
            and (row, column) != (top_row, left)
        ):
            raise ZiEvalError(
                f"Sel {here} digabung dengan sel lain. Pisahkan selnya di Excel, lalu isi lagi."
            )
    content = _cell_edit(data, grid.sheet, (row, column), value)
    yield edit_workbook(data, book.parts, {grid.sheet: {(row, column): content}})


def _cell_edit(data: bytes, sheet: str, place: tuple[int, int], value: CellValue) -> CellEdit:
    """Return what an xlsx cell is to hold, by the format it already has."""
    if value is None or isinstance(value, str):
        return CellEdit(value)
    from openpyxl import load_workbook
    from openpyxl.styles.numbers import is_date_format
    from openpyxl.utils.datetime import to_excel

    workbook = load_workbook(io.BytesIO(data), read_only=True)
    try:
        row, column = place[0] + 1, place[1] + 1
        cells = workbook[sheet].iter_rows(min_row=row, max_row=row, min_col=column, max_col=column)
        shown = getattr(next(iter(next(cells, ())), None), "number_format", None) or "General"
        epoch = workbook.epoch
    finally:
        workbook.close()
    if isinstance(value, date):
        if is_date_format(shown):
            day = datetime(value.year, value.month, value.day)
            return CellEdit(float(to_excel(day, epoch)))  # type: ignore[no-untyped-call]
        return CellEdit(f"{value:%d/%m/%Y}")
    return CellEdit(float(Decimal(repr(value)) / 100) if "%" in shown else value)


def _cell_texts(
    book: Book, grid: Grid, top: int, column: int, value: CellValue, form: TableForm
) -> Iterator[str]:
    """Yield how a value may be written in this text, the usual way of the file first."""
    if value is None:
        yield ""
    elif isinstance(value, str):
        yield NO_BREAK + value if is_formula_like(value) else value
    elif isinstance(value, date):
        yield f"{value:%d/%m/%Y}"
    else:
        rows = grid.rows[top + 1 :]
        heads = [form.find(head) for head in grid.rows[top]]
        numbers = [c for c, head in enumerate(heads) if head and form.is_number(head)]
        style = find_style(str(cells[c]) for cells in rows for c in numbers if cells[c])
        # Semicolons stand between fields exactly where the comma is the decimal sign.
        is_indonesian = (
            style.is_indonesian if book.separator != "," else style.commas > style.points
        )
        if any(str(cells[column]).lower().startswith("rp") for cells in rows):
            yield f"Rp {_figure(value, is_indonesian, is_grouped=True)}"
        yield _figure(value, is_indonesian)
        yield _figure(value, not is_indonesian)


def _figure(value: float, is_indonesian: bool, is_grouped: bool = False) -> str:
    """Write a figure exactly, and so that it can be read in one way only."""
    text = f"{Decimal(repr(value)):{',' if is_grouped else ''}f}"
    whole, _, fraction = text.partition(".")
    fraction = fraction.rstrip("0")
    text = f"{whole}.{fraction}" if fraction else whole
    if parse_number(text, NumberStyle())[1]:  # 1.125 and 541,000: a thousand or a fraction
        text += "0" if fraction else ".00"
    return text.translate(str.maketrans(",.", ".,")) if is_indonesian else text
