"""The order of names, which no locale may decide, and what the zone of a time is called."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.laws import law
from zi_eval.core.text import by_name, name_order, zone_name

ORDERED = [
    "Balai Besar",
    "Dinas Kesehatan",
    "DINAS PERHUBUNGAN",
    "Dinas Sosial",
    "École",
    "Kantor Wilayah IV",
    "Kantor Wilayah V",
    "Kantor Wilayah IX",
    "Kantor Wilayah X",
    "Kantor Wilayah Xanana",
    "Puskesmas",
    "puskesmas 1",
    "Puskesmas-2 Sukamaju",
    "Puskesmas 10",
    "Puskesmas Anggrek",
    "Unit 2",
    "Unit 10",
]


def test_names_stand_as_people_look_for_them() -> None:
    shuffled = ORDERED[:]
    random.Random(18).shuffle(shuffled)
    assert sorted(shuffled, key=name_order) == ORDERED


def test_what_is_named_stands_in_the_order_of_its_names() -> None:
    assert by_name({"smpn-10": 1, "smpn-2": 2}) == [("smpn-2", 2), ("smpn-10", 1)]


@law(200)
@given(st.lists(st.text(max_size=12), max_size=6))
def test_any_names_have_one_order(names: list[str]) -> None:
    there = sorted(names, key=name_order)
    names.reverse()
    assert sorted(names, key=name_order) == there


@pytest.mark.parametrize(
    ("hours", "name"),
    [(7, "WIB"), (8, "WITA"), (9, "WIT"), (0, "UTC"), (5.5, "UTC+05.30"), (-3.5, "UTC−03.30")],
)
def test_a_zone_has_its_indonesian_name(hours: float, name: str) -> None:
    assert zone_name(datetime(2026, 1, 5, tzinfo=timezone(timedelta(hours=hours)))) == name


def test_an_hour_without_zone_is_refused() -> None:
    assert zone_name(datetime(2026, 1, 5, tzinfo=UTC)) == "UTC"
    with pytest.raises(ValueError, match="time zone"):
        zone_name(datetime(2026, 1, 5))
