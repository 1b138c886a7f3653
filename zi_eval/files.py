"""Files: written whole or not at all, and known by their hash."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import hashlib
import os
import platform
import shutil
import stat
import sys
import tempfile
import time
import zlib
from glob import escape
from pathlib import Path

from zi_eval.errors import StorageError, WorkspaceError, describe_os_error

__all__ = [
    "create_bytes",
    "file_stem",
    "hash_file",
    "open_regular",
    "read_regular",
    "remove_unfinished",
    "replace_keeping",
    "require_free",
    "swap_files",
    "write_bytes",
    "write_text",
]

UNFINISHED = ".zi-eval-tmp"
DAY = 86_400.0
HASHED = 1 << 19
"""Bytes of a file that are hashed at once: most are shorter, and read in one call."""
LONGEST_STEM = 200
"""Bytes of a name before its ending: file systems take 255, and the longest ending has 14."""


def file_stem(unit: str) -> str:
    """Return what the files made for a unit are called, before their endings: the unit's id.

    A unit's file may bear any name that the file system takes, and still has a log where its id is
    refused. Where an ending would make it too long, it is cut and told apart by its hash.

    Examples
    --------
    >>> file_stem("dpmptsp"), len(file_stem("v" * 245))
    ('dpmptsp', 200)
    """
    name = unit.encode("utf-8", "surrogateescape")
    if len(name) <= LONGEST_STEM:
        return unit
    mark = f"~{hashlib.sha256(name).hexdigest()[:8]}"
    return name[: LONGEST_STEM - len(mark)].decode("utf-8", "ignore") + mark


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    found = hashlib.sha256()
    with path.open("rb", buffering=0) as stream:
        while part := stream.read(HASHED):
            found.update(part)
    return found.hexdigest()


def open_regular(path: Path, flags: int = os.O_RDONLY, *, is_followed: bool = False) -> int:
    """Open a regular file and return its descriptor: no pipe or device is waited for.

    Parameters
    ----------
    is_followed
        Whether a symbolic link in the place of the file is followed. Files that only we write are
        no links: one would let whoever may write into the folder choose what is written elsewhere.

    Raises
    ------
    OSError
        Where it cannot be opened, is a link or is no regular file; its text is for people.
    """
    for name in ("O_NONBLOCK", "O_CLOEXEC", "O_BINARY", *(() if is_followed else ("O_NOFOLLOW",))):
        flags |= getattr(os, name, 0)
    if not is_followed and os.path.islink(path):
        raise OSError(errno.ELOOP, "ini tautan simbolik, bukan berkas", str(path))
    handle = os.open(path, flags, 0o666)
    if stat.S_ISDIR(os.fstat(handle).st_mode):
        os.close(handle)
        raise IsADirectoryError(errno.EISDIR, "ini folder, bukan berkas", str(path))
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(errno.EINVAL, "ini bukan berkas biasa", str(path))
    return handle


def read_regular(path: Path, most: int = -1, *, is_followed: bool = False) -> bytes:
    """Return the bytes of a regular file, at most so many; as :func:`open_regular` opens it."""
    with os.fdopen(open_regular(path, is_followed=is_followed), "rb") as stream:
        return stream.read(most)


def require_free(path: Path, force: bool = False) -> None:
    """Refuse to write over a file that is there, but where ``force`` says so.

    Raises
    ------
    WorkspaceError
        Where it is there.
    """
    if path.exists() and not force:
        raise WorkspaceError(
            f"{path} sudah ada; tidak ditulis. Pakai --force (di Python: "
            "force=True) untuk menimpanya."
        )


def write_bytes(path: Path, data: bytes) -> None:
    """Replace ``path`` by ``data`` in one step: readers see the old file or the new one.

    Raises
    ------
    StorageError
        Where the folder cannot be written to or the disk is full; ``path`` is then as before.
    """
    try:
        temporary = _write_beside(path, data)
        try:
            os.replace(temporary, path)
        except OSError:
            _remove(temporary)
            raise
    except OSError as error:
        raise _unwritten(path, error) from error


def create_bytes(path: Path, data: bytes) -> None:
    """Write ``path`` in one step where nothing stands there: of two who do at once, one does.

    Raises
    ------
    FileExistsError
        Where something stands there, also a link that leads nowhere; it stays.
    StorageError
        As :func:`write_bytes`; nothing is at ``path`` then.
    """
    try:
        temporary = _write_beside(path, data)
    except OSError as error:
        raise _unwritten(path, error) from error
    try:
        _name_first(temporary, path)
    except FileExistsError:
        raise
    except OSError as error:
        raise _unwritten(path, error) from error
    finally:
        _remove(temporary)


def _name_first(written: Path, path: Path) -> None:
    """Give a written file its name, which nothing has yet."""
    try:
        os.link(written, path)
        return
    except FileExistsError:
        raise
    except OSError:  # no hard links here: an empty file takes the name first
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))
    try:
        os.replace(written, path)
    except OSError:
        _remove(path)
        raise


def replace_keeping(path: Path, data: bytes, kept: Path) -> None:
    """Replace ``path`` by ``data`` in one step, and keep as ``kept`` the file that was replaced.

    A program that knows no lock may save between the last look at a file and its replacement, or
    still hold the old file open and write into it afterwards: both end in ``kept``.

    Raises
    ------
    FileNotFoundError
        Where ``path`` was taken away.
    StorageError
        As :func:`write_bytes`; ``path`` is then as before.
    """
    try:
        temporary = _write_beside(path, data)
        try:
            os.replace(temporary, kept)  # whole, so that what stands there is never a part
        except OSError:
            _remove(temporary)
            raise
        try:
            swap_files(kept, path)
        except OSError:
            _remove(kept)
            raise
    except FileNotFoundError:
        raise
    except OSError as error:
        raise _unwritten(path, error) from error


def swap_files(one: Path, other: Path) -> None:
    """Let two files change names in one step, so that neither name is ever without its file.

    Linux and macOS have a call for it. Elsewhere, and on the file systems without it, ``other`` is
    kept by a second name (or a copy) and then replaced: between these two calls a saver could
    still slip in.

    Raises
    ------
    OSError
        Where one of them is not there, or the folder cannot be written to.
    """
    if _exchange(one, other):
        return
    between = one.with_name(f"{one.name}~")
    _remove(between)
    try:
        os.link(other, between)
    except FileNotFoundError:
        raise
    except OSError:  # no hard links here
        shutil.copy2(other, between)
    os.replace(one, other)
    os.replace(between, one)


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two names by the system's own call; False where there is none here."""
    names = os.fsencode(one), os.fsencode(other)
    if sys.platform == "linux":
        at_here, exchange = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
        call = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
        arguments = (at_here, names[0], at_here, names[1], exchange)
    elif sys.platform == "darwin":
        call = getattr(ctypes.CDLL(None, use_errno=True), "renamex_np", None)
        arguments = (*names, 2)  # RENAME_SWAP
    else:
        return False
    if call is None:
        return False
    if call(*arguments) == 0:
        return True
    code = ctypes.get_errno()
    if code in (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP):
        return False
    raise OSError(code, os.strerror(code), str(other))


