"""The app as visitors and strangers meet it: a real server, bound to every address."""

from __future__ import annotations

import hashlib
import http.client
import os
import shutil
import signal
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.browser.form_steps import drop_files, wait_saved
from tests.browser.heard import require_heard
from tests.browser.lab import Server, is_alive, open_in_app, running_app
from tests.browser.test_lab import write_notebook
from tests.waiting import NET, wait_until
from zi_eval.app.offers import ROLES, STOCK
from zi_eval.journal.fields import FieldPlace, Person, Role
from zi_eval.journal.store import AnswerStore

pytestmark = [pytest.mark.browser, pytest.mark.kernel]

PARTS = {
    "a folder": "/",
    "a notebook": "/buka/isi_lke",
    "a report": "/buka/laporan_unit?untuk=2026/puskesmas-sukamaju",
    "kernels": "/api/kernels",
    "one kernel": "/api/kernels/00000000-0000-0000-0000-000000000000",
    "contents": "/api/contents/notebooks/isi_lke.ipynb",
    "Voilà's contents": "/voila/api/contents",
    "files": "/files/parameters/2026/instansi.yaml",
    "Voilà's files": "/voila/files/gambar.png",
    "a file above": "/voila/files/../parameters/2026/instansi.yaml",
    "Voilà's tree": "/voila/tree",
    "another notebook": "/voila/render/rahasia.ipynb",
    "a path above": "/voila/render/../isi_lke.ipynb",
    "a hidden path above": "/buka/..%2Frahasia",
    "static files": "/voila/static/../../../../../etc/hostname",
    "templates": "/voila/templates/lab/static/../../../../../../../etc/hostname",
    "terminals": "/api/terminals",
    "sessions": "/api/sessions",
}
OWN = {"a folder", "a notebook", "a report"}
MINUTE_LATER = "() => { const now = Date.now; Date.now = () => now() + 60_000; }"
"""The screen waits some seconds before it says that nobody answers."""
SOCKET = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "x3JJHMbDL1EzLkh9GBhXDw==",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Path:
    folder = tmp_path_factory.mktemp("zi")
    shutil.copytree(root / "parameters", folder / "parameters")
    broken = folder / "parameters" / "2026" / "unit-rusak.yaml"
    broken.write_text("id: unit-rusak\nnamaa: <b>tebal</b>\n")
    write_notebook(folder / "notebooks" / "verifikasi_tpi.ipynb", "rahasia = 1\n1 / 0")
    shutil.copy(root / "notebooks" / "isi_lke.ipynb", folder / "notebooks")
    write_notebook(folder / "notebooks" / "rahasia.ipynb", "print('rahasia')")
    (folder / "notebooks" / "gambar.png").write_bytes(b"\x89PNG rahasia")
    return folder


@pytest.fixture(scope="module")
def app(folder: Path, browser: Browser) -> Iterator[Server]:
    with running_app(folder, "--address", "0.0.0.0") as app:
        yield app


@pytest.fixture(scope="module")
def visitor(app: Server, browser: Browser) -> Iterator[BrowserContext]:
    """A browser that is logged in."""
    context = browser.new_context(viewport={"width": 1024, "height": 768})
    page = context.new_page()
    page.goto(app.address())
    page.close()
    yield context
    context.close()


@pytest.fixture(scope="module")
def only_page(visitor: BrowserContext) -> Iterator[Page]:
    page = visitor.new_page()
    page.set_default_timeout(NET * 1000)
    yield page
    page.close(run_before_unload=True)


@pytest.fixture
def page(app: Server, only_page: Page) -> Page:
    """The visitor's page, on which nothing is open; no kernel runs."""
    only_page.goto("about:blank")
    wait_for_kernels(app, 0)
    return only_page


def ask(
    app: Server, path: str, method: str = "GET", headers: Mapping[str, str] | None = None
) -> tuple[int, str, str]:
    """Send one request as it is, dots and all; return status, Location and text."""
    connection = http.client.HTTPConnection(urlsplit(app.url).netloc, timeout=20)
    try:
        connection.request(method, path, headers=dict(headers or {}))
        answer = connection.getresponse()
        text = "" if answer.status == 101 else answer.read().decode(errors="replace")
        return answer.status, answer.getheader("Location", "") or "", text
    finally:
        connection.close()


