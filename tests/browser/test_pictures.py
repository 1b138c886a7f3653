"""No page changes unseen: every page, and every state of the forms, beside its kept picture."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.album import FORMS, LOOKS, PAGES, pinned_time
from tests.browser.pictures import KEPT, Album, photograph, print_sheets, texts_of
from tests.browser.stage import open_on_stage
from tests.sample import ROOT, copy_sample
from tests.waiting import NET
from zi_eval.forms.state import FormState

pytestmark = pytest.mark.browser

SHEETS = 6
"""So many sheets of a page are looked at: the unit's two and what they are followed by."""
ACCEPTING = "ZI_EVAL_ACCEPT_PICTURES"

Pictures = Callable[[str], Album]


def open_album(what: str) -> Album:
    """Return the kept pictures of pages or of forms."""
    return Album(KEPT / what, ROOT / "outputs" / "pictures", bool(os.environ.get(ACCEPTING)))


@pytest.fixture(scope="module")
def pictures(browser: Browser) -> Pictures:
    """Opens the kept pictures of pages or of forms; all are of one font."""
    page = browser.new_page()
    page.set_content("""<span style='font: 40px "DejaVu Sans", monospace'>miWll</span>""")
    width = page.evaluate("document.querySelector('span').getBoundingClientRect().width")
    page.close()
    fonts = {"DejaVu Sans (Debian package 'fonts-dejavu-core')": abs(width - 111.9) < 2}
    programs = {"pdftoppm (Debian package 'poppler-utils')": shutil.which("pdftoppm")}
    for missing in [name for name, is_there in (fonts | programs).items() if not is_there]:
        if os.environ.get("ZI_EVAL_REQUIRE_BROWSER"):
            pytest.fail(f"no {missing}")
        pytest.skip(f"no {missing} here")
    return open_album


@pytest.fixture(scope="module")
def agency(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the period whose forms are opened."""
    return (
        copy_sample(tmp_path_factory.mktemp("pictures"), years=("2025", "2026"))
        / "parameters"
        / "2026"
    )


@pytest.mark.long
@pytest.mark.parametrize(("width", "scheme"), LOOKS)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_looks_as_it_was_kept(
    pictures: Pictures, album: Path, browser: Browser, name: str, width: int, scheme: str
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    page.goto((album / f"{PAGES[name]}.html").as_uri())
    wrong = pictures("pages").compare(
        f"{name}-{width}-{scheme}", photograph(page), lambda: texts_of(page)
    )
    page.close()
    assert not wrong, wrong


@pytest.mark.long
@pytest.mark.parametrize("name", PAGES)
def test_a_page_prints_as_it_was_kept(
    pictures: Pictures, album: Path, browser: Browser, tmp_path: Path, name: str
) -> None:
    page = browser.new_page()
    address = (album / f"{PAGES[name]}.html").as_uri()
    page.goto(f"{address}#cetak-lampiran" if name == "unit-open" else address)
    wrong = pictures("pages").compare(f"{name}-A4", *print_sheets(page, tmp_path, SHEETS))
    page.close()
    assert not wrong, wrong


@pytest.mark.long
@pytest.mark.parametrize(("width", "scheme"), LOOKS)
@pytest.mark.parametrize("name", FORMS)
def test_every_state_of_a_form_looks_as_it_was_kept(
    pictures: Pictures, agency: Path, browser: Browser, name: str, width: int, scheme: str
) -> None:
    form = FORMS[name]
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.set_default_timeout(NET * 1000)
    album, look, wrong, seen = pictures("forms"), f"{width}-{scheme}", [], []
    with pinned_time():
        state = form.open(agency)
        try:
            if isinstance(state, FormState):
                state.refresh_proposals = lambda: None  # type: ignore[method-assign] # comes later
            open_on_stage(page, form.screen, state, dark=scheme == "dark")
            for step in form.walk(page):
                seen.append(f"{name}-{step.lower().replace(' ', '-')}-{look}")
                wrong.append(album.compare(seen[-1], photograph(page), lambda: texts_of(page)))
        finally:
            page.close()
            state.close()
    found = [text for text in wrong if text]
    assert not found, "\n".join(found)
    assert album.left_over(seen, f"{name}-*-{look}") == []


def test_no_picture_is_kept_of_what_is_there_no_more() -> None:
    looks = (*(f"{width}-{scheme}" for width, scheme in LOOKS), "A4")
    pages = [f"{name}-{look}" for name in PAGES for look in looks]
    assert open_album("pages").left_over(pages) == []


SPOILED = {
    "a section that was moved": ("<section id=b>", "<section id=b style='margin-left: 90px'>"),
    "a colour that was changed": ("#0b5563", "#9c231f"),
    "a word that was changed": ("Sesuai target", "Tidak sesuai"),
    "a line that was added": ("<h2>Rencana</h2>", "<h2>Rencana</h2><p>Tambahan</p>"),
}
PLAIN = """<html lang=id><body style="margin: 8px; color: #0b5563; font-size: 16px">
<section id=a><h2>Nilai</h2><p>Nilai unit 82,61 dari 100</p></section>
<section id=b><h2>Prasyarat</h2><p>Sesuai target</p></section>
<section id=c><h2>Rencana</h2><p>Dua kegiatan</p></section>"""


def test_what_changed_is_named_and_shown_and_can_be_accepted(paper: Page, tmp_path: Path) -> None:
    page = paper
    page.set_viewport_size({"width": 600, "height": 500})

    def compare(html: str, is_accepting: bool = False) -> str:
        page.set_content(html)
        album = Album(tmp_path / "kept", tmp_path / "wrong", is_accepting)
        return album.compare("a", photograph(page, frames=2), lambda: texts_of(page))

    assert "no kept picture" in compare(PLAIN)
    assert compare(PLAIN, is_accepting=True) == compare(PLAIN) == ""
    assert compare(PLAIN.replace("margin: 8px", "margin: 8.4px")) == ""  # smoothed otherwise
    told = {name: compare(PLAIN.replace(*change)) for name, change in SPOILED.items()}
    assert "below 'Prasyarat'" in told["a section that was moved"]
    assert "'Nilai' to 'Dua kegiatan'" in told["a colour that was changed"]
    assert "below 'Prasyarat', 'Tidak sesuai' (" in told["a word that was changed"]
    assert "below 'Rencana', 'Tambahan' to 'Dua kegiatan'" in told["a line that was added"]
    assert all("accept with `make pictures`" in text for text in told.values())
    assert {path.name for path in (tmp_path / "wrong").iterdir()} == {"a.png", "a.difference.png"}
    assert compare(PLAIN.replace("Dua", "Tiga puluh"), is_accepting=True) == ""
    assert "'Dua kegiatan'" in compare(PLAIN)
