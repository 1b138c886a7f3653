"""A unit's evaluation of an earlier period, and which of its questions ask what one now asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from zi_eval.core.agency import AgencyEvaluation
from zi_eval.core.evaluation import Evaluation
from zi_eval.core.instrument import Instrument

__all__ = ["Earlier", "EarlierAgency", "Matching", "match_same"]


@dataclass(frozen=True, slots=True)
class Matching:
    """Which question of an earlier instrument asks what one of the present instrument asks.

    Attributes
    ----------
    questions
        Id of the earlier question by the id of the present one; one without stands alone.
    codes
        Where an option has another code now: the present code by the earlier one, by the id of
        the present question.
    """

    questions: Mapping[str, str]
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Earlier:
    """A unit's evaluation of an earlier period.

    Attributes
    ----------
    matching
        Its questions beside those of the period it is compared with.
    """

    evaluation: Evaluation
    matching: Matching

    @property
    def period(self) -> str:
        """The period, as its folder is named."""
        return self.evaluation.assessment.period


@dataclass(frozen=True, slots=True)
class EarlierAgency:
    """All units of an agency in an earlier period, and how its questions match."""

    evaluation: AgencyEvaluation
    matching: Matching


def match_same(before: Instrument, now: Instrument) -> Matching:
    """Match the questions of two versions of one instrument by their official number."""
    return Matching({key: key for key in now.questions if key in before.questions})
