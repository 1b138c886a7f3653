"""Connections that are bounded: in how many there are, and in how long one may keep us waiting.

A sender who opens connections and never finishes a request costs a socket each. Here a request must
be whole within :data:`REQUEST_SECONDS` of the connection or of the answer before it, however slowly
it drips in, and where there are too many connections the one that has waited longest without a
request goes: whoever asks something is answered.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import ClassVar, Final

from uvicorn.protocols.http.h11_impl import H11Protocol

__all__ = ["MOST_CONNECTIONS", "REQUEST_SECONDS", "BoundedProtocol"]

REQUEST_SECONDS: Final = 10.0
"""Seconds until a request must be there."""
MOST_CONNECTIONS: Final = 512
"""Connections at once; PortalRB needs a few."""


class BoundedProtocol(H11Protocol):
    """One connection of the service."""

    _waiting: ClassVar[OrderedDict[BoundedProtocol, None]] = OrderedDict()
    """Connections without a request under way, the oldest first."""
    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a connection, in the place of the one that waits longest where there are many."""
        super().connection_made(transport)
        while len(self.connections) > MOST_CONNECTIONS and self._waiting:
            oldest, _ = self._waiting.popitem(last=False)
            oldest.transport.abort()
            self.connections.discard(oldest)
        self._wait()

    def handle_events(self) -> None:
        """Stop waiting once a request is there."""
        super().handle_events()
        if self.cycle is not None and not self.cycle.response_complete:
            self._stop_waiting()

    def on_response_complete(self) -> None:
        """Wait for the next request."""
        super().on_response_complete()
        if not self.transport.is_closing() and (self.cycle is None or self.cycle.response_complete):
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._stop_waiting()
        super().connection_lost(exc)

    def _wait(self) -> None:
        self._stop_waiting()
        self._waiting[self] = None
        self._timer = self.loop.call_later(REQUEST_SECONDS, self._give_up)

    def _stop_waiting(self) -> None:
        self._waiting.pop(self, None)
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _give_up(self) -> None:
        self._waiting.pop(self, None)
        self.transport.abort()
