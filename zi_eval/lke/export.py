"""An assessment as an LKE workbook laid out like the official one, with live formulas."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, replace

from openpyxl import Workbook
from openpyxl.styles import Alignment
from openpyxl.workbook.properties import CalcProperties
from openpyxl.worksheet.worksheet import Worksheet

from zi_eval.core.assessment import NOT_APPLICABLE, Answer, Assessment, Stage
from zi_eval.core.instrument import Instrument, Question
from zi_eval.core.problems import Problem
from zi_eval.formats import pack, unpack
from zi_eval.instruments.layouts import WorkbookLayout
from zi_eval.lke.formulas import (
    SheetPlan,
    answer_cells,
    sheet_formulas,
    type_text,
)
from zi_eval.lke.match import input_key
from zi_eval.lke.recap import write_recap
from zi_eval.lke.style import (
    Painter,
    add_validation,
    frame,
    mark_open,
    merge,
    put_text,
    set_heights,
    set_print,
    set_widths,
)
from zi_eval.lke.tables import COUNT
from zi_eval.sheets.book import Book
from zi_eval.sheets.calc import Calculator
from zi_eval.sheets.cells import read_cells
from zi_eval.sheets.edit import (
    CellEdit,
    clean_text,
    edit_workbook,
    fit_text,
)
from zi_eval.sheets.grid import (
    cell_problems,
    cell_reference,
    column_index,
    column_letter,
)

__all__ = ["WorkbookExport", "export_workbook", "layout_plans"]

HEADINGS = {
    "answer": "Jawaban",
    "value": "Nilai",
    "percent": "%",
    "note": "Catatan/Keterangan",
    "evidence": "Bukti Dukung (tautan)",
    "reason": "Alasan Tidak Berlaku",
    "tpi_answer": "Jawaban TPI",
    "tpi_value": "Nilai TPI",
    "tpi_percent": "% TPI",
    "tpi_note": "Catatan TPI",
    "returned": "Dikembalikan TPI: yang perlu diperbaiki",
}
TPN_HEADINGS = {"tpn_answer": "Jawaban TPN", "tpn_note": "Catatan TPN"}
"""Right of all others, only in the workbook of a unit that the TPN has answered."""
WIDTHS = {
    "A": 1.5, "B": 4, "C": 4, "D": 4, "E": 4.5, "F": 4.5, "G": 46, "H": 8, "I": 52, "J": 11,
    "K": 13, "L": 10, "M": 10, "N": 1.5, "O": 38, "P": 32, "Q": 22,
    "R": 13, "S": 10, "T": 10, "U": 38, "V": 30, "W": 13, "X": 38,
}  # fmt: skip
UNIT_ROLES = ("answer", "value", "percent", "note", "evidence", "reason")
FIRST_LABEL, LAST_TITLE, GUIDE = 2, 7, 9  # columns B, G and I, from 1
CORE = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/'
    'core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>zi-eval</dc:creator>'
    "</cp:coreProperties>"
)


@dataclass(frozen=True, slots=True)
class WorkbookExport:
    """A workbook's bytes, and what could not be written as it was."""

    data: bytes
    problems: tuple[Problem, ...]


def layout_plans(layout: WorkbookLayout) -> tuple[SheetPlan, SheetPlan]:
    """Return where the unit's and the TPI's figures stand in an exported sheet."""
    columns = layout.columns
    rows = {key: row - 1 for key, row in {**layout.node_rows, **layout.rows}.items()}
    unit = SheetPlan(
        rows=rows,
        totals={key: row - 1 for key, row in layout.totals.items()},
        weight=column_index(columns.weight),
        answer=column_index(columns.answer),
        value=column_index(columns.value),
        percent=column_index(columns.percent),
    )
    tpi = replace(
        unit,
        answer=column_index(columns.tpi_answer),
        value=column_index(columns.tpi_value),
        percent=column_index(columns.tpi_percent),
        fallback=unit.value,
    )
    return unit, tpi


