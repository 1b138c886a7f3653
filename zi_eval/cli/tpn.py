"""What the TPN decided: an empty table, its problems, where the units stand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from zi_eval.cli.chosen import choose_period
from zi_eval.cli.options import FOLDER, FORCE, PATH, PERIOD
from zi_eval.cli.telling import tell, tell_checked, tell_next, tell_problems, write_empty_table
from zi_eval.cli.words import Command, Group
from zi_eval.errors import ZiEvalError

if TYPE_CHECKING:
    from zi_eval.national.values import NationalStages

__all__ = ["tpn"]


@click.group(cls=Group)
def tpn() -> None:
    """Keputusan TPN menurut tahap: buat tabel, periksa, lihat keadaan tiap unit.

    Tabelnya di parameters/<periode>/tpn/keputusan.csv atau .xlsx, satu baris satu unit dan tahap.

    \b
    Contoh:
      zi-eval tpn template -o parameters/2026/tpn/keputusan.xlsx
      zi-eval tpn show --period 2025
    """


@tpn.command(cls=Command)
@click.option("-o", "--output", type=PATH, metavar="BERKAS", help="Berkas .xlsx atau .csv.")
@FORCE
def template(output: Path | None, force: bool) -> None:
    """Tulis tabel keputusan kosong: xlsx dengan petunjuk dan daftar pilihan, atau csv.

    \b
    Contoh:
      zi-eval tpn template
      zi-eval tpn template -o parameters/2026/tpn/keputusan.xlsx
    """
    from zi_eval.national.table.template import render_csv, render_workbook

    path = output or Path("keputusan.xlsx")
    write_empty_table(path, force, render_csv, render_workbook)
    tell(f"{path}: tabel kosong. Isi, lalu jalankan 'zi-eval tpn check'.")


@tpn.command(cls=Command)
@PERIOD
@FOLDER
def check(period: str, folder: Path) -> None:
    """Sebut semua masalah tabel keputusan, dengan selnya.

    \b
    Contoh:
      zi-eval tpn check --period 2025
    """
    found = _load(choose_period(period, folder))
    for problem in found.problems:
        tell(str(problem))
    tell_checked(1, "tabel", found.problems, f", {len(found.decisions)} keputusan")
    tell_next("zi-eval tpn show", "keadaan tiap unit", period, folder)


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


def _load(home: Path) -> NationalStages:
    from zi_eval.national.load import load_stages

    found = load_stages(home)
    if not found:
        raise ZiEvalError(f"Belum ada tabel di {home / 'tpn'}. Buat dengan 'zi-eval tpn template'.")
    return found
