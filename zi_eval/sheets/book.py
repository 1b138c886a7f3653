"""Opening a workbook safely: every size is checked before a sheet becomes a grid of values."""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from math import isfinite
from pathlib import Path

from zi_eval.errors import WorkbookError
from zi_eval.sheets.container import (
    BINARY,
    OLD,
    OPEN_DOCUMENT,
    TEXT,
    UNREADABLE,
    WHAT_TO_DO,
    WORKBOOK,
    Archive,
    Handlers,
    name_kind,
    parse_xml,
    read_file,
)
from zi_eval.sheets.grid import Grid, without_controls
from zi_eval.sheets.limits import (
    MAX_CELLS,
    MAX_MARKS,
    MAX_SEARCHED,
    MAX_SHEETS,
    SAVE_AGAIN,
    damaged,
    too_large,
)
from zi_eval.sheets.marks import NO_MARKS, Format, Marks
from zi_eval.sheets.openxml import (
    Relations,
    formula_links,
    places_in,
    read_comments,
    read_formats,
)
from zi_eval.sheets.scan import SheetScan, string_lengths
from zi_eval.sheets.text import read_text

__all__ = ["Book", "open_book", "open_source"]

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
    hidden
        Sheets of an xlsx that are not shown; of others their marks tell.
    """

    name: str
    data: bytes
    parts: Mapping[str, str]
    kind: str = WORKBOOK
    grids: Mapping[str, Grid] = field(default_factory=dict)
    separator: str = ""
    encoding: str = ""
    hidden: frozenset[str] = frozenset()

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
            return _read_grid(archive, sheet, self.parts[sheet], sheet in self.hidden)

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
        advice = WHAT_TO_DO.get(
            kind,
            "pilih lembar kerja (.xlsx, .xls, .ods, atau .csv), atau buka di Excel atau "
            "LibreOffice lalu simpan sebagai Buku Kerja Excel (.xlsx).",
        )
        raise WorkbookError(f"{path.name} bukan lembar kerja, melainkan {kind}; {advice}")
    from zi_eval.sheets.child import read_other

    sheets = read_other(data, path.name)
    marks = _later_marks(data, path.name, kind)
    grids = {}
    for sheet, (rows, merges) in sheets.items():
        if rows is not None:
            if kind in (BINARY, OPEN_DOCUMENT):
                merges = marks().get(sheet, NO_MARKS).merges
            values, stripped = without_controls(rows)
            grids[sheet] = Grid(
                sheet,
                values,
                frozenset(),
                merges,
                look=lambda sheet=sheet: marks().get(sheet, NO_MARKS),  # type: ignore[misc]
                has_formulas=False,
                stripped=stripped,
            )
    return Book(path.name, b"", dict.fromkeys(sheets, ""), kind, grids)


def _later_marks(data: bytes, name: str, kind: str) -> Callable[[], Mapping[str, Marks]]:
    """Return what finds out the marks of all sheets, once, when one is first asked for."""

    @cache
    def read() -> Mapping[str, Marks]:
        if kind == OPEN_DOCUMENT:
            from zi_eval.sheets.opendocument import read_marks
        elif kind == BINARY:
            from zi_eval.sheets.biff12 import read_marks
        else:
            from zi_eval.sheets.biff8 import read_marks
        return read_marks(data, name)

    return read


def _open_workbook(data: bytes, name: str) -> Book:
    with Archive(data, name) as archive:
        archive.require_readable()
        parts, hidden = _sheet_parts(archive)
        return Book(name, data, parts, hidden=hidden)


def _sheet_parts(archive: Archive) -> tuple[dict[str, str], frozenset[str]]:
    """Return the XML part of each worksheet by name, in workbook order, and which are hidden."""
    sheets: dict[str, str] = {}
    hidden: set[str] = set()
    targets: dict[str, str] = {}

    def sheet(tag: str, attributes: dict[str, str]) -> None:
        if tag.rpartition(":")[2] == "sheet" and "name" in attributes:
            relation = [v for k, v in attributes.items() if k.endswith(":id")]
            sheets[attributes["name"]] = relation[0] if relation else ""
            if attributes.get("state", "visible") != "visible":
                hidden.add(attributes["name"])

    def relation(_: str, attributes: dict[str, str]) -> None:
        if attributes.get("Type", "").endswith("/worksheet"):
            target = attributes.get("Target", "")
            targets[attributes.get("Id", "")] = posixpath.normpath(
                target.lstrip("/") if target.startswith("/") else posixpath.join("xl", target)
            )

    parse_xml(archive.read(WORKBOOK_PART), archive.name, Handlers(sheet))
    parse_xml(archive.read(RELATIONS), archive.name, Handlers(relation))
    found = {title: targets[key] for title, key in sheets.items() if key in targets}
    return found, frozenset(hidden)


def _read_grid(archive: Archive, sheet: str, part: str, is_hidden: bool) -> Grid:
    """Read one sheet with calamine, from a zip that holds nothing but the parts checked here.

    So calamine cannot see what a second reading of the same container might give: other entries
    of the same name, more bytes than declared, sheets nobody asked for.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    name = archive.name
    parts = {key: archive.read(key) for key in (WORKBOOK_PART, RELATIONS, part)}
    lengths: list[int] = []
    styles: Mapping[str, Format] = {}
    for key in archive.names:
        if key.lower() == STRINGS:
            parts[key] = archive.read(key)
            lengths = string_lengths(parts[key], name)
        elif key.lower() == STYLES:
            parts[key] = archive.read(key)
            styles = read_formats(parts[key], name)
    scan = SheetScan(name, sheet, lengths, styles)
    parts[part] = scan.read(parts[part])
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
    values, stripped = without_controls(rows)
    if stripped is not None:
        scan.errors |= {
            (row, column): "#NUM!"
            for row, cells in enumerate(rows)
            for column, value in enumerate(cells)
            if isinstance(value, float) and not isfinite(value)
        }
    relations = Relations(archive, part)
    height, width = len(values), len(values[0]) if values else 0
    links = formula_links(scan.link_formulas, values)
    linked = (
        (place, relations.address(attributes))
        for attributes in scan.hyperlinks
        for place in places_in(attributes.get("ref", ""), height, width)
    )
    for place, address in islice(linked, MAX_MARKS):
        if address:
            links.setdefault(place, address)
    marks = Marks(
        formats=scan.formats,
        links=links,
        comments=read_comments(archive, relations),
        errors=scan.errors,
        hidden_rows=tuple(scan.hidden_rows),
        hidden_columns=tuple(scan.hidden_columns),
        is_hidden=is_hidden,
    )
    return Grid(
        sheet=sheet,
        rows=values,
        formulas=frozenset(scan.formulas),
        merges=tuple((top, left, bottom, right) for (top, left), (bottom, right) in merges),
        look=lambda: marks,
        stripped=stripped,
    )
