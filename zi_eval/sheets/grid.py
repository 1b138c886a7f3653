"""A sheet's values with what a reader must know of their cells, and how cells are named."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from math import isfinite
from typing import Any, TypeAlias

from zi_eval.core.problems import MOST, Location, ProblemList
from zi_eval.core.text import CONTROL
from zi_eval.errors import ZiEvalError
from zi_eval.sheets.marks import NO_MARKS, Marks, Place

__all__ = [
    "REFERENCE",
    "Cell",
    "Grid",
    "RowProblems",
    "cell_name",
    "cell_problems",
    "cell_reference",
    "column_index",
    "column_letter",
    "require_fits",
    "row_problems",
    "warn_stripped",
    "without_controls",
]

REFERENCE = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
"""``A1``: letters of the column, 1-based row."""

LONGEST_CELL = 32_767
"""Characters of a cell, by Excel's own limit."""
LINE_ENDS = {0x0B: "\n", 0x0C: "\n"}
"""What word processors leave for the end of a line."""

Cell: TypeAlias = object
"""A value as the workbook holds it: text (empty for none), number, bool, date or time."""


@lru_cache(maxsize=1024)  # asked for each cell, of a few columns
def column_letter(column: int) -> str:
    """Return the letters of a 0-based column: 0 is A, 26 is AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


@lru_cache(maxsize=1024)
def column_index(letters: str) -> int:
    """Return the 0-based column of its letters, the inverse of :func:`column_letter`."""
    index = 0
    for letter in letters.upper():
        index = index * 26 + ord(letter) - ord("A") + 1
    return index - 1


def cell_reference(row: int, column: int) -> str:
    """Return ``A1`` of a 0-based row and column."""
    return f"{column_letter(column)}{row + 1}"


def cell_name(sheet: str, row: int, column: int) -> str:
    """Return ``Sheet!A1`` of a 0-based place."""
    return f"{sheet}!{cell_reference(row, column)}"


@dataclass(frozen=True)
class Grid:
    """A sheet's values from A1 on.

    Attributes
    ----------
    sheet
        Its name as the workbook spells it.
    rows
        Values by 0-based row and column; all rows are equally long.
    formulas
        Places whose value a formula computed.
    merges
        Merged ranges as (top, left, bottom, right), inclusive and 0-based.
    look
        How to find out the marks of the cells; an xlsx knows them, other files are read again.
    has_formulas
        Whether ``formulas`` are known; only xlsx tells.
    stripped
        The first cell of which something was left out that none can hold; None for none.
    """

    sheet: str
    rows: tuple[tuple[Cell, ...], ...]
    formulas: frozenset[tuple[int, int]]
    merges: tuple[tuple[int, int, int, int], ...]
    look: Callable[[], Marks] = field(default=lambda: NO_MARKS, repr=False, compare=False)
    has_formulas: bool = True
    stripped: Place | None = None

    @cached_property
    def marks(self) -> Marks:
        """Formats, links, comments, errors and what is hidden; found out when first asked."""
        marks = self.look()
        links = {place: CONTROL.sub("", text) for place, text in marks.links.items()}
        comments = {place: CONTROL.sub("", text) for place, text in marks.comments.items()}
        return replace(marks, links=links, comments=comments)

    @property
    def errors(self) -> Mapping[tuple[int, int], str]:
        """Places with an error such as ``#REF!`` or a formula nobody computed (empty text).

        Their value is empty text.
        """
        return self.marks.errors

    @property
    def width(self) -> int:
        """Number of columns."""
        return len(self.rows[0]) if self.rows else 0

    def value(self, row: int, column: int | None) -> Cell:
        """Return a cell's value, empty text outside the sheet."""
        if column is None or not 0 <= column < self.width or not 0 <= row < len(self.rows):
            return ""
        return self.rows[row][column]

    def name(self, row: int, column: int) -> str:
        """Return ``Sheet!A1`` of a place."""
        return cell_name(self.sheet, row, column)


def without_controls(
    rows: Iterable[Iterable[Cell]],
) -> tuple[tuple[tuple[Cell, ...], ...], Place | None]:
    """Return rows without what no cell can hold, and the first place where there was some.

    That is characters no text has (``_x001b_`` in an xlsx stands for one, and xls and CSV hold
    any), texts longer than Excel's, and numbers that are none.
    """
    first: Place | None = None
    clean: list[tuple[Cell, ...]] = []
    for number, row in enumerate(rows):
        values = tuple(row)
        if not _is_plain(values) and any(_is_foreign(value) for value in values):
            place = (number, next(c for c, value in enumerate(values) if _is_foreign(value)))
            first = first or place
            values = tuple(_own(value) if _is_foreign(value) else value for value in values)
        clean.append(values)
    return tuple(clean), first


def _is_plain(values: tuple[Cell, ...]) -> bool:
    """Whether a row holds short texts of letters alone, as nearly every row of a CSV does."""
    try:
        whole = "".join(values)  # type: ignore[arg-type]
    except TypeError:  # a number or a date is among them
        return False
    return len(whole) <= LONGEST_CELL and whole.isprintable()


def _is_foreign(value: Cell) -> bool:
    """Whether a cell holds what no program for spreadsheets writes into one."""
    if isinstance(value, float):
        return not isfinite(value)
    if not isinstance(value, str):
        return False
    if len(value) > LONGEST_CELL:
        return True
    return not value.isprintable() and CONTROL.search(value) is not None


def _own(value: Cell) -> Cell:
    """Return what is taken of such a cell."""
    if isinstance(value, str):
        return CONTROL.sub("", value[:LONGEST_CELL].translate(LINE_ENDS))
    return ""


def require_fits(cell: str, value: object) -> None:
    """Refuse a text that no cell takes, so that none is cut when it is read again.

    Parameters
    ----------
    cell
        As messages name it.

    Raises
    ------
    ZiEvalError
        Where it is longer.
    """
    if isinstance(value, str) and len(value) > LONGEST_CELL:
        count, most = (f"{n:,}".replace(",", ".") for n in (len(value), LONGEST_CELL))
        raise ZiEvalError(f"Sel {cell}: teksnya {count} huruf; satu sel memuat {most}.")


def warn_stripped(problems: ProblemList[Any], grid: Grid) -> None:
    """Say where characters were left out of a sheet, once."""
    if grid.stripped is not None:
        problems.warning(
            "karakter-terlarang",
            "isinya memuat karakter kendali yang tidak terlihat, lebih panjang dari sel Excel, "
            "atau bukan bilangan; bagian itu tidak diambil, di sini dan di sel lain.",
            "Periksa asal berkasnya.",
            at=grid.stripped,
        )


def cell_problems(file: str, sheet: str) -> ProblemList[tuple[int, int]]:
    """Return an empty list for the problems of a form's cells, each at its 0-based place.

    All of them are kept: the rows of the instrument bound most of them, and whoever shows what
    stands beside these shortens it.
    """
    return ProblemList(file, lambda place: Location(cell=cell_name(sheet, *place)), most=None)


RowProblems = ProblemList[tuple[int, int | None]]
"""Problems of a table, each placed by its row, or by row and column, counted from 0."""


def row_problems(file: str, sheet: str, most: int | None = MOST) -> RowProblems:
    """Return an empty list for the problems of a table: of a row, or of one of its cells."""

    def locate(place: tuple[int, int | None]) -> Location:
        row, column = place
        return Location(row + 1, "" if column is None else cell_name(sheet, row, column))

    return ProblemList(file, locate, most=most)
