"""The command line: the only place that prints and sets an exit code.

Everything heavy is imported inside the commands, so that ``zi-eval --help`` answers at once.
Exit codes: 0 done, 1 something failed or a file has errors, 2 a wrong command line, 130 stopped.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from zi_eval import __version__
from zi_eval.cli_words import Group, describe_usage_error
from zi_eval.errors import ParameterError, ProblemsError, ZiEvalError

if TYPE_CHECKING:
    from zi_eval.core.problems import Problem
    from zi_eval.runs.batch import UnitResult

__all__ = ["main"]

PATH = click.Path(path_type=Path)
FOLDER = click.option(
    "--folder", type=PATH, default=Path("."), metavar="DIR", help="Folder kerja (bawaan: di sini)."
)
STAGE = click.option(
    "--stage",
    type=click.Choice(["unit", "tpi"]),
    default="tpi",
    help="unit: jawaban unit; tpi (bawaan): jawaban TPI, jawaban unit bila TPI belum menjawab.",
)


@click.group(cls=Group, context_settings={"max_content_width": 100})
@click.version_option(__version__, message="zi-eval %(version)s", help="Tampilkan versi.")
def cli() -> None:
    """Penilaian mandiri Zona Integritas: dari jawaban LKE menjadi laporan.

    \b
    Contoh:
      zi-eval init zi-2026                       folder kerja baru dengan contoh
      zi-eval check                              periksa semua berkas
      zi-eval run --period 2026                  laporan semua unit dan rekap instansi
      zi-eval score parameters/2026/dpmptsp.yaml
    """


@cli.command()
@click.argument("units", nargs=-1, metavar="[UNIT…]")
@click.option(
    "--period", default="2026", help="Periode: nama folder di parameters/ (bawaan: 2026)."
)
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


@cli.command()
@click.argument("file", type=PATH, metavar="BERKAS")
@STAGE
@click.option("--json", "as_json", is_flag=True, help="Keluarkan JSON dengan semua angka.")
@click.option("--trace", metavar="ID", help="Jelaskan asal satu angka, mis. A.I.1 atau total.")
def score(file: Path, stage: str, as_json: bool, trace: str | None) -> None:
    """Hitung nilai dan putusan satu unit.

    \b
    Contoh:
      zi-eval score parameters/2026/dpmptsp.yaml
      zi-eval score parameters/2026/dpmptsp.yaml --stage unit --json
      zi-eval score parameters/2026/dpmptsp.yaml --trace A.I.1.ii
    """
    from zi_eval.report.score_text import render_score, render_trace
    from zi_eval.workspace import load_evaluation

    evaluation = load_evaluation(file, stage)
    if as_json:
        from zi_eval.adapters.score_json import dump_evaluation

        click.echo(json.dumps(dump_evaluation(evaluation), ensure_ascii=False, indent=2))
        return
    if trace:
        click.echo(render_trace(evaluation, trace))
        return
    click.echo(render_score(evaluation))
    _echo_problems(evaluation.problems)


def _echo_problems(problems: Sequence[Problem]) -> None:
    for problem in problems:
        click.echo(str(problem), err=True)


@cli.command()
@click.argument("files", nargs=-1, type=PATH, metavar="[BERKAS…]")
@FOLDER
def check(files: tuple[Path, ...], folder: Path) -> None:
    """Periksa berkas unit dan instansi; semua masalah disebut dengan baris.

    Tanpa BERKAS: semua berkas di bawah parameters/. Kode keluar 1 bila ada yang salah.

    \b
    Contoh:
      zi-eval check
      zi-eval check parameters/2026/dpmptsp.yaml
    """
    from zi_eval.core.problems import Severity
    from zi_eval.workspace import check_files

    paths = files or tuple(
        sorted(p for p in (folder / "parameters").glob("*/*.y*ml") if not p.name.startswith("."))
    )
    if not paths:
        raise ZiEvalError(f"Tidak ada berkas di {folder / 'parameters'}. Periksa --folder.")
    problems = check_files(paths)
    for problem in problems:
        click.echo(str(problem))
    wrong = sum(problem.severity is Severity.ERROR for problem in problems)
    click.echo(
        f"{len(paths)} berkas diperiksa: {wrong} salah, {len(problems) - wrong} perhatian.",
        err=True,
    )
    if wrong:
        sys.exit(1)


@cli.command("import")
@click.argument("workbook", type=PATH, metavar="LKE.xlsx")
@click.option("--unit", required=True, metavar="ID", help="Id unit, mis. dinas-kesehatan.")
@click.option("--period", default="2026", help="Periode (bawaan: 2026).")
@click.option("-o", "--output", type=PATH, metavar="BERKAS", help="Berkas hasil.")
@click.option("--name", metavar="NAMA", help="Nama unit (bawaan: id).")
@click.option("--target", default="WBK", help="WBK (bawaan) atau WBBM.")
@click.option("--force", is_flag=True, help="Timpa berkas hasil yang sudah ada.")
@FOLDER
def import_workbook(
    workbook: Path,
    unit: str,
    period: str,
    output: Path | None,
    name: str | None,
    target: str,
    force: bool,
    folder: Path,
) -> None:
    """Ambil jawaban dari lembar kerja LKE resmi (xlsx).

    Yang diambil jawaban, catatan, dan bukti, juga kolom TPI bila ada; nilai di dalamnya tidak
    pernah dipakai. Yang tidak dapat ditempatkan disebut dengan selnya.

    \b
    Contoh:
      zi-eval import LKE.xlsx --unit dpmptsp --period 2026
      zi-eval import LKE.xlsx --unit dpmptsp -o dpmptsp.yaml --target WBBM
    """
    from zi_eval.adapters.unit_file import UNIT_ID
    from zi_eval.adapters.unit_writer import render_unit
    from zi_eval.adapters.workbook import read_workbook
    from zi_eval.core.assessment import Assessment, Unit
    from zi_eval.files import write_text
    from zi_eval.instruments import (
        DEFAULT_INSTRUMENT,
        load_instrument,
        load_rules,
        load_workbook_layouts,
    )

    path = output or folder / "parameters" / period / f"{unit}.yaml"
    if not UNIT_ID.fullmatch(unit):
        raise click.BadParameter("pakai huruf kecil, angka, dan tanda hubung.", param_hint="--unit")
    rules = load_rules(DEFAULT_INSTRUMENT)
    if target not in rules.predicates:
        raise click.BadParameter(f"pakai {' atau '.join(rules.predicates)}.", param_hint="--target")
    if path.exists() and not force:
        raise ZiEvalError(f"{path} sudah ada; tidak ditulis. Pakai --force untuk menimpanya.")
    instrument = load_instrument(DEFAULT_INSTRUMENT)
    reading = read_workbook(workbook, instrument, load_workbook_layouts(DEFAULT_INSTRUMENT))
    assessment = Assessment(
        Unit(unit, name or unit), instrument.id, target, period, answers=reading.answers
    )
    write_text(path, render_unit(assessment, instrument, rules))
    _echo_problems(reading.problems)
    answered = sum(answer.unit is not None for answer in reading.answers.values())
    by_tpi = sum(answer.tpi is not None for answer in reading.answers.values())
    click.echo(
        f"{path}: {answered} dari {len(instrument.questions)} pertanyaan terjawab, "
        f"{by_tpi} jawaban TPI (lembar '{reading.sheet}'); {len(reading.problems)} catatan."
    )
    click.echo("Lengkapi nama, target, dan syarat di berkas itu, lalu jalankan 'zi-eval check'.")


@cli.command()
@click.argument("target", type=PATH, metavar="DIR")
@click.option("--period", default="2026", help="Periode pertama (bawaan: 2026).")
def init(target: Path, period: str) -> None:
    """Buat folder kerja baru: notebook, instansi kosong, dan contoh terisi.

    \b
    Contoh:
      zi-eval init zi-2026
      zi-eval run --folder zi-2026 --period contoh
    """
    from zi_eval.starter import write_workspace

    written = write_workspace(target, period, "contoh")
    click.echo(f"{len(written)} berkas ditulis di {target.resolve()}.")
    click.echo(f"Contoh terisi: zi-eval run --folder {target} --period contoh")
    own = f"zi-eval import LKE.xlsx --unit ID --period {period} --folder {target}"
    click.echo(f"Unit sendiri:  {own}")


@cli.command()
@click.argument("arguments", nargs=-1, metavar="[-- PILIHAN JUPYTER…]")
@FOLDER
def lab(arguments: tuple[str, ...], folder: Path) -> None:
    """Buka JupyterLab pada folder kerja.

    \b
    Contoh:
      zi-eval lab
      zi-eval lab --folder zi-2026 -- --no-browser
    """
    import subprocess

    if not folder.is_dir():
        raise ZiEvalError(f"Folder {folder} tidak ada. Buat dengan 'zi-eval init {folder}'.")
    command = [sys.executable, "-m", "jupyterlab", f"--notebook-dir={folder.resolve()}"]
    sys.exit(subprocess.call([*command, *arguments]))


@cli.command()
@click.option("--questions", is_flag=True, help="Sebut juga semua pertanyaan dan pilihannya.")
def instruments(questions: bool) -> None:
    """Sebut instrumen yang tersedia.

    \b
    Contoh:
      zi-eval instruments
      zi-eval instruments --questions
    """
    from zi_eval.adapters.answer_values import allowed_answers
    from zi_eval.instruments import available_instruments, load_instrument

    for identifier in available_instruments():
        instrument = load_instrument(identifier)
        count = len(instrument.questions)
        size = f"{count} pertanyaan, {instrument.weight:g} poin"
        click.echo(f"{identifier}  {instrument.title} ({size})")
        for question in instrument.questions.values() if questions else ():
            click.echo(f"\n{question.id}  {question.text}")
            if question.options:
                for code, text in question.options.items():
                    click.echo(f"    {code}: {text}")
            else:
                click.echo(f"    {allowed_answers(question)}")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; every refusal becomes one clear text and an exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(
                encoding="utf-8", errors="replace"
            )  # also where output goes to a file
    try:
        cli.main(
            args=None if arguments is None else list(arguments),
            prog_name="zi-eval",
            standalone_mode=False,
        )
    except click.UsageError as error:
        click.echo(f"Salah: {describe_usage_error(error)}", err=True)
        where = error.ctx.command_path if error.ctx else "zi-eval"
        click.echo(f"Bantuan: {where} --help", err=True)
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Dihentikan. Yang sudah selesai tetap tersimpan.", err=True)
        sys.exit(130)
    except ProblemsError as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    except ZiEvalError as error:
        click.echo(f"Salah: {error}", err=True)
        sys.exit(1)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
