"""Finding the sheet of a workbook in which an instrument stands, and where everything is in it."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from zi_eval.core.instrument import Instrument
from zi_eval.errors import WorkbookError
from zi_eval.instruments.layouts import WorkbookLayout
from zi_eval.lke.cells import CellError, describe, is_open, parse_cell
from zi_eval.lke.columns import Columns, Sheet, find_columns
from zi_eval.lke.match import Placement, input_key, match_rows, read_rows
from zi_eval.lke.tables import Tables, find_by_texts, find_tables
from zi_eval.sheets.book import Book
from zi_eval.sheets.grid import Grid, column_index
from zi_eval.sheets.limits import MAX_MERGES, MAX_ROWS, too_large

__all__ = ["YEAR", "NoSheetError", "PlacedSheet", "find_covered", "place_answers", "place_sheet"]

YEAR = re.compile(r"(?<![0-9])20[0-9]{2}(?![0-9])")
COPY_MARK = re.compile(r"\(\d+\)$")
SHOWN_SHEETS = 12


class NoSheetError(WorkbookError):
    """A workbook without a sheet that holds the instrument."""


@dataclass(frozen=True)
class PlacedSheet:
    """A sheet with a layout's name, and where the instrument stands in it.

    Attributes
    ----------
    grid, layout
        Its values, and the layout it follows.
    placement, columns, kind
        Rows of the instrument's ids; columns of the answers; 0-based column of the answer types.
    found
        How many subareas were recognised by label and title.
    is_renamed
        Whether it was found by its content, as no sheet has a layout's name.
    is_table
        Whether it is a table of questions, which may leave some out and has no formulas.
    is_typed, is_numbered
        Whether it has a column of answer types, and labels.
    """

    grid: Grid
    layout: WorkbookLayout
    placement: Placement
    columns: Columns
    kind: int
    found: int
    is_renamed: bool = False
    is_table: bool = False
    is_typed: bool = True
    is_numbered: bool = True


def _folded(name: str) -> str:
    return " ".join(COPY_MARK.sub("", name.strip()).split()).casefold()


def place_sheet(
    book: Book,
    instrument: Instrument,
    layouts: Sequence[WorkbookLayout],
    *,
    only: str = "",
    chosen: Mapping[str, int] = MappingProxyType({}),
) -> tuple[PlacedSheet, list[PlacedSheet]]:
    """Return the sheet that holds most of the instrument, and the others that hold it.

    Sheets with a layout's name come first; where there is none, or where others are named by a
    year, every sheet is looked at.

    Parameters
    ----------
    only
        The one sheet to look at.
    chosen
        Columns a person has named, by the names :class:`~zi_eval.lke.columns.Columns` gives them.

    Raises
    ------
    WorkbookError
        Where there is no sheet of a layout, or only one of another instrument.
    """
    named = [
        (sheet, layout)
        for layout in layouts
        for sheet in sorted(book.parts, key=layout.sheet.__ne__)  # the exact name first
        if _folded(sheet) == _folded(layout.sheet) and only in ("", sheet)
    ]
    skipped = {sheet for sheet, _ in named} | {
        sheet for sheet in book.parts if only not in ("", sheet)
    }
    subareas = sum(instrument.is_mean(node) for node in instrument.nodes)
    candidates = [
        candidate
        for sheet, layout in named
        if (candidate := _place(book.grid(sheet), instrument, layout, chosen)) is not None
    ]
    best = max(candidates, key=lambda candidate: candidate.found, default=None)
    has_years = any(YEAR.search(sheet) for sheet in book.parts if sheet not in skipped)
    if best is None or best.found * 2 < subareas or has_years:
        candidates += _search(book, instrument, layouts, skipped, chosen)
        best = max(candidates, key=lambda candidate: candidate.found, default=None)
    if best is None or best.found * 2 < subareas:
        if not named:
            raise NoSheetError(
                f"{book.name} tidak memuat lembar "
                f"{' atau '.join(layout.sheet for layout in layouts)} "
                f"(yang ada: {_names(book)}); pakai buku kerja LKE resmi atau kembalikan nama "
                "lembarnya."
            )
        sheet = best.grid.sheet if best else named[0][0]
        raise NoSheetError(
            f"Lembar {sheet} di {book.name} bukan LKE {instrument.id}: hanya "
            f"{best.found if best else 0} dari {subareas} subarea ditemukan; pindahkan isian ke "
            "lembar kerja LKE yang sesuai, atau pilih instrumen lain."
        )
    return best, [c for c in candidates if c is not best and c.found * 2 >= subareas]


def _names(book: Book) -> str:
    shown = list(book.parts)[:SHOWN_SHEETS]
    return ", ".join(shown) + (", …" if len(book.parts) > SHOWN_SHEETS else "") or "tidak ada"


def _search(
    book: Book,
    instrument: Instrument,
    layouts: Sequence[WorkbookLayout],
    skipped: set[str],
    chosen: Mapping[str, int],
) -> list[PlacedSheet]:
    """Place the instrument in the sheets whose names say nothing, by the layout that fits."""
    found: list[PlacedSheet] = []
    for sheet in book.searched(skipped):
        grid = book.grid(sheet)
        first = _place(grid, instrument, layouts[0], chosen)
        if first is None or not first.found:
            continue
        rows = first.placement.rows
        # Which layout it was once: the one whose rows it keeps. Only a hint, as rows move.
        layout = max(
            layouts,
            key=lambda layout: sum(rows.get(k) == row - 1 for k, row in layout.rows.items()),
        )
        placed = first if layout is layouts[0] else _place(grid, instrument, layout, chosen)
        if placed is not None:
            found.append(replace(placed, is_renamed=True))
    return found


def _place(
    grid: Grid, instrument: Instrument, layout: WorkbookLayout, chosen: Mapping[str, int]
) -> PlacedSheet | None:
    tables = find_tables(grid, instrument)
    placement = None if tables is None else _match(grid, tables, instrument, layout)
    subareas = sum(map(instrument.is_mean, instrument.nodes))
    if placement is None or 2 * len(_found(placement, instrument)) < subareas:
        # The column of types or the numbering may be gone; then the texts have to do.
        others = [
            (len(found.rows), found, other)
            for other in find_by_texts(grid, instrument)
            if (found := _match(grid, other, instrument, layout)) is not None
        ]
        count, found, other = max(others, key=lambda item: item[0], default=(0, placement, tables))
        if placement is None or count > len(placement.rows):
            placement, tables = found, other
    if placement is None or tables is None or not placement.rows:
        return None
    own = layout.columns
    letters = {"answer": own.answer, "note": own.note, "evidence": own.evidence}
    columns = find_columns(
        place_answers(
            grid,
            instrument,
            placement.rows,
            top=min(placement.rows.values()),
            kind=tables.kind,
            labels_end=tables.labels[-1] if tables.labels else tables.kind,
            layout={role: column_index(letter) for role, letter in letters.items()},
            chosen=chosen,
        )
    )
    return PlacedSheet(
        grid,
        layout,
        placement,
        columns,
        tables.kind,
        len(_found(placement, instrument)),
        is_typed=tables.is_typed,
        is_numbered=bool(tables.labels),
    )


def _match(
    grid: Grid, tables: Tables, instrument: Instrument, layout: WorkbookLayout
) -> Placement | None:
    rows = read_rows(grid, tables, instrument)
    if len(rows) > MAX_ROWS:
        raise too_large(grid.sheet, f"memuat {len(rows)} baris berlabel")
    return match_rows(rows, instrument, {**layout.node_rows, **layout.rows})


def _found(placement: Placement, instrument: Instrument) -> list[str]:
    """Return the subareas that were recognised by their titles."""
    return [node for node in placement.titled if instrument.is_mean(node)]


def place_answers(
    grid: Grid,
    instrument: Instrument,
    rows: Mapping[str, int],
    *,
    top: int,
    kind: int,
    labels_end: int,
    layout: Mapping[str, int],
    chosen: Mapping[str, int] = MappingProxyType({}),
) -> Sheet:
    """Return what the search for columns asks of a sheet whose rows are known."""
    asked = {
        key: rows[key]
        for question in instrument.questions.values()
        for key in ([input_key(question, item) for item in question.asked_inputs] or [question.id])
        if key in rows
    }
    choices = [
        (question, rows[question.id])
        for question in instrument.questions.values()
        if question.scale.kind == "choice" and question.id in rows
    ]

    def has_answers(column: int) -> bool:
        valid, filled = 0, 0
        for question, row in choices:
            value = grid.value(row, column)
            if not is_open(value):
                filled += 1
                try:
                    parse_cell(question, value)
                except CellError:
                    continue
                valid += 1
        return filled > 0 and valid * 2 >= filled

    def entries(column: int) -> dict[int, str]:
        values = {row: grid.value(row, column) for row in asked.values()}
        return {row: describe(v).casefold() for row, v in values.items() if not is_open(v)}

    own = sorted(rows.values())
    return Sheet(grid, top, kind, labels_end, own, layout, has_answers, entries, chosen)


def find_covered(sheet: PlacedSheet) -> dict[tuple[int, int], tuple[int, int]]:
    """Return the cells that are read and lie in a merged range, with its first cell.

    A range that starts in another column that is read, or left of the answers, says nothing of
    this one.
    """
    covered: dict[tuple[int, int], tuple[int, int]] = {}
    rows, used = sorted(sheet.placement.rows.values()), sheet.columns.used
    for top, left, bottom, right in sheet.grid.merges[:MAX_MERGES]:
        if left <= sheet.kind:
            continue
        inside = rows[bisect_left(rows, top) : bisect_right(rows, bottom)]
        for column in used:
            if left == column or (left < column <= right and left not in used):
                covered |= {(row, column): (top, left) for row in inside}
    return covered
