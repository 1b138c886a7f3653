"""What people type into the performance form, and how figures are shown to be typed again."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from zi_eval.core.text import quote
from zi_eval.errors import ZiEvalError
from zi_eval.journal.fields import LONGEST_TEXT, tidy
from zi_eval.performance.plan import Indicator, figure_text
from zi_eval.performance.table.editor import FIELDS
from zi_eval.sheets.dates import parse_date
from zi_eval.sheets.numbers import parse_number

__all__ = ["exact_text", "parse_entry"]

PERCENT: Final = frozenset({"%", "persen", "persentase", "prosen"})
MONEY: Final = "realisasi_anggaran"
FAR: Final = 20.0
"""Times the target from which a figure may be in another unit of measure."""
LONGEST_QUOTE: Final = 40


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


def parse_entry(item: Indicator, field: str, raw: Any, year: int = 0) -> tuple[Any, str]:
    """Return the plain value of what was typed, and what the person should look at, if anything.

    Parameters
    ----------
    item
        The indicator, whose unit of measure may stand behind a figure.
    field
        One of the fields that may be changed.
    raw
        What was typed; None or empty to empty the field.
    year
        Of the plan; what is meant by "TW II" or "akhir Juni".

    Raises
    ------
    ZiEvalError
        Where it cannot be read, with how to write it.
    """
    if raw is not None and not isinstance(raw, str):
        raise ZiEvalError("Isian harus berupa teks; muat ulang halaman.")
    text = tidy(raw)
    if text is None:
        return None, ""
    kind = FIELDS[field]
    if kind == "number":
        return _parse_figure(item, field, text)
    if kind == "date":
        return _parse_date(text, year), ""
    if len(text) > LONGEST_TEXT:
        raise ZiEvalError(f"Teks lebih dari {LONGEST_TEXT} karakter. Persingkat teksnya.")
    return text, ""


def _parse_figure(item: Indicator, field: str, text: str) -> tuple[float | None, str]:
    measure = item.unit_of_measure.casefold()
    typed = text
    if field == MONEY:
        if typed.endswith("%"):
            raise ZiEvalError("Anggaran ditulis dalam rupiah, bukan persen, mis. Rp 1.250.000.")
    elif measure and typed.casefold().endswith(measure):
        typed = typed[: len(typed) - len(measure)].strip()
    elif typed.endswith("%") and measure not in PERCENT:
        said = (
            f"'{quote(item.unit_of_measure, LONGEST_QUOTE)}', bukan persen"
            if measure
            else "belum ditulis"
        )
        raise ZiEvalError(f"Satuan indikator ini {said}. Tulis angkanya saja, mis. 12,5.")
    try:
        value, is_doubtful = parse_number(typed)
    except ValueError:
        raise ZiEvalError(
            f"'{quote(text, LONGEST_QUOTE)}' bukan angka yang dapat dibaca. Tulis seperti 1250, "
            "12,5, atau Rp 1.250.000,00; kosongkan bila belum ada, 0 bila memang nol."
        ) from None
    if field == MONEY and value is not None and value < 0:
        raise ZiEvalError("Anggaran yang dibelanjakan tidak boleh negatif. Periksa tandanya.")
    return value, _remark(item, field, typed, value, is_doubtful)


def _remark(item: Indicator, field: str, typed: str, value: float | None, is_doubtful: bool) -> str:
    """Return what may have been meant otherwise, in one or two sentences."""
    if value is None:
        return ""
    said = []
    if is_doubtful:
        read = exact_text(value)
        said.append(
            f"Titik dibaca sebagai pemisah ribuan: {read}. Untuk pecahan pakai koma."
            if "." in typed
            else f"Koma dibaca sebagai tanda desimal: {read}. Untuk ribuan tulis tanpa tanda."
        )
    if field == MONEY:
        if item.ceiling is not None and value > item.ceiling:
            said.append(f"Melebihi pagu (Rp {figure_text(item.ceiling)}); periksa angkanya.")
        return " ".join(said)
    target = item.targets[int(field[-1]) - 1]
    if target and value and not 1 / FAR < abs(value / target) < FAR:
        measured = f"{figure_text(target)} {quote(item.unit_of_measure, LONGEST_QUOTE)}".strip()
        said.append(f"Jauh dari target triwulan ini ({measured}); periksa satuannya.")
    return " ".join(said)


def _parse_date(text: str, year: int) -> str:
    found = None if text.isdecimal() else parse_date(text, year or 1)
    if found is None or found.year < 1900:
        said = quote(text, LONGEST_QUOTE)
        raise ZiEvalError(f"'{said}' bukan tanggal. Tulis seperti 30 Juni 2026 atau 30/6/2026.")
    return found.isoformat()
