"""How a value is written into a cell of a table, as that file writes.

A decimal sign, a quote or a format of the file may be misjudged: whoever changes a cell reads the
result back, and takes it only where the table differs in that cell alone.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Final, TypeAlias

from zi_eval.errors import ZiEvalError
from zi_eval.formats import is_formula_like
from zi_eval.sheets.book import Book
from zi_eval.sheets.container import TEXT, WORKBOOK
from zi_eval.sheets.edit import CellEdit
from zi_eval.sheets.grid import Grid, cell_name
from zi_eval.sheets.marks import Place
from zi_eval.sheets.numbers import NumberStyle, find_style, parse_number
from zi_eval.sheets.table_form import TableForm

__all__ = [
    "CellValue",
    "cell_edits",
    "cell_texts",
    "require_plain",
    "require_text_kind",
]

CellValue: TypeAlias = float | str | date | None
NO_BREAK: Final = "\u00a0"
"""Before a text that begins like a formula: spreadsheets then take it for text, and the reader,
like every reading that strips, gives back what was typed."""


def require_text_kind(book: Book) -> bool:
    """Return whether a file is text; raise where it is neither that nor a workbook of Excel."""
    if book.kind not in (TEXT, WORKBOOK):
        raise ZiEvalError(
            f"Tabel {book.name} adalah {book.kind}, yang hanya dapat dibaca. Simpan sebagai "
            "Buku Kerja Excel (.xlsx) atau CSV, lalu isi lagi."
        )
    return book.kind == TEXT


def require_plain(grid: Grid, place: Place) -> None:
    """Raise where a cell holds a formula or is part of a merged one."""
    here = cell_name(grid.sheet, *place)
    if place in grid.formulas:
        raise ZiEvalError(
            f"Sel {here} berisi rumus, jadi tidak ditimpa. Ubah sumber rumusnya di Excel, atau "
            "ganti rumus itu dengan angka, simpan, lalu isi lagi."
        )
    for top, left, bottom, right in grid.merges:
        if top <= place[0] <= bottom and left <= place[1] <= right and place != (top, left):
            raise ZiEvalError(
                f"Sel {here} digabung dengan sel lain. Pisahkan selnya di Excel, lalu isi lagi."
            )


def cell_edits(data: bytes, sheet: str, placed: Mapping[Place, CellValue]) -> dict[Place, CellEdit]:
    """Return what xlsx cells are to hold, by the formats they already have."""
    made = {p: CellEdit(v) for p, v in placed.items() if v is None or isinstance(v, str)}
    if len(made) == len(placed):
        return made
    from openpyxl import load_workbook
    from openpyxl.styles.numbers import is_date_format
    from openpyxl.utils.datetime import to_excel

    workbook = load_workbook(io.BytesIO(data), read_only=True)
    try:
        for (row, column), value in placed.items():
            if value is None or isinstance(value, str):
                continue
            at, to = row + 1, column + 1
            cells = workbook[sheet].iter_rows(min_row=at, max_row=at, min_col=to, max_col=to)
            shown = getattr(next(iter(next(cells, ())), None), "number_format", None) or "General"
            held: float | str
            if not isinstance(value, date):
                held = float(Decimal(repr(value)) / 100) if "%" in shown else value
            elif is_date_format(shown):
                day = datetime(value.year, value.month, value.day)
                held = float(to_excel(day, workbook.epoch))  # type: ignore[no-untyped-call]
            else:
                held = f"{value:%d/%m/%Y}"
            made[row, column] = CellEdit(held)
    finally:
        workbook.close()
    return made


def cell_texts(
    book: Book, grid: Grid, top: int, column: int, value: CellValue, form: TableForm
) -> Iterator[str]:
    """Yield how a value may be written in this text, the usual way of the file first.

    Parameters
    ----------
    top, column
        0-based: the row of the headings, and the column of the cell.
    form
        Which columns hold figures: by them it is found out how the file writes figures.
    """
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
