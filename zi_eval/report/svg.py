"""The drawing kit: every kind of figure that pages show, as inline SVG with its words and numbers.

A figure says its numbers three times: drawn, as the description that a screen reader reads, and in
a table, which is folded below it or stands on the page already. All three are made of the same
rows. Widths suit a phone of 320 pixels; the same values always give the same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from zi_eval.core.verdict import Status
from zi_eval.report.axis import Axis, Mark, nice_ticks
from zi_eval.report.canvas import (
    ACCENT,
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
    Canvas,
    Pen,
)
from zi_eval.report.lettering import clean_text, fit_text, text_width, wrap_text
from zi_eval.report.words import format_count, format_number, status_icon, status_label

__all__ = [
    "COUNT", "DOWN", "HIGHER", "INTERVAL", "LOWER", "NOW", "PAST", "THEN", "UP",
    "Bar", "DotRow", "plot_bars", "plot_dots", "plot_scale", "plot_sides", "plot_track",
]  # fmt: skip

SHADES: Final = (
    Pen("part-1", ACCENT), Pen("part-2", "#4f9aa8"), Pen("part-3", "#a9ced5"),
)  # fmt: skip
LABEL = Pen("name", INK, size=13)
NAME = Pen("name", INK, size=12.5)
SMALL = Pen("detail", MUTED, size=11.5)
BELOW = Pen("detail", "var(--not_met,#9c231f)", size=11.5)
COUNT = Pen("value", INK, size=11, is_bold=True)
BRIGHT = Pen("here", ACCENT, size=13, is_bold=True)
SCORE = Pen("score", ACCENT, size=24, is_bold=True)
VALUE = Pen("value", INK, size=12.5, is_bold=True)
TRACK = Pen("track", "var(--track,#dfe6ea)")
PERCENT: Final = tuple((n / 4, f"{25 * n}\u00a0%") for n in range(5))
POSSIBLE = Pen("possible", "#f0cf86")
CUT = Pen("cut", stroke=PAPER, width=5.5)
NEED = Pen("need", stroke=INK, width=2.5)
LIMIT = Pen("limit", stroke="var(--unknown,#744800)", width=1.25, dashes="4 3")
SHADED = Pen("total", SOFT)
NOW, THEN = Pen("now", ACCENT, PAPER, 1.5), Pen("then", PAPER, ACCENT, 1.75)
PAST = Pen("past", LINE, MUTED, 0.75)
INTERVAL = Pen("interval", stroke="#8fbcc5", width=6)
UP, DOWN = Pen("up", stroke="#8fbcc5", width=4), Pen("down", stroke="#dba17c", width=4)
LOWER, HIGHER = Pen("lower", "#b4632c"), Pen("higher", ACCENT)
RADIUS: Final = {NOW: 5.0, THEN: 4.0, PAST: 2.5}
EDGE: Final = 8.0
"""Beside an axis, so that a dot at its end is whole."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: shares of its full length from 0 to 1.

    Attributes
    ----------
    label, detail
        The line above the bar and the small line below it, where its numbers stand.
    shares
        Parts laid end to end, one for each name of the legend.
    need
        Where the minimum stands, None without one.
    """

    label: str
    detail: str
    shares: tuple[float, ...]
    need: float | None = None
    status: Status | None = None


def _key(sheet: Canvas, items: Sequence[tuple[Pen, str]], y: float, room: float = WIDTH) -> float:
    """Explain pens in a line, going on below where it is full; return where the next stands."""
    x = 0.0
    for pen, name in items:
        shown = fit_text(clean_text(name), room - 20, 12)
        width = 18 + text_width(shown, 12) + 14
        if x and x + width - 14 > room:
            x, y = 0.0, y + 18
        if pen is NEED:
            sheet.line(pen, (x + 5, y - 11), (x + 5, y + 3))
        elif pen in RADIUS:
            sheet.dot(pen, x + 6, y - 4, RADIUS[pen])
        else:
            sheet.rectangle(pen, x, y - 10, 12, 12)
        sheet.text(Pen("key", MUTED, size=12), x + 18, y, shown)
        x += width
    return y + 18


def _need(sheet: Canvas, x: float, top: float, bottom: float) -> None:
    for pen in (CUT, NEED):
        sheet.line(pen, (x, top), (x, bottom))


def plot_bars(
    title: str,
    bars: Sequence[Bar],
    legend: Sequence[str] = (),
    caption: str = "",
    beside: str = "",
    ticks: Sequence[tuple[float, str]] = PERCENT,
) -> Markup:
    """Draw bars below each other, each on a track of its full length with its minimum.

    Parameters
    ----------
    legend
        Name of each part of the bars, where they have more than one.
    ticks
        What the axis says, by share of the full length.
    """
    sheet = Canvas(WIDTH)
    y = 2.0
    if legend:
        has_needs = any(bar.need is not None for bar in bars)
        names = [*zip(SHADES, legend, strict=False), *([(NEED, "ambang")] if has_needs else [])]
        y = _key(sheet, names, 16.0)
    for bar in bars:
        y = sheet.lines(LABEL, 0, y + 14, bar.label, WIDTH, 16) - 10
        sheet.rectangle(TRACK, 0, y, WIDTH, 13)
        start = 0.0
        for share, shade in zip(bar.shares, SHADES, strict=False):
            length = min(max(share, 0.0) * WIDTH, WIDTH - start)
            sheet.rectangle(shade, start, y, length, 13)
            start += length
        if bar.need is not None:
            _need(sheet, min(max(bar.need * WIDTH, 1.5), WIDTH - 1.5), y - 3.5, y + 16.5)
        pen = BELOW if bar.status is Status.NOT_MET else SMALL
        said = f"{bar.detail} · {_status(bar)}" if bar.status else bar.detail
        y = sheet.lines(pen, 0, y + 28.5, said, WIDTH, 14) - 1
    sheet.axis([(WIDTH * share, label) for share, label in ticks], y + 13)
    sheet.height = y + 17
    rows = [(bar.label, bar.detail, _status(bar)) for bar in bars]
    return sheet.figure("bars", title, ("Bagian", "", "Status"), rows, beside, caption)


def plot_track(shares: Sequence[float], need: float | None = None) -> Markup:
    """Draw one bar on a track of its full length, for the cell of a table that holds its numbers.

    Parameters
    ----------
    shares
        Parts laid end to end, from 0 to 1 of the full length.
    need
        Where the minimum stands, None without one.
    """
    sheet, start = Canvas(WIDTH), 0.0
    sheet.rectangle(TRACK, 0, 3.5, WIDTH, 12)
    for share, shade in zip(shares, SHADES, strict=False):
        length = min(max(share, 0.0) * WIDTH, WIDTH - start)
        sheet.rectangle(shade, start, 3.5, length, 12)
        start += length
    if need is not None:
        _need(sheet, min(max(need * WIDTH, 1.5), WIDTH - 1.5), 0, 19)
    sheet.height = 19
    return sheet.ornament("track")


def _status(bar: Bar) -> str:
    return f"{status_icon(bar.status)} {status_label(bar.status)}" if bar.status else ""


def plot_scale(
    title: str,
    score: float | None,
    top: float,
    marks: Sequence[Mark],
    possible: tuple[float, float] | None = None,
    here: str | None = None,
    beside: str = "",
) -> Markup:
    """Draw one score on a scale from 0 to ``top`` with the minima of the predicates.

    Parameters
    ----------
    possible
        Lowest and highest score still possible while questions are open.
    here
        Where the marks are the upper ends of bands, lowest first, instead of minima: the label of
        the band that holds the score, or empty.
    """
    sheet, length = Canvas(WIDTH), WIDTH - 34
    scale, is_banded = Axis(0.0, top, ()), here is not None

    def x(points: float) -> float:
        return scale.share(points) * length

    sheet.rectangle(TRACK, 0, 34, length, 18)
    if possible is not None:
        low, high = map(x, possible)
        sheet.rectangle(POSSIBLE, low, 34, high - low, 18)
    if score is None:
        sheet.text(Pen("score", MUTED, size=18), 0, 24, "belum ada nilai")
    else:
        at, thin = x(score), 3 if possible else 0
        sheet.rectangle(SHADES[0], 0, 34 + thin, at, 18 - 2 * thin)
        sheet.text(SCORE, at, 24, format_number(score), "end" if at > length / 2 else "start")
    lines, start = [74.0 + 16 * n for n in range(len(marks) + 1)], 0.0
    for number, mark in enumerate(marks):
        at, name = x(mark.at), fit_text(mark.label, length / 2, 13)
        spots: list[tuple[float, float, Anchor]]
        if is_banded:
            if mark.at < top:
                _need(sheet, at, 34, 52)
            middle = (start + at) / 2
            spots = [(middle, y - 4, "middle") for y in lines]
            sheet.place(BRIGHT if mark.label == here else Pen("band", MUTED, size=13), name, spots)
        else:
            _need(sheet, at, 29, 57)
            sides: list[Anchor] = ["end", "start"]
            is_last = number and number == len(marks) - 1
            spots = [(at, y, side) for y in lines for side in (sides[::-1] if is_last else sides)]
            sheet.place(LABEL, f"{name} {format_count(mark.at)}", spots)
        start = at
    below = max(66.0, *(box.bottom for box in sheet.taken)) + 14
    if is_banded:
        ends = [(x(mark.at), format_count(mark.at)) for mark in marks]
        sheet.axis([(0.0, "0"), *ends], below)
    else:
        sheet.place(TICK, "0", [(0, y, "start") for y in (29, 74, below)])
        sheet.place(TICK, format_count(top), [(length + 5, 47, "start"), (length, below, "end")])
    sheet.height = max(box.bottom for box in sheet.taken) + 3
    rows = [("Nilai", f"{format_number(score)} dari {format_count(top)}")]
    word = "sampai" if is_banded else "ambang"
    rows += [(mark.label, f"{word} {format_count(mark.at)}") for mark in marks]
    if possible is not None:
        rows.append(("Kemungkinan", " sampai ".join(map(format_number, possible))))
    return sheet.figure("scale", title, ("", ""), rows, beside)


@dataclass(frozen=True, slots=True)
class DotRow:
    """A row of dots on a common axis.

    Attributes
    ----------
    dots
        Values with the pen of each, drawn in this order.
    value, aside
        What stands at the right of the name, the second in small.
    span
        From where to where a thick line goes below the dots, and its pen.
    cells
        The row of the table, after the name.
    """

    label: str
    dots: tuple[tuple[Pen, float], ...]
    cells: tuple[str, ...]
    value: str = ""
    aside: str = ""
    span: tuple[Pen, float, float] | None = None
    is_total: bool = False


def plot_dots(
    title: str,
    rows: Sequence[DotRow],
    axis: Axis,
    headings: Sequence[str],
    key: Sequence[tuple[Pen, str]] = (),
    limits: Sequence[Mark] = (),
    unit: str = "",
    beside: str = "",
) -> Markup:
    """Draw values of each row as dots on one axis: with intervals, or joined as then and now.

    Parameters
    ----------
    headings
        Of the table: the names', then one for each of the cells.
    limits
        Values asked for, drawn through all rows.
    unit
        What the values at the right are.
    """
    sheet = Canvas(WIDTH, has_halo=True)

    def x(value: float) -> float:
        return EDGE + axis.share(value) * (WIDTH - 2 * EDGE)

    right = sheet.text(TICK, WIDTH - EDGE, 14, unit, "end").left - 10 if unit else WIDTH
    y = _key(sheet, key, 14.0, right) if key else 20.0 if unit else 4.0
    ordered = sorted(limits, key=lambda mark: mark.at)
    for number, mark in enumerate(ordered):
        sides: list[Anchor] = ["end", "start"] if number < len(ordered) - 1 else ["start", "end"]
        text = fit_text(mark.label, WIDTH / 2, TICK.size)
        lines = [y + 8 + 15 * n for n in range(len(limits))]
        sheet.place(TICK, text, [(x(mark.at), line, side) for line in lines for side in sides])
    head = max((box.bottom for box in sheet.taken), default=0.0) + 6 if limits else y
    laid = []
    y = head
    for row in rows:
        after = (SMALL, f" {row.aside}") if row.aside else None
        value = sheet.measure(VALUE, WIDTH - EDGE, 0, row.value, "end", after)
        room = value.left - EDGE - (10 if row.value else 0)
        names = wrap_text(row.label, room, NAME.size)
        laid.append((row, y, names, after))
        y += 15 * len(names) + 21
    for row, top, names, _ in laid:
        if row.is_total:
            sheet.rectangle(SHADED, 0, top, WIDTH, 15.0 * len(names) + 21)
    for tick in axis.ticks:
        sheet.line(GRID, (x(tick.at), head), (x(tick.at), y))
    for mark in ordered:
        sheet.line(LIMIT, (x(mark.at), head - 4), (x(mark.at), y))
    for row, top, names, after in laid:
        if row.value:
            sheet.text(VALUE, WIDTH - EDGE, top + 15, row.value, "end", after)
        for number, name in enumerate(names):
            sheet.text(NAME, EDGE, top + 15 + 15 * number, name)
        line = top + 15 * len(names) + 11
        if row.span is not None:
            pen, low, high = row.span
            sheet.line(pen, (x(low), line), (x(high), line))
        for pen, at in row.dots:
            sheet.dot(pen, x(at), line, RADIUS[pen])
    sheet.axis([(x(tick.at), tick.label) for tick in axis.ticks], y + 14)
    sheet.height = y + 18
    table = [(row.label, *row.cells) for row in rows]
    return sheet.figure("dots", title, headings, table, beside)


def plot_sides(
    title: str,
    rows: Sequence[tuple[str, float, float]],
    names: tuple[str, str],
    headings: Sequence[str],
    beside: str = "",
) -> Markup:
    """Draw two counts of each row as bars to both sides of a middle line, with its axis.

    Parameters
    ----------
    rows
        Name, and what goes to the left and to the right.
    names
        What either side means.
    """
    sheet, middle = Canvas(WIDTH, has_halo=True), WIDTH / 2
    most = max(max(left, right) for _, left, right in rows) or 1.0
    reach = middle - text_width(format_number(most, 0), COUNT.size, True) - 6
    ticks = nice_ticks(0.0, most, 3)
    left, right = (fit_text(name, middle - 22, TICK.size) for name in names)
    sheet.text(TICK, middle - 8, 14, f"◀ {left}", "end")
    sheet.text(TICK, middle + 8, 14, f"{right} ▶")
    y = 24.0
    bottom = y + sum(15 * len(wrap_text(row[0], WIDTH, NAME.size)) + 24 for row in rows)
    signs = ((-1, LOWER), (1, HIGHER))
    for sign, _ in signs:
        for tick in ticks:
            at = middle + sign * tick / most * reach
            sheet.line(AXIS if tick == 0 else GRID, (at, y), (at, bottom))
    for label, *values in rows:
        y = sheet.lines(NAME, 0, y + 14, label, WIDTH, 15) - 9
        for (sign, pen), value in zip(signs, values, strict=True):
            if value:
                length = value / most * reach
                end = middle + sign * length
                sheet.rectangle(pen, min(middle, end), y, length, 12)
                text, anchor = format_number(value, 0), "end" if sign < 0 else "start"
                sheet.text(COUNT, end + sign * 5, y + 10, text, anchor)  # type: ignore[arg-type]
        y += 19
    places = [(middle - tick / most * reach, format_count(tick)) for tick in ticks[:0:-1]]
    places += [(middle + tick / most * reach, format_count(tick)) for tick in ticks]
    sheet.axis(places, bottom + 14)
    sheet.height = bottom + 18
    table = [(row[0], *(format_number(value, 0) for value in row[1:])) for row in rows]
    return sheet.figure("sides", title, headings, table, beside)
