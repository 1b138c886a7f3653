"""A process of our own beside a cluster's worker, where calls run as they do on one machine.

A Dask worker's process may have no children, has threads, and is started from a program of its
own; none of that suits a process that others are forked from. So each worker keeps one plain
Python process, sends it calls by a pipe and reads how they ended. It ends with the worker.
"""

from __future__ import annotations

import os
import pickle
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from zi_eval.runs.pool import Call, Ended, Limits, run_calls

__all__ = ["Site", "SiteError"]

Order = tuple[Sequence[Call], Limits]


class SiteError(RuntimeError):
    """The process beside the worker died."""


class Site:
    """The process beside one worker thread; started by the first :meth:`run`."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def run(self, calls: Sequence[Call], limits: Limits) -> Iterator[Ended]:
        """Run calls one after the other and yield how each ended.

        Raises
        ------
        SiteError
            Where the process died; the next call of this method starts a new one.
        """
        if self._process is None:
            command = [sys.executable, "-m", "zi_eval.runs.site"]
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        sending, receiving = self._process.stdin, self._process.stdout
        assert sending is not None
        assert receiving is not None
        try:
            pickle.dump((calls, limits), sending)
            sending.flush()
            for _ in calls:
                yield pickle.load(receiving)
        except (EOFError, OSError, pickle.UnpicklingError) as error:
            self.close()
            raise SiteError("the process beside the worker died") from error

    def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()


def _receive(stream: BinaryIO, orders: queue.SimpleQueue[Order]) -> None:
    """Queue what the worker sends; end at once, also amid a call, when the worker is gone."""
    while True:
        try:
            orders.put(pickle.load(stream))
        except (EOFError, OSError, pickle.UnpicklingError):
            # The units' processes see our end of their pipe close and end with their groups.
            os._exit(0)


def main() -> None:
    """Run the worker's calls until it is gone."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a unit prints must not reach the worker as an answer
    orders: queue.SimpleQueue[Order] = queue.SimpleQueue()
    threading.Thread(target=_receive, args=(sys.stdin.buffer, orders), daemon=True).start()
    while True:
        calls, limits = orders.get()
        for ended in run_calls(calls, limits):
            pickle.dump(ended, answers)
            answers.flush()


if __name__ == "__main__":
    main()
