"""What single cells of a table of responses say: an answer, how long it took."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import time, timedelta

from zi_eval.core.text import fold
from zi_eval.sheets.numbers import held_number
from zi_eval.survey.values import Element, Survey

__all__ = ["LARGEST_SCALE", "ResponseError", "parse_answer", "parse_seconds"]

NOTHING = frozenset(
    {"", "n a", "na", "null", "none", "tidak menjawab", "tidak tahu", "tidak diisi", "kosong",
     "tidak berlaku", "tidak relevan"}
)  # fmt: skip
"""Folded words for "no answer"; never 0."""
WHOLE = re.compile(r"(\d{1,3})(?:[.,]0+)?")
NUMBER_FIRST = re.compile(r"[(\[]?(\d{1,2})[)\]]?(\s*[-–—:.=)]\s*|\s+)(\D.*)")
NUMBER_LAST = re.compile(r"(\D*\S)\s*[(\[](\d{1,2})[)\]]")
LETTER_FIRST = re.compile(r"[a-zA-Z]\s*[.)]\s*(\S.*)")
CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):(\d{2})(?:\.\d+)?")
LONGEST_ANSWER = 120
LARGEST_SCALE = 10
"""Highest answer of any usual form; more is no answer on another scale."""


class ResponseError(ValueError):
    """A cell that is no answer; its text says why, without the cell's content."""


def parse_answer(value: object, survey: Survey, element: Element) -> int | None:
    """Return the answer in a cell: None for none.

    Numbers, words, and both together ("4 - Sangat baik") are read. Content is not quoted in the
    error: in a table with shifted columns it is a name or a number of a person.

    Raises
    ------
    ResponseError
        Where the cell is no answer of the scale, or its number and its word contradict each other.
    """
    outside = f"bukan jawaban {survey.lowest} sampai {survey.highest}"
    number = held_number(value)
    if number is not None:
        if number not in range(survey.lowest, survey.highest + 1):
            shown = f"{number:g}" if abs(number) < 1000 else "angka itu"
            raise ResponseError(f"{shown.replace('.', ',')} {outside}")
        return int(number)
    if value is None:
        return None
    if not isinstance(value, str):
        raise ResponseError(outside)
    text = value.strip()[:LONGEST_ANSWER]
    if fold(text) in NOTHING:
        return None
    if whole := WHOLE.fullmatch(text):
        return parse_answer(int(whole[1]), survey, element)
    words: Mapping[str, int] = {**survey.answers, **element.answers}
    told: int | None = None
    said = text
    if first := NUMBER_FIRST.fullmatch(text):
        told, said = int(first[1]), first[3]
        # "3 atau 4" and "4 bintang" are no answers; "4 - Puas" is one, whatever the word.
        if fold(said) not in words and (not first[2].strip() or re.search(r"\d", said)):
            raise ResponseError(outside)
    elif last := NUMBER_LAST.fullmatch(text):
        said, told = last[1], int(last[2])
    elif fold(text) not in words and (letter := LETTER_FIRST.fullmatch(text)):
        said = letter[1]
    worth = words.get(fold(said))
    if told is None:
        if worth is None and fold(said) in {f"tidak {word}" for word in words}:
            raise ResponseError(
                f"'{fold(said)}' bernilai 1 di sebagian formulir dan 2 di yang lain; tulis "
                f"nilainya di 'answers' survei/{survey.key}.yaml"
            )
        if worth is None:
            raise ResponseError(outside)
        return worth
    if worth is not None and worth != told:
        raise ResponseError(
            f"angka {told} dan katanya (bernilai {worth}) bertentangan; mungkin skalanya terbalik"
        )
    return parse_answer(told, survey, element)


def parse_seconds(value: object) -> float | None:
    """Return how long a cell says it took, in seconds: ``95``, ``1:35``, ``0:01:35``."""
    found = held_number(value)
    if isinstance(value, timedelta):
        found = value.total_seconds()
    elif isinstance(value, time):
        found = value.hour * 3600.0 + value.minute * 60 + value.second
    elif isinstance(value, str):
        text = value.strip().casefold().removesuffix("detik").strip()
        if match := CLOCK.fullmatch(text):
            found = int(match[1] or 0) * 3600.0 + int(match[2]) * 60 + int(match[3])
        elif re.fullmatch(r"\d{1,7}(?:[.,]\d+)?", text):
            found = float(text.replace(",", "."))
    return found if found is not None and 0 <= found < 10**7 else None
