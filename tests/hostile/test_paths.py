"""Folders named as people name them, braces and all; and what a published notebook says of ours."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import nbformat
import pytest

from zi_eval.runs.notebooks import run_notebook

PYTHON = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
pytestmark = pytest.mark.kernel


@pytest.mark.parametrize("name", ["zi {2026}", "{", "}{unit}", "{0}", "a b%s$HOME"])
def test_a_notebook_runs_in_a_folder_of_any_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    folder = tmp_path / name
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    cell = "from IPython.display import HTML\nHTML(f'<p>hasil {tahun}</p>')"
    cells = [
        nbformat.v4.new_code_cell("tahun = ''", metadata={"tags": ["parameters"]}),
        nbformat.v4.new_code_cell(cell),
    ]
    notebook = folder / "coba.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=PYTHON), notebook)
    html, book = run_notebook(notebook, {"tahun": "2026"}, folder, "Coba")
    assert "hasil 2026" in html
    about = json.loads(book)["metadata"]["papermill"]
    assert "output_path" not in about
    assert about["input_path"] == "coba.ipynb"
    assert str(tmp_path) not in book.decode()
