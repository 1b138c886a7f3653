"""The marks of an xls, out of its records: number formats, links, notes, errors, what is hidden.

The container is walked here too, so every chain is bounded by the file's own size, and a file that
breaks its format tells nothing rather than something wrong.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from itertools import islice, product

from zi_eval.sheets.limits import MAX_CELLS, MAX_MARKS
from zi_eval.sheets.marks import BUILT_IN, NO_MARKS, Format, Marks, Place, format_kind

__all__ = ["ERRORS", "read_marks"]

ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}
MAX_RECORDS = 2_000_000
END_OF_CHAIN = 0xFFFFFFFA
"""Sector numbers from here on are marks, not sectors."""
BOF, CONTINUE, FORMULA, NOTE, OBJECT, TEXT = 0x0809, 0x3C, 0x06, 0x1C, 0x5D, 0x1B6
FORMAT, XF, SHEET, COLUMNS, ROW, LINK = 0x41E, 0xE0, 0x85, 0x7D, 0x208, 0x1B8
NUMBER, SMALL, SMALLS, LOGICAL, FILEPASS = 0x203, 0x27E, 0xBD, 0x205, 0x2F
HYPERLINK = re.compile(rb"[\x22\x42\x62][\x01\x02]\x67\x01")
"""The call of a function by its number, 359, with one or two arguments, in a formula."""
LITERAL = 0x17
"""A text that stands in a formula."""
URL_MONIKER = bytes.fromhex("e0c9ea79f9bace118c8200aa004ba90b")
FILE_MONIKER = bytes.fromhex("0303000000000000c000000000000046")


def read_marks(data: bytes, name: str) -> dict[str, Marks]:
    """Return the marks of each sheet by its name; none where the records say something else."""
    del name  # nothing is refused here
    try:
        stream = _workbook_stream(data)
        formats, sheets = _globals(stream)
        found: dict[str, Marks] = {}
        for sheet, (start, is_hidden) in sheets.items():
            found[sheet] = _Sheet(formats).read(stream, start, is_hidden)
    except (struct.error, IndexError, ValueError):
        return {}
    return found


def _chain(table: list[int], first: int) -> Iterator[int]:
    at = first
    for _ in range(len(table) + 1):
        if at >= END_OF_CHAIN:
            return
        yield at
        at = table[at]
    raise ValueError("a chain of sectors is a circle")


def _workbook_stream(data: bytes) -> bytes:
    """Return the stream ``Workbook`` of a compound file."""
    shift, short_shift = struct.unpack_from("<HH", data, 30)
    if not 7 <= shift <= 16 or not 4 <= short_shift <= shift:
        raise ValueError("sector size")
    size, short = 1 << shift, 1 << short_shift
    first_directory, _, cutoff, first_short, _, at, _ = struct.unpack_from("<7I", data, 48)

    def sector(number: int) -> bytes:
        return data[(number + 1) * size : (number + 2) * size]

    def numbers(content: bytes) -> list[int]:
        return list(struct.unpack(f"<{len(content) // 4}I", content[: len(content) // 4 * 4]))

    places = numbers(data[76:512])
    for _ in range(len(data) // size + 1):
        if at >= END_OF_CHAIN:
            break
        *more, at = numbers(sector(at))
        places += more
    if len(places) > len(data) // size + 128:
        raise ValueError("more sectors than the file holds")
    table = [n for place in places if place < END_OF_CHAIN for n in numbers(sector(place))]
    directory = b"".join(sector(n) for n in _chain(table, first_directory))
    root: tuple[int, int] | None = None
    for offset in range(0, len(directory) - 127, 128):
        length = struct.unpack_from("<H", directory, offset + 64)[0]
        title = directory[offset : offset + max(min(length, 64) - 2, 0)].decode("utf-16-le")
        start, total = struct.unpack_from("<II", directory, offset + 116)
        if directory[offset + 66] == 5:
            root = start, total
        if title.casefold() == "workbook":
            if total >= cutoff:
                return b"".join(sector(n) for n in _chain(table, start))[:total]
            if root is None:
                break
            ministream = b"".join(sector(n) for n in _chain(table, root[0]))
            shorts = [x for n in _chain(table, first_short) for x in numbers(sector(n))]
            return b"".join(ministream[n * short : (n + 1) * short] for n in _chain(shorts, start))[
                :total
            ]
    raise ValueError("no workbook of Excel 97 or later")


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Yield the records of one part of the stream, up to its end."""
    for _ in range(MAX_RECORDS):
        if at + 4 > len(stream):
            return
        kind, length = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + length]
        if kind == 0x0A:  # end of the part; charts inside a sheet have one of their own
            return
        at += 4 + length
    raise ValueError("too many records")


def _string(record: bytes, at: int, length: int) -> str:
    """Return a text of so many letters, its flags first: one or two bytes each."""
    if record[at] & 1:
        return record[at + 1 : at + 1 + 2 * length].decode("utf-16-le", "replace")
    return record[at + 1 : at + 1 + length].decode("latin-1")


