"""A papermill engine that runs each notebook in a fresh process forked from a warm one.

Starting a kernel costs more than most notebooks' work. Here the interpreter and the libraries are
loaded once, in a fork server, and every notebook gets its own copy of that process. Outputs are
collected by papermill's own client, from the messages a kernel would send.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import nbformat
from ipykernel.kernelspec import KERNEL_NAME
from jupyter_client.session import Session
from nbclient.client import timestamp
from nbclient.exceptions import (
    CellExecutionComplete,
    CellExecutionError,
    CellTimeoutError,
    DeadKernelError,
)
from nbclient.util import run_hook, run_sync
from nbformat import NotebookNode
from nbformat.v4 import nbbase
from papermill import engines
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine, NBClientEngine, NotebookExecutionManager
from papermill.log import logger

from zi_eval.runs.fresh import take_fresh_process
from zi_eval.runs.messages import Message
from zi_eval.runs.places import Cells, StartError, forked_cells, local_cells
from zi_eval.runs.surroundings import describe_surroundings

__all__ = ["ForkedEngine"]

HISTORY = "--HistoryManager.hist_file"
"""Where a kernel keeps what was run; nbclient keeps it in memory."""
OF_KERNELS = ("kernel_manager_class", "coalesce_streams")
"""Options that say how kernels are started and listened to, which is not for us to do."""

_validate = nbbase.validate


class ForkedEngine(Engine):  # type: ignore[misc]
    """Runs a notebook's cells in a process forked for it.

    Falls back to papermill's stock engine for another kernel than Python's, and where no process
    can be forked.
    """

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: NotebookExecutionManager,
        kernel_name: str,
        log_output: bool = False,
        stdout_file: Any = None,
        stderr_file: Any = None,
        start_timeout: float = 60,
        execution_timeout: float | None = None,
        **options: Any,
    ) -> None:
        """Run the cells in order until one fails, recording states and times on ``nb_man``."""
        with contextlib.ExitStack() as stack:
            try:
                cells = stack.enter_context(_place(kernel_name, start_timeout, options))
            except StartError as error:
                logger.info(f"Using a kernel: {error}")
                NBClientEngine.execute_managed_notebook(
                    nb_man,
                    kernel_name,
                    log_output=log_output,
                    stdout_file=stdout_file,
                    stderr_file=stderr_file,
                    start_timeout=start_timeout,
                    execution_timeout=execution_timeout,
                    **options,
                )
                return
            unused = {"input_path", "timeout", "startup_timeout"}
            traits = {key: value for key, value in options.items() if key not in unused}
            client = engines.PapermillNotebookClient(
                nb_man,
                timeout=execution_timeout or options.get("timeout"),
                startup_timeout=start_timeout,
                kernel_name=kernel_name,
                log=logger,
                log_output=log_output,
                stdout_file=stdout_file,
                stderr_file=stderr_file,
                **traits,
            )
            client.reset_execution_trackers()
            # A widget that mirrors outputs tells its kernel half; a kernel hears it between cells.
            client.kc = SimpleNamespace(
                session=Session(), shell_channel=SimpleNamespace(send=cells.answer)
            )
            _call(client.on_notebook_start, notebook=client.nb)
            _run_all(client, nb_man, cells)
            client.nb.metadata["language_info"] = nbformat.from_dict(cells.language_info)
            client.set_widgets_metadata()


def _place(
    kernel_name: str, start_timeout: float, options: Mapping[str, Any]
) -> AbstractContextManager[Cells]:
    """Return where the cells are run."""
    if kernel_name == KERNEL_NAME and take_fresh_process():
        return local_cells()
    arguments = options.get("extra_arguments", ())
    if not any(argument.startswith(HISTORY) for argument in arguments):
        arguments = (*arguments, f"{HISTORY}=:memory:")
    folder = options.get("resources", {}).get("metadata", {}).get("path")
    surroundings = describe_surroundings(kernel_name, arguments, folder)
    for option in OF_KERNELS:
        if options.get(option):
            raise StartError(f"{option} is asked for")
    if surroundings is None:
        raise StartError(f"not a kernel of this interpreter: {kernel_name}")
    return forked_cells(surroundings, start_timeout)


def _run_all(
    client: PapermillNotebookClient, nb_man: NotebookExecutionManager, cells: Cells
) -> None:
    for index, cell in enumerate(client.nb.cells):
        try:
            nb_man.cell_start(cell, index)
            _run_one(client, cells, cell, index)
        except CellExecutionError as error:
            nb_man.cell_exception(cell, cell_index=index, exception=error)
            break
        except (DeadKernelError, CellTimeoutError) as error:
            # Marked as failed, so that the cells after it stay pending.
            nb_man.cell_exception(cell, cell_index=index, exception=error)
            raise
        finally:
            _complete(nb_man, cell, index)


def _complete(nb_man: NotebookExecutionManager, cell: NotebookNode, index: int) -> None:
    """Have papermill note the end of a cell; how long it took is found here, and sooner.

    Papermill reads the time that it has written itself as one reads a date of any form.
    """
    times = cell.metadata.get("papermill", {})
    if not times.get("start_time") or nb_man.output_path is not None:
        nb_man.cell_complete(cell, cell_index=index)
        return
    started = times.pop("start_time")
    nb_man.cell_complete(cell, cell_index=index)
    times["start_time"] = started
    ended = datetime.fromisoformat(times["end_time"])
    times["duration"] = (ended - datetime.fromisoformat(started)).total_seconds()


def _run_one(client: PapermillNotebookClient, cells: Cells, cell: NotebookNode, index: int) -> None:
    """Do what nbclient does for one cell, without its waiting for sockets."""
    tags = cell.metadata.get("tags", [])
    about = {"cell": cell, "cell_index": index}
    _call(client.on_cell_start, **about)
    if cell.cell_type != "code" or not cell.source.strip() or client.skip_cells_with_tag in tags:
        return
    if client.record_timing:
        cell.metadata["execution"] = {}
    _call(client.on_cell_execute, **about)
    _call(client.on_cell_complete, **about)
    client.code_cells_executed += 1
    cell.outputs = []
    client.clear_before_next_output = False

    def take(message: Message) -> None:
        if not _is_continued(client, cell, message):
            with contextlib.suppress(CellExecutionComplete), _validated(message):
                client.process_message(message, cell, index)

    limit = client._get_timeout(cell)
    reply = cells.run(cell.source, limit, take, _expiry(client, cell, limit))
    if client.record_timing:
        cell.metadata["execution"]["shell.execute_reply"] = timestamp()
    _call(client.on_cell_executed, **about, execute_reply={"content": reply})
    if reply["status"] != "error":
        return
    is_allowed = not client.force_raise_errors and (
        client.allow_errors
        or reply.get("ename") in client.allow_error_names
        or "raises-exception" in tags
    )
    _call(client.on_cell_error, **about, execute_reply={"content": reply})
    if not is_allowed:
        raise CellExecutionError.from_cell_and_msg(cell, reply)


def _call(hook: Callable[..., Any] | None, **about: Any) -> None:
    if hook is not None:
        run_sync(run_hook)(hook, **about)


def _expiry(
    client: PapermillNotebookClient, cell: NotebookNode, limit: int | None
) -> Callable[[], dict[str, Any] | None]:
    """Return what is done once a cell has had its time: the notebook ends, or only the cell."""

    def expire() -> dict[str, Any] | None:
        client.log.error(f"Timeout waiting for execute reply ({limit}s).")
        if not client.interrupt_on_timeout:
            raise CellTimeoutError.error_from_timeout_and_cell(
                "Cell execution timed out", limit or 0, cell
            )
        client.log.error("Interrupting kernel")
        return {**client.error_on_timeout, "status": "error"} if client.error_on_timeout else None

    return expire


@contextlib.contextmanager
def _validated(message: Message) -> Iterator[None]:
    """Spare nbclient the check by schema of an output of texts by type, which cannot fail."""
    content = message["content"]
    is_plain = (
        message["msg_type"] in ("display_data", "execute_result")
        and content.get("metadata") == {}
        and all(type(data) is str for data in content.get("data", {None: None}).values())
    )
    if is_plain:
        nbbase.validate = lambda node, ref=None: None
    try:
        yield
    finally:
        nbbase.validate = _validate


def _is_continued(client: PapermillNotebookClient, cell: NotebookNode, message: Message) -> bool:
    """Append a stream's text to the output before it, where that is of the same stream."""
    if message["msg_type"] != "stream" or not cell.outputs or client.clear_before_next_output:
        return False
    if client.output_hook_stack[message["parent_header"].get("msg_id")]:
        return False
    last = cell.outputs[-1]
    content = message["content"]
    if last.output_type != "stream" or last.name != content["name"]:
        return False
    last.text += content["text"]
    client.nb_man.autosave_cell()
    if client.log_output or client.stdout_file or client.stderr_file:
        client.log_output_message(
            NotebookNode(output_type="stream", name=last.name, text=content["text"])
        )
    return True
