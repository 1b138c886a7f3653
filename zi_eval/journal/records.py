"""The journal of a unit: ``parameters/<period>/jurnal/<unit>.jsonl``, one record a line.

It is only ever appended to, and each line is on the disk before the call that wrote it returns.
One without a line end was cut off by a kill in the middle of the write, was never acknowledged,
and counts as absent.
"""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path
from typing import Any

from zi_eval.errors import WorkspaceError
from zi_eval.period.journal_file import Record, dump_record, parse_record

__all__ = ["Journal", "sync_folder"]


def sync_folder(folder: Path) -> bool:
    """Make the names in a folder durable; False where the system has no such call."""
    if sys.platform == "win32":
        return False
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    return True


class Journal:
    """Reads what is new in a journal, and appends; appending asks for the lock to be held.

    Attributes
    ----------
    damaged
        Numbers of the damaged lines found so far.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.damaged: list[int] = []
        self._offset = 0
        self._lines = 0
        self._inode = 0

    def read_new(self) -> list[dict[str, Any]] | None:
        """Return the records since the last call; None where the journal is another one now."""
        try:
            stat = self.path.stat()
            if self._offset and (stat.st_size < self._offset or stat.st_ino != self._inode):
                return None
            self._inode = stat.st_ino
            if stat.st_size == self._offset:
                return []
            with self.path.open("rb") as stream:
                stream.seek(self._offset)
                data = stream.read()
        except FileNotFoundError:
            return [] if self._offset == 0 else None
        except OSError as error:
            raise WorkspaceError(
                f"Jurnal {self.path} tidak dapat dibaca: {error.strerror or error}. "
                "Periksa izin berkasnya."
            ) from error
        whole = data[: data.rfind(b"\n") + 1]
        self._offset += len(whole)
        records = []
        for line in whole.splitlines():
            self._lines += 1
            record = parse_record(line)
            if record is None:
                self.damaged.append(self._lines)
            else:
                records.append(record)
        return records

    def append(self, record: Record, is_durable: bool = True) -> None:
        """Write one record behind everything read so far; it is on the disk on return.

        Raises
        ------
        WorkspaceError
            Where the disk does not take it; the journal is then as before.
        """
        line = dump_record(record)
        is_new = self._offset == 0
        try:
            self.path.parent.mkdir(exist_ok=True)
            with self.path.open("a+b") as stream:
                stream.seek(self._offset)
                if b"\n" in stream.read():
                    raise ValueError("the journal holds records that were not read")
                stream.truncate(self._offset)  # of a line that a kill cut off
                stream.seek(self._offset)
                try:
                    stream.write(line)
                    stream.flush()
                    if is_durable:
                        os.fsync(stream.fileno())
                except OSError:
                    with contextlib.suppress(OSError):
                        os.ftruncate(stream.fileno(), self._offset)
                    raise
                self._inode = os.fstat(stream.fileno()).st_ino
            if is_new:
                sync_folder(self.path.parent)
                sync_folder(self.path.parent.parent)
        except OSError as error:
            raise WorkspaceError(
                f"Jurnal {self.path} tidak dapat ditulis: {error.strerror or error}. Perubahan "
                "terakhir belum disimpan. Periksa ruang kosong dan izin tulis foldernya."
            ) from error
        self._offset += len(line)
        self._lines += 1
