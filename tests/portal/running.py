"""The service as a process of its own, and a steady stream of requests to it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import ssl
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

CONNECTIONS = 16
READY = re.compile(r"(https?://\S+) \(")


@dataclass
class Running:
    """A running service: its address, and what it has written so far."""

    process: subprocess.Popen[str]
    url: str
    log: Path

    def lines(self) -> str:
        return self.log.read_text(encoding="utf-8")


@contextlib.contextmanager
def running(folder: Path, *options: str) -> Iterator[Running]:
    """Start ``zi-eval portal serve`` on a free port and end it afterwards."""
    log = folder / "akses.log"
    command = [sys.executable, "-m", "zi_eval", "portal", "serve", "--port", "0"]
    with log.open("w") as stream:
        process = subprocess.Popen(
            [*command, "--folder", str(folder), *options],
            stdout=stream,
            stderr=subprocess.PIPE,
            text=True,
        )
    assert process.stderr is not None
    try:
        said = []
        for line in process.stderr:
            said.append(line)
            found = READY.search(line)
            if found:
                break
        else:
            raise AssertionError("".join(said))
        yield Running(process, found[1], log)
    finally:
        process.terminate()
        process.communicate(timeout=20)


@dataclass(frozen=True)
class Load:
    """What a stream of requests met."""

    statuses: Counter[str]
    seconds: float
    latencies: tuple[float, ...]

    @property
    def rate(self) -> float:
        return sum(self.statuses.values()) / self.seconds

    @property
    def errors(self) -> int:
        return sum(n for status, n in self.statuses.items() if status != "200")

    def percentile(self, share: int) -> float:
        return statistics.quantiles(self.latencies, n=100)[share - 1]


async def ask_in_turn(
    address: tuple[str, int],
    trust: Path | None,
    head: str,
    due: asyncio.Queue[tuple[float, str] | None],
    seen: list[tuple[str, float]],
) -> None:
    """Send what is due over one connection. Written out, because a client library would need more
    time than the service."""
    tls = ssl.create_default_context(cafile=trust) if trust else None
    reader, writer = await asyncio.open_connection(*address, ssl=tls)
    while (item := await due.get()) is not None:
        then, path = item
        writer.write(f"GET {path} HTTP/1.1\r\n{head}\r\n".encode())
        answer = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        size = re.search(r"content-length: (\d+)", answer)
        assert size
        body = await reader.readexactly(int(size[1]))
        json.loads(body)
        # From when it was due: a service that falls behind shows it.
        seen.append((answer.split()[1], time.perf_counter() - then))
    writer.close()
    await writer.wait_closed()


async def send_steadily(
    url: str, token: str, paths: Sequence[str], rate: float, seconds: float, trust: Path | None
) -> Load:
    """Send ``rate`` requests a second whatever becomes of those before them."""
    parts = urlsplit(url)
    address = (str(parts.hostname), int(parts.port or 443))
    head = f"Host: {parts.netloc}\r\nAuthorization: Bearer {token}\r\n"
    due: asyncio.Queue[tuple[float, str] | None] = asyncio.Queue()
    seen: list[tuple[str, float]] = []
    async with asyncio.TaskGroup() as group:
        for _ in range(CONNECTIONS):
            group.create_task(ask_in_turn(address, trust, head, due, seen))
        started = time.perf_counter()
        for number in range(int(rate * seconds)):
            then = started + number / rate
            await asyncio.sleep(max(0.0, then - time.perf_counter()))
            due.put_nowait((then, paths[number % len(paths)]))
        for _ in range(CONNECTIONS):
            due.put_nowait(None)
    latencies = tuple(latency for _, latency in seen)
    statuses = Counter(status for status, _ in seen)
    return Load(statuses, time.perf_counter() - started, latencies)


def load(
    url: str,
    token: str,
    paths: Sequence[str],
    rate: float,
    seconds: float,
    trust: Path | None = None,
) -> Load:
    """Run :func:`send_steadily` from here."""
    return asyncio.run(send_steadily(url, token, paths, rate, seconds, trust))
