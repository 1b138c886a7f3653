"""What a letter is made from besides the evaluation, and its recommendations for the register."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from zi_eval.core.evaluation import Evaluation
from zi_eval.errors import ZiEvalError
from zi_eval.improvement.effort_file import load_effort
from zi_eval.improvement.programme import Unsolved
from zi_eval.improvement.way import find_improvement
from zi_eval.letters.findings import recommended, remarked
from zi_eval.period.reading import OVERLAY_FILE, Period
from zi_eval.recommendations.values import Origin, Recommendation
from zi_eval.report.documents.content import line_text
from zi_eval.survey.files import find_unit_surveys
from zi_eval.survey.load import read_surveys
from zi_eval.survey.unit import UnitSurveys

__all__ = ["load_entries", "load_raised", "load_surveys"]


def load_raised(folder: Path, evaluation: Evaluation) -> tuple[str, ...] | None:
    """Return the questions of the shortest way to the target; None where there is no way."""
    loaded = load_effort(evaluation.instrument, folder / OVERLAY_FILE)
    limits = loaded.limits_of(evaluation.assessment.unit.id)
    try:
        found = find_improvement(evaluation, loaded.effort, evaluation.target.predicate, limits)
    except Unsolved:
        return None
    return tuple(move.question.id for move in found.way.moves) if found.way else None


def load_surveys(period: Period, unit: str) -> tuple[UnitSurveys | None, str]:
    """Return a unit's surveys, or why they cannot be read; the letter then has a marked place."""
    try:
        return (read_surveys(period, unit) if find_unit_surveys(period, unit) else None), ""
    except ZiEvalError as error:
        return None, str(error)


def load_entries(
    period: Period, evaluation: Evaluation, origin: Origin, issued: date
) -> tuple[Recommendation, ...]:
    """Return what the register takes from an evaluation, an entry a question.

    Their numbers name period and question (``TPI-2026-A.I.1.i.a``), so that asking again adds
    nothing twice.

    Parameters
    ----------
    origin
        ``TPI``: what its members wrote of what lacks something; ``LHE``: all that the letter
        recommends.
    """
    if origin is Origin.TPI:
        said = dict(remarked(evaluation))
    else:
        surveys, _ = load_surveys(period, evaluation.assessment.unit.id)
        raised = load_raised(period.folder, evaluation)
        found = recommended(evaluation, raised, surveys)
        said = {key: line_text(parts) for key, parts in found.items()}
    name = period.folder.resolve().name
    return tuple(
        Recommendation(
            number=f"{origin.value}-{name}-{key}",
            origin=origin,
            text=text,
            questions=(key,),
            issued=issued,
        )
        for key, text in said.items()
    )
