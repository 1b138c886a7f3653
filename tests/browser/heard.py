"""What a screen reader says of a screen, kept as a text that people can read aloud."""

from __future__ import annotations

import os
from pathlib import Path

from playwright.sync_api import Locator

__all__ = ["require_heard"]

GOLDEN = Path(__file__).with_name("golden")


def require_heard(place: Locator, name: str) -> None:
    """Compare the accessibility tree of a place with the kept one.

    With ``ZI_EVAL_UPDATE_GOLDEN`` in the environment, it is kept first: read it then.

    Raises
    ------
    AssertionError
        Where they differ, with the whole of what is heard.
    """
    heard, kept = place.aria_snapshot() + "\n", GOLDEN / f"{name}.yaml"
    if "ZI_EVAL_UPDATE_GOLDEN" in os.environ:
        kept.write_text(heard, encoding="utf-8")
    before = kept.read_text(encoding="utf-8") if kept.is_file() else ""
    assert heard == before, f"differs from {kept.name}:\n{heard}"
