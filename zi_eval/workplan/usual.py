"""Usual activities of building ZI, as data of an instrument: its ``activities.yaml``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

from pydantic import Field

from zi_eval.core.instrument import Instrument
from zi_eval.core.problems import Problem, suggest
from zi_eval.errors import InstrumentError
from zi_eval.instruments.folders import instrument_folder
from zi_eval.instruments.shape import Shape, Text
from zi_eval.instruments.validation import validate
from zi_eval.workplan.plan import MONTHS, Activity, parse_aim
from zi_eval.yaml_files.source import read_yaml

__all__ = ["ACTIVITIES_FILE", "load_usual_activities", "read_activities"]

ACTIVITIES_FILE: Final = "activities.yaml"


class _Activity(Shape):
    name: Text
    months: Annotated[list[Annotated[int, Field(ge=1, le=12)]], Field(min_length=1)]
    output: Text
    unit: Text
    aims: Annotated[dict[str, str], Field(min_length=1)]


class _File(Shape):
    activities: list[_Activity]


def load_usual_activities(instrument: Instrument) -> tuple[Activity, ...]:
    """Return the usual activities of a packaged instrument; none where it has no such file.

    Raises
    ------
    InstrumentError
        With every problem of the file.
    """
    file = instrument_folder(instrument.id) / ACTIVITIES_FILE
    return read_activities(instrument, file) if file.is_file() else ()


def read_activities(instrument: Instrument, file: Path) -> tuple[Activity, ...]:
    """Read a file of activities; each asks one of its output in each of its months.

    Raises
    ------
    InstrumentError
        With every problem: a key that is none, a question or an answer that is not there.
    """
    source = read_yaml(file)
    found, problems = validate(_File, source)
    told = list(problems)
    activities = []
    for place, item in enumerate(found.activities if found else ()):
        aims = {}
        for key, text in item.aims.items():
            question = instrument.questions.get(key)
            aim = parse_aim(question, text) if question else None
            if aim is not None:
                aims[key] = aim
                continue
            said = f"jawaban '{text}' tidak ada di {key}." if question else (
                f"pertanyaan '{key}' tidak ada dalam instrumen ini.")  # fmt: skip
            hint = "" if question else suggest(key, tuple(instrument.questions))
            line = source.line(("activities", place, "aims", key))
            told.append(Problem(code="butir-tidak-dikenal", message=said, hint=hint,
                                file=source.name, line=line))  # fmt: skip
        activities.append(
            Activity(
                name=item.name,
                questions=tuple(aims),
                aims=aims,
                output=item.output,
                unit_of_measure=item.unit,
                targets=tuple(1.0 if month in item.months else None for month in MONTHS),
            )
        )
    if told:
        raise InstrumentError(told)
    return tuple(activities)
