"""What a unit says of itself and what its evaluators say: the answers, before any score."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum, StrEnum
from functools import lru_cache
from typing import Literal

__all__ = [
    "NOT_APPLICABLE",
    "Agency",
    "Answer",
    "Assessment",
    "Explanation",
    "Fact",
    "Final",
    "Kawasan",
    "NotApplicable",
    "Remark",
    "Stage",
    "Unit",
    "Value",
]


class Stage(StrEnum):
    """Whose answers are scored: the unit's own, the TPI's laid over them, the TPN's over both."""

    UNIT = "unit"
    TPI = "tpi"
    TPN = "tpn"

    @property
    def by(self) -> str:
        """Who answers at it, in a word."""
        return "Unit" if self is Stage.UNIT else self.value.upper()

    @property
    def is_evaluated(self) -> bool:
        """Whether evaluators' answers are laid over the unit's own."""
        return self is not Stage.UNIT

    @property
    def before(self) -> Stage:
        """The stage whose answers it may change; the first is its own."""
        return Stage.TPI if self is Stage.TPN else Stage.UNIT


class NotApplicable(Enum):
    """The answer "there is no object to count"; a single value."""

    NOT_APPLICABLE = "tidak berlaku"


NOT_APPLICABLE: Literal[NotApplicable.NOT_APPLICABLE] = NotApplicable.NOT_APPLICABLE

Value = str | float | tuple[float | None, ...] | NotApplicable
"""An answer's value: option code, index number, asked inputs in workbook order (None where one is
still empty), or :data:`NOT_APPLICABLE`."""

Fact = bool | float | str
"""What a unit or agency states of one prerequisite."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One question's answers with notes and evidence.

    Attributes
    ----------
    unit, tpi, tpn
        The unit's, the TPI's and the TPN's value, None where there is none.
    note, tpi_note, tpn_note
        What the unit, the TPI and the TPN wrote; untrusted text.
    evidence
        Links or paths the unit gave; untrusted text.
    reason
        Why the question has no object, where ``unit`` is :data:`NOT_APPLICABLE`.
    returned
        What the unit should mend, where the TPI sent the question back; untrusted text.
    """

    unit: Value | None = None
    tpi: Value | None = None
    note: str = ""
    tpi_note: str = ""
    evidence: tuple[str, ...] = ()
    reason: str = ""
    returned: str = ""
    tpn: Value | None = None
    tpn_note: str = ""

    def source(self, stage: Stage) -> Stage:
        """Return whose answer counts at ``stage``: the last evaluator's with one, or the unit's."""
        if stage is Stage.TPN and self.tpn is not None:
            return Stage.TPN
        return Stage.TPI if stage.is_evaluated and self.tpi is not None else Stage.UNIT

    def given(self, source: Stage) -> Value | None:
        """Return what one of them answered, whatever the others did."""
        if source is Stage.UNIT:
            return self.unit
        return self.tpi if source is Stage.TPI else self.tpn

    def note_of(self, source: Stage) -> str:
        """Return what one of them wrote; untrusted text."""
        if source is Stage.UNIT:
            return self.note
        return self.tpi_note if source is Stage.TPI else self.tpn_note

    def value(self, stage: Stage) -> Value | None:
        """Return the value that counts at ``stage``."""
        return self.given(self.source(stage))

    def answered(self, stage: Stage, value: Value) -> Answer:
        """Return it with a value that counts at ``stage``."""
        if stage is Stage.UNIT:
            return replace(self, unit=value)
        return replace(self, tpi=value) if stage is Stage.TPI else replace(self, tpn=value)

    def differs(self, stage: Stage) -> bool:
        """Whether the evaluators of a stage answered otherwise than what stood before them."""
        given = self.given(stage)
        return given is not None and given != self.value(stage.before)

    def without_texts(self) -> Answer:
        """Return the values alone, one for all alike; with the note of an evaluator who differs."""
        bare = _valued(self.unit, self.tpi, self.tpn)
        tpi_note = self.tpi_note if self.differs(Stage.TPI) else ""
        tpn_note = self.tpn_note if self.differs(Stage.TPN) else ""
        if not tpi_note and not tpn_note:
            return bare
        return replace(bare, tpi_note=tpi_note, tpn_note=tpn_note)


@lru_cache(maxsize=1 << 12, typed=True)
def _valued(unit: Value | None, tpi: Value | None, tpn: Value | None) -> Answer:
    return Answer(unit=unit, tpi=tpi, tpn=tpn)


