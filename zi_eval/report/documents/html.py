"""A document as one HTML page that needs nothing else."""

from __future__ import annotations

from typing import Final

from markupsafe import Markup, escape

from zi_eval.report.documents.content import (
    Blank,
    Block,
    Document,
    Line,
    Slot,
    Strong,
    clean_text,
    line_parts,
)
from zi_eval.report.page import Room, paper_style

__all__ = ["render_document_html"]

ROOM: Final = Room(
    "report/documents",
    ("report/style.css", "performance/page/style.css", "report/documents/document.css"),
)


def _write_line(line: Line) -> Markup:
    pieces = []
    for part in line_parts(line):
        if isinstance(part, str):
            pieces.append(escape(clean_text(part)))
            continue
        text = escape(clean_text(part.text))
        match part:
            case Strong():
                pieces.append(Markup("<strong>{}</strong>").format(text))
            case Blank() | Slot():
                pieces.append(Markup('<mark class="place">{}</mark>').format(text))
    return Markup("").join(pieces)


def _kind(block: Block) -> str:
    return type(block).__name__.lower()


def render_document_html(document: Document) -> str:
    """Return the page: no script, nothing loaded from elsewhere, every text escaped."""
    return ROOM.render(
        "document",
        document=document,
        kind=_kind,
        write=_write_line,
        clean=clean_text,
        paper=Markup(paper_style(clean_text(document.title))),
    )
