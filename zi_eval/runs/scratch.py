"""The folder of a program's temporary files, also of its processes, which a later one clears away.

A run that is killed leaves its files behind. The folder lies where the system keeps such files,
beside a lock that its program holds as long as it lives: what nobody holds is of a dead one.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
import uuid
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Final

import filelock

from zi_eval.errors import WorkspaceError, describe_os_error

__all__ = ["own_scratch", "use_scratch"]

NAME: Final = "zi-eval-"
LOCK: Final = ".kunci"


@cache
def own_scratch() -> Path:
    """Return this program's folder for temporary files, gone with it; clear those of dead ones.

    Raises
    ------
    WorkspaceError
        Where the system has no place for such files.
    """
    try:
        home = Path(tempfile.gettempdir())
        for lock in home.glob(f"{NAME}*{LOCK}"):
            with suppress(OSError, filelock.Timeout):
                if _is_own(lock):
                    _remove(lock)
        folder = home / f"{NAME}{uuid.uuid4().hex[:8]}"
        held = filelock.FileLock(folder.with_suffix(LOCK))
        held.acquire()  # before there is a folder that another run might take for a dead one's
        folder.mkdir(mode=0o700)
    except OSError as error:
        raise WorkspaceError(
            "Tidak ada folder untuk berkas sementara yang dapat ditulis "
            f"({describe_os_error(error)}). Tunjuk satu dengan TMPDIR."
        ) from error
    atexit.register(_give_up, folder, held, os.getpid())
    return folder


def _give_up(folder: Path, held: filelock.BaseFileLock, owner: int) -> None:
    if os.getpid() == owner:
        shutil.rmtree(folder, ignore_errors=True)
        Path(held.lock_file).unlink(missing_ok=True)
        held.release()


def _remove(lock: Path) -> None:
    """Remove a dead run's folder with its lock; :class:`filelock.Timeout` where it lives."""
    with filelock.FileLock(lock, timeout=0):
        folder = lock.with_suffix("")
        if _is_own(folder):
            shutil.rmtree(folder, ignore_errors=True)
        lock.unlink(missing_ok=True)


def _is_own(path: Path) -> bool:
    """Whether a file is there and ours: anybody may write where temporary files are kept."""
    if not hasattr(os, "getuid"):
        return True
    with suppress(OSError):
        return path.lstat().st_uid == os.getuid()
    return False


def use_scratch(folder: Path) -> None:
    """Let this process, and the programs it starts, keep their temporary files there."""
    tempfile.tempdir = os.environ["TMPDIR"] = str(folder)
