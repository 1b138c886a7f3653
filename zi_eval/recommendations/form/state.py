"""The register's form without widgets: what the screen asks, and what it is told.

Beside what every table on screen is asked, the TPI says that it has looked at a proof. What is
changed of an item that an earlier period left open is written into the table of this period, which
is made where there is none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

from zi_eval.errors import ZiEvalError
from zi_eval.journal.fields import Change, FieldPlace, Person, Role, now
from zi_eval.journal.proof import proven_person
from zi_eval.period.reading import Period
from zi_eval.period.unit_tables import unit_identity
from zi_eval.recommendations.form.input import parse_entry, parse_item
from zi_eval.recommendations.form.store import (
    VERIFIED,
    RegisterStore,
    added_places,
    changed_places,
)
from zi_eval.recommendations.form.view import (
    filter_items,
    item_views,
    offer_views,
    shown_text,
    unit_view,
)
from zi_eval.recommendations.load import FOLDER, TABLES, load_earlier
from zi_eval.recommendations.values import AGENCY, Recommendation, Register
from zi_eval.report.made import Made
from zi_eval.screen.state import Handler, Message
from zi_eval.screen.table_state import GrowingTableState, NoTable
from zi_eval.screen.words import plain_text

__all__ = ["FIELD_LABELS", "RegisterState"]

FIELD_LABELS: Final[Mapping[str, str]] = {
    "status": "status", "tindak_lanjut": "tindak lanjut", "bukti": "bukti",
    "penanggung_jawab": "penanggung jawab", "batas_waktu": "batas waktu",
    "keterangan": "keterangan",
}  # fmt: skip

Offers = Callable[[], Mapping[str, Sequence[Recommendation]]]
"""Finds what may be added, by where it comes from."""


class RegisterState(GrowingTableState):
    """The recommendations to one unit in the hands of the people at one screen.

    Parameters
    ----------
    folder, unit
        The period, and the unit or :data:`~zi_eval.recommendations.values.AGENCY`.
    offers
        What may be added; asked for when a person wants to add something.
    """

    LABELS = FIELD_LABELS
    NAME_FIELD = "rekomendasi"
    ROLES = (Role.UNIT, Role.MEMBER, Role.LEADER, Role.SUPERVISOR)

    def __init__(self, folder: Path, unit: str, offers: Offers = dict) -> None:
        self.folder, self.unit, self._find_offers = folder, unit, offers
        self._offered: dict[str, Recommendation] = {}
        self.store: RegisterStore | None = None
        super().__init__(NoTable(folder.absolute() / FOLDER / unit))
        self._begin(is_new=False)
        self._read_beside()

    def _begin(self, is_new: bool) -> RegisterStore | None:
        """Take the table in hand, made where there is none and it ``is_new``."""
        if self.store is None and is_new:
            self.store = RegisterStore.begin(self.folder, self.unit)
        elif self.store is None and TABLES.has(self.folder, self.unit):
            self.store = RegisterStore.open(self.folder, self.unit)
        if self.store is not None:
            self._take(self.store)
        return self.store

    def _read_beside(self) -> None:
        """Read what stands beside the table: earlier periods, the questions, names."""
        period = Period(Period.read(self.folder).folder)  # as its files are now
        self._earlier = load_earlier(period, self.unit)
        name, _, self._agency = unit_identity(period.folder, self.unit)
        self._unit_name = self._agency if self.unit == AGENCY else name
        try:
            self._questions = period.load_instrument().questions
        except ZiEvalError:  # the period's own problems say it
            self._questions = {}

    def register(self) -> Register:
        """Return the register as it is now."""
        items = self.store.table.items if self.store else ()
        return self._earlier.register(items, str(self._table.path))

    @property
    def _today(self) -> date:
        return Made.now().time.date()

    def _whole(self) -> dict[str, Any]:
        register, today = self.register(), self._today
        problems = self.store.problems if self.store else ()
        notices = [*self._notices(), *map(str, self._earlier.problems)]
        return {
            "notices": notices,
            "unit": unit_view(register, self._unit_name or self.unit, self._agency, today),
            "items": item_views(register, self._questions, today, FIELD_LABELS, problems),
        }

    def _is_outdated(self) -> bool:
        told: list[str] = self._shown.get("notices", [])
        return [*self._notices(), *map(str, self._earlier.problems)] != told

    def _open(self, message: Message) -> dict[str, Any]:
        self._begin(is_new=False)
        self._read_beside()
        return super()._open(message)

    def _item(self, key: str) -> Recommendation:
        for item in self.register().items:
            if item.key == key:
                return item
        raise ZiEvalError(f"Rekomendasi '{key}' tidak ada lagi. Muat ulang halaman.")

    def _title(self, key: str) -> str:
        item = self._item(key)
        return f"{item.origin} {item.number}"

    def _shown_text(self, key: str, field: str) -> str | None:
        return shown_text(self._item(key), field)

    def _value_text(self, field: str, value: Any) -> str:
        if value is not None and field in ("batas_waktu", "tanggal", "tanggal_verifikasi"):
            return f"{date.fromisoformat(value):%d/%m/%Y}"
        return plain_text(value)

    def _parse(self, key: str, field: str, raw: Any) -> tuple[Any, str]:
        return parse_entry(field, raw, self._today.year), ""

    def _gone_text(self, gone: Sequence[Change]) -> str:
        there = {item.key for item in self.register().items}
        if all(change.place.key in there for change in gone):
            names = ", ".join(self._name(change.place.key) for change in gone)
            return f"{names} kembali seperti di tabel periode sebelumnya"
        return super()._gone_text(gone)

    def _put(self, person: Person, place: FieldPlace, new: Any, seen: Any) -> tuple[Change, str]:
        made = self._step(person, place.key, {place.field: new}, {place.field: seen})
        moved = ""
        if any(change.place.field in VERIFIED and change.new is None for change in made):
            moved = "Pemeriksaan sebelumnya tidak berlaku lagi untuk isi yang baru."
        found = next((change for change in made if change.place == place), None)
        return found or Change(0, now(), person, place, new, new, 0), moved

    def _step(
        self,
        person: Person,
        key: str,
        values: Mapping[str, Any],
        seen: Mapping[str, Any] | None = None,
    ) -> tuple[Change, ...]:
        """Change fields of an item wherever its latest state stands."""
        item = self._item(key)
        places = changed_places(item, self._earlier.period, values)
        if not places:
            return ()
        store = self._begin(is_new=True)
        assert store is not None
        known = {FieldPlace(key, field): value for field, value in (seen or {}).items()}
        if item.period != self._earlier.period:  # whoever else takes it over was faster
            known = dict.fromkeys(places)
        return store.step(person, places, known)

    def _matching(self, wanted: Mapping[str, Any]) -> Iterator[str]:
        given = {
            name: str(wanted.get(name) or "") for name in ("light", "owner", "origin", "query")
        }
        return filter_items(self.register(), self._today, **given)

    def _more_handlers(self) -> Mapping[str, Handler]:
        return {**super()._more_handlers(), "verify": self._verify}

    def _verify(self, message: Message) -> dict[str, Any]:
        """Note that a person of the TPI has looked at the proof of an item, today."""
        person, key = proven_person(self._person(message), self.unit), str(message["key"])
        if not person.role.is_tpi:
            raise ZiEvalError("Pemeriksaan bukti dicatat oleh TPI. Pilih peran Anda di atas.")
        if self._item(key).is_open:
            raise ZiEvalError("Yang diperiksa adalah yang sudah selesai. Ubah dulu statusnya.")
        values = dict(zip(VERIFIED, (person.name, self._today.isoformat()), strict=True))
        made = self._step(person, key, values)
        time = made[0].time.timestamp() if made else None
        return {"type": "saved", "key": key, "time": time, "patch": self._patch()}

    def _offers(self) -> list[dict[str, Any]]:
        found = self._find_offers()
        self._offered = {item.key: item for items in found.values() for item in items}
        return offer_views(found, (item.key for item in self.register().items))

    def _added(
        self, person: Person, keys: Sequence[str], typed: Mapping[str, Any] | None
    ) -> tuple[str, str]:
        chosen = [self._offered[key] for key in keys if key in self._offered]
        if typed:
            chosen.append(parse_item(typed, self._questions, self._today.year))
        there = {item.key for item in self.register().items}
        added = [item for item in chosen if item.key not in there]
        if not added:
            raise ZiEvalError("Sumber dan nomor itu sudah ada di register.")
        store = self._begin(is_new=True)
        assert store is not None
        places = added_places(added)
        store.step(person, places, dict.fromkeys(places))
        return added[0].key, f"{len(added)} rekomendasi ditambahkan ke {store.path.name}."
