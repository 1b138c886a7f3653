"""An empty table of recommendations."""

from __future__ import annotations

from typing import Final

from zi_eval import files
from zi_eval.recommendations.table.headings import SHAPE
from zi_eval.recommendations.table.workbook import render_template

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


def render_csv() -> str:
    """Return an empty table as CSV with semicolons, as Indonesian Excel writes it."""
    return files.render_csv([[column.name for column in SHAPE.columns]], "\n")


def render_workbook() -> bytes:
    """Return an empty table as a workbook with lists, formats and instructions."""
    return render_template(SHAPE.columns, "Tindak lanjut", "Tabel tindak lanjut", LINES)
