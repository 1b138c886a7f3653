"""Figures as inline SVG inside ``<figure>``: narrow enough for a phone, with a text alternative.

Drawn with matplotlib's object interface only; the same values always give the same bytes.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import matplotlib
from markupsafe import Markup, escape
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from zi_eval.core.verdict import Status
from zi_eval.report.words import format_count, format_number, status_icon, status_label

__all__ = ["Bar", "Mark", "plot_bars", "plot_scale"]

WIDTH: Final = 360.0
INK, MUTED, TRACK, BELOW = "#17212b", "#51606e", "#dfe6ea", "#9c231f"
SHADES: Final = ("#0b5563", "#4f9aa8", "#a9ced5")
POSSIBLE: Final = "#f0cf86"
ROW, BAR = 62.0, 13.0
LONGEST_LABEL: Final = 48
MARGIN: Final = 34.0
SPARE: Final = r"<metadata>.*?</metadata>|<style[^>]*>.*?</style>|<!--.*?-->"


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


@dataclass(frozen=True, slots=True)
class Mark:
    """A minimum on a scale."""

    label: str
    at: float


def _canvas(height: float) -> tuple[Figure, Axes]:
    """Return a figure whose axes count in SVG units from the upper left corner."""
    figure = Figure(figsize=(WIDTH / 72, height / 72))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, WIDTH)
    axes.set_ylim(height, 0)
    axes.set_axis_off()
    figure.patch.set_alpha(0)
    return figure, axes


def _box(axes: Axes, x: float, y: float, width: float, color: str, height: float = BAR) -> None:
    if width > 0:
        axes.add_patch(Rectangle((x, y), width, height, facecolor=color, linewidth=0))


def _tick(axes: Axes, x: float, top: float, bottom: float) -> None:
    for color, width in (("white", 5.5), (INK, 2.5)):
        axes.plot([x, x], [top, bottom], color=color, linewidth=width, solid_capstyle="butt")


def _text(
    axes: Axes, x: float, y: float, text: str, size: float = 13, color: str = INK, **kw: Any
) -> None:
    axes.text(x, y, text, fontsize=size, color=color, parse_math=False, va="baseline", **kw)


def _svg(figure: Figure, title: str, description: str) -> Markup:
    """Return the figure as an inline SVG without metadata, namespaces or spare ids."""
    key = hashlib.sha256(f"{title}\0{description}".encode()).hexdigest()[:10]
    buffer = io.StringIO()
    with matplotlib.rc_context({"svg.hashsalt": key, "svg.fonttype": "none"}):
        FigureCanvasSVG(figure).print_svg(
            buffer, metadata={"Date": None, "Creator": None, "Format": None, "Type": None}
        )
    text = buffer.getvalue()
    body = text[text.index(">", text.index("<svg")) + 1 : text.rindex("</svg>")]
    body = re.sub(SPARE, "", body, flags=re.DOTALL)
    body = body.replace("xlink:href=", "href=")
    used = set(re.findall(r'(?:url\(#|href="#)([^)"]+)', body))
    body = re.sub(r'\s+id="([^"]*)"', lambda m: m[0] if m[1] in used else "", body)
    # the page's own fonts: keep the size, drop matplotlib's families
    body = re.sub(r"font: (?:\w+ )*?([\d.]+px)[^;\"]*", r"font-size: \1", body)
    body = re.sub(r"\s*<defs>\s*</defs>|\n\s*", lambda m: "" if "defs" in m[0] else "\n", body)
    height = round(figure.get_figheight() * 72, 2)
    return Markup(
        f'<svg role="img" viewBox="0 0 {WIDTH:g} {height:g}" '
        f'aria-labelledby="judul-{key} uraian-{key}">\n'
        f'<title id="judul-{key}">{escape(title)}</title>\n'
        f'<desc id="uraian-{key}">{escape(description)}</desc>{body}</svg>'
    )


def _figure(svg: Markup, caption: str) -> Markup:
    text = f"\n<figcaption>{escape(caption)}</figcaption>" if caption else ""
    return Markup(f"<figure>\n{svg}{text}\n</figure>")


def plot_bars(
    title: str, bars: Sequence[Bar], legend: Sequence[str] = (), caption: str = ""
) -> Markup:
    """Draw bars below each other, each on a track of its full length with its minimum.

    Parameters
    ----------
    title
        Text alternative; the numbers of all bars follow it as the description.
    legend
        Name of each part of the bars, where they have more than one.
    """
    top = 30.0 if legend else 4.0
    figure, axes = _canvas(top + ROW * len(bars))
    x = 0.0
    for name, shade in zip(legend, SHADES, strict=False):
        _box(axes, x, 6, 12, shade, 12)
        _text(axes, x + 18, 16.5, name, 12, MUTED)
        x += 18 + 7.2 * len(name) + 16
    if legend and any(bar.need is not None for bar in bars):
        axes.plot([x + 3, x + 3], [3, 21], color=INK, linewidth=2.5, solid_capstyle="butt")
        _text(axes, x + 11, 16.5, "ambang", 12, MUTED)
    for number, bar in enumerate(bars):
        y = top + ROW * number
        label = bar.label
        if len(label) > LONGEST_LABEL:
            label = f"{label[: LONGEST_LABEL - 1].rstrip()}…"
        _text(axes, 0, y + 14, label)
        _box(axes, 0, y + 20, WIDTH, TRACK)
        start = 0.0
        for share, shade in zip(bar.shares, SHADES, strict=False):
            length = min(max(share, 0.0) * WIDTH, WIDTH - start)
            _box(axes, start, y + 20, length, shade)
            start += length
        if bar.need is not None:
            at = min(max(bar.need * WIDTH, 1.5), WIDTH - 1.5)
            _tick(axes, at, y + 16.5, y + 36.5)
        status = ""
        if bar.status is not None:
            status = f" · {status_icon(bar.status)} {status_label(bar.status)}"
        color = BELOW if bar.status is Status.NOT_MET else MUTED
        _text(axes, 0, y + 48.5, f"{bar.detail}{status}", 11.5, color)
    description = "; ".join(
        f"{bar.label}: {bar.detail}{f', {status_label(bar.status)}' if bar.status else ''}"
        for bar in bars
    )
    return _figure(_svg(figure, title, description), caption)


def plot_scale(
    title: str,
    score: float | None,
    top: float,
    marks: Sequence[Mark],
    possible: tuple[float, float] | None = None,
    here: str | None = None,
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
    is_banded = here is not None
    figure, axes = _canvas(86.0)

    length = WIDTH - MARGIN

    def place(points: float) -> float:
        return min(max(points / top, 0.0), 1.0) * length

    _box(axes, 0, 34, length, TRACK, 18)
    if possible is not None:
        low, high = map(place, possible)
        _box(axes, low, 34, high - low, POSSIBLE, 18)
    if score is not None:
        _box(axes, 0, 37 if possible else 34, place(score), SHADES[0], 12 if possible else 18)
        at = place(score)
        side = "right" if at > WIDTH / 2 else "left"
        _text(axes, at, 24, format_number(score), 24, SHADES[0], ha=side, weight="bold")
    else:
        _text(axes, 0, 24, "belum ada nilai", 18, MUTED)
    start = 0.0
    for mark in marks if is_banded else ():
        at = place(mark.at)
        if mark.at < top:
            _tick(axes, at, 34, 52)
        color, weight = (SHADES[0], "bold") if mark.label == here else (MUTED, "normal")
        _text(axes, (start + at) / 2, 70, mark.label, 13, color, ha="center", weight=weight)
        start = at
    for number, mark in enumerate(() if is_banded else marks):
        at = place(mark.at)
        _tick(axes, at, 29, 57)
        side = "left" if number and number == len(marks) - 1 else "right"
        _text(axes, at, 74, f"{mark.label} {format_count(mark.at)}", 13, INK, ha=side)
    parts = [f"nilai {format_number(score)} dari {format_count(top)}"]
    said = "{} sampai {}" if is_banded else "ambang {} {}"
    parts += [said.format(mark.label, format_count(mark.at)) for mark in marks]
    if possible is not None:
        lowest, highest = map(format_number, possible)
        parts.append(f"kemungkinan {lowest} sampai {highest}")
    return _figure(_svg(figure, title, "; ".join(parts)), "")
