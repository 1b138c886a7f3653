"""All units of a period, then the agency's recap; one unit's failure never stops the others."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from zi_eval.core.assessment import Stage
from zi_eval.errors import ReportError, ZiEvalError
from zi_eval.files import hash_file
from zi_eval.instruments import DEFAULT_INSTRUMENT
from zi_eval.runs.identity import RecapJob, UnitJob, environment_hash, job_identity
from zi_eval.runs.jobs import make_recap, make_unit_report, withdraw_recap, withdraw_unit_report
from zi_eval.runs.ledger import Ledger, State
from zi_eval.runs.pool import Call, Ended, Limits, run_calls
from zi_eval.starter import notebook_path
from zi_eval.workspace import AGENCY_FILE, Period

__all__ = ["UnitResult", "plan_recap", "plan_units", "run_recap", "run_units"]

RECAP = ":rekap"
"""The recap's name in the ledger; no unit can have it."""


@dataclass(frozen=True, slots=True)
class UnitResult:
    """How one unit ended: ``failed`` with its ``error``, or ``done``; skipped if it was done."""

    unit: str
    state: State
    seconds: float = 0.0
    error: str = ""
    is_skipped: bool = False


def _hashes(period: Period) -> tuple[str, str]:
    agency = period.folder / AGENCY_FILE
    return hash_file(agency) if agency.is_file() else "", period.rules(DEFAULT_INSTRUMENT).hash


def plan_units(
    root: Path, period: Period, units: Iterable[str], stage: Stage, outputs: Path
) -> list[UnitJob]:
    """Return the job of each unit, in the order given."""
    agency, rules = _hashes(period)
    files, environment = period.unit_files, environment_hash()
    notebook = notebook_path(root, "laporan_unit")
    return [
        UnitJob(
            unit_file=files.get(unit) or period.find(unit),
            notebook=notebook,
            stage=stage.value,
            agency_hash=agency,
            rules_hash=rules,
            environment=environment,
            root=root,
            outputs=outputs,
        )
        for unit in units
    ]


def plan_recap(root: Path, period: Period, stage: Stage, outputs: Path) -> RecapJob:
    """Return the recap's job, over all units of the period and the reports that are there."""
    agency, rules = _hashes(period)
    files = period.unit_files
    reports = [unit for unit in files if (outputs / f"{unit}.html").is_file()]
    return RecapJob(
        notebook=notebook_path(root, "rekap_instansi"),
        stage=stage.value,
        agency_hash=agency,
        rules_hash=rules,
        environment=environment_hash(),
        units=",".join(f"{unit} {hash_file(path)}" for unit, path in files.items()),
        reports=",".join(reports),
        parameters=period.folder,
        root=root,
        outputs=outputs,
    )


def _run(job: UnitJob, identity: str) -> dict[str, str]:
    """Make one report, unless its inputs change while it is made."""
    written = make_unit_report(job)
    if job_identity(job) != identity:
        raise ReportError("Berkas berubah selagi laporan dibuat. Jalankan lagi.")
    return written


def _judge_end(ended: Ended, limits: Limits) -> tuple[State, str]:
    """Return the state a job ended in and, where it failed, why."""
    if ended.stopped == "time":
        return State.TIMED_OUT, f"Melewati batas waktu {limits.seconds:g} detik (--timeout)."
    if ended.stopped:
        return State.FAILED, f"Prosesnya mati dua kali (kode {ended.exit_code}), disisihkan."
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
    workers: int,
    report: Callable[[UnitResult], None],
    force: bool = False,
    limits: Limits | None = None,
) -> list[UnitResult]:
    """Make the reports that are not done yet, each in a process of its own; keep the ledger.

    Parameters
    ----------
    workers
        How many units at once.
    report
        Called once for each unit as it ends, in the order in which they end.
    force
        Make also what is done and unchanged.
    limits
        Wall time and memory of each unit.
    """
    limits = limits or Limits()
    results: list[UnitResult] = []
    running: dict[str, tuple[UnitJob, str]] = {}

    def end(result: UnitResult) -> None:
        results.append(result)
        report(result)

    def calls() -> Iterator[Call]:
        for job in jobs:
            try:
                identity = job_identity(job)
            except OSError as error:
                end(UnitResult(job.unit, State.FAILED, error=f"{job.unit_file}: {error.strerror}."))
                continue
            if not force and ledger.is_done(job.unit, identity):
                end(UnitResult(job.unit, State.DONE, is_skipped=True))
                continue
            ledger.record(job.unit, identity, State.RUNNING)
            running[job.unit] = (job, identity)
            yield Call(job.unit, _run, (job, identity))

    with contextlib.closing(run_calls(calls(), workers, limits)) as ends:
        for ended in ends:
            job, identity = running.pop(str(ended.key))
            state, error = _judge_end(ended, limits)
            if error:
                withdraw_unit_report(job)
            ledger.record(job.unit, identity, state, ended.seconds, error, ended.value)
            end(UnitResult(job.unit, state, ended.seconds, error))
    return results


def run_recap(
    job: RecapJob, ledger: Ledger, force: bool = False, limits: Limits | None = None
) -> Path:
    """Make the recap unless it is done and unchanged; return the path of ``index.html``.

    Raises
    ------
    ZiEvalError
        Where it could not be made.
    """
    limits = limits or Limits()
    identity = job_identity(job)
    if force or not ledger.is_done(RECAP, identity):
        ledger.record(RECAP, identity, State.RUNNING)
        (ended,) = run_calls([Call(RECAP, make_recap, (job,))], 1, limits)
        state, error = _judge_end(ended, limits)
        ledger.record(RECAP, identity, state, ended.seconds, error, ended.value)
        if error:
            withdraw_recap(job)
            raise ReportError(f"Rekap instansi gagal: {error}")
    return job.outputs / "index.html"
