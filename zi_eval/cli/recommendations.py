"""The register of recommendations: an empty table, its problems, and what is still open."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from zi_eval.cli.chosen import Chosen, choose_units
from zi_eval.cli.options import FOLDER, FORCE, PATH, PERIOD, UNITS
from zi_eval.cli.telling import tell, tell_checked, tell_next, tell_problems, write_empty_table
from zi_eval.cli.words import Command, Group
from zi_eval.errors import ZiEvalError

if TYPE_CHECKING:
    from zi_eval.recommendations.values import Register

__all__ = ["tindak_lanjut"]


@click.group("tindak-lanjut", cls=Group)
def tindak_lanjut() -> None:
    """Tindak lanjut rekomendasi LHE, TPI, TPN, APIP, BPK: buat tabel, periksa, lihat.

    Tabelnya di parameters/<periode>/tindak-lanjut/<unit>.csv atau .xlsx, satu baris satu
    rekomendasi; yang untuk instansi: instansi.csv. Yang belum selesai tampil sendiri di periode
    berikutnya.

    \b
    Contoh:
      zi-eval tindak-lanjut template -o parameters/2026/tindak-lanjut/dpmptsp.xlsx
      zi-eval tindak-lanjut check
      zi-eval tindak-lanjut show dpmptsp
    """


@tindak_lanjut.command(cls=Command)
@click.option("-o", "--output", type=PATH, metavar="BERKAS", help="Berkas .xlsx atau .csv.")
@FORCE
def template(output: Path | None, force: bool) -> None:
    """Tulis tabel tindak lanjut kosong: xlsx dengan petunjuk dan daftar pilihan, atau csv.

    \b
    Contoh:
      zi-eval tindak-lanjut template
      zi-eval tindak-lanjut template -o parameters/2026/tindak-lanjut/dpmptsp.xlsx
    """
    from zi_eval.recommendations.table.template import render_csv, render_workbook

    path = output or Path("tindak-lanjut.xlsx")
    write_empty_table(path, force, render_csv, render_workbook)
    tell(f"{path}: tabel kosong. Isi, lalu jalankan 'zi-eval tindak-lanjut check'.")


@tindak_lanjut.command(cls=Command)
@UNITS
@PERIOD
@FOLDER
def check(units: tuple[str, ...], period: str, folder: Path) -> None:
    """Sebut semua masalah tabel (dengan sel), yang lewat waktu, dan yang tanpa bukti.

    UNIT: id, berkas, atau folder; tanpa UNIT: semua. Kode keluar 1 bila ada tabel yang tidak dapat
    dipakai; temuan tidak mengubahnya.

    \b
    Contoh:
      zi-eval tindak-lanjut check
      zi-eval tindak-lanjut check dpmptsp --period 2026
    """
    from zi_eval.recommendations.load import find_tables, stray_registers
    from zi_eval.recommendations.page.words import finding_lines
    from zi_eval.report.made import Made

    chosen = choose_units(units, period, folder, find_tables)
    found = _registers(chosen)
    problems = list(() if chosen.units else stray_registers(chosen.home))
    problems += [problem for register in found.values() for problem in register.problems]
    for problem in problems:
        tell(str(problem))
    today, count = Made.now().time.date(), 0
    for unit, register in found.items():
        for line in finding_lines(register, today):
            tell(f"{unit}: {line}")
            count += 1
    tell_checked(len(found), "register", problems, f", {count} temuan")
    tell_next("zi-eval tindak-lanjut show", "yang belum selesai, unit demi unit", period, folder)


@tindak_lanjut.command(cls=Command)
@UNITS
@PERIOD
@FOLDER
def show(units: tuple[str, ...], period: str, folder: Path) -> None:
    """Tampilkan yang belum selesai, yang terlama dulu, juga dari periode sebelumnya.

    UNIT: id, berkas, atau folder. Tanpa UNIT: semua unit yang punya, dan instansi.

    \b
    Contoh:
      zi-eval tindak-lanjut show
      zi-eval tindak-lanjut show dpmptsp --period 2026
    """
    from zi_eval.period.reading import Period
    from zi_eval.recommendations.load import find_tables
    from zi_eval.recommendations.page.words import register_text
    from zi_eval.recommendations.values import AGENCY, FACT
    from zi_eval.report.made import Made

    chosen = choose_units(units, period, folder, find_tables)
    found = _registers(chosen)
    today, period_read = Made.now().time.date(), Period.read(chosen.home)
    for unit, register in found.items():
        name, stated = unit, None
        file = None if unit == AGENCY else period_read.find_unit(unit)
        assessment = period_read.read_unit(file)[0].assessment if file else None
        if assessment is not None:
            name, stated = assessment.unit.name, assessment.facts.get(FACT)
        tell(register_text(register, name, stated, today))
        tell_problems(register.problems)


def _registers(chosen: Chosen) -> dict[str, Register]:
    """Return the registers of the chosen units, or of all that have one and of the agency."""
    from zi_eval.recommendations.load import load_register, load_registers

    home = chosen.home
    if chosen.units:
        return {unit: load_register(home, unit) for unit in chosen.units}
    found = dict(load_registers(home))
    if not found:
        raise ZiEvalError(
            f"Belum ada tabel di {home / 'tindak-lanjut'}. Buat dengan 'zi-eval tindak-lanjut "
            "template'."
        )
    return found
