"""Files drawn with the troubles of real ones: nothing wrong in silence, nearly all is read."""

from __future__ import annotations

import pytest

from tests.fields import Drawn, Tally, judge
from tests.fields.__main__ import LEAST, run
from tests.laws import count_examples


@pytest.mark.law
def test_no_wrong_value_is_read_in_silence_and_nearly_all_is_read() -> None:
    # Two of three are LKE; of all workbooks a third is saved anew as ods, xls or xlsb.
    tally = run(count_examples(100), 16, ["lke", "lke", "kinerja", "lke", "lke", "survei"])

    assert (tally.wrong, tally.lost) == (0, 0), tally.examples[:5]
    assert tally.share >= LEAST


def test_the_judge_tells_wrong_from_lost_from_named() -> None:
    tally = Tally()
    wanted = {"a": 1, "b": 2, "c": 3, "d": None, "e": None, "f": 6}
    found = {"a": 1, "b": 9, "d": 0}

    judge(Drawn(("x",), wanted, found, lambda fact: fact in ("e", "f")), tally, "buku")

    counts = tally.counts["semua"]
    assert {name: counts[name] for name in ("read", "wrong", "lost", "named", "open")} == {
        "read": 1,
        "wrong": 2,
        "lost": 1,
        "named": 1,
        "open": 1,
    }
    assert tally.share == 1 / 5  # what is wrong counts as not read
    assert len(tally.examples) == 3