def wait_for_kernels(app: Server, count: int) -> None:
    wait_until(lambda: len(app.kernels()) == count, app.kernels, pause=0.1)


def cookies(context: BrowserContext) -> dict[str, str]:
    return {"Cookie": "; ".join(f"{c['name']}={c['value']}" for c in context.cookies())}


@pytest.mark.parametrize("part", PARTS)
def test_a_stranger_gets_the_login_page_or_nothing(app: Server, part: str) -> None:
    before = set(app.kernels())
    for headers in ({}, {"Authorization": "token salah"}):
        status, location, text = ask(app, PARTS[part], headers=headers)
        assert status in (403, 404) or (status == 302 and location.startswith("/login?")), status
        assert "rahasia" not in text
        assert "Kabupaten" not in text
    assert ask(app, PARTS[part], "POST")[0] in (403, 404, 405)
    assert ask(app, PARTS[part], headers=SOCKET)[0] in (302, 403, 404)
    assert set(app.kernels()) <= before


@pytest.mark.parametrize("part", sorted(set(PARTS) - OWN))
def test_a_visitor_gets_the_offered_notebooks_and_nothing_else(app: Server, part: str) -> None:
    token = {"Authorization": f"token {app.token}"}
    status, _, text = ask(app, PARTS[part], headers=token)
    assert status in (403, 404), text[:200]
    assert "rahasia" not in text
    assert "Kabupaten" not in text
    assert ask(app, PARTS[part], "POST", token)[0] in (403, 404, 405)


def check_that_strangers_get_no_kernel(app: Server, visitor: BrowserContext, page: Page) -> None:
    """Ask for the kernel of an open page as a stranger, and as a foreign page would."""
    kernel = page.evaluate(
        "JSON.parse(document.getElementById('jupyter-config-data').textContent).kernelId"
    )
    path = f"/api/kernels/{kernel}"
    known, foreign = cookies(visitor), {"Origin": "http://jahat.example"}
    assert ask(app, path)[0] == 403
    assert ask(app, f"{path}/channels", headers=SOCKET)[0] == 403
    assert ask(app, f"{path}/channels", headers={**SOCKET, **known, **foreign})[0] == 403
    assert ask(app, path, "DELETE", known)[0] == 403  # the cookie alone: no XSRF token
    assert ask(app, f"/voila/api/shutdown/{kernel}", "POST", known)[0] == 403
    assert ask(app, path, headers=known)[0] == 200
    assert ask(app, f"{path}/channels", headers={**SOCKET, **known})[0] == 101


def open_unit(page: Page, unit: str) -> Locator:
    """Choose a unit in the form, and return the cards of its first area."""
    page.get_by_label("Nama Anda").fill("Sari")
    choose = page.get_by_label("Unit", exact=True)
    options = choose.locator("option").all_inner_texts()
    choose.select_option(next(text for text in options if f"({unit})" in text))
    page.get_by_role("button", name="Buka", exact=True).click()
    page.locator(".zi-nav-link", has_text="Manajemen Perubahan").first.click()
    return page.locator(".zi-card[data-question]")


def require_plain_page(page: Page) -> None:
    """Check what a notebook looks like where its code is not shown."""
    assert page.title() == "Isi LKE"
    assert page.get_by_role("heading", level=1).all_inner_texts() == ["Isi LKE"]
    assert page.locator("html").get_attribute("lang") == "id"
    border = "getComputedStyle(document.body).getPropertyValue('--jp-border-color1')"
    assert page.evaluate(border), "without the theme, fields have no visible border"
    assert "import zi_eval" not in page.inner_text("body")
    assert "token" not in page.url
    top = page.locator("#rendered_cells").bounding_box()
    masthead = page.locator(".app-masthead").bounding_box()
    assert top is not None
    assert masthead is not None
    assert top["y"] >= masthead["height"], "the page lies over its masthead"


