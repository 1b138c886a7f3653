"""HiGHS in a process of its own, because it writes to the standard output past all its options.

Where it repairs a solution it found, it prints a line (``transformNewIntegerFeasibleSolution``)
with C's ``printf``, which neither ``disp`` nor any other option silences. Ours may be the JSON of a
command or the outputs of a notebook, and other threads write to it meanwhile: it cannot be turned
away for a while. So the solver has a standard output of its own, which leads nowhere. Its process
starts with the first programme, 0.7 s of processor time, waits for the next, and ends with ours.

Started as a script, this file reads pickled :class:`Task` values from its standard input and
answers each; it imports nothing of the package, so that it starts as fast as it can.
"""

from __future__ import annotations

import atexit
import os
import pickle
import subprocess
import sys
import threading
from typing import Any, NamedTuple

__all__ = ["Task", "solve"]


class Task(NamedTuple):
    """Choose columns (each 0 or 1) so that ``lows <= rows @ chosen <= highs`` at the least cost.

    ``costs`` has the shape (columns,), ``lows`` and ``highs`` (rows,), ``rows`` (rows, columns).
    """

    costs: Any
    rows: Any
    lows: Any
    highs: Any
    seconds: float


class _Solver:
    """The process that solves, started when first asked."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-P", __file__],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        return self._process

    def ask(self, task: Task) -> tuple[int, str, list[int]]:
        with self._lock:
            process = self._started()
            assert process.stdin is not None
            assert process.stdout is not None
            is_answered = False
            try:
                pickle.dump(tuple(task), process.stdin)
                process.stdin.flush()
                answer: tuple[int, str, list[int]] = pickle.load(process.stdout)
                is_answered = True
            except (EOFError, OSError) as error:
                return -1, f"the solver's process ended: {error}", []
            finally:
                if not is_answered:  # also where we are interrupted: what it says next is stale
                    self.end()
        return answer

    def end(self) -> None:
        """End the process; the next task starts another."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()


_solvers: dict[int, _Solver] = {}
"""By our process id, so that a fork leaves alone the solver of the process it comes from."""


@atexit.register
def _end() -> None:
    if os.getpid() in _solvers:
        _solvers[os.getpid()].end()


def solve(task: Task) -> tuple[int, str, list[int]]:
    """Return scipy's status (0 solved, 2 impossible) with its message, and the columns chosen."""
    return _solvers.setdefault(os.getpid(), _Solver()).ask(task)


def _solve(task: Task) -> tuple[int, str, list[int]]:
    import numpy as np
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    result = milp(
        task.costs,
        integrality=np.ones(len(task.costs)),
        bounds=Bounds(0.0, 1.0),
        constraints=LinearConstraint(csr_array(task.rows), task.lows, task.highs),
        options={"mip_rel_gap": 0.0, "time_limit": task.seconds},
    )
    chosen = np.flatnonzero(result.x > 0.5).tolist() if result.status == 0 else []
    return int(result.status), str(result.message), chosen


def _main() -> None:
    with os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        while True:
            try:
                task = Task(*pickle.load(sys.stdin.buffer))
            except EOFError:
                return
            pickle.dump(_solve(task), answers)
            answers.flush()


if __name__ == "__main__":
    _main()
