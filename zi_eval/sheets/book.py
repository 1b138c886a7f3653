"""Opening a workbook safely: every size is checked before a sheet becomes a grid of values."""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from zi_eval.errors import WorkbookError
from zi_eval.sheets.container import (
    BINARY,
    OLD,
    OPEN_DOCUMENT,
    TEXT,
    UNREADABLE,
    WORKBOOK,
    Archive,
    Handlers,
    name_kind,
    parse_xml,
    read_file,
)
from zi_eval.sheets.grid import REFERENCE, Grid, column_index, column_letter
from zi_eval.sheets.limits import (
    MAX_CELLS,
    MAX_SEARCHED,
    MAX_SHEETS,
    MAX_TEXT,
    SAVE_AGAIN,
    damaged,
    too_large,
)
from zi_eval.sheets.text import read_text

__all__ = ["Book", "open_book", "open_source"]

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
WORKBOOK_PART, RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
STRINGS, STYLES = "xl/sharedstrings.xml", "xl/styles.xml"
"""In lower case: programs differ in how they write these two."""
ROOT_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Target="xl/workbook.xml" Type="http://schemas.openxmlformats.org/'
    'officeDocument/2006/relationships/officeDocument"/></Relationships>'
)


@dataclass(frozen=True)
class Book:
    """A workbook whose container has been checked.

    Attributes
    ----------
    name, data
        The file's name and bytes.
    parts
        The XML part of each sheet; empty text where the file is no xlsx.
    kind
        What the file is, as messages name it.
    grids
        Sheets that are read already: all of them where the file is no xlsx.
    separator, encoding
        What separates the fields of a text, and how it was read; empty where the file is none.
    """

    name: str
    data: bytes
    parts: Mapping[str, str]
    kind: str = WORKBOOK
    grids: Mapping[str, Grid] = field(default_factory=dict)
    separator: str = ""
    encoding: str = ""

    def grid(self, sheet: str) -> Grid:
        """Return one sheet.

        Raises
        ------
        WorkbookError
            Where its XML is damaged or its used rectangle is larger than any LKE.
        """
        if sheet in self.grids:
            return self.grids[sheet]
        if self.kind != WORKBOOK:
            raise too_large(
                self.name, f"lembar {sheet} berisi lebih dari {MAX_CELLS // 1000} ribu sel"
            )
        with Archive(self.data, self.name) as archive:
            return _read_grid(archive, sheet, self.parts[sheet])

    def searched(self, skipped: Container[str]) -> list[str]:
        """Return the sheets that may be searched for content, others than ``skipped``."""
        names = [name for name in self.parts if name not in skipped][:MAX_SHEETS]
        if self.kind != WORKBOOK:
            return [name for name in names if name in self.grids]
        with Archive(self.data, self.name) as archive:
            left = MAX_SEARCHED
            found = []
            for name in names:
                size = archive.size(self.parts[name])
                if size <= left:
                    left -= size
                    found.append(name)
            return found


def open_book(path: Path) -> Book:
    """Check the container of an xlsx and return it as a workbook; no sheet is read yet.

    Raises
    ------
    WorkbookError
        Where there is no such file, it is not an xlsx, is protected, damaged or far too large.
    """
    data = read_file(path)
    kind = name_kind(data, path.name)
    if kind != WORKBOOK:
        raise WorkbookError(f"{path.name} bukan berkas .xlsx, melainkan {kind}; {SAVE_AGAIN}")
    return _open_workbook(data, path.name)


def open_source(path: Path, content: bytes | None = None) -> Book:
    """Open a workbook of any kind people have: xlsx, xlsm, xls, xlsb, ods, or CSV as one sheet.

    Parameters
    ----------
    content
        The file's bytes, where they are read already.

    Raises
    ------
    WorkbookError
        Where there is no such file, it holds no sheets, is protected, damaged or far too large.
    """
    data = read_file(path) if content is None else content
    kind = name_kind(data, path.name)
    if kind == WORKBOOK:
        return _open_workbook(data, path.name)
    if kind == TEXT:
        grid, separator, encoding = read_text(data, path.name, path.stem)
        parts = {grid.sheet: ""}
        return Book(path.name, b"", parts, kind, {grid.sheet: grid}, separator, encoding)
    if kind not in (OLD, BINARY, OPEN_DOCUMENT):
        raise WorkbookError(
            f"{path.name} bukan lembar kerja, melainkan {kind}; pilih berkas LKE (.xlsx, .xls, "
            ".ods, atau .csv), atau buka di Excel atau LibreOffice lalu simpan sebagai Buku Kerja "
            "Excel (.xlsx)."
        )
    from zi_eval.sheets.child import read_other

    sheets = read_other(data, path.name)
    grids = {
        sheet: Grid(sheet, rows, frozenset(), merges, has_formulas=False)
        for sheet, (rows, merges) in sheets.items()
        if rows is not None
    }
    return Book(path.name, b"", dict.fromkeys(sheets, ""), kind, grids)


