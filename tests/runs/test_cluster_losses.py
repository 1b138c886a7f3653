"""A real Dask cluster that loses a worker, its scheduler or a process amid a run."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

from tests.bench.batch import make_units
from tests.runs.clusters import DaskCluster, finish_run, read_states, running_cluster, start_run
from tests.waiting import wait_until
from zi_eval.runs.cluster import BATCH
from zi_eval.runs.pool import Call, Limits
from zi_eval.runs.site import Site, SiteError

pytestmark = [
    pytest.mark.kernel,
    pytest.mark.long,
    pytest.mark.skipif(sys.platform == "win32", reason="starts and kills process groups"),
]

UNITS = BATCH + 4
"""A batch, and some that are not done when it is."""


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DaskCluster]:
    """A cluster of one worker; whatever a test takes from it, one is left."""
    with running_cluster(tmp_path_factory.mktemp("dask"), workers=1) as cluster:
        yield cluster


def test_a_lost_workers_units_are_done_by_one_that_comes_later(
    cluster: DaskCluster, tmp_path: Path
) -> None:
    units = make_units(tmp_path, UNITS)
    process = start_run(tmp_path, "--scheduler", cluster.address)
    outputs = tmp_path / "outputs" / "2026"
    wait_until(lambda: len(list(outputs.glob("*.html"))) >= 3)
    made = len(list(outputs.glob("*.html")))
    cluster.kill(cluster.processes[-1])
    cluster.start_worker()
    output, _ = process.communicate(timeout=120)
    assert 3 <= made < UNITS
    assert process.returncode == 0, output
    assert sorted(p.stem for p in outputs.glob("*.html") if p.stem != "index") == sorted(units)
    assert not list(outputs.glob(".*zi-eval-tmp"))


def test_a_lost_scheduler_is_one_sentence_and_what_is_done_stays(tmp_path: Path) -> None:
    there = tmp_path / "zi"
    there.mkdir()
    make_units(there, UNITS)
    (tmp_path / "dask").mkdir()
    with running_cluster(tmp_path / "dask", workers=1) as cluster:
        process = start_run(there, "--scheduler", cluster.address)
        done = ""
        assert process.stdout is not None
        for line in process.stdout:
            done += line
            if ": selesai" in line:
                break
        cluster.kill(cluster.scheduler)
        rest, _ = process.communicate(timeout=120)
    assert process.returncode == 1
    assert "terputus" in rest
    assert "Traceback" not in rest
    (first,) = [line.split()[1].rstrip(":") for line in done.splitlines() if ": selesai" in line]
    assert read_states(there)[first] == "done"


def test_a_unit_that_takes_its_workers_process_with_it_is_set_aside(
    cluster: DaskCluster, root: Path, tmp_path: Path
) -> None:
    deadly_unit, other = make_units(tmp_path, 2)
    (tmp_path / "notebooks").mkdir()
    book = nbformat.read(root / "notebooks" / "laporan_unit.ipynb", as_version=4)
    # The unit's parent is the fork server, whose parent is the process beside the worker.
    deadly = (
        "import os, pathlib, signal\n"
        "stat = pathlib.Path(f'/proc/{os.getppid()}/stat').read_text()\n"
        f"if {deadly_unit!r} in unit_file:\n"
        "    os.kill(int(stat.rpartition(')')[2].split()[1]), signal.SIGKILL)\n"
    )
    book.cells.append(nbformat.v4.new_code_cell(deadly))
    nbformat.write(book, tmp_path / "notebooks" / "laporan_unit.ipynb")
    cluster.start_worker()  # a second one
    output = finish_run(tmp_path, "--scheduler", cluster.address, code=1)
    assert "disisihkan" in output
    made = {path.stem for path in (tmp_path / "outputs" / "2026").glob("*.html")}
    assert other in made
    assert deadly_unit not in made


def die_with_parents() -> None:
    stat = Path(f"/proc/{os.getppid()}/stat").read_text()
    os.kill(int(stat.rpartition(")")[2].split()[1]), 9)
    time.sleep(10)


def test_a_site_that_dies_says_so_and_starts_anew() -> None:
    site = Site()
    try:
        with pytest.raises(SiteError):
            list(site.run([Call("a", die_with_parents)], Limits()))
        (ended,) = site.run([Call("b", os.getpid)], Limits())
        assert ended.value not in (0, os.getpid())
    finally:
        site.close()
