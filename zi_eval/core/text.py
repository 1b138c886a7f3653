"""Texts that people wrote: as they are kept, compared, quoted by messages and shown."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["CONTROL", "MONTHS", "figure_text", "fold", "quote", "tidy_text", "visible"]

MONTHS: Final = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September",
    "Oktober", "November", "Desember",
)  # fmt: skip
CONTROL: Final = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
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


def fold(text: str) -> str:
    """Return a name, heading or answer as it is compared: words only, case folded.

    Examples
    --------
    >>> fold(" Target_TW-III "), fold("Target (TW III)")
    ('target tw iii', 'target tw iii')
    """
    return _BETWEEN.sub(" ", text.casefold()).strip()


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
