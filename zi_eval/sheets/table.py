"""A table in a sheet: where its headings stand, and what its cells do not say themselves."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Sequence

from zi_eval.errors import WorkbookError
from zi_eval.sheets.book import Book
from zi_eval.sheets.grid import Cell, Grid
from zi_eval.sheets.numbers import held_number

__all__ = ["SEARCHED_ROWS", "find_headings", "long_rows", "percent_cells"]

YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
SEARCHED_ROWS = 20
"""Rows of each sheet among which the headings are looked for."""


def find_headings(
    book: Book,
    count: Callable[[Sequence[Cell]], int],
    fewest: float,
    most: int | None = None,
    year: int | None = None,
    only: str = "",
) -> tuple[Grid, int] | None:
    """Return the sheet with most headings in one row, and that row; None where there are too few.

    Parameters
    ----------
    count
        How many headings of the table a row holds.
    fewest
        How many make a row of headings.
    most
        How many there can be, where that is known: once a row has them all, no other is looked at.
    year
        Decides between sheets that are named by years.
    only
        The sheet to look at, where a person says which.

    Raises
    ------
    WorkbookError
        Where sheets of several other years have the headings: which one is meant nobody knows; or
        there is no sheet as a person says.
    """
    if only:
        named = [sheet for sheet in book.parts if sheet.strip() == only]
        if not named:
            raise WorkbookError(
                f"{book.name} tidak memuat lembar '{only}', yang disebut pada 'lembar' di "
                f"instansi.yaml. Yang ada: {', '.join(book.parts)}."
            )
        return _best(book, named, count, fewest, most)
    sheets = book.searched(())
    own = [sheet for sheet in sheets if str(year) in YEAR.findall(sheet)]
    found = _best(book, own, count, fewest, most)
    if found is not None:
        return found
    found = _best(book, sheets, count, fewest, most)
    dated = [sheet for sheet in sheets if YEAR.search(sheet)]
    if year is not None and found is not None and found[0].sheet in dated:
        rivals = [sheet for sheet in dated if _best(book, [sheet], count, fewest, most)]
        if len(rivals) > 1:
            raise WorkbookError(
                f"{book.name} memuat beberapa lembar dengan tabel ini, tidak satu pun dari tahun "
                f"{year}: {', '.join(rivals)}. Sebut yang dipakai pada 'lembar' di "
                "instansi.yaml, sisakan satu lembar, atau tulis tahunnya pada namanya."
            )
    return found


def _best(
    book: Book,
    sheets: Iterable[str],
    count: Callable[[Sequence[Cell]], int],
    fewest: float,
    most: int | None,
) -> tuple[Grid, int] | None:
    best: tuple[int, Grid, int] | None = None
    for sheet in sheets:
        grid = book.grid(sheet)
        for row, values in enumerate(grid.rows[:SEARCHED_ROWS]):
            found = count(values)
            if found >= fewest and (best is None or found > best[0]):
                best = (found, grid, row)
            if found == most:
                return grid, row
    return None if best is None else best[1:]


def long_rows(content: bytes, book: Book, top: int) -> list[int]:
    """Return the rows below ``top`` of a text that have more fields than it has headings.

    An unquoted separator moves every later field to the right, unseen where the last are empty.
    """
    if not book.separator:
        return []
    stream = io.StringIO(content.decode(book.encoding), newline="")
    counts = [len(fields) for fields in csv.reader(stream, delimiter=book.separator)]
    return [row for row, count in enumerate(counts) if row > top and count > counts[top]]


def percent_cells(grid: Grid) -> frozenset[tuple[int, int]]:
    """Return the cells that show their number as percent: 0.125 shown as 12,5 %.

    Excel turns a typed ``12,5%`` into that, so without this a target of 85 % would be read 0.85.
    """
    return frozenset(
        place
        for place, kind in grid.marks.formats.items()
        if kind == "percent" and held_number(grid.value(*place)) is not None
    )
