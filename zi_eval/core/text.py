"""Texts that people wrote: as they are kept, compared, quoted by messages and shown."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final, TypeVar

__all__ = [
    "CONTROL",
    "MINUS",
    "MONTHS",
    "by_name",
    "day_text",
    "figure_text",
    "fold",
    "name_order",
    "quote",
    "tidy_text",
    "visible",
    "zone_name",
]

MINUS: Final = "\u2212"

MONTHS: Final = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September",
    "Oktober", "November", "Desember",
)  # fmt: skip
ZONES: Final = {7: "WIB", 8: "WITA", 9: "WIT", 0: "UTC"}
CONTROL: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff]"
)
"""Characters no text has: they move a terminal's cursor, end a text, or are none at all."""
_LINE_END = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ud800-\udfff\ufffe\uffff]"
)
"""Characters that show as nothing, or turn what stands around them."""


_BETWEEN: Final = re.compile(r"[\W_]+")
"""What stands between words: all but letters and digits."""
_PIECE: Final = re.compile(r"[0-9]+|[^\W\d_]+")
_ROMAN: Final = re.compile("(?=[IVX])X{0,3}(?:IX|IV|V?I{0,3})")
_ROMAN_DIGITS: Final = {"I": 1, "V": 5, "X": 10}

Item = TypeVar("Item")
NameOrder = tuple[tuple[tuple[int, int, str], ...], str]


def fold(text: str) -> str:
    """Return a name, heading or answer as it is compared: words only, case folded.

    Examples
    --------
    >>> fold(" Target_TW-III "), fold("Target (TW III)")
    ('target tw iii', 'target tw iii')
    """
    return _BETWEEN.sub(" ", text.casefold()).strip()


def name_order(name: str) -> NameOrder:
    """Return the key by which names stand in a list, the same whatever language a machine has.

    Capitals, accents and signs do not count; a number stands by its size, before words. A word in
    capitals is a Roman number (up to 39) where another word stands before it. Names of people are
    not taken apart: their lists stand as a team wrote them.

    Examples
    --------
    >>> sorted(["SMPN 10", "Wilayah X", "smpn-2", "Wilayah IX", "SMPN"], key=name_order)
    ['SMPN', 'smpn-2', 'SMPN 10', 'Wilayah IX', 'Wilayah X']
    """
    plain = name
    if not name.isascii():
        letters = unicodedata.normalize("NFKD", name)
        plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    pieces = []
    for place, piece in enumerate(_PIECE.findall(plain)):
        number = piece if piece.isascii() and piece.isdigit() else ""
        if place and _ROMAN.fullmatch(piece):
            number = str(_roman_value(piece))
        number_or_zero = number.lstrip("0")
        pieces.append(
            (0, len(number_or_zero), number_or_zero) if number else (1, 0, piece.casefold())
        )
    return tuple(pieces), name


def by_name(values: Mapping[str, Item]) -> list[tuple[str, Item]]:
    """Return names and what they stand for, in the order of the names."""
    return sorted(values.items(), key=lambda pair: name_order(pair[0]))


def _roman_value(text: str) -> int:
    values = [_ROMAN_DIGITS[sign] for sign in text]
    following = [*values[1:], 0]
    pairs = zip(values, following, strict=True)
    return sum(-value if value < after else value for value, after in pairs)


def day_text(day: date) -> str:
    """Write a day, or the day of a time, as people do; the same whatever language a machine has.

    Examples
    --------
    >>> day_text(date(2026, 6, 30))
    '30 Juni 2026'
    """
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def zone_name(time: datetime) -> str:
    """Return what the zone of a time is called: ``WIB``, ``WITA``, ``WIT``, ``UTC+05.30``.

    Raises
    ------
    ValueError
        Where ``time`` has no time zone: its hour would mean nothing.
    """
    offset = time.utcoffset()
    if offset is None:
        raise ValueError("a time that is shown needs a time zone")
    hours = offset / timedelta(hours=1)
    if hours in ZONES:
        return ZONES[int(hours)]
    minutes = abs(offset) // timedelta(minutes=1)
    return f"UTC{'+' if hours >= 0 else MINUS}{minutes // 60:02d}.{minutes % 60:02d}"


def quote(value: object, most: int = 60) -> str:
    """Return untrusted content for a message: one line of at most ``most`` letters."""
    text = " ".join(str(value).split())
    return text if len(text) <= most else f"{text[: most - 1]}…"


def tidy_text(text: str) -> str:
    """Return a text as it is kept, by whatever door it came in: form, file or import.

    Line ends are line feeds, no line has blanks at its end, nothing stands around the whole, and
    a character that no text has is a blank.

    Examples
    --------
    >>> tidy_text(" satu \\r\\ndua\\x1b[1m\\n"), tidy_text("\\ufeff ")
    ('satu\\ndua [1m', '')
    """
    if text.isprintable():  # one line of nothing but letters: nearly every text there is
        return text.strip()
    text = CONTROL.sub(" ", _LINE_END.sub("\n", text))
    return "\n".join(line.rstrip() for line in text.split("\n")).strip()


def visible(text: str, is_line: bool = False) -> str:
    r"""Return a text as it may be printed: what would not be seen is written as ``\u001b``.

    Parameters
    ----------
    is_line
        It is part of a line, so a line end in it is written so as well.

    Examples
    --------
    >>> visible("\x1b[31mmerah\nlagi"), visible("satu\ndua", is_line=True)
    ('\\u001b[31mmerah\nlagi', 'satu\\u000adua')
    """
    text = _UNSEEN.sub(_code, text)
    return text.replace("\n", "\\u000a") if is_line else text


def _code(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"


def figure_text(number: float) -> str:
    """Write a figure for a sentence the Indonesian way, with at most two decimals.

    Examples
    --------
    >>> figure_text(1234.5), figure_text(80.0)
    ('1.234,5', '80')
    """
    text = f"{number:,.2f}".rstrip("0").rstrip(".") if number % 1 else f"{number:,.0f}"
    return text.translate(str.maketrans(",.", ".,"))
