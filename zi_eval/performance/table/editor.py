"""One cell of a performance table changed in its file; every other byte or cell stays.

A change is made on a copy of the newest bytes and read back: the plan must differ from the one
before in this figure or text alone, or the file is left as it is. So a decimal sign, a quote or a
format of the file that was misjudged ends in a refusal, never in a wrong figure.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from math import isclose
from pathlib import Path
from typing import Any, Final

from zi_eval.core.problems import Problem
from zi_eval.errors import ParameterError, ZiEvalError
from zi_eval.performance.plan import Indicator, Plan
from zi_eval.performance.table.headings import table_form
from zi_eval.performance.table.reader import read_plan
from zi_eval.sheets.book import open_source
from zi_eval.sheets.container import read_file
from zi_eval.sheets.edit_cell import CellValue
from zi_eval.sheets.edit_rows import edited_row
from zi_eval.sheets.grid import cell_name
from zi_eval.sheets.table_form import find_sheet

__all__ = [
    "FIELDS",
    "CellValue",
    "PerformanceTable",
    "field_value",
    "read_table",
    "set_cell",
]

FIELDS: Final[Mapping[str, str]] = {
    **{f"realisasi_tw{quarter}": "number" for quarter in (1, 2, 3, 4)},
    "realisasi_anggaran": "number", "sebab": "text", "tindak_lanjut": "text",
    "penanggung_jawab": "text", "batas_waktu": "date", "bukti": "text",
}  # fmt: skip
"""What may be changed, by heading, with the kind of its value."""
ATTRIBUTES = {
    "realisasi_anggaran": "spent", "sebab": "cause", "tindak_lanjut": "follow_up",
    "penanggung_jawab": "owner", "batas_waktu": "due", "bukti": "evidence",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PerformanceTable:
    """A table as its file held it at one moment; ``problems`` are warnings only."""

    path: Path
    data: bytes
    plan: Plan
    problems: tuple[Problem, ...]
    sheet: str = ""

    @property
    def sha256(self) -> str:
        """The hash of the file's bytes."""
        return hashlib.sha256(self.data).hexdigest()


def field_value(item: Indicator, field: str) -> CellValue:
    """Return what an indicator holds under one of :data:`FIELDS`, None where it is empty."""
    if field.startswith("realisasi_tw"):
        return item.results[int(field[-1]) - 1]
    value: CellValue = getattr(item, ATTRIBUTES[field])
    return None if value == "" else value


def _with_value(item: Indicator, field: str, value: CellValue) -> Indicator:
    if field.startswith("realisasi_tw"):
        assert value is None or isinstance(value, float)
        results = list(item.results)
        results[int(field[-1]) - 1] = value
        one, two, three, four = results
        return replace(item, results=(one, two, three, four))
    empty = "" if FIELDS[field] == "text" else None
    changed: dict[str, Any] = {ATTRIBUTES[field]: empty if value is None else value}
    return replace(item, **changed)


def read_table(
    path: Path,
    unit: str,
    year: int,
    name: str = "",
    kind: str = "",
    data: bytes | None = None,
    sheet: str = "",
) -> PerformanceTable:
    """Read a table, or the bytes that it is to have (``data``), as ``read_plan`` does.

    Raises
    ------
    ParameterError
        With every problem, where the table has errors.
    WorkbookError
        Where the file cannot be opened.
    """
    content = read_file(path) if data is None else data
    with _copy(path, content) as copy:
        reading = read_plan(copy, unit, year, name, kind, sheet)
    problems = tuple(
        replace(p, file=str(path), message=p.message.replace(str(copy), str(path)))
        for p in reading.problems
    )
    if reading.plan is None:
        raise ParameterError(problems)
    return PerformanceTable(path, content, reading.plan, problems, sheet)


@contextmanager
def _copy(path: Path, data: bytes) -> Iterator[Path]:
    """Show bytes to readers that take a file, so that all of them see the same moment."""
    with tempfile.TemporaryDirectory(prefix="zi-eval-") as folder:
        copy = Path(folder) / path.name
        copy.write_bytes(data)
        yield copy


def set_cell(
    table: PerformanceTable, item: Indicator, field: str, value: CellValue
) -> PerformanceTable:
    """Return a table in which one field of an indicator holds another value; no file changes.

    Parameters
    ----------
    item
        An indicator of ``table.plan``.
    field
        One of :data:`FIELDS`.
    value
        None to empty the cell.

    Raises
    ------
    ZiEvalError
        Where the column is missing, the cell holds a formula or is part of a merged one, the file
        is of a kind that cannot be edited, or what would be read back is not what was given.
    """
    if FIELDS[field] == "number" and value is not None:
        value = float(value)  # type: ignore[arg-type]
    row, form = item.row - 1, table_form(table.plan.year)
    with _copy(table.path, table.data) as copy:
        book = open_source(copy)
        grid, top = find_sheet(form, book, table.plan.year, table.sheet)
    heads = enumerate(map(form.find, grid.rows[top]))
    column = next((c for c, name in heads if name == field), None)
    if column is None:
        raise ZiEvalError(
            f"Tabel {table.path.name} tidak punya kolom '{field}'. Tambahkan judul itu di Excel, "
            "simpan, lalu isi lagi."
        )
    wanted = _with_value(item, field, value)
    refusal = ""
    for data in edited_row(table.data, book, grid, top, row, {column: value}, form):
        try:
            plan = table.plan
            made = read_table(
                table.path, plan.unit, plan.year, plan.name, plan.kind, data, table.sheet
            )
        except ParameterError as error:
            refusal = refusal or str(error.problems[0])
            continue
        here = cell_name(grid.sheet, row, column)
        is_doubtful = any((p.code, p.cell) == ("angka-meragukan", here) for p in made.problems)
        if not is_doubtful and _is_only_change(table.plan, made.plan, item, wanted, field):
            return made
    raise ZiEvalError(
        refusal
        or f"Isian untuk sel {cell_name(grid.sheet, row, column)} tidak dapat disimpan tanpa "
        "mengubah arti tabelnya. Tulis sel itu di Excel, lalu simpan."
    )


def _is_only_change(
    before: Plan, after: Plan, item: Indicator, wanted: Indicator, field: str
) -> bool:
    if len(before.indicators) != len(after.indicators):
        return False
    for old, new in zip(before.indicators, after.indicators, strict=True):
        if old is not item:
            if new != old:
                return False
            continue
        got, aim = field_value(new, field), field_value(wanted, field)
        if isinstance(got, float) and isinstance(aim, float):
            # A share kept as 0.911 comes back as 91.1 but for the last binary digit.
            if not isclose(got, aim, rel_tol=1e-12, abs_tol=1e-12):
                return False
        elif got != aim:
            return False
        if _with_value(new, field, aim) != wanted:
            return False
    return True