def _open_workbook(data: bytes, name: str) -> Book:
    with Archive(data, name) as archive:
        archive.require_readable()
        return Book(name, data, _sheet_parts(archive))


def _sheet_parts(archive: Archive) -> dict[str, str]:
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

    parse_xml(archive.read(WORKBOOK_PART), archive.name, Handlers(sheet))
    parse_xml(archive.read(RELATIONS), archive.name, Handlers(relation))
    return {title: targets[key] for title, key in sheets.items() if key in targets}


def _read_grid(archive: Archive, sheet: str, part: str) -> Grid:
    """Read one sheet with calamine, from a zip that holds nothing but the parts checked here.

    So calamine cannot see what a second reading of the same container might give: other entries
    of the same name, more bytes than declared, sheets nobody asked for.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    name = archive.name
    parts = {key: archive.read(key) for key in (WORKBOOK_PART, RELATIONS, part)}
    lengths: list[int] = []
    for key in archive.names:
        if key.lower() == STRINGS:
            parts[key] = archive.read(key)
            lengths = _string_lengths(parts[key], name)
        elif key.lower() == STYLES:
            parts[key] = archive.read(key)
            parse_xml(parts[key], name, Handlers())
    formulas, errors = _scan_sheet(parts[part], name, sheet, lengths)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as checked:
        checked.writestr("_rels/.rels", ROOT_RELATIONS)
        for key, content in parts.items():
            checked.writestr(key, content)
    del parts
    stream.seek(0)
    try:
        with CalamineWorkbook.from_filelike(stream) as workbook:
            table = workbook.get_sheet_by_name(sheet)
            rows = table.to_python(skip_empty_area=False)
            merges = getattr(table, "merged_cell_ranges", None) or []
    except (CalamineError, *UNREADABLE) as error:
        raise damaged(name) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # calamine's, which is no Exception
            raise
        raise damaged(name) from error
    return Grid(
        sheet=sheet,
        rows=tuple(tuple(row) for row in rows),
        formulas=formulas,
        errors=errors,
        merges=tuple((top, left, bottom, right) for (top, left), (bottom, right) in merges),
    )


def _string_lengths(data: bytes, name: str) -> list[int]:
    """Return the length of each shared string."""
    lengths: list[int] = []

    def start(tag: str, _: dict[str, str]) -> None:
        if tag.rpartition(":")[2] == "si":
            lengths.append(0)

    def text(content: str) -> None:
        if lengths:
            lengths[-1] += len(content)

    parse_xml(data, name, Handlers(start, text))
    return lengths


def _scan_sheet(
    data: bytes, name: str, sheet: str, lengths: list[int]
) -> tuple[frozenset[tuple[int, int]], frozenset[tuple[int, int]]]:
    """Return the places of formulas and of errors; refuse an enormous used rectangle or text.

    A value in XFD1048576 makes a dense grid of 17 thousand million cells, whatever the size of
    the file, and a long text that many cells share as many copies; only cells with content count.
    """
    formulas: set[tuple[int, int]] = set()
    errors: set[tuple[int, int]] = set()
    row, column = -1, -1
    last_row, last_column = 0, 0
    total, is_shared, is_text, is_error = 0, False, False, False
    is_reference = is_value = False

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal row, column, last_row, last_column, is_shared, is_text, is_error
        nonlocal is_reference, is_value
        is_reference = is_value = False
        tag = tag.rpartition(":")[2]
        if tag == "c":
            column += 1
            place = attributes.get("r")
            if place is not None:
                found = REFERENCE.fullmatch(place)
                if not found:
                    raise ValueError(place)
                column, row = column_index(found[1]), int(found[2]) - 1
            kind = attributes.get("t")
            is_shared, is_text = kind == "s", kind == "str"
            is_error = kind == "e"
            if is_error:
                errors.add((row, column))
        elif tag == "row":
            place = attributes.get("r", "")
            row, column = int(place) - 1 if place else row + 1, -1
        elif tag in ("v", "is", "f"):
            if tag == "f":
                formulas.add((row, column))
                if not is_text:  # an empty text is a result too
                    errors.add((row, column))
            elif tag == "v":
                is_reference, is_value = is_shared, not is_error
            if not (0 <= row < LAST_ROW and 0 <= column < LAST_COLUMN):
                raise ValueError((row, column))
            last_row, last_column = max(last_row, row), max(last_column, column)
            if (last_row + 1) * (last_column + 1) > MAX_CELLS:
                raise too_large(
                    name,
                    f"lembar {sheet} terisi sampai sel {column_letter(last_column)}{last_row + 1}",
                )

    def text(content: str) -> None:
        nonlocal total
        if is_value and content.strip():
            errors.discard((row, column))
        # A tag ends every run of text, so a reference comes whole, at most with spaces around it.
        total += lengths[int(content)] if is_reference and content.strip() else len(content)
        if total > MAX_TEXT:
            raise too_large(
                name, f"lembar {sheet} memuat lebih dari {MAX_TEXT // 10**6} juta huruf"
            )

    parse_xml(data, name, Handlers(start, text))
    return frozenset(formulas), frozenset(errors)
