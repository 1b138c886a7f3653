"""A real Dask cluster on this machine, each of its parts a process, and runs that use it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.waiting import wait_until

__all__ = ["ON_A_DAY", "DaskCluster", "finish_run", "read_states", "running_cluster", "start_run"]

PROGRAM = ("-m", "zi_eval")
ON_A_DAY = {"SOURCE_DATE_EPOCH": "1767250000"}
"""The environment in which every run is made at one moment."""


class DaskCluster:
    """A scheduler, whose ``address`` is known, and the workers started so far."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder = folder
        self.environment = {**os.environ, **environment, "OMP_NUM_THREADS": "1"}
        self.processes: list[subprocess.Popen[bytes]] = []
        file = folder / "scheduler.json"
        self.scheduler = self._start("dask_scheduler", "--port", "0", "--scheduler-file", str(file))
        wait_until(file.is_file, file)
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


def start_run(
    folder: Path, *options: str, program: Sequence[str] = PROGRAM, **environment: str
) -> subprocess.Popen[str]:
    """Start ``zi-eval run`` in a working folder, on the same day each time."""
    return subprocess.Popen(
        [sys.executable, *program, "run", *options],
        cwd=folder,
        env={**os.environ, **ON_A_DAY, **environment},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def finish_run(
    folder: Path,
    *options: str,
    code: int = 0,
    program: Sequence[str] = PROGRAM,
    **environment: str,
) -> str:
    """Run ``zi-eval run`` to its end, check how it ended and return what it said."""
    process = start_run(folder, *options, program=program, **environment)
    output, _ = process.communicate(timeout=180)
    assert process.returncode == code, output
    return output


def read_states(folder: Path) -> dict[str, str]:
    """Return how every unit of a working folder stands, as ``zi-eval status`` says it."""
    command = [sys.executable, *PROGRAM, "status", "--json"]
    found = json.loads(subprocess.check_output(command, cwd=folder, text=True))
    return {unit["unit"]: unit["state"] for unit in found["units"]}
