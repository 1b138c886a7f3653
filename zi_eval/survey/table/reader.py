"""A table of survey responses (CSV or a workbook): one row a respondent, every problem by cell.

Personal data end here: columns of them are dropped, in texts they are masked, and no message
quotes a cell. Of identity numbers, phones and e-mails only one thing is kept: which earlier row
had the same.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path
from statistics import mean, median, multimode

from zi_eval.core.problems import MOST, Problem, Severity, count_more, has_errors
from zi_eval.core.text import fold
from zi_eval.errors import WorkbookError
from zi_eval.sheets.book import Book, open_source
from zi_eval.sheets.container import read_file
from zi_eval.sheets.dates import is_month_first, parse_moment
from zi_eval.sheets.grid import Grid, cell_name, cell_reference, row_problems, warn_stripped
from zi_eval.sheets.numbers import decimal_number
from zi_eval.sheets.strange import (
    describe_rows,
    is_numbering,
    names_statistic,
    repeats_headings,
)
from zi_eval.sheets.table import SEARCHED_ROWS, find_headings, long_rows
from zi_eval.survey.definitions import available_surveys, load_survey
from zi_eval.survey.privacy import mask_text, name_pattern
from zi_eval.survey.table.cells import ResponseError, parse_answer, parse_seconds
from zi_eval.survey.table.columns import FACTS, ColumnRole, Roles, find_roles
from zi_eval.survey.values import Element, Response, Survey, SurveyData

__all__ = ["SurveyReading", "read_responses"]

LONGEST_HEADING = 60
LONGEST_NAME = 80
TYPICAL = 0.5
"""Part of a column's values from which it is what they are: times, or answers."""
LARGEST_SCALE = 10
NIK_DIGITS, PHONE_DIGITS = 16, 8
MOST_CELLS = 12
MOST_STATISTICS, FEWEST_RESPONDENTS = 12, 3
SAYS_ALL = ("di-luar-skala",)
"""Codes of what explains other problems of the same file."""
TEMPLATE_HINT = "Buat contohnya dengan 'zi-eval survei template'."


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
    warn_stripped(reader.problems, grid)
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


