"""The surveys of a unit: its tables read, evaluated and laid beside the LKE.

::

    parameters/<period>/survei/<unit>.<survey>.csv   or .xlsx, one row a respondent
    parameters/<period>/survei/<survey>.yaml         a team's own definition, laid over the usual
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from zi_eval.core.assessment import Stage, Value
from zi_eval.core.problems import Problem, nearest
from zi_eval.errors import ParameterError, WorkspaceError
from zi_eval.period.earlier import period_year
from zi_eval.period.reading import Period
from zi_eval.survey.definitions import read_survey
from zi_eval.survey.files import find_surveys, find_unit_surveys
from zi_eval.survey.result import RequiredIndex, SurveyResult
from zi_eval.survey.table.reader import read_responses
from zi_eval.survey.unit import UnitSurveys, index_marks
from zi_eval.survey.values import FOLDER, Survey

__all__ = [
    "FOLDER",
    "find_survey",
    "load_surveys",
    "read_surveys",
]


def find_survey(folder: Path, survey: str) -> tuple[Survey | None, tuple[Problem, ...]]:
    """Return a survey as this period defines it, and what is wrong with the team's own file."""
    return read_survey(survey, folder / FOLDER / f"{survey}.yaml")


def _evaluate(period: Period, unit: str) -> tuple[tuple[SurveyResult, ...], tuple[Problem, ...]]:
    results: list[SurveyResult] = []
    problems: list[Problem] = []
    for key, (path, *others) in find_unit_surveys(period, unit).items():
        if others:
            # Which one counts is not ours to guess.
            names = " dan ".join(table.name for table in (path, *others))
            problems.append(
                Problem(
                    code="tabel-ganda",
                    message=f"survei {key} unit {unit} punya lebih dari satu tabel: {names}.",
                    hint="Hapus atau pindahkan yang tidak dipakai.",
                    file=str(path),
                )
            )
            continue
        survey, found = find_survey(period.folder, key)
        # What is wrong with no file of its own is wrong with the name of this one.
        problems += [problem if problem.file else problem.at(str(path)) for problem in found]
        if survey is None:
            continue
        source, sheet = f"{FOLDER}/{path.name}", period.sheet_of(path)
        reading = read_responses(path, survey, unit, source, period_year(period), sheet)
        problems += reading.problems
        if reading.data is None:
            continue
        marks: tuple[RequiredIndex, ...] = ()
        if survey.lke_question and period.is_sound:
            instrument, rules = period.load_instrument(), period.rules()
            marks = index_marks(instrument, rules, survey.lke_question)
        results.append(SurveyResult(reading.data, marks))
    return tuple(results), tuple(problems)


def read_surveys(folder: Period | str | Path, unit: str) -> UnitSurveys:
    """Evaluate the surveys of a unit; files that cannot be used are named in ``problems``.

    Without any table the results are empty.

    Parameters
    ----------
    folder
        The period or its folder, e.g. ``parameters/2026``.
    """
    period = Period.read(folder)
    results, problems = _evaluate(period, unit)
    agency = period.agency.agency
    name, answers = _unit(period, unit)
    return UnitSurveys(
        unit=unit,
        name=name or unit,
        results=results,
        problems=problems,
        answers=answers,
        agency=agency.name if agency else "",
        remark=agency.remark if agency else "",
    )


def load_surveys(folder: Period | str | Path, unit: str) -> UnitSurveys:
    """Evaluate the surveys of a unit.

    Raises
    ------
    WorkspaceError
        Where the unit has no table; the nearest name is named.
    ParameterError
        With every problem, where none of its tables can be used.
    """
    period = Period.read(folder)
    units = find_surveys(period)
    if unit not in units:
        near = nearest(unit, units)
        hint = f"Mungkin maksudnya '{near}'." if near else f"Yang ada: {', '.join(units) or '-'}."
        raise WorkspaceError(
            f"Unit '{unit}' tidak punya tabel survei di {period.folder / FOLDER}. {hint}"
        )
    found = read_surveys(period, unit)
    if not found.results:
        raise ParameterError(found.problems)
    return found


def _unit(period: Period, unit: str) -> tuple[str, Mapping[str, Value]]:
    """Return a unit's name and its answers; a unit file that cannot be read leaves both empty."""
    path = period.find_unit(unit)
    assessment = period.read_unit(path)[0].assessment if path is not None else None
    if assessment is None:
        return "", {}
    given = {key: answer.value(Stage.TPI) for key, answer in assessment.answers.items()}
    return assessment.unit.name, {k: value for k, value in given.items() if value is not None}
