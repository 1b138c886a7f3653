"""The sections on recommendations: in the report of a unit, and in the agency's recap."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from zi_eval.core.assessment import Fact
from zi_eval.recommendations.page import words
from zi_eval.recommendations.values import AGENCY, Recommendation, Register
from zi_eval.report.page import Room, Section
from zi_eval.report.tables import evidence_links

__all__ = ["recap_rows", "register_recap", "register_section", "register_sheet"]

ROOM: Final = Room("recommendations/page", words=words)
MOST: Final = 40
"""Open recommendations of a page."""

Registers = Mapping[str, Register]


def register_section(register: Register | None, stated: Fact | None, today: date) -> Section:
    """Show what was recommended to a unit and what became of it; empty without any.

    Parameters
    ----------
    stated
        What the unit's file says of the follow-up of audit findings.
    today
        By which ages are counted and dates are past.
    """
    if not register:
        return Section()
    return ROOM.section(
        "unit",
        register=register,
        summary=words.summary_text(register, today),
        fact=words.fact_text(register, stated),
        opened=register.open_items[:MOST],
        more=max(0, len(register.open_items) - MOST),
        today=today,
        links=lambda item: evidence_links([item.proof] if item.proof else []),
    )


def _who(unit: str, names: Mapping[str, str]) -> str:
    return names.get(unit) or ("Instansi" if unit == AGENCY else unit)


def recap_rows(registers: Registers, names: Mapping[str, str]) -> list[tuple[str, Recommendation]]:
    """Return every open recommendation of an agency with whose it is, the oldest first."""
    found = [
        (_who(unit, names), item)
        for unit, register in registers.items()
        for item in register.open_items
    ]
    return sorted(found, key=lambda row: (row[1].issued or date.max, row[1].since, row[0]))


def register_recap(registers: Registers, names: Mapping[str, str], today: date) -> Section:
    """Show what is open longer than a year, then the units; empty without any register."""
    if not registers:
        return Section()
    rows = recap_rows(registers, names)
    return ROOM.section(
        "recap",
        old=[row for row in rows if row[1].is_old(today)],
        late=sum(item.is_late(today) for _, item in rows),
        opened=len(rows),
        most=MOST,
        units=[
            (_who(unit, names), register, register.followed_up)
            for unit, register in registers.items()
        ],
        today=today,
    )


def register_sheet(
    registers: Registers, names: Mapping[str, str]
) -> tuple[str, tuple[str, ...], list[tuple[str | int | float | None, ...]]]:
    """Return the sheet of the recap's workbook: every recommendation, unit by unit."""
    headings = (
        "Kode unit", "Nama unit", "Sumber", "Nomor", "Pertanyaan", "Rekomendasi", "Tanggal",
        "Batas waktu", "Status", "Tindak lanjut", "Bukti", "Diperiksa oleh", "Penanggung jawab",
        "Tabel periode", "Sejak periode",
    )  # fmt: skip
    rows: list[tuple[str | int | float | None, ...]] = [
        (
            unit, _who(unit, names), item.origin.value, item.number, ", ".join(item.questions),
            item.text, item.issued.isoformat() if item.issued else None,
            item.due.isoformat() if item.due else None, item.status.value, item.action,
            item.proof, item.verified_by, item.owner, item.period, item.since,
        )
        for unit, register in registers.items()
        for item in register.shown
    ]  # fmt: skip
    return "Tindak lanjut", headings, rows
