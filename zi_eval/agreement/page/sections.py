"""The calibration page: which questions to discuss first, with the numbers folded behind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from markupsafe import Markup

from zi_eval.agreement.calibration import Calibration, Difference, calibrate_stages
from zi_eval.agreement.kappa import GroupAgreement
from zi_eval.agreement.outliers import Member
from zi_eval.agreement.page import words as agreement_words
from zi_eval.agreement.page.figures import plot_directions, plot_spread
from zi_eval.core.agency import AgencyEvaluation, compared_areas
from zi_eval.core.instrument import Question
from zi_eval.report import words
from zi_eval.report.made import Made
from zi_eval.report.page import Section, report_environment, report_style

__all__ = ["CalibrationReport", "agreement_section", "calibration_report"]

TOPICS: Final = 8
"""Questions to discuss that are shown open."""
MORE_TOPICS: Final = 30
"""Of the others, how many are listed; the figures of all of them would help nobody."""
EXAMPLES: Final = 6
"""Differing answers shown of one question."""
SHOWN_UNITS: Final = 12
PAGE: Final = 50
SUMMARY_TOPICS: Final = 3


def _titles(data: Calibration) -> dict[str, str]:
    return {area.id: area.title for area in compared_areas(data.instrument)}


def _place(data: Calibration, question: str) -> str:
    """Return the title of the part a question belongs to."""
    for area in compared_areas(data.instrument):
        if any(question.startswith(f"{node}.") for node in area.nodes):
            return area.title
    return ""


@dataclass(frozen=True, slots=True)
class _Topic:
    """One question to discuss."""

    question: Question
    item: GroupAgreement
    place: str
    direction: str
    topic: str
    points: str
    moves: list[str]
    examples: tuple[Difference, ...]
    more: int


def _topic(data: Calibration, item: GroupAgreement) -> _Topic:
    question, found = data.instrument.questions[item.id], data.differences[item.id]
    noted = sorted(found, key=lambda d: (not d.note, -abs(d.change)))
    return _Topic(
        question,
        item,
        _place(data, item.id),
        agreement_words.direction_text(item, data.second),
        agreement_words.topic_text(item, data.first, data.second),
        words.format_number(agreement_words.disputed_points(item)),
        agreement_words.change_texts(question, found),
        tuple(noted[:EXAMPLES]),
        max(0, len(found) - EXAMPLES),
    )


def _render(name: str, data: Calibration, **values: Any) -> Section:
    template = report_environment().get_template(f"agreement/page/{name}.html.j2")
    said = {word: getattr(agreement_words, word) for word in agreement_words.__all__}
    css = report_style("agreement/page/style.css")
    text = template.render(
        data=data, css=Markup(css), titles=_titles(data), total=data.agreement.total,
        **said, **values,
    )  # fmt: skip
    return Section(Markup(text))


@dataclass(frozen=True)
class CalibrationReport:
    """All sections of the calibration page of a period.

    Attributes
    ----------
    agency
        Whose units they are.
    """

    data: Calibration
    agency: AgencyEvaluation
    made: Made

    def opening(self) -> Section:
        """Say how far the two agree and which questions to discuss first."""
        return _render("opening", self.data, agency=self.agency)

    def questions(self) -> Section:
        """Show the questions to discuss, the most important first, each with its answers."""
        order = self.data.order
        rest = order[TOPICS : TOPICS + MORE_TOPICS]
        return _render(
            "questions",
            self.data,
            topics=[_topic(self.data, item) for item in order[:TOPICS]],
            rest=[_topic(self.data, item) for item in rest],
            unlisted=max(0, len(order) - TOPICS - MORE_TOPICS),
        )

    def areas(self) -> Section:
        """Show which parts differ, and which way."""
        areas = self.data.agreement.areas
        figure = plot_directions(areas, _titles(self.data), self.data.second)
        return _render("areas", self.data, areas=areas, figure=figure)

    def units(self) -> Section:
        """Show the units, those that stand out first."""
        members = {member.id: member for member in self.data.units.members}
        rows = sorted(
            (item for item in self.data.agreement.units if item.pairs),
            key=lambda item: (-_distance(members[item.id]), -abs(item.points or 0.0), item.id),
        )
        pages = [rows[start : start + PAGE] for start in range(SHOWN_UNITS, len(rows), PAGE)]
        return _render(
            "units",
            self.data,
            members=members,
            shown=rows[:SHOWN_UNITS],
            pages=pages,
            most=SHOWN_UNITS,
            page=PAGE,
            figure=plot_spread(
                [item.points for item in rows if item.points is not None],
                "Banyaknya unit menurut poin yang berubah",
            ),
            waiting=[item for item in self.data.agreement.units if not item.pairs],
        )

    def evaluators(self) -> Section:
        """Show who of the evaluators differs more or less than usual; empty where unknown."""
        found = self.data.evaluators
        if found is None:
            return Section(Markup(""))
        rows = sorted(found.members, key=lambda m: (-_distance(m), m.id))
        return _render("evaluators", self.data, rows=rows, funnel=found)

    def origin(self) -> Section:
        """Show how the figures are computed, and from what."""
        return _render("origin", self.data, agency=self.agency, made=self.made)


def _distance(member: Member) -> float:
    return abs(member.z) if member.z is not None and member.stands_out else 0.0


def calibration_report(
    data: Calibration, agency: AgencyEvaluation, made: Made
) -> CalibrationReport:
    """Return the calibration page of a period; ``time`` has its zone."""
    return CalibrationReport(data, agency, made)


def agreement_section(agency: AgencyEvaluation) -> Section:
    """Return the recap's short section on unit and TPI; empty where the TPI answered nothing.

    Evaluators are not named there: that is for a meeting, not for a page that is passed on.
    """
    if not any(
        a.tpi is not None for e in agency.evaluations for a in e.assessment.answers.values()
    ):
        return Section(Markup(""))
    data = calibrate_stages(agency.instrument, [item.assessment for item in agency.evaluations])
    if data.is_empty:
        return Section(Markup(""))
    outstanding = data.units.outstanding
    return _render(
        "summary",
        data,
        topics=[_topic(data, item) for item in data.order[:SUMMARY_TOPICS]],
        outstanding=[data.names[member.id] for member in outstanding],
        figure=plot_directions(data.agreement.areas, _titles(data), data.second),
    )
