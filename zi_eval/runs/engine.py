"""A papermill engine that runs each notebook in a fresh process forked from a warm one.

Starting a kernel costs more than most notebooks' work. Here the interpreter and the libraries are
loaded once, in a fork server, and every notebook gets its own copy of that process. Outputs are
collected by papermill's own client, from the messages a kernel would send.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

from ipykernel.kernelspec import KERNEL_NAME
from jupyter_client.session import Session
from nbclient.client import timestamp
from nbclient.exceptions import (
    CellExecutionComplete,
    CellExecutionError,
    CellTimeoutError,
    DeadKernelError,
)
from nbformat import NotebookNode
from nbformat.v4 import nbbase
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine, NBClientEngine, NotebookExecutionManager
from papermill.iorw import write_ipynb
from papermill.log import logger

from zi_eval.runs.cells import LANGUAGE_INFO, take_fresh_process
from zi_eval.runs.messages import Message
from zi_eval.runs.places import Cells, StartError, forked_cells, local_cells

__all__ = ["ForkedEngine"]

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
        rescue_path: str | None = None,
        **options: Any,
    ) -> None:
        """Run the cells in order until one fails, recording states and times on ``nb_man``.

        ``rescue_path`` is where the notebook is written, as far as it got, when it runs out of time
        or its process dies: of those papermill itself keeps nothing.
        """
        with contextlib.ExitStack() as stack:
            if rescue_path is not None:
                stack.enter_context(_rescued(nb_man, rescue_path))
            try:
                if kernel_name != KERNEL_NAME:
                    raise StartError(f"not a kernel of this interpreter: {kernel_name}")
                place = local_cells() if take_fresh_process() else forked_cells(start_timeout)
                cells = stack.enter_context(place)
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
            client = PapermillNotebookClient(
                nb_man,
                timeout=execution_timeout or options.get("timeout"),
                kernel_name=kernel_name,
                log=logger,
                log_output=log_output,
                stdout_file=stdout_file,
                stderr_file=stderr_file,
                **traits,
            )
            client.reset_execution_trackers()
            # A widget that mirrors outputs answers its kernel half; there is nobody to answer.
            client.kc = SimpleNamespace(
                session=Session(),
                shell_channel=SimpleNamespace(send=lambda message: None),
            )
            _run_all(client, nb_man, cells)
            client.nb.metadata["language_info"] = NotebookNode(
                json.loads(json.dumps(LANGUAGE_INFO))
            )
            client.set_widgets_metadata()


@contextlib.contextmanager
def _rescued(nb_man: NotebookExecutionManager, path: str) -> Iterator[None]:
    try:
        yield
    except (DeadKernelError, CellTimeoutError):
        write_ipynb(nb_man.nb, path)
        raise


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
            nb_man.cell_complete(cell, cell_index=index)


def _run_one(client: PapermillNotebookClient, cells: Cells, cell: NotebookNode, index: int) -> None:
    tags = cell.metadata.get("tags", [])
    if cell.cell_type != "code" or not cell.source.strip() or client.skip_cells_with_tag in tags:
        return
    client.code_cells_executed += 1
    cell.outputs = []
    if client.record_timing:
        cell.metadata["execution"] = {}
    client.clear_before_next_output = False

    def take(message: Message) -> None:
        if not _is_continued(client, cell, message):
            with contextlib.suppress(CellExecutionComplete), _validated(message):
                client.process_message(message, cell, index)

    limit = client.timeout_func(cell) if client.timeout_func is not None else client.timeout
    limit = limit if limit and limit > 0 else 0
    try:
        reply = cells.run(cell.source, limit or None, take)
    except TimeoutError:
        raise CellTimeoutError.error_from_timeout_and_cell(
            "Cell execution timed out", limit, cell
        ) from None
    if client.record_timing:
        cell.metadata["execution"]["shell.execute_reply"] = timestamp()
    is_allowed = not client.force_raise_errors and (
        client.allow_errors
        or reply.get("ename") in client.allow_error_names
        or "raises-exception" in tags
    )
    if reply["status"] == "error" and not is_allowed:
        raise CellExecutionError.from_cell_and_msg(cell, reply)


@contextlib.contextmanager
def _validated(message: Message) -> Iterator[None]:
    """Spare nbclient the check by schema of an output of texts by type, which cannot fail.

    The notebook is checked whole as it is written.
    """
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
