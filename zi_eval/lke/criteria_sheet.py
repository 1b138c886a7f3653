"""The worksheet of criteria in use: yes or no and proof for each criterion under its subcomponent.

Whatever does not fit, such as another count of criteria, is named with its rows and left open.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Final

from zi_eval.core.assessment import Answer
from zi_eval.core.instrument import Instrument, Question
from zi_eval.core.text import quote, tidy_text
from zi_eval.errors import WorkbookError
from zi_eval.lke.attached import cell_text, linked_text, list_cells
from zi_eval.lke.cells import describe, is_open
from zi_eval.lke.criteria_rows import CriteriaRows, find_rows, row_text
from zi_eval.lke.headings import find_blocks, name_columns, read_headings
from zi_eval.lke.reading import WorkbookReading
from zi_eval.sheets.book import Book, open_source
from zi_eval.sheets.grid import Grid, cell_problems, column_letter

__all__ = ["LAYOUT", "read_criteria"]

LAYOUT: Final = "kriteria"
YES: Final = frozenset({"ya", "y", "ada", "sudah", "terpenuhi", "true", "v", "✓", "✔", "√", "☑"})
NO: Final = frozenset(
    {"tidak", "t", "tdk", "tidak ada", "belum", "belum ada", "tidak terpenuhi", "false", "☐"}
    | {"belum terpenuhi"}
)
ALLOWED: Final = "Ya atau Tidak"
LIKE: Final = 0.65
"""Share of a criterion's words in a row's text from which it may be that criterion."""
WORD: Final = re.compile(r"[^\W\d_]{4,}")
Place = tuple[int, int]


def read_criteria(
    path: Path | str,
    instrument: Instrument,
    *,
    only: str = "",
    chosen: Mapping[str, int] = MappingProxyType({}),
    content: bytes | None = None,
) -> WorkbookReading:
    """Read what a worksheet says of the criteria, and the grades it gives where it gives them.

    Parameters
    ----------
    only, chosen, content
        As of :func:`~zi_eval.lke.reader.read_workbook`.

    Raises
    ------
    WorkbookError
        Where no sheet holds the instrument's subcomponents with criteria, several do, or two
        columns could be the same answer.
    """
    book = open_source(Path(path), content)
    grid, rows, others = _find_sheet(book, instrument, only)
    reader = _Reader(grid, rows, instrument, str(path), chosen)
    if others:
        reader.problems.warning(
            "beberapa-lembar",
            f"lembar {grid.sheet} yang dibaca; {', '.join(others)} tidak dibaca.",
            "Bila keliru, pilih lembarnya dengan --sheet.",
        )
    answers, criteria = reader.read()
    return WorkbookReading(
        answers=answers,
        layout=LAYOUT,
        sheet=grid.sheet,
        problems=tuple(reader.problems),
        answered=sum(answer.unit is not None for answer in answers.values()),
        answered_by_tpi=sum(answer.tpi is not None for answer in answers.values()),
        criteria=criteria,
    )


def _find_sheet(
    book: Book, instrument: Instrument, only: str
) -> tuple[Grid, CriteriaRows, list[str]]:
    names = book.searched(())
    if only:
        names = [name for name in names if name.strip().casefold() == only.strip().casefold()]
        if not names:
            raise WorkbookError(
                f"{book.name} tidak memuat lembar '{only}'; yang ada: {', '.join(book.parts)}."
            )
    found = []
    for name in names:
        grid = book.grid(name)
        rows = find_rows(grid, instrument)
        if 2 * len(rows.criteria) >= len(instrument.questions):
            found.append((grid, rows))
    if not found:
        first = next(iter(instrument.questions))
        raise WorkbookError(
            f"{book.name} bukan lembar kriteria {instrument.labels.name}: subkomponen "
            f"{first} dan seterusnya beserta kriteria bernomor di bawahnya tidak ditemukan. "
            "Periksa penomorannya, atau isi formulirnya."
        )
    filled = [item for item in found if _is_filled(*item)]
    if len(filled) > 1:
        listed = ", ".join(f"'{grid.sheet}'" for grid, _ in filled)
        raise WorkbookError(
            f"{book.name} memuat beberapa lembar kriteria yang terisi ({listed}); pilih satu "
            "dengan --sheet."
        )
    grid, rows = (filled or found)[0]
    return grid, rows, [other.sheet for other, _ in found if other is not grid]


def _is_filled(grid: Grid, rows: CriteriaRows) -> bool:
    columns = range(rows.text + 1, grid.width)
    return any(_said(grid.value(row, c)) for row in rows.all_criteria() for c in columns)


def _said(value: object) -> str:
    """Return Ya or Tidak where a cell says one of them, else nothing."""
    if isinstance(value, bool):
        return "Ya" if value else "Tidak"
    if not isinstance(value, str):
        return ""
    text = " ".join(value.split()).strip(" .").casefold()
    return "Ya" if text in YES else "Tidak" if text in NO else ""


class _Reader:
    """Takes what stands right of the texts, and says what it could not take."""

    def __init__(
        self,
        grid: Grid,
        rows: CriteriaRows,
        instrument: Instrument,
        file: str,
        chosen: Mapping[str, int],
    ) -> None:
        self.grid, self.rows, self.instrument = grid, rows, instrument
        self.problems = cell_problems(file, grid.sheet)
        self.right = range(rows.text + 1, grid.width)
        self.placed = dict(self._place())
        self.headings = self._headings()
        self.columns = self._columns(chosen)
        self.taken: set[Place] = set()

    def _place(self) -> Iterator[tuple[str, int]]:
        """Yield each criterion with its row, where number and count leave no doubt."""
        for question in self.instrument.questions:
            keys = self.instrument.criteria_of(question)
            found = self.rows.criteria.get(question, [])
            if not found:
                self.problems.error(
                    "butir-tanpa-baris",
                    "kriteria subkomponen ini tidak ditemukan di lembar; dianggap belum diisi.",
                    "Periksa huruf subkomponen dan nomor kriterianya, lalu ambil ulang.",
                    key=question,
                )
            elif [number for _, number in found] != list(range(1, len(keys) + 1)):
                self.problems.error(
                    "kriteria-berbeda",
                    f"lembar ini memuat kriteria {', '.join(str(n) for _, n in found)}, "
                    f"instrumennya 1 sampai {len(keys)}; tidak satu pun dibaca.",
                    "Samakan daftarnya, atau jawab kriteria subkomponen ini di formulir.",
                    at=(found[0][0], self.rows.text),
                    key=question,
                )
            else:
                yield from self._alike(keys, [row for row, _ in found])

    def _alike(self, keys: Sequence[str], rows: Sequence[int]) -> Iterator[tuple[str, int]]:
        """Yield criteria by their numbers, but one whose text is clearly another criterion's."""
        words = {key: _words(self.instrument.criteria[key].text) for key in keys}
        for key, row in zip(keys, rows, strict=True):
            said = _words(row_text(self.grid, row))
            shares = {k: len(w & said) / len(w) if w else 0.0 for k, w in words.items()}
            best = max(keys, key=lambda k: shares[k])
            if shares[best] >= LIKE and 2 * shares[key] < shares[best]:
                self.problems.error(
                    "kriteria-berbeda",
                    f"kalimatnya kriteria {best}, bukan {key}; tidak dibaca.",
                    "Urutkan kriterianya seperti instrumen, lalu ambil ulang.",
                    at=(row, self.rows.text),
                    key=key,
                )
                continue
            yield key, row

    def _headings(self) -> dict[int, tuple[str, str]]:
        """Return whose each column is and what it holds, by its heading."""
        first = min([*self.rows.grades.values(), *self.rows.all_criteria()])
        texts = read_headings(self.grid, first + 1, self.right)
        start = next(iter(find_blocks(texts)), first)
        named = name_columns(texts, self.right, range(start, first + 1), is_grouped=True)
        return {
            item.column: ("tpi" if item.owner == "tpi" else "unit", item.role) for item in named
        }

    def _columns(self, chosen: Mapping[str, int]) -> dict[str, int]:
        """Find the columns of the answers by what stands in them, the others by their headings.

        Those that a person named are taken as they are.

        Raises
        ------
        WorkbookError
            Where two columns could be the answers of the same side.
        """
        criteria, found = list(self.placed.values()), dict(chosen)
        for column in self.right:
            if column in chosen.values():
                continue
            values = [self.grid.value(row, column) for row in criteria]
            filled = [value for value in values if not is_open(value)]
            said = [value for value in filled if _said(value)]
            owner, role = self.headings.get(column, ("unit", ""))
            is_answer = (said and 2 * len(said) >= len(filled)) or (not filled and role == "answer")
            if is_answer and role not in ("evidence", "note"):
                key = "answer" if owner == "unit" else "tpi_answer"
                if key in chosen:
                    continue
                if said and key in found and self._has_answers(found[key]):
                    raise WorkbookError(
                        f"Lembar {self.grid.sheet}: kolom {column_letter(found[key])} dan "
                        f"{column_letter(column)} sama-sama dapat menjadi jawaban; sebut dengan "
                        "--columns, mis. jawaban=E,tpi=F."
                    )
                if key not in found or said:
                    found[key] = column
            elif role in ("evidence", "note"):
                found.setdefault(f"tpi_{role}" if owner == "tpi" else role, column)
        return found

    def _has_answers(self, column: int) -> bool:
        return any(_said(self.grid.value(row, column)) for row in self.placed.values())

    def read(self) -> tuple[dict[str, Answer], dict[str, Answer]]:
        if not self.columns.keys() & {"answer", "tpi_answer"}:
            self.problems.error(
                "kolom-jawaban-tidak-ada",
                f"tidak ada kolom yang berisi {ALLOWED}; semua kriteria dianggap belum diisi.",
                "Sebut kolomnya dengan --columns, mis. jawaban=E.",
                at=(min(self.rows.all_criteria()), self.rows.text),
            )
        criteria = {key: self._criterion(key, row) for key, row in self.placed.items()}
        grades = {key: self._grade(key, row) for key, row in self.rows.grades.items()}
        self._name_the_rest()
        return _given(grades, self.instrument.questions), _given(criteria, self.instrument.criteria)

    def _criterion(self, key: str, row: int) -> Answer:
        return Answer(
            unit=self._answer(key, row, "answer"),
            tpi=self._answer(key, row, "tpi_answer"),
            note=self._text(row, "note"),
            tpi_note=self._text(row, "tpi_note"),
            evidence=tuple(
                line for text in (self._text(row, "evidence"), self._text(row, "tpi_evidence"))
                for line in map(str.strip, text.splitlines()) if line
            ),
        )  # fmt: skip

    def _answer(self, key: str, row: int, column: str) -> str | None:
        place = (row, self.columns.get(column, -1))
        value = self.grid.value(*place)
        self.taken.add(place)
        error = self.grid.errors.get(place)
        if is_open(value) and error is None:
            return None
        said = _said(value)
        if not said:
            shown = f"galat {error}" if error else describe(value)
            self.problems.error(
                "jawaban-di-luar-skala",
                f"isinya {shown}, yang boleh: {ALLOWED}; dianggap belum diisi.",
                "Perbaiki isi sel itu, lalu ambil ulang.",
                at=place,
                key=key,
            )
        return said or None

    def _grade(self, key: str, row: int) -> Answer:
        """Return the grade a subcomponent's own row gives; it is never worked out from criteria."""
        codes = self.instrument.questions[key].scale.values
        given: dict[str, str] = {}
        for column in self.right:
            value = self.grid.value(row, column)
            if isinstance(value, str) and value.strip().upper() in codes:
                owner = self.headings.get(column, ("unit", ""))[0]
                if owner in given and given[owner] != value.strip().upper():
                    self.problems.error(
                        "jawaban-ganda",
                        f"baris ini memuat dua nilai, {given[owner]} dan {value.strip()}; "
                        "dianggap belum diisi.",
                        "Sisakan satu nilai untuk subkomponen ini.",
                        at=(row, column),
                        key=key,
                    )
                    given[owner] = ""
                given.setdefault(owner, value.strip().upper())
                self.taken.add((row, column))
        return Answer(
            unit=given.get("unit") or None,
            tpi=given.get("tpi") or None,
            note=self._text(row, "note"),
            tpi_note=self._text(row, "tpi_note"),
        )

    def _text(self, row: int, column: str) -> str:
        place = (row, self.columns.get(column, -1))
        self.taken.add(place)
        text = cell_text(self.grid.value(*place))
        shown = "" if is_open(text) else text
        return tidy_text(linked_text(shown, self.grid.marks.links.get(place, "")))

    def _name_the_rest(self) -> None:
        """Name comments and links on the rows read that were not taken, so that none is lost."""
        rows = {*self.placed.values(), *self.rows.grades.values()}
        comments = [place for place in self.grid.marks.comments if place[0] in rows]
        links = [p for p in self.grid.marks.links if p[0] in rows and p not in self.taken]
        for places, what in ((comments, "komentar"), (links, "tautan")):
            if places:
                text = quote(self.grid.marks.comments.get(places[0], ""))
                self.problems.warning(
                    f"{what}-tidak-diambil",
                    f"{what} di sel {list_cells(places)} tidak diambil"
                    f"{f': {text}' if text else ''}.",
                    "Salin ke catatan atau bukti bila diperlukan.",
                    at=places[0],
                )


def _given(answers: Mapping[str, Answer], order: Mapping[str, Question]) -> dict[str, Answer]:
    """Return the answers of which something is filled in, in the instrument's order."""
    return {key: answers[key] for key in order if answers.get(key, Answer()) != Answer()}


def _words(text: str) -> frozenset[str]:
    return frozenset(WORD.findall(text.casefold()))
