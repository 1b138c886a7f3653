"""Cells of a work plan changed in its file, and rows added; every other byte or cell stays.

A change is made on the newest bytes and read back: the plan must differ from the one before in this
figure or text, or by these rows, alone, or the file is left as it is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from zi_eval.core.instrument import Question
from zi_eval.core.problems import Problem, Severity
from zi_eval.errors import ParameterError, ZiEvalError
from zi_eval.sheets.book import Book, open_source
from zi_eval.sheets.edit_rows import added_rows, edited_row, next_row
from zi_eval.sheets.grid import Grid, cell_name
from zi_eval.sheets.table_form import find_sheet
from zi_eval.workplan.plan import Activity, WorkPlan
from zi_eval.workplan.table.headings import FORM, RESULTS, TARGETS
from zi_eval.workplan.table.reader import EMPTY, read_workplan
from zi_eval.workplan.table.template import cells_of

__all__ = [
    "FIELDS",
    "FIGURES",
    "ROW",
    "WorkPlanTable",
    "add_rows",
    "columns_of",
    "field_value",
    "parse_table",
    "row_values",
    "set_cell",
    "take_out",
]

FIELDS: Final = (*RESULTS, "penanggung_jawab", "bukti", "kendala", "tindak_lanjut")
"""What may be changed of an activity, by heading: what became of it, not what was planned."""
ROW: Final = (
    "kegiatan", "pertanyaan", "jawaban_dituju", "prioritas", "keluaran", "satuan", "sumber",
    *TARGETS, *FIELDS,
)  # fmt: skip
"""All that a row holds, which is written where an activity is added."""
FIGURES: Final = frozenset((*RESULTS, *TARGETS))


@dataclass(frozen=True, slots=True)
class WorkPlanTable:
    """A table as its file held it at one moment; ``problems`` are warnings only."""

    path: Path
    data: bytes
    plan: WorkPlan
    questions: Mapping[str, Question]
    problems: tuple[Problem, ...]
    sheet: str = ""

    @property
    def sha256(self) -> str:
        """The hash of the file's bytes."""
        return hashlib.sha256(self.data).hexdigest()


def parse_table(
    path: Path,
    data: bytes,
    plan: WorkPlan,
    questions: Mapping[str, Question],
    sheet: str = "",
) -> WorkPlanTable:
    """Return the table of these bytes, of the unit and year that ``plan`` is of.

    One without any activity, with which an error is reported elsewhere, is what a plan begins with.

    Raises
    ------
    ParameterError
        With every problem, where the table has errors.
    """
    reading = read_workplan(path, plan.unit, plan.year, questions, plan.name, sheet, data)
    if reading.plan is not None:
        return WorkPlanTable(path, data, reading.plan, questions, reading.problems, sheet)
    if {problem.code for problem in reading.problems if problem.severity is Severity.ERROR} == {
        EMPTY
    }:
        return WorkPlanTable(path, data, replace(plan, activities=()), questions, (), sheet)
    raise ParameterError(reading.problems)


def row_values(item: Activity) -> dict[str, float | str | None]:
    """Return all that a row holds of an activity by heading; None where it is empty."""
    cells = cells_of(item)
    return {field: None if cells[field] == "" else cells[field] for field in ROW}


def field_value(item: Activity, field: str) -> float | str | None:
    """Return what an activity holds under one of :data:`ROW`, None where it is empty."""
    return row_values(item)[field]


def set_cell(
    table: WorkPlanTable, item: Activity, field: str, value: float | str | None
) -> WorkPlanTable:
    """Return a table in which one field of an activity holds another value; no file changes.

    Parameters
    ----------
    item
        An activity of ``table.plan``.
    field
        One of :data:`FIELDS`.
    value
        A figure for a month, else a text; None to empty the cell.

    Raises
    ------
    ZiEvalError
        Where the column is missing, the cell holds a formula or is part of a merged one, the file
        is of a kind that cannot be edited, or what would be read back is not what was given.
    """
    book, grid, top, columns = _open(table)
    if field not in columns:
        raise ZiEvalError(
            f"Tabel {table.path.name} tidak punya kolom '{field}'. Tambahkan judul itu di Excel, "
            "simpan, lalu isi lagi."
        )
    row = item.row - 1
    wanted = [row_values(other) for other in table.plan.activities]
    wanted[table.plan.activities.index(item)][field] = None if value == "" else value
    ways = edited_row(table.data, book, grid, top, row, {columns[field]: value}, FORM)
    return _read_back(table, ways, wanted, cell_name(grid.sheet, row, columns[field]))


def add_rows(
    table: WorkPlanTable, rows: Sequence[Mapping[str, float | str | None]]
) -> WorkPlanTable:
    """Return a table with further activities below the others; no file changes.

    Parameters
    ----------
    rows
        Values by heading as :func:`row_values` has them; of columns that the table has.

    Raises
    ------
    ZiEvalError
        As :func:`set_cell`.
    """
    book, grid, top, columns = _open(table)
    placed = [
        {columns[f]: value for f, value in row.items() if value is not None and f in columns}
        for row in rows
    ]
    wanted = [row_values(item) for item in table.plan.activities]
    wanted += [{field: row.get(field) for field in ROW} for row in rows]
    ways = added_rows(table.data, book, grid, top, placed, FORM)
    return _read_back(table, ways, wanted, cell_name(grid.sheet, next_row(grid, top), 0))


def take_out(table: WorkPlanTable, item: Activity) -> WorkPlanTable:
    """Return a table without one activity, whose row is left empty; no file changes.

    Raises
    ------
    ZiEvalError
        As :func:`set_cell`.
    """
    book, grid, top, columns = _open(table)
    row = item.row - 1
    values = dict.fromkeys((columns[field] for field in ROW if field in columns), None)
    wanted = [row_values(other) for other in table.plan.activities if other is not item]
    ways = edited_row(table.data, book, grid, top, row, values, FORM)
    return _read_back(table, ways, wanted, cell_name(grid.sheet, row, 0))


def columns_of(table: WorkPlanTable) -> frozenset[str]:
    """Return which of :data:`ROW` the table has a column for."""
    return frozenset(_open(table)[3])


def _open(table: WorkPlanTable) -> tuple[Book, Grid, int, dict[str, int]]:
    book = open_source(table.path, table.data)
    grid, top = find_sheet(FORM, book, table.plan.year, table.sheet)
    columns: dict[str, int] = {}
    for column, head in enumerate(grid.rows[top]):
        if (name := FORM.find(head)) in ROW:
            columns.setdefault(name, column)
    return book, grid, top, columns


def _read_back(
    table: WorkPlanTable,
    ways: Iterable[bytes],
    wanted: Sequence[Mapping[str, float | str | None]],
    here: str,
) -> WorkPlanTable:
    """Return the first table that holds these rows; a figure that may be misread is not taken."""
    refusal = ""
    doubted = _doubted(table.problems)
    for data in ways:
        try:
            made = parse_table(table.path, data, table.plan, table.questions, table.sheet)
        except ParameterError as error:
            refusal = refusal or str(error.problems[0])
            continue
        if _doubted(made.problems) <= doubted and [
            row_values(item) for item in made.plan.activities
        ] == list(wanted):
            return made
    raise ZiEvalError(
        refusal
        or f"Isian untuk sel {here} tidak dapat disimpan tanpa mengubah arti tabelnya. Tulis sel "
        "itu di Excel, lalu simpan."
    )


def _doubted(problems: Iterable[Problem]) -> frozenset[str]:
    return frozenset(problem.cell for problem in problems if problem.code == "angka-meragukan")
