"""Agreement between two who answered the same questions: unit and TPI, or two evaluators.

Everything rests on the official value of an answer, from 0 to 1: on that scale a step of A/B/C is
larger than a step of A/B/C/D, as it is in the score, and counted numbers and indices have their
place too. *Equal* means the same value.

Weighted kappa is quadratic: the disagreement of two values is the square of their distance. Of one
scale it is ``1 - observed / expected``, where the expected disagreement is that of the same values
paired at random (Cohen 1968). Questions on different scales are pooled by adding observed and
expected disagreement *within each scale* before dividing, so that it is no agreement that both
answered a yes/no question with yes or no. Kappas of few pairs, and those of answers that hardly
vary, are not given: they would say nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from zi_eval.agreement.intervals import Proportion, cluster_share, wilson_share
from zi_eval.core.agency import compared_areas
from zi_eval.core.assessment import Assessment, Stage, Value
from zi_eval.core.instrument import Instrument
from zi_eval.core.scoring import value_question

__all__ = [
    "Agreement",
    "GroupAgreement",
    "Kappa",
    "Pairs",
    "compare_pairs",
    "discussion_order",
    "pair_answers",
    "pair_stages",
]

Floats = npt.NDArray[np.float64]

EQUAL = 1e-9
"""Values no further apart than this are the same."""
LEAST_PAIRS = 10
"""Fewest pairs of which a kappa is given."""
LEAST_UNITS = 10
"""Fewest units over which a kappa gets an interval: fewer cannot stand for others."""
DRAWS = 999
SEED = 20210090
MOST_CELLS = 4_000_000
"""Numbers of one factor of a product over resamples: of very many units these come in pieces."""


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """The values of two who answered, side by side.

    Attributes
    ----------
    units, questions
        Ids of the rows and columns.
    first, second
        Shape (units, questions): values from 0 to 1, NaN where there is no complete answer.
    """

    units: tuple[str, ...]
    questions: tuple[str, ...]
    first: Floats
    second: Floats

    @property
    def both(self) -> npt.NDArray[np.bool_]:
        """Where both answered, shape (units, questions)."""
        return ~(np.isnan(self.first) | np.isnan(self.second))


@dataclass(frozen=True, slots=True)
class Kappa:
    """Quadratic weighted kappa.

    Attributes
    ----------
    value
        1 for full agreement, 0 for that of chance; None where it says nothing.
    low, high
        95 % interval, from resampling whole units; None where there are too few of them.
    reason
        Why there is no value or no interval: ``"few pairs"``, ``"no variation"``, ``"few units"``.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class GroupAgreement:
    """Agreement on some questions over some units.

    Attributes
    ----------
    id
        Of a question, area or unit; ``"total"`` for all together.
    equal
        Pairs of equal value among those that both answered.
    raised, lowered
        How many the second values higher, and lower, than the first.
    points
        What the second changes of the total, in points: the mean over the units with a pair here;
        of a unit, its own. With every question answered; None without pairs.
    moved
        The same without regard to direction: points that are in dispute.
    waiting
        Answers of the first alone (not evaluated yet).
    units
        How many units have a pair here.
    """

    id: str
    equal: Proportion
    raised: int
    lowered: int
    points: float | None
    moved: float | None
    kappa: Kappa
    waiting: int
    units: int

    @property
    def pairs(self) -> int:
        """How many answers both gave."""
        return self.equal.of

    @property
    def is_one_way(self) -> bool:
        """Whether nearly all differences point the same way (at least 4 of 5, and 3 of them)."""
        different = self.raised + self.lowered
        return different >= 3 and max(self.raised, self.lowered) >= 0.8 * different


@dataclass(frozen=True, slots=True)
class Agreement:
    """All that two answer series say of each other.

    Attributes
    ----------
    total, areas, questions
        Over all units; areas and questions in official order.
    units
        Over all questions of each unit, in the order given.
    """

    total: GroupAgreement
    areas: tuple[GroupAgreement, ...]
    questions: tuple[GroupAgreement, ...]
    units: tuple[GroupAgreement, ...]


def _value_rows(
    instrument: Instrument, units: int, answer_of: Callable[[int, str], Value | None]
) -> Floats:
    """Return the values of the answers that ``answer_of`` gives by row and question."""
    questions = tuple(instrument.questions.values())
    values = np.full((units, len(questions)), np.nan)
    for column, question in enumerate(questions):
        known = question.scale.values
        for row in range(units):
            answer = answer_of(row, question.id)
            if answer is None:
                continue
            value = known.get(answer) if isinstance(answer, str) else None
            if value is None:
                value = value_question(question, answer)[0].value
            if value is not None:
                values[row, column] = value
    return values


