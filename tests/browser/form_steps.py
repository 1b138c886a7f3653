"""What people do in a form, as steps for the browser tests."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.browser.lab import Server, open_notebook, run_all
from tests.sample import copy_sample
from tests.waiting import NET

__all__ = ["add_notebook", "drop_files", "make_folder", "open_form", "run_form", "wait_saved"]

SAVED = re.compile("^✓ (Tersimpan|Semua)")


def make_folder(folder: Path, root: Path) -> Path:
    """Make a working folder of the sample agency with the form notebooks."""
    copy_sample(folder, years=("2025", "2026", "2026-akip"))
    for name in ("isi_lke", "verifikasi_tpi"):
        (folder / "notebooks").mkdir(exist_ok=True)
        shutil.copy(root / "notebooks" / f"{name}.ipynb", folder / "notebooks")
    return folder


def add_notebook(folder: Path, source: str, name: str, **values: str) -> str:
    """Copy a form notebook with other parameters, so that it has a kernel of its own."""
    book = json.loads((folder / "notebooks" / f"{source}.ipynb").read_text(encoding="utf-8"))
    (cell,) = [c for c in book["cells"] if "parameters" in c["metadata"].get("tags", [])]
    given = {"period": "2026", "unit": "", "nama": "", **values}
    cell["source"] = [f"{key} = {value!r}\n" for key, value in given.items()]
    (folder / "notebooks" / f"{name}.ipynb").write_text(json.dumps(book), encoding="utf-8")
    return f"{name}.ipynb"


def open_form(page: Page, lab: Server, notebook: str) -> None:
    """Open a notebook whose parameters name unit and person, and wait for the form."""
    open_notebook(page, lab, notebook)
    run_form(page)


def run_form(page: Page) -> None:
    """Run the notebook and wait until the form can be used."""
    run_all(page)
    page.set_default_timeout(NET * 1000)
    page.wait_for_selector(".zi-form[data-ready]")


def wait_saved(page: Page) -> None:
    """Wait until the form says that everything is saved."""
    expect(page.locator(".zi-state")).to_have_text(SAVED)


def drop_files(page: Page, place: Locator, *files: Path) -> None:
    """Drag files of the machine over a place and let them go, as the browser itself does it."""
    place.scroll_into_view_if_needed()
    box = place.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    data = {"items": [], "files": [str(path) for path in files], "dragOperationsMask": 1}
    session = page.context.new_cdp_session(page)
    for kind in ("dragEnter", "dragOver", "drop"):
        session.send("Input.dispatchDragEvent", {"type": kind, "x": x, "y": y, "data": data})
    session.detach()
