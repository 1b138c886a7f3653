"""Performance: an empty table, all problems and findings, and the short form of one unit."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

from zi_eval.cli.options import FOLDER, PATH, PERIOD
from zi_eval.cli.telling import tell_checked, tell_problems, write_empty_table
from zi_eval.cli.words import Command, Group
from zi_eval.errors import ZiEvalError

__all__ = ["kinerja"]


@click.group(cls=Group)
def kinerja() -> None:
    """Rencana dan realisasi kinerja: buat tabel, periksa, dan lihat yang perlu keputusan.

    Tabelnya di parameters/<periode>/kinerja/<unit>.csv atau .xlsx, satu baris satu indikator.

    \b
    Contoh:
      zi-eval kinerja template -o parameters/2026/kinerja/dpmptsp.xlsx
      zi-eval kinerja check
      zi-eval kinerja show dpmptsp
    """


@kinerja.command(cls=Command)
@PERIOD
@click.option("-o", "--output", type=PATH, metavar="BERKAS", help="Berkas .xlsx atau .csv.")
@click.option("--force", is_flag=True, help="Timpa berkas yang sudah ada.")
def template(period: str, output: Path | None, force: bool) -> None:
    """Tulis tabel kinerja kosong: xlsx dengan petunjuk dan daftar pilihan, atau csv.

    \b
    Contoh:
      zi-eval kinerja template
      zi-eval kinerja template -o parameters/2026/kinerja/dpmptsp.xlsx
      zi-eval kinerja template -o kinerja.csv
    """
    from zi_eval.performance.load import plan_year
    from zi_eval.performance.table.template import render_csv, render_workbook

    path, year = output or Path("kinerja.xlsx"), plan_year(Path(period))
    write_empty_table(path, force, partial(render_csv, year), partial(render_workbook, year))
    click.echo(f"{path}: tabel kosong {year}. Isi, lalu jalankan 'zi-eval kinerja check'.")


@kinerja.command(cls=Command)
@click.argument("units", nargs=-1, metavar="[UNIT…]")
@PERIOD
@FOLDER
def check(units: tuple[str, ...], period: str, folder: Path) -> None:
    """Sebut semua masalah tabel (dengan sel) dan temuan pada rencana dan realisasinya.

    Kode keluar 1 bila ada tabel yang tidak dapat dipakai; temuan tidak mengubahnya.

    \b
    Contoh:
      zi-eval kinerja check
      zi-eval kinerja check dpmptsp --period 2026
    """
    from zi_eval.performance.load import find_plan, read_plans, stray_plans
    from zi_eval.performance.page.words import finding_line
    from zi_eval.performance.plan_checks import check_plan
    from zi_eval.performance.watch import check_deviations

    home = folder / "parameters" / period
    for unit in units:
        find_plan(home, unit)
    found = read_plans(home)
    if not found.problems:
        raise ZiEvalError(
            f"Belum ada tabel di {home / 'kinerja'}. Buat dengan 'zi-eval kinerja template'."
        )
    shown = units or tuple(found.problems)
    problems = list(() if units else stray_plans(home))
    problems += [problem for unit in shown for problem in found.problems[unit]]
    for problem in problems:
        click.echo(str(problem))
    count = 0
    for unit in shown:
        standing = found.standings.get(unit)
        if standing is None:
            continue
        plan = standing.plan
        findings = (
            *check_plan(plan),
            *check_deviations(standing),
            *found.findings.get(unit, ()),
        )
        count += len(findings)
        for finding in findings:
            click.echo(finding_line(plan, finding))
    tell_checked(len(shown), "tabel", problems, f", {count} temuan")


@kinerja.command(cls=Command)
@click.argument("unit", metavar="UNIT")
@PERIOD
@click.option(
    "--cap", default="", metavar="PERSEN", help="Capaian tertinggi (bawaan: menurut instansi.yaml)."
)
@FOLDER
def show(unit: str, period: str, cap: str, folder: Path) -> None:
    """Tampilkan kinerja satu unit: yang perlu keputusan, semua indikator, usulan jawaban LKE.

    \b
    Contoh:
      zi-eval kinerja show dpmptsp
      zi-eval kinerja show dpmptsp --period 2026 --cap 110
    """
    from zi_eval.performance.load import load_performance
    from zi_eval.performance.page.words import render_performance

    data = load_performance(folder / "parameters" / period, unit, cap)
    click.echo(render_performance(data))
    tell_problems(data.problems)
