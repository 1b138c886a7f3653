"""A compound file with the records of an old workbook, as small as its format allows."""

from __future__ import annotations

import struct
from collections.abc import Iterable

SECTOR = 512
FREE, LAST, TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD

Record = tuple[int, bytes]


def _entry(name: str, kind: int, start: int, size: int, child: int) -> bytes:
    title = name.encode("utf-16-le")
    head = title.ljust(64, b"\x00") + struct.pack("<HBB", len(title) + 2, kind, 1)
    links = struct.pack("<III", FREE, FREE, child)
    return head + links + bytes(36) + struct.pack("<IQ", start, size)


def write_xls(parts: Iterable[Iterable[Record]], sheets: Iterable[tuple[str, int]]) -> bytes:
    """Return an xls: its globals, then a part for each sheet with its name and state."""
    first, *others = [list(part) for part in parts]
    begin = (0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 6))
    bodies = [b"".join(map(_record, [begin, *part, (0x0A, b"")])) for part in others]
    names = [name.encode("latin-1") for name, _ in sheets]
    bundles = sum(4 + 8 + len(name) for name in names)
    start = len(b"".join(map(_record, [begin, *first, (0x0A, b"")]))) + bundles
    records = []
    for (_, state), name, body in zip(sheets, names, bodies, strict=True):
        content = struct.pack("<IBBBB", start, state, 0, len(name), 0) + name
        records.append((0x85, content))
        start += len(body)
    stream = b"".join(map(_record, [begin, *first, *records, (0x0A, b"")])) + b"".join(bodies)
    stream = stream.ljust(max(4096, -(-len(stream) // SECTOR) * SECTOR), b"\x00")
    count = len(stream) // SECTOR
    table = [TABLE, LAST, *range(3, 2 + count), LAST]
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16)
    header += struct.pack(
        "<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, LAST, 0, LAST, 0
    )
    header += struct.pack("<109I", 0, *[FREE] * 108)
    directory = _entry("Root Entry", 5, LAST, 0, 1) + _entry("Workbook", 2, 2, len(stream), FREE)
    fat = struct.pack("<128I", *table, *[FREE] * (128 - len(table)))
    return header + fat + directory.ljust(SECTOR, b"\x00") + stream


def _record(record: Record) -> bytes:
    kind, content = record
    return struct.pack("<HH", kind, len(content)) + content
