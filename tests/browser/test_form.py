"""The unit's form in a real JupyterLab: filled in, found again, shared."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.desk import Desk
from tests.browser.form_steps import add_notebook, drop_files, open_form, wait_saved
from tests.browser.lab import (
    Server,
    open_in_app,
    open_notebook,
    restart_kernel,
    run_all,
    running_app,
)
from tests.waiting import NET, wait_until
from zi_eval.core.verdict import Status
from zi_eval.journal.fields import FieldPlace, Person, Role
from zi_eval.journal.store import AnswerStore
from zi_eval.period.evaluations import load_evaluation

pytestmark = [pytest.mark.browser, pytest.mark.kernel]

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


@pytest.fixture
def page(desk: Desk) -> Iterator[Page]:
    with desk.lend() as page:
        yield page


@pytest.fixture(scope="module")
def full(lab: Server, folder: Path, desk: Desk) -> Iterator[Page]:
    """A page with the form of a unit that has answered everything."""
    unit = folder / "parameters" / "2026" / "rsud-harapan.yaml"
    text = unit.read_text(encoding="utf-8")
    other = text.replace("  B.I.b:\n    unit: A\n", "  B.I.b:\n    unit: B\n")
    assert other != text  # so that one answer differs from what the data propose
    unit.write_text(other, encoding="utf-8")
    name = add_notebook(folder, "isi_lke", "penuh", unit="rsud-harapan", nama="Budi")
    with desk.lend() as page:
        open_form(page, lab, name)
        page.locator(".zi-nav-link", has_text="Manajemen Perubahan").first.click()
        yield page


@pytest.fixture
def ani(desk: Desk) -> Iterator[Page]:
    """The page of a second person."""
    with desk.lend(1280, 720) as page:
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


def test_a_unit_is_filled_from_empty_to_a_verdict_and_found_again(
    lab: Server, folder: Path, page: Page
) -> None:
    open_notebook(page, lab, "isi_lke.ipynb")
    run_all(page)
    page.set_default_timeout(NET * 1000)
    page.get_by_label("Nama Anda").fill("Sari Wulandari")
    page.get_by_role("button", name="Unit baru").click()
    page.get_by_label("Kode unit").fill("dinas-uji")
    page.get_by_label("Nama unit").last.fill("Dinas Uji Coba")
    page.get_by_role("button", name="Buat unit dan buka").click()
    page.wait_for_selector(".zi-form[data-ready]")
    titles = page.locator(".zi-nav-title").all_inner_texts()
    for place, title in enumerate(titles):
        if place > 1:
            fill_page(page, title, titles[:place].count(title))
    state_facts(page)
    wait_saved(page)
    expect(page.locator(".zi-verdict")).to_have_text("✓ Memenuhi WBK")
    page.locator(".zi-nav-link", has_text="Manajemen Perubahan").first.click()
    note = page.locator(card(page, "A.I.1.i.a")).get_by_label("Catatan")
    note.press_sequentially("SK nomor 1 ")
    wait_saved(page)  # a pause, in which what stands there is saved
    note.press_sequentially("tahun 2026 <b>")
    evidence = page.locator(card(page, "A.I.1.i.a")).get_by_label("Bukti", exact=True)
    for text in ("https://bukti.example/sk.pdf", "javascript:alert(1)"):
        evidence.fill(text)
        evidence.press("Enter")
    expect(page.locator(card(page, "A.I.1.i.a")).get_by_role("link")).to_have_count(1)
    wait_saved(page)
    path = folder / "parameters" / "2026" / "dinas-uji.yaml"
    # Saved is what the journal has; the file follows soon after.
    wait_until(lambda: "alert(1)" in path.read_text("utf-8"), path)
    evaluation = load_evaluation(path, "unit")
    assert evaluation.target.status is Status.MET
    answer = evaluation.assessment.answers["A.I.1.i.a"]
    assert answer.note == "SK nomor 1 tahun 2026 <b>"
    assert answer.evidence == ("https://bukti.example/sk.pdf", "javascript:alert(1)")

    for again in (lambda: page.reload(), lambda: restart_kernel(page)):
        again()
        page.wait_for_function("window.jupyterapp?.shell.currentWidget?.sessionContext?.isReady")
        run_all(page)
        page.set_default_timeout(NET * 1000)
        page.get_by_label("Nama Anda").last.fill("Sari Wulandari")
        choose = page.get_by_label("Unit", exact=True).last
        choose.select_option(label="Dinas Uji Coba (dinas-uji)")
        page.get_by_role("button", name="Buka", exact=True).last.click()
        expect(page.locator(".zi-verdict")).to_have_text("✓ Memenuhi WBK")
        first = page.locator(card(page, "A.I.1.i.a"))
        expect(first.get_by_label("Catatan")).to_have_value("SK nomor 1 tahun 2026 <b>")
        expect(first.get_by_role("radio", name=re.compile("^Ya"))).to_be_checked()


def test_a_changed_answer_reaches_the_score_by_one_message_and_nothing_piles_up(
    lab: Server, full: Page
) -> None:
    session = full.context.new_cdp_session(full)
    session.send("Performance.enable")
    session.send("Network.enable")
    sent: list[str] = []

    def see(event: dict[str, Any]) -> None:
        data = event["response"]["payloadData"]
        with suppress(ValueError):  # frames of text are no Base64
            data += base64.b64decode(data, validate=True).decode(errors="replace")
        if "comm_msg" in data and '"change"' in data:
            sent.append(data)

    session.on("Network.webSocketFrameSent", see)

    def held() -> dict[str, float]:
        """Count what the page keeps alive."""
        session.send("HeapProfiler.collectGarbage")
        metrics = session.send("Performance.getMetrics")["metrics"]
        return {
            m["name"]: m["value"] for m in metrics if m["name"] in ("Nodes", "JSEventListeners")
        }

    question = "A.I.1.ii.b"
    chosen = full.locator(card(full, question)).locator("input:checked").get_attribute("value")
    codes = [code for code in "ABC" if code != chosen][:2]

    def change(count: int) -> None:
        for number in range(count):
            full.evaluate(TO_SCORE, [question, codes[number % 2]])

    change(30)  # what a page makes once, when it is first needed, is there by now
    wait_saved(full)
    before = held()
    sent.clear()
    change(20)
    wait_saved(full)
    wait_until(lambda: full.evaluate("1") and len(sent) >= 20, sent)
    assert len(sent) == 20
    after = held()
    # Each change may leave a line of a hint, never a part of the page.
    assert all(after[name] <= before[name] + 20 for name in before), (before, after)
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


def test_a_file_dropped_or_chosen_in_jupyterlab_is_kept_beside_the_unit(
    full: Page, folder: Path
) -> None:
    full.locator(".zi-nav-link", has_text="Manajemen Perubahan").first.click()
    shown = full.locator(card(full, "A.I.1.i.b"))
    files = {"Notula rapat.pdf": b"%PDF-1.7 Notula", "tidak boleh.html": b"<script></script>"}
    for name, content in files.items():
        (folder / name).write_bytes(content)
    drop_files(full, shown.locator("h4").first, *(folder / name for name in files))
    expect(shown).to_contain_text("A.I.1.i.b/Notula-rapat.pdf (berkas, ada di folder bukti)")
    expect(full.locator(".zi-toast")).to_contain_text("'tidak boleh.html' tidak diterima")
    with full.expect_file_chooser() as asked:
        shown.get_by_role("button", name="Berkas…").click()
    photo = {"name": "foto.png", "mimeType": "image/png", "buffer": b"\x89PNG" + bytes(300_000)}
    asked.value.set_files([photo])
    expect(shown).to_contain_text("A.I.1.i.b/foto.png (berkas, ada di folder bukti)")
    wait_saved(full)
    kept = folder / "parameters" / "2026" / "bukti" / "rsud-harapan" / "A.I.1.i.b"
    assert (kept / "Notula-rapat.pdf").read_bytes() == files["Notula rapat.pdf"]
    assert (kept / "foto.png").stat().st_size == 300_004


def test_keys_work_outside_texts_and_the_notebook_never_gets_them(full: Page) -> None:
    cells = full.locator(".jp-NotebookPanel:visible .jp-Cell").count()
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
    assert full.locator(".jp-NotebookPanel:visible .jp-Cell").count() == cells


def test_two_people_on_one_unit_both_keep_what_they_did(
    lab: Server, folder: Path, ani: Page, full: Page
) -> None:
    budi = full
    pages = [ani, budi]
    open_form(ani, lab, add_notebook(folder, "isi_lke", "ani", unit="rsud-harapan", nama="Ani"))
    ani.locator(".zi-nav-link", has_text="Manajemen Perubahan").first.click()
    first, second = card(ani, "A.I.1.ii.b"), card(ani, "A.I.1.iii.a")
    ani.locator(first).get_by_role("radio").nth(1).check()
    budi.locator(second).get_by_role("radio").nth(1).check()
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
    for page in pages:
        expect(page.locator(first).get_by_label("Catatan")).to_have_value(f"Catatan {other}")
    ani.locator(first).focus()
    ani.keyboard.press("r")
    expect(ani.locator(first).get_by_role("table")).to_contain_text(other)
    ani.keyboard.press("u")
    expect(ani.locator(".zi-toast")).to_contain_text("Diurungkan")


def test_the_form_without_code_saves_too_and_says_when_it_cannot(
    folder: Path, browser: Browser
) -> None:
    path = folder / "parameters" / "2026" / "smpn-1-contoh.yaml"
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    with running_app(folder) as app:
        open_in_app(page, app, "isi_lke.ipynb")
        page.set_default_timeout(NET * 1000)
        page.get_by_label("Nama Anda").fill("Sari")
        choose = page.get_by_label("Unit", exact=True)
        options = choose.locator("option").all_inner_texts()
        choose.select_option(next(text for text in options if "(smpn-1-contoh)" in text))
        page.get_by_role("button", name="Buka", exact=True).click()
        page.locator(".zi-nav-link", has_text="Manajemen Perubahan").first.click()
        note = page.locator(card(page, "A.I.1.i.a")).get_by_label("Catatan")
        note.fill("Tanpa kode")
        wait_saved(page)
        sheet = folder / "SK Tim (salinan).pdf"
        sheet.write_bytes(b"%PDF-1.7 SK Tim")
        drop_files(page, page.locator(card(page, "A.I.1.i.b")).locator("h4").first, sheet)
        expect(page.locator(card(page, "A.I.1.i.b"))).to_contain_text(
            "A.I.1.i.b/SK-Tim-(salinan).pdf (berkas, ada di folder bukti)"
        )
        wait_saved(page)
        (kernel,) = app.kernels()
        kernel.kill()
        note.fill("Sesudah kernel mati")
        expect(page.locator(".zi-lost")).to_be_visible()
        expect(page.locator(".zi-state")).to_have_text("⚠ Tidak tersimpan")
        expect(note).not_to_be_editable()
        page.close()
    with AnswerStore.open(path, Person("Sari", Role.UNIT)) as store:
        assert store.get(FieldPlace("A.I.1.i.a", "catatan")) == "Tanpa kode"
    kept = path.parent / "bukti" / "smpn-1-contoh" / "A.I.1.i.b" / "SK-Tim-(salinan).pdf"
    assert kept.read_bytes() == b"%PDF-1.7 SK Tim"
    sums = (kept.parents[1] / "SHA256SUMS").read_text(encoding="utf-8")
    assert f"{hashlib.sha256(kept.read_bytes()).hexdigest()}  A.I.1.i.b/{kept.name}" in sums


def find_conflict(pages: list[Page]) -> Page:
    """Return the page that is told first of a conflict."""
    return wait_until(
        lambda: next((p for p in pages if p.locator(".zi-conflict").is_visible()), None)
    )
