"""Five tasks in the app by somebody who only reads the screen, and what each costs.

The reader finds everything by the role and the words that a screen shows, presses it and reads what
comes; nothing is known of addresses, ids or files. What each task may take stands in README.md
beside this file: a task that needs more fails here, and so does one that ends nowhere.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.browser.form_steps import make_folder
from tests.browser.lab import Server, running_app
from tests.waiting import NET
from zi_eval.core.agency import costly_questions
from zi_eval.core.assessment import Stage
from zi_eval.journal.fields import FieldPlace, Person, Role
from zi_eval.journal.store import AnswerStore
from zi_eval.period.evaluations import load_agency_evaluation

pytestmark = [pytest.mark.browser, pytest.mark.kernel, pytest.mark.long]

ROW = re.compile(r"^\| (?P<task>[^|]+?) \| (?P<clicks>\d+) \| (?P<keys>\d+) \|", re.MULTILINE)
README = Path(__file__).with_name("README.md")


class Reader:
    """Somebody before a screen, and how often they press something.

    Attributes
    ----------
    clicks, keys
        Presses of the mouse, choices in a list among them, and of keys that are no typed text.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self.clicks = self.keys = 0

    def press(self, role: str, name: str | re.Pattern[str], within: Locator | None = None) -> None:
        """Press the first thing that the screen shows by that role and those words."""
        (within or self.page).get_by_role(role, name=name).first.click()  # type: ignore[arg-type]
        self.clicks += 1

    def choose(self, name: str, said: str) -> None:
        """Choose what a list says."""
        self.page.get_by_role("combobox", name=name).select_option(label=said)
        self.clicks += 1

    def write(self, name: str, text: str, within: Locator | None = None) -> None:
        """Write into a box by its label."""
        (within or self.page).get_by_role("textbox", name=name).first.fill(text)

    def key(self, name: str) -> None:
        """Press a key that the screen names."""
        self.page.keyboard.press(name)
        self.keys += 1

    def card(self, question: str) -> Locator:
        """Return the part of the screen with a question, by its heading."""
        return self.page.get_by_role("article", name=re.compile(rf"^{re.escape(question)} "))

    def spent(self, task: str) -> None:
        """Compare with what the task may take."""
        allowed = {row["task"]: row for row in ROW.finditer(README.read_text(encoding="utf-8"))}
        row = allowed[task]
        assert (self.clicks, self.keys) == (int(row["clicks"]), int(row["keys"])), task


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Path:
    folder = make_folder(tmp_path_factory.mktemp("tasks"), root)
    for name in ("laporan_unit", "rekap_instansi"):
        shutil.copy(root / "notebooks" / f"{name}.ipynb", folder / "notebooks")
    path = folder / "parameters" / "2026" / "bapenda.yaml"
    with AnswerStore.open(path, Person("Sari", Role.UNIT)) as store:
        for question in ("A.I.3.i.b", "A.I.3.ii.a"):
            place = FieldPlace(question, "unit")
            store.change(place, None, store.get(place))
    return folder


@pytest.fixture(scope="module")
def app(folder: Path, browser: Browser) -> Iterator[Server]:
    with running_app(folder) as app:
        yield app


@pytest.fixture(scope="module")
def context(app: Server, browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.new_page().goto(app.address())
    yield context
    context.close()


@pytest.fixture
def reader(app: Server, context: BrowserContext) -> Iterator[Reader]:
    """Somebody at the app's start page."""
    page = context.new_page()
    page.set_default_timeout(NET * 1000)
    page.goto(app.url)
    yield Reader(page)
    page.close()


def open_form(reader: Reader, offer: str, unit: str, name: str) -> None:
    reader.choose(f"Unit untuk {offer}", unit)
    reader.press("button", f"Buka {offer}")
    reader.write("Nama Anda", name)
    reader.press("button", re.compile("^Buka$"))
    expect(reader.page.get_by_role("heading", name=unit).first).to_be_visible()


def test_fill_three_questions_with_evidence(reader: Reader, folder: Path) -> None:
    open_form(reader, "Isi LKE", "SMP Negeri 1 Contoh", "Sari")
    reader.press("button", re.compile("^Manajemen Perubahan"))
    for question, answer in (("A.I.1.i.a", "Ya"), ("A.I.1.i.b", "B"), ("A.I.1.ii.a", "Ya")):
        card = reader.card(question)
        reader.press("radio", re.compile(f"^{answer} "), card)
        reader.write("Bukti", f"https://bukti.example/{question}.pdf", card)
        reader.press("button", "Tambah", card)
        expect(
            card.get_by_role("link", name=f"https://bukti.example/{question}.pdf")
        ).to_be_visible()
    expect(reader.page.get_by_role("status").filter(has_text="Tersimpan")).to_be_visible()
    reader.spent("fill three questions with evidence")


def test_find_what_is_missing(reader: Reader) -> None:
    open_form(reader, "Isi LKE", "Badan Pendapatan Daerah", "Sari")
    reader.press("button", re.compile("^Periksa jawaban Anda"))
    expect(reader.page.get_by_role("status").filter(has_text="harus diselesaikan")).to_be_visible()
    left = reader.page.get_by_role("group").filter(has_text=re.compile("^✕ Belum dijawab 2"))
    expect(left).to_contain_text("A.I.3.i.b")
    expect(left).to_contain_text("A.I.3.ii.a")
    reader.press("button", "Buka A.I.3.ii.a")
    expect(reader.card("A.I.3.ii.a")).to_be_focused()
    reader.spent("find what is missing")


def test_agree_with_ten_and_send_one_back(reader: Reader, folder: Path) -> None:
    open_form(reader, "Verifikasi TPI", "Badan Pendapatan Daerah", "Rina")
    reader.press("button", re.compile("^Manajemen Perubahan"))
    expect(
        reader.card("A.I.1.i.a").get_by_role("button", name=re.compile(r"\(S\)$"))
    ).to_be_visible()
    reader.key("j")
    for _ in range(10):
        reader.key("s")
    expect(
        reader.page.get_by_role("button", name=re.compile("^Manajemen Perubahan 10.12"))
    ).to_be_visible()
    card = reader.card("A.I.1.iv.d")
    card.get_by_text("Kembalikan ke unit").click()
    reader.clicks += 1
    reader.write("Yang perlu diperbaiki unit", "Lampirkan notula.", card)
    reader.key("Escape")
    expect(card).to_contain_text("dikembalikan")
    reader.spent("agree with ten and send one back")


def test_tell_whether_a_unit_may_be_proposed_and_why_not(reader: Reader) -> None:
    reader.choose("Unit untuk Laporan unit", "RSUD Harapan")
    reader.press("button", "Buka Laporan unit")
    said = reader.page.get_by_role("main")
    expect(said).to_contain_text("Belum memenuhi WBK")
    expect(said).to_contain_text("IPAK")
    reader.spent("tell whether a unit may be proposed, and why not")


def test_find_which_question_costs_the_agency_most(reader: Reader, folder: Path) -> None:
    reader.press("link", "Buka Rekap instansi")
    reader.press("link", "Poin hilang")
    evaluation = load_agency_evaluation(folder / "parameters" / "2026", Stage.TPI)
    (most,) = costly_questions(evaluation, 1)
    said = reader.page.get_by_text(re.compile("^Terbanyak bagi instansi:"))
    expect(said).to_be_in_viewport()
    expect(said).to_contain_text(f"({most.id})")
    reader.spent("find which question costs the agency most")
