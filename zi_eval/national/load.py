"""The TPN's decisions of a period: ``parameters/<period>/tpn/keputusan.csv`` or xlsx."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

from zi_eval.clock import today
from zi_eval.core.problems import Problem, Severity
from zi_eval.errors import ParameterError, ZiEvalError
from zi_eval.files import read_regular
from zi_eval.national.holders import Holder, Holders, aim_of, check_share, find_conflicts
from zi_eval.national.table.holders import read_holders
from zi_eval.national.table.reader import read_decisions
from zi_eval.national.values import NationalStage, NationalStages, Outcome
from zi_eval.period.earlier import earlier_folders, period_year
from zi_eval.period.reading import Period, kept
from zi_eval.period.unit_tables import UnitTables
from zi_eval.yaml_files.source import parse_yaml

__all__ = [
    "FOLDER",
    "HOLDERS",
    "NAME",
    "TABLES",
    "decision_files",
    "load_conflicts",
    "load_holders",
    "load_stages",
    "proposal_day",
    "stray_decisions",
]

FOLDER: Final = "tpn"
NAME: Final = "keputusan"
HOLDERS: Final = "pemegang"
TABLES: Final = UnitTables(FOLDER, "tabel keputusan")
NO_YEAR: Final = 2000


def stray_decisions(folder: Period | Path) -> tuple[Problem, ...]:
    """Return a warning for each table beside those of decisions and holders: none is read."""
    tables = TABLES.find_all(Period.read(folder).folder)
    return tuple(
        Problem(
            code="nama-berkas",
            message="tabel ini tidak dibaca.",
            hint=f"Tabel keputusan bernama {NAME}.csv atau .xlsx, tabel pemegang {HOLDERS}.csv "
            "atau .xlsx.",
            severity=Severity.WARNING,
            file=str(path),
        )
        for name, path in tables.items()
        if name not in (NAME, HOLDERS)
    )


def decision_files(period: Period) -> tuple[Path, ...]:
    """Return the tables of decisions and holders that a period's reports rest on."""
    found = list(TABLES.of_unit(period.folder, NAME))
    for folder in (period.folder, *reversed(earlier_folders(period.folder))):
        found += TABLES.of_unit(folder, HOLDERS)
        if folder != period.folder:
            found += TABLES.of_unit(folder, NAME)
    return tuple(found)


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
    return NationalStages(decisions, name, file, problems).as_of(today())


def load_holders(folder: Period | str | Path) -> Holders:
    """Return who of an agency holds a predicate: the table of this period or the last before it.

    What results of the TPN since then awarded and the table does not have is added.
    """
    return _load_holders(Period.read(folder))


@kept
def _load_holders(period: Period) -> Holders:
    if _has_bands(period):
        return Holders()
    folders = [period.folder, *reversed(earlier_folders(period.folder))]
    home = next((path for path in folders if TABLES.has(path, HOLDERS)), None)
    table = Holders() if home is None else _read_holders(period, home)
    known = {(item.unit, item.predicate) for item in table.items}
    added: list[Holder] = []
    early: list[Holder] = []
    names: list[str] = []
    for path in folders if home is None else folders[: folders.index(home) + 1]:
        decided = load_stages(period if path == period.folder else period.beside(path))
        for unit, stages in decided.units.items():
            result = stages.at(NationalStage.RESULT)
            if result is None or Outcome.PASSED not in (result.outcome, result.early):
                continue
            predicate = _target(period, path, unit)
            if result.early is not None:
                early.append(Holder(unit, predicate, result.day))
            elif predicate and (unit, predicate) not in known:
                known.add((unit, predicate))
                names.append(path.resolve().name)
                added.append(Holder(unit, predicate, result.day))
    # Who is to hold one is named; a predicate that is held already stands before it.
    added += [item for item in early if (item.unit, item.predicate) not in known]
    found = replace(table, items=(*table.items, *added), today=today())
    problems = (*table.problems, *found.dated_after(found.today))
    return replace(found, names=tuple(dict.fromkeys(names)), problems=problems)


def _has_bands(period: Period) -> bool:
    """Whether the instrument gives predicates by the total, so that nobody is proposed."""
    try:
        return bool(period.rules().bands)
    except ZiEvalError:  # the check of the period says why
        return False


def _read_holders(period: Period, home: Path) -> Holders:
    file = f"{FOLDER}/{TABLES.find(home, HOLDERS).name}"
    is_own = home == period.folder
    shown = file if is_own else f"{home.resolve().name}/{file}"
    try:
        path = TABLES.find_only(home, HOLDERS)
    except ParameterError as error:
        found = tuple(p for p in error.problems if isinstance(p, Problem))
        return Holders(file=shown, problems=found)
    year = period_year(period) or NO_YEAR
    own = period if is_own else period.beside(home)
    items, problems = read_holders(path, year, period.unit_files, own.sheet_of(path))
    return Holders(items, shown, problems=problems)


def _target(period: Period, home: Path, unit: str) -> str:
    """Return the predicate that a unit was proposed for in a period; empty where unknown."""
    own = period if home == period.folder else period.beside(home)
    file = own.unit_files.get(unit)
    if file is None:
        return ""
    # It stands above the answers, which take nearly all of the time to read.
    head, _, _ = read_regular(file).partition(b"\njawaban:")
    top = parse_yaml(head, str(file)).value
    return str(top.get("target") or "") if isinstance(top, dict) else ""


def load_conflicts(folder: Period | str | Path) -> tuple[tuple[str, Problem], ...]:
    """Return what contradicts the holders in a period, by unit id; empty of the agency itself."""
    return _load_conflicts(Period.read(folder))


@kept
def _load_conflicts(period: Period) -> tuple[tuple[str, Problem], ...]:
    holders = load_holders(period)
    if not holders:
        return ()
    readings = (period.read_unit(file)[0].assessment for file in period.unit_files.values())
    aims = [aim_of(assessment) for assessment in readings if assessment is not None]
    day = proposal_day(period)
    of_agency = check_share(holders, period.unit_files, day)
    return (*find_conflicts(holders, aims, day), *(("", problem) for problem in of_agency))


def proposal_day(period: Period) -> date:
    """Return when a period's proposals close by PermenPANRB 90/2021, unless announced otherwise."""
    return date(period_year(period) or NO_YEAR, 5, 31)