def pair_stages(
    instrument: Instrument, assessments: Sequence[Assessment], stage: Stage = Stage.TPI
) -> Pairs:
    """Lay a stage's answers beside those of the stage before; what one did not give stays empty."""

    def values(source: Stage) -> Floats:
        def given(row: int, question: str) -> Value | None:
            answer = assessments[row].answers.get(question)
            return None if answer is None else answer.given(source)

        return _value_rows(instrument, len(assessments), given)

    units = tuple(item.unit.id for item in assessments)
    return Pairs(units, tuple(instrument.questions), values(stage.before), values(stage))


def pair_answers(
    instrument: Instrument,
    first: Mapping[str, Mapping[str, Value | None]],
    second: Mapping[str, Mapping[str, Value | None]],
) -> Pairs:
    """Lay two evaluators' answers side by side, by unit and question; units that both have."""
    units = tuple(unit for unit in first if unit in second)

    def values(answers: Mapping[str, Mapping[str, Value | None]]) -> Floats:
        return _value_rows(instrument, len(units), lambda row, q: answers[units[row]].get(q))

    return Pairs(units, tuple(instrument.questions), values(first), values(second))


class _Moments:
    """Sums of which kappas are made, by unit and question, and by unit and scale of a group."""

    def __init__(self, instrument: Instrument, pairs: Pairs) -> None:
        both = pairs.both
        self.sums = np.empty((6, *both.shape))
        n, a, b, aa, bb, ab = self.sums
        n[:], a[:], b[:] = both, np.where(both, pairs.first, 0.0), np.where(both, pairs.second, 0.0)
        np.multiply(a, a, out=aa)
        np.multiply(b, b, out=bb)
        np.multiply(a, b, out=ab)
        scales = [instrument.questions[q].scale.id for q in pairs.questions]
        self.scales = {name: [c for c, s in enumerate(scales) if s == name] for name in scales}

    def of_group(self, columns: Iterable[int]) -> Floats:
        """Return the sums of the columns on each scale, shape (6, units, scales)."""
        taken = set(columns)
        parts = [
            self.sums[:, :, own].sum(axis=2)
            for held in self.scales.values()
            if (own := [c for c in held if c in taken])
        ]
        return np.stack(parts, axis=2)


def _kappa_parts(sums: Floats) -> tuple[Floats, Floats]:
    """Return observed and expected disagreement of sums (6, …), each times the pairs.

    Disagreement is quadratic: of evenly spaced options this is the usual weighted kappa; of any
    numbers it is Lin's concordance with variances over n.
    """
    n, a, b, aa, bb, ab = sums
    observed = aa + bb - 2 * ab
    expected = aa + bb - 2 * np.divide(a * b, n, out=np.zeros_like(n), where=n > 0)
    return observed, expected


def _ratio(sums: Floats) -> Floats:
    """Return kappas from sums (6, …, scales), NaN where nothing varies."""
    observed, expected = (part.sum(axis=-1) for part in _kappa_parts(sums))
    out = np.full(np.shape(expected), np.nan)
    np.divide(observed, expected, out=out, where=expected > EQUAL)
    return 1 - out


