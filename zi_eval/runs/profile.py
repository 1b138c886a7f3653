"""A shell with the person's own profile: settings, extensions and start-up files of IPython.

Imported only where a notebook is run for its own sake (``papermill --engine zi-eval``). Reports of
a batch are to be the same for everybody, and their processes have no time for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ipykernel.compiler import XCachingCompiler
from ipykernel.displayhook import ZMQDisplayHook
from ipykernel.kernelapp import IPKernelApp
from ipykernel.zmqshell import ZMQInteractiveShell
from jupyter_client.session import Session

from zi_eval.runs.shell import LocalKernel, connect_shell

__all__ = ["open_profile_shell"]


class ProfileApp(IPKernelApp):
    """ipykernel's application without what it does for its sockets."""

    def init_connection_file(self) -> None:
        pass

    def init_poller(self) -> None:
        pass

    def init_sockets(self) -> None:
        pass

    def init_heartbeat(self) -> None:
        pass

    def write_connection_file(self, **kwargs: Any) -> None:
        pass

    def log_connection_info(self) -> None:
        pass

    def init_io(self) -> None:
        self.displayhook = ZMQDisplayHook(self.session, None)  # type: ignore[no-untyped-call]
        self.patch_io()  # type: ignore[no-untyped-call]

    def init_kernel(self) -> None:
        kernel = LocalKernel(self.session)
        shell = ZMQInteractiveShell.instance(
            parent=self,
            profile_dir=self.profile_dir,
            kernel=kernel,
            compiler_class=XCachingCompiler,
        )
        connect_shell(shell, kernel)
        self.displayhook.get_execution_count = lambda: shell.execution_count
        self.kernel = kernel


def open_profile_shell(
    session: Session, arguments: Sequence[str], folder: Path
) -> ZMQInteractiveShell:
    """Open a shell as a kernel started with these arguments opens it.

    Raises
    ------
    SystemExit
        Where a kernel would not start either.
    """
    app: Any = ProfileApp.instance(session=session)
    app.initialize([*arguments])
    shell: ZMQInteractiveShell = app.kernel.shell
    return shell
