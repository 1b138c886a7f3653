"""The journal beside a unit file: where it stands, its lines, and whether it is ahead of the file.

A line holds one record of JSON and ends with its own checksum, so that a damaged one is told from
a good one; before it stands the hash of the line before (``rantai``), so that lines removed,
swapped or repeated are found (:mod:`zi_eval.journal.chain`). What the records mean, and how they
are written, is the business of :mod:`zi_eval.journal`; here is only what a reader of the folder
must know of them.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final, TypeAlias

from zi_eval.files import hash_file, read_regular

__all__ = [
    "FOLDER",
    "Record",
    "dump_record",
    "is_ahead",
    "is_newer",
    "journal_path",
    "parse_record",
]

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
    try:
        record = json.loads(body, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        return None
    return record if isinstance(record, dict) and _is_whole(record) else None


def is_newer(record: Record) -> bool:
    """Whether a record is of a kind that only a newer version writes."""
    return record["jenis"] not in KINDS


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _is_whole(record: Record) -> bool:
    """Whether a record has every field of its kind, each of its type."""
    kind = record.get("jenis")
    if not isinstance(kind, str):
        return False
    if kind not in KINDS:
        return True
    return all(is_right(record.get(name)) for name, is_right in KINDS[kind].items())


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**53


def _is_time(value: Any) -> bool:
    try:
        return datetime.fromisoformat(value).tzinfo is not None
    except (TypeError, ValueError):
        return False


def _are_changes(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(item, dict)
        and _is_text(item.get("pertanyaan"))
        and _is_text(item.get("bagian"))
        and {"lama", "baru"} <= item.keys()
        for item in value
    )


_STEP: Mapping[str, Callable[[Any], bool]] = {
    "nomor": _is_count,
    "waktu": _is_time,
    "oleh": _is_text,
    "peran": _is_text,
    "ubah": _are_changes,
    "batal": lambda value: value is None or _is_count(value),
}
KINDS: Final[Mapping[str, Mapping[str, Callable[[Any], bool]]]] = {
    "ubah": {
        **_STEP,
        "ubah": lambda value: _are_changes(value) and bool(value),
        "sha256": lambda value: value is None or _is_text(value),
        "kunci": lambda value: value is None or _is_text(value),
    },
    "berkas": {
        **_STEP,
        "sha256": _is_text,
        "sampai": _is_count,
        "tertinggal": lambda value: isinstance(value, bool),
        "teks": _is_text,
    },
    "tulis": {"waktu": _is_time, "dari": _is_text, "sha256": _is_text, "sampai": _is_count},
    "tertulis": {"sha256": _is_text},
}
"""The kinds of records and what each of their fields must be."""


def is_ahead(unit_file: Path, sha256: str = "") -> bool:
    """Whether the journal of a unit holds changes that its file does not show yet.

    So it is for a second after a change, and after a crash until the unit is opened again.

    Parameters
    ----------
    sha256
        Of the unit file, where that has been read.
    """
    try:
        lines = read_regular(journal_path(unit_file)).splitlines()
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
