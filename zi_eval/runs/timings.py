"""Where the time of a run goes, phase by phase; the values are said to people."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

__all__ = ["Phase", "Stopwatch"]


@dataclass(frozen=True, slots=True)
class Phase:
    """A part of a run: its seconds on the wall, and of processors, which may be several at once.

    ``is_beside`` tells that it went on in another process while the phases before it did.
    """

    name: str
    wall: float
    processor: float
    is_beside: bool = False


def _processor() -> float:
    """Return the processor seconds of this process and of the programs it has waited for."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


class Stopwatch:
    """Takes the times of the phases of one run, beginning with the start of the program."""

    def __init__(self) -> None:
        self.phases: list[Phase] = []
        # Until now the program did nothing but load itself.
        self._began = time.monotonic() - _processor()

    def end_start(self, name: str) -> None:
        """Add what has passed since the program began."""
        self.add(name, time.monotonic() - self._began, _processor())

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Take the time of what is done meanwhile in this process."""
        wall, processor = time.monotonic(), _processor()
        try:
            yield
        finally:
            self.add(name, time.monotonic() - wall, _processor() - processor)

    def has_any(self, name: str) -> bool:
        """Whether there was such a phase."""
        return any(phase.name == name for phase in self.phases)

    def add(self, name: str, wall: float, processor: float, is_beside: bool = False) -> None:
        """Add a phase that was timed elsewhere."""
        self.phases.append(Phase(name, wall, processor, is_beside))
