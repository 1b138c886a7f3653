"""Read the answers of an official LKE workbook; its scores are never read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from zi_eval.adapters.workbook_cells import CellError, describe, is_open, parse_cell, parse_count
from zi_eval.adapters.workbook_columns import Columns, find_columns
from zi_eval.adapters.workbook_grid import Book, Grid, column_index, column_letter, open_book
from zi_eval.adapters.workbook_match import (
    COUNT,
    Placement,
    find_tables,
    input_key,
    match_rows,
    read_rows,
    scale_type,
)
from zi_eval.core.assessment import Answer, Value
from zi_eval.core.instrument import Instrument, Question, parent_id
from zi_eval.core.problems import Problem, Severity
from zi_eval.errors import WorkbookError
from zi_eval.instruments.layouts import WorkbookLayout

__all__ = ["WorkbookReading", "read_workbook"]

COPY_MARK = re.compile(r"\(\d+\)$")
TOLERANCE = 1e-9
ERROR_TEXT = "galat rumus"


@dataclass(frozen=True)
class WorkbookReading:
    """What a workbook says.

    Attributes
    ----------
    answers
        By question id in official order; a question of which nothing is filled in has no entry.
    layout, sheet
        The layout it was read by and the sheet's name as the workbook spells it.
    problems
        What was not taken, and why, each with its cell.
    has_tpi
        Whether the TPI answered or noted anything in it.
    """

    answers: Mapping[str, Answer]
    layout: str
    sheet: str
    problems: tuple[Problem, ...]
    has_tpi: bool


@dataclass(frozen=True)
class _Candidate:
    """A sheet with a layout's name, and where the instrument stands in it."""

    grid: Grid
    layout: WorkbookLayout
    placement: Placement
    columns: Columns
    found: int


def read_workbook(
    path: Path | str, instrument: Instrument, layouts: Sequence[WorkbookLayout]
) -> WorkbookReading:
    """Read the answers, notes and evidence of one LKE workbook.

    Parameters
    ----------
    path
        The ``.xlsx`` file.
    instrument
        What it should hold; rows are found by their labels, types and titles.
    layouts
        The sheets in which the instrument circulates.

    Raises
    ------
    WorkbookError
        Where it cannot be read at all: no xlsx, protected, far too large, no sheet of a layout,
        or a sheet of another instrument.
    """
    book = open_book(Path(path))
    candidate, others = _choose_sheet(book, instrument, layouts)
    reader = _Reader(candidate, instrument, str(path))
    if others:
        reader.report(
            "beberapa-lembar",
            f"lembar {candidate.grid.sheet} yang dibaca; {', '.join(others)} tidak dibaca.",
            hint="Hapus lembar salinan bila isiannya bukan yang terbaru.",
            severity=Severity.WARNING,
        )
    answers = reader.read()
    return WorkbookReading(
        answers=answers,
        layout=candidate.layout.id,
        sheet=candidate.grid.sheet,
        problems=tuple(reader.problems),
        has_tpi=any(answer.tpi is not None or answer.tpi_note for answer in answers.values()),
    )


def _folded(name: str) -> str:
    return " ".join(COPY_MARK.sub("", name.strip()).split()).casefold()


def _choose_sheet(
    book: Book, instrument: Instrument, layouts: Sequence[WorkbookLayout]
) -> tuple[_Candidate, list[str]]:
    """Return the sheet that holds most of the instrument, and the names of the others."""
    named = [
        (sheet, layout)
        for layout in layouts
        for sheet in sorted(book.parts, key=layout.sheet.__ne__)  # the exact name first
        if _folded(sheet) == _folded(layout.sheet)
    ]
    if not named:
        raise WorkbookError(
            f"{book.name} tidak memuat lembar {' atau '.join(layout.sheet for layout in layouts)} "
            f"(yang ada: {', '.join(book.parts) or 'tidak ada'}); pakai buku kerja LKE resmi atau "
            "kembalikan nama lembarnya."
        )
    subareas = sum(instrument.is_mean(node) for node in instrument.nodes)
    candidates = [
        candidate
        for sheet, layout in named
        if (candidate := _place(book.grid(sheet), instrument, layout)) is not None
    ]
    best = max(candidates, key=lambda candidate: candidate.found, default=None)
    if best is None or best.found * 2 < subareas:
        sheet = best.grid.sheet if best else named[0][0]
        raise WorkbookError(
            f"Lembar {sheet} di {book.name} bukan LKE {instrument.id}: hanya "
            f"{best.found if best else 0} dari {subareas} subarea ditemukan; pindahkan isian ke "
            "lembar kerja LKE yang sesuai, atau pilih instrumen lain."
        )
    return best, [c.grid.sheet for c in candidates if c is not best and c.found * 2 >= subareas]


