"""What people type into the work-plan form: a month, a text, and an activity of their own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from zi_eval.core.assessment import Value
from zi_eval.core.instrument import Question
from zi_eval.core.problems import suggest
from zi_eval.core.text import quote
from zi_eval.errors import ZiEvalError
from zi_eval.screen.typed import typed_figure, typed_text
from zi_eval.workplan.plan import MONTHS, Activity, month_name, parse_aim
from zi_eval.workplan.table.headings import RESULTS
from zi_eval.workplan.table.reader import aims_allowed, split_questions

__all__ = ["parse_activity", "parse_entry"]

FAR: Final = 20.0
"""Times the target from which a figure may be in another unit of measure."""
LONGEST_NAME: Final = 300


def parse_entry(item: Activity, field: str, raw: Any) -> tuple[Any, str]:
    """Return the plain value of what was typed, and what the person should look at, if anything.

    Raises
    ------
    ZiEvalError
        Where it cannot be read, with how to write it.
    """
    text = typed_text(raw)
    if text is None or field not in RESULTS:
        return text, ""
    value, remark = typed_figure(text, item.unit_of_measure)
    if value is None:
        return None, remark
    if value < 0:
        raise ZiEvalError("Realisasi tidak boleh negatif. Periksa tandanya.")
    target = item.targets[RESULTS.index(field)]
    if not remark and target and value / target > FAR:
        remark = "Jauh di atas target bulan itu; tulis realisasi bulan itu sendiri."
    if not remark and value and item.planned[-1] and not item.evidence:
        remark = "Jangan lupa menyebut buktinya."
    return value, remark


def parse_activity(typed: Mapping[str, Any], questions: Mapping[str, Question]) -> Activity:
    """Return the activity that a person describes.

    Parameters
    ----------
    typed
        Texts by heading, and under ``bulan`` the months, 1 to 12, each with the target ``target``.

    Raises
    ------
    ZiEvalError
        Where something is missing or cannot be read, with how to write it.
    """
    texts = {name: typed_text(value) or "" for name, value in typed.items() if name != "bulan"}
    name = " ".join(texts.get("kegiatan", "").split())
    if not name:
        raise ZiEvalError("Tulis dulu nama kegiatannya.")
    if len(name) > LONGEST_NAME:
        raise ZiEvalError(f"Nama kegiatan lebih dari {LONGEST_NAME} karakter. Persingkat.")
    asked = _questions(texts.get("pertanyaan", ""), questions)
    measure = texts.get("satuan", "")
    target, _ = typed_figure(texts.get("target") or "1", measure)
    if target is None or target <= 0:
        raise ZiEvalError("Target tiap bulan harus lebih dari 0, mis. 1.")
    months = {month for month in typed.get("bulan") or () if month in MONTHS}
    if not months:
        raise ZiEvalError(f"Pilih bulannya, mis. {month_name(6)}; tanpa itu tidak ada jadwal.")
    return Activity(
        name=name,
        questions=asked,
        aims=_aims(texts.get("jawaban_dituju", ""), asked, questions),
        is_priority=bool(typed.get("prioritas")),
        output=texts.get("keluaran", ""),
        unit_of_measure=measure,
        owner=texts.get("penanggung_jawab", ""),
        targets=tuple(target if month in months else None for month in MONTHS),
    )


def _questions(text: str, known: Mapping[str, Question]) -> tuple[str, ...]:
    spelled = {key.casefold(): key for key in known}
    found: dict[str, None] = {}
    for piece in split_questions(text):
        key = spelled.get(piece.casefold())
        if key is None:
            hint = suggest(piece, tuple(known)) or "Tulis seperti A.I.1.ii.a."
            raise ZiEvalError(f"'{quote(piece)}' bukan nomor pertanyaan LKE. {hint}")
        found[key] = None
    if not found:
        raise ZiEvalError("Sebut pertanyaan LKE yang dibangunnya, mis. A.I.1.ii.a.")
    return tuple(found)


def _aims(
    text: str, asked: tuple[str, ...], questions: Mapping[str, Question]
) -> Mapping[str, Value]:
    texts = [piece.strip() for piece in re.split(r"[;\n]", text) if piece.strip()]
    if not texts:
        return {}
    if len(texts) == 1:
        texts *= len(asked)
    if len(texts) != len(asked):
        raise ZiEvalError(
            f"{len(texts)} jawaban untuk {len(asked)} pertanyaan. Tulis seurutan dengan "
            "pertanyaannya, dipisahkan titik koma."
        )
    aims: dict[str, Value] = {}
    for key, piece in zip(asked, texts, strict=True):
        aim = parse_aim(questions[key], piece)
        if aim is None:
            allowed = aims_allowed(questions[key])
            raise ZiEvalError(f"'{quote(piece)}' bukan jawaban {key}. {allowed}")
        aims[key] = aim
    return aims
