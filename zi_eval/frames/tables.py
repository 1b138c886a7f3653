"""Rows or arrays become tables of pandas, with types, order, missing values and headings."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from html import escape
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from zi_eval.frames.columns import (
    LEVELS,
    LIGHTS,
    SEVERITIES,
    STAGES,
    STATUSES,
    TABLES,
    WORDS,
    Column,
)
from zi_eval.pages.agency.recap import Recap
from zi_eval.pages.agency.tables import recap_columns, recap_rows

__all__ = [
    "Frame",
    "Known",
    "array_frame",
    "label_frame",
    "make_frame",
    "own_frame",
    "recap_frame",
]

PANDAS_ROWS: Final = 60
"""What pandas shows at most, unless told otherwise: more than a screen."""
SCREEN_ROWS: Final = 30


class Frame(pd.DataFrame):
    """A table that also says what is not in it; whatever is made of it is a plain data frame."""

    def _note(self) -> str:
        left = self.attrs.get("left_out") or ()
        if not left:
            return ""
        names = ", ".join(left[:5]) + (f" dan {len(left) - 5} lainnya" if len(left) > 5 else "")
        return f"Tanpa {len(left)} unit yang berkasnya tidak terbaca ({names}); lihat problems()."

    def _repr_html_(self) -> str:
        note = self._note()
        with _on_one_screen():
            shown = str(super()._repr_html_())  # type: ignore[misc]
        return f"{shown}<p>{escape(note)}</p>" if note else shown

    def __repr__(self) -> str:
        note = self._note()
        with _on_one_screen():
            shown = super().__repr__()
        return f"{shown}\n{note}" if note else shown


def _on_one_screen() -> AbstractContextManager[Any]:
    """Show the first and last rows of a longer table, where nobody asked pandas for more."""
    if pd.get_option("display.max_rows") != PANDAS_ROWS:
        return nullcontext()
    return pd.option_context("display.max_rows", SCREEN_ROWS)


@dataclass(frozen=True, slots=True)
class Known:
    """What tables are made with: categories in their order, and what is not in the rows.

    Attributes
    ----------
    orders
        The values of ordered columns, and of units, by column.
    left_out
        Ids of units whose files cannot be read.
    """

    period: str = ""
    orders: Mapping[str, Sequence[str]] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()


_ORDERS: Final[Mapping[str, Sequence[str]]] = {
    "stage": STAGES, "source": STAGES, "status": STATUSES, "level": LEVELS,
    "severity": SEVERITIES, "light": LIGHTS, "kind": ("note", "template", "damage"),
}  # fmt: skip


@contextmanager
def _uncollected() -> Iterator[None]:
    """Make many rows without the collector going through all of them again: none is a circle.

    Of the 600,000 rules of 25,000 units it took a third of the time.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _array(column: Column, values: Sequence[Any], order: Sequence[str] | None) -> Any:
    if column.dtype in ("category", "ordered"):
        is_ordered = column.dtype == "ordered"
        names = None if order is None else pd.Index(order)
        return pd.Categorical(values, categories=names, ordered=is_ordered)
    if column.dtype == "time":
        return pd.Series(pd.to_datetime(list(values), utc=True))
    if column.dtype == "date":
        return pd.Series(pd.to_datetime(list(values)))
    kind: Any = column.dtype
    return pd.array(values, dtype=kind)


def make_frame(
    table: str, rows: Iterable[Sequence[Any]], known: Known, *, labels: bool = False
) -> pd.DataFrame:
    """Return rows as one of :data:`TABLES`.

    Parameters
    ----------
    rows
        Values in the order of the table's columns; None is missing.
    labels
        Head the columns, and word the categories, in Indonesian.
    """
    columns = TABLES[table]
    with _uncollected():
        values: Sequence[Sequence[Any]] = list(zip(*rows, strict=True)) or [()] * len(columns)
    orders = {**_ORDERS, **known.orders}
    made = {
        column.name: _array(column, cells, orders.get(column.name))
        for column, cells in zip(columns, values, strict=True)
    }
    frame = Frame(made)
    if labels:
        label_frame(frame, columns)
    frame.attrs = {"table": table, "period": known.period, "left_out": known.left_out}
    return frame


def array_frame(
    table: str,
    columns: Mapping[str, npt.NDArray[Any]],
    known: Known,
    texts: Mapping[str, Sequence[str]],
    *,
    labels: bool = False,
) -> pd.DataFrame:
    """Return arrays as one of :data:`TABLES`, for millions of rows.

    Parameters
    ----------
    columns
        By name: numbers, NaN where missing, or codes of categories; what is left out is missing.
    texts
        What the codes of text columns stand for, repeated ones allowed.
    """
    size = len(next(iter(columns.values()), ()))
    orders = {**_ORDERS, **known.orders}
    made: dict[str, Any] = {}
    for column in TABLES[table]:
        values = columns.get(column.name)
        if column.name in texts:
            found = list(dict.fromkeys(texts[column.name]))
            place = {text: n for n, text in enumerate(found)}
            codes = np.array([place[text] for text in texts[column.name]], np.int16)
            made[column.name] = pd.Categorical.from_codes(
                codes[values] if values is not None else [], categories=pd.Index(found)
            )
        elif values is None:
            made[column.name] = _array(column, [None], orders.get(column.name)).repeat(size)
        elif column.dtype in ("category", "ordered"):
            order = pd.Index(orders[column.name])
            is_ordered = column.dtype == "ordered"
            made[column.name] = pd.Categorical.from_codes(values, order, ordered=is_ordered)
        elif column.dtype == "Int64":
            made[column.name] = pd.arrays.IntegerArray(
                values.astype(np.int64), np.zeros(size, np.bool_)
            )
        else:
            made[column.name] = pd.arrays.FloatingArray(values, np.isnan(values))
    frame = Frame(made, copy=False)
    if labels:
        label_frame(frame, TABLES[table])
    frame.attrs = {"table": table, "period": known.period, "left_out": known.left_out}
    return frame


def own_frame(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table that its caller may change without another seeing it."""
    own = Frame(frame.copy())
    own.attrs = dict(frame.attrs)
    return own


def label_frame(frame: pd.DataFrame, columns: Sequence[Column]) -> None:
    """Head the columns, and word the categories, in Indonesian, in place."""
    for column in columns:
        if column.dtype == "ordered":
            words = {str(name): WORDS.get(str(name), str(name)) for name in
                     frame[column.name].cat.categories}  # fmt: skip
            frame[column.name] = frame[column.name].cat.rename_categories(words)
    frame.columns = pd.Index([column.label for column in columns])


def recap_frame(recap: Recap) -> pd.DataFrame:
    """Return the table of ``rekap.csv`` and ``rekap.xlsx``, with its Indonesian headings.

    Points and percentages are at full precision; what is not known is missing, never 0.
    """
    columns, rows = recap_columns(recap), recap_rows(recap)
    frame = pd.DataFrame(rows, columns=pd.Index(columns))
    counts = [name for name in columns if name == "Peringkat" or _is_count(name)]
    return frame.astype(dict.fromkeys(counts, "Int64"))


def _is_count(column: str) -> bool:
    return column == "Catatan pemeriksaan" or column.startswith(
        ("Jumlah ", "Prasyarat belum ", "Pertanyaan belum ")
    )
