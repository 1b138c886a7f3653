"""The forked engine: the same outputs as a kernel's, and nothing shared between notebooks."""

from __future__ import annotations

import logging
import multiprocessing
import os
import re
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import papermill
import pytest
from jupyter_core.utils import ensure_event_loop
from nbclient.exceptions import CellTimeoutError
from nbformat import NotebookNode
from papermill.engines import NBClientEngine, NotebookExecutionManager, papermill_engines
from papermill.exceptions import PapermillExecutionError

from tests.runs.gallery import ALLOWED_ERRORS, FATAL, HARMLESS, notebook
from tests.waiting import NET
from zi_eval.runs.engine import ForkedEngine
from zi_eval.runs.entry import ENGINE_NAME
from zi_eval.runs.fresh import mark_fresh_process
from zi_eval.runs.scratch import own_scratch

pytestmark = [
    pytest.mark.kernel,
    pytest.mark.skipif(
        "forkserver" not in multiprocessing.get_all_start_methods(), reason="no fork server"
    ),
]

OURS, STOCK = ENGINE_NAME, "nbclient"

GALLERY = {**HARMLESS, **{f"error: {name}": cell for name, cell in ALLOWED_ERRORS.items()}}
FEW = (
    *("nothing", "result", "mixed streams", "rich", "broken repr", "display id"),
    *("update from another cell", "clear and wait", "html magic", "shell capture", "await"),
    *("forbidden input", "error: division", "error: chained", "error: syntax"),
)
"""Cells of the gallery, one of each kind of output."""


@pytest.fixture(autouse=True, scope="module")
def _registered() -> None:
    papermill_engines.register(ENGINE_NAME, ForkedEngine)


def run(
    book: NotebookNode, engine: str, folder: Path, **options: Any
) -> tuple[NotebookNode, Exception | None]:
    """Run a notebook; return it as far as it got, and what stopped it."""
    import nbformat

    source, target = folder / "in.ipynb", folder / f"out-{engine}.ipynb"
    nbformat.write(book, source)
    logging.getLogger("traitlets").setLevel(logging.ERROR)
    loop = ensure_event_loop()
    error: Exception | None = None
    with warnings.catch_warnings(), pytest.MonkeyPatch.context() as patch:
        warnings.simplefilter("ignore")
        # A kernel that sees this does not collect what other programs write.
        patch.delenv("PYTEST_CURRENT_TEST", raising=False)
        try:
            papermill.execute_notebook(
                source,
                target,
                engine_name=engine,
                kernel_name="python3",
                progress_bar=False,
                cwd=folder,
                extra_arguments=["--log-level=CRITICAL"],
                **options,
            )
        except Exception as stop:
            error = stop
    loop.close()
    return nbformat.read(target, as_version=4), error


def run_whole(book: NotebookNode, engine: str, folder: Path) -> NotebookNode:
    """Run a notebook to its end.

    On a busy machine the stock client now and then loses a message of its kernel and waits for it
    without end, both idle; a cell of the stock engine has a limit, and is run once more past it.
    """
    done, error = run(book, engine, folder, execution_timeout=NET)
    if engine == STOCK and isinstance(error, CellTimeoutError):
        done, error = run(book, engine, folder, execution_timeout=NET)
    assert not isinstance(error, CellTimeoutError)
    return done


def normal(value: Any) -> Any:
    """Replace what differs from run to run: addresses, processes, temporary files."""
    if isinstance(value, str):
        value = re.sub(r"0x[0-9a-f]{6,}", "0x…", value)
        value = re.sub(r"ipykernel_\d+", "ipykernel_…", value)
        value = re.sub(r"\(\d+ times\)", "(… times)", value)  # frames until recursion ends
        return re.sub(r'(?<=id=")image[0-9a-f]+', "…", value)
    if isinstance(value, list):
        # Endless recursion ends a frame earlier where the stack is a frame deeper.
        items = [normal(item) for item in value]
        return [item for item, last in zip(items, [None, *items], strict=False) if item != last]
    if isinstance(value, dict):
        return {key: "…" if key == "model_id" else normal(item) for key, item in value.items()}
    return value


def outputs(cell: NotebookNode) -> list[Any]:
    """Return a cell's outputs; pieces of a stream, cut by a kernel's clock, in one."""
    found: list[Any] = []
    for output in normal(cell.get("outputs", [])):
        last = found[-1] if found else {}
        is_same = [output.get(key) == last.get(key) for key in ("output_type", "name")]
        if output["output_type"] == "stream" and all(is_same):
            last["text"] += output["text"]
        else:
            found.append(output)
    return found


def state(cell: NotebookNode) -> tuple[Any, ...]:
    kept = cell.metadata.papermill
    return (
        cell.get("execution_count"),
        kept.status,
        kept.exception,
        bool(kept.start_time),
        bool(kept.end_time),
        sorted(cell.metadata),
    )


def code_cells(book: NotebookNode) -> list[NotebookNode]:
    """Return a notebook's cells but for the texts; papermill adds one where a cell failed."""
    return [cell for cell in book.cells if cell.cell_type == "code"]


