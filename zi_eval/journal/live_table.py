"""A table that people change at the same time, in Excel as well: each change is in the file first.

The table itself is the truth; the journal beside it remembers who changed what, when::

    change ──→ lock ──→ newest table ──→ conflict? ──→ one cell, read back ──→ table ──→ journal

What the table says differently from the journal was changed in the file itself, and is recorded
as such with the next change. Only a kill between the last two steps loses the name, never a value.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import time
from abc import abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from zi_eval.core.problems import Problem
from zi_eval.errors import ParameterError, StorageError, WorkspaceError, ZiEvalError
from zi_eval.journal.changes import FILE, Edit, Values, change_record, file_record
from zi_eval.journal.fields import Change, FieldPlace, Person, now, tidy
from zi_eval.journal.live_file import QUIET, SETTLED, TRIES, LiveFile, stamp_of
from zi_eval.journal.proof import proven_person
from zi_eval.period.journal_file import FOLDER, Record

__all__ = ["LiveTable", "TableContent", "is_open_elsewhere", "journal_file", "proven_unit"]


class TableContent(Protocol):
    """A table as its file held it at one moment."""

    @property
    def data(self) -> bytes:
        """The file's bytes."""

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Warnings only."""

    @property
    def sha256(self) -> str:
        """The hash of the bytes."""


T = TypeVar("T", bound=TableContent)


def journal_file(path: Path, kind: str) -> Path:
    """Return where the journal of a unit's table stands: ``jurnal/<unit>.<kind>.jsonl``."""
    return path.parent.parent / FOLDER / f"{path.stem}.{kind}.jsonl"


def is_open_elsewhere(path: Path) -> bool:
    """Whether Excel or LibreOffice says, by the file it puts beside it, that it has the table."""
    signs = (f"~${path.name}", f".~lock.{path.name}#")
    return any((path.parent / sign).exists() for sign in signs)


def proven_unit(typed: Person, unit: str, what: str) -> Person:
    """Return who of the unit fills a table in, by their key where one was presented.

    Parameters
    ----------
    what
        What messages call the table.

    Raises
    ------
    ZiEvalError
        Where the key is for another unit or for the TPI.
    """
    person = proven_person(typed, unit)
    if person.role.is_tpi:
        role = person.role.value
        raise ZiEvalError(f"Kunci {person.name} berperan {role}; {what} diisi oleh unit.")
    return person


def _dump(values: Values) -> str:
    rows = [[place.key, place.field, value] for place, value in values.items()]
    return json.dumps(rows, ensure_ascii=False)


def _load(text: str) -> Values:
    return {FieldPlace(key, field): value for key, field, value in json.loads(text)}


def _sound(check: Callable[[str, Any], object]) -> Callable[[Record], bool]:
    """Return whether the values of a journal's record can be values of the table."""

    def is_sound(record: Record) -> bool:
        try:
            for item in record.get("ubah", ()):
                for value in (item["lama"], item["baru"]):
                    if isinstance(value, (bool, dict, list)):
                        return False
                    if value is not None:
                        check(item["bagian"], value)
            return all(isinstance(place.field, str) for place in _load(record.get("teks", "[]")))
        except (KeyError, TypeError, ValueError, RecursionError):
            return False

    return is_sound


class LiveTable(LiveFile, Generic[T]):
    """A hold on a table; all methods may be called from any thread.

    Parameters
    ----------
    path, journal
        The table and its journal.
    table
        What the file holds.
    check_value
        Raises where a plain value cannot be one of a field.

    Attributes
    ----------
    table
        What the file held when it was last looked at and could be read.
    """

    def __init__(
        self, path: Path, journal: Path, table: T, check_value: Callable[[str, Any], object]
    ) -> None:
        super().__init__(path, journal, _load, _sound(check_value))
        self.table = table
        self._replaced: float | None = None  # when, until what was replaced is released
        self._recorded = ""  # hash of the table that the journal knows
        self._trouble: tuple[Problem, ...] = ()
        if self.kept_files():
            self._replaced = -SETTLED
        self._read_journal()

    # What a kind of table says

    @abstractmethod
    def read_bytes(self) -> bytes:
        """Return the bytes of the file, bounded as foreign files are."""

    @abstractmethod
    def parse(self, data: bytes) -> T:
        """Return the table of these bytes; raise :class:`ParameterError` where it has errors."""

    @abstractmethod
    def values_of(self, table: T) -> Values:
        """Return every value that may be changed, as JSON keeps it; what is empty is left out."""

    @abstractmethod
    def with_value(self, table: T, place: FieldPlace, value: Any) -> T:
        """Return a table in which a place holds another plain value, and nothing else differs."""

    def with_edits(self, table: T, edits: Sequence[Edit]) -> T:
        """Return a table with all edits of a step; a table whose rows come and go says how."""
        for place, _old, new in edits:
            table = self.with_value(table, place, new)
        return table

    @abstractmethod
    def proven(self, person: Person) -> Person:
        """Return who makes a change, by their key where one was presented; raise who may not."""

    # What there is

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

    def get(self, place: FieldPlace) -> Any:
        """Return the plain value of a place, None where it is empty."""
        return self.values_of(self.table).get(place)

    # What people do

    def change(self, person: Person, place: FieldPlace, new: Any, seen: Any) -> Change:
        """Change one value; it is in the table and the journal when this returns.

        Parameters
        ----------
        new
            Plain value (a date in ISO form), None to empty the cell; a text is kept tidied.
        seen
            The value that the person saw before.

        Raises
        ------
        ConflictError
            Where somebody else changed it meanwhile.
        ZiEvalError
            Where the cell does not take it; nothing is changed then.
        """
        person, new = self.proven(person), tidy(new)
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
        return super().undo(self.proven(person))

    def refresh(self) -> tuple[Change, ...]:
        """Return what others changed since the last look, in other processes or in the file."""
        with self.mutex:
            before, last = self.values_of(self.table), self.history.last_number
            self._read_journal()
            if self._replaced is not None and time.monotonic() - self._replaced >= SETTLED:
                with self.locked():
                    self._read_journal()
                    if self.release():
                        self._replaced = time.monotonic() if self.kept_files() else None
            self._look(is_patient=False)
            after = self.values_of(self.table)
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
        old, new = self.history.values, self.values_of(self.table)
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
            data = self.read_bytes()
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
        try:
            self.table = self.parse(data)
            self._trouble = ()
        except ParameterError as error:
            self._trouble = tuple(p for p in error.problems if isinstance(p, Problem))

    def record(
        self, person: Person, edits: Sequence[Edit], undoes: int | None = None
    ) -> tuple[Change, ...]:
        """Put values into the table, then into the journal; held as the table is."""
        for _ in range(TRIES):
            before = self.table
            after = self.with_edits(before, edits)
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

    def _put(self, before: T, after: T) -> bool:
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
            edits: list[Edit] = [
                (change.place, change.old, change.new)
                for change in (last if self._recorded.startswith(new) else ())
                if self.get(change.place) == change.old
            ]
            if edits:
                made = self.with_edits(self.table, edits)
                self.replace(made.data, self.table.sha256)
                self.table = made
        return True


def _restless(path: Path) -> WorkspaceError:
    return WorkspaceError(
        f"{path} terus diubah program lain. Tutup program itu, lalu coba lagi; isian terakhir "
        "belum disimpan."
    )
