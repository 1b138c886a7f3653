"""From a scorecard and facts to a verdict: which predicate is met, by how much, what is missing."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from zi_eval.core.assessment import Agency, Assessment, Fact
from zi_eval.core.instrument import Instrument
from zi_eval.core.rules import Band, Prerequisite, Rule, RuleSet, Track, rule_weight
from zi_eval.core.scoring import NodeScore, Scorecard

__all__ = [
    "PrerequisiteOutcome",
    "RuleOutcome",
    "Status",
    "Verdict",
    "band_at",
    "judge",
    "judge_all",
    "judge_prerequisites",
    "rejudge",
    "waive",
]

TOLERANCE = 1e-9
"""A threshold met exactly is met, whatever the last bits of a sum say."""


class Status(StrEnum):
    """Whether something holds; ``UNKNOWN`` reads "belum dapat disimpulkan"."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class RuleOutcome:
    """One rule's outcome.

    Attributes
    ----------
    need, got
        Points asked and scored (official score; None while nothing is answered).
    weight
        The most that can be scored.
    status
        With open questions: what is certain whatever they turn out to be, else unknown.
    is_strict
        Whether the minimum must be exceeded.
    """

    rule: Rule
    need: float
    got: float | None
    floor: float
    ceiling: float
    weight: float
    status: Status
    is_strict: bool = False

    @property
    def is_met(self) -> bool:
        """Whether the score as it stands reaches the minimum."""
        return self.got is not None and _reaches(self.got, self.need, self.is_strict)

    @property
    def margin(self) -> float | None:
        """Points above the minimum, negative below; None while nothing is answered."""
        return None if self.got is None else self.got - self.need


