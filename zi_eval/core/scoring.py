"""From answers to a scorecard, as the official workbook computes it, at full precision.

A question becomes a value from 0 to 1. A node whose questions carry no weights is the mean of its
*answered* questions times its weight (as the workbook's AVERAGE, which passes over open rows);
every other node is the sum of what is below it. Beside the official score stand the *floor*, in
which an open question counts as 0, and the *ceiling*, in which it counts as 1: whatever the open
answers turn out to be, the final score lies between them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from zi_eval.core.assessment import NOT_APPLICABLE, Answer, Assessment, Stage, Value
from zi_eval.core.instrument import Decrease, Instrument, Question, Share, parent_id
from zi_eval.core.problems import Problem, Severity

__all__ = [
    "NodeScore",
    "QuestionValue",
    "Scorecard",
    "rescore",
    "score_assessment",
    "value_question",
]

NO_OBJECT = "tidak ada objek"
NO_ANSWER = Answer()


@dataclass(frozen=True, slots=True)
class QuestionValue:
    """The value of one question.

    Attributes
    ----------
    value
        From 0 to 1, or None while the question is open.
    answer
        The answer it was computed from.
    source
        Whose answer it is, None while open.
    inputs
        For a ratio: all inputs in order with the derived ones filled in.
    remark
        ``"tidak ada objek"`` where there was nothing to count, else empty.
    """

    value: float | None
    answer: Value | None = None
    source: Stage | None = None
    inputs: tuple[float | None, ...] = ()
    remark: str = ""


@dataclass(frozen=True, slots=True)
class NodeScore:
    """The score of a node or question, in points.

    Attributes
    ----------
    score
        As the official workbook gives it; None while nothing below is answered. Of a question:
        its value times its own weight where it has one, else its value.
    floor, ceiling
        With every open question counted as 0 and as 1.
    weight
        The highest score, None for a question without a weight of its own.
    answered, questions
        How many questions at any depth below are answered, of how many.
    """

    id: str
    score: float | None
    floor: float
    ceiling: float
    weight: float | None
    answered: int
    questions: int


@dataclass(frozen=True, slots=True)
class Scorecard:
    """All scores of one assessment at one stage.

    Attributes
    ----------
    nodes
        By id, components to questions, in official order.
    values
        By question id.
    total
        The whole instrument, with id ``"total"``.
    taken_over
        At an evaluators' stage: ids of answered questions where no evaluator gave an answer and
        the unit's stands.
    problems
        Findings about answers that are scored all the same (warnings).
    """

    instrument: str
    stage: Stage
    nodes: Mapping[str, NodeScore] = field(repr=False)
    values: Mapping[str, QuestionValue] = field(repr=False)
    total: NodeScore
    taken_over: tuple[str, ...] = field(repr=False)
    problems: tuple[Problem, ...]

    @property
    def open_questions(self) -> tuple[str, ...]:
        """Ids of the questions without a value, in official order."""
        return tuple(q for q, value in self.values.items() if value.value is None)

    @property
    def is_complete(self) -> bool:
        """Whether every question has a value."""
        return self.total.answered == self.total.questions

    def group(self, identifier: str, nodes: tuple[str, ...]) -> NodeScore:
        """Add up nodes judged together (an area in both aspects) under a name of their own."""
        return _add(identifier, [self.nodes[node] for node in nodes])


def _add(identifier: str, parts: list[NodeScore], weight: float | None = None) -> NodeScore:
    scores = [part.score for part in parts if part.score is not None]
    return _scored(
        identifier,
        sum(scores) if scores else None,
        sum([part.floor for part in parts]),
        sum([part.ceiling for part in parts]),
        sum([part.weight or 0.0 for part in parts]) if weight is None else weight,
        sum([part.answered for part in parts]),
        sum([part.questions for part in parts]),
    )


def _scored(
    identifier: str,
    score: float | None,
    floor: float,
    ceiling: float,
    weight: float,
    answered: int,
    questions: int,
) -> NodeScore:
    # Without open questions all three are equal: one number is held instead of three.
    if score is not None:
        floor = score if score == floor else floor
        ceiling = score if score == ceiling else ceiling
    return NodeScore(identifier, score, floor, ceiling, weight, answered, questions)


def _mean(identifier: str, weight: float, parts: list[NodeScore]) -> NodeScore:
    scores = [part.score for part in parts if part.score is not None]
    return _scored(
        identifier,
        sum(scores) / len(scores) * weight if scores else None,
        sum([part.floor for part in parts]) / len(parts) * weight,
        sum([part.ceiling for part in parts]) / len(parts) * weight,
        weight,
        len(scores),
        len(parts),
    )


def _finding(code: str, question: Question, message: str) -> Problem:
    return Problem(code=code, key=question.id, message=message, severity=Severity.WARNING)


def fill_inputs(question: Question, asked: tuple[float | None, ...]) -> tuple[float | None, ...]:
    """Return all inputs of a ratio question in order, the derived ones added up from the asked."""
    given = dict(zip((item.number for item in question.asked_inputs), asked, strict=True))
    filled: list[float | None] = []
    for item in question.inputs:
        if not item.is_derived:
            filled.append(given[item.number])
            continue
        parts = [given[number] for number in item.sum_of]
        known = [part for part in parts if part is not None]
        filled.append(sum(known) if len(known) == len(parts) else None)
    return tuple(filled)


def _value_share(
    question: Question, rule: Share, inputs: tuple[float, ...]
) -> tuple[float, str, list[Problem]]:
    part, whole = inputs[rule.part - 1], inputs[rule.whole - 1]
    problems = []
    if rule.within and part > whole:
        problems.append(
            _finding(
                "masukan-melebihi",
                question,
                f"jumlah bagian ({part:g}) melebihi keseluruhannya ({whole:g}); dinilai 100 % "
                "seperti pada lembar resmi, periksa angkanya.",
            )
        )
    if whole:
        return min(1.0, part / whole), "", problems
    if rule.empty:
        return rule.empty, NO_OBJECT, problems
    problems.append(
        _finding(
            "penyebut-nol",
            question,
            "pembaginya 0, sehingga dinilai 0 (lembar resmi memberi galat); isi jumlah yang benar.",
        )
    )
    return 0.0, "", problems


def _value_decrease(rule: Decrease, inputs: tuple[float, ...]) -> float:
    before, after = inputs[rule.before - 1], inputs[rule.after - 1]
    if before == 0:
        return 1.0 if after == 0 else 0.0
    return max(0.0, (before - after) / before)


# Of thousands of units most values are alike: each is made once and shared by all.
@lru_cache(maxsize=1 << 14, typed=True)
def _valued(value: float, answer: str | float, source: Stage | None) -> QuestionValue:
    return QuestionValue(value, answer, source)


def value_question(
    question: Question, answer: Value | None, source: Stage | None = None
) -> tuple[QuestionValue, tuple[Problem, ...]]:
    """Value one answer from 0 to 1, with findings about counts that cannot be.

    Parameters
    ----------
    answer
        A valid answer for the question's scale (the readers check it), or None.

    Returns
    -------
    The value, open where the answer is None or an input is still empty, and the findings.
    """
    if answer is None:
        return QuestionValue(None), ()
    if answer is NOT_APPLICABLE:
        return QuestionValue(1.0, answer, source, remark=NO_OBJECT), ()
    scale = question.scale
    if scale.kind == "choice" and isinstance(answer, str):
        return _valued(scale.values[answer], answer, source), ()
    if scale.kind == "index" and isinstance(answer, (int, float)):
        return _valued(answer / scale.top, answer, source), ()
    if scale.kind == "ratio" and isinstance(answer, tuple) and question.rule is not None:
        filled = fill_inputs(question, answer)
        inputs = tuple(item for item in filled if item is not None)
        if len(inputs) < len(filled):
            return QuestionValue(None, answer, None, filled), ()
        if isinstance(question.rule, Share):
            value, remark, problems = _value_share(question, question.rule, inputs)
            return QuestionValue(value, answer, source, filled, remark), tuple(problems)
        return QuestionValue(_value_decrease(question.rule, inputs), answer, source, filled), ()
    raise TypeError(f"{question.id}: {answer!r} is no answer on scale {scale.id}")


def _score_question(question: Question, value: float | None) -> NodeScore:
    return _score_value(question.id, question.weight, value)


@lru_cache(maxsize=1 << 14, typed=True)
def _score_value(identifier: str, weight: float | None, value: float | None) -> NodeScore:
    points = 1.0 if weight is None else weight
    got = None if value is None else value * points
    return NodeScore(
        id=identifier,
        score=got,
        floor=0.0 if got is None else got,
        ceiling=points if got is None else got,
        weight=weight,
        answered=int(got is not None),
        questions=1,
    )


def _score_node(instrument: Instrument, identifier: str, parts: list[NodeScore]) -> NodeScore:
    weight = instrument.nodes[identifier].weight
    if instrument.is_mean(identifier):
        return _mean(identifier, weight, parts)
    return _add(identifier, parts, weight)


def score_assessment(
    instrument: Instrument, assessment: Assessment, stage: Stage = Stage.UNIT
) -> Scorecard:
    """Score an assessment at one stage.

    Parameters
    ----------
    stage
        ``Stage.UNIT`` scores the unit's own answers; ``Stage.TPI`` the TPI's where given, else
        the unit's (the ids taken over are listed); ``Stage.TPN`` the TPN's laid over those.

    Returns
    -------
    Scores of every node and question in points, floor and ceiling beside the official score.
    """
    values: dict[str, QuestionValue] = {}
    problems: list[Problem] = []
    taken_over: list[str] = []
    for question in instrument.questions.values():
        answer = assessment.answers.get(question.id, NO_ANSWER)
        source = answer.source(stage)
        value, found = value_question(question, answer.given(source), source)
        values[question.id] = value
        problems += found
        if source is Stage.UNIT and value.value is not None:
            taken_over.append(question.id)

    scored: dict[str, NodeScore] = {}
    for identifier in reversed(instrument.order):  # so that what is below comes first
        if identifier in values:
            question, worth = instrument.questions[identifier], values[identifier].value
            scored[identifier] = _score_question(question, worth)
        else:
            parts = [scored[child] for child in instrument.children[identifier]]
            scored[identifier] = _score_node(instrument, identifier, parts)
    return Scorecard(
        instrument=instrument.id,
        stage=stage,
        nodes={identifier: scored[identifier] for identifier in instrument.order},
        values=values,
        total=_add("total", [scored[root] for root in instrument.roots]),
        taken_over=tuple(taken_over) if stage.is_evaluated else (),
        problems=tuple(problems),
    )


def rescore(
    instrument: Instrument, card: Scorecard, values: Mapping[str, float]
) -> tuple[Scorecard, frozenset[str]]:
    """Score again with some questions worth other than they are, and only what is above them.

    Parameters
    ----------
    values
        From 0 to 1, by question id.

    Returns
    -------
    The scorecard, whose problems are those of ``card``, and the ids of all that was scored again.
    """
    scored, worth = dict(card.nodes), dict(card.values)
    above: set[str] = set()
    for identifier, value in values.items():
        worth[identifier] = replace(worth[identifier], value=value)
        scored[identifier] = _score_question(instrument.questions[identifier], value)
        parent = parent_id(identifier)
        while parent is not None:
            above.add(parent)
            parent = parent_id(parent)
    for node in sorted(above, key=lambda key: -key.count(".")):
        parts = [scored[child] for child in instrument.children[node]]
        scored[node] = _score_node(instrument, node, parts)
    total = _add("total", [scored[root] for root in instrument.roots])
    again = replace(card, nodes=scored, values=worth, total=total)
    return again, frozenset((*values, *above))
