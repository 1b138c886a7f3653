"""Where every unit of a period stands, read from the ledger and the folders; nothing is changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from zi_eval.core.assessment import Stage
from zi_eval.core.problems import has_errors
from zi_eval.errors import ZiEvalError, describe_os_error
from zi_eval.files import file_stem
from zi_eval.period.reading import Period
from zi_eval.runs.batch import RECAP, plan_units
from zi_eval.runs.identity import UnitJob, job_identity
from zi_eval.runs.jobs import LOG
from zi_eval.runs.ledger import Entry, State, is_held, read_ledger

__all__ = ["ReportStanding", "RunStatus", "UnitStatus", "read_status"]


class ReportStanding(StrEnum):
    """Where a unit stands for whoever looks; the values are said to people."""

    DONE = "selesai"
    STALE = "usang"
    FAILED = "gagal"
    TIMED_OUT = "melewati batas waktu"
    RUNNING = "sedang dibuat"
    WAITING = "menunggu"
    STOPPED = "terhenti"
    NEW = "belum dibuat"


@dataclass(frozen=True, slots=True)
class UnitStatus:
    """One unit: where it stands, why, and the log of its failure where there is one."""

    unit: str
    standing: ReportStanding
    reason: str = ""
    log: Path | None = None


@dataclass(frozen=True, slots=True)
class RunStatus:
    """A period's outputs as they are now.

    Attributes
    ----------
    is_running
        Whether a run is going on.
    has_ledger
        Whether there ever was a run.
    units
        The units that have a file, by id.
    remark
        Why it could not be judged which reports are stale, or empty.
    recap
        Path of the recap's page, None where it is not there.
    """

    period: str
    outputs: Path
    is_running: bool
    has_ledger: bool
    units: tuple[UnitStatus, ...]
    remark: str = ""
    recap: Path | None = None

    def count(self, standing: ReportStanding) -> int:
        """Return how many units stand there."""
        return sum(unit.standing is standing for unit in self.units)

    @property
    def ended(self) -> int:
        """How many units the run has behind it, or needs not touch."""
        open_ones = (ReportStanding.WAITING, ReportStanding.RUNNING)
        return len(self.units) - sum(map(self.count, open_ones))


def read_status(root: Path, period: str) -> RunStatus:
    """Read where the units of a period stand; a run may be going on meanwhile.

    Raises
    ------
    ZiEvalError
        Where there is no such period, or its ledger cannot be read.
    """
    found = Period.read(root / "parameters" / period)
    outputs = root / "outputs" / period
    is_running = is_held(outputs)
    entries = read_ledger(outputs)
    jobs, remark = _plan(root, found, outputs)
    units = tuple(
        _judge(unit, entries.get(unit), jobs.get(unit), outputs, is_running)
        for unit in found.unit_files
    )
    page = outputs / "index.html"
    is_made = RECAP in entries and entries[RECAP].state is State.DONE and page.is_file()
    return RunStatus(
        period, outputs, is_running, bool(entries), units, remark, page if is_made else None
    )


def _plan(root: Path, period: Period, outputs: Path) -> tuple[Mapping[str, UnitJob], str]:
    """Return the jobs that a run would have now, or why there can be none."""
    if has_errors(period.problems):
        return {}, str(period.problems[0])
    try:
        planned = plan_units(root, period, period.unit_files, Stage.TPI, outputs)
    except ZiEvalError as error:
        return {}, str(error).partition("\n")[0]
    return {job.unit: job for job in planned}, ""


def _judge(
    unit: str, entry: Entry | None, job: UnitJob | None, outputs: Path, is_running: bool
) -> UnitStatus:
    if entry is None:
        return UnitStatus(unit, ReportStanding.NEW)
    if entry.state in (State.RUNNING, State.WAITING):
        if is_running:
            running = entry.state is State.RUNNING
            return UnitStatus(unit, ReportStanding.RUNNING if running else ReportStanding.WAITING)
        stopped = entry.state is State.RUNNING
        return UnitStatus(unit, ReportStanding.STOPPED if stopped else ReportStanding.WAITING)
    if entry.state is State.DONE:
        reason = _staleness(entry, job, outputs)
        return UnitStatus(unit, ReportStanding.STALE if reason else ReportStanding.DONE, reason)
    late = entry.state is State.TIMED_OUT
    log = outputs / f"{file_stem(unit)}{LOG}"
    return UnitStatus(
        unit,
        ReportStanding.TIMED_OUT if late else ReportStanding.FAILED,
        entry.error.partition("\n")[0],
        log if log.is_file() else None,
    )


def _staleness(entry: Entry, job: UnitJob | None, outputs: Path) -> str:
    """Say why a report that was made would be made anew, or nothing."""
    if not entry.is_whole(outputs):
        return "berkas laporannya hilang atau diubah"
    if job is None:
        return ""
    try:
        known = (job_identity(replace(job, stage=stage.value)) for stage in Stage)
        return "" if entry.identity in known else "masukannya berubah sejak laporan dibuat"
    except OSError as error:
        return f"berkas unitnya tidak terbaca ({describe_os_error(error)})"
