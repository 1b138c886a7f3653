"""Units: score, check."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from zi_eval.cli.chosen import choose_files, choose_period, list_all_files, require_file
from zi_eval.cli.options import FOLDER, PERIOD, STAGE, UNITS
from zi_eval.cli.telling import (
    follow_journals,
    quoted,
    tell,
    tell_checked,
    tell_next,
    tell_problems,
)
from zi_eval.cli.words import Command
from zi_eval.errors import ParameterError, ZiEvalError

if TYPE_CHECKING:
    from zi_eval.core.evaluation import Evaluation

__all__ = ["check", "score"]


@click.command(cls=Command)
@UNITS
@PERIOD
@STAGE
@click.option("--json", "as_json", is_flag=True, help="Keluarkan JSON dengan semua angka.")
@click.option("--trace", metavar="ID", help="Jelaskan asal satu angka, mis. A.I.1 atau total.")
@FOLDER
def score(
    units: tuple[str, ...],
    period: str,
    stage: str,
    as_json: bool,
    trace: str | None,
    folder: Path,
) -> None:
    """Hitung nilai dan putusan unit.

    UNIT: id, berkas, atau folder; boleh beberapa. Unit yang tidak terbaca disebut di akhir dan
    tidak menghentikan yang lain.

    \b
    Contoh:
      zi-eval score dpmptsp
      zi-eval score dpmptsp bapenda --stage unit --json
      zi-eval score parameters/2026/dpmptsp.yaml --trace A.I.1.ii
    """
    # The few small products of a unit are computed sooner than other threads are started.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from zi_eval.case import Case
    from zi_eval.core.assessment import Stage
    from zi_eval.period.reading import Period

    files = choose_files(units, period, folder)
    periods: dict[Path, Period] = {}
    found: list[Evaluation] = []
    failures: list[ParameterError] = []
    for file in files:
        require_file(file)
        home = file.parent
        periods[home] = periods.get(home) or Period.read(home)
        try:
            found.append(Case(periods[home], file, Stage(stage)).evaluation)
        except ParameterError as error:
            failures.append(error)
    if as_json and (found or len(files) > 1):
        _show_json(found, is_list=len(files) > 1)
    elif found:
        _show(found, trace)
    for failure in failures:
        tell(str(failure), err=True)
    if failures:
        sys.exit(1)
    if not as_json and not trace and len(files) == 1:
        tell_next(
            f"zi-eval improve {quoted(units[0])}", "jawaban mana yang dinaikkan", period, folder
        )


def _show_json(found: Sequence[Evaluation], *, is_list: bool) -> None:
    from zi_eval.period.score_json import dump_evaluation

    dumped = [dump_evaluation(evaluation) for evaluation in found]
    shown = dumped if is_list else dumped[0]
    tell(json.dumps(shown, ensure_ascii=False, indent=2))


def _show(found: Sequence[Evaluation], trace: str | None) -> None:
    from zi_eval.pages.unit.text import render_score, render_trace

    texts = [render_trace(one, trace) if trace else render_score(one) for one in found]
    tell("\n\n".join(texts))
    for one in () if trace else found:
        tell_problems(one.problems)


@click.command(cls=Command)
@UNITS
@PERIOD
@FOLDER
def check(units: tuple[str, ...], period: str, folder: Path) -> None:
    """Periksa berkas unit dan instansi; semua masalah disebut dengan baris.

    UNIT: id, berkas, atau folder; boleh beberapa. Tanpa UNIT: semua berkas periode itu, atau semua
    periode tanpa --period. Kode keluar 1 bila ada yang salah.

    \b
    Contoh:
      zi-eval check
      zi-eval check dpmptsp parameters/2025
      zi-eval check parameters/2026/instansi.yaml
    """
    from zi_eval.astray import find_astray
    from zi_eval.checking import check_files, check_tables
    from zi_eval.period.reading import Period

    periods: list[Path] = []
    if units:
        paths = choose_files(units, period, folder, shared=True)
    else:
        every = (path for path in (folder / "parameters").glob("*") if path.is_dir())
        periods = [choose_period(period, folder)] if period else sorted(every)
        paths = tuple(file for home in periods for file in list_all_files(home))
    if not paths:
        for problem in (found for home in periods for found in find_astray(Period.read(home))):
            tell(str(problem))
        where = periods[0] if len(periods) == 1 else folder / "parameters"
        raise ZiEvalError(
            f"Belum ada berkas unit di {where}. Mulai dengan 'zi-eval import', atau periksa "
            "--folder."
        )
    follow_journals(*sorted({path.parent for path in paths if path.is_file()}))
    problems = check_files(paths)
    homes = sorted({path.parent for path in paths if path.is_file()})
    whole = [home for home in homes if set(list_all_files(home)) <= set(paths)]
    problems = (*problems, *check_tables(whole))
    for home in homes:
        if home not in whole:
            names = [path.stem for path in paths if path.parent == home]
            problems = (*problems, *find_astray(Period.read(home), names))
    for problem in problems:
        tell(str(problem))
    tell_checked(len(paths), "berkas", problems)
    if any(Period.read(home).unit_files for home in homes):
        tell_next("zi-eval run", "laporan semua unit dan rekap instansi", period, folder)
    else:
        tell_next("zi-eval import LKE.xlsx --unit ID", "unit pertama", period, folder)
