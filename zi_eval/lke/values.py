"""The values of a placed sheet's answer cells; what a formula computed is never taken."""

from __future__ import annotations

from collections.abc import Mapping

from zi_eval.core.assessment import NOT_APPLICABLE, Value
from zi_eval.core.instrument import Instrument, Question
from zi_eval.core.problems import ProblemList
from zi_eval.lke.attached import is_share, shown_percent
from zi_eval.lke.cells import (
    COUNT_ALLOWED,
    CellError,
    describe,
    is_not_applicable,
    is_open,
    parse_cell,
    parse_count,
)
from zi_eval.lke.match import input_key
from zi_eval.lke.place import PlacedSheet
from zi_eval.sheets.marks import Place
from zi_eval.sheets.numbers import held_number

__all__ = ["ValueReader"]

TOLERANCE = 1e-9
ERROR_TEXT = "galat rumus"


class ValueReader:
    """Reads values by question; what is not taken is added to ``problems``.

    Parameters
    ----------
    covered
        The first cell of each merged one (:func:`~zi_eval.lke.place.find_covered`).

    Attributes
    ----------
    hidden, typed_numbers, percent
        Places of values that stand in hidden rows or columns, that are numbers stored as text, and
        indices that are shown as a share of their highest value.
    """

    def __init__(
        self,
        sheet: PlacedSheet,
        instrument: Instrument,
        covered: Mapping[Place, Place],
        problems: ProblemList[Place],
    ) -> None:
        self.grid, self.marks = sheet.grid, sheet.grid.marks
        self.rows, self.is_table = sheet.placement.rows, sheet.is_table
        self.covered, self.problems = covered, problems
        self.hidden: list[Place] = []
        self.typed_numbers: list[Place] = []
        self.percent: list[Place] = []
        of = sheet.columns
        columns = (of.answer, of.tpi_answer, of.tpn_answer)
        self.shares = {
            column
            for column in columns
            if column is not None and self._is_percent_usual(instrument, column)
        }

    def _is_percent_usual(self, instrument: Instrument, column: int) -> bool:
        """Whether every index of a column is shown as a share of its highest value."""
        values = [
            (place, self._cell(*place))
            for question in instrument.questions.values()
            if question.scale.kind == "index" and question.id in self.rows
            for place in [(self.rows[question.id], column)]
        ]
        filled = [(place, value) for place, value in values if not is_open(value)]
        return len(filled) > 1 and all(
            self.marks.is_percent(*place)
            and (number := held_number(value)) is not None
            and 0 <= number <= 1
            for place, value in filled
        )

    def read(self, question: Question, column: int | None) -> Value | None:
        """Return a question's value in a column; None where it is open or not taken."""
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
        value = self._cell(row, column)
        try:
            if question.scale.kind == "index" and is_share(self.marks, (row, column), value):
                if column not in self.shares:
                    raise CellError(f"angka dari 0 sampai {question.scale.top:g}")
                self.percent.append((row, column))
                value = round((held_number(value) or 0) * question.scale.top, 12)
            answer = parse_cell(question, value)
        except CellError as error:
            self._refuse(question.id, error, (row, column))
            return None
        self._note_how(answer, value, (row, column))
        return answer

    def _note_how(self, answer: object, value: object, place: Place) -> None:
        """Keep what is to be said of an answer that was read."""
        if answer is None:
            return
        if isinstance(answer, float) and isinstance(value, str):
            self.typed_numbers.append(place)
        if self.marks.is_hidden_at(*place):
            self.hidden.append(place)

    def _cell(self, row: int, column: int) -> object:
        """Return a cell's value; a formula's error is text, so that it is no open answer."""
        above, left = self.covered.get((row, column), (row, column))
        if above == row:  # merged across columns it is one answer; down the rows the first's
            column = left
        return ERROR_TEXT if (row, column) in self.grid.errors else self.grid.value(row, column)

    def _refuse(self, key: str, error: CellError, place: Place) -> None:
        value, hint = self._cell(*place), "Perbaiki isi sel itu, lalu baca ulang."
        shown = describe(value)
        if place in self.marks.errors:
            shown = self.describe_error(place)
            if not self.marks.errors[place]:
                hint = "Buka dan simpan di Excel atau LibreOffice agar rumusnya terhitung."
        elif is_share(self.marks, place, value):
            shown = f"tampil sebagai {shown_percent(value)} (tersimpan {shown})"
            hint = "Tulis angkanya dan ubah format selnya dari persen menjadi angka."
        self.problems.error(
            "jawaban-di-luar-skala",
            f"isinya {shown}, yang boleh: {error.allowed}; dianggap belum diisi.",
            hint,
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
                    value = self._cell(row, column)
                    if is_share(self.marks, (row, column), value):
                        raise CellError(COUNT_ALLOWED)
                    counts[item.number] = parse_count(value)
                    self._note_how(counts[item.number], value, (row, column))
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

    def describe_error(self, place: Place) -> str:
        """Return what is wrong with a cell whose formula has no result."""
        error = self.marks.errors[place]
        return f"galat {error}" if error else "rumus tanpa hasil tersimpan"
