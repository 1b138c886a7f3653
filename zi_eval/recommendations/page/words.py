"""How the state of recommendations is said, in sentences and in lines of text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from textwrap import shorten
from typing import Final

from zi_eval.core.assessment import Fact
from zi_eval.recommendations.values import FACT, Recommendation, Register, Status
from zi_eval.report.words import format_count, format_percent

__all__ = [
    "age_text",
    "date_text",
    "fact_text",
    "finding_lines",
    "origin_text",
    "register_text",
    "status_class",
    "summary_text",
]

MONTH: Final = 365.25 / 12
LONGEST: Final = 90


def date_text(day: date | None) -> str:
    """Return a date as documents write it, empty for none."""
    return "" if day is None else f"{day:%d/%m/%Y}"


def age_text(item: Recommendation, today: date) -> str:
    """Return how long ago a recommendation was given: ``1 tahun 2 bulan``; else since which period.

    Examples
    --------
    >>> from zi_eval.recommendations.values import Origin
    >>> item = Recommendation("1", Origin.LHE, "x", issued=date(2025, 9, 1))
    >>> age_text(item, date(2026, 11, 27))
    '1 tahun 2 bulan'
    """
    days = item.age(today)
    if days is None:
        return f"sejak {item.since}" if item.since else "tidak diketahui"
    years, months = divmod(int(max(0, days) / MONTH + 1e-9), 12)
    said = [f"{years} tahun"] if years else []
    said += [f"{months} bulan"] if months else []
    return " ".join(said) or f"{max(0, days)} hari"


def origin_text(item: Recommendation) -> str:
    """Return where a recommendation comes from, with its number."""
    return item.number if item.number.startswith(item.origin) else f"{item.origin} {item.number}"


def status_class(item: Recommendation, today: date) -> str:
    """Return the look of a status: settled, late or old, or under way."""
    if not item.is_open:
        return "unknown" if item.lacks_proof else "met"
    return "not_met" if item.is_late(today) or item.is_old(today) else "unknown"


def summary_text(register: Register, today: date) -> str:
    """Say how many recommendations there are, how many are open, old, late, unproven."""
    items, opened = register.shown, register.open_items
    said = f"{len(items)} rekomendasi, {len(opened)} belum selesai"
    notes = [
        (sum(item.is_old(today) for item in opened), "lebih dari setahun"),
        (sum(item.is_late(today) for item in opened), "lewat batas waktu"),
        (len(register.carried), "dari periode sebelumnya"),
    ]
    told = ", ".join(f"{count} {what}" for count, what in notes if count)
    said += f" ({told})." if told else "."
    if unproven := sum(item.lacks_proof for item in items):
        said += f" {unproven} dinyatakan selesai tanpa bukti atau belum diperiksa."
    return said


def fact_text(register: Register, stated: Fact | None) -> str:
    """Say what the register gives for the follow-up of audit findings, beside the unit's file."""
    found = register.followed_up
    if found is None:
        return ""
    said = (
        f"Temuan APIP dan BPK: {found.settled} dari {found.count} selesai "
        f"({format_percent(found.percent / 100)})."
    )
    if found.unverified:
        said += f" {found.unverified} di antaranya tanpa bukti atau belum diperiksa."
    if stated is None:
        return (
            f"{said} Syarat '{FACT}' pada berkas unit belum diisi; angka ini usulan, dan "
            "tidak diisikan sendiri."
        )
    shown = format_count(stated) if isinstance(stated, float) else str(stated)
    return f"{said} Berkas unit menyatakan {shown} %."


def finding_lines(register: Register, today: date) -> tuple[str, ...]:
    """Return what is to be looked at in a register, a line each: late, old, without proof."""
    lines = []
    for item in register.shown:
        named = f"{origin_text(item)}: {shorten(item.text, LONGEST, placeholder='…')}"
        if item.is_late(today):
            lines.append(f"lewat batas waktu {date_text(item.due)}: {named}")
        elif item.is_old(today):
            lines.append(f"belum selesai setelah {age_text(item, today)}: {named}")
        elif item.status is Status.DONE and not item.proof:
            lines.append(f"selesai tanpa bukti: {named}")
        elif item.lacks_proof:
            lines.append(f"belum ada yang memeriksa: {named}")
    return tuple(lines)


def register_text(register: Register, name: str, stated: Fact | None, today: date) -> str:
    """Return a register as text: what is open, the oldest first, then the rest."""
    lines = [name, f"  {summary_text(register, today)}"]
    if said := fact_text(register, stated):
        lines.append(f"  {said}")
    lines += _item_lines(register.open_items, today)
    if settled := register.settled:
        lines.append(f"  Selesai di periode ini: {', '.join(map(origin_text, settled))}.")
    return "\n".join(lines)


def _item_lines(items: Sequence[Recommendation], today: date) -> list[str]:
    lines = []
    for item in items:
        until = f", batas {date_text(item.due)}" if item.due else ""
        late = " (lewat)" if item.is_late(today) else ""
        questions = f" [{', '.join(item.questions)}]" if item.questions else ""
        lines += [
            f"  {origin_text(item)}{questions}: {item.status.value}, "
            f"{age_text(item, today)}{until}{late}",
            f"      {shorten(item.text, LONGEST, placeholder='…')}",
        ]
    return lines
