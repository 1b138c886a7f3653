"""The LKE workbook: taken in, written, filled in place, audited; and its wording."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from zi_eval.cli.chosen import choose_files, choose_new_period
from zi_eval.cli.options import FOLDER, FORCE, PATH, PERIOD, STAGE, UNITS
from zi_eval.cli.telling import quoted, tell, tell_next, tell_problems
from zi_eval.cli.words import Command
from zi_eval.errors import ZiEvalError

if TYPE_CHECKING:
    from zi_eval.lke.intake import ImportedUnit
    from zi_eval.lke.reading import WorkbookReading

__all__ = ["audit", "export", "import_workbook", "wording"]

SHOWN = 12
AUDIT = "periksa rumus, bobot, dan rekapnya"
"""Changed cells that are listed; of more only the number is told."""


@click.command("import", cls=Command)
@click.argument("workbook", type=PATH, metavar="LKE", required=False)
@click.option("--unit", metavar="ID", help="Id unit, mis. dinas-kesehatan.")
@PERIOD
@click.option("-o", "--output", type=PATH, metavar="BERKAS", help="Berkas hasil.")
@click.option("--name", metavar="NAMA", help="Nama unit (bawaan: id).")
@click.option("--target", default="WBK", metavar="PREDIKAT", help="WBK (bawaan) atau WBBM.")
@FORCE
@click.option("--sheet", default="", metavar="NAMA", help="Lembar yang dibaca (bawaan: dicari).")
@click.option(
    "--columns",
    default="",
    metavar="ISI=KOLOM,…",
    help="Kolom yang dibaca, mis. tpi=N,catatan_tpi=Q (bawaan: dicari dari judulnya).",
)
@click.option(
    "--template",
    type=PATH,
    metavar="TABEL.csv",
    help="Tulis tabel pertanyaan kosong, lalu selesai.",
)
@FOLDER
def import_workbook(
    workbook: Path | None,
    unit: str | None,
    period: str,
    output: Path | None,
    name: str | None,
    target: str,
    force: bool,
    sheet: str,
    columns: str,
    template: Path | None,
    folder: Path,
) -> None:
    """Ambil jawaban dari lembar kerja LKE (xlsx, xlsm, xls, xlsb, ods) atau tabel CSV.

    Yang diambil jawaban, catatan, dan bukti, juga kolom TPI bila ada; nilai di dalamnya tidak
    pernah dipakai. Yang ditebak atau tidak dapat ditempatkan disebut dengan selnya.

    \b
    Contoh:
      zi-eval import LKE.xlsx --unit dpmptsp --period 2026
      zi-eval import LKE.xls --unit dpmptsp -o dpmptsp.yaml --target WBBM
      zi-eval import "LKE - Jawaban.csv" --unit dpmptsp
      zi-eval import semua-LKE.zip --period 2026
      zi-eval import --template jawaban.csv
      zi-eval import jawaban.csv --unit dpmptsp
    """
    if template is not None:
        from zi_eval.lke.intake import write_question_table

        count = write_question_table(template, force)
        tell(
            f"{template}: {count} pertanyaan. Isi kolom jawaban, catatan, dan bukti, "
            f"lalu jalankan 'zi-eval import {template} --unit ID'."
        )
        return
    from zi_eval.lke.intake import import_workbook as take_workbook
    from zi_eval.lke.intake import is_archive

    if workbook is None:
        raise click.UsageError(
            "Sebutkan berkas LKE, atau --template TABEL.csv untuk tabel pertanyaan kosong."
        )
    home = choose_new_period(period, folder)
    if unit is None and is_archive(workbook):
        _import_archive(workbook, output or home, home.name, target, force)
        return
    if unit is None:
        raise click.UsageError("Sebutkan id unit dengan --unit, mis. --unit dinas-kesehatan.")
    path = output or home / f"{unit}.yaml"
    made = take_workbook(
        workbook,
        path,
        unit,
        home.name,
        name=name or "",
        target=target,
        force=force,
        sheet=sheet,
        columns=columns,
    )
    tell_problems(made.reading.problems)
    tell(_import_line(made))
    tell("Lengkapi nama, target, dan syarat di berkas itu.")
    tell_next(f"zi-eval check {quoted(path)}", "periksa berkas itu")


def _import_line(made: ImportedUnit) -> str:
    reading = made.reading
    of = f"{len(reading.criteria)} kriteria, " if reading.criteria else ""
    return (
        f"{made.path}: {of}{reading.answered} dari {made.questions} pertanyaan terjawab, "
        f"{reading.answered_by_tpi} jawaban TPI{_by_tpn(reading)} (lembar '{reading.sheet}'); "
        f"{len(reading.problems)} keterangan."
    )


def _by_tpn(reading: WorkbookReading) -> str:
    return f", {reading.answered_by_tpn} jawaban TPN" if reading.answered_by_tpn else ""


def _import_archive(path: Path, folder: Path, period: str, target: str, force: bool) -> None:
    """Take every workbook of a zip, tell of each, and fail where one was refused."""
    from zi_eval.lke.intake import import_archive

    made = import_archive(path, folder, period, target=target, force=force)
    for unit in made.units:
        tell_problems(unit.reading.problems)
        tell(_import_line(unit))
    for entry, reason in made.refused.items():
        tell(f"{entry}: tidak diambil. {reason}", err=True)
    tell(
        f"{len(made.units)} unit diambil dari {path.name}, {len(made.refused)} tidak. Periksa id, "
        "nama, dan target di berkas-berkas itu, lalu jalankan 'zi-eval check'."
    )
    if made.refused:
        raise SystemExit(1)


@click.command(cls=Command)
@UNITS
@PERIOD
@click.option(
    "-o",
    "--output",
    type=PATH,
    metavar="LKE.xlsx",
    help="Buku kerja hasil; untuk beberapa unit: foldernya.",
)
@click.option(
    "--into",
    type=PATH,
    metavar="BUKU.xlsx",
    help="Isi salinan buku kerja tim sendiri; selain isian semuanya tetap.",
)
@STAGE
@FORCE
@FOLDER
def export(
    units: tuple[str, ...],
    period: str,
    output: Path | None,
    into: Path | None,
    stage: str,
    force: bool,
    folder: Path,
) -> None:
    """Tulis unit sebagai buku kerja LKE (xlsx) dengan rumus yang hidup.

    Dengan --into: jawaban, catatan, dan bukti masuk ke salinan buku kerja yang sudah ada;
    format, rumus, komentar, dan lembar lainnya tidak disentuh. Dengan --stage unit jawaban dan
    catatan TPI tidak ikut ditulis.

    \b
    Contoh:
      zi-eval export dpmptsp -o LKE-dpmptsp.xlsx
      zi-eval export dpmptsp --into LKE-lama.xlsx -o LKE-baru.xlsx
      zi-eval export parameters/2026 -o lke
    """
    files = choose_files(units, period, folder)
    if into is not None:
        if len(files) > 1:
            raise click.UsageError("--into mengisi buku kerja satu unit; sebut satu unit.")
        output = output or _copy_name(into)
        _export_copy(files[0], into, output, stage, force)
        tell_next(f"zi-eval audit {quoted(output)}", AUDIT)
        return
    if output is None:
        raise click.UsageError("sebut berkas hasilnya dengan -o LKE.xlsx.")
    if len(files) == 1:
        _export_new(files[0], output, stage, force)
        tell_next(f"zi-eval audit {quoted(output)}", AUDIT)
        return
    if output.suffix:
        raise click.UsageError(f"-o untuk {len(files)} unit adalah folder, bukan {output}.")
    for file in files:
        _export_new(file, output / f"LKE-{file.stem}.xlsx", stage, force)
    tell_next(f"zi-eval audit {quoted(output)}", AUDIT)


def _copy_name(into: Path) -> Path:
    return into.with_name(f"{into.stem}.terisi{into.suffix}")


def _export_new(file: Path, target: Path, stage: str, force: bool) -> None:
    from zi_eval.lke.write import write_unit_workbook

    evaluation, made = write_unit_workbook(file, target, stage, force)
    tell_problems(made.problems)
    card = evaluation.card.total
    tell(f"{target}: {card.answered} dari {card.questions} pertanyaan terjawab.")


def _export_copy(file: Path, into: Path, target: Path, stage: str, force: bool) -> None:
    from zi_eval.lke.write import fill_copy

    made = fill_copy(file, into, target, stage, force)
    for change in made.changes[:SHOWN]:
        before = change.before or "(kosong)"
        tell(f"  {change.cell} {change.key}: {before} → {change.after or '(kosong)'}")
    if len(made.changes) > SHOWN:
        tell(f"  … dan {len(made.changes) - SHOWN} sel lagi")
    tell_problems(made.problems)
    tell(f"{target}: {len(made.changes)} sel diisi di lembar '{made.sheet}'.")


@click.command(cls=Command)
@click.argument("paths", nargs=-1, required=True, type=PATH, metavar="LKE.xlsx… [FOLDER]")
@click.option("--json", "as_json", is_flag=True, help="Keluarkan JSON dengan semua temuan.")
@click.option("--html", type=PATH, hidden=True)
@click.option("--fix", is_flag=True, help="Perbaiki rumus, bobot, dan tipe (bukan jawaban).")
@click.option(
    "-o",
    "--output",
    type=PATH,
    metavar="BERKAS",
    help="Berkas hasil: halaman .html, atau dengan --fix buku kerja yang diperbaiki.",
)
@FORCE
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
    ada temuan; cacat bawaan templat resmi yang tidak menggeser nilai bukan temuan.

    \b
    Contoh:
      zi-eval audit LKE.xlsx
      zi-eval audit kiriman/ -o audit.html
      zi-eval audit LKE.xlsx --fix -o LKE-diperbaiki.xlsx
    """
    from zi_eval.lke.load import find_workbooks, load_audits
    from zi_eval.lke.page.audit import dump_audits, render_audit, render_audits

    if fix:
        _fix(find_workbooks(paths), output, force)
        return
    html = html or output
    if html is not None and html.suffix.lower() not in (".html", ".htm"):
        raise click.UsageError(
            f"-o {html}: hasil audit ditulis sebagai .html; buku kerja yang diperbaiki ditulis "
            "dengan --fix."
        )
    audits = load_audits(*paths)
    if html is not None:
        from zi_eval.files import require_free, write_text
        from zi_eval.lke.page.audit import render_audit_page

        require_free(html, force)
        write_text(html, render_audit_page(audits))
    if as_json:
        tell(json.dumps(dump_audits(audits), ensure_ascii=False, indent=2))
    elif len(audits) == 1 and not paths[0].is_dir():
        if audits[0].failure:
            raise ZiEvalError(audits[0].failure)
        tell(render_audit(audits[0]))
    else:
        tell(render_audits(audits))
    if len(audits) == 1 and audits[0].findings and not as_json:
        mended = f"{paths[0].stem}-diperbaiki{paths[0].suffix}"
        tell_next(
            f"zi-eval audit {quoted(paths[0])} --fix -o {quoted(mended)}",
            "perbaiki rumus, bobot, dan tipe",
        )
    if any(one.findings or one.failure for one in audits):
        sys.exit(1)


