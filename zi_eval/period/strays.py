"""Tables of units that are not there: a file named after no unit counts for nobody."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from zi_eval.core.problems import Problem, Severity, nearest
from zi_eval.period.reading import Period

__all__ = ["stray_tables"]


def stray_tables(period: Period, tables: Iterable[tuple[str, Path]]) -> tuple[Problem, ...]:
    """Return a warning for each table whose unit has no file, with the nearest unit.

    A period without any unit file is one of tables only; then nothing is astray.

    Parameters
    ----------
    tables
        Unit ids as the names of the tables say them, each with its file.
    """
    units = period.unit_files
    return tuple(
        Problem(
            code="tabel-tanpa-unit",
            message=f"tidak ada unit '{unit}'; tabel ini tidak masuk laporan dan rekap mana pun.",
            hint=f"Mungkin maksudnya '{near}': ganti nama berkasnya."
            if (near := nearest(unit, units))
            else f"Yang ada: {', '.join(units)}.",
            severity=Severity.WARNING,
            file=str(path),
        )
        for unit, path in (tables if units else ())
        if unit not in units
    )
