"""The forms of work plan and register, walked through by keys in a real browser."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.seen import low_contrast, violations
from tests.browser.stage import Stage
from tests.sample import copy_sample
from tests.workplan.samples import activity
from zi_eval.recommendations.form.screen import RegisterScreen
from zi_eval.recommendations.form.state import RegisterState
from zi_eval.workplan.form.screen import WorkPlanScreen
from zi_eval.workplan.form.state import WorkPlanState

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def period(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Path:
    folder = copy_sample(tmp_path_factory.mktemp("tables"), "dpmptsp") / "parameters" / "2026"
    shutil.copytree(root / "parameters/2026/rencana-zi", folder / "rencana-zi")
    return folder


WIDE, NARROW = (1280, False), (390, True)
"""Widths in pixels, and whether in the dark: each form in one of them, and in the other (long)."""


def require_seen(page: Page) -> None:
    count, faint = low_contrast(page)
    assert [*faint, *violations(page)] == []
    assert count > 5
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= page.viewport_size["width"], "nothing is wider than the screen"


@pytest.mark.parametrize(("width", "dark"), [NARROW, pytest.param(*WIDE, marks=pytest.mark.long)])
def test_a_work_plan_is_reported_and_enlarged_by_keys_alone(
    stage: Stage, period: Path, width: int, dark: bool
) -> None:
    table = period / "rencana-zi/dpmptsp.csv"
    before = table.read_bytes()
    state = WorkPlanState(period, "dpmptsp", lambda: (activity("Membuka <b>kanal</b> aduan"),))
    with stage.show(WorkPlanScreen, state, width=width, height=900, dark=dark) as page:
        require_seen(page)
        page.get_by_label("Nama Anda").fill("Sari")
        page.locator(".zi-chip", has_text="Terlambat").click()
        expect(page.locator(".zi-found")).to_have_text("3 dari 17 kegiatan")
        page.locator(".zi-chip", has_text="Terlambat").click()
        heading = page.locator(".zi-detail .zi-heading")
        expect(heading).to_contain_text("Menyelaraskan 46 SOP")
        heading.focus()
        page.keyboard.press("m")
        expect(page.get_by_label("Realisasi Oktober")).to_be_focused()
        page.keyboard.type("22")
        page.keyboard.press("Enter")
        expect(page.locator(".zi-detail > header .zi-badge")).to_contain_text("Tanpa dampak")
        page.keyboard.press("Escape")
        page.keyboard.press("b")
        page.keyboard.type("https://bukti.example/sop.pdf")
        page.keyboard.press("Enter")
        expect(page.locator(".zi-evidence-link a")).to_be_visible()
        page.keyboard.press("Escape")
        page.keyboard.press("r")
        expect(page.locator(".zi-history tbody tr").first).to_contain_text("bukti")
        require_seen(page)
        page.keyboard.press("n")
        offer = page.get_by_label("Membuka <b>kanal</b> aduan")
        offer.focus()
        page.keyboard.press("Space")
        require_seen(page)
        page.get_by_role("button", name="Tambahkan 1 kegiatan").press("Enter")
        expect(heading).to_contain_text("Membuka <b>kanal</b> aduan")
        expect(heading).to_be_focused()
        for said in ("tidak jadi ditambahkan", "bukti kembali", "realisasi Oktober kembali"):
            page.keyboard.press("u")
            expect(page.locator(".zi-toast")).to_contain_text(said)
            page.evaluate("document.querySelector('.zi-toast').hidden = true")
        expect(page.locator(".zi-found")).to_have_text("17 kegiatan")
    empty = b";" * 34 + b"\n"  # what is left of a row that was taken out
    assert table.read_bytes().replace(empty, b"") == before.replace(empty, b"")


@pytest.mark.parametrize(("width", "dark"), [WIDE, pytest.param(*NARROW, marks=pytest.mark.long)])
def test_a_recommendation_is_reported_and_its_proof_verified_by_keys_alone(
    stage: Stage, period: Path, root: Path, width: int, dark: bool
) -> None:
    shutil.copytree(
        root / "parameters/2025/tindak-lanjut",
        period.parent / "2025/tindak-lanjut",
        dirs_exist_ok=True,
    )
    state = RegisterState(period, "dpmptsp")
    with stage.show(RegisterScreen, state, width=width, height=900, dark=dark) as page:
        require_seen(page)
        heading = page.locator(".zi-detail .zi-heading")
        page.locator(".zi-row-button", has_text="LHE-2025-2").click()
        expect(page.get_by_label("Status", exact=True)).to_be_disabled()
        page.get_by_label("Nama Anda").fill("Sari")
        heading.focus()
        page.keyboard.press("s")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        badge = page.locator(".zi-detail > header .zi-badge")
        expect(badge).to_contain_text("Tanpa bukti")
        page.keyboard.press("Escape")
        page.keyboard.press("b")
        page.keyboard.type("https://bukti.example/<b>.pdf")
        page.keyboard.press("Enter")
        expect(badge).to_contain_text("Belum diperiksa")
        expect(page.get_by_text("Pemeriksaan dicatat oleh TPI")).to_be_visible()
        page.get_by_label("Peran Anda").select_option(label="TPI: ketua")
        heading.focus()
        page.keyboard.press("v")
        expect(badge).to_contain_text("Selesai")
        expect(page.locator(".zi-check")).to_contain_text("✓ Diperiksa Sari")
        page.keyboard.press("r")
        expect(page.locator(".zi-history tbody tr").first).to_contain_text("verifikasi")
        require_seen(page)
        page.keyboard.press("n")
        expect(page.get_by_text("Tidak ada usulan")).to_be_visible()
        require_seen(page)
        page.keyboard.press("Escape")
        page.keyboard.press("u")
        expect(badge).to_contain_text("Belum diperiksa")
        page.get_by_label("Peran Anda").select_option(label="Tim unit")
        heading.focus()
        for text in ("Tanpa bukti", "Lewat waktu"):
            page.keyboard.press("u")
            expect(badge).to_contain_text(text)
        page.keyboard.press("u")
        expect(page.locator(".zi-toast")).to_contain_text("seperti di tabel periode sebelumnya")
