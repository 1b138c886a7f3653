"""One notebook run by papermill with our engine and exported to one HTML file."""

from __future__ import annotations

import logging
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from zi_eval.errors import ReportError, TimeLimitError
from zi_eval.files import render_json, require_free, write_text
from zi_eval.starter import notebook_path

__all__ = ["run_notebook", "write_page"]

START_TIMEOUT = 120


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
    import papermill
    from nbclient.exceptions import CellTimeoutError
    from papermill.exceptions import PapermillExecutionError

    from zi_eval.report.exporter import export_html
    from zi_eval.runs.entry import ENGINE_NAME

    logging.getLogger("papermill").setLevel(logging.ERROR)
    logging.getLogger("traitlets").setLevel(logging.ERROR)
    books: list[Any] = []
    with _event_loop():
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                book = papermill.execute_notebook(
                    _literal(notebook),
                    None,  # papermill would write it only to be read and written again
                    parameters=dict(parameters),
                    kernel_name="python3",
                    engine_name=ENGINE_NAME,
                    progress_bar=False,
                    autosave_cell_every=0,
                    request_save_on_cell_execute=False,
                    start_timeout=START_TIMEOUT,
                    timeout_func=_time_left(seconds),
                    keep=books.append,
                    cwd=str(root),
                    # The kernel's own log would go to the terminal of whoever runs the batch;
                    # what matters of it (a cell's error, a death) reaches us by messages.
                    extra_arguments=["--log-level=CRITICAL"],
                )
            return export_html(book, title), _published(book, notebook.name)
        except CellTimeoutError as error:
            raise _told(TimeLimitError("Melewati batas waktu."), notebook, books) from error
        except PapermillExecutionError as error:
            failure = ReportError(f"{error.ename}: {error.evalue}")
            raise _told(failure, notebook, books) from error
        except ReportError as error:
            raise _told(error, notebook, books) from None
        except Exception as error:
            failure = ReportError(f"{type(error).__name__}: {error}")
            raise _told(failure, notebook, books) from error


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


def _literal(path: Path) -> str:
    """Return a path as papermill takes it: braces in it would be taken for parameters."""
    return str(path).replace("{", "{{").replace("}", "}}")


def _published(book: Any, name: str) -> bytes:
    """Return an executed notebook as it is kept: where it was made says nothing to its readers.

    These are the bytes of ``nbformat.writes``. The book is of no further use, so nothing is copied;
    it was checked as it was read, as is each output that could be wrong.
    """
    from nbformat.v4.rwbase import split_lines, strip_transient

    about = book.metadata["papermill"]
    about.pop("output_path", None)
    about["input_path"] = name
    return render_json(strip_transient(split_lines(book)), is_sorted=True).encode()


def _told(error: ReportError, notebook: Path, books: Sequence[Any]) -> ReportError:
    """Return an error that says which notebook failed, and holds it as far as it got."""
    error.source = str(notebook)
    error.notebook = _published(books[-1], notebook.name) if books else b""
    return error


def _time_left(seconds: float | None) -> Callable[[object], float] | None:
    """Return what tells how many seconds a cell has that begins now."""
    if seconds is None:
        return None
    end = time.monotonic() + seconds
    return lambda cell: max(0.01, end - time.monotonic())  # none left is not the same as no limit
