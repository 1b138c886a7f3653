"""The register of recommendations: an empty table, its problems, and what is still open."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from zi_eval.cli.chosen import Chosen, choose_units
from zi_eval.cli.options import FOLDER, FORCE, PERIOD, TABLE, UNITS
from zi_eval.cli.telling import (
    follow_journals,
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

if TYPE_CHECKING:
    from zi_eval.journal.fields import Person
    from zi_eval.recommendations.values import Register

__all__ = ["tindak_lanjut"]

NAME = click.option("--name", default="", metavar="NAMA", help="Siapa yang mencatat.")
ROLE = click.option(
    "--role",
    type=click.Choice(["unit", "anggota", "ketua", "pengendali teknis"]),
    help="Peran yang mencatat.",
)


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
@TABLE
@FORCE
def template(output: Path | None, force: bool) -> None:
    """Tulis tabel tindak lanjut kosong: xlsx dengan petunjuk dan daftar pilihan, atau csv.

    \b
    Contoh:
      zi-eval tindak-lanjut template
      zi-eval tindak-lanjut template -o parameters/2026/tindak-lanjut/dpmptsp.xlsx
    """
    from zi_eval.recommendations.table.headings import FORM

    path = output or Path("tindak-lanjut.xlsx")
    write_empty_table(path, force, FORM.to_csv, FORM.to_workbook)
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
    from zi_eval.recommendations.load import TABLES, stray_registers
    from zi_eval.recommendations.page.words import finding_lines
    from zi_eval.report.made import Made

    chosen = choose_units(units, period, folder, TABLES.find_all)
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
    from zi_eval.recommendations.load import TABLES, stray_registers
    from zi_eval.recommendations.page.words import register_text
    from zi_eval.recommendations.values import AGENCY, FACT
    from zi_eval.report.made import Made

    chosen = choose_units(units, period, folder, TABLES.find_all)
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
    tell_astray(stray_registers(chosen.home), chosen.units)


@tindak_lanjut.command("set", cls=Command)
@click.argument("unit", metavar="UNIT")
@click.argument("number", metavar="NOMOR")
@PERIOD
@click.option("--status", metavar="STATUS", help="belum, proses, selesai, atau tidak dapat.")
@click.option("--action", metavar="TEKS", help="Yang sudah dikerjakan.")
@click.option("--proof", metavar="BUKTI", help="Tautan atau nama berkas.")
@click.option("--owner", metavar="JABATAN", help="Penanggung jawab.")
@click.option("--due", metavar="TANGGAL", help="Batas waktu, mis. 2026-11-30.")
@click.option("--verified", is_flag=True, help="Buktinya diperiksa oleh --name, hari ini (TPI).")
@NAME
@ROLE
@FOLDER
def set_item(
    unit: str,
    number: str,
    period: str,
    status: str | None,
    action: str | None,
    proof: str | None,
    owner: str | None,
    due: str | None,
    verified: bool,
    name: str,
    role: str | None,
    folder: Path,
) -> None:
    """Catat kelanjutan satu rekomendasi di tabelnya, dengan jurnal.

    Yang masih di tabel periode sebelumnya ditulis ke tabel periode ini. Teks kosong ('')
    mengosongkan.

    \b
    Contoh:
      zi-eval tindak-lanjut set dpmptsp LHE-2025-2 --status proses --name Ani --role unit
      zi-eval tindak-lanjut set dpmptsp LHE-2025-2 --verified --name Budi --role ketua
    """
    from datetime import date

    from zi_eval.recommendations.form.store import change_recommendation
    from zi_eval.recommendations.load import TABLES
    from zi_eval.recommendations.table.headings import parse_status
    from zi_eval.report.made import Made

    values: dict[str, str | None] = {
        "tindak_lanjut": action, "bukti": proof, "penanggung_jawab": owner
    }  # fmt: skip
    values = {field: value for field, value in values.items() if value is not None}
    if status is not None:
        values["status"] = parse_status(status)
    if due is not None:
        try:
            values["batas_waktu"] = date.fromisoformat(due).isoformat() if due else None
        except ValueError:
            raise click.BadParameter("tulis mis. 2026-11-30.", param_hint="--due") from None
    if verified:
        today = Made.now().time.date()
        values |= {"diverifikasi_oleh": name, "tanggal_verifikasi": today.isoformat()}
    person = _person(name, role)
    if not values:
        raise click.UsageError("sebut yang diubah, mis. --status selesai --proof TAUTAN.")
    chosen = choose_units((unit,), period, folder, TABLES.find_all)
    (one,) = chosen.units or (unit,)
    changes = change_recommendation(chosen.home, one, number, values, person)
    tell(f"{one}: {number}: {len(changes)} perubahan dicatat." if changes else "Tidak berubah.")
    tell_next(f"zi-eval tindak-lanjut show {quoted(one)}", "yang belum selesai", period, folder)


@tindak_lanjut.command(cls=Command)
@UNITS
@PERIOD
@click.option(
    "--from",
    "source",
    type=click.Choice(["tpi", "lhe", "tpn"]),
    help="tpi: catatan TPI atas yang kurang; lhe: semua rekomendasi LHE; tpn: keputusan TPN.",
)
@NAME
@ROLE
@FOLDER
def add(
    units: tuple[str, ...],
    period: str,
    source: str | None,
    name: str,
    role: str | None,
    folder: Path,
) -> None:
    """Tambahkan catatan TPI, rekomendasi LHE, atau hasil TPN; yang sudah ada tidak diulang.

    \b
    Contoh:
      zi-eval tindak-lanjut add dpmptsp --from lhe --name Budi --role ketua
      zi-eval tindak-lanjut add dpmptsp rsud-harapan --from tpi --name Budi --role anggota
    """
    from zi_eval.case import evaluate_whole
    from zi_eval.core.problems import has_errors
    from zi_eval.errors import ParameterError
    from zi_eval.letters.load import load_entries
    from zi_eval.national.load import load_stages
    from zi_eval.period.reading import Period
    from zi_eval.recommendations.form.store import add_recommendations
    from zi_eval.recommendations.load import decision_entries
    from zi_eval.recommendations.values import Origin
    from zi_eval.report.made import Made

    chosen = choose_units(units, period, folder)
    person = _person(name, role)
    if source is None:
        raise click.UsageError("sebut asalnya: --from tpi, --from lhe, atau --from tpn.")
    follow_journals(chosen.home)
    opened = Period.read(chosen.home)
    today = Made.now().time.date()
    stages = load_stages(opened)
    if source == "tpn" and has_errors(stages.problems):
        raise ParameterError(stages.problems)
    for unit in chosen.units or opened.unit_files:
        if source == "tpn":
            items = decision_entries(stages, unit)
        else:
            evaluation = evaluate_whole(opened, opened.find(unit))
            items = load_entries(opened, evaluation, Origin(source.upper()), today)
        made = add_recommendations(chosen.home, unit, items, person)
        tell(f"{unit}: {len(made)} ditambahkan, {len(items) - len(made)} sudah ada.")
    tell_next("zi-eval tindak-lanjut show", "yang belum selesai, unit demi unit", period, folder)


def _person(name: str, role: str | None) -> Person:
    from zi_eval.journal.fields import Person, Role

    if not name or not role:
        raise click.UsageError("sebut yang mencatat: --name dan --role.")
    return Person(name, Role(role))


def _registers(chosen: Chosen) -> dict[str, Register]:
    """Return the registers of the chosen units, or of all that have one and of the agency."""
    from zi_eval.recommendations.load import load_register, load_registers

    home = chosen.home
    if chosen.units:
        return {unit: load_register(home, unit) for unit in chosen.units}
    found = dict(load_registers(home))
    if not found:
        raise no_tables(home, "tindak-lanjut", "tindak-lanjut template")
    return found
