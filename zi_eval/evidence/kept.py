"""Files handed over on the screen, kept in the unit's folder of evidence with their hash.

What is kept is a document or a picture by its ending and by its content; what a browser would run
(HTML, SVG, scripts) is refused, and no page ever serves the folder. The sums stand beside the
files as ``SHA256SUMS``, which ``sha256sum -c`` checks.
"""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Final

import filelock

from zi_eval.errors import StorageError, WorkspaceError, ZiEvalError, describe_os_error
from zi_eval.evidence.files import content_fault
from zi_eval.files import create_bytes, hash_file

__all__ = ["ENDINGS", "MOST_BYTES", "SUMS", "TOO_LARGE", "clean_name", "keep_file"]

MOST_BYTES: Final = 20 * 2**20
TOO_LARGE: Final = (
    f"lebih dari {MOST_BYTES // 2**20} MB, jadi tidak disimpan. Taruh di tempat lain dan tulis "
    "tautannya sebagai bukti."
)
"""What is said of a larger file, after its name."""
MOST_LETTERS: Final = 100
"""Of a name before its ending; with the folders above it stays within what Windows opens."""
ENDINGS: Final = (
    ".pdf", ".docx", ".xlsx", ".pptx", ".doc", ".xls", ".ppt", ".odt", ".ods", ".odp",
    ".jpg", ".jpeg", ".png", ".gif", ".csv", ".txt", ".zip",
)  # fmt: skip
SUMS: Final = "SHA256SUMS"
PATIENCE: Final = 20.0
"""Seconds to wait for another process that hands over for the same unit."""
KEPT_SIGNS: Final = re.compile(r"[^\w.()-]+", re.ASCII)
DEVICES: Final = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)
"""Names that Windows keeps for devices, whatever their ending."""


def clean_name(name: str) -> str:
    """Return the name under which a file is kept: plain letters, digits and signs, in one folder.

    Raises
    ------
    ZiEvalError
        Where its ending is none that is kept.

    Examples
    --------
    >>> clean_name("C:\\\\Data\\\\SK Tim (2026)\u202efdp.PDF")
    'SK-Tim-(2026)fdp.pdf'
    """
    last = re.split(r"[/\\]", name)[-1]
    # Marks fall off their letters, and signs that turn or hide a text are no letters.
    plain = unicodedata.normalize("NFKD", last).encode("ascii", "ignore").decode("ascii")
    stem, dot, ending = plain.rpartition(".")
    if not dot or f".{ending.strip().lower()}" not in ENDINGS:
        known = ", ".join(item.removeprefix(".") for item in ENDINGS)
        raise ZiEvalError(f"Berkas '{last[:80]}' tidak diterima. Yang diterima: {known}.")
    stem = KEPT_SIGNS.sub("-", stem).strip("-. ")[:MOST_LETTERS].strip("-. ") or "berkas"
    if DEVICES.match(stem):
        stem = f"berkas-{stem}"
    return f"{stem}.{ending.strip().lower()}"


def keep_file(folder: Path, question: str, name: str, content: bytes) -> str:
    """Keep a file below a unit's folder of evidence and return its path there.

    The same content under the same name is kept once; another content gets a number.

    Parameters
    ----------
    folder
        ``parameters/<period>/bukti/<unit>``; made where it is not there.
    question
        An id of the instrument, which names the folder below it.

    Raises
    ------
    ZiEvalError
        Where the file is too large, empty, of a kind that is not kept, or not what its ending says.
    WorkspaceError
        Where another process does not let go of the folder.
    StorageError
        Where the folder cannot be written to.
    """
    kept = clean_name(name)
    if len(content) > MOST_BYTES:
        raise ZiEvalError(f"{kept} {TOO_LARGE}")
    fault = content_fault(kept, content)
    if fault:
        raise ZiEvalError(f"{kept} tidak disimpan: {fault}.")
    place = folder / question
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ZiEvalError(f"{place} tidak dapat dibuat: {describe_os_error(error)}.") from error
    if place.resolve() != folder.parent.resolve() / folder.name / question:
        raise ZiEvalError(f"{place} adalah tautan ke folder lain; berkas tidak disimpan.")
    digest = hashlib.sha256(content).hexdigest()
    with _held(folder):
        for path in (place / numbered for numbered in _numbered(kept)):
            if _holds(path, digest):
                break
            if os.path.lexists(path):  # another content
                continue
            with suppress(FileExistsError):  # copied in at this moment, by who knows no lock
                create_bytes(path, content)
                _add_sum(folder, digest, f"{question}/{path.name}")
                break
    return f"{question}/{path.name}"


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Keep out who hands over for the same unit; the lock stands where those of journals do."""
    lock = filelock.FileLock(folder.parent.parent / "jurnal" / f"{folder.name}.bukti.lock")
    try:
        lock.acquire(timeout=PATIENCE)
    except filelock.Timeout as error:
        raise WorkspaceError(
            f"{folder} sedang dipegang proses lain. Coba lagi sebentar lagi."
        ) from error
    except OSError as error:
        raise StorageError(
            f"{lock.lock_file} tidak dapat ditulis: {describe_os_error(error)}."
        ) from error
    try:
        yield
    finally:
        lock.release()


def _numbered(name: str) -> Iterator[str]:
    """Yield a name, then the same with a number from 2."""
    yield name
    stem, ending = Path(name).stem, Path(name).suffix
    yield from (f"{stem}-{number}{ending}" for number in count(2))


def _holds(path: Path, digest: str) -> bool:
    return not path.is_symlink() and path.is_file() and hash_file(path) == digest


def _add_sum(folder: Path, digest: str, path: str) -> None:
    """Add a line in one write, held as the folder is."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0)
    handle = os.open(folder / SUMS, flags, 0o666)
    try:
        os.write(handle, f"{digest}  {path}\n".encode())
    finally:
        os.close(handle)
