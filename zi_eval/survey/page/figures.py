"""The one figure of a survey: its index and each element with its interval."""

from __future__ import annotations

from dataclasses import replace
from math import floor
from typing import Final

from markupsafe import Markup

from zi_eval.report.axis import Axis, Mark
from zi_eval.report.svg import INTERVAL, NOW, DotRow, plot_dots
from zi_eval.report.words import format_number
from zi_eval.survey.index import Interval
from zi_eval.survey.page.words import against_text, interval_text
from zi_eval.survey.result import SurveyResult
from zi_eval.survey.values import TOP

__all__ = ["plot_elements"]

STEP: Final = 0.5
MOST_TICKS: Final = 4
"""More steps than this, and only whole values are named."""


def _row(result: SurveyResult, name: str, value: float | None, interval: Interval | None) -> DotRow:
    shown, spread = against_text(result, value), interval_text(interval) if interval else ""
    return DotRow(
        name,
        () if value is None else ((NOW, value),),
        (shown, spread),
        shown,
        f"({spread})" if spread else "",
        None if interval is None else (INTERVAL, interval.low, interval.high),
    )


def plot_elements(result: SurveyResult, beside: str = "") -> Markup:
    """Draw the index and the element means of 4, with 95 % intervals and the minima asked for.

    The axis starts below the lowest interval, at a half: dots stand for values, not lengths.

    Parameters
    ----------
    beside
        Id of the table of the elements, where it stands on the page.
    """
    if not result.weakest:
        return Markup("")
    total = _row(result, "Indeks", result.index, result.interval)
    rows = [_row(result, item.element.name, item.index, item.interval) for item in result.weakest]
    needs = [item.mark for item in result.chances]
    drawn = (total, *rows)
    lows = [row.span[1] for row in drawn if row.span] + [v for row in drawn for _, v in row.dots]
    start = max(0.0, floor((min(*lows, *(mark.need for mark in needs), TOP) - 0.05) / STEP) * STEP)
    count = round((TOP - start) / STEP)
    values = [start + number * STEP for number in range(count + 1)]
    ticks = [Mark(format_number(v, 1), v) for v in values if count <= MOST_TICKS or v == int(v)]
    return plot_dots(
        f"{result.survey.short}: indeks dan unsur",
        [replace(total, is_total=True), *rows],
        Axis(start, TOP, tuple(ticks)),
        ("Unsur", "indeks", "selang 95 %"),
        limits=[Mark(f"ambang {m.name} {format_number(m.need)}", m.need) for m in needs],
        beside=beside,
    )
