"""One person's day on a unit, in numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from zi_eval.core.text import zone_name
from zi_eval.journal.fields import Change, FieldPlace, Person

__all__ = ["day_work"]


def day_work(
    changes: Iterable[Change], person: Person, day: date, get: Callable[[FieldPlace], Any]
) -> list[str]:
    """Count what a person did on a day of this computer's clock, what was taken back left out.

    Parameters
    ----------
    changes
        All changes of the unit in order.
    get
        Gives the present value of a place.

    Returns
    -------
    list of str
        One sentence for each kind of work; one that says so where there was none.
    """
    made = [c for c in changes if c.person == person and c.time.astimezone().date() == day]
    undone = {change.undoes for change in made if change.undoes is not None}
    last: dict[FieldPlace, Change] = {}
    for change in made:
        if change.undoes is None and change.group not in undone:
            last[change.place] = change
    by_field: dict[str, list[Change]] = {}
    for change in last.values():
        by_field.setdefault(change.place.field, []).append(change)
    filled = {field: [c for c in group if c.new is not None] for field, group in by_field.items()}
    decided = filled.get("tpi", [])
    agreed = sum(c.new == get(FieldPlace(c.place.key, "unit")) for c in decided)
    counts = {
        "pertanyaan dijawab": len(filled.get("unit", [])),
        f"pertanyaan diperiksa ({agreed} setuju, {len(decided) - agreed} berbeda)": len(decided),
        "dikembalikan ke unit": len(filled.get("kembali", [])),
        "catatan ditulis": len(filled.get("catatan", []) + filled.get("catatan_tpi", [])),
        "pertanyaan diberi bukti": len(filled.get("bukti", [])),
        "keraguan dijelaskan": sum(place.key == "penjelasan" for place in last),
    }
    lines = [f"{count} {what}" for what, count in counts.items() if count]
    if not lines:
        return ["Belum ada perubahan oleh Anda hari ini."]
    first, latest = made[0].time.astimezone(), made[-1].time.astimezone()
    until = "" if f"{first:%H.%M}" == f"{latest:%H.%M}" else f" sampai {latest:%H.%M}"
    return [*lines, f"pukul {first:%H.%M}{until} {zone_name(latest)}"]
