"""The folders of earlier periods: those beside a period's own, years before.

Beside ``2026`` stand ``2025`` and ``2024``, beside ``2026-akip`` stands ``2025-akip``; beside a
folder without a year, as ``contoh``, stand ``contoh-2025`` and so on; ``2026 final`` without a
``2025 final`` follows ``2025``.
"""

from __future__ import annotations

import re
from pathlib import Path

from zi_eval.period.agency_file import declared_year
from zi_eval.period.reading import Period

__all__ = ["earlier_folders", "name_before", "period_year"]

MOST = 4
"""How many earlier periods are looked at, the latest ones."""
BY_YEAR = "#"
"""What :func:`_split` leaves of a folder that is named by its year alone."""
YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")


def _split(name: str) -> tuple[str, int | None]:
    """Return a folder's name without its year, and the year."""
    found = YEAR.search(name)
    if found is None:
        return name, None
    return f"{name[: found.start()]}#{name[found.end() :]}", int(found[1])


def earlier_folders(folder: Path) -> tuple[Path, ...]:
    """Return the folders of earlier periods of the same kind, oldest first, at most four.

    A folder with more than a year in its name, as ``2026 final``, and none of its kind before it
    follows those that are named by their year alone, where they answer the same instrument.
    """
    home = folder.resolve() if not folder.name or folder.name == ".." else folder
    kind, year = _split(home.name)
    wanted = f"{kind}-#" if year is None else kind
    found = _folders_before(home, wanted, year)
    if not found and year is not None and kind != BY_YEAR:
        own = Period(home).instrument
        found = [
            (past, path)
            for past, path in _folders_before(home, BY_YEAR, year)
            if own is not None and Period(path).instrument == own
        ]
    return tuple(path for _, path in found[-MOST:])


def _folders_before(home: Path, kind: str, year: int | None) -> list[tuple[int, Path]]:
    """Return the folders of a kind beside ``home`` with their years, the oldest first."""
    found: list[tuple[int, Path]] = []
    for path in home.parent.iterdir() if home.parent.is_dir() else ():
        other, past = _split(path.name)
        if other == kind and past is not None and (year is None or past < year) and path.is_dir():
            found.append((past, path))
    return sorted(found)


def name_before(folder: Path) -> str:
    """Return how the folder of the period before would be named."""
    kind, year = _split(folder.resolve().name)
    return f"{kind}-2025" if year is None else kind.replace("#", str(year - 1))


def period_year(period: Period) -> int | None:
    """Return the year of a period, as its agency file states it or its folder is named."""
    return declared_year(period.agency.source) or _split(period.folder.resolve().name)[1]
