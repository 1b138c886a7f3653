"""What moved a score between two periods, question by question and exactly.

Four worlds are scored: then and now, the earlier answers on the present instrument, and the present
answers on the earlier one. What answers moved is the mean of what they move on either instrument,
and what the instrument moved the mean of what it moves under either answers (Shapley's value of two
causes), so that no order of events is made up and both add up to the difference. A question that
only one instrument has, or whose scales do not fit each other, keeps its only answer in every
world: what it brings or takes is the instrument's doing.

On one instrument a changed answer moves its own points; a question answered for the first time
moves the mean of its subarea by its distance from the others' mean, as in the official workbook.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from zi_eval.core.assessment import NOT_APPLICABLE, Value
from zi_eval.core.instrument import Instrument, Question, parent_id
from zi_eval.core.scoring import Scorecard, value_question
from zi_eval.trends.earlier import Matching

__all__ = ["Parts", "QuestionStep", "split_parts"]

Values = Mapping[str, float | None]
Points = Mapping[str, float]
EQUAL = 1e-12


@dataclass(frozen=True, slots=True)
class QuestionStep:
    """One question between two periods.

    Attributes
    ----------
    id, earlier_id
        Of the present and of the earlier question; None where that instrument has none like it.
    before, now
        The answers that counted; None where open or not asked.
    before_value, now_value
        Their values from 0 to 1, each on its own instrument.
    answers, instrument
        Points of the total that the changed answer moved, and that weights, scales and the
        question's coming or going moved.
    """

    id: str | None
    earlier_id: str | None
    before: Value | None
    now: Value | None
    before_value: float | None
    now_value: float | None
    answers: float
    instrument: float

    @property
    def is_emptied(self) -> bool:
        """Whether it was answered then and is open now."""
        return bool(self.id) and self.before_value is not None and self.now_value is None

    @property
    def name(self) -> str:
        """The id to show: the present one where there is one."""
        return self.id or self.earlier_id or ""


@dataclass(frozen=True, slots=True)
class Parts:
    """The points that answers and instrument move.

    Attributes
    ----------
    answers_then, answers_now
        What answers move on the earlier and on the present instrument, by its questions' ids.
    worlds
        What each question gives the total in the four worlds: earlier instrument with earlier and
        with present answers, present instrument with earlier and with present answers.
    """

    questions: tuple[QuestionStep, ...]
    answers_then: Points
    answers_now: Points
    worlds: tuple[Points, Points, Points, Points]

    def group(self, before: Iterable[str], now: Iterable[str]) -> tuple[float, float]:
        """Return what answers and instrument moved of a group: its questions then, and now."""
        old, new = tuple(before), tuple(now)
        then, then_mixed, now_mixed, today = self.worlds
        answers = _sum(self.answers_then, old) + _sum(self.answers_now, new)
        instrument = (
            _sum(now_mixed, new) - _sum(then, old) + _sum(today, new) - _sum(then_mixed, old)
        )
        return answers / 2, instrument / 2


def _sum(points: Points, keys: Iterable[str]) -> float:
    return sum(points.get(key, 0.0) for key in keys)


def _own_points(question: Question) -> float:
    return 1.0 if question.weight is None else question.weight


def _means(instrument: Instrument, values: Values) -> dict[str, list[str]]:
    """Return the questions of each node that takes their mean."""
    groups: dict[str, list[str]] = defaultdict(list)
    for key in values:
        parent = parent_id(key)
        if parent is not None and instrument.is_mean(parent):
            groups[parent].append(key)
    return groups


def _contributions(instrument: Instrument, values: Values) -> Points:
    """Return what each question gives the total, by the official mean of what is answered."""
    given = {
        key: (value or 0.0) * _own_points(instrument.questions[key])
        for key, value in values.items()
    }
    for node, keys in _means(instrument, values).items():
        known = {key: value for key in keys if (value := values[key]) is not None}
        for key in keys:
            share = instrument.nodes[node].weight / len(known) if known else 0.0
            given[key] = known.get(key, 0.0) * share
    return given


def _answer_moves(instrument: Instrument, before: Values, now: Values) -> Points:
    """Return what each changed answer moves on one instrument; together, the difference."""
    moves = {
        key: ((now[key] or 0.0) - (value or 0.0)) * _own_points(instrument.questions[key])
        for key, value in before.items()
    }
    for node, keys in _means(instrument, before).items():
        weight = instrument.nodes[node].weight
        old = {key: value for key in keys if (value := before[key]) is not None}
        new = {key: value for key in keys if (value := now[key]) is not None}
        both = [key for key in keys if key in old and key in new]
        old_mean = sum(old[key] for key in both) / len(both) if both else 0.0
        new_mean = sum(new[key] for key in both) / len(both) if both else 0.0
        for key in keys:
            if key in old and key in new:
                moves[key] = (new[key] - old[key]) / len(both) * weight
            elif key in new:
                moves[key] = (new[key] - new_mean) / len(new) * weight
            elif key in old:
                moves[key] = -(old[key] - old_mean) / len(old) * weight
    return moves


def _fits(question: Question, answer: Value | None) -> bool:
    """Whether an answer can be given to a question; an open one always can."""
    scale = question.scale
    if answer is None or answer is NOT_APPLICABLE:
        return True
    if scale.kind == "choice":
        return isinstance(answer, str) and answer in scale.values
    if scale.kind == "ratio":
        return isinstance(answer, tuple) and len(answer) == len(question.asked_inputs)
    return isinstance(answer, (int, float)) and 0 <= answer <= scale.top


def _translate(
    before: Question, now: Question, codes: Mapping[str, str], then: Value | None, own: Value | None
) -> tuple[Value | None, Value | None] | None:
    """Return the earlier answer in present words and the present one in earlier words.

    None where either cannot be said on the other's scale.
    """
    if before.scale.kind != now.scale.kind:
        return None
    forward = codes.get(then, then) if isinstance(then, str) else then
    back = own
    if isinstance(own, str) and codes:
        sources = [code for code in before.scale.values if codes.get(code, code) == own]
        # Of codes that became one, the answer given then: nothing was changed.
        back = then if then in sources else next(iter(sources), None)
        if back is None:
            return None
    return (forward, back) if _fits(now, forward) and _fits(before, back) else None


def split_parts(
    before: Instrument,
    now: Instrument,
    matching: Matching,
    then_card: Scorecard,
    now_card: Scorecard,
) -> Parts:
    """Split the difference of two totals into what answers and what the instrument moved."""
    then = {key: value.value for key, value in then_card.values.items()}
    today = {key: value.value for key, value in now_card.values.items()}
    then_mixed, now_mixed = dict(then), dict(today)
    pairs: dict[str, str] = {}
    for key, old in matching.questions.items():
        earlier, present = before.questions[old], now.questions[key]
        codes = matching.codes.get(key, {})
        own, past = now_card.values[key].answer, then_card.values[old].answer
        if before is now and not codes:
            then_mixed[old], now_mixed[key] = today[key], then[old]
            pairs[key] = old
            continue
        said = _translate(earlier, present, codes, past, own)
        if said is not None:
            pairs[key] = old
            now_mixed[key] = value_question(present, said[0])[0].value
            then_mixed[old] = value_question(earlier, said[1])[0].value
    answers_now = _answer_moves(now, now_mixed, today)
    first, last = _contributions(before, then), _contributions(now, today)
    if before is now and then == now_mixed and today == then_mixed:  # two worlds are enough
        answers_then, worlds = answers_now, (first, last, first, last)
    else:
        answers_then = _answer_moves(before, then, then_mixed)
        mixed = _contributions(before, then_mixed), _contributions(now, now_mixed)
        worlds = (first, *mixed, last)
    parts = Parts((), answers_then, answers_now, worlds)
    gone = [key for key in before.questions if key not in set(pairs.values())]
    steps = []
    places: list[tuple[str | None, str | None]] = [(key, pairs.get(key)) for key in now.questions]
    places += [(None, key) for key in gone]
    for new, earlier_id in places:
        answers, instrument = parts.group([earlier_id] if earlier_id else [], [new] if new else [])
        past_value = then_card.values[earlier_id] if earlier_id else None
        own_value = now_card.values[new] if new else None
        steps.append(
            QuestionStep(
                new,
                earlier_id,
                past_value.answer if past_value else None,
                own_value.answer if own_value else None,
                past_value.value if past_value else None,
                own_value.value if own_value else None,
                answers,
                instrument,
            )
        )
    return Parts(tuple(steps), answers_then, answers_now, worlds)
