"""Two figures of agreement, as inline SVG: the direction by area, and the units' changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from math import ceil, floor
from typing import Final

from markupsafe import Markup, escape

from zi_eval.agreement.kappa import GroupAgreement
from zi_eval.report.words import format_number

__all__ = ["plot_directions", "plot_spread"]

WIDTH: Final = 400.0
MIDDLE: Final = 200.0
REACH: Final = 150.0
"""Longest bar to either side of the middle."""
ROW: Final = 40.0
HEAD: Final = 24.0
LONGEST: Final = 44
LEAST_UNITS: Final = 20
"""Fewer units than this are better read as a list."""
BARS: Final = 16
BAR_HEIGHT: Final = 90.0


def _svg(name: str, height: float, title: str, text: str, body: str) -> Markup:
    key = sha256(f"{title}\0{text}".encode()).hexdigest()[:10]
    return Markup(
        f'<figure class="agreement"><svg class="{name}" role="img" '
        f'viewBox="0 0 {WIDTH:g} {height:g}" aria-labelledby="j-{key} u-{key}">'
        f'<title id="j-{key}">{escape(title)}</title><desc id="u-{key}">{escape(text)}</desc>'
        f"{body}</svg></figure>"
    )


def _short(name: str) -> str:
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"


def plot_directions(
    areas: Sequence[GroupAgreement], titles: Mapping[str, str], second: str
) -> Markup:
    """Draw, for each area, how many of 100 answers the second set lower and how many higher."""
    rows = [item for item in areas if item.pairs]
    if not any(item.raised + item.lowered for item in rows):
        return Markup("")
    most = max(max(item.raised, item.lowered) / item.pairs for item in rows)
    height = HEAD + ROW * len(rows)
    parts = [
        f'<text class="tick" text-anchor="end" x="{MIDDLE - 8:g}" y="14">'
        f"◀ {escape(second)} lebih rendah</text>"
        f'<text class="tick" x="{MIDDLE + 8:g}" y="14">lebih tinggi ▶</text>'
        f'<line class="axis" x1="{MIDDLE:g}" x2="{MIDDLE:g}" y1="{HEAD:g}" y2="{height:g}"/>'
    ]
    said = []
    for number, item in enumerate(rows):
        y = HEAD + ROW * number
        lower, higher = item.lowered / item.pairs, item.raised / item.pairs
        parts.append(
            f'<text class="name" x="0" y="{y + 14:g}">{escape(_short(titles[item.id]))}</text>'
        )
        for share, name, sign in ((lower, "lower", -1), (higher, "higher", 1)):
            if not share:
                continue
            length = share / most * REACH
            x = MIDDLE - length if sign < 0 else MIDDLE
            end, anchor = MIDDLE + sign * (length + 5), "end" if sign < 0 else "start"
            parts.append(
                f'<rect class="{name}" x="{x:.1f}" y="{y + 20:g}" width="{length:.1f}" '
                'height="12"/>'
                f'<text class="value" text-anchor="{anchor}" x="{end:.1f}" y="{y + 30:g}">'
                f"{format_number(share * 100, 0)}</text>"
            )
        said.append(
            f"{titles[item.id]}: lebih rendah {format_number(lower * 100, 0)}, lebih tinggi "
            f"{format_number(higher * 100, 0)} dari 100 jawaban"
        )
    title = f"Arah perbedaan {second} menurut bagian, dari 100 jawaban"
    return _svg("directions", height, title, "; ".join(said), "".join(parts))


def plot_spread(points: Sequence[float], title: str) -> Markup:
    """Draw how many units lose or gain how many points; empty for few units."""
    if len(points) < LEAST_UNITS:
        return Markup("")
    low, high = min(*points, 0.0), max(*points, 0.0)
    step = next(s for s in (0.25, 0.5, 1, 2, 5, 10, 20) if (high - low) / s <= BARS)
    first, last = floor(low / step), max(ceil(high / step), floor(low / step) + 1)
    counts = [0] * (last - first)
    for value in points:
        counts[min(floor(value / step) - first, len(counts) - 1)] += 1
    width, top = WIDTH / len(counts), max(counts)
    base = BAR_HEIGHT + 18
    parts, said = [], []
    for number, count in enumerate(counts):
        length = count / top * BAR_HEIGHT
        start = (first + number) * step
        name = "lower" if start < 0 else "higher"
        if count:
            parts.append(
                f'<rect class="{name}" x="{number * width + 1:.1f}" y="{base - length:.1f}" '
                f'width="{width - 2:.1f}" height="{length:.1f}"/>'
                f'<text class="value" text-anchor="middle" x="{(number + 0.5) * width:.1f}" '
                f'y="{base - length - 4:.1f}">{count}</text>'
            )
            said.append(
                f"{format_number(start, 2)} sampai {format_number(start + step, 2)}: {count} unit"
            )
    zero = (0 - first) * width
    for at, value in ((0.0, low), (zero, 0.0), (WIDTH, high)):
        edge = (first * step) if at == 0 else last * step if at == WIDTH else 0.0
        anchor = "start" if at == 0 else "end" if at == WIDTH else "middle"
        # An end close to 0 would overlap its label.
        if 0 < at < WIDTH or (value and abs(at - zero) > 36):
            parts.append(
                f'<text class="tick" text-anchor="{anchor}" x="{at:.1f}" y="{base + 16:g}">'
                f"{format_number(edge, 1)}</text>"
            )
    parts.append(f'<line class="axis" x1="{zero:.1f}" x2="{zero:.1f}" y1="8" y2="{base + 3:g}"/>')
    return _svg("spread", base + 22, title, "; ".join(said), "".join(parts))
