"""Tables of one row a thing under known headings: read cell by cell, every problem with its cell.

What a topic's table looks like is its :class:`~zi_eval.sheets.table_form.TableForm`; how a text, a
figure, a choice or a date is read is the same in all of them. Anything doubtful is named, nothing
is guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from zi_eval.core.problems import Problem, has_errors
from zi_eval.core.text import figure_text, quote, tidy_text
from zi_eval.errors import WorkbookError
from zi_eval.sheets.book import open_source
from zi_eval.sheets.container import read_file
from zi_eval.sheets.dates import parse_date
from zi_eval.sheets.grid import Cell, cell_name, column_letter, row_problems, warn_stripped
from zi_eval.sheets.numbers import (
    LARGEST,
    NumberStyle,
    decimal_number,
    find_style,
    held_number,
    parse_number,
)
from zi_eval.sheets.strange import describe_rows, is_numbering, names_statistic, repeats_headings
from zi_eval.sheets.table import long_rows, percent_cells
from zi_eval.sheets.table_form import TableForm, find_sheet

__all__ = ["RowReader", "either", "unreadable"]


def either(words: Iterable[str]) -> str:
    """Return ``a, b atau c``."""
    *first, last = words
    return f"{', '.join(first)} atau {last}" if first else last


def unreadable(path: Path, error: WorkbookError) -> Problem:
    """Return why a table cannot be read at all."""
    return Problem(code="tabel-tak-terbaca", message=str(error), file=str(path))


class RowReader:
    """Opens a table and reads the rows below its headings; ``problems`` grows.

    Parameters
    ----------
    path, content
        The file, and the bytes to read instead of its own.
    year
        That of the period: of dates that name none, and of the sheet meant.
    sheet
        Which sheet is read, where a person says so.

    Raises
    ------
    WorkbookError
        Where the file cannot be read, or none of its sheets has the headings.
    """

    def __init__(
        self,
        path: Path,
        form: TableForm,
        year: int,
        sheet: str = "",
        content: bytes | None = None,
    ) -> None:
        data = read_file(path) if content is None else content
        book = open_source(path, data)
        self.grid, self.top = find_sheet(form, book, year, sheet)
        self.form, self.year = form, year
        self.problems = row_problems(str(path), self.grid.sheet)
        self.style = NumberStyle()
        self.columns: dict[str, int] = {}
        self._percent, self._errors = percent_cells(self.grid), self.grid.errors
        self._separator = book.separator
        # Only commas are decimal signs too.
        for row in long_rows(data, book, self.top) if book.separator == "," else ():
            self.problems.error(
                "kolom-berlebih",
                "barisnya punya lebih banyak kolom daripada judulnya.",
                "Beri tanda kutip pada isi yang memuat koma, atau simpan dengan pemisah titik "
                "koma.",
                at=(row, None),
            )
        warn_stripped(self.problems, self.grid)

    @property
    def below(self) -> Sequence[Sequence[Cell]]:
        """The rows under the headings."""
        return self.grid.rows[self.top + 1 :]

    def find_columns(self) -> bool:
        """Find out where each column stands; False where the table cannot be read by them."""
        for column, value in enumerate(self.grid.rows[self.top]):
            text = str(value).strip()
            if not text:
                if any(row[column] not in ("", None) for row in self.below):
                    self.problems.error(
                        "judul-kosong",
                        f"kolom {column_letter(column)} berisi tetapi tanpa judul.",
                        "Beri judul, atau kosongkan kolomnya.",
                        at=(self.top, column),
                    )
                continue
            name = self.form.find(text)
            if name in self.form.ignored:
                continue
            if not name:
                near = self.problems.nearest(text, self.form.names)
                hint = f"Mungkin maksudnya '{near}'." if near else "Isinya tidak dibaca."
                is_doubtful = near or self.problems.is_full
                report = self.problems.error if is_doubtful else self.problems.warning
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
            else:
                self.columns[name] = column
                self.found_column(name, column)
        for wanted in self.form.columns:
            if wanted.is_required and wanted.name not in self.columns:
                self.problems.error(
                    "kolom-tidak-ada",
                    f"kolom '{wanted.name}' tidak ada.",
                    self.form.template_hint,
                    at=(self.top, None),
                    key=wanted.name,
                )
        if has_errors(self.problems):
            return False
        numbers = [c for name, c in self.columns.items() if self.form.is_number(name)]
        style = find_style(
            value
            for row in self.below
            for c in numbers
            if isinstance(value := row[c], str) and value
        )
        # Excel separates by semicolons exactly where the comma is the decimal sign.
        self.style = replace(style, commas=style.commas + (self._separator == ";"))
        return True

    def found_column(self, name: str, column: int) -> None:
        """Check a column that was found; a table with columns of its own says what is wrong."""

    def data_rows(
        self, names: Sequence[str], facts: Sequence[str]
    ) -> Iterator[tuple[int, Sequence[Cell]]]:
        """Return the rows that are things, each with its 0-based place; the others are said once.

        Parameters
        ----------
        names
            The columns that name a thing, the last that of the thing itself.
        facts
            Columns that a row of sums or means leaves empty.
        """
        strange = self._strange_rows(names, facts)
        for row, values in enumerate(self.below, self.top + 1):
            if row not in strange and any(value not in ("", None) for value in values):
                yield row, values

    def _strange_rows(self, names: Sequence[str], facts: Sequence[str]) -> Mapping[int, str]:
        strange: dict[int, str] = {}
        for row, values in enumerate(self.below, self.top + 1):
            if is_numbering(values):
                strange[row] = "penomoran kolom"
            elif repeats_headings(values, self.grid.rows[self.top]):
                strange[row] = "judul berulang"
            elif any(names_statistic(self.text(values, name)) for name in names) and not any(
                self.text(values, name) for name in facts
            ):
                strange[row] = "hitungan"
            elif self._is_beside(row, values, names):
                strange[row] = f"bukan {names[-1]}"
        if strange:
            self.problems.warning(
                "bukan-baris-data",
                f"bukan baris data, tidak dibaca: baris {describe_rows(strange)}.",
                at=(min(strange), None),
            )
        return strange

    def _is_beside(self, row: int, values: Sequence[Cell], names: Sequence[str]) -> bool:
        """Whether a row is words beside the table, as a signature: of nothing named, no figure."""
        if self.text(values, names[-1]):
            return False
        own = set(self.columns.values())
        filled = {column for column, value in enumerate(values) if value not in ("", None)}
        has_figure = any((row, column) in self.grid.errors for column in own) or any(
            decimal_number(values[column]) is not None for column in filled & own
        )
        is_above = any(filled & own == {self.columns[name]} for name in names[:-1])
        named = has_figure or is_above
        needed = sum(column.is_required for column in self.form.columns)
        return bool(filled) and not named and 2 * len(filled & own) < needed

    def is_only(self, row: int, values: Sequence[Cell], name: str) -> bool:
        """Whether a row holds one column and nothing else."""
        filled = [column for column in self.columns.values() if values[column] not in ("", None)]
        has_error = any((row, column) in self.grid.errors for column in self.columns.values())
        return filled == [self.columns[name]] and not has_error

    def text(self, values: Sequence[Cell], name: str) -> str:
        """Return a text, tidied; empty where there is none."""
        column = self.columns.get(name)
        value = "" if column is None else values[column]
        return "" if value is None else tidy_text(str(value))

    def cell_of(self, row: int, name: str) -> str:
        """Return how a cell is called, empty where the table has no such column."""
        column = self.columns.get(name)
        return "" if column is None else cell_name(self.grid.sheet, row, column)

    def linked_text(self, row: int, values: Sequence[Cell], name: str) -> str:
        """Return a text, and where its cell leads if the text does not say so."""
        text, column = self.text(values, name), self.columns.get(name)
        link = "" if column is None else self.grid.marks.links.get((row, column), "")
        return " ".join(filter(None, (text, link if "://" in link and link not in text else "")))

    def require_text(self, row: int, name: str, given: str) -> None:
        """Report a text that must be there and is not."""
        if not given:
            self.problems.error(
                "wajib-diisi", f"{name} wajib diisi.", at=(row, self.columns[name]), key=name
            )

    def bare_figure(self, typed: str, name: str, values: Sequence[Cell]) -> str:
        """Return a typed figure without what may stand beside it in this table."""
        return typed

    def number(self, row: int, values: Sequence[Cell], name: str) -> float | None:
        """Return a figure; None where the cell is empty or, said as a problem, holds none."""
        column = self.columns.get(name)
        if column is None:
            return None
        value = values[column]
        if value == "" or value is None:
            if (row, column) in self._errors:
                self.problems.error(
                    "rumus-galat",
                    "rumusnya tidak menghasilkan angka.",
                    "Hitung ulang di Excel, lalu simpan.",
                    at=(row, column),
                    key=name,
                )
            return None
        held = held_number(value)
        if held is not None and abs(held) <= LARGEST:
            # Excel keeps 12,5 % as 0.125; the twelfth decimal takes away what binary adds.
            return round(held * 100, 12) if (row, column) in self._percent else held
        typed = self.bare_figure(str(value).strip(), name, values)
        try:
            figure, is_doubtful = parse_number(typed, self.style)
        except ValueError:
            self.problems.error(
                "bukan-angka",
                f"'{quote(value)}' bukan angka.",
                self.figure_hint(typed),
                at=(row, column),
                key=name,
            )
            return None
        if is_doubtful and figure is not None:
            # A file that writes both ways tells nothing: then it is refused, not read by chance.
            is_mixed = self.style.is_mixed
            read = "dapat dibaca dua cara" if is_mixed else f"dibaca {figure_text(figure)}"
            (self.problems.error if is_mixed else self.problems.warning)(
                "angka-meragukan",
                f"'{quote(value)}' {read}.",
                "Tulis tanpa pemisah ribuan agar pasti.",
                at=(row, column),
                key=name,
            )
        return figure

    def numbers(
        self, row: int, values: Sequence[Cell], names: Sequence[str]
    ) -> tuple[float | None, ...]:
        """Return the figures of several columns; most cells of many are empty."""
        found: list[float | None] = [None] * len(names)
        for number, name in enumerate(names):
            place = self.columns.get(name)
            if place is None:
                continue
            value = values[place]
            # An empty cell may be a formula that failed.
            if (value != "" and value is not None) or self._errors:
                found[number] = self.number(row, values, name)
        return tuple(found)

    def figure_hint(self, typed: str) -> str:
        """Say how to write a figure instead of what was typed."""
        return "Tulis angkanya saja, mis. 1250 atau 12,5."

    def choice(self, row: int, values: Sequence[Cell], name: str) -> str:
        """Return a choice as the table's form writes it; empty where there is none."""
        column, allowed = self.columns.get(name), self.form.choices[name]
        given = self.text(values, name)
        if column is None or (not given and not self.form.names[name].is_required):
            return ""
        folded = " ".join(given.casefold().replace("_", " ").split())
        others = self.form.synonyms.get(name, {})
        known: Mapping[str, str] = {a.casefold(): a for a in allowed} | dict(others)
        if folded in known:
            return known[folded]
        near = self.problems.nearest(folded, known) if folded else None
        hint = f"Mungkin maksudnya '{known[near]}'." if near else f"Pilih {either(allowed)}."
        said = f"'{quote(given)}' tidak dikenal." if given else f"{name} wajib diisi."
        self.problems.error(
            "pilihan-tidak-dikenal" if given else "wajib-diisi",
            said,
            hint,
            at=(row, column),
            key=name,
        )
        return ""

    def date(self, row: int, values: Sequence[Cell], name: str, meaning: str) -> date | None:
        """Return a date; one that cannot be read is a warning, for no figure depends on it."""
        column = self.columns.get(name)
        value = "" if column is None else values[column]
        if value in ("", None):
            return None
        day = parse_date(value, self.year)
        if day is None:
            self.problems.warning(
                "bukan-tanggal",
                f"'{quote(value)}' bukan tanggal; {meaning} tidak dibaca.",
                "Tulis seperti 30/11/2026.",
                at=(row, column),
                key=name,
            )
        return day
