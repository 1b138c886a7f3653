"""What a topic's table of rows looks like: its columns, and the sheet that has their headings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from zi_eval.errors import WorkbookError
from zi_eval.sheets.book import Book
from zi_eval.sheets.grid import Grid
from zi_eval.sheets.table import SEARCHED_ROWS, find_headings

__all__ = ["TWO", "Column", "TableForm", "find_sheet"]

TWO = ("Ya", "Tidak")
"""The choice of two."""


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
    find
        Returns the column that a heading names (also one of ``ignored``), empty for none of ours.
    template_hint
        How to make an empty one, as a sentence.
    choices, synonyms
        What a cell of a column of choices may hold, and other words for it, folded.
    ignored
        Headings of what is computed anew or numbers the rows; never read.
    fewest
        Columns of ours that a row of headings names at least.
    """

    columns: tuple[Column, ...]
    find: Callable[[object], str]
    template_hint: str
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    synonyms: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    ignored: frozenset[str] = frozenset()
    fewest: int = 3

    @cached_property
    def names(self) -> Mapping[str, Column]:
        """The columns by name."""
        return {column.name: column for column in self.columns}

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
        lambda values: sum(form.find(value) in form.names for value in values),
        form.fewest,
        most=len(form.columns),
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
