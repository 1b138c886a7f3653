"""A real JupyterLab or app (Voilà) on a working folder, and a browser's way around in it.

::

    with running_lab(folder) as lab:                # zi-eval lab, on a free port, with a token
        open_notebook(page, lab, "isi_lke.ipynb")   # waits for its kernel
        run_all(page)                               # waits until every cell is done
        restart_kernel(page)

    with running_app(folder) as app:                # zi-eval app
        page.goto(app.address())                    # the start page
        open_in_app(page, app, "isi_lke.ipynb")     # the notebook, run, without code

Both are the project's own commands in a process of their own, with Jupyter's and IPython's folders
in a temporary place, so that nothing of the machine changes them. When the block ends they get a
SIGTERM, and whatever is then left of their processes (kernels too) is killed. Every wait has a
limit; past it an error says what was waited for, with the end of the server's log.

The `browser` fixture of ``conftest.py`` skips where there is no chromium.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit
from urllib.request import Request, urlopen

import psutil
from playwright.sync_api import Page

from tests.waiting import wait_until

__all__ = [
    "KEEP_ALL",
    "Server",
    "is_alive",
    "open_in_app",
    "open_notebook",
    "restart_kernel",
    "run_all",
    "running_app",
    "running_lab",
    "wait_until_idle",
    "wait_until_open",
]

PROGRAM = ("-m", "zi_eval")
READY, RUN = 120.0, 240.0
"""Seconds until a page, or all cells of a notebook, are given up; far more than they need."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: ``url`` ends in a slash and has no token in it."""

    url: str
    token: str
    folder: Path
    process: subprocess.Popen[bytes]
    home: Path
    """Where its log and the temporary Jupyter folders are."""
    below: str = ""
    """The working folder's name, where the server shows the folder above it."""

    def address(self, path: str = "", **query: str) -> str:
        """Return the address of a page, with the token that logs a browser in."""
        return f"{self.url}{path}?{urlencode({'token': self.token, **query})}"

    def log(self) -> str:
        """Return what the server wrote to its terminal so far, both streams."""
        return (self.home / "server.log").read_text(encoding="utf-8", errors="replace")

    def kernels(self) -> list[psutil.Process]:
        """Return the processes of its kernels, the pages' and no others."""
        try:
            family = psutil.Process(self.process.pid).children(recursive=True)
            return [p for p in family if "ipykernel_launcher" in " ".join(p.cmdline())]
        except psutil.NoSuchProcess:
            return []

    def get_json(self, path: str) -> Any:
        """Return what the server's REST interface answers, e.g. for ``"api/kernels"``."""
        request = Request(self.url + path, headers={"Authorization": f"token {self.token}"})
        with urlopen(request, timeout=10) as answer:
            return json.load(answer)


@contextmanager
def running_lab(folder: Path, *arguments: str) -> Iterator[Server]:
    """Start ``zi-eval lab`` on a working folder and end it with its kernels.

    Parameters
    ----------
    folder
        A working folder, as ``zi-eval init`` makes them.
    arguments
        More arguments of ``zi-eval lab``; after ``"--"`` those of JupyterLab.
    """
    split = arguments.index("--") if "--" in arguments else len(arguments)
    options = [
        "--no-browser",
        "--allow-root",
        "--expose-app-in-browser",
        "--ServerApp.port=0",
        "--ServerApp.ip=127.0.0.1",
        "--ServerApp.terminals_enabled=False",
        "--ServerApp.jpserver_extensions={'jupyter_lsp': False}",
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.extension_manager=readonly",
        *arguments[split + 1 :],
    ]
    command = [*PROGRAM, "lab", "--folder", str(folder), *arguments[:split], "--", *options]

    def find(home: Path) -> tuple[str, str] | None:
        for path in (home / "runtime").glob("jpserver-*.json"):
            # The server makes the file before it writes into it.
            if text := path.read_text(encoding="utf-8"):
                info = json.loads(text)
                return info["url"], info["token"]
        return None

    with _running(command, folder, find) as server:
        yield server


