"""Archives (zip, docx, xlsx) in which nothing tells when or where they were made."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from typing import Final

__all__ = ["pack", "unpack"]

EARLIEST: Final = (1980, 1, 1, 0, 0, 0)
"""The first moment that an archive can name."""


def pack(
    parts: Iterable[tuple[str, bytes]],
    time: tuple[int, int, int, int, int, int] = EARLIEST,
    mode: int = 0o600,
) -> bytes:
    """Return files as an archive; the same names and contents give the same bytes.

    Parameters
    ----------
    parts
        Name and content of each, in order.
    time, mode
        What the archive says of every one of them.
    """
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts:
            entry = zipfile.ZipInfo(name, time)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, mode << 16
            packed.writestr(entry, content)
    return stream.getvalue()


def unpack(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of each file of an archive that we made ourselves."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            yield name, archive.read(name)
