"""What people type into the performance form, and what they should look at."""

from __future__ import annotations

from typing import Any, Final

from zi_eval.core.text import quote
from zi_eval.errors import ZiEvalError
from zi_eval.performance.plan import Indicator, figure_text
from zi_eval.performance.table.editor import FIELDS
from zi_eval.screen.typed import LONGEST_QUOTE, typed_date, typed_figure, typed_text

__all__ = ["parse_entry"]

MONEY: Final = "realisasi_anggaran"
FAR: Final = 20.0
"""Times the target from which a figure may be in another unit of measure."""


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
    text = typed_text(raw)
    if text is None:
        return None, ""
    kind = FIELDS[field]
    if kind == "number":
        return _parse_figure(item, field, text)
    if kind == "date":
        return typed_date(text, year), ""
    return text, ""


def _parse_figure(item: Indicator, field: str, text: str) -> tuple[float | None, str]:
    if field == MONEY and text.endswith("%"):
        raise ZiEvalError("Anggaran ditulis dalam rupiah, bukan persen, mis. Rp 1.250.000.")
    value, doubt = typed_figure(text, "" if field == MONEY else item.unit_of_measure)
    if field == MONEY and value is not None and value < 0:
        raise ZiEvalError("Anggaran yang dibelanjakan tidak boleh negatif. Periksa tandanya.")
    return value, " ".join(filter(None, (doubt, _remark(item, field, value))))


def _remark(item: Indicator, field: str, value: float | None) -> str:
    """Return what a figure makes one doubt, in a sentence."""
    if value is None:
        return ""
    if field == MONEY:
        if item.ceiling is not None and value > item.ceiling:
            return f"Melebihi pagu (Rp {figure_text(item.ceiling)}); periksa angkanya."
        return ""
    target = item.targets[int(field[-1]) - 1]
    if target and value and not 1 / FAR < abs(value / target) < FAR:
        measured = f"{figure_text(target)} {quote(item.unit_of_measure, LONGEST_QUOTE)}".strip()
        return f"Jauh dari target triwulan ini ({measured}); periksa satuannya."
    return ""
