"""Opening a workbook safely: every size is checked before a sheet becomes a grid of values."""

from __future__ import annotations

import io
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias
from xml.parsers import expat

from python_calamine import CalamineError, CalamineWorkbook

from zi_eval.errors import WorkbookError

__all__ = ["Book", "Grid", "cell_name", "column_index", "column_letter", "open_book"]

MAX_TOTAL = 200 * 1024**2
"""Bytes a workbook may take, on disk and unpacked."""
MAX_RATIO, RATIO_FROM = 200, 10 * 1024**2
MAX_CELLS = 2_000_000
"""Cells the used rectangle of a sheet may have; the official sheet has about 3,500."""

SAVE_AGAIN = "buka di Excel atau LibreOffice, lalu simpan sebagai Buku Kerja Excel (.xlsx)."
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    LookupError,
    ValueError,
    ArithmeticError,
    EOFError,
    OSError,
    RuntimeError,
)
"""What a damaged container raises, whichever of its bytes are wrong."""
REFERENCE = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")

Cell: TypeAlias = object
"""A value as the workbook holds it: text (empty for none), number, bool, date or time."""


def column_letter(column: int) -> str:
    """Return the letters of a 0-based column: 0 is A, 26 is AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def column_index(letters: str) -> int:
    """Return the 0-based column of its letters, the inverse of :func:`column_letter`."""
    index = 0
    for letter in letters.upper():
        index = index * 26 + ord(letter) - ord("A") + 1
    return index - 1


def cell_name(sheet: str, row: int, column: int) -> str:
    """Return ``Sheet!A1`` of a 0-based place."""
    return f"{sheet}!{column_letter(column)}{row + 1}"


@dataclass(frozen=True)
class Grid:
    """A sheet's values from A1 on.

    Attributes
    ----------
    sheet
        Its name as the workbook spells it.
    rows
        Values by 0-based row and column; all rows are equally long.
    formulas
        Places whose value a formula computed.
    merges
        Merged ranges as (top, left, bottom, right), inclusive and 0-based.
    errors
        Places that hold an error such as ``#REF!``; their value is empty text.
    """

    sheet: str
    rows: tuple[tuple[Cell, ...], ...]
    formulas: frozenset[tuple[int, int]]
    merges: tuple[tuple[int, int, int, int], ...]
    errors: frozenset[tuple[int, int]] = frozenset()

    @property
    def width(self) -> int:
        """Number of columns."""
        return len(self.rows[0]) if self.rows else 0

    def value(self, row: int, column: int | None) -> Cell:
        """Return a cell's value, empty text outside the sheet."""
        if column is None or not 0 <= column < self.width or not 0 <= row < len(self.rows):
            return ""
        return self.rows[row][column]

    def name(self, row: int, column: int) -> str:
        """Return ``Sheet!A1`` of a place."""
        return cell_name(self.sheet, row, column)


@dataclass(frozen=True)
class Book:
    """A workbook whose container has been checked; ``parts`` maps a sheet to its XML."""

    name: str
    data: bytes
    parts: Mapping[str, str]

    def grid(self, sheet: str) -> Grid:
        """Return one sheet.

        Raises
        ------
        WorkbookError
            Where its XML is damaged or its used rectangle is larger than any LKE.
        """
        try:
            with zipfile.ZipFile(io.BytesIO(self.data)) as archive:
                formulas, errors = _scan_sheet(archive.read(self.parts[sheet]), self.name, sheet)
            with CalamineWorkbook.from_filelike(io.BytesIO(self.data)) as workbook:
                table = workbook.get_sheet_by_name(sheet)
                rows = table.to_python(skip_empty_area=False)
                merges = getattr(table, "merged_cell_ranges", None) or []
        except (CalamineError, *UNREADABLE) as error:
            raise _damaged(self.name) from error
        return Grid(
            sheet=sheet,
            rows=tuple(tuple(row) for row in rows),
            formulas=formulas,
            errors=errors,
            merges=tuple((top, left, bottom, right) for (top, left), (bottom, right) in merges),
        )


