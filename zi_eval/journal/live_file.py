"""A file that people change at the same time, with its journal: what all such files share.

Which of the two is the truth, and what a change does to the file, is for the kind of file to say:
a unit's file follows its journal, a performance table is followed by it.
"""

from __future__ import annotations

import os
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Final

import filelock

from zi_eval.errors import WorkspaceError
from zi_eval.journal.changes import Edit, History, Values
from zi_eval.journal.fields import Change, ConflictError, FieldPlace, Person
from zi_eval.journal.records import Journal
from zi_eval.period.journal_file import Record

__all__ = ["QUIET", "SETTLED", "FileStamp", "LiveFile", "stamp_of"]

PATIENCE: Final = 20.0
"""Seconds to wait for another process's hold of the file."""
QUIET: Final = 0.3
"""Seconds that a file saved by another program must be left alone: some save in pieces."""
SETTLED: Final = 2.0
"""Seconds after which a file's time tells whether it changed; some disks count in steps of two."""

FileStamp = tuple[int, int, int]


def stamp_of(found: os.stat_result) -> FileStamp:
    """Return by what a file is known to be as it was: its time, its size, its place on the disk."""
    return (found.st_mtime_ns, found.st_size, found.st_ino)


class LiveFile(ABC):
    """The hold on a file and its journal; all methods may be called from any thread.

    Parameters
    ----------
    path, journal
        The file and its journal.
    read_values
        Turns the text that a record keeps of the file into its values.

    Attributes
    ----------
    mutex
        Guards everything here between the threads of this process; :meth:`held` takes it too.
    history
        What the journal says.
    """

    def __init__(self, path: Path, journal: Path, read_values: Callable[[str], Values]) -> None:
        self.path = path
        self.mutex = threading.RLock()
        self._read_values = read_values
        self._lock = filelock.FileLock(journal.with_suffix(".lock"), thread_local=False)
        self._stamp: FileStamp | None = None
        """Of the file as it was last read; None where its time does not tell yet."""
        self._open_journal(journal)

    def _open_journal(self, journal: Path) -> None:
        """Begin to read a journal from its start."""
        self._journal = Journal(journal)
        self.history = History(self._read_values)

    @abstractmethod
    def held(self) -> AbstractContextManager[None]:
        """Hold the file alone, having seen all that others did."""

    @abstractmethod
    def record(
        self, person: Person, edits: Sequence[Edit], undoes: int | None = None
    ) -> tuple[Change, ...]:
        """Make a step, held as the file is; it is durable on return."""

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep all other threads and processes out.

        Raises
        ------
        WorkspaceError
            Where another process does not let go, or the folder cannot be written to.
        """
        folder = self._journal.path.parent
        with self.mutex:
            try:
                folder.mkdir(exist_ok=True)
                self._lock.acquire(timeout=PATIENCE, poll_interval=0.002)
            except filelock.Timeout as error:
                raise WorkspaceError(
                    f"{self.path} sedang dipegang proses lain. Coba lagi sebentar lagi."
                ) from error
            except OSError as error:
                raise WorkspaceError(
                    f"Folder {folder} tidak dapat ditulis: {error.strerror or error}. "
                    "Periksa ruang kosong dan izin tulisnya."
                ) from error
            try:
                yield
            finally:
                self._lock.release()

    def of(self, key: str | None = None) -> tuple[Change, ...]:
        """Return the changes below a key in order; None gives all."""
        with self.mutex:
            return self.history.of(key)

    def undo(self, person: Person) -> tuple[Change, ...]:
        """Take back the person's latest step that nobody overwrote since; empty for none."""
        with self.held():
            group = self.history.undoable(person)
            if not group:
                return ()
            edits = [(change.place, change.new, change.old) for change in reversed(group)]
            return self.record(person, edits, undoes=group[0].number)

    def conflict(self, place: FieldPlace, current: Any) -> ConflictError:
        """Return the error that says who changed a place meanwhile."""
        return ConflictError(place, current, self.history.origin(place))

    def take(self, record: Record) -> tuple[Change, ...]:
        """Take in a record of the journal."""
        return self.history.take(record)

    def write(self, record: Record, is_durable: bool = True) -> tuple[Change, ...]:
        """Append a record to the journal and take it in, held as the file is."""
        self._journal.append(record, is_durable)
        return self.take(record)

    def damage(self, consequence: str) -> Iterator[str]:
        """Say which lines of the journal are damaged, and what follows from that."""
        if self._journal.damaged:
            lines = ", ".join(map(str, self._journal.damaged))
            yield f"Jurnal {self._journal.path} rusak di baris {lines}; {consequence}"
