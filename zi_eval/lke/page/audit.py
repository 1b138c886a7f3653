"""Audits of workbooks as one page: a table of all of them, then each with its findings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from markupsafe import Markup, escape

from zi_eval.lke.findings import WorkbookAudit
from zi_eval.lke.page.audit_text import count_words, points_text
from zi_eval.report.page import Section, report_environment, report_style
from zi_eval.report.words import NOTHING, format_number

__all__ = ["audit_section", "render_audit_page"]

STYLES: Final = ("report/style.css", "lke/page/audit.css")


def _number(number: float | None) -> str:
    return NOTHING if number is None else format_number(number)


def render_audit_page(audits: Sequence[WorkbookAudit]) -> str:
    """Return the page: no script, nothing loaded from elsewhere, every text of a workbook escaped.

    Parameters
    ----------
    audits
        As they are to stand there, the worst first.
    """
    style = report_style(*STYLES)
    return (
        report_environment()
        .get_template("lke/page/audit.html.j2")
        .render(
            audits=audits,
            style=Markup(style),
            number=_number,
            points=points_text,
            count_words=count_words,
            damaged=sum(bool(audit.findings or audit.failure) for audit in audits),
        )
    )


def audit_section(audits: Sequence[WorkbookAudit]) -> Section:
    """Return the page for a notebook: in a frame of its own, so that neither styles the other."""
    page = escape(render_audit_page(audits))
    style = "width:100%;height:80vh;border:1px solid #ccc"
    title = "Hasil pemeriksaan buku kerja"
    return Section(
        Markup(f'<iframe sandbox title="{title}" style="{style}" srcdoc="{page}"></iframe>')
    )
