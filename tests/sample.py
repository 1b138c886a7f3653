"""Working folders with the sample agency, whole or in part, and commands run in them."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

from zi_eval.cli import main

ROOT = Path(__file__).resolve().parent.parent
PERIOD = "2026"


def copy_sample(
    folder: Path,
    *units: str,
    plans: Iterable[str] | None = None,
    years: Iterable[str] = (PERIOD,),
    notebooks: bool = False,
) -> Path:
    """Copy sample units into a working folder and return it.

    Parameters
    ----------
    folder
        The working folder; made where it does not exist.
    units
        Ids of units; none takes the whole agency, with its plans and surveys.
    plans
        The units among them whose plan comes along; the whole agency has its own.
    years
        The periods.
    notebooks
        Whether the notebooks come along, to be changed; a run does without them.
    """
    for year in years:
        source, target = ROOT / "parameters" / year, folder / "parameters" / year
        if not units:
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("jurnal"))
            continue
        target.mkdir(parents=True)
        for name in ("instansi", *units):
            shutil.copy(source / f"{name}.yaml", target)
        for name in plans or ():
            (target / "kinerja").mkdir(exist_ok=True)
            (table,) = (source / "kinerja").glob(f"{name}.*")
            shutil.copy(table, target / "kinerja")
    if notebooks:
        shutil.copytree(ROOT / "notebooks", folder / "notebooks")
    return folder


def run_command(*arguments: object) -> int:
    """Run a command of zi-eval and return its exit code."""
    try:
        main([str(argument) for argument in arguments])
    except SystemExit as stop:
        return int(stop.code or 0)
    return 0
