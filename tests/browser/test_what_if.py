"""The way beside the score: limited, tried out, and nothing of it saved."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.form_steps import wait_saved
from tests.browser.seen import low_contrast
from tests.browser.stage import Stage
from tests.sample import copy_sample
from zi_eval.forms.page import FormPage
from zi_eval.forms.state import FormState
from zi_eval.journal.fields import Person, Role
from zi_eval.period.journal_file import journal_path

pytestmark = pytest.mark.browser

UNIT = "dinas-perhubungan"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_sample(tmp_path_factory.mktemp("way"))


@pytest.fixture(scope="module")
def page(folder: Path, stage: Stage) -> Iterator[Page]:
    path = folder / "parameters" / "2026" / f"{UNIT}.yaml"
    state = FormState.open(path, Person("Sari", Role.UNIT))
    with stage.show(FormPage, state) as page:
        yield page


def moves(page: Page) -> list[str]:
    """Return the questions of the way, once it is up to date."""
    expect(page.locator(".zi-way > [role=status]")).to_have_text("")
    return page.locator(".zi-way > div > .zi-moves > li > button").all_inner_texts()


def test_the_way_is_limited_and_tried_out_and_nothing_is_saved(page: Page, folder: Path) -> None:
    path = folder / "parameters" / "2026" / f"{UNIT}.yaml"
    saved, journal = path.read_bytes(), journal_path(path).read_bytes()
    way = page.locator(".zi-way")
    expect(way).to_be_hidden()
    page.get_by_role("button", name="Jalan ke WBBM").click()
    expect(way.locator("h3").first).to_have_text("Jalan menuju WBBM")
    expect(way).to_contain_text("tidak disimpan, dan hilang bila halaman dimuat ulang")
    first = moves(page)
    assert len(first) > 2

    kept = way.locator("li", has_text=first[0])
    kept.get_by_label("tidak dapat naik tahun ini").check()
    expect(way.get_by_role("region", name="Batas sesi ini")).to_contain_text(first[0])
    expect(way).to_contain_text(re.compile("Batas Anda menambah upaya [0-9,]+"))
    assert first[0] not in moves(page)

    way.get_by_role("button", name="Coba semua").click()
    trial = way.get_by_role("region", name="Dicoba, belum disimpan")
    expect(trial.locator(".zi-trial-total")).to_contain_text("Nilai 81,89 → ")
    expect(trial.locator("summary")).to_have_text(re.compile(r"Ambang: (\d+) dari \1 terpenuhi"))
    expect(trial.locator(".zi-trial-rules")).to_contain_text("81,89 → ")
    assert moves(page) == []
    total = trial.locator(".zi-trial-total").inner_text()
    row = trial.locator(".zi-moves > li").first
    row.get_by_label("dicoba").select_option(index=2)
    expect(trial.locator(".zi-trial-total")).not_to_have_text(total)

    # An answer that is saved meanwhile counts at once, and is not one of those tried.
    page.get_by_role("button", name="Nilai", exact=True).click()
    expect(page.locator(".zi-total")).to_have_text("81,89")
    assert path.read_bytes() == saved
    assert journal_path(path).read_bytes() == journal
    page.get_by_role("button", name="Jalan ke WBBM").click()
    trial.get_by_role("button", name="Buang semua percobaan").click()
    expect(trial).to_be_hidden()
    way.get_by_role("button", name="Hapus semua batas").click()
    expect(way.get_by_role("region", name="Batas sesi ini")).to_be_hidden()
    assert moves(page) == first

    way.get_by_role("button", name=first[0], exact=True).click()
    card = page.locator(f'.zi-card[data-question="{first[0]}"]')
    expect(card).to_be_focused()
    card.get_by_role("radio", name=re.compile("^A")).check()
    wait_saved(page)
    expect(way.get_by_role("button", name=first[0], exact=True)).to_have_count(0)
    assert moves(page) == [question for question in first if question != first[0]]


def test_the_way_fits_and_everything_in_it_is_labelled(page: Page) -> None:
    way = page.locator(".zi-way")
    page.get_by_role("button", name="Jalan ke WBBM").click()
    for width in (1280, 600):
        page.set_viewport_size({"width": width, "height": 800})
        if width < 1280:  # where the panel is one line
            page.locator(".zi-score-line").click()
        way.get_by_role("button", name="Coba", exact=True).first.click()
        expect(way.get_by_role("region", name="Dicoba, belum disimpan")).to_be_visible()
        assert moves(page) != []
        wide = page.eval_on_selector_all(
            ".zi-form, .zi-panel, .zi-way, .zi-way li, .zi-way select",
            "all => all.filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.outerHTML)",
        )
        assert wide == [], width
        unlabelled = page.eval_on_selector_all(
            ".zi-way input, .zi-way select",
            "all => all.filter(e => !e.labels?.length).map(e => e.outerHTML)",
        )
        assert unlabelled == []
        count, faint = low_contrast(page, ".zi-way")
        assert faint == []
        assert count > 5
    page.set_viewport_size({"width": 1280, "height": 800})
