"""What people type into a table on screen, and how values are shown to be typed again."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from zi_eval.core.text import quote
from zi_eval.errors import ZiEvalError
from zi_eval.journal.fields import LONGEST_TEXT, tidy
from zi_eval.sheets.dates import parse_date
from zi_eval.sheets.numbers import parse_number

__all__ = ["LONGEST_QUOTE", "exact_text", "typed_date", "typed_figure", "typed_text"]

LONGEST_QUOTE: Final = 40
PERCENT: Final = frozenset({"%", "persen", "persentase", "prosen"})


def exact_text(value: float) -> str:
    """Write a figure the Indonesian way with all its decimals; it reads back as the same figure.

    Examples
    --------
    >>> exact_text(1250000.0), exact_text(91.125)
    ('1.250.000', '91,125')
    """
    text = f"{Decimal(repr(value)):,f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.translate(str.maketrans(",.", ".,"))


def typed_text(raw: Any) -> str | None:
    """Return what was typed without space at its ends, None where it is empty.

    Raises
    ------
    ZiEvalError
        Where it is no text, or longer than a cell should be.
    """
    if raw is not None and not isinstance(raw, str):
        raise ZiEvalError("Isian harus berupa teks; muat ulang halaman.")
    text: str | None = tidy(raw)
    if text is not None and len(text) > LONGEST_TEXT:
        raise ZiEvalError(f"Teks lebih dari {LONGEST_TEXT} karakter. Persingkat teksnya.")
    return text


def typed_figure(text: str, measure: str) -> tuple[float | None, str]:
    """Return the figure that was typed, and a sentence where it may have been meant otherwise.

    Parameters
    ----------
    measure
        The unit of measure, which may stand behind the figure.

    Raises
    ------
    ZiEvalError
        Where it is no figure of this measure.
    """
    typed, own = text, measure.casefold()
    if own and typed.casefold().endswith(own):
        typed = typed[: len(typed) - len(own)].strip()
    elif typed.endswith("%") and own not in PERCENT:
        said = f"'{quote(measure, LONGEST_QUOTE)}', bukan persen" if own else "belum ditulis"
        raise ZiEvalError(f"Satuannya {said}. Tulis angkanya saja, mis. 12,5.")
    try:
        value, is_doubtful = parse_number(typed)
    except ValueError:
        raise ZiEvalError(
            f"'{quote(text, LONGEST_QUOTE)}' bukan angka yang dapat dibaca. Tulis seperti 1250, "
            "12,5, atau Rp 1.250.000,00; kosongkan bila belum ada, 0 bila memang nol."
        ) from None
    if value is None or not is_doubtful:
        return value, ""
    read = exact_text(value)
    return value, (
        f"Titik dibaca sebagai pemisah ribuan: {read}. Untuk pecahan pakai koma."
        if "." in typed
        else f"Koma dibaca sebagai tanda desimal: {read}. Untuk ribuan tulis tanpa tanda."
    )


def typed_date(text: str, year: int) -> str:
    """Return the day that was typed in ISO form.

    Parameters
    ----------
    year
        What is meant by "TW II" or "akhir Juni".

    Raises
    ------
    ZiEvalError
        Where it is no day.
    """
    found = None if text.isdecimal() else parse_date(text, year or 1)
    if found is None or found.year < 1900:
        said = quote(text, LONGEST_QUOTE)
        raise ZiEvalError(f"'{said}' bukan tanggal. Tulis seperti 30 Juni 2026 atau 30/6/2026.")
    return found.isoformat()
