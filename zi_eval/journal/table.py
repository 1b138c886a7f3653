"""Changes in words: one a line for a terminal, or one a row of a table for a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from zi_eval.core.text import zone_name
from zi_eval.formats import render_csv
from zi_eval.journal.fields import Change, Role

__all__ = ["change_line", "name_proof", "render_changes"]

HEADINGS: Final = (
    "nomor", "waktu", "oleh", "peran", "pertanyaan", "isian", "lama", "baru", "keterangan",
    "bukti_nama", "zona",
)  # fmt: skip


def change_line(change: Change) -> str:
    """Return a change as one line: when, who, where, from what to what."""
    said = f"{_text(change.old) or '-'} → {_text(change.new) or '-'}"
    note = _note(change)
    proved = ", kunci" if change.key else ""
    who = f"{change.person.name} ({change.person.role.value}{proved})"
    when = f"{_when(change)} {_zone(change)}"
    return f"{when}  {who}  {change.place}: {said}{f'  [{note}]' if note else ''}"


def render_changes(changes: Iterable[Change]) -> str:
    """Return changes as a CSV table; what people typed is never run by a spreadsheet."""
    rows = (
        (
            change.number,
            _when(change),
            change.person.name,
            change.person.role.value,
            change.place.key,
            change.place.field,
            change.old,
            change.new,
            _note(change),
            name_proof(change),
            _zone(change),
        )
        for change in changes
    )
    return render_csv([HEADINGS, *(map(_text, row) for row in rows)])


def name_proof(change: Change) -> str:
    """Return by what the name of a change is known."""
    if change.key:
        return f"kunci {change.key}"
    return "berkas" if change.person.role is Role.FILE else "nama menurut isian"


def _when(change: Change) -> str:
    return f"{change.time.astimezone():%Y-%m-%d %H:%M:%S}"


def _zone(change: Change) -> str:
    return zone_name(change.time.astimezone())


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Ya" if value else "Tidak"
    if isinstance(value, dict):
        return ", ".join(f"{key} {_text(item)}" for key, item in value.items())
    if isinstance(value, list):
        return "; ".join("?" if item is None else _text(item) for item in value)
    text = f"{value:g}".replace(".", ",") if isinstance(value, float) else str(value)
    return " ".join(text.split())


def _note(change: Change) -> str:
    if change.undoes is not None:
        return f"membatalkan nomor {change.undoes}"
    return "setuju" if change.old == change.new else ""
