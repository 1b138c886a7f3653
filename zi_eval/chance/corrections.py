"""How often and how far a TPI moved answers of each kind, learnt from evaluations that exist.

A rate is learnt from all units for each scale, and for each scale within an area; where few answers
are known it leans on the wider group, with the weight of :data:`GROUP_WEIGHT` answers. A unit's own
rates are these times its factor, which leans on 1 (gamma-Poisson; Clayton and Kaldor 1987,
Biometrics 43, 671-681): how firmly is learnt from how much the other units differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property

import numpy as np
import numpy.typing as npt

from zi_eval.core.assessment import Answer, Assessment, Stage, Value
from zi_eval.core.instrument import Instrument, Question
from zi_eval.core.scoring import value_question

__all__ = [
    "Corrections",
    "Direction",
    "Experience",
    "Factor",
    "learn_corrections",
    "unit_factors",
]

GROUP_WEIGHT = 20.0
"""With how many answers a wider group counts in the rate of a narrower one."""
FEWEST_UNITS = 5
"""Evaluations from which on their differences say how much units differ."""
USUAL_WEIGHT = 4.0
"""With how many expected corrections 1 counts in a unit's factor, where that is not known."""
WEIGHT_RANGE = (1.0, 100.0)
EQUAL = 1e-9

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Direction:
    """Corrections one way: to a worse answer, or to a better one.

    Attributes
    ----------
    moved, exposed
        How many answers were moved, of those that could be.
    rates
        The share expected of an average unit, by question in the instrument's order.
    sizes
        By scale id, sorted: how far each was moved; places of a choice, else shares of the value.
        A choice has one more of one place, a scale without any the even numbers from 0 to 1.
    weight
        With how many expected corrections 1 counts in a unit's factor.
    """

    moved: int
    exposed: int
    rates: Floats
    sizes: Mapping[str, Floats]
    weight: float


@dataclass(frozen=True, slots=True, eq=False)
class Corrections:
    """What the TPI did with the answers of many units.

    Attributes
    ----------
    units
        How many evaluations say something.
    answers
        By question id, sorted: what answers were worth in the end; places of a choice, else shares.
    """

    units: int
    down: Direction
    up: Direction
    answers: Mapping[str, Floats] = field(default_factory=dict)

    @property
    def is_known(self) -> bool:
        """Whether any answer is known that a TPI looked at."""
        return self.units > 0


@dataclass(frozen=True, slots=True)
class Factor:
    """How often a unit is corrected compared with an average one: a gamma distribution.

    Attributes
    ----------
    moved, exposed
        Of the unit's own answers.
    expected
        How many an average unit would have had.
    shape, rate
        Of the gamma; its mean is ``shape / rate``.
    """

    moved: int
    exposed: int
    expected: float
    shape: float
    rate: float

    @property
    def mean(self) -> float:
        """The factor expected."""
        return self.shape / self.rate


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """Answers of one evaluation that a TPI looked at; ``drops`` are positive for worse."""

    columns: npt.NDArray[np.intp]
    before: Floats
    drops: Floats


@cache
def _places(codes: tuple[str, ...]) -> Mapping[Value, float]:
    return {code: float(place) for place, code in enumerate(codes)}


def _measure(question: Question, answer: Value | None) -> float | None:
    """Return the place of an option, or the value of a number; None where it is no answer."""
    if question.scale.kind == "choice":
        return _places(tuple(question.scale.values)).get(answer) if answer is not None else None
    try:
        return value_question(question, answer)[0].value
    except (TypeError, ValueError):
        return None


def _observe(questions: Sequence[Question], assessment: Assessment) -> _Seen:
    columns, before, drops = [], [], []
    for column, question in enumerate(questions):
        answer = assessment.answers.get(question.id)
        # Where the TPI gave none it has accepted only what it declared final.
        if answer is None or answer.unit is None or (answer.tpi is None and not assessment.final):
            continue
        own = _measure(question, answer.unit)
        last = own if answer.tpi is None else _measure(question, answer.tpi)
        if own is None or last is None:
            continue
        columns.append(column)
        before.append(own)
        drops.append(last - own if question.scale.kind == "choice" else own - last)
    return _Seen(np.array(columns, dtype=np.intp), np.array(before), np.array(drops))


