"""An empty performance table: a workbook with instructions, lists and formats, or CSV."""

from __future__ import annotations

from zi_eval.performance.table.headings import CHOICES, COLUMNS
from zi_eval.sheets.table_form import Column
from zi_eval.sheets.template import render_empty_csv, render_empty_workbook

__all__ = ["render_csv", "render_workbook"]

EARLIER = 3
"""Earlier years for which columns are offered."""
AFTER = "realisasi_tw4"
SHEET = "Kinerja"
LINES = (
    "Satu baris untuk satu indikator Perjanjian Kinerja. Isi lembar Kinerja, simpan sebagai "
    "parameters/<periode>/kinerja/<id unit>.xlsx, lalu jalankan 'zi-eval kinerja check'.",
    "Kosong berarti belum ada; nol ditulis 0. Keduanya tidak sama.",
    "Angka triwulan ditulis untuk triwulan itu sendiri, juga bila penjumlahannya kumulatif: "
    "bukan jumlah berjalan sejak Januari.",
    "Persen ditulis sebagai 85 (satuan %); 85% juga terbaca benar.",
    "Kolom tahun lalu boleh ditambah, mis. realisasi_2022. Kolom yang tidak dipakai boleh dihapus, "
    "kecuali yang ditandai wajib.",
)


def _columns(year: int) -> tuple[Column, ...]:
    """Return the columns of the template, with those of earlier years after the quarters."""
    earlier = [
        Column(f"{what}_{past}", "number", f"{what.capitalize()} tahun {past}")
        for past in range(year - 1, year - 1 - EARLIER, -1)
        for what in ("realisasi", "target")
    ]
    place = next(i for i, column in enumerate(COLUMNS) if column.name == AFTER) + 1
    return (*COLUMNS[:place], *earlier, *COLUMNS[place:])


def render_csv(year: int) -> str:
    """Return an empty table of ``year`` as CSV with semicolons, as Indonesian Excel writes it."""
    return render_empty_csv(_columns(year))


def render_workbook(year: int) -> bytes:
    """Return an empty table of ``year`` as a workbook."""
    title = f"Tabel kinerja {year}"
    return render_empty_workbook(SHEET, _columns(year), CHOICES, title, LINES)
