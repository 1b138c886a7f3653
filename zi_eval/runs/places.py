"""Where the cells of one notebook run: in this process, or in one forked for them."""

from __future__ import annotations

import atexit
import json
import multiprocessing
import os
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from multiprocessing import connection
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from nbclient.exceptions import DeadKernelError

from zi_eval.errors import WorkspaceError
from zi_eval.runs.fresh import WARM_MODULE, mark_fresh_process
from zi_eval.runs.messages import Message
from zi_eval.runs.pool import hear_interrupts, start_process
from zi_eval.runs.scratch import own_scratch
from zi_eval.runs.surroundings import Surroundings, enter

# In papermill's own process nothing may load a shell: tqdm takes it for a notebook's.
if TYPE_CHECKING:
    from zi_eval.runs.cells import CellRunner

__all__ = ["Cells", "DeadCellsError", "StartError", "forked_cells", "local_cells"]

_Order = tuple[str, str] | tuple[None, Message]
"""A cell's source with the name of its request, or a message of a widget's other half."""

PATIENCE: Final = 5.0
"""Seconds a process has to end by itself after its last cell."""
BEAT: Final = 0.1
"""Seconds between two looks at what cells have written."""
FAREWELL: Final = (0.01, 0.03, 0.1, 0.3)
"""Seconds that programs which cells have started get to end, as a kernel gives them."""


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
    """Where the cells of one notebook run.

    Attributes
    ----------
    language_info
        What a Python kernel says of its language, as the notebook's metadata keep it.
    """

    language_info: dict[str, Any]

    def run(
        self,
        source: str,
        timeout: float | None,
        take: Callable[[Message], None],
        expire: Callable[[], dict[str, Any] | None],
    ) -> dict[str, Any]:
        """Run one cell; return the reply's content.

        Parameters
        ----------
        take
            Takes the messages that the cell causes.
        expire
            Called where it takes longer than ``timeout`` seconds. If it returns, the cell is
            interrupted; what it returns, where that is something, is the reply.

        Raises
        ------
        DeadCellsError
            Where the process ended.
        """

    def answer(self, message: Message) -> None:
        """Hand a message of a widget's other half to the process."""


class _LocalCells:
    """Cells run in this process, which was made for them."""

    def __init__(self, runner: CellRunner, inbox: list[Callable[[Message], None]]) -> None:
        self.language_info = runner.language_info
        self._runner = runner
        self._inbox = inbox
        self._requests = count(1)

    def run(
        self,
        source: str,
        timeout: float | None,
        take: Callable[[Message], None],
        expire: Callable[[], dict[str, Any] | None],
    ) -> dict[str, Any]:
        if self._runner.is_over:
            raise DeadCellsError(0)
        request = f"cell-{next(self._requests)}"
        self._inbox[:] = [_of(request, take)]
        with _alarm(timeout) as rang:
            reply = self._runner.run(source, request)
        return (expire() if rang else None) or reply

    def answer(self, message: Message) -> None:
        self._runner.answer(message)


def _of(request: str, take: Callable[[Message], None]) -> Callable[[Message], None]:
    """Return what takes the messages of one request only; a thread may still write for another."""

    def take_own(message: Message) -> None:
        if message["parent_header"].get("msg_id") == request:
            take(message)

    return take_own


