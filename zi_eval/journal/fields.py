"""Who may change what in a unit's file: people, places, plain values, and the rules for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from zi_eval.core import assessment as core
from zi_eval.core.instrument import Instrument
from zi_eval.core.rules import RuleSet
from zi_eval.core.text import tidy_text
from zi_eval.errors import ZiEvalError
from zi_eval.period.answers import AnswerError, dump_value, parse_value
from zi_eval.period.keys import parse_fact

__all__ = [
    "EXPLAINED",
    "FINAL",
    "IDENTITY_FIELDS",
    "Change",
    "ConflictError",
    "FieldPlace",
    "Person",
    "Role",
    "check_right",
    "fits",
    "now",
    "parse_plain",
    "tidy",
]

LONGEST_TEXT: Final = 10_000
MOST_EVIDENCE: Final = 100
LONGEST_ID: Final = 500
LARGEST_COUNT: Final = 10**15
"""Limits that keep every file readable; see the limits of :mod:`zi_eval.yaml_files.source`."""

UNIT_FIELDS: Final = ("unit", "catatan", "bukti", "tidak_berlaku")
TPI_FIELDS: Final = ("tpi", "catatan_tpi", "kembali")
TPN_FIELDS: Final = ("tpn", "catatan_tpn")
"""What the TPN gave: written into the file or imported, changed by no form."""
ANSWERS: Final = ("unit", "tpi", "tpn")
"""The fields of a question that are answers on its scale."""
IDENTITY_FIELDS: Final = ("nama", "jenis", "kepala", "target", "afirmasi")


class Role(StrEnum):
    """In what capacity a person works on a unit's file.

    ``FILE`` is nobody's choice: it marks what was changed in the file itself, by hand.
    """

    UNIT = "unit"
    MEMBER = "anggota"
    LEADER = "ketua"
    SUPERVISOR = "pengendali teknis"
    FILE = "berkas"

    @property
    def is_tpi(self) -> bool:
        """Whether this is one of the three levels of the TPI."""
        return self in (Role.MEMBER, Role.LEADER, Role.SUPERVISOR)


@dataclass(frozen=True, slots=True)
class Person:
    """Who makes a change."""

    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class FieldPlace:
    """One value of a unit's file.

    Attributes
    ----------
    key
        The id of a question or criterion, ``"syarat"``, ``"identitas"``, ``"evaluasi"`` or
        ``"penjelasan"``.
    field
        Of a question ``unit``, ``tpi``, ``tpn``, ``catatan``, ``catatan_tpi``, ``catatan_tpn``,
        ``bukti``, ``tidak_berlaku`` or ``kembali``; of ``syarat`` a prerequisite's id; of
        ``identitas``
        ``nama``, ``jenis``, ``kepala``, ``target`` or ``afirmasi``; of ``evaluasi`` ``final``;
        of ``penjelasan`` the id of a doubt.
    """

    key: str
    field: str

    def __str__(self) -> str:
        """Name the place as messages do."""
        return self.key if self.field == "unit" else f"{self.key} ({self.field})"


FINAL: Final = FieldPlace("evaluasi", "final")
"""Whether the TPI's evaluation is final: None, or who said so when, and why where all was not done.

