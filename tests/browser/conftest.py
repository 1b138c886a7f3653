"""A real headless Chromium on the reports of the sample agency."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from zi_eval.cli import main

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


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser for one module: while it runs, its thread has an event loop that others trip on."""
    if CHROMIUM is None:
        if os.environ.get("ZI_EVAL_REQUIRE_BROWSER"):
            pytest.fail("ZI_EVAL_REQUIRE_BROWSER is set, but there is no chromium")
        pytest.skip("no chromium on this machine (Debian package 'chromium')")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def reports(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Path:
    """The folder of the sample agency's reports, run once."""
    folder = tmp_path_factory.mktemp("agency")
    shutil.copytree(root / "parameters", folder / "parameters")
    main(["run", "--period", "2026", "--folder", str(folder)])
    return folder / "outputs" / "2026"