def open_book(path: Path) -> Book:
    """Check a file's container and return it as a workbook; no sheet is read yet.

    Raises
    ------
    WorkbookError
        Where there is no such file, it is not an xlsx, is protected, damaged or far too large.
    """
    data = _read(path)
    name = path.name
    other = _other_kind(data)
    if other:
        raise WorkbookError(f"{name} bukan berkas .xlsx, melainkan {other}; {SAVE_AGAIN}")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _require_sizes(archive, name)
            _require_workbook(archive, name)
            _require_readable(archive)
            parts = _sheet_parts(archive, name)
    except UNREADABLE as error:
        raise _damaged(name) from error
    return Book(name, data, parts)


def _damaged(name: str) -> WorkbookError:
    return WorkbookError(
        f"{name} rusak dan tidak dapat dibaca; {SAVE_AGAIN[:-1]} atau minta salinan baru."
    )


def _too_large(name: str, what: str) -> WorkbookError:
    return WorkbookError(
        f"{name} tidak dibaca karena {what}, jauh lebih besar daripada LKE mana pun; "
        "salin isian ke lembar kerja LKE yang kosong, lalu coba lagi."
    )


def _read(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise WorkbookError(f"{path} adalah folder; sebutkan berkas .xlsx di dalamnya.")
        size = path.stat().st_size
        if size > MAX_TOTAL:
            raise _too_large(path.name, f"berukuran {size // 1024**2} MB")
        return path.read_bytes()
    except FileNotFoundError:
        raise WorkbookError(f"{path} tidak ditemukan; periksa nama dan folder berkasnya.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise WorkbookError(
            f"{path} tidak dapat dibuka ({reason}); periksa izin bacanya dan tutup berkas itu "
            "di program lain."
        ) from error


def _other_kind(data: bytes) -> str:
    """Say what a file seems to be that is no zip, or empty for a zip."""
    if data[:4] == b"PK\x03\x04":
        return ""
    if not data.strip(b"\x00 \t\r\n"):
        return "berkas kosong"
    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        if "EncryptedPackage".encode("utf-16-le") in data:
            return "buku kerja yang dilindungi kata sandi (hapus dahulu kata sandinya)"
        return "buku kerja Excel lama (.xls)"
    head = data[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(b"%pdf"):
        return "PDF"
    if head.startswith((b"<!doctype html", b"<html", b"<table", b"<meta", b"<head")):
        return "halaman HTML yang diganti namanya"
    if head.startswith(b"<"):
        return "berkas XML"
    if b"\x00" not in head and any(mark in head for mark in (b",", b";", b"\t")):
        return "teks seperti CSV"
    return "berkas dengan format yang tidak dikenal"


def _require_sizes(archive: zipfile.ZipFile, name: str) -> None:
    entries = archive.infolist()
    total = sum(entry.file_size for entry in entries)
    if total > MAX_TOTAL:
        raise _too_large(name, f"isinya {total // 1024**2} MB setelah dibuka")
    for entry in entries:
        packed = max(entry.compress_size, 1)
        if entry.file_size > RATIO_FROM and entry.file_size / packed > MAX_RATIO:
            raise _too_large(
                name, f"bagian {entry.filename} mengembang {entry.file_size // packed} kali lipat"
            )
        if entry.flag_bits & 0x1:
            raise WorkbookError(
                f"{name} dilindungi kata sandi; hapus kata sandinya di Excel, lalu simpan ulang."
            )


def _require_workbook(archive: zipfile.ZipFile, name: str) -> None:
    names = set(archive.namelist())
    if "xl/workbook.xml" in names:
        return
    kind = "arsip zip tanpa buku kerja Excel di dalamnya"
    if "xl/workbook.bin" in names:
        kind = "buku kerja biner (.xlsb)"
    elif "word/document.xml" in names:
        kind = "dokumen Word (.docx)"
    elif "ppt/presentation.xml" in names:
        kind = "presentasi PowerPoint (.pptx)"
    elif "mimetype" in names and b"opendocument" in archive.read("mimetype")[:100]:
        kind = "berkas OpenDocument (.ods)"
    raise WorkbookError(f"{name} bukan berkas .xlsx, melainkan {kind}; {SAVE_AGAIN}")


def _require_readable(archive: zipfile.ZipFile) -> None:
    """Unpack every XML part in bounded pieces: its true size must be the one it declares."""
    for entry in archive.infolist():
        if entry.filename.lower().endswith((".xml", ".rels")):
            with archive.open(entry) as stream:
                while stream.read(1024**2):
                    pass


def _parse_xml(
    data: bytes,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] | None = None,
) -> None:
    """Feed elements to the handlers; a document type is refused, so no entity can grow."""

    def refuse(*_: object) -> None:
        raise ValueError("document type")

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = start
    if end is not None:
        parser.EndElementHandler = end
    parser.Parse(data, True)


def _sheet_parts(archive: zipfile.ZipFile, name: str) -> dict[str, str]:
    """Return the XML part of each worksheet by sheet name, in workbook order."""
    sheets: dict[str, str] = {}
    targets: dict[str, str] = {}

    def sheet(tag: str, attributes: dict[str, str]) -> None:
        if tag.rpartition(":")[2] == "sheet" and "name" in attributes:
            relation = [v for k, v in attributes.items() if k.endswith(":id")]
            sheets[attributes["name"]] = relation[0] if relation else ""

    def relation(_: str, attributes: dict[str, str]) -> None:
        if attributes.get("Type", "").endswith("/worksheet"):
            target = attributes.get("Target", "")
            targets[attributes.get("Id", "")] = posixpath.normpath(
                target.lstrip("/") if target.startswith("/") else posixpath.join("xl", target)
            )

    try:
        _parse_xml(archive.read("xl/workbook.xml"), sheet)
        _parse_xml(archive.read("xl/_rels/workbook.xml.rels"), relation)
    except (expat.ExpatError, ValueError) as error:
        raise _damaged(name) from error
    return {title: targets[key] for title, key in sheets.items() if key in targets}


def _scan_sheet(
    data: bytes, name: str, sheet: str
) -> tuple[frozenset[tuple[int, int]], frozenset[tuple[int, int]]]:
    """Return the places of formulas and of errors; refuse an enormous used rectangle.

    A value in XFD1048576 makes a dense grid of 17 thousand million cells, whatever the size of
    the file; only cells with content count, as only they are stored.
    """
    formulas: set[tuple[int, int]] = set()
    errors: set[tuple[int, int]] = set()
    row, column = -1, -1
    last_row, last_column = 0, 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal row, column, last_row, last_column
        tag = tag.rpartition(":")[2]
        if tag == "c":
            column += 1
            found = REFERENCE.fullmatch(attributes.get("r", ""))
            if found:
                column, row = column_index(found[1]), int(found[2]) - 1
            if attributes.get("t") == "e":
                errors.add((row, column))
        elif tag == "row":
            place = attributes.get("r", "")
            row, column = int(place) - 1 if place.isdecimal() else row + 1, -1
        elif tag in ("v", "is", "f"):
            if tag == "f":
                formulas.add((row, column))
            last_row, last_column = max(last_row, row), max(last_column, column)
            if (last_row + 1) * (last_column + 1) > MAX_CELLS:
                raise _too_large(
                    name,
                    f"lembar {sheet} terisi sampai sel {column_letter(last_column)}{last_row + 1}",
                )

    try:
        _parse_xml(data, start)
    except (expat.ExpatError, ValueError) as error:
        raise _damaged(name) from error
    return frozenset(formulas), frozenset(errors)
