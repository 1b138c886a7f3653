"""Activities to begin a plan with: from the improvement plan, recommendations, and what is usual.

They are proposals for people to change: nothing is put into a plan that exists.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final, Protocol

from zi_eval.core.assessment import Value
from zi_eval.core.instrument import Instrument, Question
from zi_eval.core.text import fold
from zi_eval.workplan.monitoring import has_effect
from zi_eval.workplan.plan import MONTHS, Activity, Months

__all__ = ["Recommended", "Step", "seed_activities"]

FIRST, LAST = 2, 11
"""The months over which what has no date is spread: work begins once the plan is set."""
LONGEST: Final = 120


class Recommended(Protocol):
    """A recommendation, of whatever register."""

    @property
    def number(self) -> str:
        """Its number."""

    @property
    def text(self) -> str:
        """What is recommended; untrusted."""

    @property
    def questions(self) -> tuple[str, ...]:
        """The questions of the LKE that it is about."""

    @property
    def owner(self) -> str:
        """Who answers for it."""

    @property
    def due(self) -> date | None:
        """Until when."""

    @property
    def origin(self) -> str:
        """The document it stands in, e.g. ``LHE``."""


class Step(Protocol):
    """An answer that an improvement plan raises."""

    @property
    def question(self) -> Question:
        """The question."""

    @property
    def then(self) -> Value:
        """The answer to reach."""


def _only(month: int) -> Months:
    return tuple(1.0 if month == m else None for m in MONTHS)


def _spread(count: int) -> Iterator[int]:
    """Return the months of things without a date, evenly over the year."""
    for place in range(count):
        yield FIRST + round(place * (LAST - FIRST) / max(count - 1, 1))


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= LONGEST else f"{plain[: LONGEST - 1].rstrip()}…"


def _of_step(step: Step, month: int, source: str) -> Activity:
    question, then = step.question, step.then
    aims = {} if isinstance(then, tuple) else {question.id: then}
    wanted = question.options.get(str(then), "") or question.text
    return Activity(
        name=_short(f"{question.id}: {wanted}"),
        questions=(question.id,),
        aims=aims,
        is_priority=True,
        output=question.evidence[0] if question.evidence else "Bukti jawaban",
        unit_of_measure="paket",
        targets=_only(month),
        source=source,
    )


def _of_recommendation(
    item: Recommended, month: int, year: int, instrument: Instrument
) -> Activity:
    is_dated = item.due is not None and item.due.year == year
    return Activity(
        name=_short(item.text),
        questions=tuple(key for key in item.questions if key in instrument.questions),
        output="Rekomendasi selesai",
        unit_of_measure="rekomendasi",
        owner=item.owner,
        targets=_only(item.due.month if is_dated and item.due else month),
        source=f"{item.origin} nomor {item.number}".strip(),
    )


def seed_activities(
    year: int,
    instrument: Instrument,
    answers: Mapping[str, Value],
    *,
    steps: Sequence[Step] = (),
    recommended: Sequence[Recommended] = (),
    usual: Iterable[Activity] = (),
    predicate: str = "",
) -> tuple[Activity, ...]:
    """Return activities for a plan of ``year``: what is recommended, what raises, what is usual.

    Of the usual ones those that serve an answer not given yet, or below the one they aim at; a
    question that a step raises is left to the step. No two have one name.

    Parameters
    ----------
    answers
        Those given, by question.
    steps
        Of an improvement plan towards ``predicate``.
    recommended
        What is to be followed up, e.g. the open items of last year's register.
    """
    found = [
        _of_recommendation(item, month, year, instrument)
        for item, month in zip(recommended, _spread(len(recommended)), strict=True)
    ]
    source = f"Jalan terpendek ke {predicate}" if predicate else "Jalan terpendek"
    found += [
        _of_step(step, month, source)
        for step, month in zip(steps, _spread(len(steps)), strict=True)
    ]
    raised = {step.question.id for step in steps}
    for item in usual:
        open_ = tuple(
            key
            for key in item.questions
            if key not in raised
            and (
                key not in answers
                or not has_effect(instrument.questions[key], answers[key], item.aims[key])
            )
        )
        if open_:
            aims = {key: item.aims[key] for key in open_}
            found.append(replace(item, questions=open_, aims=aims, source="Kegiatan lazim"))
    seen: set[str] = set()
    kept = []
    for item in found:
        name, number = item.name, 2
        while fold(name) in seen:
            name, number = f"{item.name} ({number})", number + 1
        seen.add(fold(name))
        kept.append(replace(item, name=name))
    return tuple(kept)
