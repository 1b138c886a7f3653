"""A disk that is really full: a small filesystem of our own, in a mount namespace of its own."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.sample import copy_sample
from zi_eval.runs.ledger import read_ledger

pytestmark = [pytest.mark.kernel, pytest.mark.long]

UNITS = ("bapenda", "dpmptsp", "kecamatan-merdeka", "smpn-1-contoh")
SMALL = "1000k"
"""Room for the reports of two units, not of three."""


@dataclass
class Disk:
    """A working folder whose outputs lie on a filesystem of their own, seen by ``enter`` only."""

    folder: Path
    enter: list[str]
    outputs: Path

    def zi_eval(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [*self.enter, sys.executable, "-m", "zi_eval", *arguments]
        return subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)

    def remount(self, options: str) -> None:
        mount = ["mount", "-o", f"remount,{options}", str(self.folder / "outputs")]
        subprocess.run([*self.enter, *mount], check=True)


@pytest.fixture
def disk(tmp_path: Path, root: Path) -> Iterator[Disk]:
    copy_sample(tmp_path, *UNITS)
    outputs = tmp_path / "outputs"
    outputs.mkdir()
    if not shutil.which("unshare") or not shutil.which("nsenter"):
        pytest.skip("a full disk needs unshare and nsenter (Linux, package util-linux)")
    script = 'mount -t tmpfs -o "size=$0" none "$1" && echo ready && exec sleep 600'
    holder = subprocess.Popen(
        ["unshare", "--map-root-user", "--mount", "sh", "-c", script, SMALL, str(outputs)],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert holder.stdout is not None
        assert holder.stderr is not None
        if holder.stdout.readline() != "ready\n":
            pytest.skip(f"this machine lets us mount nothing: {holder.stderr.read().strip()}")
        enter = ["nsenter", "-t", str(holder.pid), "-U", "-m", "--preserve-credentials", "--wd"]
        yield Disk(tmp_path, enter, Path(f"/proc/{holder.pid}/root{outputs}/2026"))
    finally:
        holder.kill()
        holder.communicate()


def unfinished(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name.endswith(".zi-eval-tmp")]


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_full_disk_gives_one_sentence_and_the_run_goes_on_when_there_is_room(
    disk: Disk, jobs: str
) -> None:
    full = disk.zi_eval("run", "--period", "2026", "--jobs", jobs)
    assert full.returncode == 1
    assert len(full.stderr.strip().splitlines()) == 1, full.stderr
    assert "tidak dapat ditulis: ruang penyimpanan habis. Periksa ruang kosong" in full.stderr
    assert "Traceback" not in full.stdout
    assert unfinished(disk.outputs) == []

    # A copy: SQLite follows the way through /proc back to our own namespace.
    copy = Path(shutil.copytree(disk.outputs, disk.folder / "copy"))
    entries = read_ledger(copy)
    finished = [unit for unit in UNITS if unit in entries and entries[unit].outputs]
    assert 1 <= len(finished) < len(UNITS)
    assert all(entries[unit].is_whole(copy) for unit in finished)
    pages = {path.stem: path.read_text("utf-8") for path in copy.glob("*.html")}
    assert set(finished) <= set(pages)
    assert all(page.rstrip().endswith("</html>") for page in pages.values())
    state = json.loads(disk.zi_eval("status", "--json", "--period", "2026").stdout)
    assert state["counts"]["done"] == len(finished)
    assert not state["is_running"]

    disk.remount("size=20m")
    again = disk.zi_eval("run", "--period", "2026", "--jobs", jobs)
    assert again.returncode == 0, again.stderr
    assert again.stdout.count("tidak berubah (") == len(finished)
    assert all((disk.outputs / f"{unit}.html").is_file() for unit in UNITS)
    assert (disk.outputs / "index.html").is_file()


def test_outputs_that_became_read_only_are_refused_in_one_sentence_and_can_still_be_read(
    disk: Disk,
) -> None:
    disk.remount("size=20m")
    assert disk.zi_eval("run", "--period", "2026", "dpmptsp").returncode == 0
    before = {path.name: path.read_bytes() for path in disk.outputs.iterdir() if path.is_file()}
    disk.remount("ro")
    refused = disk.zi_eval("run", "--period", "2026")
    assert refused.returncode == 1
    assert len(refused.stderr.strip().splitlines()) == 1, refused.stderr
    assert "tidak dapat ditulis: penyimpanannya hanya dapat dibaca" in refused.stderr
    assert refused.stdout == ""
    state = json.loads(disk.zi_eval("status", "--json", "--period", "2026").stdout)
    assert (state["counts"]["done"], state["counts"]["new"]) == (1, 3)
    assert {
        path.name: path.read_bytes() for path in disk.outputs.iterdir() if path.is_file()
    } == before
