"""What a journal says: every change in order, the values they lead to, and what follows from them.

Records of the journal, by ``jenis``:

``berkas``
    The file's whole text as it was found, with the changes (``ubah``) made in it by hand.
``ubah``
    A step of one person: one change, or several that belong together.
``tulis``
    The file with the hash ``dari`` is about to be replaced by a text of this ``sha256``, which
    shows all changes up to number ``sampai``.
``tertulis``
    It was replaced, durably.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from zi_eval.journal.fields import UNIT_FIELDS, Change, FieldPlace, Person, Role, tidy

__all__ = ["FILE", "Edit", "History", "Values", "change_record", "file_record"]

FILE = Person("berkas", Role.FILE)
"""Whose changes are those found in the file itself."""
Values = dict[FieldPlace, Any]
Edit = tuple[FieldPlace, Any, Any]


def change_record(
    number: int, time: datetime, person: Person, edits: Iterable[Edit], undoes: int | None = None
) -> dict[str, Any]:
    """Return the journal's record of a step: (place, old, new) for each of its changes."""
    record: dict[str, Any] = {
        "jenis": "ubah",
        "nomor": number,
        "waktu": time.isoformat(),
        "oleh": person.name,
        "peran": person.role.value,
        "ubah": [
            {"pertanyaan": place.key, "bagian": place.field, "lama": old, "baru": new}
            for place, old, new in edits
        ],
    }
    return record if undoes is None else {**record, "batal": undoes}


def file_record(
    number: int, time: datetime, text: str, sha256: str, edits: list[Edit], is_behind: bool
) -> dict[str, Any]:
    """Return the record of a file as it was found; ``is_behind`` where the journal knows more."""
    made = change_record(number, time, FILE, edits)
    last = number + len(edits) - 1
    return {
        **made, "jenis": "berkas", "sha256": sha256, "sampai": last, "tertinggal": is_behind,
        "teks": text,
    }  # fmt: skip


@dataclass(slots=True)
class _Found:
    """A text the file had: as found (``text``), or as written with the changes up to a number."""

    until: int
    text: str | None = None


