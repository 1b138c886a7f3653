"""LKE workbooks with the troubles real ones have, a few in each, from the sample's answers."""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

from openpyxl.comments import Comment
from openpyxl.utils import get_column_letter

from tests.fields import Drawn, Written
from tests.lke.builder import ANSWER, FIRST_LABEL, TYPE, build, fill
from tests.lke.shapes import table_rows, write_table
from tests.sample import ROOT
from zi_eval.core.assessment import NOT_APPLICABLE, Answer
from zi_eval.core.instrument import Instrument
from zi_eval.errors import WorkbookError
from zi_eval.instruments import load_instrument, load_workbook_layouts
from zi_eval.lke.match import input_key
from zi_eval.lke.reader import read_workbook
from zi_eval.period.reading import Period

WEB = "https://bukti.example"
PERIOD = "2026"
FIRST, LAST = ANSWER, ANSWER + 14
"""Columns in which the parts of an LKE may stand; what is not used stays empty."""


@cache
def instrument() -> Instrument:
    return load_instrument("zi-2021")


@cache
def sample() -> tuple[dict[str, Answer], ...]:
    """The answers of the sample's units, without what only this project's own workbooks hold."""
    period = Period.read(ROOT / "parameters" / PERIOD)
    found = []
    for path in period.unit_files.values():
        assessment = period.read_unit(path)[0].assessment
        if assessment is None or assessment.instrument != "zi-2021":
            continue
        found.append(
            {
                key: replace(answer, reason="", returned="")
                for key, answer in assessment.answers.items()
                if NOT_APPLICABLE not in (answer.unit, answer.tpi)
            }
        )
    return tuple(found)


class Draft:
    """A workbook under construction with its right reading.

    Attributes
    ----------
    wanted
        By fact: ``unit A.I.1.i.a``, ``tpi …``, ``note …`` and ``evidence …``.
    cells
        The cells a reading has to name where it leaves a fact open.
    """

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        layouts = load_workbook_layouts("zi-2021")
        layout = next(layout for layout in layouts if layout.sheet == "LKE ZI")
        self.answers = dict(chance.choice(sample()))
        self.made = build(instrument(), layout, has_tpi=True)
        self.wanted: dict[str, object] = {}
        self.cells: dict[str, set[str]] = {}
        self.after: list[Callable[[], None]] = []
        self.kinds: list[str] = []
        self.options: dict[str, str] = {}

    def fill(self) -> None:
        """Write the answers where they belong now."""
        for key, answer in self.answers.items():
            fill(self.made, instrument().questions[key], answer)
            for fact, value in facts(key, answer).items():
                self.wanted.setdefault(fact, value)
        for step in self.after:
            step()

    def keys(self, kind: str, count: int) -> list[str]:
        """Draw answered questions of a kind that nothing else was done to."""
        free = [
            key
            for key, answer in self.answers.items()
            if instrument().questions[key].scale.kind == kind
            and answer.unit is not None
            and f"unit {key}" not in self.wanted
            and key in self.made.rows
        ]
        return self.chance.sample(free, min(count, len(free)))

    def cell(self, key: str, role: str = "answer"):
        return self.made.cell(key, role)

    def leave_open(self, key: str, row: str, role: str = "answer") -> None:
        """Say that a careful person would leave a question open and name this cell."""
        question = instrument().questions[key]
        value: object = None
        if question.inputs:
            given = self.answers[key].unit
            if not isinstance(given, tuple):
                return
            asked = [input_key(question, item) for item in question.asked_inputs]
            value = tuple(None if k == row else v for k, v in zip(asked, given, strict=True))
            value = None if all(v is None for v in value) else value
        self.wanted[f"unit {key}"] = value
        self.cells[f"unit {key}"] = {self.cell(row, role).coordinate}


def facts(key: str, answer: Answer) -> dict[str, object]:
    """Return what a workbook says of a question, by fact; nothing of what it leaves empty."""
    given: dict[str, object] = {
        "unit": answer.unit,
        "tpi": answer.tpi,
        "note": " ".join(answer.tpi_note.split()) or None,
        "evidence": answer.evidence or None,
    }
    return {f"{name} {key}": value for name, value in given.items() if value is not None}


# What is done to the rows and columns, before anything is written.


