"""How an exported LKE looks: colours, widths, heights, validation lists, print set-up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import copy

from openpyxl.cell import Cell, MergedCell
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from zi_eval.core.instrument import Question
from zi_eval.formats import is_formula_like
from zi_eval.lke.cells import NOT_APPLICABLE_TEXT
from zi_eval.lke.formulas import OPEN_TEXT
from zi_eval.sheets.edit import escape_text

__all__ = [
    "Painter",
    "add_validation",
    "frame",
    "mark_open",
    "merge",
    "put_text",
    "set_heights",
    "set_print",
    "set_widths",
]

FONT = "Calibri"
INK, PAPER, QUIET, ALERT = "1F2A37", "FFFFFF", "6B7280", "B42318"
LEVELS: Mapping[str, tuple[str, str, int]] = {
    "heading": ("17375E", PAPER, 11),
    "component": ("17375E", PAPER, 12),
    "aspect": ("376092", PAPER, 11),
    "area": ("C9D7EA", INK, 11),
    "subarea": ("E9EFF7", INK, 10),
    "total": ("F6E7B6", INK, 11),
    "caption": ("F3F4F6", INK, 10),
}
"""Fill, ink and size of each kind of line."""
UNIT_FILL, TPI_FILL, COMPUTED_FILL = "FFFBEA", "EAF5EE", "F7F8FA"
FILLS = {"unit": UNIT_FILL, "tpi": TPI_FILL, "computed": COMPUTED_FILL}
THIN = Side(style="thin", color="C3CAD5")
PAGES = "Halaman &P dari &N"
LINE_POINTS, SPARE_POINTS, LEAST, MOST = 13.2, 5.0, 18.0, 405.0
LINE_COLUMNS = 1.2
"""Letters of a usual text per unit of column width, at the size of the questions."""


class Painter:
    """Gives cells of one workbook their look; equal looks share one style."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, bool, bool, bool], StyleArray] = {}

    def paint(
        self,
        cells: Iterable[Cell | MergedCell],
        kind: str = "",
        *,
        centre: bool = False,
        bold: bool = False,
        top: bool = True,
    ) -> None:
        """Paint cells as a kind of line, or as ``unit``, ``tpi`` or ``computed`` content."""
        look = (kind, centre, bold, top)
        for cell in cells:
            if look not in self._known:
                self._set(cell, *look)
                self._known[look] = copy(cell._style)  # type: ignore[union-attr]
            cell._style = copy(self._known[look])  # type: ignore[union-attr]

    @staticmethod
    def _set(cell: Cell | MergedCell, kind: str, centre: bool, bold: bool, top: bool) -> None:
        fill, ink, size = LEVELS.get(kind, (FILLS.get(kind, PAPER), INK, 10))
        is_line = kind in LEVELS and kind != "caption"
        cell.font = Font(name=FONT, size=size, bold=bold or is_line, color=ink)
        cell.fill = PatternFill("solid", fgColor=fill)
        cell.border = Border(THIN, THIN, THIN, THIN)
        cell.alignment = Alignment(
            wrap_text=True,
            vertical="center" if is_line or not top else "top",
            horizontal="center" if centre else None,
        )


def merge(sheet: Worksheet, row: int, first: int, last: int) -> None:
    """Make one cell of several in a row (columns from 1)."""
    if first < last:
        # Not merge_cells: it clears the cells' frames and takes long.
        sheet.merged_cells.add(f"{get_column_letter(first)}{row}:{get_column_letter(last)}{row}")


def frame(sheet: Worksheet, row: int, first: int, last: int) -> list[Cell | MergedCell]:
    """Return the cells of a row from one column to another (all 1-based)."""
    return [sheet.cell(row, column) for column in range(first, last + 1)]


def put_text(cell: Cell | MergedCell, text: str) -> None:
    """Write a text as text, whatever it begins with."""
    # Past openpyxl's own guessing, which takes "=1" for a formula and "#N/A" for an error.
    cell._value = escape_text(text) or None  # type: ignore[union-attr]
    cell.data_type = "s"
    if is_formula_like(text):
        cell.quotePrefix = True


