"""A table of activities to begin with, as a workbook with lists or as CSV."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from zi_eval.core.assessment import Value
from zi_eval.sheets.template import render_empty_csv, render_empty_workbook
from zi_eval.workplan.plan import MONTH_NAMES, Activity
from zi_eval.workplan.table.headings import COLUMNS, FORM

__all__ = ["cells_of", "render_csv", "render_workbook"]

SHEET: Final = "Rencana ZI"
WIDE: Final = {"kegiatan": 44.0, "pertanyaan": 20.0, "jawaban_dituju": 14.0, "satuan": 12.0}
LINES: Final = (
    "Satu baris untuk satu kegiatan pembangunan ZI. Isi lembar Rencana ZI, simpan sebagai "
    "parameters/<periode>/rencana-zi/<id unit>.xlsx, lalu jalankan 'zi-eval rencana check'.",
    "Setiap kegiatan menyebut pertanyaan LKE yang dibangunnya, dan bila dapat jawaban yang "
    "dituju: dari situ dihitung perkiraan nilai bila rencana ini selesai.",
    "Target dan realisasi ditulis untuk bulan itu sendiri, bukan jumlah berjalan sejak Januari.",
    "Realisasi kosong berarti belum dilaporkan; nol ditulis 0. Keduanya tidak sama.",
    "Kolom yang tidak dipakai boleh dihapus, kecuali yang ditandai wajib.",
)


def _aims_text(item: Activity) -> str:
    if not item.aims or any(question not in item.aims for question in item.questions):
        return ""
    return "; ".join(_value_text(item.aims[question]) for question in item.questions)


def _value_text(value: Value) -> str:
    return f"{value:.12g}".replace(".", ",") if isinstance(value, float) else str(value)


def cells_of(item: Activity) -> Mapping[str, Any]:
    """Return what the columns hold of an activity: texts, figures, None where empty."""
    texts = {
        "kegiatan": item.name,
        "pertanyaan": "; ".join(item.questions),
        "jawaban_dituju": _aims_text(item),
        "prioritas": "Ya" if item.is_priority else "",
        "keluaran": item.output,
        "satuan": item.unit_of_measure,
        "penanggung_jawab": item.owner,
        "bukti": item.evidence,
        "kendala": item.obstacle,
        "tindak_lanjut": item.follow_up,
        "sumber": item.source,
    }
    months: dict[str, float | None] = {}
    for number, month in enumerate(MONTH_NAMES):
        months[f"target_{month}"] = item.targets[number]
        months[f"realisasi_{month}"] = item.results[number]
    return {**texts, **months}


def render_csv(activities: Iterable[Activity] = ()) -> str:
    """Return a table as CSV with semicolons, as Indonesian Excel writes it."""
    found = [cells_of(item) for item in activities]
    rows = [[cells[column.name] for column in COLUMNS] for cells in found]
    return render_empty_csv(COLUMNS, rows)


def render_workbook(year: int, activities: Iterable[Activity] = ()) -> bytes:
    """Return a table of ``year`` as a workbook."""
    found = [cells_of(item) for item in activities]
    rows = [[cells[column.name] for column in COLUMNS] for cells in found]
    widths = {**WIDE, **{c.name: 9.0 for c in COLUMNS if c.kind == "number"}}
    title = f"Rencana kerja pembangunan ZI {year}"
    return render_empty_workbook(SHEET, COLUMNS, FORM.choices, title, LINES, widths, "B2", rows)
