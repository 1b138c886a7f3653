"""The notebook of a failed unit: which cell failed, marked for whoever opens it."""

from __future__ import annotations

import os
import re
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from zi_eval.pages.failure_log import FailedCell

__all__ = ["clean_text", "mark_failing_cell", "read_failed_cell"]

ANCHOR: Final = "papermill-error-cell"
INTERRUPT: Final = "zi_eval/runs/places.py"
SIGN: Final = '<span style="color:#9c231f; font-size:1.3em;">{}</span>'
_CONTROL: Final = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|[\x00-\x08\x0b-\x1f\x7f]")
_ADDRESS: Final = re.compile(r"\b0x[0-9a-fA-F]{6,}")


def _failing_index(book: NotebookNode) -> int | None:
    for index, cell in enumerate(book.cells):
        if cell.cell_type != "code":
            continue
        is_marked = cell.metadata.get("papermill", {}).get("exception") is True
        if is_marked or any(output.output_type == "error" for output in cell.outputs):
            return index
    return None


def _number(cell: NotebookNode) -> str:
    """Return a cell's number as Jupyter shows it, empty where it never began."""
    return f"[{cell.execution_count}]" if cell.execution_count else ""


def mark_failing_cell(notebook: bytes) -> bytes:
    """Return an executed notebook with a note at its top and one above the cell that failed.

    Papermill marks a cell only where it holds an error, in English; not a cell that ran out of
    time or whose process died.
    """
    import nbformat
    from papermill.execute import ERROR_MARKER_TAG

    book = nbformat.v4.upgrade(nbformat.reads(notebook.decode("utf-8"), as_version=4))

    def mark(identifier: str, text: str) -> NotebookNode:
        tagged = {"tags": [ERROR_MARKER_TAG]}
        source = SIGN.format(text)
        note: NotebookNode = nbformat.v4.new_markdown_cell(source, id=identifier, metadata=tagged)
        return note

    book.cells = [c for c in book.cells if ERROR_MARKER_TAG not in c.metadata.get("tags", [])]
    index = _failing_index(book)
    top = "Laporan gagal dibuat."
    if index is not None:
        number = _number(book.cells[index])
        top += f' Notebook berhenti pada <a href="#{ANCHOR}">sel {number or "ini"}</a>.'
        note = f"Sel di bawah ini {number} yang gagal.".replace("  ", " ")
        book.cells.insert(index, mark("gagal-di-sini", f'<span id="{ANCHOR}"></span>{note}'))
    book.cells.insert(0, mark("gagal", top))
    return f"{nbformat.writes(book)}\n".encode()


def read_failed_cell(notebook: bytes, root: Path) -> FailedCell | None:
    """Read which cell of an executed notebook failed; None where there is none to be found.

    Parameters
    ----------
    root
        The working folder: paths below it are shown as its people name them.
    """
    import nbformat

    from zi_eval.pages.failure_log import FailedCell

    book = nbformat.reads(notebook.decode("utf-8"), as_version=4)
    index = _failing_index(book)
    if index is None:
        return None
    cell = book.cells[index]
    errors = [output for output in cell.outputs if output.output_type == "error"]
    traceback = "\n".join("\n".join(error.traceback) for error in errors)
    # The interrupt of a cell that ran out of time is ours; what it fell upon stands above it.
    shown = clean_text(traceback, root).partition(f"\nFile {INTERRUPT}:")[0]
    return FailedCell(_number(cell), cell.source, shown)


def clean_text(text: str, root: Path) -> str:
    """Return an error's text without colours, control characters, and places on this machine.

    Files are named as seen from the working folder, from the package, or as Python imports them.
    """
    places = {root, root.resolve(), Path(__file__).parents[2]}
    places |= {Path(sysconfig.get_path(name)) for name in ("purelib", "platlib", "stdlib")}
    text = _ADDRESS.sub("0x…", _CONTROL.sub("", text))
    for place in sorted(map(str, places), key=len, reverse=True):
        if len(place) > 1:  # "." and "/" are no places
            for written in (place, place.replace(str(Path.home()), "~", 1)):
                text = text.replace(f"{written}{os.sep}", "")
    return text
