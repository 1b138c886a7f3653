"""The units that a command line names: by id, by file or by folder, all alike.

A word that is a path (it has a separator or ends as a YAML file) is a file or a folder; any other
is a unit of the period, and a folder where no unit has that id.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from zi_eval.cli.telling import no_tables, tell
from zi_eval.core.text import name_order
from zi_eval.errors import WorkspaceError

__all__ = [
    "Chosen",
    "choose_files",
    "choose_new_period",
    "choose_period",
    "choose_tables",
    "choose_units",
    "list_all_files",
    "require_file",
]

SHOWN = 5
"""Units that are named to who named none."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Units of one period.

    Attributes
    ----------
    home
        The period's folder, ``parameters/<period>``.
    units
        Their ids; empty for all of the period.
    """

    home: Path
    units: tuple[str, ...] = ()

    @property
    def period(self) -> str:
        """The period's name."""
        return self.home.name or self.home.resolve().name

    @property
    def folder(self) -> Path:
        """The working folder of the period."""
        home = self.home if self.home.parent.name else self.home.resolve()
        return home.parent.parent


def choose_period(period: str, folder: Path) -> Path:
    """Return the folder of a period; the newest, which is then named, where none is asked for."""
    from zi_eval.period.folders import pick_period

    parameters = folder / "parameters"
    if not parameters.is_dir():
        raise WorkspaceError(
            f"Folder {parameters} tidak ada. Periksa --folder, atau buat folder kerja dengan "
            "'zi-eval init'."
        )
    home = pick_period(period, parameters)
    if not period:
        tell(f"Periode {home.name} (yang terbaru; periode lain dengan --period).", err=True)
    return home


def choose_new_period(period: str, folder: Path) -> Path:
    """Return the folder of a period that need not be there yet; without one, that of this year."""
    parameters = folder / "parameters"
    if period:
        return parameters / period
    if any(path.is_dir() for path in parameters.glob("[0-9]*")):
        return choose_period("", folder)
    from zi_eval.report.made import Made

    return parameters / str(Made.now().time.year)


def choose_files(
    given: Sequence[str],
    period: str,
    folder: Path,
    *,
    shared: bool = False,
    tables: Callable[[Path], Collection[str]] | None = None,
) -> tuple[Path, ...]:
    """Return the files of the named units, in the order given, of one period or several.

    A file is returned as it was named, there or not: who opens it says what is wrong with it. So
    is that of a unit of which only the journal is left.

    Parameters
    ----------
    shared
        Whether a folder stands for the files that its units share, too.
    tables
        Gives the ids of the units that a period has tables of; they are known without a file.

    Raises
    ------
    UsageError
        Where none is named; some that are there are told.
    WorkspaceError
        Where a unit or a period is not there; the nearest name is told.
    """
    from zi_eval.period.reading import Period

    if not given:
        raise click.UsageError(_name_some(choose_period(period, folder)))
    list_files = list_all_files if shared else _unit_files
    home: Path | None = None
    found: list[Path] = []
    for word in given:
        if _is_path(word):
            path = Path(word)
            found += list_files(path) if path.is_dir() else [path]
            continue
        home = home or choose_period(period, folder)
        file = _find_unit(home, word)
        if file is None and Path(word).is_dir():
            found += list_files(Path(word))
        elif file is None and tables is not None and word in tables(home):
            found.append(home / f"{word}.yaml")
        else:
            found.append(file or Period.read(home).find(word))  # which names the nearest
    return tuple(dict.fromkeys(found))


def choose_units(
    given: Sequence[str],
    period: str,
    folder: Path,
    tables: Callable[[Path], Collection[str]] | None = None,
) -> Chosen:
    """Return units of one period; none named, or the period's own folder, stands for all.

    ``tables`` is that of :func:`choose_files`.

    Raises
    ------
    UsageError
        Where they are of several periods.
    WorkspaceError
        Where a unit, a file or a period is not there; the nearest name is told.
    """
    if not given:
        return Chosen(choose_period(period, folder))
    if len(given) == 1 and _is_path(given[0]) and Path(given[0]).is_dir():
        return Chosen(_period_of(Path(given[0])))
    files = choose_files(given, period, folder, tables=tables)
    for path in map(Path, filter(_is_path, given)):
        if not path.is_dir():
            require_file(path)
    homes = {file.parent.resolve(): file.parent for file in files}
    if period:
        homes.setdefault((folder / "parameters" / period).resolve(), folder)
    if len(homes) != 1:
        names = ", ".join(sorted(home.name for home in homes))
        raise click.UsageError(f"unit dari satu periode saja; yang disebut dari {names}.")
    return Chosen(next(iter(homes.values())), tuple(file.stem for file in files))


def choose_tables(
    given: Sequence[str],
    period: str,
    folder: Path,
    tables: Callable[[Path], Collection[str]],
    template: str,
    place: str = "",
) -> tuple[Chosen, tuple[str, ...]]:
    """Return what is chosen and its units, or all that have a table where none is named.

    Where there is none, ``template`` makes the first, in ``place``: its group's name as a rule.
    """
    chosen = choose_units(given, period, folder, tables)
    units = chosen.units or tuple(tables(chosen.home))
    if not units:
        raise no_tables(chosen.home, place or template.partition(" ")[0], template)
    return chosen, units


def require_file(path: Path) -> None:
    """Raise where a unit's file is not there, naming the nearest beside it."""
    from zi_eval.core.problems import suggest

    if not path.is_file():
        beside = [p.name for p in path.parent.glob("*.y*ml")] if path.parent.is_dir() else []
        near = suggest(path.name, beside) or "Periksa nama unit dan periodenya."
        raise WorkspaceError(f"Berkas {path} tidak ada. {near}")


def _is_path(word: str) -> bool:
    return "/" in word or os.sep in word or word.endswith((".yaml", ".yml")) or word in (".", "..")


def _find_unit(home: Path, unit: str) -> Path | None:
    """Return a unit's file without listing the folder, which may hold thousands."""
    from zi_eval.period.journal_file import journal_path
    from zi_eval.period.reading import Period
    from zi_eval.period.unit_file import RESERVED

    if unit in RESERVED:
        return None
    file = home / f"{unit}.yaml"
    return Period.read(home).find_unit(unit) or (file if journal_path(file).is_file() else None)


def list_all_files(path: Path) -> tuple[Path, ...]:
    """Return all YAML files of a period, in the order of their names."""
    files = _period_of(path).glob("*.y*ml")
    own = (path for path in files if not path.name.startswith("."))
    return tuple(sorted(own, key=lambda path: name_order(path.stem)))


def _period_of(path: Path) -> Path:
    """Return the folder itself, or the newest period of a working folder."""
    return choose_period("", path) if (path / "parameters").is_dir() else path


def _unit_files(path: Path) -> tuple[Path, ...]:
    from zi_eval.period.reading import Period

    home = _period_of(path)
    found = tuple(Period.read(home).unit_files.values())
    if not found:
        raise WorkspaceError(f"Tidak ada berkas unit di {home}. Periksa letaknya.")
    return found


def _name_some(home: Path) -> str:
    """Ask for a unit, with some that are there."""
    from zi_eval.period.reading import Period

    files = Period.read(home).unit_files
    if not files:
        return f"sebut unitnya; belum ada unit di {home}."
    more = f", dan {len(files) - SHOWN} lagi" if len(files) > SHOWN else ""
    return f"sebut unitnya; yang ada di {home}: {', '.join([*files][:SHOWN])}{more}."
