"""A whole run: the reports of a period's units, then the agency's recap.

What it takes to plan one is imported by the run itself, while the warm process comes up beside it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from zi_eval.core.assessment import Stage
from zi_eval.errors import ParameterError, ZiEvalError
from zi_eval.files import remove_unfinished
from zi_eval.runs.ledger import is_all_done, open_ledger
from zi_eval.runs.pool import Call, Limits, run_calls, start_server, warm_times
from zi_eval.runs.timings import Stopwatch

if TYPE_CHECKING:
    from zi_eval.core.problems import Problem
    from zi_eval.runs.batch import Execute, UnitResult

__all__ = ["SECONDS", "PeriodRun", "Watch", "run_period", "warm_up"]

SECONDS = 600.0
"""The time each unit has, where nobody says otherwise."""
MOST_WORKERS = 4


@dataclass(frozen=True, slots=True)
class PeriodRun:
    """How a run went.

    Attributes
    ----------
    outputs
        Where everything was written.
    results
        How each unit ended, in the order in which they did.
    plan_trouble
        By unit: why there are no pages of its performance.
    astray
        What people put into the period's folder and nothing reads.
    """

    outputs: Path
    results: tuple[UnitResult, ...] = ()
    plan_trouble: Mapping[str, str] = field(default_factory=dict)
    astray: tuple[Problem, ...] = ()

    def __repr__(self) -> str:
        return f"{len(self.results)} unit dijalankan, {len(self.failed)} gagal: {self.recap}"

    @property
    def recap(self) -> Path:
        """The page of the agency, which is made last."""
        return self.outputs / "index.html"

    @property
    def failed(self) -> tuple[UnitResult, ...]:
        """The units that failed, by name."""
        return tuple(sorted((r for r in self.results if r.error), key=lambda r: r.unit))


class Watch(Protocol):
    """Who is told how a run goes."""

    def begin(self, total: int) -> None:
        """Hear how many units are to be made, or to be found unchanged."""

    def say(self, text: str) -> None:
        """Hear of the cluster what people should know."""

    def ended(self, result: UnitResult) -> None:
        """Hear of a unit that ended."""

    def units_over(self, run: PeriodRun) -> None:
        """Hear that all units ended; the recap comes next."""


class _Nobody:
    """Is told, and says nothing."""

    def begin(self, total: int) -> None:
        pass

    def say(self, text: str) -> None:
        pass

    def ended(self, result: UnitResult) -> None:
        pass

    def units_over(self, run: PeriodRun) -> None:
        pass


def warm_up(folder: Path, period: str, *, force: bool = False) -> None:
    """Start the process that units are forked from, where a run of the period will need it.

    A run does so by itself; who knows earlier that there will be one gains what lies between.
    """
    is_there = (folder / "parameters" / period).is_dir()
    if is_there and (force or not is_all_done(folder / "outputs" / period)):
        start_server()


def run_period(
    folder: str | Path,
    period: str,
    units: Iterable[str] = (),
    *,
    stage: str | Stage = Stage.TPI,
    workers: int | None = None,
    force: bool = False,
    limits: Limits | None = None,
    scheduler: str | None = None,
    storage: str | None = None,
    watch: Watch | None = None,
    times: Stopwatch | None = None,
) -> PeriodRun:
    """Make the report of each unit that changed since its last one, then the agency's recap.

    A unit that fails never stops the others; a run that was ended goes on where it was.

    Parameters
    ----------
    folder
        The working folder, with ``parameters/``; results go to its ``outputs/<period>/``.
    units
        Their ids; all units of the period where empty.
    workers
        Notebooks at the same time on this machine.
    force
        Make also what is done and unchanged.
    limits
        Wall time and memory of each unit; ten minutes where None.
    scheduler, storage
        The address of a Dask cluster that is to make the units, and of where files are exchanged
        with it.
    watch
        Is told of the progress.
    times
        Takes where the time goes.

    Raises
    ------
    ParameterError
        With every problem of the agency's file, where it has errors.
    WorkspaceError
        Where the period or a unit is not there.
    ReportError
        Where the recap cannot be made.
    """
    root, outputs = Path(folder), Path(folder) / "outputs" / period
    if scheduler is None:
        warm_up(root, period, force=force)

    from zi_eval.astray import find_astray
    from zi_eval.core.problems import has_errors
    from zi_eval.period.reading import Period
    from zi_eval.period.share import FOLDER as RUN
    from zi_eval.runs.batch import plan_recap, plan_units, run_recap, run_units
    from zi_eval.runs.shares import compute_shares

    watched, times = times, times or Stopwatch()
    times.end_start("memuat program")
    found = Period.read(root / "parameters" / period)
    if has_errors(found.problems):
        raise ParameterError(found.problems)
    for place in (found.folder, *(path for path in found.folder.iterdir() if path.is_dir())):
        remove_unfinished(place)
    names = list(dict.fromkeys(units)) or list(found.unit_files)
    if not names:
        raise ZiEvalError(
            f"Belum ada berkas unit di {found.folder}. Mulai dengan 'zi-eval import'."
        )
    watch, limits, stage = watch or _Nobody(), limits or Limits(SECONDS), Stage(stage)
    with times.phase("menyusun rencana"):
        shares = compute_shares(found)
        jobs = plan_units(root, found, names, stage, outputs, limits.seconds, shares)
    trouble = {job.unit: job.plan_trouble for job in jobs if job.plan_trouble}
    with open_ledger(outputs) as ledger:
        watch.begin(len(names))
        shares.write(outputs / RUN)
        with _place(scheduler, storage, workers, watch) as execute:
            results = run_units(jobs, ledger, execute, watch.ended, force, limits, times)
        run = PeriodRun(outputs, tuple(results), trouble, find_astray(found, units))
        watch.units_over(run)
        with times.phase("menyusun rencana rekap"):
            recap = plan_recap(root, found, stage, outputs, jobs[0].environment)
        run_recap(recap, ledger, force, limits, times)
    if watched is not None and times.has_any("rekap"):
        (warm,) = run_calls([Call("waktu", warm_times)])
        for name, wall, processor in warm.value:
            times.add(name, wall, processor, is_beside=True)
    return run


@contextmanager
def _place(
    scheduler: str | None, storage: str | None, workers: int | None, watch: Watch
) -> Iterator[Execute]:
    """Open the place where units are made: this machine, or a cluster."""
    if scheduler is None:
        yield partial(run_calls, workers=workers or min(MOST_WORKERS, os.cpu_count() or 1))
        return
    from zi_eval.runs.cluster import connect

    cluster = connect(scheduler, storage, watch.say)
    try:
        yield cluster.run_calls
    finally:
        cluster.close()
