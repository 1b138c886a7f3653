"""The proposal packet of a period: who is proposed, and everything that goes with it."""

from __future__ import annotations

from pathlib import Path

import click

from zi_eval.cli.chosen import choose_units
from zi_eval.cli.options import FOLDER, FORCE, INTO, PATH, PERIOD, UNITS
from zi_eval.cli.telling import follow_journals, tell, tell_next
from zi_eval.cli.words import Command

__all__ = ["proposal"]


@click.command(cls=Command)
@UNITS
@PERIOD
@click.option(
    "--order",
    metavar="KRITERIA",
    help="Urutan peringkat, dipisah koma: kekurangan, keraguan, peluang, selisih, nilai.",
)
@click.option("--online", "is_online", is_flag=True, help="Coba buka juga setiap tautan.")
@click.option("--check", "is_check", is_flag=True, help="Periksa dan peringkatkan saja.")
@click.option("--templates", type=PATH, metavar="DIR", help="Folder templat .docx tim sendiri.")
@click.option(
    "--templates-out", type=PATH, metavar="DIR", help="Tulis templat bawaan, untuk diubah di Word."
)
@INTO
@FORCE
@FOLDER
def proposal(
    units: tuple[str, ...],
    period: str,
    order: str | None,
    is_online: bool,
    is_check: bool,
    templates: Path | None,
    templates_out: Path | None,
    output: Path | None,
    force: bool,
    folder: Path,
) -> None:
    """Susun berkas usulan WBK/WBBM: surat, SPTJM, daftar calon, TLHP, survei, LKE, daftar periksa.

    UNIT: yang diusulkan; tanpa UNIT: semua yang sesuai, sebanyak kuota. Penanda tangan, narahubung,
    kuota, urutan, dan tautan diambil dari bagian 'usulan' di instansi.yaml.

    \b
    Contoh:
      zi-eval proposal --period 2026 --check
      zi-eval proposal dpmptsp puskesmas-sukamaju --online
      zi-eval proposal --templates-out templat-usulan
    """
    from zi_eval.proposal.documents import summary_lines
    from zi_eval.proposal.load import load_proposal
    from zi_eval.proposal.ranking import parse_order
    from zi_eval.proposal.write import build_packet, write_packet, write_templates
    from zi_eval.report.made import Made

    made = Made.now()
    if templates_out is not None:
        for path in write_templates(templates_out, made, force):
            tell(path)
        return
    chosen = choose_units(units, period, folder)
    follow_journals(chosen.home)
    found = load_proposal(chosen.home, chosen.units, order=parse_order(order), is_online=is_online)
    for line in summary_lines(found):
        tell(line)
    if is_check:
        tell_next("zi-eval proposal", "berkas usulannya", period, folder)
        return
    target = output or chosen.folder / "outputs" / chosen.period / "usulan"
    write_packet(target, build_packet(found, made, templates), force, tell)
    tell_next("zi-eval portal check", "yang diambil PortalRB", period, folder)
