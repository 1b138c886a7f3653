from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.survey.samples import survey
from zi_eval.survey.values import Conversion, round_half_up


@pytest.mark.parametrize(
    ("value", "letter"),
    [(25.0, "D"), (64.99, "D"), (64.994, "D"), (64.995, "C"), (65.0, "C"), (76.60, "C"),
     (76.604, "C"), (76.605, "B"), (76.61, "B"), (88.30, "B"), (88.304, "B"), (88.305, "A"),
     (88.31, "A"), (100.0, "A")],
)  # fmt: skip
def test_the_letter_is_read_after_rounding_half_up_so_the_gaps_of_the_bands_do_no_harm(
    value: float, letter: str
) -> None:
    assert survey().band(value / 25).letter == letter


def test_a_half_that_binary_keeps_a_little_lower_is_still_rounded_up() -> None:
    assert 1.0006 * 25 < 25.015
    assert round_half_up(1.0006 * 25) == 25.02


@pytest.mark.parametrize("highest", [5, 6, 10])
def test_both_choices_give_4_for_the_best_and_only_one_gives_1_for_the_worst(highest: int) -> None:
    share = survey(highest=highest, conversion=Conversion.SHARE)
    stretch = survey(highest=highest, conversion=Conversion.STRETCH)
    assert share.convert(highest) == stretch.convert(highest) == pytest.approx(4)
    assert share.convert(1) == pytest.approx(4 / highest)
    assert stretch.convert(1) == 1


def test_the_two_ways_from_6_to_4_fall_on_different_sides_of_3_60() -> None:
    share = survey(highest=6, conversion=Conversion.SHARE)
    stretch = share.other_conversion
    assert stretch is not None
    assert stretch.conversion is Conversion.STRETCH
    assert share.convert(5.35) == pytest.approx(3.5667, abs=1e-4)
    assert share.convert(5.35) < 3.60 < stretch.convert(5.35)
    assert survey().other_conversion is None


@given(st.floats(1, 6), st.floats(1, 6), st.sampled_from([Conversion.SHARE, Conversion.STRETCH]))
def test_a_conversion_keeps_the_order_and_stays_within_4(
    one: float, other: float, conversion: Conversion
) -> None:
    asked = survey(highest=6, conversion=conversion)
    low, high = sorted((one, other))
    assert 0 < asked.convert(low) <= asked.convert(high) <= 4 + 1e-12


def test_the_conversion_is_always_said() -> None:
    assert "langsung" in survey().conversion_text
    assert "4 / 6" in survey(highest=6).conversion_text
    assert "3 / 5" in survey(highest=6, conversion=Conversion.STRETCH).conversion_text
