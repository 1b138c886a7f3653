"""The ledger of a period's outputs: what was made, from what, and how it ended.

It is an SQLite file in the output folder, written in one short transaction for each change of a
unit's state, so that a kill at any moment leaves the last state of every unit readable.
"""

from __future__ import annotations

import json
import os
import sqlite3
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import filelock

from zi_eval.errors import WorkspaceError, describe_os_error
from zi_eval.files import hash_file, remove_unfinished

__all__ = [
    "Entry",
    "Ledger",
    "State",
    "is_all_done",
    "is_held",
    "open_ledger",
    "read_ledger",
]

LEDGER, LOCK = ".ledger.sqlite", ".lock"
PATIENCE = 0.2
"""Seconds a run waits for the folder: :func:`is_held` takes hold of it for an instant."""
SCHEMA = """
CREATE TABLE IF NOT EXISTS jobs (
    name TEXT PRIMARY KEY, identity TEXT NOT NULL, state TEXT NOT NULL,
    seconds REAL NOT NULL, error TEXT NOT NULL, outputs TEXT NOT NULL
)
"""


class State(StrEnum):
    """Where a job stands; WAITING is a job of this run whose turn has not come."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    TIMED_OUT = "timed out"


@dataclass(frozen=True, slots=True)
class Entry:
    """A job's line in the ledger; ``outputs`` is the SHA-256 of each file it wrote, by name."""

    identity: str
    state: State
    seconds: float
    error: str
    outputs: Mapping[str, str]

    def is_whole(self, folder: Path) -> bool:
        """Whether all outputs are in ``folder`` as they were written."""
        try:
            return all(hash_file(folder / f) == h for f, h in self.outputs.items())
        except OSError:
            return False


def _entry(row: Sequence[Any]) -> Entry:
    identity, state, seconds, error, outputs = row
    return Entry(identity, State(state), seconds, error, json.loads(outputs))


class Ledger:
    """The jobs of one output folder; opened by :func:`open_ledger`, used from one thread."""

    def __init__(self, folder: Path, connection: sqlite3.Connection) -> None:
        self.folder = folder
        self._connection = connection

    def entry(self, name: str) -> Entry | None:
        """Return a job's line, None where there is none."""
        row = self._connection.execute(
            "SELECT identity, state, seconds, error, outputs FROM jobs WHERE name = ?", (name,)
        ).fetchone()
        if row is None:
            return None
        return _entry(row)

    def is_done(self, name: str, identity: str) -> bool:
        """Whether a job of this identity is done and all its outputs are there unchanged."""
        return name in self.done({name: identity})

    def done(self, jobs: Mapping[str, str]) -> frozenset[str]:
        """Return which jobs, identity by name, are done with all outputs there unchanged.

        Their outputs are hashed by threads: hashing uses a processor each.
        """
        entries = {name: entry for name in jobs if (entry := self.entry(name)) is not None}
        made = {
            name: entry
            for name, entry in entries.items()
            if entry.state is State.DONE and entry.identity == jobs[name]
        }
        workers, items = os.cpu_count() or 1, list(made.items())

        def whole(part: list[tuple[str, Entry]]) -> list[str]:
            return [name for name, entry in part if entry.is_whole(self.folder)]

        with ThreadPoolExecutor(workers) as pool:
            parts = pool.map(whole, (items[number::workers] for number in range(workers)))
            return frozenset(name for part in parts for name in part)

    def record_waiting(self, jobs: Mapping[str, str]) -> None:
        """Write many jobs, identity by name, as waiting for their turn, in one transaction."""
        state = State.WAITING.value
        rows = [(name, identity, state, 0.0, "", "{}") for name, identity in jobs.items()]
        with self._connection:
            self._connection.executemany("REPLACE INTO jobs VALUES (?, ?, ?, ?, ?, ?)", rows)

    def record(
        self,
        name: str,
        identity: str,
        state: State,
        seconds: float = 0.0,
        error: str = "",
        outputs: Mapping[str, str] | None = None,
    ) -> None:
        """Write a job's line, replacing the one before."""
        row = (name, identity, state.value, seconds, error, json.dumps(dict(outputs or {})))
        with self._connection:
            self._connection.execute("REPLACE INTO jobs VALUES (?, ?, ?, ?, ?, ?)", row)


