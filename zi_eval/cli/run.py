"""The batch: reports of all units of a period."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from zi_eval.cli.options import FOLDER, PERIOD, STAGE
from zi_eval.cli.words import Command
from zi_eval.errors import ParameterError, ZiEvalError

if TYPE_CHECKING:
    from zi_eval.runs.batch import UnitResult

__all__ = ["run"]


@click.command(cls=Command)
@click.argument("units", nargs=-1, metavar="[UNIT…]")
@PERIOD
@STAGE
@click.option("--jobs", type=click.IntRange(1, 64), help="Banyaknya notebook serentak.")
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
@FOLDER
def run(
    units: tuple[str, ...],
    period: str,
    stage: str,
    jobs: int | None,
    force: bool,
    timeout: float,
    memory: int | None,
    folder: Path,
) -> None:
    """Buat laporan HTML tiap unit, lalu rekap instansi.

    Unit yang gagal tidak menghentikan yang lain; semuanya disebut di akhir. Unit yang tidak
    berubah sejak laporannya dibuat dilewati; run yang terhenti dilanjutkan dengan perintah sama.

    \b
    Contoh:
      zi-eval run --period 2026
      zi-eval run dpmptsp rsud-harapan --stage unit
    """
    from zi_eval.core.assessment import Stage
    from zi_eval.core.problems import has_errors
    from zi_eval.runs.batch import plan_recap, plan_units, run_recap, run_units
    from zi_eval.runs.ledger import open_ledger
    from zi_eval.runs.pool import Limits
    from zi_eval.workspace import Period

    found = Period.read(folder / "parameters" / period)
    if has_errors(found.problems):
        raise ParameterError(found.problems)
    names = list(dict.fromkeys(units)) or list(found.unit_files)
    if not names:
        raise ZiEvalError(
            f"Belum ada berkas unit di {found.folder}. Mulai dengan 'zi-eval import'."
        )
    outputs = folder / "outputs" / period
    workers = jobs or min(4, os.cpu_count() or 1)
    limits = Limits(timeout, None if memory is None else memory * 1_000_000)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends like Ctrl-C: nothing is left
    planned = plan_units(folder, found, names, Stage(stage), outputs)
    with open_ledger(outputs) as ledger:
        with _Progress(len(names)) as report:
            results = run_units(planned, ledger, workers, report, force, limits)
        failed = sorted((r for r in results if r.error), key=lambda r: r.unit)
        skipped = sum(result.is_skipped for result in results)
        unchanged = f" ({skipped} tidak berubah, dilewati)" if skipped else ""
        click.echo(
            f"{len(results) - len(failed)} dari {len(results)} laporan unit selesai{unchanged}."
        )
        for result in failed:
            click.echo(f"\nGagal: {result.unit}\n{_indent(result.error)}", err=True)
        index = run_recap(plan_recap(folder, found, Stage(stage), outputs), ledger, force, limits)
    click.echo(f"Rekap instansi: {index.resolve()}")
    if failed:
        click.echo(f"Gagal: {', '.join(result.unit for result in failed)}", err=True)
        sys.exit(1)


def _indent(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.splitlines())


class _Progress:
    """A progress bar in a terminal, one plain line a unit elsewhere."""

    def __init__(self, total: int) -> None:
        self.total, self.done = total, 0
        self.bar: Any = None

    def __enter__(self) -> Callable[[UnitResult], None]:
        if sys.stderr.isatty():
            from tqdm import tqdm

            self.bar = tqdm(total=self.total, unit="unit", desc="Laporan")
        return self.step

    def step(self, result: UnitResult) -> None:
        self.done += 1
        state = "gagal" if result.error else "tidak berubah" if result.is_skipped else "selesai"
        if self.bar is not None:
            self.bar.set_postfix_str(f"{result.unit} {state}")
            self.bar.update()
        else:
            place = f"[{self.done}/{self.total}]"
            click.echo(f"{place} {result.unit}: {state} ({result.seconds:.1f} detik)")

    def __exit__(self, *_: object) -> None:
        if self.bar is not None:
            self.bar.close()
