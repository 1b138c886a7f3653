"""The performance form without widgets: what the screen asks, and what it is told.

Messages are plain values for JSON. Every answer brings a ``patch`` with whatever on the screen
differs from what it was last told: the indicator's light, the unit's achievement, the decisions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

from zi_eval.journal.fields import Change, FieldPlace, Person
from zi_eval.performance.form.input import parse_entry
from zi_eval.performance.form.store import PerformanceStore, indicator_key
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
from zi_eval.period.unit_tables import unit_identity
from zi_eval.screen.table_state import TableState
from zi_eval.screen.typed import exact_text
from zi_eval.screen.words import plain_text

__all__ = ["FIELD_LABELS", "PerformanceState"]

FIELD_LABELS: Final[Mapping[str, str]] = {
    "realisasi_tw1": "realisasi TW I", "realisasi_tw2": "realisasi TW II",
    "realisasi_tw3": "realisasi TW III", "realisasi_tw4": "realisasi TW IV",
    "realisasi_anggaran": "realisasi anggaran", "sebab": "sebab",
    "tindak_lanjut": "tindak lanjut", "penanggung_jawab": "penanggung jawab",
    "batas_waktu": "batas waktu", "bukti": "bukti",
}  # fmt: skip


class PerformanceState(TableState):
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

    LABELS = FIELD_LABELS

    def __init__(
        self, store: PerformanceStore, agency: str = "", rules: PerformanceRules | None = None
    ) -> None:
        self.store, self.agency, self.rules = store, agency, rules or PerformanceRules()
        super().__init__(store)

    @classmethod
    def open(cls, folder: Path, unit: str) -> PerformanceState:
        """Open the table of a unit in a period's folder; see :meth:`PerformanceStore.open`."""
        name, kind, agency = unit_identity(folder, unit)
        store = PerformanceStore.open(folder, unit, name, kind)
        return cls(store, agency, performance_rules(folder))

    def standing(self) -> PlanStanding:
        """Score and watch the plan as it is now; takes a few milliseconds."""
        return evaluate_plan(self.store.plan, self.rules.achievement, self.rules.lights)

    def _whole(self) -> dict[str, Any]:
        standing = self.standing()
        return {
            "notices": self._notices(),
            "unit": unit_view(standing, self.agency),
            "items": indicator_views(standing, self.store.table.problems),
        }

    def _title(self, key: str) -> str:
        return self.store.item(key).name

    def _shown_text(self, key: str, field: str) -> str | None:
        return shown_text(self.store.item(key), field)

    def _value_text(self, field: str, value: Any) -> str:
        if value is not None and FIELDS[field] == "date":
            return f"{date.fromisoformat(value):%d/%m/%Y}"
        return plain_text(exact_text(value) if isinstance(value, float) else value)

    def _parse(self, key: str, field: str, raw: Any) -> tuple[Any, str]:
        return parse_entry(self.store.item(key), field, raw, self.store.plan.year)

    def _put(self, person: Person, place: FieldPlace, new: Any, seen: Any) -> tuple[Change, str]:
        quarter = self.store.plan.quarter
        change = self.store.change(person, place, new, seen)
        if self.store.plan.quarter == quarter:
            return change, ""
        return (
            change,
            f"Semua indikator kini dinilai sampai {quarter_name(self.store.plan.quarter)}.",
        )

    def _matching(self, wanted: Mapping[str, Any]) -> Iterator[str]:
        places = filter_indicators(
            self.standing(),
            goal=str(wanted.get("goal") or ""),
            light=str(wanted.get("light") or ""),
            owner=str(wanted.get("owner") or ""),
            query=str(wanted.get("query") or ""),
        )
        indicators = self.store.plan.indicators
        return (indicator_key(indicators[place]) for place in places)
