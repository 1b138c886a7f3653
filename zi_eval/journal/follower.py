"""Work that follows soon after it is asked for, on a thread of its own."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

__all__ = ["Follower"]


class Follower:
    """Calls ``action`` once for all calls of :meth:`call` within a short while.

    Parameters
    ----------
    action
        What to do; returns after how many seconds it wants to be called again, None for not.
    """

    def __init__(self, action: Callable[[], float | None], name: str) -> None:
        self._action = action
        self._due: float | None = None
        self._is_closed = False
        self._wake = threading.Condition()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def call(self, delay: float) -> None:
        """Ask for the action within ``delay`` seconds; an earlier date stays."""
        with self._wake:
            due = time.monotonic() + delay
            if self._due is None or due < self._due:
                self._due = due
                self._wake.notify()

    def close(self) -> None:
        """Wait for an action that is under way; none is begun after."""
        with self._wake:
            self._is_closed = True
            self._wake.notify()
        if threading.current_thread() is not self._thread:
            self._thread.join()

    def _run(self) -> None:
        while True:
            with self._wake:
                while not self._is_closed:
                    left = None if self._due is None else self._due - time.monotonic()
                    if left is not None and left <= 0:
                        break
                    self._wake.wait(left)
                if self._is_closed:
                    return
                self._due = None
            again = self._action()
            if again is not None:
                self.call(again)
