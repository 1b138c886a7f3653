"""The work plans of a period, each with its unit and its answers of the LKE.

::

    parameters/<period>/rencana-zi/<unit>.xlsx   or .csv, one table a unit
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from zi_eval.core.assessment import Stage, Value
from zi_eval.core.evaluation import Evaluation
from zi_eval.core.problems import Problem
from zi_eval.errors import ParameterError, ZiEvalError
from zi_eval.period.reading import Period, kept
from zi_eval.period.unit_tables import plan_year
from zi_eval.workplan.files import FOLDER, TABLES
from zi_eval.workplan.monitoring import AgencyWorkPlans, monitor
from zi_eval.workplan.plan import WorkPlan
from zi_eval.workplan.proposals import TOPIC
from zi_eval.workplan.table.reader import WorkPlanReading, read_workplan
from zi_eval.workplan.unit import UnitWorkPlan

__all__ = [
    "load_agency_workplans",
    "load_workplan",
    "read_period_workplans",
    "surround_plan",
]


@kept
def read_period_workplans(period: Period) -> Mapping[str, WorkPlanReading]:
    """Read every table of a period once, by unit."""
    return {unit: _read(period, unit) for unit in TABLES.find_all(period.folder)}


def _read(period: Period, unit: str) -> WorkPlanReading:
    try:
        path = TABLES.find_only(period.folder, unit)
    except ParameterError as error:
        return WorkPlanReading(None, tuple(p for p in error.problems if isinstance(p, Problem)))
    file = period.find_unit(unit)
    name = period.read_head(file)[0] if file else ""
    questions = period.load_instrument().questions
    sheet = period.sheet_of(path)
    return read_workplan(path, unit, plan_year(period), questions, name, sheet)


def load_agency_workplans(folder: Period | str | Path, month: int | None = None) -> AgencyWorkPlans:
    """Return the plans of all units of a period at the end of a month; empty without any table.

    Parameters
    ----------
    month
        By default each plan's own last month that is reported.
    """
    try:
        period = Period.read(folder)
        found = read_period_workplans(period)
        instrument = period.load_instrument()
        standings = {
            unit: monitor(reading.plan, instrument, _answers(period, unit), month)
            for unit, reading in found.items()
            if reading.plan is not None and (unit in period.unit_files or not period.unit_files)
        }
    except ZiEvalError as error:
        return AgencyWorkPlans(trouble=str(error))
    return AgencyWorkPlans(standings, {unit: reading.problems for unit, reading in found.items()})


def _answers(period: Period, unit: str, stage: Stage = Stage.TPI) -> Mapping[str, Value]:
    path = period.find_unit(unit)
    assessment = period.read_unit(path)[0].assessment if path is not None else None
    if assessment is None:
        return {}
    given = {key: answer.value(stage) for key, answer in assessment.answers.items()}
    return {key: value for key, value in given.items() if value is not None}


def load_workplan(
    folder: Period | str | Path,
    unit: str,
    month: int | None = None,
    stage: Stage = Stage.TPI,
    evaluation: Evaluation | None = None,
) -> UnitWorkPlan:
    """Return one unit's work plan, beside its answers and scores.

    Parameters
    ----------
    folder
        The period or its folder, e.g. ``parameters/2026``.
    month
        At whose end it is looked at; by default the last that is reported.
    evaluation
        The unit's scores, where they are known; else its file is evaluated.

    Raises
    ------
    WorkspaceError
        Where the unit has no table.
    ParameterError
        With every problem, where its table has errors.
    """
    period = Period.read(folder)
    reading = _kept_reading(period, unit)
    if reading.plan is None:
        raise ParameterError(reading.problems)
    found = surround_plan(period, reading.plan, month, stage, evaluation)
    source = f"{FOLDER}/{TABLES.find(period.folder, unit).name}"
    return replace(found, problems=reading.problems, source=source)


def surround_plan(
    period: Period,
    plan: WorkPlan,
    month: int | None = None,
    stage: Stage = Stage.TPI,
    evaluation: Evaluation | None = None,
) -> UnitWorkPlan:
    """Return a plan beside its unit's answers and scores; parameters as :func:`load_workplan`.

    What is wrong with the unit's own file is said where that is checked.
    """
    instrument, file = period.load_instrument(), period.find_unit(plan.unit)
    answers = _answers(period, plan.unit, stage)
    if evaluation is None and file is not None:
        with suppress(ParameterError):
            evaluation = period.evaluate(file, stage)
    agency = period.agency.agency
    return UnitWorkPlan(
        standing=monitor(plan, instrument, answers, month),
        evaluation=evaluation,
        answers=answers,
        questions=instrument.links.get(TOPIC, {}),
        agency=agency.name if agency else "",
        remark=agency.remark if agency else "",
        head=evaluation.assessment.unit.head if evaluation else "",
    )


@kept
def _kept_reading(period: Period, unit: str) -> WorkPlanReading:
    TABLES.find(period.folder, unit)
    return _read(period, unit)
