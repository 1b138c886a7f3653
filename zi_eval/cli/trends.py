"""What a calibration meeting starts from, and several periods of a unit or agency."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click

from zi_eval.cli.options import FOLDER, PATH, PERIOD, STAGE
from zi_eval.cli.telling import follow_journals, tell_problems
from zi_eval.cli.words import Command

__all__ = ["kalibrasi", "tren"]

SHOWN = 10


def _write_page(
    name: str, parameters: Mapping[str, str], folder: Path, title: str, output: Path, force: bool
) -> None:
    from zi_eval.runs.notebooks import write_page

    write_page(name, parameters, folder, title, output, force)
    click.echo(f"{output} ditulis.")


@click.command(cls=Command)
@click.argument("units", nargs=-1, metavar="[UNIT…]")
@PERIOD
@click.option("--second", type=PATH, metavar="DIR", help="Folder salinan dari penilai lain.")
@click.option(
    "--evaluators", default="", metavar="NAMA,NAMA", help="Dua penilai dari jurnal, dipisah koma."
)
@click.option("-o", "--output", type=PATH, metavar="BERKAS", help="Tulis halaman HTML-nya.")
@click.option("--force", is_flag=True, help="Timpa berkas yang sudah ada.")
@FOLDER
def kalibrasi(
    units: tuple[str, ...],
    period: str,
    second: Path | None,
    evaluators: str,
    output: Path | None,
    force: bool,
    folder: Path,
) -> None:
    """Bahan rapat kalibrasi TPI: seberapa sama unit dan TPI, dan apa yang dibahas lebih dulu.

    Juga antara dua penilai: dari dua folder (--second), atau dari jurnal (--evaluators).

    \b
    Contoh:
      zi-eval kalibrasi
      zi-eval kalibrasi --period 2026 -o kalibrasi.html
      zi-eval kalibrasi dpmptsp rsud-harapan --evaluators "Bayu, Dewi"
    """
    from zi_eval.agreement.load import load_calibration
    from zi_eval.agreement.page.words import render_calibration

    home = folder / "parameters" / period
    if second is not None and evaluators:
        raise click.UsageError("pilih salah satu: --second atau --evaluators.")
    follow_journals(home)
    chosen, other = ",".join(units), str(second or "")
    data, agency = load_calibration(home, chosen, other, evaluators)
    click.echo(render_calibration(data, SHOWN))
    tell_problems(
        f"{unit}: tidak ikut dibandingkan. {reason.splitlines()[0]}"
        for unit, reason in agency.failures.items()
    )
    if output is not None:
        parameters = {
            "parameters_folder": str(home.resolve()),
            "units": chosen,
            "second": str(second.resolve()) if second else "",
            "evaluators": evaluators,
        }
        title = f"Kalibrasi TPI · {agency.agency.name} · {agency.period}"
        _write_page("kalibrasi_tpi", parameters, folder, title, output, force)


@click.command(cls=Command)
@click.argument("unit", metavar="[UNIT]", required=False, default="")
@PERIOD
@STAGE
@click.option("-o", "--output", type=PATH, metavar="BERKAS", help="Tulis halaman HTML-nya.")
@click.option("--force", is_flag=True, help="Timpa berkas yang sudah ada.")
@FOLDER
def tren(
    unit: str, period: str, stage: str, output: Path | None, force: bool, folder: Path
) -> None:
    """Bandingkan periode satu unit, atau seluruh instansi: apa yang berubah dan sebabnya.

    Periode sebelumnya dibaca dari folder di sebelahnya, mis. parameters/2025 untuk 2026.

    \b
    Contoh:
      zi-eval tren
      zi-eval tren dpmptsp --period 2026
      zi-eval tren dpmptsp -o tren.html
    """
    from zi_eval.trends.load import load_trends
    from zi_eval.trends.page.words import render_trends

    home = folder / "parameters" / period
    found = load_trends(home, unit, stage)
    click.echo(render_trends(found))
    tell_problems(found.problems)
    if output is not None:
        parameters = {"parameters_folder": str(home.resolve()), "unit": unit, "stage": stage}
        _write_page("tren", parameters, folder, f"Tren · {found.title}", output, force)
