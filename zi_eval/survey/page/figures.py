"""The one figure of a survey: its index and each element with its interval, as inline SVG."""

from __future__ import annotations

from hashlib import sha256
from math import floor
from typing import Final

from markupsafe import Markup, escape

from zi_eval.report.words import format_number
from zi_eval.survey.index import Interval
from zi_eval.survey.page.words import against_text, interval_text
from zi_eval.survey.result import SurveyResult
from zi_eval.survey.values import TOP

__all__ = ["plot_elements"]

WIDTH: Final = 400.0
EDGE: Final = 8.0
ROW: Final = 36.0
HEAD: Final = 38.0
BARE_HEAD: Final = 8.0
"""Above the rows where no minimum is named."""
FOOT: Final = 22.0
LONGEST: Final = 35
STEP: Final = 0.5


def _short(name: str) -> str:
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"


def plot_elements(result: SurveyResult) -> Markup:
    """Draw the index and the element means of 4, with 95 % intervals and the minima asked for.

    The axis starts below the lowest interval, at a half: dots stand for values, not lengths.
    """
    if not result.weakest:
        return Markup("")
    rows: list[tuple[str, float | None, Interval | None]] = [
        ("Indeks", result.index, result.interval),
        *((item.element.name, item.index, item.interval) for item in result.weakest),
    ]
    lows = [interval.low for _, _, interval in rows if interval is not None]
    lows += [value for _, value, _ in rows if value is not None]
    lows += [item.mark.need for item in result.chances]
    start = max(0.0, floor((min(lows) - 0.05) / STEP) * STEP)
    head = HEAD if result.chances else BARE_HEAD
    height = head + ROW * len(rows) + FOOT
    bottom = height - FOOT

    def x(value: float) -> float:
        share = (min(max(value, start), TOP) - start) / (TOP - start)
        return EDGE + share * (WIDTH - 2 * EDGE)

    parts = [f'<rect class="total" x="0" y="{head:g}" width="{WIDTH:g}" height="{ROW:g}"/>']
    ticks = round((TOP - start) / STEP)
    for number in range(ticks + 1):
        tick = start + number * STEP
        if ticks <= 4 or tick == int(tick):
            parts.append(
                f'<line class="grid" x1="{x(tick):.1f}" x2="{x(tick):.1f}" '
                f'y1="{head:g}" y2="{bottom:g}"/>'
            )
            place = "end" if tick == TOP else "start" if number == 0 else "middle"
            end = {"end": WIDTH, "start": 0.0}.get(place, x(tick))
            parts.append(
                f'<text class="tick" text-anchor="{place}" x="{end:.1f}" y="{height - 6:g}">'
                f"{format_number(tick, 1)}</text>"
            )
    for number, item in enumerate(result.chances):
        need = item.mark.need
        parts.append(
            f'<line class="need" x1="{x(need):.1f}" x2="{x(need):.1f}" '
            f'y1="{head - 6:g}" y2="{bottom:g}"/>'
        )
        # Side by side they would overlap where two minima are close.
        top = head - 10 - 14 * (number % 2)
        is_left = x(need) > WIDTH * 0.6
        parts.append(
            f'<text class="tick" text-anchor="{"end" if is_left else "start"}" '
            f'x="{x(need) + (4 if is_left else -4):.1f}" y="{top:g}">'
            f"ambang {escape(item.mark.name)} {format_number(need)}</text>"
        )
    for number, (name, value, interval) in enumerate(rows):
        y = head + ROW * number
        shown = against_text(result, value)
        spread = f" ({interval_text(interval)})" if interval else ""
        parts.append(
            f'<text class="name" x="{EDGE:g}" y="{y + 15:g}">{escape(_short(name))}</text>'
            f'<text class="value" x="{WIDTH - EDGE:g}" y="{y + 15:g}">{shown}'
            f'<tspan class="spread">{spread}</tspan></text>'
        )
        if interval:
            parts.append(
                f'<line class="interval" x1="{x(interval.low):.1f}" x2="{x(interval.high):.1f}" '
                f'y1="{y + 26:g}" y2="{y + 26:g}"/>'
            )
        if value is not None:
            parts.append(f'<circle class="dot" cx="{x(value):.1f}" cy="{y + 26:g}" r="4.5"/>')
    body = "".join(parts)
    title = f"{result.survey.short}: indeks dan unsur"
    text = "; ".join(
        f"{name} {against_text(result, value)}"
        + (f", antara {interval_text(interval)}" if interval else "")
        for name, value, interval in rows
    )
    key = sha256(f"{result.data.source}\0{title}\0{text}".encode()).hexdigest()[:10]
    return Markup(
        f'<figure class="survey"><svg class="elements" role="img" '
        f'viewBox="0 0 {WIDTH:g} {height:g}" aria-labelledby="j-{key} u-{key}">'
        f'<title id="j-{key}">{escape(title)}</title><desc id="u-{key}">{escape(text)}</desc>'
        f"{body}</svg></figure>"
    )
