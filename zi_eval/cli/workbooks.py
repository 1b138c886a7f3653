"""The LKE workbook: out, filled in place, audited."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from zi_eval.cli.options import PATH, STAGE
from zi_eval.cli.words import Command
from zi_eval.errors import ZiEvalError

if TYPE_CHECKING:
    from zi_eval.core.evaluation import Evaluation

__all__ = ["audit", "export"]

SHOWN = 12
"""Changed cells that are listed; of more only the number is told."""


@click.command(cls=Command)
@click.argument("file", type=PATH, metavar="BERKAS")
@click.option("-o", "--output", type=PATH, metavar="LKE.xlsx", help="Buku kerja hasil.")
@click.option(
    "--into",
    type=PATH,
    metavar="BUKU.xlsx",
    help="Isi salinan buku kerja tim sendiri; selain isian semuanya tetap.",
)
@STAGE
@click.option("--force", is_flag=True, help="Timpa berkas hasil yang sudah ada.")
def export(file: Path, output: Path | None, into: Path | None, stage: str, force: bool) -> None:
    """Tulis satu unit sebagai buku kerja LKE (xlsx) dengan rumus yang hidup.

    Dengan --into: jawaban, catatan, dan bukti masuk ke salinan buku kerja yang sudah ada;
    format, rumus, komentar, dan lembar lainnya tidak disentuh. Dengan --stage unit jawaban dan
    catatan TPI tidak ikut ditulis.

    \b
    Contoh:
      zi-eval export parameters/2026/dpmptsp.yaml -o LKE-dpmptsp.xlsx
      zi-eval export parameters/2026/dpmptsp.yaml --into LKE-lama.xlsx -o LKE-baru.xlsx
    """
    from zi_eval.period.reading import load_evaluation

    if into is None and output is None:
        raise click.UsageError("sebut berkas hasilnya dengan -o LKE.xlsx.")
    target = output or _copy_name(into or file)
    if into is not None and target.suffix.lower() != into.suffix.lower():
        raise ZiEvalError(
            f"{target} harus berakhiran {into.suffix} seperti {into.name}; ganti nama hasilnya."
        )
    if into is None and target.suffix.lower() != ".xlsx":
        raise ZiEvalError(f"{target} bukan nama buku kerja; pakai nama berakhiran .xlsx.")
    if target.exists() and not force:
        raise ZiEvalError(f"{target} sudah ada; tidak ditulis. Pakai --force untuk menimpanya.")
    evaluation = load_evaluation(file, stage)
    if into is None:
        _write_new(evaluation, target)
    else:
        _write_copy(evaluation, into, target)


def _copy_name(into: Path) -> Path:
    return into.with_name(f"{into.stem}.terisi{into.suffix}")


def _write_new(evaluation: Evaluation, target: Path) -> None:
    from zi_eval.files import write_bytes
    from zi_eval.instruments import load_workbook_layouts
    from zi_eval.lke.export import export_workbook

    layouts = load_workbook_layouts(evaluation.instrument.id)
    layout = next((layout for layout in layouts if layout.totals), None)
    if layout is None:
        raise ZiEvalError(
            f"Instrumen {evaluation.instrument.id} tidak mempunyai tata letak buku kerja yang "
            "lengkap. Tambahkan 'totals' di workbook.yaml-nya."
        )
    made = export_workbook(evaluation.assessment, evaluation.instrument, layout, evaluation.stage)
    write_bytes(target, made.data)
    for problem in made.problems:
        click.echo(str(problem), err=True)
    card = evaluation.card.total
    click.echo(f"{target}: {card.answered} dari {card.questions} pertanyaan terjawab.")


def _write_copy(evaluation: Evaluation, into: Path, target: Path) -> None:
    from zi_eval.files import write_bytes
    from zi_eval.instruments import load_workbook_layouts
    from zi_eval.lke.fill import fill_workbook

    layouts = load_workbook_layouts(evaluation.instrument.id)
    made = fill_workbook(
        into, evaluation.assessment, evaluation.instrument, layouts, evaluation.stage
    )
    write_bytes(target, made.data)
    for change in made.changes[:SHOWN]:
        before = change.before or "(kosong)"
        click.echo(f"  {change.cell} {change.key}: {before} → {change.after or '(kosong)'}")
    if len(made.changes) > SHOWN:
        click.echo(f"  … dan {len(made.changes) - SHOWN} sel lagi")
    for problem in made.problems:
        click.echo(str(problem), err=True)
    click.echo(f"{target}: {len(made.changes)} sel diisi di lembar '{made.sheet}'.")


@click.command(cls=Command)
@click.argument("paths", nargs=-1, required=True, type=PATH, metavar="LKE.xlsx… [FOLDER]")
@click.option("--json", "as_json", is_flag=True, help="Keluarkan JSON dengan semua temuan.")
@click.option("--html", type=PATH, metavar="BERKAS", help="Tulis hasilnya sebagai HTML.")
@click.option("--fix", is_flag=True, help="Perbaiki rumus, bobot, dan tipe (bukan jawaban).")
@click.option("-o", "--output", type=PATH, metavar="HASIL.xlsx", help="Berkas hasil --fix.")
@click.option("--force", is_flag=True, help="Timpa berkas hasil yang sudah ada.")
def audit(
    paths: tuple[Path, ...],
    as_json: bool,
    html: Path | None,
    fix: bool,
    output: Path | None,
    force: bool,
) -> None:
    """Periksa buku kerja LKE: rumus, bobot, tipe, jawaban, dan rekap yang rusak.

    Setiap temuan disebut dengan selnya, isinya, seharusnya apa, dan berapa poin nilainya
    bergeser. Untuk folder: satu tabel semua buku kerja, yang terparah di atas. Kode keluar 1 bila
    ada temuan.

    \b
    Contoh:
      zi-eval audit LKE.xlsx
      zi-eval audit kiriman/ --html audit.html
      zi-eval audit LKE.xlsx --fix -o LKE-diperbaiki.xlsx
    """
    from zi_eval.lke.load import find_workbooks, load_audits
    from zi_eval.lke.page.audit_text import dump_audits, render_audit, render_audits

    if fix:
        _fix(find_workbooks(paths), output, force)
        return
    if output is not None:
        raise click.UsageError("-o hanya untuk --fix; hasil audit ditulis dengan --html.")
    audits = load_audits(*paths)
    if html is not None:
        from zi_eval.files import write_text
        from zi_eval.lke.page.audit import render_audit_page

        if html.exists() and not force:
            raise ZiEvalError(f"{html} sudah ada; tidak ditulis. Pakai --force untuk menimpanya.")
        write_text(html, render_audit_page(audits))
    if as_json:
        click.echo(json.dumps(dump_audits(audits), ensure_ascii=False, indent=2))
    elif len(audits) == 1 and not paths[0].is_dir():
        if audits[0].failure:
            raise ZiEvalError(audits[0].failure)
        click.echo(render_audit(audits[0]))
    else:
        click.echo(render_audits(audits))
    if any(one.findings or one.failure for one in audits):
        sys.exit(1)


def _fix(files: Sequence[Path], output: Path | None, force: bool) -> None:
    from zi_eval.files import write_bytes
    from zi_eval.instruments import DEFAULT_INSTRUMENT, load_instrument, load_workbook_layouts
    from zi_eval.lke.audit import inspect_workbook
    from zi_eval.lke.mend import mend_workbook

    if output is None or len(files) != 1:
        raise click.UsageError("--fix memperbaiki satu buku kerja ke berkas -o HASIL.xlsx.")
    (file,) = files
    if output.suffix.lower() != file.suffix.lower():
        raise ZiEvalError(f"{output} harus berakhiran {file.suffix} seperti {file.name}.")
    if output.exists() and not force:
        raise ZiEvalError(f"{output} sudah ada; tidak ditulis. Pakai --force untuk menimpanya.")
    instrument = load_instrument(DEFAULT_INSTRUMENT)
    audited = inspect_workbook(file, instrument, load_workbook_layouts(DEFAULT_INSTRUMENT))
    made = mend_workbook(audited)
    write_bytes(output, made.data)
    for one in made.mendings:
        click.echo(f"  {one.sheet}!{one.cell} {one.key}: {one.before} → {one.after}")
    click.echo(f"{output}: {len(made.mendings)} sel diperbaiki; jawaban tidak diubah.")
    left = [finding for finding in audited.findings() if not finding.is_fixable]
    if left:
        click.echo(f"Masih perlu diperiksa sendiri: {len(left)} temuan; jalankan 'zi-eval audit'.")
