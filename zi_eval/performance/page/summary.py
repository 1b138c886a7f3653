"""Performance in a unit's LKE report: what needs a decision, and where to read on."""

from __future__ import annotations

from urllib.parse import quote

from zi_eval.performance.page.figures import path_numbers, plot_path
from zi_eval.performance.page.rendering import (
    decision_values,
    performance_style,
    render_performance_section,
)
from zi_eval.performance.unit import PAGES, UnitPerformance
from zi_eval.report.page import Section

__all__ = ["performance_summary"]


def performance_summary(data: UnitPerformance, has_pages: bool = True) -> Section:
    """Show at most three decisions, the figures on one line, and every indicator's path.

    Parameters
    ----------
    has_pages
        Whether the pages of the performance stand beside the report: only then they are linked.
    """
    standing = data.standing
    unit = quote(standing.plan.unit, safe="")
    charts = [
        plot_path(item, standing.score.quarter, watch.projection)
        for item, watch in zip(standing.plan.indicators, standing.watches, strict=True)
    ]
    return render_performance_section(
        data,
        "summary",
        css=performance_style(),
        charts=charts,
        numbers=path_numbers(standing),
        pages=[(f"{unit}{ending}", name) for ending, name in PAGES if has_pages],
        level=4,
        **decision_values(standing),
    )
