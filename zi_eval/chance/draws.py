"""Drawing answers that are not certain: one row of an array for each possible end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from zi_eval.chance.corrections import Direction, Experience
from zi_eval.chance.many import AnswerCodes, encode_answers
from zi_eval.chance.surveys import TAIL, SurveyDraw, inv_cdf
from zi_eval.core.evaluation import Evaluation
from zi_eval.core.instrument import Instrument, Question

__all__ = [
    "Drawing",
    "correct_answers",
    "draw_indices",
    "fill_open",
    "start_drawing",
]

FEWEST_ANSWERS = 5
"""Known answers to a question from which on an open one is drawn from them."""

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Places = npt.NDArray[np.intp]
Shares = npt.NDArray[np.float32]
"""Random shares by draw and question; a column becomes float64 where it is computed with."""


def _steps(sizes: Floats, u: Floats) -> Floats:
    """Return the value of sorted ``sizes`` at each share ``u`` below 1."""
    picked: Floats = sizes[(u * len(sizes)).astype(np.intp)]
    return picked


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """Answers to be drawn: ``codes`` and ``values`` (draws, questions), NaN value for a choice."""

    questions: tuple[Question, ...]
    codes: npt.NDArray[np.int8]
    values: Floats

    @property
    def lasts(self) -> npt.NDArray[np.int8]:
        """The place of the worst option of each choice."""
        return np.array([max(0, len(q.scale.values) - 1) for q in self.questions], dtype=np.int8)

    def put(self, column: int, measure: Floats) -> None:
        """Set one question's drawn answers: places of a choice, else shares of the value."""
        if self.questions[column].scale.kind == "choice":
            self.codes[:, column] = measure
        else:
            self.codes[:, column] = 0
            self.values[:, column] = measure

    def move(
        self, direction: Direction, columns: Places, moved: Flags, u: Shares, sign: float
    ) -> None:
        """Move the answers of ``columns`` where ``moved`` says; positive ``sign`` for worse.

        They end at the scale's.
        """
        rows, places = np.nonzero(moved)
        columns = columns[places]
        scales = np.array([question.scale.id for question in self.questions])[columns]
        for scale, sizes in direction.sizes.items():
            here = scales == scale
            row, column = rows[here], columns[here]
            step = sign * _steps(sizes, u[row, column].astype(np.float64))
            self.codes[row, column] = np.clip(
                self.codes[row, column]
                + np.where(np.isnan(self.values[row, column]), step, 0).astype(np.int8),
                0,
                self.lasts[column],
            )
            self.values[row, column] = np.clip(self.values[row, column] - step, 0.0, 1.0)

    def answers(self) -> AnswerCodes:
        """Return the drawn answers as they are scored."""
        measured = [c for c, q in enumerate(self.questions) if q.scale.kind != "choice"]
        tops = np.array([q.scale.top if q.scale.kind == "index" else 1.0 for q in self.questions])
        return AnswerCodes(self.codes, self.values[:, measured] * tops[measured])


def start_drawing(instrument: Instrument, evaluation: Evaluation, rows: int) -> Drawing:
    """Return the answers as they stand, once for each draw."""
    questions = tuple(instrument.questions.values())
    codes = encode_answers(instrument, [evaluation.card]).codes
    values = [
        np.nan if q.scale.kind == "choice" else evaluation.card.values[q.id].value
        for q in questions
    ]
    return Drawing(
        questions, np.repeat(codes, rows, axis=0), np.tile(np.array(values, dtype=float), (rows, 1))
    )


def correct_answers(
    drawing: Drawing,
    experience: Experience,
    columns: Places,
    u_factor: Floats,
    u_turn: Shares,
    u_size: Shares,
) -> None:
    """Move unsettled answers, those of ``columns``; a draw has one factor for all its answers."""
    from scipy.special import gammaincinv

    corrections = experience.corrections
    rates = [
        (gammaincinv(factor.shape, u) / factor.rate)[:, None] * direction.rates[columns]
        for factor, u, direction in zip(
            experience.factors, u_factor, (corrections.down, corrections.up), strict=True
        )
    ]
    turn = u_turn[:, columns].astype(np.float64)
    is_down = turn < rates[0]
    is_up = ~is_down & (1 - turn < rates[1])
    drawing.move(corrections.down, columns, is_down, u_size, 1.0)
    drawing.move(corrections.up, columns, is_up, u_size, -1.0)


def fill_open(
    drawing: Drawing, experience: Experience, columns: Places, u_turn: Shares
) -> set[int]:
    """Draw the open questions; return those drawn from known answers."""
    known = set()
    for column in map(int, columns):
        question, u = drawing.questions[column], u_turn[:, column].astype(np.float64)
        answers = experience.corrections.answers.get(question.id, np.array([]))
        if len(answers) >= FEWEST_ANSWERS:
            known.add(column)
            drawing.put(column, _steps(answers, u))
        elif question.scale.kind == "choice":
            drawing.put(column, np.floor(u * len(question.scale.values)))
        else:
            drawing.put(column, u)
    return known


def draw_indices(drawing: Drawing, surveys: Sequence[SurveyDraw], u_turn: Shares) -> None:
    """Draw survey indices: normal with the width of the interval, within the scale."""
    for survey in surveys:
        column = next(c for c, q in enumerate(drawing.questions) if q.id == survey.question)
        u = np.clip(u_turn[:, column].astype(np.float64), TAIL, 1 - TAIL)
        normal = np.array([inv_cdf(share) for share in u.tolist()])
        index = survey.mean + survey.deviation * normal
        drawing.put(column, np.clip(index / drawing.questions[column].scale.top, 0.0, 1.0))
