"""What a person sees while units are made."""

from __future__ import annotations

import itertools
import re
import sys

import pytest

from zi_eval.cli.progress import (
    MOST_LINES,
    Pace,
    Progress,
    describe_duration,
    describe_number,
    describe_rate,
    describe_timings,
)
from zi_eval.runs.batch import UnitResult
from zi_eval.runs.ledger import State
from zi_eval.runs.timings import Stopwatch


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def made(unit: str = "u") -> UnitResult:
    return UnitResult(unit, State.DONE, 0.5)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "1 detik"),
        (45.4, "45 detik"),
        (89, "89 detik"),
        (90, "2 menit"),
        (1800, "30 menit"),
        (5400, "1 jam 30 menit"),
        (7200, "2 jam"),
    ],
)
def test_a_duration_is_said_as_a_person_would(seconds: float, text: str) -> None:
    assert describe_duration(seconds) == text


def test_numbers_and_rates_are_indonesian_and_never_nought() -> None:
    assert describe_number(25_000) == "25.000"
    assert describe_rate(6.54) == "6,5 unit/detik"
    assert describe_rate(0.02) == "50,0 detik/unit"


def test_rate_and_time_left_are_those_of_the_units_made() -> None:
    clock = Clock()
    pace = Pace(1010, clock)
    assert pace.describe() == ""
    clock.now += 30
    for _ in range(1000):
        pace.add(UnitResult("u", State.DONE, is_skipped=True))
    assert pace.rate is None
    for _ in range(4):
        clock.now += 2
        pace.add(made())
    pace.add(UnitResult("u", State.FAILED, 1.0, "sebab"))
    assert pace.rate == pytest.approx(5 / 8)
    assert pace.describe() == "1,6 detik/unit · sisa sekitar 8 detik · 1 gagal"
    assert (pace.ended, pace.made, pace.failed, pace.seconds) == (1005, 5, 1, 38)


def test_the_rate_is_that_of_late_not_of_the_slow_start() -> None:
    clock = Clock()
    pace = Pace(2000, clock)
    for seconds in itertools.chain([60.0] * 3, [0.5] * 400):
        clock.now += seconds
        pace.add(made())
    assert pace.rate == pytest.approx(2)


def test_a_small_run_has_a_line_a_unit(capsys: pytest.CaptureFixture[str]) -> None:
    with Progress(Clock()) as progress:
        progress.begin(2)
        progress.ended(made("a"))
        progress.ended(UnitResult("b", State.TIMED_OUT, 5.0, "sebab"))
    assert capsys.readouterr().out.splitlines() == [
        "[1/2] a: selesai (0,5 detik)",
        "[2/2] b: melewati batas waktu (5,0 detik)",
    ]


def test_thousands_of_units_give_a_line_for_each_failure_and_one_every_few_seconds(
    capsys: pytest.CaptureFixture[str],
) -> None:
    clock, total = Clock(), 25 * MOST_LINES
    with Progress(clock) as progress:
        progress.begin(total)
        for number in range(total):
            clock.now += 0.01
            is_bad = number % 1000 == 0
            progress.ended(UnitResult(f"u{number}", State.FAILED, 0.1, "sebab\nlagi") if is_bad else made())  # fmt: skip  # noqa: E501
    lines = capsys.readouterr().out.splitlines()
    failures = [line for line in lines if "gagal (0,1 detik): sebab" in line]
    assert len(failures) == 5
    assert 4 <= len(lines) - len(failures) <= 5
    told = next(line for line in lines if line not in failures)
    assert re.fullmatch(
        r"\[1\.\d{3}/5\.000\] 100,0 unit/detik · sisa sekitar 40 detik · [12] gagal", told
    )


def test_a_terminal_has_a_bar_with_rate_time_left_and_failures(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    clock = Clock()
    with Progress(clock) as progress:
        progress.begin(3)
        for result in (made("a"), UnitResult("b", State.FAILED, 0.1, "sebab\nlagi")):
            clock.now += 2
            progress.ended(result)
    out, err = capsys.readouterr()
    assert out.strip() == "b: gagal: sebab"
    assert "2/3, 2,0 detik/unit · sisa sekitar 2 detik · 1 gagal" in err


def test_timings_are_a_table_in_which_what_went_on_beside_is_marked() -> None:
    times = Stopwatch()
    times.add("rekap", 1.25, 0.5)
    times.add("gladi laporan", 2.0, 1.0, is_beside=True)
    rows = [line.split() for line in describe_timings(times).splitlines()]
    assert rows[0] == ["Tahap", "Waktu", "Prosesor"]
    assert rows[1] == ["rekap", "1,25", "detik", "0,50", "detik"]
    assert rows[2] == ["gladi", "laporan", "(serentak)", "2,00", "detik", "1,00", "detik"]
