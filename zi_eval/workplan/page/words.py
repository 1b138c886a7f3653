"""Words of a work plan: statuses, months, figures; and all of it as text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from zi_eval.core.text import figure_text
from zi_eval.report.proposals import proposal_lines
from zi_eval.report.words import NO_BREAK, answer_text, format_number, one_line
from zi_eval.workplan.forecast import Forecast
from zi_eval.workplan.monitoring import ActivityStanding, Status, WorkPlanStanding
from zi_eval.workplan.plan import month_name
from zi_eval.workplan.unit import UnitWorkPlan

__all__ = [
    "counts_text",
    "forecast_text",
    "late_text",
    "measured_text",
    "month_name",
    "quarter_text",
    "reasons_text",
    "render_workplan",
    "share_text",
    "status_class",
    "status_icon",
    "status_label",
    "until_text",
]

LABELS: Final = {
    Status.LATE: "Terlambat",
    Status.ON_PATH: "Sesuai rencana",
    Status.DONE: "Selesai",
    Status.NOT_DUE: "Belum waktunya",
    Status.UNPLANNED: "Tanpa jadwal",
}
ICONS: Final = {
    Status.LATE: "▼",
    Status.ON_PATH: "●",
    Status.DONE: "✓",
    Status.NOT_DUE: "○",
    Status.UNPLANNED: "?",
}
CLASSES: Final = {
    Status.LATE: "not_met",
    Status.ON_PATH: "met",
    Status.DONE: "met",
    Status.NOT_DUE: "none",
    Status.UNPLANNED: "unknown",
}
ROMANS: Final = ("I", "II", "III", "IV")
MOST_LISTED: Final = 12


def status_label(status: Status) -> str:
    """Return the word of a status."""
    return LABELS[status]


def status_icon(status: Status) -> str:
    """Return the sign beside the word of a status, never instead of it."""
    return ICONS[status]


def status_class(status: Status) -> str:
    """Return the style of a status."""
    return CLASSES[status]


def quarter_text(quarter: int) -> str:
    """Return ``TW II``."""
    return f"TW {ROMANS[quarter - 1]}"


def until_text(month: int, year: int) -> str:
    """Return ``sampai Juni 2026``; before the first month that nothing is reported."""
    return f"sampai {month_name(month)} {year}" if month else "belum ada bulan yang dilaporkan"


def share_text(share: float) -> str:
    """Write a share of 0 to 1 in percent."""
    return f"{format_number(share * 100, 0)}{NO_BREAK}%"


def measured_text(item: ActivityStanding) -> str:
    """Write what is realised of the year's target: ``2 dari 4 dokumen``."""
    said = f"{figure_text(item.reached)} dari {figure_text(item.whole)}"
    return f"{said} {item.item.unit_of_measure}".strip()


def late_text(item: ActivityStanding) -> str:
    """Say since when an activity is late and by how much; empty where it is not."""
    if item.status is not Status.LATE:
        return ""
    lacking = f"{figure_text(item.planned - item.reached)} {item.item.unit_of_measure}".strip()
    silent = "; ada bulan yang belum dilaporkan" if item.is_unreported else ""
    return f"terlambat sejak {month_name(item.late_since)}, kurang {lacking}{silent}"


def reasons_text(item: ActivityStanding) -> str:
    """Say what of an activity asks for action, in a few words; empty where nothing does."""
    said = []
    if late := late_text(item):
        said.append(late)
    if item.status is Status.UNPLANNED:
        said.append("tidak ada bulan dengan target")
    if item.is_unproven:
        said.append("terealisasi tanpa bukti")
    if item.without_effect:
        said.append(f"selesai, tetapi jawaban {', '.join(item.without_effect)} belum naik")
    return "; ".join(said)


def forecast_text(found: Forecast) -> str:
    """Say what the plan brings to the score once it is done."""
    now, then = found.now.card.total.score, found.then.card.total.score
    if now is None or then is None:
        return "Perkiraan belum dapat dihitung karena LKE belum diisi."
    said = (
        f"Nilai sekarang {format_number(now)}; bila semua kegiatan selesai dan jawabannya menjadi "
        f"seperti yang dituju, {format_number(then)} ({len(found.gains)} jawaban naik)."
    )
    if found.without_aim:
        said += f" {found.without_aim} kegiatan tanpa jawaban yang dituju tidak ikut dihitung."
    return said


def _activity_lines(title: str, items: Sequence[ActivityStanding]) -> Iterator[str]:
    if items:
        yield ""
        yield f"{title}:"
    for item in items[:MOST_LISTED]:
        yield f"  {ICONS[item.status]} {one_line(item.item.name)}: {reasons_text(item)}"
        if item.item.follow_up:
            yield f"    Tindak lanjut: {one_line(item.item.follow_up)}"
        yield f"    Penanggung jawab: {one_line(item.item.owner) or 'belum ditulis'}"
    if len(items) > MOST_LISTED:
        yield f"  dan {len(items) - MOST_LISTED} kegiatan lain"


def counts_text(standing: WorkPlanStanding) -> str:
    """Say how many activities have which status."""
    counts = standing.counts
    return ", ".join(f"{count} {status.value}" for status, count in counts.items())


def render_workplan(data: UnitWorkPlan) -> str:
    """Return what presses, progress by area, forecast, gaps and proposals as text."""
    standing = data.standing
    plan = standing.plan
    lines = [
        f"{one_line(plan.name)}, rencana kerja ZI {plan.year}, "
        f"{until_text(standing.month, plan.year)}",
        f"{len(plan.activities)} kegiatan: {counts_text(standing)}",
    ]
    if standing.pressing:
        lines += _activity_lines("Perlu tindakan", standing.pressing)
    else:
        lines += ["", "Tidak ada kegiatan yang perlu tindakan."]
    lines += ["", "Kemajuan per area:"]
    for area in standing.areas:
        planned, reached = _at(area.planned, standing.month), _at(area.reached, standing.month)
        lines.append(
            f"  {one_line(area.title):<42.42} {area.activities:>3} kegiatan  rencana "
            f"{share_text(planned):>5}  realisasi {share_text(reached):>5}"
        )
    if data.forecast is not None:
        lines += ["", forecast_text(data.forecast)]
    if data.gaps:
        lines += ["", "Jawaban LKE yang belum punya kegiatan:"]
        for gap in data.gaps[:MOST_LISTED]:
            given = answer_text(gap.question, gap.given)
            lines.append(f"  {gap.question.id}: {given}; {format_number(gap.points)} poin")
        if len(data.gaps) > MOST_LISTED:
            lines.append(f"  dan {len(data.gaps) - MOST_LISTED} pertanyaan lain")
    if data.proposals:
        lines += ["", "Usulan jawaban LKE:"]
    lines += proposal_lines(data.proposals, data.answers)
    return "\n".join(lines)


def _at(shares: Sequence[float], month: int) -> float:
    return shares[month - 1] if month and shares else 0.0
