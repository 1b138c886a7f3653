"""An empty table of responses: a workbook with instructions and lists, or CSV."""

from __future__ import annotations

import io

from zi_eval import formats
from zi_eval.survey.values import Survey

__all__ = ["render_csv", "render_workbook"]

ROWS = 500
"""Rows with lists."""
SHEET, GUIDE = "Jawaban", "Petunjuk"


def _headings(survey: Survey) -> list[str]:
    elements = [f"{element.code} {element.name}" for element in survey.elements]
    return ["waktu_pengisian", "layanan", "saluran", *elements, "komentar"]


def render_csv(survey: Survey) -> str:
    """Return an empty table as CSV with semicolons, as Indonesian Excel writes it."""
    return formats.render_csv([_headings(survey)], "\n")


def _guide(survey: Survey) -> list[tuple[str, str]]:
    low, high = survey.lowest, survey.highest
    rows = [
        (survey.short, f"{survey.title}. Sumber: {survey.source}."),
        ("Baris", "Satu baris untuk satu responden, yang layanannya sudah selesai."),
        ("Jawaban", f"{low} sampai {high}; {high} yang terbaik. Kosong berarti tidak menjawab."),
        ("Simpan", f"parameters/<periode>/survei/<id unit>.{survey.key}.xlsx, lalu jalankan "
                   "'zi-eval survei check'."),
        ("Responden", f"Sedikitnya {survey.minimum}; kurang hanya bila yang dilayani kurang."),
        ("Data pribadi", "Jangan menulis nama, NIK, nomor telepon, surel, atau alamat. Bila ada, "
                         "kolomnya tidak dibaca."),
        ("", ""),
    ]  # fmt: skip
    return rows + [(element.code, element.question) for element in survey.elements]


def render_workbook(survey: Survey) -> bytes:
    """Return an empty table as a workbook."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = SHEET
    headings = _headings(survey)
    first, last = 4, 3 + len(survey.elements)
    for number, text in enumerate(headings, start=1):
        head = sheet.cell(1, number, text)
        head.font = Font(bold=True, color="FFFFFF")
        is_element = first <= number <= last
        head.fill = PatternFill("solid", fgColor="0B5563" if is_element else "51606E")
        head.alignment = Alignment(wrap_text=True, vertical="top")
        width = 14 if is_element else 20
        sheet.column_dimensions[get_column_letter(number)].width = (
            50 if number == len(headings) else width
        )
    values = ",".join(str(value) for value in range(survey.lowest, survey.highest + 1))
    rule = DataValidation("list", formula1=f'"{values}"', allow_blank=True)
    rule.error = f"Isi {survey.lowest} sampai {survey.highest}, atau kosongkan."
    rule.showErrorMessage = True
    rule.add(f"{get_column_letter(first)}2:{get_column_letter(last)}{ROWS + 1}")
    sheet.add_data_validation(rule)
    sheet.freeze_panes = "A2"
    sheet.row_dimensions[1].height = 48
    guide = workbook.create_sheet(GUIDE)
    guide.column_dimensions["A"].width, guide.column_dimensions["B"].width = 16, 90
    for row in _guide(survey):
        guide.append(row)
    for cells in guide.iter_rows():
        for cell in cells:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()
