"""An assessment put into a team's own workbook: only the cells that differ change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from zi_eval.core.assessment import NOT_APPLICABLE, Answer, Assessment, Stage, Value
from zi_eval.core.instrument import Instrument, Question
from zi_eval.core.problems import Problem
from zi_eval.instruments.layouts import WorkbookLayout
from zi_eval.lke.cells import NOT_APPLICABLE_TEXT, describe, is_open
from zi_eval.lke.formulas import answer_cells
from zi_eval.lke.match import input_key
from zi_eval.lke.place import PlacedSheet, place_sheet
from zi_eval.lke.reading import WorkbookReading, read_sheet
from zi_eval.sheets.book import open_book
from zi_eval.sheets.cells import SheetCell, read_cells
from zi_eval.sheets.edit import CellEdit, clean_text, edit_workbook, fit_text
from zi_eval.sheets.grid import cell_problems

__all__ = ["CellChange", "WorkbookFill", "fill_workbook"]


@dataclass(frozen=True, slots=True)
class CellChange:
    """One cell that changed: its name, its question, what stood there and what stands there now."""

    cell: str
    key: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class WorkbookFill:
    """A filled copy: its bytes, the sheet, what changed, and what could not be put in."""

    data: bytes
    sheet: str
    changes: tuple[CellChange, ...]
    problems: tuple[Problem, ...]


class _Filler:
    """Collects the edits of one placed sheet."""

    def __init__(
        self,
        sheet: PlacedSheet,
        reading: WorkbookReading,
        cells: dict[tuple[int, int], SheetCell],
        file: str,
    ) -> None:
        self.sheet = sheet
        self.reading = reading
        self.cells = cells
        self.edits: dict[tuple[int, int], CellEdit] = {}
        self.changes: list[CellChange] = []
        self.problems = cell_problems(file, sheet.grid.sheet)

    def fill(self, question: Question, answer: Answer) -> None:
        """Put one question's answer in where it differs from what is read there now."""
        now, columns = self.reading.answers.get(question.id, Answer()), self.sheet.columns
        sides = (
            ("jawaban", columns.answer, answer.unit, now.unit),
            ("jawaban TPI", columns.tpi_answer, answer.tpi, now.tpi),
            ("jawaban TPN", columns.tpn_answer, answer.tpn, now.tpn),
        )
        for name, column, value, there in sides:
            self._value(question, name, column, value, there)
        texts = (
            ("catatan", (columns.note,), answer.note, now.note),
            ("catatan TPI", (columns.tpi_note,), answer.tpi_note, now.tpi_note),
            ("catatan TPN", (columns.tpn_note,), answer.tpn_note, now.tpn_note),
            ("bukti", columns.evidence or (None,), _evidence(answer), _evidence(now)),
            ("alasan tidak berlaku", (columns.reason,), answer.reason, now.reason),
            ("pengembalian TPI", (columns.returned,), answer.returned, now.returned),
        )
        for name, places, text, was in texts:
            self._text(question, name, tuple(places), text, was)

    def _value(
        self,
        question: Question,
        name: str,
        column: int | None,
        value: Value | None,
        there: Value | None,
    ) -> None:
        if value == there:
            return
        if value is None:
            self._keep(question, name)
            return
        if column is None:
            self._no_column(question, name)
            return
        if value is NOT_APPLICABLE and not self._knows_no_object(question, column):
            self.problems.warning(
                "tidak-berlaku-tidak-dikenal",
                f"{name} '{NOT_APPLICABLE_TEXT}' tidak dapat dihitung oleh rumus di lembar ini; "
                "jumlahnya dibiarkan, sehingga pertanyaan ini tidak ikut rata-rata di sana.",
                "Sebutkan alasannya di catatan, atau kirim hasil 'zi-eval export' tanpa --into.",
                key=question.id,
            )
            return
        for key, content in answer_cells(question, value).items():
            row = self.sheet.placement.rows.get(key)
            if row is None:
                self._no_row(key)
                continue
            if isinstance(content, int) and not isinstance(content, bool):
                content = float(content)
            self._put(question.id, (row, column), content)

    def _knows_no_object(self, question: Question, column: int) -> bool:
        """Whether the ratio's formula in this workbook asks for "Tidak berlaku"."""
        row = self.sheet.placement.rows.get(question.id)
        cell = None if row is None else self.cells.get((row, column))
        return cell is not None and f'"{NOT_APPLICABLE_TEXT.casefold()}"' in cell.formula.casefold()

    def _text(
        self, question: Question, name: str, columns: tuple[int | None, ...], text: str, was: str
    ) -> None:
        text = clean_text(text).strip()
        if text == was or is_open(text):
            if was and not text:
                self._keep(question, name)
            return
        first, *others = columns
        if first is None:
            self._no_column(question, name)
            return
        lines = [row for key in _keys(question) if (row := self._row(key)) is not None]
        if not lines:
            self._no_row(question.id)
            return
        fitted, is_cut = fit_text(text)
        if is_cut:
            self.problems.warning(
                "teks-terpotong",
                f"{name} lebih panjang daripada yang muat dalam satu sel Excel dan dipotong.",
                "Ringkas teks itu.",
                at=(lines[0], first),
                key=question.id,
            )
        self._put(question.id, (lines[0], first), fitted)
        # The rest of what was one text there, or it would be read together with the new one.
        for row in lines:
            for column in (first, *others):
                if (row, column) != (lines[0], first) and column is not None:
                    self._put(question.id, (row, column), None)

    def _row(self, key: str) -> int | None:
        return self.sheet.placement.rows.get(key)

    def _put(self, key: str, place: tuple[int, int], content: float | str | None) -> None:
        cell = self.cells.get(place, SheetCell())
        if not cell.formula and (cell.value == content or (content is None and cell.value is None)):
            return
        self.edits[place] = CellEdit(content)
        before = cell.formula or ("" if cell.value is None else describe(cell.value))
        after = "" if content is None else describe(content)
        self.changes.append(CellChange(self.sheet.grid.name(*place), key, before, after))

    def _keep(self, question: Question, name: str) -> None:
        self.problems.warning(
            "isian-dibiarkan",
            f"{name} kosong di berkas unit, tetapi terisi di lembar kerja; isinya dibiarkan.",
            "Ambil dengan 'zi-eval import', atau kosongkan selnya sendiri.",
            key=question.id,
        )

    def _no_column(self, question: Question, name: str) -> None:
        self.problems.warning(
            "kolom-tidak-ada",
            f"lembar kerja ini tidak mempunyai kolom {name}; isinya tidak ditulis.",
            "Tambahkan kolom berjudul itu di lembar kerja, lalu ulangi.",
            key=question.id,
        )

    def _no_row(self, key: str) -> None:
        self.problems.warning(
            "butir-tanpa-baris",
            "barisnya tidak ditemukan di lembar kerja; isinya tidak ditulis.",
            "Kembalikan barisnya dari lembar resmi, lalu ulangi.",
            key=key,
        )


