"""The official wording, from a team's own workbook."""

from __future__ import annotations

from pathlib import Path

import click

from zi_eval.cli.options import FOLDER, PATH, PERIOD
from zi_eval.cli.words import Command
from zi_eval.errors import ZiEvalError

__all__ = ["wording"]


@click.command(cls=Command)
@click.argument("workbook", type=PATH, metavar="LKE.xlsx")
@PERIOD
@click.option("-o", "--output", type=PATH, metavar="BERKAS", help="Berkas hasil.")
@click.option("--force", is_flag=True, help="Timpa berkas hasil yang sudah ada.")
@FOLDER
def wording(workbook: Path, period: str, output: Path | None, force: bool, folder: Path) -> None:
    """Ambil kalimat resmi pertanyaan dari buku kerja LKE milik tim sendiri.

    Hasilnya parameters/PERIODE/kalimat.yaml. Selama ada, formulir, laporan, rekap, dan ekspor
    periode itu memakai kalimatnya; nilai dan putusan tidak berubah. Buku kerja yang pertanyaannya
    lain ditolak dengan semua perbedaannya.

    \b
    Contoh:
      zi-eval wording LKE.xlsx
      zi-eval wording LKE.xlsx --period 2025 --force
    """
    from zi_eval.core.problems import has_errors
    from zi_eval.errors import InstrumentError
    from zi_eval.files import hash_file, write_text
    from zi_eval.instruments import DEFAULT_INSTRUMENT, load_instrument, load_workbook_layouts
    from zi_eval.instruments.wording import parse_wording
    from zi_eval.lke.wording import read_wording, render_wording
    from zi_eval.period.reading import WORDING_FILE, Period, run_time
    from zi_eval.yaml_files.source import parse_yaml

    target = output or folder / "parameters" / period / WORDING_FILE
    if target.suffix.lower() != ".yaml":
        raise ZiEvalError(f"{target} harus berakhiran .yaml; ganti nama hasilnya.")
    if target.exists() and not force:
        raise ZiEvalError(f"{target} sudah ada; tidak ditulis. Pakai --force untuk menimpanya.")
    name = Period.read(target.parent).instrument or DEFAULT_INSTRUMENT
    instrument = load_instrument(name)
    reading = read_wording(workbook, instrument, load_workbook_layouts(name))
    if has_errors(reading.problems):
        raise InstrumentError(reading.problems)
    text = render_wording(
        instrument,
        reading,
        source=workbook.name,
        sha256=hash_file(workbook),
        date=run_time().date().isoformat(),
    )
    # What is written is read back first, so that no file comes out that would be refused.
    read, problems = parse_wording(parse_yaml(text.encode("utf-8"), str(target)), instrument)
    if read is None:
        raise InstrumentError(problems)
    write_text(target, text)
    for problem in (*reading.problems, *problems):
        click.echo(str(problem), err=True)
    count = len(reading.problems) + len(problems)
    click.echo(
        f"{target}: {len(read.questions)} pertanyaan dari lembar '{reading.sheet}'; "
        f"{count} perhatian."
    )
    if target.name != WORDING_FILE:
        click.echo(f"Dipakai setelah bernama {WORDING_FILE} di folder periodenya.")
