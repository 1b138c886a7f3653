"""The shell that cells run in: ipykernel's own, sealed from the person's profile or with it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

import comm
from ipykernel.compiler import XCachingCompiler
from ipykernel.eventloops import enable_gui
from ipykernel.ipkernel import IPythonKernel
from ipykernel.zmqshell import ZMQInteractiveShell
from jupyter_client.session import Session
from traitlets.config import Config

__all__ = ["LocalKernel", "connect_shell", "open_sealed_shell"]


class LocalKernel:
    """What shells, widgets and libraries ask of a kernel, without its sockets."""

    implementation: ClassVar[str] = IPythonKernel.implementation
    implementation_version: ClassVar[str] = IPythonKernel.implementation_version
    language_info: ClassVar[dict[str, Any]] = IPythonKernel.language_info

    def __init__(self, session: Session) -> None:
        self.session = session
        self.shell: Any = None
        self.eventloop: Any = None
        self.iopub_socket: Any = None
        self.comm_manager = comm.get_comm_manager()

    def get_parent(self, channel: str | None = None) -> Any:
        """Return the request that is being answered."""
        return self.shell.get_parent()


def connect_shell(shell: ZMQInteractiveShell, kernel: LocalKernel) -> ZMQInteractiveShell:
    """Let a shell and its hooks send their messages where the kernel's go."""
    kernel.shell = shell
    hooks: list[Any] = [shell.displayhook, shell.display_pub]
    for hook in hooks:
        hook.session = kernel.session
    return shell


def open_sealed_shell(
    session: Session, arguments: Sequence[str], folder: Path
) -> ZMQInteractiveShell:
    """Open a shell with nothing of the person's profile and no history, so that runs are alike."""
    kernel = LocalKernel(session)
    config = Config()
    config.HistoryManager.enabled = False
    shell = ZMQInteractiveShell.instance(
        config=config,
        ipython_dir=str(folder),
        kernel=kernel,
        compiler_class=XCachingCompiler,
    )
    connect_shell(shell, kernel)
    # Not a subclass: libraries tell a notebook by the name of the shell's class.
    shell.enable_gui = lambda gui=None: enable_gui(gui, kernel)  # type: ignore
    extensions: Any = shell.extension_manager
    extensions.load_extension("storemagic")
    shell.user_ns_hidden.update(shell.user_ns)
    return shell
