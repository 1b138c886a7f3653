"""What the work-plan form shows, as plain values for JSON: the unit, each activity, what to add."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from zi_eval.core.instrument import Instrument
from zi_eval.core.problems import Problem
from zi_eval.core.scoring import value_question
from zi_eval.core.text import MONTHS as MONTH_TITLES
from zi_eval.core.text import figure_text, fold
from zi_eval.report.tables import evidence_links
from zi_eval.report.words import answer_text, format_number
from zi_eval.screen.typed import exact_text
from zi_eval.screen.words import row_warnings
from zi_eval.workplan.form.store import activity_key
from zi_eval.workplan.monitoring import ActivityStanding, Status, WorkPlanStanding
from zi_eval.workplan.page.words import (
    measured_text,
    reasons_text,
    share_text,
    status_class,
    status_icon,
    status_label,
    until_text,
)
from zi_eval.workplan.plan import MONTH_NAMES, MONTHS, TOLERANCE, Activity, area_of
from zi_eval.workplan.table.editor import FIELDS, field_value
from zi_eval.workplan.unit import UnitWorkPlan

__all__ = ["activity_views", "filter_activities", "seed_views", "shown_text", "unit_view"]

UNPROVEN: Final = "tanpa bukti"
NO_EFFECT: Final = "tanpa dampak"
MOST_PRESSING: Final = 5
SOURCES: Final = ("Jalan terpendek", "Kegiatan lazim")


def shown_text(item: Activity, field: str) -> str | None:
    """Return a value as it stands in its input, None where it is empty."""
    value = field_value(item, field)
    return exact_text(value) if isinstance(value, float) else value


def _light(item: ActivityStanding) -> dict[str, str]:
    """Return the sign of an activity: late first, then what is done but not to be seen."""
    status = item.status
    if status is not Status.LATE:
        if item.without_effect:
            return {"class": "unknown", "icon": "◆", "label": "Tanpa dampak"}
        if item.is_unproven:
            return {"class": "unknown", "icon": "◆", "label": "Tanpa bukti"}
    return {
        "class": status_class(status), "icon": status_icon(status), "label": status_label(status)
    }  # fmt: skip


def _fits_light(item: ActivityStanding, light: str) -> bool:
    if light == UNPROVEN:
        return item.is_unproven
    if light == NO_EFFECT:
        return bool(item.without_effect)
    return light in ("", item.status.value)


def _area(instrument: Instrument, item: Activity) -> str:
    return area_of(instrument, item.questions[0] if item.questions else "")[1]


def filter_activities(
    standing: WorkPlanStanding,
    light: str = "",
    area: str = "",
    owner: str = "",
    month: str = "",
    query: str = "",
) -> Iterator[str]:
    """Return the keys of the activities that fit every given filter, in the order of the screen.

    Parameters
    ----------
    light
        A :class:`~zi_eval.workplan.monitoring.Status` by its value, or ``tanpa bukti`` or
        ``tanpa dampak``.
    area, owner
        An area's title and a penanggung jawab, exactly.
    month
        A month's name, in which something is planned or realised.
    query
        Words that must all occur in what the table says about the activity.
    """
    words = fold(query).split()
    place = MONTH_TITLES.index(month) if month in MONTH_TITLES else None
    for item in ordered(standing):
        own = item.item
        said = fold(" ".join((own.name, *own.questions, own.owner, own.output, own.source,
                              own.obstacle, own.follow_up)))  # fmt: skip
        if (
            _fits_light(item, light)
            and area in ("", _area(standing.instrument, own))
            and owner in ("", own.owner)
            and (place is None or own.targets[place] or own.results[place] is not None)
            and all(word in said for word in words)
        ):
            yield activity_key(own)


def ordered(standing: WorkPlanStanding) -> tuple[ActivityStanding, ...]:
    """Return the activities area by area, of one area as the plan has them."""
    titles = [area.title for area in standing.areas]
    return tuple(
        sorted(
            standing.activities,
            key=lambda item: titles.index(_area(standing.instrument, item.item)),
        )
    )


def unit_view(data: UnitWorkPlan) -> dict[str, Any]:
    """Return what is shown of the unit: progress, forecast, and what presses."""
    standing = data.standing
    plan, counts = standing.plan, standing.counts
    planned, reached = standing.shares
    lights = [
        {"light": status.value, "class": status_class(status), "icon": status_icon(status),
         "label": status_label(status), "count": counts.get(status, 0)}
        for status in Status
    ]  # fmt: skip
    marked = {"class": "unknown", "icon": "◆"}
    lights[1:1] = [
        {**marked, "light": UNPROVEN, "label": "Tanpa bukti", "count": len(standing.unproven)},
        {**marked, "light": NO_EFFECT, "label": "Tanpa dampak",
         "count": len(standing.without_effect)},
    ]  # fmt: skip
    said = [data.agency, f"Rencana kerja ZI {plan.year}", until_text(standing.month, plan.year)]
    return {
        "title": plan.name,
        "subtitle": " · ".join(text for text in said if text),
        "reached": share_text(reached),
        "planned": f"direncanakan {share_text(planned)}",
        "forecast": _forecast(data),
        "lights": lights,
        "decisions": [
            {
                **_light(item),
                "key": activity_key(item.item),
                "name": item.item.name,
                "outlook": item.item.owner or "penanggung jawab belum ditulis",
                "ask": f"{reasons_text(item)[:1].upper()}{reasons_text(item)[1:]}.",
            }
            for item in standing.pressing[:MOST_PRESSING]
        ],
        "pressing": len(standing.pressing),
        "areas": [area.title for area in standing.areas],
        "owners": sorted({item.owner for item in plan.activities if item.owner}),
        "months": list(MONTH_TITLES),
    }


def _forecast(data: UnitWorkPlan) -> dict[str, str] | None:
    found = data.forecast
    if found is None or not data.standing.plan.activities:
        return None
    now, then = found.now.card.total.score, found.then.card.total.score
    if now is None or then is None:
        return None
    return {
        "then": format_number(then),
        "note": f"bila semua selesai; sekarang {format_number(now)}, "
        f"{len(found.gains)} jawaban naik",
    }


def activity_views(
    data: UnitWorkPlan, problems: Sequence[Problem] = ()
) -> Mapping[str, dict[str, Any]]:
    """Return what is shown of every activity, by its key, area by area."""
    warned = row_warnings(problems)
    points = data.standing.instrument.question_points()
    return {
        activity_key(item.item): {
            "number": number,
            **_activity(data, item, points),
            "warnings": warned.get(item.item.row, []),
        }
        for number, item in enumerate(ordered(data.standing), 1)
    }


def _activity(
    data: UnitWorkPlan, standing: ActivityStanding, points: Mapping[str, float]
) -> dict[str, Any]:
    item, whole = standing.item, data.standing
    asked = [_question(data, item, key, points) for key in item.questions]
    brought = sum(question.pop("gain") for question in asked)
    why = reasons_text(standing)
    facts = [item.output, "target prioritas" if item.is_priority else "", item.source]
    return {
        **_light(standing),
        "name": item.name,
        "group": _area(whole.instrument, item),
        "owner": item.owner,
        "facts": " · ".join(text for text in facts if text),
        "measure": item.unit_of_measure,
        "done": measured_text(standing),
        "reason": f"{why[:1].upper()}{why[1:]}." if why else "",
        "months": [
            {
                "target": _figure(item.targets[month - 1]),
                "class": _month_class(item, month, whole.month),
            }
            for month in MONTHS
        ],
        "values": {field: shown_text(item, field) for field in FIELDS},
        "evidence": [asdict(link) for link in evidence_links([item.evidence])],
        "questions": asked,
        "brings": f"± {format_number(brought)} poin bila selesai" if brought else "",
    }


def _figure(value: float | None) -> str:
    return "" if not value else figure_text(value)


def _month_class(item: Activity, month: int, until: int) -> str:
    """Return how a month looks: behind what was planned by then, planned, or neither."""
    is_behind = item.reached[month - 1] < item.planned[month - 1] - TOLERANCE
    if not item.targets[month - 1]:
        return ""
    return "late" if month <= until and is_behind else "planned"


def _question(
    data: UnitWorkPlan, item: Activity, key: str, points: Mapping[str, float]
) -> dict[str, Any]:
    question, given, aim = (
        data.standing.instrument.questions[key], data.answers.get(key), item.aims.get(key)
    )  # fmt: skip
    gain = 0.0
    if aim is not None:
        now, then = (value_question(question, v)[0].value or 0.0 for v in (given, aim))
        gain = max(then - min(now, 1.0), 0.0) * points[key]
    said = answer_text(question, given)
    return {
        "id": key,
        "text": question.text,
        "answer": said if aim is None else f"{said}, dituju {answer_text(question, aim)}",
        "gain": gain,
    }


def seed_views(seeds: Iterable[Activity], data: UnitWorkPlan) -> list[dict[str, Any]]:
    """Return what may be added, by where it comes from and by area, but for what is there."""
    there = {activity_key(item) for item in data.standing.plan.activities}
    points = data.standing.instrument.question_points()
    groups: dict[str, list[dict[str, Any]]] = {}
    for item in seeds:
        if activity_key(item) in there:
            continue
        asked = [_question(data, item, key, points) for key in item.questions]
        brought = sum(question["gain"] for question in asked)
        title = item.source
        if item.source == SOURCES[1]:
            title = f"{item.source}: {_area(data.standing.instrument, item)}"
        elif not item.source.startswith(SOURCES[0]):
            title = "Rekomendasi yang belum selesai"
        months = [MONTH_NAMES[m - 1] for m in MONTHS if item.targets[m - 1]]
        facts = [
            ", ".join(item.questions),
            item.output,
            "tiap bulan" if len(months) == len(MONTHS) else ", ".join(months),
            f"± {format_number(brought)} poin" if brought else "",
            "" if item.source.startswith(SOURCES) else item.source,
        ]
        groups.setdefault(title, []).append(
            {
                "key": activity_key(item),
                "name": item.name,
                "facts": " · ".join(text for text in facts if text),
            }
        )
    return [{"title": title, "items": items} for title, items in groups.items()]