class _Reader:
    """Reads the rows below the headings; ``problems`` grows."""

    def __init__(self, file: str, grid: Grid, survey: Survey) -> None:
        self.grid = grid
        self.problems = row_problems(file, grid.sheet, most=None)  # cut where they are shown
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
        self.known: dict[tuple[str, type, object], tuple[int | None, str]] = {}
        self.said: dict[int, list[tuple[int | None, str]]] = {}
        self.labels: dict[object, bool] = {}
        self.off_scale: dict[tuple[int, int], int] = {}

    def shown_problems(self) -> tuple[Problem, ...]:
        """Return the problems, errors first, what explains others before them, many as a number."""
        order = sorted(
            self.problems,
            key=lambda problem: (
                problem.severity is Severity.WARNING,
                problem.code not in SAYS_ALL,
            ),
        )
        kept, rest = order[:MOST], order[MOST:]
        severity = rest[0].severity if rest else Severity.WARNING
        return (*kept, *count_more(len(rest), severity, self.problems.file))

    def find_columns(self, top: int, roles: Roles) -> None:
        """Tell the columns apart by the headings of row ``top``, and by all values below them."""
        found: dict[int, tuple[str, ColumnRole]] = {}
        for column, value in enumerate(self.grid.rows[top]):
            text = " ".join(str(value).split()) if value is not None else ""
            if text:
                found[column] = (text, self._role(column, top, roles, text))
            elif any(row[column] not in ("", None) for row in self.grid.rows[top + 1 :]):
                self.ignored.append("(tanpa judul)")
                self.problems.warning(
                    "judul-kosong",
                    "kolom ini berisi tetapi tanpa judul.",
                    "Isinya tidak dibaca.",
                    at=(top, column),
                )
        for column, (text, role) in self._own_columns(top, found, roles).items():
            self._place(top, column, text, role)
        self._confirm(top, found)
        self._warn_order(top, found)
        for element in self.survey.elements:
            if element.code not in self.elements:
                self.problems.error(
                    "kolom-tidak-ada",
                    f"kolom {element.code} ({element.name}) tidak ada.",
                    TEMPLATE_HINT,
                    at=(top, None),
                    key=element.code,
                )

    def _role(self, column: int, top: int, roles: Roles, text: str) -> ColumnRole:
        """Return what a column holds by its heading, and by its values where that may mislead."""
        role, as_time = roles.find(text), roles.find(text, True)
        if role != as_time:
            moments = (parse_moment(value) is not None for value in self._values(column, top))
            if _is_typical(moments):
                return as_time
        if role.is_guess:
            answers = (self._is_answer(value, role.name) for value in self._values(column, top))
            return role if _is_typical(answers) else ColumnRole("unknown")
        return role

    def _values(self, column: int, top: int) -> list[object]:
        cells = (row[column] for row in self.grid.rows[top + 1 :])
        return [value for value in cells if value not in ("", None)]

    def _is_answer(self, value: object, code: str) -> bool:
        """Whether a value answers a question, maybe on another scale than this survey's."""
        number = decimal_number(value)
        if number is not None:
            return number in range(LARGEST_SCALE + 1)
        element = next(item for item in self.survey.elements if item.code == code)
        try:
            parse_answer(value, self.survey, element)
        except ResponseError:
            return False
        return True

    def _own_columns(
        self, top: int, found: Mapping[int, tuple[str, ColumnRole]], roles: Roles
    ) -> Mapping[int, tuple[str, ColumnRole]]:
        """Return the columns without the questions of another survey that stand in the same form.

        A heading that only resembles one of ours is theirs where it is more like a question that
        ours does not ask, or where another column answers ours better.
        """
        claims: dict[int, list[str]] = {}
        answered = Counter(role.name for _, role in found.values() if role.kind == "element")
        for column, (text, role) in found.items():
            if role.kind == "unknown":
                claims[column] = [key for _, key, _ in _claims(text)]
            elif role.kind == "element" and role.is_guess:
                claims[column] = [
                    key
                    for strength, key, words in _claims(text)
                    if strength > role.strength
                    and (
                        answered[role.name] > 1
                        or not any(roles.find(word).kind == "element" for word in words)
                    )
                ]
        # Surveys share questions: the one that claims most columns has them.
        counts = Counter(key for keys in claims.values() for key in keys)
        theirs = {
            column: max(keys, key=counts.__getitem__)
            for column, keys in claims.items()
            if keys and self.survey.key not in keys
        }
        for key in dict.fromkeys(theirs.values()):
            columns = [column for column, other in theirs.items() if other == key]
            self.ignored += [mask_text(found[c][0])[:LONGEST_HEADING] for c in columns]
            self.problems.warning(
                "survei-lain",
                f"{len(columns)} kolom menanyakan {key.upper()}, tidak dibaca untuk "
                f"{self.survey.short}: {', '.join(cell_reference(top, c) for c in columns)}.",
                f"Agar {key.upper()} dihitung, salin berkas ini dengan nama <unit>.{key}.",
                at=(top, columns[0]),
            )
        exact = {
            role.name for _, role in found.values() if role.kind == "element" and not role.is_guess
        }
        return {
            column: (text, ColumnRole("unknown") if role.is_guess and role.name in exact else role)
            for column, (text, role) in found.items()
            if column not in theirs
        }

    def _confirm(self, top: int, found: Mapping[int, tuple[str, ColumnRole]]) -> None:
        """Say once which headings were taken by likeness."""
        guessed = {
            code: column for code, column in self.elements.items() if found[column][1].is_guess
        }
        if guessed:
            read = ", ".join(f"{cell_reference(top, c)} = {code}" for code, c in guessed.items())
            self.problems.warning(
                "judul-mirip",
                f"judul kolom dibaca dari katanya: {read}.",
                "Pastikan benar, atau tulis kodenya di depan judul.",
                at=(top, min(guessed.values())),
            )

    def _warn_order(self, top: int, found: Mapping[int, tuple[str, ColumnRole]]) -> None:
        """Say which columns were told by their number alone, where forms number otherwise."""
        bare = {
            code: self.elements[code]
            for code in self.survey.reordered
            if code in self.elements and found[self.elements[code]][1].is_bare
        }
        if bare:
            names = {element.code: element.name for element in self.survey.elements}
            read = ", ".join(
                f"{cell_reference(top, column)} = {names[code]}" for code, column in bare.items()
            )
            self.problems.warning(
                "urutan-unsur",
                f"kolom bernomor dibaca menurut formulir yang beredar: {read}.",
                "Sebagian tabel memakai urutan sebaliknya; tulis nama unsurnya di judul kolom.",
                at=(top, min(bare.values())),
            )

    def _place(self, top: int, column: int, text: str, role: ColumnRole) -> None:
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
        strange = self._strange_rows(top)
        if strange:
            self.problems.warning(
                "bukan-baris-data",
                f"bukan baris data, tidak dibaca: baris {describe_rows(strange)}.",
                at=(min(strange), None),
            )
        for row, values in enumerate(rows, top + 1):
            if row in strange or not any(value not in ("", None) for value in values):
                continue
            answers: list[int | None] = []
            for (element, column), (answer, wrong) in zip(places, self.said[row], strict=True):
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
            yield self._response(row, values, tuple(answers), month_first, seen)
        self._tell_scale()

    def _answer(self, element: Element, value: object) -> tuple[int | None, str]:
        """Return an answer and what is wrong with it; most cells are the same few."""
        memory = (element.code, type(value), value)
        if memory not in self.known:
            try:
                self.known[memory] = parse_answer(value, self.survey, element), ""
            except ResponseError as error:
                self.known[memory] = None, str(error)
        return self.known[memory]

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
            f"bila formulirnya memakai 1 sampai {top}, tulis 'highest: {top}' dan "
            "'conversion'-nya di sana; "
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

    def _strange_rows(self, top: int) -> dict[int, str]:
        """Return the rows that are no respondent's, and what they are."""
        strange: dict[int, str] = {}
        data: list[int] = []
        elements = [(element, self.elements[element.code]) for element in self.survey.elements]
        answered = {column for _, column in elements}
        texts = {*self.facts["comment"], *self.facts["service"], *self.facts["channel"]}
        # "Max" may be a person, where the row has a number or a time before the name.
        labels = [c for c in range(self.grid.width) if c not in texts and c not in self.names]
        names = [(c, range(c)) for c in self.names]
        for row, values in enumerate(self.grid.rows[top + 1 :], top + 1):
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
                strange[row] = self._describe(row, top, answered, texts)
                if not strange[row]:
                    del strange[row]
                    data.append(row)
        for row in self._unnamed_statistics(data):
            strange[row] = "hitungan"
        return strange

    def _is_label(self, text: object) -> bool:
        """Whether a cell names a statistic; most cells are the same few."""
        if text not in self.labels:
            self.labels[text] = names_statistic(text)
        return self.labels[text]

    def _describe(self, row: int, top: int, answered: set[int], texts: set[int]) -> str:
        """Return what a row without a whole set of answers is; empty for a respondent's."""
        values, said = self.grid.rows[row], self.said[row]
        if is_numbering(values, self.survey.highest):
            return "penomoran kolom"
        if repeats_headings(values, self.grid.rows[top]):
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


