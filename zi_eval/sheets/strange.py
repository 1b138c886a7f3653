"""Rows around a table that are none of its data: statistics, numberings, headings once more."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from zi_eval.core.text import fold
from zi_eval.sheets.grid import Cell

__all__ = ["describe_rows", "is_numbering", "names_statistic", "repeats_headings"]

STATISTICS = (
    "jumlah", "total", "rata rata", "rerata", "mean", "average", "avg", "median", "modus", "mode",
    "minimum", "maksimum", "maximum", "minimal", "maksimal", "min", "max", "maks", "sum", "σ",
    "sigma", "nrr", "ikm", "skm", "nilai", "bobot", "skor total", "indeks", "standar deviasi",
    "simpangan baku", "stdev", "varians", "tertinggi", "terendah",
)  # fmt: skip
"""How the label of a row starts that is computed from the others."""
BEGINNINGS = tuple(f"{label} " for label in STATISTICS)
BESIDE = (
    "per unsur nilai responden akhir tertimbang terbobot unit layanan pelayanan skor dan kinerja "
    "mutu keseluruhan hasil jawaban indikator capaian kolom x 25 tiap rata"
)
WORDS = frozenset(BESIDE.split()).union(*(label.split() for label in STATISTICS))
LONGEST = 60
NUMBER = re.compile(r"(\()?(\d{1,3})(?:[.,]0)?(?(1)\))")
FEWEST = 3
"""Cells from which numbers that count on are a numbering, and headings are there once more."""


def names_statistic(text: Cell) -> bool:
    """Whether a text is nothing but the name of a statistic; "Max Sitorus" is a person.

    Examples
    --------
    >>> names_statistic("Σ Nilai/Unsur"), names_statistic("Max Sitorus")
    (True, False)
    """
    if not isinstance(text, str) or not text or len(text) > LONGEST:
        return False
    folded = fold(text)
    starts = f"{folded} ".startswith(BEGINNINGS)
    return starts and WORDS.issuperset(folded.split())


def is_numbering(values: Sequence[Cell], above: int = 0) -> bool:
    """Whether a row numbers the columns: ``(1) (2) (3)``, or bare numbers that pass ``above``."""
    first = next((value for value in values if value != "" and value is not None), "")
    if not NUMBER.fullmatch(str(first).strip()):  # as of nearly every row
        return False
    filled = [str(value).strip() for value in values if value not in ("", None)]
    found = [NUMBER.fullmatch(text) for text in filled]
    if len(found) < FEWEST or not all(found):
        return False
    numbers = [int(match[2]) for match in found if match]
    counts_on = numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    is_bracketed = all(match[1] for match in found if match)
    return counts_on and numbers[0] <= 2 and (is_bracketed or numbers[-1] > above)


def repeats_headings(values: Sequence[Cell], headings: Sequence[Cell]) -> bool:
    """Whether a row is the headings once more, as where pages were put below one another."""
    names = _folded(tuple(headings))
    filled = [(value, name) for value, name in zip(values, names, strict=False) if value]
    same, others = 0, 0
    for value, name in filled:
        # Folding makes a text at most three times as long: a figure is no heading at once.
        is_near = name != "" and isinstance(value, str) and len(name) <= 3 * len(value)
        if is_near and fold(str(value)) == name:
            same += 1
            continue
        others += 1
        if 2 * others >= len(filled):  # as of any row of data, soon
            return False
    return same >= FEWEST and 2 * same > len(filled)


@lru_cache(maxsize=16)
def _folded(headings: tuple[Cell, ...]) -> tuple[str, ...]:
    """Return headings folded, as every row below them is compared with."""
    return tuple(fold(str(head)) for head in headings)


def describe_rows(reasons: Mapping[int, str]) -> str:
    """Say which rows (0-based) are no data and why: ``37–39 (hitungan), 41 (judul berulang)``."""
    parts = []
    for reason in dict.fromkeys(reasons.values()):
        rows = sorted(row + 1 for row, why in reasons.items() if why == reason)
        parts.append(f"{', '.join(_spans(rows))} ({reason})")
    return ", ".join(parts)


def _spans(rows: Iterable[int]) -> list[str]:
    spans: list[list[int]] = []
    for row in rows:
        if spans and row == spans[-1][1] + 1:
            spans[-1][1] = row
        else:
            spans.append([row, row])
    return [f"{first}" if first == last else f"{first}–{last}" for first, last in spans]
