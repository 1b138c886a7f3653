"""What nothing reads in a period's folder: tables of no unit, folders and files by other names."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from zi_eval.core.problems import Problem
from zi_eval.national.load import FOLDER as DECISIONS
from zi_eval.national.load import stray_decisions
from zi_eval.performance.load import FOLDER as PLANS
from zi_eval.performance.load import stray_plans
from zi_eval.period.reading import Period
from zi_eval.period.strays import stray_folders, stray_top_files
from zi_eval.recommendations.load import FOLDER as REGISTERS
from zi_eval.recommendations.load import stray_registers
from zi_eval.survey.files import stray_files
from zi_eval.survey.values import FOLDER as SURVEYS
from zi_eval.workplan.files import FOLDER as WORKPLANS
from zi_eval.workplan.files import stray_workplans

__all__ = ["find_astray"]

FOLDERS = (PLANS, SURVEYS, REGISTERS, WORKPLANS, DECISIONS)


def find_astray(period: Period, units: Iterable[str] = ()) -> tuple[Problem, ...]:
    """Return what people put into a period and nothing reads, of every topic.

    Parameters
    ----------
    units
        Only what differs from the names of these by its capitals; everything where empty.
    """
    found = (
        *stray_folders(period, FOLDERS),
        *stray_top_files(period, FOLDERS),
        *stray_plans(period),
        *stray_files(period),
        *stray_registers(period),
        *stray_workplans(period),
        *stray_decisions(period),
    )
    asked = {unit.casefold() for unit in units}
    return tuple(problem for problem in found if not asked or _unit_of(problem) in asked)


def _unit_of(problem: Problem) -> str:
    """Return which unit the file's name says, without capitals."""
    return Path(problem.file).name.partition(".")[0].casefold()
