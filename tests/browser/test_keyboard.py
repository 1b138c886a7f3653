"""The whole way of a unit without a mouse, and what a screen reader says of the first screens."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.album import FORMS, PAGES, pinned_time
from tests.browser.heard import require_heard
from tests.browser.stage import Stage
from tests.sample import copy_sample
from zi_eval.core.assessment import Unit
from zi_eval.core.instrument import Question
from zi_eval.forms.page import FormPage
from zi_eval.forms.state import FormState
from zi_eval.journal.fields import Person, Role
from zi_eval.journal.store import create_unit

pytestmark = pytest.mark.browser

HIDE_BELOW = """() => {
  const below = [...document.querySelectorAll("main > *")]
    .filter((part) => part.getBoundingClientRect().top >= innerHeight);
  for (const part of below) part.hidden = true;
}"""
"""Leaves what begins on the first screen."""
MOST_TABS = 40
FOCUSED = "document.activeElement.textContent.trim()"


@pytest.fixture(scope="module")
def agency(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keyboard")
    copy_sample(folder, years=("2025", "2026"))
    return folder / "parameters" / "2026"


@contextmanager
def show(stage: Stage, path: Path, role: Role) -> Iterator[tuple[Page, FormState]]:
    """Open a form that is told nothing of the data beside it, so that nothing comes later."""
    state = FormState.open(path, Person("Rina", role))
    state.refresh_proposals = lambda: None  # type: ignore[method-assign]
    with stage.show(FormPage, state) as page:
        yield page, state


def tab_to(page: Page, text: str) -> None:
    """Go by Tab until a control of that text has the focus."""
    for _ in range(MOST_TABS):
        if page.evaluate(FOCUSED) == text:
            return
        page.keyboard.press("Tab")
    pytest.fail(f"{text!r} is not reached by {MOST_TABS} times Tab")


def typed(question: Question) -> str:
    """Return what is typed into the table for an answer."""
    if question.scale.values:
        return next(iter(question.scale.values))[0]
    return "; ".join("1" for _ in question.asked_inputs) or "3,8"


@pytest.mark.long
def test_a_unit_goes_from_empty_to_final_by_the_keyboard_alone(stage: Stage, agency: Path) -> None:
    path = create_unit(agency, Unit("kantor-baru", "Kantor Baru"), "WBK")
    with show(stage, path, Role.UNIT) as (page, state):
        page.keyboard.press("Tab")
        tab_to(page, "Tabel jawaban")
        page.keyboard.press("Enter")
        expect(page.locator(".zi-heading")).to_be_focused()
        for _ in range(MOST_TABS):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.matches('.zi-grid td')"):
                break
        for question in state.store.instrument.questions.values():
            if question.scale.values:
                page.keyboard.press(typed(question))
                page.keyboard.press("ArrowDown")
            else:
                page.keyboard.press("Enter")
                page.keyboard.type(typed(question))
                page.keyboard.press("Enter")
        expect(page.locator(".zi-state")).to_contain_text("Tersimpan")
        page.keyboard.press("g")
        expect(page.locator(".zi-review")).not_to_contain_text("Belum dijawab")
        answers = state.store.assessment.answers
        assert all(answers[key].unit is not None for key in state.store.instrument.questions)

    with show(stage, path, Role.SUPERVISOR) as (page, state):
        page.keyboard.press("Tab")
        tab_to(page, "Semua pertanyaan0/113")
        page.keyboard.press("Enter")
        page.keyboard.press("j")
        for _ in state.store.instrument.questions:
            page.keyboard.press("s")
        expect(page.locator(".zi-toast")).to_contain_text("pertanyaan terakhir")
        expect(page.locator('.zi-nav-link[aria-current="page"] .zi-nav-count')).to_have_text(
            "113/113"
        )
        page.keyboard.press("g")
        tab_to(page, "Lanjut ke penetapan final")
        page.keyboard.press("Enter")
        page.keyboard.type("Diperiksa tanpa tetikus.")
        tab_to(page, "Ya, lanjutkan")
        page.keyboard.press("Enter")
        expect(page.locator(".zi-final")).to_contain_text("Rina")
        assert state.store.assessment.final is not None


@pytest.mark.parametrize("name", ["form-performance", "form-work-plan", "form-register"])
def test_the_first_screen_of_a_table_read_aloud_is_the_kept_one(
    stage: Stage, agency: Path, name: str
) -> None:
    form = FORMS[name]
    with pinned_time(), stage.show(form.screen, form.open(agency)) as page:
        require_heard(page.locator(".zi-form"), name)


@pytest.mark.parametrize("name", ["unit", "recap"])
def test_the_first_screen_of_a_page_read_aloud_is_the_kept_one(
    paper: Page, reports: Path, name: str
) -> None:
    paper.goto((reports.parent / f"{PAGES[name]}.html").as_uri())
    paper.evaluate(HIDE_BELOW)
    require_heard(paper.locator("body"), f"page-{name}")


def test_the_first_screen_of_the_answers_read_aloud_is_the_kept_one(
    stage: Stage, agency: Path
) -> None:
    path = agency / "dpmptsp.yaml"
    with show(stage, path, Role.UNIT) as (unit, _), show(stage, path, Role.LEADER) as (leader, _):
        for page, role in ((unit, Role.UNIT), (leader, Role.LEADER)):
            expect(page.locator(".zi-panel > [aria-live]")).not_to_be_empty()
            require_heard(page.locator(".zi-form"), f"form-{role.value}")
