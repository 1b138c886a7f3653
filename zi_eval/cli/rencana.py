"""Work plans: an empty table, all problems, and how a unit's plan stands."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

from zi_eval.cli.chosen import choose_files, choose_new_period, choose_tables, choose_units
from zi_eval.cli.options import FOLDER, FORCE, INTO, PATH, PERIOD, TABLE, UNITS
from zi_eval.cli.telling import (
    no_tables,
    quoted,
    tell,
    tell_astray,
    tell_checked,
    tell_next,
    tell_problems,
    write_empty_table,
)
from zi_eval.cli.words import Command, Group
from zi_eval.errors import ZiEvalError

__all__ = ["rencana"]

TEMPLATE, PLANS = "rencana template", "rencana-zi"
"""The command that makes an empty table, and where tables stand in a period."""
MONTH = click.option(
    "--month",
    type=click.IntRange(0, 12),
    metavar="1-12",
    help="Dilihat pada akhir bulan ini (bawaan: bulan terakhir yang dilaporkan).",
)


FILLED = {
    "proof": "bukti", "obstacle": "kendala", "follow_up": "tindak_lanjut",
    "owner": "penanggung_jawab",
}  # fmt: skip
"""The column that each option fills."""


@click.group(cls=Group)
def rencana() -> None:
    """Rencana kerja pembangunan ZI: buat tabel, periksa, dan lihat yang terlambat.

    Tabelnya di parameters/<periode>/rencana-zi/<unit>.xlsx atau .csv, satu baris satu kegiatan.

    \b
    Contoh:
      zi-eval rencana template -o parameters/2026/rencana-zi/dpmptsp.xlsx
      zi-eval rencana seed dpmptsp
      zi-eval rencana check
      zi-eval rencana show dpmptsp --month 6
    """


@rencana.command(cls=Command)
@PERIOD
@TABLE
@FORCE
@FOLDER
def template(period: str, output: Path | None, force: bool, folder: Path) -> None:
    """Tulis tabel rencana kosong: xlsx dengan petunjuk dan daftar pilihan, atau csv.

    \b
    Contoh:
      zi-eval rencana template
      zi-eval rencana template -o parameters/2026/rencana-zi/dpmptsp.xlsx
    """
    from zi_eval.period.unit_tables import plan_year
    from zi_eval.workplan.table.template import render_csv, render_workbook

    path, year = output or Path("rencana-zi.xlsx"), plan_year(choose_new_period(period, folder))
    write_empty_table(path, force, render_csv, partial(render_workbook, year))
    tell(f"{path}: tabel kosong {year}. Isi, lalu jalankan 'zi-eval rencana check'.")


@rencana.command(cls=Command)
@UNITS
@PERIOD
@TABLE
@FORCE
@FOLDER
def seed(
    units: tuple[str, ...], period: str, output: Path | None, force: bool, folder: Path
) -> None:
    """Tulis tabel rencana yang sudah berisi usulan kegiatan satu unit, untuk diubah.

    Asalnya: rekomendasi yang belum selesai, jalan terpendek ke predikat, dan kegiatan lazim untuk
    jawaban yang belum terbaik. Rencana yang sudah ada tidak disentuh: tulis ke berkas lain (-o).

    \b
    Contoh:
      zi-eval rencana seed rsud-harapan
      zi-eval rencana seed dpmptsp -o usulan.xlsx
    """
    from zi_eval.case import load_case
    from zi_eval.period.unit_tables import plan_year
    from zi_eval.workplan.files import FOLDER as HOME
    from zi_eval.workplan.files import TABLES
    from zi_eval.workplan.table.template import render_csv, render_workbook

    (file,) = choose_files(units, period, folder) if len(units) == 1 else (None,)
    if file is None:
        raise click.UsageError("sebut satu unit, mis. 'zi-eval rencana seed dpmptsp'.")
    case = load_case(file)
    if output is None and TABLES.has(file.parent, case.unit):
        there = TABLES.find(file.parent, case.unit)
        raise ZiEvalError(f"{there} sudah ada dan tidak disentuh. Sebut berkas lain dengan -o.")
    path, found = output or file.parent / HOME / f"{case.unit}.xlsx", case.seeds
    year = plan_year(file.parent)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_empty_table(
        path, force, partial(render_csv, found), partial(render_workbook, year, found)
    )
    tell(f"{path}: {len(found)} usulan kegiatan. Ubah seperlunya, lalu isi penanggung jawabnya.")
    tell_next("zi-eval rencana check", "masalah tabelnya, dengan sel", period, folder)


@rencana.command(cls=Command)
@UNITS
@PERIOD
@FOLDER
def check(units: tuple[str, ...], period: str, folder: Path) -> None:
    """Sebut semua masalah tabel rencana (dengan sel) dan kegiatan yang perlu tindakan.

    UNIT: id, berkas, atau folder; tanpa UNIT: semua. Kode keluar 1 bila ada tabel yang tidak dapat
    dipakai; kegiatan yang terlambat tidak mengubahnya.

    \b
    Contoh:
      zi-eval rencana check
      zi-eval rencana check dpmptsp --period 2026
    """
    from zi_eval.report.words import one_line
    from zi_eval.workplan.files import TABLES, stray_workplans
    from zi_eval.workplan.load import load_agency_workplans
    from zi_eval.workplan.page.words import reasons_text

    chosen = choose_units(units, period, folder, TABLES.find_all)
    for unit in chosen.units:
        TABLES.find(chosen.home, unit)
    found = load_agency_workplans(chosen.home)
    if found.trouble:
        raise ZiEvalError(found.trouble)
    if found.is_empty:
        raise no_tables(chosen.home, PLANS, TEMPLATE)
    shown = chosen.units or tuple(found.problems)
    problems = list(() if chosen.units else stray_workplans(chosen.home))
    problems += [problem for unit in shown for problem in found.problems[unit]]
    for problem in problems:
        tell(str(problem))
    count = 0
    for unit in shown:
        standing = found.standings.get(unit)
        for item in standing.activities if standing else ():
            if item.needs_action:
                count += 1
                said = f"{one_line(item.item.name)}: {reasons_text(item)}"
                tell(f"{unit}: baris {item.item.row}, {said}")
    tell_checked(len(shown), "tabel", problems, f", {count} kegiatan perlu tindakan")
    tell_next(
        "zi-eval rencana show", "kemajuan dan perkiraan nilai, unit demi unit", period, folder
    )


@rencana.command(cls=Command)
@UNITS
@PERIOD
@MONTH
@click.option(
    "-o", "--output", type=PATH, metavar="BERKAS", help="Tulis halaman HTML satu unit, hari ini."
)
@FORCE
@FOLDER
def show(
    units: tuple[str, ...],
    period: str,
    month: int | None,
    output: Path | None,
    force: bool,
    folder: Path,
) -> None:
    """Tampilkan rencana unit: yang terlambat, kemajuan per area, perkiraan nilai, usulan jawaban.

    UNIT: id, berkas, atau folder. Tanpa UNIT: semua unit yang punya tabel.

    \b
    Contoh:
      zi-eval rencana show dpmptsp
      zi-eval rencana show dpmptsp --month 6
      zi-eval rencana show dpmptsp -o rencana.html
    """
    from zi_eval.workplan.files import TABLES, stray_workplans
    from zi_eval.workplan.load import load_workplan
    from zi_eval.workplan.page.words import render_workplan

    chosen, shown = choose_tables(units, period, folder, TABLES.find_all, TEMPLATE, PLANS)
    home = chosen.home
    if output is not None and (len(shown) != 1 or month is not None):
        raise click.UsageError("halaman (-o) memuat satu unit sampai kini: tanpa --month.")
    for unit in shown:
        data = load_workplan(home, unit, month)
        tell(render_workplan(data))
        tell_problems(data.problems)
    tell_astray(stray_workplans(home), chosen.units)
    if output is not None:
        from zi_eval.runs.notebooks import write_page

        plan = data.standing.plan
        title = f"Rencana kerja ZI · {plan.name} · {plan.year}"
        values = {"parameters_folder": str(home.resolve()), "unit": plan.unit}
        write_page("rencana_zi", values, chosen.folder, title, output, force)
        tell(f"{output} ditulis.")
    else:
        tell_next(
            f"zi-eval rencana report {quoted(shown[0])}", "laporan monev triwulan", period, folder
        )


@rencana.command(cls=Command)
@click.argument("unit", metavar="UNIT")
@click.option("--activity", default="", metavar="KATA", help="Kata-kata pada nama kegiatannya.")
@click.option("--month", type=click.IntRange(1, 12), metavar="1-12", help="Bulan realisasinya.")
@click.option("--value", type=float, metavar="ANGKA", help="Realisasi bulan itu sendiri.")
@click.option("--proof", metavar="TEKS", help="Tautan atau nama berkas bukti.")
@click.option("--obstacle", metavar="TEKS", help="Kendala.")
@click.option("--follow-up", metavar="TEKS", help="Tindak lanjut.")
@click.option("--owner", metavar="TEKS", help="Penanggung jawab (jabatan).")
@click.option("--undo", is_flag=True, help="Batalkan isian terakhir orang ini.")
@click.option("--name", default="", metavar="NAMA", help="Siapa yang mencatat.")
@PERIOD
@FOLDER
def fill(
    unit: str,
    activity: str,
    month: int | None,
    value: float | None,
    undo: bool,
    name: str,
    period: str,
    folder: Path,
    **texts: str | None,
) -> None:
    """Catat realisasi, bukti, kendala, atau tindak lanjut satu kegiatan di tabelnya.

    Hanya sel itu yang berubah; siapa, kapan, dari, dan menjadi dicatat di jurnal. Teks kosong ("")
    mengosongkan selnya.

    \b
    Contoh:
      zi-eval rencana fill dpmptsp --activity "46 SOP" --month 10 --value 8 --name Sri
      zi-eval rencana fill dpmptsp --activity reklame --proof formulir.pdf --name Sri
      zi-eval rencana fill dpmptsp --undo --name Sri
    """
    from zi_eval.journal.fields import Person, Role
    from zi_eval.report.words import one_line
    from zi_eval.workplan.files import TABLES
    from zi_eval.workplan.form.store import WorkPlanStore, change_activity
    from zi_eval.workplan.table.headings import RESULTS

    if not name:
        raise click.UsageError("sebut yang mencatat: --name.")
    if (month is None) != (value is None):
        raise click.UsageError("realisasi perlu keduanya: --month dan --value.")
    person = Person(name, Role.UNIT)
    chosen = choose_units((unit,), period, folder, TABLES.find_all)
    (one,) = chosen.units or (unit,)
    if undo:
        taken = WorkPlanStore.open(chosen.home, one).undo(person)
        tell(f"{one}: {len(taken)} isian dibatalkan." if taken else "Tidak ada yang dibatalkan.")
        return
    values: dict[str, float | str | None] = {
        field: texts[option] or None
        for option, field in FILLED.items()
        if texts[option] is not None
    }
    if month is not None:
        values[RESULTS[month - 1]] = value
    if not activity or not values:
        raise click.UsageError("sebut --activity dan yang dicatat, mis. --month 10 --value 8.")
    item, changes = change_activity(chosen.home, one, activity, values, person)
    said = f"{len(changes)} perubahan dicatat" if changes else "tidak berubah"
    tell(f"{one}: {one_line(item.name)}: {said}.")
    tell_next(f"zi-eval rencana show {quoted(one)}", "keadaannya sekarang", period, folder)


@rencana.command(cls=Command)
@UNITS
@PERIOD
@click.option(
    "--quarter",
    type=click.IntRange(1, 4),
    metavar="1-4",
    help="Triwulan (bawaan: yang terakhir dilaporkan).",
)
@INTO
@FORCE
@FOLDER
def report(
    units: tuple[str, ...],
    period: str,
    quarter: int | None,
    output: Path | None,
    force: bool,
    folder: Path,
) -> None:
    """Tulis laporan monev triwulan unit: .docx dan .html.

    Yang tidak ada pada data tampil sebagai [Isi: …]. Keadaannya menurut yang dilaporkan sampai
    akhir triwulan itu.

    \b
    Contoh:
      zi-eval rencana report dpmptsp --quarter 2
    """
    from zi_eval.workplan.files import TABLES
    from zi_eval.workplan.write import write_monev

    chosen, shown = choose_tables(units, period, folder, TABLES.find_all, TEMPLATE, PLANS)
    target = output or chosen.folder / "outputs" / chosen.period
    for unit in shown:
        word, page = write_monev(chosen.home, unit, quarter, target, force)
        tell(f"{word} dan {page.name}")
