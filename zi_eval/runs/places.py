"""Where the cells of one notebook run: in this process, or in one forked for them."""

from __future__ import annotations

import atexit
import json
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import connection
from typing import Any, Final, Protocol

from nbclient.exceptions import DeadKernelError

from zi_eval.runs.cells import CellRunner, mark_fresh_process
from zi_eval.runs.messages import Message
from zi_eval.runs.pool import WARM_MODULE, start_process

__all__ = ["Cells", "DeadCellsError", "StartError", "forked_cells", "local_cells"]

PATIENCE: Final = 5.0
"""Seconds a process has to end by itself after its last cell."""


class StartError(Exception):
    """No process could be forked for a notebook."""


class DeadCellsError(DeadKernelError):
    """The process of a notebook ended before its cells did."""

    def __init__(self, exit_code: int | None) -> None:
        self.exit_code = exit_code
        if exit_code is not None and exit_code < 0:
            try:
                how = f"was killed by {signal.Signals(-exit_code).name}"
            except ValueError:
                how = f"was killed by signal {-exit_code}"
        else:
            how = f"ended with exit code {exit_code}"
        super().__init__(f"The process that ran the notebook {how} before the notebook's end.")


class Cells(Protocol):
    """Where the cells of one notebook run."""

    def run(
        self, source: str, timeout: float | None, take: Callable[[Message], None]
    ) -> dict[str, Any]:
        """Run one cell; return the reply's content.

        Raises
        ------
        TimeoutError
            Where the cell took longer than ``timeout`` seconds.
        DeadCellsError
            Where the process ended.
        """


class _LocalCells:
    """Cells run in this process, which was made for them."""

    def __init__(self, runner: CellRunner, inbox: list[Callable[[Message], None]]) -> None:
        self._runner = runner
        self._inbox = inbox

    def run(
        self, source: str, timeout: float | None, take: Callable[[Message], None]
    ) -> dict[str, Any]:
        if self._runner.is_over:
            raise DeadCellsError(0)
        self._inbox[:] = [take]
        with _alarm(timeout) as rang:
            reply = self._runner.run(source)
        if rang:
            raise TimeoutError
        return reply


@contextmanager
def local_cells() -> Iterator[Cells]:
    """Give a place for cells in this process, which was made for them and is free afterwards."""
    inbox: list[Callable[[Message], None]] = []
    with CellRunner(lambda message: inbox[0](message)) as runner:
        yield _LocalCells(runner, inbox)
    mark_fresh_process()


@contextmanager
def _alarm(seconds: float | None) -> Iterator[list[bool]]:
    """Interrupt this process's main thread after a time; the list is not empty if it was."""
    rang: list[bool] = []
    is_main = threading.current_thread() is threading.main_thread()
    if seconds is None or not is_main or not hasattr(signal, "setitimer"):
        yield rang
        return

    def interrupt(*_: object) -> None:
        rang.append(True)
        raise KeyboardInterrupt

    saved = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield rang
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, saved)


class _ForkedCells:
    """Cells run in another process, at the other end of a pipe."""

    def __init__(
        self, process: multiprocessing.process.BaseProcess, pipe: connection.Connection
    ) -> None:
        self._process = process
        self._pipe = pipe

    def run(
        self, source: str, timeout: float | None, take: Callable[[Message], None]
    ) -> dict[str, Any]:
        deadline = None if timeout is None else time.monotonic() + timeout
        try:
            self._pipe.send_bytes(source.encode("utf-8", "surrogatepass"))
        except OSError:
            raise self._death() from None
        while True:
            message = self.receive(deadline)
            if message["msg_type"] == "execute_reply":
                content: dict[str, Any] = message["content"]
                return content
            take(message)

    def receive(self, deadline: float | None) -> Message:
        """Return the next message."""
        remaining = None if deadline is None else max(0.0, deadline - time.monotonic())
        # The end of the process is watched too: its own children may hold the pipe open.
        ready = connection.wait([self._pipe, self._process.sentinel], remaining)
        if not ready:
            raise TimeoutError
        try:
            if not self._pipe.poll():
                raise EOFError
            message: Message = json.loads(self._pipe.recv_bytes())
            message["buffers"] = [self._pipe.recv_bytes() for _ in range(message["buffers"])]
        except (EOFError, OSError):
            raise self._death() from None
        return message

    def _death(self) -> DeadCellsError:
        self._process.join(PATIENCE)
        return DeadCellsError(self._process.exitcode)


@contextmanager
def forked_cells(start_timeout: float) -> Iterator[Cells]:
    """Fork a process for one notebook; nothing of it is left afterwards.

    Raises
    ------
    StartError
        Where that is not possible.
    """
    if "forkserver" not in multiprocessing.get_all_start_methods():
        raise StartError("this system has no fork server")
    context = multiprocessing.get_context("forkserver")
    ours, theirs = context.Pipe()
    # Not a daemon: those may not start processes, and a notebook may.
    process = context.Process(
        target=_serve, args=(theirs, os.getcwd(), dict(os.environ)), name="notebook", daemon=False
    )
    is_graceful = False
    try:
        try:
            context.set_forkserver_preload([WARM_MODULE])
            start_process(process)
            theirs.close()
            cells = _ForkedCells(process, ours)
            cells.receive(time.monotonic() + start_timeout)
        except (OSError, EOFError, AssertionError, DeadCellsError) as error:
            raise StartError(f"no process could be forked: {error!r}") from error
        yield cells
        is_graceful = True
    finally:
        ours.close()
        theirs.close()
        if process.pid is not None:
            if is_graceful:
                process.join(PATIENCE)
            if process.is_alive():
                process.kill()
            process.join()
            process.close()


def _serve(pipe: connection.Connection, folder: str, environment: dict[str, str]) -> None:
    """Run the cells that come through the pipe, in a process made for it, until it is closed."""
    # An interrupt at the terminal reaches us too; our parent decides what becomes of us.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    owner = os.getpid()
    lock = threading.Lock()

    def emit(message: Message) -> None:
        if os.getpid() != owner:
            return
        buffers = message["buffers"]
        data = json.dumps({**message, "buffers": len(buffers)}).encode("ascii")
        try:
            with lock:
                for part in (data, *buffers):
                    pipe.send_bytes(part)
        except OSError:
            os._exit(1)  # Nobody listens any more.

    def reply(kind: str, content: dict[str, Any]) -> None:
        emit({"msg_type": kind, "content": content, "buffers": []})

    del sys.argv[1:]  # The program's arguments are no business of a notebook.
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    with CellRunner(emit) as runner:
        reply("ready", {})
        while not runner.is_over:
            try:
                source = pipe.recv_bytes()
            except (EOFError, OSError):
                break
            reply("execute_reply", runner.run(source.decode("utf-8", "surrogatepass")))
        atexit._run_exitfuncs()
