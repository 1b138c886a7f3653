"""The batch on a real Dask cluster: same bytes, workers that come and go, files by S3."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

from tests.bench.batch import make_units
from tests.runs.clusters import DaskCluster, running_cluster
from zi_eval.errors import WorkspaceError
from zi_eval.runs.cluster import Cluster, _Batch, _run_batch
from zi_eval.runs.identity import describe_environment
from zi_eval.runs.pool import Call, Limits
from zi_eval.runs.site import Site, SiteError

pytestmark = [
    pytest.mark.kernel,
    pytest.mark.skipif(sys.platform == "win32", reason="starts and kills process groups"),
]

PINNED = {"SOURCE_DATE_EPOCH": "1767250000"}
COMPARED = {".html", ".json", ".csv", ".xlsx"}


def start(folder: Path, *options: str, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "zi_eval", "run", *options],
        cwd=folder,
        env={**os.environ, **PINNED, **environment},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def run(folder: Path, *options: str, code: int = 0, **environment: str) -> str:
    process = start(folder, *options, **environment)
    output, _ = process.communicate(timeout=180)
    assert process.returncode == code, output
    return output


def results(folder: Path) -> dict[str, bytes]:
    outputs = folder / "outputs" / "2026"
    return {p.name: p.read_bytes() for p in outputs.iterdir() if p.suffix in COMPARED}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working folder of three units, one of them with an error, done on this machine."""
    folder = tmp_path_factory.mktemp("here") / "zi"
    folder.mkdir()
    names = make_units(folder, 3)
    broken = folder / "parameters" / "2026" / f"{names[1]}.yaml"
    broken.write_text(broken.read_text("utf-8") + "\nsalah_kunci: 1\n", "utf-8")
    run(folder, code=1)
    return folder


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DaskCluster]:
    with running_cluster(tmp_path_factory.mktemp("dask"), workers=2) as cluster:
        yield cluster


def make_copy(folder: Path, target: Path) -> Path:
    shutil.copytree(folder / "parameters", target / "parameters")
    return target


def test_workers_that_share_the_folder_give_the_same_bytes(
    folder: Path, cluster: DaskCluster, tmp_path: Path
) -> None:
    there = make_copy(folder, tmp_path / "zi")
    output = run(there, "--scheduler", cluster.address, code=1)
    assert "salah_kunci" in output
    assert results(there) == results(folder)
    assert "tidak berubah" in run(there, code=1)


def test_files_passed_by_s3_give_the_same_bytes_and_leave_nothing_there(
    folder: Path, tmp_path: Path
) -> None:
    import boto3
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    access = {
        "FSSPEC_S3_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "uji",
        "AWS_SECRET_ACCESS_KEY": "uji",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    s3 = boto3.client(
        "s3",
        endpoint_url=access["FSSPEC_S3_ENDPOINT_URL"],
        aws_access_key_id="uji",
        aws_secret_access_key="uji",
        region_name="us-east-1",
    )
    try:
        s3.create_bucket(Bucket="zi-kami")
        there = make_copy(folder, tmp_path / "zi")
        with running_cluster(tmp_path, workers=1, environment=access) as cluster:
            remote = ("--scheduler", cluster.address, "--storage", "s3://zi-kami/tukar")
            output = run(there, *remote, code=1, **access)
            mistyped = ("--scheduler", cluster.address, "--storage", "s3://tidak-ada/x")
            refused = run(there, *mistyped, code=1, **access)
        assert "salah_kunci" in output
        assert results(there) == results(folder)
        assert s3.list_objects_v2(Bucket="zi-kami").get("KeyCount") == 0
        assert "Tempat tukar s3://tidak-ada/x" in refused
        assert [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]] == ["zi-kami"]
    finally:
        s3.close()
        server.stop()


def test_a_lost_workers_units_are_done_by_one_that_comes_later(tmp_path: Path) -> None:
    there = tmp_path / "zi"
    there.mkdir()
    units = make_units(there, 24)
    (tmp_path / "dask").mkdir()
    with running_cluster(tmp_path / "dask", workers=1) as cluster:
        process = start(there, "--scheduler", cluster.address)
        outputs = there / "outputs" / "2026"
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline and len(list(outputs.glob("*.html"))) < 3:
            time.sleep(0.05)
        assert 3 <= len(list(outputs.glob("*.html"))) < 24
        cluster.kill(cluster.processes[-1])
        cluster.start_worker()
        output, _ = process.communicate(timeout=120)
    assert process.returncode == 0, output
    assert sorted(p.stem for p in outputs.glob("*.html") if p.stem != "index") == sorted(units)
    assert not list(outputs.glob(".*zi-eval-tmp"))


def test_a_lost_scheduler_is_one_sentence_and_what_is_done_stays(tmp_path: Path) -> None:
    there = tmp_path / "zi"
    there.mkdir()
    make_units(there, 40)
    (tmp_path / "dask").mkdir()
    with running_cluster(tmp_path / "dask", workers=1) as cluster:
        process = start(there, "--scheduler", cluster.address)
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
    assert f"{first}: tidak berubah" in run(there, first)


def test_a_unit_that_takes_its_workers_process_with_it_is_set_aside(
    cluster: DaskCluster, root: Path, tmp_path: Path
) -> None:
    units = make_units(tmp_path, 3)
    (tmp_path / "notebooks").mkdir()
    book = nbformat.read(root / "notebooks" / "laporan_unit.ipynb", as_version=4)
    # The unit's parent is the fork server, whose parent is the process beside the worker.
    deadly = (
        "import os, pathlib, signal\n"
        "stat = pathlib.Path(f'/proc/{os.getppid()}/stat').read_text()\n"
        f"if {units[1]!r} in unit_file:\n"
        "    os.kill(int(stat.rpartition(')')[2].split()[1]), signal.SIGKILL)\n"
    )
    book.cells.append(nbformat.v4.new_code_cell(deadly))
    nbformat.write(book, tmp_path / "notebooks" / "laporan_unit.ipynb")
    output = run(tmp_path, "--scheduler", cluster.address, code=1)
    assert "disisihkan" in output
    made = {path.stem for path in (tmp_path / "outputs" / "2026").glob("*.html")}
    assert {units[0], units[2]} <= made
    assert units[1] not in made


def test_a_scheduler_that_is_not_there_is_one_sentence(folder: Path) -> None:
    output = run(folder, "--scheduler", "tcp://127.0.0.1:9", code=1)
    assert "Scheduler tcp://127.0.0.1:9 tidak dapat dihubungi" in output
    assert "Traceback" not in output


def test_a_worker_of_another_release_runs_nothing_and_says_what_differs() -> None:
    environment = {**describe_environment(), "papermill": "0.1"}
    outcome = _run_batch(_Batch((), Limits(), environment))
    assert list(outcome.differences) == ["papermill"]

    class Future:
        status = "finished"

        def exception(self) -> None:
            return None

        def result(self) -> object:
            return outcome

    batch = _Batch((), Limits(), environment)
    with pytest.raises(WorkspaceError, match=r"papermill .* \(di sini 0\.1\)"):
        Cluster(None, "tcp://x", None, print)._outcome(Future(), batch)


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
