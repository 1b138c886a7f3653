"""The performance page of one unit: what needs a decision first, then the figures behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import quote

from zi_eval.core.assessment import Value
from zi_eval.core.proposals import Proposal
from zi_eval.performance.agency import list_actions
from zi_eval.performance.comparison import (
    COMPARED,
    Comparison,
    compare_indicator,
    missing_comparisons,
)
from zi_eval.performance.page.figures import path_numbers, plot_money, plot_path
from zi_eval.performance.page.rendering import (
    decision_values,
    performance_style,
    render_performance_section,
)
from zi_eval.performance.plan import Plan, PlanFinding
from zi_eval.performance.plan_checks import check_plan
from zi_eval.performance.unit import PAGES, UnitPerformance
from zi_eval.performance.watch import check_deviations
from zi_eval.report.made import Made
from zi_eval.report.page import Section
from zi_eval.report.plane import Point
from zi_eval.report.tables import evidence_links

__all__ = ["PerformanceReport", "performance_report"]

SAID_ABOVE = frozenset({"belum-dilaporkan", "menyimpang-kuning", "menyimpang-merah"})
"""Findings that the lights show already."""


@dataclass(frozen=True)
class PerformanceReport:
    """All sections of the performance page of one unit.

    Attributes
    ----------
    has_pages
        Whether the unit's report and the draft of its performance report stand beside the page.
    """

    data: UnitPerformance
    made: Made
    has_pages: bool = False

    @property
    def plan(self) -> Plan:
        """The plan shown."""
        return self.data.standing.plan

    @property
    def title(self) -> str:
        """The title of the page."""
        return f"{self.plan.name} – Kinerja {self.plan.year}"

    @cached_property
    def _comparisons(self) -> tuple[Comparison, ...]:
        scores = self.data.standing.score.indicators
        return tuple(
            compare_indicator(item, score, self.plan.year, self.data.peers)
            for item, score in zip(self.plan.indicators, scores, strict=True)
        )

    @cached_property
    def _deviations(self) -> tuple[PlanFinding, ...]:
        return (*check_deviations(self.data.standing), *self.data.peer_findings)

    @property
    def _pages(self) -> list[tuple[str, str]]:
        unit = quote(self.plan.unit, safe="")
        drafts = (item for item in PAGES if not item[0].startswith(".kinerja"))
        pages = ((".html", "Laporan LKE"), *drafts)
        return [(f"{unit}{ending}", name) for ending, name in pages if self.has_pages]

    def _render(self, name: str, **values: Any) -> Section:
        return render_performance_section(self.data, name, report=self, **values)

    def opening(self) -> Section:
        """Show which indicators need a decision, in ten seconds."""
        return self._render(
            "opening",
            css=performance_style(),
            pages=self._pages,
            level=3,
            patterns=sum(f.code not in SAID_ABOVE for f in self._deviations),
            **decision_values(self.data.standing),
        )

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
        return self._render("actions", rows=rows, today=today)

    def indicators(self) -> Section:
        """Show each indicator against its path, then all in one table."""
        standing = self.data.standing
        charts = [
            plot_path(item, standing.score.quarter, watch.projection)
            for item, watch in zip(self.plan.indicators, standing.watches, strict=True)
        ]
        return self._render("indicators", charts=charts, numbers=path_numbers(standing))

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
        return self._render("money", rows=rows, figure=figure, share=share)

    def comparisons(self) -> Section:
        """Show what a performance report must compare, and which of it is missing."""
        return self._render(
            "comparisons",
            comparisons=self._comparisons,
            missing=missing_comparisons(self._comparisons),
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

    def checks(self) -> Section:
        """Show what the figures ask to be checked."""
        found = self._deviations
        return self._render("findings", anchor="periksa", groups=self._grouped(found),
                            count=len(found), problems=self.data.problems)  # fmt: skip

    def plan_quality(self) -> Section:
        """Show what the plan itself leaves open."""
        found = check_plan(self.plan)
        return self._render("findings", anchor="rencana", groups=self._grouped(found),
                            count=len(found), problems=())  # fmt: skip

    def proposals(self) -> Section:
        """Show what the figures propose as answers of the LKE, beside the answers given."""
        shown: list[tuple[Proposal, Value | None]] = [
            (proposal, self.data.answers.get(proposal.question)) for proposal in self.data.proposals
        ]
        return self._render("proposals", shown=shown)

    def origin(self) -> Section:
        """Show how the figures are computed, and the evidence."""
        links = [(item.name, evidence_links([item.evidence])) for item in self.plan.indicators]
        return self._render("origin", links=links, made=self.made)


def performance_report(
    data: UnitPerformance, made: Made, has_pages: bool = False
) -> PerformanceReport:
    """Return the performance page of one unit.

    Parameters
    ----------
    has_pages
        Whether the unit's report and the draft of its performance report stand beside the page:
        only then they are linked.
    """
    return PerformanceReport(data, made, has_pages)
