"""An executed notebook becomes one page that needs nothing else, or is refused."""

from __future__ import annotations

import re

import nbformat
import pytest
from nbformat import NotebookNode

from zi_eval.errors import ReportError
from zi_eval.report.exporter import export_html
from zi_eval.report.page import paper_style


def _book(*outputs: NotebookNode, source: str = "rahasia()") -> NotebookNode:
    cell = nbformat.v4.new_code_cell(source, outputs=list(outputs))
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# catatan"), cell])


def _html(text: str | list[str]) -> NotebookNode:
    return nbformat.v4.new_output("display_data", data={"text/html": text, "text/plain": "polos"})


def test_only_html_outputs_are_shown() -> None:
    stream = nbformat.v4.new_output("stream", name="stderr", text="jalur/berkas")
    page = export_html(_book(stream, _html(["<h1>Isi", "nya</h1>"])), "Judul")
    assert "<h1>Isinya</h1>" in page
    for hidden in ("rahasia", "jalur/berkas", "catatan", "polos"):
        assert hidden not in page


def test_page_declares_language_policy_and_viewport() -> None:
    page = export_html(_book(_html("<h1>x</h1>")), "Judul")
    assert page.startswith("<!doctype html>")
    assert '<html lang="id">' in page
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:" in page
    assert 'name="viewport"' in page
    assert "<script" not in page


def test_title_is_escaped() -> None:
    page = export_html(_book(_html("<h1>x</h1>")), "</title><script>alert(1)</script>")
    assert "<script" not in page


@pytest.mark.parametrize("title", ["</style><b>x</b>", 'a"; } body { x', "a\\b\nc", "Şırnak é"])
def test_the_running_title_stays_one_string(title: str) -> None:
    style = paper_style(title)
    (shown,) = re.findall(r'content: "([^"]*)"; \} \}\n$', style)
    assert not set(shown) & set("<>\n;{}")
    read = re.sub(r"\\([0-9a-f]+) ", lambda code: chr(int(code[1], 16)), shown)
    assert read == " ".join(title.split())


def test_failed_notebook_is_refused() -> None:
    error = nbformat.v4.new_output("error", ename="ValueError", evalue="salah", traceback=[])
    with pytest.raises(ReportError, match="ValueError: salah"):
        export_html(_book(_html("<h1>x</h1>"), error), "Judul")


@pytest.mark.parametrize("outputs", [(), (_html("  "),)])
def test_notebook_with_nothing_to_show_is_refused(outputs: tuple[NotebookNode, ...]) -> None:
    with pytest.raises(ReportError, match="tidak menghasilkan"):
        export_html(_book(*outputs), "Judul")
