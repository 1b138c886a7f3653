"""Reading what a better answer takes: ``effort.yaml``, and a team's ``upaya.yaml`` laid over it.

A team's file, every key of which may be missing::

    judul: perkiraan tim ZI 2026
    langkah: {abc: {B: 1, A: 3}, ratio: 0.5}
    pengali: {A.II: 2}
    pertanyaan: {B.I.b: {D: 2, C: 4, B: 6, A: 8}}
    batas: {B.I.a: tetap, A.II.2: 1}
    unit:
      dpmptsp: {A.I.1.i.a: tetap}
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from zi_eval.core.instrument import Instrument
from zi_eval.core.problems import Problem, has_errors, sort_problems
from zi_eval.errors import InstrumentError
from zi_eval.improvement.effort import (
    NO_LIMITS,
    Effort,
    Limits,
    check_effort,
    check_limits,
)
from zi_eval.instruments.folders import instrument_folder
from zi_eval.instruments.packaged import load_instrument
from zi_eval.instruments.shape import Shape, Text
from zi_eval.instruments.validation import validate
from zi_eval.yaml_files.source import KeyPath, Source, read_yaml

__all__ = [
    "EFFORT_FILE",
    "LoadedEffort",
    "load_effort",
    "parse_overlay",
]

EFFORT_FILE = "effort.yaml"

Points = Annotated[float, Field(gt=0, le=1000, allow_inf_nan=False)]
Codes = dict[str, Points]
# Told apart by what was written, so that a mistake is named once and as what it was meant to be.
Steps = Annotated[
    Annotated[Codes, Tag("<codes>")] | Annotated[Points, Tag("<tenth>")],
    Discriminator(lambda given: "<codes>" if isinstance(given, dict) else "<tenth>"),
]
Most = Annotated[
    Annotated[Annotated[int, Field(ge=0, le=100)], Tag("<count>")]
    | Annotated[Literal["tetap"], Tag("<word>")],
    Discriminator(lambda given: "<word>" if isinstance(given, str) else "<count>"),
]


class _EffortFile(Shape):
    title: Text
    steps: dict[str, Steps]
    times: dict[str, Points] = Field(default_factory=dict)
    questions: dict[str, Codes] = Field(default_factory=dict)


class _OverlayFile(Shape):
    judul: Text = "perkiraan tim"
    langkah: dict[str, Steps] = Field(default_factory=dict)
    pengali: dict[str, Points] = Field(default_factory=dict)
    pertanyaan: dict[str, Codes] = Field(default_factory=dict)
    batas: dict[str, Most] = Field(default_factory=dict)
    unit: dict[str, dict[str, Most]] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LoadedEffort:
    """Efforts with limits: for all units, and for single ones by unit id.

    Questions that count what has happened stay by default; a team may let them rise.
    """

    effort: Effort
    limits: Limits = NO_LIMITS
    units: Mapping[str, Limits] = field(default_factory=dict)

    def limits_of(self, unit: str) -> Limits:
        """Return the limits of a unit: its own laid over those of all."""
        own = self.units.get(unit)
        return self.limits.joined(own) if own else self.limits


def _exact(number: float) -> Fraction:
    """Return a number as it was written, 0.1 as one tenth."""
    return Fraction(repr(float(number)))


def _codes(steps: Mapping[str, Codes]) -> dict[str, dict[str, Fraction]]:
    return {key: {code: _exact(n) for code, n in codes.items()} for key, codes in steps.items()}


def _split(
    steps: Mapping[str, Codes | Points],
) -> tuple[dict[str, dict[str, Fraction]], dict[str, Fraction]]:
    """Tell the steps of choices from the tenths of ratios and indices."""
    choices = {key: item for key, item in steps.items() if isinstance(item, dict)}
    tenths = {key: _exact(item) for key, item in steps.items() if not isinstance(item, dict)}
    return _codes(choices), tenths


def _placed(problems: tuple[Problem, ...], source: Source, tops: tuple[str, ...]) -> list[Problem]:
    """Give each problem of the core its file and the line of its key below one of ``tops``."""
    placed = []
    for problem in problems:
        paths: list[KeyPath] = [(top, problem.key) for top in tops]
        path = next((p for p in paths if p in source.lines), ())
        placed.append(problem.at(source.name, source.line(path)))
    return placed


@lru_cache(maxsize=8)
def _load_packaged(instrument_id: str) -> Effort:
    source = read_yaml(instrument_folder(instrument_id) / EFFORT_FILE)
    file, found = validate(_EffortFile, source)
    if file is None:
        raise InstrumentError(sort_problems(found))
    choices, tenths = _split(file.steps)
    times = {key: _exact(number) for key, number in file.times.items()}
    effort = Effort(choices, tenths, times, _codes(file.questions), file.title, source.sha256)
    problems = check_effort(load_instrument(instrument_id), effort)
    if problems:
        raise InstrumentError(_placed(problems, source, ("steps", "times", "questions")))
    return effort


def _facts(instrument: Instrument) -> Limits:
    """Return the limits nobody needs to write: what has happened stays as it is."""
    return Limits({key: 0 for key, question in instrument.questions.items() if question.is_past})


def _limits(most: Mapping[str, int | str]) -> Limits:
    return Limits({key: 0 if isinstance(n, str) else n for key, n in most.items()})


def parse_overlay(
    source: Source, instrument: Instrument, base: Effort
) -> tuple[LoadedEffort | None, tuple[Problem, ...]]:
    """Lay a team's file over the usual efforts.

    Returns
    -------
    Efforts and limits, None where the file has errors, and every problem with its line.
    """
    file, found = validate(_OverlayFile, source)
    if file is None:
        return None, sort_problems(found)
    choices, tenths = _split(file.langkah)
    effort = replace(
        base,
        choices={**base.choices, **choices},
        tenths={**base.tenths, **tenths},
        times={**base.times, **{key: _exact(n) for key, n in file.pengali.items()}},
        questions={**base.questions, **_codes(file.pertanyaan)},
        title=file.judul,
        hash=hashlib.sha256(f"{base.hash}\0{source.sha256}".encode()).hexdigest(),
    )
    limits = _facts(instrument).joined(_limits(file.batas))
    units = {unit: _limits(most) for unit, most in file.unit.items()}
    tops = ("langkah", "pengali", "pertanyaan")
    problems = [*found, *_placed(check_effort(instrument, effort), source, tops)]
    problems += _placed(check_limits(instrument, limits), source, ("batas",))
    for unit, own in units.items():
        for problem in check_limits(instrument, own):
            line = source.line(("unit", unit, problem.key))
            problems.append(problem.at(source.name, line))
    if has_errors(problems):
        return None, sort_problems(problems)
    return LoadedEffort(effort, limits, units), sort_problems(problems)


def load_effort(instrument: Instrument, overlay: Path | None = None) -> LoadedEffort:
    """Return the efforts of an instrument, with a team's file laid over them where there is one.

    Parameters
    ----------
    overlay
        Path of ``parameters/<period>/upaya.yaml``; it need not exist.

    Raises
    ------
    InstrumentError
        With every problem of the files.
    """
    base = _load_packaged(instrument.id)
    if overlay is None or not overlay.exists():
        return LoadedEffort(base, _facts(instrument))
    loaded, problems = parse_overlay(read_yaml(overlay), instrument, base)
    if loaded is None:
        raise InstrumentError(problems)
    return loaded
