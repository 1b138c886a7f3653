"""Single units: score, check, import."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from zi_eval.cli.options import FOLDER, PATH, STAGE
from zi_eval.cli.words import Command
from zi_eval.errors import ZiEvalError

if TYPE_CHECKING:
    from zi_eval.core.problems import Problem

__all__ = ["check", "import_workbook", "score"]


@click.command(cls=Command)
@click.argument("file", type=PATH, metavar="BERKAS")
@STAGE
@click.option("--json", "as_json", is_flag=True, help="Keluarkan JSON dengan semua angka.")
@click.option("--trace", metavar="ID", help="Jelaskan asal satu angka, mis. A.I.1 atau total.")
def score(file: Path, stage: str, as_json: bool, trace: str | None) -> None:
    """Hitung nilai dan putusan satu unit.

    \b
    Contoh:
      zi-eval score parameters/2026/dpmptsp.yaml
      zi-eval score parameters/2026/dpmptsp.yaml --stage unit --json
      zi-eval score parameters/2026/dpmptsp.yaml --trace A.I.1.ii
    """
    from zi_eval.pages.unit.text import render_score, render_trace
    from zi_eval.period.reading import load_evaluation

    evaluation = load_evaluation(file, stage)
    if as_json:
        from zi_eval.period.score_json import dump_evaluation

        click.echo(json.dumps(dump_evaluation(evaluation), ensure_ascii=False, indent=2))
        return
    if trace:
        click.echo(render_trace(evaluation, trace))
        return
    click.echo(render_score(evaluation))
    _echo_problems(evaluation.problems)


def _echo_problems(problems: Sequence[Problem]) -> None:
    for problem in problems:
        click.echo(str(problem), err=True)


@click.command(cls=Command)
@click.argument("files", nargs=-1, type=PATH, metavar="[BERKAS…]")
@FOLDER
def check(files: tuple[Path, ...], folder: Path) -> None:
    """Periksa berkas unit dan instansi; semua masalah disebut dengan baris.

    Tanpa BERKAS: semua berkas di bawah parameters/. Kode keluar 1 bila ada yang salah.

    \b
    Contoh:
      zi-eval check
      zi-eval check parameters/2026/dpmptsp.yaml
    """
    from zi_eval.checking import check_files
    from zi_eval.core.problems import Severity
    from zi_eval.journal.store import follow_journals

    paths = files or tuple(
        sorted(p for p in (folder / "parameters").glob("*/*.y*ml") if not p.name.startswith("."))
    )
    if not paths:
        raise ZiEvalError(f"Tidak ada berkas di {folder / 'parameters'}. Periksa --folder.")
    for parent in sorted({path.parent for path in paths if path.is_file()}):
        for path in follow_journals(parent):
            click.echo(f"{path}: disesuaikan dengan jurnalnya.", err=True)
    problems = check_files(paths)
    for problem in problems:
        click.echo(str(problem))
    wrong = sum(problem.severity is Severity.ERROR for problem in problems)
    click.echo(
        f"{len(paths)} berkas diperiksa: {wrong} salah, {len(problems) - wrong} perhatian.",
        err=True,
    )
    if wrong:
        sys.exit(1)


@click.command("import", cls=Command)
@click.argument("workbook", type=PATH, metavar="LKE", required=False)
@click.option("--unit", metavar="ID", help="Id unit, mis. dinas-kesehatan.")
@click.option("--period", default="2026", help="Periode (bawaan: 2026).")
@click.option("-o", "--output", type=PATH, metavar="BERKAS", help="Berkas hasil.")
@click.option("--name", metavar="NAMA", help="Nama unit (bawaan: id).")
@click.option("--target", default="WBK", help="WBK (bawaan) atau WBBM.")
@click.option("--force", is_flag=True, help="Timpa berkas hasil yang sudah ada.")
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
      zi-eval import --template jawaban.csv
      zi-eval import jawaban.csv --unit dpmptsp
    """
    if template is not None:
        _write_template(template, force)
        return
    from zi_eval.core.assessment import Assessment, Unit
    from zi_eval.files import write_text
    from zi_eval.instruments import (
        DEFAULT_INSTRUMENT,
        load_instrument,
        load_rules,
        load_workbook_layouts,
    )
    from zi_eval.lke.layout import read_workbook
    from zi_eval.period.reading import Period
    from zi_eval.period.unit_file import RESERVED, UNIT_ID
    from zi_eval.period.unit_writer import render_unit

    if workbook is None:
        raise click.UsageError(
            "Sebutkan berkas LKE, atau --template TABEL.csv untuk tabel pertanyaan kosong."
        )
    if unit is None:
        raise click.UsageError("Sebutkan id unit dengan --unit, mis. --unit dinas-kesehatan.")
    path = output or folder / "parameters" / period / f"{unit}.yaml"
    if not UNIT_ID.fullmatch(unit) or unit in RESERVED:
        message = "pakai huruf kecil, angka, dan tanda hubung; bukan nama berkas zi-eval sendiri."
        raise click.BadParameter(message, param_hint="--unit")
    declared = Period.read(path.parent).instrument if path.parent.is_dir() else None
    identifier = declared or DEFAULT_INSTRUMENT
    layouts = load_workbook_layouts(identifier)  # refuses an instrument without a workbook
    rules = load_rules(identifier)
    if target not in rules.predicates:
        raise click.BadParameter(f"pakai {' atau '.join(rules.predicates)}.", param_hint="--target")
    if path.exists() and not force:
        raise ZiEvalError(f"{path} sudah ada; tidak ditulis. Pakai --force untuk menimpanya.")
    instrument = load_instrument(identifier)
    reading = read_workbook(workbook, instrument, layouts)
    assessment = Assessment(
        Unit(unit, name or unit), instrument.id, target, period, answers=reading.answers
    )
    write_text(path, render_unit(assessment, instrument, rules))
    _echo_problems(reading.problems)
    answered = sum(answer.unit is not None for answer in reading.answers.values())
    by_tpi = sum(answer.tpi is not None for answer in reading.answers.values())
    click.echo(
        f"{path}: {answered} dari {len(instrument.questions)} pertanyaan terjawab, "
        f"{by_tpi} jawaban TPI (lembar '{reading.sheet}'); {len(reading.problems)} catatan."
    )
    click.echo("Lengkapi nama, target, dan syarat di berkas itu, lalu jalankan 'zi-eval check'.")


def _write_template(path: Path, force: bool) -> None:
    from zi_eval.files import write_bytes
    from zi_eval.instruments import DEFAULT_INSTRUMENT, load_instrument
    from zi_eval.lke.question_table import render_template

    if path.suffix.lower() != ".csv":
        raise click.BadParameter("beri nama yang berakhir .csv.", param_hint="--template")
    if path.exists() and not force:
        raise ZiEvalError(f"{path} sudah ada; tidak ditulis. Pakai --force untuk menimpanya.")
    instrument = load_instrument(DEFAULT_INSTRUMENT)
    # With a mark, so that Excel reads it as UTF-8.
    write_bytes(path, render_template(instrument).encode("utf-8-sig"))
    click.echo(
        f"{path}: {len(instrument.questions)} pertanyaan. Isi kolom jawaban, catatan, dan bukti, "
        f"lalu jalankan 'zi-eval import {path} --unit ID'."
    )
