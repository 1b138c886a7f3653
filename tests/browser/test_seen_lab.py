"""Every notebook in JupyterLab in both its themes, and in the app: legible, and named."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.album import LOOKS, OPEN_ALL
from tests.browser.desk import Desk
from tests.browser.lab import KEEP_ALL, Server, open_in_app, open_notebook, run_all, running_app
from tests.browser.seen import low_contrast, violations
from tests.sample import ROOT, copy_sample, run_command
from tests.waiting import NET
from zi_eval.app.offers import STOCK

pytestmark = [pytest.mark.browser, pytest.mark.kernel, pytest.mark.long]

FORMS = {offer.name for offer in STOCK if offer.is_form}
NOTEBOOKS = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))
GIVEN = {
    "period": "2026",
    "parameters_folder": "../parameters/2026",
    "unit": "dpmptsp",
    "unit_file": "../parameters/2026/dpmptsp.yaml",
    "units": "dpmptsp, rsud-harapan",
    "nama": "Rina",
    "lke": "../LKE.xlsx",
}
"""What a person writes into the first cell."""
THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}
TWO_LOOKS = LOOKS[:2]
"""Both widths and both themes; the other pairs have the same colours and the same widths."""
OUTPUTS = ".jp-OutputArea-output"
HEIGHT = 900
CUT = """(within) => [...document.querySelectorAll(within)]
  .filter((box) => box.scrollWidth > box.clientWidth + 1)
  .map((box) => `wider than its place: ${box.textContent.trim().slice(0, 60)}`)"""
"""What is cut off, or scrolls sideways, where JupyterLab leaves it little room."""

SETTLE = """async (isDark) => {
  const next = () => new Promise((done) => requestAnimationFrame(done));
  const theme = () => document.body.dataset.jpThemeLight;
  while (theme() && theme() !== String(!isDark)) await next();
  await next();
  await next();
}"""
"""A page of the app follows the colours that the system asks for a moment later."""


def wear(page: Page, scheme: str) -> None:
    """Change JupyterLab's theme and wait until it is seen."""
    page.evaluate(
        "(theme) => window.jupyterapp.commands.execute('apputils:change-theme', { theme })",
        THEMES[scheme],
    )
    is_light = str(scheme == "light").lower()
    page.wait_for_selector(f"body[data-jp-theme-light={is_light}]", state="attached")


@pytest.fixture(scope="module")
def folder(shared_lab: Server) -> Path:
    folder = copy_sample(shared_lab.folder / "terlihat", years=("2025", "2026"))
    assert run_command("export", "dpmptsp", "--folder", folder, "-o", folder / "LKE.xlsx") == 0
    (folder / "notebooks").mkdir()
    for name in NOTEBOOKS:
        book = json.loads((ROOT / "notebooks" / f"{name}.ipynb").read_text("utf-8"))
        for cell in book["cells"]:
            if "parameters" in cell["metadata"].get("tags", []):
                named = {line.partition(" = ")[0]: line for line in cell["source"]}
                given = {key: f"{key} = {GIVEN[key]!r}\n" for key in named if key in GIVEN}
                cell["source"] = list((named | given).values())
        (folder / "notebooks" / f"{name}.ipynb").write_text(json.dumps(book), "utf-8")
    return folder


@pytest.fixture
def page(desk: Desk) -> Iterator[Page]:
    with desk.lend(LOOKS[0][0], HEIGHT) as page:
        yield page
        wear(page, "light")


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_is_legible_and_named_and_fits_in_both_themes(
    lab: Server, folder: Path, page: Page, name: str
) -> None:
    open_notebook(page, lab, f"{name}.ipynb")
    page.evaluate(KEEP_ALL)
    page.evaluate("window.jupyterapp.shell.collapseLeft()")
    run_all(page)
    page.set_default_timeout(NET * 1000)
    page.wait_for_function(
        f"[...document.querySelectorAll('{OUTPUTS}')].some((one) => one.textContent.trim())"
    )
    if name in FORMS:
        page.wait_for_selector(".zi-form[data-ready]")
    found = {}
    for width, scheme in TWO_LOOKS:
        wear(page, scheme)
        page.set_viewport_size({"width": width, "height": HEIGHT})
        page.evaluate(OPEN_ALL)
        count, faint = low_contrast(page, OUTPUTS)
        cut = page.evaluate(CUT, OUTPUTS)
        found[width, scheme] = [*faint, *cut, *violations(page, OUTPUTS)]
        assert count > 5
    assert {look: wrong for look, wrong in found.items() if wrong} == {}


def test_the_app_is_legible_and_named_in_light_and_dark(folder: Path, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": LOOKS[0][0], "height": HEIGHT})
    page.set_default_timeout(NET * 1000)
    found = {}
    with running_app(folder) as app:

        def look(name: str) -> None:
            for width, scheme in TWO_LOOKS:
                page.set_viewport_size({"width": width, "height": HEIGHT})
                page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                page.evaluate(OPEN_ALL)
                page.evaluate(SETTLE, scheme == "dark")
                count, faint = low_contrast(page)
                found[name, width, scheme] = [*faint, *violations(page)]
                assert count > 5

        page.goto(app.url)
        look("login")
        page.goto(app.address())
        look("start")
        page.goto(f"{app.url}buka/tidak-ada")
        look("not there")
        for offer in STOCK:
            of = "2026" if offer.parameter == "parameters_folder" else "2026/dpmptsp"
            open_in_app(page, app, offer.name, untuk=of)
            if offer.is_form:
                page.wait_for_selector(".zi-form[data-ready]")
            look(offer.name)
    page.close()
    assert {look: wrong for look, wrong in found.items() if wrong} == {}
