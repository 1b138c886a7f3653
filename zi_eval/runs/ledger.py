"""The ledger of a period's outputs: what was made, from what, and how it ended.

It is an SQLite file in the output folder, written in one short transaction for each change of a
unit's state, so that a kill at any moment leaves the last state of every unit readable.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import filelock

from zi_eval.errors import WorkspaceError
from zi_eval.files import hash_file, remove_unfinished

__all__ = ["Entry", "Ledger", "State", "open_ledger"]

LEDGER, LOCK = ".ledger.sqlite", ".lock"
SCHEMA = """
CREATE TABLE IF NOT EXISTS jobs (
    name TEXT PRIMARY KEY, identity TEXT NOT NULL, state TEXT NOT NULL,
    seconds REAL NOT NULL, error TEXT NOT NULL, outputs TEXT NOT NULL
)
"""


class State(StrEnum):
    """Where a job stands."""

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
        return Entry(row[0], State(row[1]), row[2], row[3], json.loads(row[4]))

    def is_done(self, name: str, identity: str) -> bool:
        """Whether a job of this identity is done and all its outputs are there unchanged."""
        entry = self.entry(name)
        if entry is None or entry.state is not State.DONE or entry.identity != identity:
            return False
        try:
            return all(hash_file(self.folder / f) == h for f, h in entry.outputs.items())
        except OSError:
            return False

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
        lock.acquire(timeout=0)
    except filelock.Timeout as error:
        raise WorkspaceError(
            f"Folder {folder} sedang dipakai proses zi-eval lain. Tunggu sampai selesai."
        ) from error
    except OSError as error:
        raise WorkspaceError(
            f"Folder {folder} tidak dapat ditulis: {error.strerror or error}. "
            "Periksa ruang kosong dan izin tulisnya."
        ) from error
    try:
        remove_unfinished(folder)
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
        lock.release()
