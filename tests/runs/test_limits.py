"""Limits of a unit, and what is left when a run is stopped: nothing but finished work."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from tests.sample import copy_sample
from tests.waiting import NET, wait_until, wait_until_gone
from zi_eval.cli import main
from zi_eval.runs.pool import can_fork

pytestmark = [
    pytest.mark.kernel,
    pytest.mark.skipif(not can_fork(), reason="limits need processes that can be forked"),
]

HANG = (
    "import os, pathlib, time\n"
    "pathlib.Path('pid').write_text(str(os.getpid()))\n"
    "if 'bapenda' in unit_file:\n"
    "    time.sleep(120)\n"
)


@pytest.fixture
def folder(tmp_path: Path, root: Path) -> Path:
    """A folder with two units; the report notebook hangs on one of them."""
    copy_sample(tmp_path, "bapenda", "dpmptsp")
    (tmp_path / "notebooks").mkdir()
    book = nbformat.read(root / "notebooks" / "laporan_unit.ipynb", as_version=4)
    book.cells.append(nbformat.v4.new_code_cell(HANG, id="hang"))
    nbformat.write(book, tmp_path / "notebooks" / "laporan_unit.ipynb")
    return tmp_path


@pytest.mark.long
def test_a_unit_past_its_time_is_ended_and_the_others_are_done(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["run", "--folder", str(folder), "--timeout", "10"])
    assert stop.value.code == 1
    out, err = capsys.readouterr()
    assert "dpmptsp: selesai" in out
    assert "bapenda: melewati batas waktu" in out
    assert "Melewati batas waktu 10 detik" in err
    outputs = folder / "outputs" / "2026"
    assert (outputs / "dpmptsp.html").is_file()
    assert not (outputs / "bapenda.html").exists()


@pytest.mark.parametrize(
    "name",
    ["SIGINT", *(pytest.param(name, marks=pytest.mark.long) for name in ("SIGTERM", "SIGKILL"))],
)
def test_a_stopped_run_leaves_no_process_behind(folder: Path, name: str) -> None:
    command = [sys.executable, "-m", "zi_eval", "run", "bapenda", "--period", "2026"]
    process = subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True)
    pid = int(wait_until(lambda: (folder / "pid").exists() and (folder / "pid").read_text()))
    process.send_signal(getattr(signal, name))
    _, err = process.communicate(timeout=NET)
    wait_until_gone(pid)
    assert not (folder / "outputs" / "2026" / "bapenda.html").exists()
    if name != "SIGKILL":
        assert process.returncode == 130
        assert err.strip() == "Dihentikan. Yang sudah selesai tetap tersimpan."


@pytest.mark.skipif(
    os.geteuid() == 0 and not shutil.which("setpriv"), reason="root writes anywhere"
)
def test_a_read_only_output_folder_gives_one_sentence(folder: Path) -> None:
    outputs = folder / "outputs"
    outputs.mkdir()
    outputs.chmod(0o555)
    folder.chmod(0o755)
    command = [sys.executable, "-m", "zi_eval", "run", "dpmptsp", "--period", "2026"]
    if os.geteuid() == 0:
        command = ["setpriv", "--bounding-set=-all", "--inh-caps=-all", *command]
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert result.returncode == 1
    assert len(result.stderr.strip().splitlines()) == 1
    assert "tidak dapat ditulis" in result.stderr


def test_too_few_open_files_are_one_sentence(folder: Path) -> None:
    command = [sys.executable, "-m", "zi_eval", "run", "dpmptsp", "--period", "2026"]
    result = subprocess.run(
        ["sh", "-c", 'ulimit -n 30 && exec "$@"', "sh", *command],
        cwd=folder,
        capture_output=True,
        text=True,
    )
    assert result.returncode == 1
    (line,) = result.stderr.strip().splitlines()
    assert "ulimit -n 64" in line
