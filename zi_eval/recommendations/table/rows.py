"""A table whose columns are known by their headings: read tolerantly, every doubt with its cell.

A topic says which columns its table has (:class:`Shape`); where they stand, how people spell them
and what stands around the rows is found out here. What a row means is for the topic to say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Final

from zi_eval.core.problems import Problem, has_errors
from zi_eval.core.text import fold, quote, tidy_text
from zi_eval.errors import WorkbookError
from zi_eval.sheets.book import Book, open_source
from zi_eval.sheets.container import read_file
from zi_eval.sheets.dates import parse_date
from zi_eval.sheets.grid import Cell, Grid, column_letter, row_problems, warn_stripped
from zi_eval.sheets.numbers import held_number
from zi_eval.sheets.strange import describe_rows, is_numbering, repeats_headings
from zi_eval.sheets.table import SEARCHED_ROWS, find_headings, long_rows

__all__ = ["Column", "Row", "Shape", "TableReader", "open_table"]

LONGEST: Final = 80
"""Letters of a heading that are looked at."""
FEWEST: Final = 3
"""Headings of ours from which a row is taken for the row of headings."""
Row = tuple[int, Sequence[Cell]]
"""The 0-based number of a row and its values."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes
    ----------
    name
        Its heading.
    kind
        ``text``, ``number``, ``choice`` or ``date``.
    note
        What to write in it, in Indonesian.
    is_required
        Whether the table cannot be read without it.
    choices, synonyms
        What a choice may be, and other words for it, folded, as agencies write them.
    others
        Other headings for it, folded, with ``_`` between words.
    width
        Of the column in the template, in characters; 0 for the usual one of its kind.
    """

    name: str
    kind: str
    note: str
    is_required: bool = False
    choices: tuple[str, ...] = ()
    synonyms: Mapping[str, str] = field(default_factory=dict)
    others: str = ""
    width: int = 0


@dataclass(frozen=True)
class Shape:
    """The columns of a kind of table.

    Attributes
    ----------
    ignored
        Headings, folded, of what tables hold besides and nobody reads.
    hint
        How to get an empty one.
    """

    columns: tuple[Column, ...]
    ignored: frozenset[str] = frozenset()
    hint: str = ""

    @cached_property
    def by_name(self) -> Mapping[str, Column]:
        """The columns by name."""
        return {column.name: column for column in self.columns}

    @cached_property
    def _names(self) -> Mapping[str, str]:
        others = {other: c.name for c in self.columns for other in c.others.split()}
        return others | {column.name: column.name for column in self.columns}

    def find(self, heading: Cell) -> str:
        """Return the column that a heading names, ``"-"`` for an ignored one, "" for no other."""
        if not isinstance(heading, str):
            return ""
        folded = fold(heading[:LONGEST]).replace(" ", "_")
        return self._names.get(folded, "-" if folded in self.ignored else "")

    def find_sheet(self, book: Book, year: int | None = None, only: str = "") -> tuple[Grid, int]:
        """Return the sheet that has the headings, and their row; of several years that of ``year``.

        Raises
        ------
        WorkbookError
            Where there is none.
        """
        found = find_headings(
            book,
            lambda values: sum(self.find(value) not in ("", "-") for value in values),
            FEWEST,
            year=year,
            only=only,
        )
        if found is None:
            named = ", ".join(c.name for c in self.columns if c.is_required)
            raise WorkbookError(
                f"{book.name} tidak memuat judul kolom seperti {named} dalam {SEARCHED_ROWS} baris "
                f"pertama. {self.hint}"
            )
        return found


def open_table(
    path: Path, shape: Shape, year: int, sheet: str = "", content: bytes | None = None
) -> tuple[TableReader | None, tuple[Problem, ...]]:
    """Open a table of a shape, with its columns found; None and why where that cannot be.

    Parameters
    ----------
    path
        CSV in any usual encoding and with any usual separator, or a workbook (xlsx, xls, ods).
    year
        Which of several sheets is meant, and the year of a date that says none.
    sheet
        Which sheet is read, where a person says so.
    content
        The file's bytes, where they are read already.
    """
    try:
        data = read_file(path) if content is None else content
        book = open_source(path, data)
        grid, top = shape.find_sheet(book, year, sheet)
    except WorkbookError as error:
        return None, (Problem(code="tabel-tak-terbaca", message=str(error), file=str(path)),)
    reader = TableReader(str(path), shape, book, grid, top, year)
    # Only commas are decimal signs too.
    for row in long_rows(data, book, top) if book.separator == "," else ():
        reader.problems.error(
            "kolom-berlebih",
            "barisnya punya lebih banyak kolom daripada judulnya.",
            "Beri tanda kutip pada isi yang memuat koma, atau simpan dengan pemisah titik koma.",
            at=(row, None),
        )
    warn_stripped(reader.problems, grid)
    return reader, ()


class TableReader:
    """The rows of a table by the names of its columns; ``problems`` grows.

    Attributes
    ----------
    book, grid, top
        The file, its sheet, and the 0-based row of the headings.
    columns
        Where each column stands, by name.
    """

    def __init__(
        self, file: str, shape: Shape, book: Book, grid: Grid, top: int, year: int
    ) -> None:
        self.shape, self.book, self.grid, self.top, self.year = shape, book, grid, top, year
        self.problems = row_problems(file, grid.sheet)
        self.columns: dict[str, int] = {}
        self._find_columns()

    @property
    def is_sound(self) -> bool:
        """Whether nothing makes the table unusable so far."""
        return not has_errors(self.problems)

    def _find_columns(self) -> None:
        for column, value in enumerate(self.grid.rows[self.top]):
            text = str(value).strip()
            name = self.shape.find(text)
            if not text:
                if any(row[column] not in ("", None) for row in self.grid.rows[self.top + 1 :]):
                    self.problems.error(
                        "judul-kosong",
                        f"kolom {column_letter(column)} berisi tetapi tanpa judul.",
                        "Beri judul, atau kosongkan kolomnya.",
                        at=(self.top, column),
                    )
            elif not name:
                near = self.problems.nearest(text, self.shape.by_name)
                hint = f"Mungkin maksudnya '{near}'." if near else "Isinya tidak dibaca."
                report = self.problems.error if near else self.problems.warning
                said = f"judul '{quote(text)}' tidak dikenal."
                report("judul-tidak-dikenal", said, hint, at=(self.top, column))
            elif name in self.columns:
                first = column_letter(self.columns[name])
                self.problems.error(
                    "judul-ganda",
                    f"judul '{name}' sudah ada di kolom {first}.",
                    "Hapus atau ganti salah satunya.",
                    at=(self.top, column),
                )
            elif name != "-":
                self.columns[name] = column
        for wanted in self.shape.columns:
            if wanted.is_required and wanted.name not in self.columns:
                self.problems.error(
                    "kolom-tidak-ada",
                    f"kolom '{wanted.name}' tidak ada.",
                    self.shape.hint,
                    at=(self.top, None),
                    key=wanted.name,
                )

    def rows(self) -> Iterator[Row]:
        """Yield the rows below the headings that hold something; what is no data is said once."""
        strange: dict[int, str] = {}
        head = self.grid.rows[self.top]
        found: list[Row] = []
        own = self.columns.values()
        for row, values in enumerate(self.grid.rows[self.top + 1 :], self.top + 1):
            if is_numbering(values):
                strange[row] = "penomoran kolom"
            elif repeats_headings(values, head):
                strange[row] = "judul berulang"
            elif any(values[c] not in ("", None) or (row, c) in self.grid.errors for c in own):
                found.append((row, values))
        if strange:
            self.problems.warning(
                "bukan-baris-data",
                f"bukan baris data, tidak dibaca: baris {describe_rows(strange)}.",
                at=(min(strange), None),
            )
        yield from found

    def text(self, row: Row, name: str, is_required: bool = False) -> str:
        """Return a cell as text, tidied; a whole number without its decimals."""
        number, values = row
        column = self.columns.get(name)
        value = "" if column is None else values[column]
        held = held_number(value)
        if held is not None and float(held).is_integer():
            value = f"{held:.0f}"
        text = "" if value is None else tidy_text(str(value))
        if not text and column is not None:
            if (number, column) in self.grid.errors:
                self.problems.error(
                    "rumus-galat",
                    "rumusnya tidak menghasilkan isi.",
                    "Hitung ulang di Excel, lalu simpan.",
                    at=(number, column),
                    key=name,
                )
            elif is_required:
                self.problems.error(
                    "wajib-diisi", f"{name} wajib diisi.", at=(number, column), key=name
                )
        return text

    def linked(self, row: Row, name: str) -> str:
        """Return a cell's text, and where it leads if the text does not say so."""
        text, column = self.text(row, name), self.columns.get(name)
        link = "" if column is None else self.grid.marks.links.get((row[0], column), "")
        return " ".join(filter(None, (text, link if "://" in link and link not in text else "")))

    def choice(self, row: Row, name: str, usual: str = "") -> str:
        """Return one of a column's choices; ``usual`` where the cell is empty or none of them.

        An empty cell of a required column is an error.
        """
        asked, given = self.shape.by_name[name], self.text(row, name)
        column = self.columns.get(name)
        if column is None or (not given and not asked.is_required):
            return usual
        known = dict(asked.synonyms) | {fold(choice): choice for choice in asked.choices}
        if fold(given) in known:
            return known[fold(given)]
        near = self.problems.nearest(fold(given), known) if given else None
        allowed = f"Pilih {', '.join(asked.choices[:-1])} atau {asked.choices[-1]}."
        self.problems.error(
            "pilihan-tidak-dikenal" if given else "wajib-diisi",
            f"'{quote(given)}' tidak dikenal." if given else f"{name} wajib diisi.",
            f"Mungkin maksudnya '{known[near]}'." if near else allowed,
            at=(row[0], column),
            key=name,
        )
        return usual

    def date(self, row: Row, name: str) -> date | None:
        """Return a cell as a date; one that is none is warned of and left out."""
        column = self.columns.get(name)
        value = "" if column is None else row[1][column]
        if value in ("", None):
            return None
        day = parse_date(value, self.year)
        if day is None:
            self.problems.warning(
                "bukan-tanggal",
                f"'{quote(value)}' bukan tanggal, jadi {name} tidak dibaca.",
                "Tulis seperti 30/11/2026.",
                at=(row[0], column),
                key=name,
            )
        return day
