"""The evaluation letter (LHE) of units, and the template it is written from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from zi_eval.cli.chosen import choose_files, choose_units
from zi_eval.cli.options import FOLDER, FORCE, INTO, PATH, PERIOD, UNITS
from zi_eval.cli.telling import follow_journals, quoted, tell, tell_next, tell_problems
from zi_eval.cli.words import Command

if TYPE_CHECKING:
    from zi_eval.letters.write import WrittenLetter

__all__ = ["lhe"]


@click.command(cls=Command)
@UNITS
@PERIOD
@click.option("--template", type=PATH, metavar="BERKAS", help="Templat .docx tim sendiri.")
@click.option(
    "--template-out",
    type=PATH,
    metavar="BERKAS",
    help="Tulis templat bawaan, untuk diubah di Word.",
)
@INTO
@FORCE
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
        from zi_eval.case import evaluate_whole
        from zi_eval.letters.write import write_letters

        chosen = choose_units(units, period, folder)
        follow_journals(chosen.home)
        names = chosen.units or [path.stem for path in choose_files(units, period, folder)]
        target = output or chosen.folder / "outputs" / chosen.period
        write_letters(
            chosen.home, names, target, template, evaluate=evaluate_whole, force=force, tell=_tell
        )
        book = f"zi-eval export {quoted(names[0])} -o {quoted(f'LKE-{names[0]}.xlsx')}"
        tell_next(book, "buku kerja LKE, untuk dilampirkan", period, folder)
    elif template_out is None:
        raise click.UsageError("sebut unitnya, mis. 'zi-eval lhe dpmptsp', atau --template-out.")


def _tell(letter: WrittenLetter) -> None:
    if letter.trouble:
        tell(f"{letter.unit}: survei tidak dipakai. {letter.trouble}", err=True)
    tell(f"{letter.word} dan {letter.page.name}")
    tell_problems(f"{letter.unit}: {warning}" for warning in letter.warnings)


def _write_template(path: Path, force: bool) -> None:
    from zi_eval.letters.template import PARTS, TEXTS
    from zi_eval.letters.write import write_letter_template

    write_letter_template(path, force)
    tell(f"{path}: templat bawaan. Ubah di Word, lalu pakai dengan --template {path}.")
    for title, names in (
        ("Di dalam kalimat, kop, atau sel", TEXTS),
        ("Sendirian dalam satu paragraf", PARTS),
    ):
        tell(f"\n{title}:")
        for name, meaning in names.items():
            marked = f"{{{{ {name} }}}}"
            tell(f"  {marked:<34}{meaning}")
