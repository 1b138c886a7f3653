"""The unit's form: filled in from empty, shared by two people."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.form_steps import wait_saved
from tests.browser.stage import Stage
from tests.sample import copy_sample
from tests.waiting import wait_until
from zi_eval.core.assessment import Answer, Unit
from zi_eval.core.verdict import Status
from zi_eval.forms.page import FormPage
from zi_eval.forms.state import FormState
from zi_eval.journal.fields import Person, Role
from zi_eval.journal.store import AnswerStore, create_unit
from zi_eval.period.evaluations import load_evaluation

pytestmark = pytest.mark.browser

COUNTS = {
    "A.II.1.i.a": [4, 4],
    "A.II.1.i.b": [4, 4],
    "A.II.3.iii.a": [2, 0, 0],
    "A.II.4.i.a": [6, 6],
    "A.II.5.iii.a": [1, 2, 3, 6],
    "A.II.5.iii.b": [2, 4, 30, 36],
    "A.II.6.i.b": [9, 8],
}
TO_SCORE = """([question, code]) => {
  const radio = document.querySelector(
    `.zi-card[data-question="${question}"] .zi-answer input[value="${code}"]`);
  const total = document.querySelector(".zi-total");
  const before = total.textContent;
  const seen = new Promise((done) => new MutationObserver((_, watcher) => {
    if (total.textContent !== before) { watcher.disconnect(); done(); }
  }).observe(total, { childList: true, characterData: true, subtree: true }));
  radio.click();
  return seen;
}"""
"""Choose an answer and wait until the score has changed."""


@pytest.fixture(scope="module")
def agency(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A period whose unit 'rsud-harapan' differs in one answer from what its data propose."""
    agency = copy_sample(tmp_path_factory.mktemp("form")) / "parameters" / "2026"
    unit = agency / "rsud-harapan.yaml"
    text = unit.read_text(encoding="utf-8")
    other = text.replace("  B.I.b:\n    unit: A\n", "  B.I.b:\n    unit: B\n")
    assert other != text
    unit.write_text(other, encoding="utf-8")
    return agency


@pytest.fixture(scope="module")
def full(agency: Path, stage: Stage) -> Iterator[Page]:
    """A page with the form of a unit that has answered everything."""
    state = FormState.open(agency / "rsud-harapan.yaml", Person("Budi", Role.UNIT))
    with stage.show(FormPage, state, width=1366, height=768) as page:
        page.locator(".zi-nav-link", has_text="Manajemen Perubahan").first.click()
        yield page


def card(page: Page, question: str) -> str:
    return f'.zi-card[data-question="{question}"]'


def fill_page(page: Page, title: str, place: int) -> None:
    """Answer every question of a page at its best, by the keyboard alone."""
    page.locator(".zi-nav-link", has_text=title).nth(place).click()
    page.keyboard.press("j")
    ids = page.locator(".zi-card[data-question]").evaluate_all(
        "cards => cards.map((card) => card.dataset.question)"
    )
    for question in ids:
        assert page.evaluate("document.activeElement.dataset.question") == question
        if question == "A.II.5.ii.a":
            page.locator(card(page, question)).get_by_role("checkbox").check()
            page.keyboard.type("Tidak ada pengaduan tahun ini.")
            page.keyboard.press("Escape")
        elif question in COUNTS:
            page.keyboard.press("i")
            for count in COUNTS[question]:
                page.keyboard.type(str(count))
                page.keyboard.press("Tab")
            page.locator(card(page, question)).focus()
        elif question in ("B.I.a", "B.II.a"):
            page.keyboard.press("i")
            page.keyboard.type("3,9")
            page.keyboard.press("Escape")
        else:
            page.keyboard.press("1")
        page.keyboard.press("j")


def state_facts(page: Page) -> None:
    page.locator(".zi-nav-link", has_text="Identitas").click()
    facts = page.locator(".zi-identity")
    group = facts.get_by_role("group", name=re.compile("layanan inti"))
    group.get_by_label("Ya").check()
    for label in ("Tindak lanjut temuan", "Pelaporan LHKPN", "Pelaporan LHKASN"):
        facts.get_by_label(label).fill("100")
    facts.get_by_label("Lama pembangunan").fill("2")
    facts.get_by_role("group", name=re.compile("SAKIP unit")).get_by_label("BB").check()


def best_answers(store: AnswerStore, aspect: str) -> dict[str, Answer]:
    """Return the best answer to each question of an aspect that offers answers to choose from."""
    questions = store.instrument.questions
    mine = [key for key in questions if key.startswith(aspect) and questions[key].scale.values]
    return {key: Answer(unit=next(iter(questions[key].scale.values))) for key in mine}


