from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.request import Request, urlopen

import nbformat
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import START
from tests.browser.desk import Desk
from tests.browser.form_steps import drop_files, wait_saved
from tests.browser.lab import (
    KEEP_ALL,
    Server,
    is_alive,
    open_notebook,
    restart_kernel,
    run_all,
    running_lab,
    wait_until_open,
)
from tests.waiting import NET, wait_until
from zi_eval.period.evaluations import load_evaluation

pytestmark = [pytest.mark.browser, pytest.mark.kernel]

WIDGETS = """\
import anywidget, ipywidgets, traitlets

class Greeting(anywidget.AnyWidget):
    _esm = '''export default { render({ model, el }) {
      const show = () => { el.innerHTML = `<p class="greeting">${model.get("text")}</p>`; };
      model.on("change:text", show); show(); } }'''
    text = traitlets.Unicode("belum ditekan").tag(sync=True)

greeting, button = Greeting(), ipywidgets.Button(description="Tekan")
button.on_click(lambda _: setattr(greeting, "text", "sudah ditekan"))
ipywidgets.VBox([button, greeting])
"""


FORMS = {
    ".zi-form:not(.zi-table)": 'zi.verification_form("2026", "dpmptsp", "Rina")',
    ".zi-kinerja": 'zi.performance_form("../parameters/2026", "dpmptsp")',
    ".zi-rencana": 'zi.workplan_form("../parameters/2026", "dpmptsp")',
    ".zi-tindak-lanjut": 'zi.register_form("../parameters/2026", "dpmptsp")',
}
"""What shows each form but the unit's, which the notebook of the first test does."""


def write_notebook(path: Path, *sources: str) -> None:
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=PYTHON), path)


SPOIL = """() => window.jupyterapp.shell.currentWidget.content.model.cells.get(0)
    .sharedModel.setSource("1 / 0")"""
PYTHON = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}


@pytest.fixture
def page(desk: Desk) -> Iterator[Page]:
    with desk.lend() as page:
        yield page


def test_lab_starts_with_the_notebook_asked_for_in_which_a_unit_is_made(
    shared_lab: Server, page: Page
) -> None:
    page.goto(shared_lab.address(reset=""))
    expect(page.get_by_role("tab", name=START.name)).to_be_visible()
    assert f"/tree/{START}" in page.url
    wait_until_open(page)
    run_all(page)
    page.set_default_timeout(NET * 1000)
    page.get_by_label("Nama Anda").fill("Sari Wulandari")
    page.get_by_role("button", name="Unit baru").click()
    page.get_by_label("Kode unit").fill("dinas-uji")
    page.get_by_label("Nama unit").last.fill("Dinas Uji Coba")
    page.get_by_role("button", name="Buat unit dan buka").click()
    page.wait_for_selector(".zi-form[data-ready]")
    page.locator(".zi-nav-link", has_text="Manajemen Perubahan").first.click()
    first = page.locator('.zi-card[data-question="A.I.1.i.a"]')
    first.focus()
    cells = page.locator(".jp-NotebookPanel:visible .jp-Cell").count()
    for key in ("j", "k", "x", "d", "d", "z", "m", "0", "Shift+Enter"):
        page.keyboard.press(key)
    expect(first).to_be_focused()
    page.keyboard.press("1")
    note = first.get_by_label("Catatan")
    note.press_sequentially("SK nomor 1 ")
    wait_saved(page)  # a pause, in which what stands there is saved
    note.press_sequentially("tahun 2026 <b>")
    evidence = first.get_by_label("Bukti", exact=True)
    for text in ("https://bukti.example/sk.pdf", "javascript:alert(1)"):
        evidence.fill(text)
        evidence.press("Enter")
    expect(first.get_by_role("link")).to_have_count(1)
    wait_saved(page)
    assert page.locator(".jp-NotebookPanel:visible .jp-Cell").count() == cells
    drop_and_choose_files(page, shared_lab.folder)
    path = shared_lab.folder / "parameters" / "2026" / "dinas-uji.yaml"
    # Saved is what the journal has; the file follows soon after.
    wait_until(lambda: "alert(1)" in path.read_text("utf-8"), path)
    answer = load_evaluation(path, "unit").assessment.answers["A.I.1.i.a"]
    assert answer.note == "SK nomor 1 tahun 2026 <b>"
    assert answer.evidence == ("https://bukti.example/sk.pdf", "javascript:alert(1)")


