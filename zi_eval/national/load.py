"""The TPN's decisions of a period: ``parameters/<period>/tpn/keputusan.csv`` or xlsx."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from zi_eval.core.problems import Problem, Severity
from zi_eval.errors import ParameterError
from zi_eval.national.table.reader import read_decisions
from zi_eval.national.values import NationalStages
from zi_eval.period.earlier import period_year
from zi_eval.period.reading import Period, kept
from zi_eval.period.unit_tables import UnitTables

__all__ = ["FOLDER", "NAME", "TABLES", "decision_files", "load_stages", "stray_decisions"]

FOLDER: Final = "tpn"
NAME: Final = "keputusan"
TABLES: Final = UnitTables(FOLDER, "tabel keputusan")
NO_YEAR: Final = 2000


def stray_decisions(folder: Period | Path) -> tuple[Problem, ...]:
    """Return a warning for each table beside that of the decisions: none is read."""
    tables = TABLES.find_all(Period.read(folder).folder)
    return tuple(
        Problem(
            code="nama-berkas",
            message="tabel ini tidak dibaca.",
            hint=f"Tabel keputusan bernama {NAME}.csv atau {NAME}.xlsx.",
            severity=Severity.WARNING,
            file=str(path),
        )
        for name, path in tables.items()
        if name != NAME
    )


def decision_files(period: Period) -> tuple[Path, ...]:
    """Return the table of decisions of a period, and what else lies there under its name."""
    return tuple(TABLES.of_unit(period.folder, NAME))


def load_stages(folder: Period | str | Path) -> NationalStages:
    """Return the TPN's decisions on the units of a period; empty without a table."""
    return _load(Period.read(folder))


@kept
def _load(period: Period) -> NationalStages:
    home, name = period.folder, period.folder.resolve().name
    if not TABLES.has(home, NAME):
        return NationalStages()
    file = f"{FOLDER}/{TABLES.find(home, NAME).name}"
    try:
        path = TABLES.find_only(home, NAME)
    except ParameterError as error:
        found = tuple(p for p in error.problems if isinstance(p, Problem))
        return NationalStages(period=name, file=file, problems=found)
    year = period_year(period) or NO_YEAR
    decisions, problems = read_decisions(path, year, period.unit_files, period.sheet_of(path))
    return NationalStages(decisions, name, file, problems)
