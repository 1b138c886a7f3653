"""Every page and every state of the forms: nothing for axe-core to object to, all texts legible."""

from __future__ import annotations

import os
from collections.abc import Container, Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.album import DOCUMENTS, FORMS, LOOKS, OPEN_ALL, PAGES
from tests.browser.seen import HAS_AXE, low_contrast, violations
from tests.browser.stage import Stage
from tests.sample import copy_sample

pytestmark = pytest.mark.browser


def looks(what: Iterable[Any], quick: Container[tuple[Any, int, str]] = ()) -> list[Any]:
    """Return everything in every look; what is not quick is long."""
    every = [(item, *look) for item in what for look in LOOKS]
    return [pytest.param(*one, marks=[] if one in quick else [pytest.mark.long]) for one in every]


QUICK_PAGES = [("recap", 1280, "dark"), ("unit", 390, "light")]


@pytest.fixture(scope="module")
def agency(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("seen")
    copy_sample(folder, years=("2025", "2026"))
    return folder / "parameters" / "2026"


def look_through(
    stage: Stage, agency: Path, name: str, width: int, scheme: str, only: Sequence[str] = ()
) -> None:
    """Measure every state of a form, or only those that are named, in the order of its walk."""
    form = FORMS[name]
    found: dict[str, list[str]] = {}
    measured = 0
    with stage.show(form.screen, form.open(agency), width=width, dark=scheme == "dark") as page:
        for step in form.walk(page):
            if only and step not in only:
                continue
            count, faint = low_contrast(page)
            measured += count
            found[step] = [*faint, *violations(page)]
            if step == (only or ("",))[-1]:
                break
    assert set(only) <= set(found)
    assert {step: wrong for step, wrong in found.items() if wrong} == {}
    assert measured > 50


@pytest.mark.parametrize(("name", "width", "scheme"), looks(FORMS))
def test_every_state_of_a_form_is_legible_and_named(
    agency: Path, stage: Stage, name: str, width: int, scheme: str
) -> None:
    look_through(stage, agency, name, width, scheme)


QUICK_STATES = {
    ("form-unit", 1280, "light"): ("first screen", "Manajemen Perubahan", "Tabel jawaban"),
    ("form-tpi", 390, "dark"): ("Identitas", "Hasil survei", "what is left"),
}
"""The way and a dialog are measured where they are used: ``test_what_if``, ``test_rhythm``."""


@pytest.mark.parametrize("look", QUICK_STATES, ids=lambda look: look[0])
def test_the_pages_of_the_answers_are_legible_and_named(
    agency: Path, stage: Stage, look: tuple[str, int, str]
) -> None:
    look_through(stage, agency, *look, only=QUICK_STATES[look])


@pytest.mark.parametrize(("name", "width", "scheme"), looks(PAGES, QUICK_PAGES))
def test_every_page_is_legible_and_named_and_fits_in_light_and_dark(
    request: pytest.FixtureRequest, paper: Page, name: str, width: int, scheme: str
) -> None:
    is_quick = (name, width, scheme) in QUICK_PAGES  # those of a run are there already
    outputs = request.getfixturevalue("reports").parent if is_quick else None
    outputs = outputs or request.getfixturevalue("album")
    page = paper
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.goto((outputs / f"{PAGES[name]}.html").as_uri())
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (paper == "rgb(255, 255, 255)") == (scheme == "light" or name in DOCUMENTS)
    page.evaluate(OPEN_ALL)
    count, faint = low_contrast(page)
    assert [*faint, *violations(page)] == []
    assert count > 10
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.skipif(
    not HAS_AXE and "ZI_EVAL_REQUIRE_BROWSER" not in os.environ,
    reason="no axe-core here (package 'axe-playwright-python')",
)
def test_axe_core_is_there_and_finds_what_has_no_name(paper: Page) -> None:
    paper.set_content("<html lang=id><title>x</title><main><h1>x</h1><button></button></main>")
    (found,) = violations(paper)
    assert found.startswith("button-name:")


FAINT = {
    "color: #999; background: #fff": "2.85",
    "color: rgb(0 0 0 / 40%); background: linear-gradient(#fff, #fff)": "2.85",
    "color: #767676; background: rgb(0 0 0 / 20%)": "2.83",
    "color: #000; background: #fff": "",
}


def test_a_faint_text_is_found(paper: Page) -> None:
    page = paper
    for style, ratio in FAINT.items():
        page.set_content(
            f"<html lang=id><body style='background: #fff'><p style='{style}'>Teks</p>"
        )
        count, faint = low_contrast(page)
        assert count == 1
        assert [text.partition(":")[0] for text in faint] == ([ratio] if ratio else []), style
    page.set_content(
        "<html><body><svg width=200 height=50><rect width=200 height=50 fill='#1a1a1a'/>"
        "<text x=20 y=30 fill='#555'>Teks</text></svg>"
    )
    assert low_contrast(page)[1][0].endswith("in text.")
