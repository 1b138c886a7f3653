"""The number in a cell: held as one, or typed as people do, from ``3,62`` to ``Rp 1.250.000``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

__all__ = [
    "LARGEST",
    "NumberStyle",
    "decimal_number",
    "find_style",
    "held_number",
    "parse_number",
]

DECIMAL = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?")
NOTHING = frozenset(
    {"", "-", "–", "—", "n/a", "na", "n.a", "n.a.", "tidak ada", "belum ada", "belum diukur",
     "tidak diukur", "belum rilis", "belum tersedia"}
)  # fmt: skip
"""What stands for "no figure"; never 0."""
PREFIX = re.compile(r"^(?:rp|idr)\.?\s*", re.IGNORECASE)
SPACES = re.compile(r"[\s\u00a0\u2007\u202f']+")
PLAIN = re.compile(r"\d+(?:[.,]\d+)*")
COMMA_DECIMAL = re.compile(
    r"(?:\d{1,3}(?:\.\d{3})+,\d+|\d+,(?:\d{1,2}|\d{4,})|\d{1,3}(?:\.\d{3}){2,})$"
)
POINT_DECIMAL = re.compile(
    r"(?:\d{1,3}(?:,\d{3})+\.\d+|\d+\.(?:\d{1,2}|\d{4,})|\d{1,3}(?:,\d{3}){2,})$"
)
LARGEST = 1e15
"""Rupiah: hundreds of times the state's budget of a year."""
USUAL = re.compile(r"[0-9]{1,12}(?:,[0-9]{1,2})?")
"""Most figures of most files; read without looking further."""
DOUBTFUL = re.compile(r"[1-9]\d{0,2}[.,]\d{3}$")
"""``1.250`` and ``1,250``: a thousand or a fraction, by who wrote it."""


def held_number(value: object) -> float | None:
    """Return the number that a cell holds as such; None of texts, dates and yes or no."""
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return float(value) if is_number else None  # type: ignore[arg-type]


def decimal_number(value: object) -> float | None:
    """Return the number that a cell holds, or that its text says without thousands and units.

    None of anything else, so of ``1.250,5``, ``12 %`` and ``Rp 5`` too. ``1.250`` is read as a
    decimal; where a thousand is as likely, the caller has to ask.
    """
    if isinstance(value, str):
        text = value.strip()
        return float(text.replace(",", ".")) if DECIMAL.fullmatch(text) else None
    return held_number(value)


@dataclass(frozen=True, slots=True)
class NumberStyle:
    """How a file writes numbers, told by those of its figures that can be read in one way only.

    Attributes
    ----------
    commas, points
        How many figures have a decimal comma, and how many a decimal point.
    """

    commas: int = 0
    points: int = 0

    @property
    def is_indonesian(self) -> bool:
        """Whether the comma is the decimal sign; so also where nothing tells."""
        return self.commas >= self.points

    @property
    def is_sure(self) -> bool:
        """Whether the file writes only one of the two."""
        return bool(self.commas) != bool(self.points)

    @property
    def is_mixed(self) -> bool:
        """Whether the file writes both, so that a doubtful figure cannot be read at all."""
        return bool(self.commas and self.points)


def _bare(text: str) -> tuple[str, bool]:
    """Return the digits and separators of a figure, and whether it is negative."""
    bare = PREFIX.sub("", SPACES.sub("", text.strip())).removesuffix("%")
    bare = re.sub(r",-+$", "", bare)
    is_negative = bare.startswith(("-", "\u2212")) or (bare.startswith("(") and bare.endswith(")"))
    return PREFIX.sub("", bare.strip("()").lstrip("+-\u2212")), is_negative


def find_style(texts: Iterable[str]) -> NumberStyle:
    """Return how a file writes numbers."""
    commas = points = 0
    for text in texts:
        if USUAL.fullmatch(text):
            commas += "," in text
        elif "," in text or "." in text:
            bare, _ = _bare(text)
            commas += COMMA_DECIMAL.match(bare) is not None
            points += POINT_DECIMAL.match(bare) is not None
    return NumberStyle(commas, points)


def parse_number(text: str, style: NumberStyle = NumberStyle()) -> tuple[float | None, bool]:
    """Return the figure (None for none) and whether it could also have meant another.

    Raises
    ------
    ValueError
        Where the text is no figure.

    Examples
    --------
    >>> parse_number("Rp 1.250.000,00")
    (1250000.0, False)
    >>> parse_number("12,5 %"), parse_number("1.250")
    ((12.5, False), (1250.0, True))
    """
    if USUAL.fullmatch(text):
        return float(text.replace(",", ".")), False
    if text.strip().casefold() in NOTHING:
        return None, False
    bare, is_negative = _bare(text)
    if not bare.isascii() or not PLAIN.fullmatch(bare):
        raise ValueError(text)
    is_comma = style.is_indonesian
    is_doubtful = False
    if COMMA_DECIMAL.match(bare):
        is_comma = True
    elif POINT_DECIMAL.match(bare):
        is_comma = False
    elif DOUBTFUL.match(bare):
        is_doubtful = not style.is_sure
    elif bare.count(".") + bare.count(",") > 1:
        raise ValueError(text)
    elif "," in bare or "." in bare:
        # 0,125 and 1234,567: no group of thousands starts or looks like that.
        is_comma = "," in bare
    thousands, decimal = (".", ",") if is_comma else (",", ".")
    value = float(bare.replace(thousands, "").replace(decimal, "."))
    if value > LARGEST:
        raise ValueError(text)
    return (-value if is_negative else value), is_doubtful
