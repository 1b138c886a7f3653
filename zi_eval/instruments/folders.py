"""Where the instruments that come with the package stand."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from zi_eval.core.problems import Problem, suggest
from zi_eval.errors import InstrumentError

__all__ = ["DEFAULT_INSTRUMENT", "available_instruments", "instrument_folder"]

DEFAULT_INSTRUMENT: Final = "zi-2021"
_HOME: Final = Path(__file__).parent


@cache
def available_instruments() -> tuple[str, ...]:
    """Return the ids of the instruments that come with the package, sorted."""
    return tuple(sorted(path.parent.name for path in _HOME.glob("*/instrument.yaml")))


def instrument_folder(identifier: str) -> Path:
    """Return the folder of a packaged instrument.

    Raises
    ------
    InstrumentError
        Where there is none of that name.
    """
    names = available_instruments()
    if identifier not in names:
        raise InstrumentError(
            [
                Problem(
                    code="instrumen-tidak-dikenal",
                    message=f"instrumen '{identifier}' tidak dikenal; yang ada: "
                    f"{', '.join(names)}.",
                    hint=suggest(identifier, names),
                )
            ]
        )
    return _HOME / identifier
