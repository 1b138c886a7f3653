"""Values kept beside the package's own files, as Python keeps what it compiled of a module.

A value stands in ``__pycache__`` with the trust that modules there have, under a name made of the
state of all files that it depends on; what was kept for another state is taken away. Where nothing
can be written, or Python keeps nothing (``PYTHONDONTWRITEBYTECODE``), the value is read anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import pickle
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final, TypeVar, cast

from zi_eval.errors import StorageError

__all__ = ["load_kept", "load_packaged"]

SUFFIX: Final = ".kept"
_PACKAGE: Final = Path(__file__).parents[1]
_READERS: Final = ("core", "instruments", "yaml_files")
"""Rooms whose code decides what any packaged definition is found to be."""
T = TypeVar("T")


@cache
def _room_state(room: str) -> bytes:
    """Return the hash of a room's data and of the code that reads it."""
    found = hashlib.sha256()
    for path in sorted((_PACKAGE / room).rglob("*")):
        if path.suffix in (".py", ".yaml"):
            found.update(f"{path.relative_to(_PACKAGE)}\0".encode())
            found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.digest()


def load_packaged(room: str, name: str, read: Callable[[], T], of: str = "") -> T:
    """Return a value that follows from the package's own files, kept in its room.

    Parameters
    ----------
    room
        The room that the definition belongs to, e.g. ``"survey"``; with the rooms that every
        definition is read by, its files are all that can change the value.
    read
        As :func:`load_kept`; imports what checks a definition, which takes longer than a unit to
        score.
    of
        The hash of what else it follows from, as a team's own file; empty for nothing.
    """
    state = hashlib.sha256(f"{sys.version}{of}".encode())
    for one in dict.fromkeys((*_READERS, room)):
        state.update(_room_state(one))
    return load_kept(_PACKAGE / room / "__pycache__", name, state.hexdigest()[:32], read)


def load_kept(folder: Path, name: str, state: str, read: Callable[[], T]) -> T:
    """Return what was kept under a name for a state of the files, else read and keep it.

    Parameters
    ----------
    folder
        A ``__pycache__`` of the package; made where it is not there.
    state
        A hash of all that can change the value, of one length always.
    read
        Gives the value where none is kept; what it raises is raised, and nothing is kept.
    """
    path = folder / f"{name}-{state}{SUFFIX}"
    # What is broken or of another release is read anew, as a module is.
    with contextlib.suppress(Exception):
        return cast("T", pickle.loads(path.read_bytes()))
    value = read()
    if not sys.dont_write_bytecode:
        with contextlib.suppress(StorageError):
            _keep(path, f"{name}-{'?' * len(state)}{SUFFIX}", pickle.dumps(value))
    return value


def _keep(path: Path, others: str, data: bytes) -> None:
    """Write a file whole, and take away what was kept for other states."""
    from zi_eval.files import write_bytes

    write_bytes(path, data)
    for old in path.parent.glob(others):
        if old != path:
            with contextlib.suppress(OSError):
                old.unlink()
