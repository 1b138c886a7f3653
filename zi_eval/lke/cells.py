"""One cell of an LKE workbook, as people type it, to a value of its question's scale."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from zi_eval.core.instrument import Question
from zi_eval.core.text import quote
from zi_eval.sheets.numbers import decimal_number

__all__ = [
    "COUNT_ALLOWED",
    "NOT_APPLICABLE_TEXT",
    "CellError",
    "describe",
    "is_not_applicable",
    "is_open",
    "number_text",
    "parse_cell",
    "parse_count",
]

NOT_APPLICABLE_TEXT = "Tidak berlaku"
"""Stands in the first count of a ratio question that has no object."""

OPEN_WORDS = frozenset({"", "-", "blm diisi", "belum diisi", "blm di isi", "belum di isi"})
GROUPED = re.compile(r"[+-]?[0-9]{1,3}[.,][0-9]{3}")
"""A text that may be thousands ("1.000") or a decimal: a count is never guessed from it."""
COUNT_ALLOWED = "bilangan bulat 0 atau lebih, tanpa satuan dan tanpa titik ribuan"
SHOWN_LENGTH = 40


class CellError(ValueError):
    """A cell outside its scale; ``allowed`` says what it may hold."""

    def __init__(self, allowed: str) -> None:
        self.allowed = allowed
        super().__init__(allowed)


def is_open(value: object) -> bool:
    """Whether a cell holds no answer: empty, a dash or "Blm Diisi"."""
    if isinstance(value, str):
        return " ".join(value.split()).casefold() in OPEN_WORDS
    return value is None


def is_not_applicable(value: object) -> bool:
    """Whether a cell says that there is no object to count."""
    return isinstance(value, str) and (
        " ".join(value.split()).casefold() == NOT_APPLICABLE_TEXT.casefold()
    )


def number_text(value: float) -> str:
    """Write a number in full with a decimal comma."""
    return f"{value:.12g}".replace(".", ",")


def describe(value: object) -> str:
    """Return a cell as a message shows it."""
    if isinstance(value, datetime | date | time | timedelta):
        return f"tanggal {value}"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return f"'{number_text(value)}'"
    return f"'{quote(value, SHOWN_LENGTH)}'"


def parse_count(value: object) -> float | None:
    """Return a counted input, None where the cell is open.

    Raises
    ------
    CellError
        Where it is no whole number of 0 or more.
    """
    if is_open(value):
        return None
    number = decimal_number(value)
    is_grouped = isinstance(value, str) and GROUPED.fullmatch(value.strip()) is not None
    if number is None or number < 0 or not number.is_integer() or is_grouped:
        raise CellError(COUNT_ALLOWED)
    return number


def parse_cell(question: Question, value: object) -> str | float | None:
    """Return the answer to a choice or index question, None where the cell is open.

    Raises
    ------
    CellError
        Where the value is outside the question's scale.
    """
    if is_open(value):
        return None
    scale = question.scale
    if scale.kind == "index":
        number = decimal_number(value)
        if number is None or not 0 <= number <= scale.top:
            raise CellError(f"angka dari 0 sampai {number_text(scale.top)}")
        return number
    if isinstance(value, str):
        text = "".join(value.split()).rstrip(".)").casefold()
        for code in scale.values:
            if text == code.casefold():
                return code
    *head, last = scale.values
    raise CellError(f"{', '.join(head)} atau {last}")
