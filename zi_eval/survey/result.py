"""A unit's survey evaluated: index, elements, groups, doubts, sample and comments together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter

from zi_eval.survey.comments import CommentGroup, group_comments
from zi_eval.survey.index import (
    Answers,
    Interval,
    Resampling,
    Spread,
    answer_matrix,
    cronbach_alpha,
    mean_index,
    resample,
)
from zi_eval.survey.quality import (
    DoubtfulResponses,
    SampleNeed,
    find_doubts,
    sample_need,
)
from zi_eval.survey.values import (
    GROUPINGS,
    Element,
    QualityBand,
    Response,
    Survey,
    SurveyData,
    round_half_up,
)

__all__ = [
    "Chance",
    "ElementResult",
    "GroupResult",
    "RequiredIndex",
    "SurveyResult",
    "index_of",
]

FEWEST_FOR_INTERVAL = 5


@dataclass(frozen=True, slots=True)
class RequiredIndex:
    """An index that something asks for, e.g. 3.60 for WBK."""

    name: str
    need: float


@dataclass(frozen=True, slots=True)
class Chance:
    """How sure it is that the index reaches a mark; None where there is no interval either."""

    mark: RequiredIndex
    is_reached: bool
    chance: float | None


@dataclass(frozen=True, slots=True)
class ElementResult:
    """One element.

    Attributes
    ----------
    mean
        On the survey's own scale; None where nobody answered.
    index
        The same of 4.
    interval
        Of ``index``.
    counts
        How many gave each answer, from the lowest on.
    lowest_share
        In which share of the resamples it is the weakest.
    """

    element: Element
    mean: float | None
    index: float | None
    interval: Interval | None
    counts: tuple[int, ...]
    missing: int
    lowest_share: float | None


@dataclass(frozen=True, slots=True)
class GroupResult:
    """Respondents of one service or channel; ``names`` are several where small ones stand together.

    Attributes
    ----------
    index, interval
        Of 4.
    """

    names: tuple[str, ...]
    respondents: int
    index: float | None
    interval: Interval | None


@dataclass(frozen=True)
class SurveyResult:
    """All figures of one unit's survey, each computed when it is first asked for, and kept.

    Every response counts, doubtful ones too; what the index is without them stands beside it.

    Parameters
    ----------
    marks
        Indices (of 4) whose chance is wanted, e.g. those of the thresholds.
    """

    data: SurveyData
    marks: tuple[RequiredIndex, ...] = ()

    @property
    def survey(self) -> Survey:
        """The survey asked."""
        return self.data.survey

    @cached_property
    def given(self) -> tuple[Response, ...]:
        """The responses that answer at least one element."""
        return self.data.given

    @property
    def respondents(self) -> int:
        """Those who answered at least one element."""
        return len(self.given)

    @property
    def empty_rows(self) -> tuple[int, ...]:
        """Rows of the others."""
        return tuple(item.row for item in self.data.responses if item.is_empty)

    @cached_property
    def _answers(self) -> Answers:
        return answer_matrix(self.given, len(self.survey.elements))

    @cached_property
    def mean(self) -> float | None:
        """On the survey's own scale, at full precision; None where an element has no answer."""
        return mean_index(self._answers, self.survey)

    @property
    def index(self) -> float | None:
        """The same of 4."""
        return None if self.mean is None else self.survey.convert(self.mean)

    @cached_property
    def _spread(self) -> Resampling | None:
        if self.respondents < FEWEST_FOR_INTERVAL:
            return None
        return resample(self._answers, self.survey)

    @cached_property
    def interval(self) -> Interval | None:
        """Of the index of 4."""
        return _converted(self.survey, self._spread.index if self._spread else None)

    @cached_property
    def chances(self) -> tuple[Chance, ...]:
        """How sure it is that the index reaches each mark; empty without an index."""
        # The marks are of 4; the resamples stand on the survey's own scale.
        return tuple(
            Chance(
                mark,
                self.index >= mark.need - 1e-9,
                self._spread.index.chance(_unconvert(self.survey, mark.need))
                if self._spread
                else None,
            )
            for mark in self.marks
            if self.index is not None
        )

    @property
    def hundred(self) -> float | None:
        """The index of 100, rounded half up, as the bands are read."""
        return None if self.index is None else round_half_up(self.index * 25)

    @property
    def band(self) -> QualityBand | None:
        """The quality of the index."""
        return None if self.index is None else self.survey.band(self.index)

    @property
    def other_index(self) -> float | None:
        """The index by the other conversion, where the definition had to choose."""
        other = self.survey.other_conversion
        return None if other is None or self.mean is None else other.convert(self.mean)

    @cached_property
    def elements(self) -> tuple[ElementResult, ...]:
        """The figures of each element."""
        return _elements(self.survey, self.given, self._spread)

    @property
    def sample(self) -> SampleNeed:
        """How many respondents the rules ask for."""
        return sample_need(self.respondents, self.data.frame.population, self.survey.minimum)

    @property
    def response_rate(self) -> float | None:
        """Share of those invited, where that is known."""
        invited = self.data.frame.invited
        return self.respondents / invited if invited else None

    @cached_property
    def doubts(self) -> tuple[DoubtfulResponses, ...]:
        """The doubtful responses by kind, each with the index without them."""
        return tuple(
            DoubtfulResponses(kind, rows, self._without(rows))
            for kind, rows in find_doubts(self.survey, self.given).items()
        )

    def _without(self, rows: Collection[int]) -> float | None:
        return index_of(self.survey, [item for item in self.given if item.row not in rows])

    @cached_property
    def _doubtful_rows(self) -> frozenset[int]:
        return frozenset(row for item in self.doubts if not item.kind.is_weak for row in item.rows)

    @property
    def doubtful(self) -> int:
        """How many responses have a doubt that is not weak."""
        return len(self._doubtful_rows)

    @cached_property
    def clean_index(self) -> float | None:
        """The index of 4 without all of them."""
        return self._without(self._doubtful_rows)

    @cached_property
    def alpha(self) -> float | None:
        """Cronbach's."""
        return cronbach_alpha(self._answers)

    @cached_property
    def comments(self) -> tuple[CommentGroup, ...]:
        """What people wrote, by what it is about."""
        return group_comments(self.survey, self.given)

    @cached_property
    def groups(self) -> Mapping[str, tuple[GroupResult, ...]]:
        """The respondents by what tells them apart, as people call it; what tells none is not."""
        found = {
            word: _groups(self.survey, self.given, attrgetter(name))
            for name, word in GROUPINGS.items()
        }
        return {word: groups for word, groups in found.items() if groups}

    @property
    def weakest(self) -> tuple[ElementResult, ...]:
        """The elements from the lowest mean on; those without an answer are left out."""
        known = [item for item in self.elements if item.mean is not None]
        return tuple(sorted(known, key=lambda item: round(item.mean or 0.0, 9)))


