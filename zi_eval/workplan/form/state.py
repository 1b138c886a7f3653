"""The work-plan form without widgets: what the screen asks, and what it is told.

Beside what every table on screen is asked, it says what may be added to the plan, and adds it. A
unit without a plan gets its table with the first activity.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from zi_eval.errors import ZiEvalError
from zi_eval.journal.fields import Person
from zi_eval.period.reading import Period
from zi_eval.period.unit_tables import plan_year
from zi_eval.screen.state import Message
from zi_eval.screen.table_state import GrowingTableState, NoTable
from zi_eval.screen.typed import exact_text
from zi_eval.screen.words import plain_text
from zi_eval.workplan.files import FOLDER, TABLES
from zi_eval.workplan.form.input import parse_activity, parse_entry
from zi_eval.workplan.form.store import WorkPlanStore, activity_key
from zi_eval.workplan.form.view import (
    activity_views,
    filter_activities,
    seed_views,
    shown_text,
    unit_view,
)
from zi_eval.workplan.load import surround_plan
from zi_eval.workplan.monitoring import monitor
from zi_eval.workplan.plan import MONTHS, Activity, WorkPlan, month_name
from zi_eval.workplan.table.headings import RESULTS
from zi_eval.workplan.unit import UnitWorkPlan

__all__ = ["FIELD_LABELS", "WorkPlanState"]

FIELD_LABELS: Final[Mapping[str, str]] = {
    **{RESULTS[month - 1]: f"realisasi {month_name(month)}" for month in MONTHS},
    "penanggung_jawab": "penanggung jawab", "bukti": "bukti", "kendala": "kendala",
    "tindak_lanjut": "tindak lanjut",
}  # fmt: skip

Seeds = Callable[[], Sequence[Activity]]
"""Computes what a unit's plan may begin with."""


class WorkPlanState(GrowingTableState):
    """One unit's work plan in the hands of the people at one screen.

    Parameters
    ----------
    folder, unit
        The period and the unit.
    seeds
        What may be added to the plan; asked for when a person wants to add something.
    """

    LABELS = FIELD_LABELS
    NAME_FIELD = "kegiatan"

    def __init__(self, folder: Path, unit: str, seeds: Seeds = tuple) -> None:
        self.folder, self.unit, self._seeds = folder, unit, seeds
        self._offered: dict[str, Activity] = {}
        self.store: WorkPlanStore | None = None
        super().__init__(NoTable(folder.absolute() / FOLDER / f"{unit}.xlsx"))
        self._begin(is_new=False)
        self._read_beside()

    def _begin(self, is_new: bool) -> WorkPlanStore | None:
        """Take the table in hand, made where there is none and it ``is_new``."""
        if self.store is None and (is_new or TABLES.has(self.folder, self.unit)):
            self.store = WorkPlanStore.begin(self.folder, self.unit)
            self._take(self.store)
        return self.store

    def _read_beside(self) -> None:
        """Read what stands beside the plan: answers and scores of the unit, the agency's name."""
        period = Period(Period.read(self.folder).folder)  # as its files are now
        file = period.find_unit(self.unit)
        name = (period.read_head(file)[0] if file else "") or self.unit
        plan = self.store.plan if self.store else WorkPlan(self.unit, name, plan_year(period), ())
        self._beside = surround_plan(period, plan)

    def data(self) -> UnitWorkPlan:
        """Return the plan as it is now, beside answers and scores as they were when it opened."""
        old, plan = self._beside, self.store.plan if self.store else self._beside.standing.plan
        if plan is not old.standing.plan:
            standing = monitor(plan, old.standing.instrument, old.answers)
            self._beside = old = replace(old, standing=standing)
        return old

    def _whole(self) -> dict[str, Any]:
        data = self.data()
        problems = self.store.problems if self.store else ()
        return {
            "notices": self._notices(),
            "unit": unit_view(data),
            "items": activity_views(data, problems),
        }

    def _open(self, message: Message) -> dict[str, Any]:
        self._begin(is_new=False)
        self._read_beside()
        return super()._open(message)

    def _item(self, key: str) -> Activity:
        if self.store is None:
            raise ZiEvalError("Rencana ini belum punya kegiatan. Muat ulang halaman.")
        return self.store.item(key)

    def _title(self, key: str) -> str:
        return self._item(key).name

    def _shown_text(self, key: str, field: str) -> str | None:
        return shown_text(self._item(key), field)

    def _value_text(self, field: str, value: Any) -> str:
        return plain_text(exact_text(value) if isinstance(value, float) else value)

    def _parse(self, key: str, field: str, raw: Any) -> tuple[Any, str]:
        return parse_entry(self._item(key), field, raw)

    def _matching(self, wanted: Mapping[str, Any]) -> Iterator[str]:
        names = ("light", "area", "owner", "month", "query")
        given = {name: str(wanted.get(name) or "") for name in names}
        return filter_activities(self.data().standing, **given)

    def _offers(self) -> list[dict[str, Any]]:
        self._offered = {activity_key(item): item for item in self._seeds()}
        return seed_views(self._offered.values(), self.data())

    def _added(
        self, person: Person, keys: Sequence[str], typed: Mapping[str, Any] | None
    ) -> tuple[str, str]:
        chosen = [self._offered[key] for key in keys if key in self._offered]
        if typed:
            chosen.append(parse_activity(typed, self.data().standing.instrument.questions))
        if not chosen:
            raise ZiEvalError("Usulan itu tidak ada lagi. Buka lagi daftarnya.")
        store = self._begin(is_new=True)
        assert store is not None
        added, lost = store.add(person, chosen)
        if not added:
            raise ZiEvalError("Kegiatan dengan nama itu sudah ada di rencana.")
        said = f"{len(added)} kegiatan ditambahkan ke {store.path.name}."
        if lost:
            said += f" Tabelnya tidak punya kolom {', '.join(sorted(lost))}; isinya tidak ditulis."
        return activity_key(added[0]), said
