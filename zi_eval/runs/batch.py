"""All units of a period, then the agency's recap; one unit's failure never stops the others."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from zi_eval.core.assessment import Stage
from zi_eval.errors import ReportError, StorageError, TimeLimitError, ZiEvalError, describe_os_error
from zi_eval.files import file_stem, hash_file
from zi_eval.national.load import decision_files
from zi_eval.pages.agency.published import FailedReport, Published, dump_published
from zi_eval.performance.load import FOLDER
from zi_eval.period.agency_file import AGENCY_FILE
from zi_eval.period.feeders import feeder_files
from zi_eval.period.journal_file import journal_path
from zi_eval.period.reading import CALENDAR_FILE, OVERLAY_FILE, Period
from zi_eval.period.share import FOLDER as RUN
from zi_eval.period.share import dump_share
from zi_eval.recommendations.load import register_files
from zi_eval.recommendations.values import AGENCY
from zi_eval.runs.failures import clean_text
from zi_eval.runs.identity import RecapJob, UnitJob, environment_hash, job_identity
from zi_eval.runs.jobs import (
    LOG,
    PERFORMANCE,
    make_recap,
    make_unit_files,
    withdraw_failure_log,
    withdraw_old_pages,
    withdraw_recap,
    withdraw_unit_report,
    write_failure_log,
)
from zi_eval.runs.ledger import Entry, Ledger, State, read_ledger
from zi_eval.runs.pool import Call, Ended, Limits, run_calls
from zi_eval.runs.shares import Shares, compute_shares, is_handed_on, unit_tables
from zi_eval.runs.timings import Stopwatch
from zi_eval.starter import notebook_path
from zi_eval.trends.load import agency_files, earlier_files
from zi_eval.workplan.files import FOLDER as WORKPLANS

__all__ = [
    "UnitResult",
    "make_unit",
    "plan_recap",
    "plan_units",
    "run_recap",
    "run_units",
]

RECAP = ":rekap"
"""The recap's name in the ledger; no unit can have it."""
CHANGED = "Berkas berubah selagi laporan dibuat. Jalankan lagi."
LAST_WORDS = 5.0
"""Seconds a job has past its notebook's time, to keep the notebook with the cell it was at."""
Execute = Callable[[Iterable[Call], Limits], Generator[Ended, None, None]]


@dataclass(frozen=True, slots=True)
class UnitResult:
    """How one unit ended: ``failed`` with its ``error``, or ``done``; skipped if it was done."""

    unit: str
    state: State
    seconds: float = 0.0
    error: str = ""
    is_skipped: bool = False


def _hashes(period: Period) -> tuple[str, str, str]:
    """Return the hashes of the agency's file, of the rules and of the wording."""
    files = (period.folder / AGENCY_FILE, period.wording_file)
    agency, wording = (hash_file(f) if f is not None and f.is_file() else "" for f in files)
    return agency, period.rules().hash, wording


def _companions(period: Period) -> tuple[Path, ...]:
    """Return the files beside the units that count for each of them."""
    folder = period.folder
    shared = (folder / AGENCY_FILE, folder / OVERLAY_FILE)
    files = (*shared, period.rules_file, period.wording_file)
    return tuple(file for file in files if file is not None and file.is_file())


def _surroundings() -> tuple[tuple[str, str], ...]:
    """Return the pinned time and the time zone of this run, for processes on other machines."""
    pinned = os.environ.get("SOURCE_DATE_EPOCH", "")
    offset = datetime.now().astimezone().strftime("%z")
    # POSIX writes the hours to be added to reach UTC, so that Jakarta is <+07>-07:00.
    sign = "-" if offset.startswith("+") else "+"
    zone = f"<{offset}>{sign}{offset[1:3]}:{offset[3:5]}"
    return (("SOURCE_DATE_EPOCH", pinned), ("TZ", os.environ.get("TZ", zone)))


def plan_units(
    root: Path,
    period: Period,
    units: Iterable[str],
    stage: Stage,
    outputs: Path,
    seconds: float | None = None,
    shares: Shares | None = None,
) -> list[UnitJob]:
    """Return the job of each unit, in the order given.

    Parameters
    ----------
    seconds
        The time that the notebook of each has.
    shares
        What the run hands on, by default computed; it is to be written before a job is run.
    """
    files, environment = period.unit_files, environment_hash()
    companions, surroundings = _companions(period), _surroundings()
    notebook = notebook_path(root, "laporan_unit")
    performance_notebook = notebook_path(root, "kinerja_unit")
    names = list(units)
    feeders = feeder_files(period, names)
    earlier = earlier_files(period, names)
    of_unit, registers = unit_tables(period.folder), register_files(period, names)
    tables = {unit: (*of_unit.get(unit, ()), *registers[unit]) for unit in names}
    shares = shares or compute_shares(period)
    return [
        UnitJob(
            unit_file=files.get(unit) or period.find(unit),
            notebook=notebook,
            stage=stage.value,
            companions=companions + feeders[unit] + earlier[unit] + tables[unit],
            performance_notebook=performance_notebook if unit in shares.units else None,
            run=outputs / RUN,
            shares=shares.names_of(unit),
            shares_hash=shares.hash_of(unit),
            plan_trouble=shares.trouble.get(unit, ""),
            environment=environment,
            root=root,
            outputs=outputs,
            seconds=seconds,
            surroundings=surroundings,
        )
        for unit in names
    ]


