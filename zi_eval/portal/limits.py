"""How often someone may ask: token buckets that fill steadily and never grow without bound."""

from __future__ import annotations

import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import Callable

__all__ = ["RateLimit", "network_of"]

MOST_KEYS = 10_000
ROUNDING = 1e-9


class RateLimit:
    """A bucket a key: ``burst`` requests at once, then ``rate`` a second.

    Parameters
    ----------
    clock
        Seconds that only go forward.
    """

    def __init__(
        self, rate: float, burst: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.rate, self.burst, self._clock = rate, burst, clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str) -> int:
        """Take one request of ``key``: 0 where it may go on, else the whole seconds to wait."""
        now = self._clock()
        left, then = self._buckets.pop(key, (self.burst, now))
        left = min(self.burst, left + (now - then) * self.rate)
        # Whoever waited as long as told may lack a rounding error of a whole request.
        wait = 0 if left >= 1 - ROUNDING else math.ceil((1 - left) / self.rate)
        self._buckets[key] = (left if wait else left - 1, now)
        # The one not seen for longest is forgotten: it has had the most time to fill up.
        while len(self._buckets) > MOST_KEYS:
            self._buckets.popitem(last=False)
        return wait


def network_of(address: str) -> str:
    """Return what counts as one sender: an IPv4 address, or the /64 network of an IPv6 one."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]  # whatever a proxy passed on
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found.packed[:8] + bytes(8), 64)))
    return str(found)
