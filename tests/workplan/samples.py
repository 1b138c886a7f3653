"""Small work plans by hand, and activities drawn at random."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from zi_eval.core.instrument import Instrument
from zi_eval.workplan.plan import MONTH_NAMES, Activity, Months, WorkPlan, parse_aim

__all__ = ["activities", "activity", "by_month", "plan_of"]


def by_month(**figures: float) -> Months:
    """Return twelve months of which some have a figure, by the name of the month."""
    return tuple(figures.get(name) for name in MONTH_NAMES)


def activity(name: str = "Rapat", **parts: Any) -> Activity:
    """Return an activity that is due in March, with its proof."""
    usual = {"targets": by_month(mar=1.0), "evidence": "notula.pdf", "questions": ("A.I.1.ii.a",)}
    return Activity(name=name, **{**usual, **parts})


def plan_of(*items: Activity) -> WorkPlan:
    """Return a plan of 2026."""
    return WorkPlan("dinas", "Dinas", 2026, items)


_texts = st.text("abcde fghij KLM 123,;\"'é", max_size=20).map(str.strip)
_figures = st.none() | st.integers(0, 9).map(float) | st.integers(1, 99).map(lambda n: n / 4)
_months = st.lists(_figures, min_size=12, max_size=12).map(tuple)


@st.composite
def activities(draw: st.DrawFn, instrument: Instrument) -> tuple[Activity, ...]:
    """Draw up to five activities of different names, with questions of an instrument."""
    choices = [q for q in instrument.questions.values() if q.scale.kind == "choice"]
    count = draw(st.integers(1, 5))
    found = []
    for number in range(count):
        asked = draw(st.lists(st.sampled_from(choices), max_size=3, unique_by=lambda q: q.id))
        aims = {q.id: draw(st.sampled_from(list(q.scale.values))) for q in asked}
        assert all(parse_aim(q, aims[q.id]) == aims[q.id] for q in asked)
        found.append(
            Activity(
                name=f"Kegiatan {number} huruf {'abcde'[number]}",
                questions=tuple(q.id for q in asked),
                aims=aims if draw(st.booleans()) else {},
                is_priority=draw(st.booleans()),
                output=draw(_texts),
                owner=draw(_texts),
                targets=draw(_months),
                results=draw(_months),
                evidence=draw(_texts),
                obstacle=draw(_texts),
            )
        )
    return tuple(found)
