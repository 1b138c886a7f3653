"""The journal of a unit: ``parameters/<period>/jurnal/<unit>.jsonl``, one record a line.

It is only ever appended to, and each line is on the disk before the call that wrote it returns.
One without a line end was cut off by a kill in the middle of the write, was never acknowledged,
and counts as absent.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from zi_eval.errors import WorkspaceError, describe_os_error
from zi_eval.files import open_regular
from zi_eval.journal.chain import line_hash
from zi_eval.journal.fields import Role
from zi_eval.period.journal_file import Record, dump_record, is_newer, parse_record

__all__ = ["Journal", "describe_newer", "sync_folder"]


ROLES: Final = frozenset(role.value for role in Role)


def describe_newer(path: Path) -> str:
    """Say that a newer version wrote into a journal, and what to do."""
    return (
        f"Jurnal {path} ditulis oleh zi-eval yang lebih baru, jadi di sini hanya dapat dibaca. "
        "Perbarui zi-eval di komputer ini untuk mengubahnya."
    )


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
        Numbers of the lines found so far that are damaged, or hold what cannot be.
    newer
        Numbers of those that only a newer version understands: nothing may be written then.

    Parameters
    ----------
    is_sound
        Whether the values of a record can be values of the file.
    """

    def __init__(
        self, path: Path, is_sound: Callable[[Record], bool] = lambda record: True
    ) -> None:
        self.path = path
        self.damaged: list[int] = []
        self.newer: list[int] = []
        self._is_sound = is_sound
        self._last = ""
        self._offset = 0
        self._lines = 0
        self._inode = 0

    def read_new(self) -> list[dict[str, Any]] | None:
        """Return the records since the last call; None where the journal is another one now."""
        try:
            stat = self.path.lstat()
            if self._offset and (stat.st_size < self._offset or stat.st_ino != self._inode):
                return None
            self._inode = stat.st_ino
            if stat.st_size == self._offset:
                return []
            with os.fdopen(open_regular(self.path), "rb") as stream:
                stream.seek(self._offset)
                data = stream.read()
        except FileNotFoundError:
            return [] if self._offset == 0 else None
        except OSError as error:
            raise WorkspaceError(
                f"Jurnal {self.path} tidak dapat dibaca: {describe_os_error(error)}. "
                "Periksa izin berkasnya."
            ) from error
        whole = data[: data.rfind(b"\n") + 1]
        self._offset += len(whole)
        records = []
        for line in whole.split(b"\n")[:-1]:
            self._lines += 1
            self._last = line_hash(line)
            record = parse_record(line)
            if record is None:
                self.damaged.append(self._lines)
            elif is_newer(record) or record.get("peran", Role.FILE) not in ROLES:
                self.newer.append(self._lines)
            elif not self._is_sound(record):
                self.damaged.append(self._lines)
            else:
                records.append(record)
        return records

    def append(self, record: Record, is_durable: bool = True) -> None:
        """Write one record behind everything read so far; it is on the disk on return.

        Raises
        ------
        WorkspaceError
            Where the disk does not take it, or a newer version wrote into it; the journal is then
            as before.
        """
        if self.newer:
            raise WorkspaceError(describe_newer(self.path))
        line = dump_record({**record, "rantai": self._last})
        is_new = self._offset == 0
        try:
            self.path.parent.mkdir(exist_ok=True)
            handle = open_regular(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT)
            with os.fdopen(handle, "a+b") as stream:
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
                f"Jurnal {self.path} tidak dapat ditulis: {describe_os_error(error)}. Perubahan "
                "terakhir belum disimpan. Periksa ruang kosong dan izin tulis foldernya."
            ) from error
        self._offset += len(line)
        self._lines += 1
        self._last = line_hash(line.rstrip(b"\n"))
