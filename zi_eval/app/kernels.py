"""Kernels started before a visitor comes, so that a page opens at once.

Voilà's own preheating runs the notebook ahead, and its page would show the answers of that hour.
Here a kernel has only loaded the modules that every page needs: nothing is read before it is asked
for. It is the same kernel, behind the same lock, that a page would have started itself.
"""

# Jupyter's managers have types in part only.
# mypy: disable-error-code="misc, no-untyped-call"

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any

from jupyter_server._tz import utcnow
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from jupyter_server.utils import ApiPath
from traitlets import Int

__all__ = ["WarmKernelManager"]

KERNEL = "python3"
UNVISITED_SECONDS = 60.0
"""Seconds for which a page's kernel waits for the page's browser once the notebook has run."""
PATIENCE = 120.0
"""Seconds until a kernel that does not answer is given up as a warm one."""
MODULES = (
    "anywidget",
    "python_calamine",
    "scipy.special",
    "zi_eval.agreement.load",
    "zi_eval.calendar.load",
    "zi_eval.case.elsewhere",
    "zi_eval.face.books",
    "zi_eval.face.forms",
    "zi_eval.forms.form",
    "zi_eval.instruments.loader",
    "zi_eval.instruments.rulesets",
    "zi_eval.pages.agency.sections",
    "zi_eval.pages.unit.sections",
    "zi_eval.similarities.load",
)
IMPORTS = (
    f"import importlib\nfor name in {MODULES!r}: importlib.import_module(name)\ndel name, importlib"
)
"""What nearly every page needs; no name is left in the way of the notebook's own."""


class WarmKernelManager(AsyncMappingKernelManager):
    """Gives a page a kernel that is warm already, where there is one, and warms the next.

    Attributes
    ----------
    spare
        Kernels kept warm; each takes some 150 MB.
    most
        Pages with a kernel at once; whoever comes then waits.

    Parameters
    ----------
    clock
        Gives the time, with its zone, by which a kernel waits for its page.
    """

    spare = Int(1, config=True)
    most = Int(40, config=True)

    def __init__(self, clock: Callable[[], datetime] = utcnow, **settings: Any) -> None:
        super().__init__(**settings)
        self._clock = clock
        self._warm: list[str] = []
        self._warming: set[asyncio.Task[None]] = set()
        self._starting = 0
        self._visited: set[str] = set()

    @property
    def has_room(self) -> bool:
        """Whether one more page may have a kernel."""
        return len(self) - len(self._warm) - len(self._warming) + self._starting < self.most

    def notify_connect(self, kernel_id: str) -> None:
        """Remember that a page has come for its kernel."""
        self._visited.add(kernel_id)
        super().notify_connect(kernel_id)

    @property
    def warm(self) -> tuple[str, ...]:
        """The kernels that wait for a page."""
        return tuple(self._warm)

    def warm_up(self) -> None:
        """Begin to start as many kernels as are to spare; needs a running loop."""
        for _ in range(self.spare - len(self._warm) - len(self._warming)):
            task = asyncio.get_running_loop().create_task(self._start_warm())
            self._warming.add(task)
            task.add_done_callback(self._warming.discard)

    async def start_kernel(self, **wanted: Any) -> str:  # type: ignore[override]
        """Return the id of a warm kernel of the notebooks' folder, else of a fresh one."""
        while self._warm and wanted.get("kernel_name") == KERNEL and not wanted.get("path"):
            kernel = self._warm.pop(0)
            if kernel in self and await self.is_alive(kernel):
                asyncio.get_running_loop().call_later(1, self.warm_up)  # the page comes first
                return kernel
        self._starting += 1
        try:
            return str(await super().start_kernel(**wanted))
        finally:
            self._starting -= 1

    async def _start_warm(self) -> None:
        kernel = str(await super().start_kernel(kernel_name=KERNEL, path=ApiPath("")))
        client = self.get_kernel(kernel).client()
        client.start_channels()
        try:
            await client.wait_for_ready(timeout=PATIENCE)
            await client.execute_interactive(
                IMPORTS, silent=True, store_history=False, timeout=PATIENCE, output_hook=_ignore
            )
        except (RuntimeError, TimeoutError):
            with suppress(KeyError):
                await self.shutdown_kernel(kernel, now=True)
            return
        finally:
            client.stop_channels()
        self._warm.append(kernel)

    async def cull_kernel_if_idle(self, kernel_id: str) -> None:
        """End a kernel nobody uses; one that waits for a visitor is not idle.

        A page that was opened and left before its browser asked for the kernel leaves one that
        nobody will ever use.
        """
        if kernel_id in self._warm:
            return
        kernel = self._kernels[kernel_id]
        is_idle = getattr(kernel, "execution_state", "") == "idle"
        if kernel_id not in self._visited and is_idle:
            unused = (self._clock() - kernel.last_activity).total_seconds()
            if unused > UNVISITED_SECONDS:
                await self.shutdown_kernel(kernel_id, now=True)
                return
        await super().cull_kernel_if_idle(kernel_id)

    async def shutdown_kernel(  # type: ignore[override]
        self, kernel_id: str, now: bool = False, **wanted: Any
    ) -> Any:
        """End a kernel and forget who came for it."""
        self._visited.discard(kernel_id)
        return await super().shutdown_kernel(kernel_id, now=now, **wanted)


def _ignore(message: dict[str, Any]) -> None:
    """Drop what warming up prints."""
