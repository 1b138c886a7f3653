"""The page of a work plan, its part of the unit's report, and that of the agency's recap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from zi_eval.report.made import Made
from zi_eval.report.page import Page, Room, Section, kept
from zi_eval.report.proposals import proposals_section
from zi_eval.report.svg import Bar, plot_bars
from zi_eval.report.tables import evidence_links
from zi_eval.report.words import answer_text
from zi_eval.workplan.monitoring import ActivityStanding, AgencyWorkPlans
from zi_eval.workplan.page import words
from zi_eval.workplan.plan import MONTH_NAMES
from zi_eval.workplan.unit import UnitWorkPlan

__all__ = ["WorkPlanPage", "workplan_recap", "workplan_sheet", "workplan_summary"]

ROOM: Final = Room("workplan/page", words=words)
MOST_GAPS: Final = 20
MOST_PRESSING: Final = 5
MOST_LATE: Final = 30
"""Rows of the recap's page; the workbook has them all."""


def _shown(data: UnitWorkPlan) -> Mapping[str, Any]:
    """Return what every template about one unit is given."""
    standing = data.standing
    planned, reached = standing.shares
    return {
        "data": data,
        "plan": standing.plan,
        "standing": standing,
        "pressing": standing.pressing,
        "planned": planned,
        "reached": reached,
        "say": answer_text,
    }


@dataclass(frozen=True, repr=False)
class WorkPlanPage(Page):
    """All sections of the page of one unit's work plan."""

    data: UnitWorkPlan
    made: Made
    room = ROOM

    @property
    def title(self) -> str:
        """The title of the page."""
        plan = self.data.standing.plan
        return f"{plan.name} – Rencana kerja ZI {plan.year}"

    def common(self) -> Mapping[str, Any]:
        """Return the plan with how it stands."""
        return _shown(self.data)

    @kept
    def opening(self) -> Section:
        """Show how many activities are late, and what the plan brings."""
        return self.section("opening")

    @kept
    def actions(self) -> Section:
        """Show what asks for action: late, without proof, without effect."""
        return self.section("actions")

    @kept
    def progress(self) -> Section:
        """Show progress by area against the plan, then by month."""
        standing = self.data.standing
        month = standing.month
        bars = [
            Bar(
                area.title,
                f"{area.activities} kegiatan, realisasi {words.share_text(area.reached[-1])}, "
                f"rencana {words.share_text(area.planned[month - 1])}",
                (area.reached[-1],),
                area.planned[month - 1],
            )
            for area in standing.areas
            if area.reached
        ]
        caption = "Garis tegak adalah rencana sampai bulan itu."
        title = f"Kemajuan per area {words.until_text(month, standing.plan.year)}"
        return self.section(
            "progress",
            figure=plot_bars(title, bars, (), caption) if bars else "",
            areas=[area for area in (*standing.areas, standing.whole) if area.reached],
            names=[name.capitalize() for name in MONTH_NAMES[:month]],
        )

    @kept
    def activities(self) -> Section:
        """Show every activity with its proof."""
        return self.section(
            "activities",
            links=lambda item: evidence_links([item.evidence]) if item.evidence else [],
        )

    @kept
    def forecast(self) -> Section:
        """Show what the plan brings to the score once it is done."""
        return self.section("forecast", found=self.data.forecast)

    @kept
    def gaps(self) -> Section:
        """Show which answers ask for activities that do not exist."""
        found = self.data.gaps
        return self.section("gaps", gaps=found[:MOST_GAPS], count=len(found))

    @kept
    def proposals(self) -> Section:
        """Show what the plan proposes as answers of the LKE, beside the answers given."""
        nothing = "Instrumen periode ini tidak memuat pertanyaan tentang rencana kerja."
        until = words.until_text(self.data.standing.month, self.data.standing.plan.year)
        basis = f"Menurut rencana kerja dan realisasinya {until}"
        return proposals_section(self.data.proposals, self.data.answers, nothing, basis)


def workplan_summary(data: UnitWorkPlan | None) -> Section:
    """Show a unit's work plan in its report; empty without one."""
    return ROOM.section("summary", most=MOST_PRESSING, **_shown(data)) if data else Section()


def _late(
    plans: AgencyWorkPlans, names: Mapping[str, str]
) -> Sequence[tuple[str, ActivityStanding]]:
    found = [
        (names.get(unit) or unit, item)
        for unit, standing in plans.standings.items()
        for item in standing.late
    ]
    return sorted(found, key=lambda row: (row[1].late_since, row[0]))


def workplan_recap(plans: AgencyWorkPlans, names: Mapping[str, str]) -> Section:
    """Show the late activities of all units, then progress by unit; empty without any plan."""
    if plans.is_empty:
        return Section()
    rows = [
        (names.get(unit) or unit, standing, *standing.shares)
        for unit, standing in plans.standings.items()
    ]
    return ROOM.section(
        "recap",
        plans=plans,
        names=names,
        late=_late(plans, names),
        broken=[
            (unit, problems[0])
            for unit, problems in plans.problems.items()
            if unit not in plans.standings and problems
        ],
        rows=sorted(rows, key=lambda row: (row[3] - row[2], row[0])),
        most=MOST_LATE,
    )


def workplan_sheet(
    plans: AgencyWorkPlans, names: Mapping[str, str]
) -> tuple[str, tuple[str, ...], list[tuple[str | int | float | None, ...]]]:
    """Return the sheet of the recap's workbook: every activity, unit by unit."""
    headings = (
        "Kode unit", "Nama unit", "Kegiatan", "Pertanyaan", "Penanggung jawab", "Status",
        "Target sampai kini", "Realisasi", "Target setahun", "Satuan", "Terlambat sejak bulan",
        "Tanpa bukti", "Selesai tanpa dampak", "Kendala", "Tindak lanjut",
    )  # fmt: skip
    rows: list[tuple[str | int | float | None, ...]] = [
        (
            unit, names.get(unit) or unit, item.item.name, ", ".join(item.item.questions),
            item.item.owner, item.status.value, item.planned, item.reached, item.whole,
            item.item.unit_of_measure, item.late_since or None,
            "Ya" if item.is_unproven else "Tidak", ", ".join(item.without_effect),
            item.item.obstacle, item.item.follow_up,
        )
        for unit, standing in plans.standings.items()
        for item in standing.activities
    ]  # fmt: skip
    return "Rencana ZI", headings, rows
