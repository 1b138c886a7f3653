"""The heading rows of an LKE sheet: whose column it is, and what it holds, by its words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from zi_eval.sheets.grid import Grid
from zi_eval.sheets.limits import MAX_MERGES

__all__ = ["WIDEST", "Heading", "find_blocks", "name_columns", "read_headings", "word_role"]

HEADING_LENGTH = 80
"""A longer text above the questions is a title or an explanation, not a heading."""
HEADING_ROWS = 40
"""Rows above the first node that are searched for headings."""
WIDEST = 256
"""Columns right of the answer types that are searched; nobody works further right."""

ROLES: Mapping[str, tuple[str, ...]] = {
    "reason": ("tidak berlaku",),
    "returned": ("dikembalikan",),
    "skip": ("pilihan", "tipe", "bobot", "nama", "tanggal", "paraf"),
    "evidence": (
        "bukti",
        "data dukung",
        "link",
        "tautan",
        "evidence",
        "eviden",
        "url",
        "dokumen",
        "lampiran",
    ),
    "note": ("catatan", "keterangan", "penjelasan", "komentar", "narasi", "alasan"),
    "answer": ("jawaban", "isian", "respon", "respons", "jawab"),
    "value": ("nilai", "skor", "score", "%", "persen"),
    "question": ("pertanyaan", "soal", "kriteria", "indikator", "nomor", "no", "id", "kode"),
}
OWNERS: Mapping[str, tuple[str, ...]] = {
    "tpn": ("tpn", "nasional", "menpan", "kemenpan"),
    "tpi": ("tpi", "evaluator", "inspektorat", "itjen", "apip", "penilai internal"),
    "unit": ("unit", "satker", "satuan kerja", "mandiri", "upt"),
    "evaluation": ("evaluasi", "verifikasi", "penilai", "reviu"),
}
OWNER_NAMES = {"evaluation": "tpi"}


@dataclass(frozen=True, slots=True)
class Heading:
    """A column with a heading: ``text`` is the one nearest to the questions, in ``row``.

    ``is_inherited`` tells that its owner is named over a column left of it, not over it.
    """

    column: int
    owner: str
    role: str
    text: str
    row: int
    is_guessed: bool = False
    is_inherited: bool = False


def _first(text: str, table: Mapping[str, tuple[str, ...]]) -> str:
    """Return the first name of ``table`` one of whose words stands in ``text``."""
    for name, words in table.items():
        if any(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) for word in words):
            return name
    return ""


def read_headings(grid: Grid, top: int, columns: range) -> dict[tuple[int, int], str]:
    """Return the short texts above row ``top``, folded, merged cells spread out.

    A merged cell that starts left of ``columns`` is a title and is left out.
    """
    found: dict[tuple[int, int], str] = {}
    rows = range(max(0, top - HEADING_ROWS), top)
    for row in rows:
        for column in columns:
            value = grid.value(row, column)
            if isinstance(value, str) and value.strip() and len(value.strip()) <= HEADING_LENGTH:
                found[row, column] = " ".join(value.replace("_", " ").split()).casefold()
    for upper, left, lower, right in grid.merges[:MAX_MERGES]:
        if upper in rows and (upper, left) in found:
            for row in range(upper, min(lower + 1, top)):
                for column in range(left, min(right + 1, columns.stop)):
                    found[row, column] = found[upper, left]
    return found


def word_role(text: str) -> str:
    """Return what a heading's words say a column holds, empty where they say nothing."""
    return _first(text, ROLES)


def find_blocks(texts: Mapping[tuple[int, int], str]) -> list[int]:
    """Return the rows at which the headings may start, the likeliest first.

    The row with most words of headings, then the rows directly above it that belong to it: a
    title above them, or a blank row between, belongs to no column.
    """
    words: dict[int, int] = {}
    for (row, _), text in texts.items():
        words[row] = words.get(row, 0) + bool(_first(text, ROLES))
    if not any(words.values()):
        return []
    main = max(words, key=lambda row: (words[row], row))
    start = main
    while start - 1 in words and main - start < 2:
        start -= 1
    return list(dict.fromkeys((start, main)))


def name_columns(
    texts: Mapping[tuple[int, int], str],
    columns: Iterable[int],
    rows: range,
    *,
    is_grouped: bool,
) -> list[Heading]:
    """Return every column with a heading, left to right.

    An owner named over a column holds for the columns right of it until another is named, where
    the headings are grouped. A second answer column belongs to the TPI, even where no heading
    says so.
    """
    found: list[Heading] = []
    owner, answered = "unit", set[str]()
    for column in columns:
        parts = {texts[row, column]: row for row in reversed(rows) if (row, column) in texts}
        if not parts:
            continue
        # The part nearest to the questions decides; what stands over several columns comes after.
        named = next(filter(None, (_first(part, OWNERS) for part in parts)), "")
        role = next(filter(None, (_first(part, ROLES) for part in parts)), "")
        is_guessed = False
        if not is_grouped:
            owner = "unit"
        if named:
            owner = OWNER_NAMES.get(named, named)
        elif role == "answer" and owner == "unit" and "unit" in answered:
            owner, is_guessed = "tpi", True
        if role == "answer":
            answered.add(owner)
        text, row = next(iter(parts.items()))
        role = role or ("bare" if named else "")
        is_inherited = not named and owner != "unit"
        found.append(Heading(column, owner, role, text, row, is_guessed, is_inherited))
    return found
