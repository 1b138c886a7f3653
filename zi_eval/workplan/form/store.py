"""A unit's work plan while people report what became of it: each change is in the file first.

What such tables share is :class:`~zi_eval.journal.live_table.LiveTable`; the journal stands in
``parameters/<period>/jurnal/<unit>.rencana-zi.jsonl``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from zi_eval.core.text import fold, quote
from zi_eval.errors import ArgumentError, ZiEvalError
from zi_eval.journal.changes import Values
from zi_eval.journal.fields import Change, FieldPlace, Person
from zi_eval.journal.live_table import journal_file, proven_unit
from zi_eval.journal.row_table import RowTable, create_table
from zi_eval.period.reading import Period
from zi_eval.period.unit_tables import plan_year
from zi_eval.sheets.container import read_file
from zi_eval.workplan.files import FOLDER, TABLES
from zi_eval.workplan.plan import Activity, WorkPlan
from zi_eval.workplan.table.editor import (
    FIELDS,
    FIGURES,
    ROW,
    WorkPlanTable,
    add_rows,
    columns_of,
    parse_table,
    row_values,
    set_cell,
    take_out,
)
from zi_eval.workplan.table.template import render_workbook

__all__ = ["WorkPlanStore", "activity_key", "change_activity"]


def activity_key(item: Activity) -> str:
    """Return by what an activity is found again after its row moved: its name."""
    return fold(item.name)


def _cell_value(field: str, value: Any) -> float | str | None:
    if field not in ROW:
        raise KeyError(field)
    if value is None:
        return None
    return float(value) if field in FIGURES else str(value)


class WorkPlanStore(RowTable[WorkPlanTable]):
    """A hold on a unit's work plan; all methods may be called from any thread."""

    def __init__(self, path: Path, table: WorkPlanTable) -> None:
        super().__init__(path, journal_file(path, FOLDER), table, _cell_value)

    @classmethod
    def open(cls, folder: Path, unit: str) -> WorkPlanStore:
        """Open the plan of a unit in a period's folder; nothing is written by that.

        Raises
        ------
        WorkspaceError
            Where the unit has no plan.
        ParameterError
            With every problem, where its table has errors, or where it has two.
        """
        period = Period.read(folder)
        path, file = TABLES.find_only(period.folder.absolute(), unit), period.find_unit(unit)
        name = period.read_head(file)[0] if file else ""
        empty = WorkPlan(unit, name or unit, plan_year(period), ())
        questions = period.load_instrument().questions
        sheet = period.sheet_of(path)
        return cls(path, parse_table(path, read_file(path), empty, questions, sheet))

    @classmethod
    def begin(cls, folder: Path, unit: str) -> WorkPlanStore:
        """Open the plan of a unit, made empty where there is none; who comes second opens it.

        Raises
        ------
        ZiEvalError
            As :meth:`open`.
        """
        if not TABLES.has(folder, unit):
            empty = render_workbook(plan_year(Period.read(folder)))
            path = folder / FOLDER / f"{unit}.xlsx"
            create_table(path, journal_file(path, FOLDER), empty, lambda: TABLES.has(folder, unit))
        return cls.open(folder, unit)

    @property
    def plan(self) -> WorkPlan:
        """The plan as it was last seen."""
        return self.table.plan

    def item(self, key: str) -> Activity:
        """Return an activity by its key.

        Raises
        ------
        ZiEvalError
            Where the table has none of this key any more.
        """
        return _item(self.table, key)

    def read_bytes(self) -> bytes:
        """Return the bytes of the file."""
        return read_file(self.path)

    def parse(self, data: bytes) -> WorkPlanTable:
        """Return the table of these bytes."""
        table = self.table
        return parse_table(self.path, data, table.plan, table.questions, table.sheet)

    def values_of(self, table: WorkPlanTable) -> Values:
        """Return every value of every activity."""
        return {
            FieldPlace(activity_key(item), field): value
            for item in table.plan.activities
            for field, value in row_values(item).items()
            if value is not None
        }

    def has_row(self, table: WorkPlanTable, key: str) -> bool:
        """Whether the plan has an activity of this key."""
        return any(activity_key(item) == key for item in table.plan.activities)

    def with_row(self, table: WorkPlanTable, key: str, values: Mapping[str, Any]) -> WorkPlanTable:
        """Return a table in which fields of an activity hold other values."""
        held = (
            field for field, value in row_values(_item(table, key)).items() if value is not None
        )
        if all(field in values and values[field] is None for field in held):
            return take_out(table, _item(table, key))
        for field, value in values.items():
            if field not in FIELDS:  # what was planned
                raise KeyError(field)
            table = set_cell(table, _item(table, key), field, _cell_value(field, value))
        return table

    def with_rows(
        self, table: WorkPlanTable, rows: Mapping[str, Mapping[str, Any]]
    ) -> WorkPlanTable:
        """Return a table with further activities."""
        for key, values in rows.items():
            if values.get("kegiatan") is None:
                raise _is_gone(table, key)
        return add_rows(table, list(rows.values()))

    def add(
        self, person: Person, activities: Iterable[Activity]
    ) -> tuple[tuple[Activity, ...], frozenset[str]]:
        """Add activities in one step, but for those whose name the plan has already.

        Returns
        -------
        Those added, and the headings whose values are lost because the table has no such column.

        Raises
        ------
        ZiEvalError
            Where the table does not take them; nothing is changed then.
        """
        with self.mutex:
            self.refresh()
            there = {activity_key(item) for item in self.plan.activities}
            added = [item for item in activities if activity_key(item) not in there]
            columns = columns_of(self.table)
            rows = {activity_key(item): row_values(item) for item in added}
            lost = {f for row in rows.values() for f, v in row.items() if v is not None} - columns
            places = {
                FieldPlace(key, field): value
                for key, row in rows.items()
                for field, value in row.items()
                if value is not None and field in columns
            }
            if places:
                self.step(person, places)
            return tuple(added), frozenset(lost)

    def proven(self, person: Person) -> Person:
        """Return who of the unit reports."""
        return proven_unit(person, self.path.stem, "rencana kerja")


