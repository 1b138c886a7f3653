"""The answers of an LKE workbook or a table of questions; its scores are never read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from zi_eval.core.assessment import NOT_APPLICABLE, Answer, Value
from zi_eval.core.instrument import Instrument, Question, parent_id
from zi_eval.core.problems import Problem, ProblemList
from zi_eval.errors import WorkbookError
from zi_eval.instruments.layouts import WorkbookLayout
from zi_eval.lke.cells import (
    NOT_APPLICABLE_TEXT,
    CellError,
    describe,
    is_not_applicable,
    is_open,
    parse_cell,
    parse_count,
)
from zi_eval.lke.match import COUNT, input_key, scale_type
from zi_eval.lke.place import (
    NoSheetError,
    PlacedSheet,
    find_covered,
    place_sheet,
)
from zi_eval.lke.question_table import TEMPLATE_HINT, find_table
from zi_eval.sheets.book import Book, open_source
from zi_eval.sheets.container import BINARY, OLD, OPEN_DOCUMENT
from zi_eval.sheets.grid import cell_problems, column_letter

__all__ = ["WorkbookReading", "read_sheet", "read_workbook"]

TOLERANCE = 1e-9
ERROR_TEXT = "galat rumus"


@dataclass(frozen=True)
class WorkbookReading:
    """What a workbook or table says.

    Attributes
    ----------
    answers
        By question id in official order; a question of which nothing is filled in has no entry.
    layout, sheet
        The layout it was read by and the sheet's name as the workbook spells it; of a table of
        questions :data:`~zi_eval.lke.question_table.TABLE` and the file's name.
    problems
        What was not taken, and why, each with its cell.
    """

    answers: Mapping[str, Answer]
    layout: str
    sheet: str
    problems: tuple[Problem, ...]

    @property
    def answered(self) -> int:
        """How many questions the unit answered in it."""
        return sum(answer.unit is not None for answer in self.answers.values())

    @property
    def answered_by_tpi(self) -> int:
        """How many questions the TPI answered in it."""
        return sum(answer.tpi is not None for answer in self.answers.values())


def read_sheet(sheet: PlacedSheet, instrument: Instrument, file: str) -> WorkbookReading:
    """Read the answers of a sheet whose rows and columns are known; ``file`` is for messages."""
    reader = _Reader(sheet, instrument, file)
    answers = reader.read()
    return WorkbookReading(
        answers=answers,
        layout=sheet.layout.id,
        sheet=sheet.grid.sheet,
        problems=tuple(reader.problems),
    )


class _Reader:
    """Takes the answers out of a placed sheet and collects the problems on the way."""

    def __init__(self, sheet: PlacedSheet, instrument: Instrument, file: str) -> None:
        self.grid = sheet.grid
        self.rows = sheet.placement.rows
        self.placement = sheet.placement
        self.columns = sheet.columns
        self.instrument = instrument
        self.is_table = sheet.is_table
        self.covered = find_covered(sheet)
        self.problems = cell_problems(file, sheet.grid.sheet)

    def read(self) -> dict[str, Answer]:
        """Return the answers in official order."""
        for remark in self.columns.remarks:
            (self.problems.error if remark.is_error else self.problems.warning)(
                remark.code, remark.message, remark.hint, at=(remark.row, remark.column)
            )
        if not self.columns.is_found:
            self.problems.warning(
                "judul-kolom-tidak-ditemukan",
                f"judul kolom Jawaban tidak ditemukan; kolom {column_letter(self.columns.answer)} "
                "dibaca sebagai jawaban unit dan jawaban TPI tidak dibaca.",
                "Tulis judul kolom Jawaban, Catatan, dan Bukti di atas pertanyaan pertama.",
            )
        answers: dict[str, Answer] = {}
        for question in self.instrument.questions.values():
            answer = self._answer(question)
            if answer != Answer():
                answers[question.id] = answer
        for row in self.placement.extra:
            self.problems.warning(
                "baris-tidak-dikenal",
                f"baris {describe(row.text or row.label)} bukan bagian dari instrumen; isinya "
                "tidak dibaca.",
                "Periksa jawaban butir di sekitarnya, lalu hapus baris tambahan ini.",
                at=(row.row, self.columns.answer),
            )
        return answers

    def _answer(self, question: Question) -> Answer:
        if not self.is_table:
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
        unit = self._value(question, self.columns.answer)
        reason = self._note(lines, self.columns.reason)
        if reason and unit is not NOT_APPLICABLE:
            self.problems.warning(
                "alasan-tanpa-tidak-berlaku",
                f"ada alasan tidak berlaku, tetapi jawabannya bukan '{NOT_APPLICABLE_TEXT}'; "
                "alasan itu tidak dibaca.",
                f"Isi '{NOT_APPLICABLE_TEXT}' sebagai jumlah pertama, atau hapus alasannya.",
                at=(lines[0], self.columns.reason or 0),
                key=question.id,
            )
        return Answer(
            unit=unit,
            tpi=self._value(question, self.columns.tpi_answer),
            note=self._note(lines, self.columns.note),
            tpi_note=self._note(lines, self.columns.tpi_note),
            reason=reason if unit is NOT_APPLICABLE else "",
            returned=self._note(lines, self.columns.returned),
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
                self.problems.error(
                    "butir-tanpa-baris",
                    "barisnya tidak ditemukan; jawabannya dianggap belum diisi.",
                    "Kembalikan barisnya dari lembar resmi, lalu periksa butir di sekitarnya.",
                    at=near,
                    key=key,
                )
            elif shown is not None and shown != kind:
                self.problems.warning(
                    "tipe-jawaban-berubah",
                    f"pilihan jawaban di lembar kerja bukan {kind}; jawaban tetap dibaca menurut "
                    "instrumen, tetapi nilai di lembar kerja dapat salah.",
                    at=(self.rows[key], self.columns.answer - 1),
                    key=key,
                )

    def _texts(self, lines: Iterable[int], column: int | None) -> list[str]:
        values = (self._spread(row, column) for row in lines)
        texts = (
            f"{value:.15g}" if isinstance(value, float) else str(value).strip() for value in values
        )
        return list(dict.fromkeys(text for text in texts if not is_open(text)))

    def _spread(self, row: int, column: int | None) -> object:
        """Return a cell's value; within a merged range the one of its first cell."""
        place = self.covered.get((row, -1 if column is None else column))
        return self.grid.value(*place) if place else self.grid.value(row, column)

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
        above, left = self.covered.get((row, column), (row, column))
        if above < row and not is_open(self.grid.value(above, left)):
            self.problems.error(
                "jawaban-digabung",
                f"selnya digabung dengan {self.grid.name(above, left)}; jawaban di sana hanya "
                "dibaca untuk pertanyaan baris itu, dan pertanyaan ini dianggap belum diisi.",
                "Pisahkan selnya dan isi jawaban tiap pertanyaan.",
                at=(row, column),
                key=question.id,
            )
        try:
            return parse_cell(question, self._cell(row, column))
        except CellError as error:
            self._refuse(question.id, error, (row, column))
            return None

    def _cell(self, row: int, column: int) -> object:
        """Return a cell's value; a formula's error is text, so that it is no open answer."""
        above, left = self.covered.get((row, column), (row, column))
        if above == row:  # merged across columns it is one answer; down the rows the first's
            column = left
        return ERROR_TEXT if (row, column) in self.grid.errors else self.grid.value(row, column)

    def _refuse(self, key: str, error: CellError, place: tuple[int, int]) -> None:
        self.problems.error(
            "jawaban-di-luar-skala",
            f"isinya {describe(self._cell(*place))}, yang boleh: {error.allowed}; "
            "dianggap belum diisi.",
            "Perbaiki isi sel itu, lalu baca ulang.",
            at=place,
            key=key,
        )

    def _ratio(self, question: Question, column: int) -> Value | None:
        """Return the asked inputs; what stands in the ratio's own row is never taken."""
        counts: dict[int, float | None] = {}
        if question.not_applicable and self._has_no_object(question, column):
            return NOT_APPLICABLE
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
            what = "angka" if self.is_table else "persentase"
            self.problems.warning(
                "rasio-diketik",
                f"{what} {describe(self.grid.value(row, column))} diketik di atas rumus dan "
                "tidak dipakai; nilainya dihitung dari jumlah di bawahnya.",
                "Isi jumlah di baris-baris di bawahnya dan kembalikan rumusnya.",
                at=(row, column),
                key=question.id,
            )
        self._check_derived(question, column, counts)
        values = tuple(counts.values())
        return None if all(value is None for value in values) else values

    def _has_no_object(self, question: Question, column: int) -> bool:
        """Whether the counts say "Tidak berlaku" and nothing else."""
        keys = [input_key(question, item) for item in question.asked_inputs]
        if self.is_table:
            keys.append(question.id)
        rows = [self.rows.get(key) for key in keys]
        values = [self._cell(row, column) for row in rows if row is not None]
        given = [value for value in values if not is_open(value)]
        return bool(given) and all(map(is_not_applicable, given))

    def _is_typed(self, row: int, column: int) -> bool:
        """Whether a person filled a cell that a formula should fill; a table has no formulas."""
        filled = not is_open(self.grid.value(row, column))
        known = self.grid.has_formulas or self.is_table
        return filled and known and (row, column) not in self.grid.formulas

    def _check_derived(
        self, question: Question, column: int, counts: Mapping[int, float | None]
    ) -> None:
        """Report a total that was typed and is not the sum of its parts."""
        for item in question.inputs:
            key = input_key(question, item)
            row = self.rows.get(key)
            if not item.is_derived or row is None or not self._is_typed(row, column):
                continue  # where formulas are unknown the total is not looked at: it is not used
            parts = [counts.get(number) for number in item.sum_of]
            total = sum(part for part in parts if part is not None)
            value = self.grid.value(row, column)
            if None in parts or not isinstance(value, float) or abs(value - total) > TOLERANCE:
                self.problems.warning(
                    "jumlah-diketik",
                    f"jumlah {describe(value)} diketik dan tidak dipakai; jumlah rinciannya "
                    f"{total:g}.",
                    "Isi rinciannya dan kembalikan rumus jumlahnya.",
                    at=(row, column),
                    key=key,
                )