def _place(grid: Grid, instrument: Instrument, layout: WorkbookLayout) -> _Candidate | None:
    tables = find_tables(grid, instrument)
    if tables is None:
        return None
    rows = read_rows(grid, tables, instrument)
    placement = match_rows(rows, instrument, {**layout.node_rows, **layout.rows})
    if not placement.rows:
        return None
    choices = [
        (question, placement.rows[question.id])
        for question in instrument.questions.values()
        if question.scale.kind == "choice" and question.id in placement.rows
    ]

    def has_answers(column: int) -> bool:
        valid, filled = 0, 0
        for question, row in choices:
            value = grid.value(row, column)
            if not is_open(value):
                filled += 1
                try:
                    parse_cell(question, value)
                except CellError:
                    continue
                valid += 1
        return filled > 0 and valid * 2 >= filled

    own = layout.columns
    letters = {"answer": own.answer, "note": own.note, "evidence": own.evidence}
    columns = find_columns(
        grid,
        min(placement.rows.values()),
        tables.kind,
        {role: column_index(letter) for role, letter in letters.items()},
        has_answers,
    )
    found = sum(instrument.is_mean(node) for node in placement.titled)
    return _Candidate(grid, layout, placement, columns, found)


class _Reader:
    """Takes the answers out of a placed sheet and collects the problems on the way."""

    def __init__(self, candidate: _Candidate, instrument: Instrument, file: str) -> None:
        self.grid = candidate.grid
        self.rows = candidate.placement.rows
        self.placement = candidate.placement
        self.columns = candidate.columns
        self.instrument = instrument
        self.file = file
        self.problems: list[Problem] = []

    def report(
        self,
        code: str,
        message: str,
        *,
        hint: str = "",
        key: str = "",
        place: tuple[int, int] | None = None,
        severity: Severity = Severity.ERROR,
    ) -> None:
        """Add a problem with its place."""
        self.problems.append(
            Problem(
                code=code,
                message=message,
                hint=hint,
                severity=severity,
                file=self.file,
                cell=self.grid.name(*place) if place else "",
                key=key,
            )
        )

    def read(self) -> dict[str, Answer]:
        """Return the answers in official order."""
        if not self.columns.is_found:
            self.report(
                "judul-kolom-tidak-ditemukan",
                f"judul kolom Jawaban tidak ditemukan; kolom {column_letter(self.columns.answer)} "
                "dibaca sebagai jawaban unit dan jawaban TPI tidak dibaca.",
                hint="Tulis judul kolom Jawaban, Catatan, dan Bukti di atas pertanyaan pertama.",
                severity=Severity.WARNING,
            )
        answers: dict[str, Answer] = {}
        for question in self.instrument.questions.values():
            answer = self._answer(question)
            if answer != Answer():
                answers[question.id] = answer
        for row in self.placement.extra:
            self.report(
                "baris-tidak-dikenal",
                f"baris {describe(row.text or row.label)} bukan bagian dari instrumen; isinya "
                "tidak dibaca.",
                hint="Periksa jawaban butir di sekitarnya, lalu hapus baris tambahan ini.",
                place=(row.row, self.columns.answer),
                severity=Severity.WARNING,
            )
        return answers

    def _answer(self, question: Question) -> Answer:
        self._check_rows(question)
        lines = [
            self.rows[key]
            for key in (question.id, *(input_key(question, item) for item in question.inputs))
            if key in self.rows
        ]
        if not lines:
            return Answer()
        evidence = (
            line.strip()
            for column in self.columns.evidence
            for text in self._texts(lines, column)
            for line in text.splitlines()
        )
        return Answer(
            unit=self._value(question, self.columns.answer),
            tpi=self._value(question, self.columns.tpi_answer),
            note=self._note(lines, self.columns.note),
            tpi_note=self._note(lines, self.columns.tpi_note),
            evidence=tuple(dict.fromkeys(line for line in evidence if not is_open(line))),
        )

    def _check_rows(self, question: Question) -> None:
        """Report the rows that are missing or whose answer type was overwritten."""
        parent = self.rows.get(parent_id(question.id) or "")
        near = None if parent is None else (parent, self.columns.answer)
        wanted = {question.id: scale_type(question.scale)}
        wanted |= {input_key(question, item): COUNT for item in question.asked_inputs}
        for key, kind in wanted.items():
            shown = self.placement.kinds.get(key)
            if shown is None and (key != question.id or not question.inputs):
                self.report(
                    "butir-tanpa-baris",
                    "barisnya tidak ditemukan; jawabannya dianggap belum diisi.",
                    hint="Kembalikan barisnya dari lembar resmi, lalu periksa butir di sekitarnya.",
                    key=key,
                    place=near,
                )
            elif shown is not None and shown != kind:
                self.report(
                    "tipe-jawaban-berubah",
                    f"pilihan jawaban di lembar kerja bukan {kind}; jawaban tetap dibaca menurut "
                    "instrumen, tetapi nilai di lembar kerja dapat salah.",
                    key=key,
                    place=(self.rows[key], self.columns.answer - 1),
                    severity=Severity.WARNING,
                )

    def _texts(self, lines: Iterable[int], column: int | None) -> list[str]:
        values = (self.grid.value(row, column) for row in lines)
        texts = (
            f"{value:g}" if isinstance(value, float) else str(value).strip() for value in values
        )
        return list(dict.fromkeys(text for text in texts if not is_open(text)))

    def _note(self, lines: Iterable[int], column: int | None) -> str:
        return "\n".join(self._texts(lines, column))

    def _value(self, question: Question, column: int | None) -> Value | None:
        if column is None:
            return None
        if question.scale.kind == "ratio":
            return self._ratio(question, column)
        row = self.rows.get(question.id)
        if row is None:
            return None
        try:
            return parse_cell(question, self._cell(row, column))
        except CellError as error:
            self._refuse(question.id, error, (row, column))
            return None

    def _cell(self, row: int, column: int) -> object:
        """Return a cell's value; a formula's error is text, so that it is no open answer."""
        return ERROR_TEXT if (row, column) in self.grid.errors else self.grid.value(row, column)

    def _refuse(self, key: str, error: CellError, place: tuple[int, int]) -> None:
        self.report(
            "jawaban-di-luar-skala",
            f"isinya {describe(self._cell(*place))}, yang boleh: {error.allowed}; "
            "dianggap belum diisi.",
            hint="Perbaiki isi sel itu, lalu baca ulang.",
            key=key,
            place=place,
        )

    def _ratio(self, question: Question, column: int) -> Value | None:
        """Return the asked inputs; what stands in the ratio's own row is never taken."""
        counts: dict[int, float | None] = {}
        for item in question.asked_inputs:
            key = input_key(question, item)
            row = self.rows.get(key)
            counts[item.number] = None
            if row is not None:
                try:
                    counts[item.number] = parse_count(self._cell(row, column))
                except CellError as error:
                    self._refuse(key, error, (row, column))
        row = self.rows.get(question.id)
        if row is not None and self._is_typed(row, column):
            self.report(
                "rasio-diketik",
                f"persentase {describe(self.grid.value(row, column))} diketik di atas rumus dan "
                "tidak dipakai; nilainya dihitung dari jumlah di bawahnya.",
                hint="Isi jumlah di baris-baris di bawahnya dan kembalikan rumusnya.",
                key=question.id,
                place=(row, column),
                severity=Severity.WARNING,
            )
        self._check_derived(question, column, counts)
        values = tuple(counts.values())
        return None if all(value is None for value in values) else values

    def _is_typed(self, row: int, column: int) -> bool:
        filled = not is_open(self.grid.value(row, column))
        return filled and (row, column) not in self.grid.formulas

    def _check_derived(
        self, question: Question, column: int, counts: Mapping[int, float | None]
    ) -> None:
        """Report a total that was typed and is not the sum of its parts."""
        for item in question.inputs:
            key = input_key(question, item)
            row = self.rows.get(key)
            if not item.is_derived or row is None or not self._is_typed(row, column):
                continue
            parts = [counts.get(number) for number in item.sum_of]
            total = sum(part for part in parts if part is not None)
            value = self.grid.value(row, column)
            if None in parts or not isinstance(value, float) or abs(value - total) > TOLERANCE:
                self.report(
                    "jumlah-diketik",
                    f"jumlah {describe(value)} diketik dan tidak dipakai; jumlah rinciannya "
                    f"{total:g}.",
                    hint="Isi rinciannya dan kembalikan rumus jumlahnya.",
                    key=key,
                    place=(row, column),
                    severity=Severity.WARNING,
                )
