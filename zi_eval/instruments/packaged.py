"""The instruments that come with the package: read strictly once, then kept as modules are.

What was found of them depends on nothing but the package's own files, so that a command that scores
one unit need not check 113 questions again (:mod:`zi_eval.instruments.kept`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from zi_eval.core.instrument import Instrument
from zi_eval.core.problems import Problem
from zi_eval.core.rules import RuleSet
from zi_eval.errors import InstrumentError
from zi_eval.instruments.folders import DEFAULT_INSTRUMENT, instrument_folder
from zi_eval.instruments.kept import load_packaged

if TYPE_CHECKING:
    from zi_eval.instruments.layouts import WorkbookLayout
    from zi_eval.instruments.loader import LoadedInstrument

__all__ = [
    "load_instrument",
    "load_portal_ids",
    "load_rules",
    "load_workbook_layouts",
]

T = TypeVar("T")


def _kept(name: str, read: Callable[[], T]) -> T:
    return load_packaged("instruments", name, read)


# The loader checks shapes with pydantic, which takes longer to import than a unit to score.
def _read(identifier: str) -> LoadedInstrument:
    from zi_eval.instruments.loader import load_all

    return load_all(identifier)


def _read_rules(identifier: str, name: str | None) -> RuleSet:
    from zi_eval.instruments import rulesets

    return rulesets.load_rules(identifier, name)


@lru_cache(maxsize=8)
def _instrument(identifier: str) -> Instrument:
    instrument_folder(identifier)
    return _kept(f"{identifier}-questions", lambda: _read(identifier).instrument)


@lru_cache(maxsize=8)
def _layouts(identifier: str) -> tuple[WorkbookLayout, ...]:
    instrument_folder(identifier)
    return _kept(f"{identifier}-layouts", lambda: _read(identifier).layouts)


@lru_cache(maxsize=8)
def _portal_ids(identifier: str) -> Mapping[str, int]:
    instrument_folder(identifier)
    return _kept(f"{identifier}-portal", lambda: _read(identifier).portal_ids)


@lru_cache(maxsize=8)
def _rules(identifier: str, name: str | None) -> RuleSet:
    instrument_folder(identifier)
    kept = f"{identifier}-rules-{hashlib.sha256((name or '').encode()).hexdigest()[:8]}"
    return _kept(kept, lambda: _read_rules(identifier, name))


def load_instrument(id: str = DEFAULT_INSTRUMENT, folder: Path | None = None) -> Instrument:
    """Load an instrument.

    Parameters
    ----------
    id
        One of :func:`available_instruments`, or the id declared in ``folder``.
    folder
        The instrument's own folder, where it is not a packaged one.

    Raises
    ------
    InstrumentError
        With every problem of the instrument's files, its workbook layouts and portal ids.
    """
    if folder is None:
        return _instrument(id)
    from zi_eval.instruments.loader import load_all

    return load_all(id, folder).instrument


def load_workbook_layouts(
    instrument_id: str = DEFAULT_INSTRUMENT, folder: Path | None = None
) -> tuple[WorkbookLayout, ...]:
    """Return where the questions stand in each form of the official workbook, oldest first.

    An instrument without a workbook is refused.
    """
    if folder is None:
        layouts = _layouts(instrument_id)
    else:
        from zi_eval.instruments.loader import load_all

        layouts = load_all(instrument_id, folder).layouts
    if not layouts:
        raise _without(instrument_id, "lembar kerja Excel; isi formulir atau berkas YAML unitnya")
    return layouts


def load_portal_ids(
    instrument_id: str = DEFAULT_INSTRUMENT, folder: Path | None = None
) -> Mapping[str, int]:
    """Return PortalRB's ``soal_id`` of each asked question and input (``A.II.1.i.a.1``).

    An instrument that is not in the portal is refused.
    """
    if folder is None:
        portal_ids = _portal_ids(instrument_id)
    else:
        from zi_eval.instruments.loader import load_all

        portal_ids = load_all(instrument_id, folder).portal_ids
    if not portal_ids:
        raise _without(instrument_id, "nomor soal PortalRB, jadi tidak dikirim ke sana")
    return portal_ids


def _without(instrument_id: str, what: str) -> InstrumentError:
    message = f"instrumen {instrument_id} tidak mempunyai {what}."
    return InstrumentError([Problem(code="tidak-ada-di-instrumen", message=message)])


def load_rules(
    instrument_id: str = DEFAULT_INSTRUMENT,
    name: str | None = None,
    overlay: Path | None = None,
    folder: Path | None = None,
) -> RuleSet:
    """Load a rule set of an instrument.

    Parameters
    ----------
    name
        Id of a rule set of the instrument; without it, the instrument's own.
    overlay
        A team's file; it is laid over the rule set its ``base`` names, and ``name`` is not used.
        An entry replaces the base's by id, key by key; ``need`` predicate by predicate, where
        ``null`` takes a predicate's test away. An entry with a new id is added.
    folder
        The instrument's own folder, where it is not a packaged one.

    Raises
    ------
    InstrumentError
        With every problem of the files.
    """
    if overlay is None and folder is None:
        return _rules(instrument_id, name)
    from zi_eval.instruments import rulesets

    return rulesets.load_rules(instrument_id, name, overlay, folder)
