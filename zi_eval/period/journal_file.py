"""The journal beside a unit file: where it stands, its lines, and whether it is ahead of the file.

A line holds one record of JSON and ends with its own checksum, so that a damaged one is told from
a good one. What the records mean, and how they are written, is the business of
:mod:`zi_eval.journal`; here is only what a reader of the folder must know of them.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, TypeAlias

from zi_eval.files import hash_file

__all__ = ["FOLDER", "Record", "dump_record", "is_ahead", "journal_path", "parse_record"]

FOLDER: Final = "jurnal"
Record: TypeAlias = Mapping[str, Any]


def journal_path(unit_file: Path) -> Path:
    """Return where the journal of a unit file stands."""
    return unit_file.parent / FOLDER / f"{unit_file.stem}.jsonl"


def dump_record(record: Record) -> bytes:
    """Return the line of a record, with its checksum and line end."""
    body = json.dumps(record, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    check = zlib.crc32(body.encode("utf-8"))
    return f'{body[:-1]},"cek":"{check:08x}"}}\n'.encode()


def parse_record(line: bytes) -> dict[str, Any] | None:
    """Return the record of a line, None where the line is damaged."""
    body, comma, check = line.rpartition(b',"cek":"')
    body += b"}"
    if not comma or check.rstrip(b"\r\n") != b'%08x"}' % zlib.crc32(body):
        return None
    record = json.loads(body)
    return record if isinstance(record, dict) else None


def is_ahead(unit_file: Path, sha256: str = "") -> bool:
    """Whether the journal of a unit holds changes that its file does not show yet.

    So it is for a second after a change, and after a crash until the unit is opened again.

    Parameters
    ----------
    sha256
        Of the unit file, where that has been read.
    """
    try:
        lines = journal_path(unit_file).read_bytes().splitlines()
    except OSError:
        return False
    last, is_done = 0, False
    for line in reversed(lines):
        record = parse_record(line) or {}
        kind = record.get("jenis")
        if kind == "ubah" and not last:
            last = record["nomor"] + len(record["ubah"]) - 1
        elif kind == "tertulis":
            is_done = True
        elif kind in ("tulis", "berkas"):
            if last > record["sampai"] or record.get("tertinggal"):
                return True
            if kind == "tulis" and not is_done:
                return bool(record["sha256"] != (sha256 or hash_file(unit_file)))
            return False
    return bool(last)
