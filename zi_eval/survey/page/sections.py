"""The survey page of one unit, and the section of its surveys in the unit report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from zi_eval.core.problems import Problem, Severity
from zi_eval.report.made import Made
from zi_eval.report.page import Page, Room, Section, kept
from zi_eval.report.proposals import proposals_section
from zi_eval.survey.page import words as survey_words
from zi_eval.survey.page.figures import plot_elements
from zi_eval.survey.result import ElementResult, SurveyResult
from zi_eval.survey.unit import UnitSurveys

__all__ = ["SurveyPage", "survey_section"]

ROOM: Final = Room("survey/page", ("survey/page/style.css",), survey_words)
SHOWN_COMMENTS: Final = 10
"""Comments of one element that a page shows."""


def _sorted_elements(result: SurveyResult) -> list[ElementResult]:
    known = list(result.weakest)
    return known + [item for item in result.elements if item.mean is None]


def _indices(result: SurveyResult) -> Mapping[str, float | None]:
    return {item.element.code: item.index for item in result.elements}


def _errors(data: UnitSurveys) -> list[Problem]:
    return [problem for problem in data.problems if problem.severity is Severity.ERROR]


@dataclass(frozen=True, repr=False)
class SurveyPage(Page):
    """The survey page of one unit, with at least one survey that can be read."""

    data: UnitSurveys
    made: Made
    room = ROOM

    @property
    def title(self) -> str:
        """The title of the page."""
        return f"{self.data.name} – Survei"

    def common(self) -> Mapping[str, Any]:
        """Return the surveys."""
        return {"data": self.data}

    @kept
    def opening(self) -> Section:
        """Show each index against its minima, in ten seconds."""
        return self.section("opening", errors=_errors(self.data))

    @kept
    def elements(self) -> Section:
        """Show the elements with their intervals, the weakest first in the table."""
        results = self.data.results
        figures = [plot_elements(result, f"angka-{result.survey.key}") for result in results]
        return self.section("elements", figures=figures, sorted_elements=_sorted_elements)

    @kept
    def groups(self) -> Section:
        """Show services and channels, small ones together."""
        return self.section("groups")

    @kept
    def quality(self) -> Section:
        """Show whether there are enough respondents, and which answers to look at again."""
        problems = self.data.problems
        warnings = [problem for problem in problems if problem.severity is not Severity.ERROR]
        return self.section("quality", warnings=warnings)

    @kept
    def comments(self) -> Section:
        """Show comments by element."""
        return self.section("comments", indices=_indices, shown=SHOWN_COMMENTS)

    @kept
    def proposals(self) -> Section:
        """Show what the surveys propose as answers of the LKE, beside the answers given."""
        nothing = "Survei di halaman ini tidak menjawab pertanyaan LKE."
        return proposals_section(self.data.proposals, self.data.answers, nothing)

    @kept
    def origin(self) -> Section:
        """Show how the figures are computed, from which files and definitions."""
        return self.section("origin")


def survey_section(data: UnitSurveys) -> Section:
    """Return the section of a unit's surveys in its report; empty where it has none."""
    if not data.results and not data.problems:
        return Section()
    figures = [plot_elements(result) for result in data.results]
    return ROOM.section("summary", data=data, figures=figures, errors=_errors(data))
