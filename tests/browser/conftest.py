"""A real headless Chromium, one JupyterLab for all, and the reports of the sample agency."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from filelock import FileLock
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.album import PAGES, write_reports, write_rest
from tests.browser.desk import Desk
from tests.browser.form_steps import make_folder
from tests.browser.lab import Server, running_lab
from tests.browser.stage import Stage
from tests.waiting import NET

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

START = Path("notebooks") / "isi_lke.ipynb"
"""The notebook that the one JupyterLab starts with."""

expect.set_options(timeout=NET * 1000)  # a net: what is expected comes about, or never does


@pytest.fixture(scope="session")
def shared_lab(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Iterator[Server]:
    """One JupyterLab for all modules that a worker runs."""
    folder = make_folder(tmp_path_factory.mktemp("lab"), root)
    with running_lab(folder, "--notebook", START.stem) as lab:
        yield lab


@pytest.fixture(scope="module")
def folder(shared_lab: Server, request: pytest.FixtureRequest, root: Path) -> Path:
    """A working folder of the module's own, which the JupyterLab shows."""
    name = request.module.__name__.rpartition(".")[2]
    return make_folder(shared_lab.folder / name, root)


@pytest.fixture(scope="module")
def lab(shared_lab: Server, folder: Path) -> Server:
    return replace(shared_lab, folder=folder, below=folder.name)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """A browser for this folder: while it runs, its thread has an event loop that others trip on.

    So it ends with the last test of the folder, not with all tests.
    """
    if CHROMIUM is None:
        if os.environ.get("ZI_EVAL_REQUIRE_BROWSER"):
            pytest.fail("ZI_EVAL_REQUIRE_BROWSER is set, but there is no chromium")
        pytest.skip("no chromium on this machine (Debian package 'chromium')")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def lent_paper(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    yield page
    page.close()


@pytest.fixture
def paper(lent_paper: Page) -> Page:
    """A page for what stands still, lent to one test after another; making one takes a second."""
    lent_paper.goto("about:blank")
    lent_paper.set_viewport_size({"width": 1280, "height": 900})
    lent_paper.emulate_media(media="null", color_scheme="null")
    return lent_paper


@pytest.fixture(scope="package")
def desk(browser: Browser, shared_lab: Server) -> Iterator[Desk]:
    """The pages of the one JupyterLab, lent to one test after another."""
    context = browser.new_context()
    yield Desk(context, shared_lab)
    context.close()


@pytest.fixture(scope="package")
def stage(browser: Browser) -> Iterator[Stage]:
    """Pages for screens without Jupyter, lent to one test after another."""
    stage = Stage(browser)
    yield stage
    stage.close()


def _shared(factory: pytest.TempPathFactory) -> Path:
    """Return the folder that all workers of this run share."""
    base = factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the sample agency's reports, run once for all workers."""
    shared = _shared(tmp_path_factory)
    folder = shared / "agency"
    with FileLock(shared / "agency.lock"):
        if not (folder / "outputs" / "2026" / "index.html").is_file():
            write_reports(folder)
    return folder / "outputs" / "2026"


@pytest.fixture(scope="session")
def album(reports: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The outputs of the sample agency with every page of ``PAGES``."""
    outputs = reports.parent
    with FileLock(_shared(tmp_path_factory) / "agency.lock"):
        if not (outputs / f"{PAGES['failure']}.html").is_file():
            write_rest(outputs.parent)
    return outputs
