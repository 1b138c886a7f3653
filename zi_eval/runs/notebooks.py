"""One notebook run by papermill with our engine and exported to one HTML file."""

from __future__ import annotations

import logging
import tempfile
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from jupyter_core.utils import ensure_event_loop

from zi_eval.errors import ReportError

__all__ = ["run_notebook"]

START_TIMEOUT = 120
CELL_TIMEOUT = 600


def run_notebook(
    notebook: Path, parameters: Mapping[str, str], root: Path, title: str
) -> tuple[str, bytes]:
    """Run a notebook with plain string parameters and return its HTML and the executed notebook.

    Parameters
    ----------
    root
        The working folder: relative paths in the parameters start there.

    Raises
    ------
    ReportError
        Where a cell failed, the kernel died or nothing came out; ``notebook`` on the error holds
        the executed notebook as far as it got.
    """
    import nbformat
    import papermill
    from papermill.exceptions import PapermillExecutionError

    from zi_eval.report.exporter import export_html
    from zi_eval.runs.entry import ENGINE_NAME

    logging.getLogger("papermill").setLevel(logging.ERROR)
    logging.getLogger("traitlets").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory(prefix="zi-eval-") as folder, _event_loop():
        executed = Path(folder) / "executed.ipynb"
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                papermill.execute_notebook(
                    str(notebook),
                    str(executed),
                    parameters=dict(parameters),
                    kernel_name="python3",
                    engine_name=ENGINE_NAME,
                    progress_bar=False,
                    autosave_cell_every=0,
                    request_save_on_cell_execute=False,
                    start_timeout=START_TIMEOUT,
                    execution_timeout=CELL_TIMEOUT,
                    cwd=str(root),
                    # The kernel's own log would go to the terminal of whoever runs the batch;
                    # what matters of it (a cell's error, a death) reaches us by messages.
                    extra_arguments=["--log-level=CRITICAL"],
                )
            book = nbformat.reads(executed.read_text("utf-8"), as_version=4)
            return export_html(book, title), executed.read_bytes()
        except PapermillExecutionError as error:
            raise _failure(f"{error.ename}: {error.evalue}", executed) from error
        except ReportError as error:
            raise _failure(str(error), executed) from error
        except Exception as error:
            raise _failure(f"{type(error).__name__}: {error}", executed) from error


@contextmanager
def _event_loop() -> Iterator[None]:
    """Close the event loop that the notebook client makes for this thread and leaves open."""
    loop = ensure_event_loop()
    try:
        yield
    finally:
        if not loop.is_running():
            loop.close()


def _failure(reason: str, executed: Path) -> ReportError:
    failure = ReportError(reason)
    failure.notebook = executed.read_bytes() if executed.is_file() else b""
    return failure