def index_of(survey: Survey, responses: Sequence[Response]) -> float | None:
    """Return the index of 4 of some responses."""
    mean = mean_index(answer_matrix(responses, len(survey.elements)), survey)
    return None if mean is None else survey.convert(mean)


def _converted(survey: Survey, spread: Spread | None) -> Interval | None:
    interval = spread.interval() if spread is not None else None
    if interval is None:
        return None
    return Interval(survey.convert(interval.low), survey.convert(interval.high))


def _unconvert(survey: Survey, index: float) -> float:
    """Return the mean on the own scale whose index of 4 this is; all conversions are linear."""
    low, high = survey.convert(1.0), survey.convert(2.0)
    return 1.0 + (index - low) / (high - low)


def _elements(
    survey: Survey, given: Sequence[Response], spread: Resampling | None
) -> tuple[ElementResult, ...]:
    shares = spread.lowest_shares() if spread else (None,) * len(survey.elements)
    results = []
    for place, element in enumerate(survey.elements):
        counts = Counter(item.answers[place] for item in given)
        known = len(given) - counts[None]
        total = sum(value * count for value, count in counts.items() if value is not None)
        mean = total / known if known else None
        results.append(
            ElementResult(
                element=element,
                mean=mean,
                index=None if mean is None else survey.convert(mean),
                interval=_converted(survey, spread.elements[place] if spread else None),
                counts=tuple(counts[v] for v in range(survey.lowest, survey.highest + 1)),
                missing=counts[None],
                lowest_share=shares[place],
            )
        )
    return tuple(results)


def _groups(
    survey: Survey, given: Sequence[Response], key: Callable[[Response], str]
) -> tuple[GroupResult, ...]:
    """Return the groups, small ones together, so that nobody's answers can be told from them.

    Small ones that are few even together take the smallest of the others along: else they were
    what is left when the shown groups are taken from the whole.
    """
    members: dict[str, list[Response]] = {}
    for item in given:
        members.setdefault(key(item), []).append(item)
    order = sorted(members, key=lambda name: (-len(members[name]), name))
    shown = [name for name in order if len(members[name]) >= survey.small_group]
    small = [name for name in order if len(members[name]) < survey.small_group]
    while small and shown and sum(len(members[name]) for name in small) < survey.small_group:
        small.insert(0, shown.pop())
    parts = [(name,) for name in shown] + ([tuple(small)] if small else [])
    if len(parts) < 2:
        return ()
    results = []
    for names in parts:
        people = [item for name in names for item in members[name]]
        table = answer_matrix(people, len(survey.elements))
        mean = mean_index(table, survey)
        spread = resample(table, survey)
        results.append(
            GroupResult(
                names=names,
                respondents=len(people),
                index=None if mean is None else survey.convert(mean),
                interval=_converted(survey, spread.index if spread else None),
            )
        )
    return tuple(results)
