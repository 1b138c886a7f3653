"""What people wait for on the screen of the app: the first page that can be used, and a new total.

    python -m tests.bench.screens [--clicks 40] [--busy 1]

Seconds by the clock, and beside them the processor seconds of the app with its kernels, which
other programs do not lengthen; the load of the machine stands in the first line. Clicks are
measured in the page itself, from the press to the changed total, first with the machine as it is,
then while so many processes compute for nothing.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psutil
from playwright.sync_api import Page, sync_playwright

from tests.browser.lab import Server, running_app
from tests.sample import ROOT, copy_sample

PAGES = {
    "start page": ("", "h1"),
    "form of a unit": ("buka/isi_lke?untuk=2026/puskesmas-sukamaju", ".zi-start button"),
    "form of the TPI": ("buka/verifikasi_tpi?untuk=2026/rsud-harapan", ".zi-start button"),
    "report of a unit": ("buka/laporan_unit?untuk=2026/dpmptsp", "#rendered_cells h1"),
    "recap": ("buka/rekap_instansi?untuk=2026", "#rendered_cells h1"),
}
"""Address below the app, and what can be used or read once it is there."""
QUESTION = "A.I.1.ii.b"
CLICK = """async ([question, code]) => {
  const total = document.querySelector(".zi-total");
  const before = total.textContent;
  const seen = new Promise((done) => new MutationObserver((_, watcher) => {
    if (total.textContent !== before) { watcher.disconnect(); done(performance.now()); }
  }).observe(total, { childList: true, characterData: true, subtree: true }));
  const start = performance.now();
  document.querySelector(
    `.zi-card[data-question="${question}"] .zi-answer input[value="${code}"]`).click();
  return (await seen) - start;
}"""


def spent(app: Server) -> float:
    """Return the processor seconds of the app and its kernels so far, the ended ones too."""
    own = psutil.Process(app.process.pid)
    total = 0.0
    for process in (own, *own.children(recursive=True)):
        with_ended = process.cpu_times()
        total += with_ended.user + with_ended.system
        total += with_ended.children_user + with_ended.children_system
    return total


def wait_until_warm(app: Server) -> None:
    """Wait until nothing of the app computes, so that the next page finds what a visitor finds."""
    before = -1.0
    while spent(app) - before > 0.05:
        before = spent(app)
        time.sleep(1)


def compute() -> None:
    """Compute for nothing, for ever."""
    while True:
        pass


def measure_pages(app: Server, page: Page) -> None:
    """Print how long each page takes until it can be used."""
    page.goto(app.address())
    for name, (path, wanted) in PAGES.items():
        wait_until_warm(app)
        used, started = spent(app), time.perf_counter()
        page.goto(app.url + path)
        page.wait_for_selector(wanted, state="visible")
        seconds = time.perf_counter() - started
        print(f"{name:18} {seconds:5.2f} s, of the app's processor {spent(app) - used:5.2f} s")


def measure_clicks(page: Page, count: int, name: str) -> None:
    """Print how long it is from a click to the new total."""
    shown = page.locator(f'.zi-card[data-question="{QUESTION}"]')
    chosen = shown.locator("input:checked").get_attribute("value")
    codes = [code for code in "ABC" if code != chosen][:2]
    waited = []
    for number in range(count):
        waited.append(page.evaluate(CLICK, [QUESTION, codes[number % 2]]))
    said = f"median {statistics.median(waited):.0f} ms, worst {max(waited):.0f} ms"
    print(f"click to new total, {name}: {said}")


def open_form(app: Server, page: Page) -> None:
    """Open a unit's form at its first area."""
    page.goto(app.url + PAGES["form of a unit"][0])
    page.get_by_label("Nama Anda").fill("Ukur")
    page.get_by_role("button", name="Buka", exact=True).click()
    page.locator(".zi-nav-link", has_text="Manajemen Perubahan").first.click()


def while_busy(count: int, work: Callable[[], None]) -> None:
    """Do some work while so many processes compute."""
    busy = [multiprocessing.Process(target=compute, daemon=True) for _ in range(count)]
    for process in busy:
        process.start()
    work()
    for process in busy:
        process.terminate()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--clicks", type=int, default=40)
    parser.add_argument("--busy", type=int, default=1)
    options = parser.parse_args()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = copy_sample(Path(name) / "zi", years=("2025", "2026"))
        shutil.copytree(ROOT / "notebooks", folder / "notebooks", dirs_exist_ok=True)
        chromium = shutil.which("chromium")
        with running_app(folder, "--warm", "1") as app:
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            page.set_default_timeout(120_000)
            measure_pages(app, page)
            wait_until_warm(app)
            open_form(app, page)
            measure_clicks(page, options.clicks, "nothing else asked")
            while_busy(
                options.busy,
                lambda: measure_clicks(page, options.clicks, f"{options.busy} busy"),
            )
            browser.close()


if __name__ == "__main__":
    main()