def read_workbook(
    path: Path | str, instrument: Instrument, layouts: Sequence[WorkbookLayout]
) -> WorkbookReading:
    """Read the answers, notes and evidence of one LKE in any shape people have it.

    Parameters
    ----------
    path
        An ``.xlsx``, ``.xlsm``, ``.xls``, ``.xlsb`` or ``.ods`` workbook, a sheet of it exported as
        CSV, or a table of questions as CSV or in a workbook; known by its content.
    instrument
        What it should hold; rows are found by their labels, types and titles, or by their official
        numbers in a table.
    layouts
        The sheets in which the instrument circulates.

    Raises
    ------
    WorkbookError
        Where it cannot be read at all: another kind of file, protected, far too large, no sheet of
        a layout, a sheet of another instrument, or two columns that could be the unit's answer.
    """
    book = open_source(Path(path))
    sheet, others = _find_sheet(book, instrument, layouts)
    if sheet.columns.refusal:
        raise WorkbookError(
            f"Lembar {sheet.grid.sheet} di {book.name} tidak dibaca: {sheet.columns.refusal} hapus "
            "atau ganti judul salah satunya, lalu ambil ulang."
        )
    reading = read_sheet(sheet, instrument, str(path))
    remarks = _source_problems(str(path), book, sheet, others)
    return replace(reading, problems=(*remarks, *reading.problems))


