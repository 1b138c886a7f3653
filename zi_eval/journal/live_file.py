"""A file that people change at the same time, with its journal: what all such files share.

Which of the two is the truth, and what a change does to the file, is for the kind of file to say:
a unit's file follows its journal, a performance table is followed by it.
"""

from __future__ import annotations

import hashlib
import os
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Final

import filelock

from zi_eval.errors import StorageError, WorkspaceError, describe_os_error
from zi_eval.files import file_stem, read_regular, remove_unfinished, replace_keeping, swap_files
from zi_eval.journal.changes import Edit, History, Values
from zi_eval.journal.fields import Change, ConflictError, FieldPlace, Person, Role
from zi_eval.journal.proof import current_proof
from zi_eval.journal.records import Journal, describe_newer
from zi_eval.period.journal_file import Record

__all__ = ["QUIET", "SETTLED", "TRIES", "FileStamp", "LiveFile", "locked", "stamp_of"]

PATIENCE: Final = 20.0
"""Seconds to wait for another process's hold of the file."""
QUIET: Final = 0.3
"""Seconds that a file saved by another program must be left alone: some save in pieces."""
SETTLED: Final = 2.0
"""Seconds after which a file's time tells whether it changed; some disks count in steps of two."""

KEPT: Final = ".zi-eval-lama"
"""Ending of a file that was replaced, until it is sure that nobody saved into it."""

TRIES: Final = 20
"""How often a file is put back, or read anew, that changes under our hands."""

FileStamp = tuple[int, int, int]


def stamp_of(found: os.stat_result) -> FileStamp:
    """Return by what a file is known to be as it was: its time, its size, its place on the disk."""
    return (found.st_mtime_ns, found.st_size, found.st_ino)


@contextmanager
def locked(lock: filelock.BaseFileLock, path: Path) -> Iterator[None]:
    """Keep all other processes out of a file by the lock beside its journal.

    Raises
    ------
    WorkspaceError
        Where another process does not let go, or the folder cannot be written to.
    """
    try:
        lock.acquire(timeout=PATIENCE, poll_interval=0.002)
    except filelock.Timeout as error:
        raise WorkspaceError(
            f"{path} sedang dipegang proses lain. Coba lagi sebentar lagi."
        ) from error
    except OSError as error:
        raise WorkspaceError(
            f"Folder {Path(lock.lock_file).parent} tidak dapat ditulis: "
            f"{describe_os_error(error)}. Periksa ruang kosong dan izin tulisnya."
        ) from error
    try:
        yield
    finally:
        lock.release()


