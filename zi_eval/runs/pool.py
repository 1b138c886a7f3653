"""Calls run each in a fresh process forked from a warm one, with limits on time and memory.

The standard library's forkserver keeps one single-threaded process with the heavy imports done;
every call gets a fork of it, so nothing leaks from one to the next. A call runs in a session of its
own: when it ends, is stopped or its parent dies, its whole process group ends with it.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Generator, Hashable, Iterable, Mapping
from concurrent import futures
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerContext, ForkServerProcess
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import ModuleType
from typing import Any

from zi_eval.errors import WorkspaceError, describe_os_error
from zi_eval.runs.fresh import WARM_MODULE, mark_fresh_process
from zi_eval.runs.scratch import own_scratch, use_scratch

__all__ = [
    "Call",
    "Ended",
    "Limits",
    "can_fork",
    "hear_interrupts",
    "run_calls",
    "start_process",
    "start_server",
    "warm_times",
]

ATTEMPTS = 2
"""A call that kills its process is tried once more and then set aside."""
STARTS = 5
"""Times that a process is started anew where the one it is forked from dies under it."""
PAUSE = 0.02
"""Seconds before the second start; twice as many before each further one."""
DESCRIPTORS = 64
"""Open files that each process may need."""
GRACE = 5.0
"""Seconds a process has to end by itself after it sent its result."""
_start_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one call: wall time in seconds, memory of its data in bytes; None is no limit."""

    seconds: float | None = None
    memory: int | None = None

    def with_grace(self, seconds: float) -> Limits:
        """Return these limits with so many seconds more, where time is limited."""
        return replace(self, seconds=None if self.seconds is None else self.seconds + seconds)


@dataclass(frozen=True, slots=True)
class Call:
    """A picklable function with its arguments; ``key`` names the call in its result."""

    key: Hashable
    function: Callable[..., Any]
    arguments: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Ended:
    """How a call ended: with a ``value``, an ``error`` it raised, or ``stopped`` and why.

    ``stopped`` is ``"time"`` past its wall time, ``"died"`` where its process ended without a
    result (also after the second attempt), else empty. ``processor`` is what a call used that ended
    by itself in a process of its own.
    """

    key: Hashable
    seconds: float
    value: Any = None
    error: BaseException | None = None
    stopped: str = ""
    exit_code: int | None = None
    processor: float = 0.0


@dataclass(slots=True)
class _Running:
    """A call under way; the other end of ``alive`` tells its process that we are still here."""

    call: Call
    process: ForkServerProcess
    pipe: Connection
    alive: Connection
    attempt: int
    started: float = field(default_factory=time.monotonic)


@dataclass(frozen=True, slots=True)
class _Around:
    """What a process finds around it: the environment of the moment, and where to write."""

    environment: Mapping[str, str]
    scratch: Path

    def enter(self) -> None:
        """Take it over: the warm process may be older."""
        os.environ.clear()
        os.environ.update(self.environment)
        time.tzset()
        use_scratch(self.scratch)


def can_fork() -> bool:
    """Whether this system can run calls in forked processes (not on Windows)."""
    return sys.platform != "win32" and "forkserver" in multiprocessing.get_all_start_methods()


def _context() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([WARM_MODULE])
    return context


def start_server() -> None:
    """Start the process that all others are forked from, and go on while it warms up."""
    if can_fork():
        _context()
        _ensure_server()


def _ensure_server() -> None:
    """Start the warm process where there is none, deaf from birth to interrupts at the terminal.

    They reach all processes there; what becomes of ours is decided by the one that people see.
    """
    from multiprocessing import forkserver, resource_tracker

    _require_descriptors()
    # Its socket lies there too.
    multiprocessing.current_process()._config["tempdir"] = str(own_scratch())  # type: ignore
    resource_tracker.ensure_running()  # hears interrupts again once it has started
    deaf = {signal.SIGINT}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, deaf)
    try:
        forkserver.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _require_descriptors() -> None:
    """Raise a low limit of open files as far as needed, or say that it may not be raised."""
    import resource

    few, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if 0 <= few < DESCRIPTORS:
        if 0 <= most < DESCRIPTORS:
            raise WorkspaceError(
                f"Batas berkas terbuka hanya {most}; run memerlukan sedikitnya {DESCRIPTORS}. "
                f"Naikkan dengan 'ulimit -n {DESCRIPTORS}' atau minta administrator."
            )
        resource.setrlimit(resource.RLIMIT_NOFILE, (DESCRIPTORS, most))


def start_process(process: BaseProcess) -> None:
    """Start a process forked from the warm one, without the program's main module.

    It has no part in what the process does, and each would import it anew: all commands. It hears
    interrupts only once it calls :func:`hear_interrupts`.

    Raises
    ------
    EOFError, OSError
        Where the warm process died meanwhile; a process made anew can be started then.
    WorkspaceError
        Where too few files may be open.
    """
    with _start_lock:
        saved = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            _ensure_server()
            process.start()
        finally:
            sys.modules["__main__"] = saved


def hear_interrupts() -> None:
    """Leave the processes of the terminal, and be open to interrupts."""
    os.setsid()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def warm_times() -> list[tuple[str, float, float]]:
    """Return name, wall and processor seconds of what a process inherited ready from the warm one.

    To be called in such a process; empty anywhere else.
    """
    warm = sys.modules.get(WARM_MODULE)
    return [] if warm is None else list(warm.TIMES)


