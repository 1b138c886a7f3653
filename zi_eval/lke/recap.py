"""The recap sheets of an exported LKE: weights, values and shares read from the main sheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from openpyxl.worksheet.worksheet import Worksheet

from zi_eval.core.assessment import Assessment
from zi_eval.core.instrument import Instrument
from zi_eval.instruments.layouts import WorkbookLayout
from zi_eval.lke.formulas import SheetPlan, recap_rows
from zi_eval.lke.style import (
    Painter,
    frame,
    mark_open,
    merge,
    put_text,
    set_print,
    set_widths,
)
from zi_eval.sheets.edit import clean_text
from zi_eval.sheets.grid import cell_reference, column_index

__all__ = ["FIRST_ROW", "RecapColumns", "recap_formulas", "write_recap"]

FIRST_ROW = 2
"""0-based row of the first node."""
FIGURES = "HIJNO"
FIRST_LABEL, LAST_TITLE, LAST = 2, 7, 15
HEADINGS = {
    "B": "Penilaian", "H": "Bobot", "I": "Nilai", "J": "%", "L": "Catatan/Keterangan",
    "M": "Rekomendasi", "N": "Nilai TPI", "O": "% TPI",
}  # fmt: skip
WIDTHS = {
    "A": 1.5, "B": 4, "C": 4, "D": 4, "E": 4.5, "F": 4.5, "G": 48, "H": 9, "I": 11, "J": 11,
    "K": 1.5, "L": 48, "M": 40, "N": 11, "O": 11,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class RecapColumns:
    """0-based columns of a recap sheet."""

    weight: int
    value: int
    percent: int


COLUMNS = (
    RecapColumns(column_index("H"), column_index("I"), column_index("J")),
    RecapColumns(column_index("H"), column_index("N"), column_index("O")),
)
"""Columns of the unit's figures, and of the TPI's."""


def recap_formulas(
    rows: Mapping[str, int],
    totals: Mapping[str, int],
    columns: RecapColumns,
    main: str,
    plan: SheetPlan,
) -> Iterator[tuple[tuple[int, int], str, str, str]]:
    """Yield place, role (``weight``, ``node``, ``percent``, ``total``), id and formula.

    Parameters
    ----------
    rows, totals
        Rows of the ids and totals in the recap sheet.
    main, plan
        Name of the main sheet, and where things stand there.
    """
    name = "'" + main.replace("'", "''") + "'!"
    for key, row in rows.items():
        if key not in plan.rows:
            continue
        there = plan.rows[key]
        weight, value = cell_reference(row, columns.weight), cell_reference(row, columns.value)
        yield (row, columns.weight), "weight", key, f"={name}{cell_reference(there, plan.weight)}"
        yield (row, columns.value), "node", key, f"={name}{cell_reference(there, plan.value)}"
        yield (row, columns.percent), "percent", key, f'=IF(ISNUMBER({value}),{value}/{weight},"")'
    for key, row in totals.items():
        if key in plan.totals:
            total = cell_reference(plan.totals[key], plan.value)
            yield (row, columns.value), "total", key, f"={name}{total}"


def write_recap(
    sheet: Worksheet,
    instrument: Instrument,
    layout: WorkbookLayout,
    down_to: str,
    plans: Sequence[SheetPlan],
    assessment: Assessment,
    painter: Painter,
) -> None:
    """Write one recap sheet; every figure in it is read from the main sheet."""
    rows, totals = recap_rows(instrument, down_to, FIRST_ROW)
    painter.paint(frame(sheet, 1, 2, LAST), "heading", centre=True)
    merge(sheet, 1, FIRST_LABEL, LAST_TITLE)
    for letter, text in HEADINGS.items():
        put_text(sheet[f"{letter}1"], text)
    for key, row in rows.items():
        _write_line(sheet, painter, instrument, key, row + 1)
    for key, row in totals.items():
        painter.paint(frame(sheet, row + 1, 2, LAST), "total")
        painter.paint((sheet[f"{letter}{row + 1}"] for letter in FIGURES), "total", centre=True)
        merge(sheet, row + 1, 2, 8)
        node = instrument.nodes.get(key)
        title = f"TOTAL {node.title.upper()}" if node else "NILAI EVALUASI ZONA INTEGRITAS"
        put_text(sheet.cell(row + 1, 2), title)
        sheet.row_dimensions[row + 1].height = 21
    for plan, columns in zip(plans, COLUMNS, strict=True):
        for (row, column), role, _, formula in recap_formulas(
            rows, totals, columns, layout.sheet, plan
        ):
            cell = sheet.cell(row + 1, column + 1)
            cell.value = formula
            cell.number_format = "0.00%" if role == "percent" else "0.00"
    _write_identity(sheet, painter, assessment, totals["total"] + 3)
    set_widths(sheet, WIDTHS)
    bottom = totals["total"] + 1
    for letter in ("I", "N"):
        mark_open(sheet, f"{letter}{FIRST_ROW + 1}:{letter}{bottom}")
    sheet.freeze_panes = "H2"
    set_print(sheet, f"B1:O{bottom + 5}", "1:1", assessment.unit.name)


def _write_line(
    sheet: Worksheet, painter: Painter, instrument: Instrument, key: str, row: int
) -> None:
    node = instrument.nodes.get(key)
    kind = node.kind if node else "caption"
    title = node.title if node else instrument.questions[key].text
    is_upper = node is not None and kind != "subarea"
    painter.paint(frame(sheet, row, 2, LAST), kind)
    painter.paint((sheet[f"{letter}{row}"] for letter in FIGURES), kind, centre=True, top=False)
    at = FIRST_LABEL + key.count(".")
    put_text(sheet.cell(row, at), f"{key.rpartition('.')[2]}.")
    merge(sheet, row, at + 1, LAST_TITLE)
    put_text(sheet.cell(row, at + 1), title.upper() if is_upper else title)
    sheet.row_dimensions[row].height = 32 if len(title) > 62 else 19


def _write_identity(sheet: Worksheet, painter: Painter, assessment: Assessment, row: int) -> None:
    unit = assessment.unit
    facts = (
        ("Unit kerja", unit.name),
        ("Target", assessment.target),
        ("Periode", assessment.period),
    )
    for offset, (label, text) in enumerate(facts):
        painter.paint(frame(sheet, row + offset, 2, LAST_TITLE), "caption")
        merge(sheet, row + offset, 2, 6)
        put_text(sheet.cell(row + offset, 2), label)
        cell = sheet.cell(row + offset, LAST_TITLE)
        put_text(cell, clean_text(text))
