"""Dates and times as people write them."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from zi_eval.sheets.dates import is_month_first, parse_date, parse_moment


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-02T09:15:22.000+07:00", datetime(2026, 3, 2, 9, 15, 22)),
        ("02/03/2026 09.15", datetime(2026, 3, 2, 9, 15)),
        ("2/3/26 12:05:00 AM", datetime(2026, 3, 2, 0, 5)),
        ("2026/03/02", datetime(2026, 3, 2)),
        ("1 Januari 2026 10:07", datetime(2026, 1, 1, 10, 7)),
        ("Senin, 2 Maret 2026 pukul 10.07 WIB", datetime(2026, 3, 2, 10, 7)),
        ("30-Jun-26", datetime(2026, 6, 30)),
        ("June 30, 2026 10:07 PM", datetime(2026, 6, 30, 22, 7)),
        ("17 Agt 2026", datetime(2026, 8, 17)),
        ("31/02/2026", None),
        ("31 Juni 2026", None),
        ("3 Jumat 2026", None),
        ("kemarin", None),
        ("", None),
        (3, None),
    ],
)
def test_times_are_read_as_forms_and_people_write_them(text: str, moment: datetime | None) -> None:
    assert parse_moment(text) == moment


@pytest.mark.parametrize(
    "value",
    [
        "30 Juni 2026", "2026-06-30 00:00:00", "2026-06-30T00:00:00Z", "30/06/2026", "30.6.26",
        "TW II", "Triwulan 2", "Q2 2026", "Semester I", "Juni", "akhir Juni 2026", "Jun-26",
        datetime(2026, 6, 30, 12), date(2026, 6, 30), 46203,
    ],
)  # fmt: skip
def test_a_deadline_is_a_day_the_last_of_what_it_names(value: object) -> None:
    assert parse_date(value, 2026) == date(2026, 6, 30)


@pytest.mark.parametrize(
    "value", ["segera", "setiap bulan", "1 Juni 2026 s.d. 30 Juni 2026", "TW V", 12, "mei-an"]
)
def test_what_names_no_one_day_is_none(value: object) -> None:
    assert parse_date(value, 2026) is None


def test_a_column_is_month_first_where_a_second_part_shows_it() -> None:
    assert is_month_first(["2/3/26", "2/13/26"])
    assert not is_month_first(["2/3/26", "13/2/26", "2026-13-02"])
