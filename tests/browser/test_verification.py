"""The evaluators' form in a real JupyterLab: agree, differ, send back, answered again, final."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.desk import Desk
from tests.browser.form_steps import wait_saved
from tests.browser.lab import Server, open_notebook, run_all
from tests.browser.stage import Stage
from tests.waiting import NET, wait_until
from zi_eval.forms.page import FormPage
from zi_eval.forms.state import FormState
from zi_eval.journal.fields import Person, Role
from zi_eval.period.evaluations import load_evaluation

pytestmark = [pytest.mark.browser, pytest.mark.kernel]

SAME, OTHER, LATER = "A.I.1.i.a", "A.I.1.ii.c", "A.I.1.iii.a"


def card(page: Page, question: str) -> Locator:
    return page.locator(f'.zi-card[data-question="{question}"]')


def choose(page: Page, level: str, name: str) -> None:
    """Open the unit in the chooser as a level of the TPI."""
    page.get_by_label("Nama Anda").fill(name)
    page.get_by_label("Peran").select_option(level)
    unit = page.get_by_label("Unit", exact=True)
    options = unit.locator("option").all_inner_texts()
    unit.select_option(next(text for text in options if "(dpmptsp)" in text))
    page.get_by_role("button", name="Buka", exact=True).click()
    page.wait_for_selector(".zi-form[data-ready]")
    page.locator(".zi-nav-link", has_text="Manajemen Perubahan").first.click()


@pytest.fixture
def tpi(desk: Desk) -> Iterator[Page]:
    with desk.lend() as page:
        yield page


@pytest.fixture
def unit(stage: Stage, folder: Path) -> Iterator[Page]:
    """The unit's form, in another process than that of the evaluators."""
    path = folder / "parameters" / "2026" / "dpmptsp.yaml"
    with stage.show(FormPage, FormState.open(path, Person("Sari", Role.UNIT))) as page:
        yield page


def test_the_evaluators_check_send_back_and_close(
    lab: Server, folder: Path, tpi: Page, unit: Page, stage: Stage
) -> None:
    def told(locator: Locator, *texts: str) -> None:
        """Wait until the unit's screen, told as often as it takes, shows what was decided."""
        for text in texts:
            shown = locator.filter(has_text=text)
            wait_until(lambda shown=shown: stage.tell_news(unit) or shown.count(), text)

    path = folder / "parameters" / "2026" / "dpmptsp.yaml"
    before = load_evaluation(path, "tpi")
    open_notebook(tpi, lab, "verifikasi_tpi.ipynb")
    run_all(tpi)
    tpi.set_default_timeout(NET * 1000)
    choose(tpi, "anggota tim", "Rina")
    unit.locator(".zi-nav-link", has_text="Manajemen Perubahan").first.click()

    # agree with one key
    card(tpi, SAME).focus()
    tpi.keyboard.press("s")
    expect(card(tpi, SAME).locator(".zi-decisions")).to_contain_text("anggota: Ya – Rina")
    expect(card(tpi, SAME).locator(".zi-status")).to_have_text("✓ diperiksa")

    # another answer waits for its note and is saved with it
    card(tpi, OTHER).focus()
    tpi.keyboard.press("c")
    expect(card(tpi, OTHER).get_by_label("Catatan TPI")).to_be_focused()
    expect(tpi.locator(".zi-state")).to_have_text("⚠ 1 jawaban menunggu catatan")
    tpi.keyboard.type("Foto siaran tidak bertanggal.")
    wait_saved(tpi)
    expect(card(tpi, OTHER).locator(".zi-status")).to_have_text("≠ berbeda dari unit")
    told(card(unit, OTHER), "Foto siaran tidak bertanggal.")

    # filters
    differing = sum(
        answer.tpi is not None and answer.tpi != answer.unit
        for answer in before.assessment.answers.values()
    )
    chip = tpi.get_by_role("button", name=re.compile(r"^Berbeda \d"))
    expect(chip).to_have_text(f"Berbeda {differing + 1}")
    chip.click()
    expect(tpi.locator(".zi-card[data-question]")).to_have_count(differing + 1)
    chip.click()

    # send back, answered, looked at again
    card(tpi, LATER).focus()
    tpi.keyboard.press("m")
    tpi.keyboard.type("Lampirkan matriks triwulan II.")
    tpi.keyboard.press("Escape")
    wait_saved(tpi)
    back = card(unit, LATER).locator(".zi-back")
    told(back, "Lampirkan matriks triwulan II.", "Rina (anggota)")
    unit.get_by_role("button", name=re.compile("^Dikembalikan TPI")).click()
    expect(unit.locator(".zi-card[data-question]")).to_have_count(1)
    evidence = card(unit, LATER).get_by_label("Bukti", exact=True)
    evidence.fill("Bukti/A.I.1/matriks-tw2.xlsx")
    evidence.press("Enter")
    expect(card(tpi, LATER).locator(".zi-status")).to_contain_text("dijawab lagi")
    expect(card(tpi, LATER)).to_contain_text("matriks-tw2.xlsx")
    expect(tpi.get_by_role("button", name=re.compile("^Dijawab lagi"))).to_have_text(
        "Dijawab lagi 1"
    )

    # both scores and their difference
    expect(tpi.locator(".zi-hero")).to_contain_text("Unit 83,74, TPI 82,")

    # what the unit states, only the unit changes
    tpi.locator(".zi-nav-link", has_text="Identitas").click()
    expect(tpi.get_by_label("Pimpinan unit")).not_to_be_editable()

    # the last level closes it
    tpi.get_by_role("button", name="Ganti unit atau nama").click()
    choose(tpi, "pengendali teknis", "Dewi")
    expect(card(tpi, SAME).locator(".zi-decisions")).to_contain_text("anggota: Ya – Rina")
    expect(card(tpi, SAME).locator(".zi-decisions")).to_contain_text("pengendali teknis: belum")
    # a doubt is explained in writing
    doubts = tpi.get_by_role("region", name="Keraguan")
    expect(doubts).to_contain_text("41,7 % responden IPAK")
    doubts.get_by_role("button", name=re.compile("^Jelaskan: 41,7")).click()
    tpi.get_by_label("Mengapa keraguan ini tidak mengubah putusan?").fill("Daftar hadir dicek.")
    tpi.get_by_role("button", name="Simpan penjelasan").click()
    expect(doubts).to_contain_text("Dewi (pengendali teknis)")
    # what is open asks for a reason
    tpi.get_by_role("button", name="Tetapkan final").click()
    expect(tpi.get_by_text("1 dikembalikan ke unit")).to_be_visible()
    tpi.get_by_label("Mengapa tetap final?").fill("Sisanya diperiksa di lapangan.")
    tpi.get_by_role("button", name="Ya, lanjutkan").click()
    expect(tpi.locator(".zi-final")).to_contain_text("Dewi")
    told(unit.locator(".zi-final"), "final")
    expect(card(unit, LATER).get_by_label("Catatan")).not_to_be_editable()
    wait_saved(tpi)
    unit_file = load_evaluation(path, "tpi").assessment
    assert unit_file.answers[OTHER].tpi == "C"
    assert unit_file.answers[LATER].returned == "Lampirkan matriks triwulan II."
