"""What people type into the register's form: a field, and an item of their own."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, Final

from zi_eval.core.problems import suggest
from zi_eval.core.text import quote
from zi_eval.errors import ZiEvalError
from zi_eval.recommendations.table.headings import FORM, parse_status
from zi_eval.recommendations.table.reader import BETWEEN
from zi_eval.recommendations.values import Origin, Recommendation
from zi_eval.screen.typed import typed_date, typed_text

__all__ = ["parse_entry", "parse_item"]

DATES: Final = frozenset(name for name, column in FORM.names.items() if column.kind == "date")


def parse_entry(field: str, raw: Any, year: int) -> str | None:
    """Return the plain value of what was typed.

    Parameters
    ----------
    year
        What is meant by "akhir Juni".

    Raises
    ------
    ZiEvalError
        Where it cannot be read, with how to write it.
    """
    text = typed_text(raw)
    if text is None:
        return None
    if field in DATES:
        return typed_date(text, year)
    return parse_status(text).value if field == "status" else text


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def parse_item(typed: Mapping[str, Any], questions: Collection[str], year: int) -> Recommendation:
    """Return the recommendation that a person describes.

    Parameters
    ----------
    typed
        Texts by heading.
    questions
        Ids of the instrument.

    Raises
    ------
    ZiEvalError
        Where something is missing or cannot be read, with how to write it.
    """
    texts = {field: typed_text(typed.get(field)) or "" for field in FORM.names}
    if not texts["nomor"]:
        raise ZiEvalError("Tulis dulu nomornya, mis. 700/12/2026-1.")
    if not texts["rekomendasi"]:
        raise ZiEvalError("Tulis dulu isi rekomendasinya.")
    if texts["sumber"] not in set(Origin):
        raise ZiEvalError(f"Pilih sumbernya: {', '.join(Origin)}.")
    asked = tuple(filter(None, BETWEEN.split(texts["pertanyaan"])))
    for key in asked:
        if questions and key not in questions:
            hint = suggest(key, tuple(questions)) or "Tulis seperti A.I.1.i.b."
            raise ZiEvalError(f"'{quote(key)}' bukan nomor pertanyaan LKE. {hint}")
    days = {field: parse_entry(field, texts[field], year) for field in ("tanggal", "batas_waktu")}
    return Recommendation(
        number=" ".join(texts["nomor"].split()),
        origin=Origin(texts["sumber"]),
        text=texts["rekomendasi"],
        questions=asked,
        issued=_day(days["tanggal"]),
        owner=texts["penanggung_jawab"],
        due=_day(days["batas_waktu"]),
    )
