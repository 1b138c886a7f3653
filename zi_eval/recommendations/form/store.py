"""The register of a unit while people keep it: each change is in its table before it counts.

What is changed of a recommendation that stands in an earlier period's table is written into the
table of the present period, which is made where there is none: an earlier period stays as it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from zi_eval.core.problems import has_errors
from zi_eval.errors import ArgumentError, ParameterError, ZiEvalError
from zi_eval.journal.changes import Values
from zi_eval.journal.fields import Change, FieldPlace, Person, tidy
from zi_eval.journal.live_table import is_open_elsewhere, journal_file
from zi_eval.journal.proof import proven_person
from zi_eval.journal.row_table import RowTable, create_table
from zi_eval.period.earlier import period_year
from zi_eval.period.reading import Period
from zi_eval.recommendations.load import FOLDER, NO_YEAR, TABLES, load_earlier, load_register
from zi_eval.recommendations.table.editor import (
    FIELDS,
    Plain,
    RegisterTable,
    add_rows,
    field_value,
    parse_field,
    parse_table,
    set_fields,
)
from zi_eval.recommendations.table.headings import FORM
from zi_eval.recommendations.values import Recommendation
from zi_eval.sheets.container import read_file

__all__ = [
    "KIND",
    "VERIFIED",
    "RegisterStore",
    "add_recommendations",
    "added_places",
    "change_recommendation",
    "changed_places",
]

KIND: Final = "tindak-lanjut"
"""What its journal is called."""
VERIFIED_STATE: Final = frozenset({"status", "tindak_lanjut", "bukti"})
VERIFIED: Final = ("diverifikasi_oleh", "tanggal_verifikasi")
"""What only the TPI says: nobody verifies a proof of their own."""


class RegisterStore(RowTable[RegisterTable]):
    """A hold on the table of recommendations to a unit in one period."""

    def __init__(self, path: Path, table: RegisterTable) -> None:
        super().__init__(path, journal_file(path, KIND), table, parse_field)

    @classmethod
    def open(cls, folder: Period | Path, unit: str) -> RegisterStore:
        """Open the table of a unit; nothing is written by that.

        Raises
        ------
        WorkspaceError
            Where it has none.
        ParameterError
            With every problem, where it has errors, or where there are two.
        """
        period = Period.read(folder)
        path = TABLES.find_only(period.folder, unit)
        year = period_year(period) or NO_YEAR
        return cls(path, parse_table(path, read_file(path), year, period.sheet_of(path)))

    @classmethod
    def begin(cls, folder: Period | Path, unit: str) -> RegisterStore:
        """Open a unit's own table of a period, made empty where there is none.

        Who comes second opens what the first made.

        Raises
        ------
        ZiEvalError
            As :meth:`open`, and where the table is open in another program.
        """
        period = Period.read(folder)
        if not TABLES.has(period.folder, unit):
            is_csv = load_register(period, unit).last_file.casefold().endswith(".csv")
            path = period.folder / FOLDER / f"{unit}{'.csv' if is_csv else '.xlsx'}"
            empty = FORM.to_csv().encode("utf-8-sig") if is_csv else FORM.to_workbook()
            journal = journal_file(path, KIND)
            create_table(path, journal, empty, lambda: TABLES.has(period.folder, unit))
        store = cls.open(period, unit)
        if is_open_elsewhere(store.path):
            raise ZiEvalError(
                f"{store.path.name} sedang terbuka di Excel atau LibreOffice. Tutup dulu di sana."
            )
        return store

    def read_bytes(self) -> bytes:
        """Return the bytes of the file."""
        return read_file(self.path)

    def parse(self, data: bytes) -> RegisterTable:
        """Return the table of these bytes."""
        return parse_table(self.path, data, self.table.year, self.table.sheet)

    def values_of(self, table: RegisterTable) -> Values:
        """Return every value of every recommendation."""
        return {
            FieldPlace(item.key, field): value
            for item in table.items
            for field in FIELDS
            if (value := field_value(item, field)) is not None
        }

    def has_row(self, table: RegisterTable, key: str) -> bool:
        """Whether the table has a recommendation of this key."""
        return any(item.key == key for item in table.items)

    def with_row(
        self, table: RegisterTable, key: str, values: Mapping[str, Plain]
    ) -> RegisterTable:
        """Return a table in which fields of a recommendation hold other values."""
        item = next(item for item in table.items if item.key == key)
        return set_fields(table, item, values)

    def with_rows(
        self, table: RegisterTable, rows: Mapping[str, Mapping[str, Plain]]
    ) -> RegisterTable:
        """Return a table with further recommendations."""
        added = []
        for key, values in rows.items():
            given = {FIELDS[f]: parse_field(f, v) for f, v in values.items()}
            if not {"number", "origin", "text"} <= given.keys():
                raise ZiEvalError(f"'{key}' tidak ada lagi di {self.path.name}.")
            added.append(Recommendation(**given))
        return add_rows(table, added)

    def proven(self, person: Person) -> Person:
        """Return who makes a change: of the unit or of its TPI, by their key where one was used."""
        return proven_person(person, self.path.stem)

    def step(
        self, person: Person, wanted: Mapping[FieldPlace, Plain], seen: Values | None = None
    ) -> tuple[Change, ...]:
        """Make one step; see :meth:`RowTable.step`. Only the TPI says who looked at a proof."""
        verified = {p: value for p, value in wanted.items() if p.field in VERIFIED and value}
        if verified and not self.proven(person).role.is_tpi and not self._takes_over(verified):
            raise ZiEvalError("Pemeriksaan bukti dicatat oleh TPI, bukan oleh unit sendiri.")
        return super().step(person, wanted, seen)

    def _takes_over(self, verified: Values) -> bool:
        """Whether rows that are not here yet come with the verification of an earlier period."""
        if any(self.has_row(self.table, place.key) for place in verified):
            return False
        earlier = load_earlier(self.path.parent.parent, self.path.stem).register((), "")
        return verified.items() <= added_places(earlier.items).items()


def _require_sound(period: Period, unit: str) -> None:
    problems = load_register(period, unit).problems
    if has_errors(problems):
        raise ParameterError(problems)


def change_recommendation(
    folder: Period | Path, unit: str, number: str, values: Mapping[str, Plain], person: Person
) -> tuple[Change, ...]:
    """Change fields of one recommendation to a unit, wherever its latest state stands.

    Parameters
    ----------
    number
        Its number, or its source and number (``APIP 700/1``) where two have the same.
    values
        Plain values by column (:data:`~zi_eval.recommendations.table.editor.FIELDS`).

    Raises
    ------
    ArgumentError
        Where there is no such recommendation, or several.
    ZiEvalError
        As :meth:`RegisterStore.step`.
    """
    period = Period(Period.read(folder).folder)  # as its files are now
    _require_sound(period, unit)
    register = load_register(period, unit)
    origin, _, rest = number.partition(" ")
    found = register.find(number) or register.find(rest, origin)
    if len(found) != 1:
        known = ", ".join(f"{i.origin} {i.number}" for i in found or register.shown)
        raise ArgumentError(
            f"{'lebih dari satu' if found else 'tidak ada'} rekomendasi '{number}' pada {unit}; "
            f"sebut salah satu: {known or '-'}.",
            "number",
        )
    (item,) = found
    given = {field: tidy(value) for field, value in values.items()}
    places = changed_places(item, register.period, given)
    return RegisterStore.begin(period, unit).step(person, places) if places else ()


def changed_places(
    item: Recommendation, period: str, values: Mapping[str, Plain]
) -> dict[FieldPlace, Plain]:
    """Return all that changes in the table of a period with fields of a recommendation.

    One that stands in an earlier period's table comes with its other fields, where anything
    changes. Who verified what stood there did not verify another status, follow-up or proof.
    """
    changed = {field for field, value in values.items() if value != field_value(item, field)}
    is_unverified = not VERIFIED_STATE.isdisjoint(changed)
    places = {FieldPlace(item.key, field): value for field, value in values.items()}
    if item.period != period:
        if not changed:
            return {}
        for field in FIELDS:
            value = field_value(item, field)
            if value is not None and not (is_unverified and field in VERIFIED):
                places.setdefault(FieldPlace(item.key, field), value)
    elif is_unverified:
        for field in VERIFIED:
            if field_value(item, field) is not None:
                places.setdefault(FieldPlace(item.key, field), None)
    return places


def add_recommendations(
    folder: Period | Path, unit: str, items: Iterable[Recommendation], person: Person
) -> tuple[Recommendation, ...]:
    """Add recommendations to a unit's register in one step, but for those it has already.

    Returns
    -------
    Those added.

    Raises
    ------
    ZiEvalError
        As :meth:`RegisterStore.step`.
    """
    period = Period(Period.read(folder).folder)
    _require_sound(period, unit)
    known = {item.key for item in load_register(period, unit).items}
    added = [item for item in items if item.key not in known]
    if added:
        RegisterStore.begin(period, unit).step(person, added_places(added))
    return tuple(added)


def added_places(items: Iterable[Recommendation]) -> dict[FieldPlace, Plain]:
    """Return all that the rows of recommendations hold."""
    return {
        FieldPlace(item.key, field): value
        for item in items
        for field in FIELDS
        if (value := field_value(item, field)) is not None
    }
