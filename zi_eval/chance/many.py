"""Many units at once: the scores and rule statuses of :mod:`scoring` and :mod:`verdict` as arrays.

For recaps over thousands of units. One unit is scored by
:func:`~zi_eval.core.scoring.score_assessment`, which also says why; here a question is one column
over all units, and every node is computed once for all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from zi_eval.core.instrument import Instrument, Question
from zi_eval.core.scoring import QuestionValue, Scorecard

__all__ = ["AnswerCodes", "ManyScores", "encode_answers", "score_many"]

OPEN = -1
"""Code of an open question."""

Codes: TypeAlias = npt.NDArray[np.int8]
Counts: TypeAlias = npt.NDArray[np.int16]
Floats: TypeAlias = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class AnswerCodes:
    """The answers of many units.

    Attributes
    ----------
    codes
        Shape (units, questions), questions in the instrument's order. Of a choice: the place of
        the option in its scale, 0 the best; of a ratio or index: 0 where it is answered; -1 open.
    measured
        Shape (units, ratio and index questions), these in the instrument's order. Of a ratio: its
        value from 0 to 1 by its rule; of an index: the number itself. Not read where open.
    """

    codes: Codes
    measured: Floats


@dataclass(frozen=True, slots=True, eq=False)
class ManyScores:
    """The scores of many units, in points.

    Attributes
    ----------
    ids
        The nodes in the order of :meth:`Instrument.walk`, without questions, then ``"total"``.
    scores, floors, ceilings
        Shape (units, ids): the official score, and the score with every open question counted as
        0 and as 1; NaN where nothing below is answered (then floor and ceiling are 0 and the
        weight).
    answered
        Shape (units, ids): how many questions below are answered.
    questions
        Shape (ids,): how many questions there are below.
    weighted
        Ids of the questions with a weight of their own, which rules may name too.
    weighted_scores
        Shape (units, weighted): their scores, NaN where open.
    """

    ids: tuple[str, ...]
    scores: Floats
    floors: Floats
    ceilings: Floats
    answered: Counts
    questions: Counts
    weighted: tuple[str, ...]
    weighted_scores: Floats


def _is_measured(question: Question) -> bool:
    return question.scale.kind != "choice"


def _number(question: Question, value: QuestionValue) -> float:
    """Return what stands in ``measured`` for one answered ratio or index question."""
    if question.scale.kind == "index":
        if isinstance(value.answer, (int, float)):
            return float(value.answer)
        return (value.value or 0.0) * question.scale.top
    return value.value or 0.0


def encode_answers(instrument: Instrument, cards: Sequence[Scorecard]) -> AnswerCodes:
    """Return the answers that ``cards`` were scored from, one row a card.

    An answer "there is no object" becomes what it is scored as: the best option, the full ratio,
    the highest index.
    """
    questions = tuple(instrument.questions.values())
    measured = [question for question in questions if _is_measured(question)]
    places = [
        {value: place for place, value in enumerate(question.scale.values.values())}
        for question in questions
    ]
    codes = np.full((len(cards), len(questions)), OPEN, dtype=np.int8)
    numbers = np.full((len(cards), len(measured)), np.nan)
    for row, card in enumerate(cards):
        for column, question in enumerate(questions):
            value = card.values[question.id].value
            if value is not None:
                codes[row, column] = 0 if _is_measured(question) else places[column][value]
        for column, question in enumerate(measured):
            given = card.values[question.id]
            if given.value is not None:
                numbers[row, column] = _number(question, given)
    return AnswerCodes(codes, numbers)


def _require_shapes(questions: Sequence[Question], answers: AnswerCodes) -> None:
    units = answers.codes.shape[0]
    for name, array, columns in (
        ("codes", answers.codes, len(questions)),
        ("measured", answers.measured, sum(map(_is_measured, questions))),
    ):
        if array.shape != (units, columns):
            raise ValueError(f"{name} must have shape ({units}, {columns}), not {array.shape}")
    highest = [max(0, len(question.scale.values) - 1) for question in questions]
    if units and (
        answers.codes.min() < OPEN or (answers.codes.max(axis=0) > np.array(highest)).any()
    ):
        raise ValueError("codes must be -1 (open) or the place of an option in its scale")


def _value_questions(
    questions: Sequence[Question], answers: AnswerCodes
) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Return values (questions, units) with 0 where open, and where they are answered."""
    codes = np.ascontiguousarray(answers.codes.T)
    numbers = iter(np.ascontiguousarray(answers.measured.T, dtype=np.float64))
    given = codes != OPEN
    values = np.zeros(codes.shape)
    for row, question in enumerate(questions):
        if _is_measured(question):
            top = question.scale.top if question.scale.kind == "index" else 1.0
            np.divide(next(numbers), top, out=values[row], where=given[row])
        else:
            table = np.array([*question.scale.values.values(), 0.0])  # -1, open, is the last
            table.take(codes[row], out=values[row], mode="wrap")
    return values, given


