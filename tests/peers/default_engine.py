"""A pytest plugin: papermill's default engine, and nbclient's way to run a notebook, are ours.

A module of its own without our package of tests, whose name nbclient's tests have too.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import nbclient
import papermill.engines
import pytest
from jupyter_client import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.client import execute as stock_function
from nbclient.exceptions import CellExecutionError
from nbclient.util import run_hook, run_sync

from zi_eval.runs.engine import ForkedEngine

_stock_execute = NotebookClient.execute
COUNTS = {"ours": 0}
"""How many notebooks our engine ran: none would mean that nothing was compared."""


class _Counted(ForkedEngine):
    @classmethod
    def execute_managed_notebook(cls, *arguments: Any, **options: Any) -> None:
        COUNTS["ours"] += 1
        super().execute_managed_notebook(*arguments, **options)


def _execute(client: NotebookClient, reset_kc: bool = False, **options: Any) -> Any:
    """Run a client's notebook by our engine, where it brings no kernel of its own."""
    # A class of one's own may do otherwise at each step.
    if type(client) is not NotebookClient or client.km or client.kc or options:
        return _stock_execute(client, reset_kc=reset_kc, **options)
    failures: list[CellExecutionError] = []
    nothing = lambda *arguments, **options: None  # noqa: E731
    manager = SimpleNamespace(
        nb=client.nb,
        cell_start=nothing,
        cell_complete=nothing,
        autosave_cell=nothing,
        cell_exception=lambda cell, cell_index, exception: failures.append(exception),
    )
    names = {*client.class_own_traits(config=True), "resources"} - {"kernel_name", "timeout"}
    traits = {name: getattr(client, name) for name in names}
    if traits["kernel_manager_class"] is AsyncKernelManager:
        del traits["kernel_manager_class"]
    kernel = client.kernel_name or client.nb.metadata.get("kernelspec", {}).get("name", "python3")
    try:
        _Counted.execute_managed_notebook(
            manager, kernel, execution_timeout=client.timeout, **traits
        )
        if failures:
            raise failures[0]
    except RuntimeError:
        run_sync(run_hook)(client.on_notebook_error, notebook=client.nb)
        raise
    finally:
        run_sync(run_hook)(client.on_notebook_complete, notebook=client.nb)
    return client.nb


def pytest_configure(config: pytest.Config) -> None:
    for name in (None, "nbclient"):
        papermill.engines.papermill_engines.register(name, _Counted)
    NotebookClient.execute = _execute
    nbclient.execute = stock_function


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    terminalreporter.write_line(f"notebooks run by our engine: {COUNTS['ours']}")
