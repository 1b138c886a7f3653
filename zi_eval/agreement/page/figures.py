"""Two figures of agreement: the direction by area, and how far units moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil, floor
from typing import Final

from markupsafe import Markup

from zi_eval.agreement.kappa import GroupAgreement
from zi_eval.report.svg import plot_columns, plot_sides

__all__ = ["plot_directions", "plot_spread"]

LEAST_UNITS: Final = 20
"""Fewer units than this are better read as a list."""
STEPS: Final = (0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0)
MOST_COLUMNS: Final = 16


def plot_directions(
    areas: Sequence[GroupAgreement], titles: Mapping[str, str], second: str, beside: str = ""
) -> Markup:
    """Draw, for each area, how many of 100 answers the second set lower and how many higher."""
    shares = [
        (titles[item.id], 100 * item.lowered / item.pairs, 100 * item.raised / item.pairs)
        for item in areas
        if item.pairs
    ]
    if not any(lower or higher for _, lower, higher in shares):
        return Markup("")
    return plot_sides(
        f"Arah perbedaan {second} menurut bagian, dari 100 jawaban",
        shares,
        (f"{second} lebih rendah", "lebih tinggi"),
        ("Bagian", "lebih rendah", "lebih tinggi"),
        beside,
    )


def plot_spread(points: Sequence[float], title: str) -> Markup:
    """Draw how many units lose or gain how many points; empty for few units."""
    if len(points) < LEAST_UNITS:
        return Markup("")
    low, high = min(*points, 0.0), max(*points, 0.0)
    step = next((s for s in STEPS if (high - low) / s <= MOST_COLUMNS), STEPS[-1])
    first, last = floor(low / step), max(ceil(high / step), floor(low / step) + 1)
    counts = [0] * (last - first)
    for value in points:
        counts[min(floor(value / step) - first, len(counts) - 1)] += 1
    return plot_columns(title, first * step, step, counts, ("Poin", "unit"))