def set_widths(sheet: Worksheet, widths: Mapping[str, float]) -> None:
    """Set the widths of columns by letter."""
    for letter, width in widths.items():
        sheet.column_dimensions[letter].width = width


def _lines(text: str, width: float) -> int:
    room = max(width * LINE_COLUMNS, 1.0)
    return sum(max(1, -int(-len(part) // room)) for part in text.split("\n"))


def set_heights(sheet: Worksheet, texts: Mapping[int, Iterable[tuple[str, float]]]) -> None:
    """Make each row high enough for its texts, given with the widths they have."""
    for row, parts in texts.items():
        lines = max((_lines(text, width) for text, width in parts if text), default=1)
        height = lines * LINE_POINTS + SPARE_POINTS
        sheet.row_dimensions[row].height = min(max(height, LEAST), MOST)


def mark_open(sheet: Worksheet, area: str) -> None:
    """Show what is not filled in yet in red."""
    first = area.partition(":")[0]
    rule = FormulaRule(  # type: ignore[no-untyped-call]
        formula=[f'{first}="{OPEN_TEXT}"'], font=Font(color=ALERT, italic=True, bold=False)
    )
    sheet.conditional_formatting.add(area, rule)


def add_validation(sheet: Worksheet, question: Question, cell: str, first: bool = False) -> None:
    """Let a cell take only what the question allows.

    Parameters
    ----------
    cell
        The answer cell; of a ratio the cell of one count.
    first
        Whether the count may also say that there is no object.
    """
    scale = question.scale
    if scale.kind == "choice":
        codes = ",".join(scale.values)
        rule = DataValidation(type="list", formula1=f'"{codes}"', allow_blank=True)
        allowed = " / ".join(scale.values)
    elif scale.kind == "index":
        rule = DataValidation(
            type="decimal", operator="between", formula1="0", formula2=f"{scale.top:g}",
            allow_blank=True,
        )  # fmt: skip
        allowed = f"angka dari 0 sampai {scale.top:g}"
    else:
        whole = f"AND(ISNUMBER({cell}),{cell}>=0,{cell}=INT({cell}))"
        allowed = "bilangan bulat 0 atau lebih"
        if first:
            whole = f'OR({whole},{cell}="{NOT_APPLICABLE_TEXT}")'
            allowed += f", atau {NOT_APPLICABLE_TEXT} bila tidak ada objeknya"
        rule = DataValidation(type="custom", formula1=whole, allow_blank=True)
    for known in sheet.data_validations.dataValidation:
        if (known.type, known.formula1) == (rule.type, rule.formula1):
            known.add(cell)
            return
    rule.errorTitle, rule.error = "Isian tidak dikenal", f"Yang boleh diisi: {allowed}."
    rule.promptTitle, rule.prompt = "Yang boleh diisi", allowed
    rule.showErrorMessage, rule.showInputMessage = True, True
    sheet.add_data_validation(rule)
    rule.add(cell)


def set_print(
    sheet: Worksheet, area: str, titles: str, name: str, *, is_wide: bool = False
) -> None:
    """Print across A4 (or A3), one page wide, with the headings on each page."""
    sheet.print_area = area
    sheet.print_title_rows = titles
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 8 if is_wide else 9  # A3, A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    margins = sheet.page_margins
    margins.left = margins.right = 0.4
    margins.top, margins.bottom, margins.footer = 0.45, 0.6, 0.3
    footer = sheet.oddFooter  # where an ampersand begins a code
    assert footer is not None
    assert footer.left is not None
    assert footer.right is not None
    footer.left.text, footer.right.text = name[:100].replace("&", "&&"), PAGES
    sheet.print_options.horizontalCentered = True
    sheet.sheet_view.showGridLines = False
    sheet.sheet_view.zoomScale = 90