def moved_columns(draft: Draft) -> None:
    made, chance = draft.made, draft.chance
    sheet = made.sheet
    for merged in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(merged))
    for row in range(1, 4):
        for column in range(FIRST, LAST + 1):
            sheet.cell(row, column).value = None
    roles = [*made.columns]
    places = sorted(chance.sample(range(FIRST, LAST), len(roles)))
    rest = roles[1:]
    chance.shuffle(rest)
    before = made.columns["answer"]
    made.columns = dict(zip([roles[0], *rest], places, strict=True))
    titles = {
        "answer": ("Jawaban", "Jawaban Unit", "Isian Satker"),
        "note": ("Catatan", "Keterangan", "Catatan/Keterangan/Penjelasan"),
        "evidence": ("Bukti", "Link Bukti Dukung", "Data Dukung"),
        "tpi_answer": ("Jawaban TPI", "Jawaban Evaluator", "Jawaban Inspektorat"),
        "tpi_note": ("Catatan TPI", "Catatan Evaluator", "Komentar TPI"),
    }
    for role, column in made.columns.items():
        sheet.cell(2, column).value = chance.choice(titles[role])
    for row in range(4, sheet.max_row + 1):
        value = sheet.cell(row, before).value
        if value is not None:
            sheet.cell(row, before).value = None
            sheet.cell(row, made.columns["answer"]).value = value


def missing_rows(draft: Draft) -> None:
    """Empty the rows of some questions: a person cannot read them, and says that they are gone."""
    made = draft.made
    keys = [key for key in made.rows if key in instrument().questions]
    keys = [key for key in keys if not instrument().questions[key].inputs]
    for key in draft.chance.sample(keys, draft.chance.randint(1, 4)):
        row = made.rows.pop(key)
        for column in range(1, LAST + 1):
            made.sheet.cell(row, column).value = None
        if draft.answers.pop(key, None) is not None:
            draft.wanted[f"unit {key}"] = None


def moved_rows(draft: Draft) -> None:
    """Let two questions change places, labels and all."""
    made = draft.made
    keys = [
        key
        for key, question in instrument().questions.items()
        if key in made.rows and question.scale.kind == "choice"
    ]
    one, other = draft.chance.sample(keys, 2)
    for column in range(2, LAST + 1):
        first = made.sheet.cell(made.rows[one], column)
        second = made.sheet.cell(made.rows[other], column)
        first.value, second.value = second.value, first.value
    made.rows[one], made.rows[other] = made.rows[other], made.rows[one]


def no_types(draft: Draft) -> None:
    for row in range(2, draft.made.sheet.max_row + 1):
        draft.made.sheet.cell(row, TYPE).value = None


def no_numbering(draft: Draft) -> None:
    for row in draft.made.rows.values():
        for column in range(FIRST_LABEL, FIRST_LABEL + 6):
            cell = draft.made.sheet.cell(row, column)
            if isinstance(cell.value, str) and len(cell.value) < 6:
                cell.value = None


def hidden(draft: Draft) -> None:
    sheet = draft.made.sheet
    for key in draft.chance.sample(list(draft.made.rows), 6):
        sheet.row_dimensions[draft.made.rows[key]].hidden = True
    role = draft.chance.choice(list(draft.made.columns))
    sheet.column_dimensions[get_column_letter(draft.made.columns[role])].hidden = True


# What is done to cells, once the answers are written.


def percent(draft: Draft) -> None:
    """Show one index as percent, so that nothing says what it was."""
    for key in draft.keys("index", 1):
        cell = draft.cell(key)
        other = [k for k in draft.keys("index", 9) if k != key]
        if not other:
            continue
        draft.leave_open(key, key)

        def step(cell=cell, key=key) -> None:
            cell.value, cell.number_format = draft.chance.choice((0.91, 0.875, 1)), "0.00%"

        draft.after.append(step)


def percent_everywhere(draft: Draft) -> None:
    keys = draft.keys("index", 9)
    if len(keys) < 2:
        return
    for key in keys:
        share = draft.chance.randint(50, 100) / 100
        draft.wanted[f"unit {key}"] = round(share * 4, 12)

        def step(key=key, share=share) -> None:
            draft.cell(key).value, draft.cell(key).number_format = share, "0%"

        draft.after.append(step)


def percent_counts(draft: Draft) -> None:
    _spoil_counts(draft, 1, "0%")