def _find_sheet(
    book: Book, instrument: Instrument, layouts: Sequence[WorkbookLayout]
) -> tuple[PlacedSheet, list[str]]:
    """Return the sheet to read: one of a layout, or a table of questions."""
    table = find_table(book, instrument) if book.separator else None
    if table is not None:
        return table, []
    try:
        return place_sheet(book, instrument, layouts)
    except NoSheetError as error:
        if book.separator:
            raise WorkbookError(
                f"{book.name} bukan lembar LKE dan bukan tabel pertanyaan: tidak ada nomor seperti "
                f"{next(iter(instrument.questions))} di dalamnya; ekspor lembar "
                f"{' atau '.join(layout.sheet for layout in layouts)}, atau {TEMPLATE_HINT}."
            ) from error
        table = find_table(book, instrument)
        if table is None:
            raise
        return table, []


def _source_problems(
    file: str, book: Book, sheet: PlacedSheet, others: Sequence[str]
) -> list[Problem]:
    """Say what was decided about the file and its sheet."""
    name, problems = sheet.grid.sheet, ProblemList[None](file)

    if others:
        problems.warning(
            "beberapa-lembar",
            f"lembar {name} yang dibaca; {', '.join(others)} tidak dibaca.",
            "Hapus lembar salinan bila isiannya bukan yang terbaru.",
        )
    if sheet.is_renamed and not book.separator:
        problems.warning(
            "lembar-diganti-nama",
            f"tidak ada lembar dengan nama resmi; lembar {name} dibaca karena isinya LKE.",
        )
    if book.encoding == "cp1252":
        problems.warning(
            "huruf-ditebak",
            "berkasnya bukan UTF-8 dan dibaca sebagai Windows-1252.",
            "Periksa huruf beraksen dan tanda kutip; bila salah, simpan sebagai CSV UTF-8.",
        )
    if book.kind in (OLD, BINARY, OPEN_DOCUMENT):
        problems.warning(
            "format-lain",
            f"dibaca dari {book.kind}: rumus tidak terlihat dan sel galat terbaca kosong.",
            "Simpan sebagai .xlsx bila jawabannya diisi dengan rumus.",
        )
    return problems
