"""Where the work plans of a period stand: ``parameters/<period>/rencana-zi/<unit>.xlsx`` or csv."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from zi_eval.core.problems import Problem
from zi_eval.period.reading import Period
from zi_eval.period.strays import stray_tables
from zi_eval.period.unit_tables import UnitTables

__all__ = ["FOLDER", "TABLES", "stray_workplans"]

FOLDER: Final = "rencana-zi"
TABLES: Final = UnitTables(FOLDER, "rencana kerja")


def stray_workplans(folder: Period | Path) -> tuple[Problem, ...]:
    """Return a warning for each table of a unit that the period does not have."""
    period = Period.read(folder)
    return stray_tables(period, TABLES.find_all(period.folder).items())
