"""Every page that the sample agency gets, at one pinned moment; and the states of its forms.

What is shown here is photographed (``test_pictures``) and looked through (``test_seen``).
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pytest
from playwright.sync_api import Page, expect

import zi_eval as zi
from tests.pages.test_failure_log import LOG
from tests.sample import ROOT, copy_sample, run_command
from tests.workplan.samples import activity
from zi_eval.forms.page import FormPage
from zi_eval.forms.state import FormState
from zi_eval.journal.fields import Person, Role
from zi_eval.lke.findings import AuditFinding, WorkbookAudit
from zi_eval.lke.page.audit import render_audit_page
from zi_eval.pages.failure_log import render_failure_log
from zi_eval.performance.form.screen import PerformanceScreen
from zi_eval.performance.form.state import PerformanceState
from zi_eval.recommendations.form.screen import RegisterScreen
from zi_eval.recommendations.form.state import RegisterState
from zi_eval.report.exporter import export_html
from zi_eval.report.page import leave_style_to_page
from zi_eval.screen.live_page import LivePage
from zi_eval.screen.state import LiveState
from zi_eval.workplan.form.screen import WorkPlanScreen
from zi_eval.workplan.form.state import WorkPlanState

__all__ = [
    "DOCUMENTS",
    "FORMS",
    "LOOKS",
    "OPEN_ALL",
    "PAGES",
    "Form",
    "make_page",
    "pinned_time",
    "write_reports",
    "write_rest",
]

PINNED = {"SOURCE_DATE_EPOCH": "1782900000", "TZ": "Asia/Jakarta"}
"""The 1st of July 2026, 17.00 in Jakarta: the middle of the sample agency's year."""

PAGES = {
    "recap": "2026/index",
    "recap-2025": "2025/index",
    "unit": "2026/dpmptsp",
    "unit-open": "2026/kecamatan-merdeka",
    "performance": "2026/dpmptsp.kinerja",
    "survey": "survei",
    "work-plan": "rencana",
    "trends": "tren",
    "trends-unit": "tren-dpmptsp",
    "agreement": "kalibrasi",
    "audit": "audit",
    "failure": "gagal",
    "lkjip": "2026/dpmptsp.lkjip",
    "lhe": "2026/dpmptsp.lhe",
    "survey-document": "2026/dpmptsp.survei",
    "poster": "2026/dpmptsp.survei-poster",
    "monev": "2026/dpmptsp.monev-tw3",
}
"""Each page by its name in the album, and its file below the outputs."""
DOCUMENTS = ("lkjip", "lhe", "survey-document", "poster", "monev")
"""Those that are paper on every screen."""

LOOKS = ((1280, "light"), (390, "dark"), (1280, "dark"), (390, "light"))
"""Widths of a desk and of a phone, in pixels, and the colours that the reader's system asks for."""
OPEN_ALL = "document.querySelectorAll('details').forEach((fold) => { fold.open = true; })"


@contextmanager
def pinned_time() -> Iterator[None]:
    """Let all that is made meanwhile be made at one moment, in one zone."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in PINNED.items():
            patch.setenv(name, value)
        time.tzset()
        try:
            yield
        finally:
            patch.undo()
            time.tzset()


def make_page(report: Any, notebook: str, title: str) -> str:
    """Return the page of a report whose notebook has been run."""
    leave_style_to_page()
    source = (ROOT / "notebooks" / f"{notebook}.ipynb").read_text("utf-8")
    outputs = [
        nbformat.v4.new_output("display_data", data={"text/html": section._repr_html_()})
        for name in re.findall(r'"\w+\.(\w+)\(\)"', source)
        if (section := getattr(report, name)())
    ]
    leave_style_to_page(False)
    cells = [nbformat.v4.new_code_cell(outputs=[output]) for output in outputs]
    return export_html(nbformat.v4.new_notebook(cells=cells), title)


def _audit_page() -> str:
    """Return an audit of a copy with findings of two kinds, of a clean one and of none."""
    kinds = [("a", "H7", False), ("a", "H8", False), ("b", "H9", True)]
    findings = [
        AuditFinding(code=code, sheet="LKE ZI", cell=cell, key="A.I.1.i", message=f"Pesan {code}.",
                     found="0,25", expected="0,5", points=1.0, is_template=is_template)
        for code, cell, is_template in kinds
    ]  # fmt: skip
    audit = WorkbookAudit(
        file="a.xlsx", sheet="LKE ZI", findings=tuple(findings), template=(findings[2],)
    )
    return render_audit_page([audit, WorkbookAudit(file="b.xlsx", failure="rusak")])


def write_reports(folder: Path) -> None:
    """Run the sample agency in a working folder, with its year before beside it."""
    copy_sample(folder, years=("2025", "2026"))
    with pinned_time():
        assert run_command("run", "--period", "2026", "--folder", folder) == 0


def write_rest(folder: Path) -> None:
    """Write every other page of an agency that has been run: letters, comparisons, notebooks'."""
    outputs, period = folder / "outputs", folder / "parameters" / "2026"
    here = ("--period", "2026", "--folder", folder)
    with pinned_time():
        assert run_command("lhe", "dpmptsp", *here) == 0
        assert run_command("survei", "report", "dpmptsp", *here) == 0
        assert run_command("rencana", "report", "dpmptsp", "--quarter", "3", *here) == 0
        assert run_command("calibrate", *here, "-o", outputs / "kalibrasi.html") == 0
        assert run_command("trend", *here, "-o", outputs / "tren.html") == 0
        assert run_command("trend", "dpmptsp", *here, "-o", outputs / "tren-dpmptsp.html") == 0
        before = str(folder / "parameters" / "2025")
        pages = {
            "2025/index": (zi.agency_report(before), "rekap_instansi", "Rekap 2025"),
            "survei": (zi.survey_report(str(period), "dpmptsp"), "survei", "Survei"),
            "rencana": (zi.workplan_report(str(period), "dpmptsp"), "rencana_zi", "Rencana"),
        }
        texts = {name: make_page(*given) for name, given in pages.items()}
    texts |= {"audit": _audit_page(), "gagal": render_failure_log(LOG)}
    for name, text in texts.items():
        path = outputs / f"{name}.html"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")


