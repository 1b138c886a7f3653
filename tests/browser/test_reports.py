from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

import nbformat
import pandas as pd
import pytest
from playwright.sync_api import Page, expect

import zi_eval as zi
from tests.bench.batch import make_full_units
from tests.browser.album import make_page
from tests.pages.agency.test_sections import SECTIONS, agency_of, unit
from tests.pages.builders import (
    MADE,
    answers_at,
    build_evaluation,
    build_notebook,
    build_report,
)
from zi_eval.core.assessment import Unit
from zi_eval.face.table import table_section
from zi_eval.pages.agency.recap import Recap
from zi_eval.pages.agency.sections import RecapPage
from zi_eval.report.exporter import export_html

pytestmark = [pytest.mark.browser, pytest.mark.kernel]

PAGES = ["index", "puskesmas-sukamaju", "kecamatan-merdeka", "dinas-perhubungan"]
OTHERS = ["bapenda", "dinas-dukcapil", "dpmptsp", "rsud-harapan", "smpn-1-contoh"]
PHONE, DESKTOP = {"width": 360, "height": 740}, {"width": 1280, "height": 900}


@dataclass(frozen=True)
class Shown:
    """A report that was loaded, what it asked for and what the browser said of it."""

    page: Page
    address: str
    requests: list[str]
    messages: list[str]


@pytest.fixture(scope="module")
def page(lent_paper: Page) -> Page:
    """The page of this folder; what each test needs it sets."""
    lent_paper.emulate_media(media="null", color_scheme="null")
    return lent_paper


@pytest.fixture(
    scope="module",
    params=[*PAGES, *(pytest.param(name, marks=pytest.mark.long) for name in OTHERS)],
)
def shown(page: Page, reports: Path, request: pytest.FixtureRequest) -> Iterator[Shown]:
    """Each report, loaded once."""
    shown = Shown(page, (reports / f"{request.param}.html").as_uri(), [], [])
    listeners: dict[Any, Callable[[Any], None]] = {
        "request": lambda request: shown.requests.append(request.url),
        "console": lambda message: shown.messages.append(message.text),
        "pageerror": lambda error: shown.messages.append(str(error)),
    }
    for event, listen in listeners.items():
        page.on(event, listen)
    page.goto(shown.address)
    page.wait_for_load_state("networkidle")
    yield shown
    for event, listen in listeners.items():
        page.remove_listener(event, listen)


def test_a_report_loads_alone_without_errors_and_fits_the_screen(shown: Shown) -> None:
    for viewport in (PHONE, DESKTOP):
        shown.page.set_viewport_size(viewport)  # type: ignore[arg-type]
        shown.page.wait_for_load_state("networkidle")
        width = shown.page.evaluate("document.documentElement.scrollWidth")
        assert width <= viewport["width"], f"the page scrolls sideways: {width} px"
    foreign = [u for u in shown.requests if u != shown.address and not u.startswith("data:")]
    assert foreign == []
    assert shown.messages == []


def test_headings_language_and_figures_are_accessible(shown: Shown) -> None:
    page = shown.page
    assert page.locator("html").get_attribute("lang") == "id"
    levels = page.eval_on_selector_all(
        "h1,h2,h3,h4,h5,h6", "all => all.map(h => Number(h.tagName[1]))"
    )
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert page.locator("script").count() == 0
    unnamed = page.eval_on_selector_all(
        "svg:not([aria-hidden=true]), img",
        """all => all.filter(e => !(e.getAttribute('aria-label') || e.getAttribute('alt') ||
            e.querySelector && e.querySelector('title'))).length""",
    )
    assert unnamed == 0


def count_sheets(page: Page) -> int:
    """Return on how many sheets of A4 a page prints."""
    return page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n")


def test_a_report_of_a_unit_prints_on_two_pages_and_its_annex_is_below(shown: Shown) -> None:
    page = shown.page
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    if shown.address.endswith("index.html"):
        assert count_sheets(page) > 1
        return
    assert count_sheets(page) == 2
    top = page.locator(".annex").bounding_box()
    assert top is not None
    assert top["y"] <= 10 * PHONE["height"]


