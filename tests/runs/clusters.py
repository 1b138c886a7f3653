"""A real Dask cluster on this machine: a scheduler and workers, each a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

__all__ = ["DaskCluster", "running_cluster"]


class DaskCluster:
    """A scheduler, whose ``address`` is known, and the workers started so far."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder = folder
        self.environment = {**os.environ, **environment, "OMP_NUM_THREADS": "1"}
        self.processes: list[subprocess.Popen[bytes]] = []
        file = folder / "scheduler.json"
        self.scheduler = self._start("dask_scheduler", "--port", "0", "--scheduler-file", str(file))
        deadline = time.monotonic() + 60
        while not file.is_file() and time.monotonic() < deadline:
            time.sleep(0.05)
        self.address: str = json.loads(file.read_text())["address"]

    def _start(self, program: str, *options: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", f"distributed.cli.{program}"]
        common = ["--host", "127.0.0.1", "--no-dashboard"]
        with (self.folder / f"{program}-{len(self.processes)}.log").open("wb") as log:
            process = subprocess.Popen(
                [*command, *common, *options],
                cwd=self.folder,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.processes.append(process)
        return process

    def start_worker(self) -> subprocess.Popen[bytes]:
        """Start a worker with one thread and its nanny, in a process group of their own."""
        space = str(self.folder / "space")
        return self._start(
            "dask_worker", self.address, "--nthreads", "1", "--local-directory", space
        )

    @staticmethod
    def kill(process: subprocess.Popen[bytes]) -> None:
        """Kill a scheduler, or a worker together with its nanny, as a power cut would."""
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@contextmanager
def running_cluster(
    folder: Path, workers: int, environment: dict[str, str] | None = None
) -> Iterator[DaskCluster]:
    """Run a scheduler with workers; all are killed at the end."""
    cluster = DaskCluster(folder, environment or {})
    try:
        for _ in range(workers):
            cluster.start_worker()
        yield cluster
    finally:
        for process in cluster.processes:
            cluster.kill(process)