def _outcomes(questions: Sequence[Question], found: Sequence[Assessment]) -> dict[str, Floats]:
    """Return by question what it was worth at the TPI's stage, sorted."""
    by_question: dict[str, Floats] = {}
    for question in questions:
        given = (item.answers.get(question.id, Answer()).value(Stage.TPI) for item in found)
        values = [value for answer in given if (value := _measure(question, answer)) is not None]
        by_question[question.id] = np.sort(np.array(values))
    return by_question


def _groups(instrument: Instrument, questions: Sequence[Question]) -> tuple[list[int], list[int]]:
    """Return for each question the numbers of its scale, and of its scale within its area."""
    areas = [
        next(
            (
                area.id
                for area in instrument.areas
                if any(question.id.startswith(f"{node}.") for node in area.nodes)
            ),
            "",
        )
        for question in questions
    ]
    scales: dict[str, int] = {}
    cells: dict[tuple[str, str], int] = {}
    return (
        [scales.setdefault(q.scale.id, len(scales)) for q in questions],
        [
            cells.setdefault((q.scale.id, area), len(cells))
            for q, area in zip(questions, areas, strict=True)
        ],
    )


def _worst(questions: Sequence[Question]) -> Floats:
    """Return what is measured of the worst answer to each question."""
    return np.array(
        [float(len(q.scale.values) - 1) if q.scale.kind == "choice" else 0.0 for q in questions]
    )


