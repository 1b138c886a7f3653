"""The publication of a unit's survey on one A4 page, for the service counter and the web."""

from __future__ import annotations

from typing import Final

from zi_eval.report.page import Room
from zi_eval.survey.page import words
from zi_eval.survey.result import SurveyResult
from zi_eval.survey.unit import UnitSurveys

__all__ = ["render_poster"]

ROOM: Final = Room("survey/page", ("survey/page/poster.css",), words)
STRONGEST: Final = 3
WEAKEST: Final = 2


def render_poster(surveys: UnitSurveys, period: str) -> str:
    """Return the page: index and quality of each survey, respondents, best and weakest elements.

    It needs nothing else, fits one A4 page, and nobody can be told from it.
    """
    shown = [result for result in surveys.results if result.index is not None]
    return ROOM.render(
        "poster",
        surveys=surveys,
        period=period,
        results=shown,
        best=_best,
        worst=_worst,
        span=_span,
    )


def _best(result: SurveyResult) -> list[str]:
    """Return the names of the strongest elements, the best first."""
    return [item.element.name for item in reversed(result.weakest)][:STRONGEST]


def _worst(result: SurveyResult) -> list[str]:
    """Return the names of the weakest elements, the weakest first."""
    named = [item.element.name for item in result.weakest]
    return [name for name in named if name not in _best(result)][:WEAKEST]


def _span(result: SurveyResult) -> str:
    """Say when the answers were given; empty where the table does not tell."""
    times = sorted(item.time for item in result.data.given if item.time is not None)
    return f"{times[0]:%d/%m/%Y}–{times[-1]:%d/%m/%Y}" if times else ""
