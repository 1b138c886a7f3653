"""A unit's performance table while people fill it in: each change is in the file before it counts.

The table itself is the truth, because people open it in Excel as well; the journal beside it
(``parameters/<period>/jurnal/<unit>.kinerja.jsonl``) remembers who changed what, when::

    change ──→ lock ──→ newest table ──→ conflict? ──→ one cell, read back ──→ table ──→ journal

What the table says differently from the journal was changed in the file itself, and is recorded
as such with the next change. Only a kill between the last two steps loses the name, never a value.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from zi_eval.core.problems import Problem
from zi_eval.core.text import fold
from zi_eval.errors import ParameterError, StorageError, WorkspaceError, ZiEvalError
from zi_eval.journal.changes import FILE, Edit, Values, change_record, file_record
from zi_eval.journal.fields import Change, FieldPlace, Person, now
from zi_eval.journal.live_file import QUIET, SETTLED, TRIES, LiveFile, stamp_of
from zi_eval.journal.proof import proven_person
from zi_eval.performance.load import TABLES
from zi_eval.performance.plan import Indicator, Plan
from zi_eval.performance.table.editor import (
    FIELDS,
    CellValue,
    PerformanceTable,
    field_value,
    is_open_elsewhere,
    read_table,
    set_cell,
)
from zi_eval.period.journal_file import FOLDER, Record
from zi_eval.period.reading import Period
from zi_eval.period.unit_tables import plan_year
from zi_eval.sheets.container import read_file

__all__ = ["PerformanceStore", "indicator_key", "table_values"]


def journal_file(path: Path) -> Path:
    """Return where the journal of a table stands: ``parameters/<period>/jurnal/``."""
    return path.parent.parent / FOLDER / f"{path.stem}.kinerja.jsonl"


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


def proven_unit(typed: Person, unit: str) -> Person:
    """Return who of the unit fills its table in, by their key where one was presented.

    Raises
    ------
    ZiEvalError
        Where the key is for another unit or for the TPI.
    """
    person = proven_person(typed, unit)
    if person.role.is_tpi:
        raise ZiEvalError(
            f"Kunci {person.name} berperan {person.role.value}; tabel kinerja diisi oleh unit."
        )
    return person


def _dump(values: Values) -> str:
    rows = [[place.key, place.field, value] for place, value in values.items()]
    return json.dumps(rows, ensure_ascii=False)


def _is_sound(record: Record) -> bool:
    """Whether the values of a journal's record can be values of a table."""
    try:
        for item in record.get("ubah", ()):
            for value in (item["lama"], item["baru"]):
                if isinstance(value, (bool, dict, list)):
                    return False
                _cell_value(item["bagian"], value)
        return all(isinstance(place.field, str) for place in _load(record.get("teks", "[]")))
    except (KeyError, TypeError, ValueError, RecursionError):
        return False


def _load(text: str) -> Values:
    return {FieldPlace(key, field): value for key, field, value in json.loads(text)}