def _keys(question: Question) -> Iterator[str]:
    yield question.id
    for item in question.inputs:
        yield input_key(question, item)


def _evidence(answer: Answer) -> str:
    lines: Iterable[str] = (" ".join(line.split("\n")) for line in answer.evidence)
    return "\n".join(lines)


def fill_workbook(
    path: Path,
    assessment: Assessment,
    instrument: Instrument,
    layouts: tuple[WorkbookLayout, ...],
    stage: Stage = Stage.TPI,
) -> WorkbookFill:
    """Return a copy of a workbook with an assessment's answers, notes and evidence in it.

    Cells are found as the reader finds them. What the assessment leaves empty stays as it is in
    the workbook and is reported, so that nothing filled in there is lost.

    Parameters
    ----------
    path
        The team's workbook; it is not written to.
    stage
        ``Stage.UNIT`` leaves the TPI's columns alone, and ``Stage.TPI`` the TPN's.

    Raises
    ------
    WorkbookError
        Where it cannot be read at all.
    """
    book = open_book(path)
    placed, _ = place_sheet(book, instrument, layouts)
    reading = read_sheet(placed, instrument, str(path), comments=False)
    sheet = placed.grid.sheet
    cells = {place[1:]: cell for place, cell in read_cells(book, [sheet]).items()}
    filler = _Filler(placed, reading, cells, str(path))
    for question in instrument.questions.values():
        answer = assessment.answers.get(question.id, Answer())
        # Cells of later evaluators are not this stage's business, whatever stands in them.
        now = reading.answers.get(question.id, Answer())
        if stage is Stage.UNIT:
            answer = replace(answer, tpi=now.tpi, tpi_note=now.tpi_note, returned=now.returned)
        if stage is not Stage.TPN:
            answer = replace(answer, tpn=now.tpn, tpn_note=now.tpn_note)
        filler.fill(question, answer)
    data = edit_workbook(book.data, book.parts, {sheet: filler.edits})
    return WorkbookFill(data, sheet, tuple(filler.changes), tuple(filler.problems))
