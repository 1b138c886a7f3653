"""What a better answer takes in one period, by default and by a team; and the ways of its units."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from zi_eval.core.assessment import Stage, Value
from zi_eval.core.evaluation import Evaluation
from zi_eval.core.instrument import Instrument, Question
from zi_eval.core.problems import Problem, Severity, has_errors, nearest, sort_problems
from zi_eval.errors import ArgumentError, InstrumentError, ParameterError, ZiEvalError
from zi_eval.improvement.effort import Limits, UnitEffort, check_limits
from zi_eval.improvement.effort_file import LoadedEffort, load_effort, parse_overlay
from zi_eval.improvement.programme import Unsolved
from zi_eval.improvement.way import Improvement, find_improvement
from zi_eval.period.reading import OVERLAY_FILE, Period, kept
from zi_eval.yaml_files.source import read_yaml

__all__ = [
    "check_overlay",
    "find_ways",
    "load_period_effort",
    "load_unit_effort",
    "parse_limits",
]

STAYS: Final = "tetap"
"""What people write for an answer that cannot rise."""

_Efforts = dict[str, tuple[LoadedEffort, tuple[Problem, ...]]]


@kept
def _efforts(period: Period) -> _Efforts:
    """Return the efforts of a period by instrument, filled as they are asked for."""
    return {}


def load_period_effort(
    period: Period, instrument: Instrument
) -> tuple[LoadedEffort, tuple[Problem, ...]]:
    """Return the efforts of a period; a team's file with errors is left out and says why."""
    efforts = _efforts(period)
    if instrument.id not in efforts:
        efforts[instrument.id] = _load(period, instrument)
    return efforts[instrument.id]


def _load(period: Period, instrument: Instrument) -> tuple[LoadedEffort, tuple[Problem, ...]]:
    try:
        return load_effort(instrument, period.folder / OVERLAY_FILE), ()
    except InstrumentError as error:
        found = tuple(problem for problem in error.problems if isinstance(problem, Problem))
        usual = load_effort(instrument)
        title = f"{usual.effort.title}; {OVERLAY_FILE} tidak dipakai karena salah"
        return replace(usual, effort=replace(usual.effort, title=title)), found


def load_unit_effort(
    folder: Period | Path, unit: str, instrument: Instrument
) -> tuple[UnitEffort, tuple[Problem, ...]]:
    """Return the efforts and limits of one unit, and what is wrong with the team's file.

    Parameters
    ----------
    folder
        The period or its folder.
    instrument
        That of the unit.
    """
    loaded, problems = load_period_effort(Period.read(folder), instrument)
    return UnitEffort(loaded.effort, loaded.limits_of(unit)), problems


def check_overlay(period: Period) -> tuple[Problem, ...]:
    """Check a team's file; a unit without a file of its own is a warning."""
    instrument = period.load_instrument()
    source, units = read_yaml(period.folder / OVERLAY_FILE), period.unit_files
    loaded, problems = parse_overlay(source, instrument, load_effort(instrument).effort)
    astray = [
        Problem(
            code="unit-tidak-ada",
            message=f"batas untuk unit '{unit}', yang berkasnya tidak ada.",
            hint=f"Mungkin maksudnya '{near}'." if (near := nearest(unit, units)) else "",
            severity=Severity.WARNING,
            file=source.name,
            line=source.line(("unit", unit)),
        )
        for unit in (loaded.units if loaded else ())
        if unit not in units
    ]
    return sort_problems([*problems, *astray])


def find_ways(
    folder: str | Path,
    units: Iterable[str],
    stage: str | Stage = Stage.TPI,
    *,
    target: str = "",
    most: Mapping[str, str] | None = None,
    fixed: Mapping[str, str] | None = None,
) -> tuple[tuple[Evaluation, Improvement], ...]:
    """Find the shortest way of units to a predicate, within the limits of the period and these.

    Parameters
    ----------
    folder
        ``parameters/<period>/``.
    target
        The predicate; that of the unit, or the one above it, where empty.
    most
        By question or node: the most steps it may rise, as typed; ``"tetap"`` for none.
    fixed
        By question: the answer that is planned already, as typed: a code, an index, or the counts
        of a ratio between semicolons.

    Returns
    -------
    Each unit's evaluation with its way; of one that cannot get there the way is None inside.

    Raises
    ------
    ArgumentError
        Where a limit or an answer cannot be read.
    ParameterError
        With every problem of the files, or of the limits.
    ZiEvalError
        Where a predicate or unit is not there, or a way cannot be proven to be the shortest.
    """
    period = Period.read(Path(folder))
    if has_errors(period.problems):
        raise ParameterError(period.problems)
    found = []
    for unit in dict.fromkeys(units):
        evaluation = period.evaluate(period.find(unit), Stage(stage))
        if target and target not in evaluation.verdicts:
            known = ", ".join(evaluation.verdicts)
            raise ZiEvalError(f"Predikat '{target}' tidak ada; pilih salah satu: {known}.")
        loaded = load_effort(evaluation.instrument, period.folder / OVERLAY_FILE)
        own = parse_limits(evaluation.instrument, most or {}, fixed or {})
        limits = loaded.limits_of(unit).joined(own)
        try:
            way = find_improvement(evaluation, loaded.effort, target, limits)
        except Unsolved as error:
            raise ZiEvalError(f"Jalan {unit} belum dapat dibuktikan ({error}).") from None
        found.append((evaluation, way))
    return tuple(found)


def parse_limits(
    instrument: Instrument, most: Mapping[str, str], fixed: Mapping[str, str]
) -> Limits:
    """Return limits as typed, or raise with everything wrong in them; see :func:`find_ways`."""
    for key, text in most.items():
        if text != STAYS and not text.isdecimal():
            raise ArgumentError(
                f"'{key}={text}': tulis banyaknya langkah, atau '{STAYS}'.", "limits"
            )
    steps = {key: 0 if text == STAYS else int(text) for key, text in most.items()}
    answers: dict[str, Value] = {}
    for key, text in fixed.items():
        question = instrument.questions.get(key)
        answers[key] = text if question is None else _parse_answer(question, text)
    limits = Limits(steps, answers)
    if problems := check_limits(instrument, limits):
        raise ParameterError(problems)
    return limits


def _parse_answer(question: Question, text: str) -> Value:
    """Return a typed answer: an option code, an index, or the counts of a ratio."""
    if question.scale.kind == "choice":
        return text
    try:
        numbers = tuple(float(part.strip().replace(",", ".")) for part in text.split(";"))
    except ValueError:
        numbers = ()
    asked = len(question.asked_inputs) if question.scale.kind == "ratio" else 1
    top = question.scale.top if question.scale.kind == "index" else float("inf")
    if len(numbers) != asked or not all(0 <= number <= top for number in numbers):
        wanted = (
            "; ".join(item.text for item in question.asked_inputs)
            if question.scale.kind == "ratio"
            else f"angka dari 0 sampai {question.scale.top:g}"
        )
        raise ArgumentError(f"'{question.id}={text}': isikan {wanted}.", "fixed")
    return numbers if question.scale.kind == "ratio" else numbers[0]
