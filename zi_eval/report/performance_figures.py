"""Small figures of a performance page as inline SVG, styled by the page and with their words.

An indicator's path takes a few lines and a page has dozens, so these are written as SVG at once
instead of through a plotting library.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from markupsafe import Markup, escape

from zi_eval.core.performance import QUARTERS, Accrual, Indicator, figure_text
from zi_eval.core.performance_projection import Projection

__all__ = ["Point", "plot_path", "plot_quadrants"]

WIDTH, HEIGHT = 240.0, 104.0
LEFT, RIGHT, TOP, BOTTOM = 10.0, 14.0, 12.0, 20.0
QUADRANTS: Final = 320.0
EDGE: Final = 34.0
ROOM: Final = 14.0
MOST: Final = 120.0
"""Percent at which both axes of the quadrants end; what lies beyond stands at the edge."""


def _line(points: Sequence[tuple[float, float]], name: str) -> str:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<polyline class="{name}" points="{path}"/>'


def _svg(width: float, height: float, name: str, title: str, text: str, body: str) -> Markup:
    key = sha256(f"{title}\0{text}\0{body}".encode()).hexdigest()[:10]
    return Markup(
        f'<svg class="{name}" role="img" viewBox="0 0 {width:g} {height:g}" '
        f'aria-labelledby="j-{key} u-{key}"><title id="j-{key}">{escape(title)}</title>'
        f'<desc id="u-{key}">{escape(text)}</desc>{body}</svg>'
    )


def plot_path(item: Indicator, quarter: int, projection: Projection | None) -> Markup:
    """Draw an indicator: planned path, results so far, and the projected end of the year."""
    plan = [(q, t) for q in QUARTERS if (t := item.target_until(q)) is not None]
    done = [q for q in item.measured if q <= quarter]
    got = [(q, r) for q in done if (r := item.result_until(q)) is not None]
    target = item.year_target
    ends = []
    if projection is not None and quarter < 4:
        ends = [projection.low, projection.expected, projection.high]
    values = [value for _, value in (*plan, *got)] + ends + ([] if target is None else [target])
    if not values:
        return Markup("")
    low, high = min(values), max(values)
    if item.accrual is Accrual.SUM:
        low = min(low, 0.0)
    span = (high - low) or abs(high) or 1.0
    low, span = low - 0.06 * span, 1.12 * span

    def x(q: float) -> float:
        return LEFT + (q - 1) / 3 * (WIDTH - LEFT - RIGHT)

    def y(value: float) -> float:
        return TOP + (1 - (value - low) / span) * (HEIGHT - TOP - BOTTOM)

    parts = [
        f'<text class="axis" x="{x(q):.1f}" y="{HEIGHT - 4:g}">{name}</text>'
        for q, name in zip(QUARTERS, ("I", "II", "III", "IV"), strict=True)
    ]
    if target is not None:
        parts.append(
            f'<line class="target" x1="{LEFT:g}" x2="{WIDTH - 4:g}" '
            f'y1="{y(target):.1f}" y2="{y(target):.1f}"/>'
        )
    if plan:
        parts.append(_line([(x(q), y(v)) for q, v in plan], "plan"))
    if ends and got:
        parts.append(
            f'<line class="range" x1="{x(4):.1f}" x2="{x(4):.1f}" '
            f'y1="{y(ends[0]):.1f}" y2="{y(ends[2]):.1f}"/>'
        )
        parts.append(_line([(x(got[-1][0]), y(got[-1][1])), (x(4), y(ends[1]))], "ahead"))
        parts.append(f'<circle class="end" cx="{x(4):.1f}" cy="{y(ends[1]):.1f}" r="4"/>')
    if got:
        parts.append(_line([(x(q), y(v)) for q, v in got], "got"))
        parts += [f'<circle class="dot" cx="{x(q):.1f}" cy="{y(v):.1f}" r="3.5"/>' for q, v in got]
    said = "; ".join(f"TW {q} {figure_text(v)}" for q, v in got) or "belum ada realisasi"
    planned = "; ".join(f"TW {q} {figure_text(v)}" for q, v in plan) or "tidak ada"
    text = f"Realisasi sampai triwulan: {said}. Rencana: {planned}."
    return _svg(WIDTH, HEIGHT, "path", item.name, text, "".join(parts))


@dataclass(frozen=True, slots=True)
class Point:
    """An indicator in the quadrants; ``number`` is its place in the table beside them."""

    number: int
    label: str
    achievement: float
    absorption: float


def plot_quadrants(points: Sequence[Point], passed: float) -> Markup:
    """Draw achievement against absorption, parted at 100 % and at the share of the year passed."""
    side = QUADRANTS - EDGE - ROOM

    def x(value: float) -> float:
        return EDGE + min(max(value, 0.0), MOST) / MOST * side

    def y(value: float) -> float:
        return QUADRANTS - EDGE - min(max(value, 0.0), MOST) / MOST * side

    x_middle, y_middle = f"{x(passed):.1f}", f"{y(100):.1f}"
    bottom, right = QUADRANTS - EDGE, QUADRANTS - ROOM
    parts = [
        f'<rect class="frame" x="{EDGE:g}" y="{ROOM:g}" width="{side:g}" height="{side:g}"/>',
        f'<line class="target" x1="{x_middle}" x2="{x_middle}" y1="{ROOM:g}" y2="{bottom:g}"/>',
        f'<line class="target" x1="{EDGE:g}" x2="{right:g}" y1="{y_middle}" y2="{y_middle}"/>',
        f'<text class="axis" x="{x(50):.1f}" y="{QUADRANTS - 4:g}">Penyerapan anggaran, %</text>',
        f'<text class="axis" transform="translate(11 {y(50):.1f}) rotate(-90)">Capaian, %</text>',
    ]
    for value in (0, 50, 100):
        parts.append(f'<text class="axis" x="{x(value):.1f}" y="{QUADRANTS - 20:g}">{value}</text>')
        if value:
            parts.append(
                f'<text class="axis" x="{EDGE - 11:g}" y="{y(value) + 4:.1f}">{value}</text>'
            )
    for point in points:
        cx, cy = x(point.absorption), y(point.achievement)
        parts.append(f'<circle class="dot" cx="{cx:.1f}" cy="{cy:.1f}" r="10"/>')
        parts.append(f'<text class="number" x="{cx:.1f}" y="{cy + 4:.1f}">{point.number}</text>')
    text = "; ".join(
        f"{p.label}: capaian {figure_text(p.achievement)} %, terserap {figure_text(p.absorption)} %"
        for p in points
    )
    title = "Capaian terhadap penyerapan anggaran"
    return _svg(QUADRANTS, QUADRANTS, "quadrants", title, text, "".join(parts))
