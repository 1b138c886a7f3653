"""What a screen reader says of a screen, kept as a text that people can read aloud."""

from __future__ import annotations

import difflib
import os
from pathlib import Path

from playwright.sync_api import Locator

__all__ = ["require_heard"]

GOLDEN = Path(__file__).with_name("golden")


def require_heard(place: Locator, name: str, passing: str = "…") -> None:
    """Compare the accessibility tree of a place with the kept one.

    Parameters
    ----------
    passing
        What differs from run to run, as the name of a folder; kept as an ellipsis.

    With ``ZI_EVAL_UPDATE_GOLDEN`` in the environment, it is kept first: read it then.

    Raises
    ------
    AssertionError
        Where they differ, with the lines that do.
    """
    heard = place.aria_snapshot().replace(passing, "…") + "\n"
    kept = GOLDEN / f"{name}.yaml"
    if "ZI_EVAL_UPDATE_GOLDEN" in os.environ:
        kept.write_text(heard, encoding="utf-8")
    before = kept.read_text(encoding="utf-8") if kept.is_file() else ""
    told = difflib.unified_diff(before.splitlines(), heard.splitlines(), kept.name, "heard", n=1)
    assert heard == before, "\n".join(told)
