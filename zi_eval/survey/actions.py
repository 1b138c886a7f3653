"""What the work plan does about the weakest elements of a survey."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from zi_eval.core.text import fold
from zi_eval.survey.result import SurveyResult
from zi_eval.survey.values import Element
from zi_eval.workplan.plan import MONTHS, Activity, month_name

__all__ = ["find_actions", "when_text"]

SHORTEST: Final = 5
"""Letters of a word that tells what an element is about."""


def find_actions(
    result: SurveyResult, activities: Iterable[Activity], most: int
) -> Mapping[str, tuple[Activity, ...]]:
    """Return the activities for each of the weakest elements, by the element's code.

    Of the activities for the question that the survey answers, those that speak of the element;
    where none does, all that are for the question and speak of no other element.
    """
    asked = [a for a in activities if result.survey.lke_question in a.questions]
    elements = result.survey.elements
    spoken = {e.code: [a for a in asked if _speaks_of(a, e)] for e in elements}
    taken = [id(a) for own in spoken.values() for a in own]
    rest = [a for a in asked if id(a) not in taken]
    weakest = [item.element.code for item in result.weakest[:most]]
    return {code: tuple(spoken[code] or rest) for code in weakest}


def _speaks_of(activity: Activity, element: Element) -> bool:
    text = f" {fold(f'{activity.name} {activity.output}')} "
    names = (element.name, *element.headings)
    words = (word for name in names for word in fold(name).split() if len(word) >= SHORTEST)
    return any(f" {word}" in text for word in words)


def when_text(activity: Activity) -> str:
    """Say in which months an activity is planned: ``Feb–Des``; empty where none is."""
    months = [month for month in MONTHS if activity.targets[month - 1]]
    if not months:
        return ""
    first, last = (month_name(month) for month in (months[0], months[-1]))
    return first if first == last else f"{first}–{last}"
