"""The performance tables of a period, each with its unit, its peers and its answers of the LKE.

::

    parameters/<period>/kinerja/<unit>.csv   or .xlsx, one table a unit
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from zi_eval.core.assessment import Stage, Value
from zi_eval.core.problems import Problem, has_errors, nearest
from zi_eval.errors import ParameterError, WorkspaceError, ZiEvalError
from zi_eval.instruments import DEFAULT_INSTRUMENT
from zi_eval.performance.agency import AgencyPerformance
from zi_eval.performance.comparison import PeerFigures, compare_units
from zi_eval.performance.plan import PlanFinding
from zi_eval.performance.projection import PerformanceRules
from zi_eval.performance.proposals import TOPIC, Questions
from zi_eval.performance.rules_file import PART, parse_rules
from zi_eval.performance.score import AchievementRules
from zi_eval.performance.table.peers import parse_peers
from zi_eval.performance.table.reader import PlanReading, read_plan
from zi_eval.performance.unit import UnitPerformance
from zi_eval.performance.watch import PlanStanding, check_peers, evaluate_plan
from zi_eval.period.agency_file import declared_year
from zi_eval.period.reading import AGENCY_FILE, Period
from zi_eval.period.reading import SUFFIXES as UNIT_SUFFIXES
from zi_eval.yaml_files.source import parse_yaml, read_yaml

__all__ = [
    "FOLDER",
    "PerformancePeriod",
    "find_plan",
    "find_plans",
    "has_plan",
    "load_agency_performance",
    "load_performance",
    "performance_rules",
    "plan_year",
    "read_plans",
]

FOLDER = "kinerja"
SUFFIXES = (".csv", ".xlsx", ".xlsm", ".xls", ".ods")


@dataclass(frozen=True, slots=True)
class PerformancePeriod:
    """All tables of a period that can be read; ``problems`` names those of all, by unit."""

    standings: Mapping[str, PlanStanding]
    problems: Mapping[str, tuple[Problem, ...]]
    peers: Mapping[str, PeerFigures]
    findings: Mapping[str, tuple[PlanFinding, ...]]

    def peers_of(self, unit: str) -> tuple[PeerFigures, tuple[PlanFinding, ...]]:
        """Return what a unit is compared with, and what comparing it shows."""
        return self.peers.get(unit, PeerFigures()), self.findings.get(unit, ())


def find_plans(folder: Path) -> Mapping[str, Path]:
    """Return the tables of a period's folder by unit id, sorted by id.

    Of a unit that has two, the first: reading it says so, because which counts is not ours to
    guess.
    """
    home = folder / FOLDER
    paths = sorted(home.iterdir(), key=lambda p: p.name) if home.is_dir() else []
    plans: dict[str, Path] = {}
    for path in paths:
        if path.suffix.lower() in SUFFIXES and _is_table(path):
            plans.setdefault(path.stem, path)
    return plans


def _is_table(path: Path) -> bool:
    # ~$ is what Excel puts beside a workbook that is open.
    return not path.name.startswith((".", "~$"))


def _tables(folder: Path, unit: str) -> list[Path]:
    """Return the tables of one unit; the folder, which may hold thousands, is not listed."""
    endings = (ending for suffix in SUFFIXES for ending in (suffix, suffix.upper()))
    paths = (folder / FOLDER / f"{unit}{ending}" for ending in endings)
    found: list[Path] = []
    for path in paths:
        # Where names have no case, .csv and .CSV are one file.
        if path.is_file() and not any(path.samefile(other) for other in found):
            found.append(path)
    return sorted(found, key=lambda path: path.name)


def has_plan(folder: Path, unit: str) -> bool:
    """Whether a unit has a table, also one that cannot be read."""
    return bool(_tables(folder, unit))


def find_plan(folder: Path, unit: str) -> Path:
    """Return the table of a unit.

    Raises
    ------
    WorkspaceError
        Where it has none; the nearest name is named.
    """
    tables = _tables(folder, unit)
    if tables:
        return tables[0]
    plans = find_plans(folder)
    near = nearest(unit, plans)
    hint = f"Mungkin maksudnya '{near}'." if near else f"Yang ada: {', '.join(plans) or '-'}."
    raise WorkspaceError(f"Unit '{unit}' tidak punya tabel di {folder / FOLDER}. {hint}")


def plan_year(folder: Path) -> int:
    """Return the year of a period: what its agency file states (``tahun``), else in its name.

    Raises
    ------
    WorkspaceError
        Where neither holds one.
    """
    agency = folder / AGENCY_FILE
    stated = declared_year(read_yaml(agency)) if agency.is_file() else None
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


def _read_all(folder: Path, plans: Mapping[str, Path]) -> dict[str, PlanReading]:
    year = plan_year(folder)
    units = _unit_names(folder, plans)
    return {
        unit: _doubled(tables)
        if len(tables := _tables(folder, unit)) > 1
        else read_plan(path, unit, year, *units.get(unit, ("", "")))
        for unit, path in plans.items()
    }


def _doubled(tables: Sequence[Path]) -> PlanReading:
    problem = Problem(
        code="dua-tabel",
        message=f"unit ini punya dua tabel kinerja: {tables[0].name} dan {tables[1].name}.",
        hint="Hapus atau pindahkan salah satunya.",
        file=str(tables[0]),
    )
    return PlanReading(None, (problem,))


def _unit_file(folder: Path, unit: str) -> Path | None:
    paths = (folder / f"{unit}{suffix}" for suffix in sorted(UNIT_SUFFIXES))
    return next((path for path in paths if path.is_file()), None)


def _unit_names(folder: Path, plans: Mapping[str, Path]) -> dict[str, tuple[str, str]]:
    """Return name and kind of each unit; a unit file that cannot be read leaves its plan alone."""
    names: dict[str, tuple[str, str]] = {}
    for unit in plans:
        path = _unit_file(folder, unit)
        if path is None:
            continue
        # Name and kind stand above the answers, which take nearly all of the time to read.
        head, _, _ = path.read_bytes().partition(b"\njawaban:")
        value = parse_yaml(head, str(path)).value
        if isinstance(value, dict):
            names[unit] = (str(value.get("nama") or ""), str(value.get("jenis") or ""))
    return names


def performance_rules(folder: Path) -> PerformanceRules:
    """Return the limits and lights that the agency file of a period sets (``kinerja``).

    Raises
    ------
    ParameterError
        Where that file has errors: by other rules the figures would be others.
    """
    period = Period.read(folder)
    rules, problems = parse_rules(period.section(PART))
    is_read = period.agency.agency is not None or not has_errors(period.problems)
    if has_errors(problems) or not is_read:
        raise ParameterError((*period.problems, *problems))
    return rules


def read_plans(
    folder: Path,
    rules: AchievementRules | None = None,
    plans: Mapping[str, Path] | None = None,
) -> PerformancePeriod:
    """Read and evaluate every table of a period, each beside the others.

    Parameters
    ----------
    rules
        Limits of an achievement instead of those of the agency file.
    plans
        The tables by unit, where not all of the period.
    """
    own = performance_rules(folder)
    readings = _read_all(folder, find_plans(folder) if plans is None else plans)
    standings = {
        unit: evaluate_plan(reading.plan, rules or own.achievement, own.lights)
        for unit, reading in readings.items()
        if reading.plan is not None
    }
    together = tuple(standings.values())
    return PerformancePeriod(
        standings=standings,
        problems={unit: reading.problems for unit, reading in readings.items()},
        peers=compare_units(together),
        findings=check_peers(together),
    )


def load_agency_performance(folder: str | Path) -> AgencyPerformance:
    """Return the performance of all units of a period; empty without any table.

    Where the tables cannot be read at all, the reason stands in it: the recap shows it.
    """
    home = Path(folder)
    try:
        if not find_plans(home):
            return AgencyPerformance()
        period = read_plans(home)
    except ZiEvalError as error:
        return AgencyPerformance(trouble=str(error))
    return AgencyPerformance(period.standings, period.problems)


def load_performance(
    folder: str | Path, unit: str, cap: float | str | None = None, peers: str = ""
) -> UnitPerformance:
    """Evaluate one unit's performance among the units of its period.

    Parameters
    ----------
    folder
        The period's folder, e.g. ``parameters/2026``.
    cap
        Most an achievement counts for, in percent; by default what the agency file sets.
    peers
        What :func:`zi_eval.performance.table.peers.dump_peers` wrote of the unit's peers; the
        tables of the other units are then not read.

    Raises
    ------
    WorkspaceError
        Where the unit has no table.
    ParameterError
        With every problem, where its table has errors.
    """
    home = Path(folder)
    rules = None if cap in (None, "") else AchievementRules(cap=_cap(cap))
    plan = find_plan(home, unit)
    own = read_plans(home, rules, {unit: plan})
    if unit not in own.standings:
        raise ParameterError(own.problems[unit])
    figures, findings = parse_peers(peers) if peers else read_plans(home, rules).peers_of(unit)
    answers, agency, questions = _answers(home, unit)
    return UnitPerformance(
        standing=own.standings[unit],
        peers=figures,
        peer_findings=findings,
        problems=own.problems[unit],
        answers=answers,
        questions=questions,
        agency=agency[0],
        remark=agency[1],
    )


def _cap(cap: float | str | None) -> float:
    try:
        value = float(str(cap).replace(",", "."))
    except ValueError:
        value = 0.0
    if not 100 <= value < float("inf"):
        raise WorkspaceError(f"Batas capaian '{cap}' tidak sah; tulis angka 100 atau lebih.")
    return value


def _answers(folder: Path, unit: str) -> tuple[Mapping[str, Value], tuple[str, str], Questions]:
    """Return the answers of a unit, what its agency says, and the questions a plan speaks to."""
    period = Period.read(folder)
    usual = period.load_instrument(period.instrument or DEFAULT_INSTRUMENT)
    questions = usual.links.get(TOPIC, {})
    agency = period.agency.agency
    said = (agency.name, agency.remark) if agency else ("", "")
    path = _unit_file(folder, unit)
    assessment = period.read_unit(path)[0].assessment if path is not None else None
    if assessment is None:
        return {}, said, questions
    given = {key: answer.value(Stage.TPI) for key, answer in assessment.answers.items()}
    return {key: value for key, value in given.items() if value is not None}, said, questions
