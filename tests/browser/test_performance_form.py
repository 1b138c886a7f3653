"""The performance form: filtered, filled in, undone, found again."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.form_steps import wait_saved
from tests.browser.stage import Stage
from tests.sample import copy_sample
from zi_eval.performance.form.screen import PerformanceScreen
from zi_eval.performance.form.state import PerformanceState
from zi_eval.performance.form.store import PerformanceStore

pytestmark = pytest.mark.browser

TO_LIGHT = """([text, aim]) => {
  const input = document.querySelector(".zi-detail .zi-quarters td:nth-child(4) input");
  const head = document.querySelector(".zi-detail > header");
  input.value = text;
  const seen = new Promise((done) => new MutationObserver((_, watcher) => {
    if (head.textContent.includes(aim)) { watcher.disconnect(); done(); }
  }).observe(head, { childList: true, characterData: true, subtree: true }));
  input.dispatchEvent(new Event("change"));
  return seen;
}"""
"""Type a figure and wait until the light has changed."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_sample(tmp_path_factory.mktemp("kinerja"))


@pytest.fixture
def page(folder: Path, stage: Stage) -> Iterator[Page]:
    state = PerformanceState.open(folder / "parameters" / "2026", "dpmptsp")
    with stage.show(PerformanceScreen, state, width=1366, height=768) as page:
        yield page


@pytest.fixture
def named(page: Page) -> Page:
    """The form of somebody who has said a name."""
    page.get_by_label("Nama Anda").fill("Sari <b>")
    return page


def rows(page: Page) -> list[str]:
    return page.locator(".zi-row-name").all_inner_texts()


def row(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="Daftar indikator").get_by_role("button", name=name).click()


def test_an_indicator_is_found_filled_in_undone_and_saved(page: Page, folder: Path) -> None:
    expect(page.get_by_text("Tulis nama Anda untuk mulai mengisi")).to_be_visible()
    figure = page.get_by_label("Realisasi TW III", exact=True)
    expect(figure).not_to_be_editable()
    page.get_by_label("Nama Anda").fill("Sari <b>")
    page.locator(".zi-chip", has_text="Merah").click()
    expect(page.locator(".zi-found")).to_have_text("2 dari 8 indikator")
    page.get_by_label("Sasaran", exact=True).select_option("Meningkatnya mutu layanan perizinan")
    expect(page.locator(".zi-row-name")).to_have_count(1)
    row(page, "Rata-rata lama penerbitan izin")
    light = page.locator(".zi-detail > header .zi-badge")
    expect(light).to_contain_text("Merah")
    unit = page.locator(".zi-numbers strong").first
    before = unit.inner_text()
    page.keyboard.press("3")
    expect(figure).to_be_focused()
    page.keyboard.type("sedikit")
    page.keyboard.press("Enter")
    expect(page.get_by_text("'sedikit' bukan angka yang dapat dibaca")).to_be_visible()
    figure.fill("4,0 hari")
    figure.press("Enter")
    expect(light).not_to_contain_text("Merah")
    expect(figure).to_have_value("4")
    expect(unit).not_to_have_text(before)
    expect(page.locator(".zi-decisions-list")).not_to_contain_text("Rata-rata lama penerbitan")
    expect(page.locator(".zi-found")).to_have_text("0 dari 8 indikator")
    wait_saved(page)
    page.get_by_label("Sebab berhasil atau gagal").fill('=1+1 <img src=x onerror="alert(1)">')
    page.keyboard.press("Escape")
    wait_saved(page)
    page.get_by_role("button", name="Riwayat (R)").click()
    expect(page.locator(".zi-history tbody tr")).to_have_count(2)
    expect(page.locator(".zi-history")).to_contain_text("Sari <b>")
    page.keyboard.press("u")
    expect(page.locator(".zi-toast")).to_contain_text("sebab kembali menjadi kosong")
    page.get_by_role("button", name="Urungkan").click()
    expect(light).to_contain_text("Merah")
    expect(unit).to_have_text(before)
    table = folder / "parameters" / "2026" / "kinerja" / "dpmptsp.csv"
    root = Path(__file__).parents[2] / "parameters" / "2026" / "kinerja" / "dpmptsp.csv"
    assert table.read_bytes() == root.read_bytes()

    page.get_by_label("Realisasi TW III", exact=True).fill("3,75")
    page.get_by_label("Sebab berhasil atau gagal").fill("Dua petugas baru\nmulai Juli")
    page.keyboard.press("Escape")
    wait_saved(page)
    store = PerformanceStore.open(folder / "parameters" / "2026", "dpmptsp")
    (item,) = [i for i in store.plan.indicators if i.name == "Rata-rata lama penerbitan izin"]
    assert item.results[2] == 3.75
    assert item.cause == "Dua petugas baru\nmulai Juli"


