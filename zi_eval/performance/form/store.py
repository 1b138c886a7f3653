"""A unit's performance table while people fill it in: each change is in the file before it counts.

What such tables share is :class:`~zi_eval.journal.live_table.LiveTable`; the journal stands in
``parameters/<period>/jurnal/<unit>.kinerja.jsonl``.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, Final

from zi_eval.core.text import fold
from zi_eval.errors import ZiEvalError
from zi_eval.journal.changes import Values
from zi_eval.journal.fields import FieldPlace, Person
from zi_eval.journal.live_table import LiveTable, journal_file, proven_unit
from zi_eval.performance.load import TABLES
from zi_eval.performance.plan import Indicator, Plan
from zi_eval.performance.table.editor import (
    FIELDS,
    CellValue,
    PerformanceTable,
    field_value,
    read_table,
    set_cell,
)
from zi_eval.period.reading import Period
from zi_eval.period.unit_tables import plan_year
from zi_eval.sheets.container import read_file

__all__ = ["KIND", "PerformanceStore", "indicator_key", "table_values"]

KIND: Final = "kinerja"
"""What its journal is called."""


def indicator_key(item: Indicator) -> str:
    """Return by what an indicator is found again after its row moved: its name and its sasaran."""
    return f"{fold(item.name)} / {fold(item.goal)}"


def table_values(plan: Plan) -> Values:
    """Return every value that may be changed, as JSON keeps it; what is empty is left out."""
    found: Values = {}
    for item in plan.indicators:
        key = indicator_key(item)
        for field in FIELDS:
            value = field_value(item, field)
            if value is not None:
                found[FieldPlace(key, field)] = (
                    value.isoformat() if isinstance(value, date) else value
                )
    return found


def _cell_value(field: str, value: Any) -> CellValue:
    if value is None or FIELDS[field] == "text":
        return None if value is None else str(value)
    return date.fromisoformat(value) if FIELDS[field] == "date" else float(value)


class PerformanceStore(LiveTable[PerformanceTable]):
    """A hold on a unit's performance table; all methods may be called from any thread."""

    def __init__(self, path: Path, table: PerformanceTable) -> None:
        super().__init__(path, journal_file(path, KIND), table, _cell_value)

    @classmethod
    def open(cls, folder: Path, unit: str, name: str = "", kind: str = "") -> PerformanceStore:
        """Open the table of a unit in a period's folder; nothing is written by that.

        Raises
        ------
        WorkspaceError
            Where the unit has no table.
        ParameterError
            With every problem, where its table has errors, or where it has two.
        """
        path = TABLES.find_only(folder.absolute(), unit)
        sheet = Period.read(folder).sheet_of(path)
        return cls(path, read_table(path, unit, plan_year(folder), name, kind, sheet=sheet))

    @property
    def plan(self) -> Plan:
        """The plan as it was last seen."""
        return self.table.plan

    def item(self, key: str) -> Indicator:
        """Return an indicator by its key.

        Raises
        ------
        ZiEvalError
            Where the table has none of this key any more.
        """
        for item in self.plan.indicators:
            if indicator_key(item) == key:
                return item
        raise ZiEvalError(
            f"Indikator '{key}' tidak ada lagi di {self.path.name}. Muat ulang halaman."
        )

    def get(self, place: FieldPlace) -> Any:
        """Return the plain value of a place, None where it is empty."""
        value = field_value(self.item(place.key), place.field)
        return value.isoformat() if isinstance(value, date) else value

    def read_bytes(self) -> bytes:
        """Return the bytes of the file."""
        return read_file(self.path)

    def parse(self, data: bytes) -> PerformanceTable:
        """Return the table of these bytes."""
        plan = self.plan
        return read_table(
            self.path, plan.unit, plan.year, plan.name, plan.kind, data, self.table.sheet
        )

    def values_of(self, table: PerformanceTable) -> Values:
        """Return every value that may be changed."""
        return table_values(table.plan)

    def with_value(
        self, table: PerformanceTable, place: FieldPlace, value: Any
    ) -> PerformanceTable:
        """Return a table in which one cell holds another value."""
        self.item(place.key)  # refuses one whose row is gone
        item = next(i for i in table.plan.indicators if indicator_key(i) == place.key)
        return set_cell(table, item, place.field, _cell_value(place.field, value))

    def proven(self, person: Person) -> Person:
        """Return who of the unit fills the table in."""
        return proven_unit(person, self.path.stem, "tabel kinerja")
