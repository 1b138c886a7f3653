"""One notebook run by papermill with our engine and exported to one HTML file."""

from __future__ import annotations

import logging
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import chdir, contextmanager
from pathlib import Path
from typing import Any

from zi_eval.errors import ReportError, TimeLimitError
from zi_eval.files import require_free, write_text
from zi_eval.formats import render_json
from zi_eval.starter import notebook_path

__all__ = ["run_notebook", "write_page"]

START_TIMEOUT = 120
KERNEL = "python3"


def run_notebook(
    notebook: Path,
    parameters: Mapping[str, str],
    root: Path,
    title: str,
    seconds: float | None = None,
) -> tuple[str, bytes]:
    """Run a notebook with plain string parameters and return its HTML and the executed notebook.

    Parameters
    ----------
    root
        The working folder: relative paths in the parameters start there.
    seconds
        The wall time it has; the cell it is at when that is over is interrupted. None is no limit.

    Raises
    ------
    ReportError
        Where a cell failed, the kernel died or nothing came out; ``source`` on the error names the
        notebook, and ``notebook`` holds it as far as it got. :class:`TimeLimitError` where its time
        was up.
    """
    from zi_eval.runs.json_schema import load_json_schema

    load_json_schema()
    from nbclient.exceptions import CellTimeoutError
    from papermill.exceptions import PapermillExecutionError
    from papermill.execute import raise_for_execution_errors

    from zi_eval.report.exporter import export_html

    logging.getLogger("papermill").setLevel(logging.ERROR)
    logging.getLogger("traitlets").setLevel(logging.ERROR)
    book = None
    with _event_loop():
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                book = _prepare(notebook, parameters)
                _execute(book, root, seconds)
            raise_for_execution_errors(book, None)
            return export_html(book, title), _published(book)
        except CellTimeoutError as error:
            raise _told(TimeLimitError("Melewati batas waktu."), notebook, book) from error
        except PapermillExecutionError as error:
            failure = ReportError(f"{error.ename}: {error.evalue}")
            raise _told(failure, notebook, book) from error
        except ReportError as error:
            raise _told(error, notebook, book) from None
        except Exception as error:
            failure = ReportError(f"{type(error).__name__}: {error}")
            raise _told(failure, notebook, book) from error


def _prepare(notebook: Path, parameters: Mapping[str, str]) -> Any:
    """Return a notebook with its parameters, as ``papermill.execute_notebook`` prepares it.

    That function itself would write the executed notebook as JSON, for nobody.
    """
    from papermill.execute import prepare_notebook_metadata, remove_error_markers
    from papermill.iorw import load_notebook_node
    from papermill.parameterize import parameterize_notebook

    from zi_eval.runs.entry import ENGINE_NAME

    book = load_notebook_node(str(notebook))
    if parameters:
        book = parameterize_notebook(
            book, dict(parameters), kernel_name=KERNEL, engine_name=ENGINE_NAME
        )
    return remove_error_markers(prepare_notebook_metadata(book, notebook.name, None))


def _execute(book: Any, root: Path, seconds: float | None) -> None:
    """Run the cells of a notebook in place, by our engine."""
    from papermill.engines import papermill_engines

    from zi_eval.runs.entry import ENGINE_NAME

    with chdir(root):
        papermill_engines.execute_notebook_with_engine(
            ENGINE_NAME,
            book,
            KERNEL,
            progress_bar=False,
            autosave_cell_every=0,
            start_timeout=START_TIMEOUT,
            timeout_func=_time_left(seconds),
            # The kernel's own log would go to the terminal of whoever runs the batch;
            # what matters of it (a cell's error, a death) reaches us by messages.
            extra_arguments=["--log-level=CRITICAL"],
        )


def write_page(
    name: str,
    parameters: Mapping[str, str],
    root: Path,
    title: str,
    output: Path,
    force: bool = False,
) -> None:
    """Run one of the folder's notebooks, or the packaged one of this name, and write its page.

    Parameters
    ----------
    root
        The working folder.
    force
        Write over a page that is there.

    Raises
    ------
    WorkspaceError
        Where the page is there already.
    ReportError
        As :func:`run_notebook`.
    """
    require_free(output, force)
    html, _ = run_notebook(notebook_path(root, name), parameters, root, title)
    write_text(output, html)


@contextmanager
def _event_loop() -> Iterator[None]:
    """Close the event loop that the notebook client makes for this thread and leaves open."""
    from jupyter_core.utils import ensure_event_loop

    loop = ensure_event_loop()
    try:
        yield
    finally:
        if not loop.is_running():
            loop.close()


def _published(book: Any) -> bytes:
    """Return an executed notebook as it is kept: where it was made says nothing to its readers.

    These are the bytes of ``nbformat.writes``. The book is of no further use, so nothing is copied;
    it was checked as it was read, as is each output that could be wrong.
    """
    from nbformat.v4.rwbase import split_lines, strip_transient

    del book.metadata["papermill"]["output_path"]
    return render_json(strip_transient(split_lines(book)), is_sorted=True).encode()


def _told(error: ReportError, notebook: Path, book: Any) -> ReportError:
    """Return an error that says which notebook failed, and holds it as far as it got."""
    error.source = str(notebook)
    error.notebook = b"" if book is None else _published(book)
    return error


def _time_left(seconds: float | None) -> Callable[[object], float] | None:
    """Return what tells how many seconds a cell has that begins now."""
    if seconds is None:
        return None
    end = time.monotonic() + seconds
    return lambda cell: max(0.01, end - time.monotonic())  # none left is not the same as no limit
