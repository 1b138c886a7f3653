"""A few of the inputs that ``make fuzz`` puts by the thousand."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hostile.fuzz import MOST_GROWTH, SHARES, run


@pytest.mark.parametrize("inputs", [250, pytest.param(3_000, marks=pytest.mark.long)])
def test_spoiled_inputs_are_read_or_refused_and_nothing_grows(tmp_path: Path, inputs: int) -> None:
    put, refused, growth = run(inputs, 2026, tmp_path)
    assert set(put) == set(SHARES)
    assert sum(put.values()) == inputs
    assert 0 < sum(refused.values()) < inputs
    assert growth[1] <= MOST_GROWTH
