"""The performance form without widgets: what the screen asks, and what it is told.

Messages are plain values for JSON. Every answer brings a ``patch`` with whatever on the screen
differs from what it was last told: the indicator's light, the unit's achievement, the decisions.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

from zi_eval.errors import ZiEvalError
from zi_eval.journal.changes import FILE
from zi_eval.journal.fields import Change, ConflictError, FieldPlace, Person, Role, tidy
from zi_eval.performance.form.input import exact_text, parse_entry
from zi_eval.performance.form.store import PerformanceStore
from zi_eval.performance.form.view import (
    filter_indicators,
    indicator_views,
    shown_text,
    unit_view,
)
from zi_eval.performance.load import performance_rules
from zi_eval.performance.page.words import quarter_name
from zi_eval.performance.projection import PerformanceRules
from zi_eval.performance.table.editor import FIELDS
from zi_eval.performance.watch import PlanStanding, evaluate_plan
from zi_eval.period.reading import Period
from zi_eval.screen.state import Handler, LiveState
from zi_eval.screen.words import plain_text

__all__ = ["FIELD_LABELS", "PerformanceState"]

FIELD_LABELS: Final[Mapping[str, str]] = {
    "realisasi_tw1": "realisasi TW I", "realisasi_tw2": "realisasi TW II",
    "realisasi_tw3": "realisasi TW III", "realisasi_tw4": "realisasi TW IV",
    "realisasi_anggaran": "realisasi anggaran", "sebab": "sebab",
    "tindak_lanjut": "tindak lanjut", "penanggung_jawab": "penanggung jawab",
    "batas_waktu": "batas waktu", "bukti": "bukti",
}  # fmt: skip
LONGEST_NAME: Final = 80


class PerformanceState(LiveState):
    """One unit's performance table in the hands of the people at one screen.

    Parameters
    ----------
    store
        The open table of the unit.
    agency
        Name of the agency above the unit, empty where it is not known.
    rules
        The limits and lights that the agency set.
    """

    PARTS = "items"
    LABELS = FIELD_LABELS
    MOST_NAMED = 2

    def __init__(
        self, store: PerformanceStore, agency: str = "", rules: PerformanceRules | None = None
    ) -> None:
        self.store, self.agency, self.rules = store, agency, rules or PerformanceRules()
        super().__init__(store)

    def _more_handlers(self) -> Mapping[str, Handler]:
        return {"list": self._list}

    @classmethod
    def open(cls, folder: Path, unit: str) -> PerformanceState:
        """Open the table of a unit in a period's folder; see :meth:`PerformanceStore.open`."""
        name, kind, agency = _identity(folder, unit)
        store = PerformanceStore.open(folder, unit, name, kind)
        return cls(store, agency, performance_rules(folder))

    def close(self) -> None:
        """End; every change is in the table already."""

    def standing(self) -> PlanStanding:
        """Score and watch the plan as it is now; takes a few milliseconds."""
        return evaluate_plan(self.store.plan, self.rules.achievement, self.rules.lights)

    def _changed(self, change: Change) -> str:
        return f"{self._label(change.place.field)} {self._name(change.place.key)}"

    def _who(self, change: Change) -> str:
        return "Program lain" if change.person == FILE else change.person.name

    def _value_text(self, field: str, value: Any) -> str:
        if value is not None and FIELDS[field] == "date":
            return f"{date.fromisoformat(value):%d/%m/%Y}"
        return plain_text(exact_text(value) if isinstance(value, float) else value)

    def _name(self, key: str) -> str:
        try:
            return f"'{self.store.item(key).name}'"
        except ZiEvalError:
            return f"'{key}'"

    # --- what to show ---

    def _whole(self) -> dict[str, Any]:
        standing = self.standing()
        return {
            "notices": self._notices(),
            "unit": unit_view(standing, self.agency),
            "items": indicator_views(standing, self.store.table.problems),
        }

    # --- what the screen asks ---

    def _open(self, _: Mapping[str, Any]) -> dict[str, Any]:
        with contextlib.suppress(ZiEvalError):  # the news say it
            self.store.refresh()
        # Another view of the same form hears of it by the patch.
        patch = {"patch": self._patch()} if self._shown else {}
        self._shown = self._whole()
        return {
            "type": "whole",
            "form": {"store": str(self.store.path), "labels": dict(FIELD_LABELS)},
            "order": list(self._shown["items"]),
            **self._shown,
            **patch,
        }

    def _list(self, message: Mapping[str, Any]) -> dict[str, Any]:
        """Return the keys of the indicators that fit the filters."""
        wanted = message["filter"]
        places = filter_indicators(
            self.standing(),
            goal=str(wanted.get("goal") or ""),
            light=str(wanted.get("light") or ""),
            owner=str(wanted.get("owner") or ""),
            query=str(wanted.get("query") or ""),
        )
        keys = list(self._shown.get("items") or self._whole()["items"])
        return {"type": "list", "keys": [keys[place] for place in places if place < len(keys)]}

    def _change(self, message: Mapping[str, Any]) -> dict[str, Any]:
        """Change one field: ``parts`` holds one ``{key, field, value, seen}``, as typed."""
        part = message["parts"][0]
        place = FieldPlace(str(part["key"]), str(part["field"]))
        if place.field not in FIELDS:
            raise ZiEvalError("Isian ini tidak dapat diubah di sini; muat ulang halaman.")
        shown = None
        try:
            item, year = self.store.item(place.key), self.store.plan.year
            shown = shown_text(item, place.field)
            new, remark = parse_entry(item, place.field, part.get("value"), year)
            seen, _ = parse_entry(item, place.field, part.get("seen"), year)
            quarter = self.store.plan.quarter
            change = self.store.change(_person(message), place, new, seen)
            if self.store.plan.quarter != quarter:
                until = quarter_name(self.store.plan.quarter)
                remark = f"{remark} Semua indikator kini dinilai sampai {until}.".strip()
        except ConflictError as error:
            return self._choice(error, part.get("value"))
        except ZiEvalError as error:
            patch = self._patch()  # the table may have been read anew on the way
            return {"type": "refused", "text": str(error), "current": [shown], "patch": patch}
        return {
            "type": "saved",
            "time": change.time.timestamp(),
            "remark": remark,
            "patch": self._patch(),
        }

    def _choice(self, error: ConflictError, mine: Any) -> dict[str, Any]:
        """Return a conflict, with names and values as the table writes them."""
        place, change = error.place, error.change
        item = self.store.item(place.key)
        return self._conflict(
            error,
            mine,
            what=f"{item.name} ({FIELD_LABELS[place.field]})",
            current=shown_text(item, place.field),
            who=self._who(change) if change else "orang lain",
        )

    def _take_back(self, message: Mapping[str, Any]) -> Sequence[Change]:
        return self.store.undo(_person(message))

    def _changes_of(self, key: str) -> Sequence[Change]:
        return self.store.of(key)


def _person(message: Mapping[str, Any]) -> Person:
    name = tidy(message.get("person")) if isinstance(message.get("person"), str) else None
    if not name:
        raise ZiEvalError(
            "Tulis dulu nama Anda di atas; setiap perubahan dicatat dengan nama pengisinya."
        )
    return Person(" ".join(name.split())[:LONGEST_NAME], Role.UNIT)


def _identity(folder: Path, unit: str) -> tuple[str, str, str]:
    """Return name and kind of the unit and the agency's name; what cannot be read is empty.

    A unit or agency file with errors must not keep people from their performance table.
    """
    try:
        period = Period.read(folder)
        agency = period.agency.agency.name if period.agency.agency else ""
        path = period.unit_files.get(unit)
        name, kind = period.read_head(path) if path else ("", "")
    except (ZiEvalError, OSError):
        return "", "", ""
    return name, kind, agency
