"""Earlier periods of a unit and of its agency, read from the folders beside theirs.

Which folders these are, :mod:`zi_eval.period.earlier` says; whether an instrument can be compared
with an earlier one is data (:mod:`zi_eval.trends.matching_file`). An earlier period that cannot be
read never stops the present one: it is left out, and a warning says why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from zi_eval.core.agency import AgencyEvaluation
from zi_eval.core.assessment import Answer, Assessment, Final, Stage, Unit
from zi_eval.core.evaluation import Evaluation
from zi_eval.core.instrument import Instrument
from zi_eval.core.problems import Problem, Severity
from zi_eval.errors import InstrumentError, ParameterError, WorkspaceError, ZiEvalError
from zi_eval.period.agency_file import AGENCY_FILE
from zi_eval.period.answers import dump_value, parse_value
from zi_eval.period.declared import YAML_SUFFIXES
from zi_eval.period.earlier import earlier_folders, name_before
from zi_eval.period.evaluations import load_agency_evaluation
from zi_eval.period.reading import Period, kept
from zi_eval.trends.agency import AgencyTrends, Trends, agency_trends
from zi_eval.trends.earlier import Earlier, EarlierAgency, Matching, match_same
from zi_eval.trends.unit import unit_trends

__all__ = [
    "EarlierUnit",
    "agency_files",
    "dump_others",
    "earlier_files",
    "load_agency_trends",
    "load_earlier",
    "load_earlier_agencies",
    "load_others",
    "load_trends",
    "parse_others",
]

MOST_OTHERS = 12
"""How many units of the latest one tell how the TPI of their agency corrects."""


@dataclass(frozen=True, slots=True)
class EarlierUnit:
    """The earlier periods of a unit, oldest first, and why others were left out (warnings)."""

    periods: tuple[Earlier, ...] = ()
    problems: tuple[Problem, ...] = ()


def earlier_files(now: Period, units: Iterable[str]) -> dict[str, tuple[Path, ...]]:
    """Return the files of earlier periods on which the report of each unit depends."""
    found: dict[str, tuple[Path, ...]] = dict.fromkeys(units, ())
    for earlier in earlier_folders(now.folder):
        period = now.beside(earlier)
        shared = (earlier / AGENCY_FILE, period.rules_file)
        beside = tuple(file for file in shared if file is not None and file.is_file())
        files = period.unit_files
        for unit in found:
            if unit in files:
                found[unit] += (files[unit], *beside)
    return found


@kept
def load_others(now: Period) -> tuple[Assessment, ...]:
    """Return the answers of at most twelve units of the latest earlier period, spread evenly by id.

    From these every unit learns how often the TPI of its agency corrects; reading thousands for
    each of thousands would take longer than all else. Those that cannot be read are left out.
    """
    earlier = earlier_folders(now.folder)
    if not earlier or not (period := now.beside(earlier[-1])).is_sound:
        return ()
    files = list(period.unit_files.values())
    if len(files) > MOST_OTHERS:
        files = [files[place * len(files) // MOST_OTHERS] for place in range(MOST_OTHERS)]
    found = (period.read_unit(file)[0].assessment for file in files)
    return tuple(assessment for assessment in found if assessment is not None)


def dump_others(others: Sequence[Assessment]) -> Mapping[str, Any]:
    """Return what :func:`load_others` found as JSON, for a run to hand on; names are left out."""
    return {
        "units": [
            {
                "unit": item.unit.id,
                "instrument": item.instrument,
                "final": item.final.time.isoformat() if item.final else None,
                "answers": {
                    key: [dump_value(answer.unit), dump_value(answer.tpi)]
                    for key, answer in item.answers.items()
                },
            }
            for item in others
        ]
    }


def parse_others(content: Mapping[str, Any], instrument: Instrument) -> tuple[Assessment, ...]:
    """Return what :func:`dump_others` wrote: the answers to ``instrument``, nothing of another."""
    found = []
    for item in content["units"]:
        is_same = item["instrument"] == instrument.id
        answers = {
            key: Answer(parse_value(question, own), parse_value(question, tpi))
            for key, (own, tpi) in (item["answers"].items() if is_same else ())
            if (question := instrument.questions.get(key)) is not None
        }
        time = item["final"] and datetime.fromisoformat(item["final"])
        final = Final("", time) if time else None
        unit = Unit(item["unit"], item["unit"])
        found.append(Assessment(unit, item["instrument"], "", answers=answers, final=final))
    return tuple(found)


def agency_files(now: Period) -> tuple[Path, ...]:
    """Return every file of earlier periods on which the agency's trends depend."""
    return tuple(
        path
        for earlier in earlier_folders(now.folder)
        for path in sorted(earlier.iterdir(), key=lambda p: p.name)
        if path.suffix in YAML_SUFFIXES and path.is_file() and not path.name.startswith(".")
    )


