"""The documents of a period as the portal gets them, kept in memory and renewed by file state.

A unit whose file cannot be read, or is being written at this moment, stays as it was last published
until it can be read whole; whoever takes back a final evaluation or removes the file ends that. An
agency file with errors stops everything: without it no unit can be judged, and an empty list would
tell the portal that nobody is proposed.

One visitor reads what has changed; all others are meanwhile given the last documents.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from zi_eval.case import evaluate_whole
from zi_eval.core.assessment import Assessment
from zi_eval.core.problems import has_errors
from zi_eval.errors import ParameterError, WorkspaceError, ZiEvalError
from zi_eval.instruments import load_portal_ids
from zi_eval.period.agency_file import AGENCY_FILE
from zi_eval.period.reading import Period
from zi_eval.portal.portal_json import dump_answers, dump_proposals, render_json
from zi_eval.portal.publication import is_published, require_year

__all__ = ["PREDICATES", "DocumentStore", "Documents"]

PREDICATES = ("WBK", "WBBM")
"""The predicates the portal takes proposals for."""
INTERVAL = 0.5
"""Seconds for which the state of the files is taken as known."""
_LOG = logging.getLogger("zi_eval.portal")

_State = tuple[int, int, int, int] | None


@dataclass(frozen=True, slots=True)
class Documents:
    """All documents of a period at one moment.

    Attributes
    ----------
    proposals
        The list of proposed units, by predicate.
    answers
        The answers of each published unit, by its id.
    left_out
        Why a unit's file could not be used, by its id; untrusted text. What was published of it
        before stays.
    """

    proposals: Mapping[str, bytes]
    answers: Mapping[str, bytes]
    left_out: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Unit:
    """What a unit file gave: both None where the unit is not published."""

    assessment: Assessment | None = None
    answers: bytes | None = None
    failure: str = ""


@dataclass(slots=True)
class _Cache:
    """What was read, with the state of the files it was read from."""

    context: tuple[tuple[str, _State], ...] = ()
    states: dict[str, _State] = field(default_factory=dict)
    units: dict[str, _Unit] = field(default_factory=dict)
    documents: Documents | None = None


def _state(path: Path | None) -> _State:
    """Return what changes when a file is changed or replaced, None where it is not there."""
    try:
        found = os.stat(path) if path else None
    except OSError:
        return None
    return found and (found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)


class DocumentStore:
    """Gives the documents of a period's folder, half a second old or as old as a reading takes.

    Parameters
    ----------
    folder
        ``parameters/<period>``; its name must be a year.
    clock
        Seconds that only go forward.
    """

    def __init__(
        self,
        folder: Path,
        clock: Callable[[], float] = time.monotonic,
        interval: float = INTERVAL,
    ) -> None:
        self.year = require_year(folder.resolve().name)
        self._folder, self._clock, self._interval = folder, clock, interval
        self._reading = threading.Lock()
        self._published: dict[str, _Unit] = {}
        """What each unit last gave that could be read."""
        self._cache = _Cache()
        self._checked: float | None = None

    @property
    def fresh(self) -> Documents | None:
        """The documents, where the files were looked at just now; else None: call :meth:`read`."""
        checked, documents = self._checked, self._cache.documents
        if checked is None or self._clock() - checked >= self._interval:
            return None
        return documents

    def read(self) -> Documents:
        """Return the documents, reading again what has changed; safe to call from any thread.

        Raises
        ------
        ZiEvalError
            Where the folder, the agency file or its rule set cannot be used.
        """
        last = self._cache.documents
        if not self._reading.acquire(blocking=last is None):
            assert last is not None
            return last
        try:
            found = self.fresh
            if found is not None:
                return found
            started = self._clock()
            try:
                found = self._refresh()
            except BaseException:
                self._cache, self._checked = _Cache(), None
                raise
            self._checked = started
            return found
        finally:
            self._reading.release()

    def _refresh(self) -> Documents:
        before = _state(self._folder / AGENCY_FILE)
        period = Period.read(self._folder)
        if has_errors(period.problems):
            raise ParameterError(period.problems)
        if before is None:
            raise WorkspaceError(
                f"{self._folder / AGENCY_FILE} tidak ada, padahal memuat prasyarat instansi. "
                "Buat berkas itu."
            )
        cache = self._cache
        context = (("agency", before), (str(period.rules_file), _state(period.rules_file)))
        if context != cache.context:
            cache = _Cache(context)
        files = period.unit_files
        states = {unit: _state(path) for unit, path in files.items()}
        if cache.documents is not None and states == cache.states:
            return cache.documents
        units = {}
        for unit, path in files.items():
            if unit in cache.units and states[unit] == cache.states.get(unit) is not None:
                units[unit] = cache.units[unit]
                continue
            units[unit] = self._read_unit(period, path)
            if _state(path) != states[unit]:
                units[unit] = _Unit(failure="berkasnya sedang ditulis.")
                states[unit] = None
            if units[unit].failure:
                units[unit] = replace(
                    self._published.get(unit, _Unit()), failure=units[unit].failure
                )
                kept = "stays as published" if units[unit].answers else "left out"
                _LOG.warning("unit %r %s: %.500r", path.name, kept, units[unit].failure)
        self._published = {unit: replace(found, failure="") for unit, found in units.items()}
        documents = self._render(units)
        self._cache = _Cache(context, states, units, documents)
        return documents

    def _read_unit(self, period: Period, path: Path) -> _Unit:
        try:
            evaluation = evaluate_whole(period, path)
            if not is_published(evaluation):
                return _Unit()
            assessment, instrument = evaluation.assessment, evaluation.instrument
            ids = load_portal_ids(instrument.id)
            document = dump_answers(self.year, assessment, instrument, ids)
            return _Unit(assessment, render_json(document))
        except ZiEvalError as error:
            failure = str(error)
        except Exception as error:
            # A file that trips over a bug must not take the other units with it.
            failure = f"kesalahan yang tidak terduga ({type(error).__name__})."
            _LOG.exception("unit %r cannot be read", path.name)
        return _Unit(failure=failure)

    def _render(self, units: Mapping[str, _Unit]) -> Documents:
        proposed = [unit.assessment for unit in units.values() if unit.assessment is not None]
        proposals = {
            predicate: [item for item in proposed if item.target == predicate]
            for predicate in PREDICATES
        }
        return Documents(
            {p: render_json(dump_proposals(self.year, found)) for p, found in proposals.items()},
            {
                name: unit.answers
                for name, unit in units.items()
                if unit.assessment is not None
                and unit.assessment.target in PREDICATES
                and unit.answers is not None
            },
            {name: unit.failure for name, unit in units.items() if unit.failure},
        )
