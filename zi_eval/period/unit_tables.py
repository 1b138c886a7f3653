"""Tables of a period, one a unit: ``parameters/<period>/<folder>/<unit>.csv``, or xlsx."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from zi_eval.core.problems import Problem, nearest
from zi_eval.errors import ParameterError, WorkspaceError, ZiEvalError
from zi_eval.period.agency_file import AGENCY_FILE, declared_year
from zi_eval.period.reading import Period
from zi_eval.yaml_files.source import read_yaml

__all__ = ["SUFFIXES", "UnitTables", "plan_year", "unit_identity"]

SUFFIXES = (".csv", ".xlsx", ".xlsm", ".xls", ".ods")


@dataclass(frozen=True, slots=True)
class UnitTables:
    """The tables of one topic.

    Attributes
    ----------
    folder
        Under that of the period.
    name
        What one of them is called, e.g. ``tabel kinerja``.
    """

    folder: str
    name: str

    def find_all(self, home: Path) -> Mapping[str, Path]:
        """Return the tables of a period's folder by unit id, sorted by id.

        Of a unit that has two, the first: reading it says so, because which counts is not ours to
        guess.
        """
        folder = home / self.folder
        paths = sorted(folder.iterdir(), key=lambda p: p.name) if folder.is_dir() else []
        tables: dict[str, Path] = {}
        for path in paths:
            # ~$ is what Excel puts beside a workbook that is open.
            if path.suffix.lower() in SUFFIXES and not path.name.startswith((".", "~$")):
                tables.setdefault(path.stem, path)
        return tables

    def of_unit(self, home: Path, unit: str) -> list[Path]:
        """Return the tables of one unit; the folder, which may hold thousands, is not listed."""
        endings = (ending for suffix in SUFFIXES for ending in (suffix, suffix.upper()))
        paths = (home / self.folder / f"{unit}{ending}" for ending in endings)
        found: dict[tuple[int, int], Path] = {}
        for path in paths:
            # A folder, or a link that leads nowhere, is there too: reading it says what is wrong.
            # Where names have no case, .csv and .CSV are one file.
            with suppress(OSError, ValueError):
                there = os.lstat(path)
                found.setdefault((there.st_dev, there.st_ino), path)
        return sorted(found.values(), key=lambda path: path.name)

    def has(self, home: Path, unit: str) -> bool:
        """Whether a unit has a table, also one that cannot be read."""
        return bool(self.of_unit(home, unit))

    def find(self, home: Path, unit: str) -> Path:
        """Return the table of a unit.

        Raises
        ------
        WorkspaceError
            Where it has none; the nearest name is named.
        """
        tables = self.of_unit(home, unit)
        if tables:
            return tables[0]
        others = self.find_all(home)
        near = nearest(unit, others)
        hint = f"Mungkin maksudnya '{near}'." if near else f"Yang ada: {', '.join(others) or '-'}."
        raise WorkspaceError(f"Unit '{unit}' tidak punya tabel di {home / self.folder}. {hint}")

    def find_only(self, home: Path, unit: str) -> Path:
        """Return the table of a unit, of which there must not be two.

        Raises
        ------
        WorkspaceError
            As :meth:`find`.
        ParameterError
            Where it has two.
        """
        path, *others = self.of_unit(home, unit) or [self.find(home, unit)]
        if others:
            problem = Problem(
                code="dua-tabel",
                message=f"unit ini punya dua {self.name}: {path.name} dan {others[0].name}.",
                hint="Hapus atau pindahkan salah satunya.",
                file=str(path),
            )
            raise ParameterError((problem,))
        return path


def plan_year(folder: Period | Path) -> int:
    """Return the year of a period: what its agency file states (``tahun``), else in its name.

    Raises
    ------
    WorkspaceError
        Where neither holds one.
    """
    if isinstance(folder, Period):
        source, folder = folder.agency.source, folder.folder
    else:  # which need not be there yet
        source = read_yaml(folder / AGENCY_FILE)
    stated = declared_year(source)
    if stated is not None:
        return stated
    name = folder.resolve().name
    digits = next((name[i : i + 4] for i in range(len(name) - 3) if name[i : i + 4].isdigit()), "")
    if not digits:
        raise WorkspaceError(
            f"Folder {folder} tidak memuat tahun pada namanya. Tulis 'tahun: 2026' di "
            f"{AGENCY_FILE}-nya, atau beri nama seperti parameters/2026."
        )
    return int(digits)


def unit_identity(folder: Path, unit: str) -> tuple[str, str, str]:
    """Return name and kind of the unit and the agency's name; what cannot be read is empty.

    A unit or agency file with errors must not keep people from their tables.
    """
    try:
        period = Period.read(folder)
        agency = period.agency.agency.name if period.agency.agency else ""
        path = period.unit_files.get(unit)
        name, kind = period.read_head(path) if path else ("", "")
    except (ZiEvalError, OSError):
        return "", "", ""
    return name, kind, agency
