"""Rows of a table of recommendations changed or added in its file; everything else stays.

A change is made on a copy of the newest bytes and read back: the table must differ from the one
before in this field, or by these rows, alone, or the file is left as it is.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, TypeAlias

from zi_eval.core.problems import Problem
from zi_eval.errors import ParameterError, ZiEvalError
from zi_eval.files import is_formula_like
from zi_eval.recommendations.table.headings import FORM, find_heading
from zi_eval.recommendations.table.reader import read_recommendations
from zi_eval.recommendations.values import Origin, Recommendation, Status
from zi_eval.sheets.book import Book, open_source
from zi_eval.sheets.container import TEXT, WORKBOOK
from zi_eval.sheets.edit import CellEdit, TextEdit, edit_workbook
from zi_eval.sheets.grid import Grid, require_fits
from zi_eval.sheets.marks import Place
from zi_eval.sheets.table_form import find_sheet

__all__ = [
    "FIELDS",
    "RegisterTable",
    "add_rows",
    "field_value",
    "parse_field",
    "parse_table",
    "set_fields",
]

FIELDS: Final[Mapping[str, str]] = {
    "nomor": "number", "sumber": "origin", "pertanyaan": "questions", "rekomendasi": "text",
    "tanggal": "issued", "penanggung_jawab": "owner", "batas_waktu": "due", "status": "status",
    "tindak_lanjut": "action", "bukti": "proof", "diverifikasi_oleh": "verified_by",
    "tanggal_verifikasi": "verified_on", "keterangan": "note",
}  # fmt: skip
"""The attribute of each column."""
DATES: Final = frozenset(name for name, column in FORM.names.items() if column.kind == "date")
NO_BREAK: Final = "\u00a0"
"""Before a text that begins like a formula: spreadsheets then take it for text, and the reader,
like every reading that strips, gives back what was typed."""

Plain: TypeAlias = str | None
"""A value as the journal keeps it: a text, a date in ISO form, None where it is empty."""


@dataclass(frozen=True, slots=True)
class RegisterTable:
    """A table as its file held it at one moment; ``problems`` are warnings only."""

    path: Path
    data: bytes
    items: tuple[Recommendation, ...]
    year: int
    problems: tuple[Problem, ...] = ()
    sheet: str = ""

    @property
    def sha256(self) -> str:
        """The hash of the file's bytes."""
        return hashlib.sha256(self.data).hexdigest()


def parse_table(path: Path, data: bytes, year: int, sheet: str = "") -> RegisterTable:
    """Return the table of these bytes.

    Raises
    ------
    ParameterError
        With every problem, where it has errors.
    """
    items, problems = read_recommendations(path, year, (), sheet, data)
    if items is None:
        raise ParameterError(problems)
    return RegisterTable(path, data, items, year, problems, sheet)


def field_value(item: Recommendation, field: str) -> Plain:
    """Return what a recommendation holds under one of :data:`FIELDS`, None where it is empty."""
    value: Any = getattr(item, FIELDS[field])
    if isinstance(value, date):
        return value.isoformat()
    text = ", ".join(value) if isinstance(value, tuple) else str(value or "")
    return text or None


def parse_field(field: str, value: Any) -> Any:
    """Return a plain value as a recommendation holds it.

    Raises
    ------
    ValueError
        Where it cannot be one of this field.
    """
    if field in DATES:
        return None if value is None else date.fromisoformat(value)
    if field == "status":
        return Status(value or Status.OPEN)
    if field == "sumber":
        return Origin(value)
    if field == "pertanyaan":
        return tuple(str(value or "").replace(",", " ").split())
    if value is not None and not isinstance(value, str):
        raise ValueError(field)
    if FIELDS[field]:
        return value or ""
    raise KeyError(field)


def _open(table: RegisterTable) -> tuple[Book, Grid, int, dict[str, int]]:
    book = open_source(table.path, table.data)
    grid, top = find_sheet(FORM, book, table.year, table.sheet)
    columns: dict[str, int] = {}
    for column, head in enumerate(grid.rows[top]):
        if (name := find_heading(head)) in FIELDS:
            columns.setdefault(name, column)
    if book.kind not in (TEXT, WORKBOOK):
        raise ZiEvalError(
            f"Tabel {table.path.name} adalah {book.kind}, yang hanya dapat dibaca. Simpan sebagai "
            "Buku Kerja Excel (.xlsx) atau CSV, lalu isi lagi."
        )
    return book, grid, top, columns


def set_fields(
    table: RegisterTable, item: Recommendation, values: Mapping[str, Plain]
) -> RegisterTable:
    """Return a table in which fields of a recommendation hold other values; no file changes.

    Parameters
    ----------
    item
        One of ``table.items``; with every field of it empty, its row is taken out.

    Raises
    ------
    ZiEvalError
        Where a column is missing, a cell holds a formula or is merged, the file cannot be edited,
        or what would be read back is not what was given.
    """
    book, grid, _, columns = _open(table)
    _require_columns(table, [field for field, value in values.items() if value], columns)
    placed = {(item.row - 1, columns[f]): (f, v) for f, v in values.items() if f in columns}
    for place, (_, value) in placed.items():
        require_fits(grid.name(*place), value)
    data = table.data
    if book.kind == TEXT:
        for place, (field, value) in placed.items():
            data = TextEdit(data, open_source(table.path, data), *place).apply(_text(field, value))
    else:
        data = _edit_cells(table, book, grid, placed)
    is_gone = all(values.get(f, "") is None for f in FIELDS if field_value(item, f) is not None)
    changed: tuple[Recommendation, ...] = ()
    if not is_gone:
        given = {FIELDS[field]: parse_field(field, value) for field, value in values.items()}
        changed = (replace(item, **given),)
    expected = [kept for other in table.items for kept in (changed if other is item else (other,))]
    at = next(iter(placed)) if len(placed) == 1 else (item.row - 1, 0)
    return _read_back(table, data, expected, grid.name(*at))