@contextmanager
def local_cells() -> Iterator[Cells]:
    """Give a place for cells in this process, which was made for them and is free afterwards."""
    from zi_eval.runs.cells import CellRunner

    inbox: list[Callable[[Message], None]] = [lambda message: None]
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
        signal.raise_signal(signal.SIGINT)

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
        self.language_info: dict[str, Any] = {}
        self._process = process
        self._pipe = pipe
        self._requests = count(1)

    def run(
        self,
        source: str,
        timeout: float | None,
        take: Callable[[Message], None],
        expire: Callable[[], dict[str, Any] | None],
    ) -> dict[str, Any]:
        request = f"cell-{next(self._requests)}"
        take, given = _of(request, take), None
        self._send((request, source))
        deadline = None if timeout is None else time.monotonic() + timeout
        while True:
            try:
                message = self.receive(deadline)
            except TimeoutError:
                given = expire()
                with suppress(ProcessLookupError):
                    os.killpg(self._process.pid or 0, signal.SIGINT)
                deadline = time.monotonic() + (timeout or 0)
                continue
            if message["msg_type"] == "execute_reply":
                content: dict[str, Any] = given or message["content"]
                return content
            take(message)

    def answer(self, message: Message) -> None:
        self._send((None, message))

    def _send(self, order: _Order) -> None:
        try:
            self._pipe.send(order)
        except OSError:
            raise self._death() from None

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
def forked_cells(surroundings: Surroundings, start_timeout: float) -> Iterator[Cells]:
    """Fork a process for one notebook; nothing of it is left afterwards.

    Raises
    ------
    StartError
        Where that is not possible.
    """
    if "forkserver" not in multiprocessing.get_all_start_methods():
        raise StartError("this system has no fork server")
    context = multiprocessing.get_context("forkserver")
    try:
        home = Path(tempfile.mkdtemp(dir=own_scratch()))  # ours to remove: it may be killed
    except (OSError, WorkspaceError) as error:
        raise StartError(f"no process could be forked: {error!r}") from error
    ours, theirs = context.Pipe()
    # Not a daemon: those may not start processes, and a notebook may.
    process = context.Process(target=_serve, args=(theirs, surroundings, home), daemon=False)
    is_graceful = False
    try:
        try:
            context.set_forkserver_preload([WARM_MODULE])
            start_process(process)
            theirs.close()
            cells = _ForkedCells(process, ours)
            cells.language_info = cells.receive(time.monotonic() + start_timeout)["content"]
        except (OSError, EOFError, AssertionError, WorkspaceError, DeadCellsError) as error:
            raise StartError(f"no process could be forked: {error!r}") from error
        yield cells
        is_graceful = True
    finally:
        ours.close()
        theirs.close()
        if process.pid is not None:
            if is_graceful:
                process.join(PATIENCE)
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            process.kill()
            process.join()
            process.close()
        shutil.rmtree(home, ignore_errors=True)


def _serve(pipe: connection.Connection, surroundings: Surroundings, home: Path) -> None:
    """Run the cells that come through the pipe, in a process made for it, until it is closed."""
    # A session of its own, like a kernel's: an interrupt at the terminal does not reach it, and
    # what its cells have started ends with it.
    hear_interrupts()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # but within cells
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
            os.killpg(0, signal.SIGKILL)  # Nobody listens any more.

    def reply(kind: str, content: dict[str, Any]) -> None:
        emit({"msg_type": kind, "parent_header": {}, "content": content, "buffers": []})

    from zi_eval.runs.cells import CellRunner
    from zi_eval.runs.profile import open_profile_shell  # a batch has no use for it

    enter(surroundings)
    with CellRunner(emit, surroundings.arguments, open_profile_shell, home) as runner:
        threading.Thread(target=_watch, args=(runner,), daemon=True).start()
        reply("ready", runner.language_info)
        while not runner.is_over:
            runner.wait_readable(pipe.fileno())
            try:
                request, order = pipe.recv()
            except (EOFError, OSError):
                break
            if request is None:
                runner.answer(order)
            else:
                reply("execute_reply", runner.run(order, request))
        _end_children()
        atexit._run_exitfuncs()


def _watch(runner: CellRunner) -> None:
    """Send what cells write while they run, so that whoever looks on sees a slow one's lines."""
    while True:
        time.sleep(BEAT)
        runner.flush_overdue()


def _end_children() -> None:
    """End the programs that cells have started, as a kernel does; the stubborn end with us."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    for seconds in FAREWELL:
        os.killpg(0, signal.SIGTERM)
        time.sleep(seconds)
