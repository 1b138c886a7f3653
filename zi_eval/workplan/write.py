"""The quarterly report of a work plan written as files."""

from __future__ import annotations

from pathlib import Path

from zi_eval.files import file_stem, require_free, write_bytes
from zi_eval.report.made import Made
from zi_eval.workplan.load import load_workplan
from zi_eval.workplan.monev.document import monev_document
from zi_eval.workplan.monitoring import quarter_of

__all__ = ["write_monev"]


def write_monev(
    folder: Path, unit: str, quarter: int | None, target: Path, force: bool = False
) -> tuple[Path, Path]:
    """Write ``<unit>.monev-tw<n>.docx`` and ``.html`` and return where they are.

    Parameters
    ----------
    folder
        The period's folder.
    quarter
        By default the one of the last month that is reported.

    Raises
    ------
    WorkspaceError
        Where the unit has no plan, or a file is there already and ``force`` is not given.
    ParameterError
        With every problem, where its table has errors.
    """
    from zi_eval.report.documents.docx import render_document_docx
    from zi_eval.report.documents.html import render_document_html

    data = load_workplan(folder, unit)
    number = quarter or max(quarter_of(data.standing.plan.month), 1)
    word, page = (
        target / f"{file_stem(unit)}.monev-tw{number}.{kind}" for kind in ("docx", "html")
    )
    for path in (word, page):
        require_free(path, force)
    document = monev_document(data, number, Made.now())
    write_bytes(word, render_document_docx(document))
    write_bytes(page, render_document_html(document).encode())
    return word, page
