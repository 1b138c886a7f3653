"""From what a person wants to change to a step that may be recorded, or a refusal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from zi_eval.core.instrument import Instrument
from zi_eval.core.rules import RuleSet
from zi_eval.errors import ZiEvalError
from zi_eval.journal.changes import Edit, History
from zi_eval.journal.fields import (
    EXPLAINED,
    FINAL,
    Change,
    ConflictError,
    FieldPlace,
    Person,
    check_right,
    now,
    parse_plain,
    tidy,
)

__all__ = ["plan_changes"]

NONE: Final = "tidak berlaku"
TPI_PLACES: Final = ("tpi", "catatan_tpi")
MOST_TEXT: Final = 800_000
"""Characters of a whole unit, so that its file stays below the limit for reading it."""


def plan_changes(
    changes: Sequence[tuple[FieldPlace, Any, Any]],
    person: Person,
    history: History,
    news: Iterable[Change],
    instrument: Instrument,
    rules: RuleSet,
) -> list[Edit]:
    """Return the edits (place, old, new) of one step, with those that follow from them.

    What would change nothing is left out, but for a TPI's answer: that it is given again is a
    decision, once for each person.

    Parameters
    ----------
    changes
        Place, new value, and the value the person saw.
    news
        What others changed and the person has not been told yet.

    Raises
    ------
    ConflictError
        Where a place has another value than the person saw.
    ZiEvalError
        Where the person may not do this, or a value is not allowed.
    """
    values = history.values
    wanted: dict[FieldPlace, Any] = {}
    for place, new, seen in changes:
        check_right(place, person, FINAL in values)
        value = parse_plain(place, new, instrument, rules)
        signed = {"oleh": person.name, "waktu": now().isoformat(timespec="seconds")}
        current = values.get(place)
        if place == FINAL and value:
            value = {**signed, "alasan": value} if isinstance(value, str) else signed
        elif place.key == EXPLAINED:
            _require_own(place, person, current)
            value = value and {"alasan": value, "peran": person.role.value, **signed}
        if tidy(current) not in (tidy(seen), tidy(value)):
            raise ConflictError(place, current, history.origin(place))
        wanted[place] = value
    told = {change.place: change for change in news}
    for place, value in _consequences(wanted, values).items():
        if place in told:
            raise ConflictError(place, values.get(place), told[place])
        wanted[place] = value
    after = {**values, **wanted}
    for question in dict.fromkeys(place.key for place in wanted if place.field in TPI_PLACES):
        tpi = after.get(FieldPlace(question, "tpi"))
        is_other = tpi is not None and tpi != after.get(FieldPlace(question, "unit"))
        if is_other and not after.get(FieldPlace(question, "catatan_tpi")):
            raise ZiEvalError(
                f"{question}: jawaban TPI berbeda dari jawaban unit; tulis alasannya di catatan "
                "TPI pada saat yang sama."
            )
    if sum(len(str(value)) for value in after.values()) > MOST_TEXT:
        raise ZiEvalError("Isi berkas unit terlalu besar. Persingkat catatan yang panjang.")
    edits = [(place, values.get(place), value) for place, value in wanted.items()]
    return [
        (place, old, new)
        for place, old, new in edits
        if old != new or (place.field == "tpi" and new is not None)
        if not _is_said_already(place, old, new, person, history)
    ]


def _is_said_already(
    place: FieldPlace, old: Any, new: Any, person: Person, history: History
) -> bool:
    """Whether the same person has decided the same of the present values before."""
    if place.field != "tpi" or old != new:
        return False
    made = history.decisions(place.key).get(person.role)
    return made is not None and made.person == person


def _require_own(place: FieldPlace, person: Person, current: Any) -> None:
    """Refuse that the unit changes what the TPI has explained."""
    if current and current["peran"] != "unit" and not person.role.is_tpi:
        raise ZiEvalError(f"{place}: sudah dijelaskan TPI; hanya TPI yang mengubahnya.")


def _consequences(
    wanted: dict[FieldPlace, Any], values: dict[FieldPlace, Any]
) -> dict[FieldPlace, Any]:
    """Return what changes with an answer or its reason: one excludes the other."""
    found: dict[FieldPlace, Any] = {}
    fields = ("unit", "tidak_berlaku")
    for question in dict.fromkeys(place.key for place in wanted if place.field in fields):
        unit, reason = FieldPlace(question, "unit"), FieldPlace(question, "tidak_berlaku")
        if unit not in wanted and wanted[reason] and values.get(unit) != NONE:
            found[unit] = NONE
        elif unit not in wanted and not wanted[reason] and values.get(unit) == NONE:
            found[unit] = None
        elif reason not in wanted and wanted[unit] != NONE and reason in values:
            found[reason] = None
        after = {**values, **wanted, **found}
        if after.get(unit) == NONE and not after.get(reason):
            raise ZiEvalError(f"{question}: 'tidak berlaku' membutuhkan alasan. Tulis alasannya.")
        if after.get(unit) != NONE and after.get(reason):
            raise ZiEvalError(f"{question}: ada jawaban dan sekaligus alasan tidak berlaku.")
    return found