def _draw_units(draws: int, units: int) -> npt.NDArray[np.uint16]:
    """Return how often each of ``draws`` resamples holds each unit, always the same ones."""
    held = np.empty((draws, units), dtype=np.uint16)
    generator, share = np.random.default_rng(SEED), np.full(units, 1 / max(1, units))
    rows = max(1, MOST_CELLS // max(1, units))
    for start in range(0, draws, rows):
        part = held[start : start + rows]
        part[:] = generator.multinomial(units, share, len(part))
    return held


def _blocks(held: npt.NDArray[np.uint16]) -> Iterator[Floats]:
    """Yield the resamples as numbers to multiply with: of most agencies all at once."""
    rows = max(1, MOST_CELLS // max(1, held.shape[1]))
    for start in range(0, max(1, len(held)), rows):
        yield held[start : start + rows].astype(np.float64)


def _draw(sums: Floats, held: npt.NDArray[np.uint16]) -> Floats:
    """Return the kappa of sums (6, units, scales) in every resample of the units."""
    return np.concatenate(
        [_ratio(np.tensordot(sums, block, axes=(1, 1)).swapaxes(1, 2)) for block in _blocks(held)]
    )


def _draw_each(sums: Floats, held: npt.NDArray[np.uint16]) -> Floats:
    """Return the same of each column of sums by itself, shape (columns, resamples)."""
    width = max(1, MOST_CELLS // max(1, len(sums) * sums.shape[1]))
    parts = [sums[:, :, n : n + width] for n in range(0, sums.shape[2], width)]
    return np.concatenate(
        [
            np.concatenate(
                [_ratio(np.tensordot(part, block, axes=(1, 1))[..., None]) for part in parts]
            )
            for block in _blocks(held)
        ],
        axis=1,
    )


def _kappa(sums: Floats, drawn: Floats) -> Kappa:
    """Return the kappa of sums (6, units, scales), its interval from those of resamples."""
    if sums[0].sum() < LEAST_PAIRS:
        return Kappa(None, reason="few pairs")
    value = float(_ratio(sums.sum(axis=1)))
    if np.isnan(value):
        return Kappa(None, reason="no variation")
    if not len(drawn) or (sums[0].sum(axis=1) > 0).sum() < LEAST_UNITS:
        return Kappa(value, reason="few units")
    known = drawn[~np.isnan(drawn)]
    # Resamples in which nothing varies have no kappa; with many of them neither has the interval.
    if len(known) < 0.9 * len(drawn):
        return Kappa(value, reason="no variation")
    low, high = np.quantile(known, (0.025, 0.975))
    return Kappa(value, float(low), float(high))


def compare_pairs(instrument: Instrument, pairs: Pairs) -> Agreement:
    """Compare two answer series by area, question and unit.

    Intervals of kappa come from 999 resamples of whole units, always the same ones.
    """
    both, moments = pairs.both, _Moments(instrument, pairs)
    difference = np.where(both, pairs.second - pairs.first, 0.0)
    points_of = instrument.question_points()
    points = difference * np.array([points_of[q] for q in pairs.questions])
    up, down = difference > EQUAL, difference < -EQUAL
    alone = ~np.isnan(pairs.first) & ~both
    units = len(pairs.units)
    # Too few units need no resamples.
    held = _draw_units(DRAWS if units >= LEAST_UNITS else 0, units)
    # All questions in one product: each is a group of one column on one scale.
    drawn = _draw_each(moments.sums, held)

    def of_group(identifier: str, columns: list[int], is_question: bool = False) -> GroupAgreement:
        own = both[:, columns]
        sizes = own.sum(axis=1)
        equal = sizes - (up | down)[:, columns].sum(axis=1)
        has = int((sizes > 0).sum())
        sums = moments.of_group(columns)
        is_single = is_question or units == 1
        share = wilson_share(int(equal.sum()), int(sizes.sum())) if is_single else None
        return GroupAgreement(
            id=identifier,
            equal=share or cluster_share(equal, sizes),
            raised=int(up[:, columns].sum()),
            lowered=int(down[:, columns].sum()),
            points=float(points[:, columns].sum()) / has if has else None,
            moved=float(np.abs(points[:, columns]).sum()) / has if has else None,
            kappa=_kappa(sums, drawn[columns[0]] if is_question else _draw(sums, held)),
            waiting=int(alone[:, columns].sum()),
            units=has,
        )

    everything = list(range(len(pairs.questions)))
    whole = moments.of_group(everything)

    def of_unit(row: int) -> GroupAgreement:
        pairs_here = int(both[row].sum())
        changed = points[row].sum(), np.abs(points[row]).sum()
        return GroupAgreement(
            id=pairs.units[row],
            equal=wilson_share(pairs_here - int((up | down)[row].sum()), pairs_here),
            raised=int(up[row].sum()),
            lowered=int(down[row].sum()),
            points=float(changed[0]) if pairs_here else None,
            moved=float(changed[1]) if pairs_here else None,
            kappa=_kappa(whole[:, row : row + 1, :], np.empty(0)),
            waiting=int(alone[row].sum()),
            units=int(pairs_here > 0),
        )

    return Agreement(
        total=of_group("total", everything),
        areas=tuple(
            of_group(
                area.id, [c for c, q in enumerate(pairs.questions) if _is_below(q, area.nodes)]
            )
            for area in compared_areas(instrument)
        ),
        questions=tuple(of_group(q, [c], True) for c, q in enumerate(pairs.questions)),
        units=tuple(map(of_unit, range(units))),
    )


def _is_below(question: str, nodes: Iterable[str]) -> bool:
    return any(question.startswith(f"{node}.") for node in nodes)


def discussion_order(agreement: Agreement) -> tuple[GroupAgreement, ...]:
    """Return the questions to discuss in a calibration, the most important first.

    What counts is how many points are in dispute over all units, whichever way; among equals the
    larger number of units. Questions without a difference are left out.
    """
    disputed = [item for item in agreement.questions if item.raised + item.lowered]
    return tuple(
        sorted(
            disputed,
            key=lambda q: (-round((q.moved or 0.0) * q.units, 9), -(q.raised + q.lowered)),
        )
    )
