"""Survey definitions: packaged ones, kept once they were read, and a team's own laid over them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from zi_eval.core.problems import Problem, suggest
from zi_eval.errors import InstrumentError
from zi_eval.instruments.kept import load_packaged
from zi_eval.survey.values import Survey
from zi_eval.yaml_files.source import read_yaml

__all__ = ["available_surveys", "load_survey", "read_survey"]


def _read() -> Mapping[str, Survey]:
    from zi_eval.survey.definition_file import read_packaged

    return read_packaged()


@lru_cache(maxsize=1)
def _packaged() -> Mapping[str, Survey]:
    return load_packaged("survey", "surveys", _read)


def available_surveys() -> tuple[str, ...]:
    """Return what files call the packaged surveys, e.g. ``skm``."""
    return tuple(_packaged())


def load_survey(key: str) -> Survey:
    """Return a packaged survey by what files call it, or by its id.

    Raises
    ------
    InstrumentError
        Where there is none; the nearest is named.
    """
    surveys = _packaged()
    for survey in surveys.values():
        if key in (survey.key, survey.id):
            return survey
    message = f"survei '{key}' tidak dikenal; yang tersedia: {', '.join(surveys)}."
    hint = suggest(key, tuple(surveys)) or "Buat definisinya: lihat README surveys."
    raise InstrumentError((Problem(code="survei-tidak-dikenal", message=message, hint=hint),))


def read_survey(key: str, overlay: Path) -> tuple[Survey | None, tuple[Problem, ...]]:
    """Return a survey with a team's file laid over it.

    Parameters
    ----------
    key
        What the files of responses call it.
    overlay
        Where the team's file would be; without it, the packaged survey counts. The file names the
        survey it starts from in ``base``, by default the one of its own name.

    Returns
    -------
    The survey, None where anything is wrong, and every problem with its line.
    """
    if not overlay.is_file():
        try:
            return load_survey(key), ()
        except InstrumentError as error:
            return None, tuple(p for p in error.problems if isinstance(p, Problem))
    source = read_yaml(overlay)

    def read() -> Survey:
        from zi_eval.survey.definition_file import parse_overlay

        survey, problems = parse_overlay(key, source, load_survey)
        if survey is None or problems:
            raise _FlawedError(survey, problems)
        return survey

    try:
        # Checking a definition takes longer than all else of a unit's surveys.
        return load_packaged("survey", f"own-{key}", read, of=source.sha256), ()
    except _FlawedError as flawed:
        return flawed.survey, flawed.problems


class _FlawedError(Exception):
    """A team's definition has problems, which name its file: it is not kept."""

    def __init__(self, survey: Survey | None, problems: tuple[Problem, ...]) -> None:
        super().__init__()
        self.survey, self.problems = survey, problems