def plan_recap(
    root: Path, period: Period, stage: Stage, outputs: Path, environment: str = ""
) -> RecapJob:
    """Return the recap's job, over all units of the period, the reports and logs that are there.

    ``environment`` is that of the units' jobs, where they are planned already.
    """
    agency, rules, wording = _hashes(period)
    files = period.unit_files
    feeders = feeder_files(period, files)
    entries = read_ledger(outputs)
    published = Published(
        reports=frozenset(
            unit for unit in files if (outputs / f"{file_stem(unit)}.html").is_file()
        ),
        failures={
            unit: _failure(entries[unit], outputs / f"{file_stem(unit)}{LOG}", root)
            for unit in files
            if unit in entries and entries[unit].error
        },
        pages=frozenset(
            unit for unit in files if (outputs / f"{file_stem(unit)}{PERFORMANCE}").is_file()
        ),
    )
    return RecapJob(
        notebook=notebook_path(root, "rekap_instansi"),
        stage=stage.value,
        agency_hash=agency,
        rules_hash=rules,
        wording_hash=wording,
        environment=environment or environment_hash(),
        units=",".join(
            " ".join((unit, *map(hash_file, (path, *feeders[unit], *_journal(path)))))
            for unit, path in files.items()
        ),
        published=dump_share(dump_published(published)),
        scores=tuple(
            file for unit in files if (file := outputs / f"{file_stem(unit)}.json").is_file()
        ),
        plans=_plan_hashes(period),
        earlier=(*agency_files(period), *_registers(period)),
        parameters=period.folder,
        root=root,
        outputs=outputs,
        run=outputs / RUN,
        surroundings=_surroundings(),
    )


def _journal(path: Path) -> tuple[Path, ...]:
    """Return the journal of a unit, where it has one: the recap tells how fast the TPI answered."""
    journal = journal_path(path)
    return (journal,) if journal.is_file() else ()


def _registers(period: Period) -> tuple[Path, ...]:
    """Return the tables of recommendations, of all periods, and of the TPN's decisions."""
    found = register_files(period, (*period.unit_files, AGENCY))
    of_tpn = decision_files(period)
    return (*(file for files in found.values() for file in files), *of_tpn)


def _plan_hashes(period: Period) -> str:
    """Return the hash of every file by which performance, work plans or calendar could change."""
    homes = [period.folder / name for name in (FOLDER, WORKPLANS)]
    paths = [path for home in homes if home.is_dir() for path in sorted(home.iterdir())]
    paths.append(period.folder / CALENDAR_FILE)
    return ",".join(f"{p.parent.name}/{p.name} {hash_file(p)}" for p in paths if p.is_file())


def _failure(entry: Entry, log: Path, root: Path) -> FailedReport:
    """Return the first line of why a unit failed, and its log's name where there is one."""
    reason = clean_text(entry.error, root).partition("\n")[0]
    return FailedReport(reason, log.name if log.is_file() else "")


def _enter(surroundings: Iterable[tuple[str, str]]) -> None:
    """Take over the run's environment: this process was forked from one that may be older."""
    for name, value in surroundings:
        if value:
            os.environ[name] = value
    if hasattr(time, "tzset"):
        time.tzset()


def _make_recap(job: RecapJob) -> dict[str, str]:
    _enter(job.surroundings)
    return make_recap(job)


def make_unit(job: UnitJob) -> tuple[str, dict[str, str]]:
    """Make one unit's files in this process; return the job's identity and the files' hashes.

    Raises
    ------
    ZiEvalError
        As :func:`make_unit_files`, and where an input changes while they are made.
    """
    _enter(job.surroundings)
    identity = job_identity(job)
    written = make_unit_files(job)
    if job_identity(job) != identity or not is_handed_on(job):
        raise ReportError(CHANGED)
    return identity, written


