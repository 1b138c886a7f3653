"""The number in a cell, as it is held or typed."""

from __future__ import annotations

from datetime import date

import pytest

from zi_eval.sheets.numbers import decimal_number, held_number


@pytest.mark.parametrize(
    ("cell", "number"),
    [(3, 3.0), (3.62, 3.62), (True, None), (None, None), ("3", None), (date(2026, 1, 1), None)],
)
def test_only_a_number_is_held_as_one(cell: object, number: float | None) -> None:
    assert held_number(cell) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [("3,62", 3.62), (" 3.62 ", 3.62), ("-5", -5.0), ("1.250", 1.25)],
)
def test_a_text_may_have_one_decimal_sign_of_either_kind(text: str, number: float) -> None:
    assert decimal_number(text) == number


@pytest.mark.parametrize("text", ["", "1.250,5", "12 %", "Rp 5", "3 orang", "٣", "1e3", "3,"])
def test_what_needs_more_than_a_sign_to_be_read_is_no_plain_number(text: str) -> None:
    assert decimal_number(text) is None
