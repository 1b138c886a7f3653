"""Whoever keeps connections open without asking anything shuts nobody out."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
import uvicorn

from tests.portal.builders import Service
from tests.waiting import NET, wait_until
from zi_eval.portal import connections
from zi_eval.portal.connections import BoundedProtocol
from zi_eval.portal.gate import Gate


async def answer(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"ada"})


@pytest.fixture
def port() -> Iterator[int]:
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        answer, http=BoundedProtocol, log_config=None, lifespan="off", ws="none"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    wait_until(lambda: server.started)
    yield listening.getsockname()[1]
    server.should_exit = True
    thread.join()


def half_open(port: int, sent: bytes = b"GET / HTTP/1.1\r\nHost: x\r\n") -> socket.socket:
    opened = socket.create_connection(("127.0.0.1", port), timeout=60)
    opened.sendall(sent)
    return opened


def is_ended(opened: socket.socket) -> bool:
    opened.setblocking(False)
    try:
        return opened.recv(1) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True


def test_a_full_house_ends_the_connection_that_waits_longest(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "MOST_CONNECTIONS", 20)
    opened = [half_open(port, b"") for _ in range(60)]
    for _ in range(5):
        assert httpx.get(f"http://127.0.0.1:{port}/").text == "ada"
    wait_until(lambda: sum(map(is_ended, opened)) >= 40)
    assert is_ended(opened[0])
    for one in opened:
        one.close()


def test_half_open_connections_and_visitors_at_once_shut_nobody_out(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "REQUEST_SECONDS", NET)  # the others stay all the time

    opened = [half_open(port) for _ in range(320)]
    each_anew = httpx.Limits(max_keepalive_connections=0)
    with httpx.Client(timeout=60, limits=each_anew) as client, ThreadPoolExecutor(20) as pool:
        found = pool.map(lambda _: client.get(f"http://127.0.0.1:{port}/").text, range(60))
        assert [*found] == ["ada"] * 60
    assert not any(map(is_ended, opened))  # there was room for all
    for one in opened:
        one.close()


def test_a_request_that_drips_in_is_given_up(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "REQUEST_SECONDS", 0.2)
    opened = half_open(port)
    for _ in range(3):
        opened.sendall(b"X: y\r\n")
    wait_until(lambda: is_ended(opened))
    opened.close()


def test_a_connection_is_kept_for_the_next_request(port: int) -> None:
    with httpx.Client() as client:
        for _ in range(3):
            assert client.get(f"http://127.0.0.1:{port}/").text == "ada"
        assert len(BoundedProtocol._waiting) >= 1  # noqa: SLF001


@pytest.mark.parametrize("seconds", [0.05])
def test_a_request_has_a_limit_in_time(
    service: Service, seconds: float, caplog: pytest.LogCaptureFixture
) -> None:
    async def slow(scope: Any, receive: Any, send: Any) -> None:
        await asyncio.sleep(3600)

    gate = Gate(slow, service.tokens, seconds=seconds)
    headers = {"Authorization": f"Bearer {service.add_token()}"}

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(gate)
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
            return await client.get("/pengusulan/unit-wbk", headers=headers)

    assert asyncio.run(ask()).status_code == 500
