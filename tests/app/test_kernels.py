"""Kernels that are warm before a page asks for one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import pytest
from jupyter_server._tz import utcnow

from tests.waiting import NET
from zi_eval.app.kernels import UNVISITED_SECONDS, WarmKernelManager

pytestmark = [pytest.mark.kernel]


@asynccontextmanager
async def managing(
    spare: int, clock: Callable[[], datetime] = utcnow, idle: int = 1
) -> AsyncIterator[WarmKernelManager]:
    manager = WarmKernelManager(clock, spare=spare, cull_idle_timeout=idle, cull_connected=True)
    try:
        yield manager
    finally:
        await manager.shutdown_all(now=True)


async def wait_for_warm(manager: WarmKernelManager, count: int) -> None:
    async with asyncio.timeout(NET):
        while len(manager.warm) != count:
            await asyncio.sleep(0.05)


async def said_by(manager: WarmKernelManager, kernel: str, code: str) -> str:
    """Return what a kernel writes where it runs some code."""
    client = manager.get_kernel(kernel).client()
    client.start_channels()
    await client.wait_for_ready(timeout=NET)
    found: list[str] = []
    await client.execute_interactive(
        code, output_hook=lambda m: found.append(m["content"].get("text", "")), timeout=NET
    )
    client.stop_channels()
    return "".join(found).strip()


def test_a_page_gets_the_warm_kernel_that_read_nothing_and_the_next_is_warmed() -> None:
    async def steps() -> None:
        async with managing(1) as manager:
            manager.warm_up()
            await wait_for_warm(manager, 1)
            (warm,) = manager.warm
            loaded = "'zi_eval.face.forms' in sys.modules"
            names = "sorted(n for n in globals() if n.startswith('zi'))"
            assert await said_by(manager, warm, f"import sys; print({loaded}, {names})") == (
                "True []"
            )
            await manager.cull_kernel_if_idle(warm)
            assert warm in manager, "one that waits for a visitor is not idle"
            assert await manager.start_kernel(kernel_name="python3", path="") == warm
            assert manager.warm == ()
            await wait_for_warm(manager, 1)
            assert manager.warm != (warm,)

    asyncio.run(steps())


def test_a_kernel_whose_page_never_came_is_ended_after_a_minute() -> None:
    now = utcnow()

    async def steps() -> None:
        nonlocal now
        async with managing(0, lambda: now, 3600) as manager:
            lost = await manager.start_kernel(kernel_name="python3", path="")
            kept = await manager.start_kernel(kernel_name="python3", path="")
            manager.notify_connect(kept)
            clients = [manager.get_kernel(kernel).client() for kernel in (lost, kept)]
            for client in clients:
                client.start_channels()
                await client.wait_for_ready(timeout=NET)
            async with asyncio.timeout(NET):
                while {manager.get_kernel(k).execution_state for k in (lost, kept)} != {"idle"}:
                    for client in clients:  # a state is told once, perhaps before anybody listens
                        client.kernel_info()
                    await asyncio.sleep(0.2)
            for client in clients:
                client.stop_channels()
            start = manager.get_kernel(lost).last_activity
            for seconds, there in ((0, [lost, kept]), (30, [kept])):
                now = start + timedelta(seconds=UNVISITED_SECONDS + seconds)
                for kernel in list(manager.list_kernel_ids()):
                    await manager.cull_kernel_if_idle(kernel)
                assert list(manager.list_kernel_ids()) == there

    asyncio.run(steps())


def test_without_a_spare_each_page_starts_its_own() -> None:
    async def steps() -> None:
        async with managing(0) as manager:
            manager.warm_up()
            first = await manager.start_kernel(kernel_name="python3", path="")
            assert list(manager.list_kernel_ids()) == [first]

    asyncio.run(steps())
