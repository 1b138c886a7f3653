"""What the TPN decided: an empty table, its problems, where the units stand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from zi_eval.cli.chosen import choose_period, choose_units
from zi_eval.cli.options import FOLDER, FORCE, INTO, PATH, PERIOD, TABLE
from zi_eval.cli.telling import (
    no_tables,
    tell,
    tell_checked,
    tell_next,
    tell_problems,
    write_empty_table,
)
from zi_eval.cli.words import Command, Group

if TYPE_CHECKING:
    from zi_eval.national.values import NationalStages

__all__ = ["tpn"]


@click.group(cls=Group)
def tpn() -> None:
    """Keputusan TPN menurut tahap: buat tabel, periksa, lihat keadaan tiap unit.

    Tabelnya di parameters/<periode>/tpn/keputusan.csv atau .xlsx, satu baris satu unit dan tahap;
    pemegang predikat di pemegang.csv atau .xlsx di sampingnya.

    \b
    Contoh:
      zi-eval tpn template -o parameters/2026/tpn/keputusan.xlsx
      zi-eval tpn show --period 2025
      zi-eval tpn holders
      zi-eval tpn objection dpmptsp
    """


@tpn.command(cls=Command)
@TABLE
@click.option(
    "--table",
    type=click.Choice(["keputusan", "pemegang"]),
    default="keputusan",
    help="keputusan TPN (bawaan), atau pemegang predikat.",
)
@FORCE
def template(output: Path | None, table: str, force: bool) -> None:
    """Tulis tabel kosong: xlsx dengan petunjuk dan daftar pilihan, atau csv.

    \b
    Contoh:
      zi-eval tpn template
      zi-eval tpn template -o parameters/2026/tpn/keputusan.xlsx
      zi-eval tpn template --table pemegang -o parameters/2026/tpn/pemegang.xlsx
    """
    from zi_eval.national.table import headings, holders

    path = output or Path(f"{table}.xlsx")
    form = holders.FORM if table == "pemegang" else headings.FORM
    write_empty_table(path, force, form.to_csv, form.to_workbook)
    tell(f"{path}: tabel kosong. Isi, lalu jalankan 'zi-eval tpn check'.")


@tpn.command(cls=Command)
@PERIOD
@FOLDER
def check(period: str, folder: Path) -> None:
    """Sebut semua masalah tabel keputusan dan pemegang predikat, dan yang bertentangan.

    \b
    Contoh:
      zi-eval tpn check --period 2025
    """
    from zi_eval.national.load import (
        load_conflicts,
        load_holders,
        load_stages,
        stray_decisions,
    )

    home = choose_period(period, folder)
    found, holders = load_stages(home), load_holders(home)
    if not found and not holders:
        raise no_tables(home, "tpn", "tpn template")
    conflicts = (problem for _, problem in load_conflicts(home))
    problems = (*found.problems, *stray_decisions(home), *holders.problems, *conflicts)
    for problem in problems:
        tell(str(problem))
    counted = f", {len(found.decisions)} keputusan, {len(holders.items)} predikat"
    tell_checked(bool(found) + bool(holders), "tabel", problems, counted)
    shown = ("show", "keadaan tiap unit") if found else ("holders", "pemegang predikat")
    tell_next(f"zi-eval tpn {shown[0]}", shown[1], period, folder)


@tpn.command(cls=Command)
@PERIOD
@FOLDER
def show(period: str, folder: Path) -> None:
    """Tampilkan keputusan TPN atas setiap unit, tahap demi tahap.

    \b
    Contoh:
      zi-eval tpn show --period 2025
    """
    from zi_eval.national.page.words import stages_text
    from zi_eval.period.reading import Period

    home = choose_period(period, folder)
    found, opened = _load(home), Period.read(home)
    names = {unit: opened.read_head(opened.find(unit))[0] for unit in found.units}
    tell(stages_text(found, names))
    tell_problems(found.problems)
    add = "zi-eval tindak-lanjut add --from tpn"
    tell_next(add, "rekomendasi TPN ke register", period, folder)


@tpn.command(cls=Command)
@PERIOD
@FOLDER
def holders(period: str, folder: Path) -> None:
    """Tampilkan pemegang predikat, monitoring berikutnya, dan yang bertentangan.

    Tabelnya di parameters/<periode>/tpn/pemegang.csv atau .xlsx; yang terakhir berlaku terus, dan
    hasil TPN yang lulus ditambahkan sendiri.

    \b
    Contoh:
      zi-eval tpn holders --period 2026
    """
    from zi_eval.national.load import load_conflicts, load_holders
    from zi_eval.national.page.words import holders_text
    from zi_eval.period.reading import Period

    home = choose_period(period, folder)
    found, opened = load_holders(home), Period.read(home)
    if not found:
        raise no_tables(home, "tpn", "tpn template --table pemegang")
    files = opened.unit_files
    names = {u: opened.read_head(files[u])[0] for u in found.units if u in files}
    conflicts = [problem for _, problem in load_conflicts(home)]
    tell(holders_text(found, names, conflicts, found.today))
    tell_problems(found.problems)
    tell_next("zi-eval calendar", "monitoring dan tenggat lain", period, folder)


@tpn.command(cls=Command)
@click.argument("unit", metavar="UNIT")
@PERIOD
@click.option("--online", "is_online", is_flag=True, help="Coba buka juga setiap tautan.")
@click.option("--template", type=PATH, metavar="BERKAS", help="Templat .docx tim sendiri.")
@INTO
@FORCE
@FOLDER
def objection(
    unit: str,
    period: str,
    is_online: bool,
    template: Path | None,
    output: Path | None,
    force: bool,
    folder: Path,
) -> None:
    """Tulis surat sanggah atas seleksi administrasi yang tidak lulus.

    Suratnya memuat keputusan itu dan keadaan menurut data instansi; yang belum sesuai disebut di
    sini, agar dilihat sebelum menyanggah.

    \b
    Contoh:
      zi-eval tpn objection dpmptsp --period 2026 --online
    """
    from zi_eval.proposal.objection import write_objection

    chosen = choose_units((unit,), period, folder)
    target = output or chosen.folder / "outputs" / chosen.period
    made = write_objection(
        chosen.home, chosen.units[0], target, template, is_online=is_online, force=force
    )
    tell(made.path)
    tell_problems(f"belum sesuai: {check.title}: {check.why}" for check in made.against)


def _load(home: Path) -> NationalStages:
    from zi_eval.national.load import load_stages

    found = load_stages(home)
    if not found:
        raise no_tables(home, "tpn", "tpn template")
    return found
