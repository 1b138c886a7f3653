"""Which column of an LKE sheet holds what: found by the words of its heading rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from zi_eval.adapters.workbook_grid import Grid

__all__ = ["Columns", "find_columns"]

HEADING_LENGTH = 80
"""A longer text above the questions is a title or an explanation, not a heading."""

ROLES: Mapping[str, tuple[str, ...]] = {
    "skip": ("pilihan", "tipe", "bobot", "nama", "tanggal", "paraf"),
    "evidence": ("bukti", "data dukung", "link", "tautan", "evidence", "eviden", "url"),
    "note": ("catatan", "keterangan", "penjelasan", "komentar", "narasi", "alasan"),
    "answer": ("jawaban", "isian"),
    "value": ("nilai", "skor", "%", "persen"),
}
OWNERS: Mapping[str, tuple[str, ...]] = {
    "other": ("tpn", "nasional", "menpan", "kemenpan"),
    "tpi": ("tpi", "evaluator", "inspektorat", "itjen", "apip", "penilai internal"),
    "unit": ("unit", "satker", "satuan kerja", "mandiri", "upt"),
    "evaluation": ("evaluasi", "verifikasi", "penilai", "reviu"),
}
OWNER_NAMES = {"evaluation": "tpi"}


@dataclass(frozen=True)
class Columns:
    """0-based columns; ``is_found`` is False where the layout's own were assumed."""

    answer: int
    note: int | None
    evidence: tuple[int, ...]
    tpi_answer: int | None = None
    tpi_note: int | None = None
    is_found: bool = True


def _first(text: str, table: Mapping[str, tuple[str, ...]]) -> str:
    """Return the first name of ``table`` one of whose words stands in ``text``."""
    for name, words in table.items():
        if any(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) for word in words):
            return name
    return ""


def _heading_parts(grid: Grid, top: int, after: int) -> list[list[str]]:
    """Return the heading texts of each column from ``after`` on, merged cells spread out."""
    texts: dict[tuple[int, int], str] = {}
    for row in range(top):
        for column in range(after, grid.width):
            value = grid.value(row, column)
            if isinstance(value, str) and value.strip() and len(value.strip()) <= HEADING_LENGTH:
                texts[row, column] = " ".join(value.split()).casefold()
    for upper, left, lower, right in grid.merges:
        if upper < top and (upper, left) in texts:
            for row in range(upper, min(lower + 1, top)):
                for column in range(left, right + 1):
                    texts[row, column] = texts[upper, left]
    parts: list[list[str]] = []
    for column in range(after, grid.width):
        found = [texts[row, column] for row in range(top) if (row, column) in texts]
        parts.append(list(dict.fromkeys(found)))
    return parts


def _roles(grid: Grid, top: int, after: int) -> list[tuple[int, str, str]]:
    """Return (column, owner, role) of every column with a heading, left to right.

    An owner named over a column holds for the columns right of it until another is named. A
    second answer column belongs to the TPI, even where no heading says so.
    """
    found: list[tuple[int, str, str]] = []
    owner, answered = "unit", set[str]()
    for column, parts in enumerate(_heading_parts(grid, top, after), after):
        if not parts:
            continue
        text = " ".join(parts)
        named = _first(text, OWNERS)
        role = _first(parts[-1], ROLES) or _first(text, ROLES)
        if named:
            owner = OWNER_NAMES.get(named, named)
        elif role == "answer" and owner == "unit" and "unit" in answered:
            owner = "tpi"
        if role == "answer":
            answered.add(owner)
        found.append((column, owner, role or ("bare" if named else "")))
    return found


def find_columns(
    grid: Grid,
    top: int,
    kind: int,
    layout: Mapping[str, int],
    has_answers: Callable[[int], bool],
) -> Columns:
    """Find the columns of answers, notes and evidence.

    Parameters
    ----------
    top
        Row of the first node; the headings stand above it.
    kind
        Column of the answer types; what is found stands right of it.
    layout
        The layout's ``answer``, ``note`` and ``evidence`` columns.
    has_answers
        Whether a column mostly holds valid answers; asked of a TPI column that is not plainly
        headed "jawaban".
    """
    roles = _roles(grid, top, kind + 1)

    def columns(owner: str, role: str) -> list[int]:
        return [column for column, who, what in roles if (who, what) == (owner, role)]

    answers = columns("unit", "answer")
    if not answers:
        shift = kind + 1 - layout["answer"]
        return Columns(
            answer=kind + 1,
            note=layout["note"] + shift,
            evidence=(layout["evidence"] + shift,),
            is_found=False,
        )
    known = {"answer": answers[0]}
    headed = {column for column, _, _ in roles}
    notes = [column for column in columns("unit", "note") if column > answers[0]]
    evidence = [column for column in columns("unit", "evidence") if column > answers[0]]
    if notes:
        known["note"] = notes[0]
    if evidence:
        known["evidence"] = evidence[0]
    for role in ("note", "evidence"):
        if role not in known:
            base = min(known, key=lambda name: abs(layout[name] - layout[role]))
            guess = known[base] + layout[role] - layout[base]
            if guess not in headed:
                known[role] = guess
    tpi = columns("tpi", "answer")
    if not tpi:
        tpi = [c for role in ("bare", "value") for c in columns("tpi", role) if has_answers(c)]
    tpi_notes = columns("tpi", "note")
    return Columns(
        answer=known["answer"],
        note=known.get("note"),
        evidence=tuple(evidence) or ((known["evidence"],) if "evidence" in known else ()),
        tpi_answer=tpi[0] if tpi else None,
        tpi_note=tpi_notes[0] if tpi_notes else None,
    )