def dates(draft: Draft) -> None:
    _spoil_counts(draft, date(2026, 6, 3), "dd/mm/yyyy")


def _spoil_counts(draft: Draft, value: object, number_format: str) -> None:
    for key in draft.keys("ratio", 2):
        question = instrument().questions[key]
        row = input_key(question, draft.chance.choice(question.asked_inputs))
        if not isinstance(draft.answers[key].unit, tuple):
            continue
        draft.leave_open(key, row)

        def step(row=row) -> None:
            draft.cell(row).value, draft.cell(row).number_format = value, number_format

        draft.after.append(step)


def numbers_as_text(draft: Draft) -> None:
    for key in draft.keys("index", 2):
        value = draft.answers[key].unit

        def step(key=key, value=value) -> None:
            draft.cell(key).value = f"{value:.15g}".replace(".", draft.chance.choice(",."))
            draft.cell(key).number_format = "@"

        draft.after.append(step)


def errors(draft: Draft) -> None:
    """Put an error or a formula that nobody computed where answers belong."""
    for key in draft.keys("choice", 3):
        draft.leave_open(key, key)

        def step(key=key) -> None:
            draft.cell(key).value = draft.chance.choice(("#REF!", "#N/A", "=Utama!B2"))
            if not str(draft.cell(key).value).startswith("="):
                draft.cell(key).data_type = "e"

        draft.after.append(step)


def links(draft: Draft) -> None:
    """Let evidence stand on links of all kinds."""
    for number, key in enumerate(draft.keys("choice", 9)):
        address = f"{WEB}/{number}"
        form = draft.chance.choice(("cell", "named", "formula", "text", "two"))
        draft.wanted[f"evidence {key}"] = {
            "cell": (address,),
            "formula": (address,),
            "named": (f"SK Tim: {address}",),
            "text": (f"1. SK Tim: {address}",),
            "two": (f"{address} {address}/b",),
        }[form]

        def step(key=key, form=form, address=address) -> None:
            cell = draft.cell(key, "evidence")
            if form == "formula":
                cell.value = f'=HYPERLINK("{address}","LIHAT")'
            elif form == "text":
                cell.value = f"1. SK Tim: {address}"
            elif form == "two":
                cell.value = f"{address} {address}/b"
            else:
                cell.value = "LIHAT" if form == "cell" else "SK Tim"
                cell.hyperlink = address

        draft.after.append(step)


def comments(draft: Draft) -> None:
    """Write comments on answers; where the TPI's column says something, that stands."""
    for key in draft.keys("choice", 6):
        text = f"TPI: periksa {key}"
        if not draft.answers[key].tpi_note:
            draft.wanted[f"note {key}"] = text

        def step(key=key, text=text) -> None:
            draft.cell(key).comment = Comment(text, "TPI")

        draft.after.append(step)


def merged_evidence(draft: Draft) -> None:
    """Give a row of questions of one subarea the same merged evidence."""
    keys = list(draft.made.rows)
    pairs = [
        (one, other)
        for one, other in itertools.pairwise(keys)
        if one in draft.answers
        and other in draft.answers
        and draft.made.rows[other] == draft.made.rows[one] + 1
        and f"evidence {one}" not in draft.wanted
        and f"evidence {other}" not in draft.wanted
    ]
    for one, other in draft.chance.sample(pairs, min(1, len(pairs))):
        for key in (one, other):
            draft.wanted[f"evidence {key}"] = (f"{WEB}/bersama",)

        def step(one=one, other=other) -> None:
            draft.cell(other, "evidence").value = None
            draft.cell(one, "evidence").value = f"{WEB}/bersama"
            column = draft.made.columns["evidence"]
            draft.made.sheet.merge_cells(
                start_row=draft.made.rows[one],
                end_row=draft.made.rows[other],
                start_column=column,
                end_column=column,
            )

        draft.after.append(step)


def merged_columns(draft: Draft) -> None:
    """Let answers stand over their own column and the free one beside it."""
    made = draft.made
    beside = made.columns["answer"] + 1
    if beside in made.columns.values():
        return

    def step() -> None:
        for key, row in made.rows.items():
            if key in instrument().questions:
                made.sheet.merge_cells(None, row, beside - 1, row, beside)

    draft.after.append(step)


