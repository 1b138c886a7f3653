"""By which rules answers and facts of one unit contradict one another, as data of an instrument.

They are read from ``contradictions.yaml``
(:mod:`zi_eval.doubts.rules_file`) and looked for by :mod:`zi_eval.doubts.contradictions`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from zi_eval.core.assessment import Fact
from zi_eval.core.scoring import QuestionValue
from zi_eval.core.verdict import TOLERANCE

__all__ = [
    "Contradictions",
    "EqualCounts",
    "EqualShare",
    "FactNeed",
    "FactOrder",
    "FullRatio",
    "Input",
    "Pair",
    "PartsOfWhole",
    "Side",
]


@dataclass(frozen=True, slots=True)
class Input:
    """A counted input of a ratio question, ``A.II.1.i.a.2``; ``number`` counts from 1."""

    question: str
    number: int

    def __str__(self) -> str:
        """Return the id as people write it."""
        return f"{self.question}.{self.number}"


@dataclass(frozen=True, slots=True)
class EqualShare:
    """A prerequisite in percent that must be what a ratio question gives."""

    fact: str
    question: str
    why: str
    source: str


@dataclass(frozen=True, slots=True)
class EqualCounts:
    """Two inputs that count the same."""

    one: Input
    other: Input
    why: str


@dataclass(frozen=True, slots=True)
class PartsOfWhole:
    """Inputs of one question that together are at most others of it together."""

    parts: tuple[Input, ...]
    whole: tuple[Input, ...]
    why: str


@dataclass(frozen=True, slots=True)
class FullRatio:
    """Answers that say all was reached, beside the ratio that counts it; else ``otherwise``."""

    question: str
    answers: tuple[str, ...]
    ratio: str
    otherwise: str
    why: str


@dataclass(frozen=True, slots=True)
class FactNeed:
    """What a fact must be where another is ``value``, or where the unit builds for ``target``."""

    fact: str
    why: str
    source: str
    target: str = ""
    when: str = ""
    value: Fact | None = None
    equals: Fact | None = None
    least: float | None = None
    most: float | None = None

    def wanted(self, fact: Fact) -> Fact | None:
        """Return what the fact must be instead, None where it is right as it stands."""
        if self.equals is not None:
            return None if fact == self.equals else self.equals
        if isinstance(fact, (bool, str)):
            return None
        if self.least is not None and fact < self.least - TOLERANCE:
            return self.least
        return self.most if self.most is not None and fact > self.most + TOLERANCE else None


@dataclass(frozen=True, slots=True)
class FactOrder:
    """Two numbers of which the first is at most the second."""

    smaller: str
    larger: str
    why: str
    source: str


@dataclass(frozen=True, slots=True)
class Side:
    """An answer, or a counted input of it, up to and including a bound.

    Attributes
    ----------
    number
        Of the input; 0 for the answer itself.
    most
        The bound: a value from 0 to 1 of an answer, a count of an input.
    option
        The bound as it is written.
    """

    question: str
    number: int
    most: float
    option: str

    @property
    def key(self) -> str:
        """The question, with the input's number where it is about one."""
        return f"{self.question}.{self.number}" if self.number else self.question

    def got(self, values: Mapping[str, QuestionValue]) -> float | None:
        """Return what is compared with the bound, None while it is open."""
        value = values[self.question]
        if not self.number:
            return value.value
        return value.inputs[self.number - 1] if value.inputs else None


@dataclass(frozen=True, slots=True)
class Pair:
    """Where ``where`` is at its bound or below, so is ``then``."""

    where: Side
    then: Side
    why: str


@dataclass(frozen=True, slots=True)
class Contradictions:
    """The rules of one instrument; empty where it has none.

    Attributes
    ----------
    alone
        Subareas no rule can speak of, with the reason.
    """

    source: str = ""
    shares: tuple[EqualShare, ...] = ()
    counts: tuple[EqualCounts, ...] = ()
    sums: tuple[PartsOfWhole, ...] = ()
    full: tuple[FullRatio, ...] = ()
    needs: tuple[FactNeed, ...] = ()
    orders: tuple[FactOrder, ...] = ()
    pairs: tuple[Pair, ...] = ()
    alone: Mapping[str, str] = field(default_factory=dict)

    @property
    def questions(self) -> frozenset[str]:
        """The questions that any rule speaks of."""

        def named() -> Iterable[str]:
            yield from (rule.question for rule in self.shares)
            for count in self.counts:
                yield from (count.one.question, count.other.question)
            yield from (rule.parts[0].question for rule in self.sums)
            for full in self.full:
                yield from (full.question, full.ratio)
            for pair in self.pairs:
                yield from (pair.where.question, pair.then.question)

        return frozenset(named())
