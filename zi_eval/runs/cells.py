"""Cells of a notebook run in this process, reporting what a kernel would report.

The shell, the display hooks and the compiler are ipykernel's own; only the transport is ours: a
:class:`Session` that hands each message to a function where a kernel would send it over a socket.
"""

from __future__ import annotations

import asyncio
import builtins
import contextlib
import contextvars
import getpass
import multiprocessing
import os
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import MethodType, SimpleNamespace, TracebackType
from typing import IO, Any, ClassVar, Final, Self, cast

import comm
import comm.base_comm
from ipykernel.ipkernel import IPythonKernel
from jupyter_client.session import Session

from zi_eval.report.page import leave_style_to_page
from zi_eval.runs.fresh import renew_chance
from zi_eval.runs.messages import CellStream, LocalSession, Message
from zi_eval.runs.shell import open_sealed_shell

__all__ = ["CellRunner"]

INLINE_BACKEND: Final = "module://matplotlib_inline.backend_inline"


class CellRunner:
    """A Python kernel's behaviour without the kernel: one shell, in this process.

    Parameters
    ----------
    emit
        Takes each message as it arises; it may be called from a thread that a cell started.
    arguments
        Of a kernel's command line.
    open_shell
        Opens the shell, given the session, these arguments, and a folder for what it writes.
    home
        Where that folder is made; among the system's temporary files where None.
    """

    language_info: ClassVar[dict[str, Any]] = IPythonKernel.language_info

    def __init__(
        self,
        emit: Callable[[Message], None],
        arguments: Sequence[str] = (),
        open_shell: Callable[[Session, Sequence[str], Path], Any] = open_sealed_shell,
        home: Path | None = None,
    ) -> None:
        self._session = LocalSession(emit)
        self._arguments = arguments
        self._open_shell = open_shell
        self._home = home

    def __enter__(self) -> Self:
        """Take over the process's streams and make its shell."""
        _renew_process()
        leave_style_to_page()
        self._folder = tempfile.TemporaryDirectory(prefix="zi-eval-shell-", dir=self._home)
        self._saved = sys.stdout, sys.stderr, sys.displayhook, sys.argv
        self._streams = (
            CellStream("stdout", 1, self._session),
            CellStream("stderr", 2, self._session),
        )
        for stream in self._streams:
            stream.peers = self._streams
            # What is still buffered belongs to the old descriptor.
            cast("IO[str]", getattr(sys, stream.name)).flush()
            stream.capture_descriptor()
        sys.stdout, sys.stderr = cast("Any", self._streams)
        sys.argv = self._command()
        self._loop = asyncio.Runner()
        self._context = contextvars.copy_context()
        comm.create_comm = self._create_comm
        folder = Path(self._folder.name)
        self.shell = self._context.run(self._open_shell, self._session, self._arguments, folder)
        return self

    def _command(self) -> list[str]:
        """Return a kernel's command line; the connection file it names is not there."""
        launcher = Path(sys.modules["ipykernel"].__path__[0]).with_name("ipykernel_launcher.py")
        connection = str(Path(self._folder.name) / "kernel.json")
        return [str(launcher), "-f", connection, *self._arguments]

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Give the streams back."""
        if kind is None:  # else the cell that was under way would tell of its cancelling
            self._loop.close()
        sys.stdout, sys.stderr, sys.displayhook, sys.argv = self._saved
        for stream in self._streams:
            stream.release_descriptor()
        type(self.shell).clear_instance()  # the next notebook of this process has its own
        self._folder.cleanup()

    @property
    def is_over(self) -> bool:
        """Whether a cell asked the shell to end, as ``exit()`` does."""
        return bool(self.shell.exit_now)

    def flush_overdue(self) -> None:
        """Send what has been written and lies longer than a kernel would keep it."""
        for stream in self._streams:
            stream.flush_overdue()

    def wait_readable(self, descriptor: int) -> None:
        """Let the tasks that cells have started go on until there is something to read."""
        loop = self._loop.get_loop()
        ready = loop.create_future()

        def tell() -> None:
            loop.remove_reader(descriptor)
            ready.set_result(None)

        loop.add_reader(descriptor, tell)
        loop.run_until_complete(ready)

    def answer(self, message: Message) -> None:
        """Take a message of a widget's other half, as a kernel does between two cells."""
        with contextlib.suppress(Exception):  # a kernel only logs it
            message = {**message, "buffers": []}  # as it arrives by a socket
            self._context.run(self.shell.set_parent, message)
            getattr(comm.get_comm_manager(), message["header"]["msg_type"])(None, [], message)
            for stream in self._streams:
                stream.flush()

    def run(self, source: str, request: str) -> dict[str, Any]:
        """Run one cell and return the content of a kernel's reply: ``status``, and any error.

        Parameters
        ----------
        request
            Names the request in the headers of the messages that it causes.
        """
        header = {"msg_id": request, "msg_type": "execute_request"}
        parent: dict[str, dict[str, Any]] = {"header": header, "content": {"code": source}}
        for stream in self._streams:
            stream.flush()  # what was written between the cells belongs to none
        self._context.run(self.shell.set_parent, parent)
        count = self.shell.execution_count
        self._session.tell("status", {"execution_state": "busy"}, request)
        self._session.tell("execute_input", {"code": source, "execution_count": count}, request)
        loop = self._loop.get_loop()
        task = loop.create_task(self._execute(source), context=self._context)
        try:
            with _sigint(signal.default_int_handler):
                reply = loop.run_until_complete(task)
        except KeyboardInterrupt:
            if not task.done():
                raise SystemExit(1) from None  # of another task: that ends a kernel too
            reply = {"status": "error", "traceback": [], "ename": "KeyboardInterrupt", "evalue": ""}
        for stream in self._streams:
            stream.flush()
        self._session.tell("status", {"execution_state": "idle"}, request)
        return cast("dict[str, Any]", self._session.unpack(self._session.pack(reply)))

    async def _execute(self, source: str) -> dict[str, Any]:
        shell = self.shell
        saved = builtins.input, getpass.getpass
        builtins.input = _refuse_input
        getpass.getpass = _refuse_getpass
        try:
            preprocessing_error = None
            try:
                transformed = shell.transform_cell(source)
            except Exception:
                transformed = source
                preprocessing_error = sys.exc_info()
            if shell.should_run_async(
                source, transformed_cell=transformed, preprocessing_exc_tuple=preprocessing_error
            ):
                shell._last_traceback = None
                shell._last_traceback_during_displayhook = False
                result = None
                future = asyncio.ensure_future(
                    shell.run_cell_async(
                        source,
                        store_history=True,
                        transformed_cell=transformed,
                        preprocessing_exc_tuple=preprocessing_error,
                    )
                )
                try:
                    with _cancelled_by_sigint(future):
                        result = await future
                finally:
                    shell.events.trigger("post_execute")
                    shell.events.trigger("post_run_cell", result)
            else:
                if preprocessing_error is None:
                    _known_once(shell, transform_cell=transformed, should_run_async=False)
                result = shell.run_cell(source, store_history=True)
        finally:
            builtins.input, getpass.getpass = saved
        error = result.error_before_exec or result.error_in_exec
        # Kernels before release 7 do not tell an error of showing a result from success.
        is_shown = not getattr(shell, "_last_traceback_during_displayhook", False)
        if result.success and is_shown:
            return {"status": "ok"}
        return {
            "status": "error",
            "traceback": shell._last_traceback or [],
            "ename": type(error).__name__,
            "evalue": str(error),
        }

    def _create_comm(self, *args: Any, **options: Any) -> comm.base_comm.BaseComm:
        runner = self

        class LocalComm(comm.base_comm.BaseComm):
            def publish_msg(
                self,
                msg_type: str,
                data: Any = None,
                metadata: Any = None,
                buffers: Any = None,
                **keys: Any,
            ) -> None:
                content = {"data": data or {}, "comm_id": self.comm_id, **keys}
                parent = runner.shell.get_parent()
                runner._session.send(None, msg_type, content, parent, buffers=buffers)

        return LocalComm(*args, **options)


