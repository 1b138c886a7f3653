"""What the performance form shows, as plain values for JSON: the unit, and each indicator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from zi_eval.core.problems import Problem
from zi_eval.core.text import day_text, fold
from zi_eval.performance.form.store import indicator_key
from zi_eval.performance.page.figures import plot_path
from zi_eval.performance.page.words import (
    finding_title,
    light_class,
    light_icon,
    light_label,
    measured_text,
    outlook_text,
    quarter_name,
)
from zi_eval.performance.plan import QUARTERS, Indicator, PlanFinding
from zi_eval.performance.plan_checks import check_plan
from zi_eval.performance.projection import Light
from zi_eval.performance.table.editor import FIELDS, field_value
from zi_eval.performance.watch import PlanStanding, check_deviations, pick_decisions
from zi_eval.report.tables import evidence_links
from zi_eval.report.words import format_number
from zi_eval.screen.typed import exact_text
from zi_eval.screen.words import row_warnings

__all__ = ["filter_indicators", "indicator_views", "shown_text", "unit_view"]


def filter_indicators(
    standing: PlanStanding, goal: str = "", light: str = "", owner: str = "", query: str = ""
) -> tuple[int, ...]:
    """Return the places of the indicators that fit every given filter, in the order of the plan.

    Parameters
    ----------
    goal, owner
        Sasaran and penanggung jawab, exactly as they stand in the table.
    light
        A :class:`~zi_eval.performance.projection.Light` by its value.
    query
        Words that must all occur in what the table says about the indicator.
    """
    words = fold(query).split()
    return tuple(
        place
        for place, item in enumerate(standing.plan.indicators)
        if goal in ("", item.goal)
        and owner in ("", item.owner)
        and light in ("", standing.watches[place].light.value)
        and all(word in _searched(item) for word in words)
    )


def _searched(item: Indicator) -> str:
    texts = (item.name, item.goal, item.owner, item.cause, item.follow_up, item.unit_of_measure)
    return fold(" ".join(texts))


def _light(light: Light) -> dict[str, str]:
    return {
        "light": light.value, "class": light_class(light), "icon": light_icon(light),
        "label": light_label(light),
    }  # fmt: skip


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{format_number(value, 1)} %"


def shown_text(item: Indicator, field: str) -> str | None:
    """Return a value as it stands in its input, None where it is empty."""
    value = field_value(item, field)
    if value is None or isinstance(value, str):
        return value
    return exact_text(value) if isinstance(value, float) else day_text(value)


def unit_view(standing: PlanStanding, agency: str) -> dict[str, Any]:
    """Return what is shown of the unit: its figures, its lights, and what needs a decision."""
    plan, score = standing.plan, standing.score
    lights = [watch.light for watch in standing.watches]
    decisions = [
        {
            **_light(decision.watch.light),
            "key": indicator_key(item),
            "name": item.name,
            "outlook": outlook_text(item, decision.watch)
            if decision.watch.projection
            else decision.watch.reason,
            "ask": decision.ask,
        }
        for decision in pick_decisions(standing)
        for item in (plan.indicators[decision.place],)
    ]
    said = [agency, f"Kinerja {plan.year}", f"sampai {quarter_name(score.quarter)}"]
    return {
        "title": plan.name,
        "subtitle": " · ".join(text for text in said if text),
        "percent": _percent(score.percent),
        "known": f"{score.known} dari {len(plan.indicators)} indikator",
        "absorption": _percent(score.absorption),
        "lights": [{**_light(light), "count": lights.count(light)} for light in Light],
        "decisions": decisions,
        "pressing": sum(light in (Light.RED, Light.AMBER, Light.MISSING) for light in lights),
        "goals": list(plan.goals),
        "owners": sorted({item.owner for item in plan.indicators if item.owner}),
    }


def indicator_views(
    standing: PlanStanding, problems: Sequence[Problem] = ()
) -> Mapping[str, dict[str, Any]]:
    """Return what is shown of every indicator, by its key, in the order of the plan."""
    plan = standing.plan
    found: dict[int | None, list[PlanFinding]] = {}
    for finding in (*check_deviations(standing), *check_plan(plan)):
        found.setdefault(finding.place, []).append(finding)
    warned = row_warnings(problems)
    return {
        indicator_key(item): _indicator(
            standing, place, item, found.get(place, []), warned.get(item.row, [])
        )
        for place, item in enumerate(plan.indicators)
    }


def _indicator(
    standing: PlanStanding,
    place: int,
    item: Indicator,
    findings: Sequence[PlanFinding],
    warnings: Sequence[str],
) -> dict[str, Any]:
    score, watch = standing.score.indicators[place], standing.watches[place]
    quarter, current = standing.score.quarter, score.current
    facts = [item.direction.value, item.accrual.value, item.kind.value]
    if not item.is_key:
        facts.append("bukan IKU")
    return {
        **_light(watch.light),
        "number": place + 1,
        "name": item.name,
        "goal": item.goal,
        "owner": item.owner,
        "facts": ", ".join(facts),
        "formula": item.formula,
        "measure": item.unit_of_measure,
        "reason": f"{watch.reason[:1].upper()}{watch.reason[1:]}.",
        "percent": _percent(current.percent if current else None),
        "outlook": outlook_text(item, watch) if watch.projection else "",
        "method": watch.projection.method if watch.projection else "",
        "figure": str(plot_path(item, quarter, watch.projection)),
        "quarter": quarter,
        "targets": [_target(item, q) for q in QUARTERS],
        "year": measured_text(item, item.year_target),
        "ceiling": "–" if item.ceiling is None else f"Rp {exact_text(item.ceiling)}",
        "absorption": _percent(score.absorption),
        "values": {field: shown_text(item, field) for field in FIELDS},
        "evidence": [asdict(link) for link in evidence_links([item.evidence])],
        "findings": [
            {"title": finding_title(f.code), "seen": f.seen, "check": f.check} for f in findings
        ],
        "warnings": list(warnings),
    }


def _target(item: Indicator, quarter: int) -> str:
    target = item.targets[quarter - 1]
    return "–" if target is None else exact_text(target)