def test_a_report_prints_with_its_annex_where_chosen(page: Page, reports: Path) -> None:
    address = (reports / "puskesmas-sukamaju.html").as_uri()
    page.goto(f"{address}#cetak-lampiran")
    annex = count_sheets(page)
    assert annex > 10
    page.goto(f"{address}#cetak-perhitungan")
    assert count_sheets(page) > annex


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a recap of 300 units of three kinds."""
    kinds = [unit(n, share) for n, share in enumerate((0.3, 0.72, 1.0))]
    evaluations = [
        replace(
            kinds[n % 3],
            assessment=replace(
                kinds[n % 3].assessment,
                unit=Unit(f"u-{n:03d}", f"Dinas Penanaman Modal {n}", f"jenis {n % 3}"),
            ),
        )
        for n in range(300)
    ]
    page = RecapPage(Recap(agency_of(*evaluations)), MADE)
    shown = [getattr(page, name)().html for name in SECTIONS]
    output = [nbformat.v4.new_output("display_data", data={"text/html": str(h)}) for h in shown]
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(outputs=output)])
    path = tmp_path_factory.mktemp("many") / "index.html"
    path.write_text(export_html(book, "Rekap"), encoding="utf-8")
    return path.as_uri()


@pytest.mark.long
def test_a_recap_of_300_units_with_all_their_tables_prints_on_twelve_pages(
    page: Page, tmp_path: Path
) -> None:
    make_full_units(tmp_path, 300)
    recap = zi.agency_report(str(tmp_path / "parameters" / "2026"))
    path = tmp_path / "index.html"
    path.write_text(make_page(recap, "rekap_instansi", "Rekap"), encoding="utf-8")
    page.goto(path.as_uri())
    assert count_sheets(page) <= 12


def test_a_recap_of_300_units_prints_on_twelve_pages_and_a_filter_leaves_its_rows(
    page: Page, many: str
) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto(many)
    sheets = count_sheets(page)
    assert sheets <= 12
    page.goto(f"{many}#cetak-semua")
    assert count_sheets(page) > sheets
    page.goto(many)
    shown = "all => all.filter(row => row.checkVisibility()).length"
    rows = "#unit tbody tr[class]"
    assert page.eval_on_selector_all(rows, shown) <= 50
    page.check("#saring-jenis-2")  # opens the fold
    assert page.eval_on_selector_all(rows, shown) == 100
    counts = []
    for choice in page.locator("[id^=saring-kurang-]").all():
        choice.check()
        counts.append(page.eval_on_selector_all(rows, shown))
    assert sum(counts) == 100
    assert 0 in counts  # what units of this kind do not miss


BROKEN = """() => {
  const found = new Set(), range = document.createRange();
  for (const cell of document.querySelectorAll("td, tbody th")) {
    if (/https?:/.test(cell.textContent)) continue;
    const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      for (const word of texts.currentNode.data.matchAll(/[^\\s\\-\\/\u2013]+/g)) {
        range.setStart(texts.currentNode, word.index);
        range.setEnd(texts.currentNode, word.index + word[0].length);
        const lines = [...range.getClientRects()].filter(part => part.width > 0);
        if (new Set(lines.map(part => Math.round(part.top))).size > 1) found.add(word[0]);
      }
    }
  }
  return [...found];
}"""
"""Words and numbers of cells that stand on two lines."""


FONTS = [
    "* { font-variant: normal; }",
    "* { font-family: monospace !important; }",
    "html { font-size: 1.4rem; }",
]


def test_documents_break_no_word_or_number_in_a_cell(page: Page, reports: Path) -> None:
    page.goto((reports / "puskesmas-sukamaju.lkjip.html").as_uri())
    page.evaluate("document.head.append(document.createElement('style'))")
    for font in FONTS:
        page.evaluate("(font) => { document.head.lastChild.textContent = font; }", font)
        for width in (390, 720, 860):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate(BROKEN) == [], (font, width)


LONG = (
    "Unit Pelaksana Teknis Daerah Pengelolaan Kawasan Perkantoran, Pelayanan Kesekretariatan, "
    "dan Kerumahtanggaan Pimpinan Daerah"
)


@pytest.mark.parametrize("name", [LONG, "Satpolpp"])
@pytest.mark.parametrize("share", [0.3, 0.72])
def test_names_of_any_length_stay_on_two_pages_and_on_a_phone(
    page: Page, tmp_path: Path, name: str, share: float
) -> None:
    head = "Prof. Dr. Ir. H. Raden Mas Wiryasaputra Kusumawardhana, S.E., M.Si., Ak., CA."
    built = build_evaluation(answers_at(share, evidence=()), name=name, target="WBBM", facts={})
    assessment = built.assessment
    named = replace(assessment, unit=replace(assessment.unit, head=head))
    report = build_report(replace(built, assessment=named))
    path = tmp_path / "unit.html"
    path.write_text(export_html(build_notebook(report), report.title), encoding="utf-8")
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto(path.as_uri())
    assert count_sheets(page) == 2
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert page.inner_text("h1") == name


def test_links_of_the_recap_lead_to_the_reports(page: Page, reports: Path) -> None:
    page.goto((reports / "index.html").as_uri())
    links = page.eval_on_selector_all("a[href$='.html']", "all => all.map(a => a.href)")
    assert len(set(links)) >= 6
    for link in set(links):
        assert Path(url2pathname(urlsplit(link).path)).read_text("utf-8").count("<h1") == 1


def test_the_table_of_all_units_sorts_and_searches_without_the_internet(
    page: Page, tmp_path: Path
) -> None:
    names = ["Unit 10", "unit 2", "Balai <b>X</b>", "Dinas 1"]
    frame = pd.DataFrame({"Nama unit": names, "Nilai total": [70.5, 1234.5, None, 9.0]})
    file = tmp_path / "tabel.html"
    file.write_text(f"<!doctype html><html lang='id'>{table_section(frame).live_html}", "utf-8")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    first = page.locator(".dt-scroll-body tbody tr:not([style]) td:first-child")
    heading = page.locator(".dt-scroll-head").get_by_role("columnheader")
    heading.filter(has_text="Nama unit").click(position={"x": 8, "y": 8})
    expect(first).to_have_text(["Balai <b>X</b>", "Dinas 1", "unit 2", "Unit 10"])
    heading.filter(has_text="Nilai total").click(position={"x": 8, "y": 8})
    expect(first).to_have_text(["Balai <b>X</b>", "Dinas 1", "Unit 10", "unit 2"])
    expect(page.locator(".dt-scroll-body tbody")).to_contain_text("1.234,5")
    page.get_by_role("searchbox", name="Cari:").fill("balai")
    expect(first).to_have_text(["Balai <b>X</b>"])
    expect(page.locator(".dt-scroll-body")).to_have_attribute("tabindex", "0")
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
