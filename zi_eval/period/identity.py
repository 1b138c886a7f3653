"""What a unit is called, where its own file may have errors."""

from __future__ import annotations

from pathlib import Path

from zi_eval.errors import ZiEvalError
from zi_eval.period.reading import Period

__all__ = ["unit_identity"]


def unit_identity(folder: Path, unit: str) -> tuple[str, str, str]:
    """Return name and kind of the unit and the agency's name; what cannot be read is empty.

    A unit or agency file with errors must not keep people from their tables.
    """
    try:
        period = Period.read(folder)
        agency = period.agency.agency.name if period.agency.agency else ""
        path = period.unit_files.get(unit)
        name, kind = period.read_head(path) if path else ("", "")
    except (ZiEvalError, OSError):
        return "", "", ""
    return name, kind, agency
