"""Reading a file and counting what is unpacked for it; light to import in a process of its own."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path

from zi_eval.errors import WorkbookError
from zi_eval.instruments import load_instrument, load_workbook_layouts
from zi_eval.lke.reader import read_workbook

__all__ = ["Reading", "read"]


@dataclass(frozen=True)
class Reading:
    """What became of a file: the answers read or the refusal, and how much was unpacked for it."""

    answers: int | None
    refusal: str
    unpacked: int
    """Bytes, those of the pass that checks the sizes included."""


def read(path: Path) -> Reading:
    """Read a file here, and count what comes out of its zip."""
    instrument, layouts = load_instrument("zi-2021"), load_workbook_layouts("zi-2021")
    unpacked = 0
    unpack = zipfile.ZipExtFile.read

    def count(part: zipfile.ZipExtFile, size: int | None = -1) -> bytes:
        nonlocal unpacked
        data = unpack(part, size)
        unpacked += len(data)
        return data

    zipfile.ZipExtFile.read = count  # type: ignore[method-assign]
    try:
        answers = len(read_workbook(path, instrument, layouts).answers)
        return Reading(answers, "", unpacked)
    except WorkbookError as error:
        return Reading(None, str(error), unpacked)
    finally:
        zipfile.ZipExtFile.read = unpack  # type: ignore[method-assign]