def _known_once(shell: Any, **answers: Any) -> None:
    """Have methods of a shell answer their next call with what was found out already.

    It asks them as the first of all when it runs a cell; the code there finds them as they are.
    """
    for name, answer in answers.items():

        def give(*_: Any, name: str = name, answer: Any = answer, **__: Any) -> Any:
            vars(shell).pop(name)
            return answer

        vars(shell)[name] = give


@contextlib.contextmanager
def _sigint(handler: Any) -> Iterator[None]:
    """Handle interrupts so meanwhile; before and after they are as they were."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    saved = signal.signal(signal.SIGINT, handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, saved)


@contextlib.contextmanager
def _cancelled_by_sigint(future: asyncio.Future[Any]) -> Iterator[None]:
    """Let an interrupt cancel what is awaited, as a kernel does: it would end the loop instead."""
    loop = asyncio.get_running_loop()
    with _sigint(lambda *_: loop.call_soon_threadsafe(future.cancel)):
        yield


def _renew_process() -> None:
    """Undo what a process forked from a warm one shares with its siblings."""
    renew_chance()
    multiprocessing.set_start_method(None, force=True)  # ours is for our own processes
    # As in a kernel, for the person who plots: no part of us imports a plotting library.
    os.environ["MPLBACKEND"] = os.environ.get("MPLBACKEND") or INLINE_BACKEND
    if "" not in sys.path:
        # As IPython does: after the standard library, before what is installed.
        packages = [n for n, p in enumerate(sys.path) if Path(p).name.endswith("-packages")]
        sys.path.insert(packages[0] if packages else 0, "")


_NO_FRONTEND: Final[Any] = SimpleNamespace(_allow_stdin=False)
_refuse_input: Final = MethodType(IPythonKernel.raw_input, _NO_FRONTEND)
_refuse_getpass: Final = MethodType(IPythonKernel.getpass, _NO_FRONTEND)
"""As a kernel refuses to ask: its own methods, so that tracebacks too are the same."""
