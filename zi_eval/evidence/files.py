"""Files of a unit's evidence folder, looked at: there, not empty, readable, and of which day."""

from __future__ import annotations

import hashlib
import io
import zipfile
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path, PurePosixPath
from typing import Final

__all__ = ["SeenFile", "content_fault", "find_file", "look_at"]

PDF: Final = b"%PDF-"
STARTS: Final = {
    ".pdf": (PDF,), ".png": (b"\x89PNG",), ".jpg": (b"\xff\xd8\xff",), ".jpeg": (b"\xff\xd8\xff",),
    ".gif": (b"GIF8",), ".doc": (b"\xd0\xcf\x11\xe0",), ".xls": (b"\xd0\xcf\x11\xe0",),
    ".ppt": (b"\xd0\xcf\x11\xe0",),
}  # fmt: skip
"""How files begin, by ending; one that begins otherwise opens in no program."""
ZIPPED: Final = (".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp", ".zip")
PDF_HEAD: Final = 1024
"""A PDF may have other bytes before its mark, up to here."""


@dataclass(frozen=True, slots=True)
class SeenFile:
    """What was seen of one file.

    Attributes
    ----------
    fault
        What is wrong with it, in one clause; empty where it opens.
    day
        When it was last changed (UTC); None where it is not there.
    sha256
        Of its content; empty where it cannot be read.
    """

    fault: str
    day: date | None = None
    sha256: str = ""


def find_file(folder: Path, name: str) -> Path | None:
    """Return the path of a file below a unit's folder of evidence; None where it is not there.

    Raises
    ------
    ValueError
        Where the name leads out of the folder.
    """
    pure = PurePosixPath(name.replace("\\", "/"))
    if pure.is_absolute() or ".." in pure.parts or ":" in pure.parts[0]:
        raise ValueError(name)
    path = folder.joinpath(*pure.parts)
    try:
        is_there = path.is_file() and path.resolve().is_relative_to(folder.resolve())
    except OSError:
        return None
    return path if is_there else None


def look_at(folder: Path, name: str) -> SeenFile:
    """Look at one file below a unit's folder of evidence; nothing outside of it is opened."""
    try:
        path = find_file(folder, name)
    except ValueError:
        return SeenFile("harus berada di dalam folder bukti unit")
    if path is None:
        return SeenFile("tidak ada di folder bukti")
    try:
        content = path.read_bytes()
        day = datetime.fromtimestamp(path.stat().st_mtime, UTC).date()
    except OSError:
        return SeenFile("tidak dapat dibaca")
    digest = hashlib.sha256(content).hexdigest()
    return SeenFile(content_fault(path.name, content), day, digest)


def content_fault(name: str, content: bytes) -> str:
    """Return in one clause why a file does not open as its ending says; empty where it does."""
    if not content:
        return "kosong (0 bita)"
    ending = PurePosixPath(name).suffix.lower()
    if ending in ZIPPED and not zipfile.is_zipfile(io.BytesIO(content)):
        return f"isinya bukan {ending}"
    starts = STARTS.get(ending)
    if starts is None:
        return ""
    head = content[:PDF_HEAD]
    is_there = PDF in head if ending == ".pdf" else head.startswith(starts)
    return "" if is_there else f"isinya bukan {ending}"
