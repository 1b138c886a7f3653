"""Cells of a notebook run in this process, reporting what a kernel would report.

The shell, the display hooks and the compiler are ipykernel's own; only the transport is ours: a
:class:`Session` that hands each message to a function where a kernel would send it over a socket.
"""

from __future__ import annotations

import asyncio
import builtins
import getpass
import os
import random
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import MethodType, SimpleNamespace, TracebackType
from typing import IO, Any, Final, Self, cast

import comm
import comm.base_comm
from ipykernel.compiler import XCachingCompiler
from ipykernel.ipkernel import IPythonKernel
from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core.error import UsageError
from traitlets.config import Config

from zi_eval.report.page import leave_style_to_page
from zi_eval.runs.messages import CellStream, LocalSession, Message

__all__ = [
    "LANGUAGE_INFO",
    "CellRunner",
    "mark_fresh_process",
    "take_fresh_process",
]

LANGUAGE_INFO: Final[dict[str, Any]] = IPythonKernel.language_info
"""What a Python kernel says of its language, as the notebook's metadata keep it."""

INLINE_BACKEND: Final = "module://matplotlib_inline.backend_inline"

_is_fresh = False


def mark_fresh_process() -> None:
    """Say that this process was made for notebooks, whose cells may run right here."""
    global _is_fresh
    _is_fresh = True


def take_fresh_process() -> bool:
    """Return whether this process was made for notebooks and runs none now.

    A second call says no, until the process is marked again: it serves one notebook at a time.
    """
    global _is_fresh
    is_fresh, _is_fresh = _is_fresh, False
    return is_fresh


class CellRunner:
    """A Python kernel's behaviour without the kernel: one shell, in this process.

    Parameters
    ----------
    emit
        Takes each message as it arises; it may be called from a thread that a cell started.
    capture_descriptors
        Also collect what is written to the process's own standard output and error.
    """

    def __init__(
        self, emit: Callable[[Message], None], *, capture_descriptors: bool = True
    ) -> None:
        self._session = LocalSession(emit)
        self._capture_descriptors = capture_descriptors
        self._number = 0

    def __enter__(self) -> Self:
        """Take over the process's streams and make its shell."""
        _renew_process()
        leave_style_to_page()
        self._folder = tempfile.TemporaryDirectory(prefix="zi-eval-shell-")
        self._saved = sys.stdout, sys.stderr, sys.displayhook
        self._streams = (
            CellStream("stdout", 1, self._session),
            CellStream("stderr", 2, self._session),
        )
        for stream in self._streams:
            stream.peers = self._streams
            if self._capture_descriptors:
                # What is still buffered belongs to the old descriptor.
                cast("IO[str]", getattr(sys, stream.name)).flush()
                stream.capture_descriptor()
        sys.stdout, sys.stderr = cast("Any", self._streams)
        self.shell = _new_shell(self._session, Path(self._folder.name))
        comm.create_comm = self._create_comm
        self._loop = asyncio.Runner()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Give the streams back."""
        self._loop.close()
        sys.stdout, sys.stderr, sys.displayhook = self._saved
        for stream in self._streams:
            stream.release_descriptor()
        type(self.shell).clear_instance()  # the next notebook of this process has its own
        self._folder.cleanup()

    @property
    def is_over(self) -> bool:
        """Whether a cell asked the shell to end, as ``exit()`` does."""
        return bool(self.shell.exit_now)

    def run(self, source: str) -> dict[str, Any]:
        """Run one cell and return the content of a kernel's reply: ``status``, and any error."""
        self._number += 1
        parent: dict[str, dict[str, Any]] = {
            "header": {"msg_id": f"cell-{self._number}", "msg_type": "execute_request"},
            "content": {},
        }
        self._parent = parent
        self.shell.set_parent(parent)  # type: ignore[no-untyped-call]
        count = self.shell.execution_count
        self._send_status("busy")
        self._session.send(
            None, "execute_input", {"code": source, "execution_count": count}, parent["header"]
        )
        reply = self._loop.run(self._execute(source))
        for stream in self._streams:
            stream.flush()
        self._send_status("idle")
        return cast("dict[str, Any]", self._session.unpack(self._session.pack(reply)))

    def _send_status(self, state: str) -> None:
        self._session.send(None, "status", {"execution_state": state}, self._parent["header"])

    async def _execute(self, source: str) -> dict[str, Any]:
        shell = self.shell
        saved = builtins.input, getpass.getpass
        builtins.input = _refuse_input
        getpass.getpass = _refuse_getpass
        try:
            preprocessing_error = None
            try:
                transformed = shell.transform_cell(source)  # type: ignore[no-untyped-call]
            except Exception:
                transformed = source
                preprocessing_error = sys.exc_info()
            if shell.should_run_async(
                source, transformed_cell=transformed, preprocessing_exc_tuple=preprocessing_error
            ):
                shell._last_traceback = None
                shell._last_traceback_during_displayhook = False
                result = None
                try:
                    result = await asyncio.ensure_future(
                        shell.run_cell_async(
                            source,
                            store_history=True,
                            transformed_cell=transformed,
                            preprocessing_exc_tuple=preprocessing_error,
                        )
                    )
                finally:
                    shell.events.trigger("post_execute")
                    shell.events.trigger("post_run_cell", result)
            else:
                result = shell.run_cell(source, store_history=True)  # type: ignore[no-untyped-call]
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
                runner._session.send(
                    None, msg_type, content, runner._parent["header"], buffers=buffers
                )

        return LocalComm(*args, **options)


def _renew_process() -> None:
    """Undo what a process forked from a warm one shares with its siblings."""
    random.seed()
    if "numpy.random" in sys.modules:
        sys.modules["numpy.random"].seed()
    # As in a kernel, for the person who plots: no part of us imports a plotting library.
    os.environ.setdefault("MPLBACKEND", INLINE_BACKEND)
    if "" not in sys.path:
        sys.path.insert(0, "")


def _new_shell(session: LocalSession, folder: Path) -> ZMQInteractiveShell:
    """Make the process's shell, with nothing of the user's profile and no history on disk."""
    config = Config()
    config.HistoryManager.enabled = False
    kernel = SimpleNamespace(eventloop=None, session=session, comm_manager=comm.get_comm_manager())
    shell = ZMQInteractiveShell.instance(
        config=config,
        ipython_dir=str(folder),
        user_ns={},
        kernel=kernel,
        compiler_class=XCachingCompiler,
    )
    kernel.shell = shell
    kernel.get_parent = lambda channel=None: shell.get_parent()  # type: ignore[no-untyped-call]
    # Not a subclass: libraries tell a notebook by the name of the shell's class.
    shell.enable_gui = _refuse_gui  # type: ignore[method-assign]
    hooks: list[Any] = [shell.displayhook, shell.display_pub]
    for hook in hooks:
        hook.session = session
    extensions: Any = shell.extension_manager
    extensions.load_extension("storemagic")
    shell.user_ns_hidden.update(shell.user_ns)
    return shell


def _refuse_gui(gui: str | None = None) -> None:
    if gui not in (None, "", "inline"):
        raise UsageError(f"Invalid GUI request {gui!r}, valid ones are: [None, 'inline']")


_NO_FRONTEND: Final[Any] = SimpleNamespace(_allow_stdin=False)
_refuse_input: Final = MethodType(IPythonKernel.raw_input, _NO_FRONTEND)
_refuse_getpass: Final = MethodType(IPythonKernel.getpass, _NO_FRONTEND)
"""As a kernel refuses to ask: its own methods, so that tracebacks too are the same."""
