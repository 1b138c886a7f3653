"""Somebody who knows no lock, at work between any two lines of ours."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

from tests.journal.units import set_back

__all__ = ["Saver", "interpose"]


def interpose(
    work: Callable[[], object],
    modules: Iterable[ModuleType],
    *deeds: tuple[int, Callable[[], object]],
) -> int:
    """Do ``work``, with each deed right before that line (counted from 0) of these modules.

    Returns
    -------
    How many lines were run.
    """
    files = {module.__file__ for module in modules}
    line = -1
    before = sys.gettrace()  # of whoever counts which lines a test passes

    def see(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal line
        if before is not None:
            before(frame, event, argument)
        if frame.f_code.co_filename not in files:
            return None
        if event == "line":
            line += 1
            for number, deed in deeds:
                if number == line:
                    deed()
        return see

    sys.settrace(see)
    try:
        work()
    finally:
        sys.settrace(before)
    return line + 1


class Saver:
    """A program that edits a file as people's editors do: by a new file, or in the old one."""

    def __init__(self, path: Path, edit: Callable[[bytes], bytes]) -> None:
        self.path = path
        self.edit = edit
        self._handle: int | None = None

    def save_anew(self) -> None:
        """Write beside the file, then rename: what Word processors and vim do."""
        other = self.path.with_name("editor.tmp")
        other.write_bytes(self.edit(self.path.read_bytes()))
        set_back(other, 5)
        os.replace(other, self.path)

    @property
    def is_open(self) -> bool:
        """Whether it holds the file open."""
        return self._handle is not None

    def open(self) -> None:
        """Hold the file open for writing."""
        self._handle = os.open(self.path, os.O_RDWR)

    def write(self) -> None:
        """Write into what was opened, whatever name it has by now."""
        assert self._handle is not None
        data = os.pread(self._handle, 1 << 24, 0)
        os.ftruncate(self._handle, 0)
        os.pwrite(self._handle, self.edit(data), 0)
        found = os.fstat(self._handle)
        os.utime(self._handle, ns=(found.st_atime_ns, found.st_mtime_ns - 5 * 10**9))
        os.close(self._handle)
        self._handle = None