@pytest.mark.parametrize("part", ["what is counted", pytest.param("all", marks=pytest.mark.long)])
def test_a_unit_is_filled_from_empty_to_a_verdict(agency: Path, stage: Stage, part: str) -> None:
    path = create_unit(agency, Unit(f"dinas-{len(part)}", "Dinas Uji Coba"), "WBK")
    person = Person("Sari Wulandari", Role.UNIT)
    if part != "all":
        with AnswerStore.open(path, person) as store:
            store.fill_empty(best_answers(store, "A.I."))
    with stage.show(FormPage, FormState.open(path, person), width=1366, height=768) as page:
        titles = page.locator(".zi-nav-title").all_inner_texts()
        first, second = [at for at, title in enumerate(titles) if title == "Manajemen Perubahan"]
        for place, title in enumerate(titles):
            if place >= (first if part == "all" else second):
                fill_page(page, title, titles[:place].count(title))
        state_facts(page)
        wait_saved(page)
        expect(page.locator(".zi-verdict")).to_have_text("✓ Memenuhi WBK")
    assert load_evaluation(path, "unit").target.status is Status.MET


def test_a_changed_answer_reaches_the_score_by_one_message_and_nothing_piles_up(
    stage: Stage, full: Page
) -> None:
    session = full.context.new_cdp_session(full)
    session.send("Performance.enable")
    question = "A.I.1.ii.b"
    chosen = full.locator(card(full, question)).locator("input:checked").get_attribute("value")
    codes = [code for code in "ABC" if code != chosen][:2]

    def held() -> dict[str, float]:
        """Count what the page keeps alive."""
        session.send("HeapProfiler.collectGarbage")
        metrics = session.send("Performance.getMetrics")["metrics"]
        return {
            m["name"]: m["value"] for m in metrics if m["name"] in ("Nodes", "JSEventListeners")
        }

    def change(count: int) -> list[str]:
        """Change an answer so often; return what was asked of the state."""
        asked = stage.heard(full)
        asked.clear()
        for number in range(count):
            full.evaluate(TO_SCORE, [question, codes[number % 2]])
        wait_saved(full)
        return [kind for kind in asked if kind not in ("ping", "way")]

    change(10)  # what a page makes once, when it is first needed, is there by now
    before = held()
    assert change(10) == ["change"] * 10
    after = held()
    # Each change may leave a line of a hint, never a part of the page.
    assert all(after[name] <= before[name] + 10 for name in before), (before, after)
    session.detach()


def test_a_proposal_stands_beside_the_answer_and_is_used_only_by_a_click(full: Page) -> None:
    full.get_by_role("button", name=re.compile("Berbeda dari usulan")).click()
    shown = full.locator(card(full, "B.I.b"))
    expect(shown.locator(".zi-proposal")).to_contain_text("Usulan dari data: A.")
    expect(shown.locator(".zi-unlike")).to_be_visible()
    given = shown.locator(".zi-answer input:checked").get_attribute("value")
    assert given == "B"
    note = shown.get_by_label("Catatan").input_value()
    shown.get_by_text("Alasannya").click()
    expect(shown.get_by_text("Sumber: kinerja/rsud-harapan.csv")).to_be_visible()
    shown.get_by_role("button", name="Pakai usulan").click()
    expect(shown.get_by_role("radio", name=re.compile("^A"))).to_be_checked()
    expect(shown.locator(".zi-unlike")).to_have_count(0)
    expect(shown.get_by_text("Sumber: kinerja/rsud-harapan.csv")).to_be_visible()  # still open
    assert shown.get_by_label("Catatan").input_value() == note
    wait_saved(full)
    shown.focus()
    full.keyboard.press("u")
    expect(shown.locator(f'.zi-answer input[value="{given}"]')).to_be_checked()
    expect(shown.locator(".zi-unlike")).to_be_visible()
    full.get_by_role("button", name=re.compile("Berbeda dari usulan")).click()
    full.locator(".zi-nav-link", has_text="Manajemen Perubahan").first.click()


