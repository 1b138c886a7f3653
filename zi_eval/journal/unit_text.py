"""The text of a unit's file: read to values, made to show other values, rebuilt, begun anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from zi_eval.core.assessment import Assessment, Unit
from zi_eval.core.instrument import Instrument
from zi_eval.core.problems import has_errors
from zi_eval.core.rules import RuleSet
from zi_eval.core.text import zone_name
from zi_eval.errors import ParameterError, WorkspaceError, ZiEvalError
from zi_eval.files import write_text
from zi_eval.instruments import (
    available_instruments,
    load_instrument,
    load_rules,
)
from zi_eval.journal.changes import History
from zi_eval.journal.fields import EXPLAINED, FINAL, Change, FieldPlace, fits, tidy
from zi_eval.journal.plain import assessment_of, plain_values
from zi_eval.journal.records import Journal, describe_newer
from zi_eval.period.declared import declared_instrument
from zi_eval.period.journal_file import Record, journal_path
from zi_eval.period.reading import Period
from zi_eval.period.unit_editor import EditError, edit_unit
from zi_eval.period.unit_file import RESERVED, UNIT_ID, UnitReading, parse_unit
from zi_eval.period.unit_writer import render_unit
from zi_eval.yaml_files.source import parse_yaml

__all__ = ["UnitReader", "create_unit", "differences", "read_history", "rebuild_unit", "renew_text"]

Values = Mapping[FieldPlace, Any]


@dataclass(frozen=True, slots=True)
class UnitReader:
    """Reads texts of one unit's file, by the instrument and rules of its period."""

    path: Path
    instrument: Instrument
    rules: RuleSet

    @classmethod
    def of(cls, path: Path, data: bytes) -> UnitReader:
        """Return the reader for the instrument that a file of these bytes names."""
        source = parse_yaml(data, str(path))
        period = Period.read(path.parent)
        usual = period.instrument_id
        name = declared_instrument(source, available_instruments(), usual)
        if stray := period.find_stray(name, path, source.line(("instrumen",))):
            raise ParameterError(stray)
        rules = load_rules(name) if has_errors(period.problems) else period.rules(name)
        return cls(path, period.load_instrument(name), rules)

    def read(self, data: bytes) -> UnitReading:
        """Return what a file of these bytes holds."""
        period = self.path.resolve().parent.name
        return parse_unit(parse_yaml(data, str(self.path)), self.instrument, self.rules, period)

    def is_sound(self, record: Record) -> bool:
        """Whether the values of a journal's record can be values of this unit's file."""
        return all(
            fits(FieldPlace(item["pertanyaan"], item["bagian"]), value, self.instrument, self.rules)
            for item in record.get("ubah", ())
            for value in (item["lama"], item["baru"])
        )

    def values(self, text: str) -> dict[FieldPlace, Any]:
        """Return the values of a text, none where it has errors."""
        assessment = self.read(text.encode("utf-8")).assessment
        return {} if assessment is None else plain_values(assessment)


def differences(old: Values, new: Values) -> dict[FieldPlace, Any]:
    """Return the new value of each place that differs, None where it is to be empty."""
    places = [*new, *(place for place in old if place not in new)]
    return {place: new.get(place) for place in places if old.get(place) != new.get(place)}


def _plain_fact(value: Any) -> Any:
    if isinstance(value, bool):
        return "Ya" if value else "Tidak"
    return int(value) if isinstance(value, float) and value == int(value) else value


def _edits(changed: Values, new: Values, instrument: Instrument) -> dict[tuple[str, ...], Any]:
    """Return changed values as changed keys of the file; ``new`` holds all of its values."""
    edits: dict[tuple[str, ...], Any] = {}
    for place, value in changed.items():
        if place.key == "identitas":
            is_off = place.field == "afirmasi" and value is False
            edits[place.field,] = None if is_off else value
        elif place == FINAL:
            edits["evaluasi_final",] = value
        elif place.key == EXPLAINED:
            said = {place.field: item for place, item in new.items() if place.key == EXPLAINED}
            edits[EXPLAINED,] = said or None
        elif place.key == "syarat":
            edits["syarat", place.field] = _plain_fact(value)
        elif place.key in instrument.entries:
            # The reason alone says that a question is not applicable.
            is_said = place.field == "unit" and value == "tidak berlaku"
            edits["jawaban", place.key, place.field] = None if is_said else value
    return edits