@pytest.fixture(scope="module")
def galleries(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, NotebookNode]]:
    """The cells of both galleries by name, run with either engine."""
    result: dict[str, dict[str, NotebookNode]] = {}
    for engine in (OURS, STOCK):
        folder = tmp_path_factory.mktemp("gallery")
        harmless, failed = (
            run_whole(notebook([*cells.values()], ("raises-exception",)), engine, folder)
            for cells in (HARMLESS, ALLOWED_ERRORS)
        )
        cells = code_cells(harmless) + code_cells(failed)
        result[engine] = dict(zip(GALLERY, cells, strict=True))
        assert harmless.metadata.language_info["name"] == "python"
    return result


def test_outputs_of_each_kind_are_those_of_a_kernel(tmp_path: Path) -> None:
    book = notebook([GALLERY[name] for name in FEW], ("raises-exception",))
    ours, stock = (run_whole(book, engine, tmp_path) for engine in (OURS, STOCK))
    assert ours.metadata.language_info == stock.metadata.language_info
    for name, our_cell, stock_cell in zip(FEW, code_cells(ours), code_cells(stock), strict=True):
        assert outputs(our_cell) == outputs(stock_cell), name
        assert state(our_cell) == state(stock_cell), name


@pytest.mark.long
@pytest.mark.parametrize("name", GALLERY)
def test_outputs_are_those_of_a_kernel(
    galleries: dict[str, dict[str, NotebookNode]], name: str
) -> None:
    ours, stock = galleries[OURS][name], galleries[STOCK][name]
    if name == "process output":
        # A thread of the stock kernel reads what a child process writes, at times only after the
        # cell's result was sent, on a busy machine after the cell: ours has both, in either order.
        assert len(outputs(ours)) == 2
        assert {*map(repr, outputs(stock))} <= {*map(repr, outputs(ours))}
    else:
        assert outputs(ours) == outputs(stock)
    assert state(ours) == state(stock)


@pytest.mark.parametrize(
    "name", ["error", *(pytest.param(name, marks=pytest.mark.long) for name in [*FATAL][1:])]
)
def test_a_notebook_stops_where_a_kernel_stops(name: str, tmp_path: Path) -> None:
    ours, our_error = run(notebook(FATAL[name]), OURS, tmp_path)
    stock, stock_error = run(notebook(FATAL[name]), STOCK, tmp_path)
    assert type(our_error) is type(stock_error)
    assert normal(str(our_error)) == normal(str(stock_error))
    assert len(ours.cells) == len(stock.cells)
    for our_cell, stock_cell in zip(ours.cells, stock.cells, strict=True):
        assert outputs(our_cell) == outputs(stock_cell)
        if "papermill" in stock_cell.metadata:
            assert state(our_cell) == state(stock_cell)
    assert ours.metadata.language_info == stock.metadata.language_info


LEAVE = """
import os, sys, types, warnings, random, builtins
import matplotlib, numpy
tertinggal = 1
sys.modules["modul_titipan"] = types.ModuleType("modul_titipan")
sys.path.append("/titipan")
os.environ["TITIPAN"] = "ya"
os.environ.pop("PATH", None)
matplotlib.rcParams["lines.linewidth"] = 77
warnings.simplefilter("error")
random.seed(1); numpy.random.seed(1)
builtins.titipan = 1
import zi_eval.report
zi_eval.report.titipan = 1
os.mkdir("bawah"); os.chdir("bawah")
"""

LOOK = """
import os, sys, warnings, random, builtins
import matplotlib, numpy, zi_eval.report
print("tertinggal" in globals(), "modul_titipan" in sys.modules, "/titipan" in sys.path)
print(os.environ.get("TITIPAN"), "PATH" in os.environ, matplotlib.rcParams["lines.linewidth"])
print(("error", Warning) in [(f[0], f[2]) for f in warnings.filters], hasattr(builtins, "titipan"))
print(hasattr(zi_eval.report, "titipan"), os.path.basename(os.getcwd()))
"""

DRAW = "import random, numpy\nprint(random.random(), numpy.random.random())"


def test_nothing_leaks_from_one_notebook_to_the_next(tmp_path: Path) -> None:
    before = dict(os.environ)
    _, error = run(notebook([LEAVE]), OURS, tmp_path)
    assert error is None
    book, _ = run(notebook([LOOK]), OURS, tmp_path)
    assert book.cells[1].outputs[0].text.splitlines() == [
        "False False False",
        "None True 1.5",
        "False False",
        f"False {tmp_path.name}",
    ]
    assert dict(os.environ) == before


def test_each_notebook_draws_other_random_numbers(tmp_path: Path) -> None:
    texts = [run(notebook([DRAW]), OURS, tmp_path)[0].cells[1].outputs[0].text for _ in "ab"]
    assert not set(texts[0].split()) & set(texts[1].split())


