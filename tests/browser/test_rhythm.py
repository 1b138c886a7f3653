"""The rhythm of the evaluators: one key agrees and goes on, and the focus is never lost."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.form_steps import drop_files
from tests.browser.seen import low_contrast
from tests.browser.stage import Stage
from tests.sample import copy_sample
from zi_eval.evidence.kept import MOST_BYTES, TOO_LARGE
from zi_eval.forms.page import FormPage
from zi_eval.forms.state import FormState
from zi_eval.journal.fields import FieldPlace, Person, Role
from zi_eval.journal.store import AnswerStore

pytestmark = pytest.mark.browser

Open = Callable[..., tuple[Page, FormState]]


@pytest.fixture(scope="module")
def agency(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rhythm")
    copy_sample(folder, years=("2026",))
    return folder / "parameters" / "2026"


@pytest.fixture
def opened(agency: Path, stage: Stage) -> Iterator[Open]:
    """Opens the form of a unit; with everything closed at the end."""
    with ExitStack() as ends:

        def open_it(role: Role, unit: str = "dpmptsp", width: int = 1280) -> tuple[Page, FormState]:
            state = FormState.open(agency / f"{unit}.yaml", Person("Rina", role))
            page = ends.enter_context(stage.show(FormPage, state, width=width))
            page.locator(".zi-nav-link", has_text="Manajemen Perubahan").first.click()
            return page, state

        yield open_it


def card(page: Page, question: str) -> Locator:
    return page.locator(f'.zi-card[data-question="{question}"]')


def empty_out(path: Path, question: str) -> None:
    """Take out what stands at a question."""
    for role, field in ((Role.UNIT, "unit"), (Role.MEMBER, "tpi")):
        with AnswerStore.open(path, Person("Sari", role)) as store:
            store.change(FieldPlace(question, field), None, store.get(FieldPlace(question, field)))


def focused(page: Page) -> str:
    """Return the question whose card has the focus."""
    return page.evaluate(
        "document.activeElement.closest('.zi-card[data-question]')?.dataset.question ?? ''"
    )


def test_one_key_agrees_and_goes_on_over_the_end_of_the_page(opened: Open) -> None:
    page, state = opened(Role.LEADER)
    card(page, "A.I.1.iv.c").focus()
    page.keyboard.press("s")
    expect(card(page, "A.I.1.iv.d")).to_be_focused()
    page.keyboard.press("s")
    expect(card(page, "A.I.2.i.a")).to_be_focused()
    expect(page.locator(".zi-heading")).to_have_text("Pemenuhan: Penataan Tatalaksana")
    page.keyboard.press("k")
    page.keyboard.press("j")
    assert focused(page) == "A.I.2.i.b"
    expect(page.locator(".zi-state")).to_contain_text("Tersimpan")
    assert {Role.LEADER} == set(state.store.decisions("A.I.1.iv.c"))
    assert {Role.LEADER} == set(state.store.decisions("A.I.1.iv.d"))
    assert state.store.decisions("A.I.2.i.a") == {}


def test_nothing_is_agreed_with_where_the_unit_has_not_answered(opened: Open, agency: Path) -> None:
    empty_out(agency / "smpn-1-contoh.yaml", "A.I.1.i.b")
    page, _ = opened(Role.MEMBER, "smpn-1-contoh")
    empty = card(page, "A.I.1.i.b")
    empty.focus()
    page.keyboard.press("s")
    expect(page.locator(".zi-toast")).to_contain_text("unit belum menjawab")
    expect(empty).to_be_focused()


def test_the_focus_stays_in_the_form_whatever_is_clicked(opened: Open) -> None:
    page, _ = opened(Role.LEADER)
    first = card(page, "A.I.1.i.a")
    first.get_by_role("button", name="Sahkan jawaban TPI").click()
    expect(first).to_be_focused()  # the button is gone
    expect(first.locator(".zi-decisions")).to_contain_text("ketua: Ya")
    expect(first).to_be_focused()
    for place in (".zi-top h2", ".zi-sub", ".zi-nav h3", ".zi-bar-top"):
        page.locator(place).first.click(position={"x": 2, "y": 2})
        expect(first).to_be_focused()
    page.keyboard.press("j")
    assert focused(page) == "A.I.1.i.b"
    page.keyboard.press("m")
    page.keyboard.type("Lengkapi.")
    page.keyboard.press("Escape")
    assert focused(page) == "A.I.1.i.b"
    page.keyboard.press("u")
    expect(page.locator(".zi-toast")).to_contain_text("Diurungkan")
    assert focused(page) == "A.I.1.i.b"
    page.get_by_role("button", name="Perubahan", exact=True).click()
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    expect(page.locator(".zi-heading")).to_have_text("Yang tersisa")


def test_what_is_left_is_one_key_away_and_leads_there_and_back(opened: Open, agency: Path) -> None:
    empty_out(agency / "bapenda.yaml", "A.I.3.ii.a")
    page, _ = opened(Role.UNIT, "bapenda")
    page.keyboard.press("g")
    expect(page.locator(".zi-heading")).to_have_text("Periksa jawaban Anda")
    group = page.locator('.zi-review details[data-title="Belum dijawab"]')
    group.evaluate("node => { node.open = true; }")
    group.get_by_role("button", name="Buka A.I.3.ii.a").click()
    expect(card(page, "A.I.3.ii.a")).to_be_focused()
    before = int(
        page.locator('.zi-nav-link:has-text("Periksa jawaban Anda") .zi-nav-count').inner_text()
    )
    page.keyboard.press("1")
    page.keyboard.press("g")
    expect(group.get_by_role("button", name="Buka A.I.3.ii.a")).to_have_count(0)
    count = page.locator('.zi-nav-link:has-text("Periksa jawaban Anda") .zi-nav-count')
    expect(count).to_have_text(str(before - 1) if before > 1 else "")
    page.keyboard.press("g")
    expect(card(page, "A.I.3.ii.a")).to_be_visible()


def test_a_filter_and_an_area_say_what_they_hide_and_offer_to_show_it(opened: Open) -> None:
    page, _ = opened(Role.MEMBER)
    cards = page.locator(".zi-card[data-question]")
    page.get_by_role("button", name=re.compile("^Tanpa bukti")).click()
    hint = page.locator(".zi-middle > .zi-hint")
    expect(hint).to_contain_text("35 dari 113 pertanyaan cocok dengan saringan")
    page.locator(".zi-nav-link", has_text="Manajemen Perubahan").first.click()
    expect(page.locator(".zi-heading")).to_have_text("Pemenuhan: Manajemen Perubahan")
    shown = cards.count()
    expect(hint).to_contain_text(f"{shown} dari 12 pertanyaan halaman ini cocok dengan saringan")
    expect(hint).to_contain_text(f"{12 - shown} tersembunyi")
    hint.get_by_role("button", name="Tampilkan semua di halaman ini").click()
    expect(cards).to_have_count(12)
    expect(page.locator(".zi-heading")).to_be_focused()
    page.keyboard.press("/")
    page.keyboard.type("gratifikasi")
    expect(page.locator(".zi-heading")).to_have_text("Hasil pencarian")
    expect(hint).to_contain_text("dari 113 pertanyaan cocok dengan pencarian")


def test_changes_and_the_day_s_work_are_read_on_the_screen(opened: Open) -> None:
    page, _ = opened(Role.SUPERVISOR, "rsud-harapan")
    card(page, "A.I.1.ii.a").focus()
    page.keyboard.press("s")
    expect(card(page, "A.I.1.ii.a").locator(".zi-decisions")).to_contain_text("teknis: Ya")
    page.get_by_role("button", name="Perubahan", exact=True).click()
    dialog = page.get_by_role("dialog", name="Perubahan")
    expect(dialog.locator(".zi-work")).to_contain_text(
        "1 pertanyaan diperiksa (1 setuju, 0 berbeda)"
    )
    expect(dialog.get_by_role("table")).to_contain_text("A.I.1.ii.a")
    assert low_contrast(page, "[role=dialog]")[1] == []
    with page.expect_download() as download:
        dialog.get_by_role("button", name="Unduh CSV").click()
    assert download.value.suggested_filename.startswith("perubahan-rsud-harapan-sejak-")


def test_on_a_phone_the_score_is_one_line_that_opens(opened: Open) -> None:
    page, _ = opened(Role.UNIT, "puskesmas-sukamaju", width=390)
    line = page.locator(".zi-score-line")
    total = page.locator(".zi-total")
    expect(total).to_be_hidden()
    expect(line).to_contain_text(re.compile(r"\d+,\d\d"))
    height = page.locator(".zi-panel").evaluate("node => node.getBoundingClientRect().height")
    assert height <= 48
    line.click()
    expect(total).to_be_visible()
    expect(line).to_have_attribute("aria-expanded", "true")
    line.click()
    expect(total).to_be_hidden()


def test_files_are_dropped_at_a_question_or_chosen_and_a_page_is_never_replaced(
    opened: Open, agency: Path, tmp_path: Path
) -> None:
    page, _ = opened(Role.UNIT, "dinas-perhubungan")
    shown = card(page, "A.I.1.i.b")
    files = [tmp_path / name for name in ("SK Tim.pdf", "jahat.html", "luar.pdf")]
    for file in files:
        file.write_bytes(b"%PDF-1.7 " + file.name.encode())
    drop_files(page, shown.locator("h4"), *files[:2])  # anywhere on its card
    expect(shown.locator(".zi-evidence")).to_contain_text(
        "A.I.1.i.b/SK-Tim.pdf (berkas, ada di folder bukti)"
    )
    expect(page.locator(".zi-toast")).to_contain_text("'jahat.html' tidak diterima")
    large = tmp_path / "rekaman.pdf"
    with large.open("wb") as handle:
        handle.write(b"%PDF-1.7")
        handle.truncate(MOST_BYTES + 1)
    drop_files(page, shown.locator("h4"), large, files[0])  # what is kept hides no refusal
    said = shown.locator(".zi-files > .zi-error[role=status]")
    expect(said).to_have_text(f"'rekaman.pdf' {TOO_LARGE}")
    chosen = {"name": "foto.png", "mimeType": "image/png", "buffer": b"\x89PNG" + b"0" * 600_000}
    shown.locator("input[type=file]").set_input_files([chosen])
    expect(shown.locator(".zi-evidence")).to_contain_text("A.I.1.i.b/foto.png")
    kept = agency / "bukti" / "dinas-perhubungan" / "A.I.1.i.b"
    assert (kept / "foto.png").stat().st_size == 600_004  # it came in parts
    drop_files(page, page.locator(".zi-top"), files[2])
    expect(page.locator(".zi-toast")).to_contain_text("Jatuhkan berkas pada pertanyaan")
    expect(page.locator(".zi-form")).to_be_visible()
    assert sorted(path.name for path in kept.iterdir()) == ["SK-Tim.pdf", "foto.png"]


PASTE = """(cell, text) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  cell.dispatchEvent(
    new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


def cell_of(page: Page) -> Locator:
    return page.locator('.zi-grid td[tabindex="0"]')


def test_the_table_is_filled_by_keys_and_by_a_column_from_excel(opened: Open, agency: Path) -> None:
    empty_out(agency / "kecamatan-merdeka.yaml", "A.I.1.i.a")
    page, state = opened(Role.UNIT, "kecamatan-merdeka")
    page.locator(".zi-nav-link", has_text="Tabel jawaban").click()
    cell_of(page).focus()
    page.keyboard.press("t")
    expect(cell_of(page)).to_have_text("Tidak")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("Catatan dari tabel")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    steps = len({change.group for change in state.store.history()})
    column = 'C\tSatu\r\nYa\t"Dua\nbaris ""dan"" tanda"\r\nX\r\n\r\n'
    page.keyboard.press("ArrowDown")
    cell_of(page).evaluate(PASTE, column)
    dialog = page.get_by_role("dialog", name="Tempel ke tabel")
    expect(dialog).to_contain_text("A.I.1.ii.b: 'X' bukan jawaban di sini; pilih A, B, C")
    dialog.get_by_role("button", name=re.compile("^Isi [0-9]+ sel$")).click()
    expect(page.locator(".zi-state")).to_contain_text("Tersimpan")
    expect(cell_of(page)).to_be_focused()
    expect(cell_of(page)).to_have_text("C")
    unit = state.store.assessment.answers
    assert (unit["A.I.1.i.a"].unit, unit["A.I.1.i.b"].unit) == ("Tidak", "C")
    assert unit["A.I.1.i.b"].note == "Satu"
    assert unit["A.I.1.ii.a"].note == 'Dua\nbaris "dan" tanda'
    assert len({change.group for change in state.store.history()}) == steps + 1
    page.keyboard.press("u")
    expect(cell_of(page)).not_to_have_text("C")
    assert state.store.assessment.answers["A.I.1.i.b"].note == "Catatan dari tabel"


def test_a_pasted_answer_of_the_tpi_that_differs_comes_with_its_note(opened: Open) -> None:
    page, state = opened(Role.MEMBER, "rsud-harapan")
    answers = state.store.assessment.answers
    keys = [key for key, answer in answers.items() if answer.unit == "A" and not answer.tpi_note]
    page.locator(".zi-nav-link", has_text="Tabel jawaban").click()
    for key, pasted, isTaken in ((keys[0], "C", False), (keys[1], "C\tTanpa tanggal", True)):
        row = page.locator("tr", has=page.get_by_role("button", name=key, exact=True))
        row.locator('td.answer[aria-readonly="false"]').focus()
        page.keyboard.press("Home")
        page.keyboard.press("ArrowRight")
        cell_of(page).evaluate(PASTE, pasted)
        dialog = page.get_by_role("dialog", name="Tempel ke tabel")
        if isTaken:
            dialog.get_by_role("button", name=re.compile("^Isi [0-9]+ sel$")).click()
            expect(row).to_contain_text("≠ berbeda dari unit")
        else:
            expect(dialog).to_contain_text("berbeda dari unit dan tanpa catatan")
            dialog.get_by_role("button", name="Tutup").click()
    assert state.store.assessment.answers[keys[1]].tpi_note == "Tanpa tanggal"
    assert state.store.assessment.answers[keys[0]].tpi != "C"
