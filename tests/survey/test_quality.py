from __future__ import annotations

from datetime import datetime

import numpy as np
import pytest

from tests.survey.samples import responses, survey
from zi_eval.survey.index import cronbach_alpha
from zi_eval.survey.quality import DoubtKind, find_doubts
from zi_eval.survey.values import Response

# The data set `attitude` of R (Chatterjee & Price 1977), 30 departments by 7 questions.
ATTITUDE = """
43 63 71 61 81 43 58 71 72 67 64 67 69 68 77 81 74 65 65 50 50 64 53 40 63 66 78 48 85 82
51 64 70 63 78 55 67 75 82 61 53 60 62 83 77 90 85 60 70 58 40 61 66 37 54 77 75 57 85 82
30 51 68 45 56 49 42 50 72 45 53 47 57 83 54 50 64 65 46 68 33 52 52 42 42 66 58 44 71 39
39 54 69 47 66 44 56 55 67 47 58 39 42 45 72 72 69 75 57 54 34 62 50 58 48 63 74 45 71 59
61 63 76 54 71 54 66 70 71 62 58 59 55 59 79 60 79 55 75 64 43 66 63 50 66 88 80 51 77 64
92 73 86 84 83 49 68 66 83 80 67 74 63 77 77 54 79 80 85 78 64 80 80 57 75 76 78 83 74 78
45 47 48 35 47 34 35 41 31 41 34 41 25 35 46 36 63 60 46 52 33 41 37 49 33 72 49 38 55 39
"""


def attitude() -> np.ndarray:
    return np.array([line.split() for line in ATTITUDE.strip().splitlines()], dtype=float).T


def test_alpha_is_what_r_gives_for_its_own_data_set() -> None:
    # psych::alpha(attitude): raw_alpha 0.84, by (1 - tr(C) / sum(C)) * n / (n - 1).
    table = attitude()
    assert np.round(table.mean(axis=0), 2).tolist() == [
        64.63, 66.6, 53.13, 56.37, 64.63, 74.77, 42.93,
    ]  # fmt: skip
    alpha = cronbach_alpha(table)
    assert alpha is not None
    assert round(alpha, 2) == 0.84
    covariances = np.cov(table, rowvar=False)
    psych = (1 - np.trace(covariances) / covariances.sum()) * 7 / 6
    assert alpha == pytest.approx(psych)


def test_alpha_leaves_out_who_did_not_answer_all() -> None:
    table = attitude()
    more = np.vstack([table, np.full(7, np.nan)])
    assert cronbach_alpha(more) == cronbach_alpha(table)


@pytest.mark.parametrize(
    "rows", [[], [[1.0, 2.0]], [[3.0, 3.0], [3.0, 3.0]], [[1.0], [2.0]], [[1.0, np.nan]] * 3]
)
def test_where_nothing_varies_or_too_little_is_there_alpha_is_none(rows: list[list[float]]) -> None:
    width = len(rows[0]) if rows else 2
    assert cronbach_alpha(np.array(rows, dtype=float).reshape(-1, width)) is None


def test_the_same_answer_to_everything_is_named_by_row() -> None:
    found = find_doubts(survey(), responses((4, 4, 4), (4, 4, 3), (2, 2, 2), (4, None, None)))
    assert found[DoubtKind.STRAIGHT] == (2, 4)
    assert DoubtKind.STRAIGHT.is_weak
    assert not DoubtKind.FAST.is_weak


def test_two_alike_of_two_questions_are_no_straight_line() -> None:
    assert find_doubts(survey(2), responses((4, 4), (3, 3))) == {}


def test_who_was_faster_than_reading_takes_is_named() -> None:
    people = [
        Response(2, (4, 3, 4), seconds=5.9),
        Response(3, (4, 3, 4), seconds=6.0),
        Response(4, (4, 3, 4)),
        Response(5, (4, 3, None), seconds=4.0),
    ]
    assert find_doubts(survey(), people) == {DoubtKind.FAST: (2,)}


def test_a_second_row_of_the_same_person_is_a_duplicate_and_the_first_is_not() -> None:
    people = [Response(2, (4, 3, 4)), Response(3, (1, 2, 3), same_person=2)]
    assert find_doubts(survey(), people) == {DoubtKind.DUPLICATE: (3,)}


def test_the_same_answers_alone_are_no_duplicate() -> None:
    assert find_doubts(survey(), responses((4, 3, 4), (4, 3, 4))) == {}


@pytest.mark.parametrize(
    ("fields", "is_duplicate"),
    [
        ({"time": datetime(2026, 3, 2, 9, 15, 22)}, True),
        ({"time": datetime(2026, 3, 2, 9, 15)}, False),
        ({"time": datetime(2026, 3, 2)}, False),
        ({"comment": "Antrean farmasi bisa dititip."}, True),
        ({"comment": "baik sekali"}, False),
    ],
)
def test_the_same_answers_at_the_same_second_or_with_the_same_sentence_are(
    fields: dict[str, object], is_duplicate: bool
) -> None:
    people = responses((4, 3, 4), (4, 3, 4), **fields)
    assert (DoubtKind.DUPLICATE in find_doubts(survey(), people)) is is_duplicate


def test_less_than_half_answered_is_named() -> None:
    found = find_doubts(survey(4), responses((4, None, None, None), (4, 3, None, None)))
    assert found == {DoubtKind.PARTIAL: (2,)}
