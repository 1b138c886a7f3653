"""The performance tables of a period, each with its unit, its peers and its answers of the LKE.

::

    parameters/<period>/kinerja/<unit>.csv   or .xlsx, one table a unit
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from zi_eval.core.assessment import Stage, Value
from zi_eval.core.problems import Problem, has_errors
from zi_eval.errors import ParameterError, WorkspaceError, ZiEvalError
from zi_eval.performance.comparison import Compared, PeerFigures, compare_units, parse_peers
from zi_eval.performance.plan import PlanFinding
from zi_eval.performance.projection import PerformanceRules
from zi_eval.performance.proposals import TOPIC, Questions
from zi_eval.performance.rules_file import PART, parse_rules
from zi_eval.performance.score import AchievementRules
from zi_eval.performance.table.reader import PlanReading, read_plan
from zi_eval.performance.unit import UnitPerformance
from zi_eval.performance.watch import PlanStanding, check_peers, evaluate_plan
from zi_eval.period.reading import Period, kept
from zi_eval.period.share import read_share
from zi_eval.period.strays import stray_tables
from zi_eval.period.unit_tables import UnitTables, plan_year

if TYPE_CHECKING:
    from zi_eval.performance.agency import AgencyPerformance

__all__ = [
    "FOLDER",
    "PerformancePeriod",
    "find_plan",
    "find_plans",
    "has_plan",
    "load_agency_performance",
    "load_performance",
    "performance_rules",
    "read_plans",
    "stray_plans",
]

FOLDER = "kinerja"
TABLES = UnitTables(FOLDER, "tabel kinerja")
find_plan, find_plans, has_plan = TABLES.find, TABLES.find_all, TABLES.has


@dataclass(frozen=True, slots=True)
class PerformancePeriod:
    """All tables of a period that can be read; ``problems`` names those of all, by unit."""

    standings: Mapping[str, PlanStanding]
    problems: Mapping[str, tuple[Problem, ...]]
    peers: Mapping[str, PeerFigures]
    findings: Mapping[str, tuple[PlanFinding, ...]]

    def peers_of(self, unit: str) -> Compared:
        """Return what a unit is compared with, and what comparing it shows."""
        return self.peers.get(unit, PeerFigures()), self.findings.get(unit, ())


def stray_plans(folder: Period | Path) -> tuple[Problem, ...]:
    """Return a warning for each table of a unit that the period does not have."""
    period = Period.read(folder)
    return stray_tables(period, find_plans(period.folder).items())


@kept
def _read_one(period: Period, unit: str, path: Path) -> PlanReading:
    try:
        TABLES.find_only(period.folder, unit)
    except ParameterError as error:
        return PlanReading(None, tuple(p for p in error.problems if isinstance(p, Problem)))
    file = period.find_unit(unit)
    # A unit file that cannot be read leaves its plan alone.
    named = period.read_head(file) if file else ("", "")
    return read_plan(path, unit, plan_year(period), *named, sheet=period.sheet_of(path))


def performance_rules(folder: Period | Path) -> PerformanceRules:
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
    folder: Period | Path,
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
    period = Period.read(folder)
    own = performance_rules(period)
    tables = find_plans(period.folder) if plans is None else plans
    readings = {unit: _read_one(period, unit, path) for unit, path in tables.items()}
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


def load_agency_performance(folder: Period | str | Path) -> AgencyPerformance:
    """Return the performance of all units of a period; empty without any table.

    A table of no unit is left out: it would be ranked beside the unit it was meant for. Where the
    tables cannot be read at all, the reason stands in it: the recap shows it.
    """
    from zi_eval.performance.agency import AgencyPerformance

    try:
        period = Period.read(folder)
        found = _compared(period)
    except ZiEvalError as error:
        return AgencyPerformance(trouble=str(error))
    units = period.unit_files or found.problems
    return AgencyPerformance(
        {unit: standing for unit, standing in found.standings.items() if unit in units},
        {unit: problems for unit, problems in found.problems.items() if unit in units},
    )


@kept
def _compared(period: Period) -> PerformancePeriod:
    """Return all tables of a period, read and compared once."""
    return read_plans(period)


def load_performance(
    folder: Period | str | Path, unit: str, cap: float | str | None = None, run: str | Path = ""
) -> UnitPerformance:
    """Evaluate one unit's performance among the units of its period.

    Parameters
    ----------
    folder
        The period or its folder, e.g. ``parameters/2026``.
    cap
        Most an achievement counts for, in percent; by default what the agency file sets.
    run
        The folder in which a run hands on what the unit is compared with; the tables of the other
        units are then not read.

    Raises
    ------
    WorkspaceError
        Where the unit has no table.
    ParameterError
        With every problem, where its table has errors.
    """
    period = Period.read(folder)
    rules = None if cap in (None, "") else AchievementRules(cap=_cap(cap))
    return _evaluate_unit(period, unit, rules, str(run))


@kept
def _evaluate_unit(
    period: Period, unit: str, rules: AchievementRules | None, run: str
) -> UnitPerformance:
    plan = find_plan(period.folder, unit)
    share = read_share(run, unit)
    answers, (agency, remark, head), questions = _answers(period, unit)
    found = read_plans(period, rules, {unit: plan})
    if unit not in found.standings:
        raise ParameterError(found.problems[unit])

    def compare() -> Compared:
        if share is not None:
            return parse_peers(share)
        # Opens the tables of all units, which only a page of the performance needs.
        beside = _compared(period) if rules is None else read_plans(period, rules)
        return beside.peers_of(unit)

    return UnitPerformance(
        standing=found.standings[unit],
        compare=compare,
        problems=found.problems[unit],
        answers=answers,
        questions=questions,
        agency=agency,
        remark=remark,
        head=head,
    )


def _cap(cap: float | str | None) -> float:
    try:
        value = float(str(cap).replace(",", "."))
    except ValueError:
        value = 0.0
    if not 100 <= value < float("inf"):
        raise WorkspaceError(f"Batas capaian '{cap}' tidak sah; tulis angka 100 atau lebih.")
    return value


def _answers(
    period: Period, unit: str
) -> tuple[Mapping[str, Value], tuple[str, str, str], Questions]:
    """Return the answers of a unit, its agency's words and its head, and what a plan speaks to."""
    questions = period.load_instrument().links.get(TOPIC, {})
    agency = period.agency.agency
    said = (agency.name, agency.remark) if agency else ("", "")
    path = period.find_unit(unit)
    assessment = period.read_unit(path)[0].assessment if path is not None else None
    if assessment is None:
        return {}, (*said, ""), questions
    given = {key: answer.value(Stage.TPI) for key, answer in assessment.answers.items()}
    known = {key: value for key, value in given.items() if value is not None}
    return known, (*said, assessment.unit.head), questions
