"""An axis of a figure: from where to where it goes, and the values named on it."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, log10

__all__ = ["Axis", "Mark", "nice_ticks"]


@dataclass(frozen=True, slots=True)
class Mark:
    """A value with a name on an axis, as a minimum."""

    label: str
    at: float


@dataclass(frozen=True, slots=True)
class Axis:
    """From where to where an axis goes, and the values named on it."""

    low: float
    high: float
    ticks: tuple[Mark, ...]

    def share(self, value: float) -> float:
        """Return where a value lies, from 0 to 1; one beyond an end lies at that end."""
        return (min(max(value, self.low), self.high) - self.low) / ((self.high - self.low) or 1.0)


def nice_ticks(low: float, high: float, most: int = 4) -> tuple[float, ...]:
    """Return at most ``most`` round values from ``low`` to ``high``, evenly spaced."""
    span = max(high - low, abs(high) * 1e-9, 1e-9)
    power = 10.0 ** floor(log10(span / most))
    for step in (power * factor for factor in (1, 2, 2.5, 5, 10, 20, 25, 50)):
        first, last = ceil(low / step - 1e-9), floor(high / step + 1e-9)
        if last - first < most:
            return tuple(round(number * step, 10) for number in range(first, last + 1))
    return ()
