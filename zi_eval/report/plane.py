"""Figures with two axes: values over time (many small ones), how many lie where, quadrants."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from math import ceil, floor, hypot
from typing import Final

from markupsafe import Markup

from zi_eval.report.axis import nice_ticks
from zi_eval.report.canvas import (
    ACCENT,
    ASCENT,
    AXIS,
    GRID,
    INK,
    LINE,
    MUTED,
    PAPER,
    SOFT,
    TICK,
    WIDTH,
    Anchor,
    Box,
    Canvas,
    Pen,
)
from zi_eval.report.lettering import text_width, wrap_text
from zi_eval.report.svg import COUNT, HIGHER, LOWER
from zi_eval.report.words import format_count

__all__ = [
    "NUMBERED", "Point", "Series",
    "plot_columns", "plot_quadrants", "plot_series", "plot_spread", "short_number",
]  # fmt: skip

LEAST_UNITS: Final = 20
"""Fewer units than this are better read as a list."""
STEPS: Final = (0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0)
MOST_COLUMNS: Final = 16
PANEL: Final = (200.0, 100.0)
"""Width and height of one panel of many."""
NUMBERED: Final = 30
"""More points than this are small dots without their numbers."""
HEADROOM: Final = 8.0
MOST: Final = 120.0
"""Percent at which both axes of the quadrants end, with room beyond for the dots; what is higher
stands there."""
CORNER_ROOM: Final = 100.0
DISC: Final = 10.0
GRAIN: Final = 8

TARGET = Pen("target", stroke="#aab4bd", width=1.5)
PLAN = Pen("plan", stroke="#7d8a96", width=1.5, dashes="4 3")
RANGE = Pen("range", stroke="#a9ced5", width=7)
AHEAD = Pen("ahead", stroke=ACCENT, width=1.5, dashes="2 3")
GOT = Pen("got", stroke=ACCENT, width=2.5)
END, DOT, SPOT = Pen("end", PAPER, ACCENT, 2), Pen("dot", ACCENT), Pen("spot", INK)
FRAME = Pen("frame", SOFT, LINE, 1)
CORNER = Pen("corner", MUTED, size=10, is_bold=True)
NUMBER = Pen("number", PAPER, size=11, is_bold=True)
NUMBERED_DOT = Pen("dot", ACCENT, PAPER, 1.5)
MANY_DOTS = Pen("dot", ACCENT, PAPER, 0.5, opacity=0.55)
LEADER = Pen("leader", stroke=INK, width=1)
POWERS: Final = ((1e12, "T"), (1e9, "M"), (1e6, "jt"))


def short_number(value: float) -> str:
    """Write a value of an axis in few characters: ``12,5 jt``, ``2 M`` (miliar), ``1 T``."""
    for power, name in POWERS:
        if abs(value) >= power:
            return f"{format_count(round(value / power, 2))}\u00a0{name}"
    return format_count(value)


@dataclass(frozen=True, slots=True)
class Series:
    """Values over the places of a year or several, each as place from 0 and value.

    Attributes
    ----------
    end
        Lowest, expected and highest value foreseen at the last place.
    target
        A level drawn through all places.
    """

    plan: tuple[tuple[int, float], ...] = ()
    got: tuple[tuple[int, float], ...] = ()
    end: tuple[float, float, float] | None = None
    target: float | None = None

    @property
    def values(self) -> list[float]:
        """Every value drawn."""
        levels = [] if self.target is None else [self.target]
        return [value for _, value in (*self.plan, *self.got)] + list(self.end or ()) + levels


def plot_series(
    title: str, said: str, series: Series, places: Sequence[str], has_zero: bool = False
) -> Markup:
    """Draw one panel: plan, results and what is foreseen, with the values of its axis.

    Only the drawing: panels stand side by side in a list of the page, their numbers in one table.

    Parameters
    ----------
    said
        The numbers in words.
    has_zero
        Whether the axis begins at zero.
    """
    if not series.values:
        return Markup("")
    width, height = PANEL
    top, bottom, right = 9.0, height - 20, width - 9
    low, high = min(series.values), max(series.values)
    low = min(low, 0.0) if has_zero else low
    if low == high:
        low, high = low - (abs(low) / 4 or 1.0), high + (abs(high) / 4 or 1.0)
    low, span = low - 0.06 * (high - low), 1.12 * (high - low)
    ticks = nice_ticks(max(low, 0.0) if has_zero else low, low + span)
    named = ticks if series.target is None else (series.target, *ticks)
    left = max((text_width(short_number(value), TICK.size) for value in named), default=0.0) + 8

    def x(place: float) -> float:
        return left + 4 + place / (len(places) - 1) * (right - left - 4)

    def y(value: float) -> float:
        return top + (1 - (value - low) / span) * (bottom - top)

    sheet = Canvas(width, height)
    # The target's own value comes first; a round one that would touch it is left out.
    for value in named:
        if sheet.place(TICK, short_number(value), [(left - 4, y(value) + 4, "end")]):
            sheet.line(GRID, (left, y(value)), (width - 2, y(value)))
    sheet.axis([(x(n), name) for n, name in enumerate(places)], height - 4)
    if series.target is not None:
        sheet.line(TARGET, (left, y(series.target)), (width - 2, y(series.target)))
    if series.plan:
        sheet.line(PLAN, *((x(n), y(v)) for n, v in series.plan))
    if series.end and series.got:
        lowest, expected, highest = map(y, series.end)
        sheet.line(RANGE, (right, lowest), (right, highest))
        sheet.line(AHEAD, (x(series.got[-1][0]), y(series.got[-1][1])), (right, expected))
        sheet.dot(END, right, expected, 4)
    if series.got:
        sheet.line(GOT, *((x(n), y(v)) for n, v in series.got))
        for n, v in series.got:
            sheet.dot(DOT, x(n), y(v), 3.5)
    return sheet.svg("path", title, said)


def plot_columns(
    title: str,
    first: float,
    step: float,
    counts: Sequence[int],
    headings: tuple[str, str],
    beside: str = "",
) -> Markup:
    """Draw how many lie in each of the intervals of ``step`` that begin at ``first``."""
    sheet, base = Canvas(WIDTH), 108.0
    width, most = WIDTH / len(counts), max(counts) or 1
    edges = [first + number * step for number in range(len(counts) + 1)]
    for number, count in enumerate(counts):
        length = count / most * 90
        pen = LOWER if edges[number] < 0 else HIGHER
        sheet.rectangle(pen, number * width + 1, base - length, width - 2, length)
        if count:
            spot = (number + 0.5) * width, base - length - 4
            sheet.place(COUNT, str(count), [(*spot, "middle")])
    zero = (0 - first) / step * width
    sheet.line(AXIS, (0, base), (WIDTH, base))
    if 0 <= zero <= WIDTH:
        sheet.line(AXIS, (zero, 8), (zero, base + 3))
        sheet.axis([(zero, "0")], base + 16)
    places = [(n * width, _signed(edge)) for n, edge in enumerate(edges) if edge]
    sheet.axis(places, base + 16)
    sheet.height = base + 20
    rows = [
        (f"{_signed(low)} sampai {_signed(low + step)}", str(count))
        for low, count in zip(edges, counts, strict=False)
        if count
    ]
    return sheet.figure("columns", title, headings, rows, beside)


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


def _signed(value: float) -> str:
    return f"{'+' if value > 0 else ''}{format_count(value)}"


@dataclass(frozen=True, slots=True)
class Point:
    """A point of the quadrants; ``number`` is its place in the list beside them."""

    number: int
    label: str
    across: float
    up: float


def _start(values: Sequence[float]) -> float:
    """Return where an axis begins: at 0, or nearer to the values where all are far above it."""
    return max(min(floor((min(values, default=0.0) - 10) / 20) * 20.0, 80.0), 0.0)


def _around(x: float, y: float, frame: Box) -> Iterator[tuple[float, float]]:
    """Return places for a disc: its own first, then those of a grid, the nearest first.

    :data:`NUMBERED` discs never fill the grid: each keeps at most a fortieth of the frame.
    """
    yield x, y
    across = range(ceil(frame.left), floor(frame.right), GRAIN)
    up = range(ceil(frame.top), floor(frame.bottom), GRAIN)
    yield from sorted(product(across, up), key=lambda at: (hypot(at[0] - x, at[1] - y), at))


def plot_quadrants(
    title: str,
    points: Sequence[Point],
    middle: tuple[float, float],
    corners: Sequence[str],
    axes: tuple[str, str],
    lead: str = "",
    beside: str = "",
) -> Markup:
    """Draw points on two axes in percent, parted at ``middle``, with the quadrants' names.

    Up to :data:`NUMBERED` points bear their numbers; a disc that would cover another steps aside,
    with a line to where it belongs. More points are small dots, each with its name as a title.

    Parameters
    ----------
    middle
        Where the quadrants part, across and up.
    corners
        Their names: above from left to right, then below.
    axes
        What is measured across and up.
    lead
        What the description says first.
    """
    sheet = Canvas(WIDTH)
    left, top, right = 48.0, 32.0, WIDTH - 12
    bottom = top + right - left
    x_low = _start([*(p.across for p in points), middle[0]])
    y_low = _start([*(p.up for p in points), middle[1]])

    def x(value: float) -> float:
        share = (min(max(value, x_low), MOST) - x_low) / (MOST + HEADROOM - x_low)
        return left + share * (right - left)

    def y(value: float) -> float:
        share = (min(max(value, y_low), MOST) - y_low) / (MOST + HEADROOM - y_low)
        return bottom - share * (bottom - top)

    sheet.rectangle(FRAME, left, top, right - left, bottom - top)
    sheet.line(TARGET, (x(middle[0]), top), (x(middle[0]), bottom))
    sheet.line(TARGET, (left, y(middle[1])), (right, y(middle[1])))
    rounds = (0.0, 20.0, 40.0, 60.0, 80.0, 100.0, MOST)
    sheet.axis([(x(v), f"{v:g}") for v in rounds if v >= x_low], bottom + 18)
    for value in (v for v in rounds if v >= y_low):
        sheet.text(TICK, left - 5, y(value) + 4, f"{value:g}", "end")
    sheet.text(TICK, (left + right) / 2, bottom + 34, axes[0], "middle")
    sheet.text(TICK, ASCENT * TICK.size, (top + bottom) / 2, axes[1], is_upright=True)
    # The upper names stand above the frame, where capped values lie; below there is always room
    # between the lowest values and the axis.
    ends: tuple[tuple[float, Anchor], ...] = ((left, "start"), (right, "end"))
    for (line, (at, anchor)), name in zip(product((12.0, bottom - 18), ends), corners, strict=True):
        inset = 0 if line < top else 5 if anchor == "start" else -5
        for number, text in enumerate(wrap_text(name, CORNER_ROOM, 10, True)):
            sheet.text(CORNER, at + inset, line + 12 * number, text, anchor)
    if len(points) > NUMBERED:
        for point in points:
            label = f"{point.number} {point.label}"
            sheet.dot(MANY_DOTS, x(point.across), y(point.up), 3.5, label)
    else:
        frame = Box(left, top, right, bottom)
        _draw_discs(sheet, [(point, x(point.across), y(point.up)) for point in points], frame)
    sheet.height = bottom + 39
    rows = [(f"{p.number} {p.label}", _percent(p.up), _percent(p.across)) for p in points]
    return sheet.figure("quadrants", title, ("", axes[1], axes[0]), rows, beside, lead=lead)


def _percent(value: float) -> str:
    return format_count(round(value, 2))


def _draw_discs(sheet: Canvas, points: Sequence[tuple[Point, float, float]], frame: Box) -> None:
    """Draw numbered discs where they belong, or beside with a line to there."""
    laid = []
    for point, x, y in points:
        for cx, cy in _around(x, y, frame):
            disc = Box(cx - DISC, cy - DISC, cx + DISC, cy + DISC)
            if sheet.is_free(disc, 0.0):
                break
        sheet.taken.append(disc)
        laid.append((point, cx, cy))
        if (cx, cy) != (x, y):
            sheet.line(LEADER, (x, y), (cx, cy))
            sheet.dot(SPOT, x, y, 2.5)
    for point, cx, cy in laid:
        sheet.dot(NUMBERED_DOT, cx, cy, DISC, point.label)
        sheet.text(NUMBER, cx, cy + 4, str(point.number), "middle")