class _Writer:
    """Builds the main sheet."""

    def __init__(
        self,
        sheet: Worksheet,
        assessment: Assessment,
        instrument: Instrument,
        layout: WorkbookLayout,
        stage: Stage,
    ) -> None:
        self.sheet = sheet
        self.assessment = assessment
        self.instrument = instrument
        self.layout = layout
        self.is_tpi = stage.is_evaluated
        self.plans = layout_plans(layout)
        self.painter = Painter()
        self.paint = self.painter.paint
        self.column = {
            role: column_index(getattr(layout.columns, role)) + 1
            for role in ("type", "weight", *HEADINGS)
        }
        self.headings = dict(HEADINGS)
        if stage is Stage.TPN and any(_has_tpn(a) for a in assessment.answers.values()):
            self.headings |= TPN_HEADINGS
            first = max(self.column.values()) + 1
            self.column |= {role: first + place for place, role in enumerate(TPN_HEADINGS)}
        self.last = max(self.column.values())
        self.texts: dict[int, list[tuple[str, float]]] = {}
        self.numbers: dict[tuple[int, int], CellEdit] = {}
        self.problems = cell_problems("", sheet.title)

    def text(self, row: int, column: int, text: str, *, key: str = "", width: float = 0) -> None:
        """Write a text (row and column from 1) and note the room it needs."""
        fitted, is_cut = fit_text(clean_text(text))
        if is_cut:
            self.problems.warning(
                "teks-terpotong",
                "teksnya lebih panjang daripada yang muat dalam satu sel Excel "
                "(32.767 huruf) dan dipotong.",
                "Ringkas teks itu, atau tulis di berkas bukti.",
                at=(row - 1, column - 1),
                key=key,
            )
        put_text(self.sheet.cell(row, column), fitted)
        room = width or WIDTHS.get(column_letter(column - 1), 10)
        self.texts.setdefault(row, []).append((fitted, room))

    def write(self) -> None:
        """Write headings, lines, answers and formulas."""
        self._head()
        for key in self.instrument.order:
            if key in self.instrument.nodes:
                self._node(key)
            else:
                self._question(self.instrument.questions[key])
        self._lines_without_scores()
        for plan in self.plans:
            for (row, column), found in sheet_formulas(self.instrument, plan).items():
                cell = self.sheet.cell(row + 1, column + 1)
                cell.value = found.formula
                is_share = found.role in ("percent", "ratio")
                is_count = found.role == "derived"
                cell.number_format = "0.00%" if is_share else "0" if is_count else "0.00"
        self._finish()

    def _head(self) -> None:
        unit, layout = self.assessment.unit, self.layout
        head = layout.header_row or 2
        facts = (f"Target {self.assessment.target}", f"Periode {self.assessment.period}")
        lines = ("LEMBAR KERJA EVALUASI ZONA INTEGRITAS", unit.name, " · ".join(facts))
        # Only over the columns left of the answers: over them it would be read as a heading.
        merge(self.sheet, 1, 2, GUIDE)
        self.paint(frame(self.sheet, 1, 2, GUIDE), bold=True, top=False)
        self.text(1, 2, "\n".join(lines), width=100)
        column = self.column
        bands = [("answer", "reason", "Diisi unit kerja"), ("tpi_answer", "returned", "Diisi TPI")]
        if "tpn_answer" in column:
            bands.append(("tpn_answer", "tpn_note", "Menurut TPN"))
        for first, last, text in bands:
            self.paint(frame(self.sheet, 1, column[first], column[last]), "heading", centre=True)
            merge(self.sheet, 1, column[first], column[last])
            self.text(1, column[first], text, width=50)
        self.paint(frame(self.sheet, head, 2, self.last), "heading", centre=True)
        merge(self.sheet, head, 2, LAST_TITLE)
        named = {2: "Penilaian", column["weight"]: "Bobot", GUIDE: "Penjelasan"}
        named |= {column["type"]: "Pilihan Jawaban"}
        for place, text in (*named.items(), *((column[r], t) for r, t in self.headings.items())):
            self.text(head, place, text)

    def _title(self, row: int, key: str, text: str) -> None:
        """Write a label and a title in the columns of their depth."""
        at = FIRST_LABEL + key.count(".")
        self.sheet.cell(row, at).value = f"{key.rpartition('.')[2]}."
        if at + 1 < LAST_TITLE:
            merge(self.sheet, row, at + 1, LAST_TITLE)
        letters = (column_letter(place - 1) for place in range(at + 1, LAST_TITLE + 1))
        self.text(row, at + 1, text, width=sum(WIDTHS[letter] for letter in letters) * 0.9)

    def _node(self, key: str) -> None:
        node, row = self.instrument.nodes[key], self.layout.node_rows[key]
        self.paint(frame(self.sheet, row, 2, self.last), node.kind)
        self._title(row, key, node.title if node.kind == "subarea" else node.title.upper())
        self._weight(row, node.weight)
        for role in ("value", "percent", "tpi_value", "tpi_percent"):
            self.paint([self.sheet.cell(row, self.column[role])], node.kind, centre=True)

    def _weight(self, row: int, weight: float) -> None:
        cell = self.sheet.cell(row, self.column["weight"])
        cell.value, cell.number_format = weight, "0.00"
        cell.alignment = Alignment(horizontal="center", vertical="center")

    def _question(self, question: Question) -> None:
        row = self.layout.rows[question.id]
        self._paint_line(row, is_ratio=bool(question.inputs))
        self._title(row, question.id, question.text)
        if question.weight is not None:
            self._weight(row, question.weight)
        options = (f"{code}: {text}" for code, text in question.options.items())
        self.text(row, GUIDE, "\n".join([*options, *filter(None, [question.guide])]))
        kind = self.column["type"]
        self.text(row, kind, type_text(question.scale))
        for item in question.inputs:
            line = self.layout.rows[input_key(question, item)]
            self._paint_line(line, is_ratio=item.is_derived)
            self.text(line, LAST_TITLE, f"- {item.text}")
            self.text(line, kind, COUNT.capitalize())
        self._answer(question, row)

    def _paint_line(self, row: int, *, is_ratio: bool) -> None:
        """Paint a line of a question; a ratio's own answer cell is computed."""
        column = self.column
        self.paint(frame(self.sheet, row, 2, self.last))
        for role in self.headings:
            kind = "unit" if role in UNIT_ROLES else "tpi"
            is_computed = role.endswith(("value", "percent"))
            if is_computed or (is_ratio and role.endswith("answer")):
                kind = "computed"
            is_centred = is_computed or role.endswith("answer")
            self.paint(
                [self.sheet.cell(row, column[role])], kind, centre=is_centred, top=not is_centred
            )
        for role in ("weight", "type"):
            self.paint([self.sheet.cell(row, column[role])], centre=True, top=False)

    def _answer(self, question: Question, row: int) -> None:
        answer = self.assessment.answers.get(question.id, Answer())
        if not self.is_tpi:
            answer = replace(answer, tpi=None, tpi_note="", returned="")
        given = [("answer", answer.unit), ("tpi_answer", answer.tpi)]
        if "tpn_answer" in self.column:
            given.append(("tpn_answer", answer.tpn))
        for role, value in given:
            for place, (key, content) in enumerate(answer_cells(question, value).items()):
                cell = self.sheet.cell(self.layout.rows[key], self.column[role])
                if isinstance(content, str):
                    put_text(cell, content)
                else:
                    cell.value = content
                    if isinstance(content, float):
                        place_of = (self.layout.rows[key] - 1, self.column[role] - 1)
                        self.numbers[place_of] = CellEdit(content)
                name = cell_reference(self.layout.rows[key] - 1, self.column[role] - 1)
                is_first = place == 0 and bool(question.not_applicable)
                add_validation(self.sheet, question, name, is_first)
        texts = {
            "note": answer.note,
            "evidence": "\n".join(" ".join(line.split("\n")) for line in answer.evidence),
            "reason": answer.reason if answer.unit is NOT_APPLICABLE else "",
            "tpi_note": answer.tpi_note,
            "returned": answer.returned,
            **({"tpn_note": answer.tpn_note} if "tpn_note" in self.column else {}),
        }
        for role, text in texts.items():
            if text:
                self.text(row, self.column[role], text, key=question.id)

    def _lines_without_scores(self) -> None:
        for text, row in self.layout.headings.items():
            self.paint(frame(self.sheet, row, 2, self.last), "caption", bold=True)
            merge(self.sheet, row, LAST_TITLE - 1, LAST_TITLE)
            self.text(row, LAST_TITLE - 1, text)
        for key, row in self.layout.totals.items():
            self.paint(frame(self.sheet, row, 2, self.last), "total")
            node = self.instrument.nodes.get(key)
            title = f"TOTAL {node.title.upper()}" if node else "NILAI EVALUASI ZONA INTEGRITAS"
            merge(self.sheet, row, 2, GUIDE)
            self.text(row, 2, title, width=100)
            for role in ("value", "tpi_value"):
                self.paint([self.sheet.cell(row, self.column[role])], "total", centre=True)

    def _finish(self) -> None:
        sheet, columns = self.sheet, self.layout.columns
        set_widths(sheet, WIDTHS)
        set_heights(sheet, self.texts)
        sheet.row_dimensions[(self.layout.header_row or 2) + 1].height = 4
        bottom = max(self.layout.totals.values())
        for letter in (columns.answer, columns.value, columns.tpi_answer, columns.tpi_value):
            mark_open(sheet, f"{letter}4:{letter}{bottom}")
        sheet.freeze_panes = "H4"
        is_wide = self.is_tpi and self._has_tpi()
        end = column_letter(self.last - 1) if is_wide else columns.evidence
        head = self.layout.header_row or 2
        name = self.assessment.unit.name
        set_print(sheet, f"B1:{end}{bottom}", f"{head}:{head}", name, is_wide=is_wide)

    def _has_tpi(self) -> bool:
        answers = self.assessment.answers.values()
        return any(a.tpi is not None or a.tpi_note or a.returned for a in answers)


