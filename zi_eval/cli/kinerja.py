"""Performance: an empty table, all problems and findings, and the short form of one unit."""

from __future__ import annotations

from pathlib import Path

import click

from zi_eval.cli.chosen import choose_new_period, choose_tables, choose_units
from zi_eval.cli.options import FOLDER, FORCE, PERIOD, TABLE, UNITS
from zi_eval.cli.telling import (
    no_tables,
    tell,
    tell_astray,
    tell_checked,
    tell_next,
    tell_problems,
    write_empty_table,
)
from zi_eval.cli.words import Command, Group

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
@TABLE
@FORCE
@FOLDER
def template(period: str, output: Path | None, force: bool, folder: Path) -> None:
    """Tulis tabel kinerja kosong: xlsx dengan petunjuk dan daftar pilihan, atau csv.

    \b
    Contoh:
      zi-eval kinerja template
      zi-eval kinerja template -o parameters/2026/kinerja/dpmptsp.xlsx
      zi-eval kinerja template -o kinerja.csv
    """
    from zi_eval.performance.table.headings import template_form
    from zi_eval.period.unit_tables import plan_year

    path, year = output or Path("kinerja.xlsx"), plan_year(choose_new_period(period, folder))
    form = template_form(year)
    write_empty_table(path, force, form.to_csv, form.to_workbook)
    tell(f"{path}: tabel kosong {year}. Isi, lalu jalankan 'zi-eval kinerja check'.")


@kinerja.command(cls=Command)
@UNITS
@PERIOD
@FOLDER
def check(units: tuple[str, ...], period: str, folder: Path) -> None:
    """Sebut semua masalah tabel (dengan sel) dan temuan pada rencana dan realisasinya.

    UNIT: id, berkas, atau folder; tanpa UNIT: semua. Kode keluar 1 bila ada tabel yang tidak dapat
    dipakai; temuan tidak mengubahnya.

    \b
    Contoh:
      zi-eval kinerja check
      zi-eval kinerja check dpmptsp --period 2026
    """
    from zi_eval.performance.load import find_plan, find_plans, read_plans, stray_plans
    from zi_eval.performance.page.words import finding_line
    from zi_eval.performance.plan_checks import check_plan
    from zi_eval.performance.watch import check_deviations

    chosen = choose_units(units, period, folder, find_plans)
    home = chosen.home
    for unit in chosen.units:
        find_plan(home, unit)
    found = read_plans(home)
    if not found.problems:
        raise no_tables(home, "kinerja", "kinerja template")
    shown = chosen.units or tuple(found.problems)
    problems = list(() if chosen.units else stray_plans(home))
    problems += [problem for unit in shown for problem in found.problems[unit]]
    for problem in problems:
        tell(str(problem))
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
            tell(finding_line(plan, finding))
    tell_checked(len(shown), "tabel", problems, f", {count} temuan")
    tell_next("zi-eval kinerja show", "yang perlu keputusan, unit demi unit", period, folder)


@kinerja.command(cls=Command)
@UNITS
@PERIOD
@click.option(
    "--cap", default="", metavar="PERSEN", help="Capaian tertinggi (bawaan: menurut instansi.yaml)."
)
@FOLDER
def show(units: tuple[str, ...], period: str, cap: str, folder: Path) -> None:
    """Tampilkan kinerja unit: yang perlu keputusan, semua indikator, usulan jawaban LKE.

    UNIT: id, berkas, atau folder. Tanpa UNIT: semua unit yang punya tabel.

    \b
    Contoh:
      zi-eval kinerja show dpmptsp
      zi-eval kinerja show dpmptsp --period 2026 --cap 110
    """
    from zi_eval.performance.load import find_plans, load_performance, stray_plans
    from zi_eval.performance.page.words import render_performance

    chosen, shown = choose_tables(units, period, folder, find_plans, "kinerja template")
    for unit in shown:
        data = load_performance(chosen.home, unit, cap)
        tell(render_performance(data))
        tell_problems(data.problems)
    tell_astray(stray_plans(chosen.home), chosen.units)
    tell_next("zi-eval lab --notebook isi_kinerja", "isi realisasi dan tindak lanjutnya")
