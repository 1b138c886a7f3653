"""Evidence: check."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from zi_eval.cli.chosen import choose_units
from zi_eval.cli.options import FOLDER, PERIOD, UNITS
from zi_eval.cli.telling import follow_journals, tell, tell_problems
from zi_eval.cli.words import Command, Group
from zi_eval.errors import ZiEvalError

if TYPE_CHECKING:
    from zi_eval.evidence.load import UnitEvidence

__all__ = ["evidence"]


@click.group(cls=Group)
def evidence() -> None:
    """Bukti dukung: tautan, berkas, dan teks yang disebut unit.

    Berkas diletakkan di parameters/<periode>/bukti/<unit>/ dan disebut dengan namanya.

    \b
    Contoh:
      zi-eval evidence check
      zi-eval evidence check dpmptsp --online
    """


@evidence.command(cls=Command)
@UNITS
@PERIOD
@click.option(
    "--online",
    "is_online",
    is_flag=True,
    help="Periksa juga apakah tautan terbuka tanpa masuk (memakai internet).",
)
@FOLDER
def check(units: tuple[str, ...], period: str, is_online: bool, folder: Path) -> None:
    """Lihat bukti dukung: ada, tidak kosong, terbaca, tanggalnya, dan dipakai di mana saja.

    Nilai yang berbukti hanya menghitung jawaban yang disertai bukti. Tanpa --online tidak ada yang
    dibuka di internet.

    \b
    Contoh:
      zi-eval evidence check dpmptsp
      zi-eval evidence check --online --period 2026
    """
    from zi_eval.evidence.load import check_evidence

    chosen = choose_units(units, period, folder)
    follow_journals(chosen.home)
    checked = check_evidence(chosen.home, chosen.units, is_online=is_online)
    if not checked:
        raise ZiEvalError(f"Belum ada berkas unit di {chosen.home}. Mulai dengan 'zi-eval import'.")
    for found in checked:
        tell(_line(found))
        tell_problems(found.problems)


def _line(found: UnitEvidence) -> str:
    from zi_eval.evidence.pieces import Kind
    from zi_eval.report.words import format_number

    kinds = ", ".join(f"{found.kinds.get(kind, 0)} {kind.value}" for kind in Kind)
    bare = f"; {found.bare} jawaban tanpa bukti" if found.bare else ""
    return (
        f"{found.unit}: {kinds}{bare}. Nilai yang berbukti {format_number(found.proven)} dari "
        f"nilai {format_number(found.score)}."
    )
