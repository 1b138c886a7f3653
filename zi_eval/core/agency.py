"""All units of an agency side by side: ranking, counts, areas, costly questions, prerequisites."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from zi_eval.core.assessment import Agency, Assessment, Stage, Unit
from zi_eval.core.evaluation import Evaluation
from zi_eval.core.instrument import Area, Instrument
from zi_eval.core.rules import RuleSet
from zi_eval.core.scoring import score_assessment
from zi_eval.core.text import NameOrder, name_order
from zi_eval.core.verdict import (
    TOLERANCE,
    PrerequisiteOutcome,
    RuleOutcome,
    Status,
    judge_all,
)

__all__ = [
    "AgencyEvaluation",
    "AreaShare",
    "QuestionSummary",
    "UnitStanding",
    "area_shares",
    "compared_areas",
    "costly_questions",
    "count_statuses",
    "judge_agency",
    "rank_units",
    "reaches_all_rules",
    "share_met",
]


@dataclass(frozen=True, slots=True)
class AgencyEvaluation:
    """All units of an agency in one period.

    Attributes
    ----------
    stage
        The stage reported, the same for every unit.
    evaluations
        The units that could be evaluated, in any order.
    failures
        Why the others could not be read or run, by unit id; untrusted text.
    """

    agency: Agency
    rules: RuleSet = field(repr=False)
    instrument: Instrument = field(repr=False)
    period: str
    stage: Stage
    evaluations: tuple[Evaluation, ...] = field(default=(), repr=False)
    failures: Mapping[str, str] = field(default_factory=dict)

    @property
    def unit_count(self) -> int:
        """How many units the agency has, evaluated or not."""
        return len(self.evaluations) + len(self.failures)


@dataclass(frozen=True, slots=True)
class UnitStanding:
    """A unit's place in the agency.

    Attributes
    ----------
    rank
        1 for the highest total; equal totals share a rank; None while nothing is answered.
    """

    evaluation: Evaluation
    rank: int | None


@dataclass(frozen=True, slots=True)
class AreaShare:
    """What a unit reached of the weight of one area.

    Attributes
    ----------
    percent
        Of the weight, official score; None while nothing below is answered.
    need
        Minimum in percent of the weight for the unit's target; None where no rule tests the area.
    is_below
        Whether the score as it stands misses the minimum.
    has_open_questions
        Whether a question below is still open.
    """

    area: Area
    percent: float | None
    need: float | None
    is_below: bool
    has_open_questions: bool


@dataclass(frozen=True, slots=True)
class QuestionSummary:
    """One question across the units.

    Attributes
    ----------
    lost
        Points that all units which answered miss at it together, once no question is open.
    mean
        Of the values (0 to 1) of the units that answered; no answer is not zero.
    answered, worst, open
        How many units answered, of those how many at the worst (value 0), and how many are open.
    """

    id: str
    lost: float
    mean: float
    answered: int
    worst: int
    open: int


def _by_score(evaluation: Evaluation) -> tuple[bool, float, NameOrder, str]:
    score, unit = evaluation.card.total.score, evaluation.assessment.unit
    return score is None, -(score or 0.0), name_order(unit.name), unit.id


def rank_units(evaluation: AgencyEvaluation) -> tuple[UnitStanding, ...]:
    """Rank the units by their total at the stage reported, highest first; ties by name."""
    standings: list[UnitStanding] = []
    previous: float | None = None
    rank = 0
    for place, item in enumerate(sorted(evaluation.evaluations, key=_by_score), start=1):
        score = item.card.total.score
        if score is None:
            standings.append(UnitStanding(item, None))
            continue
        if previous is None or score < previous - TOLERANCE:
            rank, previous = place, score
        standings.append(UnitStanding(item, rank))
    return tuple(standings)


def count_statuses(evaluation: AgencyEvaluation, predicate: str) -> dict[Status, int]:
    """Count the evaluated units by their status for ``predicate``, every status present."""
    counts = dict.fromkeys(Status, 0)
    for item in evaluation.evaluations:
        counts[item.verdicts[predicate].status] += 1
    return counts


def share_met(evaluation: AgencyEvaluation, predicate: str) -> float | None:
    """Return the share (0 to 1) of the evaluated units that meet ``predicate``; None of none."""
    if not evaluation.evaluations:
        return None
    return count_statuses(evaluation, predicate)[Status.MET] / len(evaluation.evaluations)


def reaches_all_rules(evaluation: Evaluation, predicate: str) -> bool:
    """Whether the score is complete and reaches every minimum of ``predicate``.

    Prerequisites are left aside: this tells units held back by facts from those held back by
    their score.
    """
    return all(outcome.status is Status.MET for outcome in evaluation.verdicts[predicate].rules)


def compared_areas(instrument: Instrument) -> tuple[Area, ...]:
    """Return the areas units are compared on.

    These are the areas of the instrument, then, for each component that no area touches, the
    nodes directly below it, or itself where only questions are, so that every point of the
    instrument is seen once.
    """
    taken = {node for area in instrument.areas for node in area.nodes}
    rest = [
        Area(part, instrument.nodes[part].title, (part,))
        for root in instrument.roots
        if not any(node == root or node.startswith(f"{root}.") for node in taken)
        for part in [c for c in instrument.children[root] if c in instrument.nodes] or [root]
    ]
    return (*instrument.areas, *rest)


def area_shares(evaluation: Evaluation) -> tuple[AreaShare, ...]:
    """Return what a unit reached of each compared area, against the minimum of its target."""
    by_nodes: dict[frozenset[str], RuleOutcome] = {
        frozenset(outcome.rule.nodes): outcome for outcome in evaluation.target.rules
    }
    shares = []
    for area in compared_areas(evaluation.instrument):
        score = evaluation.card.group(area.id, area.nodes)
        weight = score.weight or 0.0
        outcome = by_nodes.get(frozenset(area.nodes))
        shares.append(
            AreaShare(
                area=area,
                percent=None if score.score is None or not weight else score.score / weight * 100,
                need=outcome.need / weight * 100 if outcome and weight else None,
                is_below=outcome is not None and outcome.got is not None and not outcome.is_met,
                has_open_questions=score.answered < score.questions,
            )
        )
    return tuple(shares)


def costly_questions(evaluation: AgencyEvaluation, limit: int = 15) -> tuple[QuestionSummary, ...]:
    """Return the questions that cost the units most points together, the costliest first.

    Equal ones are ordered by their mean value, then officially. A question nobody answered or
    that every unit answered at its best is left out.
    """
    summaries: list[QuestionSummary] = []
    points = evaluation.instrument.question_points()
    for identifier in evaluation.instrument.questions:
        values = [item.card.values[identifier].value for item in evaluation.evaluations]
        known = [value for value in values if value is not None]
        if not known or min(known) >= 1 - TOLERANCE:
            continue
        summaries.append(
            QuestionSummary(
                id=identifier,
                lost=points[identifier] * sum(1 - value for value in known),
                mean=sum(known) / len(known),
                answered=len(known),
                worst=sum(value <= TOLERANCE for value in known),
                open=len(values) - len(known),
            )
        )
    summaries.sort(key=lambda item: (-round(item.lost, 9), round(item.mean, 12)))
    return tuple(summaries[:limit])


def judge_agency(evaluation: AgencyEvaluation) -> dict[str, tuple[PrerequisiteOutcome, ...]]:
    """Judge the agency's own prerequisites for every predicate, also where no unit was read."""
    nobody = Assessment(Unit("", ""), evaluation.instrument.id, evaluation.rules.predicates[0])
    card = score_assessment(evaluation.instrument, nobody)
    verdicts = judge_all(evaluation.instrument, evaluation.rules, card, nobody, evaluation.agency)
    return {
        predicate: tuple(
            item for item in verdict.prerequisites if item.prerequisite.who == "instansi"
        )
        for predicate, verdict in verdicts.items()
    }
