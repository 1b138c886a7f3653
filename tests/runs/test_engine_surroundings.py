"""What a notebook finds around it, run by the forked engine: what a kernel started now would."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import psutil
import pytest
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.engines import NBClientEngine
from papermill.exceptions import PapermillExecutionError
from papermill.log import logger

from tests.runs.gallery import notebook
from tests.runs.test_engine import OURS, STOCK, outputs, pytestmark, run
from tests.waiting import wait_until_gone
from zi_eval.runs.hidden import hide_modules

__all__ = ["pytestmark"]

ABOUT = "import os, time\nos.environ.get('DARI_KERNEL'), mulai, time.strftime('%z')"
SPEC = {
    "argv": ["python", "-m", "ipykernel_launcher", "-f", "{connection_file}"],
    "display_name": "p",
    "language": "python",
    "env": {"DARI_KERNEL": "${DASAR}/isi", "TZ": "Asia/Jayapura"},
}


def write_spec(folder: Path, **changes: Any) -> None:
    home = folder / "jupyter" / "kernels" / "python3"
    home.mkdir(parents=True)
    (home / "kernel.json").write_text(json.dumps({**SPEC, **changes}))


def test_profile_settings_and_the_kernels_own_environment_are_honoured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    profile = tmp_path / "ipython" / "profile_default"
    (profile / "startup").mkdir(parents=True)
    (profile / "startup" / "00.py").write_text("mulai = 'berkas mulai'")
    (profile / "ipython_config.py").write_text(
        "c = get_config()\nc.InteractiveShell.ast_node_interactivity = 'all'\n"
        "c.InteractiveShellApp.exec_lines = ['baris = 3']\n"
    )
    write_spec(tmp_path)
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    monkeypatch.setenv("DASAR", "dasar")
    book = notebook([ABOUT, "baris\nbaris + 1", "%who"])
    ours, stock = (run(book, engine, tmp_path) for engine in (OURS, STOCK))
    assert [outputs(cell) for cell in ours[0].cells] == [outputs(cell) for cell in stock[0].cells]
    assert ours[1] is stock[1] is None
    assert "('dasar/isi', 'berkas mulai', '+0900')" in str(ours[0].cells[1].outputs)


@pytest.mark.parametrize(
    "changes", [{"argv": ["/lain/python", *SPEC["argv"][1:]]}, {"argv": [*SPEC["argv"], "--x"]}]
)
def test_a_kernel_of_that_name_that_is_another_program_is_started(
    changes: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    used: list[Any] = []
    write_spec(tmp_path, **changes)
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    monkeypatch.setattr(NBClientEngine, "execute_managed_notebook", lambda *a, **o: used.append(a))
    run(notebook(["1"]), OURS, tmp_path)
    assert len(used) == 1


def test_what_changes_between_two_notebooks_reaches_the_second(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pustaka").mkdir()
    (tmp_path / "pustaka" / "modul_baru.py").write_text("isi = 'baru'")
    found = []
    for zone, path in (("Asia/Jakarta", ""), ("Asia/Jayapura", str(tmp_path / "pustaka"))):
        monkeypatch.setenv("TZ", zone)
        monkeypatch.setenv("PYTHONPATH", path, prepend=os.pathsep)
        look = "import importlib.util as u, time\ntime.strftime('%z'), u.find_spec('modul_baru')"
        book, _ = run(notebook([f"{look} is not None"]), OURS, tmp_path)
        found.append(book.cells[1].outputs[0].data["text/plain"])
    assert found == ["('+0700', False)", "('+0900', True)"]


def test_what_a_cell_has_started_ends_with_its_notebook(tmp_path: Path) -> None:
    source = "import subprocess\nprint(subprocess.Popen(['sleep', '1000']).pid)"
    deaf = "subprocess.Popen(['sh', '-c', 'trap \"\" TERM; echo siap; sleep 1000'], stdout=-1)"
    book, error = run(notebook([source, f"p = {deaf}\np.stdout.readline()\np.pid"]), OURS, tmp_path)
    assert error is None
    pids = [book.cells[1].outputs[0].text, book.cells[2].outputs[0].data["text/plain"]]
    wait_until_gone(*map(int, pids))


def test_a_slow_cells_lines_are_logged_while_it_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Answer(logging.Handler):
        """Lets the cell end once its first lines have been logged."""

        def emit(self, record: logging.LogRecord) -> None:
            if "dari program" in record.getMessage():
                (tmp_path / "terdengar").touch()

    answer = Answer()
    logger.addHandler(answer)
    monkeypatch.setattr(logger, "level", logging.INFO)
    source = (
        "import os, time\nos.system('echo dari program')\n"
        "while not os.path.exists('terdengar'):\n    time.sleep(0.01)"
    )
    try:
        _, error = run(notebook([source]), OURS, tmp_path, log_output=True, execution_timeout=60)
    finally:
        logger.removeHandler(answer)
    assert error is None


SLOW = (
    "import time\ntry:\n    time.sleep(60)\n"
    "except KeyboardInterrupt:\n    print('disela')\n    raise"
)


def test_a_cell_past_its_time_is_only_interrupted_where_that_is_asked(tmp_path: Path) -> None:
    book, _ = run(
        notebook([SLOW, "'terus'"]),
        OURS,
        tmp_path,
        execution_timeout=1,
        interrupt_on_timeout=True,
        allow_errors=True,
    )
    slow, after = (cell.outputs for cell in book.cells if cell.cell_type == "code")
    assert [output.output_type for output in slow] == ["stream", "error"]
    assert after[0].data["text/plain"] == "'terus'"


def test_the_error_of_a_cell_past_its_time_is_the_one_that_is_asked_for(tmp_path: Path) -> None:
    asked = {"ename": "Lambat", "evalue": "terlalu lama", "traceback": ["a"]}
    book, error = run(
        notebook([SLOW, "'terus'"]),
        OURS,
        tmp_path,
        execution_timeout=1,
        interrupt_on_timeout=True,
        error_on_timeout=asked,
    )
    assert isinstance(error, PapermillExecutionError)
    assert "terus" not in str(book.cells[-1].outputs)


@pytest.mark.parametrize("name", ["SystemExit(3)", "KeyboardInterrupt"])
def test_a_task_that_ends_the_loop_ends_the_notebook(name: str, tmp_path: Path) -> None:
    source = (
        f"import asyncio\nasync def akhir():\n    raise {name}\n"
        "tugas = asyncio.ensure_future(akhir())\nawait asyncio.sleep(60)"
    )
    book, error = run(notebook([source, "2"]), OURS, tmp_path)
    assert isinstance(error, DeadKernelError)
    assert [outputs(cell) for cell in book.cells] == [[], [], []]


def test_a_process_that_nobody_waits_for_ends(tmp_path: Path) -> None:
    source = "import os\nopen('pid', 'w').write(str(os.getpid()))\nwhile True: pass"
    _, error = run(notebook([source]), OURS, tmp_path, execution_timeout=1)
    assert isinstance(error, CellTimeoutError)
    assert not psutil.pid_exists(int((tmp_path / "pid").read_text()))


def test_a_hidden_package_comes_back_as_it_was() -> None:
    import zi_eval.core.rules as rules

    package = {n: m for n, m in sys.modules.items() if n.partition(".")[0] == "zi_eval"}
    specs = {name: module.__spec__ for name, module in package.items()}
    finders = [*sys.meta_path]
    try:
        hide_modules([*package, "tidak_ada"])
        hidden = [name for name in package if name in sys.modules]
        again: ModuleType = __import__("zi_eval.core.rules", fromlist=["rules"])
    finally:
        sys.meta_path[:] = finders
        sys.modules.update(package)
    assert hidden == []
    assert again is rules
    assert {name: sys.modules[name].__spec__ for name in package} == specs


def test_papermills_own_process_is_not_taken_for_a_notebooks() -> None:
    code = "import zi_eval.runs.engine, sys\nprint('ipykernel.zmqshell' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "False\n"
