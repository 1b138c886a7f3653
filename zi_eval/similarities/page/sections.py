"""The recap's section on what is the same across units: something to look at, accusing nobody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from zi_eval.report.page import Room, Section
from zi_eval.report.words import format_count, format_number
from zi_eval.similarities.values import LEAST_UNITS, MOST_UNITS, Sign, Similarity

__all__ = ["similarities_section"]

ROOM: Final = Room("similarities/page")
MOST_SHOWN: Final = 30
LABELS: Final[Mapping[Sign, str]] = {
    Sign.ANSWERS: "Pola jawaban",
    Sign.NOTES: "Catatan",
    Sign.EVIDENCE: "Bukti dukung",
    Sign.QUICK: "TPI menjawab cepat",
    Sign.AGREES: "TPI sependapat semua",
    Sign.ALL_BEST: "Semua pilihan terbaik",
}


def similarities_section(
    found: Sequence[Similarity], names: Mapping[str, str], units: int
) -> Section:
    """Return the section.

    Parameters
    ----------
    names
        Of the units by id; untrusted.
    units
        How many there are.
    """
    rows = [
        {
            "sign": LABELS[item.sign],
            "units": [names.get(unit) or unit for unit in item.units],
            "said": _said(item),
            "places": item.places,
        }
        for item in found[:MOST_SHOWN]
    ]
    return ROOM.section(
        "similarities",
        rows=rows,
        more=len(found) - len(rows),
        is_small=units < LEAST_UNITS,
        least=LEAST_UNITS,
        is_large=units > MOST_UNITS,
        most=MOST_UNITS,
    )


def _said(item: Similarity) -> str:
    """Say what was seen, without the units: ``jawaban sama pada 98 dari 105 pertanyaan, …``."""
    seen = f"{item.count} dari {item.of}"
    match item.sign:
        case Sign.ANSWERS:
            usual = format_count(round(item.expected or 0.0))
            said = f"; menurut pola instansi ini wajarnya sekitar {usual}"
            return f"jawaban unit sama pada {seen} pertanyaan pilihan{said}"
        case Sign.NOTES:
            return f"catatan unit sama kata demi kata pada {seen} pertanyaan yang bercatatan"
        case Sign.EVIDENCE:
            return f"bukti yang sama disebut pada {seen} pertanyaan yang berbukti"
        case Sign.QUICK:
            pace = format_number(item.seconds, 1)
            return f"TPI menjawab rata-rata tiap {pace} detik dan sependapat pada {seen} jawaban"
        case Sign.AGREES:
            return f"TPI sependapat dengan {seen} jawaban unit"
        case Sign.ALL_BEST:
            return f"unit memilih jawaban terbaik pada {seen} pertanyaan pilihan"
