"""What people do in a form, as steps for the browser tests."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.sample import copy_sample

__all__ = ["drop_files", "make_folder", "wait_saved"]

SAVED = re.compile("^✓ (Tersimpan|Semua)")


def make_folder(folder: Path, root: Path) -> Path:
    """Make a working folder of the sample agency with the form notebooks."""
    copy_sample(folder, years=("2025", "2026", "2026-akip"))
    for name in ("isi_lke", "verifikasi_tpi"):
        (folder / "notebooks").mkdir(exist_ok=True)
        shutil.copy(root / "notebooks" / f"{name}.ipynb", folder / "notebooks")
    return folder


def wait_saved(page: Page) -> None:
    """Wait until the form says that everything is saved."""
    expect(page.locator(".zi-state")).to_have_text(SAVED)


def drop_files(page: Page, place: Locator, *files: Path) -> None:
    """Drag files of the machine over a place and let them go, as the browser itself does it."""
    place.hover()  # waits until it no longer moves and nothing lies over it
    box = place.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    data = {"items": [], "files": [str(path) for path in files], "dragOperationsMask": 1}
    session = page.context.new_cdp_session(page)
    for kind in ("dragEnter", "dragOver", "drop"):
        session.send("Input.dispatchDragEvent", {"type": kind, "x": x, "y": y, "data": data})
    session.detach()
