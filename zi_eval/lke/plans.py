"""Where the weights, values and totals of a found LKE stand, and its recap sheets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from zi_eval.core.instrument import Instrument
from zi_eval.lke.formulas import SheetPlan
from zi_eval.lke.place import PlacedSheet
from zi_eval.lke.recap import RecapColumns, recap_formulas
from zi_eval.sheets.calc import Calculator
from zi_eval.sheets.cells import CellPlace, SheetCell
from zi_eval.sheets.grid import column_index

__all__ = ["RecapSheet", "find_plans", "find_recaps"]

LABEL = re.compile(r"\s*([A-Za-z]|[ivxIVX]{1,5}|[0-9]{1,2}|-)\s*[.)]?\s*")
WORD = re.compile(r"[a-z0-9]+")
TOTAL_WORDS = ("nilai evaluasi", "nilai akhir", "total nilai", "total keseluruhan", "jumlah total")
TITLE_LIKE = 0.5
CLOSE = 1e-9
TITLE_COLUMNS = 8
"""Columns from A in which labels and titles stand."""
Cells = Mapping[tuple[int, int], SheetCell]


def _is_number(value: object) -> bool:
    return isinstance(value, float | int) and not isinstance(value, bool)


def _words(text: str) -> frozenset[str]:
    return frozenset(WORD.findall(text.casefold()))


def _likeness(one: str, other: str) -> float:
    first, second = _words(one), _words(other)
    return len(first & second) / len(first | second) if first and second else 0.0


def cells_of(cells: Mapping[CellPlace, SheetCell], sheet: str) -> Cells:
    """Return the cells of one sheet by row and column."""
    return {(row, column): cell for (name, row, column), cell in cells.items() if name == sheet}


def _total_of(text: str, instrument: Instrument) -> str:
    """Return whose total a line is by its text: a component's id, ``total``, or empty."""
    folded = " ".join(text.split()).casefold()
    if any(word in folded for word in TOTAL_WORDS):
        return "total"
    if folded.startswith(("total", "jumlah")):
        for root in instrument.roots:
            if instrument.nodes[root].title.casefold() in folded:
                return root
        return "total" if folded in ("total", "jumlah") else ""
    return ""


def _find_totals(cells: Cells, width: int, instrument: Instrument) -> dict[str, int]:
    """Return the row of each total, the last where a text stands twice."""
    found: dict[str, int] = {}
    for (row, column), cell in sorted(cells.items()):
        if column < width and isinstance(cell.value, str):
            key = _total_of(cell.value, instrument)
            if key:
                found[key] = row
    return found


def find_plans(
    placed: PlacedSheet, cells: Mapping[CellPlace, SheetCell], instrument: Instrument
) -> list[SheetPlan]:
    """Return where the main sheet computes the unit's figures, and the TPI's where it does.

    Empty where no column of values is found: the national sheet of answers since 2024 has none.
    """
    here = cells_of(cells, placed.grid.sheet)
    rows, layout, columns = placed.placement.rows, placed.layout.columns, placed.columns
    node_rows = {key: rows[key] for key in instrument.nodes if key in rows}
    shift = placed.kind - column_index(layout.type) if layout.type else 0

    def figures(column: int, near: Iterable[int]) -> int:
        return sum(
            1
            for row in near
            if (cell := here.get((row, column))) and (cell.formula or _is_number(cell.value))
        )

    def best(candidates: Iterable[int], wanted: int) -> int | None:
        full = [c for c in candidates if figures(c, node_rows.values()) * 2 > len(node_rows)]
        return min(full, key=lambda column: abs(column - wanted), default=None)

    if not (layout.value and layout.weight):
        return []
    last = placed.columns.answer
    weight = best(range(placed.kind), column_index(layout.weight) + shift)
    value = best(range(last + 1, last + 4), last + 1)
    if weight is None or value is None:
        return []
    plan = SheetPlan(
        rows=dict(rows),
        totals=_find_totals(here, placed.kind, instrument),
        weight=weight,
        answer=last,
        value=value,
        percent=value + 1 if figures(value + 1, node_rows.values()) else None,
    )
    plans = [plan]
    # Only this project's own sheets say what an empty answer of the TPI means: the unit's stands.
    tpi = columns.tpi_answer
    if tpi is not None and columns.returned is not None and figures(tpi + 1, node_rows.values()):
        share = tpi + 2 if figures(tpi + 2, node_rows.values()) else None
        plans.append(replace(plan, answer=tpi, value=tpi + 1, percent=share, fallback=value))
    return plans


@dataclass(frozen=True)
class RecapSheet:
    """A recap sheet: its rows by id, its totals, its formulas by place.

    Attributes
    ----------
    formulas
        Place, role, id and formula that belong there.
    strangers
        Lines that stand for an id which another line has already: row, column, title.
    """

    sheet: str
    rows: Mapping[str, int]
    totals: Mapping[str, int]
    columns: tuple[RecapColumns, ...]
    formulas: tuple[tuple[tuple[int, int], str, str, str], ...]
    strangers: tuple[tuple[int, int, str], ...]

    @property
    def total(self) -> CellPlace | None:
        """Where the recap shows the total."""
        row = self.totals.get("total")
        return None if row is None else (self.sheet, row, self.columns[0].value)


