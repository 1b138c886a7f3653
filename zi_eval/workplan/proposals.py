"""What a work plan proposes as answers about itself, with the reasoning. Never filled in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from zi_eval.core.proposals import Proposal
from zi_eval.workplan.monitoring import Status, WorkPlanStanding, monitor, quarters_over
from zi_eval.workplan.plan import MONTHS, month_name

__all__ = ["TOPIC", "propose_from_plan"]

TOPIC: Final = "workplan"
"""Under which an instrument names the questions that a work plan speaks to (``links.yaml``)."""
Questions = Mapping[str, str]


def propose_from_plan(standing: WorkPlanStanding, questions: Questions) -> tuple[Proposal, ...]:
    """Propose what the plan decides, on the questions that the instrument names.

    ``exists``: there is a plan. ``priorities``: priority targets that serve the predicate.
    ``carried_out``: activities carried out as planned. ``monitored``: monitoring held regularly.
    ``followed_up``: what monitoring found is followed up.
    """
    makers = {
        "exists": _exists,
        "priorities": _priorities,
        "carried_out": _carried_out,
        "monitored": _monitored,
        "followed_up": _followed_up,
    }
    return tuple(
        make(standing, questions[meaning])
        for meaning, make in makers.items()
        if meaning in questions
    )


def _graded(part: int, whole: int, letters: str) -> str:
    """Return the letter for all, most (more than half), some and none; of three, most is some."""
    if part == whole:
        return letters[0]
    if not part:
        return letters[-1]
    if len(letters) == 3:
        return letters[1]
    return letters[1] if 2 * part > whole else letters[2]


def _exists(standing: WorkPlanStanding, question: str) -> Proposal:
    count = len(standing.activities)
    owned = sum(bool(item.item.owner) for item in standing.activities)
    dated = sum(item.status is not Status.UNPLANNED for item in standing.activities)
    said = f"Rencana {standing.plan.year} memuat {count} kegiatan: {dated} berjadwal, {owned} "
    return Proposal(question, "Ya", (), False, (f"{said}dengan penanggung jawab.",))


def _priorities(standing: WorkPlanStanding, question: str) -> Proposal:
    """Take a priority for aligned that names what of the LKE it builds: WBK is judged by that."""
    found = [item.item for item in standing.activities if item.item.is_priority]
    if not found:
        return Proposal(question, None, (), False, ("Belum ada kegiatan yang ditandai prioritas.",))
    aligned = sum(bool(item.questions) for item in found)
    said = f"{aligned} dari {len(found)} target prioritas menyebut pertanyaan LKE yang dibangunnya."
    return Proposal(question, _graded(aligned, len(found), "ABC"), (), False, (said,))


def _carried_out(standing: WorkPlanStanding, question: str) -> Proposal:
    """Count the activities that were to begin by then; as planned is whatever is not late."""
    due = [item for item in standing.activities if item.planned > 0]
    if not due:
        return Proposal(question, None, (), False, ("Belum ada kegiatan yang jatuh tempo.",))
    kept = sum(item.status is not Status.LATE for item in due)
    said = (
        f"{kept} dari {len(due)} kegiatan yang terjadwal sampai {month_name(standing.month)} "
        "terlaksana sesuai rencana. Sebagian besar berarti lebih dari separuh."
    )
    is_open = standing.month < MONTHS[-1]
    return Proposal(question, _graded(kept, len(due), "ABCD"), (), is_open, (said,))


def _monitored(standing: WorkPlanStanding, question: str) -> Proposal:
    """Show how regularly realisation is stated; evidence only, who took part no table says."""
    over = quarters_over(standing.month)
    reported = [
        end
        for end in over
        if any(value is not None for item in standing.plan.activities
               for value in item.results[end - 3 : end])
    ]  # fmt: skip
    if not standing.month:
        said = "Belum ada bulan yang dilaporkan, jadi monev belum terlihat."
        return Proposal(question, None, (), False, (said,))
    said = f"Realisasi dilaporkan pada {len(reported)} dari {len(over)} triwulan yang sudah lewat."
    led = "Keterlibatan pimpinan tidak terbaca dari tabel; lihat notula rapat monev."
    return Proposal(question, None, (), False, (said, led))


def _followed_up(standing: WorkPlanStanding, question: str) -> Proposal:
    """Take what was late at a quarter's end for found, and followed up if caught up or acted on."""
    found: dict[int, bool] = {}
    for end in quarters_over(standing.month):
        earlier = monitor(standing.plan, standing.instrument, month=end)
        for place, item in enumerate(earlier.activities):
            if item.status is Status.LATE:
                now = standing.activities[place]
                found[place] = now.status is not Status.LATE or bool(now.item.follow_up)
    if not found:
        said = "Belum ada kegiatan yang terlambat pada akhir suatu triwulan."
        return Proposal(question, None, (), False, (said,))
    done = sum(found.values())
    said = (
        f"{done} dari {len(found)} kegiatan yang terlambat pada akhir triwulan sudah dikejar atau "
        "punya tindak lanjut tertulis."
    )
    return Proposal(question, _graded(done, len(found), "ABCD"), (), True, (said,))
