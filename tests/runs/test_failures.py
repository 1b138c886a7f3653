"""Units that fail in every way: each leaves a log one click from the recap, and its notebook."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from tests.sample import copy_sample
from zi_eval.cli import main
from zi_eval.runs.failures import clean_text, mark_failing_cell, read_failed_cell
from zi_eval.runs.ledger import State, read_ledger
from zi_eval.runs.pool import can_fork

BREAK = """
import os, time
if "rsud" in unit_file:
    print("sebelum")
    raise RuntimeError("sengaja: " + os.path.abspath(unit_file))
if "dpmptsp" in unit_file:
    time.sleep(120)
if "smpn" in unit_file:
    os._exit(7)
"""
UNITS = ("bapenda", "dpmptsp", "kecamatan-merdeka", "rsud-harapan", "smpn-1-contoh")


def make_notebook(folder: Path, root: Path) -> None:
    book = nbformat.read(root / "notebooks" / "laporan_unit.ipynb", as_version=4)
    book.cells.append(nbformat.v4.new_code_cell(BREAK, id="rusak"))
    book.cells.append(nbformat.v4.new_code_cell("1", id="sesudah"))
    (folder / "notebooks").mkdir()
    nbformat.write(book, folder / "notebooks" / "laporan_unit.ipynb")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Path:
    """A folder run once: a broken file, a broken notebook, no end, a dead process, a good one."""
    if not can_fork():
        pytest.skip("limits need processes that can be forked")
    folder = copy_sample(tmp_path_factory.mktemp("gagal"), *UNITS)
    target = folder / "parameters" / "2026"
    with (target / "bapenda.yaml").open("a", encoding="utf-8") as stream:
        stream.write("\nsalah_kunci: 1\nsalah_lagi: 2\n")
    make_notebook(folder, root)
    with pytest.raises(SystemExit) as stop:
        main(["run", "--folder", str(folder), "--timeout", "10"])
    assert stop.value.code == 1
    return folder


def log_of(folder: Path, unit: str) -> str:
    return (folder / "outputs" / "2026" / f"{unit}.gagal.html").read_text(encoding="utf-8")


def cells_of(folder: Path, unit: str) -> list[nbformat.NotebookNode]:
    path = folder / "outputs" / "2026" / f"{unit}.gagal.ipynb"
    book = nbformat.read(path, as_version=4)
    nbformat.validate(book)
    return list(book.cells)


pytestmark = pytest.mark.kernel


def test_each_failed_unit_has_a_log_and_no_report(folder: Path) -> None:
    outputs = folder / "outputs" / "2026"
    logs = {path.name for path in outputs.glob("*.gagal.html")}
    assert logs == {f"{unit}.gagal.html" for unit in UNITS if unit != "kecamatan-merdeka"}
    pages = {path.name for path in outputs.glob("*.html")} - logs
    assert pages == {"kecamatan-merdeka.html", "index.html"}
    entries = read_ledger(outputs)
    assert entries["dpmptsp"].state is State.TIMED_OUT
    assert entries["smpn-1-contoh"].state is State.FAILED


def test_a_broken_file_is_logged_with_all_its_lines(folder: Path) -> None:
    html = log_of(folder, "bapenda")
    assert "salah_kunci" in html
    assert "salah_lagi" in html
    assert len(re.findall(r">Baris \d+<", html)) == 2
    assert not (folder / "outputs" / "2026" / "bapenda.gagal.ipynb").exists()


def test_a_broken_notebook_is_kept_with_its_failing_cell_marked(folder: Path) -> None:
    cells = cells_of(folder, "rsud-harapan")
    place = next(n for n, cell in enumerate(cells) if cell.id == "rusak")
    assert cells[place].metadata.papermill.status == "failed"
    assert cells[place + 1].metadata.papermill.status == "pending"
    number = cells[place].execution_count
    assert f"Sel di bawah ini [{number}] yang gagal." in cells[place - 1].source
    assert f"sel [{number}]</a>" in cells[0].source
    assert sum("papermill-error-cell-tag" in cell.metadata.get("tags", []) for cell in cells) == 2
    html = log_of(folder, "rsud-harapan")
    assert f"Notebook berhenti pada sel [{number}]" in html
    assert "RuntimeError" in html
    assert 'href="rsud-harapan.gagal.ipynb"' in html
    assert "\x1b" not in html


def test_a_notebook_past_its_time_is_kept_with_the_cell_it_was_at(folder: Path) -> None:
    cells = cells_of(folder, "dpmptsp")
    place = next(n for n, cell in enumerate(cells) if cell.id == "rusak")
    assert "yang gagal" in cells[place - 1].source
    html = log_of(folder, "dpmptsp")
    assert "Dihentikan: melewati batas waktu" in html
    assert "Melewati batas waktu 10 detik" in html
    assert re.search(r"----&gt; \d+ +time\.sleep\(120\)", html)
    assert "_alarm" not in html


def test_a_unit_that_kills_its_process_is_logged_by_the_run(folder: Path) -> None:
    assert "mati dua kali" in log_of(folder, "smpn-1-contoh")
    assert not (folder / "outputs" / "2026" / "smpn-1-contoh.gagal.ipynb").exists()


def test_no_log_names_a_place_on_this_machine(folder: Path) -> None:
    for path in (folder / "outputs" / "2026").glob("*.html"):
        html = path.read_text(encoding="utf-8")
        assert str(folder) not in html, path.name
        assert sys.prefix not in html, path.name


def test_the_recap_gives_the_reason_and_links_the_log(folder: Path) -> None:
    html = (folder / "outputs" / "2026" / "index.html").read_text(encoding="utf-8")
    links = set(re.findall(r'href="([^#"]+)"', html))
    logs = {f"{unit}.gagal.html" for unit in UNITS if unit != "kecamatan-merdeka"}
    assert links == {"kecamatan-merdeka.html", *logs}
    assert "RuntimeError: sengaja: parameters/2026/rsud-harapan.yaml" in html
    assert "Melewati batas waktu 10 detik" in html
    assert "1 unit tidak dapat dievaluasi. 3 laporan gagal dibuat." in html


def test_the_logs_of_a_run_repeated_are_the_same_bytes(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767250000")
    found = []
    for _ in range(2):
        with pytest.raises(SystemExit):
            main(["run", "bapenda", "rsud-harapan", "--folder", str(folder), "--force"])
        found.append([log_of(folder, unit) for unit in ("bapenda", "rsud-harapan")])
    assert found[0] == found[1]


def test_log_and_notebook_are_gone_once_the_report_is_made(folder: Path, root: Path) -> None:
    shutil.rmtree(folder / "notebooks")
    try:
        main(["run", "rsud-harapan", "dpmptsp", "--folder", str(folder)])
    finally:
        make_notebook(folder, root)
    outputs = folder / "outputs" / "2026"
    assert (outputs / "rsud-harapan.html").is_file()
    assert {path.name for path in outputs.glob("*.gagal.*")} == {
        "bapenda.gagal.html",
        "smpn-1-contoh.gagal.html",
    }
    index = (outputs / "index.html").read_text(encoding="utf-8")
    assert "rsud-harapan.gagal" not in index


def test_a_failed_cell_is_found_by_its_error_or_by_its_mark(tmp_path: Path) -> None:
    book = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_code_cell("a = 1", execution_count=1),
            nbformat.v4.new_code_cell("lama()", metadata={"papermill": {"exception": True}}),
        ]
    )
    notebook = nbformat.writes(book).encode()
    cell = read_failed_cell(notebook, tmp_path)
    assert cell is not None
    assert (cell.number, cell.source, cell.traceback) == ("", "lama()", "")
    marked = nbformat.reads(mark_failing_cell(notebook).decode(), as_version=4)
    kinds = [cell.cell_type for cell in marked.cells]
    assert kinds == ["markdown", "code", "markdown", "code"]
    assert mark_failing_cell(mark_failing_cell(notebook)) == mark_failing_cell(notebook)


def test_a_notebook_without_a_failed_cell_is_only_marked_at_its_top(tmp_path: Path) -> None:
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("a = 1", id="a")])
    notebook = nbformat.writes(book).encode()
    assert read_failed_cell(notebook, tmp_path) is None
    marked = nbformat.reads(mark_failing_cell(notebook).decode(), as_version=4)
    assert [cell.cell_type for cell in marked.cells] == ["markdown", "code"]


def test_places_colours_and_addresses_are_taken_out(tmp_path: Path) -> None:
    text = f"\x1b[31mFile {tmp_path}/a.py\x1b[0m {nbformat.__file__} <x at 0x7f00aabbcc>\x00"
    assert clean_text(text, tmp_path) == "File a.py nbformat/__init__.py <x at 0x…>"


@pytest.mark.long
def test_the_stock_kernel_too_leaves_a_notebook_past_its_time(tmp_path: Path) -> None:
    """Where no process can be forked, papermill's own engine runs the cells."""
    source = tmp_path / "lama.ipynb"
    sleep = nbformat.v4.new_code_cell("import time; time.sleep(60)", id="lama")
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    nbformat.write(nbformat.v4.new_notebook(cells=[sleep], metadata=kernel), source)
    script = f"""
import multiprocessing, pathlib
multiprocessing.get_all_start_methods = lambda: ["spawn"]
from zi_eval.errors import TimeLimitError
from zi_eval.runs.notebooks import run_notebook
source = pathlib.Path({str(source)!r})
try:
    run_notebook(source, {{}}, source.parent, "x", 3)
except TimeLimitError as late:
    source.with_name("keluar.ipynb").write_bytes(late.notebook)
"""
    subprocess.run([sys.executable, "-c", script], check=True, timeout=90, capture_output=True)
    cell = read_failed_cell((tmp_path / "keluar.ipynb").read_bytes(), tmp_path)
    assert cell is not None
    assert "time.sleep" in cell.source