def score_many(instrument: Instrument, answers: AnswerCodes) -> ManyScores:
    """Score many units, every node with floor and ceiling, as ``score_assessment`` scores one.

    Raises
    ------
    ValueError
        Where the arrays do not fit the instrument or a code is on no scale.
    """
    questions = tuple(instrument.questions.values())
    _require_shapes(questions, answers)
    values, given = _value_questions(questions, answers)
    units = values.shape[1]
    row_of = {question.id: row for row, question in enumerate(questions)}
    ids = (*(node for node in instrument.order if node in instrument.nodes), "total")
    place_of = {identifier: place for place, identifier in enumerate(ids)}
    scores, floors, ceilings = (np.empty((len(ids), units)) for _ in range(3))
    answered = np.empty((len(ids), units), dtype=np.int16)
    below = np.empty(len(ids), dtype=np.int16)

    def fill_mean(place: int, rows: list[int], weight: float) -> None:
        # The questions of one node are neighbours in official order; otherwise this still holds.
        part = slice(rows[0], rows[-1] + 1) if rows[-1] - rows[0] == len(rows) - 1 else rows
        total, count = values[part].sum(axis=0), answered[place]
        np.sum(given[part], axis=0, dtype=np.int16, out=count)
        below[place] = len(rows)
        np.multiply(total / len(rows), weight, out=floors[place])
        np.multiply((total + (len(rows) - count)) / len(rows), weight, out=ceilings[place])
        scores[place] = np.nan
        np.divide(total, count, out=scores[place], where=count > 0)
        scores[place] *= weight

    def fill_sum(place: int, children: Sequence[str]) -> None:
        for array in (scores, floors, ceilings):
            array[place] = 0.0
        answered[place] = below[place] = 0
        for child in children:
            if child in row_of:
                row = row_of[child]
                own = questions[row].weight
                points = 1.0 if own is None else own
                value = values[row] * points
                scores[place] += value
                floors[place] += value
                ceilings[place] += value
                ceilings[place] += points * ~given[row]
                answered[place] += given[row]
                below[place] += 1
            else:
                source = place_of[child]
                scores[place] += np.where(answered[source] > 0, scores[source], 0.0)
                floors[place] += floors[source]
                ceilings[place] += ceilings[source]
                answered[place] += answered[source]
                below[place] += below[source]
        scores[place][answered[place] == 0] = np.nan

    # Walking backwards meets every node after all that is below it.
    for place in reversed(range(len(ids) - 1)):
        children = instrument.children[ids[place]]
        if instrument.is_mean(ids[place]):
            rows = [row_of[child] for child in children]
            fill_mean(place, rows, instrument.nodes[ids[place]].weight)
        else:
            fill_sum(place, children)
    fill_sum(len(ids) - 1, instrument.roots)

    weighted = tuple(question for question in questions if question.weight is not None)
    points = np.empty((len(weighted), units))
    for place, question in enumerate(weighted):
        row = row_of[question.id]
        points[place] = np.where(given[row], values[row] * (question.weight or 0.0), np.nan)
    return ManyScores(
        ids=ids,
        scores=scores.T,
        floors=floors.T,
        ceilings=ceilings.T,
        answered=answered.T,
        questions=below,
        weighted=tuple(question.id for question in weighted),
        weighted_scores=points.T,
    )
