"""One run of a small agency with one fault, then the same command until it is done.

Each trial ends by the same bytes as an undisturbed run, with no process, no temporary file and no
half-written file left, and without a traceback in what was said.
"""

from __future__ import annotations

import os
import random
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from tests.runs.clusters import DaskCluster, running_cluster
from tests.sample import ROOT, copy_sample
from tests.waiting import NET, wait_until

__all__ = ["CLUSTER_KINDS", "KINDS", "Ended", "Trials", "read_results"]

UNITS = ("bapenda", "dpmptsp", "kecamatan-merdeka")
PINNED = {"SOURCE_DATE_EPOCH": "1767250000", "TZ": "Asia/Jakarta"}
COMPARED = {".html", ".json", ".csv", ".xlsx", ".docx"}
CODES = {0, 1, 130, -signal.SIGKILL, -signal.SIGHUP, -signal.SIGINT}
"""How a disturbed run may end: whole, with units named, stopped, or as a kill ends it.

An interrupt that passed through ``exec``, by which Python makes data classes, Python sends to
itself once more as it ends, after our sentence; a shell sees 130 either way.
"""
FURTHER = 3
"""Runs that may be needed until all is done."""
JUMPS = """
import random, time
_time, _chance = time.time, random.Random(1)
time.time = lambda: _time() + _chance.choice((-86400, 0, 86400 * 400))
"""
"""For Python's start: a clock that is set back and forth between two looks at it."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a disturbed run ended, and how many further runs it took until all was done."""

    code: int
    output: str
    further: int


@dataclass
class Trials:
    """A place for trials, with an undisturbed run to compare with and its seconds."""

    home: Path
    chance: random.Random
    expected: dict[str, bytes] = field(default_factory=dict)
    seconds: float = 0.0
    count: int = 0

    def __post_init__(self) -> None:
        folder = self._folder()
        began = time.monotonic()
        process = self.start(folder)
        output, _ = process.communicate(timeout=NET)
        assert process.returncode == 0, output
        self.seconds = time.monotonic() - began
        self.expected = read_results(folder)

    def _folder(self) -> Path:
        self.count += 1
        folder = copy_sample(self.home / str(self.count), *UNITS, plans=["dpmptsp"])
        (folder / "sementara").mkdir()
        return folder

    def start(
        self,
        folder: Path,
        *options: str,
        files: int | None = None,
        **environment: str | None,
    ) -> subprocess.Popen[str]:
        """Start a run in a session of its own, with temporary files in a place of its own."""
        given = {**PINNED, "TMPDIR": str(folder / "sementara"), **environment}
        around = {k: v for k, v in {**os.environ, **given}.items() if v is not None}
        around["PYTHONPATH"] = os.pathsep.join([str(folder / "awal"), str(ROOT)])

        def limit() -> None:
            signal.signal(signal.SIGINT, signal.default_int_handler)
            if files is not None:
                resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))

        return subprocess.Popen(
            [sys.executable, "-m", "zi_eval", "run", "--jobs", "2", *options],
            cwd=folder,
            env=around,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=limit,
        )

    def moment(self, of: float = 1.0) -> None:
        """Wait until some moment of the run, at random."""
        time.sleep(self.chance.uniform(0.0, self.seconds * of))

    def try_once(self, kind: str) -> Ended:
        """Disturb one run, run the same again until it is done, and look at what is left."""
        folder = self._folder()
        code, output = {**KINDS, **CLUSTER_KINDS}[kind](self, folder)
        assert code in CODES, f"{kind}: code {code}\n{output}"
        assert "Traceback" not in output, f"{kind}:\n{output}"
        self.require_no_process(folder)
        further, again, said = 0, 1, ""
        while again and further < FURTHER:
            process = self.start(folder)
            said, _ = process.communicate(timeout=NET)
            further, again = further + 1, process.returncode
        assert not again, f"{kind}:\n{said}"
        found = read_results(folder)
        differing = [n for n in {*found, *self.expected} if found.get(n) != self.expected.get(n)]
        assert not differing, f"{kind}: {differing}"
        assert not [*(folder / "sementara").iterdir()], [*(folder / "sementara").iterdir()]
        assert not [*(folder / "outputs" / "2026").glob("*.zi-eval-tmp")]
        self.require_no_process(folder)
        return Ended(code, output, further)

    @staticmethod
    def require_no_process(folder: Path) -> None:
        """Wait until no process works in a folder."""
        wait_until(lambda: not _processes_in(folder), folder)


def _processes_in(folder: Path) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if Path(process.cwd()).is_relative_to(folder) and process.status() != "zombie":
                found.append(process)
    return found


