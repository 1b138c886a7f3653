"""An executed notebook becomes one self-contained HTML page, or is refused."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Final

from nbconvert.exporters.templateexporter import TemplateExporter
from nbformat import NotebookNode

from zi_eval.errors import ReportError
from zi_eval.report.page import paper_style, report_style, screen_style

__all__ = ["ReportExporter", "export_html"]

HOME: Final = Path(__file__).parent


class ReportExporter(TemplateExporter):
    """The exporter of our reports: our template and style, nothing from elsewhere.

    The page has no script and loads no address. Only ``text/html`` outputs are shown; inputs,
    streams and tracebacks never are. No preprocessor is run: none of nbconvert's changes such an
    output, and after each the whole notebook would be validated again.
    """

    output_mimetype = "text/html"

    def __init__(self, **traits: Any) -> None:
        """Find templates only in our own folder, whatever the machine has configured."""
        super().__init__(  # type: ignore[no-untyped-call]
            template_paths=[str(HOME / "template")],
            template_file="index.html.j2",
            file_extension=".html",
            default_preprocessors=[],
            **traits,
        )


@cache
def _exporter() -> ReportExporter:
    """Return the exporter, with its template compiled once for all pages of a process."""
    return ReportExporter()


def _require_success(notebook: NotebookNode) -> None:
    has_page = False
    for number, cell in enumerate(notebook.cells, start=1):
        if cell.cell_type != "code":
            continue
        for output in cell.outputs:
            if output.output_type == "error":
                raise ReportError(
                    f"Buku kerja gagal pada sel ke-{number} ({output.ename}: {output.evalue}); "
                    "laporan tidak diterbitkan. Perbaiki sebabnya, lalu jalankan lagi."
                )
            data = output.get("data", {})
            has_page = has_page or bool("".join(data.get("text/html", "")).strip())
    if not has_page:
        raise ReportError(
            "Buku kerja tidak menghasilkan bagian laporan satu pun; pastikan semua selnya sudah "
            "dijalankan."
        )


def export_html(notebook: NotebookNode, title: str) -> str:
    """Render an executed notebook as one HTML page.

    Parameters
    ----------
    notebook
        Run to its end; its ``text/html`` outputs are the sections of the page.
    title
        Shown in the browser's tab; any text, it is escaped.

    Raises
    ------
    ReportError
        Where a cell holds an error, or no cell gave a section.
    """
    _require_success(notebook)
    style = report_style("report/style.css") + screen_style() + paper_style(title)
    # What the exporter does before it renders, a copy of the whole for preprocessors, is for none.
    page = _exporter().template.render(nb=notebook, resources={"title": title, "style": style})
    return str(page).lstrip("\r\n")