def _has_tpn(answer: Answer) -> bool:
    return answer.tpn is not None or bool(answer.tpn_note)


def export_workbook(
    assessment: Assessment,
    instrument: Instrument,
    layout: WorkbookLayout,
    stage: Stage = Stage.TPI,
) -> WorkbookExport:
    """Return an assessment as a workbook; the same input gives the same bytes.

    Every formula carries the value it has now, so that a viewer that does not calculate shows the
    figures, and the workbook asks to be calculated anew when it is opened.

    Parameters
    ----------
    layout
        One that says where every node and total stands (the layout of 2021).
    stage
        ``Stage.UNIT`` leaves out what the TPI answered and wrote, and ``Stage.TPI`` what the TPN
        did.
    """
    book = Workbook()
    recaps = list(layout.recaps)
    first = book.active
    assert isinstance(first, Worksheet)
    sheets = [first, *(book.create_sheet() for _ in recaps)]
    for sheet, name in zip(sheets, (*recaps, layout.sheet), strict=True):
        sheet.title = name
    writer = _Writer(sheets[-1], assessment, instrument, layout, stage)
    writer.write()
    for name, sheet in zip(recaps, sheets, strict=False):
        write_recap(
            sheet, instrument, layout, layout.recaps[name], writer.plans, assessment, writer.painter
        )
    book.active = len(recaps)
    for sheet in sheets:
        sheet.sheet_view.tabSelected = sheet is sheets[-1]
    book.calculation = CalcProperties(fullCalcOnLoad=True)
    stream = io.BytesIO()
    book.save(stream)
    names = {sheet.title: f"xl/worksheets/sheet{n}.xml" for n, sheet in enumerate(sheets, 1)}
    data = _with_values(Book(layout.sheet, stream.getvalue(), names), layout.sheet, writer.numbers)
    parts = dict(unpack(data)) | {"docProps/core.xml": CORE.encode()}
    return WorkbookExport(pack(parts.items()), tuple(writer.problems))


def _with_values(book: Book, main: str, numbers: Mapping[tuple[int, int], CellEdit]) -> bytes:
    """Return the workbook with the value of each formula beside it.

    The typed ``numbers`` of the sheet ``main`` are written again, because openpyxl rounds them to
    16 digits.
    """
    cells = read_cells(book)
    calculator = Calculator(cells)
    edits: dict[str, dict[tuple[int, int], CellEdit]] = {sheet: {} for sheet in book.parts}
    edits[main] |= numbers
    for (sheet, row, column), cell in cells.items():
        if cell.formula:
            value = calculator.value((sheet, row, column))
            edits[sheet][row, column] = CellEdit(value, cell.formula)
    return edit_workbook(book.data, book.parts, edits)
