"""Audits of workbooks: as one page, as plain text for a terminal, and as JSON values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from markupsafe import Markup, escape

from zi_eval.lke.findings import AuditFinding, WorkbookAudit
from zi_eval.report.page import Room, Section
from zi_eval.report.words import NOTHING, format_number

__all__ = ["audit_section", "dump_audits", "render_audit", "render_audit_page", "render_audits"]

ROOM: Final = Room("lke/page", ("report/style.css", "report/paper.css", "lke/page/audit.css"))

UNMOVED = 0.005


def points_text(points: float | None) -> str:
    """Return what a finding moves: ``+1,00 poin``, ``total menjadi galat`` or a dash."""
    if points is None:
        return "total menjadi galat"
    if abs(points) < 1e-9:
        return NOTHING
    sign = "+" if points > 0 else ""
    digits = 2 if abs(points) >= UNMOVED else 4
    return f"{sign}{format_number(points, digits)} poin"


def _number(number: float | None) -> str:
    return NOTHING if number is None else format_number(number)


def count_words(audit: WorkbookAudit) -> str:
    """Return how many findings a workbook has, in words."""
    if audit.failure:
        return "tidak dapat dibaca"
    if not audit.findings:
        return "tidak ada temuan"
    moving = sum(finding.is_moving for finding in audit.findings)
    return f"{len(audit.findings)} temuan, {moving} menggeser nilai"


def _lines(finding: AuditFinding) -> Iterator[str]:
    key = f" {finding.key}" if finding.key else ""
    yield f"{finding.sheet}!{finding.cell}{key} [{finding.code}] {points_text(finding.points)}"
    yield f"    {finding.message}"
    if finding.found:
        yield f"    ada:        {' '.join(finding.found.split())}"
    if finding.expected:
        yield f"    seharusnya: {' '.join(finding.expected.split())}"


def render_audit(audit: WorkbookAudit) -> str:
    """Return one workbook's audit."""
    shown, score = _number(audit.shown), _number(audit.score)
    lines = [
        f"{audit.file} (lembar {audit.sheet}): {count_words(audit)}",
        f"Total tertulis {shown}, seharusnya {score}; "
        f"{audit.answered} dari {audit.questions} pertanyaan terjawab.",
    ]
    for finding in audit.findings:
        lines += ["", *_lines(finding)]
    if audit.notes:
        lines += ["", "Catatan (bukan kerusakan):"]
        for note in audit.notes:
            gain = points_text(note.points)
            lines.append(f"  {note.sheet}!{note.cell} {note.key} ({gain}): {note.message}")
    return "\n".join(lines)


def render_audits(audits: Sequence[WorkbookAudit]) -> str:
    """Return a table of several workbooks, as they come (the worst first)."""
    rows: list[tuple[str, ...]] = [("tertulis", "seharusnya", "selisih", "temuan", "berkas")]
    for audit in audits:
        numbers = (audit.shown, audit.score, audit.difference)
        rows.append((*map(_number, numbers), count_words(audit), audit.file))
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    lines = []
    for row in rows:
        cells = [
            text.rjust(widths[n]) if n < 3 else text.ljust(widths[n]) for n, text in enumerate(row)
        ]
        lines.append("  ".join(cells).rstrip())
    lines += [f"{audit.file}: {audit.failure}" for audit in audits if audit.failure]
    return "\n".join(lines)


def _dump_finding(finding: AuditFinding) -> dict[str, Any]:
    return {
        "kode": finding.code,
        "lembar": finding.sheet,
        "sel": finding.cell,
        "butir": finding.key or None,
        "pesan": finding.message,
        "isi": finding.found,
        "seharusnya": finding.expected,
        "poin": finding.points,
        "total_galat": finding.points is None,
        "selisih_sel": finding.here,
        "dapat_diperbaiki": finding.is_fixable,
    }


def dump_audits(audits: Sequence[WorkbookAudit]) -> list[dict[str, Any]]:
    """Return audits as JSON values."""
    return [
        {
            "berkas": audit.file,
            "lembar": audit.sheet or None,
            "total_tertulis": audit.shown,
            "total_seharusnya": audit.score,
            "selisih": audit.difference,
            "terjawab": audit.answered,
            "pertanyaan": audit.questions,
            "galat": audit.failure or None,
            "temuan": [_dump_finding(finding) for finding in audit.findings],
            "catatan": [_dump_finding(note) for note in audit.notes],
        }
        for audit in audits
    ]


def render_audit_page(audits: Sequence[WorkbookAudit]) -> str:
    """Return the page: no script, nothing loaded from elsewhere, every text of a workbook escaped.

    Parameters
    ----------
    audits
        As they are to stand there, the worst first.
    """
    return ROOM.render(
        "audit",
        audits=audits,
        number=_number,
        points=points_text,
        count_words=count_words,
        damaged=sum(bool(audit.findings or audit.failure) for audit in audits),
    )


def audit_section(audits: Sequence[WorkbookAudit]) -> Section:
    """Return the page for a notebook: in a frame of its own, so that neither styles the other."""
    page = escape(render_audit_page(audits))
    style = "width:100%;height:80vh;border:1px solid #ccc"
    title = "Hasil pemeriksaan buku kerja"
    return Section(
        Markup(f'<iframe sandbox title="{title}" style="{style}" srcdoc="{page}"></iframe>')
    )
