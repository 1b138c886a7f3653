"""A table of survey responses (CSV or a workbook): one row a respondent, every problem by cell.

Personal data end here: columns of them are dropped, in texts they are masked, and no message
quotes a cell. Of identity numbers, phones and e-mails only one thing is kept: which earlier row
had the same.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from zi_eval.core.problems import Problem, Severity, has_errors
from zi_eval.core.text import fold
from zi_eval.errors import WorkbookError
from zi_eval.sheets.book import Book, open_source
from zi_eval.sheets.container import read_file
from zi_eval.sheets.dates import is_month_first, parse_moment
from zi_eval.sheets.grid import Grid, cell_name, row_problems
from zi_eval.sheets.table import SEARCHED_ROWS, find_headings, long_rows
from zi_eval.survey.privacy import mask_text, name_pattern
from zi_eval.survey.table.cells import ResponseError, parse_answer, parse_seconds
from zi_eval.survey.table.columns import FACTS, Role, Roles, find_roles
from zi_eval.survey.values import Response, Survey, SurveyData

__all__ = ["SurveyReading", "read_responses"]

MOST_PROBLEMS = 100
LONGEST_HEADING = 60
LONGEST_NAME = 80
LONGEST_SUM = 40
SUMS = ("jumlah", "total", "rata rata", "nrr", "ikm", "nilai rata", "bobot", "skor total")
"""How rows start that are no respondent but computed from them."""
NIK_DIGITS, PHONE_DIGITS = 16, 8
TEMPLATE_HINT = "Buat contohnya dengan 'zi-eval survei template'."


@dataclass(frozen=True, slots=True)
class SurveyReading:
    """Responses with what was found; ``data`` is None where anything is wrong."""

    data: SurveyData | None
    problems: tuple[Problem, ...]


def read_responses(path: Path, survey: Survey, unit: str, source: str = "") -> SurveyReading:
    """Read the responses of a unit.

    Parameters
    ----------
    path
        CSV in any usual encoding and with any usual separator, or a workbook.
    source
        The file as reports name it (default: its name).
    """
    try:
        content = read_file(path)
        book = open_source(path, content)
        roles = find_roles(survey)
        grid, top = _find_sheet(book, roles, survey)
    except WorkbookError as error:
        return SurveyReading(
            None, (Problem(code="tabel-tak-terbaca", message=str(error), file=str(path)),)
        )
    reader = _Reader(str(path), grid, survey)
    for row in long_rows(content, book, top):
        reader.problems.error(
            "kolom-berlebih",
            "barisnya punya lebih banyak kolom daripada judulnya.",
            "Beri tanda kutip pada isi yang memuat pemisah, atau simpan sebagai xlsx.",
            at=(row, None),
        )
    reader.find_columns(top, roles)
    responses = () if has_errors(reader.problems) else tuple(reader.read(top))
    if not responses and not has_errors(reader.problems):
        reader.problems.error(
            "tabel-kosong", "belum ada jawaban di bawah judul kolom.", at=(top, None)
        )
    problems = reader.shown_problems()
    if has_errors(problems):
        return SurveyReading(None, problems)
    data = SurveyData(
        survey=survey,
        unit=unit,
        responses=responses,
        source=source or path.name,
        sha256=hashlib.sha256(content).hexdigest(),
        ignored=tuple(reader.ignored),
        personal=tuple(reader.personal),
        masked=reader.masked,
    )
    return SurveyReading(data, problems)


def _find_sheet(book: Book, roles: Roles, survey: Survey) -> tuple[Grid, int]:
    """Return the sheet whose headings name most elements, and their row."""
    find = cache(roles.find)  # most cells of the rows below are the same few answers

    def count(values: Sequence[object]) -> int:
        named = (find(value) for value in values if isinstance(value, str))
        return len({role.name for role in named if role.kind == "element"})

    most = len(survey.elements)
    found = find_headings(book, count, most / 2, most)
    if found is None:
        codes = f"{survey.elements[0].code} sampai {survey.elements[-1].code}"
        raise WorkbookError(
            f"{book.name} tidak memuat judul kolom {codes} atau pertanyaannya dalam "
            f"{SEARCHED_ROWS} baris pertama. {TEMPLATE_HINT}"
        )
    return found


class _Reader:
    """Reads the rows below the headings; ``problems`` grows."""

    def __init__(self, file: str, grid: Grid, survey: Survey) -> None:
        self.grid = grid
        self.problems = row_problems(file, grid.sheet)
        self.survey = survey
        self.elements: dict[str, int] = {}
        self.facts: dict[str, list[int]] = {name: [] for name in FACTS}
        self.identities: list[tuple[int, str]] = []
        self.names: list[int] = []
        self.ignored: list[str] = []
        self.personal: list[str] = []
        self.masked = 0
        self.spelling: dict[str, str] = {}
        # What was said of the same text in an earlier row.
        self.spelled: dict[str, str] = {}
        self.masks: dict[str, str] = {}
        self.sums: dict[str, bool] = {}

    def shown_problems(self) -> tuple[Problem, ...]:
        """Return the problems, many of them as a number."""
        more = len(self.problems) - MOST_PROBLEMS
        if more <= 0:
            return tuple(self.problems)
        order = sorted(self.problems, key=lambda problem: problem.severity is Severity.WARNING)
        rest = Problem(
            code="dan-lainnya",
            message=f"masih ada {more} masalah lain yang serupa.",
            severity=order[MOST_PROBLEMS].severity,
            file=self.problems.file,
        )
        return (*order[:MOST_PROBLEMS], rest)

    def find_columns(self, top: int, roles: Roles) -> None:
        """Tell the columns apart by the headings of row ``top``."""
        rows = self.grid.rows[top + 1 :]
        for column, value in enumerate(self.grid.rows[top]):
            text = " ".join(str(value).split()) if value is not None else ""
            first = next((row[column] for row in rows if row[column] not in ("", None)), "")
            if not text:
                if first != "":
                    self.ignored.append("(tanpa judul)")
                    self.problems.warning(
                        "judul-kosong",
                        "kolom ini berisi tetapi tanpa judul.",
                        "Isinya tidak dibaca.",
                        at=(top, column),
                    )
                continue
            role = roles.find(text, parse_moment(first) is not None)
            if role.is_guess and not self._is_answer(first, role.name):
                role = Role("unknown")
            self._place(top, column, text, role)
        for element in self.survey.elements:
            if element.code not in self.elements:
                self.problems.error(
                    "kolom-tidak-ada",
                    f"kolom {element.code} ({element.name}) tidak ada.",
                    TEMPLATE_HINT,
                    at=(top, None),
                    key=element.code,
                )

    def _is_answer(self, value: object, code: str) -> bool:
        element = next(item for item in self.survey.elements if item.code == code)
        try:
            parse_answer(value, self.survey, element)
        except ResponseError:
            return False
        return True

    def _place(self, top: int, column: int, text: str, role: Role) -> None:
        shown = mask_text(text)[:LONGEST_HEADING]
        if role.kind == "element":
            if role.name in self.elements:
                first = cell_name(self.grid.sheet, top, self.elements[role.name])
                self.problems.error(
                    "judul-ganda",
                    f"{role.name} sudah ada di {first}.",
                    "Hapus atau ganti salah satunya.",
                    at=(top, column),
                    key=role.name,
                )
                return
            self.elements[role.name] = column
            if role.is_guess:
                self.problems.warning(
                    "judul-mirip",
                    f"judul '{shown}' dibaca {role.name}.",
                    f"Pastikan benar, atau tulis {role.name} di depannya.",
                    at=(top, column),
                    key=role.name,
                )
        elif role.kind == "personal":
            self.personal.append(shown)
            if role.name == "nama":
                self.names.append(column)
            elif role.is_respondent and role.name in ("nomor", "telepon", "surel"):
                self.identities.append((column, role.name))
        elif role.kind in FACTS and (role.kind == "comment" or not self.facts[role.kind]):
            self.facts[role.kind].append(column)
        else:
            self.ignored.append(shown)
            if role.kind == "unknown":
                self.problems.warning(
                    "judul-tidak-dikenal",
                    f"judul '{shown}' tidak dikenal.",
                    "Isinya tidak dibaca.",
                    at=(top, column),
                )

    def read(self, top: int) -> Iterator[Response]:
        """Yield the responses below row ``top``."""
        rows = self.grid.rows[top + 1 :]
        times = [*self.facts["time"], *self.facts["start"]]
        month_first = is_month_first(row[column] for row in rows for column in times)
        seen: dict[tuple[str, str], int] = {}
        places = [(element, self.elements[element.code]) for element in self.survey.elements]
        known: dict[tuple[str, type, object], int | None] = {}
        for row, values in enumerate(rows, top + 1):
            if not any(value not in ("", None) for value in values):
                continue
            if self._is_sum(values):
                self.problems.error(
                    "baris-hitungan",
                    "baris ini jumlah atau rata-rata, bukan responden.",
                    "Hapus barisnya: indeks dihitung ulang dari jawaban.",
                    at=(row, None),
                )
                continue
            answers: list[int | None] = []
            for element, column in places:
                value = values[column]
                memory = (element.code, type(value), value)
                if memory not in known or value == "":
                    try:
                        known[memory] = parse_answer(value, self.survey, element)
                        if value == "" and (row, column) in self.grid.errors:
                            raise ResponseError("berisi rumus yang galat")
                    except ResponseError as error:
                        self.problems.error(
                            "bukan-jawaban",
                            f"isinya {error}.",
                            "Kosongkan bila tidak dijawab.",
                            at=(row, column),
                            key=element.code,
                        )
                        answers.append(None)
                        continue
                answers.append(known[memory])
            yield self._response(row, values, tuple(answers), month_first, seen)

    def _is_sum(self, values: Sequence[object]) -> bool:
        texts = set(self.facts["comment"]) | set(self.facts["service"])
        return any(
            isinstance(value, str)
            and column not in texts
            and len(value) < LONGEST_SUM
            and self._names_sum(value)
            for column, value in enumerate(values)
        )

    def _names_sum(self, text: str) -> bool:
        if text not in self.sums:
            self.sums[text] = f"{fold(text)} ".startswith(tuple(f"{word} " for word in SUMS))
        return self.sums[text]

    def _response(
        self,
        row: int,
        values: Sequence[object],
        answers: tuple[int | None, ...],
        month_first: bool,
        seen: dict[tuple[str, str], int],
    ) -> Response:
        names = name_pattern(str(values[column]) for column in self.names if values[column])
        end, start = self._moment(row, values, "time", month_first), None
        if self.facts["start"]:
            start = self._moment(row, values, "start", month_first)
        seconds = None
        if self.facts["seconds"]:
            seconds = parse_seconds(values[self.facts["seconds"][0]])
        elif end is not None and start is not None and end >= start:
            seconds = (end - start).total_seconds()
        service, channel, comment = (
            self._text(values, name, names) for name in ("service", "channel", "comment")
        )
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
        for column, kind in self.identities:
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