def _judge_end(ended: Ended, limits: Limits) -> tuple[State, str]:
    """Return the state a job ended in and, where it failed, why."""
    if ended.stopped == "time" or isinstance(ended.error, TimeLimitError):
        return State.TIMED_OUT, f"Melewati batas waktu {limits.seconds:g} detik (--timeout)."
    if ended.stopped:
        code = "" if ended.exit_code is None else f" (kode {ended.exit_code})"
        return State.FAILED, f"Prosesnya mati dua kali{code}, disisihkan."
    if isinstance(ended.error, MemoryError):
        return State.FAILED, "Memori tidak cukup (--memory)."
    if isinstance(ended.error, ZiEvalError):
        return State.FAILED, str(ended.error)
    if ended.error is not None:
        kind = type(ended.error).__name__
        return State.FAILED, f"Kesalahan yang tidak terduga, laporkan: {kind}: {ended.error}"
    return State.DONE, ""


def run_units(
    jobs: Iterable[UnitJob],
    ledger: Ledger,
    execute: Execute,
    report: Callable[[UnitResult], None],
    force: bool = False,
    limits: Limits | None = None,
    times: Stopwatch | None = None,
) -> list[UnitResult]:
    """Make the reports that are not done yet, each in a process of its own; keep the ledger.

    Parameters
    ----------
    execute
        Runs calls within limits and yields how each ended: :func:`run_calls` with its number of
        workers, or a cluster.
    report
        Called once for each unit as it ends, in the order in which they end.
    force
        Make also what is done and unchanged.
    limits
        Wall time and memory of each unit.
    times
        Takes how long comparing with the ledger took, and then all units.
    """
    limits, times = limits or Limits(), times or Stopwatch()
    results: list[UnitResult] = []
    waiting: dict[str, tuple[UnitJob, str]] = {}

    def end(result: UnitResult) -> None:
        results.append(result)
        report(result)

    with times.phase("memeriksa yang berubah"):
        hashes: dict[Path, str] = {}
        for job in jobs:
            try:
                waiting[job.unit] = job, job_identity(job, hashes)
            except OSError as gone:
                said = f"{job.unit_file}: {describe_os_error(gone)}."
                end(UnitResult(job.unit, State.FAILED, error=said))
        identities = {unit: identity for unit, (_, identity) in waiting.items()}
        done = frozenset[str]() if force else ledger.done(identities)
        for unit in identities:
            if unit in done:
                del waiting[unit]
                end(UnitResult(unit, State.DONE, is_skipped=True))
        ledger.record_waiting({unit: identity for unit, (_, identity) in waiting.items()})

    def calls() -> Iterator[Call]:
        for unit, (job, identity) in waiting.items():
            ledger.record(unit, identity, State.RUNNING)
            yield Call(unit, make_unit, (job,))

    began, processor = time.monotonic(), 0.0
    with contextlib.closing(execute(calls(), limits.with_grace(LAST_WORDS))) as ends:
        for ended in ends:
            job, identity = waiting[str(ended.key)]
            processor += ended.processor
            if isinstance(ended.error, StorageError):
                # Every other unit would fail alike; this one stays to be made again.
                withdraw_unit_report(job)
                raise StorageError(
                    f"{ended.error} Lalu jalankan lagi; yang selesai tetap tersimpan."
                )
            state, error = _judge_end(ended, limits)
            written: dict[str, str] = {}
            if error:
                withdraw_unit_report(job)
                failure = ended.error if isinstance(ended.error, ReportError) else ReportError()
                write_failure_log(job, state, error, failure.notebook, failure.source)
            else:
                withdraw_failure_log(job)
                identity, written = ended.value
                withdraw_old_pages(job, written)
            ledger.record(job.unit, identity, state, ended.seconds, error, written)
            end(UnitResult(job.unit, state, ended.seconds, error))
    if waiting:
        times.add("laporan unit", time.monotonic() - began, processor)
    return results


def run_recap(
    job: RecapJob,
    ledger: Ledger,
    force: bool = False,
    limits: Limits | None = None,
    times: Stopwatch | None = None,
) -> Path:
    """Make the recap unless it is done and unchanged; return the path of ``index.html``.

    Raises
    ------
    ZiEvalError
        Where it could not be made.
    """
    limits, times = limits or Limits(), times or Stopwatch()
    identity = job_identity(job)
    if force or not ledger.is_done(RECAP, identity):
        ledger.record(RECAP, identity, State.RUNNING)
        (ended,) = run_calls([Call(RECAP, _make_recap, (job,))], limits)
        times.add("rekap", ended.seconds, ended.processor)
        state, error = _judge_end(ended, limits)
        ledger.record(RECAP, identity, state, ended.seconds, error, ended.value)
        if error:
            withdraw_recap(job)
            raise ReportError(f"Rekap instansi gagal: {error}")
    return job.outputs / "index.html"
