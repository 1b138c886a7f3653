"""What holds of any recommendation: it comes back as it was written, beside all others."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tests.laws import law
from zi_eval.core.text import tidy_text
from zi_eval.recommendations.table.editor import (
    FIELDS,
    add_rows,
    field_value,
    parse_table,
    set_fields,
)
from zi_eval.recommendations.table.headings import FORM
from zi_eval.recommendations.values import Origin, Recommendation, Status, carry_over

TEXT = st.text(max_size=40).map(tidy_text)
DAY = st.none() | st.dates(date(2000, 1, 1), date(2099, 12, 31))
ITEM = st.builds(
    Recommendation,
    number=st.from_regex(r"[A-Z]{1,3}-[0-9]{1,4}/[A-Z]{1,3}", fullmatch=True),
    origin=st.sampled_from(Origin),
    text=TEXT.filter(bool),
    questions=st.lists(st.sampled_from(["A.I.1.i.a", "B.I.a"]), unique=True).map(tuple),
    issued=DAY,
    owner=TEXT,
    due=DAY,
    status=st.sampled_from(Status),
    action=TEXT,
    proof=TEXT,
    verified_by=TEXT,
    verified_on=DAY,
    note=TEXT,
)
ITEMS = st.lists(ITEM, min_size=1, max_size=4, unique_by=lambda item: item.key)


def said(item: Recommendation) -> tuple[object, ...]:
    return tuple(field_value(item, field) for field in FIELDS)


@law(12)
@given(ITEMS, st.booleans(), ITEM)
def test_written_rows_come_back_as_they_were_and_a_change_touches_one(
    items: list[Recommendation], is_csv: bool, other: Recommendation
) -> None:
    """Whatever people write, in a CSV or a workbook; formulas and quotes among it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / ("a.csv" if is_csv else "a.xlsx")
        data = FORM.to_csv().encode("utf-8-sig") if is_csv else FORM.to_workbook()
        table = add_rows(parse_table(path, data, 2026), items)
        assert [said(item) for item in table.items] == [said(item) for item in items]
        first = table.items[0]
        values = {"tindak_lanjut": other.action or None, "status": other.status.value}
        changed = set_fields(table, first, values)
        wanted = replace(first, action=other.action, status=other.status)
        assert [said(i) for i in changed.items] == [
            said(wanted), *(said(i) for i in table.items[1:])
        ]  # fmt: skip
        gone = set_fields(changed, changed.items[0], dict.fromkeys(FIELDS))
        assert [said(i) for i in gone.items] == [said(i) for i in table.items[1:]]


@law(30)
@given(st.lists(st.lists(ITEM, max_size=3, unique_by=lambda i: i.key), max_size=3))
def test_carrying_over_loses_nothing_and_counts_nothing_twice(
    tables: list[list[Recommendation]],
) -> None:
    named = [(f"202{n}", items) for n, items in enumerate(tables)]
    found = carry_over(named)
    assert len({item.key for item in found}) == len(found)
    assert {item.key for item in found} == {item.key for items in tables for item in items}
    for item in found:
        last = max(name for name, items in named if item.key in {i.key for i in items})
        first = min(name for name, items in named if item.key in {i.key for i in items})
        assert (item.period, item.since) == (last, first)
