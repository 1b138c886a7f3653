"""The papermill path for real: kernels, notebooks, files."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import openpyxl
import pytest

from tests.sample import copy_sample
from zi_eval.cli import main
from zi_eval.report.exporter import export_html

pytestmark = pytest.mark.kernel
LONG = "v" * 245
"""A unit whose file the file system takes, and with a longer ending would not."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Path:
    """A working folder with three sample units, run once; one of them has an error."""
    units = ("dpmptsp", "kecamatan-merdeka", "bapenda")
    folder = copy_sample(tmp_path_factory.mktemp("zi"), *units)
    target = folder / "parameters" / "2026"
    broken = target / "bapenda.yaml"
    broken.write_text(broken.read_text() + "\nsalah_kunci: 1\n")
    shutil.copy(target / "dpmptsp.yaml", target / f"{LONG}.yaml")
    stale = folder / "outputs" / "2026" / "bapenda.html"
    stale.parent.mkdir(parents=True)
    stale.write_text("laporan lama")
    with pytest.raises(SystemExit) as stop:
        main(["run", "--period", "2026", "--folder", str(folder)])
    assert stop.value.code == 1
    return folder


def test_each_unit_that_can_be_read_gets_its_report(folder: Path) -> None:
    outputs = folder / "outputs" / "2026"
    for unit in ("dpmptsp", "kecamatan-merdeka"):
        html = (outputs / f"{unit}.html").read_text(encoding="utf-8")
        assert html.lower().startswith("<!doctype html>")
        assert len(html) < 400_000
        assert json.loads((outputs / f"{unit}.json").read_text(encoding="utf-8"))["unit"] == unit
        written = (outputs / f"{unit}.ipynb").read_text(encoding="utf-8")
        book = nbformat.reads(written, as_version=4)
        nbformat.validate(book)
        assert written == nbformat.writes(book)
        assert str(folder) not in html


def test_a_unit_that_fails_takes_its_old_report_back(folder: Path) -> None:
    assert not (folder / "outputs" / "2026" / "bapenda.html").exists()


def test_a_unit_of_the_longest_name_fails_by_name_and_stops_nobody(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outputs = folder / "outputs" / "2026"
    (log,) = outputs.glob("vvv*.gagal.html")
    assert len(log.name) < 255
    assert log.name in (outputs / "index.html").read_text(encoding="utf-8").replace("%7E", "~")
    main(["status", "--folder", str(folder)])
    assert log.name in capsys.readouterr().out


def test_the_recap_links_the_reports_that_exist_and_names_the_unit_that_failed(
    folder: Path,
) -> None:
    html = (folder / "outputs" / "2026" / "index.html").read_text(encoding="utf-8")
    assert 'href="dpmptsp.html"' in html
    assert 'href="bapenda.html"' not in html
    assert "bapenda" in html
    assert "salah_kunci" in html


def test_the_recap_tables_hold_the_same_totals_as_the_reports(folder: Path) -> None:
    outputs = folder / "outputs" / "2026"
    total = json.loads((outputs / "dpmptsp.json").read_text(encoding="utf-8"))["total"]
    sheet = openpyxl.load_workbook(outputs / "rekap.xlsx").worksheets[0]
    cells = [cell.value for row in sheet.iter_rows() for cell in row]
    assert any(isinstance(value, float) and abs(value - total) < 0.01 for value in cells)
    rows = list(
        csv.reader(io.StringIO((outputs / "rekap.csv").read_text("utf-8-sig")), delimiter=";")
    )
    assert any("dpmptsp" in row for row in rows)


def test_a_notebook_that_fails_is_never_published(
    folder: Path, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    notebooks = folder / "notebooks"
    notebooks.mkdir()
    book = nbformat.read(root / "notebooks" / "laporan_unit.ipynb", as_version=4)
    book.cells.append(nbformat.v4.new_code_cell("raise RuntimeError('sengaja')"))
    nbformat.write(book, notebooks / "laporan_unit.ipynb")
    try:
        with pytest.raises(SystemExit) as stop:
            main(["run", "dpmptsp", "--folder", str(folder)])
    finally:
        shutil.rmtree(notebooks)
    assert stop.value.code == 1
    assert "RuntimeError: sengaja" in capsys.readouterr().err
    outputs = folder / "outputs" / "2026"
    assert not (outputs / "dpmptsp.html").exists()
    stopped = (outputs / "dpmptsp.gagal.ipynb").read_text(encoding="utf-8")
    assert '"evalue": "sengaja"' in stopped
    assert str(folder) not in json.dumps(json.loads(stopped)["metadata"])
    main(["run", "dpmptsp", "kecamatan-merdeka", "--folder", str(folder)])
    assert (outputs / "dpmptsp.html").is_file()
    assert not (outputs / "dpmptsp.gagal.ipynb").exists()


@pytest.mark.long  # a kernel's start; what it shows is compared in test_engine.py
def test_the_stock_papermill_command_runs_the_report_notebook(root: Path, tmp_path: Path) -> None:
    output = tmp_path / "laporan.ipynb"
    command = [sys.executable, "-m", "papermill", "notebooks/laporan_unit.ipynb", str(output)]
    parameters = ["-p", "unit_file", "parameters/2026/dpmptsp.yaml", "-p", "stage", "unit"]
    subprocess.run([*command, *parameters], cwd=root, check=True, capture_output=True)
    book = nbformat.reads(output.read_text("utf-8"), as_version=4)
    html = export_html(book, "Laporan")
    assert "Dinas Penanaman Modal dan Pelayanan Terpadu Satu Pintu" in html
    assert "Penilaian mandiri unit" in html