def _as_warnings(error: ZiEvalError, folder: Path) -> Iterator[Problem]:
    found = error.problems if isinstance(error, (ParameterError, InstrumentError)) else ()
    problems = [p for p in found if isinstance(p, Problem) and p.severity is Severity.ERROR]
    if not problems:
        message = f"periode {folder.name} tidak ikut dibandingkan: {error}"
        yield Problem(
            code="periode-tidak-terbaca",
            message=message,
            severity=Severity.WARNING,
            file=str(folder),
        )
    for problem in problems:
        hint = f"{problem.hint} Periode {folder.name} tidak ikut dibandingkan.".strip()
        yield replace(problem, severity=Severity.WARNING, hint=hint)


def _match(before: Instrument, now: Instrument) -> Matching | None:
    if before.id == now.id:
        return match_same(before, now)
    # Checking a file's shape is heavy, and hardly any period needs it.
    from zi_eval.trends.matching_file import load_matching

    return load_matching(before, now)


def load_earlier(now: Period, file: Path, stage: str | Stage = Stage.TPI) -> EarlierUnit:
    """Evaluate a unit in every earlier period that has its file.

    Parameters
    ----------
    now, file
        The present period, and the unit's file in it.
    """
    found = [(now.beside(folder), file.stem) for folder in earlier_folders(now.folder)]
    files = [(period, past) for period, unit in found if (past := period.find_unit(unit))]
    if not files:
        return EarlierUnit()
    instrument = now.load_instrument() if now.instrument else now.read_unit(file)[1]
    periods: list[Earlier] = []
    problems: list[Problem] = []
    for period, past in files:
        try:
            evaluation = period.evaluate(past, Stage(stage))
            matching = _match(evaluation.instrument, instrument)
        except ZiEvalError as error:
            problems += _as_warnings(error, past.parent)
            continue
        if matching is None:
            problems.append(_unmatched(past, evaluation.instrument.id, instrument.id))
        else:
            periods.append(Earlier(evaluation, matching))
    return EarlierUnit(tuple(periods), tuple(problems))


def load_earlier_agencies(
    now: Period, instrument: Instrument, stage: str | Stage = Stage.TPI
) -> tuple[EarlierAgency, ...]:
    """Evaluate every unit of the earlier periods, oldest first; what cannot be read is left out.

    Parameters
    ----------
    instrument
        That of the present period.
    """
    found: list[EarlierAgency] = []
    for earlier in earlier_folders(now.folder):
        with suppress(ZiEvalError):  # a check of that period says why
            evaluation = load_agency_evaluation(now.beside(earlier), stage)
            matching = _match(evaluation.instrument, instrument)
            if matching is not None and evaluation.evaluations:
                found.append(EarlierAgency(evaluation, matching))
    return tuple(found)


def load_agency_trends(
    folder: Period | str | Path, agency: AgencyEvaluation
) -> AgencyTrends | None:
    """Compare an agency with its earlier periods; None where there is nothing to compare with."""
    now = Period.read(folder)
    return agency_trends(agency, load_earlier_agencies(now, agency.instrument, agency.stage))


def load_trends(
    folder: Period | str | Path,
    unit: str = "",
    stage: str | Stage = Stage.TPI,
    *,
    evaluate: Callable[[Period, Path, Stage], Evaluation] = Period.evaluate,
    evaluate_agency: Callable[[Period, Stage], AgencyEvaluation] = load_agency_evaluation,
) -> Trends:
    """Compare the periods of a unit, or of the agency where ``unit`` is empty.

    Parameters
    ----------
    evaluate, evaluate_agency
        Evaluate this period: with what speaks against the verdicts
        (:func:`zi_eval.case.evaluate_whole`), where they are shown beside other views.

    Raises
    ------
    WorkspaceError
        Where the unit is not there, or there is no earlier period to compare with.
    """
    now, at = Period.read(folder), Stage(stage)
    home = now.folder
    if not unit:
        agency = evaluate_agency(now, at)
        whole = load_agency_trends(now, agency)
        if whole is None:
            raise _nothing_earlier(home, "instansi ini")
        return Trends(agency.agency.name, agency.agency.remark, agency=whole)
    file = now.find(unit)
    evaluation, earlier = evaluate(now, file, at), load_earlier(now, file, at)
    own = unit_trends(evaluation, earlier.periods)
    if own is None:
        found = [str(problem) for problem in earlier.problems]
        raise _nothing_earlier(home, f"unit {unit}", found)
    remark = evaluation.agency.remark if evaluation.agency else ""
    return Trends(evaluation.assessment.unit.name, remark, own, problems=earlier.problems)


def _nothing_earlier(home: Path, what: str, reasons: Iterable[str] = ()) -> WorkspaceError:
    name = name_before(home)
    said = "".join(f"\n{reason}" for reason in reasons)
    return WorkspaceError(
        f"Belum ada periode sebelumnya dari {what} yang dapat dibandingkan. Taruh berkasnya di "
        f"{home.parent.name}/{name}.{said}"
    )


def _unmatched(file: Path, before: str, now: str) -> Problem:
    return Problem(
        code="instrumen-tanpa-padanan",
        message=f"periode {file.parent.name} memakai instrumen {before}, yang belum dipadankan "
        f"dengan {now}; periode itu tidak ikut dibandingkan.",
        severity=Severity.WARNING,
        file=str(file),
    )
