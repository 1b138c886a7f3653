"""Everything that is wrong with the files of a period: each room is asked for its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from zi_eval.astray import find_astray
from zi_eval.calendar.load import load_deadlines
from zi_eval.core.assessment import Stage
from zi_eval.core.evaluation import Evaluation
from zi_eval.core.problems import Problem, Severity, sort_problems
from zi_eval.doubts.contradictions import find_contradictions
from zi_eval.doubts.load import place_statements
from zi_eval.doubts.packaged import load_contradictions
from zi_eval.errors import InstrumentError, WorkspaceError
from zi_eval.improvement.load import check_overlay
from zi_eval.letters.details_file import PART as LETTER
from zi_eval.letters.details_file import parse_letter
from zi_eval.letters.proposal_file import PART as PROPOSAL
from zi_eval.letters.proposal_file import parse_details
from zi_eval.performance.rules_file import PART as PERFORMANCE
from zi_eval.performance.rules_file import parse_rules
from zi_eval.period.agency_file import AGENCY_FILE
from zi_eval.period.reading import OVERLAY_FILE, WORDING_FILE, Period

__all__ = ["check_agency", "check_files", "check_tables", "find_problems", "find_table_problems"]


def check_agency(period: Period) -> tuple[Problem, ...]:
    """Return every problem of a period's shared files, those of the agency's sections too."""
    performance, letter = period.section(PERFORMANCE), period.section(LETTER)
    proposal: tuple[Problem, ...] = ()
    with suppress(InstrumentError):  # the period's own problems say it
        proposal = parse_details(period.section(PROPOSAL), period.rules().predicates)[1]
    calendar: tuple[Problem, ...] = ()
    with suppress(WorkspaceError):  # of a folder without a year nothing is due
        calendar = load_deadlines(period)[1]
    return (
        *period.problems,
        *parse_rules(performance)[1],
        *parse_letter(letter)[1],
        *proposal,
        *calendar,
    )


def check_files(paths: Iterable[Path]) -> tuple[Problem, ...]:
    """Check unit and agency files and return every problem of all of them, by file and line."""
    problems: list[Problem] = []
    periods: dict[Path, Period] = {}
    for path in paths:
        if not path.is_file():
            message = "berkas tidak ada."
            problems.append(Problem(code="berkas-tidak-ada", message=message, file=str(path)))
            continue
        folder = path.parent
        if folder not in periods:
            periods[folder] = Period.read(folder)
        period = periods[folder]
        if path.name == AGENCY_FILE:
            problems += check_agency(period)
        elif path.name == WORDING_FILE:
            problems += [problem for problem in period.problems if problem.file == str(path)]
        elif path.name == OVERLAY_FILE:
            problems += check_overlay(period)
        elif path != period.rules_file:
            problems += period.read_unit(path)[0].problems
            problems += _weighed(period, path)
    return sort_problems(dict.fromkeys(problems))


def _weighed(period: Period, path: Path) -> Iterator[Problem]:
    """Yield what a score warns of, as parts larger than their whole, and what contradicts itself.

    The same as every view of the unit says, each with its line.
    """
    reading = period.read_unit(path)[0]
    if reading.assessment is None or not period.is_sound:
        return
    for stage in Stage:
        evaluation = period.evaluate(path, stage)
        for problem in evaluation.card.problems:
            yield problem.at(str(path), reading.lines.get(f"jawaban.{problem.key}"))
        for doubt in find_contradictions(evaluation, load_contradictions(evaluation.instrument)):
            here, *others = place_statements(doubt, path.name, reading.lines).statements
            beside = ", ".join(f"{item.name} baris {item.line}" for item in others if item.line)
            yield Problem(
                code=doubt.code,
                message=doubt.what,
                hint=f"{doubt.remedy} Lihat juga {beside}." if beside else doubt.remedy,
                severity=Severity.WARNING,
                key=here.name,
                file=str(path),
                line=here.line,
            )


def check_tables(folders: Iterable[Path]) -> tuple[Problem, ...]:
    """Return what is astray in the periods, the errors of all tables, and who cannot be proposed.

    What else is odd in a table is told by the check of its topic.
    """
    from zi_eval.national.load import load_conflicts

    found: list[Problem] = []
    for period in (Period.read(folder) for folder in folders):
        found += find_astray(period)
        errors = (p for _, p in find_table_problems(period) if p.severity is Severity.ERROR)
        found += dict.fromkeys(errors)
        found += (problem for _, problem in load_conflicts(period))
    return tuple(found)


def find_problems(
    period: Period, evaluations: Iterable[Evaluation]
) -> Iterator[tuple[str | None, Problem]]:
    """Yield everything that is wrong with the files of a period, with the unit's id.

    It is None of what units share, and of a table that belongs to no unit.

    Parameters
    ----------
    evaluations
        Of the units that can be read.
    """
    shared = (*check_agency(period), *find_astray(period))
    yield from ((None, problem) for problem in shared)
    for unit, path in period.unit_files.items():
        yield from ((unit, problem) for problem in period.read_unit(path)[0].problems)
    for item in evaluations:
        yield from ((item.assessment.unit.id, problem) for problem in item.card.problems)
    for unit, problem in find_table_problems(period):
        yield unit if unit in period.unit_files else None, problem


def find_table_problems(period: Period) -> Iterator[tuple[str, Problem]]:
    """Yield what is wrong with the tables of a period, of whatever topic, with the unit's id.

    It is empty where a table is of all units.
    """
    from zi_eval.national.load import load_conflicts, load_holders, load_stages
    from zi_eval.performance.load import load_agency_performance
    from zi_eval.recommendations.load import load_registers
    from zi_eval.survey.files import find_surveys
    from zi_eval.survey.load import read_surveys
    from zi_eval.workplan.load import load_agency_workplans

    for unit, found in load_agency_performance(period).problems.items():
        yield from ((unit, problem) for problem in found)
    for unit, register in load_registers(period).items():
        yield from ((unit, problem) for problem in register.problems)
    for unit, found in load_agency_workplans(period).problems.items():
        yield from ((unit, problem) for problem in found)
    for unit in find_surveys(period):
        yield from ((unit, problem) for problem in read_surveys(period, unit).problems)
    yield from (("", problem) for problem in load_stages(period).problems)
    yield from (("", problem) for problem in load_holders(period).problems)
    yield from load_conflicts(period)
