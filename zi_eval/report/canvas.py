"""A sheet to draw on: SVG elements with measured text, so that none is printed over another.

Every colour is a variable of the page with today's colour as its fallback, so a figure follows the
page's theme and stands in a notebook without any style sheet. Same strokes, same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import groupby
from typing import Final, Literal

from markupsafe import Markup, escape

from zi_eval.report.lettering import clean_text, text_width, wrap_text

__all__ = [
    "ACCENT", "AXIS", "GRID", "INK", "LINE", "MUTED", "PAPER", "SOFT", "TICK", "WIDTH",
    "Box", "Canvas", "Pen", "folded_table",
]  # fmt: skip

INK: Final = "var(--ink,#17212b)"
MUTED: Final = "var(--muted,#51606e)"
LINE: Final = "var(--line,#dde3e8)"
SOFT: Final = "var(--soft,#f4f7f8)"
PAPER: Final = "var(--paper,#fff)"
ACCENT: Final = "var(--accent,#0b5563)"

WIDTH: Final = 340.0
"""Of a figure: hardly smaller on a phone of 320 pixels, a third larger on a desk."""

Anchor = Literal["start", "middle", "end"]
Rows = Sequence[Sequence[str]]

TOLD: Final = 40
"""More rows than this are a table to be read, not a description to be listened to."""
ASCENT: Final = 0.93
DESCENT: Final = 0.24
"""Of the size, above and below the line a text stands on."""
GAP: Final = 2.0
"""Least room between texts that are placed where there is room."""


@dataclass(frozen=True, slots=True)
class Pen:
    """How a kind of element looks; its name becomes the class of its group.

    Attributes
    ----------
    size
        Of its text.
    """

    name: str
    fill: str = "none"
    stroke: str = ""
    width: float = 0.0
    dashes: str = ""
    opacity: float = 1.0
    size: float = 0.0
    is_bold: bool = False

    def attributes(self, has_halo: bool = False) -> str:
        """Return the attributes of a group drawn with it."""
        stroke, width, order = self.stroke, self.width, ""
        if has_halo and self.size:
            stroke, width, order = PAPER, 3.0, "stroke"
        shown = {
            "class": self.name,
            "fill": self.fill,
            "fill-opacity": "" if self.opacity == 1 else f"{self.opacity:g}",
            "stroke": stroke,
            "stroke-width": f"{width:g}" if stroke else "",
            "stroke-dasharray": self.dashes,
            "paint-order": order,
            "font-size": f"{self.size:g}" if self.size else "",
            "font-weight": "700" if self.is_bold else "",
        }
        return " ".join(f'{key}="{value}"' for key, value in shown.items() if value)


TICK: Final = Pen("tick", MUTED, size=11)
GRID: Final = Pen("grid", stroke=LINE, width=1)
AXIS: Final = Pen("axis", stroke=MUTED, width=1)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on the sheet."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box, gap: float = 0.0) -> bool:
        """Whether the two share more than an edge, or are nearer than ``gap``."""
        return (
            self.left < other.right + gap
            and other.left < self.right + gap
            and self.top < other.bottom + gap
            and other.top < self.bottom + gap
        )


def _number(value: float) -> str:
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


@dataclass
class Canvas:
    """Elements in the order they are drawn, and the room taken by texts and marks.

    Attributes
    ----------
    width, height
        In SVG units; the height may be set until the sheet is shown.
    has_halo
        Whether texts are lifted off lines behind them.
    taken
        Where nothing else is placed.
    """

    width: float
    height: float = 0.0
    has_halo: bool = False
    taken: list[Box] = field(default_factory=list)
    _drawn: list[tuple[Pen, str]] = field(default_factory=list)

    def rectangle(self, pen: Pen, x: float, y: float, width: float, height: float) -> None:
        """Draw a rectangle unless it is empty."""
        if width > 0 and height > 0:
            place = f'x="{_number(x)}" y="{_number(y)}"'
            size = f'width="{_number(width)}" height="{_number(height)}"'
            self._drawn.append((pen, f"<rect {place} {size}/>"))

    def line(self, pen: Pen, *points: tuple[float, float]) -> None:
        """Draw a line through points."""
        path = " ".join(f"{_number(x)},{_number(y)}" for x, y in points)
        self._drawn.append((pen, f'<polyline points="{path}"/>'))

    def dot(self, pen: Pen, x: float, y: float, radius: float, title: str = "") -> None:
        """Draw a dot; its title is shown when pointed at."""
        head = f'<circle cx="{_number(x)}" cy="{_number(y)}" r="{_number(radius)}"'
        said = f"><title>{escape(clean_text(title))}</title></circle>" if title else "/>"
        self._drawn.append((pen, head + said))

    def text(
        self,
        pen: Pen,
        x: float,
        y: float,
        text: str,
        anchor: Anchor = "start",
        after: tuple[Pen, str] | None = None,
        is_upright: bool = False,
    ) -> Box:
        """Write a line that stands on ``y``, and return the room it takes.

        Parameters
        ----------
        after
            What follows on the same line with another pen.
        is_upright
            Whether it is read from below; then it is centred on ``x`` and ``y``.
        """
        text = clean_text(text)
        box = self.measure(pen, x, y, text, anchor, after, is_upright)
        self.taken.append(box)
        more = ""
        if after is not None:
            follows = clean_text(after[1])
            look = Pen(after[0].name, after[0].fill, size=after[0].size).attributes()
            weight = "" if after[0].is_bold else ' font-weight="400"'
            gap = "\u00a0" if after[1].startswith(" ") else ""
            more = f"<tspan {look}{weight}>{gap}{escape(follows)}</tspan>"
        place = f'x="{_number(x)}" y="{_number(y)}"'
        if is_upright:
            place = f'transform="translate({_number(x)} {_number(y)}) rotate(-90)"'
            anchor = "middle"
        end = "" if anchor == "start" else f' text-anchor="{anchor}"'
        self._drawn.append((pen, f"<text {place}{end}>{escape(text)}{more}</text>"))
        return box

    def measure(
        self,
        pen: Pen,
        x: float,
        y: float,
        text: str,
        anchor: Anchor = "start",
        after: tuple[Pen, str] | None = None,
        is_upright: bool = False,
    ) -> Box:
        """Return the room a line would take."""
        long, size = text_width(clean_text(text), pen.size, pen.is_bold), pen.size
        if after is not None:
            long += text_width(after[1], after[0].size, after[0].is_bold)
        if is_upright:
            return Box(x - ASCENT * size, y - long / 2, x + DESCENT * size, y + long / 2)
        left = x - {"start": 0.0, "middle": long / 2, "end": long}[anchor]
        return Box(left, y - ASCENT * size, left + long, y + DESCENT * size)

    def is_free(self, box: Box, gap: float = GAP) -> bool:
        """Whether nothing stands there, and it is on the sheet from left to right."""
        inside = box.left >= -0.05 and box.right <= self.width + 0.05
        return inside and not any(box.meets(other, gap) for other in self.taken)

    def place(self, pen: Pen, text: str, spots: Iterable[tuple[float, float, Anchor]]) -> bool:
        """Write a line at the first spot that is free; return whether there was one."""
        for x, y, anchor in spots:
            if self.is_free(self.measure(pen, x, y, text, anchor)):
                self.text(pen, x, y, text, anchor)
                return True
        return False

    def lines(
        self, pen: Pen, x: float, y: float, text: str, room: float, step: float, lines: int = 2
    ) -> float:
        """Write a text below each other from ``y`` on; return where the next line would stand."""
        for line in wrap_text(text, room, pen.size, pen.is_bold, lines):
            self.text(pen, x, y, line)
            y += step
        return y

    def axis(self, places: Sequence[tuple[float, str]], y: float) -> None:
        """Write values below an axis, the ends first; one without room is left out."""
        for x, text in (*places[:1], *places[:0:-1]):
            half = text_width(text, TICK.size) / 2
            self.place(TICK, text, [(min(max(x, half), self.width - half), y, "middle")])

    def _body(self) -> str:
        groups = groupby(self._drawn, key=lambda item: item[0])
        return "\n".join(
            f"<g {pen.attributes(self.has_halo)}>{''.join(text for _, text in items)}</g>"
            for pen, items in groups
        )

    def ornament(self, name: str) -> Markup:
        """Return the drawing for eyes only, beside text that says the same."""
        size = f"{_number(self.width)} {_number(self.height)}"
        return Markup(
            f'<svg class="{name}" aria-hidden="true" viewBox="0 0 {size}">{self._body()}</svg>'
        )

    def svg(self, name: str, title: str, description: str, details: str = "") -> Markup:
        """Return the drawing with its text alternative.

        Parameters
        ----------
        name
            Its class.
        details
            Id of the table on the page that holds the numbers.
        """
        title, description = clean_text(title), clean_text(description)
        body = self._body()
        key = sha256(f"{title}\0{description}\0{body}".encode()).hexdigest()[:10]
        size = f"{_number(self.width)} {_number(self.height)}"
        more = f' aria-details="{escape(details)}"' if details else ""
        return Markup(
            f'<svg class="{name}" role="img" viewBox="0 0 {size}" width="{_number(self.width)}" '
            f'aria-labelledby="j-{key} u-{key}"{more}>\n<title id="j-{key}">{escape(title)}</title>'
            f'\n<desc id="u-{key}">{escape(description)}</desc>\n{body}</svg>'
        )

    def figure(
        self,
        name: str,
        title: str,
        headings: Sequence[str],
        rows: Rows,
        beside: str = "",
        caption: str = "",
        lead: str = "",
    ) -> Markup:
        """Return the drawing as a figure with its numbers in words and in a table.

        Parameters
        ----------
        headings, rows
            The table, each row its name and then its numbers.
        beside
            Id of the table on the page that holds the numbers; without one they are folded below.
        lead
            What the description says before the rows.
        """
        said = describe(headings, rows) if len(rows) <= TOLD else ""
        svg = self.svg(name, title, f"{lead} {said}", beside)
        text = f"\n<figcaption>{escape(clean_text(caption))}</figcaption>" if caption else ""
        numbers = "" if beside else f"\n{folded_table('Angka pada gambar', headings, rows)}"
        return Markup(f"<figure>\n{svg}{text}{numbers}\n</figure>")


def describe(headings: Sequence[str], rows: Rows) -> str:
    """Say the rows of a figure: ``name: heading value, heading value; …``."""
    return "; ".join(
        f"{row[0]}: "
        + ", ".join(
            f"{heading} {cell}".strip()
            for heading, cell in zip(headings[1:], row[1:], strict=True)
            if cell
        )
        for row in rows
    )


def folded_table(caption: str, headings: Sequence[str], rows: Rows) -> Markup:
    """Return the numbers behind a figure as a table that is folded away.

    A heading that is left out where the figure is told has a word here, where a column needs one.
    """
    names = [clean_text(text) or "Keterangan" for text in headings]
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in names)
    body = "\n".join(
        f'<tr><th scope="row">{escape(clean_text(row[0]))}</th>'
        + "".join(f'<td class="num">{escape(clean_text(cell))}</td>' for cell in row[1:])
        + "</tr>"
        for row in rows
    )
    return Markup(
        f'<details class="figure-numbers"><summary>{escape(caption)}</summary>\n'
        f'<div class="table-wrap" tabindex="0"><table><thead><tr>{head}</tr></thead>\n'
        f"<tbody>\n{body}\n"
        "</tbody></table></div></details>"
    )
