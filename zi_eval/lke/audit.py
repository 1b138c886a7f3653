"""What is wrong in a team's LKE workbook, where, and how many points each thing moves.

The workbook is mended in memory: every weight, type and formula as it should be, every answer as
it is read. Each damage is then put back alone, and the total computed again; what it moves is its
points. Formulas that give the right thing in another way are left as the team wrote them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from zi_eval.core.assessment import Assessment, Stage, Unit
from zi_eval.core.instrument import Instrument
from zi_eval.core.scoring import Scorecard, score_assessment
from zi_eval.errors import WorkbookError
from zi_eval.instruments.layouts import WorkbookLayout
from zi_eval.lke.answers import check_answers, right_answers
from zi_eval.lke.findings import AuditFinding, WorkbookAudit
from zi_eval.lke.match import Placement, input_key
from zi_eval.lke.model import Expected, is_same, sheet_model
from zi_eval.lke.place import PlacedSheet, place_sheet
from zi_eval.lke.plans import RecapSheet, find_plans, find_recaps
from zi_eval.lke.reading import WorkbookReading, read_sheet
from zi_eval.lke.verdicts import (
    SAVED_CLOSE,
    Suspect,
    judge_cell,
    judge_elsewhere,
    judge_saved,
    named_cells,
    show,
)
from zi_eval.sheets.book import Book, open_book
from zi_eval.sheets.calc import Calculator
from zi_eval.sheets.cells import CellPlace, SheetCell, read_cells
from zi_eval.sheets.functions import ErrorValue, UnknownFormula
from zi_eval.sheets.grid import cell_reference

__all__ = ["AuditedWorkbook", "audit_workbook", "audit_workbooks", "inspect_workbook"]


class AuditedWorkbook:
    """A workbook under audit.

    Attributes
    ----------
    book, model
        The workbook, and what should stand in it.
    suspects
        What was found, with the cell as it should be.
    base
        The mended workbook's cells.
    """

    def __init__(
        self,
        book: Book,
        placed: PlacedSheet,
        reading: WorkbookReading,
        instrument: Instrument,
        defects: Mapping[str, tuple[str, str | None]],
    ) -> None:
        self.defects = defects
        self.book, self.placed, self.reading = book, placed, reading
        self.instrument = instrument
        self.cells = read_cells(book)
        self.sheet = placed.grid.sheet
        plans = find_plans(placed, self.cells, instrument)
        self.model = sheet_model(instrument, self.sheet, self.cells, plans, placed.kind)
        self.recaps = find_recaps(self.cells, book.parts, self.sheet, plans, instrument)
        for recap in self.recaps:
            self._expect_recap(recap)
        assessment = Assessment(Unit("", ""), instrument.id, "", answers=reading.answers)
        self.card = score_assessment(instrument, assessment)
        self.by_tpi = score_assessment(instrument, assessment, Stage.TPI)
        self.suspects: dict[CellPlace, Suspect] = {}
        self._judge()
        self.base = self._mend()
        self.now = Calculator(self.base)

    def _expect_recap(self, recap: RecapSheet) -> None:
        for (row, column), role, key, formula in recap.formulas:
            place = (recap.sheet, row, column)
            if role == "weight":
                node = self.instrument.nodes.get(key)
                weight = node.weight if node else self.instrument.questions[key].weight
                self.model.expected[place] = Expected("recap-weight", key, formula, weight)
            else:
                kind = "recap-percent" if role == "percent" else "recap"
                self.model.expected[place] = Expected(kind, key, formula)

    def _judge(self) -> None:
        for place, expected in self.model.expected.items():
            suspect = judge_cell(self.model, place, expected, self.placed.placement.kinds)
            if suspect is not None:
                self.suspects[place] = suspect
        for place, cell in self.cells.items():
            if cell.formula and place not in self.suspects:
                suspect = judge_elsewhere(self.model, place, cell)
                if suspect is not None:
                    self.suspects[place] = suspect

    def _mend(self) -> dict[CellPlace, SheetCell]:
        """Return the cells with all damage mended.

        A formula that is right and still gives something else for these answers, such as a
        division by zero that we rule, is replaced by ours.
        """
        answers = right_answers(self.model, self.reading.answers)
        right = Calculator({**self.model.right(), **answers})
        mended = {**self.cells, **answers}
        for place in self.suspects:
            if place in self.model.expected:
                mended[place] = self.model.expected[place].cell
        own = Calculator(mended)
        for place, expected in self.model.expected.items():
            if expected.formula and place not in self.suspects:
                try:
                    is_right = is_same(own.value(place), right.value(place))
                except UnknownFormula:
                    is_right = False
                if not is_right or not isinstance(own.number(place), float):
                    mended[place] = expected.cell
        return mended

    def points(self, place: CellPlace, cell: SheetCell) -> tuple[float | None, float | None]:
        """Return what a cell moves when it alone is as given: the total, and its own figure."""
        changed = Calculator(self.base, {place: cell})
        total = next(
            (recap.total for recap in self.recaps if recap.sheet == place[0]), self.model.total
        )
        before, after = self.now.number(place), changed.number(place)
        here = None if before is None or after is None else after - before
        if total is None:
            return 0.0, here
        is_tpi = len(self.model.plans) > 1 and place[0] == self.sheet
        if is_tpi and place[2] >= self.model.plans[1].answer:
            total = (total[0], total[1], self.model.plans[1].value)
        was, now = self.now.number(total), changed.number(total)
        if was is None and now is None:
            return 0.0, here
        if now is None:
            return None, here
        return now - (was or 0.0), here

    def findings(self) -> Iterator[AuditFinding]:
        """Yield every damage, each marked where the official workbook has it itself."""
        for finding in self._findings():
            code, found = self.defects.get(f"{finding.sheet}!{finding.cell}", ("", None))
            is_template = finding.code == code and found in (None, finding.found)
            yield replace(finding, is_template=is_template)

    def _findings(self) -> Iterator[AuditFinding]:
        for place, suspect in self.suspects.items():
            cell = self.cells.get(place, SheetCell())
            if suspect.is_unknown and isinstance(cell.value, float):
                # Only the figure saved with it can be held against the right one.
                cell = replace(cell, formula="")
                if is_same(cell.value, self.now.value(place), SAVED_CLOSE):
                    continue
            points, here = self.points(place, cell)
            yield _finding(place, suspect, points, here)
        for place, suspect in check_answers(self.model, self.reading, self.card, self.placed):
            points, here = self.points(place, self.cells.get(place, SheetCell()))
            yield _finding(place, suspect, points, here)
        for place, suspect in judge_saved(self.model, self.suspects):
            saved = replace(self.cells[place], formula="")
            points, here = self.points(place, saved)
            yield _finding(place, suspect, points, here)
        for recap in self.recaps:
            for row, column, title in recap.strangers:
                suspect = Suspect(
                    "rekap-baris",
                    "",
                    "baris rekap ini menunjuk bagian yang sudah ada di baris lain; bukan bagian "
                    "tersendiri dalam instrumen.",
                    title,
                    "satu baris untuk tiap bagian",
                )
                yield _finding((recap.sheet, row, column), suspect, 0.0, None)

    def notes(self) -> Iterator[AuditFinding]:
        """Yield the open questions that an average passes over, and right formulas that err."""
        yield from self._errors()
        for key in self.instrument.nodes:
            score = self.card.nodes[key]
            if not self.instrument.is_mean(key) or score.score is None:
                continue
            missing = score.questions - score.answered
            row = self.placed.placement.rows.get(key)
            if missing and row is not None and self.model.plans:
                suspect = Suspect(
                    "terbuka-tertutup-rata-rata",
                    key,
                    f"{missing} dari {score.questions} pertanyaan belum diisi dan dilewati "
                    "rata-rata.",
                    _points(score.score),
                    f"{_points(score.floor)} bila yang kosong dihitung 0",
                )
                place = (self.sheet, row, self.model.plans[0].value)
                gain = score.score - score.floor
                yield _finding(place, suspect, gain, gain)

    def _errors(self) -> Iterator[AuditFinding]:
        """Yield where right formulas begin to give errors: nothing filled in, or zero to divide by.

        The workbook then shows no total, though nothing in it is damaged.
        """
        calculator = Calculator(self.cells)
        if self.card.total.score is None:
            return
        for place, expected in self.model.expected.items():
            cell = self.cells.get(place, SheetCell())
            if place in self.suspects or not cell.formula or place[0] != self.sheet:
                continue
            read = [(self.sheet, *found) for found in named_cells(cell.formula)]
            if is_error(calculator, place) and not any(is_error(calculator, one) for one in read):
                suspect = Suspect(
                    "hasil-galat",
                    expected.key,
                    "rumusnya benar, tetapi memberi galat karena isiannya kosong atau pembaginya "
                    "0; jumlah di atasnya ikut galat.",
                    show(SheetCell(calculator.value(place))),
                    "isian yang lengkap",
                )
                yield _finding(place, suspect, None, None)

    def shown(self) -> float | None:
        """Return the total as the workbook shows it: the saved one, else the computed one."""
        total = self.model.total
        if total is None:
            return None
        value = self.cells.get(total, SheetCell()).value
        if isinstance(value, float) and not isinstance(value, bool):
            return value
        return Calculator(self.cells).number(total)


def is_error(calculator: Calculator, place: CellPlace) -> bool:
    """Whether a cell shows an error."""
    try:
        return isinstance(calculator.value(place), ErrorValue)
    except UnknownFormula:
        return False


def _points(score: float) -> str:
    return f"{score:.2f}".replace(".", ",")


def _finding(
    place: CellPlace, suspect: Suspect, points: float | None, here: float | None
) -> AuditFinding:
    return AuditFinding(
        code=suspect.code,
        sheet=place[0],
        cell=cell_reference(place[1], place[2]),
        key=suspect.key,
        message=suspect.message,
        found=suspect.found,
        expected=suspect.expected,
        points=points,
        here=here,
        is_fixable=suspect.is_fixable,
    )


def _worst_first(finding: AuditFinding) -> tuple[bool, float, str, str]:
    return finding.points is not None, -abs(finding.points or 0.0), finding.sheet, finding.cell


def _adopt_rows(placement: Placement, instrument: Instrument) -> Placement:
    """Take an unknown row right below a ratio's line for the input that is missing there.

    A count whose answer type was overwritten looks like a question of its own.
    """
    rows, kinds = dict(placement.rows), dict(placement.kinds)
    extra = {row.row: row for row in placement.extra}
    for question in instrument.questions.values():
        above = rows.get(question.id)
        for item in question.inputs:
            key = input_key(question, item)
            if key not in rows and above is not None and above + 1 in extra:
                row = extra.pop(above + 1)
                rows[key], kinds[key] = row.row, row.kind
            above = rows.get(key)
    return replace(placement, rows=rows, kinds=kinds, extra=tuple(extra.values()))


def inspect_workbook(
    path: Path, instrument: Instrument, layouts: Sequence[WorkbookLayout]
) -> AuditedWorkbook:
    """Open a workbook for an audit.

    Raises
    ------
    WorkbookError
        Where it cannot be read.
    """
    book = open_book(path)
    placed, _ = place_sheet(book, instrument, layouts)
    placed = replace(placed, placement=_adopt_rows(placed.placement, instrument))
    reading = read_sheet(placed, instrument, str(path))
    defects = {cell: defect for layout in layouts for cell, defect in layout.defects.items()}
    return AuditedWorkbook(book, placed, reading, instrument, defects)


def summarize(audited: AuditedWorkbook, name: str) -> WorkbookAudit:
    """Return the result of an audit."""
    total: Scorecard = audited.card
    found = sorted(audited.findings(), key=_worst_first)
    return WorkbookAudit(
        file=name,
        sheet=audited.sheet,
        findings=tuple(item for item in found if item.is_moving or not item.is_template),
        template=tuple(item for item in found if item.is_template and not item.is_moving),
        notes=tuple(audited.notes()),
        shown=audited.shown(),
        score=total.total.score,
        answered=total.total.answered,
        questions=total.total.questions,
    )


def audit_workbook(
    path: Path, instrument: Instrument, layouts: Sequence[WorkbookLayout]
) -> WorkbookAudit:
    """Audit one workbook.

    Raises
    ------
    WorkbookError
        Where it cannot be read.
    """
    return summarize(inspect_workbook(path, instrument, layouts), str(path))


def audit_workbooks(
    paths: Sequence[Path], instrument: Instrument, layouts: Sequence[WorkbookLayout]
) -> Iterator[WorkbookAudit]:
    """Audit several workbooks; one that cannot be read says why instead."""
    for path in paths:
        try:
            yield audit_workbook(path, instrument, layouts)
        except WorkbookError as error:
            yield WorkbookAudit(file=str(path), failure=str(error))
