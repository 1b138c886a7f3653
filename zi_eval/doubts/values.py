"""A doubt: two places that cannot both be right, or one that nobody has confirmed.

A doubt does not say which place is wrong. It names both, the rule, and for each *reading* (one of
the places is right) what the score and the verdict would be.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from zi_eval.core.assessment import Fact
from zi_eval.core.verdict import Status

__all__ = ["LKE", "UNSEEN", "Doubt", "Effect", "Reading", "Statement", "figure"]

UNSEEN = frozenset({"tanpa-bukti", "belum-dinilai-tpi"})
"""Codes of doubts that nothing contradicts: nobody has confirmed the answers."""

LKE = "PermenPANRB 90/2021, Lampiran III"
"""The source of what every answer must be."""


def figure(number: float, digits: int = 2) -> str:
    """Write a figure for a sentence the Indonesian way, without zeros at its end.

    Examples
    --------
    >>> figure(3.4), figure(100.0), figure(87.93103, 1)
    ('3,4', '100', '87,9')
    """
    text = f"{number:.{digits}f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")


@dataclass(frozen=True, slots=True)
class Statement:
    """One place and what it says.

    Attributes
    ----------
    key
        ``jawaban.<question>``, ``syarat.<prerequisite>``, ``target``, or the table's or workbook's
        name as the user finds it, e.g. ``survei/dpmptsp.ipak.csv``.
    says
        The value, as a person reads it; it may quote what people typed.
    file, line, cell
        Where that is; empty and None where it is not known.
    """

    key: str
    says: str
    file: str = ""
    line: int | None = None
    cell: str = ""

    @property
    def name(self) -> str:
        """What a person calls the place: the question, or ``syarat lhkasn``."""
        part, dot, rest = self.key.partition(".")
        if not dot or part not in ("jawaban", "syarat"):
            return self.key
        return rest if part == "jawaban" else f"syarat {rest}"

    @property
    def place(self) -> str:
        """File and line, or cell; empty where neither is known."""
        at = f":{self.line}" if self.line is not None else f" [{self.cell}]" if self.cell else ""
        return f"{self.file}{at}".strip()


@dataclass(frozen=True, slots=True)
class Reading:
    """What holds if it went one way.

    Attributes
    ----------
    text
        The way, as an Indonesian clause that begins with ``bila``.
    values
        What questions are worth then, from 0 to 1, by id.
    facts
        What the unit states of prerequisites then, by id.
    """

    text: str
    values: Mapping[str, float] = field(default_factory=dict)
    facts: Mapping[str, Fact] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Effect:
    """What a reading does to the score and the verdicts.

    Attributes
    ----------
    text
        Of the reading.
    score
        The total then, None where the reading says nothing of it.
    statuses
        The verdict then, by predicate.
    turned
        Ids of the rules and prerequisites that hold otherwise then than now, by predicate.
    """

    text: str
    score: float | None
    statuses: Mapping[str, Status]
    turned: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Doubt:
    """One thing that speaks against the verdict.

    Attributes
    ----------
    code
        Stable name of its kind, e.g. ``syarat-beda-jawaban``.
    what
        One Indonesian sentence.
    statements
        The places with their values: both of a contradiction, all of what is missing.
    rule, source
        What they break, and where that is written.
    remedy
        What clears it, one Indonesian sentence.
    readings
        The ways it can go; none where it is no matter of answers.
    effects
        Of the readings, in their order, once weighed.
    now
        The total as it stands, once weighed.
    refused
        Predicates that who decides on them refused: that leaves their verdicts open by itself.
    """

    code: str
    what: str
    statements: tuple[Statement, ...]
    rule: str
    source: str
    remedy: str
    readings: tuple[Reading, ...] = ()
    effects: tuple[Effect, ...] = ()
    now: float | None = None
    refused: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """Its kind and places with what they say: an explanation ends where a value changes."""
        said = "\0".join(f"{item.key}={item.says}" for item in self.statements)
        keys = "+".join(item.key for item in self.statements[:2])
        return f"{self.code}:{keys}#{hashlib.sha256(said.encode()).hexdigest()[:8]}"

    @property
    def contradicted(self) -> frozenset[str]:
        """Questions whose answers may be another by it; none where nobody has only seen them."""
        if self.code in UNSEEN:
            return frozenset()
        named = (item.key.partition(".") for item in self.statements)
        stated = {rest for part, _, rest in named if part == "jawaban"}
        return frozenset(stated.union(*(reading.values for reading in self.readings)))

    def is_decisive(self, predicate: str) -> bool:
        """Whether it could turn a rule or a prerequisite of a predicate, or refuses it."""
        return predicate in self.refused or any(
            effect.turned.get(predicate) for effect in self.effects
        )

    def could_fail(self, predicate: str) -> bool:
        """Whether the predicate might not be met because of it alone."""
        return predicate in self.refused or any(
            effect.statuses.get(predicate, Status.MET) is not Status.MET for effect in self.effects
        )

    @property
    def swing(self) -> float:
        """The most points by which the total could be another."""
        scores = [e.score for e in self.effects if e.score is not None]
        return max((abs(s - self.now) for s in scores if self.now is not None), default=0.0)
