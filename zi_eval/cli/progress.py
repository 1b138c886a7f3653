"""What a person sees while units are made: how many, how fast, how much longer, what failed."""

from __future__ import annotations

import sys
import time
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Self

from zi_eval.cli.telling import tell
from zi_eval.core.text import visible

if TYPE_CHECKING:
    from zi_eval.runs.batch import UnitResult
    from zi_eval.runs.timings import Stopwatch

__all__ = [
    "Pace",
    "Progress",
    "describe_duration",
    "describe_number",
    "describe_rate",
    "describe_result",
    "describe_timings",
]

WINDOW = 200
"""The rate is that of the last units made: a slow start does not spoil the estimate."""
MOST_LINES = 200
"""Units of a run that are each told in a line of their own."""
INTERVAL = 10.0
"""Seconds between two lines on how far the run is."""
STATES = {"failed": "gagal", "timed out": "melewati batas waktu"}


def describe_number(number: float, digits: int = 0) -> str:
    """Write a number as Indonesian does: ``25.000``, ``6,5``."""
    return f"{number:,.{digits}f}".translate(str.maketrans(",.", ".,"))


def describe_duration(seconds: float) -> str:
    """Say how long something takes, as exactly as a person wants to know."""
    if seconds < 90:
        return f"{max(1, round(seconds))} detik"
    if seconds < 90 * 60:
        return f"{round(seconds / 60)} menit"
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} jam {minutes} menit" if minutes else f"{hours} jam"


def describe_result(result: UnitResult) -> str:
    """Say in a word or two how a unit ended."""
    if result.error:
        return STATES.get(result.state, "gagal")
    return "tidak berubah" if result.is_skipped else "selesai"


def describe_timings(times: Stopwatch) -> str:
    """Return the phases as a table; what went on beside the others is told apart."""
    lines = [f"{'Tahap':32}{'Waktu':>12}{'Prosesor':>12}"]
    for phase in times.phases:
        name = f"{phase.name} (serentak)" if phase.is_beside else phase.name
        wall, processor = (
            f"{describe_number(value, 2)} detik" for value in (phase.wall, phase.processor)
        )
        lines.append(f"{name:32}{wall:>12}{processor:>12}")
    return "\n".join(lines)


class Pace:
    """How far a run is and how fast it goes; ``clock`` gives seconds."""

    def __init__(self, total: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.total, self.ended, self.failed, self.made = total, 0, 0, 0
        self._clock = clock
        self.started = clock()
        self._ends = deque([self.started], maxlen=WINDOW + 1)

    @property
    def seconds(self) -> float:
        """How long the run has taken so far."""
        return self._clock() - self.started

    def add(self, result: UnitResult) -> None:
        """Count a unit that ended."""
        self.ended += 1
        self.failed += bool(result.error)
        self.made += not result.is_skipped
        if result.is_skipped and len(self._ends) == 1:
            self._ends[0] = self._clock()  # what is skipped says nothing of the rest
        elif not result.is_skipped:
            self._ends.append(self._clock())

    @property
    def rate(self) -> float | None:
        """Units made in a second, None while none was."""
        span = self._ends[-1] - self._ends[0]
        return (len(self._ends) - 1) / span if span > 0 else None

    def describe(self) -> str:
        """Say the rate, the time left and the failures so far."""
        parts = []
        rate = self.rate
        if rate is not None:
            parts.append(describe_rate(rate))
            if self.ended < self.total:
                left = describe_duration((self.total - self.ended) / rate)
                parts.append(f"sisa sekitar {left}")
        if self.failed:
            parts.append(f"{describe_number(self.failed)} gagal")
        return " · ".join(parts)


def describe_rate(rate: float) -> str:
    """Say a rate so that it is never nought."""
    if rate >= 0.95:
        return f"{describe_number(rate, 1)} unit/detik"
    return f"{describe_number(1 / rate, 1)} detik/unit"


class Progress:
    """A bar in a terminal; elsewhere a line a unit, of many units only of those that failed.

    Where no line a unit tells how far the run is, and in long runs, a line of its own does, at
    most every few seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.pace = Pace(0, clock)
        self._clock = clock
        self._told = clock()
        self._bar: Any = None

    def __enter__(self) -> Self:
        return self

    def begin(self, total: int) -> None:
        """Begin to count: so many units are to end."""
        self.pace, self._told = Pace(total, self._clock), self._clock()
        if sys.stderr.isatty():
            from tqdm import tqdm

            tqdm.monitor_interval = 0  # a thread that a bar moved at every unit has no need of
            frame = "{desc} {percentage:3.0f}% |{bar}| {n_fmt}/{total_fmt}{postfix}"
            self._bar = tqdm(total=total, desc="Laporan", bar_format=frame)

    def ended(self, result: UnitResult) -> None:
        """Tell of a unit that ended."""
        pace = self.pace
        pace.add(result)
        state, unit = describe_result(result), visible(result.unit, is_line=True)
        if self._bar is not None:
            if result.error:
                self._bar.write(visible(f"{unit}: {state}: {result.error.splitlines()[0]}"))
            self._bar.set_postfix_str(pace.describe(), refresh=False)
            self._bar.update()
            return
        place = f"[{describe_number(pace.ended)}/{describe_number(pace.total)}]"
        if pace.total <= MOST_LINES or result.error:
            took = describe_number(result.seconds, 1)
            why = f": {result.error.splitlines()[0]}" if pace.total > MOST_LINES else ""
            tell(f"{place} {unit}: {state} ({took} detik){why}")
        if self._clock() - self._told >= INTERVAL and pace.ended < pace.total:
            self._told = self._clock()
            tell(f"{place} {pace.describe()}")

    def close(self) -> None:
        """Leave the terminal as it is to stay."""
        if self._bar is not None:
            self._bar.close()

    def __exit__(self, *_: object) -> None:
        self.close()