def _labelled(cells: Cells) -> Iterator[tuple[int, int, str, str]]:
    """Yield row, column, label and title of each line that begins with a label."""
    rows: dict[int, dict[int, str]] = {}
    for (row, column), cell in cells.items():
        if column < TITLE_COLUMNS and isinstance(cell.value, str) and cell.value.strip():
            rows.setdefault(row, {})[column] = cell.value.strip()
    for row, texts in sorted(rows.items()):
        first, *rest = sorted(texts)
        found = LABEL.fullmatch(texts[first])
        if found and rest:
            yield row, first, found[1], texts[rest[0]]


def _recap_rows(
    cells: Cells, instrument: Instrument
) -> tuple[dict[str, int], list[tuple[int, int, str]]]:
    """Return the row of each id by labels and titles, and the rows that are no id's."""
    lines = list(_labelled(cells))
    roots = set(instrument.roots)
    start = next((column for _, column, label, _ in lines if label in roots), None)
    rows: dict[str, int] = {}
    strangers: list[tuple[int, int, str]] = []
    path: list[str] = []
    for row, column, label, title in lines:
        depth = -1 if start is None else column - start
        if not 0 <= depth <= len(path):
            continue
        above = ".".join(path[:depth])
        identifier = f"{above}.{label}" if above else label
        path = [*path[:depth], label]
        below = instrument.children.get(above, ()) if above else instrument.roots
        key = _by_title(instrument, below, identifier, label, title)
        if not key:
            continue
        if key in rows:
            strangers.append((row, column + 1, title))
            continue
        rows[key] = row
    return rows, strangers


def _by_title(
    instrument: Instrument, below: Iterable[str], identifier: str, label: str, title: str
) -> str:
    """Return the id a line means: by its label, unless a sibling's title is plainly its own."""
    siblings = list(below)
    if label == "-" and len(siblings) == 1:
        return siblings[0]
    alike = {
        key: _likeness(instrument.nodes[key].title, title)
        for key in siblings
        if key in instrument.nodes
    }
    best = max(alike, key=lambda key: alike[key], default="")
    if best and alike[best] >= TITLE_LIKE and alike[best] > alike.get(identifier, 0.0):
        return best
    return identifier if identifier in siblings else ""


def find_recaps(
    cells: Mapping[CellPlace, SheetCell],
    sheets: Iterable[str],
    main: str,
    plans: list[SheetPlan],
    instrument: Instrument,
) -> list[RecapSheet]:
    """Return the sheets that show the main sheet's figures by the instrument's nodes."""
    found: list[RecapSheet] = []
    calculator = Calculator(cells)
    for sheet in sheets:
        here = cells_of(cells, sheet) if sheet != main and plans else {}
        rows, strangers = _recap_rows(here, instrument)
        if len(rows) < len(instrument.nodes) // 6:
            continue
        totals = _find_totals(here, TITLE_COLUMNS, instrument)
        weight = _weight_column(sheet, rows, instrument, calculator)
        columns = list(_value_columns(here, rows, totals, weight))
        if weight is None or not columns:
            continue
        recap_columns = tuple(RecapColumns(weight, value, value + 1) for value in columns)
        formulas: list[tuple[tuple[int, int], str, str, str]] = []
        for plan, own in zip(plans, recap_columns, strict=False):
            formulas += recap_formulas(rows, totals, own, main, plan)
        found.append(
            RecapSheet(sheet, rows, totals, recap_columns, tuple(formulas), tuple(strangers))
        )
    return found


def _weight_column(
    sheet: str, rows: Mapping[str, int], instrument: Instrument, calculator: Calculator
) -> int | None:
    """Return the first column that shows the nodes' weights."""
    counts: dict[int, int] = {}
    for key, row in rows.items():
        node = instrument.nodes.get(key)
        for column in range(1, 16):
            number = None if node is None else calculator.number((sheet, row, column))
            if node is not None and number is not None and abs(number - node.weight) < CLOSE:
                counts[column] = counts.get(column, 0) + 1
    best = max(counts, key=lambda column: (counts[column], -column), default=None)
    return best if best is not None and counts[best] * 2 > len(rows) else None


def _value_columns(
    cells: Cells, rows: Mapping[str, int], totals: Mapping[str, int], weight: int | None
) -> Iterator[int]:
    """Yield the columns right of the weights whose lines point at another sheet."""
    places = [*rows.values(), *totals.values()]
    for column in range((weight or 0) + 1, 26):
        pointing = sum("!" in cells[r, column].formula for r in places if (r, column) in cells)
        if pointing * 2 > len(places):
            yield column
