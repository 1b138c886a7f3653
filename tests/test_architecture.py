"""The house's own rules: imports, public names, notebooks; no test with a clock."""

from __future__ import annotations

import ast
import importlib
import json
import pkgutil
import re
import subprocess
import sys
import tomllib
from itertools import chain
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

import zi_eval

COMPUTES = {
    f"zi_eval.{room}.{module}"
    for room, modules in {
        "agreement": "calibration carried intervals kappa outliers",
        "chance": "corrections draws estimate many surveys",
        "doubts": "contradictions decided differing unseen verdict weighing",
        "improvement": "atoms options programme shared solver tree way",
        "performance": "comparison plan_checks projection score watch",
        "similarities": "find patterns texts",
        "survey": "actions index quality result",
        "trends": "agency parts unit",
        "workplan": "forecast monitoring",
    }.items()
    for module in modules.split()
}
"""Modules of topics that compute results, beside the values that these results are."""
SELECTS = {"find_actions", "missing_comparisons", "pick_decisions", "when_text"}
"""Their functions that only choose among results or word one."""
MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(zi_eval.__path__, "zi_eval.")
    if module.name != "zi_eval.__main__"
)


def test_rooms_import_downwards_only(root: Path) -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    result = subprocess.run([lint, "--no-cache"], cwd=root, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout


def test_a_page_takes_values_of_what_computes_and_calls_none_of_it(root: Path) -> None:
    """What the recap shows is gathered by ``pages/agency/recap.py``, which renders nothing."""
    taken = {
        (path.relative_to(root).as_posix(), name.name)
        for path in (root / "zi_eval").rglob("*.py")
        if path.stem == "page" or {"page", "pages", "report"} & set(path.parts)
        if path.parts[-2:] != ("agency", "recap.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module in COMPUTES
        for name in node.names
    }
    called = {(page, name) for page, name in taken if name.islower() and name not in SELECTS}
    assert called == set()
    assert set(MODULES) >= COMPUTES
    assert len({page for page, name in taken if not name.islower()}) > 20  # they do take values


@pytest.mark.parametrize("room", sorted({name.split(".")[1] for name in MODULES}))
def test_every_public_name_of_a_room_exists_and_is_documented(room: str) -> None:
    for name in (name for name in MODULES if name.split(".")[1] == room):
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


def test_notebooks_use_names_of_the_face_only(root: Path) -> None:
    for path in sorted((root / "notebooks").glob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        code = "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "code")
        tree = ast.parse(code)
        imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
        assert [ast.unparse(node) for node in imports] == ["import zi_eval as zi"], path.name
        used = {
            node.attr
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.value.id == "zi"
        }
        assert used <= set(zi_eval.__all__), path.name


@pytest.mark.parametrize("name", ["zi_eval.runs.engine", "papermill"])
def test_the_engine_is_found_whatever_is_imported_first(name: str) -> None:
    code = (
        "import sys; sys.modules['rfc3987_syntax'] = None  # as in conftest.py\n"
        f"import {name}\nfrom papermill.engines import papermill_engines\n"
        "assert papermill_engines.get_engine('zi-eval').__name__ == 'EngineEntry'"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr


CLOCKS = {
    "time": {"time", "monotonic", "perf_counter", "process_time", "thread_time"},
    "resource": {"getrusage"},
    "tracemalloc": {"get_traced_memory", "start"},
}
MEASURED = {"memory_info", "memory_full_info"}
OUTSIDE = ("performance.now", "JSHeapUsedSize", "VmHWM", "ru_maxrss")
A_CLOCK = re.compile("|".join([*CLOCKS, *MEASURED, *map(re.escape, OUTSIDE)]))
"""What no module goes without that reads a clock: only those with it are parsed."""
WITH_A_CLOCK = {
    "tests/waiting.py",
    "tests/portal/running.py",
    "tests/faults/trials.py",
    "tests/journal/test_live_table.py",
    "tests/test_architecture.py",
}
"""What waits, keeps a pace or sets a clock of its own, and judges nothing; and this list."""


def clock_reads(text: str) -> list[str]:
    """Return where a module reads a clock or a size of memory, in Python or in what it starts."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and node.module in CLOCKS:
            names = [name.name for name in node.names]
        elif isinstance(node, ast.Attribute) and node.attr in MEASURED:
            names = [node.attr]
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            names = [node.attr] if node.value.id in CLOCKS else []
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            names = [word for word in OUTSIDE if word in node.value]
        else:
            continue
        forbidden = MEASURED.union(OUTSIDE, *CLOCKS.values())
        found += [f"{node.lineno}: {n}" for n in names if n.removesuffix("_ns") in forbidden]
    return found


@pytest.mark.parametrize(
    "text",
    [
        "import time\nassert time.perf_counter() - start < 5",
        "from time import process_time",
        "used = process.memory_info().rss",
        "import resource\nresource.getrusage(resource.RUSAGE_SELF)",
        "page.evaluate('performance.now()')",
        "began = time.perf_counter_ns()",
    ],
)
def test_a_clock_is_seen(text: str) -> None:
    assert clock_reads(text)


LEAST = {
    "filelock": "3.20.3", "h11": "0.16", "jinja2": "3.1.6", "nbconvert": "7.17.1",
    "starlette": "0.49.1", "tornado": "6.5.3",
}  # fmt: skip
"""Versions before these have holes that are known."""


def test_no_dependency_with_a_known_hole_is_taken(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    asked = [*project["dependencies"], *chain(*project["optional-dependencies"].values())]
    found = {}
    for requirement in map(Requirement, asked):
        (least, *_) = [s.version for s in requirement.specifier if s.operator == ">="] or ["0"]
        found[requirement.name] = Version(least)
    assert all(found[name] >= Version(version) for name, version in LEAST.items())


def test_who_installs_the_package_gets_no_plotting_library(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    names = {Requirement(asked).name for asked in project["dependencies"]}
    assert names.isdisjoint({"altair", "matplotlib", "plotly", "seaborn"})


def test_no_test_reads_a_clock(root: Path) -> None:
    """Seconds and megabytes of a shared machine say nothing: count, or measure in tests/bench."""
    found = {
        str(path.relative_to(root)): clock_reads(text)
        for path in (root / "tests").rglob("*.py")
        if "bench" not in path.parts and A_CLOCK.search(text := path.read_text(encoding="utf-8"))
    }
    assert {
        name: reads for name, reads in found.items() if reads and name not in WITH_A_CLOCK
    } == {}


def test_every_name_that_a_notebook_imports_is_there(root: Path) -> None:
    for path in sorted((root / "notebooks").glob("*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            code = "".join(cell["source"]) if cell["cell_type"] == "code" else ""
            for node in ast.walk(ast.parse(code)):
                for name in node.names if isinstance(node, ast.ImportFrom) else ():
                    assert hasattr(importlib.import_module(node.module or ""), name.name), path.name
