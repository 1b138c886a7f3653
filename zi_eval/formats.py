"""Values as they are written: CSV safe for spreadsheets, JSON, and archives without a time."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator
from json import dumps
from json.encoder import encode_basestring
from typing import Final

__all__ = ["is_formula_like", "pack", "render_csv", "render_json", "unpack"]

FORMULA_SIGNS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a spreadsheet program may take for the begin of a formula; the last four are the wide forms
of the first four, which some programs read alike."""

UNSEEN_BLANKS = " \t\r\n\x0b\x0c\u200b\ufeff"
"""What programs leave out before they look for such a sign."""
EARLIEST: Final = (1980, 1, 1, 0, 0, 0)
"""The first moment that an archive can name."""


def is_formula_like(text: str) -> bool:
    """Whether a spreadsheet program may run a text, once it stands in a cell, as a formula."""
    return text[:1] in ("\t", "\r") or text.lstrip(UNSEEN_BLANKS).startswith(FORMULA_SIGNS)


def render_csv(rows: Iterable[Iterable[object]], line_end: str = "\r\n") -> str:
    """Return rows as CSV for Indonesian Excel: fields between semicolons, decimal commas.

    A text that would be taken for a formula gets an apostrophe before it, and None is empty.
    """
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=";", lineterminator=line_end)
    writer.writerows([_field(value) for value in row] for row in rows)
    return stream.getvalue()


def _field(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.15g}".replace(".", ",")
    if isinstance(value, str) and is_formula_like(value):
        return f"'{value}"
    return str(value)


def render_json(value: object, *, is_sorted: bool = False) -> str:
    """Return what ``json.dumps(value, ensure_ascii=False, indent=1, sort_keys=is_sorted)`` does.

    Asked for an indent, the standard library leaves its encoder in C: here only the lists and
    objects are written by Python, in three quarters of the time. Keys are texts.
    """
    pieces: list[str] = []
    _write_json(value, "\n", is_sorted, pieces.append)
    return "".join(pieces)


def _write_json(value: object, end: str, is_sorted: bool, put: Callable[[str], None]) -> None:
    """Put a value piece by piece; its closing sign stands on a line of its own: after ``end``."""
    if isinstance(value, str):
        put(encode_basestring(value))
        return
    inner = f"{end} "
    if isinstance(value, dict):
        sign = "{"
        for key, item in sorted(value.items()) if is_sorted else value.items():
            put(f"{sign}{inner}{encode_basestring(key)}: ")
            _write_json(item, inner, is_sorted, put)
            sign = ","
        put(f"{end}}}" if value else "{}")
    elif isinstance(value, list | tuple):
        sign = "["
        for item in value:
            put(f"{sign}{inner}")
            _write_json(item, inner, is_sorted, put)
            sign = ","
        put(f"{end}]" if value else "[]")
    else:
        put(dumps(value))


def pack(
    parts: Iterable[tuple[str, bytes]],
    time: tuple[int, int, int, int, int, int] = EARLIEST,
    mode: int = 0o600,
) -> bytes:
    """Return files as an archive (zip, docx, xlsx); the same content gives the same bytes.

    Parameters
    ----------
    parts
        Name and content of each, in order.
    time, mode
        What the archive says of every one of them: nothing of when and where it was made.
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
