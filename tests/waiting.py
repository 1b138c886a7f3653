"""Waiting for what comes about by itself: the only clock of the suite, and it judges nothing.

A limit here is a net that ends what hangs. It is far above what the slowest machine needs, so that
no test fails because others kept the machine busy.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

Found = TypeVar("Found")

NET = 120.0
"""Seconds until what is waited for is given up."""


def wait_until(find: Callable[[], Found], what: object = "", pause: float = 0.02) -> Found:
    """Ask until the answer is true, and return it; ``what`` says what was waited for."""
    end = time.monotonic() + NET
    while not (found := find()):
        if time.monotonic() > end:
            raise TimeoutError(f"did not come about within {NET:g} s: {what or find}")
        time.sleep(pause)
    return found


def is_running(pid: int) -> bool:
    """Whether a process is there and not merely waiting to be reaped."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


def wait_until_gone(*pids: int) -> None:
    """Wait until none of the processes runs any more."""
    wait_until(lambda: not any(map(is_running, pids)), pids)


@contextmanager
def net(seconds: float = NET) -> Iterator[None]:
    """End what would take forever, be it inside a regular expression (main thread, Unix)."""

    def stop(*_: object) -> None:
        raise TimeoutError(f"not done within {seconds:g} s")

    if not hasattr(signal, "setitimer"):
        yield
        return
    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
