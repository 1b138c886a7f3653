"""The batch on a real Dask cluster: same bytes by a shared folder and by S3, and who is refused."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.bench.batch import make_units
from tests.runs.clusters import ON_A_DAY, DaskCluster, finish_run, read_states, running_cluster
from tests.sample import run_command
from zi_eval.errors import WorkspaceError
from zi_eval.runs.cluster import Cluster
from zi_eval.runs.identity import UnitJob
from zi_eval.runs.pool import Call

pytestmark = [
    pytest.mark.kernel,
    pytest.mark.skipif(sys.platform == "win32", reason="starts and kills process groups"),
]

COMPARED = {".html", ".json", ".csv", ".xlsx", ".docx"}


def results(folder: Path) -> dict[str, bytes]:
    outputs = folder / "outputs" / "2026"
    return {p.name: p.read_bytes() for p in outputs.iterdir() if p.suffix in COMPARED}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Path:
    """A working folder of three units, one with an error, one with a plan, done on this machine."""
    folder = tmp_path_factory.mktemp("here") / "zi"
    folder.mkdir()
    names = make_units(folder, 3)
    broken = folder / "parameters" / "2026" / f"{names[1]}.yaml"
    broken.write_text(broken.read_text("utf-8") + "\nsalah_kunci: 1\n", "utf-8")
    plans = folder / "parameters" / "2026" / "kinerja"
    plans.mkdir()
    shutil.copy(root / "parameters" / "2026" / "kinerja" / "dpmptsp.csv", plans / f"{names[0]}.csv")
    with pytest.MonkeyPatch.context() as patch:  # here, where the fork server is warm
        for name, value in ON_A_DAY.items():
            patch.setenv(name, value)
        assert run_command("run", "--folder", folder) == 1
    assert (folder / "outputs" / "2026" / f"{names[0]}.lkjip.docx").is_file()
    return folder


@pytest.fixture(scope="module")
def access() -> Iterator[dict[str, str]]:
    """The environment that leads to an S3 server of our own."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    yield {
        "FSSPEC_S3_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "uji",
        "AWS_SECRET_ACCESS_KEY": "uji",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    server.stop()


@pytest.fixture
def s3(access: dict[str, str]) -> Iterator[Any]:
    """A client of the S3 server."""
    import boto3

    client = boto3.client(
        "s3",
        endpoint_url=access["FSSPEC_S3_ENDPOINT_URL"],
        aws_access_key_id="uji",
        aws_secret_access_key="uji",
        region_name="us-east-1",
    )
    yield client
    client.close()


@pytest.fixture(scope="module")
def cluster(
    tmp_path_factory: pytest.TempPathFactory, access: dict[str, str]
) -> Iterator[DaskCluster]:
    with running_cluster(tmp_path_factory.mktemp("dask"), 1, access) as cluster:
        yield cluster


def make_copy(folder: Path, target: Path) -> Path:
    shutil.copytree(folder / "parameters", target / "parameters")
    return target


def test_workers_that_share_the_folder_give_the_same_bytes(
    folder: Path, cluster: DaskCluster, tmp_path: Path
) -> None:
    there = make_copy(folder, tmp_path / "zi")
    output = finish_run(there, "--scheduler", cluster.address, code=1)
    assert "salah_kunci" in output
    assert results(there) == results(folder)
    assert sorted(read_states(there).values()) == ["done", "done", "failed"]


@pytest.mark.long
def test_files_passed_by_s3_give_the_same_bytes_and_leave_nothing_there(
    folder: Path, cluster: DaskCluster, access: dict[str, str], s3: Any, tmp_path: Path
) -> None:
    s3.create_bucket(Bucket="zi-kami")
    there = make_copy(folder, tmp_path / "zi")
    old = there / "outputs" / "2026" / "dinas-perhubungan-00002.kinerja.html"
    old.parent.mkdir(parents=True)
    old.write_text("dari rencana yang sudah dihapus")
    remote = ("--scheduler", cluster.address, "--storage", "s3://zi-kami/tukar")
    output = finish_run(there, *remote, code=1, **access)
    mistyped = ("--scheduler", cluster.address, "--storage", "s3://tidak-ada/x")
    refused = finish_run(there, *mistyped, code=1, **access)
    assert "salah_kunci" in output
    assert results(there) == results(folder)
    assert s3.list_objects_v2(Bucket="zi-kami").get("KeyCount") == 0
    assert "Tempat tukar s3://tidak-ada/x" in refused
    assert [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]] == ["zi-kami"]


IMPATIENT = """\
import distributed
from zi_eval.cli import main

client = distributed.Client
distributed.Client = lambda address, timeout: client(address, timeout=timeout / 10)
main()
"""


def test_a_scheduler_that_is_not_there_is_one_sentence(folder: Path) -> None:
    options = ("--scheduler", "tcp://127.0.0.1:9")
    output = finish_run(folder, *options, code=1, program=("-c", IMPATIENT))
    assert "Scheduler tcp://127.0.0.1:9 tidak dapat dihubungi" in output
    assert "Traceback" not in output


def test_a_worker_of_another_release_runs_nothing_and_says_what_differs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class OtherRelease:
        """A client whose worker is this process, asked by one with another papermill."""

        status = "running"

        def nthreads(self) -> dict[str, int]:
            return {"worker": 1}

        def cancel(self, *_: object, **__: object) -> None:
            pass

        def submit(self, run: Callable[[Any], object], batch: Any, **_: object) -> Any:
            outcome = run(replace(batch, environment={**batch.environment, "papermill": "0.1"}))
            future: Future[object] = Future()
            future.status = "finished"  # type: ignore[attr-defined]  # as Dask's have it
            future.set_result(outcome)
            return future

    monkeypatch.setattr("distributed.wait", lambda *_, **__: None)
    (tmp_path / "u.yaml").write_text("id: u\n")
    job = UnitJob(tmp_path / "u.yaml", tmp_path / "n", (), "tpi", "e", tmp_path, tmp_path)
    calls = Cluster(OtherRelease(), "tcp://x", None, print).run_calls([Call("u", repr, (job,))])
    with pytest.raises(WorkspaceError, match=r"versi lain: papermill .* \(di sini .*\)"):
        list(calls)
