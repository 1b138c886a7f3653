"""Same input, same bytes; unchanged units are skipped; a killed run goes on where it stopped."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.sample import copy_sample, run_command
from tests.waiting import wait_until
from zi_eval.runs.ledger import State, read_ledger

pytestmark = pytest.mark.kernel

UNITS = ("dpmptsp", "kecamatan-merdeka", "smpn-1-contoh")
PINNED = {"SOURCE_DATE_EPOCH": "1767250000", "TZ": "Asia/Jakarta"}
COMPARED = {".html", ".json", ".csv", ".xlsx", ".docx"}


def make_folder(folder: Path) -> Path:
    return copy_sample(folder, *UNITS, plans=["dpmptsp"])


def start(folder: Path, *options: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "zi_eval", "run", "--jobs", "1", *options]
    return subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, **PINNED},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def finish(folder: Path, *options: str) -> str:
    process = start(folder, *options)
    output, _ = process.communicate(timeout=240)
    assert process.returncode == 0, output
    return output


def results(folder: Path) -> dict[str, bytes]:
    outputs = folder / "outputs" / "2026"
    return {p.name: p.read_bytes() for p in outputs.iterdir() if p.suffix in COMPARED}


def is_done(outputs: Path, unit: str) -> bool:
    """Whether the ledger has the unit as done: its page alone is there a moment earlier."""
    entry = read_ledger(outputs).get(unit)
    return entry is not None and entry.state is State.DONE


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = make_folder(tmp_path_factory.mktemp("undisturbed"))
    with pytest.MonkeyPatch.context() as patch:
        for name, value in PINNED.items():
            patch.setenv(name, value)
        # In this process, whose fork server is warm; a killed run needs one of its own.
        assert run_command("run", "--jobs", "1", "--folder", folder) == 0
    return folder


def test_an_unchanged_unit_is_skipped_and_a_changed_one_is_not(
    undisturbed: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in PINNED.items():
        monkeypatch.setenv(name, value)

    def run_here() -> str:
        assert run_command("run", "--jobs", "1", "--folder", undisturbed) == 0
        return capsys.readouterr().out

    before = results(undisturbed)
    assert run_here().count("tidak berubah (") == 3
    unit = undisturbed / "parameters" / "2026" / "dpmptsp.yaml"
    original = unit.read_bytes()
    unit.write_bytes(original + b"# satu komentar\n")
    output = run_here()
    assert output.count("tidak berubah (") == 2
    assert "dpmptsp: selesai" in output
    unit.write_bytes(original)
    (undisturbed / "outputs" / "2026" / "smpn-1-contoh.html").write_text("dirusak")
    output = run_here()
    assert "smpn-1-contoh: selesai" in output
    assert results(undisturbed) == before


@pytest.mark.long
def test_a_killed_run_goes_on_and_ends_like_an_undisturbed_one(
    undisturbed: Path, tmp_path: Path, root: Path
) -> None:
    folder = make_folder(tmp_path / "killed")
    process = start(folder)
    outputs = folder / "outputs" / "2026"
    wait_until(lambda: is_done(outputs, "dpmptsp"))
    time.sleep(0.1)  # into the next unit
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert (outputs / "dpmptsp.html").exists()
    assert not (outputs / "index.html").exists()
    output = finish(folder)
    assert "dpmptsp: tidak berubah" in output
    assert results(folder) == results(undisturbed)
