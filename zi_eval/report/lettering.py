"""Text as a drawing needs it: in one line, measured, and made to fit."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Final

__all__ = ["clean_text", "fit_text", "text_width", "wrap_text"]

# Advance widths in hundredths of the size, rounded up, of DejaVu Sans: the widest of the families
# that pages name, so a text never takes more room than measured.
PLAIN: Final = {
    28: "'ijl", 30: "IJ", 32: " ,.\u00a0·", 34: "/:;\\|", 36: "f", 37: "-", 40: "()[]t", 41: "!",
    42: "r", 46: '"', 50: "*_`–", 53: "sz", 54: "?", 55: "c", 56: "L", 58: "Fk", 60: "vxy",
    61: "P", 62: "TYaeo", 64: "$0123456789ESbdghnpqu{}", 66: "K", 69: "ABVXZ", 70: "CR", 74: "U",
    75: "N", 76: "H", 77: "◀▶", 78: "&DG", 79: "OQ", 82: "w", 84: "#+<=>^~−✓✕→", 87: "M", 88: "●",
    96: "%", 98: "m", 99: "W", 100: "@…",
}  # fmt: skip
BOLD: Final = {
    31: "'", 35: " ijl\u00a0", 37: "/\\|", 38: ",.IJ·", 40: ":;", 42: "-", 44: "f", 46: "!()[]",
    48: "t", 50: "_`r–", 53: '"*', 59: "?z", 60: "cs", 64: "L", 65: "x", 66: "vy", 67: "k",
    68: "ae", 69: "EFTo", 70: "$0123456789", 72: "bdghnpqu{}", 73: "SYZ", 74: "CP", 77: "B◀▶",
    78: "AKRVX", 82: "U", 83: "G", 84: "#+<=>DHN^~−✓✕→", 86: "OQ", 88: "&●", 93: "w", 100: "@M…",
    101: "%", 105: "m", 111: "W",
}  # fmt: skip
OTHER: Final = 112
"""Of a character not listed."""
WIDE: Final = 140
"""Of one that takes a square, or of a picture."""
SQUARE: Final = "\u2e80"
UNPRINTABLE: Final = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff"
    "\ufff9-\uffff]"
)


@cache
def _widths(is_bold: bool) -> dict[str, int]:
    table = BOLD if is_bold else PLAIN
    return {character: width for width, group in table.items() for character in group}


def clean_text(text: str) -> str:
    """Return a text in one line without characters that XML forbids or that turn its direction."""
    return re.sub("[ \t\r\n\f\v]+", " ", UNPRINTABLE.sub("", text)).strip(" ")


def text_width(text: str, size: float, is_bold: bool = False) -> float:
    """Return the most room a line takes, in units of ``size``."""
    widths, total = _widths(is_bold), 0
    for character in unicodedata.normalize("NFD", text):
        if not unicodedata.combining(character):
            other = WIDE if character >= SQUARE else OTHER
            total += widths.get(character, other)
    return total * size / 100


def fit_text(text: str, room: float, size: float, is_bold: bool = False) -> str:
    """Return a line that fits, shortened with an ellipsis where it must be."""
    if text_width(text, size, is_bold) <= room:
        return text
    while text and text_width(f"{text}…", size, is_bold) > room:
        text = text[:-1].rstrip()
    return f"{text}…"


def wrap_text(
    text: str, room: float, size: float, is_bold: bool = False, lines: int = 2
) -> list[str]:
    """Break a text into at most ``lines`` lines that fit; the last is shortened if need be."""
    found: list[str] = []
    rest = clean_text(text).split(" ")
    while rest:
        if len(found) == lines - 1:
            return [*found, fit_text(" ".join(rest), room, size, is_bold)]
        count = len(rest)
        while count > 1 and text_width(" ".join(rest[:count]), size, is_bold) > room:
            count -= 1
        found.append(fit_text(" ".join(rest[:count]), room, size, is_bold))
        rest = rest[count:]
    return found
