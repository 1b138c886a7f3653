"""The shortest way to a predicate: which answers to raise so that every rule holds.

The way has the least effort there is, and it is shown only after the real scorer and judge have
met every rule with it. Prerequisites are no answers: those not met stand beside the way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from zi_eval.core.assessment import Answer, Assessment, Value
from zi_eval.core.evaluation import Evaluation
from zi_eval.core.instrument import Question
from zi_eval.core.scoring import score_assessment
from zi_eval.core.verdict import RuleOutcome, Status, Verdict, judge
from zi_eval.improvement.effort import NO_LIMITS, Effort, Limits
from zi_eval.improvement.options import Option, Range, ranges_of
from zi_eval.improvement.programme import Demand, Programme, Selection, Unsolved

__all__ = [
    "Blocked",
    "Improvement",
    "Move",
    "RuleCost",
    "Way",
    "find_improvement",
    "goal_of",
]

ABOUT_EQUAL = Fraction(1, 10)
"""How much more effort than the least an alternative may take."""
MOST_TRIED = 8
"""How many of the largest moves are left out in turn, looking for alternatives."""


@dataclass(frozen=True, slots=True)
class Move:
    """One answer of a way that rises.

    Attributes
    ----------
    now, then
        The present answer (None while open) and the one to reach.
    steps
        Options of a choice, begun tenths of a ratio or of an index.
    points
        What it adds to the total; of an open question counted from its lowest answer.
    helps
        Ids of the rules not met now that count it.
    is_fixed
        Whether it was decided before and not chosen here.
    """

    question: Question
    now: Value | None
    then: Value
    steps: int
    effort: float
    points: float
    helps: tuple[str, ...]
    is_fixed: bool = False

    @property
    def is_survey(self) -> bool:
        """Whether nobody can choose it: an index comes from respondents."""
        return self.question.scale.kind == "index"


@dataclass(frozen=True, slots=True)
class Way:
    """Answers to raise, and the verdict the real judge gives with them."""

    moves: tuple[Move, ...]
    effort: float
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class RuleCost:
    """What one rule costs.

    Attributes
    ----------
    outcome
        The rule as it would stand at the end of the way; its margin is the slack.
    saved
        Effort that would be saved if the rule were dropped.
    """

    outcome: RuleOutcome
    saved: float


@dataclass(frozen=True, slots=True)
class Blocked:
    """Why a predicate cannot be reached: with everything allowed at its best, rules still fail.

    Attributes
    ----------
    verdict
        With every question at the best its limits allow.
    rules
        The rules that fail even so.
    limits
        By failing rule: the questions that a limit keeps below their best, each with the points
        the rule would gain without it, the most first.
    enough
        Questions whose limit alone, lifted, lets every rule hold.
    is_reachable_without
        Whether every rule holds once no limit holds.
    """

    verdict: Verdict
    rules: tuple[RuleOutcome, ...]
    limits: Mapping[str, tuple[tuple[str, float], ...]]
    enough: tuple[str, ...]
    is_reachable_without: bool


@dataclass(frozen=True, slots=True)
class Improvement:
    """All that is known of the way of one unit to one predicate.

    Attributes
    ----------
    way
        The shortest one, empty where every rule holds already; None where there is none.
    blocked
        The proof that there is none.
    to_answer
        Open questions that need any answer: their lowest does.
    alternatives
        Other ways of about equal effort.
    costs
        Of each rule of the predicate, as far as asked for.
    """

    predicate: str
    verdict: Verdict
    way: Way | None = field(repr=False)
    blocked: Blocked | None = None
    to_answer: tuple[str, ...] = field(default=(), repr=False)
    alternatives: tuple[Way, ...] = field(default=(), repr=False)
    costs: tuple[RuleCost, ...] = field(default=(), repr=False)
    effort_title: str = ""


def goal_of(evaluation: Evaluation) -> str:
    """Return the predicate to go for: the target while its rules fail, else the next one up."""
    target, higher = evaluation.target, evaluation.next_up
    is_there = not target.failed_rules and not target.open_questions
    has_aim = bool(evaluation.assessment.target)
    return higher.predicate if higher and (is_there or not has_aim) else target.predicate


class _Search:
    """One unit and one predicate: the programme, and the scorer that confirms what it finds."""

    def __init__(
        self, evaluation: Evaluation, predicate: str, effort: Effort, limits: Limits
    ) -> None:
        self.evaluation = evaluation
        self.predicate = predicate
        self.ranges = ranges_of(evaluation, effort, limits)
        self.points = evaluation.instrument.question_points()
        self.start = self.judge({})
        self.programme = Programme(self.ranges, self._demands(), self.points)

    def judge(self, answers: Mapping[str, Value]) -> Verdict:
        """Score and judge with the bases, and ``answers`` laid over them."""
        evaluation = self.evaluation
        given = dict(evaluation.assessment.answers)
        for key, item in self.ranges.items():
            if key in answers or item.is_open or item.is_fixed:
                answer = answers.get(key, item.base.answer)
                old = given.get(key, Answer())
                given[key] = old.answered(evaluation.stage, answer)
        assessment: Assessment = replace(evaluation.assessment, answers=given)
        instrument = evaluation.instrument
        card = score_assessment(instrument, assessment, evaluation.stage)
        return judge(
            instrument, evaluation.rules, card, self.predicate, assessment, evaluation.agency
        )

    def _demands(self) -> tuple[Demand, ...]:
        demands, instrument = [], self.evaluation.instrument
        for outcome in self.start.rules:
            if outcome.status is not Status.MET:
                counted = Counter(instrument.questions_of(outcome.rule.nodes))
                missing = outcome.need - (outcome.got or 0.0)
                demands.append(Demand(outcome.rule.id, missing, counted, outcome.is_strict))
        return tuple(demands)

    def move(self, item: Range, option: Option) -> Move:
        """Return a question with the answer it rises to."""
        key = item.question.id
        gained = option.value - item.start
        helps = tuple(demand.id for demand in self.programme.demands if key in demand.counted)
        return Move(
            item.question,
            None if item.is_open else item.now,
            option.answer,
            option.steps,
            float(option.effort),
            gained * self.points[key],
            helps,
            item.is_fixed,
        )

    def confirmed(self, selection: Selection) -> Way:
        """Return the way of a selection, or raise where the scorer does not meet every rule."""
        verdict = self.judge({key: option.answer for key, option in selection.items()})
        unmet = [item.rule.id for item in verdict.rules if item.status is not Status.MET]
        if unmet or verdict.open_questions:
            raise Unsolved(f"not confirmed by the scorer: {', '.join(unmet) or 'open questions'}")
        chosen = [
            (item, selection.get(key, item.base))
            for key, item in self.ranges.items()
            if key in selection or item.is_fixed
        ]
        effort = sum((option.effort for _, option in chosen), Fraction(0))
        moves = tuple(self.move(item, option) for item, option in chosen)
        return Way(moves, float(effort), verdict)

    def alternatives(self, first: Selection, count: int) -> tuple[Way, ...]:
        """Return other ways of about equal effort: each does without one of the largest moves.

        Nor does it put a question in its place that nothing tells apart from the one left out.
        """
        ceiling = sum((option.effort for option in first.values()), Fraction(0)) * (1 + ABOUT_EQUAL)
        largest = sorted(first, key=lambda key: -first[key].effort)
        signatures = {key: self._signature(key) for key in self.ranges}
        found: list[Selection] = [first]
        for key in largest[:MOST_TRIED]:
            if len(found) > count:
                break
            alike = {other for other, seen in signatures.items() if seen == signatures[key]}
            stays = {key, *(alike - set(first))}
            ranges = {
                k: replace(item, options=()) if k in stays else item
                for k, item in self.ranges.items()
            }
            other = Programme(ranges, self.programme.demands, self.points).solve()
            if other is None or other in found:
                continue
            if sum((option.effort for option in other.values()), Fraction(0)) <= ceiling:
                found.append(other)
        order = sorted(found[1:], key=lambda way: (sum(o.effort for o in way.values()), len(way)))
        return tuple(self.confirmed(way) for way in order)

    def _signature(self, key: str) -> object:
        item = self.ranges[key]
        counted = tuple(demand.counted.get(key, 0) for demand in self.programme.demands)
        rises = tuple((o.value - item.base.value, o.effort) for o in item.options)
        return (self.points[key], counted, rises)

    def costs(self, way: Way, selection: Selection) -> tuple[RuleCost, ...]:
        """Return what each rule of the predicate costs; those already met cost nothing."""
        pressing = {demand.id for demand in self.programme.demands}
        effort = sum((option.effort for option in selection.values()), Fraction(0))
        costs = []
        for outcome in way.verdict.rules:
            key = outcome.rule.id
            least = (self.programme.least_effort(key) or Fraction(0)) if key in pressing else effort
            costs.append(RuleCost(outcome, float(effort - least)))
        return tuple(costs)

    def blocked(self) -> Blocked:
        """Return which rules fail with everything allowed at its best, and which limits bind."""
        allowed = {
            key: item.options[-1].answer for key, item in self.ranges.items() if item.options
        }
        verdict = self.judge(allowed)
        failed = tuple(item for item in verdict.rules if item.status is not Status.MET)
        limited = {key: item for key, item in self.ranges.items() if item.is_limited}
        limits = {}
        for outcome in failed:
            counted = Counter(self.evaluation.instrument.questions_of(outcome.rule.nodes))
            lost = {
                key: (item.best.value - item.highest.value) * self.points[key] * counted[key]
                for key, item in limited.items()
                if key in counted
            }
            order = sorted(lost.items(), key=lambda pair: -pair[1])
            limits[outcome.rule.id] = tuple(order)
        enough = [
            key
            for key, item in limited.items()
            if all(key in dict(limits[outcome.rule.id]) for outcome in failed)
            and self.is_met({**allowed, key: item.best.answer})
        ]
        free = {key: item.best.answer for key, item in self.ranges.items()}
        return Blocked(verdict, failed, limits, tuple(enough), self.is_met(free))

    def is_met(self, answers: Mapping[str, Value]) -> bool:
        """Whether every rule holds with these answers."""
        return all(item.status is Status.MET for item in self.judge(answers).rules)


def find_improvement(
    evaluation: Evaluation,
    effort: Effort,
    predicate: str = "",
    limits: Limits = NO_LIMITS,
    *,
    alternatives: int = 0,
    has_costs: bool = False,
) -> Improvement:
    """Return the shortest way to a predicate, or the proof that there is none.

    Parameters
    ----------
    predicate
        By default what :func:`goal_of` says.
    alternatives
        How many other ways of about equal effort (at most a tenth more) to look for.
    has_costs
        Whether to compute what each rule costs, which solves the programme once for each.

    Raises
    ------
    Unsolved
        Where the solver gives up or the scorer does not confirm what it found.
    """
    predicate = predicate or goal_of(evaluation)
    search = _Search(evaluation, predicate, effort, limits)
    present = evaluation.verdicts[predicate]
    selection = search.programme.solve()
    if selection is None:
        blocked = search.blocked()
        if not blocked.rules:
            raise Unsolved("the solver finds no way where the scorer sees one")
        return Improvement(predicate, present, None, blocked, effort_title=effort.title)
    way = search.confirmed(selection)
    to_answer = tuple(
        key
        for key, item in search.ranges.items()
        if item.is_open and key not in selection and not item.is_fixed
    )
    return Improvement(
        predicate,
        present,
        way,
        to_answer=to_answer,
        alternatives=search.alternatives(selection, alternatives) if alternatives else (),
        costs=search.costs(way, selection) if has_costs else (),
        effort_title=effort.title,
    )
