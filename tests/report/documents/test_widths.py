from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from zi_eval.report.documents.content import Column, Table
from zi_eval.report.documents.widths import column_widths

WORDS = st.text("abcdefghijklmnop", min_size=1, max_size=20)
TEXTS = st.lists(WORDS, max_size=4).map(" ".join)
PAGE = 9070


@st.composite
def tables(draw: st.DrawFn) -> Table:
    count = draw(st.integers(1, 7))
    columns = tuple(Column(draw(TEXTS), draw(st.floats(0.1, 9))) for _ in range(count))
    rows = draw(st.lists(st.tuples(*(TEXTS for _ in range(count))), max_size=4))
    return Table("Uji", columns, tuple(rows))


@given(tables(), st.integers(1000, 20_000))
def test_columns_fill_the_table_and_never_pass_it(table: Table, width: int) -> None:
    widths = column_widths(table, width)
    assert width - len(widths) <= sum(widths) <= width
    assert min(widths) > 0


@given(tables(), st.integers(0, 6), WORDS)
def test_a_longer_word_never_makes_its_column_narrower(table: Table, place: int, word: str) -> None:
    place %= len(table.columns)
    row = tuple(word if at == place else "" for at in range(len(table.columns)))
    longer = Table(table.caption, table.columns, (*table.rows, row))
    assert column_widths(longer, PAGE)[place] >= column_widths(table, PAGE)[place] - 1


def test_shares_stay_where_every_word_has_room() -> None:
    table = Table("Uji", (Column("No", 1), Column("Ambang", 3)), (("1", "Nilai total"),))
    assert column_widths(table, 8000) == [2000, 6000]


def test_a_narrow_column_takes_from_those_that_can_spare() -> None:
    columns = (Column("No", 1), Column("Prasyarat", 8), Column("Dinyatakan", 1))
    table = Table("Uji", columns, (("1", "Opini BPK", "1.425.000.000"),))
    number, title, stated = column_widths(table, 6000)
    assert stated > 13 * 9 * 20 * 0.6  # thirteen digits of the widest usual font
    assert title < 4800
    assert number >= 2 * 9 * 20 * 0.6


def test_an_address_takes_no_room_from_words() -> None:
    columns = (Column("Dokumen", 1), Column("Tautan", 1))
    short, long = (Table("Uji", columns, (("SPTJM", address),)) for address in ("a", "a" * 200))
    assert column_widths(short, 6000) == column_widths(long, 6000)
