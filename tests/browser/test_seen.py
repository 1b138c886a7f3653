"""Every page and every state of the forms: nothing for axe-core to object to, all texts legible."""

from __future__ import annotations

import os
from collections.abc import Callable, Container, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.seen import HAS_AXE, low_contrast, violations
from tests.browser.stage import open_on_stage
from tests.sample import copy_sample
from tests.waiting import NET
from zi_eval.forms.page import FormPage
from zi_eval.forms.state import FormState
from zi_eval.journal.fields import Person, Role
from zi_eval.lke.findings import AuditFinding, WorkbookAudit
from zi_eval.lke.page.audit import render_audit_page

pytestmark = pytest.mark.browser

LOOKS = ((1280, "light"), (390, "dark"), (1280, "dark"), (390, "light"))


def looks(what: Iterable[Any], quick: Container[tuple[Any, int, str]]) -> list[Any]:
    """Return everything in every look; what is not quick is long."""
    every = [(item, *look) for item in what for look in LOOKS]
    return [pytest.param(*one, marks=[] if one in quick else [pytest.mark.long]) for one in every]


ROLES = looks(
    (Role.UNIT, Role.SUPERVISOR), [(Role.UNIT, 1280, "light"), (Role.SUPERVISOR, 390, "dark")]
)
PAGES = looks(
    ("index", "dpmptsp", "dpmptsp.kinerja", "dpmptsp.lkjip"),
    [("index", 1280, "dark"), ("dpmptsp", 390, "light")],
)
OPEN_ALL = "document.querySelectorAll('details').forEach((fold) => { fold.open = true; })"


@pytest.fixture(scope="module")
def agency(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("seen")
    copy_sample(folder, years=("2026",))
    return folder / "parameters" / "2026"


def form_states(page: Page) -> Iterator[str]:
    """Bring the form into one state after the other, and name each."""
    links = page.locator(".zi-nav-link")

    def tool(name: str) -> Callable[[], None]:
        return lambda: page.get_by_role("button", name=name, exact=True).click()

    yield "first screen"
    for title in ("Identitas", "Manajemen Perubahan", "Hasil survei", "Tabel jawaban"):
        links.filter(has_text=title).first.click()
        yield title
    links.nth(1).click()
    page.evaluate(OPEN_ALL)
    yield "what is left"
    links.filter(has_text="Manajemen Perubahan").first.click()
    card = page.locator(".zi-card[data-question]").first
    card.focus()
    page.keyboard.press("r")
    expect(card.locator(".zi-history")).to_be_visible()
    page.evaluate(OPEN_ALL)
    yield "a card with everything open"
    page.keyboard.press("/")
    page.keyboard.type("gratifikasi")
    yield "search"
    page.keyboard.press("Escape")
    page.locator(".zi-chip").nth(2).click()
    yield "filter"
    if page.locator(".zi-score-line").is_visible():
        page.locator(".zi-score-line").click()
    page.locator(".zi-tab").nth(1).click()
    expect(page.locator(".zi-moves li").first).to_be_visible()
    yield "the way"
    for name in ("Perubahan", "Bantuan", "Tetapkan final"):
        if page.get_by_role("button", name=name, exact=True).count():
            tool(name)()
            yield name
            page.keyboard.press("Escape")


@pytest.mark.parametrize(("role", "width", "scheme"), ROLES)
def test_every_state_of_the_form_is_legible_and_named(
    agency: Path, browser: Browser, role: Role, width: int, scheme: str
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.set_default_timeout(NET * 1000)
    state = FormState.open(agency / "dpmptsp.yaml", Person("Rina", role))
    found: dict[str, list[str]] = {}
    measured = 0
    try:
        open_on_stage(page, FormPage, state, dark=scheme == "dark")
        for name in form_states(page):
            count, faint = low_contrast(page)
            measured += count
            found[name] = [*faint, *violations(page)]
    finally:
        page.close()
        state.close()
    assert {name: wrong for name, wrong in found.items() if wrong} == {}
    assert measured > 1000


@pytest.mark.parametrize(("name", "width", "scheme"), PAGES)
def test_every_page_is_legible_and_named_in_light_and_dark(
    reports: Path, browser: Browser, name: str, width: int, scheme: str
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.goto((reports / f"{name}.html").as_uri())
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    is_letter = name.endswith("lkjip")  # a document is paper on every screen
    assert (paper == "rgb(255, 255, 255)") == (scheme == "light" or is_letter)
    page.evaluate(OPEN_ALL)
    count, faint = low_contrast(page)
    assert [*faint, *violations(page)] == []
    assert count > 100
    page.close()


@pytest.mark.skipif(
    not HAS_AXE and "ZI_EVAL_REQUIRE_BROWSER" not in os.environ,
    reason="no axe-core here (package 'axe-playwright-python')",
)
def test_axe_core_is_there_and_finds_what_has_no_name(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content("<html lang=id><title>x</title><main><h1>x</h1><button></button></main>")
    (found,) = violations(page)
    assert found.startswith("button-name:")
    page.close()


def test_the_page_of_an_audit_is_legible_and_named(browser: Browser) -> None:
    kinds = [("a", "H7", False), ("a", "H8", False), ("b", "H9", True)]
    findings = [
        AuditFinding(code=code, sheet="LKE ZI", cell=cell, key="A.I.1.i", message=f"Pesan {code}.",
                     found="0,25", expected="0,5", points=1.0, is_template=is_template)
        for code, cell, is_template in kinds
    ]  # fmt: skip
    audit = WorkbookAudit(
        file="a.xlsx", sheet="LKE ZI", findings=tuple(findings), template=(findings[2],)
    )
    for scheme in ("light", "dark"):
        page = browser.new_page(viewport={"width": 390, "height": 900}, color_scheme=scheme)
        page.set_content(render_audit_page([audit, WorkbookAudit(file="b", failure="rusak")]))
        page.evaluate(OPEN_ALL)
        assert [*low_contrast(page)[1], *violations(page)] == []
        page.close()


@pytest.mark.parametrize(
    ("style", "ratio"),
    [
        ("color: #999; background: #fff", "2.85"),
        ("color: rgb(0 0 0 / 40%); background: linear-gradient(#fff, #fff)", "2.85"),
        ("color: #767676; background: rgb(0 0 0 / 20%)", "2.83"),
        ("color: #000; background: #fff", ""),
    ],
)
def test_a_faint_text_is_found(browser: Browser, style: str, ratio: str) -> None:
    page = browser.new_page()
    page.set_content(f"<html lang=id><body style='background: #fff'><p style='{style}'>Teks</p>")
    count, faint = low_contrast(page)
    assert count == 1
    assert [text.partition(":")[0] for text in faint] == ([ratio] if ratio else [])
    page.set_content(
        "<html><body><svg width=200 height=50><rect width=200 height=50 fill='#1a1a1a'/>"
        "<text x=20 y=30 fill='#555'>Teks</text></svg>"
    )
    assert low_contrast(page)[1][0].endswith("in text.")
    page.close()