def two_tpi_columns(draft: Draft) -> None:
    """Add a column that could be the TPI's answer by its heading and holds remarks."""
    column = max(draft.made.columns.values()) + 4
    draft.made.sheet.cell(2, column).value = "Jawaban Inspektorat"
    for key in draft.keys("choice", 12):
        draft.made.sheet.cell(draft.made.rows[key], column).value = f"perlu dilengkapi: {key}"


def two_sheets(draft: Draft) -> None:
    """Keep last year's sheet beside this year's, with other answers."""

    def step() -> None:
        made = draft.made
        other = made.book.copy_worksheet(made.sheet)
        made.sheet.title, other.title = f"LKE {PERIOD}", f"LKE {int(PERIOD) - 1}"
        for key in draft.chance.sample(list(made.rows), 40):
            other.cell(made.rows[key], made.columns["answer"]).value = None

    draft.after.append(step)


def renamed_sheet(draft: Draft) -> None:
    draft.after.append(lambda: setattr(draft.made.sheet, "title", "Isian Dinas"))


ROWS_AND_COLUMNS = (moved_columns, missing_rows, moved_rows, no_types, no_numbering, hidden)
CELLS = (
    percent,
    percent_everywhere,
    percent_counts,
    dates,
    numbers_as_text,
    errors,
    links,
    comments,
    two_tpi_columns,
    merged_columns,
    merged_evidence,
)
SHEETS = (two_sheets, renamed_sheet)
ENCODINGS = ((";", "utf-8-sig"), (",", "utf-8"), ("\t", "utf-16"), (";", "cp1252"))


def draw_lke(chance: random.Random, folder: Path) -> Written:
    """Draw one LKE and write it."""
    if chance.random() < 0.08:
        return _table(chance, folder)
    draft = Draft(chance)
    rows = chance.sample(ROWS_AND_COLUMNS, chance.choice((0, 1, 1, 2)))
    steps = [step for step in ROWS_AND_COLUMNS if step in rows]  # columns first, then rows
    drawn = chance.sample(CELLS, chance.choice((0, 1, 2, 3)))
    steps += sorted(drawn, key=CELLS.index)  # nobody writes into a merged cell
    steps += chance.sample(SHEETS, chance.choice((0, 0, 1)))
    for step in steps:
        step(draft)
    draft.fill()
    path = draft.made.save(folder)
    kinds = tuple(step.__name__.replace("_", " ") for step in steps) or ("plain",)
    return Written(path, lambda path: _read(kinds, path, draft.wanted, draft.cells))


def _table(chance: random.Random, folder: Path) -> Written:
    """Draw a table of questions as text in some encoding."""
    answers = dict(chance.choice(sample()))
    separator, encoding = chance.choice(ENCODINGS)
    try:
        path = write_table(
            table_rows(instrument(), answers),
            folder / "jawaban.csv",
            separator=separator,
            encoding=encoding,
        )
    except UnicodeEncodeError:
        path = write_table(
            table_rows(instrument(), answers),
            folder / "jawaban.csv",
            separator=separator,
            encoding="utf-8",
        )
    wanted = {k: v for key, answer in answers.items() for k, v in facts(key, answer).items()}
    return Written(path, lambda path: _read((f"text {encoding}",), path, wanted, {}))


def _read(
    kinds: tuple[str, ...], path: Path, wanted: dict[str, object], cells: dict[str, set[str]]
) -> Drawn:
    try:
        reading = read_workbook(path, instrument(), load_workbook_layouts("zi-2021"), period=PERIOD)
    except WorkbookError:
        return Drawn(kinds, wanted, {}, lambda fact: True)
    found = {k: v for key, answer in reading.answers.items() for k, v in facts(key, answer).items()}
    named = {problem.key.partition(" ")[0] for problem in reading.problems if problem.key}
    places = {problem.cell.rpartition("!")[2] for problem in reading.problems if problem.cell}
    for problem in reading.problems:
        places |= set(re.findall(r"\b[A-Z]{1,2}[0-9]{1,4}\b", problem.message))

    def is_named(fact: str) -> bool:
        key = fact.split()[1]
        if fact in cells:
            return cells[fact] <= places
        return any(name == key or name.startswith(f"{key}.") for name in named)

    return Drawn(kinds, wanted, found, is_named)
