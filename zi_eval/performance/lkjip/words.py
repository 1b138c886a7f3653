"""What the chapters of a performance report say about figures, in one place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum

from zi_eval.core.text import fold
from zi_eval.performance.page.words import date_text, quarter_name
from zi_eval.performance.plan import Indicator, Plan
from zi_eval.performance.score import PlanScore
from zi_eval.performance.unit import UnitPerformance
from zi_eval.report.documents.content import Blank, Block, Inline, Paragraph
from zi_eval.report.words import NO_BREAK, NOTHING, format_count, format_number

__all__ = ["Budget", "Programme", "Report", "follow_up_parts", "rupiah_text", "share_text"]


def share_text(percent: float | None) -> str:
    """Write a percentage with one decimal: ``97,3 %``; ``–`` where there is none."""
    return NOTHING if percent is None else f"{format_number(percent, 1)}{NO_BREAK}%"


def rupiah_text(amount: float) -> str:
    """Write an amount of money: ``Rp 1.250.000``."""
    return f"Rp{NO_BREAK}{format_count(amount)}"


def follow_up_parts(item: Indicator) -> tuple[Inline, ...]:
    """Say what is done about an indicator, by whom and until when; a place where nobody said."""
    if not item.follow_up:
        return (Blank("tindak lanjut, penanggung jawab, dan batas waktunya"),)
    owner = item.owner
    if owner and not owner.casefold().startswith("penanggung jawab"):
        owner = f"penanggung jawab {owner}"
    until = f"sampai {date_text(item.due)}" if item.due else ""
    told = ", ".join(filter(None, (owner, until)))
    return (f"Tindak lanjut: {item.follow_up.rstrip('.')}{f' ({told})' if told else ''}.",)


@dataclass(frozen=True, slots=True)
class Programme:
    """A programme or activity, once, with the indicators it serves.

    Attributes
    ----------
    name
        As the table writes it; empty where it names none.
    places
        Of its indicators in the plan.
    ceiling, spent
        Sums over its indicators; None where one of them does not state it.
    """

    name: str
    places: tuple[int, ...]
    ceiling: float | None
    spent: float | None

    @property
    def absorption(self) -> float | None:
        """Spent of the ceiling, in percent."""
        if self.spent is None or not self.ceiling:
            return None
        return self.spent / self.ceiling * 100


def _sum(amounts: Sequence[float | None]) -> float | None:
    known = [amount for amount in amounts if amount is not None]
    return fsum(known) if len(known) == len(amounts) else None


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

    @property
    def programmes(self) -> tuple[Programme, ...]:
        """Every programme once, in the order of the plan; one without a name stands alone."""
        items = self.plan.indicators
        groups: dict[tuple[str, int], list[int]] = {}
        for place, item in enumerate(items):
            key = (fold(item.action), -1) if item.action else ("", place)
            groups.setdefault(key, []).append(place)
        return tuple(
            Programme(
                name=items[places[0]].action,
                places=tuple(places),
                ceiling=_sum([items[place].ceiling for place in places]),
                spent=_sum([items[place].spent for place in places]),
            )
            for places in groups.values()
        )
