"""The survey page of one unit, and the section of its surveys in the unit report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from markupsafe import Markup

from zi_eval.core.problems import Severity
from zi_eval.report import words
from zi_eval.report.section import Section, report_environment, report_style
from zi_eval.survey.page import words as survey_words
from zi_eval.survey.page.figures import plot_elements
from zi_eval.survey.result import ElementResult, SurveyResult
from zi_eval.survey.unit import UnitSurveys

__all__ = ["SurveyReport", "survey_report", "survey_section"]

SHOWN_COMMENTS: Final = 10
"""Comments of one element that a page shows."""


def _sorted_elements(result: SurveyResult) -> list[ElementResult]:
    known = list(result.weakest)
    return known + [item for item in result.elements if item.mean is None]


def _indices(result: SurveyResult) -> Mapping[str, float | None]:
    return {item.element.code: item.index for item in result.elements}


def _render(name: str, data: UnitSurveys, **values: Any) -> Section:
    template = report_environment().get_template(f"survey/page/{name}.html.j2")
    css = report_style("survey/page/style.css")
    said = {word: getattr(survey_words, word) for word in survey_words.__all__}
    errors = [problem for problem in data.problems if problem.severity is Severity.ERROR]
    figures = [plot_elements(result) for result in data.results]
    text = template.render(
        data=data, css=Markup(css), figures=figures, sorted_elements=_sorted_elements,
        indices=_indices, shown=values.pop("shown", SHOWN_COMMENTS), errors=errors,
        warnings=[problem for problem in data.problems if problem not in errors],
        **said, **values,
    )  # fmt: skip
    return Section(Markup(text))


@dataclass(frozen=True)
class SurveyReport:
    """All sections of the survey page of one unit.

    Attributes
    ----------
    time
        When the page is made, with its time zone.
    version
        Version of the package that made it.
    """

    data: UnitSurveys
    time: datetime
    version: str

    @property
    def title(self) -> str:
        """The title of the page."""
        return f"{self.data.name} – Survei"

    def opening(self) -> Section:
        """Show each index against its minima, in ten seconds."""
        return _render("opening", self.data)

    def elements(self) -> Section:
        """Show the elements with their intervals, the weakest first in the table."""
        return _render("elements", self.data)

    def groups(self) -> Section:
        """Show services and channels, small ones together."""
        return _render("groups", self.data)

    def quality(self) -> Section:
        """Show whether there are enough respondents, and which answers to look at again."""
        return _render("quality", self.data)

    def comments(self) -> Section:
        """Show comments by element."""
        return _render("comments", self.data)

    def proposals(self) -> Section:
        """Show what the surveys propose as answers of the LKE, beside the answers given."""
        answers = self.data.answers
        shown = [(item, answers.get(item.question)) for item in self.data.proposals]
        return _render("proposals", self.data, shown=shown)

    def origin(self) -> Section:
        """Show how the figures are computed, from which files and definitions."""
        return _render("origin", self.data, report=self, made=words.format_time(self.time))


def survey_report(data: UnitSurveys, time: datetime, version: str) -> SurveyReport:
    """Return the survey page of one unit.

    Parameters
    ----------
    data
        With at least one survey that can be read.
    time
        When the page is made, with its time zone.
    version
        Version of the package, named on the page.
    """
    return SurveyReport(data, time, version)


def survey_section(data: UnitSurveys) -> Section:
    """Return the section of a unit's surveys in its report; empty where it has none."""
    if not data.results and not data.problems:
        return Section(Markup(""))
    return _render("summary", data)