@contextmanager
def running_app(
    folder: Path,
    *arguments: str,
    environment: dict[str, str] | None = None,
    program: Sequence[str] = PROGRAM,
) -> Iterator[Server]:
    """Start ``zi-eval app`` on a working folder and end it with its kernels.

    Parameters
    ----------
    folder
        A working folder, as ``zi-eval init`` makes them.
    arguments
        More arguments of ``zi-eval app``, e.g. ``"isi_lke"`` or ``"--address", "0.0.0.0"``.
    environment
        Environment variables added to those of this process.
    program
        What Python runs with these arguments, if it is not ``-m zi_eval``.
    """
    options = ["--port", "0", "--no-browser", "--warm", "0"]  # each kernel is a page's
    command = [*program, "app", "--folder", str(folder), *options, *arguments]

    def find(home: Path) -> tuple[str, str] | None:
        for path in (home / "runtime").glob("zi-eval-app-*.html"):
            if link := re.search(r'href="([^"]+)"', path.read_text(encoding="utf-8")):
                parts = urlsplit(link[1])
                port = parts.port
                token = parse_qs(parts.query).get("token", [""])[0]
                return f"http://127.0.0.1:{port}/", token
        return None

    with _running(command, folder, find, environment) as server:
        yield server


@contextmanager
def _running(
    command: Sequence[str],
    folder: Path,
    find: Callable[[Path], tuple[str, str] | None],
    environment: dict[str, str] | None = None,
) -> Iterator[Server]:
    """Run a Python program as a server until the block ends."""
    with tempfile.TemporaryDirectory(prefix="zi-eval-server-", ignore_cleanup_errors=True) as name:
        home = Path(name)
        process = _start(command, home, environment or {})
        try:
            place = _wait_for(lambda: find(home), "an address", process, home)
            server = Server(place[0], place[1], folder, process, home)
            _wait_for(lambda: _answers(place[0]), "an answer", process, home)
            yield server
        finally:
            _end(process)


def _start(
    command: Sequence[str], home: Path, environment: dict[str, str]
) -> subprocess.Popen[bytes]:
    settings = home / "settings" / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True)
    (settings / "notification.jupyterlab-settings").write_text(
        '{"fetchNews": "false", "checkForUpdates": false}'
    )
    places = {
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "JUPYTERLAB_SETTINGS_DIR": "settings",
        "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
        "IPYTHONDIR": "ipython",
    }
    with (home / "server.log").open("wb") as log:
        return subprocess.Popen(
            [sys.executable, *command],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            env={
                **{k: v for k, v in os.environ.items() if not k.startswith("JUPYTER")},
                **{key: str(home / place) for key, place in places.items()},
                "PYDEVD_DISABLE_FILE_VALIDATION": "1",
                **environment,
            },
            start_new_session=True,  # so that a Ctrl-C of the tests does not reach it first
        )


def _answers(url: str) -> bool:
    try:
        with urlopen(url + "login", timeout=5):
            return True
    except OSError:
        return False