@dataclass(frozen=True, slots=True)
class PrerequisiteOutcome:
    """One prerequisite: what is asked, what was stated, and whether it holds.

    ``waived`` is the title of the track by which it is not asked; ``status`` says still whether it
    holds, and counts for nothing.
    """

    prerequisite: Prerequisite
    need: Fact
    got: Fact | None
    status: Status
    waived: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a predicate is met.

    ``status`` is met only if every question is answered, every rule reached and every
    prerequisite known to hold; not met if one rule or prerequisite is certain to fail whatever
    is still missing; otherwise unknown. What speaks against it can lower met to unknown.

    ``doubts`` says what that is, a sentence each, the strongest first; ``explained`` those that a
    named person explained in writing, with the explanation (:mod:`zi_eval.doubts.verdict`).
    """

    predicate: str
    status: Status
    rules: tuple[RuleOutcome, ...] = field(repr=False)
    prerequisites: tuple[PrerequisiteOutcome, ...] = field(repr=False)
    open_questions: tuple[str, ...] = field(repr=False)
    doubts: tuple[str, ...] = ()
    explained: tuple[str, ...] = ()

    @property
    def failed_rules(self) -> tuple[RuleOutcome, ...]:
        """Rules that the score as it stands does not reach."""
        return tuple(outcome for outcome in self.rules if not outcome.is_met)

    @property
    def unknown_prerequisites(self) -> tuple[PrerequisiteOutcome, ...]:
        """Prerequisites nobody has stated yet."""
        return tuple(item for item in self.asked if item.status is Status.UNKNOWN)

    @property
    def failed_prerequisites(self) -> tuple[PrerequisiteOutcome, ...]:
        """Prerequisites known not to hold."""
        return tuple(item for item in self.asked if item.status is Status.NOT_MET)

    @property
    def asked(self) -> tuple[PrerequisiteOutcome, ...]:
        """Prerequisites that count: all but those that a track waives."""
        return tuple(item for item in self.prerequisites if not item.waived)


def _reaches(score: float, need: float, is_strict: bool) -> bool:
    return score > need + TOLERANCE if is_strict else score >= need - TOLERANCE


def band_at(bands: Sequence[Band], score: float) -> Band:
    """Return the band that holds a score; a score exactly on a border is in the lower band."""
    below = [b for b in bands if b.above is None or _reaches(score, b.above, is_strict=True)]
    return below[-1]


def _judge_rule(instrument: Instrument, card: Scorecard, rule: Rule, predicate: str) -> RuleOutcome:
    threshold, weight = rule.need[predicate], rule_weight(instrument, rule)
    return _reach(card, rule, threshold.need(weight), weight, threshold.is_strict)


def _reach(card: Scorecard, rule: Rule, need: float, weight: float, is_strict: bool) -> RuleOutcome:
    got: NodeScore = card.group(rule.id, rule.nodes)
    if _reaches(got.floor, need, is_strict):
        status = Status.MET
    elif not _reaches(got.ceiling, need, is_strict):
        status = Status.NOT_MET
    else:
        status = Status.UNKNOWN
    return RuleOutcome(rule, need, got.score, got.floor, got.ceiling, weight, status, is_strict)


def _holds(item: Prerequisite, need: Fact, got: Fact | None) -> Status:
    if got is None:
        return Status.UNKNOWN
    if item.kind == "grade":
        is_met = item.grades.index(item.grade(got)) >= item.grades.index(str(need))
    elif item.kind == "number":
        is_met = float(got) >= float(need) - TOLERANCE
    else:
        is_met = got is True
    return Status.MET if is_met else Status.NOT_MET


def judge_prerequisites(
    rules: RuleSet, predicate: str, agency_kind: str, facts: Mapping[str, Mapping[str, Fact]]
) -> tuple[PrerequisiteOutcome, ...]:
    """Judge what ``predicate`` asks of those in ``facts`` ("unit", "instansi" or "kawasan").

    Parameters
    ----------
    facts
        What is stated of each, by prerequisite id.
    """
    outcomes = []
    for item in rules.prerequisites:
        need = item.need_for(predicate, agency_kind) if item.who in facts else None
        if need is not None:
            got = facts[item.who].get(item.id)
            outcomes.append(PrerequisiteOutcome(item, need, got, _holds(item, need, got)))
    return tuple(outcomes)


def judge(
    instrument: Instrument,
    rules: RuleSet,
    card: Scorecard,
    predicate: str,
    assessment: Assessment,
    agency: Agency | None = None,
) -> Verdict:
    """Judge one predicate.

    Parameters
    ----------
    assessment, agency
        Whose facts the prerequisites are read from; without an agency its prerequisites are
        unknown.
    """
    outcomes = tuple(
        _judge_rule(instrument, card, rule, predicate)
        for rule in rules.rules
        if predicate in rule.need
    )
    facts: Mapping[str, Mapping[str, Fact]] = {
        "unit": assessment.facts,
        "instansi": agency.facts if agency else {},
    }
    prerequisites = judge_prerequisites(rules, predicate, agency.kind if agency else "", facts)
    return _conclude(card, predicate, outcomes, prerequisites)


def _conclude(
    card: Scorecard,
    predicate: str,
    outcomes: tuple[RuleOutcome, ...],
    prerequisites: tuple[PrerequisiteOutcome, ...],
) -> Verdict:
    statuses = {outcome.status for outcome in outcomes}
    statuses |= {item.status for item in prerequisites if not item.waived}
    if Status.NOT_MET in statuses:
        status = Status.NOT_MET
    elif Status.UNKNOWN in statuses or not card.is_complete:
        status = Status.UNKNOWN
    else:
        status = Status.MET
    return Verdict(predicate, status, outcomes, prerequisites, card.open_questions)


def waive(verdict: Verdict, card: Scorecard, track: Track, agency_kind: str) -> Verdict:
    """Judge the same on a track: what it waives is shown and counts for nothing.

    A track that is not open to this kind of agency, or not for this predicate, changes nothing.
    """
    if not track.is_open_to(agency_kind) or verdict.predicate not in track.predicates:
        return verdict
    prerequisites = tuple(
        replace(item, waived=track.title) if item.prerequisite.who in track.waives else item
        for item in verdict.prerequisites
    )
    return _conclude(card, verdict.predicate, verdict.rules, prerequisites)


def rejudge(
    verdict: Verdict,
    card: Scorecard,
    changed: Collection[str],
    facts: Mapping[str, Fact],
) -> Verdict:
    """Judge again after a trial change, and only what it touches.

    Parameters
    ----------
    card, changed
        As :func:`~zi_eval.core.scoring.rescore` gives them.
    facts
        What the unit is taken to state of some prerequisites, by id, instead of what it does.
    """
    touched = frozenset(changed)
    outcomes = tuple(
        outcome
        if touched.isdisjoint(outcome.rule.nodes)
        else _reach(card, outcome.rule, outcome.need, outcome.weight, outcome.is_strict)
        for outcome in verdict.rules
    )
    prerequisites = verdict.prerequisites
    if facts:
        prerequisites = tuple(
            replace(item, got=got, status=_holds(item.prerequisite, item.need, got))
            if item.prerequisite.who == "unit"
            and (got := facts.get(item.prerequisite.id)) is not None
            else item
            for item in prerequisites
        )
    return _conclude(card, verdict.predicate, outcomes, prerequisites)


def judge_all(
    instrument: Instrument,
    rules: RuleSet,
    card: Scorecard,
    assessment: Assessment,
    agency: Agency | None = None,
) -> dict[str, Verdict]:
    """Judge every predicate of the rule set, lowest first."""
    return {
        predicate: judge(instrument, rules, card, predicate, assessment, agency)
        for predicate in rules.predicates
    }
