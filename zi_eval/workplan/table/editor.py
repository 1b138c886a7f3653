"""One cell of a work plan changed in its file; every other byte or cell stays.

A change is made on the newest bytes and read back: the plan must differ from the one before in this
figure or text alone, or the file is left as it is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from zi_eval.core.instrument import Question
from zi_eval.core.problems import Problem
from zi_eval.errors import ParameterError, ZiEvalError
from zi_eval.sheets.book import open_source
from zi_eval.sheets.edit_cell import CellValue, edited_cell
from zi_eval.sheets.grid import cell_name
from zi_eval.sheets.table_form import find_sheet
from zi_eval.workplan.plan import Activity, WorkPlan
from zi_eval.workplan.table.headings import FORM, RESULTS, find_heading
from zi_eval.workplan.table.reader import read_workplan

__all__ = ["FIELDS", "WorkPlanTable", "field_value", "parse_table", "set_cell"]

TEXTS: Final[Mapping[str, str]] = {
    "penanggung_jawab": "owner", "bukti": "evidence", "kendala": "obstacle",
    "tindak_lanjut": "follow_up",
}  # fmt: skip
"""The attribute of each text that may be changed."""
FIELDS: Final = (*RESULTS, *TEXTS)
"""What may be changed, by heading: what became of an activity, not what was planned."""


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

    Raises
    ------
    ParameterError
        With every problem, where the table has errors.
    """
    reading = read_workplan(path, plan.unit, plan.year, questions, plan.name, sheet, data)
    if reading.plan is None:
        raise ParameterError(reading.problems)
    return WorkPlanTable(path, data, reading.plan, questions, reading.problems, sheet)


def field_value(item: Activity, field: str) -> float | str | None:
    """Return what an activity holds under one of :data:`FIELDS`, None where it is empty."""
    if field in RESULTS:
        return item.results[RESULTS.index(field)]
    value: str = getattr(item, TEXTS[field])
    return value or None


def _with_value(item: Activity, field: str, value: CellValue) -> Activity:
    if field in RESULTS:
        assert value is None or isinstance(value, float)
        results = list(item.results)
        results[RESULTS.index(field)] = value
        return replace(item, results=tuple(results))
    changed: dict[str, Any] = {TEXTS[field]: value or ""}
    return replace(item, **changed)


def set_cell(table: WorkPlanTable, item: Activity, field: str, value: CellValue) -> WorkPlanTable:
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
    row = item.row - 1
    book = open_source(table.path, table.data)
    grid, top = find_sheet(FORM, book, table.plan.year, table.sheet)
    column = next((c for c, head in enumerate(grid.rows[top]) if find_heading(head) == field), None)
    if column is None:
        raise ZiEvalError(
            f"Tabel {table.path.name} tidak punya kolom '{field}'. Tambahkan judul itu di Excel, "
            "simpan, lalu isi lagi."
        )
    wanted = replace(
        table.plan,
        activities=tuple(
            _with_value(other, field, value) if other is item else other
            for other in table.plan.activities
        ),
    )
    refusal, here = "", cell_name(grid.sheet, row, column)
    for data in edited_cell(table.data, book, grid, (top, row, column), value, FORM):
        try:
            made = parse_table(table.path, data, table.plan, table.questions, table.sheet)
        except ParameterError as error:
            refusal = refusal or str(error.problems[0])
            continue
        is_doubtful = any((p.code, p.cell) == ("angka-meragukan", here) for p in made.problems)
        if not is_doubtful and made.plan == wanted:
            return made
    raise ZiEvalError(
        refusal
        or f"Isian untuk sel {here} tidak dapat disimpan tanpa mengubah arti tabelnya. Tulis sel "
        "itu di Excel, lalu simpan."
    )
