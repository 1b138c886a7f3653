"""Audits of workbooks: as one page, as plain text for a terminal, and as JSON values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from markupsafe import Markup

from zi_eval.lke.findings import AuditFinding, WorkbookAudit, group_findings
from zi_eval.report.page import Room, Section, report_style
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
        return "tidak ada temuan" + (" selain cacat bawaan templat" if audit.template else "")
    moving = sum(finding.is_moving for finding in audit.findings)
    groups, cells = len(group_findings(audit.findings)), len(audit.findings)
    where = f" di {cells} sel" if cells > groups else ""
    return f"{groups} temuan{where}, {moving} menggeser nilai"


def _place(finding: AuditFinding) -> str:
    key = f" {finding.key}" if finding.key else ""
    return f"{finding.sheet}!{finding.cell}{key}"


def said_of(finding: AuditFinding) -> str:
    """Return what a finding says, and where it comes from where that is known."""
    origin = " Cacat bawaan templat resmi." if finding.is_template and finding.is_moving else ""
    return f"{finding.message}{origin}"


def _plain(text: str) -> str:
    return " ".join(text.split())


def _lines(group: Sequence[AuditFinding]) -> Iterator[str]:
    """Write findings of one kind as one, with every cell."""
    first = group[0]
    if len(group) == 1:
        yield f"{_place(first)} [{first.code}] {points_text(first.points)}"
        yield f"    {said_of(first)}"
        if first.found:
            yield f"    ada:        {_plain(first.found)}"
        if first.expected:
            yield f"    seharusnya: {_plain(first.expected)}"
        return
    yield f"{len(group)} sel [{first.code}]"
    yield f"    {first.message}"
    for finding in group:
        origin = (
            " (cacat bawaan templat resmi)" if finding.is_template and finding.is_moving else ""
        )
        expected = f", seharusnya {_plain(finding.expected)}" if finding.expected else ""
        yield (
            f"    {_place(finding)}: {_plain(finding.found)}{expected}; "
            f"{points_text(finding.points)}{origin}"
        )


def render_audit(audit: WorkbookAudit) -> str:
    """Return one workbook's audit."""
    shown, score = _number(audit.shown), _number(audit.score)
    lines = [
        f"{audit.file} (lembar {audit.sheet}): {count_words(audit)}",
        f"Total tertulis {shown}, seharusnya {score}; "
        f"{audit.answered} dari {audit.questions} pertanyaan terjawab.",
    ]
    for group in group_findings(audit.findings):
        lines += ["", *_lines(group)]
    if audit.template:
        cells = ", ".join(f"{item.sheet}!{item.cell}" for item in audit.template)
        lines += ["", f"{template_text(audit)}: {cells}."]
    if audit.notes:
        lines += ["", "Catatan (bukan kerusakan):"]
        for group in group_findings(audit.notes):
            places = ", ".join(f"{_place(note)} ({points_text(note.points)})" for note in group)
            lines.append(f"  {places}: {group[0].message}")
    return "\n".join(lines)


def template_text(audit: WorkbookAudit) -> str:
    """Return what stands above the flaws of the official workbook itself."""
    return (
        f"Cacat bawaan templat resmi di {len(audit.template)} sel, bukan kerusakan buku kerja ini "
        "dan tidak menggeser nilainya; --fix memperbaiki yang dapat diperbaiki"
    )


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
        "bawaan_templat": finding.is_template,
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
            "templat": [_dump_finding(finding) for finding in audit.template],
            "catatan": [_dump_finding(note) for note in audit.notes],
        }
        for audit in audits
    ]


def _render(template: str, audits: Sequence[WorkbookAudit]) -> str:
    return ROOM.render(
        template,
        audits=audits,
        number=_number,
        points=points_text,
        count_words=count_words,
        groups=group_findings,
        said_of=said_of,
        template_text=template_text,
        damaged=sum(bool(audit.findings or audit.failure) for audit in audits),
    )


def render_audit_page(audits: Sequence[WorkbookAudit]) -> str:
    """Return the page: no script, nothing loaded from elsewhere, every text of a workbook escaped.

    Parameters
    ----------
    audits
        As they are to stand there, the worst first.
    """
    return _render("audit", audits)


def audit_section(audits: Sequence[WorkbookAudit]) -> Section:
    """Return what the page shows, for a notebook."""
    style = report_style("lke/page/audit.css")
    return Section(Markup(f"<style>{style}</style>{_render('findings', audits)}"))