def answer_states(page: Page) -> Iterator[str]:
    """Bring the form of answers into one state after the other, and name each."""
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


def performance_states(page: Page) -> Iterator[str]:
    """Bring the performance form into one state after the other, and name each."""
    yield "first screen"
    page.get_by_label("Nama Anda").fill("Rina")
    page.keyboard.press("Tab")
    rows = page.get_by_role("navigation", name="Daftar indikator")
    rows.get_by_role("button", name="Rata-rata lama penerbitan izin").click()
    figure = page.get_by_label("Realisasi TW III", exact=True)
    figure.fill("sedikit")
    figure.press("Enter")
    expect(page.get_by_text("'sedikit' bukan angka yang dapat dibaca")).to_be_visible()
    yield "a figure that cannot be read"
    page.keyboard.press("Escape")
    page.locator(".zi-chip", has_text="Merah").click()
    page.get_by_label("Cari indikator").fill("izin")
    yield "filter and search"
    page.locator(".zi-detail .zi-heading").focus()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Bantuan")).to_be_visible()
    yield "Bantuan"


def work_plan_states(page: Page) -> Iterator[str]:
    """Bring the form of the work plan into one state after the other, and name each."""
    yield "first screen"
    page.get_by_label("Nama Anda").fill("Rina")
    page.keyboard.press("Tab")
    page.locator(".zi-chip", has_text="Terlambat").click()
    expect(page.locator(".zi-found")).to_have_text("3 dari 17 kegiatan")
    yield "filter"
    page.locator(".zi-detail .zi-heading").focus()
    page.keyboard.press("n")
    expect(page.get_by_label("Membuka kanal aduan")).to_be_visible()
    yield "what may be added"


def register_states(page: Page) -> Iterator[str]:
    """Bring the form of recommendations into one state after the other, and name each."""
    yield "first screen"
    page.get_by_label("Nama Anda").fill("Rina")
    page.keyboard.press("Tab")
    page.locator(".zi-row-button", has_text="LHE-2025-2").click()
    expect(page.get_by_label("Status", exact=True)).to_be_enabled()
    yield "an item of the year before"


@dataclass(frozen=True)
class Form:
    """A form of the sample agency: its screen, how it is opened, and its states."""

    screen: type[LivePage]
    open: Callable[[Path], LiveState]
    walk: Callable[[Page], Iterator[str]]


def _answers(role: Role) -> Form:
    def open_it(folder: Path) -> LiveState:
        return FormState.open(folder / "dpmptsp.yaml", Person("Rina", role))

    return Form(FormPage, open_it, answer_states)


FORMS = {
    "form-unit": _answers(Role.UNIT),
    "form-tpi": _answers(Role.SUPERVISOR),
    "form-performance": Form(
        PerformanceScreen,
        lambda folder: PerformanceState.open(folder, "dpmptsp"),
        performance_states,
    ),
    "form-work-plan": Form(
        WorkPlanScreen,
        lambda folder: WorkPlanState(folder, "dpmptsp", lambda: (activity("Membuka kanal aduan"),)),
        work_plan_states,
    ),
    "form-register": Form(
        RegisterScreen, lambda folder: RegisterState(folder, "dpmptsp"), register_states
    ),
}
"""Each form by its name in the album."""
