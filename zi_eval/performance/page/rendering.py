"""Renders a part of a page about performance, with the words all of them use."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from zi_eval.performance.agency import PRESSING
from zi_eval.performance.page import words as performance_words
from zi_eval.performance.projection import Light
from zi_eval.performance.unit import UnitPerformance
from zi_eval.performance.watch import PlanStanding, pick_decisions
from zi_eval.report.page import Section, report_environment, report_style

__all__ = ["decision_values", "performance_style", "render_performance_section"]

SHOWN_WORDS = (
    "answer_words", "candidate_words", "date_text", "finding_title", "light_class", "light_icon",
    "light_label", "light_meaning",
    "measured_text", "outlook_text", "quarter_name",
)  # fmt: skip


def performance_style() -> Markup:
    """Return the style of everything about performance, for a page that shows some of it."""
    css = report_style("performance/page/style.css")
    return Markup(css)


def decision_values(standing: PlanStanding) -> dict[str, Any]:
    """Return what the templates of the decisions and of the line of figures show."""
    lights = [watch.light for watch in standing.watches]
    return {
        "decisions": pick_decisions(standing),
        "pressing": sum(light in PRESSING for light in lights),
        "counts": {light: lights.count(light) for light in Light if light in lights},
    }


def render_performance_section(data: UnitPerformance, name: str, **values: Any) -> Section:
    """Render ``performance/page/<name>.html.j2`` of one unit."""
    template = report_environment().get_template(f"performance/page/{name}.html.j2")
    said = {word: getattr(performance_words, word) for word in SHOWN_WORDS}
    standing = data.standing
    text = template.render(
        data=data, plan=standing.plan, score=standing.score, watches=standing.watches,
        **said, **values,
    )  # fmt: skip
    return Section(Markup(text))
