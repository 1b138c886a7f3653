"""Figures as a picture, drawn by the kit that draws the reports."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from math import isnan
from numbers import Real
from typing import Any, Protocol

from zi_eval.report import words
from zi_eval.report.page import Section
from zi_eval.report.svg import Bar
from zi_eval.report.svg import plot_bars as draw

__all__ = ["Named", "plot_bars"]

MOST = 20
"""Bars of one picture; what follows is in the table."""


class Named(Protocol):
    """Figures by name: a column with its index, or a mapping."""

    def items(self) -> Iterable[tuple[Any, Any]]:
        """Return names and figures in their order."""


def plot_bars(values: Named, title: str = "", *, top: float | None = None) -> Section:
    """Draw figures as bars in their order, at most twenty; what is missing is left out.

    Parameters
    ----------
    values
        By name: a column whose index names its rows, or a mapping. An index of several levels
        names a bar by all of them.
    top
        What the full length stands for; the largest value where None.

    Examples
    --------
    >>> import zi_eval as zi
    >>> units = zi.open_period("2026").units()
    >>> bool(zi.plot_bars(units.set_index("name")["score"], "Nilai", top=100))
    True
    """
    known = list(islice(((n, float(v)) for n, v in values.items() if _is_known(v)), MOST))
    full = top or max((abs(number) for _, number in known), default=0.0) or 1.0
    bars = [
        Bar(_name(name), words.format_number(number), (min(1.0, abs(number) / full),))
        for name, number in known
    ]
    caption = f"{title or 'Nilai'}; panjang penuh adalah {words.format_count(full)}."
    return Section(draw(title or "Nilai", bars, caption=caption)) if bars else Section()


def _is_known(value: Any) -> bool:
    return isinstance(value, Real) and not isnan(float(value))


def _name(name: Any) -> str:
    return " dan ".join(map(str, name)) if isinstance(name, tuple) else str(name)
