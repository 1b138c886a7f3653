"""One similarity in words: what was seen, never why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from zi_eval.report.words import format_count, format_number
from zi_eval.similarities.values import Sign, Similarity

__all__ = ["LABELS", "similarity_text"]

LABELS: Final[Mapping[Sign, str]] = {
    Sign.ANSWERS: "Pola jawaban",
    Sign.NOTES: "Catatan",
    Sign.EVIDENCE: "Bukti dukung",
    Sign.QUICK: "TPI menjawab cepat",
    Sign.AGREES: "TPI sependapat semua",
    Sign.ALL_BEST: "Semua pilihan terbaik",
}


def similarity_text(item: Similarity) -> str:
    """Say what was seen, without the units: ``jawaban sama pada 98 dari 105 pertanyaan, …``."""
    seen = f"{item.count} dari {item.of}"
    match item.sign:
        case Sign.ANSWERS:
            usual = f"; menurut pola instansi ini wajarnya sekitar {format_count(_rounded(item))}"
            return f"jawaban unit sama pada {seen} pertanyaan pilihan{usual}"
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


def _rounded(item: Similarity) -> int:
    return round(item.expected or 0.0)
