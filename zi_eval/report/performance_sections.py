"""The performance page of one unit: what needs a decision first, then the figures behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from importlib import resources
from typing import Any

from markupsafe import Markup

from zi_eval.core.assessment import Value
from zi_eval.core.performance import Finding, Plan
from zi_eval.core.performance_comparison import (
    COMPARED,
    Comparison,
    compare_indicator,
    missing_comparisons,
)
from zi_eval.core.performance_plan import check_plan
from zi_eval.core.performance_projection import Light
from zi_eval.core.performance_proposals import propose_performance, propose_targets
from zi_eval.core.performance_unit import UnitPerformance
from zi_eval.core.performance_watch import check_deviations, pick_decisions
from zi_eval.core.proposals import Proposal
from zi_eval.report import performance_words, words
from zi_eval.report.performance_figures import Point, plot_path, plot_quadrants
from zi_eval.report.tables import evidence_links
from zi_eval.report.unit_sections import Section, report_environment

__all__ = ["PerformanceReport", "performance_report"]

SHOWN_WORDS = (
    "answer_words", "candidate_words", "date_text", "finding_title", "light_class", "light_icon",
    "light_label", "measured_text", "outlook_text", "quarter_name",
)  # fmt: skip


@dataclass(frozen=True)
class PerformanceReport:
    """All sections of the performance page of one unit.

    Attributes
    ----------
    time
        When the page is made, with its time zone.
    version
        Version of the package that made it.
    """

    data: UnitPerformance
    time: datetime
    version: str

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

    def _render(self, name: str, **values: Any) -> Section:
        template = report_environment().get_template(f"performance_{name}.html.j2")
        said = {word: getattr(performance_words, word) for word in SHOWN_WORDS}
        standing = self.data.standing
        text = template.render(
            report=self, data=self.data, plan=self.plan, score=standing.score,
            watches=standing.watches, **said, **values,
        )  # fmt: skip
        return Section(Markup(text))

    def opening(self) -> Section:
        """Show which indicators need a decision, in ten seconds."""
        standing = self.data.standing
        lights = [watch.light for watch in standing.watches]
        css = resources.files("zi_eval.report").joinpath("performance.css").read_text("utf-8")
        pressing = sum(light in (Light.RED, Light.AMBER, Light.MISSING) for light in lights)
        return self._render(
            "opening",
            css=Markup(css),
            decisions=pick_decisions(standing),
            pressing=pressing,
            counts={light: lights.count(light) for light in Light},
        )

    def indicators(self) -> Section:
        """Show each indicator against its path, then all in one table."""
        standing = self.data.standing
        charts = [
            plot_path(item, standing.score.quarter, watch.projection)
            for item, watch in zip(self.plan.indicators, standing.watches, strict=True)
        ]
        return self._render("indicators", charts=charts)

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
            Point(n, item.name, got.current.percent, got.absorption)
            for n, item, got in rows
            if got.current is not None and got.absorption is not None
        ]
        share = self.data.standing.score.quarter * 25.0
        figure = plot_quadrants(points, share) if points else ""
        return self._render("money", rows=rows, figure=figure, share=share)

    def comparisons(self) -> Section:
        """Show what a performance report must compare, and which of it is missing."""
        return self._render(
            "comparisons",
            comparisons=self._comparisons,
            missing=missing_comparisons(self._comparisons),
            compared=COMPARED,
        )

    def _grouped(self, findings: Sequence[Finding]) -> list[tuple[str, int, list[Finding]]]:
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
        found = (*check_deviations(self.data.standing), *self.data.peer_findings)
        return self._render("findings", anchor="periksa", groups=self._grouped(found),
                            count=len(found), problems=self.data.problems)  # fmt: skip

    def plan_quality(self) -> Section:
        """Show what the plan itself leaves open."""
        found = check_plan(self.plan)
        return self._render("findings", anchor="rencana", groups=self._grouped(found),
                            count=len(found), problems=())  # fmt: skip

    def proposals(self) -> Section:
        """Show what the figures propose as answers of the LKE, beside the answers given."""
        standing = self.data.standing
        shown: list[tuple[Proposal, Value | None]] = [
            (proposal, self.data.answers.get(proposal.question))
            for proposal in (
                propose_performance(standing, self.data.peers),
                propose_targets(standing),
            )
        ]
        return self._render("proposals", shown=shown)

    def origin(self) -> Section:
        """Show how the figures are computed, and the evidence."""
        links = [(item.name, evidence_links([item.evidence])) for item in self.plan.indicators]
        return self._render("origin", links=links, made=words.format_time(self.time))


def performance_report(data: UnitPerformance, time: datetime, version: str) -> PerformanceReport:
    """Return the performance page of one unit.

    Parameters
    ----------
    time
        When the page is made, with its time zone.
    version
        Version of the package, named on the page.
    """
    return PerformanceReport(data, time, version)
