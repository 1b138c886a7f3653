"""Auditing the answers of a workbook: outside their list, not understood, counts that cannot be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from zi_eval.core.assessment import Answer
from zi_eval.core.instrument import Instrument, Question, Share
from zi_eval.core.scoring import Scorecard
from zi_eval.lke.cells import (
    COUNT_ALLOWED,
    CellError,
    is_not_applicable,
    is_open,
    number_text,
    parse_cell,
    parse_count,
)
from zi_eval.lke.formulas import SheetPlan, answer_cells
from zi_eval.lke.match import input_key
from zi_eval.lke.model import Model, is_same
from zi_eval.lke.place import PlacedSheet
from zi_eval.lke.reading import WorkbookReading
from zi_eval.lke.verdicts import Suspect, show
from zi_eval.sheets.calc import Calculator
from zi_eval.sheets.cells import CellPlace, SheetCell
from zi_eval.sheets.functions import ErrorValue, UnknownFormula

__all__ = ["check_answers", "right_answers"]

ANSWERS = Mapping[str, Answer]


def _allowed(question: Question) -> str:
    scale = question.scale
    if scale.kind == "choice":
        return " / ".join(scale.values)
    return COUNT_ALLOWED if question.inputs else f"angka dari 0 sampai {number_text(scale.top)}"


def right_answers(model: Model, answers: ANSWERS) -> dict[CellPlace, SheetCell]:
    """Return the answer cells as they are read: what is no answer is left empty."""
    cells: dict[CellPlace, SheetCell] = {}
    for number, plan in enumerate(model.plans):
        for question in model.instrument.questions.values():
            answer = answers.get(question.id, Answer())
            value = answer.unit if number == 0 else answer.tpi
            for key, content in answer_cells(question, value).items():
                if key in plan.rows:
                    number_or_text = float(content) if isinstance(content, int) else content
                    place = (model.sheet, plan.rows[key], plan.answer)
                    cells[place] = SheetCell(number_or_text)
    return cells


def _lines(question: Question) -> Iterator[str]:
    if not question.inputs:
        yield question.id
    for item in question.asked_inputs:
        yield input_key(question, item)


def check_answers(
    model: Model, reading: WorkbookReading, card: Scorecard, placed: PlacedSheet
) -> Iterator[tuple[CellPlace, Suspect]]:
    """Yield the answer cells that are wrong, each with what is wrong."""
    sheet, rows = placed.grid.sheet, placed.placement.rows
    columns = [placed.columns.answer]
    if placed.columns.tpi_answer is not None:
        columns.append(placed.columns.tpi_answer)
    for column in columns:
        for question in model.instrument.questions.values():
            for key in _lines(question):
                if key in rows:
                    place = (sheet, rows[key], column)
                    suspect = _judge_answer(question, key, model.cells.get(place))
                    if suspect is not None:
                        yield place, suspect
    yield from _unread(model, reading)
    yield from _too_many(model.instrument, card, placed, model.cells)
    yield from _lost_rows(model, placed)


def _judge_answer(question: Question, key: str, cell: SheetCell | None) -> Suspect | None:
    """Return what is wrong with an answer, None where the reader takes it."""
    value = None if cell is None else cell.value
    if cell is None or is_open(value):
        return None
    if question.not_applicable and is_not_applicable(value):
        return None
    try:
        if isinstance(value, ErrorValue):
            raise CellError(_allowed(question))
        if question.inputs:
            parse_count(value)
        else:
            parse_cell(question, value)
    except CellError as error:
        code = "jumlah-tidak-mungkin" if question.inputs else "jawaban-di-luar-pilihan"
        what = "jumlahnya tidak mungkin" if question.inputs else "jawabannya di luar pilihan"
        return Suspect(code, key, f"{what}; dianggap belum diisi.", show(cell), error.allowed)
    return None


def _unread(model: Model, reading: WorkbookReading) -> Iterator[tuple[CellPlace, Suspect]]:
    """Yield the answers that are plain to a reader and that the formulas take for none."""
    if not model.plans:
        return
    plan = model.plans[0]
    answers = right_answers(model, reading.answers)
    right = Calculator({**model.right(), **answers})
    for question in model.instrument.questions.values():
        answer = reading.answers.get(question.id, Answer()).unit
        if answer is None or question.id not in plan.rows:
            continue
        value = (model.sheet, plan.rows[question.id], plan.value)
        if _gives_the_same(model, plan, question, value, right):
            continue
        for key in _lines(question):
            place = (model.sheet, plan.rows.get(key, -1), plan.answer)
            raw = model.cells.get(place, SheetCell())
            is_refused = _judge_answer(question, key, raw) is not None
            if is_refused or is_open(raw.value):
                continue
            if place in answers and answers[place].value != raw.value:
                yield (
                    place,
                    Suspect(
                        "jawaban-tidak-terbaca-rumus",
                        key,
                        "jawabannya tertulis lain dari yang dikenal rumus; nilainya hilang "
                        "dari rata-rata.",
                        show(raw),
                        show(answers[place]),
                    ),
                )


def _gives_the_same(
    model: Model, plan: SheetPlan, question: Question, value: CellPlace, right: Calculator
) -> bool:
    """Whether the right formulas give the same for an answer as typed and as it is read."""
    raw = {
        place: model.cells.get(place, SheetCell())
        for key in _lines(question)
        if key in plan.rows
        for place in [(model.sheet, plan.rows[key], plan.answer)]
    }
    try:
        typed = Calculator(right.cells, raw).value(value)
        return is_same(typed, right.value(value))
    except UnknownFormula:
        return True


def _too_many(
    instrument: Instrument,
    card: Scorecard,
    placed: PlacedSheet,
    cells: Mapping[CellPlace, SheetCell],
) -> Iterator[tuple[CellPlace, Suspect]]:
    """Yield the parts that are larger than their whole."""
    for problem in card.problems:
        question = instrument.questions.get(problem.key)
        if problem.code != "masukan-melebihi" or question is None:
            continue
        if isinstance(question.rule, Share):
            key = f"{question.id}.{question.rule.part}"
            row = placed.placement.rows.get(key)
            if row is not None:
                whole = card.values[question.id].inputs[question.rule.whole - 1]
                place = (placed.grid.sheet, row, placed.columns.answer)
                yield (
                    place,
                    Suspect(
                        "bagian-melebihi",
                        key,
                        "jumlah bagian melebihi keseluruhannya; dinilai 100 % tanpa peringatan.",
                        show(cells.get(place, SheetCell())),
                        f"paling banyak {show(SheetCell(whole))}",
                    ),
                )


def _lost_rows(model: Model, placed: PlacedSheet) -> Iterator[tuple[CellPlace, Suspect]]:
    """Yield questions and inputs without a row, at the node they belong to, and rows too many."""
    rows, sheet = placed.placement.rows, placed.grid.sheet
    answer = placed.columns.answer
    for question in model.instrument.questions.values():
        keys = list(_lines(question)) if question.inputs else [question.id]
        for key in keys:
            parent = rows.get(question.id.rpartition(".")[0])
            if key not in rows and parent is not None:
                yield (
                    (sheet, parent, answer),
                    Suspect(
                        "baris-hilang",
                        key,
                        "barisnya tidak ada di lembar ini.",
                        "tidak ada",
                        "satu baris",
                    ),
                )
    for row in placed.placement.extra:
        yield (
            (sheet, row.row, answer),
            Suspect(
                "baris-tambahan",
                "",
                "baris ini bukan bagian dari instrumen.",
                row.text[:80] or row.label,
                "tidak ada baris ini",
            ),
        )
