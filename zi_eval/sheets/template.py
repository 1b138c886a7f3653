"""An empty table to fill in: a workbook with instructions, lists and formats, or CSV."""

from __future__ import annotations

import io
from collections.abc import Sequence
from copy import copy
from typing import TYPE_CHECKING, Any

from zi_eval import formats

if TYPE_CHECKING:
    from zi_eval.sheets.table_form import TableForm

__all__ = ["render_csv", "render_workbook"]

ROWS = 200
"""Rows with lists and formats."""
WIDTHS = {"text": 28, "number": 13, "choice": 14, "date": 14}
FORMATS = {"number": "#,##0.##", "date": "dd/mm/yyyy"}
GUIDE = "Petunjuk"


def render_csv(form: TableForm, rows: Sequence[Sequence[Any]] = ()) -> str:
    """Return a table as CSV with semicolons, as Indonesian Excel writes it."""
    return formats.render_csv([[column.name for column in form.columns], *rows], "\n")


def render_workbook(form: TableForm, rows: Sequence[Sequence[Any]] = ()) -> bytes:
    """Return a table as a workbook, with a sheet of instructions.

    Parameters
    ----------
    rows
        Cells of things that stand in it already; texts are written as texts, never as formulas.
    """
    from openpyxl import Workbook
    from openpyxl.comments import Comment
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    columns, choices = form.columns, form.choices
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = form.sheet
    last = max(ROWS, len(rows)) + 1
    for number, column in enumerate(columns, start=1):
        letter = get_column_letter(number)
        head = sheet.cell(1, number, column.name)
        head.font = Font(bold=True, color="FFFFFF")
        head.fill = PatternFill("solid", fgColor="0B5563" if column.is_required else "51606E")
        head.alignment = Alignment(wrap_text=True, vertical="top")
        head.comment = Comment(column.note, "zi-eval")
        sheet.column_dimensions[letter].width = form.widths.get(column.name, WIDTHS[column.kind])
        for row in range(2, last + 1):
            cell = sheet.cell(row, number)
            if row == 2:
                cell.alignment = Alignment(wrap_text=column.kind == "text", vertical="top")
                if column.kind in FORMATS:
                    cell.number_format = FORMATS[column.kind]
            else:  # as the first: openpyxl takes long to find out that two looks are the same
                cell._style = copy(sheet.cell(2, number)._style)  # type: ignore[union-attr]
            if row - 2 < len(rows) and (value := rows[row - 2][number - 1]) not in ("", None):
                cell.value = value
                if isinstance(value, str):
                    cell.data_type = "s"
        if column.name in choices:
            rule = DataValidation("list", formula1=f'"{",".join(choices[column.name])}"')
            rule.error, rule.errorTitle = "Pilih salah satu dari daftar.", column.name
            rule.prompt, rule.promptTitle = column.note, column.name
            rule.showErrorMessage = rule.showInputMessage = True
            rule.add(f"{letter}2:{letter}{last}")
            sheet.add_data_validation(rule)
    sheet.freeze_panes = form.frozen
    sheet.row_dimensions[1].height = 32
    guide = workbook.create_sheet(GUIDE)
    guide.column_dimensions["A"].width, guide.column_dimensions["B"].width = 26, 90
    guide.append([form.title])
    guide["A1"].font = Font(bold=True, size=14)
    for line in form.lines:
        guide.append(["", line])
    guide.append([])
    guide.append(["Kolom", "Isi"])
    for column in columns:
        said = f" Pilihan: {', '.join(choices[column.name])}." if column.name in choices else ""
        wanted = " (wajib)" if column.is_required else ""
        guide.append([f"{column.name}{wanted}", f"{column.note}.{said}"])
    for cells in guide.iter_rows(min_row=2):
        for cell in cells:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()