def read_results(folder: Path) -> dict[str, bytes]:
    """Return what a run published, by name."""
    outputs = folder / "outputs" / "2026"
    return {p.name: p.read_bytes() for p in outputs.iterdir() if p.suffix in COMPARED}


def _end(process: subprocess.Popen[str]) -> tuple[int, str]:
    output, _ = process.communicate(timeout=NET)
    return process.returncode, output


Fault = Callable[["Trials", Path], tuple[int, str]]


def _signalled(number: int, of: float = 1.0, is_group: bool = False) -> Fault:
    def fault(trials: Trials, folder: Path) -> tuple[int, str]:
        process = trials.start(folder)
        trials.moment(of)
        with suppress(ProcessLookupError):
            # At a terminal, all processes that belong to it get the signal.
            (os.killpg if is_group else os.kill)(process.pid, number)
        return _end(process)

    return fault


def _child_dies(trials: Trials, folder: Path) -> tuple[int, str]:
    process = trials.start(folder)
    trials.moment()
    with suppress(psutil.Error, IndexError):
        trials.chance.choice(psutil.Process(process.pid).children(recursive=True)).kill()
    code, output = _end(process)
    assert code in (0, 1), output  # one unit at most, never the run
    return code, output


def _file_changes(trials: Trials, folder: Path) -> tuple[int, str]:
    unit = folder / "parameters" / "2026" / f"{trials.chance.choice(UNITS)}.yaml"
    original = unit.read_bytes()
    process = trials.start(folder)
    trials.moment()
    unit.write_bytes(original + b"# disunting\n")
    trials.moment(0.2)
    unit.write_bytes(original)
    return _end(process)


def _clock_jumps(trials: Trials, folder: Path) -> tuple[int, str]:
    (folder / "awal").mkdir()
    start = folder / "awal" / "sitecustomize.py"
    start.write_text(JUMPS)
    code, output = _end(trials.start(folder))
    start.unlink()
    assert code == 0, output
    return code, output


def _no_home(trials: Trials, folder: Path) -> tuple[int, str]:
    gone = {"HOME": trials.chance.choice((None, "/tidak/ada")), "TMPDIR": "/tidak/ada"}
    code, output = _end(trials.start(folder, **gone))
    assert code == 0, output
    return code, output


def _few_files(trials: Trials, folder: Path) -> tuple[int, str]:
    files = trials.chance.choice((8, 20, 40, 63, 64, 100))
    code, output = _end(trials.start(folder, files=files))
    assert code == (1 if files < 64 else 0), output
    return code, output


KINDS: Mapping[str, Fault] = {
    "kill -9": _signalled(signal.SIGKILL),
    "SIGTERM": _signalled(signal.SIGTERM),
    "SIGHUP": _signalled(signal.SIGHUP),
    "interrupt": _signalled(signal.SIGINT),
    "interrupt of all": _signalled(signal.SIGINT, is_group=True),
    "interrupt at start": _signalled(signal.SIGINT, of=0.25, is_group=True),
    "death of a child": _child_dies,
    "file changed": _file_changes,
    "clock jumps": _clock_jumps,
    "no HOME, no TMPDIR": _no_home,
    "few open files": _few_files,
}
"""What is done to a run, by its name."""


def _on_cluster(disturb: Callable[[DaskCluster, subprocess.Popen[str]], None]) -> Fault:
    """Disturb a run on a cluster, and let another cluster go on with it."""

    def fault(trials: Trials, folder: Path) -> tuple[int, str]:
        around = {**PINNED, "TMPDIR": str(folder / "sementara"), "PYTHONPATH": str(ROOT)}
        around["DASK_TEMPORARY_DIRECTORY"] = str(folder / "dask")
        for is_disturbed in (True, False):
            place = folder / f"klaster-{is_disturbed}"
            place.mkdir()
            with running_cluster(place, 2, around) as cluster:
                process = trials.start(folder, "--scheduler", cluster.address)
                if is_disturbed:
                    trials.moment()
                    disturb(cluster, process)
                code, output = _end(process)
                assert "Traceback" not in output, output
        assert code == 0, output
        return code, output

    return fault


def _replace_worker(cluster: DaskCluster, process: subprocess.Popen[str]) -> None:
    cluster.kill(cluster.processes[1])
    cluster.start_worker()


CLUSTER_KINDS: Mapping[str, Fault] = {
    "death of a worker": _on_cluster(_replace_worker),
    "death of the scheduler": _on_cluster(lambda cluster, _: cluster.kill(cluster.scheduler)),
    "death of the asker": _on_cluster(lambda _, process: process.kill()),
}
"""What is done to a run on a Dask cluster."""