def _is_typical(found: Iterable[bool]) -> bool:
    """Whether at least half of some values, and one of them, are what was asked."""
    answers = list(found)
    return any(answers) and sum(answers) >= TYPICAL * len(answers)


def _is_statistic(value: float | None, above: Sequence[float | None]) -> bool:
    known = [number for number in above if number is not None]
    if value is None or not known:
        return False
    found = (sum(known), mean(known), median(known), *multimode(known), min(known), max(known))
    return any(abs(value - number) < 0.0051 for number in found)


@lru_cache(maxsize=4096)
def _claims(heading: str) -> tuple[tuple[int, str, tuple[str, ...]], ...]:
    """Return the usual surveys that ask what a heading asks.

    Of each: how many letters say so, its key, and what the headings of that question are.
    """
    found = []
    for survey, roles in _packaged():
        role = roles.find(heading)
        if role.kind == "element":
            asked = next(item for item in survey.elements if item.code == role.name)
            found.append((role.strength, survey.key, (asked.name, *asked.headings)))
    return tuple(found)


@lru_cache(maxsize=1)
def _packaged() -> tuple[tuple[Survey, Roles], ...]:
    surveys = [load_survey(key) for key in available_surveys()]
    return tuple((survey, find_roles(survey)) for survey in surveys)


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
