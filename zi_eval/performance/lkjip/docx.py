"""The draft of a performance report for Word. Importing this costs the import of python-docx."""

from __future__ import annotations

from datetime import datetime

from zi_eval.performance.lkjip.document import lkjip_document
from zi_eval.performance.unit import UnitPerformance
from zi_eval.report.documents.docx import render_document_docx

__all__ = ["render_lkjip_docx"]


def render_lkjip_docx(data: UnitPerformance, time: datetime, version: str) -> bytes:
    """Return the draft as a ``.docx``; the same data and time give the same bytes.

    Parameters
    ----------
    time
        When the draft is made, with its time zone.
    version
        Version of the package, named in the draft.
    """
    return render_document_docx(lkjip_document(data, time, version))
