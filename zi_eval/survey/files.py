"""Which tables of responses a period's folder holds, by unit and survey; none is opened.

::

    parameters/<period>/survei/<unit>.<survey>.csv   or .xlsx, one row a respondent
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from zi_eval.core.problems import Problem, Severity
from zi_eval.period.reading import Period, kept
from zi_eval.period.strays import stray_tables
from zi_eval.survey.values import FOLDER

__all__ = ["find_surveys", "find_unit_surveys", "stray_files"]

SUFFIXES = (".csv", ".xlsx", ".xlsm", ".xls", ".ods")


def _tables(folder: Path, unit: str = "") -> list[Path]:
    """Return the tables of a folder, or those of a unit alone, sorted by name."""
    home, start = folder / FOLDER, f"{unit}." if unit else ""
    names = os.listdir(home) if home.is_dir() else []
    # ~$ is what Excel puts beside a workbook that is open.
    found = (name for name in names if name.startswith(start) and not name.startswith((".", "~$")))
    return [path for name in sorted(found) if (path := home / name).suffix.lower() in SUFFIXES]


def find_surveys(folder: Period | Path) -> Mapping[str, Mapping[str, tuple[Path, ...]]]:
    """Return the tables of a period's folder by unit and by survey, both sorted.

    More than one table of a survey is a problem of that unit alone:
    :func:`~zi_eval.survey.load.read_surveys` names it.
    """
    return _surveys_of(folder) if isinstance(folder, Period) else _sort(_tables(folder))


@kept
def find_unit_surveys(period: Period, unit: str) -> Mapping[str, tuple[Path, ...]]:
    """Return the tables of one unit by survey, sorted: of the others only the names are seen."""
    return _sort(_tables(period.folder, unit)).get(unit, {})


def _sort(tables: Iterable[Path]) -> Mapping[str, Mapping[str, tuple[Path, ...]]]:
    found: dict[str, dict[str, tuple[Path, ...]]] = {}
    for path in tables:
        unit, _, survey = path.stem.partition(".")
        if not unit or not survey:
            continue
        mine = found.setdefault(unit, {})
        mine[survey] = (*mine.get(survey, ()), path)
    return found


@kept
def _surveys_of(period: Period) -> Mapping[str, Mapping[str, tuple[Path, ...]]]:
    return find_surveys(period.folder)


def stray_files(folder: Period | Path) -> tuple[Problem, ...]:
    """Return a warning for each table whose name says no survey, or a unit that is not there."""
    period = Period.read(folder)
    unnamed = tuple(
        Problem(
            code="nama-berkas",
            message="nama berkas ini tidak menyebut unit dan surveinya; tidak dibaca.",
            hint="Beri nama <unit>.<survei>, mis. dpmptsp.ipak.csv.",
            severity=Severity.WARNING,
            file=str(path),
        )
        for path in _tables(period.folder)
        if not all(path.stem.partition(".")[::2])
    )
    tables = (
        (unit, path)
        for unit, surveys in find_surveys(period).items()
        for paths in surveys.values()
        for path in paths
    )
    return (*unnamed, *stray_tables(period, tables))
