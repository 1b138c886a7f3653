"""Small figures of a performance page as inline SVG, styled by the page and with their words.

An indicator's path takes a few lines and a page has dozens, so these are written as SVG at once
instead of through a plotting library.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from math import floor
from textwrap import wrap
from typing import Final

from markupsafe import Markup, escape

from zi_eval.performance.agency import Quadrant, find_quadrant
from zi_eval.performance.plan import QUARTERS, Accrual, Indicator, figure_text
from zi_eval.performance.projection import Projection

__all__ = ["CORNERS", "Point", "plot_path", "plot_quadrants"]

WIDTH, HEIGHT = 240.0, 104.0
LEFT, RIGHT, TOP, BOTTOM = 10.0, 14.0, 12.0, 20.0
QUADRANTS: Final = 320.0
EDGE: Final = 34.0
ROOM: Final = 14.0
CORNERS: Final = (
    Quadrant.RESULTS_AHEAD,
    Quadrant.BOTH,
    Quadrant.BEHIND,
    Quadrant.MONEY_AHEAD,
)
"""The quadrants as they lie: above from left to right, then below."""
NUMBERED: Final = 30
HEADROOM: Final = 8.0
MOST: Final = 120.0
"""Percent at which both axes of the quadrants end, with room beyond for the names; what is higher
stands there."""


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
    """An indicator or unit in the quadrants; ``number`` is its place in the list beside them."""

    number: int
    label: str
    achievement: float
    absorption: float


def _start(values: Sequence[float]) -> float:
    """Return where an axis begins: at 0, or nearer to the values where all are far above it."""
    return max(min(floor((min(values, default=0.0) - 10) / 20) * 20.0, 80.0), 0.0)


def plot_quadrants(points: Sequence[Point], passed: float) -> Markup:
    """Draw achievement against absorption, parted at 100 % and at the share of the year passed.

    The quadrants bear their names. Up to :data:`NUMBERED` points bear their numbers; more are
    small dots, each with its name as a title.
    """
    side = QUADRANTS - EDGE - ROOM
    bottom, right = QUADRANTS - EDGE, QUADRANTS - ROOM
    x_low = _start([*(p.absorption for p in points), passed])
    y_low = _start([p.achievement for p in points])

    def x(value: float) -> float:
        return EDGE + (min(max(value, x_low), MOST) - x_low) / (MOST + HEADROOM - x_low) * side

    def y(value: float) -> float:
        return bottom - (min(max(value, y_low), MOST) - y_low) / (MOST + HEADROOM - y_low) * side

    x_middle, y_middle = f"{x(passed):.1f}", f"{y(100):.1f}"
    parts = [
        f'<rect class="frame" x="{EDGE:g}" y="{ROOM:g}" width="{side:g}" height="{side:g}"/>',
        f'<line class="target" x1="{x_middle}" x2="{x_middle}" y1="{ROOM:g}" y2="{bottom:g}"/>',
        f'<line class="target" x1="{EDGE:g}" x2="{right:g}" y1="{y_middle}" y2="{y_middle}"/>',
        f'<text class="axis" x="{(EDGE + right) / 2:g}" y="{QUADRANTS - 4:g}">'
        "Penyerapan anggaran, %</text>",
        f'<text class="axis" transform="translate(11 {(ROOM + bottom) / 2:g}) rotate(-90)">'
        "Capaian, %</text>",
    ]
    for low, at in ((x_low, "x"), (y_low, "y")):
        for value in sorted({low, 20.0, 40.0, 60.0, 80.0, 100.0, MOST}):
            if value < low:
                continue
            place = (
                f'x="{x(value):.1f}" y="{QUADRANTS - 20:g}"'
                if at == "x"
                else f'x="{EDGE - 13:g}" y="{y(value) + 4:.1f}"'
            )
            parts.append(f'<text class="axis" {place}>{value:g}</text>')
    top = (("start", EDGE + 5, ROOM + 13), ("end", right - 5, ROOM + 13))
    low_corners = (("start", EDGE + 5, bottom - 17), ("end", right - 5, bottom - 17))
    for (anchor, left, line), name in zip((*top, *low_corners), CORNERS, strict=True):
        first, second = wrap(name.value, 16)
        parts.append(
            f'<text class="corner" text-anchor="{anchor}" x="{left:g}" y="{line:g}">{first}'
            f'<tspan x="{left:g}" dy="12">{second}</tspan></text>'
        )
    is_many = len(points) > NUMBERED
    for point in points:
        cx, cy = x(point.absorption), y(point.achievement)
        said = escape(f"{point.number} {point.label}" if is_many else _point_text(point))
        parts.append(
            f'<circle class="dot" cx="{cx:.1f}" cy="{cy:.1f}" r="{3.5 if is_many else 10:g}">'
            f"<title>{said}</title></circle>"
        )
        if not is_many:
            parts.append(
                f'<text class="number" x="{cx:.1f}" y="{cy + 4:.1f}">{point.number}</text>'
            )
    counts = Counter(find_quadrant(p.achievement, p.absorption, passed) for p in points)
    text = "; ".join(f"{name.value}: {counts[name]}" for name in CORNERS)
    if not is_many:
        text += ". " + "; ".join(map(_point_text, points))
    title = "Capaian terhadap penyerapan anggaran"
    style = "quadrants many" if is_many else "quadrants"
    return _svg(QUADRANTS, QUADRANTS, style, title, text, "".join(parts))


def _point_text(point: Point) -> str:
    reached, spent = figure_text(point.achievement), figure_text(point.absorption)
    return f"{point.label}: capaian {reached} %, terserap {spent} %"