def add_rows(table: RegisterTable, items: Sequence[Recommendation]) -> RegisterTable:
    """Return a table with further recommendations below the others; no file changes.

    Raises
    ------
    ZiEvalError
        As :func:`set_fields`.
    """
    book, grid, top, columns = _open(table)
    rows = [{f: v for f in FIELDS if (v := field_value(item, f)) is not None} for item in items]
    _require_columns(table, [field for row in rows for field in row], columns)
    filled = [r for r, values in enumerate(grid.rows) if any(v not in ("", None) for v in values)]
    first = max([top, *filled]) + 1
    for number, row in enumerate(rows):
        for field, value in row.items():
            require_fits(grid.name(first + number, columns[field]), value)
    if book.kind == TEXT:
        data = _append_text(table.data, book, grid, columns, rows)
    else:
        placed = {
            (first + n, columns[field]): (field, value)
            for n, row in enumerate(rows)
            for field, value in row.items()
        }
        data = _edit_cells(table, book, grid, placed)
    return _read_back(table, data, (*table.items, *items), grid.name(first, 0))


def _require_columns(
    table: RegisterTable, fields: Iterable[str], columns: Mapping[str, int]
) -> None:
    missing = sorted(set(fields) - columns.keys())
    if missing:
        raise ZiEvalError(
            f"Tabel {table.path.name} tidak punya kolom {', '.join(missing)}. Tambahkan judul itu "
            "di Excel, simpan, lalu isi lagi."
        )


def _edit_cells(
    table: RegisterTable,
    book: Book,
    grid: Grid,
    placed: Mapping[tuple[int, int], tuple[str, Plain]],
) -> bytes:
    for place in placed:
        _require_plain(grid, place)
    edits = _cells(table.data, grid.sheet, placed)
    return edit_workbook(table.data, book.parts, {grid.sheet: edits})


def _read_back(
    table: RegisterTable, data: bytes, expected: Sequence[Recommendation], here: str
) -> RegisterTable:
    """Return the table of new bytes, whose rows may have moved but must be the expected ones."""
    made = parse_table(table.path, data, table.year, table.sheet)
    if list(map(_bare, made.items)) != list(map(_bare, expected)):
        raise ZiEvalError(
            f"Isian untuk sel {here} tidak dapat disimpan tanpa mengubah arti tabelnya. Tulis di "
            "Excel, lalu simpan."
        )
    return made


def _bare(item: Recommendation) -> tuple[Plain, ...]:
    """Return what a row says, wherever it stands."""
    return tuple(field_value(item, field) for field in FIELDS)


def _require_plain(grid: Grid, place: tuple[int, int]) -> None:
    here = grid.name(*place)
    if place in grid.formulas:
        raise ZiEvalError(
            f"Sel {here} berisi rumus, jadi tidak ditimpa. Ganti rumus itu dengan isinya di Excel, "
            "simpan, lalu isi lagi."
        )
    for top, left, bottom, right in grid.merges:
        if top <= place[0] <= bottom and left <= place[1] <= right and place != (top, left):
            raise ZiEvalError(
                f"Sel {here} digabung dengan sel lain. Pisahkan selnya di Excel, lalu isi lagi."
            )


def _text(field: str, value: Plain) -> str:
    """Return a value as a CSV holds it."""
    if value is None:
        return ""
    if field in DATES:
        return f"{date.fromisoformat(value):%d/%m/%Y}"
    return NO_BREAK + value if is_formula_like(value) else value


def _cells(
    data: bytes, sheet: str, placed: Mapping[Place, tuple[str, Plain]]
) -> dict[Place, CellEdit]:
    """Return what xlsx cells are to hold; a date as a number where the cell's format shows one."""
    made = {place: CellEdit(value) for place, (_, value) in placed.items()}
    days = {p: date.fromisoformat(v) for p, (f, v) in placed.items() if v and f in DATES}
    if not days:
        return made
    from openpyxl import load_workbook
    from openpyxl.styles.numbers import is_date_format
    from openpyxl.utils.datetime import to_excel

    workbook = load_workbook(io.BytesIO(data), read_only=True)
    try:
        for (row, column), day in days.items():
            at, to = row + 1, column + 1
            cells = workbook[sheet].iter_rows(min_row=at, max_row=at, min_col=to, max_col=to)
            shown = getattr(next(iter(next(cells, ())), None), "number_format", None) or "General"
            moment = datetime(day.year, day.month, day.day)
            made[row, column] = CellEdit(
                float(to_excel(moment, workbook.epoch))  # type: ignore[no-untyped-call]
                if is_date_format(shown)
                else f"{day:%d/%m/%Y}"
            )
    finally:
        workbook.close()
    return made


def _append_text(
    data: bytes,
    book: Book,
    grid: Grid,
    columns: Mapping[str, int],
    rows: Iterable[Mapping[str, Plain]],
) -> bytes:
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
        for field, value in row.items():
            fields[columns[field]] = _text(field, value)
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
