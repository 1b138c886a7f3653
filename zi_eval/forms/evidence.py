"""Evidence on the screen: what a text is taken for, and files that arrive in parts."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from zi_eval.errors import ZiEvalError
from zi_eval.evidence.files import find_file
from zi_eval.evidence.kept import MOST_BYTES, TOO_LARGE, clean_name
from zi_eval.evidence.load import FOLDER
from zi_eval.evidence.pieces import ADDRESS, Kind, kind_of, link_fault

__all__ = ["ArrivingFiles", "evidence_folder", "taken_for"]

MOST_AT_ONCE: Final = 4
"""Files under way at the same time; an older one is forgotten."""


def evidence_folder(unit_file: Path) -> Path:
    """Return the folder of evidence of the unit of a file."""
    return unit_file.parent / FOLDER / unit_file.stem


def taken_for(folder: Path, text: str) -> str:
    """Say in a few words what one text of evidence was taken for; no file is opened."""
    kind = kind_of(text)
    if kind is Kind.LINK:
        addresses = ADDRESS.findall(text)
        fault = next(filter(None, map(link_fault, addresses)), "")
        said = "tautan" if len(addresses) == 1 else f"{len(addresses)} tautan"
        return f"{said}; {fault}" if fault else said
    if kind is Kind.TEXT:
        return "keterangan, bukan tautan atau berkas"
    try:
        is_there = find_file(folder, text.strip()) is not None
    except ValueError:
        return "berkas di luar folder bukti unit; tidak dapat dilihat"
    return "berkas, ada di folder bukti" if is_there else "berkas, belum ada di folder bukti"


class ArrivingFiles:
    """Files that a screen sends part by part, since no message may be large."""

    def __init__(self) -> None:
        self._parts: dict[tuple[str, str], bytearray] = {}

    def take(self, message: Mapping[str, Any]) -> bytes | None:
        """Add one part; return the whole once it has arrived.

        Parameters
        ----------
        message
            ``view`` and ``file`` name the file under way, ``name`` and ``size`` are its own,
            ``start`` is where ``data`` (base64) belongs.

        Raises
        ------
        ZiEvalError
            Where it is of a kind that is not kept, too large, or a part is missing.
        """
        name, size, start = str(message["name"]), message["size"], message["start"]
        clean_name(name)
        if not isinstance(size, int) or not isinstance(start, int) or size > MOST_BYTES:
            raise ZiEvalError(f"'{name[:80]}' {TOO_LARGE}")
        key = (str(message["view"]), str(message["file"]))
        if start == 0:
            self._parts[key] = bytearray()
            while len(self._parts) > MOST_AT_ONCE:
                del self._parts[next(iter(self._parts))]
        content = self._parts.get(key)
        try:
            part = base64.b64decode(str(message["data"]), validate=True)
        except binascii.Error:
            content, part = None, b""
        if content is None or start != len(content) or start + len(part) > size:
            self._parts.pop(key, None)
            raise ZiEvalError(f"'{name[:80]}' tidak sampai utuh; coba lagi.")
        content += part
        if len(content) < size:
            return None
        return bytes(self._parts.pop(key))
