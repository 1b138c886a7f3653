"""What a topic's table of rows looks like: its columns, how people spell them, an empty one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from zi_eval.core.text import fold
from zi_eval.errors import WorkbookError
from zi_eval.sheets.book import Book
from zi_eval.sheets.grid import Grid
from zi_eval.sheets.table import SEARCHED_ROWS, find_headings

__all__ = ["TWO", "Column", "TableForm", "find_sheet"]

TWO = ("Ya", "Tidak")
"""The choice of two."""
LONGEST = 80
"""Letters of a heading that are looked at."""


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
    """

    name: str
    kind: str
    note: str
    is_required: bool = False


@dataclass(frozen=True)
class TableForm:
    """What a table of a topic looks like.

    Attributes
    ----------
    columns
        In the order of the template.
    command
        How an empty one is made, as ``kinerja template``.
    sheet, title, lines, widths, frozen
        Of the template: the sheet to fill in, what its instructions say before they name the
        columns, widths of columns where another than usual of their kind, and the cell above and
        left of which nothing scrolls.
    other_names
        By column: what else people call it, folded, words joined by ``_``, names apart by spaces.
    special
        Gives the column that a folded heading names by its pattern, as of a month; empty for none.
    choices, synonyms
        What a cell of a column of choices may hold, and other words for it, folded.
    ignored
        Headings of what is computed anew or numbers the rows; never read.
    fewest
        Headings of ours that a row of headings has at least.
    counts_all
        Whether other headings count for that too: of earlier years, of what is ignored.
    """

    columns: tuple[Column, ...]
    command: str
    sheet: str
    title: str
    lines: tuple[str, ...]
    widths: Mapping[str, float] = field(default_factory=dict)
    frozen: str = "C2"
    other_names: Mapping[str, str] = field(default_factory=dict)
    special: Callable[[str], str] = lambda _: ""
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    synonyms: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    ignored: frozenset[str] = frozenset()
    fewest: int = 3
    counts_all: bool = False

    @property
    def template_hint(self) -> str:
        """How to make an empty one, as a sentence."""
        return f"Buat contohnya dengan 'zi-eval {self.command}'."

    @cached_property
    def names(self) -> Mapping[str, Column]:
        """The columns by name."""
        return {column.name: column for column in self.columns}

    @cached_property
    def _others(self) -> Mapping[str, str]:
        return {other: name for name, text in self.other_names.items() for other in text.split()}

    @cached_property
    def _found(self) -> Callable[[str], str]:
        return lru_cache(maxsize=4096)(self._find)

    def find(self, heading: object) -> str:
        """Return the column that a heading names (also one ignored), empty for none of ours."""
        return self._found(heading[:LONGEST]) if isinstance(heading, str) else ""

    def _find(self, heading: str) -> str:
        folded = fold(heading).replace(" ", "_")
        if folded in self.names or folded in self.ignored:
            return folded
        return self.special(folded) or self._others.get(folded, "")

    def to_csv(self, rows: Sequence[Sequence[Any]] = ()) -> str:
        """Return a table as CSV with semicolons, as Indonesian Excel writes it."""
        from zi_eval.sheets.template import render_csv

        return render_csv(self, rows)

    def to_workbook(self, rows: Sequence[Sequence[Any]] = ()) -> bytes:
        """Return a table as a workbook with lists, formats and a sheet of instructions."""
        from zi_eval.sheets.template import render_workbook

        return render_workbook(self, rows)

    def is_number(self, name: str) -> bool:
        """Whether a column holds figures, as those do that a table adds for earlier years."""
        return name not in self.names or self.names[name].kind == "number"


def find_sheet(
    form: TableForm, book: Book, year: int | None = None, only: str = ""
) -> tuple[Grid, int]:
    """Return the sheet that has the headings, and their row; of several years that of ``year``.

    Parameters
    ----------
    only
        The sheet that a person names; no other is looked at then.

    Raises
    ------
    WorkbookError
        Where there is none.
    """
    found = find_headings(
        book,
        lambda values: sum(
            (name := form.find(value)) in form.names or (form.counts_all and name != "")
            for value in values
        ),
        form.fewest,
        most=None if form.counts_all else len(form.columns),
        year=year,
        only=only,
    )
    if found is None:
        named = ", ".join(column.name for column in form.columns if column.is_required)
        raise WorkbookError(
            f"{book.name} tidak memuat judul kolom seperti {named} dalam {SEARCHED_ROWS} baris "
            f"pertama. {form.template_hint}"
        )
    return found