A person gives True, or the reason.
"""


EXPLAINED: Final = "penjelasan"
"""The key of why a doubt does not stand: a text, kept with who wrote it, as what and when."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change: who gave a place which value, when.

    Attributes
    ----------
    number
        Counts the changes of a unit from 1.
    old, new
        Plain values; the same where a level of the TPI confirms what is there.
    group
        Number of the first change of those made in the same step.
    undoes
        The group that this one takes back, None where it takes back nothing.
    key
        The id of the key that proves the person's name and role; empty where they were typed.
    """

    number: int
    time: datetime
    person: Person
    place: FieldPlace
    old: Any
    new: Any
    group: int
    undoes: int | None = None
    key: str = ""


class ConflictError(ZiEvalError):
    """Somebody changed the place since the person saw it; nothing was changed.

    Attributes
    ----------
    place
        Where.
    current
        The plain value that stands there now.
    change
        The other's change, None where it is not in the journal.
    """

    def __init__(self, place: FieldPlace, current: Any, change: Change | None) -> None:
        self.place, self.current, self.change = place, current, change
        who = f"{change.person.name} ({change.person.role.value})" if change else "orang lain"
        shown = "kosong" if current is None else f"'{current}'"
        super().__init__(
            f"{place} sudah diubah oleh {who} menjadi {shown}. "
            "Perubahan Anda belum disimpan; pilih salah satu."
        )

    def __reduce__(self) -> tuple[type[ConflictError], tuple[FieldPlace, Any, Change | None]]:
        """Pickle by the parts, so that the error crosses process borders."""
        return type(self), (self.place, self.current, self.change)


def now() -> datetime:
    """Return the time of a change, in local time with its zone."""
    return datetime.now().astimezone()


def tidy(value: Any) -> Any:
    """Return a value as it is kept: texts stripped and visible, nothing empty but None."""
    if isinstance(value, str):
        return tidy_text(value) or None
    if isinstance(value, (list, tuple)):
        return [tidy_text(item) if isinstance(item, str) else item for item in value] or None
    return dump_value(value) if value is core.NOT_APPLICABLE else value


def _refuse(place: FieldPlace, reason: str) -> ZiEvalError:
    return ZiEvalError(f"{place}: {reason}")


def parse_plain(place: FieldPlace, raw: Any, instrument: Instrument, rules: RuleSet) -> Any:
    """Return the plain value kept for what a person entered, None where it empties the place.

    Raises
    ------
    ZiEvalError
        Where there is no such place, or the value is outside its scale.
    """
    value = tidy(raw)
    question = instrument.entries.get(place.key)
    prerequisite = rules.prerequisites_of("unit").get(place.field)
    if question is not None and place.field in ANSWERS:
        try:
            value = dump_value(parse_value(question, value))
        except AnswerError as error:
            raise _refuse(place, str(error)) from None
        counts = value if isinstance(value, list) else []
        if any(n is not None and n > LARGEST_COUNT for n in counts):
            raise _refuse(place, f"bilangan lebih besar dari {LARGEST_COUNT}. Periksa angkanya.")
        return value
    if question is not None and place.field == "bukti":
        items = value if isinstance(value, list) else [] if value is None else [value]
        texts = [_text(place, item) for item in items]
        if len(texts) > MOST_EVIDENCE:
            raise _refuse(place, f"paling banyak {MOST_EVIDENCE} bukti.")
        return [text.replace("\n", " ") for text in texts if text] or None
    if question is not None and place.field in (*UNIT_FIELDS, *TPI_FIELDS, *TPN_FIELDS):
        text = _text(place, value)
        if text and place.field == "tidak_berlaku" and not question.not_applicable:
            raise _refuse(place, "pertanyaan ini tidak dapat dinyatakan tidak berlaku.")
        return text
    if place.key == "syarat" and prerequisite is not None:
        fact, wanted = (None, "") if value is None else parse_fact(prerequisite, value)
        if isinstance(fact, float) and fact > LARGEST_COUNT:
            fact, wanted = None, f"paling banyak {LARGEST_COUNT}"
        if fact is None and value is not None:
            raise _refuse(place, f"nilai '{value}' tidak sah; yang boleh: {wanted}.")
        return fact
    if place.key == "identitas" and place.field in IDENTITY_FIELDS:
        return _identity(place, value, rules)
    if place == FINAL:
        return value if isinstance(value, (bool, dict)) else _text(place, value)
    if place.key == EXPLAINED and 0 < len(place.field) <= LONGEST_ID:
        return value.get("alasan") if isinstance(value, dict) else _text(place, value)
    raise _refuse(place, "tidak ada tempat isian ini. Periksa nomor pertanyaannya.")


def fits(place: FieldPlace, value: Any, instrument: Instrument, rules: RuleSet) -> bool:
    """Whether a value that stands in a journal can be one of this place.

    A place that the instrument does not know (any more) is not looked at by anything.
    """
    if value is None:
        return True
    question = instrument.entries.get(place.key)
    prerequisite = rules.prerequisites_of("unit").get(place.field)
    if question is not None and place.field in ANSWERS:
        try:
            return parse_value(question, value) is not None
        except AnswerError:
            return False
    if question is not None and place.field == "bukti":
        return isinstance(value, list) and all(isinstance(item, str) for item in value)
    if place.key == "syarat":
        return prerequisite is None or parse_fact(prerequisite, value)[0] is not None
    if place == FINAL:
        return _is_signed(value, optional=("alasan",))
    if place.key == EXPLAINED:
        return _is_signed(value, needed=("alasan", "peran"))
    if place.key == "identitas" and place.field == "afirmasi":
        return isinstance(value, bool)
    return isinstance(value, str) or (question is None and place.key != "identitas")


def _is_signed(value: Any, needed: tuple[str, ...] = (), optional: tuple[str, ...] = ()) -> bool:
    """Whether a value says who and when, and its other parts are texts."""
    if not isinstance(value, dict):
        return False
    texts = (*(value.get(key) for key in ("oleh", *needed)), *(value.get(k, "") for k in optional))
    if not all(isinstance(text, str) for text in texts):
        return False
    try:
        return datetime.fromisoformat(value["waktu"]).tzinfo is not None
    except (KeyError, TypeError, ValueError):
        return False


def _identity(place: FieldPlace, value: Any, rules: RuleSet) -> Any:
    if place.field == "afirmasi":
        if value is not None and not isinstance(value, bool):
            raise _refuse(place, "pilih ya atau tidak.")
        return bool(value)
    if place.field == "target" and rules.bands:
        raise _refuse(place, "instrumen ini tidak memakai target: predikatnya mengikuti nilai.")
    text = _text(place, value)
    text = text and text.replace("\n", " ")
    if text is None and place.field in ("nama", "target"):
        raise _refuse(place, "wajib diisi.")
    if place.field == "target" and text not in rules.predicates:
        raise _refuse(place, f"pakai {' atau '.join(rules.predicates)}.")
    return text


def _text(place: FieldPlace, value: Any) -> str | None:
    if value is not None and not isinstance(value, str):
        raise _refuse(place, "harus berupa teks.")
    text: str | None = tidy(value)
    if text and len(text) > LONGEST_TEXT:
        raise _refuse(place, f"teks lebih dari {LONGEST_TEXT} karakter. Persingkat teksnya.")
    return text


def check_right(place: FieldPlace, person: Person, is_final: bool) -> None:
    """Refuse what a person's role may not change, and every change of a final evaluation."""
    role = person.role
    if role is Role.FILE:
        raise ZiEvalError("Peran 'berkas' hanya untuk suntingan langsung; pilih peran lain.")
    if place == FINAL:
        if role is not Role.SUPERVISOR:
            raise _refuse(place, "hanya pengendali teknis yang menetapkan atau membukanya.")
        return
    if is_final:
        raise _refuse(
            place,
            "evaluasi TPI sudah final. Minta pengendali teknis membukanya sebelum mengubah.",
        )
    if place.key == EXPLAINED:
        return  # whose explanation counts is a matter of the stage
    if place.field in TPN_FIELDS:
        raise _refuse(place, "yang diberi TPN ditulis di berkas unit atau diimpor, tidak di sini.")
    if role.is_tpi and place.field not in TPI_FIELDS:
        raise _refuse(place, "hanya unit yang mengubah isian ini; TPI mengisi kolom TPI.")
    if not role.is_tpi and place.field in TPI_FIELDS:
        raise _refuse(place, "hanya TPI yang mengubah isian ini.")
