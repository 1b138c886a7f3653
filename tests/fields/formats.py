"""Workbooks saved again in the formats that other programs and other years use."""

from __future__ import annotations

import random
import shutil
from collections.abc import Sequence
from pathlib import Path

from openpyxl import load_workbook

from tests.office import SOFFICE, convert
from tests.sheets.xlsb import write_xlsb

__all__ = ["draw_format", "save_again"]

OFFICE = {"ods": "ods", "xls": "xls:MS Excel 97"}
"""What LibreOffice saves, by the end of the name."""
SHARE = 0.12
"""Of workbooks, for each format."""


def draw_format(chance: random.Random, path: Path) -> str:
    """Return what a file is saved as, empty where it stays as it is."""
    kinds = [*(OFFICE if SOFFICE else ()), "xlsb"]
    place = int(chance.random() / SHARE)
    return kinds[place] if path.suffix == ".xlsx" and place < len(kinds) else ""


def save_again(files: Sequence[tuple[Path, str]], folder: Path) -> list[Path]:
    """Save files in the formats they are to have, each format by one start of its program.

    Returns
    -------
    Where each stands now: beside the one it was made from, its name kept.
    """
    found = [path.with_suffix(f".{kind}") if kind else path for path, kind in files]
    for kind, filter_name in OFFICE.items():
        numbers = [number for number, (_, other) in enumerate(files) if other == kind]
        before, after = folder / f"to-{kind}", folder / f"as-{kind}"
        before.mkdir()
        copies = [before / f"{number}.xlsx" for number in numbers]
        for number, copy in zip(numbers, copies, strict=True):
            shutil.copyfile(files[number][0], copy)
        if copies:
            convert(copies, after, filter_name)
        for number in numbers:
            shutil.move(after / f"{number}.{kind}", found[number])
    for (path, kind), target in zip(files, found, strict=True):
        if kind == "xlsb":
            write_xlsb(target, load_workbook(path))
    return found