def _write_beside(path: Path, data: bytes) -> Path:
    """Write the whole of a new file into the folder of ``path``, with the mode of ``path``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(
        prefix=f".{path.name[:40]}.{_owner()}-", suffix=UNFINISHED, dir=path.parent
    )
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
        os.chmod(name, mode)
    except OSError:
        _remove(Path(name))
        raise
    return Path(name)


def _remove(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink()


def _unwritten(path: Path, error: OSError) -> StorageError:
    return StorageError(
        f"{path} tidak dapat ditulis: {describe_os_error(error)}. "
        "Periksa ruang kosong dan izin tulis foldernya."
    )


def write_text(path: Path, text: str) -> None:
    """Replace ``path`` by ``text`` as UTF-8 with LF line ends, in one step."""
    write_bytes(path, text.encode("utf-8"))


def remove_unfinished(folder: Path, name: str = "", *, is_held: bool = False) -> None:
    """Remove what writes that were killed in the middle left behind in ``folder``.

    What a living process of this machine writes stays, and for a day what another machine may.

    Parameters
    ----------
    name
        The file that was to be written; any where empty.
    is_held
        Whether nobody else can be writing there.
    """
    for path in folder.glob(f".{escape(name[:40])}{'.' if name else ''}*{UNFINISHED}"):
        if is_held or _is_orphan(path):
            _remove(path)


def _owner() -> str:
    """Return by what a file that is being written names its process: its machine and number."""
    return f"{zlib.crc32(platform.node().encode()):08x}-{os.getpid():x}"


def _is_orphan(path: Path) -> bool:
    """Whether nobody goes on writing a file."""
    machine, _, number = path.name.removesuffix(UNFINISHED).rpartition(".")[2].partition("-")
    here = _owner().partition("-")[0]
    try:
        if machine == here and os.name == "posix":
            os.kill(int(number.partition("-")[0], 16), 0)  # asks only
            return False
        return time.time() - path.stat().st_mtime > DAY
    except (ProcessLookupError, ValueError):
        return True
    except OSError:  # of another user, or gone meanwhile
        return False


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
