"""The performance tables of a period, each with its unit, its peers and its answers of the LKE.

::

    parameters/<period>/kinerja/<unit>.csv   or .xlsx, one table a unit
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from zi_eval.adapters.performance_table import PlanReading, read_plan
from zi_eval.core.assessment import Stage, Value
from zi_eval.core.performance import Finding
from zi_eval.core.performance_comparison import PeerFigures, compare_units
from zi_eval.core.performance_score import USUAL_RULES, AchievementRules
from zi_eval.core.performance_unit import UnitPerformance
from zi_eval.core.performance_watch import Standing, check_peers, evaluate_plan
from zi_eval.core.problems import Problem, nearest
from zi_eval.errors import ParameterError, WorkspaceError
from zi_eval.workspace import Period
from zi_eval.yaml_source import parse_yaml

__all__ = [
    "FOLDER",
    "PerformancePeriod",
    "find_plan",
    "find_plans",
    "load_performance",
    "plan_year",
    "read_plans",
]

FOLDER = "kinerja"
SUFFIXES = (".csv", ".xlsx", ".xlsm", ".xls", ".ods")


@dataclass(frozen=True, slots=True)
class PerformancePeriod:
    """All tables of a period that can be read; ``problems`` names those of all, by unit."""

    standings: Mapping[str, Standing]
    problems: Mapping[str, tuple[Problem, ...]]
    peers: Mapping[str, PeerFigures]
    findings: Mapping[str, tuple[Finding, ...]]


def find_plans(folder: Path) -> Mapping[str, Path]:
    """Return the tables of a period's folder by unit id, sorted by id.

    Raises
    ------
    WorkspaceError
        Where a unit has two of them: which one counts is not ours to guess.
    """
    home = folder / FOLDER
    plans: dict[str, Path] = {}
    for path in sorted(home.iterdir(), key=lambda p: p.name) if home.is_dir() else ():
        # ~$ is what Excel puts beside a workbook that is open.
        if path.suffix.lower() not in SUFFIXES or path.name.startswith((".", "~$")):
            continue
        if path.stem in plans:
            raise WorkspaceError(
                f"Unit {path.stem} punya dua tabel kinerja: {plans[path.stem].name} dan "
                f"{path.name}. Hapus atau pindahkan salah satunya."
            )
        plans[path.stem] = path
    return plans


def find_plan(folder: Path, unit: str) -> Path:
    """Return the table of a unit.

    Raises
    ------
    WorkspaceError
        Where it has none; the nearest name is named.
    """
    plans = find_plans(folder)
    if unit in plans:
        return plans[unit]
    near = nearest(unit, plans)
    hint = f"Mungkin maksudnya '{near}'." if near else f"Yang ada: {', '.join(plans) or '-'}."
    raise WorkspaceError(f"Unit '{unit}' tidak punya tabel di {folder / FOLDER}. {hint}")


def plan_year(folder: Path) -> int:
    """Return the year that a period's folder is named after.

    Raises
    ------
    WorkspaceError
        Where its name holds none.
    """
    name = folder.resolve().name
    digits = next((name[i : i + 4] for i in range(len(name) - 3) if name[i : i + 4].isdigit()), "")
    if not digits:
        raise WorkspaceError(
            f"Folder {folder} tidak memuat tahun pada namanya; beri nama seperti parameters/2026."
        )
    return int(digits)


def _read_all(folder: Path) -> dict[str, PlanReading]:
    year = plan_year(folder)
    units = _unit_names(folder)
    return {
        unit: read_plan(path, unit, year, *units.get(unit, ("", "")))
        for unit, path in find_plans(folder).items()
    }


def _unit_names(folder: Path) -> dict[str, tuple[str, str]]:
    """Return name and kind of each unit; a unit file that cannot be read leaves its plan alone."""
    plans = find_plans(folder)
    names: dict[str, tuple[str, str]] = {}
    for unit, path in Period.read(folder).unit_files.items():
        if unit not in plans:
            continue
        # Name and kind stand above the answers, which take nearly all of the time to read.
        head, _, _ = path.read_bytes().partition(b"\njawaban:")
        value = parse_yaml(head, str(path)).value
        if isinstance(value, dict):
            names[unit] = (str(value.get("nama") or ""), str(value.get("jenis") or ""))
    return names


def read_plans(folder: Path, rules: AchievementRules = USUAL_RULES) -> PerformancePeriod:
    """Read and evaluate every table of a period, each beside the others."""
    readings = _read_all(folder)
    standings = {
        unit: evaluate_plan(reading.plan, rules)
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


def load_performance(
    folder: str | Path, unit: str, cap: float | str | None = None
) -> UnitPerformance:
    """Evaluate one unit's performance among the units of its period.

    Parameters
    ----------
    folder
        The period's folder, e.g. ``parameters/2026``.
    cap
        Most an achievement counts for, in percent (default 120).

    Raises
    ------
    WorkspaceError
        Where the unit has no table.
    ParameterError
        With every problem, where its table has errors.
    """
    home = Path(folder)
    rules = USUAL_RULES if cap in (None, "") else AchievementRules(cap=_cap(cap))
    find_plan(home, unit)
    period = read_plans(home, rules)
    if unit not in period.standings:
        raise ParameterError(period.problems[unit])
    answers, agency = _answers(home, unit)
    return UnitPerformance(
        standing=period.standings[unit],
        peers=period.peers.get(unit, PeerFigures()),
        peer_findings=period.findings.get(unit, ()),
        problems=period.problems[unit],
        answers=answers,
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


def _answers(folder: Path, unit: str) -> tuple[Mapping[str, Value], tuple[str, str]]:
    period = Period.read(folder)
    agency = period.agency.agency
    said = (agency.name, agency.remark) if agency else ("", "")
    if unit not in period.unit_files:
        return {}, said
    assessment = period.read_unit(period.unit_files[unit])[0].assessment
    if assessment is None:
        return {}, said
    given = {key: answer.value(Stage.TPI) for key, answer in assessment.answers.items()}
    return {key: value for key, value in given.items() if value is not None}, said