class PerformanceStore(LiveFile):
    """A hold on a unit's performance table; all methods may be called from any thread.

    Attributes
    ----------
    table
        What the file held when it was last looked at and could be read.
    """

    def __init__(self, path: Path, table: PerformanceTable) -> None:
        super().__init__(path, journal_file(path), _load, _is_sound)
        self.table = table
        self._replaced: float | None = None  # when, until what was replaced is released
        self._recorded = ""  # hash of the table that the journal knows
        self._trouble: tuple[Problem, ...] = ()
        if self.kept_files():
            self._replaced = -SETTLED
        self._read_journal()

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

    # What there is

    @property
    def plan(self) -> Plan:
        """The plan as it was last seen."""
        return self.table.plan

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Warnings of the table, or what is wrong with it since it was changed elsewhere."""
        return self._trouble or self.table.problems

    @property
    def notices(self) -> tuple[str, ...]:
        """What people should know: trouble with the file, and who else holds it."""
        found = []
        if self._trouble:
            found.append(
                f"Tabel diubah di luar layar ini dan tidak dapat dibaca: {self._trouble[0]} "
                "Yang tampil adalah isi terakhir yang terbaca; isian baru belum dapat disimpan."
            )
        if is_open_elsewhere(self.path):
            found.append(
                f"{self.path.name} sedang terbuka di Excel atau LibreOffice. Tutup dulu di sana: "
                "bila disimpan dari sana, isian dari layar ini dapat tertimpa."
            )
        found += self.left_aside()
        found += self.damage("riwayat di situ tidak terbaca lagi. Isi tabel tidak terpengaruh.")
        return tuple(found)

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

    # What people do

    def change(self, person: Person, place: FieldPlace, new: Any, seen: Any) -> Change:
        """Change one value; it is in the table and the journal when this returns.

        Parameters
        ----------
        new
            Plain value (a date in ISO form), None to empty the cell.
        seen
            The value that the person saw before.

        Raises
        ------
        ConflictError
            Where somebody else changed it meanwhile.
        ZiEvalError
            Where the cell does not take it; nothing is changed then.
        """
        person = proven_unit(person, self.path.stem)
        with self.held():
            current = self.get(place)
            if current == new:
                return Change(0, now(), person, place, current, new, 0)
            if current != seen:
                raise self.conflict(place, current)
            (change,) = self.record(person, [(place, current, new)])
            return change

    def undo(self, person: Person) -> tuple[Change, ...]:
        """Take back the person's latest step that nobody overwrote since; empty for none."""
        return super().undo(proven_unit(person, self.path.stem))

    def refresh(self) -> tuple[Change, ...]:
        """Return what others changed since the last look, in other processes or in the file."""
        with self.mutex:
            before, last = table_values(self.plan), self.history.last_number
            self._read_journal()
            if self._replaced is not None and time.monotonic() - self._replaced >= SETTLED:
                with self.locked():
                    self._read_journal()
                    if self.release():
                        self._replaced = time.monotonic() if self.kept_files() else None
            self._look(is_patient=False)
            after = table_values(self.plan)
            known = {c.place: c for c in self.history.changes if c.number > last}
            return tuple(
                change
                if (change := known.get(place)) and change.new == after.get(place)
                else Change(0, now(), FILE, place, before.get(place), after.get(place), 0)
                for place in {**before, **after}
                if before.get(place) != after.get(place)
            )

    # How

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the table alone, with the newest of it and of the journal read and in step."""
        with self.locked():
            self._read_journal()
            self._catch_up()
            yield

    def _read_journal(self) -> None:
        records = self._journal.read_new()
        if records is None:  # taken away or replaced: what is there now counts
            self._open_journal(self._journal.path)
            self._recorded = ""
            records = self._journal.read_new() or []
        for record in records:
            self.take(record)

    def take(self, record: Record) -> tuple[Change, ...]:
        """Take in a record of the journal, and which table it knows."""
        self._recorded = record.get("sha256", self._recorded)
        return super().take(record)

    def _catch_up(self) -> None:
        """Record what was changed in the file itself; the table must be held."""
        for _ in range(TRIES):
            if self.release(is_last=False):
                break
            time.sleep(QUIET / 3)
        self._look(is_patient=True)
        sha256 = self.table.sha256
        if sha256 == self._recorded:
            return
        old, new = self.history.values, table_values(self.plan)
        edits: list[Edit] = [
            (place, old.get(place), new.get(place))
            for place in {**old, **new}
            if self.history.text is not None and old.get(place) != new.get(place)
        ]
        number = self.history.last_number + 1
        self.write(file_record(number, now(), _dump(new), sha256, edits, False))

    def _look(self, is_patient: bool) -> None:
        """Read the table where it changed; ``is_patient`` waits for who is saving it right now."""
        for _ in range(TRIES):
            try:
                found = self.path.stat()
            except OSError as error:
                raise WorkspaceError(
                    f"Tabel {self.path} tidak ada lagi atau tidak dapat dibuka. Kembalikan "
                    "berkasnya, lalu coba lagi."
                ) from error
            stamp = stamp_of(found)
            if stamp == self._stamp and not is_patient:  # what is written next rests on the bytes
                break
            age = time.time() - found.st_mtime
            data = read_file(self.path)
            if data != self.table.data or self._trouble:
                if 0 <= age < QUIET and not self._is_ours(data):
                    if not is_patient:
                        return
                    time.sleep(QUIET / 3)
                    continue
                self._read(data)
            self._stamp = stamp if abs(age) > SETTLED else None
            break
        else:
            raise _restless(self.path)
        if is_patient and self._trouble:
            raise ParameterError(self._trouble)

    def _is_ours(self, data: bytes) -> bool:
        """Whether another process of ours wrote these bytes, in one step."""
        return hashlib.sha256(data).hexdigest() == self._recorded

    def _read(self, data: bytes) -> None:
        plan = self.plan
        try:
            self.table = read_table(
                self.path, plan.unit, plan.year, plan.name, plan.kind, data, self.table.sheet
            )
            self._trouble = ()
        except ParameterError as error:
            self._trouble = tuple(p for p in error.problems if isinstance(p, Problem))

    def record(
        self, person: Person, edits: Sequence[Edit], undoes: int | None = None
    ) -> tuple[Change, ...]:
        """Put values into the table, then into the journal; held as the table is."""
        for _ in range(TRIES):
            before = after = self.table
            for place, _old, new in edits:
                self.item(place.key)  # refuses one whose row is gone
                item = next(i for i in after.plan.indicators if indicator_key(i) == place.key)
                after = set_cell(after, item, place.field, _cell_value(place.field, new))
            if self._put(before, after):
                break
            self._catch_up()  # a program that knows no lock was faster: its table is the newest
            for place, old, _new in edits:
                if self.get(place) != old:
                    raise self.conflict(place, self.get(place))
        else:
            raise _restless(self.path)
        record = change_record(self.history.last_number + 1, now(), person, edits, undoes)
        record["sha256"] = after.sha256
        try:
            made = self.write(record)
        except WorkspaceError:
            with contextlib.suppress(ZiEvalError):
                self.replace(before.data, after.sha256)
            raise
        self.table = after
        return made

    def _put(self, before: PerformanceTable, after: PerformanceTable) -> bool:
        """Put ``after`` in the place of ``before``; False where the file is another one now."""
        try:
            if self.path.read_bytes() != before.data:
                return False
        except OSError:  # taken away, or locked: whoever reads it next says so
            return False
        try:
            self._replaced = time.monotonic()
            return self.replace(after.data, before.sha256)
        except StorageError as error:
            raise StorageError(
                f"{error} Bila tabelnya terbuka di Excel, tutup dulu; isian ini belum disimpan."
            ) from error

    def take_late(self, kept: Path, data: bytes, new: str) -> bool:
        """Put the table back that somebody saved into, with what the last step wrote since."""
        group = self.history.changes[-1].group if self.history.changes else 0
        last = [change for change in self.history.changes if change.group == group]
        if not super().take_late(kept, data, new):
            return False
        with contextlib.suppress(ParameterError):  # unreadable: it stands there, and is told
            self._read(data)
            made = self.table
            for change in last if self._recorded.startswith(new) else ():
                if self.get(change.place) == change.old:
                    item = self.item(change.place.key)
                    value = _cell_value(change.place.field, change.new)
                    made = set_cell(made, item, change.place.field, value)
                    self.replace(made.data, self.table.sha256)
                    self.table = made
        return True


def _restless(path: Path) -> WorkspaceError:
    return WorkspaceError(
        f"{path} terus diubah program lain. Tutup program itu, lalu coba lagi; isian terakhir "
        "belum disimpan."
    )
