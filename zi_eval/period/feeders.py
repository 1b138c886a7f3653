"""Evaluations by other instruments whose predicate answers a prerequisite here.

The folder of ``akip-2021`` beside ``2026`` is ``2026-akip``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from zi_eval.core.assessment import Assessment, Stage
from zi_eval.core.evaluation import Evaluation
from zi_eval.core.problems import Problem, Severity
from zi_eval.core.rules import RuleSet
from zi_eval.errors import ParameterError, ZiEvalError
from zi_eval.instruments import available_instruments, load_instrument
from zi_eval.period.agency_file import AGENCY_FILE
from zi_eval.yaml_files.source import Source

if TYPE_CHECKING:
    from zi_eval.period.reading import Period

__all__ = ["feeder_files", "feeder_folders", "find_differing", "read_feeders", "unread_feeders"]


def feeder_folders(folder: Path) -> dict[str, Path]:
    """Return the folders of other instruments that answer a prerequisite, by its id."""
    folder = folder if folder.name else folder.resolve()
    places = {
        identifier: folder.with_name(f"{folder.name}-{identifier.partition('-')[0]}")
        for identifier in available_instruments()
    }
    return {
        load_instrument(identifier).feeds: place
        for identifier, place in places.items()
        if place.is_dir() and load_instrument(identifier).feeds
    }


def feeder_files(period: Period, units: Iterable[str]) -> dict[str, tuple[Path, ...]]:
    """Return the files of other instruments on which the warnings of each unit depend."""
    found: dict[str, tuple[Path, ...]] = dict.fromkeys(units, ())
    for folder in period.feeders.values():
        shared = (folder / AGENCY_FILE, period.beside(folder).rules_file)
        beside = tuple(file for file in shared if file is not None and file.is_file())
        for unit in found:
            path = folder / f"{unit}.yaml"
            found[unit] += (path, *beside) if path.is_file() else ()
    return found


def read_feeders(period: Period, unit: str) -> dict[str, tuple[Evaluation, Path]]:
    """Return what gives a unit's prerequisites a predicate, by their id, each with its file."""
    found: dict[str, tuple[Evaluation, Path]] = {}
    for key, folder in period.feeders.items():
        file = folder / f"{unit}.yaml"
        with suppress(ZiEvalError):  # a check of that file says why
            other = period.beside(folder).evaluate(file, Stage.TPI) if file.is_file() else None
            if other is not None and other.predicate is not None:
                found[key] = (other, file)
    return found


def unread_feeders(period: Period, unit: str) -> dict[str, tuple[Path, str]]:
    """Return the files of :func:`read_feeders` that have errors, each with its first one."""
    found: dict[str, tuple[Path, str]] = {}
    for key, folder in period.feeders.items():
        file = folder / f"{unit}.yaml"
        try:
            if file.is_file():
                period.beside(folder).evaluate(file, Stage.TPI)
        except ParameterError as error:
            found[key] = file, str(error.problems[0])
        except ZiEvalError as error:
            found[key] = file, str(error)
    return found


def find_differing(
    period: Period, source: Source, assessment: Assessment, rules: RuleSet
) -> Iterator[Problem]:
    """Say where another instrument's predicate is not what the unit states; it stays so."""
    asked = rules.prerequisites_of("unit")
    for key, (other, file) in read_feeders(period, Path(source.name).stem).items():
        stated = assessment.facts.get(key)
        if key not in asked or stated == other.predicate:
            continue
        says = f"dinyatakan {stated}" if stated is not None else "belum dinyatakan"
        final = "" if other.assessment.final else ", belum final"
        yield Problem(
            code="syarat-beda-evaluasi",
            message=f"{asked[key].title} {says}, sedangkan {other.instrument.labels.name} "
            f"({file.parent.name}/{file.name}{final}) memberi {other.predicate}.",
            hint=f"Samakan '{key}' bila setuju, atau periksa evaluasi itu.",
            severity=Severity.WARNING,
            key=key,
            file=source.name,
            line=source.line(("syarat", key)),
        )