@contextmanager
def open_ledger(folder: Path) -> Iterator[Ledger]:
    """Open the ledger of an output folder for one run; a second run is refused.

    Raises
    ------
    WorkspaceError
        Where another run holds the folder, it cannot be written, or the ledger is damaged.
    """
    lock = filelock.FileLock(folder / LOCK)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=PATIENCE, poll_interval=0.02)
    except filelock.Timeout as error:
        raise WorkspaceError(
            f"Folder {folder} sedang dipakai proses zi-eval lain. Tunggu sampai selesai."
        ) from error
    except OSError as error:
        raise WorkspaceError(
            f"Folder {folder} tidak dapat ditulis: {describe_os_error(error)}. "
            "Periksa ruang kosong dan izin tulisnya."
        ) from error
    try:
        remove_unfinished(folder, is_held=True)
        _require_own(folder)
        connection = sqlite3.connect(folder / LEDGER)
        try:
            # A state may be lost when the power fails, never the ledger: the unit is done again.
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute(SCHEMA)
            yield Ledger(folder, connection)
        finally:
            connection.close()
    except sqlite3.OperationalError as error:
        raise WorkspaceError(
            f"Catatan {folder / LEDGER} tidak dapat ditulis ({error}). "
            "Periksa ruang kosong dan izin tulis foldernya."
        ) from error
    except sqlite3.DatabaseError as error:
        raise WorkspaceError(
            f"Catatan {folder / LEDGER} tidak dapat dipakai ({error}). "
            "Hapus berkas itu, lalu jalankan lagi: semua laporan dibuat ulang."
        ) from error
    finally:
        remove_unfinished(folder, is_held=True)  # of jobs that were stopped with the run
        lock.release()


def _require_own(folder: Path) -> None:
    """Refuse a ledger that is a symbolic link: it is written by us alone, where it stands."""
    for name in (LEDGER, f"{LEDGER}-wal", f"{LEDGER}-shm"):
        if (folder / name).is_symlink():
            raise WorkspaceError(
                f"Catatan {folder / name} adalah tautan simbolik, bukan berkas. Hapus tautan itu."
            )


def read_ledger(folder: Path) -> Mapping[str, Entry]:
    """Return every job's line by its name without changing anything, also while a run goes on.

    Empty where there is no ledger yet, also where a run is just making it.

    Raises
    ------
    WorkspaceError
        Where the ledger cannot be read.
    """
    path = folder / LEDGER
    if not path.is_file():
        return {}
    _require_own(folder)
    # Nobody writes while there is no write-ahead log; opened as immutable, none comes to be.
    mode = "mode=ro" if path.with_name(f"{LEDGER}-wal").exists() else "immutable=1"
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?{mode}", uri=True)) as connection:
            rows = connection.execute(
                "SELECT name, identity, state, seconds, error, outputs FROM jobs"
            ).fetchall()
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError) and str(error) == "no such table: jobs":
            return {}  # a run has made the file and not yet the table
        raise WorkspaceError(
            f"Catatan {path} tidak dapat dibaca ({error}). Coba lagi; bila tetap gagal, hapus "
            "berkas itu dan jalankan 'zi-eval run'."
        ) from error
    return {name: _entry(row) for name, *row in rows}


def is_all_done(folder: Path) -> bool:
    """Whether the last run made all there was: the next may well find nothing to do."""
    with suppress(WorkspaceError):
        entries = read_ledger(folder)
        return bool(entries) and all(entry.state is State.DONE for entry in entries.values())
    return False


def is_held(folder: Path) -> bool:
    """Whether a run holds the output folder now."""
    path = folder / LOCK
    if not path.is_file():
        return False
    if sys.platform == "win32":
        try:
            with filelock.FileLock(path, timeout=0):
                return False
        except filelock.Timeout:
            return True
    import fcntl

    try:
        with path.open("rb") as stream:
            # Shared and let go at once; a run that begins just now waits a moment for it.
            fcntl.flock(stream, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False
