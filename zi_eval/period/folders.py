"""Where a team's periods are: the ``parameters`` folder at or above a place, the newest first."""

from __future__ import annotations

from pathlib import Path

from zi_eval.core.problems import nearest
from zi_eval.errors import WorkspaceError

__all__ = ["find_parameters", "find_period", "list_periods", "pick_period"]


def find_parameters(start: Path) -> Path:
    """Return the nearest ``parameters`` folder at or above ``start``."""
    for folder in (start, *start.parents):
        if (folder / "parameters").is_dir():
            return folder / "parameters"
    raise WorkspaceError(
        f"Folder parameters/ tidak ditemukan di {start} atau di atasnya. "
        "Buka notebook ini dari folder kerja, atau buat dengan 'zi-eval init'."
    )


def _age(path: Path) -> tuple[int, str]:
    year = path.name[:4]
    return (-int(year) if year.isdigit() else 1, path.name)


def list_periods(parameters: Path) -> tuple[Path, ...]:
    """Return the folders of the periods: the latest year first, and 2026 before 2026-akip.

    Those without a year, which are samples or trials, come last.
    """
    found = (p for p in parameters.iterdir() if p.is_dir() and not p.name.startswith("."))
    return tuple(sorted(found, key=_age))


def find_period(period: str | int | Path = "", start: Path | None = None) -> Path:
    """Return the folder of a period: by its name, by its path, or the newest where empty.

    A year may come as a number.

    Parameters
    ----------
    start
        At or above this place the ``parameters`` folder is looked for; by default here.

    Raises
    ------
    WorkspaceError
        Where there is none; the nearest name is named.
    """
    if isinstance(period, int):
        period = str(period)
    if isinstance(period, Path) or any(sign in period for sign in "/\\"):
        if not Path(period).is_dir():
            raise WorkspaceError(f"Folder {period} tidak ada. Periksa letaknya.")
        return Path(period)
    return pick_period(period, find_parameters((start or Path.cwd()).resolve()))


def pick_period(period: str, parameters: Path) -> Path:
    """Return the folder of a period in a ``parameters`` folder, the newest where empty."""
    names = {path.name: path for path in list_periods(parameters)}
    if not names:
        raise WorkspaceError(
            f"Belum ada periode di {parameters}. Buat foldernya, mis. 2026, atau 'zi-eval init'."
        )
    if not period:
        return next(iter(names.values()))
    if period in names:
        return names[period]
    near = nearest(period, names)
    hint = f"Mungkin maksudnya '{near}'." if near else f"Yang ada: {', '.join(names)}."
    raise WorkspaceError(f"Periode '{period}' tidak ada di {parameters}. {hint}")
