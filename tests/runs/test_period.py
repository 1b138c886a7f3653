"""A whole run as a function: values in and out, progress by a watch, no command line."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from zi_eval.errors import WorkspaceError, ZiEvalError
from zi_eval.runs.batch import UnitResult
from zi_eval.runs.notebooks import write_page
from zi_eval.runs.period import PeriodRun, run_period
from zi_eval.runs.timings import Stopwatch

pytestmark = pytest.mark.kernel


class Notes:
    """Keeps what a run tells."""

    def __init__(self) -> None:
        self.told: list[object] = []

    def begin(self, total: int) -> None:
        self.told.append(total)

    def say(self, text: str) -> None:
        self.told.append(text)

    def ended(self, result: UnitResult) -> None:
        self.told.append(result.unit)

    def units_over(self, run: PeriodRun) -> None:
        assert not run.recap.exists()
        self.told.append(tuple(result.unit for result in run.failed))


@pytest.fixture
def folder(tmp_path: Path, root: Path) -> Path:
    target = tmp_path / "parameters" / "2026"
    target.mkdir(parents=True)
    for name in ("instansi", "dpmptsp", "bapenda"):
        shutil.copy(root / "parameters" / "2026" / f"{name}.yaml", target)
    return tmp_path


def test_a_run_tells_of_each_unit_and_returns_how_all_ended(folder: Path) -> None:
    broken = folder / "parameters" / "2026" / "bapenda.yaml"
    broken.write_text(broken.read_text() + "\nsalah_kunci: 1\n")
    notes = Notes()
    times = Stopwatch()
    left = broken.parent / "kinerja" / ".x.csv.bukan-proses.zi-eval-tmp"
    left.parent.mkdir()
    left.write_text("setengah")
    os.utime(left, (0, 0))
    done = run_period(folder, "2026", watch=notes, times=times)
    assert not left.exists()
    assert notes.told[0] == 2
    assert sorted(map(str, notes.told[1:3])) == ["bapenda", "dpmptsp"]
    assert notes.told[3:] == [("bapenda",)]
    assert "salah_kunci" in done.failed[0].error
    assert done.outputs == folder / "outputs" / "2026"
    assert (done.outputs / "dpmptsp.html").is_file()
    assert done.recap.is_file()
    assert [phase.name for phase in times.phases] == [
        "memuat program", "menyusun rencana", "memeriksa yang berubah", "laporan unit",
        "menyusun rencana rekap", "rekap", "memuat pustaka", "gladi laporan",
    ]  # fmt: skip
    (again,) = run_period(folder, "2026", ["dpmptsp"]).results
    assert again.is_skipped


def test_a_run_that_cannot_begin_writes_nothing(folder: Path) -> None:
    with pytest.raises(WorkspaceError, match="2019"):
        run_period(folder, "2019")
    (folder / "parameters" / "2027").mkdir()
    with pytest.raises(ZiEvalError, match="Belum ada berkas unit"):
        run_period(folder, "2027")
    assert not (folder / "outputs").exists()


def test_a_page_is_written_from_a_notebook_and_never_over_another(folder: Path) -> None:
    page = folder / "kalibrasi.html"
    parameters = {"parameters_folder": str(folder / "parameters" / "2026"), "units": "dpmptsp"}
    write_page("kalibrasi_tpi", parameters, folder, "Kalibrasi", page)
    assert "<title>Kalibrasi</title>" in page.read_text(encoding="utf-8")
    with pytest.raises(WorkspaceError, match="sudah ada"):
        write_page("kalibrasi_tpi", parameters, folder, "Kalibrasi", page)
