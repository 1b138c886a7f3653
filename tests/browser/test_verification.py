"""The evaluators' form: agree, differ, send back, answered again, final.

On the stage, and (long) the same in a real JupyterLab; ``test_lab`` opens it there each time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.desk import Desk
from tests.browser.form_steps import wait_saved
from tests.browser.lab import Server, open_notebook, run_all
from tests.browser.stage import Stage
from tests.sample import copy_sample
from tests.waiting import NET, wait_until
from zi_eval.forms.page import FormPage
from zi_eval.forms.state import FormState
from zi_eval.journal.fields import Person, Role
from zi_eval.period.evaluations import load_evaluation

pytestmark = pytest.mark.browser

SAME, OTHER, LATER = "A.I.1.i.a", "A.I.1.ii.c", "A.I.1.iii.a"

LEVELS = {Role.MEMBER: "anggota tim", Role.SUPERVISOR: "pengendali teknis"}
"""What a notebook calls the levels of the TPI."""

Opening = Callable[[Role, str], Page]
"""Opens the form of the unit 'dpmptsp' for an evaluator, in the place of the one before."""


def card(page: Page, question: str) -> Locator:
    return page.locator(f'.zi-card[data-question="{question}"]')


def open_area(page: Page) -> Page:
    page.locator(".zi-nav-link", has_text="Manajemen Perubahan").first.click()
    return page


@contextmanager
def on_stage(stage: Stage, path: Path) -> Iterator[Opening]:
    with ExitStack() as before:

        def open_as(role: Role, name: str) -> Page:
            before.close()
            state = FormState.open(path, Person(name, role))
            return open_area(before.enter_context(stage.show(FormPage, state)))

        yield open_as


@contextmanager
def in_lab(desk: Desk, lab: Server) -> Iterator[Opening]:
    with desk.lend() as page:
        open_notebook(page, lab, "verifikasi_tpi.ipynb")
        run_all(page)
        page.set_default_timeout(NET * 1000)

        def open_as(role: Role, name: str) -> Page:
            again = page.get_by_role("button", name="Ganti unit atau nama")
            if again.count():
                again.click()
            page.get_by_label("Nama Anda").fill(name)
            page.get_by_label("Peran").select_option(LEVELS[role])
            unit = page.get_by_label("Unit", exact=True)
            options = unit.locator("option").all_inner_texts()
            unit.select_option(next(text for text in options if "(dpmptsp)" in text))
            page.get_by_role("button", name="Buka", exact=True).click()
            page.wait_for_selector(".zi-form[data-ready]")
            return open_area(page)

        yield open_as


@pytest.fixture(params=["stage", pytest.param("lab", marks=[pytest.mark.long, pytest.mark.kernel])])
def place(
    request: pytest.FixtureRequest, stage: Stage, tmp_path: Path
) -> Iterator[tuple[Path, Opening]]:
    """The file of a unit, and what opens it for an evaluator; in JupyterLab by another process."""
    in_jupyterlab = request.param == "lab"
    folder: Path = request.getfixturevalue("folder") if in_jupyterlab else copy_sample(tmp_path)
    path = folder / "parameters" / "2026" / "dpmptsp.yaml"
    if in_jupyterlab:
        opening = in_lab(request.getfixturevalue("desk"), request.getfixturevalue("lab"))
    else:
        opening = on_stage(stage, path)
    with opening as open_as:
        yield path, open_as


@pytest.fixture
def unit(stage: Stage, place: tuple[Path, Opening]) -> Iterator[Page]:
    """The unit's own form."""
    state = FormState.open(place[0], Person("Sari", Role.UNIT))
    with stage.show(FormPage, state) as page:
        yield open_area(page)


def test_the_evaluators_check_send_back_and_close(
    place: tuple[Path, Opening], unit: Page, stage: Stage
) -> None:
    path, open_as = place

    def told(locator: Locator, *texts: str) -> None:
        """Wait until the unit's screen, told as often as it takes, shows what was decided."""
        for text in texts:
            shown = locator.filter(has_text=text)
            wait_until(lambda shown=shown: stage.tell_news(unit) or shown.count(), text)

    before = load_evaluation(path, "tpi")
    tpi = open_as(Role.MEMBER, "Rina")

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
    tpi = open_as(Role.SUPERVISOR, "Dewi")
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
