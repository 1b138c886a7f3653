"""Which rows of a table of responses are a respondent's, and what they answered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import mean, median, multimode

from zi_eval.sheets.grid import Grid
from zi_eval.sheets.numbers import decimal_number
from zi_eval.sheets.strange import is_numbering, names_statistic, repeats_headings
from zi_eval.survey.table.cells import LARGEST_SCALE, ResponseError, parse_answer
from zi_eval.survey.table.columns import TEXTS
from zi_eval.survey.table.placing import ResponseColumns
from zi_eval.survey.values import Element, Survey

__all__ = ["Respondents"]

MOST_STATISTICS, FEWEST_RESPONDENTS = 12, 3


class Respondents:
    """The rows below the headings.

    Attributes
    ----------
    said
        By row: of each element its answer, and what is wrong with it.
    strange
        By row: what it is where it is no respondent's.
    """

    def __init__(self, grid: Grid, top: int, survey: Survey, columns: ResponseColumns) -> None:
        self.grid, self.top, self.survey = grid, top, survey
        self.elements, self.facts, self.names = columns.elements, columns.facts, columns.names
        # What was said of the same text in an earlier row.
        self._known: dict[tuple[str, type, object], tuple[int | None, str]] = {}
        self._labels: dict[object, bool] = {}
        self.said: dict[int, list[tuple[int | None, str]]] = {}
        self.strange = self._find_strange()

    def _answer(self, element: Element, value: object) -> tuple[int | None, str]:
        """Return an answer and what is wrong with it; most cells are the same few."""
        memory = (element.code, type(value), value)
        if memory not in self._known:
            try:
                self._known[memory] = parse_answer(value, self.survey, element), ""
            except ResponseError as error:
                self._known[memory] = None, str(error)
        return self._known[memory]

    def _find_strange(self) -> dict[int, str]:
        """Return the rows that are no respondent's, and what they are."""
        strange: dict[int, str] = {}
        data: list[int] = []
        elements = [(element, self.elements[element.code]) for element in self.survey.elements]
        answered = {column for _, column in elements}
        texts = {column for kind in TEXTS for column in self.facts[kind]}
        # "Max" may be a person, where the row has a number or a time before the name.
        labels = [c for c in range(self.grid.width) if c not in texts and c not in self.names]
        names = [(c, range(c)) for c in self.names]
        for row, values in enumerate(self.grid.rows[self.top + 1 :], self.top + 1):
            said = [self._answer(element, values[column]) for element, column in elements]
            self.said[row] = said
            if any(isinstance(values[c], str) and self._is_label(values[c]) for c in labels) or any(
                self._is_label(values[c]) and not any(values[b] not in ("", None) for b in before)
                for c, before in names
            ):
                strange[row] = "hitungan"
            elif all(answer is not None for answer, _ in said):
                data.append(row)
            elif any(value not in ("", None) for value in values):
                strange[row] = self._describe(row, answered, texts)
                if not strange[row]:
                    del strange[row]
                    data.append(row)
        for row in self._unnamed_statistics(data):
            strange[row] = "hitungan"
        return strange

    def _is_label(self, text: object) -> bool:
        """Whether a cell names a statistic; most cells are the same few."""
        if text not in self._labels:
            self._labels[text] = names_statistic(text)
        return self._labels[text]

    def _describe(self, row: int, answered: set[int], texts: set[int]) -> str:
        """Return what a row without a whole set of answers is; empty for a respondent's."""
        values, said = self.grid.rows[row], self.said[row]
        if is_numbering(values, self.survey.highest):
            return "penomoran kolom"
        if repeats_headings(values, self.grid.rows[self.top]):
            return "judul berulang"
        if any((row, column) in self.grid.errors for column in answered):
            return ""
        filled = {column for column, value in enumerate(values) if value not in ("", None)}
        wrong = sum(bool(error) for _, error in said)
        if filled.intersection(self.facts["time"], self.facts["start"]):
            return ""
        if not answered & filled:
            return "" if texts & filled else "tanpa jawaban"
        # A signature: a few words below the answers, no number, no answer.
        is_words = all(decimal_number(values[column]) is None for column in filled)
        is_few = 2 * wrong < len(said) and wrong == len(answered & filled)
        return "tanpa jawaban" if is_words and is_few else ""

    def _unnamed_statistics(self, data: Sequence[int]) -> Iterator[int]:
        """Yield the last rows that lack what marks a respondent and equal a statistic of the rest.

        Where nothing marks respondents, a row of answers stays one, whatever it equals.
        """
        rows, columns = self.grid.rows, list(self.elements.values())
        own = [column for column in range(self.grid.width) if column not in columns]
        last = len(data)
        while last > len(data) - MOST_STATISTICS and last > FEWEST_RESPONDENTS:
            row, above = rows[data[last - 1]], data[: last - 1]
            marks = [
                c
                for c in own
                if sum(rows[r][c] not in ("", None) for r in above) > 0.9 * len(above)
            ]
            if any(row[column] not in ("", None) for column in marks):
                return
            last -= 1
            figures = [decimal_number(row[column]) for column in columns]
            # An answer may equal any statistic; 3,33 or 114 is none on any scale.
            is_answer = all(f is not None and f in range(LARGEST_SCALE + 1) for f in figures)
            if is_answer and not marks:
                return
            columns_above = ([decimal_number(rows[r][c]) for r in above] for c in columns)
            if all(map(_is_statistic, figures, columns_above)):
                yield data[last]


def _is_statistic(value: float | None, above: Sequence[float | None]) -> bool:
    known = [number for number in above if number is not None]
    if value is None or not known:
        return False
    found = (sum(known), mean(known), median(known), *multimode(known), min(known), max(known))
    return any(abs(value - number) < 0.0051 for number in found)
