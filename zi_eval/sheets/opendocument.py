"""The marks of an ods: percent, dates, links, annotations, errors, what is merged or hidden."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from zi_eval.sheets.container import Archive, Handlers, parse_xml
from zi_eval.sheets.limits import MAX_CELLS, MAX_MARKS, MAX_MERGES
from zi_eval.sheets.marks import Format, Marks, Place

__all__ = ["read_marks"]

FORMATS: Mapping[str, Format] = {"percentage": "percent", "date": "date", "time": "date"}
FORMULA_LINK = re.compile(r'HYPERLINK\(\s*(?:"((?:[^"]|"")*)"\s*[;)])?', re.IGNORECASE)
CELLS = ("table-cell", "covered-table-cell")
HIDDEN = ("collapse", "filter")


@dataclass
class _Table:
    """A sheet while it is read."""

    is_hidden: bool
    formats: dict[Place, Format] = field(default_factory=dict)
    links: dict[Place, str] = field(default_factory=dict)
    comments: dict[Place, str] = field(default_factory=dict)
    errors: dict[Place, str] = field(default_factory=dict)
    rows: list[range] = field(default_factory=list)
    columns: list[range] = field(default_factory=list)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)

    def marks(self) -> Marks:
        return Marks(
            formats=self.formats,
            links=self.links,
            comments=self.comments,
            errors=self.errors,
            hidden_rows=tuple(self.rows),
            hidden_columns=tuple(self.columns),
            is_hidden=self.is_hidden,
            merges=tuple(self.merges),
        )


def read_marks(data: bytes, name: str) -> dict[str, Marks]:
    """Return the marks of each sheet by its name.

    Raises
    ------
    WorkbookError
        Where the file is damaged or beyond a limit.
    """
    with Archive(data, name) as archive:
        content = archive.read("content.xml")
    reader = _Reader()
    parse_xml(content, name, Handlers(reader.start, reader.text, reader.end))
    return {sheet: table.marks() for sheet, table in reader.tables.items()}


def _count(attributes: Mapping[str, str], what: str, how: str = "repeated") -> int:
    return max(int(attributes.get(f"table:number-{what}-{how}", "1")), 1)


class _Reader:
    """Follows the elements of ``content.xml``; names have the prefixes every program writes."""

    def __init__(self) -> None:
        self.tables: dict[str, _Table] = {}
        self.table = _Table(False)
        self.styles: set[str] = set()  # of tables that are not displayed
        self.style = ""
        self.row = self.row_count = self.column = self.column_count = 0
        self.marked = 0
        # Of the cell that is open; an annotation has texts of its own.
        self.kind: Format | None = None
        self.is_error = self.in_note = self.in_cell = self.skips = False
        self.address: str | None = None
        self.shown: list[str] = []
        self.note: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        tag = tag.rpartition(":")[2]
        if tag in CELLS:
            self._open_cell(attributes)
        elif tag == "table-row":
            self.row_count = _count(attributes, "rows")
            self.column = 0
            if attributes.get("table:visibility") in HIDDEN:
                self.table.rows.append(range(self.row, self.row + self.row_count))
        elif tag == "table-column":
            count = _count(attributes, "columns")
            if attributes.get("table:visibility") in HIDDEN:
                self.table.columns.append(range(self.column, self.column + count))
            self.column += count
        elif tag == "table":
            self.table = _Table(attributes.get("table:style-name", "") in self.styles)
            self.tables[attributes.get("table:name", "")] = self.table
            self.row = self.column = 0
        elif tag == "style":
            self.style = attributes.get("style:name", "")
        elif tag == "table-properties" and attributes.get("table:display") == "false":
            self.styles.add(self.style)
        elif self.in_cell:
            self._inside(tag, attributes)

    def _inside(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "annotation":
            self.in_note, self.note = True, [""]
        elif self.in_note:
            self.skips = tag in ("creator", "date", "creator-initials", "date-string")
            if tag == "p" and self.note[-1]:
                self.note.append("")
        elif tag == "a" and not self.address:
            self.address = attributes.get("xlink:href", "")

    def _open_cell(self, attributes: Mapping[str, str]) -> None:
        self.in_cell = True
        link = FORMULA_LINK.search(attributes.get("table:formula", ""))
        self.address = (link[1] or "").replace('""', '"') if link else None
        self.column_count = _count(attributes, "columns")
        self.kind = FORMATS.get(attributes.get("office:value-type", ""))
        self.is_error = attributes.get("calcext:value-type") == "error"
        self.shown, self.note = [], []
        height, width = (_count(attributes, what, "spanned") for what in ("rows", "columns"))
        if height * width > 1 and len(self.table.merges) < MAX_MERGES:
            bottom, right = self.row + height - 1, self.column + width - 1
            self.table.merges.append((self.row, self.column, bottom, right))

    def text(self, content: str) -> None:
        if self.in_note:
            if not self.skips:
                self.note[-1] += content
        elif self.is_error:
            self.shown.append(content)

    def end(self, tag: str) -> None:
        tag = tag.rpartition(":")[2]
        if tag == "annotation":
            self.in_note = False
        elif tag in CELLS:
            self._close_cell()
            self.in_cell = False
            self.column += self.column_count
        elif tag == "table-row":
            self.row += self.row_count
        elif tag in ("creator", "date", "creator-initials", "date-string"):
            self.skips = False

    def _close_cell(self) -> None:
        comment = "\n".join(line.strip() for line in self.note).strip()
        if not (self.kind or self.address is not None or comment or self.is_error):
            return
        table = self.table
        for row in range(self.row, self.row + self.row_count):
            for column in range(self.column, self.column + self.column_count):
                self.marked += 1
                if self.marked > MAX_CELLS:  # a sheet with more cells is not read at all
                    return
                if self.kind:
                    table.formats[row, column] = self.kind
                if self.address is not None and len(table.links) < MAX_MARKS:
                    table.links[row, column] = self.address
                if comment and len(table.comments) < MAX_MARKS:
                    table.comments[row, column] = comment
                if self.is_error:
                    table.errors[row, column] = "".join(self.shown).strip()
