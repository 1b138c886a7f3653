"""How fast the TPI answered the questions of each unit, from the journals of a period."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Final

from zi_eval.journal.unit_text import read_history
from zi_eval.period.journal_file import journal_path
from zi_eval.period.reading import Period
from zi_eval.similarities.values import Pace

__all__ = ["read_paces"]

LONGEST: Final = 60.0
"""Seconds that a pause counts at most: what is longer was spent elsewhere."""


def read_paces(folder: Period | str | Path) -> Mapping[str, Pace]:
    """Return how fast the TPI answered, by unit; units without a journal are left out."""
    paces = {}
    for unit, file in Period.read(folder).unit_files.items():
        if not journal_path(file).is_file():
            continue
        times = sorted(
            change.time
            for change in read_history(file)[0]
            if change.place.field == "tpi" and change.person.role.is_tpi and change.undoes is None
        )
        if len(times) > 1:
            gaps = [min((b - a).total_seconds(), LONGEST) for a, b in pairwise(times)]
            paces[unit] = Pace(len(times), sum(gaps) / len(gaps))
    return paces
