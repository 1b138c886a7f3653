"""The PortalRB service under load: 200 requests a second on loopback, while files change.

    python -m tests.bench.portal [--rate 200] [--seconds 20] [--units 200]

Prints what became of the requests, how long they took (from when each was due), and what the
service used. One unit file is changed each second; ``--rate`` beyond 250 needs the service's own
``--rate`` raised, which is done here.
"""

from __future__ import annotations

import argparse
import tempfile
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil

from tests.portal.builders import make_assessment, write_period
from tests.portal.running import load, running
from zi_eval.portal.tokens import SCOPES, TokenFile


def make_units(folder: Path, count: int) -> tuple[list[Path], list[str]]:
    """Write ``count`` publishable units and return their files and the addresses to ask for."""
    period = write_period(folder, make_assessment("unit-0000"))
    text = (period / "unit-0000.yaml").read_text("utf-8")
    for number in range(1, count):
        name = f"unit-{number:04d}"
        (period / f"{name}.yaml").write_text(text.replace("unit-0000", name), "utf-8")
    files = sorted(period.glob("unit-*.yaml"))
    paths = ["/pengusulan/unit-wbk", "/pengusulan/unit-wbbm"]
    return files, paths + [f"/lke/jawaban-unit/{file.stem}" for file in files]


def change_files(files: list[Path], stop: threading.Event) -> None:
    """Change one file each second."""
    for file in files * 1000:
        if stop.wait(1.0):
            return
        part = file.with_name(".part")
        part.write_text(file.read_text("utf-8") + "# diubah\n", "utf-8")
        part.replace(file)


def main() -> None:
    """Serve, ask, and print what was seen."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--rate", type=float, default=200)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--units", type=int, default=200)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files, paths = make_units(folder, options.units)
        tokens = TokenFile(folder / "portal-tokens.json")
        token = tokens.add("ukur", SCOPES, datetime.now(UTC) + timedelta(days=1))
        rate = [] if options.rate <= 250 else ["--rate", str(options.rate * 1.5)]
        started = time.perf_counter()
        with running(folder, *rate) as service:
            print(f"{options.units} units: ready after {time.perf_counter() - started:.1f} s")
            stop = threading.Event()
            changing = threading.Thread(target=change_files, args=(files, stop))
            changing.start()
            process = psutil.Process(service.process.pid)
            before = process.cpu_times()
            got = load(service.url, token, paths, options.rate, options.seconds)
            after = process.cpu_times()
            stop.set()
            changing.join()
            memory = process.memory_info().rss / 1e6
    used = (after.user + after.system - before.user - before.system) / got.seconds
    print(f"{sum(got.statuses.values())} requests in {got.seconds:.1f} s: {got.rate:.1f} a second")
    print(f"answers: {dict(got.statuses)}; errors: {got.errors}")
    print(
        f"latency: median {got.percentile(50) * 1000:.1f} ms, 99 % {got.percentile(99) * 1000:.1f}"
        f" ms, worst {max(got.latencies) * 1000:.1f} ms"
    )
    print(f"service: {used:.0%} of one core, {memory:.0f} MB")


if __name__ == "__main__":
    main()
