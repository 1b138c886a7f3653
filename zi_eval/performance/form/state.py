"""The performance form without widgets: what the screen asks, and what it is told.

Messages are plain values for JSON. Every answer brings a ``patch`` with whatever on the screen
differs from what it was last told: the indicator's light, the unit's achievement, the decisions.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
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
from zi_eval.screen.words import plain_text, short_time

__all__ = ["FIELD_LABELS", "PerformanceState"]

FIELD_LABELS: Final[Mapping[str, str]] = {
    "realisasi_tw1": "realisasi TW I", "realisasi_tw2": "realisasi TW II",
    "realisasi_tw3": "realisasi TW III", "realisasi_tw4": "realisasi TW IV",
    "realisasi_anggaran": "realisasi anggaran", "sebab": "sebab",
    "tindak_lanjut": "tindak lanjut", "penanggung_jawab": "penanggung jawab",
    "batas_waktu": "batas waktu", "bukti": "bukti",
}  # fmt: skip
LONGEST_NAME: Final = 80


@dataclass
class PerformanceState:
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

    store: PerformanceStore
    agency: str = ""
    rules: PerformanceRules = field(default_factory=PerformanceRules)
    _lock: threading.RLock = field(default_factory=threading.RLock, repr=False)
    _shown: dict[str, Any] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self._handlers: Mapping[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
            "open": self._open,
            "list": self._list,
            "change": self._change,
            "undo": self._undo,
            "history": self._history,
            "ping": lambda _: {"type": "pong"},
        }

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

    def answer(self, message: Mapping[str, Any]) -> dict[str, Any]:
        """Answer one message of the screen; what is refused is said in one sentence."""
        handler = self._handlers.get(str(message.get("type")))
        head = {"view": message.get("view"), "number": message.get("number")}
        if handler is None:
            said = "Pesan layar tidak dikenal; muat ulang halaman."
            return {**head, "type": "said", "text": said}
        with self._lock:
            try:
                return {**head, **handler(message)}
            except ZiEvalError as error:
                return {**head, "type": "said", "text": str(error), "patch": self._patch()}
            except (KeyError, IndexError, TypeError, AttributeError):
                said = "Pesan layar rusak; muat ulang halaman."
                return {**head, "type": "said", "text": said}

    def news(self) -> dict[str, Any] | None:
        """Return what others changed since the last call, None where nothing."""
        with self._lock:
            try:
                changes = self.store.refresh()
            except ZiEvalError as error:
                text = str(error)
                return None if self._shown.get("news") == text else self._tell(text)
            if not changes and list(self.store.notices) == self._shown.get("notices", []):
                return None
            patch = self._patch()
            if changes:
                patch["news"] = self._news_text(changes)
            return {"type": "news", "patch": patch} if patch else None

    def _tell(self, text: str) -> dict[str, Any]:
        self._shown["news"] = text
        return {"type": "news", "patch": {"news": text}}

    def _news_text(self, changes: Iterable[Change]) -> str:
        by_person: dict[str, list[str]] = {}
        for change in changes:
            what = f"{FIELD_LABELS[change.place.field]} {self._name(change.place.key)}"
            by_person.setdefault(_who(change.person), []).append(what)
        parts = [
            f"{who} mengubah {', '.join(what) if len(what) <= 2 else f'{len(what)} isian'}"
            for who, what in by_person.items()
        ]
        return f"{'; '.join(parts)}."

    def _name(self, key: str) -> str:
        try:
            return f"'{self.store.item(key).name}'"
        except ZiEvalError:
            return f"'{key}'"

    # --- what to show ---

    def _whole(self) -> dict[str, Any]:
        """Return everything on the screen that can change."""
        standing = self.standing()
        return {
            "notices": list(self.store.notices),
            "unit": unit_view(standing, self.agency),
            "items": indicator_views(standing, self.store.table.problems),
        }

    def _patch(self) -> dict[str, Any]:
        """Return what differs from what the screen was last told, and remember it as told."""
        whole = self._whole()
        patch = {key: value for key, value in whole.items() if value != self._shown.get(key)}
        told = self._shown.get("items", {})
        if "items" in patch and told.keys() == whole["items"].keys():
            patch["items"] = {k: v for k, v in whole["items"].items() if v != told[k]}
        elif "items" in patch:
            patch["order"] = list(whole["items"])
        self._shown = whole
        return patch

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
            item = self.store.item(place.key)
            shown = shown_text(item, place.field)
            new, remark = parse_entry(item, place.field, part.get("value"))
            seen, _ = parse_entry(item, place.field, part.get("seen"))
            quarter = self.store.plan.quarter
            change = self.store.change(_person(message), place, new, seen)
            if self.store.plan.quarter != quarter:
                until = quarter_name(self.store.plan.quarter)
                remark = f"{remark} Semua indikator kini dinilai sampai {until}.".strip()
        except ConflictError as error:
            return self._conflict(error, part.get("value"))
        except ZiEvalError as error:
            patch = self._patch()  # the table may have been read anew on the way
            return {"type": "refused", "text": str(error), "current": [shown], "patch": patch}
        return {
            "type": "saved",
            "time": change.time.timestamp(),
            "remark": remark,
            "patch": self._patch(),
        }

    def _conflict(self, error: ConflictError, mine: Any) -> dict[str, Any]:
        place, change = error.place, error.change
        item = self.store.item(place.key)
        return {
            "type": "conflict",
            "key": place.key,
            "field": place.field,
            "what": f"{item.name} ({FIELD_LABELS[place.field]})",
            "current": shown_text(item, place.field),
            "current_text": _value_text(place.field, error.current),
            "mine_text": plain_text(mine or None),
            "who": _who(change.person) if change else "orang lain",
            "time": change.time.timestamp() if change else None,
            "patch": self._patch(),
        }

    def _undo(self, message: Mapping[str, Any]) -> dict[str, Any]:
        undone = self.store.undo(_person(message))
        if not undone:
            return {"type": "said", "text": "Tidak ada perubahan Anda yang dapat diurungkan."}
        change = undone[-1]
        what = FIELD_LABELS[change.place.field]
        text = (
            f"Diurungkan: {self._name(change.place.key)}, {what} kembali menjadi "
            f"{_value_text(change.place.field, change.new)}."
        )
        return {"type": "said", "text": text, "key": change.place.key, "patch": self._patch()}

    def _history(self, message: Mapping[str, Any]) -> dict[str, Any]:
        key = str(message["key"])
        rows = [
            {
                "when": short_time(change.time),
                "who": _who(change.person),
                "what": FIELD_LABELS[change.place.field]
                + (" (diurungkan)" if change.undoes is not None else ""),
                "old": _value_text(change.place.field, change.old),
                "new": _value_text(change.place.field, change.new),
            }
            for change in reversed(self.store.of(key))
        ]
        return {"type": "history", "key": key, "changes": rows}


def _value_text(field: str, value: Any) -> str:
    """Write a plain value as people read it."""
    if value is not None and FIELDS[field] == "date":
        return f"{date.fromisoformat(value):%d/%m/%Y}"
    return plain_text(exact_text(value) if isinstance(value, float) else value)


def _who(person: Person) -> str:
    return "Program lain" if person == FILE else person.name


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
