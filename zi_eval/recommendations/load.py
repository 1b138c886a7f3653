"""The registers of a period: its tables by unit, with what earlier periods left open.

::

    parameters/<period>/tindak-lanjut/<unit>.csv   or .xlsx, one row a recommendation
    parameters/<period>/tindak-lanjut/instansi.csv  those to the agency itself

What is still open in the table of an earlier period appears in every later one by itself; a row
of the same origin and number in a later table says what became of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from zi_eval.core.problems import Problem, Severity
from zi_eval.errors import InstrumentError, ParameterError, ZiEvalError
from zi_eval.national.values import NationalStages
from zi_eval.period.earlier import earlier_folders, period_year
from zi_eval.period.reading import Period, kept
from zi_eval.period.strays import stray_tables
from zi_eval.period.unit_tables import UnitTables
from zi_eval.recommendations.table.reader import read_recommendations
from zi_eval.recommendations.values import AGENCY, Origin, Recommendation, Register, carry_over

__all__ = [
    "FOLDER",
    "NO_YEAR",
    "TABLES",
    "EarlierTables",
    "decision_entries",
    "load_earlier",
    "load_register",
    "load_registers",
    "register_files",
    "stray_registers",
]

FOLDER: Final = "tindak-lanjut"
TABLES: Final = UnitTables(FOLDER, "tabel tindak lanjut")
NO_YEAR: Final = 2000

Items = tuple[Recommendation, ...]


@kept
def _tables_of(period: Period) -> Mapping[str, Path]:
    return TABLES.find_all(period.folder)


def stray_registers(folder: Period | Path) -> tuple[Problem, ...]:
    """Return a warning for each table of a unit that the period does not have."""
    period = Period.read(folder)
    return stray_tables(period, _tables_of(period).items(), (AGENCY,))


@kept
def _read_table(period: Period, unit: str) -> tuple[Items, tuple[Problem, ...], str]:
    """Return what a unit's own table in one period holds, what is wrong, and its name."""
    if not TABLES.has(period.folder, unit):
        return (), (), ""
    name = f"{FOLDER}/{TABLES.find(period.folder, unit).name}"
    try:
        path = TABLES.find_only(period.folder, unit)
    except ParameterError as error:
        return (), tuple(p for p in error.problems if isinstance(p, Problem)), name
    try:
        questions = tuple(period.load_instrument().questions)
    except (InstrumentError, ZiEvalError):  # the period's own problems say it
        questions = ()
    year = period_year(period) or NO_YEAR
    items, problems = read_recommendations(path, year, questions, period.sheet_of(path))
    return items or (), problems, name


def _name(period: Period) -> str:
    return period.folder.resolve().name


@dataclass(frozen=True, slots=True)
class EarlierTables:
    """A unit's tables of the periods before one, the oldest first, and what is wrong with them.

    Attributes
    ----------
    last_file
        The table of the latest period that has one.
    """

    unit: str
    period: str
    tables: tuple[tuple[str, Items], ...]
    problems: tuple[Problem, ...]
    last_file: str

    def register(self, items: Items, file: str, problems: tuple[Problem, ...] = ()) -> Register:
        """Return the register with the items of the period's own table."""
        found = carry_over([*self.tables, (self.period, items)])
        said = (*self.problems, *problems)
        return Register(self.unit, self.period, found, file, said, self.last_file)


def load_earlier(folder: Period | str | Path, unit: str) -> EarlierTables:
    """Return a unit's tables of earlier periods; what is wrong with them are warnings."""
    period = Period.read(folder)
    tables: list[tuple[str, Items]] = []
    problems: list[Problem] = []
    last = ""
    for path in earlier_folders(period.folder):
        try:
            earlier = period.beside(path)
            items, found, file = _read_table(earlier, unit)
            last = file or last
        except ZiEvalError as error:
            found = (Problem(code="data-tidak-terbaca", message=str(error), file=str(path)),)
            items = ()
        tables.append((path.name, items))
        problems += (replace(problem, severity=Severity.WARNING) for problem in found)
    return EarlierTables(unit, _name(period), tuple(tables), tuple(problems), last)


def load_register(folder: Period | str | Path, unit: str) -> Register:
    """Return the recommendations to a unit in a period, with what earlier periods left open.

    A table that cannot be read gives nothing; its problems say why. Those of earlier tables are
    warnings, because they stand in another period.

    Parameters
    ----------
    unit
        A unit's id, or :data:`AGENCY`.
    """
    period = Period.read(folder)
    items, found, name = _read_table(period, unit)
    return load_earlier(period, unit).register(items, name, found)


def load_registers(folder: Period | str | Path) -> Mapping[str, Register]:
    """Return the registers of all units of a period that have any, and of the agency, by id.

    A table of no unit is left out (:func:`stray_registers` names it).
    """
    period = Period.read(folder)
    folders = (*(period.beside(path) for path in earlier_folders(period.folder)), period)
    named = {unit for place in folders for unit in _tables_of(place)}
    units = (unit for unit in (*period.unit_files, AGENCY) if unit in named)
    found = {unit: load_register(period, unit) for unit in units}
    return {unit: register for unit, register in found.items() if register or register.problems}


def register_files(now: Period, units: Iterable[str]) -> dict[str, tuple[Path, ...]]:
    """Return the tables of all periods on which the register of each unit depends."""
    found: dict[str, tuple[Path, ...]] = dict.fromkeys(units, ())
    for folder in (*earlier_folders(now.folder), now.folder):
        if (folder / FOLDER).is_dir():
            for unit in found:
                found[unit] += tuple(TABLES.of_unit(folder, unit))
    return found


def decision_entries(stages: NationalStages, unit: str) -> tuple[Recommendation, ...]:
    """Return an entry of a unit for each recommendation of the TPN.

    Numbers name period and stage, so that none comes twice.
    """
    found = stages.units.get(unit)
    return tuple(
        Recommendation(
            number=f"TPN-{stages.period}-{item.stage.value}",
            origin=Origin.TPN,
            text=item.recommendation,
            issued=item.day,
            note=item.condition,
        )
        for item in (found.decisions if found is not None else ())
        if item.recommendation
    )
