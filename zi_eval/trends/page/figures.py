"""The figure of trends: each part's share of its weight, then and now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from zi_eval.report.axis import Axis, Mark
from zi_eval.report.svg import DOWN, NOW, PAST, THEN, UP, DotRow, plot_dots
from zi_eval.report.words import NO_BREAK, format_number
from zi_eval.trends.page.words import points_text

__all__ = ["Path", "plot_paths"]


@dataclass(frozen=True, slots=True)
class Path:
    """One part over the periods.

    Attributes
    ----------
    shares
        Of its weight from 0 to 1, oldest first; None where it was not there or nothing answered.
    change
        Points from the last period but one to the last.
    """

    name: str
    shares: tuple[float | None, ...]
    change: float | None


def _percent(share: float | None) -> str:
    return "" if share is None else f"{format_number(share * 100, 0)}{NO_BREAK}%"


def _row(path: Path) -> DotRow:
    *past, then, now = path.shares
    marks = [*((PAST, share) for share in past), (THEN, then), (NOW, now)]
    span = None
    if then is not None and now is not None:
        span = DOWN if now < then else UP, then, now
    change = points_text(path.change)
    return DotRow(
        path.name,
        tuple((pen, share) for pen, share in marks if share is not None),
        (*map(_percent, path.shares), change),
        change,
        span=span,
    )


def plot_paths(
    title: str, paths: Sequence[Path], periods: Sequence[str], beside: str = ""
) -> Markup:
    """Draw each part's share of its weight in every period, the last two joined by a line.

    Parameters
    ----------
    beside
        Id of the table of the parts, where it stands on the page.
    """
    ticks = tuple(Mark(_percent(share), share) for share in (0.0, 0.25, 0.5, 0.75, 1.0))
    key = [(THEN, periods[-2]), (NOW, periods[-1])]
    if len(periods) > 2:
        key.append((PAST, "sebelumnya"))
    return plot_dots(
        title,
        [_row(path) for path in paths],
        Axis(0.0, 1.0, ticks),
        ("Bagian", *periods, "poin"),
        key,
        unit="poin",
        beside=beside,
    )