def test_everything_is_labelled_and_fits_a_tablet(full: Page) -> None:
    for title in ("Semua pertanyaan", "Identitas"):
        full.locator(".zi-nav-link", has_text=title).click()
        unlabelled = full.eval_on_selector_all(
            ".zi-form input, .zi-form textarea, .zi-form button, .zi-form select",
            """all => all.filter(e => !(e.labels?.length || e.getAttribute("aria-label")
              || (e.tagName === "BUTTON" && e.textContent.trim()))).map(e => e.outerHTML)""",
        )
        assert unlabelled == []
        broken = full.eval_on_selector_all(
            ".zi-form [aria-describedby], .zi-form [aria-labelledby], .zi-form [aria-controls]",
            """all => all.flatMap(e => ["aria-describedby", "aria-labelledby", "aria-controls"]
              .flatMap(name => (e.getAttribute(name) ?? "").split(" ").filter(Boolean)))
              .filter(id => document.querySelectorAll("#" + CSS.escape(id)).length !== 1)""",
        )
        assert broken == []
        twice = full.eval_on_selector_all(
            ".zi-form [id]", "all => all.length - new Set(all.map(e => e.id)).size"
        )
        assert twice == 0
    assert full.locator(".zi-form").get_attribute("lang") == "id"
    full.set_viewport_size({"width": 820, "height": 1180})
    wide = full.eval_on_selector_all(
        ".zi-form, .zi-middle, .zi-panel, .zi-card",
        "all => all.filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.className)",
    )
    assert wide == []
    full.set_viewport_size({"width": 1366, "height": 768})
    full.locator(".zi-nav-link", has_text="Manajemen Perubahan").first.click()


def test_keys_work_outside_texts_only(full: Page) -> None:
    first = full.locator(card(full, "A.I.1.i.a"))
    first.focus()
    for key in ("j", "k", "x", "d", "d", "z", "m", "0", "Shift+Enter"):
        full.keyboard.press(key)
    expect(first).to_be_focused()
    note = first.get_by_label("Catatan")
    before = note.input_value()
    full.keyboard.press("n")
    expect(note).to_be_focused()
    full.keyboard.press("ControlOrMeta+End")
    full.keyboard.type(" juk? /abdd1")
    expect(note).to_have_value(f"{before} juk? /abdd1")
    full.keyboard.press("Escape")
    expect(first).to_be_focused()
    wait_saved(full)
    full.keyboard.press("u")
    expect(note).to_have_value(before)
    full.keyboard.press("?")
    expect(full.get_by_role("dialog", name="Bantuan")).to_be_visible()
    full.keyboard.press("Escape")
    full.keyboard.press("/")
    full.keyboard.type("gratifikasi")
    expect(full.locator(".zi-heading")).to_have_text("Hasil pencarian")
    expect(full.locator(card(full, "A.I.5.i.a"))).to_be_visible()
    full.keyboard.press("Escape")
    expect(full.locator(".zi-heading")).to_have_text("Pemenuhan: Manajemen Perubahan")


def test_two_people_on_one_unit_both_keep_what_they_did(
    agency: Path, stage: Stage, full: Page
) -> None:
    budi, state = full, FormState.open(agency / "rsud-harapan.yaml", Person("Ani", Role.UNIT))
    with stage.show(FormPage, state, height=720) as ani:
        work_at_once(stage, ani, budi)


def work_at_once(stage: Stage, ani: Page, budi: Page) -> None:
    pages = [ani, budi]
    ani.locator(".zi-nav-link", has_text="Manajemen Perubahan").first.click()
    first, second = card(ani, "A.I.1.ii.b"), card(ani, "A.I.1.iii.a")
    ani.locator(first).get_by_role("radio").nth(1).check()
    budi.locator(second).get_by_role("radio").nth(1).check()
    for page in pages:
        stage.tell_news(page)
    expect(budi.locator(first).get_by_role("radio").nth(1)).to_be_checked()
    expect(ani.locator(second).get_by_role("radio").nth(1)).to_be_checked()

    note = budi.locator(first).get_by_label("Catatan")
    note.fill("Catatan Budi")  # not sent yet: Ani is faster
    ani.locator(first).get_by_label("Catatan").fill("Catatan Ani")
    ani.locator(first).get_by_label("Catatan").blur()
    note.blur()
    held = find_conflict(pages)
    alert = held.locator(first).get_by_role("alert")
    expect(alert).to_contain_text("Catatan Ani")
    expect(alert).to_contain_text("Catatan Budi")
    other = "Ani" if held is budi else "Budi"
    alert.get_by_role("button", name=f"Pakai punya {other}").click()
    wait_saved(held)
    for page in pages:
        stage.tell_news(page)
        expect(page.locator(first).get_by_label("Catatan")).to_have_value(f"Catatan {other}")
    ani.locator(first).focus()
    ani.keyboard.press("r")
    expect(ani.locator(first).get_by_role("table")).to_contain_text(other)
    ani.keyboard.press("u")
    expect(ani.locator(".zi-toast")).to_contain_text("Diurungkan")


def find_conflict(pages: list[Page]) -> Page:
    """Return the page that is told first of a conflict."""
    return wait_until(
        lambda: next((p for p in pages if p.locator(".zi-conflict").is_visible()), None)
    )