def test_a_table_saved_in_another_program_reaches_the_screen(
    page: Page, stage: Stage, folder: Path
) -> None:
    row(page, "Rata-rata lama penerbitan izin")  # what is saved is found again
    expect(page.get_by_label("Realisasi TW III", exact=True)).to_have_value("3,75")
    expect(page.get_by_label("Sebab berhasil atau gagal")).to_have_value(
        "Dua petugas baru\nmulai Juli"
    )
    row(page, "Jumlah investor baru")
    table = folder / "parameters" / "2026" / "kinerja" / "dpmptsp.csv"
    data = table.read_bytes()
    assert b"Layanan pendampingan" in data
    table.write_bytes(data.replace(b"Layanan pendampingan", b"<i>Dari Excel</i>", 1))
    saved = table.stat().st_mtime - 60  # a file that was just saved may not be whole yet
    os.utime(table, (saved, saved))
    stage.tell_news(page)
    cause = page.get_by_label("Sebab berhasil atau gagal")
    expect(cause).to_have_value("<i>Dari Excel</i>")
    expect(page.locator(".zi-toast")).to_contain_text("Program lain mengubah sebab")


def test_a_figure_reaches_the_light_while_it_is_typed_and_the_keyboard_is_enough(
    named: Page,
) -> None:
    page = named
    row(page, "Rata-rata lama penerbitan izin")
    for figure, light in [("9", "Merah"), ("4", "Hijau")] * 2:
        page.evaluate(TO_LIGHT, [figure, light])
    page.keyboard.press("Escape")
    page.locator(".zi-detail .zi-heading").focus()
    for key in ("k", "k", "j"):
        page.keyboard.press(key)
    expect(page.locator(".zi-detail .zi-heading")).to_contain_text("3. Persentase izin")
    page.keyboard.press("/")
    page.keyboard.type("pemohon kepuasan")
    expect(page.locator(".zi-row-name").first).to_contain_text("kepuasan")
    page.keyboard.press("Enter")
    expect(page.locator(".zi-detail .zi-heading")).to_be_focused()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Bantuan")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_label("Cari indikator").fill("")


def test_everything_is_labelled_and_fits_a_tablet(page: Page) -> None:
    unlabelled = page.eval_on_selector_all(
        ".zi-form input, .zi-form textarea, .zi-form button, .zi-form select",
        """all => all.filter(e => !(e.labels?.length || e.getAttribute("aria-label")
          || (e.tagName === "BUTTON" && e.textContent.trim()))).map(e => e.outerHTML)""",
    )
    assert unlabelled == []
    twice = page.eval_on_selector_all(
        ".zi-form [id]", "all => all.length - new Set(all.map(e => e.id)).size"
    )
    assert twice == 0
    for width in (1280, 768):
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate(
            "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
        )
        wide = page.eval_on_selector_all(
            ".zi-form, .zi-body, .zi-side, .zi-middle, .zi-panel, .zi-detail, .zi-decision",
            "all => all.filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.className)",
        )
        assert wide == [], width
