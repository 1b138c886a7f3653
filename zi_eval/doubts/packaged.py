"""What contradicts what, of a packaged instrument: its ``contradictions.yaml``, read and kept."""

from __future__ import annotations

from functools import lru_cache

from zi_eval.core.instrument import Instrument
from zi_eval.doubts.rules import Contradictions
from zi_eval.instruments.folders import instrument_folder
from zi_eval.instruments.kept import load_packaged

__all__ = ["CONTRADICTIONS_FILE", "load_contradictions"]

CONTRADICTIONS_FILE = "contradictions.yaml"


@lru_cache(maxsize=8)
def _load(instrument_id: str) -> Contradictions:
    def read() -> Contradictions:
        from zi_eval.doubts.rules_file import read_contradictions
        from zi_eval.instruments.packaged import load_instrument

        file = instrument_folder(instrument_id) / CONTRADICTIONS_FILE
        return read_contradictions(load_instrument(instrument_id), file)

    return load_packaged("doubts", instrument_id, read)


def load_contradictions(instrument: Instrument) -> Contradictions:
    """Return the rules of an instrument; empty ones where it has no such file.

    Raises
    ------
    InstrumentError
        With every problem of the file.
    """
    return _load(instrument.id)
