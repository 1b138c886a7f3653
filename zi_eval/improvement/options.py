"""Which answers each question can rise to, what each is worth, and what it takes.

Answers never fall. Where a question is open, everything is counted from its lowest answer. Of a
ratio the base stays as it is and what is done rises by tenths of it; of an index every hundredth
is possible, and each begun tenth of a ratio or hundredth of an index counts whole. Beside all that
a question can rise to stands its next step alone, as reports list it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from zi_eval.core.assessment import Value
from zi_eval.core.evaluation import Evaluation
from zi_eval.core.instrument import Decrease, Question, Share, parent_id
from zi_eval.core.rules import Rule
from zi_eval.core.scoring import value_question
from zi_eval.improvement.effort import Effort, Limits

__all__ = ["Option", "Range", "Step", "question_range", "ranges_of", "steps_up"]

TENTHS = 10
HUNDREDTHS = 100
SLACK = 1e-9
"""Keeps the last bits of 0.3 * 10 from beginning another step."""


@dataclass(frozen=True, slots=True)
class Option:
    """An answer a question can have: its value from 0 to 1, the steps up to it and their effort."""

    answer: Value
    value: float
    steps: int
    effort: Fraction


@dataclass(frozen=True, slots=True)
class Range:
    """What one question can become.

    Attributes
    ----------
    now
        The present answer, None while open.
    base
        What it counts as where it is not raised: the present answer, of an open one the lowest,
        or the fixed answer with its effort.
    options
        All it can rise to within the limits, lowest first; values and efforts rise.
    best
        The highest it could rise to if nothing limited it.
    start
        The value it is counted from: the present one, of an open question that of its lowest.
    is_open
        Whether it has no value yet.
    is_fixed
        Whether a fixed answer above the present one stands in ``base``.
    """

    question: Question
    now: Value | None
    base: Option
    options: tuple[Option, ...]
    best: Option
    start: float
    is_open: bool
    is_fixed: bool = False

    @property
    def is_even(self) -> bool:
        """Whether its options stand at equal distances, as those of an index do."""
        return self.question.scale.kind == "index" and len(self.options) > 1

    @property
    def highest(self) -> Option:
        """The most it can come to within its limits."""
        return self.options[-1] if self.options else self.base

    @property
    def is_limited(self) -> bool:
        """Whether a limit keeps it below the best there is."""
        return self.highest.value < self.best.value


def _codes(question: Question, effort: Effort, base: str) -> Iterator[Option]:
    upwards = list(reversed(tuple(question.scale.values)))
    total = Fraction(0)
    for steps, code in enumerate(upwards[upwards.index(base) + 1 :], start=1):
        total += effort.of_code(question, code)
        yield Option(code, question.scale.values[code], steps, total)


def _indices(question: Question, effort: Effort, base: float) -> Iterator[Option]:
    first, top = floor(base * HUNDREDTHS + SLACK), round(question.scale.top * HUNDREDTHS)
    each = effort.of_tenth(question) / TENTHS
    for count in range(1, top - first + 1):
        number = (first + count) / HUNDREDTHS
        yield Option(number, number / question.scale.top, ceil(count / TENTHS), each * count)


def _put(question: Question, answer: list[float], number: int, wanted: float) -> None:
    """Set an input; of a derived one, its first asked part takes the difference."""
    place = {item.number: i for i, item in enumerate(question.asked_inputs)}
    item = question.inputs[number - 1]
    if not item.is_derived:
        answer[place[number]] = wanted
        return
    present = sum(answer[place[part]] for part in item.sum_of)
    answer[place[item.sum_of[0]]] += wanted - present


def _get(question: Question, answer: list[float], number: int) -> float:
    place = {item.number: i for i, item in enumerate(question.asked_inputs)}
    item = question.inputs[number - 1]
    return sum(answer[place[part]] for part in item.sum_of or (number,))


def _counts(question: Question, base: tuple[float, ...]) -> Iterator[tuple[float, ...]]:
    """Yield the counts a ratio can rise to, a tenth of its base each, up to its full value."""
    rule = question.rule
    for tenth in range(1, TENTHS + 1):
        answer = list(base)
        if isinstance(rule, Share):
            whole = _get(question, answer, rule.whole)
            if not whole:  # a missing base: at least one, and that one done
                _put(question, answer, rule.whole, 1.0)
                _put(question, answer, rule.part, 1.0)
            else:
                _put(question, answer, rule.part, float(ceil(whole * tenth / TENTHS - SLACK)))
        elif isinstance(rule, Decrease):
            before = _get(question, answer, rule.before)
            left = floor(before * (TENTHS - tenth) / TENTHS + SLACK)
            _put(question, answer, rule.after, float(left))
        yield tuple(answer)


def _ratios(
    question: Question, effort: Effort, base: tuple[float, ...], value: float
) -> Iterator[Option]:
    each, reached = effort.of_tenth(question), value
    for counts in _counts(question, base):
        got = value_question(question, counts)[0].value or 0.0
        if got > reached + SLACK:
            steps = ceil((got - value) * TENTHS - SLACK)
            yield Option(counts, got, steps, each * steps)
            reached = got


def _lowest(question: Question, now: Value | None) -> Value:
    """Return the lowest answer to an open question; of a ratio with the counts already given."""
    scale = question.scale
    if scale.kind == "choice":
        return tuple(scale.values)[-1]
    if scale.kind == "index":
        return 0.0
    given = now if isinstance(now, tuple) else (None,) * len(question.asked_inputs)
    answer = [0.0 if count is None else count for count in given]
    rule = question.rule
    first = rule.whole if isinstance(rule, Share) else rule.before if rule else 1
    if not _get(question, answer, first):
        _put(question, answer, first, float(TENTHS))  # unknown: stands for "of every ten"
    if isinstance(rule, Decrease) and not any(count is not None for count in given):
        _put(question, answer, rule.after, float(TENTHS))
    return tuple(answer)


def _worth(question: Question, answer: Value) -> float:
    return value_question(question, answer)[0].value or 0.0


def _rising(question: Question, effort: Effort, base: Option) -> list[Option]:
    answer, kind = base.answer, question.scale.kind
    if kind == "choice" and isinstance(answer, str):
        return list(_codes(question, effort, answer))
    if kind == "index" and isinstance(answer, (int, float)):
        return list(_indices(question, effort, float(answer)))
    if kind == "ratio" and isinstance(answer, tuple):
        counts = tuple(count or 0.0 for count in answer)
        return list(_ratios(question, effort, counts, base.value))
    return []  # no object to count: full value already


def _fixed(question: Question, effort: Effort, base: Option, answer: Value) -> Option | None:
    """Return a fixed answer as an option; None where it is not above the present one."""
    value = _worth(question, answer)
    if value <= base.value:
        return None
    same = [item for item in _rising(question, effort, base) if item.answer == answer]
    if same:
        return same[0]
    tenths = ceil((value - base.value) * (question.scale.top or 1.0) * TENTHS - SLACK)
    return Option(answer, value, tenths, effort.of_tenth(question) * tenths)


def question_range(question: Question, now: Value | None, effort: Effort, limits: Limits) -> Range:
    """Return what a question can become.

    Parameters
    ----------
    now
        The answer that counts at present.
    """
    value = value_question(question, now)[0].value
    answer = _lowest(question, now) if value is None or now is None else now
    base = Option(answer, _worth(question, answer), 0, Fraction(0))
    rising = _rising(question, effort, base)
    best = rising[-1] if rising else base
    most, wanted = limits.steps(question.id), limits.fixed.get(question.id)
    allowed = [option for option in rising if most is None or option.steps <= most]
    if wanted is not None:
        fixed = _fixed(question, effort, base, wanted)
        start, is_open = base.value, value is None
        return Range(question, now, fixed or base, (), best, start, is_open, fixed is not None)
    return Range(question, now, base, tuple(allowed), best, base.value, value is None)


def ranges_of(evaluation: Evaluation, effort: Effort, limits: Limits) -> Mapping[str, Range]:
    """Return what every question can become, in official order."""
    answers = evaluation.assessment.answers
    return {
        key: question_range(
            question,
            answers[key].value(evaluation.stage) if key in answers else None,
            effort,
            limits,
        )
        for key, question in evaluation.instrument.questions.items()
    }


@dataclass(frozen=True, slots=True)
class Step:
    """One step up on a question.

    Attributes
    ----------
    now
        The present answer.
    then
        The next better option of a choice; None for a ratio, which is meant to come to its full
        value.
    value, gain
        The present value of the question, and what it rises by, of 1.
    points
        What the total rises by, as the score stands.
    helps
        Ids of the rules to help that count this question.
    """

    question: Question
    now: Value | None
    then: str | None
    value: float
    gain: float
    points: float
    helps: tuple[str, ...]


def steps_up(evaluation: Evaluation, rules: Iterable[Rule] | None = None) -> Iterator[Step]:
    """Yield every answered question that can rise, in official order.

    Survey indices are left out, which nobody can choose, and so are counts of what has happened.

    Parameters
    ----------
    rules
        Those to help; by default the rules of the target that the score does not reach.
    """
    instrument, card = evaluation.instrument, evaluation.card
    if rules is None:
        rules = [outcome.rule for outcome in evaluation.target.failed_rules]
    missed = [(rule.id, frozenset(instrument.questions_of(rule.nodes))) for rule in rules]
    for question in instrument.questions.values():
        value = card.values[question.id]
        if value.value is None or value.value >= 1:
            continue
        if question.scale.kind == "index" or question.is_past:
            continue
        then, gain = None, 1 - value.value
        if question.scale.kind == "choice":
            codes = list(question.scale.values)
            then = codes[codes.index(str(value.answer)) - 1]
            gain = question.scale.values[then] - value.value
        above = parent_id(question.id)
        points = gain
        if question.weight is not None:
            points = gain * question.weight
        elif above is not None:
            points = gain / card.nodes[above].answered * instrument.nodes[above].weight
        helps = tuple(rule for rule, inside in missed if question.id in inside)
        yield Step(question, value.answer, then, value.value, gain, points, helps)
