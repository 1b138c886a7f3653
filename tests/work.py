"""Work counted, where a clock would measure the machine: calls made and files opened."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

_watches: list[list[Path]] = []
_is_hooked = False


def count_calls(work: Callable[[], object]) -> int:
    """Return how many functions ``work`` calls in this thread, Python's and C's, all depths.

    The same work gives the same number on any machine; what a vectorised function does inside is
    one call.
    """
    count = 0

    def see(frame: FrameType, event: str, argument: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(see)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


@contextmanager
def opened_files(below: Path) -> Iterator[list[Path]]:
    """Collect the files below a folder that this process opens, once for each opening."""
    global _is_hooked
    if not _is_hooked:  # a hook of Python's stays for good
        sys.addaudithook(_see_opening)
        _is_hooked = True
    opened: list[Path] = []
    _watches.append(opened)
    try:
        yield opened
    finally:
        _watches.remove(opened)
        opened[:] = [path for path in opened if path.is_relative_to(below.resolve())]


def _see_opening(event: str, arguments: tuple[Any, ...]) -> None:
    if not _watches or event != "open" or not isinstance(arguments[0], (str, bytes, os.PathLike)):
        return
    path = Path(os.path.abspath(os.fsdecode(arguments[0])))
    for opened in _watches:
        opened.append(path)
