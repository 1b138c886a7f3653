"""The marks of an xlsb, out of its records: formats, links, comments, errors, merged, hidden."""

from __future__ import annotations

import posixpath
import struct
from collections.abc import Iterator
from itertools import islice, product

from zi_eval.sheets.biff8 import ERRORS, HYPERLINK, LITERAL
from zi_eval.sheets.container import Archive, Handlers, parse_xml
from zi_eval.sheets.limits import MAX_CELLS, MAX_MARKS, MAX_MERGES
from zi_eval.sheets.marks import BUILT_IN, Format, Marks, Place, format_kind
from zi_eval.sheets.openxml import Relations

__all__ = ["read_marks"]

FORMAT, XF, STYLES, STYLES_END, SHEET = 44, 47, 617, 618, 156
ROW, CELLS, ERROR_CELLS, FORMULA_TEXT, COLUMNS, MERGE, LINK = (
    0,
    range(2, 12),
    (3, 11),
    8,
    60,
    176,
    494,
)
COMMENT, COMMENT_TEXT = 635, 637


def read_marks(data: bytes, name: str) -> dict[str, Marks]:
    """Return the marks of each sheet by its name; none where the records say something else.

    Raises
    ------
    WorkbookError
        Where the container is damaged or beyond a limit.
    """
    with Archive(data, name) as archive:
        try:
            styles = _styles(archive)
            return {
                sheet: _sheet_marks(archive, part, styles, is_hidden)
                for sheet, part, is_hidden in _sheets(archive)
            }
        except (struct.error, IndexError, ValueError):
            return {}


def _records(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the records; their numbers and lengths take one byte or more, seven bits each."""
    at = 0
    while at < len(data):
        kind, at = data[at], at + 1
        if kind & 0x80:
            kind, at = (kind & 0x7F) | (data[at] & 0x7F) << 7, at + 1
        length = 0
        for shift in (0, 7, 14, 21):
            byte, at = data[at], at + 1
            length |= (byte & 0x7F) << shift
            if not byte & 0x80:
                break
        yield kind, data[at : at + length]
        at += length


def _text(record: bytes, at: int) -> tuple[str, int]:
    length = struct.unpack_from("<I", record, at)[0]
    if length == 0xFFFFFFFF:  # no text at all
        return "", at + 4
    end = at + 4 + 2 * length
    return record[at + 4 : end].decode("utf-16-le", "replace"), end


def _styles(archive: Archive) -> list[Format | None]:
    codes: dict[int, str] = {}
    found: list[Format | None] = []
    is_cell = False
    if "xl/styles.bin" not in archive.names:
        return []
    for kind, record in _records(archive.read("xl/styles.bin")):
        if kind == FORMAT:
            codes[struct.unpack_from("<H", record)[0]] = _text(record, 2)[0]
        elif kind in (STYLES, STYLES_END):
            is_cell = kind == STYLES
        elif kind == XF and is_cell:
            number = struct.unpack_from("<H", record, 2)[0]
            found.append(format_kind(codes[number]) if number in codes else BUILT_IN.get(number))
    return found


def _sheets(archive: Archive) -> Iterator[tuple[str, str, bool]]:
    targets: dict[str, str] = {}

    def relation(_: str, attributes: dict[str, str]) -> None:
        targets[attributes.get("Id", "")] = attributes.get("Target", "")

    relations = archive.read("xl/_rels/workbook.bin.rels")
    parse_xml(relations, archive.name, Handlers(relation))
    for kind, record in _records(archive.read("xl/workbook.bin")):
        if kind == SHEET:
            state = struct.unpack_from("<I", record)[0]
            identifier, at = _text(record, 8)
            target = targets.get(identifier, "")
            path = target[1:] if target.startswith("/") else posixpath.join("xl", target)
            if posixpath.normpath(path) in archive.names:
                yield _text(record, at)[0], posixpath.normpath(path), bool(state)


def _sheet_marks(
    archive: Archive, part: str, styles: list[Format | None], is_hidden: bool
) -> Marks:
    relations = Relations(archive, part)
    formats: dict[Place, Format] = {}
    links: dict[Place, str] = {}
    errors: dict[Place, str] = {}
    rows: list[range] = []
    columns: list[range] = []
    merges: list[tuple[int, int, int, int]] = []
    row, linked = -1, 0
    for kind, record in _records(archive.read(part)):
        if kind == ROW:
            row = struct.unpack_from("<I", record)[0]
            if record[11] & 0x10:
                rows.append(range(row, row + 1))
        elif kind in CELLS:
            column, style = struct.unpack_from("<II", record)
            style &= 0xFFFFFF
            shown = styles[style] if style < len(styles) else None
            if shown is not None and len(formats) < MAX_CELLS:
                formats[row, column] = shown
            if kind in ERROR_CELLS and len(errors) < MAX_CELLS:
                errors[row, column] = ERRORS.get(record[8], "")
            elif kind == FORMULA_TEXT and linked < MAX_MARKS:
                tokens = record[_text(record, 8)[1] + 6 :]
                if HYPERLINK.search(tokens):
                    links[row, column] = _literal(tokens)
                    linked += 1
        elif kind == COLUMNS:
            first, last = struct.unpack_from("<II", record)
            if record[16] & 1:
                columns.append(range(first, last + 1))
        elif kind == MERGE and len(merges) < MAX_MERGES:
            top, bottom, left, right = struct.unpack_from("<4I", record)
            merges.append((top, left, bottom, right))
        elif kind == LINK:
            top, bottom, left, right = struct.unpack_from("<4I", record)
            identifier, at = _text(record, 16)
            location, _ = _text(record, at)
            address = relations.addresses.get(identifier, "")
            address += f"#{location}" if location else ""
            places = product(range(top, bottom + 1), range(left, right + 1))
            for place in islice(places, MAX_MARKS - linked):
                links[place] = address
                linked += 1
    comments = _comments(archive, relations)
    return Marks(
        formats=formats,
        links=links,
        comments=comments,
        errors=errors,
        hidden_rows=tuple(rows),
        hidden_columns=tuple(columns),
        is_hidden=is_hidden,
        merges=tuple(merges),
    )


def _literal(tokens: bytes) -> str:
    """Return the text with which a formula begins, empty where it begins with anything else."""
    if tokens[0] != LITERAL:
        return ""
    length = struct.unpack_from("<H", tokens, 1)[0]
    return tokens[3 : 3 + 2 * length].decode("utf-16-le", "replace")


def _comments(archive: Archive, relations: Relations) -> dict[Place, str]:
    found: dict[Place, str] = {}
    place = (-1, -1)
    for part in relations.parts("comments"):
        for kind, record in _records(archive.read(part)):
            if kind == COMMENT:
                row, _, column, _ = struct.unpack_from("<4I", record, 4)
                place = row, column
            elif kind == COMMENT_TEXT and len(found) < MAX_MARKS:
                text = _text(record, 1)[0].replace("\r\n", "\n").strip()
                if text:
                    found[place] = text
    return found
