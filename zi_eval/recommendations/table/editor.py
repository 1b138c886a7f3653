"""Rows of a table of recommendations changed or added in its file; everything else stays.

A change is made on a copy of the newest bytes and read back: the table must differ from the one
before in this field, or by these rows, alone, or the file is left as it is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final, TypeAlias

from zi_eval.core.problems import Problem
from zi_eval.errors import ParameterError, ZiEvalError
from zi_eval.recommendations.table.headings import FORM
from zi_eval.recommendations.table.reader import read_recommendations
from zi_eval.recommendations.values import Origin, Recommendation, Status
from zi_eval.sheets.book import Book, open_source
from zi_eval.sheets.edit_cell import CellValue
from zi_eval.sheets.edit_rows import added_rows, edited_row, next_row
from zi_eval.sheets.grid import Grid
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
        if (name := FORM.find(head)) in FIELDS:
            columns.setdefault(name, column)
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
    book, grid, top, columns = _open(table)
    _require_columns(table, [field for field, value in values.items() if value], columns)
    row = {columns[f]: _cell_value(f, v) for f, v in values.items() if f in columns}
    is_gone = all(values.get(f, "") is None for f in FIELDS if field_value(item, f) is not None)
    changed: tuple[Recommendation, ...] = ()
    if not is_gone:
        given = {FIELDS[field]: parse_field(field, value) for field, value in values.items()}
        changed = (replace(item, **given),)
    expected = [kept for other in table.items for kept in (changed if other is item else (other,))]
    (data,) = edited_row(table.data, book, grid, top, item.row - 1, row, FORM)
    at = next(iter(row)) if len(row) == 1 else 0
    return _read_back(table, data, expected, grid.name(item.row - 1, at))


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
    placed = [{columns[f]: _cell_value(f, v) for f, v in row.items()} for row in rows]
    (data,) = added_rows(table.data, book, grid, top, placed, FORM)
    return _read_back(table, data, (*table.items, *items), grid.name(next_row(grid, top), 0))


def _cell_value(field: str, value: Plain) -> CellValue:
    return date.fromisoformat(value) if value and field in DATES else value


def _require_columns(
    table: RegisterTable, fields: Iterable[str], columns: Mapping[str, int]
) -> None:
    missing = sorted(set(fields) - columns.keys())
    if missing:
        raise ZiEvalError(
            f"Tabel {table.path.name} tidak punya kolom {', '.join(missing)}. Tambahkan judul itu "
            "di Excel, simpan, lalu isi lagi."
        )


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