class LiveFile(ABC):
    """The hold on a file and its journal; all methods may be called from any thread.

    Parameters
    ----------
    path, journal
        The file and its journal.
    read_values
        Turns the text that a record keeps of the file into its values.
    is_sound
        Whether the values of a record can be values of the file; one that is not counts as damaged.

    Attributes
    ----------
    mutex
        Guards everything here between the threads of this process; :meth:`held` takes it too.
    history
        What the journal says.
    asides
        Where files stand that somebody saved at the same time as another.
    """

    def __init__(
        self,
        path: Path,
        journal: Path,
        read_values: Callable[[str], Values],
        is_sound: Callable[[Record], bool],
    ) -> None:
        self._is_sound = is_sound
        self.path = path
        self.mutex = threading.RLock()
        self._read_values = read_values
        self._lock = filelock.FileLock(journal.with_suffix(".lock"), thread_local=False)
        self.asides: list[Path] = []
        self._own: set[Path] = set()
        self._is_cleared = False
        self._stamp: FileStamp | None = None
        """Of the file as it was last read; None where its time does not tell yet."""
        self._open_journal(journal)

    def _open_journal(self, journal: Path) -> None:
        """Begin to read a journal from its start."""
        self._journal = Journal(journal, self._is_sound)
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
        with self.mutex, locked(self._lock, self.path):
            yield

    def replace(self, data: bytes, sha256: str) -> bool:
        """Replace the file, last read with this hash, in one step, held as it is.

        What was replaced is kept beside it, because who knows no lock may have saved a moment ago,
        or may be about to save into it; :meth:`release` looks at it again.

        Returns
        -------
        False where somebody saved meanwhile: their file stands in its place again, to be read.

        Raises
        ------
        StorageError
            Where the disk does not take it; the file is then as before.
        """
        if self.path.is_symlink():  # what it leads to is not ours to replace
            raise StorageError(f"{self.path}: ini tautan simbolik, bukan berkas. Salin berkasnya.")
        made = hashlib.sha256(data).hexdigest()
        name = f".{file_stem(self.path.name)}.{sha256[:16]}-{made[:16]}-{time.time_ns():x}{KEPT}"
        kept = self.path.with_name(name)
        try:
            replace_keeping(self.path, data, kept)
        except FileNotFoundError:  # taken away
            return False
        if hashlib.sha256(read_regular(kept)).hexdigest() == sha256:
            self._own.add(kept)
            return True
        self._give_back(kept, data)
        return False

    def release(self, is_last: bool = True) -> bool:
        """Remove what was kept of replaced files, held as the file is.

        Those that were replaced a moment ago stay: of other processes always, and our own where it
        is not ``is_last``.

        Returns
        -------
        False where somebody saved into one of them: that file stands in its place again, to be
        read, or is still being written.
        """
        if not self._is_cleared:
            remove_unfinished(self.path.parent, self.path.name)
            self._is_cleared = True
        for kept in self.kept_files():
            try:
                data = read_regular(kept)
                age = time.time() - kept.stat().st_mtime
            except FileNotFoundError:
                continue
            said = kept.name.rstrip("~").removesuffix(KEPT).rpartition(".")[2]
            old, new, moment = said.split("-")
            if hashlib.sha256(data).hexdigest()[:16] not in (old, new):
                if 0 <= age < QUIET:
                    return False
                if self.take_late(kept, data, new):
                    return False
            elif 0 <= time.time() - int(moment, 16) / 1e9 < SETTLED and not (
                is_last and kept in self._own
            ):
                continue
            self._own.discard(kept)
            kept.unlink(missing_ok=True)
        return True

    def kept_files(self) -> list[Path]:
        """Return what is kept of replaced files, also by a process that was killed."""
        start = f".{file_stem(self.path.name)}."
        return [
            path
            for path in sorted(self.path.parent.iterdir())
            if path.name.startswith(start) and path.name.rstrip("~").endswith(KEPT)
        ]

    def take_late(self, kept: Path, data: bytes, new: str) -> bool:
        """Put a file that somebody saved into after it was replaced into its place again.

        Where the one that replaced it (whose hash begins with ``new``) was changed by hand as
        well, nobody can say which is the newer: both are left, and the kept one is named.
        """
        try:
            written = read_regular(self.path)
        except OSError:
            written = b""
        if hashlib.sha256(written).hexdigest().startswith(new):
            self._give_back(kept, written)
            return True
        aside = self.path.with_name(
            f"{self.path.name}.simpanan-{hashlib.sha256(data).hexdigest()[:8]}"
        )
        kept.replace(aside)
        self.asides.append(aside)
        return False

    def _give_back(self, kept: Path, ours: bytes) -> None:
        """Let a kept file and the one that replaced it change places; the newest save stays."""
        for _ in range(TRIES):
            given = read_regular(kept)
            swap_files(kept, self.path)
            if read_regular(kept) == ours:
                break
            ours = given  # somebody saved again meanwhile
        self._own.add(kept)  # somebody may have opened ours for the moment it stood there

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
        proof = current_proof()
        if proof is not None and record["jenis"] == "ubah" and record["peran"] != Role.FILE:
            record = {**record, "kunci": proof.key}
        self._journal.append(record, is_durable)
        return self.take(record)

    def left_aside(self) -> Iterator[str]:
        """Say which files were saved by two at the same time."""
        for path in self.asides:
            yield (
                f"{self.path.name} disimpan dua kali pada saat yang sama. Simpanan yang satu ada "
                f"di {path}: pindahkan isinya yang masih perlu, lalu hapus berkas itu."
            )

    @property
    def is_read_only(self) -> bool:
        """Whether a newer version wrote into the journal: what it says cannot be known here."""
        return bool(self._journal.newer)

    def damage(self, consequence: str) -> Iterator[str]:
        """Say which lines of the journal are damaged or too new, and what follows from that."""
        if self.is_read_only:
            yield describe_newer(self._journal.path)
        if self._journal.damaged:
            lines = ", ".join(map(str, self._journal.damaged))
            yield f"Jurnal {self._journal.path} rusak di baris {lines}; {consequence}"