@dataclass(frozen=True, slots=True)
class Final:
    """The TPI's evaluation is final: who declared it, and when (with its time zone).

    ``reason`` says why, where not everything was looked at or cleared; untrusted text.
    """

    by: str
    time: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Unit:
    """A work unit (satker); ``is_affirmative`` is the portal's *afirmasi* flag."""

    id: str
    name: str
    kind: str = ""
    head: str = ""
    is_affirmative: bool = False


@dataclass(frozen=True, slots=True)
class Kawasan:
    """Several units on one site that are judged together.

    Attributes
    ----------
    units
        Ids of its units, at least two.
    facts
        What is stated of its own prerequisites, by prerequisite id.
    """

    id: str
    name: str
    units: tuple[str, ...]
    facts: Mapping[str, Fact] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Agency:
    """The agency (instansi) above the units.

    Attributes
    ----------
    kind
        One of the rule set's agency kinds; some prerequisites depend on it.
    rules
        Id of the rule set the agency judges by.
    facts
        What it states of its own prerequisites, by prerequisite id.
    remark
        A line shown on every report, e.g. that the data are invented.
    kawasan
        Its sites of several units.
    team
        Names of the TPI by role; a role that is not there may be anybody's.
    track
        Id of the way of proposing that all its units go, empty for the usual one.
    affirmative_reason
        Why units of it may go by *afirmasi*: its statement, as the portal asks for it; empty where
        none may.
    is_strict
        Whether an evaluation with anything open may not be declared final, whatever the reason.
    """

    name: str
    kind: str
    rules: str
    facts: Mapping[str, Fact] = field(default_factory=dict)
    remark: str = ""
    kawasan: tuple[Kawasan, ...] = ()
    team: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    is_strict: bool = False
    track: str = ""
    affirmative_reason: str = ""

    @property
    def is_sample(self) -> bool:
        """Whether its remark says that its data are a sample, as those we ship do."""
        return self.remark.casefold().startswith("data contoh")


@dataclass(frozen=True, slots=True)
class Remark:
    """What a cell of an imported workbook held that was not placed, not read, or guessed.

    Attributes
    ----------
    cell
        As ``Sheet!A1``; untrusted text, as the reason is.
    reason
        What was found there and what became of it.
    question
        The question it concerns, or empty.
    """

    cell: str
    reason: str
    question: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a doubt does not stand, in writing, by a person who answers for it.

    Attributes
    ----------
    doubt
        The id of the doubt; one whose values have changed has another.
    text, name
        Untrusted.
    role
        ``unit`` or a level of the TPI.
    time
        With its time zone.
    """

    doubt: str
    text: str
    name: str
    role: str
    time: datetime

    @property
    def is_whole(self) -> bool:
        """Whether it says why and who: an empty one explains nothing."""
        return all(part.strip() for part in (self.text, self.name, self.role))

    def counts_at(self, stage: Stage) -> bool:
        """Whether it counts: after the unit's own stage only the TPI's, the unit is in doubt."""
        return self.is_whole and (not stage.is_evaluated or self.role != Stage.UNIT.value)


@dataclass(frozen=True, slots=True)
class Assessment:
    """A unit's answers for one period.

    Attributes
    ----------
    target
        The predicate the unit builds for, e.g. ``"WBK"``.
    facts
        What the unit states of its own prerequisites, by prerequisite id.
    answers
        By question id; a question without an entry is open.
    criteria
        What is said of the criteria that probe a question, by criterion id. No score counts it.
    final
        Set where the TPI declared its evaluation final.
    remarks
        What an import could not place or read, until a person has looked at it.
    explanations
        Why doubts do not stand, in writing.
    """

    unit: Unit
    instrument: str
    target: str
    period: str = ""
    facts: Mapping[str, Fact] = field(default_factory=dict)
    answers: Mapping[str, Answer] = field(default_factory=dict, repr=False)
    final: Final | None = None
    remarks: tuple[Remark, ...] = ()
    explanations: tuple[Explanation, ...] = ()
    criteria: Mapping[str, Answer] = field(default_factory=dict, repr=False)

    @property
    def judged(self) -> int:
        """How many questions the TPI has answered."""
        return self.judged_by(Stage.TPI)

    def judged_by(self, source: Stage) -> int:
        """Return how many questions one of them has answered."""
        return sum(answer.given(source) is not None for answer in self.answers.values())