def renew_text(text: str, old: Values, new: Values, base: Assessment, reader: UnitReader) -> str:
    """Return a file's text that says ``new`` where it said ``old``.

    It is edited in place; only a file of a form that cannot be edited so, such as one all in
    braces, is written anew.

    Raises
    ------
    WorkspaceError
        Where the text would not be read as it is meant, e.g. because it is too large.
    """
    changed = differences(old, new)
    if not changed:
        return text
    try:
        text = edit_unit(
            text, _edits(changed, new, reader.instrument), tuple(reader.instrument.entries)
        )
    except EditError:
        keys = {place.key for place in changed}
        assessment = assessment_of(new, base, reader.instrument, keys)
        text = render_unit(assessment, reader.instrument, reader.rules)
    if reader.values(text) != dict(new):
        raise WorkspaceError(
            f"Isi baru {reader.path} tidak akan terbaca dengan benar, jadi tidak ditulis. "
            "Persingkat catatan yang panjang."
        )
    return text


def rebuild_unit(path: Path, until: datetime | None = None) -> str:
    """Return the text of a unit's file from its journal alone.

    Parameters
    ----------
    path
        The unit's file, which need not be there any more.
    until
        The moment whose state is wanted, with its time zone; the last one where None.

    Raises
    ------
    WorkspaceError
        Where there is no journal, or it begins later.
    """
    journal = Journal(journal_path(path))
    records = journal.read_new() or []
    if journal.newer:
        raise WorkspaceError(describe_newer(journal.path))
    if until is not None:
        records = [
            record
            for record in records
            if "waktu" not in record or datetime.fromisoformat(record["waktu"]) <= until
        ]
    first = next((record["teks"] for record in records if record["jenis"] == "berkas"), None)
    if first is None:
        when = "" if until is None else f" sebelum {until:%Y-%m-%d %H:%M} {zone_name(until)}"
        raise WorkspaceError(f"Tidak ada isi{when} dalam jurnal {journal.path}.")
    reader = UnitReader.of(path, first.encode("utf-8"))
    history = History(reader.values)
    for record in filter(reader.is_sound, records):
        history.take(record)
    text = history.text or first
    base = reader.read(text.encode("utf-8")).assessment
    if base is None:
        raise WorkspaceError(f"Isi {path} dalam jurnal {journal.path} tidak dapat dibaca.")
    return renew_text(text, plain_values(base), history.values, base, reader)


def read_history(path: Path) -> tuple[tuple[Change, ...], Mapping[int, str]]:
    """Return the changes in a unit's journal, and what is wrong with its lines, by their number.

    Raises
    ------
    WorkspaceError
        Where the unit has no journal.
    """
    journal = Journal(journal_path(path))
    if not journal.path.is_file():
        raise WorkspaceError(
            f"Unit {path.stem} belum mempunyai jurnal ({journal.path} tidak ada). Jurnal dimulai "
            "saat unit dibuka di formulir."
        )
    history = History(lambda text: {})
    for record in journal.read_new() or []:
        history.take(record)
    wrong = dict.fromkeys(journal.damaged, "rusak dan tidak terbaca")
    wrong |= dict.fromkeys(journal.newer, "ditulis oleh zi-eval yang lebih baru; perbarui zi-eval")
    return tuple(history.changes), wrong


def create_unit(folder: Path, unit: Unit, target: str) -> Path:
    """Write the file of a new unit without answers, and return its path.

    Parameters
    ----------
    target
        The predicate it builds for; not looked at where the score alone gives the predicate.

    Raises
    ------
    ZiEvalError
        Where the id, the name or the target cannot be used, or the unit exists.
    """
    path = folder / f"{unit.id}.yaml"
    period = Period.read(folder)
    name = period.instrument_id
    rules = load_rules(name) if has_errors(period.problems) else period.rules(name)
    if not UNIT_ID.fullmatch(unit.id) or unit.id in RESERVED:
        raise ZiEvalError(
            f"Id '{unit.id}' tidak sah. Pakai huruf kecil, angka, dan tanda hubung, mis. "
            "dinas-kesehatan."
        )
    if not unit.name.strip():
        raise ZiEvalError("Nama unit wajib diisi.")
    target = "" if rules.bands else target
    if not rules.bands and target not in rules.predicates:
        known = " atau ".join(rules.predicates)
        raise ZiEvalError(f"Target '{target}' tidak dikenal; pakai {known}.")
    if path.exists() or unit.id in period.unit_files or journal_path(path).exists():
        raise WorkspaceError(f"Unit {unit.id} sudah ada di {folder}. Pilih id lain.")
    tidied = Unit(
        unit.id, tidy(unit.name), tidy(unit.kind) or "", tidy(unit.head) or "", unit.is_affirmative
    )
    empty = Assessment(tidied, name, target, folder.resolve().name)
    write_text(path, render_unit(empty, load_instrument(name), rules))
    return path
