"""The calibration page: which questions to discuss first, with the numbers folded behind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from markupsafe import Markup

from zi_eval.agreement.calibration import Calibration, Difference
from zi_eval.agreement.carried import NationalAgreement
from zi_eval.agreement.kappa import GroupAgreement
from zi_eval.agreement.outliers import Member
from zi_eval.agreement.page import words as agreement_words
from zi_eval.core.agency import AgencyEvaluation, compared_areas
from zi_eval.core.instrument import Question
from zi_eval.report import words
from zi_eval.report.made import Made
from zi_eval.report.page import Page, Room, Section, kept
from zi_eval.report.plane import plot_spread
from zi_eval.report.svg import plot_sides

__all__ = ["CalibrationPage", "agreement_section", "national_agreement_section"]

ROOM: Final = Room("agreement/page", ("agreement/page/style.css",), agreement_words)

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


@dataclass(frozen=True, repr=False)
class CalibrationPage(Page):
    """The calibration page of a period.

    Attributes
    ----------
    agency
        Whose units they are.
    """

    data: Calibration
    agency: AgencyEvaluation
    made: Made
    room = ROOM

    def common(self) -> Mapping[str, Any]:
        """Return what was compared, and of which agency."""
        return {"data": self.data, "agency": self.agency, "titles": _titles(self.data)}

    @kept
    def opening(self) -> Section:
        """Say how far the two agree and which questions to discuss first."""
        return self.section("opening", total=self.data.agreement.total)

    @kept
    def questions(self) -> Section:
        """Show the questions to discuss, the most important first, each with its answers."""
        order = self.data.order
        rest = order[TOPICS : TOPICS + MORE_TOPICS]
        return self.section(
            "questions",
            topics=[_topic(self.data, item) for item in order[:TOPICS]],
            rest=[_topic(self.data, item) for item in rest],
            unlisted=max(0, len(order) - TOPICS - MORE_TOPICS),
        )

    @kept
    def areas(self) -> Section:
        """Show which parts differ, and which way."""
        areas = self.data.agreement.areas
        figure = _plot_directions(areas, _titles(self.data), self.data.second)
        return self.section("areas", areas=areas, figure=figure)

    @kept
    def units(self) -> Section:
        """Show the units, those that stand out first."""
        members = {member.id: member for member in self.data.units.members}
        rows = sorted(
            (item for item in self.data.agreement.units if item.pairs),
            key=lambda item: (-_distance(members[item.id]), -abs(item.points or 0.0), item.id),
        )
        pages = [rows[start : start + PAGE] for start in range(SHOWN_UNITS, len(rows), PAGE)]
        return self.section(
            "units",
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

    @kept
    def evaluators(self) -> Section:
        """Show who of the evaluators differs more or less than usual; empty where unknown."""
        found = self.data.evaluators
        if found is None:
            return Section()
        rows = sorted(found.members, key=lambda m: (-_distance(m), m.id))
        return self.section("evaluators", rows=rows, funnel=found)

    @kept
    def origin(self) -> Section:
        """Show how the figures are computed, and from what."""
        return self.section("origin")


def _distance(member: Member) -> float:
    return abs(member.z) if member.z is not None and member.stands_out else 0.0


def national_agreement_section(
    found: NationalAgreement | None, names: Mapping[str, str]
) -> Section:
    """Return the recap's short section on TPI and TPN; empty where the TPN answered nothing."""
    if found is None:
        return Section()
    data = found.calibration
    return ROOM.section(
        "national",
        found=found,
        data=data,
        total=data.agreement.total,
        topics=[_topic(data, item) for item in data.order[:TOPICS]],
        carried=[(names.get(item.unit) or item.unit, item) for item in found.carried],
        shown=SHOWN_UNITS,
        figure=_plot_directions(data.agreement.areas, _titles(data), data.second),
    )


def agreement_section(data: Calibration | None) -> Section:
    """Return the recap's short section on unit and TPI; empty where both answered nothing.

    Evaluators are not named there: that is for a meeting, not for a page that is passed on.
    """
    if data is None:
        return Section()
    return ROOM.section(
        "summary",
        data=data,
        total=data.agreement.total,
        topics=[_topic(data, item) for item in data.order[:SUMMARY_TOPICS]],
        outstanding=[data.names[member.id] for member in data.units.outstanding],
        figure=_plot_directions(data.agreement.areas, _titles(data), data.second),
    )


def _plot_directions(
    areas: Sequence[GroupAgreement], titles: Mapping[str, str], second: str, beside: str = ""
) -> Markup:
    """Draw, for each area, how many of 100 answers the second set lower and how many higher."""
    shares = [
        (titles[item.id], 100 * item.lowered / item.pairs, 100 * item.raised / item.pairs)
        for item in areas
        if item.pairs
    ]
    if not any(lower or higher for _, lower, higher in shares):
        return Markup("")
    return plot_sides(
        f"Arah perbedaan {second} menurut bagian, dari 100 jawaban",
        shares,
        (f"{second} lebih rendah", "lebih tinggi"),
        ("Bagian", "lebih rendah", "lebih tinggi"),
        beside,
    )
