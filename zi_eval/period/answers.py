"""One answer as people write it in a unit file, to a valid value of its question's scale."""

from __future__ import annotations

import math
import re
from typing import Any

from zi_eval.core.assessment import NOT_APPLICABLE, Value
from zi_eval.core.instrument import Question

__all__ = ["AnswerError", "allowed_answers", "dump_value", "parse_value"]

COMMA_NUMBER = re.compile(r"[0-9]+,[0-9]+")


class AnswerError(ValueError):
    """An answer outside its scale; the text says what is there and what is allowed."""


def allowed_answers(question: Question) -> str:
    """Say in one phrase what may be answered, e.g. ``A, B, C atau D``."""
    scale = question.scale
    if scale.kind == "choice":
        *head, last = scale.values
        return f"{', '.join(head)} atau {last}"
    if scale.kind == "index":
        return f"angka dari 0 sampai {scale.top:g}, misalnya 3.62"
    asked = question.asked_inputs
    names = "; ".join(f"{place}. {item.text}" for place, item in enumerate(asked, 1))
    return f"{len(asked)} bilangan dalam kurung siku [{', '.join('…' for _ in asked)}]: {names}"


def _number(raw: Any) -> float | None:
    """Return a finite number, comma or point as the decimal sign; None where it is none."""
    if isinstance(raw, str) and COMMA_NUMBER.fullmatch(raw.strip()):
        raw = float(raw.strip().replace(",", "."))
    if isinstance(raw, bool) or not isinstance(raw, (int, float)) or not math.isfinite(raw):
        return None
    return raw


def _parse_count(raw: Any, place: int) -> float | None:
    if raw is None:
        return None
    number = _number(raw)
    if number is None or number < 0 or number != int(number):
        raise AnswerError(f"bilangan ke-{place} adalah {raw!r}, bukan bilangan bulat 0 atau lebih;")
    return int(number)


def parse_value(question: Question, raw: Any) -> Value | None:
    """Turn a plain YAML value into an answer; None stays None (open).

    Raises
    ------
    AnswerError
        Where the value is outside the question's scale.
    """
    if raw is None:
        return None
    scale = question.scale
    try:
        if isinstance(raw, str) and raw.strip().casefold().replace("_", " ") == "tidak berlaku":
            if not question.not_applicable:
                raise AnswerError("'tidak berlaku' tidak diizinkan untuk pertanyaan ini;")
            return NOT_APPLICABLE
        if scale.kind == "choice":
            codes = {code.casefold(): code for code in scale.values}
            code = codes.get(raw.strip().casefold()) if isinstance(raw, str) else None
            if code is None:
                shown = str(raw).lower() if isinstance(raw, bool) else raw
                raise AnswerError(f"jawaban '{shown}' tidak dikenal;")
            return code
        if scale.kind == "index":
            number = _number(raw)
            if number is None or not 0 <= number <= scale.top:
                raise AnswerError(f"nilai '{raw}' di luar skala;")
            return float(number)
        asked = question.asked_inputs
        if not isinstance(raw, list):
            raise AnswerError(f"'{raw}' bukan daftar jumlah;")
        if len(raw) != len(asked):
            raise AnswerError(f"ada {len(raw)} bilangan, seharusnya {len(asked)};")
        return tuple(_parse_count(item, place) for place, item in enumerate(raw, 1))
    except AnswerError as error:
        raise AnswerError(f"{error} yang boleh: {allowed_answers(question)}.") from None


def dump_value(value: Value | None) -> Any:
    """Turn an answer back into a plain YAML value."""
    if value is NOT_APPLICABLE:
        return value.value
    return list(value) if isinstance(value, tuple) else value
