from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zi_eval.core.text import day_text
from zi_eval.errors import ZiEvalError
from zi_eval.performance.form.input import parse_entry
from zi_eval.performance.plan import Indicator
from zi_eval.screen.typed import exact_text

SHARE = Indicator(goal="Layanan", name="Izin tepat waktu", unit_of_measure="%")
DAYS = Indicator(
    goal="Layanan", name="Lama izin", unit_of_measure="hari", targets=(5.0, None, None, None),
    ceiling=2_000_000.0,
)  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("12,5", 12.5), ("12.5", 12.5), ("12,5 %", 12.5), ("1.250.000", 1250000.0), ("-2,5", -2.5),
        ("  0 ", 0.0), ("1250", 1250.0), ("-", None), ("belum ada", None), ("", None), (None, None),
    ],
)  # fmt: skip
def test_a_figure_is_read_as_people_write_it(typed: str | None, value: float | None) -> None:
    assert parse_entry(SHARE, "realisasi_tw1", typed) == (value, "")


def test_money_is_read_with_its_sign() -> None:
    assert parse_entry(DAYS, "realisasi_anggaran", "Rp 1.250.000,00") == (1250000.0, "")
    assert parse_entry(DAYS, "realisasi_tw1", "4,5 hari") == (4.5, "")


@pytest.mark.parametrize("typed", ["banyak", "=1+1", "1/2", "12,5,3", "1.25.000", "12 orang", "∞"])
def test_what_is_no_figure_is_refused_with_how_to_write_it(typed: str) -> None:
    with pytest.raises(ZiEvalError, match=r"bukan angka.*1250, 12,5, atau Rp 1\.250\.000,00"):
        parse_entry(SHARE, "realisasi_tw1", typed)


def test_a_percentage_of_something_else_is_refused() -> None:
    with pytest.raises(ZiEvalError, match="'hari', bukan persen"):
        parse_entry(DAYS, "realisasi_tw1", "12 %")
    with pytest.raises(ZiEvalError, match="rupiah, bukan persen"):
        parse_entry(DAYS, "realisasi_anggaran", "80 %")
    with pytest.raises(ZiEvalError, match="tidak boleh negatif"):
        parse_entry(DAYS, "realisasi_anggaran", "-5")


@pytest.mark.parametrize(
    ("typed", "value", "said"),
    [
        ("1.250", 1250.0, "Titik dibaca sebagai pemisah ribuan: 1.250. Untuk pecahan pakai koma."),
        ("1,250", 1.25, "Koma dibaca sebagai tanda desimal: 1,25. Untuk ribuan tulis tanpa tanda."),
    ],
)
def test_a_figure_of_two_meanings_is_told_how_it_was_read(
    typed: str, value: float, said: str
) -> None:
    assert parse_entry(SHARE, "realisasi_tw2", typed) == (value, said)


def test_a_figure_far_from_its_target_and_money_beyond_its_ceiling_are_told() -> None:
    assert "Jauh dari target triwulan ini (5 hari)" in parse_entry(DAYS, "realisasi_tw1", "450")[1]
    assert parse_entry(DAYS, "realisasi_tw1", "9")[1] == ""
    assert "Melebihi pagu" in parse_entry(DAYS, "realisasi_anggaran", "2000001")[1]


@given(st.floats(-1e12, 1e12, allow_nan=False) | st.decimals(0, 10**6, places=3).map(float))
def test_a_figure_that_is_shown_reads_back_exactly(value: float) -> None:
    item = Indicator(goal="G", name="N")
    assert parse_entry(item, "realisasi_tw1", exact_text(value))[0] == value


@pytest.mark.parametrize(
    "typed",
    ["2026-11-30", "30/11/2026", "30-11-2026", "30.11.2026", "30 November 2026", "Nov 2026"],
)
def test_a_date_is_read_as_people_write_it(typed: str) -> None:
    assert parse_entry(DAYS, "batas_waktu", typed) == ("2026-11-30", "")


@pytest.mark.parametrize("typed", ["akhir tahun", "31/11/2026", "0001-01-01", "46000", "TW V"])
def test_what_is_no_date_is_refused(typed: str) -> None:
    with pytest.raises(ZiEvalError, match=r"bukan tanggal\. Tulis seperti 30 Juni 2026"):
        parse_entry(DAYS, "batas_waktu", typed)


def test_texts_are_kept_as_typed_without_what_nobody_sees() -> None:
    assert parse_entry(DAYS, "sebab", " =SUM(A1)\r\nbaris kedua\x00 \n") == (
        "=SUM(A1)\nbaris kedua", "",
    )  # fmt: skip
    with pytest.raises(ZiEvalError, match="Persingkat"):
        parse_entry(DAYS, "sebab", "a" * 10_001)
    with pytest.raises(ZiEvalError, match="muat ulang"):
        parse_entry(DAYS, "sebab", ["a"])


@given(st.dates(date(1900, 1, 1)))
def test_a_day_that_is_shown_reads_back(day: date) -> None:
    assert parse_entry(DAYS, "batas_waktu", day_text(day))[0] == day.isoformat()


def test_a_quarter_is_the_last_day_of_it_in_the_year_of_the_plan() -> None:
    assert parse_entry(DAYS, "batas_waktu", "TW II", 2026) == ("2026-06-30", "")
