"""Figures as a picture, drawn by the kit that draws the reports."""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import islice
from numbers import Real
from typing import Any, Protocol

from markupsafe import Markup

from zi_eval.report import words
from zi_eval.report.axis import nice_ticks
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
        What the full length stands for; where None, a round figure that the largest value fits in.

    Examples
    --------
    >>> import zi_eval as zi
    >>> units = zi.open_period("2026").units()
    >>> bool(zi.plot_bars(units.set_index("name")["score"], "Nilai", top=100))
    True
    """
    known = list(islice(((n, float(v)) for n, v in values.items() if _is_known(v)), MOST))
    named = title or "Nilai"
    if not known:
        return Section(Markup('<p class="muted">{}: tidak ada.</p>').format(named))
    write = words.format_count if all(v.is_integer() for _, v in known) else words.format_number
    full, ticks = _axis(top, max(abs(number) for _, number in known))
    bars = [
        Bar(_name(name), write(number), (min(1.0, abs(number) / full),)) for name, number in known
    ]
    return Section(draw(named, bars, caption=f"{named}.", ticks=ticks))


def _axis(top: float | None, most: float) -> tuple[float, list[tuple[float, str]]]:
    """Return what the full length stands for, and round figures along it by their share of it."""
    ticks = nice_ticks(0.0, top or most or 1.0)
    full = top or math.ceil(most / ticks[1] - 1e-9) * ticks[1] or ticks[-1]
    if full > ticks[-1] + 1e-9 and top is None:
        ticks = (*ticks, full)
    return full, [(tick / full, words.format_count(tick)) for tick in ticks]


def _is_known(value: Any) -> bool:
    return isinstance(value, Real) and not math.isnan(float(value))


def _name(name: Any) -> str:
    return " dan ".join(map(str, name)) if isinstance(name, tuple) else str(name)
