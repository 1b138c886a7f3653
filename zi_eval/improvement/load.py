"""What a better answer takes in one period: the instrument's defaults, a team's file over them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from zi_eval.core.instrument import Instrument
from zi_eval.core.problems import Problem, Severity, nearest, sort_problems
from zi_eval.errors import InstrumentError
from zi_eval.improvement.effort import UnitEffort
from zi_eval.improvement.effort_file import LoadedEffort, load_effort, parse_overlay
from zi_eval.instruments import DEFAULT_INSTRUMENT, available_instruments
from zi_eval.period.reading import OVERLAY_FILE, Period
from zi_eval.period.unit_file import declared_instrument
from zi_eval.yaml_files.source import read_yaml

__all__ = ["check_overlay", "load_period_effort", "load_unit_effort"]


def load_period_effort(
    folder: Path, instrument: Instrument
) -> tuple[LoadedEffort, tuple[Problem, ...]]:
    """Return the efforts of a period; a team's file with errors is left out and says why.

    Parameters
    ----------
    folder
        ``parameters/<period>/``.
    """
    try:
        return load_effort(instrument, folder / OVERLAY_FILE), ()
    except InstrumentError as error:
        found = tuple(problem for problem in error.problems if isinstance(problem, Problem))
        usual = load_effort(instrument)
        title = f"{usual.effort.title}; {OVERLAY_FILE} tidak dipakai karena salah"
        return replace(usual, effort=replace(usual.effort, title=title)), found


def load_unit_effort(unit_file: Path) -> tuple[UnitEffort, tuple[Problem, ...]]:
    """Return the efforts and limits of one unit, and what is wrong with the team's file.

    Parameters
    ----------
    unit_file
        Path of ``parameters/<period>/<unit>.yaml``.
    """
    period = Period.read(unit_file.parent)
    # Without an agency file each unit is taken by what its own file names.
    name = period.instrument or declared_instrument(
        read_yaml(unit_file), available_instruments(), DEFAULT_INSTRUMENT
    )
    loaded, problems = load_period_effort(unit_file.parent, period.load_instrument(name))
    return UnitEffort(loaded.effort, loaded.limits_of(unit_file.stem)), problems


def check_overlay(period: Period) -> tuple[Problem, ...]:
    """Check a team's file; a unit without a file of its own is a warning."""
    instrument = period.load_instrument(period.instrument or DEFAULT_INSTRUMENT)
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
