"""Everything beside a unit's file that speaks to its answers: the plan's table and the surveys.

A broken table never stops the unit that it is about: it is left out, and a warning says why.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from zi_eval.core.assessment import Assessment, Stage
from zi_eval.core.problems import Problem, Severity
from zi_eval.core.proposals import Proposal
from zi_eval.errors import ParameterError, ZiEvalError
from zi_eval.improvement.effort import UnitEffort
from zi_eval.improvement.load import load_unit_effort
from zi_eval.instruments import DEFAULT_INSTRUMENT
from zi_eval.pages.unit.data import UnitData
from zi_eval.performance.load import (
    FOLDER,
    find_plan,
    find_plans,
    has_plan,
    load_performance,
    read_plans,
)
from zi_eval.performance.table.peers import dump_peers
from zi_eval.performance.unit import UnitPerformance
from zi_eval.period.reading import Period
from zi_eval.survey.load import FOLDER as SURVEYS
from zi_eval.survey.load import find_surveys, read_surveys
from zi_eval.survey.unit import UnitSurveys
from zi_eval.trends.load import EarlierUnit, load_earlier, load_others

__all__ = ["PeerTexts", "load_unit_data", "propose_from_plan", "read_peer_texts", "unit_tables"]

DEFINITIONS = (".yaml", ".yml")


def unit_tables(folder: Path) -> Mapping[str, tuple[Path, ...]]:
    """Return every file on which the data of a unit depend, by unit id.

    These are its tables, whether they can be read or not, and the definitions of surveys.
    """
    files: dict[str, tuple[Path, ...]] = {}
    for home in (folder / FOLDER, folder / SURVEYS):
        paths = sorted(home.iterdir(), key=lambda p: p.name) if home.is_dir() else []
        seen = [path for path in paths if path.is_file() and not path.name.startswith((".", "~$"))]
        shared = tuple(path for path in seen if path.suffix.lower() in DEFINITIONS)
        of_unit: dict[str, tuple[Path, ...]] = {}
        for path in seen:
            if path not in shared:
                unit = path.name.partition(".")[0]
                of_unit[unit] = (*of_unit.get(unit, ()), path)
        for unit, own in of_unit.items():
            files[unit] = (*files.get(unit, ()), *own, *shared)
    return files


@dataclass(frozen=True, slots=True)
class PeerTexts:
    """What a run reads once of all plans of a period, and hands to each unit.

    Attributes
    ----------
    peers
        What each plan is compared with, by unit id, as one text.
    trouble
        Why the plans of other units cannot be read: a line for each error.
    """

    peers: Mapping[str, str] = field(default_factory=dict)
    trouble: Mapping[str, str] = field(default_factory=dict)


def read_peer_texts(folder: Path) -> PeerTexts:
    """Compare all plans of a period, so that no unit reads the tables of the others."""
    plans = find_plans(folder)
    if not plans:
        return PeerTexts()
    try:
        period = read_plans(folder, plans=plans)
    except ZiEvalError as error:
        return PeerTexts(trouble=dict.fromkeys(plans, str(error)))
    return PeerTexts(
        {unit: dump_peers(*period.peers_of(unit)) for unit in period.standings},
        {
            unit: "\n".join(str(p) for p in problems if p.severity is Severity.ERROR)
            for unit, problems in period.problems.items()
            if unit not in period.standings
        },
    )


def propose_from_plan(performance: UnitPerformance, source: str = "") -> tuple[Proposal, ...]:
    """Return what a unit's plan proposes; ``source`` says where its table stands."""
    found = (*performance.proposals, *performance.evidence)
    return tuple(replace(proposal, source=source) for proposal in found)


def _as_warnings(error: ZiEvalError, folder: Path) -> Iterator[Problem]:
    if isinstance(error, ParameterError):
        yield from (problem for problem in error.problems if isinstance(problem, Problem))
    else:
        yield Problem(code="data-tidak-terbaca", message=str(error), file=str(folder))


def load_unit_data(
    unit_file: str | Path, peers: str = "", stage: str | Stage = Stage.TPI
) -> UnitData:
    """Return the data of one unit besides its answers.

    Parameters
    ----------
    unit_file
        Path of ``parameters/<period>/<unit>.yaml``.
    peers
        As :func:`zi_eval.performance.load.load_performance`; a run that gives it makes the unit's
        pages of performance too.
    stage
        At which earlier periods are evaluated, the stage of the report.
    """
    path = Path(unit_file)
    home, unit = path.parent, path.stem
    problems: list[Problem] = []
    proposals: list[Proposal] = []
    performance: UnitPerformance | None = None
    surveys: UnitSurveys | None = None
    try:
        if has_plan(home, unit):
            performance = load_performance(home, unit, peers=peers)
            proposals += propose_from_plan(performance, f"{FOLDER}/{find_plan(home, unit).name}")
    except ZiEvalError as error:
        problems += _as_warnings(error, home / FOLDER)
    try:
        if unit in find_surveys(home):
            surveys = read_surveys(home, unit)
            proposals += surveys.proposals
            problems += surveys.problems
    except ZiEvalError as error:
        problems += _as_warnings(error, home)
    earlier, others = EarlierUnit(), tuple[Assessment, ...]()
    try:
        earlier = load_earlier(path, stage)
        problems += earlier.problems
        others = load_others(home)
    except ZiEvalError as error:
        problems += _as_warnings(error, home)
    effort: UnitEffort | None = None
    try:
        effort, found = load_unit_effort(path)
        problems += found
    except ZiEvalError as error:
        problems += _as_warnings(error, home)
    return UnitData(
        performance,
        surveys,
        _known(proposals, home) if proposals else (),
        tuple(replace(problem, severity=Severity.WARNING) for problem in problems),
        has_pages=performance is not None and bool(peers),
        earlier=earlier.periods,
        others=others,
        effort=effort,
    )


def _known(proposals: Iterable[Proposal], folder: Path) -> tuple[Proposal, ...]:
    """Return the proposals for questions of the period's instrument, in its order."""
    period = Period.read(folder)
    questions = period.load_instrument(period.instrument or DEFAULT_INSTRUMENT).questions
    order = {key: place for place, key in enumerate(questions)}
    known = (proposal for proposal in proposals if proposal.question in order)
    return tuple(sorted(known, key=lambda proposal: order[proposal.question]))
