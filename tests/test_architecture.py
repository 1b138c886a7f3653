"""The house's own rules: imports, public names, notebooks; no test with a clock."""

from __future__ import annotations

import importlib
import json
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import zi_eval

MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(zi_eval.__path__, "zi_eval.")
    if module.name != "zi_eval.__main__"
)


def test_rooms_import_downwards_only(root: Path) -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    result = subprocess.run([lint, "--no-cache"], cwd=root, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("name", MODULES)
def test_every_public_name_exists_and_is_documented(name: str) -> None:
    module = importlib.import_module(name)
    assert module.__doc__, name
    for public in getattr(module, "__all__", ()):
        value = getattr(module, public)
        if callable(value) and not public.isupper():
            assert value.__doc__, f"{name}.{public}"


def test_the_package_exports_what_it_names() -> None:
    for name in zi_eval.__all__:
        assert getattr(zi_eval, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = zi_eval.nothing


def test_notebooks_are_thin_and_hold_no_outputs(root: Path) -> None:
    books = sorted((root / "notebooks").glob("*.ipynb"))
    assert {book.stem for book in books} >= {"laporan_unit", "rekap_instansi"}
    for path in books:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        code = [cell for cell in cells if cell["cell_type"] == "code"]
        assert all(not cell["outputs"] and cell["execution_count"] is None for cell in code)
        tagged = [c for c in code if "parameters" in c["metadata"].get("tags", [])]
        assert len(tagged) == 1, path.name
        assert all(len("".join(cell["source"]).splitlines()) <= 12 for cell in code), path.name


@pytest.mark.parametrize("name", ["zi_eval.runs.engine", "zi_eval.runs.warm", "papermill"])
def test_the_engine_is_found_whatever_is_imported_first(name: str) -> None:
    code = (
        f"import {name}\nfrom papermill.engines import papermill_engines\n"
        "assert papermill_engines.get_engine('zi-eval').__name__ == 'EngineEntry'"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