def _item(table: WorkPlanTable, key: str) -> Activity:
    for item in table.plan.activities:
        if activity_key(item) == key:
            return item
    raise _is_gone(table, key)


def _is_gone(table: WorkPlanTable, key: str) -> ZiEvalError:
    return ZiEvalError(f"Kegiatan '{quote(key)}' tidak ada lagi di {table.path.name}.")


def change_activity(
    folder: Path, unit: str, words: str, values: Mapping[str, Any], person: Person
) -> tuple[Activity, tuple[Change, ...]]:
    """Change fields of one activity, which words of its name tell; each is in the file at once.

    Returns
    -------
    The activity as it was found, and what changed.

    Raises
    ------
    ArgumentError
        Where no activity, or more than one, has these words in its name.
    ZiEvalError
        As :meth:`WorkPlanStore.open` and :meth:`~zi_eval.journal.live_table.LiveTable.change`.
    """
    store = WorkPlanStore.open(folder, unit)
    wanted = fold(words).split()
    found = [
        item for item in store.plan.activities if all(word in activity_key(item) for word in wanted)
    ]
    exact = [item for item in found if activity_key(item) == fold(words)]
    found = exact or found
    if len(found) != 1:
        named = "; ".join(quote(item.name) for item in found[:3])
        said = f"ada {len(found)}: {named}" if found else "tidak ada di rencana ini"
        raise ArgumentError(f"'{quote(words)}' harus menunjuk satu kegiatan; {said}.", "activity")
    (item,) = found
    changes = []
    for field, value in values.items():
        place = FieldPlace(activity_key(item), field)
        change = store.change(person, place, value, store.get(place))
        if change.number:
            changes.append(change)
    return item, tuple(changes)