def _end_with_parent(pipe: Connection) -> None:
    """End the whole process group as soon as the parent is gone: its end of the pipe closes."""
    with contextlib.suppress(EOFError, OSError):
        pipe.recv_bytes()
    os.killpg(0, signal.SIGKILL)


def _child(
    pipe: Connection, alive: Connection, call: Call, limits: Limits, around: _Around
) -> None:
    hear_interrupts()
    mark_fresh_process()
    around.enter()
    if limits.memory is not None:
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (limits.memory, limits.memory))
    threading.Thread(target=_end_with_parent, args=(alive,), daemon=True).start()
    try:
        result: tuple[Any, BaseException | None] = call.function(*call.arguments), None
    except Exception as error:
        result = None, error
    pipe.send((*result, time.process_time()))
    pipe.close()


def _start(call: Call, limits: Limits, around: _Around, attempt: int) -> _Running:
    context = _context()
    for start in range(1, STARTS + 1):
        ours, theirs = context.Pipe(duplex=True)
        alive, held = context.Pipe(duplex=False)
        arguments = (theirs, alive, call, limits, around)
        process = context.Process(target=_child, args=arguments, daemon=False)
        try:
            start_process(process)
            return _Running(call, process, ours, held, attempt)
        except (EOFError, OSError) as error:
            ours.close()
            held.close()  # ends what may have come to be
            if start == STARTS:
                said = "proses hangatnya berhenti"
                if isinstance(error, OSError):
                    said = describe_os_error(error)
                raise WorkspaceError(f"Proses unit tidak dapat dimulai: {said}.") from error
            # Of a warm process that is dying the socket goes before the process does.
            time.sleep(PAUSE * 2 ** (start - 1))
        finally:
            theirs.close()
            alive.close()
    raise AssertionError("unreachable")


def _stop(item: _Running) -> None:
    """End a call's process group and wait for it."""
    pid = item.process.pid
    if pid is not None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)
    item.process.kill()
    item.process.join()
    item.pipe.close()
    item.alive.close()


def _collect(item: _Running, limits: Limits) -> Ended | None:
    """Return how a call ended, None while it runs."""
    seconds = time.monotonic() - item.started
    if item.pipe.poll():
        try:
            value, error, processor = item.pipe.recv()
        except (EOFError, OSError):
            pass
        else:
            item.process.join(GRACE)
            _stop(item)
            return Ended(item.call.key, seconds, value, error, processor=processor)
    elif item.process.is_alive():
        if limits.seconds is None or seconds < limits.seconds:
            return None
        _stop(item)
        return Ended(item.call.key, seconds, stopped="time")
    item.process.join(GRACE)
    code = item.process.exitcode
    _stop(item)
    return Ended(item.call.key, seconds, stopped="died", exit_code=code)


def run_calls(
    calls: Iterable[Call], limits: Limits | None = None, workers: int = 1
) -> Generator[Ended, None, None]:
    """Run calls, at most ``workers`` at once, and yield how each ended, as it ends.

    ``calls`` is taken from as workers become free, so it may be long or lazy. Leaving the
    iterator early, also by an exception, ends every running call. Where the system cannot fork,
    threads run the calls, without limits.
    """
    return _fork_calls(calls, workers, limits) if can_fork() else _thread_calls(calls, workers)


def _thread_calls(calls: Iterable[Call], workers: int) -> Generator[Ended, None, None]:
    running: set[Future[Ended]] = set()
    with ThreadPoolExecutor(max_workers=workers) as pool:
        for call in calls:
            running.add(pool.submit(_call_here, call))
            while len(running) >= workers:
                ended, running = futures.wait(running, return_when=futures.FIRST_COMPLETED)
                yield from (future.result() for future in ended)
        yield from (future.result() for future in futures.as_completed(running))


def _call_here(call: Call) -> Ended:
    started = time.monotonic()
    value, failure = None, None
    try:
        value = call.function(*call.arguments)
    except Exception as error:
        failure = error
    return Ended(call.key, time.monotonic() - started, value, failure)


def _fork_calls(
    calls: Iterable[Call], workers: int, limits: Limits | None
) -> Generator[Ended, None, None]:
    around, limits = _Around(dict(os.environ), own_scratch()), limits or Limits()
    waiting, running = iter(calls), list[_Running]()
    is_exhausted = False
    try:
        while True:
            while not is_exhausted and len(running) < workers:
                call = next(waiting, None)
                if call is None:
                    is_exhausted = True
                else:
                    running.append(_start(call, limits, around, 1))
            if not running:
                return
            _wait(running, limits)
            for item in list(running):
                ended = _collect(item, limits)
                if ended is None:
                    continue
                running.remove(item)
                if ended.stopped == "died" and item.attempt < ATTEMPTS:
                    running.append(_start(item.call, limits, around, item.attempt + 1))
                else:
                    yield ended
    finally:
        for item in running:
            _stop(item)


def _wait(running: list[_Running], limits: Limits) -> None:
    """Wait until a call has something to say or is past its time."""
    timeout = None
    if limits.seconds is not None:
        now = time.monotonic()
        timeout = max(0.0, min(item.started + limits.seconds - now for item in running))
    wait([waited for item in running for waited in (item.pipe, item.process.sentinel)], timeout)
