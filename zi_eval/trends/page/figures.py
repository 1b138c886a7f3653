"""Figures of trends as inline SVG: each part then and now, and how many units moved how far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from markupsafe import Markup, escape

from zi_eval.report.words import format_number
from zi_eval.trends.page.words import points_text

__all__ = ["Path", "plot_paths"]

WIDTH: Final = 400.0
LEFT: Final = 6.0
RIGHT: Final = 6.0
ROW: Final = 38.0
HEAD: Final = 22.0
FOOT: Final = 20.0
LONGEST: Final = 42


@dataclass(frozen=True, slots=True)
class Path:
    """One part over the periods.

    Attributes
    ----------
    shares
        Of its weight from 0 to 1, oldest first; None where it was not there or nothing answered.
    change
        Points from the last period but one to the last.
    """

    name: str
    shares: tuple[float | None, ...]
    change: float | None


def _short(name: str) -> str:
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"


def plot_paths(title: str, paths: Sequence[Path], periods: Sequence[str]) -> Markup:
    """Draw each part's share of its weight in every period, the last two joined by an arrow."""
    height = HEAD + ROW * len(paths) + FOOT
    bottom = height - FOOT

    def x(share: float) -> float:
        return LEFT + min(max(share, 0.0), 1.0) * (WIDTH - LEFT - RIGHT)

    parts = [
        f'<circle class="then" cx="{LEFT:g}" cy="10" r="4"/>'
        f'<text class="tick" x="{LEFT + 9:g}" y="14">{escape(periods[-2])}</text>'
        f'<circle class="now" cx="{LEFT + 70:g}" cy="10" r="5"/>'
        f'<text class="tick" x="{LEFT + 80:g}" y="14">{escape(periods[-1])}</text>'
        f'<text class="tick" text-anchor="end" x="{WIDTH:g}" y="14">poin</text>'
    ]
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        anchor = "start" if share == 0 else "end" if share == 1 else "middle"
        at = 0.0 if share == 0 else WIDTH if share == 1 else x(share)
        parts.append(
            f'<line class="grid" x1="{x(share):.1f}" x2="{x(share):.1f}" y1="{HEAD:g}" '
            f'y2="{bottom:g}"/><text class="tick" text-anchor="{anchor}" x="{at:.1f}" '
            f'y="{height - 5:g}">{format_number(share * 100, 0)} %</text>'
        )
    said = []
    for number, path in enumerate(paths):
        y = HEAD + ROW * number
        then, now = path.shares[-2], path.shares[-1]
        parts.append(
            f'<text class="name" x="0" y="{y + 14:g}">{escape(_short(path.name))}</text>'
            f'<text class="value" text-anchor="end" x="{WIDTH:g}" y="{y + 14:g}">'
            f"{points_text(path.change)}</text>"
        )
        line = y + 26
        if then is not None and now is not None:
            name = "down" if now < then else "up"
            parts.append(
                f'<line class="{name}" x1="{x(then):.1f}" x2="{x(now):.1f}" '
                f'y1="{line:g}" y2="{line:g}"/>'
            )
        marks = [(share, "past", 2.5) for share in path.shares[:-2]]
        marks += [(then, "then", 4.0), (now, "now", 5.0)]
        parts += [
            f'<circle class="{name}" cx="{x(share):.1f}" cy="{line:g}" r="{size:g}"/>'
            for share, name, size in marks
            if share is not None
        ]
        shown = ", ".join(
            f"{period} {format_number(share * 100, 0)} %"
            for period, share in zip(periods, path.shares, strict=True)
            if share is not None
        )
        said.append(f"{path.name}: {shown}")
    text = "; ".join(said)
    key = sha256(f"{title}\0{text}".encode()).hexdigest()[:10]
    return Markup(
        f'<figure class="trends"><svg class="paths" role="img" viewBox="0 0 {WIDTH:g} {height:g}" '
        f'aria-labelledby="j-{key} u-{key}"><title id="j-{key}">{escape(title)}</title>'
        f'<desc id="u-{key}">{escape(text)}</desc>{"".join(parts)}</svg></figure>'
    )