def _fix(files: Sequence[Path], output: Path | None, force: bool) -> None:
    from zi_eval.lke.write import mend_file

    if output is None or len(files) != 1:
        raise click.UsageError("--fix memperbaiki satu buku kerja ke berkas -o HASIL.xlsx.")
    made = mend_file(files[0], output, force)
    for one in made.mendings:
        tell(f"  {one.sheet}!{one.cell} {one.key}: {one.before} → {one.after}")
    tell(f"{output}: {len(made.mendings)} sel diperbaiki; jawaban tidak diubah.")
    if made.left:
        tell(f"Masih perlu diperiksa sendiri: {made.left} temuan.")
    tell_next(
        f"zi-eval audit {quoted(output)}", "yang masih perlu diperiksa" if made.left else AUDIT
    )


@click.command(cls=Command)
@click.argument("workbook", type=PATH, metavar="LKE.xlsx")
@PERIOD
@click.option("-o", "--output", type=PATH, metavar="BERKAS", help="Berkas hasil.")
@FORCE
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
    from zi_eval.lke.intake import take_wording
    from zi_eval.period.reading import WORDING_FILE
    from zi_eval.report.made import Made

    path = output or choose_new_period(period, folder) / WORDING_FILE
    made = take_wording(workbook, path, Made.now().time.date(), force)
    tell_problems(made.problems)
    tell(
        f"{path}: {made.questions} pertanyaan dari lembar '{made.sheet}'; "
        f"{len(made.problems)} perhatian."
    )
    if path.name != WORDING_FILE:
        tell(f"Dipakai setelah bernama {WORDING_FILE} di folder periodenya.")
    tell_next("zi-eval run", "laporan dengan kalimat resminya", period, folder)
