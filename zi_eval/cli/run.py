"""The batch: reports of all units of a period."""

from __future__ import annotations

import signal
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from zi_eval.cli.chosen import choose_units
from zi_eval.cli.options import FOLDER, PERIOD, STAGE, UNITS
from zi_eval.cli.progress import (
    Pace,
    Progress,
    describe_duration,
    describe_number,
    describe_rate,
    describe_result,
    describe_timings,
)
from zi_eval.cli.telling import follow_journals, quoted, tell, tell_next, tell_reported
from zi_eval.cli.words import Command
from zi_eval.core.text import visible

if TYPE_CHECKING:
    from zi_eval.runs.batch import UnitResult
    from zi_eval.runs.period import PeriodRun

__all__ = ["run"]

MOST = 20
"""How many failures are told in full, and lines of one; the logs have them all."""


@click.command(cls=Command)
@UNITS
@PERIOD
@STAGE
@click.option(
    "--jobs", type=click.IntRange(1, 64), metavar="N", help="Banyaknya notebook serentak."
)
@click.option("--force", is_flag=True, help="Buat ulang juga yang tidak berubah.")
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    default=600.0,
    metavar="DETIK",
    help="Batas waktu tiap unit (bawaan: 600).",
)
@click.option(
    "--memory",
    type=click.IntRange(min=256),
    metavar="MB",
    help="Batas memori tiap unit (bawaan: tanpa batas).",
)
@click.option(
    "--scheduler", metavar="ALAMAT", help="Kerjakan di klaster Dask, mis. tcp://10.0.0.5:8786."
)
@click.option(
    "--storage",
    metavar="ALAMAT",
    help="Tempat tukar berkas dengan klaster, mis. s3://zi/tukar (bawaan: folder kerja bersama).",
)
@click.option("--timings", is_flag=True, help="Tampilkan ke mana waktunya habis.")
@FOLDER
def run(
    units: tuple[str, ...],
    period: str,
    stage: str,
    jobs: int | None,
    force: bool,
    timeout: float,
    memory: int | None,
    scheduler: str | None,
    storage: str | None,
    timings: bool,
    folder: Path,
) -> None:
    """Buat laporan HTML tiap unit, lalu rekap instansi.

    Unit yang gagal tidak menghentikan yang lain; semuanya disebut di akhir. Unit yang tidak
    berubah sejak laporannya dibuat dilewati; run yang terhenti dilanjutkan dengan perintah sama.

    \b
    Contoh:
      zi-eval run --period 2026
      zi-eval run dpmptsp rsud-harapan --stage unit
      zi-eval run --scheduler tcp://10.0.0.5:8786 --storage s3://zi/tukar
    """
    from zi_eval.runs.timings import Stopwatch

    times = Stopwatch() if timings else None
    from zi_eval.runs.period import run_period, warm_up
    from zi_eval.runs.pool import Limits

    if storage and not scheduler:
        raise click.UsageError("--storage hanya berguna bersama --scheduler.")
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends like Ctrl-C: nothing is left
    chosen = choose_units(units, period, folder)
    if scheduler is None:
        warm_up(chosen.folder, chosen.period, force=force)
    follow_journals(chosen.home)
    limits = Limits(timeout, None if memory is None else memory * 1_000_000)
    with _Terminal() as terminal:
        done = run_period(
            chosen.folder,
            chosen.period,
            chosen.units,
            stage=stage,
            workers=jobs,
            force=force,
            limits=limits,
            scheduler=scheduler,
            storage=storage,
            watch=terminal,
            times=times,
        )
    if times is not None:
        tell(describe_timings(times))
    tell(f"Rekap instansi: {done.recap.resolve()}")
    if done.failed:
        names = [result.unit for result in done.failed]
        rest = f" dan {describe_number(len(names) - MOST)} lagi" if len(names) > MOST else ""
        tell(f"Gagal: {', '.join(names[:MOST])}{rest}", err=True)
        tell_next(f"zi-eval check {quoted(names[0])}", "sebabnya, dengan baris", period, folder)
        sys.exit(1)
    if done.results:
        tell_reported(chosen.home, done.results[0].unit, period, folder)


class _Terminal(Progress):
    """Tells a terminal how a run goes."""

    def say(self, text: str) -> None:
        """Tell of the cluster."""
        tell(text, err=True)

    def units_over(self, run: PeriodRun) -> None:
        """Tell how the units ended; the recap comes next."""
        self.close()
        tell(_describe_end(run.results, self.pace))
        _tell_broken_plans(run.plan_trouble)
        for problem in run.astray[:MOST]:
            tell(f"\n{problem}", err=True)
        if len(run.astray) > MOST:
            rest = describe_number(len(run.astray) - MOST)
            tell(f"\n{rest} berkas lain tidak dibaca: lihat 'zi-eval check'.", err=True)
        _tell_failures(run.failed, run.outputs)


def _describe_end(results: Sequence[UnitResult], pace: Pace) -> str:
    """Say how many units are done, how the others ended, and how long it took."""
    done = sum(not result.error for result in results)
    counts = Counter(describe_result(result) for result in results)
    made = counts.pop("selesai", 0)
    how = [f"{describe_number(made)} dibuat"] if made else []
    how += [f"{describe_number(count)} {state}" for state, count in sorted(counts.items())]
    took = describe_duration(pace.seconds)
    took += f" ({describe_rate(pace.made / pace.seconds)})" if pace.made else ""
    of = f"{describe_number(done)} dari {describe_number(len(results))}"
    return f"{of} laporan unit selesai dalam {took}: {', '.join(how)}."


def _tell_broken_plans(trouble: Mapping[str, str]) -> None:
    """Say whose plan cannot be read, with the cells; their reports are made all the same."""
    for unit in list(trouble)[:MOST]:
        tell(f"\nTanpa halaman kinerja: {unit}\n{_indent(trouble[unit])}", err=True)
    if len(trouble) > MOST:
        rest = describe_number(len(trouble) - MOST)
        tell(f"\n{rest} tabel kinerja lain: lihat 'zi-eval kinerja check'.", err=True)


def _indent(text: str) -> str:
    lines = text.splitlines()
    if len(lines) > MOST:
        lines = [*lines[:MOST], f"dan {describe_number(len(lines) - MOST)} baris lagi"]
    return "\n".join(f"  {line}" for line in lines)


def _tell_failures(failed: Sequence[UnitResult], outputs: Path) -> None:
    from zi_eval.files import file_stem
    from zi_eval.runs.jobs import LOG

    for result in failed[:MOST]:
        log = outputs / f"{file_stem(result.unit)}{LOG}"
        said = f"\n  Catatan: {log}" if log.is_file() else ""
        tell(
            f"\nGagal: {visible(result.unit, is_line=True)}\n{_indent(result.error)}{said}",
            err=True,
        )
    if len(failed) > MOST:
        rest = describe_number(len(failed) - MOST)
        tell(f"\n{rest} kegagalan lain: lihat rekap, atau 'zi-eval status'.", err=True)
