"""Binary workbooks (MS-XLSB) out of openpyxl's: LibreOffice reads them and cannot write them."""

from __future__ import annotations

import re
import struct
import zipfile
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from xml.sax.saxutils import escape

from openpyxl import Workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.utils import column_index_from_string
from openpyxl.utils.datetime import to_excel
from openpyxl.worksheet.worksheet import Worksheet

__all__ = ["record", "wide", "write_xlsb"]

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
ERRORS = {
    "#NULL!": 0x00, "#DIV/0!": 0x07, "#VALUE!": 0x0F, "#REF!": 0x17, "#NAME?": 0x1D,
    "#NUM!": 0x24, "#N/A": 0x2A,
}  # fmt: skip
COMPUTED = 0.5
"""What a program left as the value of every formula but those of links."""
LINK = re.compile(r'=HYPERLINK\("([^"]*)","([^"]*)"\)')


def record(kind: int, content: bytes = b"") -> bytes:
    """Return a record; its number and its length take seven bits a byte."""
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, length = b"", len(content)
    while True:
        size += bytes([length & 0x7F | (0x80 if length > 0x7F else 0)])
        length >>= 7
        if not length:
            return head + size + content


def wide(text: str) -> bytes:
    """Return a text with its length before it."""
    data = text.encode("utf-16-le")
    return struct.pack("<I", len(data) // 2) + data


def write_xlsb(path: Path, book: Workbook) -> Path:
    """Write the values, number formats, links, comments, merged and hidden cells of a workbook."""
    formats: dict[str, int] = {"General": 0}
    parts: dict[str, bytes] = {}
    bundle, relations = b"", []
    for number, sheet in enumerate(book.worksheets, 1):
        state = {"visible": 0, "hidden": 1}.get(sheet.sheet_state, 2)
        bundle += record(
            156, struct.pack("<II", state, number) + wide(f"rId{number}") + wide(sheet.title)
        )
        relations.append((f"rId{number}", "worksheet", f"worksheets/sheet{number}.bin"))
        parts |= _sheet(sheet, number, formats)
    parts["xl/workbook.bin"] = record(131) + record(143) + bundle + record(144) + record(132)
    parts["xl/_rels/workbook.bin.rels"] = _relations(relations)
    parts["xl/styles.bin"] = _styles(formats)
    parts["_rels/.rels"] = _relations([("r1", "officeDocument", "xl/workbook.bin")])
    types = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", types)
        for name, data in parts.items():
            archive.writestr(name, data)
    return path


def _relations(pairs: Iterable[tuple[str, str, str]]) -> bytes:
    lines = "".join(
        f'<Relationship Id="{identifier}" Type="{OFFICE}/{kind}" Target="{escape(target)}"'
        + (' TargetMode="External"/>' if kind == "hyperlink" else "/>")
        for identifier, kind, target in pairs
    )
    return f'<Relationships xmlns="{PACKAGE}">{lines}</Relationships>'.encode()


def _styles(formats: dict[str, int]) -> bytes:
    data = record(615, struct.pack("<I", len(formats)))
    for code, number in formats.items():
        data += record(44, struct.pack("<H", 164 + number) + wide(code))
    data += record(616) + record(617, struct.pack("<I", len(formats)))
    for number in formats.values():
        data += record(47, struct.pack("<HH12x", 0, 164 + number if number else 0))
    return data + record(618)


def _sheet(sheet: Worksheet, number: int, formats: dict[str, int]) -> dict[str, bytes]:
    size = (sheet.max_row - 1, sheet.max_column - 1)
    data = record(129) + record(148, struct.pack("<IIII", 0, size[0], 0, size[1]))
    for letter, shape in sheet.column_dimensions.items():
        if shape.hidden:
            column = column_index_from_string(letter) - 1
            data += record(60, struct.pack("<IIIIH", column, column, 0, 0, 1))
    data += record(145)
    links: list[tuple[Cell, str]] = []
    comments: list[tuple[Cell, str]] = []
    for row, cells in enumerate(sheet.iter_rows()):
        flags = 0x10 if sheet.row_dimensions[row + 1].hidden else 0
        data += record(0, struct.pack("<IIHBBBI", row, 0, 300, 0, flags, 0, 0))
        for cell in cells:
            if isinstance(cell, MergedCell):
                continue
            data += _cell(cell, formats.setdefault(cell.number_format, len(formats)))
            if cell.hyperlink is not None and cell.hyperlink.target:
                links.append((cell, cell.hyperlink.target))
            if cell.comment is not None:
                comments.append((cell, cell.comment.text))
    data += record(146)
    for merged in sheet.merged_cells.ranges:
        corners = (merged.min_row, merged.max_row, merged.min_col, merged.max_col)
        data += record(176, struct.pack("<IIII", *(corner - 1 for corner in corners)))
    relations = []
    for place, (cell, address) in enumerate(links):
        row, column = cell.row - 1, cell.column - 1
        data += record(
            494, struct.pack("<IIII", row, row, column, column) + wide(f"l{place}") + wide("") * 3
        )
        relations.append((f"l{place}", "hyperlink", address))
    parts = {f"xl/worksheets/sheet{number}.bin": data + record(130)}
    if comments:
        relations.append(("c", "comments", f"../comments{number}.bin"))
        parts[f"xl/comments{number}.bin"] = b"".join(
            record(635, struct.pack("<I4I16x", 0, *[cell.row - 1] * 2, *[cell.column - 1] * 2))
            + record(637, b"\x00" + wide(text))
            for cell, text in comments
        )
    parts[f"xl/worksheets/_rels/sheet{number}.bin.rels"] = _relations(relations)
    return parts


def _cell(cell: Cell, style: int) -> bytes:
    head = struct.pack("<II", cell.column - 1, style)
    link = LINK.fullmatch(str(cell.value)) if cell.data_type == "f" else None
    if link:
        tokens = b"".join(
            b"\x17" + struct.pack("<H", len(text)) + text.encode("utf-16-le")
            for text in link.groups()
        )
        tokens += b"\x42\x02\x67\x01"
        return record(8, head + wide(link[2]) + struct.pack("<HI", 0, len(tokens)) + tokens)
    value = COMPUTED if cell.data_type == "f" else cell.value
    if isinstance(value, bool):
        return record(4, head + bytes([value]))
    if isinstance(value, datetime | date):
        value = float(to_excel(value))
    if isinstance(value, int | float):
        return record(5, head + struct.pack("<d", value))
    if isinstance(value, str) and cell.data_type == "e":
        return record(3, head + bytes([ERRORS[value]]))
    return record(6, head + wide(value)) if isinstance(value, str) else b""
