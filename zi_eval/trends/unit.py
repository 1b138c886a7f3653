"""Several periods of a unit: totals, areas, verdicts, and why they changed.

Scores change by answers and by the instrument (:mod:`zi_eval.trends.parts`). Rules move no
point: they change the verdict only, and so stand apart, by judging the present score by the rules
of then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from zi_eval.core.agency import compared_areas
from zi_eval.core.evaluation import Evaluation, evaluate
from zi_eval.core.instrument import Area, Instrument
from zi_eval.core.rules import check_rules, rule_weight
from zi_eval.core.verdict import TOLERANCE, Status, Verdict
from zi_eval.trends.earlier import Earlier, Matching, match_same
from zi_eval.trends.parts import Parts, QuestionStep, split_parts

__all__ = [
    "AreaStep",
    "NeedChange",
    "Step",
    "UnitTrends",
    "VerdictStep",
    "compose_matchings",
    "is_same_instrument",
    "step_between",
    "unit_trends",
]


@dataclass(frozen=True, slots=True)
class AreaStep:
    """One area between two periods, in points.

    Attributes
    ----------
    before, now
        None where nothing in it is answered, or it is not there.
    before_weight, now_weight
        None where it is not there.
    answers, instrument
        What each moved of it; together, the difference.
    """

    id: str
    title: str
    before: float | None
    now: float | None
    before_weight: float | None
    now_weight: float | None
    answers: float
    instrument: float


@dataclass(frozen=True, slots=True)
class NeedChange:
    """A minimum or prerequisite of the target that another rule set asks differently.

    Attributes
    ----------
    before, now
        Points (or what a prerequisite asks); None where that rule set does not ask.
    """

    id: str
    title: str
    before: float | bool | str | None
    now: float | bool | str | None


@dataclass(frozen=True, slots=True)
class VerdictStep:
    """The verdict between two periods.

    Attributes
    ----------
    before
        As it was then, on the predicate the unit builds for now; None where it did not exist.
    now
        As it is.
    by_earlier_rules
        The present answers and facts judged by the earlier rules: ``now`` itself where the rules
        are the same, None where they cannot be applied any more.
    needs
        What the rules ask differently.
    """

    before: Verdict | None
    now: Verdict
    by_earlier_rules: Verdict | None
    needs: tuple[NeedChange, ...] = ()

    @property
    def is_changed_by_rules(self) -> bool:
        """Whether the present answers would have got another verdict by the earlier rules."""
        other = self.by_earlier_rules
        return other is not None and _outcome(other) != _outcome(self.now)

    @property
    def is_changed_by_answers(self) -> bool:
        """Whether answers or facts alone, under the earlier rules, changed the verdict."""
        other = self.by_earlier_rules
        if self.before is None or other is None:
            return False
        return _outcome(self.before) != _outcome(other)


@dataclass(frozen=True, slots=True)
class Step:
    """A unit between two periods that follow each other.

    Attributes
    ----------
    change
        Points of the total; ``answers`` and ``instrument`` add up to it.
    questions
        Those whose answer changed or which moved points, in official order, gone ones last.
    """

    before: Evaluation
    now: Evaluation
    answers: float
    instrument: float
    areas: tuple[AreaStep, ...]
    questions: tuple[QuestionStep, ...]
    verdict: VerdictStep

    @property
    def change(self) -> float:
        """Points of the total between the two."""
        return _total(self.now) - _total(self.before)

    @property
    def unanswered(self) -> float:
        """What of ``answers`` comes from questions answered then and open now."""
        return sum(item.answers for item in self.questions if item.is_emptied)

    @property
    def is_same_instrument(self) -> bool:
        """Whether both were asked the same, with the same weights and scales."""
        return is_same_instrument(self.before.instrument, self.now.instrument)


@dataclass(frozen=True, slots=True)
class UnitTrends:
    """Several periods of one unit.

    Attributes
    ----------
    evaluations
        Oldest first, the present one last.
    steps
        Between each two that follow each other.
    """

    evaluations: tuple[Evaluation, ...] = field(repr=False)
    steps: tuple[Step, ...] = field(repr=False)

    @property
    def last(self) -> Step:
        """The step to the present period."""
        return self.steps[-1]


def _total(evaluation: Evaluation) -> float:
    score = evaluation.card.total.score
    if score is None:
        raise ValueError("a period without any answer has no total")
    return score


def _outcome(verdict: Verdict) -> tuple[str, Status]:
    return verdict.predicate, verdict.status


def is_same_instrument(before: Instrument, now: Instrument) -> bool:
    """Whether two evaluations were asked the same, with the same weights and scales."""
    return before is now or (before.id == now.id and before.hash == now.hash and bool(now.hash))


def compose_matchings(first: Matching, second: Matching) -> Matching:
    """Match two earlier instruments by what both are matched with: the older one, the newer one.

    Both match the present questions; the result matches those of ``second`` with ``first``.
    """
    questions: dict[str, str] = {}
    codes: dict[str, dict[str, str]] = {}
    for key, newer in second.questions.items():
        older = first.questions.get(key)
        if older is None:
            continue
        questions[newer] = older
        to_now, from_now = first.codes.get(key, {}), second.codes.get(key, {})
        if to_now or from_now:
            back: dict[str, str] = {}
            for code, present in from_now.items():
                back.setdefault(present, code)
            codes[newer] = {code: back.get(present, present) for code, present in to_now.items()}
            for present, code in back.items():
                codes[newer].setdefault(present, code)
    return Matching(questions, codes)


def _area_steps(before: Evaluation, now: Evaluation, parts: Parts) -> tuple[AreaStep, ...]:
    old = {area.id: area for area in compared_areas(before.instrument)}
    new = {area.id: area for area in compared_areas(now.instrument)}
    steps = []
    for key in (*new, *(key for key in old if key not in new)):
        past, own = old.get(key), new.get(key)
        answers, instrument = parts.group(
            _questions(before.instrument, past), _questions(now.instrument, own)
        )
        then = before.card.group(key, past.nodes) if past else None
        today = now.card.group(key, own.nodes) if own else None
        steps.append(
            AreaStep(
                key,
                own.title if own else past.title if past else key,
                then.score if then else None,
                today.score if today else None,
                then.weight if then else None,
                today.weight if today else None,
                answers,
                instrument,
            )
        )
    return (*steps, *_rest_step(before, now, parts))


def _rest_step(before: Evaluation, now: Evaluation, parts: Parts) -> tuple[AreaStep, ...]:
    """Return what no area holds, where there is anything, so that areas add up to the total."""
    old, new = _outside(before.instrument), _outside(now.instrument)
    if not old and not new:
        return ()
    then, _, _, today = parts.worlds
    past, own = (sum(w[key] for key in keys) for w, keys in ((then, old), (today, new)))
    answers, instrument = parts.group(old, new)
    return (AreaStep("lainnya", "Lainnya", past, own, None, None, answers, instrument),)


def _outside(instrument: Instrument) -> tuple[str, ...]:
    inside = {key for area in compared_areas(instrument) for key in _questions(instrument, area)}
    return tuple(key for key in instrument.questions if key not in inside)


def _questions(instrument: Instrument, area: Area | None) -> tuple[str, ...]:
    return instrument.questions_of(area.nodes if area else ())


def _needs(evaluation: Evaluation, predicate: str) -> dict[str, tuple[str, float | bool | str]]:
    rules, instrument = evaluation.rules, evaluation.instrument
    asked: dict[str, tuple[str, float | bool | str]] = {
        rule.id: (rule.title, rule.need[predicate].need(rule_weight(instrument, rule)))
        for rule in rules.rules
        if predicate in rule.need
    }
    kind = evaluation.agency.kind if evaluation.agency else ""
    for item in rules.prerequisites:
        need = item.need_for(predicate, kind)
        if need is not None:
            asked[f"syarat {item.id}"] = (item.title, need)
    return asked


def _need_changes(before: Evaluation, now: Evaluation, predicate: str) -> tuple[NeedChange, ...]:
    old, new = _needs(before, predicate), _needs(now, predicate)
    changes = []
    for key in (*new, *(key for key in old if key not in new)):
        past, own = old.get(key), new.get(key)
        if past is None or own is None or past[1] != own[1]:
            title = own[0] if own else past[0] if past else key
            changes.append(
                NeedChange(key, title, past[1] if past else None, own[1] if own else None)
            )
    return tuple(changes)


def _verdict_step(before: Evaluation, now: Evaluation) -> VerdictStep:
    target = now.target
    is_banded = bool(now.rules.bands)
    past = before.target if is_banded else before.verdicts.get(target.predicate)
    if before.rules.hash == now.rules.hash and before.rules == now.rules:
        return VerdictStep(past, target, target)
    other: Verdict | None = None
    own = now.assessment.target
    if (not own or own in before.rules.predicates) and not check_rules(
        now.instrument, before.rules
    ):
        other = evaluate(now.instrument, before.rules, now.assessment, now.agency, now.stage).target
    needs = () if is_banded else _need_changes(before, now, target.predicate)
    return VerdictStep(past, target, other, needs)


def step_between(before: Evaluation, now: Evaluation, matching: Matching) -> Step:
    """Compare two periods of a unit, each with at least one answer.

    Parameters
    ----------
    matching
        The questions of ``before`` by those of ``now``.
    """
    same = is_same_instrument(before.instrument, now.instrument)
    # One object where they are equal, so that nothing of the instrument seems to change.
    earlier = now.instrument if same else before.instrument
    parts = split_parts(earlier, now.instrument, matching, before.card, now.card)
    answers, instrument = parts.group(earlier.questions, now.instrument.questions)
    return Step(
        before=before,
        now=now,
        answers=answers,
        instrument=instrument,
        areas=_area_steps(before, now, parts),
        questions=tuple(item for item in parts.questions if _is_seen(item)),
        verdict=_verdict_step(before, now),
    )


def _is_seen(item: QuestionStep) -> bool:
    is_other = item.id is not None and item.earlier_id is not None and item.before != item.now
    return is_other or max(abs(item.answers), abs(item.instrument)) > TOLERANCE


def unit_trends(now: Evaluation, earlier: Sequence[Earlier]) -> UnitTrends | None:
    """Compare the periods of a unit; None where there is nothing to compare.

    Parameters
    ----------
    earlier
        Oldest first, matched with ``now``; periods without any answer are passed over.
    """
    known = [item for item in earlier if item.evaluation.card.total.score is not None]
    if not known or now.card.total.score is None:
        return None
    steps = []
    for item, after in zip(known, [*known[1:], None], strict=True):
        if after is None:
            steps.append(step_between(item.evaluation, now, item.matching))
            continue
        first, second = item.evaluation.instrument, after.evaluation.instrument
        matching = (
            match_same(first, second)
            if first.id == second.id
            else compose_matchings(item.matching, after.matching)
        )
        steps.append(step_between(item.evaluation, after.evaluation, matching))
    return UnitTrends((*(item.evaluation for item in known), now), tuple(steps))
