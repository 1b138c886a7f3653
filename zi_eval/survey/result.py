"""A unit's survey evaluated: index, elements, groups, doubts, sample and comments together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from zi_eval.survey.comments import CommentGroup, group_comments
from zi_eval.survey.index import (
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
from zi_eval.survey.values import Element, QualityBand, Response, Survey, SurveyData, round_half_up

__all__ = [
    "Chance",
    "ElementResult",
    "GroupResult",
    "RequiredIndex",
    "SurveyResult",
    "evaluate_survey",
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
    """All figures of one unit's survey.

    Attributes
    ----------
    respondents
        Those who answered at least one element.
    empty_rows
        Rows of the others.
    mean
        On the survey's own scale, at full precision; None where an element has no answer.
    index, hundred, band
        Of 4, of 100 (rounded half up, as the bands are read), and its quality.
    other_index
        By the other conversion, where the definition had to choose.
    response_rate
        Share of those invited, where that is known.
    doubts
        Each with the index without it.
    doubtful, clean_index
        How many responses have a doubt that is not weak, and the index without all of them.
    alpha
        Cronbach's.
    """

    data: SurveyData
    respondents: int
    empty_rows: tuple[int, ...]
    mean: float | None
    index: float | None
    interval: Interval | None
    chances: tuple[Chance, ...]
    hundred: float | None
    band: QualityBand | None
    other_index: float | None
    elements: tuple[ElementResult, ...]
    sample: SampleNeed
    response_rate: float | None
    doubts: tuple[DoubtfulResponses, ...]
    doubtful: int
    clean_index: float | None
    alpha: float | None
    comments: tuple[CommentGroup, ...]

    @property
    def survey(self) -> Survey:
        """The survey asked."""
        return self.data.survey

    @cached_property
    def services(self) -> tuple[GroupResult, ...]:
        """The respondents by service; empty where there is only one."""
        return _groups(self.survey, self.data.given, lambda item: item.service)

    @cached_property
    def channels(self) -> tuple[GroupResult, ...]:
        """The respondents by channel; empty where there is only one."""
        return _groups(self.survey, self.data.given, lambda item: item.channel)

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


def evaluate_survey(data: SurveyData, marks: Sequence[RequiredIndex] = ()) -> SurveyResult:
    """Evaluate the responses of a unit.

    Every response counts, doubtful ones too; what the index is without them stands beside it.

    Parameters
    ----------
    marks
        Indices (of 4) whose chance is wanted, e.g. those of the thresholds.
    """
    survey = data.survey
    given = data.given
    answers = answer_matrix(given, len(survey.elements))
    mean = mean_index(answers, survey)
    index = None if mean is None else survey.convert(mean)
    spread = resample(answers, survey) if len(given) >= FEWEST_FOR_INTERVAL else None
    interval = _converted(survey, spread.index if spread else None)
    found = find_doubts(survey, given)
    doubtful = {row for kind, rows in found.items() if not kind.is_weak for row in rows}
    other = survey.other_conversion
    frame = data.frame
    # The marks are of 4; the resamples stand on the survey's own scale.
    chances = tuple(
        Chance(
            mark,
            index >= mark.need - 1e-9,
            spread.index.chance(_unconvert(survey, mark.need)) if spread else None,
        )
        for mark in marks
        if index is not None
    )
    return SurveyResult(
        data=data,
        respondents=len(given),
        empty_rows=tuple(item.row for item in data.responses if item.is_empty),
        mean=mean,
        index=index,
        interval=interval,
        chances=chances,
        hundred=None if index is None else round_half_up(index * 25),
        band=None if index is None else survey.band(index),
        other_index=other.convert(mean) if other is not None and mean is not None else None,
        elements=_elements(survey, given, spread),
        sample=sample_need(len(given), frame.population, survey.minimum),
        response_rate=len(given) / frame.invited if frame.invited else None,
        doubts=tuple(
            DoubtfulResponses(
                kind, rows, index_of(survey, [r for r in given if r.row not in set(rows)])
            )
            for kind, rows in found.items()
        ),
        doubtful=len(doubtful),
        clean_index=index_of(survey, [r for r in given if r.row not in doubtful]),
        alpha=cronbach_alpha(answers),
        comments=group_comments(survey, given),
    )


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
