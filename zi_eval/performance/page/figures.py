"""Figures of performance: an indicator's path over the quarters, and results against money."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from markupsafe import Markup

from zi_eval.performance.agency import Quadrant, find_quadrant
from zi_eval.performance.plan import QUARTERS, Accrual, Indicator, figure_text
from zi_eval.performance.projection import Projection
from zi_eval.performance.watch import PlanStanding
from zi_eval.report.canvas import folded_table
from zi_eval.report.plane import Point, Series, plot_quadrants, plot_series
from zi_eval.report.words import NOTHING

__all__ = ["CORNERS", "path_numbers", "plot_money", "plot_path"]

CORNERS: Final = (
    Quadrant.RESULTS_AHEAD,
    Quadrant.BOTH,
    Quadrant.BEHIND,
    Quadrant.MONEY_AHEAD,
)
"""The quadrants as they lie: above from left to right, then below."""


def _plan(item: Indicator) -> list[tuple[int, float]]:
    return [(q, t) for q in QUARTERS if (t := item.target_until(q)) is not None]


def _got(item: Indicator, quarter: int) -> list[tuple[int, float]]:
    done = [q for q in item.measured if q <= quarter]
    return [(q, r) for q in done if (r := item.result_until(q)) is not None]


def plot_path(item: Indicator, quarter: int, projection: Projection | None) -> Markup:
    """Draw an indicator: planned path, results so far, and the projected end of the year."""
    plan, got, end = _plan(item), _got(item, quarter), None
    if projection is not None and quarter < 4:
        end = projection.low, projection.expected, projection.high
    series = Series(
        tuple((q - 1, value) for q, value in plan),
        tuple((q - 1, value) for q, value in got),
        end,
        item.year_target,
    )
    said = "; ".join(f"TW {q} {figure_text(v)}" for q, v in got) or "belum ada realisasi"
    planned = "; ".join(f"TW {q} {figure_text(v)}" for q, v in plan) or "tidak ada"
    text = f"Realisasi sampai triwulan: {said}. Rencana: {planned}."
    places = ("I", "II", "III", "IV")
    return plot_series(item.name, text, series, places, item.accrual is Accrual.SUM)


def path_numbers(standing: PlanStanding) -> Markup:
    """Return the numbers of all paths as one folded table: result and plan of every quarter."""
    rows = []
    for item in standing.plan.indicators:
        got, plan = dict(_got(item, standing.score.quarter)), dict(_plan(item))
        cells = [
            " / ".join(figure_text(own[q]) if q in own else NOTHING for own in (got, plan))
            for q in QUARTERS
        ]
        rows.append((item.name, *cells))
    headings = ("Realisasi / rencana sampai", *(f"TW {q}" for q in QUARTERS))
    return folded_table("Angka pada gambar", headings, rows)


def plot_money(points: Sequence[Point], passed: float, beside: str = "") -> Markup:
    """Draw achievement against absorption, parted at 100 % and at the share of the year passed."""
    counts = Counter(find_quadrant(p.up, p.across, passed) for p in points)
    return plot_quadrants(
        "Capaian terhadap penyerapan anggaran",
        points,
        (passed, 100.0),
        [corner.value for corner in CORNERS],
        ("Penyerapan anggaran, %", "Capaian, %"),
        f"{'; '.join(f'{name.value}: {counts[name]}' for name in CORNERS)}.",
        beside,
    )
