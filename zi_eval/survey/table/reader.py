"""A table of survey responses (CSV or a workbook): one row a respondent, every problem by cell.

Personal data end here: columns of them are dropped, in texts they are masked, and no message
quotes a cell. Of identity numbers, phones and e-mails only one thing is kept: which earlier row
had the same.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from zi_eval.core.problems import MOST, Problem, Severity, count_more, has_errors
from zi_eval.core.text import fold
from zi_eval.errors import WorkbookError
from zi_eval.sheets.book import Book, open_source
from zi_eval.sheets.container import read_file
from zi_eval.sheets.dates import is_month_first, parse_moment
from zi_eval.sheets.grid import Grid, RowProblems, cell_reference, row_problems, warn_stripped
from zi_eval.sheets.numbers import decimal_number
from zi_eval.sheets.rows import unreadable
from zi_eval.sheets.strange import describe_rows
from zi_eval.sheets.table import SEARCHED_ROWS, find_headings, long_rows
from zi_eval.survey.privacy import mask_text, name_pattern
from zi_eval.survey.profile import ATTRIBUTES, ProfilePart, group_of, profile_part
from zi_eval.survey.table.cells import LARGEST_SCALE, parse_seconds
from zi_eval.survey.table.columns import TEXTS, Roles, find_roles
from zi_eval.survey.table.placing import TEMPLATE_HINT, ResponseColumns, place_columns
from zi_eval.survey.table.respondents import Respondents
from zi_eval.survey.values import Response, Survey, SurveyData

__all__ = ["SurveyReading", "read_responses"]

LONGEST_NAME = 80
NIK_DIGITS, PHONE_DIGITS = 16, 8
MOST_CELLS = 12
SAYS_ALL = ("di-luar-skala",)
"""Codes of what explains other problems of the same file."""


@dataclass(frozen=True, slots=True)
class SurveyReading:
    """Responses with what was found; ``data`` is None where anything is wrong."""

    data: SurveyData | None
    problems: tuple[Problem, ...]


def read_responses(
    path: Path,
    survey: Survey,
    unit: str,
    source: str = "",
    year: int | None = None,
    sheet: str = "",
) -> SurveyReading:
    """Read the responses of a unit.

    Parameters
    ----------
    path
        CSV in any usual encoding and with any usual separator, or a workbook.
    source
        The file as reports name it (default: its name).
    year
        Of the period; decides between sheets that are named by years.
    sheet
        Which sheet is read, where a person says so.
    """
    try:
        content = read_file(path)
        book = open_source(path, content)
        roles = find_roles(survey)
        grid, top = _find_sheet(book, roles, survey, year, sheet)
    except WorkbookError as error:
        return SurveyReading(None, (unreadable(path, error),))
    found = row_problems(str(path), grid.sheet, most=None)  # cut where they are shown
    for row in long_rows(content, book, top):
        found.error(
            "kolom-berlebih",
            "barisnya punya lebih banyak kolom daripada judulnya.",
            "Beri tanda kutip pada isi yang memuat pemisah, atau simpan sebagai xlsx.",
            at=(row, None),
        )
    warn_stripped(found, grid)
    columns = place_columns(grid, top, survey, roles, found)
    reader = _Reader(grid, top, survey, columns, found)
    responses = () if has_errors(found) else tuple(reader.read())
    if not responses and not has_errors(found):
        found.error("tabel-kosong", "belum ada jawaban di bawah judul kolom.", at=(top, None))
    problems = _shown(found)
    if has_errors(problems):
        return SurveyReading(None, problems)
    data = SurveyData(
        survey=survey,
        unit=unit,
        responses=responses,
        source=source or path.name,
        sha256=hashlib.sha256(content).hexdigest(),
        ignored=tuple(columns.ignored),
        personal=tuple(columns.personal),
        masked=reader.masked,
        profile=reader.profile,
    )
    return SurveyReading(data, problems)


def _find_sheet(
    book: Book, roles: Roles, survey: Survey, year: int | None, only: str
) -> tuple[Grid, int]:
    """Return the sheet whose headings name most elements, and their row."""
    find = cache(roles.find)  # most cells of the rows below are the same few answers

    def count(values: Sequence[object]) -> int:
        named = (find(value) for value in values if isinstance(value, str))
        return len({role.name for role in named if role.kind == "element"})

    most = len(survey.elements)
    found = find_headings(book, count, most / 2, most, year, only)
    if found is None:
        codes = f"{survey.elements[0].code} sampai {survey.elements[-1].code}"
        raise WorkbookError(
            f"{book.name} tidak memuat judul kolom {codes} atau pertanyaannya dalam "
            f"{SEARCHED_ROWS} baris pertama. {TEMPLATE_HINT}"
        )
    return found


def _shown(problems: RowProblems) -> tuple[Problem, ...]:
    """Return the problems, errors first, what explains others before them, many as a number."""
    order = sorted(
        problems,
        key=lambda problem: (problem.severity is Severity.WARNING, problem.code not in SAYS_ALL),
    )
    kept, rest = order[:MOST], order[MOST:]
    severity = rest[0].severity if rest else Severity.WARNING
    return (*kept, *count_more(len(rest), severity, problems.file))


class _Reader:
    """Reads the rows below the headings; ``problems`` grows."""

    def __init__(
        self,
        grid: Grid,
        top: int,
        survey: Survey,
        columns: ResponseColumns,
        problems: RowProblems,
    ) -> None:
        self.grid, self.top, self.survey, self.problems = grid, top, survey, problems
        self.columns, self.facts = columns, columns.facts
        self.masked = 0
        self.counts: dict[str, Counter[str]] = {name: Counter() for name in ATTRIBUTES}
        self.spelling: dict[str, str] = {}
        # What was said of the same text in an earlier row.
        self.spelled: dict[str, str] = {}
        self.masks: dict[str, str] = {}
        self.off_scale: dict[tuple[int, int], int] = {}

    def read(self) -> Iterator[Response]:
        """Yield the responses."""
        rows = self.grid.rows[self.top + 1 :]
        times = [*self.facts["time"], *self.facts["start"]]
        month_first = is_month_first(row[column] for row in rows for column in times)
        seen: dict[tuple[str, str], int] = {}
        places = [(item, self.columns.elements[item.code]) for item in self.survey.elements]
        respondents = Respondents(self.grid, self.top, self.survey, self.columns)
        strange = respondents.strange
        if strange:
            self.problems.warning(
                "bukan-baris-data",
                f"bukan baris data, tidak dibaca: baris {describe_rows(strange)}.",
                at=(min(strange), None),
            )
        for row, values in enumerate(rows, self.top + 1):
            if row in strange or not any(value not in ("", None) for value in values):
                continue
            answers: list[int | None] = []
            said = respondents.said[row]
            for (element, column), (answer, wrong) in zip(places, said, strict=True):
                value = values[column]
                if value == "" and (row, column) in self.grid.errors:
                    wrong = "berisi rumus yang galat"
                if wrong:
                    self.problems.error(
                        "bukan-jawaban",
                        f"isinya {wrong}.",
                        "Kosongkan bila tidak dijawab.",
                        at=(row, column),
                        key=element.code,
                    )
                    number = decimal_number(value)
                    if number is not None and number in range(LARGEST_SCALE + 1):
                        self.off_scale[row, column] = int(number)
                answers.append(answer)
            if any(answer is not None for answer in answers):
                for name, place in self.columns.profile.items():
                    self.counts[name][group_of(name, values[place])] += 1
            yield self._response(row, values, tuple(answers), month_first, seen)
        self._tell_scale()

    @property
    def profile(self) -> tuple[ProfilePart, ...]:
        """The respondents read so far, as shares."""
        found = ((name, self.counts[name]) for name in ATTRIBUTES if self.counts[name])
        return tuple(profile_part(name, counts) for name, counts in found)

    def _tell_scale(self) -> None:
        """Say once which answers are off the scale, where it is set and which one would fit."""
        if not self.off_scale:
            return
        survey, file = self.survey, f"survei/{self.survey.key}.yaml"
        cells = [cell_reference(*place) for place in list(self.off_scale)[:MOST_CELLS]]
        more = len(self.off_scale) - len(cells)
        rest = f" dan {more} lagi" if more > 0 else ""
        top = max(self.off_scale.values())
        fits = (
            f"bila formulirnya memakai 1 sampai {top}, tulis 'scale: {{lowest: 1, highest: "
            f"{top}}}' dan 'conversion'-nya di sana; "
            if top > survey.highest and 0 not in self.off_scale.values()
            else ""
        )
        self.problems.error(
            "di-luar-skala",
            f"{len(self.off_scale)} jawaban di luar skala {survey.lowest} sampai {survey.highest}: "
            f"{', '.join(cells)}{rest}.",
            f"Skalanya diatur 'scale' di {file}; {fits}bila salah ketik, perbaiki selnya.",
            at=min(self.off_scale),
        )

    def _response(
        self,
        row: int,
        values: Sequence[object],
        answers: tuple[int | None, ...],
        month_first: bool,
        seen: dict[tuple[str, str], int],
    ) -> Response:
        names = name_pattern(str(values[column]) for column in self.columns.names if values[column])
        end, start = self._moment(row, values, "time", month_first), None
        if self.facts["start"]:
            start = self._moment(row, values, "start", month_first)
        seconds = None
        if self.facts["seconds"]:
            seconds = parse_seconds(values[self.facts["seconds"][0]])
        elif end is not None and start is not None and end >= start:
            seconds = (end - start).total_seconds()
        service, channel, comment = (self._text(values, name, names) for name in TEXTS)
        return Response(
            row=row + 1,
            answers=answers,
            service=self._spell(service),
            channel=self._spell(channel),
            comment=comment,
            time=end or start,
            seconds=seconds,
            same_person=self._earlier(row, values, seen),
        )

    def _moment(
        self, row: int, values: Sequence[object], name: str, month_first: bool
    ) -> datetime | None:
        if not self.facts[name]:
            return None
        column = self.facts[name][0]
        value = values[column]
        moment = parse_moment(value, month_first)
        if moment is None and value not in ("", None):
            hint = "Tulis seperti 2026-03-02 09:15:22."
            said = "isinya bukan waktu yang dikenal."
            self.problems.warning("bukan-waktu", said, hint, at=(row, column))
        return moment

    def _text(self, values: Sequence[object], name: str, names: re.Pattern[str] | None) -> str:
        parts = []
        for column in self.facts[name]:
            value = values[column]
            text = "" if value is None else " ".join(str(value).split())
            # A service is named by many, a comment written once.
            clean = self.masks.get(text) if names is None else None
            if clean is None:
                clean = mask_text(text, names)
            if names is None:
                self.masks[text] = clean
            self.masked += clean != text and "[" in clean
            if clean:
                parts.append(clean if name == "comment" else clean[:LONGEST_NAME])
        return "; ".join(parts)

    def _spell(self, name: str) -> str:
        """Return a service or channel as it was first written."""
        if name not in self.spelled:
            self.spelled[name] = self.spelling.setdefault(fold(name), name)
        return self.spelled[name]

    def _earlier(
        self, row: int, values: Sequence[object], seen: dict[tuple[str, str], int]
    ) -> int | None:
        """Return the row that had the same identity before, and remember this one's."""
        earlier: int | None = None
        for column, kind in self.columns.identities:
            key = _identity(values[column], kind)
            if key:
                first = seen.setdefault((kind, key), row + 1)
                if first != row + 1 and earlier is None:
                    earlier = first
        return earlier


def _identity(value: object, kind: str) -> str:
    """Return an identity as it is compared; empty where it is none, e.g. ``anonymous``."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = "" if value is None else str(value).strip().casefold()
    if kind == "surel":
        return text if "@" in text else ""
    digits = "".join(filter(str.isdigit, text))
    if kind == "nomor":
        # Other numbers are shared: of a family card, of a queue that starts anew each day.
        return digits if len(digits) == NIK_DIGITS else ""
    digits = digits.removeprefix("62").removeprefix("0")
    return digits if len(digits) >= PHONE_DIGITS else ""