def test_the_environment_of_the_moment_reaches_the_notebook(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BARU", "ya")
    book, _ = run(notebook(["import os; print(os.environ['BARU'])"]), OURS, tmp_path)
    assert book.cells[1].outputs[0].text == "ya\n"


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("import os; print('x'); os.kill(os.getpid(), 9)", "SIGKILL"),
        ("import os; os._exit(7)", "exit code 7"),
    ],
)
def test_a_process_that_dies_is_told_with_its_signal_or_code(
    source: str, words: str, tmp_path: Path
) -> None:
    book, error = run(notebook(["1", source, "2"]), OURS, tmp_path)
    assert isinstance(error, RuntimeError)
    assert words in str(error)
    statuses = [cell.metadata.papermill.status for cell in book.cells]
    assert statuses == ["completed", "completed", "failed", "pending"]
    assert book.cells[1].outputs[0].data["text/plain"] == "1"
    assert not multiprocessing.active_children()


def test_a_cell_over_its_time_is_stopped_and_its_temporary_folder_goes(tmp_path: Path) -> None:
    source = (
        "import sys, time\nopen('folder', 'w').write(sys.argv[2])\n"
        "while True:\n    try:\n        time.sleep(60)\n    except BaseException: pass"
    )
    book, error = run(notebook(["1", source, "2"]), OURS, tmp_path, execution_timeout=1)
    assert isinstance(error, CellTimeoutError)
    assert book.cells[3].metadata.papermill.status == "pending"
    assert not multiprocessing.active_children()
    folder = Path((tmp_path / "folder").read_text()).parent
    assert folder.parent.parent == own_scratch()
    assert not folder.parent.exists()


def test_a_cell_may_start_processes(tmp_path: Path) -> None:
    source = (
        "import multiprocessing as m\n"
        "with m.get_context('fork').Pool(2) as pool:\n    print(pool.map(abs, [-1, 2]))"
    )
    book, error = run(notebook([source]), OURS, tmp_path)
    assert error is None
    assert book.cells[1].outputs[-1].text.endswith("[1, 2]\n")


def test_an_interrupt_leaves_no_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(NotebookExecutionManager, "cell_start", interrupt)
    with pytest.raises(KeyboardInterrupt):
        run(notebook(["1"]), OURS, tmp_path)
    assert not multiprocessing.active_children()


@pytest.mark.parametrize("reason", ["no fork server", "start fails"])
def test_without_a_fork_server_a_kernel_runs_the_notebook(
    reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError("no")

    used = []

    def note(nb_man: Any, *args: Any, **options: Any) -> Any:
        used.append(options["start_timeout"])

    monkeypatch.setattr(NBClientEngine, "execute_managed_notebook", note)
    if reason == "no fork server":
        monkeypatch.setattr(multiprocessing, "get_all_start_methods", lambda: ["spawn"])
    else:
        monkeypatch.setattr(
            multiprocessing.get_context("forkserver").Process, "_Popen", staticmethod(fail)
        )
    run(notebook(["1"]), OURS, tmp_path, start_timeout=33)
    assert used == [33]


def _run_here(sources: Sequence[str], folder: Path) -> list[Any]:
    """Run notebooks one after the other in a process made for them."""
    papermill_engines.register(ENGINE_NAME, ForkedEngine)
    mark_fresh_process()
    books = [run(notebook([source]), OURS, folder, execution_timeout=2) for source in sources]
    return [os.getpid(), *((outputs(book.cells[1]), repr(error)) for book, error in books)]


@pytest.mark.parametrize("is_slow", [False, True])
def test_a_process_made_for_notebooks_runs_them_right_there(is_slow: bool, tmp_path: Path) -> None:
    source = "import os, time\nprint(os.getpid())" + ("\ntime.sleep(20)" if is_slow else "")
    with multiprocessing.get_context("forkserver").Pool(1) as pool:
        process, (found, error) = pool.apply(_run_here, ([source], tmp_path))
    assert found[0]["text"] == f"{process}\n"
    assert ("CellTimeoutError" in error) is is_slow


def test_each_notebook_of_a_process_has_a_shell_of_its_own(tmp_path: Path) -> None:
    first = "left = 1\nfrom zi_eval.runs.fresh import take_fresh_process\ntake_fresh_process()"
    second = "[get_ipython().execution_count, 'left' in globals(), Out]"
    with multiprocessing.get_context("forkserver").Pool(1) as pool:
        _, (taken, _), after = pool.apply(_run_here, ([first, second], tmp_path))
    with multiprocessing.get_context("forkserver").Pool(1) as pool:
        _, alone = pool.apply(_run_here, ([second], tmp_path))
    assert taken[0]["data"]["text/plain"] == "False"
    assert after == alone
    assert ", False, {}]" in after[0][0]["data"]["text/plain"]


def test_stock_errors_are_papermill_errors(tmp_path: Path) -> None:
    _, error = run(notebook(["1 / 0"]), OURS, tmp_path)
    assert isinstance(error, PapermillExecutionError)
    assert (error.ename, error.evalue) == ("ZeroDivisionError", "division by zero")


@pytest.mark.long
def test_the_harmless_cells_are_harmless(
    galleries: dict[str, dict[str, NotebookNode]],
) -> None:
    for name in HARMLESS:
        kinds = [output.output_type for output in galleries[STOCK][name].outputs]
        assert ("error" in kinds) is (name in {"broken repr", "run line"}), name