def test_the_form_saves_without_code_or_internet_for_no_stranger_and_says_when_it_cannot(
    app: Server, folder: Path, visitor: BrowserContext, page: Page
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    open_in_app(page, app, "isi_lke")
    require_plain_page(page)
    cards = open_unit(page, "smpn-1-contoh")
    first, second = cards.nth(0), cards.nth(1)
    note = first.get_by_label("Catatan")
    note.fill("Tanpa kode")
    wait_saved(page)
    sheet = folder / "SK Tim (salinan).pdf"
    sheet.write_bytes(b"%PDF-1.7 SK Tim")
    drop_files(page, second.locator("h4").first, sheet)
    kept = "A.I.1.i.b/SK-Tim-(salinan).pdf"
    expect(second).to_contain_text(f"{kept} (berkas, ada di folder bukti)")
    wait_saved(page)
    assert [url for url in asked if not url.startswith((app.url, "data:", "blob:"))] == []
    check_that_strangers_get_no_kernel(app, visitor, page)

    (kernel,) = app.kernels()
    kernel.kill()
    note.fill("Sesudah kernel mati")
    page.evaluate(MINUTE_LATER)
    expect(page.locator(".zi-lost")).to_be_visible()
    expect(page.locator(".zi-state")).to_have_text("⚠ Tidak tersimpan")
    expect(note).not_to_be_editable()
    path = folder / "parameters" / "2026" / "smpn-1-contoh.yaml"
    with AnswerStore.open(path, Person("Sari", Role.UNIT)) as store:
        assert store.get(FieldPlace("A.I.1.i.a", "catatan")) == "Tanpa kode"
    evidence = path.parent / "bukti" / "smpn-1-contoh"
    content = (evidence / kept).read_bytes()
    assert content == b"%PDF-1.7 SK Tim"
    sums = (evidence / "SHA256SUMS").read_text(encoding="utf-8")
    assert f"{hashlib.sha256(content).hexdigest()}  {kept}" in sums


def test_a_failed_cell_is_one_sentence_and_no_traceback_and_who_leaves_ends_its_kernel(
    app: Server, page: Page
) -> None:
    open_in_app(page, app, "verifikasi_tpi")
    said = page.get_by_role("alert").filter(visible=True)
    expect(said).to_have_count(1)
    expect(said).to_contain_text("kesalahan di dalam program")
    assert "ZeroDivisionError" in app.log()  # as the sentence says: it is in the terminal
    shown = page.content()
    assert not [word for word in ("Traceback", "ZeroDivisionError", "rahasia") if word in shown]
    assert len(app.kernels()) == 1
    page.goto(app.url)
    wait_for_kernels(app, 0)


def test_a_report_is_shown_for_the_chosen_unit_and_keeps_no_kernel(app: Server, page: Page) -> None:
    page.goto(app.url)
    title = page.get_by_role("heading", name="Laporan unit")
    offer = page.get_by_role("listitem").filter(has=title)
    offer.get_by_role("combobox").select_option("2026/puskesmas-sukamaju")
    page.get_by_role("button", name="Buka Laporan unit").click()
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("UPTD Puskesmas Sukamaju")
    wait_for_kernels(app, 0)
    assert "Run All Cells" not in page.inner_text("body")


def test_a_broken_unit_file_is_said_with_its_line_and_escaped(app: Server, page: Page) -> None:
    open_in_app(page, app, "laporan_unit", untuk="2026/unit-rusak")
    said = page.get_by_role("alert").filter(visible=True)
    expect(said).to_contain_text("unit-rusak.yaml:2: salah: kunci 'namaa'")
    assert page.locator("b", has_text="tebal").count() == 0


@pytest.mark.parametrize(
    "unit", ["", "2026/hilang", "../parameters/2026/instansi", "2026/instansi"]
)
def test_a_unit_that_is_not_in_the_list_is_not_found(app: Server, unit: str) -> None:
    token = {"Authorization": f"token {app.token}"}
    assert ask(app, f"/buka/laporan_unit?untuk={unit}", headers=token)[0] == 404


def test_the_start_page_lists_what_can_be_opened_in_plain_words_at_every_width(
    app: Server, page: Page
) -> None:
    page.goto(app.url)
    titles = page.get_by_role("heading", level=3).all_inner_texts()
    assert titles == [offer.title for role in ROLES for offer in STOCK if offer.role == role]
    assert ".ipynb" not in page.inner_text("body")
    names = page.eval_on_selector_all(
        "a, button, select",
        "all => all.map(e => e.ariaLabel || e.labels?.[0]?.innerText || e.innerText)",
    )
    assert all(name.strip() for name in names)
    assert len(set(names)) == len(names)
    page.evaluate("document.querySelector('.due')?.remove()")  # other deadlines every day
    for width in (360, 768, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        require_heard(page.locator("body"), "app-start", app.folder.name)


def test_the_start_page_shows_another_period_when_asked(app: Server, page: Page) -> None:
    page.goto(app.url)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Kabupaten Contoh, 2026")
    page.get_by_role("navigation").get_by_role("link", name="2025").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Kabupaten Contoh, 2025")
    chosen = page.get_by_role("combobox", name="Unit untuk Laporan unit")
    expect(chosen.get_by_role("option", name="UPTD Puskesmas Sukamaju")).to_have_attribute(
        "value", "2025/puskesmas-sukamaju"
    )


def test_no_token_is_in_the_log(app: Server) -> None:
    for path in ("/buka/tidak-ada", "/tidak-ada", PARTS["one kernel"], "/voila/static/../a"):
        ask(app, f"{path}?token={app.token}")
    assert "token=…" in app.log(), "the requests were not logged at all"
    assert "Alamat dengan token ada di" in app.log()
    assert app.token not in app.log()
    note = next((app.home / "runtime").glob("zi-eval-app-*.html"))
    assert note.stat().st_mode & 0o077 == 0


def come_in(browser: Browser, app: Server, name: str, secret: str) -> None:
    """Give a wrong word at the login page, then the right one."""
    page = browser.new_page()
    page.goto(app.url)
    page.get_by_label(name).fill("salah sekali")
    page.get_by_role("button", name="Masuk").click()
    expect(page.get_by_role("alert")).to_contain_text(f"{name} itu tidak cocok")
    page.get_by_label(name).fill(secret)
    page.get_by_role("button", name="Masuk").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Kabupaten Contoh")
    page.close()


def test_the_token_lets_in_and_a_wrong_one_does_not(app: Server, browser: Browser) -> None:
    come_in(browser, app, "Token", app.token)
    rebound = {"Host": "jahat.example"}  # a foreign name for this address has no cookie
    assert ask(app, "/buka/isi_lke", headers=rebound)[0] == 302


@pytest.mark.long
def test_a_password_lets_in_and_a_wrong_one_does_not(folder: Path, browser: Browser) -> None:
    secret = "tiga kata panjang"
    with running_app(folder, environment={"ZI_EVAL_APP_PASSWORD": secret}) as app:
        come_in(browser, app, "Kata sandi", secret)
        assert app.kernels() == []


COME_BACK = """() => {
    window.dispatchEvent(new Event("focus"));
    return !document.getElementById("app-lost").hidden; }"""
SHORT_IDLE = """\
import dataclasses
from zi_eval.app import server
from zi_eval.cli import main

serve = server.serve
server.serve = lambda s, *rest: serve(dataclasses.replace(s, idle_seconds=3), *rest)
main()
"""


@pytest.mark.long
def test_an_idle_page_loses_its_kernel_and_says_so_and_sigterm_ends_the_rest(
    folder: Path, browser: Browser
) -> None:
    with running_app(folder, "isi_lke", program=["-c", SHORT_IDLE]) as app:
        context = browser.new_context()
        page = context.new_page()
        open_in_app(page, app, "isi_lke")
        wait_for_kernels(app, 0)
        page.wait_for_function(COME_BACK, polling=300)
        said = page.get_by_role("alert").filter(visible=True)
        expect(said).to_contain_text("lama tidak dipakai")
        page.get_by_role("button", name="Muat ulang halaman").click()
        expect(page.get_by_label("Nama Anda")).to_be_visible()
        kernels = app.kernels()
        assert len(kernels) == 1
        os.kill(app.process.pid, signal.SIGTERM)
        assert app.process.wait(timeout=NET) == 0
        assert not any(is_alive(kernel) for kernel in kernels)
        assert not list((app.home / "runtime").glob("zi-eval-app-*.html"))
        context.close()
