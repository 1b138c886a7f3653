"""An empty performance table: a workbook with instructions, lists and formats, or CSV."""

from __future__ import annotations

import io

from zi_eval import files
from zi_eval.performance.table.headings import CHOICES, COLUMNS, Column

__all__ = ["render_csv", "render_workbook"]

EARLIER = 3
"""Earlier years for which columns are offered."""
ROWS = 200
"""Rows with lists and formats."""
AFTER = "realisasi_tw4"
WIDTHS = {"text": 28, "number": 13, "choice": 14, "date": 14}
SHEET, GUIDE = "Kinerja", "Petunjuk"
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
    return files.render_csv([[column.name for column in _columns(year)]], "\n")


def render_workbook(year: int) -> bytes:
    """Return an empty table of ``year`` as a workbook."""
    from openpyxl import Workbook
    from openpyxl.comments import Comment
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    columns = _columns(year)
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = SHEET
    for number, column in enumerate(columns, start=1):
        letter = get_column_letter(number)
        head = sheet.cell(1, number, column.name)
        head.font = Font(bold=True, color="FFFFFF")
        head.fill = PatternFill("solid", fgColor="0B5563" if column.is_required else "51606E")
        head.alignment = Alignment(wrap_text=True, vertical="top")
        head.comment = Comment(column.note, "zi-eval")
        sheet.column_dimensions[letter].width = WIDTHS[column.kind]
        cells = [sheet.cell(row, number) for row in range(2, ROWS + 2)]
        for cell in cells:
            cell.alignment = Alignment(wrap_text=column.kind == "text", vertical="top")
            if column.kind == "number":
                cell.number_format = "#,##0.##"
            elif column.kind == "date":
                cell.number_format = "dd/mm/yyyy"
        reach = f"{letter}2:{letter}{ROWS + 1}"
        if column.name in CHOICES:
            rule = DataValidation("list", formula1=f'"{",".join(CHOICES[column.name])}"')
            rule.error, rule.errorTitle = "Pilih salah satu dari daftar.", column.name
            rule.prompt, rule.promptTitle = column.note, column.name
            rule.showErrorMessage = rule.showInputMessage = True
            rule.add(reach)
            sheet.add_data_validation(rule)
    sheet.freeze_panes = "C2"
    sheet.row_dimensions[1].height = 32
    guide = workbook.create_sheet(GUIDE)
    guide.column_dimensions["A"].width, guide.column_dimensions["B"].width = 26, 90
    guide.append([f"Tabel kinerja {year}"])
    guide["A1"].font = Font(bold=True, size=14)
    for line in LINES:
        guide.append(["", line])
    guide.append([])
    guide.append(["Kolom", "Isi"])
    for column in columns:
        choices = f" Pilihan: {', '.join(CHOICES[column.name])}." if column.name in CHOICES else ""
        wanted = " (wajib)" if column.is_required else ""
        guide.append([f"{column.name}{wanted}", f"{column.note}.{choices}"])
    for row in guide.iter_rows(min_row=2):
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()
