"""The performance page of one unit: what needs a decision first, then the figures behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from urllib.parse import quote

from zi_eval.files import file_stem
from zi_eval.performance.agency import PRESSING, list_actions
from zi_eval.performance.comparison import COMPARED, missing_comparisons
from zi_eval.performance.page import words as performance_words
from zi_eval.performance.page.figures import path_numbers, plot_money, plot_path
from zi_eval.performance.plan import Plan, PlanFinding
from zi_eval.performance.projection import Light
from zi_eval.performance.unit import PAGES, UnitPerformance
from zi_eval.performance.watch import PlanStanding, pick_decisions
from zi_eval.report.made import Made
from zi_eval.report.page import Page, Room, Section, kept
from zi_eval.report.plane import Point
from zi_eval.report.proposals import proposals_section
from zi_eval.report.tables import evidence_links

__all__ = ["ROOM", "PerformancePage", "performance_summary"]

ROOM: Final = Room("performance/page", ("performance/page/style.css",), performance_words)
SAID_ABOVE = frozenset({"belum-dilaporkan", "menyimpang-kuning", "menyimpang-merah"})
"""Findings that the lights show already."""


def _decisions(standing: PlanStanding) -> dict[str, Any]:
    """Return what the templates of the decisions and of the line of figures show."""
    lights = [watch.light for watch in standing.watches]
    return {
        "decisions": pick_decisions(standing),
        "pressing": sum(light in PRESSING for light in lights),
        "counts": {light: lights.count(light) for light in Light if light in lights},
    }


def _standing(data: UnitPerformance) -> Mapping[str, Any]:
    """Return what every template about one unit is given."""
    standing = data.standing
    return {
        "data": data,
        "plan": standing.plan,
        "score": standing.score,
        "watches": standing.watches,
    }


@dataclass(frozen=True, repr=False)
class PerformancePage(Page):
    """All sections of the performance page of one unit.

    Attributes
    ----------
    has_pages
        Whether the unit's report and the draft of its performance report stand beside the page.
    """

    data: UnitPerformance
    made: Made
    has_pages: bool = False
    room = ROOM

    @property
    def plan(self) -> Plan:
        """The plan shown."""
        return self.data.standing.plan

    @property
    def title(self) -> str:
        """The title of the page."""
        return f"{self.plan.name} – Kinerja {self.plan.year}"

    @property
    def _pages(self) -> list[tuple[str, str]]:
        unit = quote(file_stem(self.plan.unit), safe="")
        drafts = (item for item in PAGES if not item[0].startswith(".kinerja"))
        pages = ((".html", "Laporan LKE"), *drafts)
        return [(f"{unit}{ending}", name) for ending, name in pages if self.has_pages]

    def common(self) -> Mapping[str, Any]:
        """Return the plan with how it stands."""
        return _standing(self.data)

    @kept
    def opening(self) -> Section:
        """Show which indicators need a decision, in ten seconds."""
        return self.section(
            "opening",
            pages=self._pages,
            level=3,
            patterns=sum(f.code not in SAID_ABOVE for f in self.data.deviations),
            **_decisions(self.data.standing),
        )

    @kept
    def actions(self) -> Section:
        """Show what is done this quarter: what presses first, then what is under way, by date.

        An indicator on its path is listed where a follow-up with a date is stated.
        """
        standing, items = self.data.standing, self.plan.indicators
        asks = {action.decision.place: action.decision.ask for action in list_actions([standing])}
        places = [p for p, it in enumerate(items) if p in asks or (it.follow_up and it.due)]
        places.sort(key=lambda p: (p not in asks, items[p].due or date.max))
        today = self.made.time.date()
        rows = [(items[p], standing.watches[p], asks.get(p, "")) for p in places]
        return self.section("actions", rows=rows, today=today)

    @kept
    def indicators(self) -> Section:
        """Show each indicator against its path, then all in one table."""
        standing = self.data.standing
        charts = [
            plot_path(item, standing.score.quarter, watch.projection)
            for item, watch in zip(self.plan.indicators, standing.watches, strict=True)
        ]
        return self.section("indicators", charts=charts, numbers=path_numbers(standing))

    @kept
    def money(self) -> Section:
        """Show achievement against absorption."""
        rows = [
            (number, item, got)
            for number, (item, got) in enumerate(
                zip(self.plan.indicators, self.data.standing.score.indicators, strict=True), start=1
            )
            if got.absorption is not None and got.current is not None
        ]
        points = [
            Point(n, item.name, got.absorption, got.current.percent)
            for n, item, got in rows
            if got.current is not None and got.absorption is not None
        ]
        share = self.data.standing.score.quarter * 25.0
        figure = plot_money(points, share, "angka-uang") if points else ""
        return self.section("money", rows=rows, figure=figure, share=share)

    @kept
    def comparisons(self) -> Section:
        """Show what a performance report must compare, and which of it is missing."""
        return self.section(
            "comparisons",
            comparisons=self.data.comparisons,
            missing=missing_comparisons(self.data.comparisons),
            compared=COMPARED,
        )

    def _grouped(self, findings: Sequence[PlanFinding]) -> list[tuple[str, int, list[PlanFinding]]]:
        """Return findings by indicator in the order of the plan, those of the unit first."""
        places = sorted({-1 if f.place is None else f.place for f in findings})
        return [
            (
                "Seluruh unit" if place < 0 else self.plan.indicators[place].name,
                0 if place < 0 else self.plan.indicators[place].row,
                [f for f in findings if (-1 if f.place is None else f.place) == place],
            )
            for place in places
        ]

    @kept
    def checks(self) -> Section:
        """Show what the figures ask to be checked."""
        found = self.data.deviations
        return self.section("findings", anchor="periksa", groups=self._grouped(found),
                            count=len(found), problems=self.data.problems)  # fmt: skip

    @kept
    def plan_quality(self) -> Section:
        """Show what the plan itself leaves open."""
        found = self.data.gaps
        return self.section("findings", anchor="rencana", groups=self._grouped(found),
                            count=len(found), problems=())  # fmt: skip

    @kept
    def proposals(self) -> Section:
        """Show what the figures propose as answers of the LKE, beside the answers given."""
        data, year = self.data, self.plan.year
        basis = f"Menurut target dan hasil tahun {year - 1}; perkiraan {year} tidak dipakai"
        nothing = "Instrumen periode ini tidak memuat pertanyaan yang dijawab oleh data kinerja."
        say = performance_words.answer_words
        return proposals_section(data.proposals, data.answers, nothing, basis, say)

    @kept
    def origin(self) -> Section:
        """Show how the figures are computed, and the evidence."""
        links = [(item.name, evidence_links([item.evidence])) for item in self.plan.indicators]
        return self.section("origin", links=links)


def performance_summary(data: UnitPerformance, has_pages: bool = True) -> Section:
    """Show at most three decisions, the figures on one line, and every indicator's path.

    Parameters
    ----------
    has_pages
        Whether the pages of the performance stand beside the report: only then they are linked.
    """
    standing = data.standing
    unit = quote(file_stem(standing.plan.unit), safe="")
    charts = [
        plot_path(item, standing.score.quarter, watch.projection)
        for item, watch in zip(standing.plan.indicators, standing.watches, strict=True)
    ]
    return ROOM.section(
        "summary",
        **_standing(data),
        charts=charts,
        numbers=path_numbers(standing),
        pages=[(f"{unit}{ending}", name) for ending, name in PAGES if has_pages],
        level=4,
        **_decisions(standing),
    )
