"""What the drawing kit measures, seen by a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.report.test_svg import KINDS, LONG, overlaps, svg_of, text_boxes
from zi_eval.report.canvas import Box

ROOMS = """all => all.map(svg => [...svg.querySelectorAll('text')].map(node => {
    const box = node.getBBox();
    const to = svg.getScreenCTM().inverse().multiply(node.getScreenCTM());
    const ends = [[box.x, box.y], [box.x + box.width, box.y + box.height]];
    const xs = ends.map(([x, y]) => to.a * x + to.c * y + to.e);
    const ys = ends.map(([x, y]) => to.b * x + to.d * y + to.f);
    return [node.textContent, Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}))"""

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("family", ["Verdana, 'DejaVu Sans', sans-serif", "Arial, sans-serif"])
def test_a_browser_gives_no_text_more_room_than_was_measured(browser: Browser, family: str) -> None:
    figures = [kind(label, [0.1, 0.5, 0.52, 0.9]) for kind in KINDS for label in ("Indeks", LONG)]
    page = browser.new_page(viewport={"width": 320, "height": 740})
    page.set_content(f'<body style="font-family: {family}">{"".join(figures)}')
    shown = page.eval_on_selector_all("svg", ROOMS)
    page.close()
    assert len(shown) == len(figures)
    for figure, texts in zip(figures, shown, strict=True):
        real = [(text, Box(*edges)) for text, *edges in texts]
        assert overlaps(real, 0.5) == []
        for (text, measured), (_, box) in zip(text_boxes(svg_of(figure)), real, strict=True):
            assert box.right - box.left <= measured.right - measured.left + 0.5, text
