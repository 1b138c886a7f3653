"""How long a visitor waits while others keep connections open: the portal, and the app.

    python -m tests.bench.crowd [--half-open 320] [--visitors 20] [--requests 200]

Lets visitors with a valid key ask at once, with and without connections that never finish their
request, and prints how long their answers took. What is asked is less than a second on a machine
that does nothing else; on a busy one, that the two lines are alike.
"""

from __future__ import annotations

import argparse
import contextlib
import re
import shutil
import socket
import statistics
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from tests.browser.lab import running_app
from tests.portal.builders import make_assessment, write_period
from tests.portal.running import running
from tests.sample import ROOT
from zi_eval.portal.tokens import SCOPES, TokenFile

PASSWORD = "tiga kata panjang"


def measure(
    name: str, client: dict[str, dict[str, str]], url: str, options: argparse.Namespace
) -> None:
    """Print what visitors waited for this address, alone and among half-open connections."""
    for half_open in (0, options.half_open):
        print(f"{name}, {half_open:3} half-open: {waits(client, url, half_open, options)}")


def waits(
    client: dict[str, dict[str, str]], url: str, half_open: int, options: argparse.Namespace
) -> str:
    """Return what visitors waited."""
    found = urlsplit(url)

    def visit(number: int) -> list[float]:
        waited = []
        with httpx.Client(timeout=600, verify=False, **client) as one:  # type: ignore[arg-type]
            for _ in range(options.requests // options.visitors):
                started = time.perf_counter()
                one.get(url).raise_for_status()
                waited.append(time.perf_counter() - started)
        return waited

    with contextlib.ExitStack() as stack:
        for _ in range(half_open):
            opened = socket.create_connection((found.hostname or "", found.port or 0))
            stack.enter_context(opened).sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
        with ThreadPoolExecutor(options.visitors) as pool:
            waited = sorted(chain.from_iterable(pool.map(visit, range(options.visitors))))
    return (
        f"median {statistics.median(waited) * 1000:.0f} ms, "
        f"95 % {waited[int(len(waited) * 0.95)] * 1000:.0f} ms, worst {waited[-1] * 1000:.0f} ms"
    )


def measure_portal(folder: Path, options: argparse.Namespace) -> None:
    """Measure the portal, by one unit's answers."""
    write_period(folder, make_assessment("unit-satu"))
    tokens = TokenFile(folder / "portal-tokens.json")
    token = tokens.add("ukur", SCOPES, datetime.now(UTC) + timedelta(days=1))
    with running(folder) as service:
        client = {"headers": {"Authorization": f"Bearer {token}"}}
        measure("portal", client, f"{service.url}/lke/jawaban-unit/unit-satu", options)


def measure_app(folder: Path, options: argparse.Namespace) -> None:
    """Measure the app, by its first page."""
    shutil.copytree(ROOT / "parameters", folder / "parameters")
    with running_app(folder, environment={"ZI_EVAL_APP_PASSWORD": PASSWORD}) as app:
        with httpx.Client(base_url=app.url, timeout=600) as client:
            page = client.get("login").text
            xsrf = re.search(r'name="_xsrf" value="([^"]+)"', page)
            client.post("login", data={"password": PASSWORD, "_xsrf": xsrf[1] if xsrf else ""})
            cookies = dict(client.cookies)
        measure("app", {"cookies": cookies}, app.url, options)


def main() -> None:
    """Measure both and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--half-open", type=int, default=320)
    parser.add_argument("--visitors", type=int, default=20)
    parser.add_argument("--requests", type=int, default=200)
    options = parser.parse_args()
    print(f"{options.visitors} visitors at once, {options.requests} requests")
    for work in (measure_portal, measure_app):
        with tempfile.TemporaryDirectory() as folder:
            work(Path(folder), options)


if __name__ == "__main__":
    main()
