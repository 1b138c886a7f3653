"""What the drawing kit measures, seen by a real browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.album import OPEN_ALL, PAGES
from tests.report.test_svg import KINDS, LONG, bands, overlaps, scale, svg_of, text_boxes
from zi_eval.report.canvas import Box

ROOMS = """all => all.map(svg => [...svg.querySelectorAll('text')].map(node => {
    const box = node.getBBox();
    const to = svg.getScreenCTM().inverse().multiply(node.getScreenCTM());
    const ends = [[box.x, box.y], [box.x + box.width, box.y + box.height]];
    const xs = ends.map(([x, y]) => to.a * x + to.c * y + to.e);
    const ys = ends.map(([x, y]) => to.b * x + to.d * y + to.f);
    return [node.textContent, Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}))"""

NAME = f"{LONG} Daerah Kabupaten Contoh Raya dan Sekitarnya"[:120]
HARD = {
    "usual": [0.1, 0.5, 0.52, 0.9],
    "one": [0.5],
    "equal": [0.5] * 6,
    "close": [0.5 + n / 500 for n in range(6)],
    "both ends": [0, 1],
    "thirty": [n / 29 for n in range(30)],
}

pytestmark = pytest.mark.browser


def rooms(page: Page) -> list[list[tuple[str, Box]]]:
    """Return the texts of every figure of a page with the room that the browser gives them."""
    found = page.eval_on_selector_all("svg", ROOMS)
    return [[(text, Box(*edges)) for text, *edges in texts] for texts in found]


def test_a_browser_gives_no_text_more_room_than_was_measured(paper: Page) -> None:
    figures = [
        kind(label, values)
        for kind in KINDS
        for label in ("Indeks", LONG, NAME)
        for name, values in HARD.items()
        if len(values) < 9 or kind not in (scale, bands)  # so many thresholds nobody has
    ]
    measured = [text_boxes(svg_of(figure)) for figure in figures]
    paper.set_viewport_size({"width": 320, "height": 740})
    paper.set_content(f"<body>{''.join(figures)}")
    for family in ("Verdana, 'DejaVu Sans', sans-serif", "Arial, sans-serif"):
        paper.evaluate("(family) => { document.body.style.fontFamily = family; }", family)
        for texts, real in zip(measured, rooms(paper), strict=True):
            assert overlaps(real, 0.5) == []
            for (text, room), (_, box) in zip(texts, real, strict=True):
                assert box.right - box.left <= room.right - room.left + 0.5, (text, family)


@pytest.mark.long
@pytest.mark.parametrize("name", PAGES)
def test_no_figure_of_a_page_prints_a_text_over_another(
    album: Path, paper: Page, name: str
) -> None:
    page = paper
    page.goto((album / f"{PAGES[name]}.html").as_uri())
    page.evaluate(OPEN_ALL)
    for width, media in ((1280, "screen"), (390, "screen"), (720, "print")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(media=media)  # type: ignore[arg-type]
        for number, texts in enumerate(rooms(page)):
            assert overlaps(texts, 0.5) == [], f"figure {number} at {width} px, {media}"
