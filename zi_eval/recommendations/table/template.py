"""An empty table of recommendations."""

from __future__ import annotations

from typing import Final

from zi_eval.recommendations.table.headings import COLUMNS, FORM
from zi_eval.sheets.template import render_empty_csv, render_empty_workbook

__all__ = ["render_csv", "render_workbook"]

LINES: Final = (
    "Satu baris untuk satu rekomendasi atau temuan. Simpan sebagai "
    "parameters/<periode>/tindak-lanjut/<id unit>.xlsx; yang ditujukan kepada instansi: "
    "instansi.xlsx.",
    "Nomor dan sumber bersama-sama menandai satu rekomendasi. Yang belum selesai tampil sendiri "
    "di periode berikutnya; tidak perlu disalin.",
    "Status selesai perlu bukti dan siapa yang memeriksanya.",
    "Kolom yang tidak dipakai boleh dihapus, kecuali yang ditandai wajib.",
)
WIDTHS: Final = {"nomor": 18, "pertanyaan": 18, "rekomendasi": 50, "status": 18}


def render_csv() -> str:
    """Return an empty table as CSV with semicolons, as Indonesian Excel writes it."""
    return render_empty_csv(COLUMNS)


def render_workbook() -> bytes:
    """Return an empty table as a workbook with lists, formats and instructions."""
    return render_empty_workbook(
        "Tindak lanjut", COLUMNS, FORM.choices, "Tabel tindak lanjut", LINES, WIDTHS
    )
