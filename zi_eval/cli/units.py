"""Single units: score, check."""

from __future__ import annotations

import json
from pathlib import Path

import click

from zi_eval.cli.options import FOLDER, PATH, STAGE
from zi_eval.cli.telling import follow_journals, tell_checked, tell_problems
from zi_eval.cli.words import Command
from zi_eval.errors import ZiEvalError

__all__ = ["check", "score"]


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
    tell_problems(evaluation.problems)


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
    from zi_eval.checking import check_files, check_tables

    paths = files or tuple(
        sorted(p for p in (folder / "parameters").glob("*/*.y*ml") if not p.name.startswith("."))
    )
    if not paths:
        raise ZiEvalError(f"Tidak ada berkas di {folder / 'parameters'}. Periksa --folder.")
    follow_journals(*sorted({path.parent for path in paths if path.is_file()}))
    problems = check_files(paths)
    if not files:
        problems = (*problems, *check_tables(sorted({path.parent for path in paths})))
    for problem in problems:
        click.echo(str(problem))
    tell_checked(len(paths), "berkas", problems)
