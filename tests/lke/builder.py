"""Synthetic LKE workbooks laid out like the official one, from the instrument's own data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from openpyxl import Workbook
from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from zi_eval.core.assessment import Answer, Value
from zi_eval.core.instrument import Instrument, Question
from zi_eval.instruments.layouts import WorkbookLayout

FIRST_LABEL = 2
TYPE, ANSWER = 10, 11
HYPHEN_LABELS = ("A.II.1.ii.a", "A.II.4.ii.a", "A.II.5.iii.a", "A.II.5.iii.b")
SUBHEADINGS = {"A.II.5.iii.a": "i.", "A.II.5.iii.b": ""}
SWAPPED_LABELS = {"A.I.6.v.b": "c. ", "A.I.6.v.c": "b."}


@dataclass
class Sheet:
    """A workbook under construction; ``rows`` gives the 1-based row of each id."""

    book: Workbook
    sheet: Worksheet
    rows: dict[str, int] = field(default_factory=dict)
    columns: dict[str, int] = field(default_factory=dict)

    def cell(self, identifier: str, role: str = "answer"):
        return self.sheet.cell(self.rows[identifier], self.columns[role])

    def name(self, identifier: str, role: str = "answer") -> str:
        letter = get_column_letter(self.columns[role])
        return f"{self.sheet.title}!{letter}{self.rows[identifier]}"

    def save(self, folder: Path, name: str = "lke.xlsx") -> Path:
        path = folder / name
        self.book.save(path)
        return path


def type_text(question: Question) -> str:
    if question.scale.kind == "choice":
        return "/".join(question.scale.values)
    return "%" if question.scale.kind == "ratio" else "Nilai\n(0-4)"


def build(
    instrument: Instrument,
    layout: WorkbookLayout,
    answers: Mapping[str, Answer] | None = None,
    *,
    has_tpi: bool = False,
    headings: bool = True,
) -> Sheet:
    book = Workbook()
    book.active.title = "Utama"
    sheet = book.create_sheet(layout.sheet)
    made = Sheet(book, sheet)
    for role in ("answer", "note", "evidence"):
        made.columns[role] = column_index_from_string(getattr(layout.columns, role))
    last = max(made.columns.values())
    if has_tpi:
        made.columns |= {"tpi_answer": last + 1, "tpi_note": last + 4}
    if headings:
        _write_headings(made, last, has_tpi)
    row = 4
    for identifier in instrument.order:
        if identifier in instrument.nodes:
            node = instrument.nodes[identifier]
            column = FIRST_LABEL + identifier.count(".")
            sheet.cell(row, column).value = f"{identifier.rpartition('.')[2]}."
            sheet.cell(row, column + 1).value = node.title.upper()
            sheet.cell(row, 8).value = node.weight
            made.rows[identifier] = row
            row += 1 if identifier != "A.I.5.iv" else 2
        else:
            row = _write_question(made, instrument.questions[identifier], row)
    for number in range(1, row):
        sheet.cell(number, 1).value = number
    for identifier, answer in (answers or {}).items():
        fill(made, instrument.questions[identifier], answer)
    return made


def _write_headings(made: Sheet, last: int, has_tpi: bool) -> None:
    sheet = made.sheet
    sheet.cell(1, 2).value = "LEMBAR KERJA EVALUASI " * 6
    sheet.merge_cells(start_row=1, start_column=2, end_row=1, end_column=15)
    for column, text in (
        (2, "Penilaian"),
        (8, "Bobot"),
        (9, "Penjelasan"),
        (10, "Pilihan Jawaban"),
    ):
        sheet.cell(2, column).value = text
    sheet.cell(2, made.columns["answer"]).value = "Jawaban"
    sheet.cell(2, made.columns["note"]).value = "Catatan/Keterangan/Penjelasan"
    sheet.cell(2, made.columns["evidence"]).value = "Link Bukti Dukung"
    if has_tpi:
        sheet.cell(2, last + 1).value = "Hasil Evaluasi TPI"
        sheet.merge_cells(start_row=2, start_column=last + 1, end_row=2, end_column=last + 4)
        for offset, text in enumerate(("Jawaban", "Nilai", "%", "Catatan"), 1):
            sheet.cell(3, last + offset).value = text


def _write_question(made: Sheet, question: Question, row: int) -> int:
    sheet, level = made.sheet, question.id.count(".")
    if question.id in SUBHEADINGS:
        label = SUBHEADINGS[question.id]
        sheet.cell(row, FIRST_LABEL + level - 1).value = label or None
        sheet.cell(row, FIRST_LABEL + level).value = "Penyampaian Laporan"
        row += 1
    made.rows[question.id] = row
    letter = question.id.rpartition(".")[2]
    label = SWAPPED_LABELS.get(question.id, letter if letter == "d" else f"{letter}.")
    sheet.cell(row, FIRST_LABEL + level).value = "-" if question.id in HYPHEN_LABELS else label
    sheet.cell(row, FIRST_LABEL + level + 1).value = question.text
    sheet.cell(row, TYPE).value = type_text(question)
    if question.inputs:
        sheet.cell(row, ANSWER).value = "=1/1"
    for item in question.inputs:
        row += 1
        made.rows[f"{question.id}.{item.number}"] = row
        sheet.cell(row, FIRST_LABEL + level + 1).value = f"- {item.text}"
        sheet.cell(row, TYPE).value = "Jumlah"
        if item.is_derived:
            sheet.cell(row, ANSWER).value = "=1+1"
    return row + 1


def fill(made: Sheet, question: Question, answer: Answer) -> None:
    _fill_value(made, question, answer.unit, "answer")
    _fill_text(made.cell(question.id, "note"), answer.note)
    made.cell(question.id, "evidence").value = "\n".join(answer.evidence) or None
    if "tpi_answer" in made.columns:
        _fill_value(made, question, answer.tpi, "tpi_answer")
        _fill_text(made.cell(question.id, "tpi_note"), answer.tpi_note)


def _fill_text(cell, text: str) -> None:
    cell.value = text or None
    if text.startswith("="):
        cell.data_type = "s"  # a text, no formula


def _fill_value(made: Sheet, question: Question, value: Value | None, role: str) -> None:
    if isinstance(value, tuple):
        for item, number in zip(question.asked_inputs, value, strict=True):
            made.cell(f"{question.id}.{item.number}", role).value = number
    elif value is not None:
        made.cell(question.id, role).value = value