class History:
    """The changes of a unit and the values after them.

    Parameters
    ----------
    read_values
        Turns the text of a unit file into its values; empty where it has errors.

    Attributes
    ----------
    changes, values
        All changes in order, and what they lead to.
    text, time
        The file as it was last found, and when; None before the first record.
    files
        The texts that the file may have without having been edited by hand, by SHA-256: after a
        crash either the one before the last write or the one after.
    """

    def __init__(self, read_values: Callable[[str], Values]) -> None:
        self._read_values = read_values
        self.changes: list[Change] = []
        self.values: Values = {}
        self.text: str | None = None
        self.time: datetime | None = None
        self.files: dict[str, _Found] = {}
        self.last_number = 0
        self._start: Values = {}
        self._by_key: dict[str, list[Change]] = {}
        self._groups: dict[int, tuple[Change, ...]] = {}
        self._undone: set[int] = set()
        self._origin: dict[FieldPlace, Change] = {}
        self._before: dict[int, Change | None] = {}

    def take(self, record: Mapping[str, Any]) -> tuple[Change, ...]:
        """Take the next record; return the changes in it."""
        kind = record["jenis"]
        if kind == "tulis":
            before = self.files.get(record["dari"])
            self.files = {} if before is None else {record["dari"]: before}
            self.files[record["sha256"]] = _Found(record["sampai"])
        elif kind == "tertulis":
            self.files = {record["sha256"]: self.files.get(record["sha256"]) or _Found(0)}
        if kind not in ("ubah", "berkas"):
            return ()
        time = datetime.fromisoformat(record["waktu"])
        person = Person(record["oleh"], Role(record["peran"]))
        number, undoes = record["nomor"], record.get("batal")
        group = tuple(
            Change(
                number + n,
                time,
                person,
                FieldPlace(item["pertanyaan"], item["bagian"]),
                tidy(item["lama"]),
                tidy(item["baru"]),
                number,
                undoes,
                record.get("kunci") or "",
            )
            for n, item in enumerate(record["ubah"])
        )
        if kind == "berkas":
            if self.text is None and not self.changes:
                self._start = self._read_values(record["teks"])
                self.values = dict(self._start)
            self.text, self.time = record["teks"], time
            self.files = {record["sha256"]: _Found(record["sampai"], record["teks"])}
        self._add(group)
        return group

    def _add(self, group: tuple[Change, ...]) -> None:
        if not group:
            return
        undoes = group[0].undoes
        undone = {c.place: c for c in self._groups.get(undoes, ())} if undoes else {}
        for change in group:
            place = change.place
            self._put(self.values, change)
            self._before[change.number] = self._origin.get(place)
            origin = self._before.get(undone[place].number) if place in undone else change
            if origin is None:
                self._origin.pop(place, None)
            else:
                self._origin[place] = origin
            self._by_key.setdefault(place.key, []).append(change)
        if undoes:
            self._undone.add(undoes)
        self._groups[group[0].number] = group
        self.changes += group
        self.last_number = max(self.last_number, group[-1].number)

    @staticmethod
    def _put(values: Values, change: Change) -> None:
        if change.new is None:
            values.pop(change.place, None)
        else:
            values[change.place] = change.new

    def values_until(self, number: int) -> Values:
        """Return the values after the changes up to a number."""
        values = dict(self._start)
        for change in self.changes:
            if change.number <= number:
                self._put(values, change)
        return values

    def file_values(self, sha256: str) -> list[Values]:
        """Return the values of the known text of this hash, or else of all in ``files``."""
        known = self.files.get(sha256)
        return [
            self._read_values(found.text)
            if found.text is not None
            else self.values_until(found.until)
            for found in ([known] if known else self.files.values())
        ]

    def is_shown(self, sha256: str, number: int) -> bool:
        """Whether the journal says that the text of this hash shows all changes up to a number."""
        found = self.files.get(sha256)
        return found is not None and found.until >= number

    def of(self, key: str | None) -> tuple[Change, ...]:
        """Return the changes below a key in order; all of them where it is None."""
        return tuple(self.changes if key is None else self._by_key.get(key, ()))

    def origin(self, place: FieldPlace) -> Change | None:
        """Return the change that the present value of a place comes from."""
        return self._origin.get(place)

    def undoable(self, person: Person) -> tuple[Change, ...]:
        """Return the person's latest step that stands as it was made; empty where there is none."""
        for number, group in reversed(self._groups.items()):
            if group[0].person != person or group[0].undoes or number in self._undone:
                continue
            if all(self._origin.get(change.place) is change for change in group):
                return group
        return ()

    def decisions(self, question: str) -> dict[Role, Change]:
        """Return the last decision of each level of the TPI that is about the present values."""
        unit, tpi = FieldPlace(question, "unit"), FieldPlace(question, "tpi")
        changes = self.of(question)
        value = next((c.old for c in changes if c.place == unit), self.values.get(unit))
        made: dict[Role, tuple[Change, Any]] = {}
        for change in changes:
            if change.place == unit:
                value = change.new
            elif change.place == tpi and change.person.role.is_tpi and self._stands(change):
                made[change.person.role] = (change, value)
        present = (self.values.get(unit), self.values.get(tpi))
        return {
            role: change
            for role, (change, about) in made.items()
            if change.new is not None and (about, change.new) == present
        }

    def is_answered_again(self, question: str) -> bool:
        """Whether the unit changed something in a question since it was sent back."""
        returned = FieldPlace(question, "kembali")
        if returned not in self.values:
            return False
        origin = self._origin.get(returned)
        since = origin.group if origin else 0
        return any(
            change.group > since
            and change.place.field in UNIT_FIELDS
            and change.person.role in (Role.UNIT, Role.FILE)
            and self._stands(change)
            for change in self.of(question)
        )

    def _stands(self, change: Change) -> bool:
        return change.undoes is None and change.group not in self._undone
