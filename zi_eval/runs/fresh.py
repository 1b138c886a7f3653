"""Processes forked from the warm one: what they come from, and which may run cells right here."""

from __future__ import annotations

import random
import sys
from typing import Final

__all__ = ["WARM_MODULE", "mark_fresh_process", "renew_chance", "take_fresh_process"]

WARM_MODULE: Final = "zi_eval.runs.warm"
"""Imported once by the fork server that every process is forked from; one server a program."""

_is_fresh = False


def mark_fresh_process() -> None:
    """Say that this process was made for notebooks, whose cells may run right here."""
    global _is_fresh
    _is_fresh = True


def take_fresh_process() -> bool:
    """Return whether this process was made for notebooks and runs none now.

    A second call says no, until the process is marked again: it serves one notebook at a time.
    """
    global _is_fresh
    is_fresh, _is_fresh = _is_fresh, False
    return is_fresh


def renew_chance() -> None:
    """Draw other random numbers than the process we were forked from, and its siblings."""
    random.seed()
    if "numpy.random" in sys.modules:
        sys.modules["numpy.random"].seed()
