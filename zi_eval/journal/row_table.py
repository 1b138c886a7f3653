"""A table whose rows come and go: a step of several changes may bring a row or take one out.

A row is there while any of its fields holds something; a change of a row that is not there yet
adds it, and one that empties all of it takes it out, so that undo needs nothing of its own.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import filelock

from zi_eval.files import create_bytes
from zi_eval.journal.changes import Edit, Values
from zi_eval.journal.fields import Change, FieldPlace, Person, tidy
from zi_eval.journal.live_file import locked
from zi_eval.journal.live_table import LiveTable, TableContent

__all__ = ["RowTable", "create_table"]

T = TypeVar("T", bound=TableContent)
Row = Mapping[str, Any]
"""Plain values by field."""


def create_table(path: Path, journal: Path, empty: bytes, has_table: Callable[[], bool]) -> None:
    """Write an empty table, unless somebody made the unit's table since it was looked for.

    Parameters
    ----------
    has_table
        Looks whether the unit has a table, of whatever kind.

    Raises
    ------
    WorkspaceError
        Where another process holds the table, or the folder cannot be written to.
    """
    lock = filelock.FileLock(journal.with_suffix(".lock"))
    with locked(lock, path), suppress(FileExistsError):
        if not has_table():
            create_bytes(path, empty)


class RowTable(LiveTable[T]):
    """A hold on a table whose rows come and go; all methods may be called from any thread."""

    @abstractmethod
    def has_row(self, table: T, key: str) -> bool:
        """Whether a table has a row of this key."""

    @abstractmethod
    def with_row(self, table: T, key: str, values: Row) -> T:
        """Return a table in which fields of a row that is there hold other values."""

    @abstractmethod
    def with_rows(self, table: T, rows: Mapping[str, Row]) -> T:
        """Return a table with further rows by key; raise where they are not whole."""

    def with_value(self, table: T, place: FieldPlace, value: Any) -> T:
        """Return a table in which one field holds another value."""
        return self.with_edits(table, [(place, None, value)])

    def with_edits(self, table: T, edits: Sequence[Edit]) -> T:
        """Return a table with a step's edits: of rows that are there, and rows that are not yet."""
        by_key: dict[str, dict[str, Any]] = {}
        for place, _old, new in edits:
            by_key.setdefault(place.key, {})[place.field] = new
        added: dict[str, Row] = {}
        for key, values in by_key.items():
            if self.has_row(table, key):
                table = self.with_row(table, key, values)
            else:
                added[key] = values
        return self.with_rows(table, added) if added else table

    def step(
        self, person: Person, wanted: Mapping[FieldPlace, Any], seen: Values | None = None
    ) -> tuple[Change, ...]:
        """Make one step of several changes; they are in the table and the journal on return.

        Texts are kept tidied, as those of :meth:`change`.

        Raises
        ------
        ConflictError
            Where a place is not as it was ``seen``.
        ZiEvalError
            Where a person may not make a change, or the table does not take it.
        """
        person = self.proven(person)
        with self.held():
            current = self.values_of(self.table)
            for place, value in (seen or {}).items():
                if place in wanted and current.get(place) != value:
                    raise self.conflict(place, current.get(place))
            edits = [
                (place, current.get(place), new)
                for place, new in ((place, tidy(value)) for place, value in wanted.items())
                if current.get(place) != new
            ]
            return self.record(person, edits) if edits else ()
