"""Forty tables of performance and surveys, drawn: nothing wrong in silence, nearly all is read."""

from __future__ import annotations

from tests.fields.__main__ import LEAST, run


def test_no_wrong_figure_is_read_in_silence_and_nearly_all_is_read() -> None:
    tally = run(40, 16, ["kinerja", "survei"])

    assert (tally.wrong, tally.lost) == (0, 0), tally.examples[:5]
    assert tally.share >= LEAST