def _wait_for(
    look: Callable[[], Any], what: str, process: subprocess.Popen[bytes], home: Path
) -> Any:
    """Return the first true answer of ``look``; an error where the server ends or is too slow."""
    found: Any = None

    def is_settled() -> bool:
        nonlocal found
        found = look()
        return bool(found) or process.poll() is not None

    with suppress(TimeoutError):
        wait_until(is_settled, what, pause=0.1)
    if not found:
        log = (home / "server.log").read_text(encoding="utf-8", errors="replace")
        why = "hangs" if process.poll() is None else f"ended with {process.returncode}"
        raise RuntimeError(f"waited for {what}, but the server {why}:\n{log[-3000:]}")
    return found


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a server as a terminal's closing would, then kill what is left of it.

    Kernels have sessions of their own, so a signal to the group would not reach them: they are
    found as children while the server lives.
    """
    try:
        family = psutil.Process(process.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        family = []
    process.terminate()
    try:
        process.wait(timeout=30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(timeout=5)
    _, alive = psutil.wait_procs(family, timeout=3)
    for child in alive:
        child.kill()
    psutil.wait_procs(alive, timeout=3)


def is_alive(process: psutil.Process) -> bool:
    """Say whether a process still runs; one that only waits to be collected does not."""
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def open_notebook(page: Page, lab: Server, name: str, *, folder: str = "notebooks") -> None:
    """Open a notebook in JupyterLab and wait until its kernel is idle; no cell is run.

    A page that shows JupyterLab opens it beside what is open; any other begins with an empty
    workspace.
    """
    path = "/".join(part for part in (lab.below, folder, name) if part)
    if page.url.startswith(f"{lab.url}lab"):
        page.evaluate(_OPEN, path)
    else:
        page.goto(lab.address(f"lab/tree/{quote(path)}", reset=""), timeout=READY * 1000)
    wait_until_open(page)


def wait_until_open(page: Page) -> None:
    """Wait until a notebook is open and its kernel is idle."""
    page.wait_for_selector(".jp-NotebookPanel .jp-Cell", timeout=READY * 1000)
    page.wait_for_function(_KERNEL_IS_UP, timeout=READY * 1000)
    wait_until_idle(page)


def run_all(page: Page, *, timeout: float = RUN) -> None:
    """Run all cells of the open notebook and wait until they are done and the kernel is idle.

    Raises
    ------
    AssertionError
        Where a cell fails, with the error it shows.
    """
    page.set_default_timeout(timeout * 1000)
    done = page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")
    wait_until_idle(page, timeout=timeout)
    errors = page.evaluate(_ERRORS)
    assert not errors, "\n".join(errors)
    assert done, "not every cell was run"


def restart_kernel(page: Page) -> None:
    """Restart the kernel of the open notebook, without its question, and wait until it is idle.

    First what was asked of it is answered: JupyterLab tells of a question that a restart cuts off
    as an error of the page.
    """
    wait_until_idle(page)
    page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.restartKernel()")
    page.wait_for_function(_KERNEL_IS_UP, timeout=READY * 1000)
    wait_until_idle(page)


def wait_until_idle(page: Page, *, timeout: float = READY) -> None:
    """Wait until the kernel of the open notebook has nothing to do."""
    page.wait_for_function(_KERNEL_IS_IDLE, timeout=timeout * 1000)


KEEP_ALL = """() => {
  const book = window.jupyterapp.shell.currentWidget.content;
  book.notebookConfig = { ...book.notebookConfig, windowingMode: "none" };
}"""
"""JupyterLab takes cells off the page that are not on the screen; here it keeps them."""
_OPEN = """async (path) => {
    const app = window.jupyterapp;
    const panel = await app.commands.execute("docmanager:open", { path });
    await panel.context.ready;
    await panel.sessionContext.ready;
    app.shell.activateById(panel.id); }"""
_ERRORS = """() => [...window.jupyterapp.shell.currentWidget.content.model.cells]
    .flatMap(cell => cell.toJSON().outputs ?? [])
    .filter(output => output.output_type === "error")
    .map(error => `${error.ename}: ${error.evalue}`)"""
_KERNEL = "window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel"
_KERNEL_IS_UP = f"() => {_KERNEL}?.connectionStatus === 'connected'"
_KERNEL_IS_IDLE = f"() => {_KERNEL}?.status === 'idle'"


def open_in_app(page: Page, app: Server, name: str, *, timeout: float = RUN, **query: str) -> None:
    """Open a notebook in the app and wait until all its cells have run and are shown.

    ``query`` goes into the address: reports need ``untuk="2026/dpmptsp"``.
    """
    address = app.address(f"buka/{quote(name.removesuffix('.ipynb'))}", **query)
    page.goto(address, timeout=timeout * 1000)
    page.wait_for_selector("#rendered_cells", state="visible", timeout=timeout * 1000)
