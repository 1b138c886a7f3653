"""What a calibration meeting starts from, and several periods of a unit or agency."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click

from zi_eval.cli.chosen import choose_units
from zi_eval.cli.options import FOLDER, FORCE, PATH, PERIOD, STAGE, UNITS
from zi_eval.cli.telling import follow_journals, tell, tell_next, tell_problems
from zi_eval.cli.words import Command

__all__ = ["calibrate", "trend"]

SHOWN = 10
PAGE = "halaman untuk rapat, dengan gambarnya"


def _write_page(
    name: str, parameters: Mapping[str, str], folder: Path, title: str, output: Path, force: bool
) -> None:
    from zi_eval.runs.notebooks import write_page

    write_page(name, parameters, folder, title, output, force)
    tell(f"{output} ditulis.")


@click.command(cls=Command)
@UNITS
@PERIOD
@click.option("--second", type=PATH, metavar="DIR", help="Folder salinan dari penilai lain.")
@click.option(
    "--evaluators", default="", metavar="NAMA,NAMA", help="Dua penilai dari jurnal, dipisah koma."
)
@click.option(
    "--stage",
    type=click.Choice(["tpi", "tpn"]),
    default="tpi",
    help="tpi (bawaan): unit dan TPI; tpn: TPI dan TPN, dari jawaban TPN di berkas unit.",
)
@click.option("-o", "--output", type=PATH, metavar="BERKAS", help="Tulis halaman HTML-nya.")
@FORCE
@FOLDER
def calibrate(
    units: tuple[str, ...],
    period: str,
    second: Path | None,
    evaluators: str,
    stage: str,
    output: Path | None,
    force: bool,
    folder: Path,
) -> None:
    """Bahan rapat kalibrasi TPI: seberapa sama unit dan TPI, dan apa yang dibahas lebih dulu.

    Juga antara TPI dan TPN (--stage tpn), atau antara dua penilai: dari dua folder (--second),
    atau dari jurnal (--evaluators).

    \b
    Contoh:
      zi-eval calibrate
      zi-eval calibrate --period 2026 -o kalibrasi.html
      zi-eval calibrate --period 2025 --stage tpn
      zi-eval calibrate dpmptsp rsud-harapan --evaluators "Bayu, Dewi"
    """
    from zi_eval.agreement.load import load_calibration
    from zi_eval.agreement.page.words import render_calibration

    if second is not None and evaluators:
        raise click.UsageError("pilih salah satu: --second atau --evaluators.")
    chosen = choose_units(units, period, folder)
    home = chosen.home
    follow_journals(home)
    names, other = ",".join(chosen.units), str(second or "")
    data, agency = load_calibration(home, names, other, evaluators, stage)
    tell(render_calibration(data, SHOWN))
    tell_problems(
        f"{unit}: tidak ikut dibandingkan. {reason.splitlines()[0]}"
        for unit, reason in agency.failures.items()
    )
    if output is not None:
        parameters = {
            "parameters_folder": str(home.resolve()),
            "units": names,
            "second": str(second.resolve()) if second else "",
            "evaluators": evaluators,
            "stage": stage,
        }
        title = f"Kalibrasi TPI · {agency.agency.name} · {agency.period}"
        _write_page("kalibrasi_tpi", parameters, chosen.folder, title, output, force)
    else:
        tell_next(
            " ".join(("zi-eval calibrate", *units, "-o kalibrasi.html")), PAGE, period, folder
        )


@click.command(cls=Command)
@UNITS
@PERIOD
@STAGE
@click.option("-o", "--output", type=PATH, metavar="BERKAS", help="Tulis halaman HTML-nya.")
@FORCE
@FOLDER
def trend(
    units: tuple[str, ...],
    period: str,
    stage: str,
    output: Path | None,
    force: bool,
    folder: Path,
) -> None:
    """Bandingkan periode unit, atau seluruh instansi: apa yang berubah dan sebabnya.

    Periode sebelumnya dibaca dari folder di sebelahnya, mis. parameters/2025 untuk 2026.

    \b
    Contoh:
      zi-eval trend
      zi-eval trend dpmptsp --period 2026
      zi-eval trend dpmptsp -o tren.html
    """
    from zi_eval.case import evaluate_whole, load_agency
    from zi_eval.trends.load import load_trends
    from zi_eval.trends.page.words import render_trends

    chosen = choose_units(units, period, folder)
    if output is not None and len(chosen.units) > 1:
        raise click.UsageError("-o menulis satu halaman: sebut satu unit, atau tanpa UNIT.")
    home, unit = chosen.home, ""
    for number, unit in enumerate(chosen.units or ("",)):
        found = load_trends(home, unit, stage, evaluate=evaluate_whole, evaluate_agency=load_agency)
        tell(("\n" if number else "") + render_trends(found))
        tell_problems(found.problems)
    if output is not None:
        parameters = {"parameters_folder": str(home.resolve()), "unit": unit, "stage": stage}
        _write_page("tren", parameters, chosen.folder, f"Tren · {found.title}", output, force)
    elif len(chosen.units) < 2:
        tell_next(" ".join(("zi-eval trend", *units, "-o tren.html")), PAGE, period, folder)
