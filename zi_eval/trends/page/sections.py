"""Trends in the unit report, in the recap and on a page of their own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from zi_eval.core.text import name_order
from zi_eval.core.verdict import TOLERANCE
from zi_eval.report import words
from zi_eval.report.made import Made
from zi_eval.report.page import Page, Room, Section, kept
from zi_eval.report.plane import plot_spread
from zi_eval.trends.agency import AgencyStep, AgencyTrends, Trends
from zi_eval.trends.page import words as trends_words
from zi_eval.trends.page.figures import Path, plot_paths
from zi_eval.trends.parts import QuestionStep
from zi_eval.trends.unit import AreaStep, Step, UnitTrends

__all__ = ["TrendsPage", "agency_trends_section", "trends_section"]

ROOM: Final = Room("trends/page", ("trends/page/style.css",), trends_words)
MOST: Final = 6
"""Movements shown open; the others are folded."""
MOST_UNITS: Final = 40
"""More units than this are shown as a figure with those at both ends."""
ENDS: Final = 15


@dataclass(frozen=True, slots=True)
class _Mover:
    """One question that moved points: its texts, ready to be shown."""

    id: str
    text: str
    before: str
    now: str
    answers: str
    instrument: str


def _mover(step: Step, item: QuestionStep) -> _Mover:
    then = step.before.instrument.questions.get(item.earlier_id or "")
    today = step.now.instrument.questions.get(item.id or "")
    return _Mover(
        item.name,
        trends_words.question_text(step, item),
        trends_words.short_answer(then, item.before, item.before_value),
        trends_words.short_answer(today, item.now, item.now_value),
        trends_words.points_text(item.answers),
        trends_words.points_text(item.instrument) if not step.is_same_instrument else "",
    )


def _movers(step: Step) -> list[_Mover]:
    """Return the questions that moved points, the largest movement first."""
    moved = [q for q in step.questions if max(abs(q.answers), abs(q.instrument)) > TOLERANCE]
    moved.sort(key=lambda q: -abs(q.answers + q.instrument))
    return [_mover(step, item) for item in moved]


def _share(score: float | None, weight: float | None) -> float | None:
    return None if score is None or not weight else score / weight


def _paths(
    steps: Sequence[Sequence[AreaStep]], totals: Sequence[tuple[float | None, float]], change: float
) -> list[Path]:
    """Return the total and each area of the last step over all periods."""
    paths = [Path("Nilai total", tuple(_share(*total) for total in totals), change)]
    for area in steps[-1]:
        if area.now_weight is None and area.before_weight is None:
            continue
        shares = [
            next((_share(a.before, a.before_weight) for a in part if a.id == area.id), None)
            for part in steps
        ]
        moved = None if area.before is None or area.now is None else area.now - area.before
        shares.append(_share(area.now, area.now_weight))
        paths.append(Path(area.title, tuple(shares), moved))
    return paths


def _periods(trends: UnitTrends) -> list[str]:
    return [item.assessment.period for item in trends.evaluations]


def trends_section(trends: UnitTrends | None) -> Section:
    """Return the section of a unit's trends; empty where there is nothing to compare with."""
    if trends is None:
        return Section()
    step = trends.last
    totals = [(e.card.total.score, e.instrument.weight) for e in trends.evaluations]
    paths = _paths([s.areas for s in trends.steps], totals, step.change)
    return ROOM.section(
        "unit",
        step=step,
        movers=_movers(step),
        most=MOST,
        figure=plot_paths("Nilai dan area dari periode ke periode", paths, _periods(trends)),
        earlier=[(item, _movers(item)[:MOST]) for item in trends.steps[-2::-1]],
    )


@dataclass(frozen=True, slots=True)
class _UnitRow:
    """One unit in the table of an agency's trends."""

    id: str
    name: str
    before: str
    now: str
    change: str
    verdict: str
    is_complete: bool


def _unit_row(step: Step, incomplete: set[str]) -> _UnitRow:
    unit, found = step.now.assessment.unit, step.verdict
    verdict = ""
    if found.before is not None and not step.now.rules.bands:
        labels = [words.status_label(v.status) for v in (found.before, found.now)]
        verdict = labels[1] if labels[0] == labels[1] else " → ".join(labels)
    elif found.before is not None:
        verdict = f"{found.before.predicate} → {found.now.predicate}"
    return _UnitRow(
        unit.id,
        unit.name or unit.id,
        words.format_number(step.before.card.total.score),
        words.format_number(step.now.card.total.score),
        trends_words.points_text(step.change),
        verdict,
        unit.id not in incomplete,
    )


def _unit_parts(rows: list[_UnitRow]) -> list[tuple[str, list[_UnitRow]]]:
    """Return the tables of units: all of few, those at both ends of many."""
    if len(rows) <= MOST_UNITS:
        return [("Semua unit", rows)]
    return [
        (f"{ENDS} unit yang paling naik", rows[:ENDS]),
        (f"{ENDS} unit yang paling turun", rows[: -ENDS - 1 : -1]),
    ]


def _names(steps: Iterable[Step]) -> list[str]:
    return [step.now.assessment.unit.name or step.now.assessment.unit.id for step in steps]


def agency_trends_section(
    trends: AgencyTrends | None, linked: frozenset[str] = frozenset()
) -> Section:
    """Return the recap's section on trends; empty where there is nothing to compare with.

    Parameters
    ----------
    linked
        Ids of the units whose report stands beside the page.
    """
    if trends is None:
        return Section()
    step = trends.last
    paths = _paths(
        [item.areas for item in trends.steps],
        [
            *((item.before, _weight(item, before=True)) for item in trends.steps),
            (step.now, _weight(step, before=False)),
        ],
        step.now - step.before,
    )
    incomplete = {item.now.assessment.unit.id for item in step.incomplete}
    ranked = sorted(step.steps, key=lambda s: (-s.change, name_order(s.now.assessment.unit.name)))
    rows = [_unit_row(item, incomplete) for item in ranked]
    arrived = {
        e.assessment.unit.id: e.assessment.unit.name for e in trends.evaluations[-1].evaluations
    }
    periods = [item.period for item in trends.evaluations]
    questions = step.compared[0].now.instrument.questions
    return ROOM.section(
        "agency",
        step=step,
        figure=plot_paths("Rata-rata nilai dan area dari periode ke periode", paths, periods),
        is_banded=bool(trends.evaluations[-1].rules.bands),
        reached=_names(step.reached),
        lost=_names(step.lost),
        incomplete=_names(step.incomplete),
        arrived=[arrived[key] or key for key in step.arrived],
        left=step.left,
        parts_of_units=_unit_parts(rows),
        spread=plot_spread([item.change for item in step.compared], "Perubahan nilai unit")
        if len(rows) > MOST_UNITS
        else "",
        linked=linked,
        questions=[
            (item, questions[item.id].text) for item in step.questions if item.id in questions
        ][:MOST],
    )


def _weight(step: AgencyStep, before: bool) -> float:
    one = step.steps[0]
    return (one.before if before else one.now).instrument.weight


@dataclass(frozen=True, repr=False)
class TrendsPage(Page):
    """The page of trends of a unit or an agency."""

    data: Trends
    made: Made
    room = ROOM

    @kept
    def opening(self) -> Section:
        """Say whose periods these are."""
        return self.section("opening", data=self.data)

    @kept
    def steps(self) -> Section:
        """Show what changed and why."""
        if self.data.unit is not None:
            return trends_section(self.data.unit)
        return agency_trends_section(self.data.agency)

    @kept
    def origin(self) -> Section:
        """Show how the causes are told apart."""
        return self.section("origin")
