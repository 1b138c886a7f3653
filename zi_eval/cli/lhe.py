"""The evaluation letter (LHE) of units, and the template it is written from."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from zi_eval.cli.options import FOLDER, PATH, PERIOD
from zi_eval.cli.words import Command
from zi_eval.errors import ParameterError, ZiEvalError

if TYPE_CHECKING:
    from zi_eval.core.evaluation import Evaluation
    from zi_eval.improvement.way import Move
    from zi_eval.survey.unit import UnitSurveys

__all__ = ["lhe"]


@click.command(cls=Command)
@click.argument("units", nargs=-1, metavar="[UNIT…]")
@PERIOD
@click.option("--template", type=PATH, metavar="BERKAS", help="Templat .docx tim sendiri.")
@click.option(
    "--template-out",
    type=PATH,
    metavar="BERKAS",
    help="Tulis templat bawaan, untuk diubah di Word.",
)
@click.option("-o", "--output", type=PATH, metavar="DIR", help="Folder hasil (bawaan: outputs/).")
@click.option("--force", is_flag=True, help="Timpa berkas yang sudah ada.")
@FOLDER
def lhe(
    units: tuple[str, ...],
    period: str,
    template: Path | None,
    template_out: Path | None,
    output: Path | None,
    force: bool,
    folder: Path,
) -> None:
    """Tulis Laporan Hasil Evaluasi (LHE) TPI: surat dan laporan, .docx dan .html.

    Yang tidak ada pada data tampil sebagai [Isi: …]. Nomor surat, tim, dan penanda tangan diambil
    dari bagian 'lhe' di instansi.yaml. Halaman .html memakai susunan bawaan.

    \b
    Contoh:
      zi-eval lhe dpmptsp --period 2026
      zi-eval lhe --template-out lhe-kami.docx
      zi-eval lhe dpmptsp rsud-harapan --template lhe-kami.docx
    """
    if template_out is not None:
        _write_template(template_out, force)
    if units:
        _write_letters(folder, period, units, template, output, force)
    elif template_out is None:
        raise click.UsageError("sebut unitnya, mis. 'zi-eval lhe dpmptsp', atau --template-out.")


def _write_template(path: Path, force: bool) -> None:
    from zi_eval.files import write_bytes
    from zi_eval.letters.docx import build_letter_template
    from zi_eval.letters.template import PARTS, TEXTS
    from zi_eval.report.made import Made

    _require_free((path,), force)
    write_bytes(path, build_letter_template(Made.now().time))
    click.echo(f"{path}: templat bawaan. Ubah di Word, lalu pakai dengan --template {path}.")
    for title, names in (
        ("Di dalam kalimat, kop, atau sel", TEXTS),
        ("Sendirian dalam satu paragraf", PARTS),
    ):
        click.echo(f"\n{title}:")
        for name, meaning in names.items():
            marked = f"{{{{ {name} }}}}"
            click.echo(f"  {marked:<34}{meaning}")


def _require_free(paths: Sequence[Path], force: bool) -> None:
    """Refuse to write over a file that somebody may have edited."""
    taken = [str(path) for path in paths if path.exists()]
    if taken and not force:
        raise ZiEvalError(
            f"{', '.join(taken)} sudah ada; tidak ditulis, karena mungkin sudah disunting. "
            "Pakai --force untuk menimpanya, atau -o untuk folder lain."
        )


def _write_letters(
    folder: Path,
    period: str,
    units: Sequence[str],
    template: Path | None,
    output: Path | None,
    force: bool,
) -> None:
    from zi_eval.core.assessment import Stage
    from zi_eval.core.problems import has_errors
    from zi_eval.files import write_bytes, write_text
    from zi_eval.journal.store import follow_journals
    from zi_eval.letters.details import PART, parse_letter
    from zi_eval.letters.docx import render_lhe_docx
    from zi_eval.letters.letter import letter_content, render_lhe_html
    from zi_eval.letters.words import warnings_of
    from zi_eval.period.reading import Period
    from zi_eval.report.made import Made

    found = Period.read(folder / "parameters" / period)
    letter, wrong = parse_letter(found.section(PART))
    if has_errors((*found.problems, *wrong)):
        raise ParameterError((*found.problems, *wrong))
    names = tuple(dict.fromkeys(units))
    files = [found.find(unit) for unit in names]
    for path in follow_journals(found.folder):
        click.echo(f"{path}: disesuaikan dengan jurnalnya.", err=True)
    own = _read_template(template) if template else None
    home = output or folder / "outputs" / period
    targets = [(home / f"{unit}.lhe.docx", home / f"{unit}.lhe.html") for unit in names]
    _require_free([path for pair in targets for path in pair], force)
    for file, (word, page) in zip(files, targets, strict=True):
        evaluation = found.evaluate(file, Stage.TPI)
        if evaluation.rules.bands:
            raise ZiEvalError(
                f"{file} memakai instrumen {evaluation.instrument.id}; LHE ini hanya untuk Zona "
                "Integritas."
            )
        content = letter_content(
            evaluation,
            Made.now(),
            letter=letter,
            actions=_actions(found.folder, evaluation),
            surveys=_surveys(found.folder, file.stem),
        )
        made = render_lhe_docx(content, own, str(template) if template else "templat bawaan")
        write_bytes(word, made)
        write_text(page, render_lhe_html(content))
        click.echo(f"{word} dan {page.name}")
        for warning in warnings_of(evaluation):
            click.echo(f"{file.stem}: {warning}", err=True)


def _read_template(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        raise ZiEvalError(
            f"Templat {path} tidak dapat dibaca. Periksa namanya, atau tulis yang bawaan dengan "
            "'zi-eval lhe --template-out'."
        ) from None


def _actions(folder: Path, evaluation: Evaluation) -> tuple[Move, ...]:
    """Return the shortest way to the target; without one there is nothing to add."""
    from zi_eval.improvement.effort_file import load_effort
    from zi_eval.improvement.programme import Unsolved
    from zi_eval.improvement.way import find_improvement
    from zi_eval.period.reading import OVERLAY_FILE

    loaded = load_effort(evaluation.instrument, folder / OVERLAY_FILE)
    limits = loaded.limits_of(evaluation.assessment.unit.id)
    try:
        found = find_improvement(evaluation, loaded.effort, evaluation.target.predicate, limits)
    except Unsolved:
        return ()
    return found.way.moves if found.way else ()


def _surveys(folder: Path, unit: str) -> UnitSurveys | None:
    """Return a unit's surveys; one that cannot be read is named and leaves a marked place."""
    from zi_eval.survey.load import find_surveys, read_surveys

    try:
        return read_surveys(folder, unit) if unit in find_surveys(folder) else None
    except ZiEvalError as error:
        click.echo(f"{unit}: survei tidak dipakai. {error}", err=True)
        return None
