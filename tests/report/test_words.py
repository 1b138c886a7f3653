"""Rounding, decimals and words as people read them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.pages.builders import INSTRUMENT
from zi_eval.core.assessment import NOT_APPLICABLE
from zi_eval.core.trace import Trace
from zi_eval.core.verdict import Status
from zi_eval.report.words import (
    answer_text,
    distance_text,
    fact_text,
    format_count,
    format_margin,
    format_number,
    format_percent,
    format_points_against,
    format_time,
    formula_text,
    margin_text,
    verdict_label,
)


@pytest.mark.parametrize(
    ("number", "digits", "text"),
    [
        (2.675, 2, "2,68"),
        (0.125, 2, "0,13"),
        (1.005, 2, "1,01"),
        (-1.005, 2, "−1,01"),
        (-0.001, 2, "0,00"),
        (0.5, 0, "1"),
        (1234.5, 1, "1.234,5"),
        (1e-12, 2, "0,00"),
        (100, 2, "100,00"),
        (None, 2, "–"),
    ],
)
def test_numbers_are_rounded_half_up_on_their_decimals(
    number: float | None, digits: int, text: str
) -> None:
    assert format_number(number, digits) == text


@pytest.mark.parametrize(
    ("got", "need", "text"),
    [
        (74.996, 75, "74,996"),
        (74.9999994, 75, "74,999999"),
        (74.5, 75, "74,50"),
        (75 - 1e-10, 75, "75,00"),
        (75.0, 75, "75,00"),
        (75.004, 75, "75,00"),
        (18.2499, 18.25, "18,2499"),
        (None, 75, "–"),
    ],
)
def test_rounding_never_hides_a_miss(got: float | None, need: float, text: str) -> None:
    assert format_points_against(got, need) == text


@given(st.floats(0, 100), st.sampled_from([75.0, 40.0, 4.8, 18.25, 15.75]))
def test_a_miss_never_reads_as_the_minimum(got: float, need: float) -> None:
    shown = float(format_points_against(got, need).replace(",", "."))
    if got < need - 1e-9:
        assert shown < need


def test_counts_show_decimals_only_where_there_are_some() -> None:
    assert [format_count(number) for number in (12.0, 2.5, 1250, 0.375, 100)] == [
        "12",
        "2,5",
        "1.250",
        "0,375",
        "100",
    ]


def test_margins_carry_their_sign() -> None:
    shown = [format_margin(margin) for margin in (1.236, -0.3, -0.004, -1e-12, 0.0, None)]
    assert shown == ["+1,24", "−0,30", "−0,004", "0,00", "0,00", "–"]


def test_margins_in_words() -> None:
    shown = [margin_text(margin) for margin in (1.236, -0.004, 1e-12, None)]
    assert shown == ["lebih 1,24", "kurang 0,004", "tepat di ambang", "belum ada nilai"]
    assert distance_text(-0.3, 75) == "0,30 di bawah ambang 75"
    assert distance_text(0, 18.25) == "tepat di ambang 18,25"


def test_percent() -> None:
    assert format_percent(0.875) == "87,5\u00a0%"
    assert format_percent(None) == "–"


def test_time_is_written_the_indonesian_way_in_the_given_zone() -> None:
    time = datetime(2026, 1, 5, 14, 5, tzinfo=timezone(timedelta(hours=7)))
    assert format_time(time) == "5 Januari 2026 pukul 14.05 WIB"
    assert format_time(time, timezone(timedelta(hours=9))) == "5 Januari 2026 pukul 16.05 WIT"
    assert format_time(time, UTC) == "5 Januari 2026 pukul 07.05 UTC"
    odd = timezone(timedelta(hours=5, minutes=30))
    assert format_time(time, odd) == "5 Januari 2026 pukul 12.35 UTC+05.30"


def test_time_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        format_time(datetime(2026, 1, 5))


def test_verdicts_and_facts() -> None:
    assert verdict_label(Status.MET, "WBK") == "Memenuhi WBK"
    assert verdict_label(Status.NOT_MET, "WBBM") == "Belum memenuhi WBBM"
    assert verdict_label(Status.UNKNOWN, "WBK") == "Belum dapat disimpulkan"
    shown = [fact_text(True), fact_text(False), fact_text("BB"), fact_text(None)]
    assert shown == ["ya", "tidak", "BB", "belum dinyatakan"]
    assert fact_text(100.0, "%") == "100\u00a0%"
    assert fact_text(3.0, "level") == "level\u00a03"


def test_no_answer_not_applicable_and_zero_are_three_things() -> None:
    question = INSTRUMENT.questions["A.II.5.ii.a"]
    assert answer_text(question, None) == "belum dijawab"
    assert answer_text(question, NOT_APPLICABLE) == "tidak berlaku"
    assert answer_text(question, (0.0, None, 0.0)).count(": 0") == 2
    assert answer_text(INSTRUMENT.questions["B.I.a"], 3.6) == "3,60 dari 4"


def test_formulas() -> None:
    parts = (Trace("x.a", "choice", 1.0, answer="A"), Trace("x.b", "choice", 0.5, answer="B"))
    assert formula_text(Trace("x", "mean", 0.75, 1.0, parts=parts)) == "rata-rata (1; 0,5) × 1"
    assert formula_text(Trace("x", "sum", 1.5, 2.0, parts=parts)) == "1 + 0,5"
    assert formula_text(Trace("q", "index", 15.75, 17.5, (3.6, 4.0))) == "3,6 / 4 × 17,5"
    assert formula_text(Trace("q", "open", None)) == "belum dijawab"