def _globals(stream: bytes) -> tuple[list[Format | None], dict[str, tuple[int, bool]]]:
    """Return what each style shows, and where each sheet starts and whether it is hidden."""
    codes: dict[int, str] = {}
    numbers: list[int] = []
    sheets: dict[str, tuple[int, bool]] = {}
    for kind, record in _records(stream, 0):
        if kind == BOF and struct.unpack_from("<H", record)[0] != 0x0600:
            raise ValueError("older than Excel 97")
        if kind == FILEPASS:
            raise ValueError("protected")
        if kind == FORMAT:
            number, length = struct.unpack_from("<HH", record)
            codes[number] = _string(record, 4, length)
        elif kind == XF:
            numbers.append(struct.unpack_from("<H", record, 2)[0])
        elif kind == SHEET:
            start, state = struct.unpack_from("<IB", record)
            sheets[_string(record, 7, record[6])] = start, bool(state & 3)
    return [format_kind(codes[n]) if n in codes else BUILT_IN.get(n) for n in numbers], sheets


class _Sheet:
    """The marks of one sheet while its records are read."""

    def __init__(self, styles: list[Format | None]) -> None:
        self.styles = styles
        self.formats: dict[Place, Format] = {}
        self.links: dict[Place, str] = {}
        self.linked = 0
        self.errors: dict[Place, str] = {}
        self.rows: list[range] = []
        self.columns: list[range] = []
        self.notes: dict[int, Place] = {}
        self.texts: dict[int, str] = {}

    def read(self, stream: bytes, start: int, is_hidden: bool) -> Marks:
        item, left, depth = -1, 0, 0
        at = start
        for _ in range(MAX_RECORDS):
            kind, length = struct.unpack_from("<HH", stream, at)
            record = stream[at + 4 : at + 4 + length]
            at += 4 + length
            if kind == BOF:
                depth += 1  # a chart stands inside the sheet with records of its own
            elif kind == 0x0A:
                depth -= 1
                if depth <= 0:
                    break
            elif depth > 1:
                continue
            elif kind == OBJECT:
                item = struct.unpack_from("<H", record, 6)[0]
            elif kind == TEXT:
                left = struct.unpack_from("<H", record, 10)[0]
                self.texts[item] = ""
            elif kind == CONTINUE and left > 0 and record:
                text = _string(record, 0, left)
                self.texts[item] += text
                left -= len(text)
            else:
                self._take(kind, record)
        else:
            return NO_MARKS
        comments = {
            place: text
            for item, place in self.notes.items()
            if (text := self.texts.get(item, "").replace("\r", "").strip())
        }
        return Marks(
            self.formats,
            self.links,
            comments,
            self.errors,
            tuple(self.rows),
            tuple(self.columns),
            is_hidden,
        )

    def _take(self, kind: int, record: bytes) -> None:
        if kind in (NUMBER, SMALL, FORMULA, LOGICAL):
            row, column, style = struct.unpack_from("<HHH", record)
            self._show(row, column, style)
            if kind == FORMULA and record[12:14] == b"\xff\xff" and record[6] == 2:
                self.errors[row, column] = ERRORS.get(record[8], "")
            if kind == FORMULA and HYPERLINK.search(record, 22) and self.linked < MAX_MARKS:
                self.linked += 1
                self.links[row, column] = (
                    _string(record, 24, record[23]) if record[22] == LITERAL else ""
                )
            elif kind == LOGICAL and record[7]:
                self.errors[row, column] = ERRORS.get(record[6], "")
        elif kind == SMALLS:
            row, first = struct.unpack_from("<HH", record)
            for number in range((len(record) - 6) // 6):
                style = struct.unpack_from("<H", record, 4 + 6 * number)[0]
                self._show(row, first + number, style)
        elif kind == ROW:
            if record[12] & 0x20:
                row = struct.unpack_from("<H", record)[0]
                self.rows.append(range(row, row + 1))
        elif kind == COLUMNS:
            first, last = struct.unpack_from("<HH", record)
            if record[8] & 1:
                self.columns.append(range(first, last + 1))
        elif kind == NOTE:
            row, column, _, item = struct.unpack_from("<HHHH", record)
            if len(self.notes) < MAX_MARKS:
                self.notes[item] = row, column
        elif kind == LINK:
            top, bottom, left, right = struct.unpack_from("<HHHH", record)
            address = _address(record[24:])
            places = product(range(top, bottom + 1), range(left, right + 1))
            for place in islice(places, MAX_MARKS - self.linked):
                self.links[place] = address
                self.linked += 1

    def _show(self, row: int, column: int, style: int) -> None:
        kind = self.styles[style] if style < len(self.styles) else None
        if kind is not None and len(self.formats) < MAX_CELLS:
            self.formats[row, column] = kind


def _address(record: bytes) -> str:
    """Return where a link leads; empty where it is written in a way not known here."""
    flags = struct.unpack_from("<I", record, 4)[0]
    at, address = 8, ""

    def text(at: int) -> tuple[str, int]:
        length = struct.unpack_from("<I", record, at)[0]
        end = at + 4 + 2 * length
        return record[at + 4 : end].decode("utf-16-le", "replace").rstrip("\x00"), end

    for flag in (0x10, 0x80):  # what is shown, and the frame to open it in
        if flags & flag:
            _, at = text(at)
    if flags & 0x100:
        address, at = text(at)
    elif flags & 0x01:
        moniker, at = record[at : at + 16], at + 16
        if moniker == URL_MONIKER:
            length = struct.unpack_from("<I", record, at)[0]
            raw = record[at + 4 : at + 4 + length].decode("utf-16-le", "replace")
            address, at = raw.partition("\x00")[0], at + 4 + length
        elif moniker == FILE_MONIKER:
            length = struct.unpack_from("<I", record, at + 2)[0]
            return record[at + 6 : at + 6 + length].rstrip(b"\x00").decode("latin-1")
        else:
            return ""
    if flags & 0x08:
        location, at = text(at)
        address += f"#{location}" if location else ""
    return address