def drop_and_choose_files(page: Page, folder: Path) -> None:
    """Drop a file at a question and choose another: both are kept beside the unit."""
    shown = page.locator('.zi-card[data-question="A.I.1.i.b"]')
    files = {"Notula rapat.pdf": b"%PDF-1.7 Notula", "tidak boleh.html": b"<script></script>"}
    for name, content in files.items():
        (folder / name).write_bytes(content)
    drop_files(page, shown.locator("h4").first, *(folder / name for name in files))
    expect(shown).to_contain_text("A.I.1.i.b/Notula-rapat.pdf (berkas, ada di folder bukti)")
    expect(page.locator(".zi-toast")).to_contain_text("'tidak boleh.html' tidak diterima")
    with page.expect_file_chooser() as asked:
        shown.get_by_role("button", name="Berkas…").click()
    photo = {"name": "foto.png", "mimeType": "image/png", "buffer": b"\x89PNG" + bytes(300_000)}
    asked.value.set_files([photo])
    expect(shown).to_contain_text("A.I.1.i.b/foto.png (berkas, ada di folder bukti)")
    wait_saved(page)
    kept = folder / "parameters" / "2026" / "bukti" / "dinas-uji" / "A.I.1.i.b"
    assert (kept / "Notula-rapat.pdf").read_bytes() == files["Notula rapat.pdf"]
    assert (kept / "foto.png").stat().st_size == 300_004


def test_every_form_works_again_after_a_kernel_restart_and_a_failed_cell_is_told(
    shared_lab: Server, page: Page
) -> None:
    path = shared_lab.folder / "notebooks" / "coba.ipynb"
    write_notebook(path, WIDGETS, "import zi_eval as zi", *FORMS.values())
    open_notebook(page, shared_lab, path.name)
    page.evaluate(KEEP_ALL)
    answer = page.locator('.zi-card[data-question="A.I.1.i.a"]')
    decisions = answer.locator(".zi-decisions")
    for is_again in (False, True):
        if is_again:
            restart_kernel(page)
        run_all(page)
        expect(page.locator(".greeting")).to_have_text("belum ditekan")
        page.get_by_role("button", name="Tekan").click()
        expect(page.locator(".greeting")).to_have_text("sudah ditekan")
        for form in FORMS:
            expect(page.locator(f"{form}[data-ready]")).to_have_count(1)
        expect(page.locator(".zi-kinerja .zi-found")).to_have_text("8 indikator")
        page.locator(".zi-nav-link", has_text="Manajemen Perubahan").first.click()
        if not is_again:
            expect(decisions).not_to_contain_text("Rina")
            answer.focus()
            page.keyboard.press("s")
        expect(decisions).to_contain_text("anggota: Ya – Rina")
    page.evaluate(SPOIL)
    with pytest.raises(AssertionError, match="ZeroDivisionError"):
        run_all(page)


@pytest.mark.long
def test_what_was_written_is_there_after_a_reload_of_the_page(
    shared_lab: Server, page: Page
) -> None:
    open_notebook(page, shared_lab, START.name)
    note = page.locator('.zi-card[data-question="A.I.1.i.a"]').get_by_label("Catatan")
    for is_again in (False, True):
        if is_again:
            page.reload()
            page.wait_for_function(
                "window.jupyterapp?.shell.currentWidget?.sessionContext?.isReady"
            )
        run_all(page)
        page.set_default_timeout(NET * 1000)
        page.get_by_label("Nama Anda").last.fill("Sari Wulandari")
        choose = page.get_by_label("Unit", exact=True).last
        name = next(
            text for text in choose.locator("option").all_inner_texts() if "(bapenda)" in text
        )
        choose.select_option(label=name)
        page.get_by_role("button", name="Buka", exact=True).last.click()
        page.locator(".zi-nav-link", has_text="Manajemen Perubahan").first.click()
        if not is_again:
            note.fill("SK nomor 2 <b>")
            wait_saved(page)
        expect(note).to_have_value("SK nomor 2 <b>")


@pytest.mark.long
def test_no_kernel_outlives_the_lab(tmp_path: Path) -> None:
    write_notebook(tmp_path / "notebooks" / "coba.ipynb", "1")
    with running_lab(tmp_path) as lab:
        request = Request(
            lab.url + "api/kernels",
            data=b'{"name": "python3"}',
            headers={"Authorization": f"token {lab.token}"},
        )
        with urlopen(request):
            pass
        kernels = lab.kernels()
        assert len(kernels) == 1
    assert not any(is_alive(kernel) for kernel in kernels)
