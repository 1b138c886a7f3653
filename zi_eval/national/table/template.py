"""An empty table of decisions."""

from __future__ import annotations

from typing import Final

from zi_eval.national.table.headings import COLUMNS, FORM
from zi_eval.sheets.template import render_empty_csv, render_empty_workbook

__all__ = ["render_csv", "render_workbook"]

LINES: Final = (
    "Satu baris untuk satu keputusan TPN atas satu unit pada satu tahap. Simpan sebagai "
    "parameters/<periode>/tpn/keputusan.xlsx.",
    "Sanggah yang diterima ditulis lulus pada tahap sanggah; yang ditolak: tidak lulus.",
    "Rekomendasinya dapat dijadikan isi register: 'zi-eval tindak-lanjut add --from tpn'.",
)
WIDTHS: Final = {"unit": 22, "tahap": 22, "kondisi": 50, "rekomendasi": 50}


def render_csv() -> str:
    """Return an empty table as CSV with semicolons, as Indonesian Excel writes it."""
    return render_empty_csv(COLUMNS)


def render_workbook() -> bytes:
    """Return an empty table as a workbook with lists, formats and instructions."""
    return render_empty_workbook(
        "Keputusan TPN", COLUMNS, FORM.choices, "Tabel keputusan TPN", LINES, WIDTHS
    )
