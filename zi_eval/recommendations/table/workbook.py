"""An empty table of a shape as a workbook: headings with notes, lists, formats, instructions."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Final

from zi_eval.recommendations.table.rows import Column

__all__ = ["render_template"]

ROWS: Final = 200
"""Rows with lists and formats."""
WIDTHS: Final = {"text": 28, "number": 13, "choice": 14, "date": 14}
GUIDE: Final = "Petunjuk"


def render_template(
    columns: Sequence[Column], sheet_name: str, title: str, lines: Sequence[str]
) -> bytes:
    """Return an empty table as a workbook.

    Parameters
    ----------
    sheet_name
        Of the sheet to fill in; another one holds the instructions.
    title, lines
        Of the instructions.
    """
    from openpyxl import Workbook
    from openpyxl.comments import Comment
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = sheet_name
    for number, column in enumerate(columns, start=1):
        letter = get_column_letter(number)
        head = sheet.cell(1, number, column.name)
        head.font = Font(bold=True, color="FFFFFF")
        head.fill = PatternFill("solid", fgColor="0B5563" if column.is_required else "51606E")
        head.alignment = Alignment(wrap_text=True, vertical="top")
        head.comment = Comment(column.note, "zi-eval")
        sheet.column_dimensions[letter].width = column.width or WIDTHS[column.kind]
        cells = [sheet.cell(row, number) for row in range(2, ROWS + 2)]
        for cell in cells:
            cell.alignment = Alignment(wrap_text=column.kind == "text", vertical="top")
            if column.kind == "number":
                cell.number_format = "#,##0.##"
            elif column.kind == "date":
                cell.number_format = "dd/mm/yyyy"
        if column.choices:
            rule = DataValidation("list", formula1=f'"{",".join(column.choices)}"')
            rule.error, rule.errorTitle = "Pilih salah satu dari daftar.", column.name
            rule.prompt, rule.promptTitle = column.note, column.name
            rule.showErrorMessage = rule.showInputMessage = True
            rule.add(f"{letter}2:{letter}{ROWS + 1}")
            sheet.add_data_validation(rule)
    sheet.freeze_panes = "C2"
    sheet.row_dimensions[1].height = 32
    guide = workbook.create_sheet(GUIDE)
    guide.column_dimensions["A"].width, guide.column_dimensions["B"].width = 26, 90
    guide.append([title])
    guide["A1"].font = Font(bold=True, size=14)
    for line in lines:
        guide.append(["", line])
    guide.append([])
    guide.append(["Kolom", "Isi"])
    for column in columns:
        choices = f" Pilihan: {', '.join(column.choices)}." if column.choices else ""
        wanted = " (wajib)" if column.is_required else ""
        guide.append([f"{column.name}{wanted}", f"{column.note}.{choices}"])
    for row in guide.iter_rows(min_row=2):
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()
