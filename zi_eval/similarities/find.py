"""Everything in the units of an agency that is the same and asks to be looked at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from zi_eval.core.agency import AgencyEvaluation
from zi_eval.core.evaluation import Evaluation
from zi_eval.similarities.patterns import find_patterns
from zi_eval.similarities.texts import find_texts
from zi_eval.similarities.values import MOST_UNITS, Pace, Sign, Similarity

__all__ = ["find_similarities"]

LEAST_ANSWERS: Final = 50
"""Answers from which "all of them" says something."""
BEST_SHARE: Final = 0.98
HURRIED: Final = 5.0
"""Seconds below which nobody has read a note and opened its evidence."""
LEAST_PACE: Final = 30
NO_PACES: Final[Mapping[str, Pace]] = {}


def find_similarities(
    agency: AgencyEvaluation, paces: Mapping[str, Pace] = NO_PACES
) -> tuple[Similarity, ...]:
    """Return what is the same across units, and within one; pairs first.

    Parameters
    ----------
    paces
        How fast the TPI answered, by unit id, where journals tell.
    """
    units = agency.evaluations
    single = (found for item in units for found in _conduct(item, paces))
    order = list(Sign)
    pairs = (*find_patterns(units), *find_texts(units)) if len(units) <= MOST_UNITS else ()
    return (
        *pairs,
        *sorted(single, key=lambda item: (order.index(item.sign), item.units)),
    )


def _conduct(item: Evaluation, paces: Mapping[str, Pace]) -> Iterator[Similarity]:
    """Yield what stands out in one unit: answers all at their best, a TPI that agrees with all."""
    unit, answers, questions = item.assessment.unit.id, item.assessment.answers, item.instrument
    own = [
        (key, answers[key].unit, next(iter(question.scale.values)))
        for key, question in questions.questions.items()
        if question.scale.kind == "choice" and key in answers and answers[key].unit is not None
    ]
    best = sum(given == top for _, given, top in own)
    if len(own) >= LEAST_ANSWERS and best >= BEST_SHARE * len(own):
        lower = tuple(key for key, given, top in own if given != top)
        yield Similarity(Sign.ALL_BEST, (unit,), best, len(own), places=lower)
    both = [
        answer for answer in answers.values() if answer.tpi is not None and answer.unit is not None
    ]
    agreed = sum(answer.tpi == answer.unit for answer in both)
    pace = paces.get(unit)
    seconds = pace.seconds if pace is not None and pace.answers >= LEAST_PACE else None
    if pace is not None and seconds is not None and seconds < HURRIED:
        yield Similarity(Sign.QUICK, (unit,), agreed, len(both), seconds=seconds)
    elif len(both) >= LEAST_ANSWERS and agreed == len(both):
        yield Similarity(Sign.AGREES, (unit,), agreed, len(both), seconds=seconds)
