"""Evaluations by other instruments whose predicate answers a prerequisite here.

The folder of ``akip-2021`` beside ``2026`` is ``2026-akip``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from zi_eval.core.assessment import Assessment, Stage
from zi_eval.core.evaluation import Evaluation
from zi_eval.core.problems import Problem, Severity
from zi_eval.core.rules import RuleSet
from zi_eval.errors import ProblemsError, ZiEvalError
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
    return {
        key: (other, file)
        for key, file, other in _ask_feeders(period, unit)
        if not isinstance(other, ZiEvalError) and other.predicate is not None
    }


def unread_feeders(period: Period, unit: str) -> dict[str, tuple[Path, str]]:
    """Return the files of :func:`read_feeders` that have errors, each with its first one."""
    return {
        key: (file, str(error.problems[0] if isinstance(error, ProblemsError) else error))
        for key, file, error in _ask_feeders(period, unit)
        if isinstance(error, ZiEvalError)
    }


def _ask_feeders(period: Period, unit: str) -> Iterator[tuple[str, Path, Evaluation | ZiEvalError]]:
    """Yield each prerequisite that another instrument answers, its file, and what it gives."""
    for key, folder in period.feeders.items():
        file = folder / f"{unit}.yaml"
        if file.is_file():
            try:
                yield key, file, period.beside(folder).evaluate(file, Stage.TPI)
            except ZiEvalError as error:
                yield key, file, error


def find_differing(
    period: Period, source: Source, assessment: Assessment, rules: RuleSet
) -> Iterator[Problem]:
    """Say where another instrument's predicate is not as the unit states, or cannot be read."""
    asked, unit = rules.prerequisites_of("unit"), Path(source.name).stem
    for key, (file, why) in unread_feeders(period, unit).items():
        if key in asked:
            yield Problem(
                code="evaluasi-tidak-terbaca",
                message=f"{asked[key].title} tidak dapat dibandingkan dengan evaluasinya "
                f"({file.parent.name}/{file.name}): {why}",
                severity=Severity.WARNING,
                key=key,
                file=source.name,
                line=source.line(("syarat", key)),
            )
    for key, (other, file) in read_feeders(period, unit).items():
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
