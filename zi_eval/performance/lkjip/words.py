"""What the chapters of a performance report say about figures, in one place."""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum

from zi_eval.performance.page.words import quarter_name
from zi_eval.performance.plan import Plan
from zi_eval.performance.score import PlanScore
from zi_eval.performance.unit import UnitPerformance
from zi_eval.report.documents.content import Block, Paragraph
from zi_eval.report.words import NO_BREAK, NOTHING, format_count, format_number

__all__ = ["Budget", "Report", "rupiah_text", "share_text"]


def share_text(percent: float | None) -> str:
    """Write a percentage with one decimal: ``97,3 %``; ``–`` where there is none."""
    return NOTHING if percent is None else f"{format_number(percent, 1)}{NO_BREAK}%"


def rupiah_text(amount: float) -> str:
    """Write an amount of money: ``Rp 1.250.000``."""
    return f"Rp{NO_BREAK}{format_count(amount)}"


@dataclass(frozen=True, slots=True)
class Budget:
    """Ceiling and spending of the indicators that state both; the others are counted."""

    ceiling: float
    spent: float
    absorption: float | None
    left_out: int
    until: str

    @property
    def sentence(self) -> str:
        """The budget in one sentence."""
        more = ""
        if self.left_out:
            more = f" {self.left_out} indikator tanpa pagu atau realisasi tidak ikut dihitung."
        return (
            f"Anggaran yang terserap {self.until} {rupiah_text(self.spent)} dari pagu "
            f"{rupiah_text(self.ceiling)} ({share_text(self.absorption)}).{more}"
        )


@dataclass(frozen=True)
class Report:
    """A unit's performance with what its chapters share."""

    data: UnitPerformance

    @property
    def plan(self) -> Plan:
        """The plan."""
        return self.data.standing.plan

    @property
    def score(self) -> PlanScore:
        """Its score."""
        return self.data.standing.score

    @property
    def is_whole_year(self) -> bool:
        """Whether the last quarter is reported."""
        return self.score.quarter == 4

    @property
    def until(self) -> str:
        """Which time the figures tell of: ``sampai TW III 2026``."""
        if self.is_whole_year:
            return f"sepanjang tahun {self.plan.year}"
        if not self.score.quarter:
            return f"sebelum ada realisasi {self.plan.year}"
        return f"sampai {quarter_name(self.score.quarter)} {self.plan.year}"

    @property
    def when(self) -> str:
        """The same at the beginning of a sentence."""
        return f"{self.until[0].upper()}{self.until[1:]}"

    @property
    def unfinished(self) -> str:
        """That the year is not over, in plain words."""
        if not self.score.quarter:
            return (
                f"Belum ada realisasi tahun {self.plan.year}. Draf ini memuat rencananya saja dan "
                "harus dibuat ulang setelah realisasi diisi."
            )
        return (
            f"Tahun {self.plan.year} belum selesai. Angka draf ini {self.until}; yang disebut "
            "perkiraan bukan realisasi. Buat ulang draf ini setelah TW IV diisi."
        )

    @property
    def warning(self) -> tuple[Block, ...]:
        """The same as a marked paragraph; nothing where the year is over."""
        return () if self.is_whole_year else (Paragraph(self.unfinished, "notice"),)

    @property
    def counted(self) -> tuple[int, int, int]:
        """How many indicators met their target, missed it, and cannot be told."""
        got = [score.current for score in self.score.indicators]
        met = sum(item is not None and item.is_met for item in got)
        unknown = sum(item is None for item in got)
        return met, len(got) - met - unknown, unknown

    @property
    def budget(self) -> Budget | None:
        """Ceiling and spending together; None where no indicator states both."""
        pairs = [
            (item.ceiling, item.spent)
            for item in self.plan.indicators
            if item.ceiling is not None and item.spent is not None
        ]
        if not pairs:
            return None
        return Budget(
            ceiling=fsum(ceiling for ceiling, _ in pairs),
            spent=fsum(spent for _, spent in pairs),
            absorption=self.score.absorption,
            left_out=len(self.plan.indicators) - len(pairs),
            until=self.until,
        )

    @staticmethod
    def rupiah(amount: float) -> str:
        """Write an amount of money."""
        return rupiah_text(amount)
