"""Many units at once give what each unit gives alone."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.samples import (
    BOTH,
    FEW,
    SMALL,
    Answers,
    any_answers,
    best_value,
    card_of,
    instrument_named,
    mixed_answers,
)
from zi_eval.chance.many import AnswerCodes, encode_answers, score_many
from zi_eval.core.assessment import NOT_APPLICABLE, Value
from zi_eval.core.instrument import Question
from zi_eval.core.scoring import Scorecard

CLOSE = 1e-12
both = pytest.mark.parametrize("name", BOTH)


def assert_as_one_by_one(name: str, cards: list[Scorecard]) -> None:
    instrument = instrument_named(name)
    many = score_many(instrument, encode_answers(instrument, cards))
    nodes = [node for node in instrument.order if node in instrument.nodes]
    assert many.ids == (*nodes, "total")
    for row, card in enumerate(cards):
        for column, identifier in enumerate(many.ids):
            node = card.total if identifier == "total" else card.nodes[identifier]
            score = many.scores[row, column]
            if node.score is None:
                assert np.isnan(score)
            else:
                assert score == pytest.approx(node.score, abs=CLOSE)
            assert many.floors[row, column] == pytest.approx(node.floor, abs=CLOSE)
            assert many.ceilings[row, column] == pytest.approx(node.ceiling, abs=CLOSE)
            assert many.answered[row, column] == node.answered
            assert many.questions[column] == node.questions
        for column, identifier in enumerate(many.weighted):
            own = card.nodes[identifier].score
            wanted = np.nan if own is None else own
            assert many.weighted_scores[row, column] == pytest.approx(
                wanted, abs=CLOSE, nan_ok=True
            )


@both
@FEW
@given(data=st.data())
def test_many_units_score_as_each_alone(name: str, data: st.DataObject) -> None:
    instrument = instrument_named(name)
    units = data.draw(st.lists(mixed_answers(instrument), max_size=4))
    assert_as_one_by_one(name, [card_of(instrument, answers) for answers in units])


def random_value(chance: random.Random, question: Question) -> Value:
    if question.scale.kind == "choice":
        return chance.choice(tuple(question.scale.values))
    if question.scale.kind == "index":
        return chance.choice((3.2, 3.6, chance.uniform(0, question.scale.top)))
    if question.not_applicable and chance.random() < 0.2:
        return NOT_APPLICABLE
    return tuple(float(chance.randint(0, 20)) for _ in question.asked_inputs)


@both
def test_random_units_of_every_quality_score_as_each_alone(name: str) -> None:
    """Units from hardly filled to complete, from weak to nearly perfect: every status occurs."""
    instrument = instrument_named(name)
    chance = random.Random(25)
    cards = []
    for number in range(150):
        is_open, is_best = chance.choice((0.0, 0.01, 0.5, 0.95)), number / 150
        answers: Answers = {
            key: best_value(question)
            if chance.random() < is_best
            else random_value(chance, question)
            for key, question in instrument.questions.items()
            if chance.random() >= is_open
        }
        cards.append(card_of(instrument, answers))
    assert_as_one_by_one(name, cards)


@FEW
@given(data=st.data())
def test_splitting_the_units_changes_nothing(data: st.DataObject) -> None:
    units = data.draw(st.lists(any_answers(SMALL), min_size=1, max_size=6))
    cut = data.draw(st.integers(0, len(units)))
    cards = [card_of(SMALL, answers) for answers in units]
    whole = score_many(SMALL, encode_answers(SMALL, cards))
    parts = [score_many(SMALL, encode_answers(SMALL, part)) for part in (cards[:cut], cards[cut:])]
    np.testing.assert_array_equal(np.concatenate([part.scores for part in parts]), whole.scores)
    np.testing.assert_array_equal(np.concatenate([p.ceilings for p in parts]), whole.ceilings)


def test_codes_are_the_places_of_the_options_and_measured_holds_the_rest() -> None:
    card = card_of(
        SMALL,
        {
            "A.I.1.i.a": "Tidak",
            "A.I.1.i.b": "A",
            "A.I.1.i.c": "C",
            "A.I.1.ii.a": (4.0, 3.0),
            "A.I.2.i.a": (4.0, 1.0, None),
            "B.I.a": 3.2,
        },
    )
    answers = encode_answers(SMALL, [card])
    assert answers.codes.dtype == np.int8
    assert answers.codes.tolist() == [[1, 0, 2, 0, -1, -1, -1, -1, 0, -1]]
    np.testing.assert_array_equal(answers.measured, [[0.75, np.nan, np.nan, 3.2]])


def test_no_object_is_encoded_as_what_it_is_scored() -> None:
    free = [SMALL.questions[key] for key in ("A.I.1.i.b", "A.I.1.ii.a", "B.I.a")]
    card = card_of(SMALL, {question.id: NOT_APPLICABLE for question in free})
    answers = encode_answers(SMALL, [card])
    assert answers.codes.tolist() == [[-1, 0, -1, 0, -1, -1, -1, -1, 0, -1]]
    np.testing.assert_array_equal(answers.measured, [[1.0, np.nan, np.nan, 4.0]])
    many = score_many(SMALL, answers)
    assert many.scores[0, -1] == pytest.approx(card.total.score, abs=CLOSE)


def test_what_stands_in_measured_of_an_open_question_is_not_read() -> None:
    answers = encode_answers(SMALL, [card_of(SMALL, {})])
    strange = AnswerCodes(answers.codes, np.full_like(answers.measured, 7.0))
    many = score_many(SMALL, strange)
    assert np.isnan(many.scores).all()
    assert (many.floors == 0).all()
    assert many.ceilings[0, -1] == SMALL.weight


def test_no_units_give_no_rows() -> None:
    many = score_many(SMALL, encode_answers(SMALL, []))
    assert many.scores.shape == (0, len(SMALL.nodes) + 1)


@pytest.mark.parametrize("code", [-2, 2, 100])
def test_a_code_on_no_scale_is_refused(code: int) -> None:
    answers = encode_answers(SMALL, [card_of(SMALL, {})])
    answers.codes[0, 0] = code
    with pytest.raises(ValueError, match="codes must be"):
        score_many(SMALL, answers)


def test_arrays_of_another_instrument_are_refused() -> None:
    answers = encode_answers(SMALL, [card_of(SMALL, {})])
    with pytest.raises(ValueError, match=r"codes must have shape \(1, 10\), not \(1, 9\)"):
        score_many(SMALL, AnswerCodes(answers.codes[:, 1:], answers.measured))
    with pytest.raises(ValueError, match="measured must have shape"):
        score_many(SMALL, AnswerCodes(answers.codes, answers.measured[:, 1:]))
