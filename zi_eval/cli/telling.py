"""What several commands do alike: bring files up to their journals, tell problems, write tables."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from zi_eval.core.text import visible
from zi_eval.errors import ArgumentError, ZiEvalError

if TYPE_CHECKING:
    from zi_eval.core.problems import Problem

__all__ = [
    "follow_journals",
    "no_tables",
    "quoted",
    "tell",
    "tell_astray",
    "tell_checked",
    "tell_next",
    "tell_problems",
    "tell_reported",
    "write_empty_table",
]


def tell(text: object = "", err: bool = False) -> None:
    """Print a text: everything that commands print, with what would not be seen made visible.

    Files of strangers give the texts; in a terminal, control characters in them would change its
    title, colours or lines.
    """
    click.echo(visible(str(text)), err=err)


def follow_journals(*folders: Path) -> None:
    """Let the unit files of periods follow their journals before a command reads them."""
    from zi_eval.journal.store import follow_journals

    for folder in folders:
        for path in follow_journals(folder):
            tell(f"{path}: disesuaikan dengan jurnalnya.", err=True)


def no_tables(home: Path, folder: str, template: str) -> ZiEvalError:
    """Return the error of a period without any table of a topic, or with no folder in its place.

    Parameters
    ----------
    folder
        Where they stand, below the period's folder.
    template
        The command that makes the first one.
    """
    from zi_eval.period.strays import describe_folder

    place = home / folder
    if said := describe_folder(place):
        return ZiEvalError(f"{place}: {said}; tabel di situ tidak dibaca. Jadikan folder.")
    return ZiEvalError(f"Belum ada tabel di {place}. Buat dengan 'zi-eval {template}'.")


def tell_problems(problems: Iterable[object]) -> None:
    """Tell problems beside what a command was asked for."""
    for problem in problems:
        tell(str(problem), err=True)


def tell_astray(problems: Iterable[Problem], units: Sequence[str]) -> None:
    """Tell of tables that no unit has, beside what was shown of them: of these units, or of all."""
    tell_problems(p for p in problems if not units or Path(p.file).name.split(".")[0] in units)


def tell_checked(count: int, what: str, problems: Sequence[Problem], more: str = "") -> None:
    """Say how many files were checked and what is wrong; end with code 1 where something is.

    Parameters
    ----------
    what
        What was counted, e.g. ``"tabel"``.
    more
        What was found besides, e.g. ``", 3 temuan"``.
    """
    from zi_eval.core.problems import Severity

    wrong = sum(problem.severity is Severity.ERROR for problem in problems)
    said = f"{count} {what} diperiksa: {wrong} salah, {len(problems) - wrong} perhatian{more}."
    tell(said, err=True)
    if wrong:
        sys.exit(1)


def quoted(word: object) -> str:
    """Return a word of a command as any shell takes it, that of Windows too."""
    text = str(word)
    return text if re.fullmatch(r"[\w@%+=:,./\\-]+", text) else f'"{text}"'


def tell_next(command: str, what: str, period: str = "", folder: Path = Path(".")) -> None:
    """End an answer with the command that usually comes next, and what it does.

    ``period`` and ``folder`` are named where the answer was asked for with them.
    """
    command += f" --period {quoted(period)}" if period else ""
    command += f" --folder {quoted(folder)}" if folder != Path(".") else ""
    tell(f"Berikutnya: {command}  ({what})", err=True)


def tell_reported(home: Path, unit: str, period: str, folder: Path) -> None:
    """Say what comes after reports: the letter, or the score where an instrument has no letter."""
    from zi_eval.period.reading import Period

    if Period.read(home).load_instrument().feeds:
        tell_next(f"zi-eval score {quoted(unit)}", "nilai dan predikatnya", period, folder)
    else:
        tell_next(f"zi-eval lhe {quoted(unit)}", "laporan hasil evaluasinya", period, folder)


def write_empty_table(
    path: Path, force: bool, render_csv: Callable[[], str], render_workbook: Callable[[], bytes]
) -> None:
    """Write an empty table of the kind that the ending of ``path`` names."""
    from zi_eval.files import require_free, write_bytes

    suffix = path.suffix.lower()
    if suffix not in (".xlsx", ".csv"):
        raise ArgumentError("beri nama yang berakhir .xlsx atau .csv.", "output")
    require_free(path, force)
    # With a mark, so that Excel reads the CSV as UTF-8.
    is_csv = suffix == ".csv"
    write_bytes(path, render_csv().encode("utf-8-sig") if is_csv else render_workbook())