def _exposure(
    questions: Sequence[Question], seen: _Seen, is_down: bool
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Return which answers could be moved this way, and which were."""
    end = _worst(questions)[seen.columns]
    if not is_down:
        choice = np.array([q.scale.kind == "choice" for q in questions], dtype=np.bool_)
        end = np.where(choice[seen.columns], 0.0, 1.0)
    could = np.abs(seen.before - end) > EQUAL
    moved = seen.drops > EQUAL if is_down else seen.drops < -EQUAL
    return could, moved & could


def _learn(
    instrument: Instrument, questions: Sequence[Question], all_seen: Sequence[_Seen], is_down: bool
) -> Direction:
    parts = [_exposure(questions, seen, is_down) for seen in all_seen]
    columns = [seen.columns for seen in all_seen]
    exposed = np.zeros(len(questions))
    moved = np.zeros(len(questions))
    for own, (could, did) in zip(columns, parts, strict=True):
        exposed += np.bincount(own[could], minlength=len(questions))
        moved += np.bincount(own[did], minlength=len(questions))
    # Half a correction more (Jeffreys): none among few answers is not none ever.
    rates = np.full(len(questions), (moved.sum() + 0.5) / (exposed.sum() + 1))
    for groups in _groups(instrument, questions):
        known, found = np.bincount(groups, exposed), np.bincount(groups, moved)
        rates = (found[groups] + GROUP_WEIGHT * rates) / (known[groups] + GROUP_WEIGHT)
    sizes: dict[str, Floats] = {}
    for scale in {question.scale.id: question.scale for question in questions}.values():
        is_scale = np.array([question.scale.id == scale.id for question in questions])
        steps = [
            np.abs(seen.drops[did & is_scale[seen.columns]])
            for seen, (_, did) in zip(all_seen, parts, strict=True)
        ]
        one = np.array([1.0] if scale.kind == "choice" else [])
        together = np.sort(np.concatenate([one, *steps]))
        sizes[scale.id] = together if len(together) else (np.arange(20) + 0.5) / 20
    return Direction(
        int(moved.sum()), int(exposed.sum()), rates, sizes, _weight(rates, columns, parts)
    )


def _weight(
    rates: Floats,
    columns: Sequence[npt.NDArray[np.intp]],
    parts: Sequence[tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]],
) -> float:
    """Return how firmly units resemble each other, by the moments of their corrections."""
    if len(parts) < FEWEST_UNITS:
        return USUAL_WEIGHT
    excess = square = 0.0
    for own, (could, did) in zip(columns, parts, strict=True):
        expected = rates[own[could]]
        away = float(did.sum()) - float(expected.sum())
        excess += away**2 - float((expected * (1 - expected)).sum())
        square += float(expected.sum()) ** 2
    low, high = WEIGHT_RANGE
    return high if excess * high <= square else max(low, square / excess)


def learn_corrections(instrument: Instrument, evaluated: Sequence[Assessment]) -> Corrections:
    """Learn from evaluations with answers of the unit and of the TPI.

    Parameters
    ----------
    evaluated
        Of this instrument; one without any answer of both adds nothing to the rates.
    """
    questions = tuple(instrument.questions.values())
    pairs = [(item, _observe(questions, item)) for item in evaluated]
    known = [(item, seen) for item, seen in pairs if len(seen.columns)]
    all_seen = [seen for _, seen in known]
    return Corrections(
        units=len(known),
        down=_learn(instrument, questions, all_seen, is_down=True),
        up=_learn(instrument, questions, all_seen, is_down=False),
        answers=_outcomes(questions, [item for item, _ in known]),
    )


def unit_factors(
    instrument: Instrument, corrections: Corrections, history: Sequence[Assessment]
) -> tuple[Factor, Factor]:
    """Return a unit's factors for corrections down and up, from its own earlier evaluations."""
    questions = tuple(instrument.questions.values())
    all_seen = [_observe(questions, item) for item in history]
    factors = []
    for direction, is_down in ((corrections.down, True), (corrections.up, False)):
        moved = exposed = 0
        expected = 0.0
        for seen in all_seen:
            could, did = _exposure(questions, seen, is_down)
            moved += int(did.sum())
            exposed += int(could.sum())
            expected += float(direction.rates[seen.columns[could]].sum())
        weight = direction.weight
        factors.append(Factor(moved, exposed, expected, weight + moved, weight + expected))
    return factors[0], factors[1]


@dataclass(frozen=True, eq=False)
class Experience:
    """What earlier evaluations tell of a unit's corrections, read and learnt when first asked for.

    Parameters
    ----------
    assessment
        The unit's own of now.
    history, others
        Its own evaluations, and those of other units or what was learnt of them; of another
        instrument, and of this unit among the others, they are left aside.
    """

    instrument: Instrument
    assessment: Assessment
    history: Iterable[Assessment]
    others: Iterable[Assessment] | Corrections

    def _is_same(self, other: Assessment) -> bool:
        return other.instrument == self.assessment.instrument

    @cached_property
    def _own(self) -> tuple[Assessment, ...]:
        return tuple(item for item in self.history if self._is_same(item))

    @cached_property
    def _of_others(self) -> Corrections:
        if isinstance(self.others, Corrections):
            return self.others
        return learn_corrections(
            self.instrument,
            [
                item
                for item in self.others
                if self._is_same(item) and item.unit.id != self.assessment.unit.id
            ],
        )

    @cached_property
    def corrections(self) -> Corrections:
        """Of other units; without any, of the unit itself."""
        found = self._of_others
        return found if found.is_known else learn_corrections(self.instrument, self._own)

    @cached_property
    def factors(self) -> tuple[Factor, Factor]:
        """The unit's own, for corrections down and up."""
        return unit_factors(self.instrument, self.corrections, self._own)

    @property
    def periods(self) -> int:
        """How many of the unit's own evaluations were learnt from."""
        return len(self._own)

    @property
    def is_alone(self) -> bool:
        """Whether :attr:`corrections` are of the unit itself, as nothing is known of others."""
        return not self._of_others.is_known and self.corrections.is_known
