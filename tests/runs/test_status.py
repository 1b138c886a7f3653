"""Where every unit stands, read without the lock and without changing anything."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import nbformat
import pytest

from tests.sample import copy_sample
from tests.waiting import wait_until
from zi_eval.cli import main
from zi_eval.errors import WorkspaceError
from zi_eval.runs.ledger import State, is_held, open_ledger, read_ledger
from zi_eval.runs.status import ReportStanding, read_status

UNITS = ("bapenda", "dpmptsp", "kecamatan-merdeka", "rsud-harapan")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copy_sample(tmp_path, *UNITS)


def standings(folder: Path) -> dict[str, ReportStanding]:
    return {unit.unit: unit.standing for unit in read_status(folder, "2026").units}


def snapshot(folder: Path) -> dict[str, tuple[bytes, int]]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {str(p): (p.read_bytes(), p.stat().st_mtime_ns) for p in files}


def test_no_ledger_yet_gives_one_clear_sentence(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = snapshot(folder)
    main(["status", "--folder", str(folder)])
    out = capsys.readouterr().out
    assert out.startswith("Periode 2026: belum pernah dijalankan (4 unit). zi-eval run")
    assert len(out.splitlines()) == 1
    assert snapshot(folder) == before
    assert not (folder / "outputs").exists()


def test_a_period_that_is_not_there_is_refused(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["status", "--period", "1999", "--folder", str(folder)])
    assert stop.value.code == 1
    assert "Periode '1999' tidak ada" in capsys.readouterr().err


def test_each_state_of_the_ledger_has_its_word(folder: Path) -> None:
    outputs = folder / "outputs" / "2026"
    with open_ledger(outputs) as ledger:
        ledger.record_waiting({"kecamatan-merdeka": "1"})
        ledger.record("dpmptsp", "1", State.RUNNING)
        ledger.record("rsud-harapan", "1", State.TIMED_OUT, 5, "Melewati batas waktu\nlagi")
        running = read_status(folder, "2026")
        assert running.is_running
        assert standings(folder) == {
            "bapenda": ReportStanding.NEW,
            "dpmptsp": ReportStanding.RUNNING,
            "kecamatan-merdeka": ReportStanding.WAITING,
            "rsud-harapan": ReportStanding.TIMED_OUT,
        }
        assert running.ended == 2
    stopped = read_status(folder, "2026")
    assert not stopped.is_running
    assert standings(folder)["dpmptsp"] is ReportStanding.STOPPED
    late = next(unit for unit in stopped.units if unit.unit == "rsud-harapan")
    assert (late.reason, late.log) == ("Melewati batas waktu", None)
    (outputs / "rsud-harapan.gagal.html").write_text("x")
    late = next(unit for unit in read_status(folder, "2026").units if unit.unit == "rsud-harapan")
    assert late.log == outputs / "rsud-harapan.gagal.html"


def test_looking_at_a_folder_neither_takes_nor_changes_it(tmp_path: Path) -> None:
    assert not is_held(tmp_path)
    assert read_ledger(tmp_path) == {}
    assert list(tmp_path.iterdir()) == []
    with open_ledger(tmp_path) as ledger:
        ledger.record("u", "1", State.RUNNING)
        before = sorted(path.name for path in tmp_path.iterdir())
        assert is_held(tmp_path)
        assert read_ledger(tmp_path)["u"].state is State.RUNNING
        ledger.record("u", "1", State.DONE)
        assert read_ledger(tmp_path)["u"].state is State.DONE
        assert sorted(path.name for path in tmp_path.iterdir()) == before
    assert not is_held(tmp_path)
    kept = snapshot(tmp_path)
    assert read_ledger(tmp_path)["u"].state is State.DONE
    assert snapshot(tmp_path) == kept


def test_a_damaged_ledger_gives_one_sentence(tmp_path: Path) -> None:
    (tmp_path / ".ledger.sqlite").write_bytes(b"no database at all, but long enough to be read")
    with pytest.raises(WorkspaceError, match="tidak dapat dibaca"):
        read_ledger(tmp_path)


@pytest.mark.parametrize("journal", ["DELETE", "WAL"])
def test_a_ledger_that_a_run_is_just_making_is_an_empty_one(tmp_path: Path, journal: str) -> None:
    with closing(sqlite3.connect(tmp_path / ".ledger.sqlite")) as connection:
        connection.execute(f"PRAGMA journal_mode = {journal}")
        assert read_ledger(tmp_path) == {}
        connection.execute("CREATE TABLE other (name TEXT)")
        assert read_ledger(tmp_path) == {}
        connection.execute("CREATE TABLE jobs (name TEXT)")
        with pytest.raises(WorkspaceError, match="tidak dapat dibaca"):
            read_ledger(tmp_path)


@pytest.mark.kernel
def test_a_report_is_stale_when_its_inputs_or_files_changed(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zi_eval.runs.batch.environment_hash", lambda: "e")
    parameters, outputs = folder / "parameters" / "2026", folder / "outputs" / "2026"
    main(["run", "--folder", str(folder), "--stage", "unit", "bapenda", "dpmptsp"])
    main(["run", "--folder", str(folder), "kecamatan-merdeka", "rsud-harapan"])
    assert set(standings(folder).values()) == {ReportStanding.DONE}
    before = snapshot(folder)
    capsys.readouterr()
    main(["status", "--folder", str(folder)])
    out = capsys.readouterr().out
    assert f"{outputs.resolve() / 'index.html'}" in out
    assert "Lanjutkan" not in out
    assert snapshot(folder) == before

    with (parameters / "bapenda.yaml").open("a", encoding="utf-8") as stream:
        stream.write("# berubah\n")
    (outputs / "dpmptsp.html").write_text("diubah")
    (outputs / "rsud-harapan.json").unlink()
    assert standings(folder) == {
        "bapenda": ReportStanding.STALE,
        "dpmptsp": ReportStanding.STALE,
        "kecamatan-merdeka": ReportStanding.DONE,
        "rsud-harapan": ReportStanding.STALE,
    }
    main(["status", "--folder", str(folder)])
    out = capsys.readouterr().out
    assert "bapenda: masukannya berubah sejak laporan dibuat" in out
    assert "dpmptsp: berkas laporannya hilang atau diubah" in out
    assert "Lanjutkan: zi-eval run --period 2026" in out

    (parameters / "instansi.yaml").write_text("nama: [", encoding="utf-8")
    broken = read_status(folder, "2026")
    assert "instansi.yaml" in broken.remark
    assert broken.count(ReportStanding.STALE) == 2


@pytest.mark.long
@pytest.mark.kernel
@pytest.mark.skipif(sys.platform == "win32", reason="kills a process")
def test_a_run_going_on_is_seen_and_a_killed_one_is_told(folder: Path, root: Path) -> None:
    (folder / "notebooks").mkdir()
    book = nbformat.read(root / "notebooks" / "laporan_unit.ipynb", as_version=4)
    wait = "import time\nif 'dpmptsp' in unit_file: time.sleep(120)"
    book.cells.append(nbformat.v4.new_code_cell(wait, id="lama"))
    nbformat.write(book, folder / "notebooks" / "laporan_unit.ipynb")

    def status() -> dict[str, Any]:
        command = [sys.executable, "-m", "zi_eval", "status", "--json"]
        found: dict[str, Any] = json.loads(subprocess.check_output(command, cwd=folder, text=True))
        return found

    def states(found: dict[str, Any]) -> dict[str, str]:
        return {unit["unit"]: unit["state"] for unit in found["units"]}

    ended = ("done", "stale")  # stale where someone edits the package meanwhile
    command = [sys.executable, "-m", "zi_eval", "run", "--jobs", "1"]
    run = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, env=dict(os.environ))
    try:
        found = wait_until(lambda: states(now := status())["dpmptsp"] == "running" and now)
        assert found["is_running"]
        assert states(found)["bapenda"] in ended
        assert states(found)["rsud-harapan"] == "waiting"
    finally:
        run.send_signal(signal.SIGKILL)
        run.wait()
    found = status()
    assert not found["is_running"]
    assert states(found)["bapenda"] in ended
    assert states(found)["dpmptsp"] == "stopped"
    assert states(found)["rsud-harapan"] == "waiting"
