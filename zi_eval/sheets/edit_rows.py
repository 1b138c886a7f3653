"""Rows of a table changed or added below the others, written as its file writes; the rest stays.

Whoever does that reads the result back, and takes it only where the table differs in these rows
alone.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from zi_eval.errors import ZiEvalError
from zi_eval.sheets.book import Book, open_source
from zi_eval.sheets.edit import TextEdit, edit_workbook
from zi_eval.sheets.edit_cell import (
    CellValue,
    cell_edits,
    cell_texts,
    require_plain,
    require_text_kind,
)
from zi_eval.sheets.grid import Grid, cell_name, require_fits
from zi_eval.sheets.marks import Place
from zi_eval.sheets.table_form import TableForm

__all__ = ["added_rows", "edited_row", "next_row"]

Row = Mapping[int, CellValue]
"""Values by 0-based column."""


def next_row(grid: Grid, top: int) -> int:
    """Return the first 0-based row below headings with nothing in it or below it."""
    filled = (r for r, values in enumerate(grid.rows) if any(v not in ("", None) for v in values))
    return max([top, *filled]) + 1


def added_rows(
    data: bytes, book: Book, grid: Grid, top: int, rows: Sequence[Row], form: TableForm
) -> Iterator[bytes]:
    """Yield a file with rows below the others, in the ways it may be written, the usual one first.

    Parameters
    ----------
    data, book, grid
        The file's bytes, and what they hold.
    top
        The 0-based row of the headings.
    form
        As for :func:`~zi_eval.sheets.edit_cell.cell_texts`.

    Raises
    ------
    ZiEvalError
        Where a cell holds a formula or is merged, the file is of a kind that cannot be edited, or
        a text is longer than a cell takes.
    """
    first = next_row(grid, top)
    placed = {
        (first + n, column): value for n, row in enumerate(rows) for column, value in row.items()
    }
    if not _is_text(book, grid, placed):
        yield _edited_cells(data, book, grid, placed)
        return
    written = [
        {c: list(cell_texts(book, grid, top, c, value, form)) for c, value in row.items()}
        for row in rows
    ]
    ways = max((len(texts) for row in written for texts in row.values()), default=1)
    for way in range(ways):
        chosen = [{c: texts[min(way, len(texts) - 1)] for c, texts in r.items()} for r in written]
        yield _append_text(data, book, grid, chosen)


def _is_text(book: Book, grid: Grid, placed: Mapping[Place, CellValue]) -> bool:
    """Whether a file is text whose rows are written anew; refuses what no cell takes."""
    for place, value in placed.items():
        require_fits(cell_name(grid.sheet, *place), value)
    return require_text_kind(book)


def _edited_cells(data: bytes, book: Book, grid: Grid, placed: Mapping[Place, CellValue]) -> bytes:
    for place in placed:
        require_plain(grid, place)
    return edit_workbook(data, book.parts, {grid.sheet: cell_edits(data, grid.sheet, placed)})


def _append_text(data: bytes, book: Book, grid: Grid, rows: Sequence[Mapping[int, str]]) -> bytes:
    """Return a CSV with rows at its end, in its own separator, line ends and encoding."""
    codec = {"utf-8-sig": "utf-8", "utf-16": "utf-16-le"}.get(book.encoding, book.encoding)
    if book.encoding == "utf-16" and data.startswith(b"\xfe\xff"):
        codec = "utf-16-be"
    text = data.decode(book.encoding)
    end = "\r\n" if "\r\n" in text else "\n"
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=book.separator, lineterminator=end)
    for row in rows:
        fields = [""] * grid.width
        for column, value in row.items():
            fields[column] = value
        writer.writerow(fields)
    start = "" if not text or text.endswith(("\n", "\r")) else end
    try:
        return data + (start + stream.getvalue()).encode(codec)
    except UnicodeEncodeError as error:
        strange = error.object[error.start : error.start + 1]
        raise ZiEvalError(
            f"Huruf '{strange}' tidak ada dalam penyandian {book.name}. Simpan ulang tabelnya di "
            "Excel sebagai CSV UTF-8."
        ) from error


def edited_row(
    data: bytes, book: Book, grid: Grid, top: int, row: int, values: Row, form: TableForm
) -> Iterator[bytes]:
    """Yield a file with cells of one row changed, the usual way of writing first.

    Parameters and errors as for :func:`added_rows`; ``row`` is 0-based.
    """
    placed = {(row, column): value for column, value in values.items()}
    if not _is_text(book, grid, placed):
        yield _edited_cells(data, book, grid, placed)
        return
    written = {c: list(cell_texts(book, grid, top, c, v, form)) for c, v in values.items()}
    for way in range(max(map(len, written.values()), default=1)):
        made, now = data, book
        for column, texts in written.items():
            made = TextEdit(made, now, row, column).apply(texts[min(way, len(texts) - 1)])
            now = open_source(Path(book.name), made)
        yield made
