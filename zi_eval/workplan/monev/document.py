"""The report on monitoring a work plan at the end of a quarter (laporan monev triwulan).

No regulation fixes its form. What the data hold until that quarter is written out; what they do
not hold stays a marked place.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from zi_eval.core.text import figure_text
from zi_eval.report.documents.content import (
    Blank,
    Block,
    Bullets,
    Column,
    Document,
    Heading,
    Line,
    Paragraph,
    Table,
)
from zi_eval.report.made import Made
from zi_eval.report.words import answer_text, format_number, head_title
from zi_eval.workplan.monitoring import ActivityStanding, Status, WorkPlanStanding
from zi_eval.workplan.page.words import (
    counts_text,
    forecast_text,
    late_text,
    measured_text,
    month_name,
    quarter_text,
    reasons_text,
    share_text,
    status_label,
)
from zi_eval.workplan.unit import UnitWorkPlan

__all__ = ["monev_document"]

NUMBER: Final = Column("No", 0.6)
MOST_GAPS: Final = 10


def monev_document(data: UnitWorkPlan, quarter: int, made: Made) -> Document:
    """Return the report of a quarter, to be written as HTML or for Word.

    Parameters
    ----------
    data
        The plan; it is looked at as it stood at the end of the quarter.
    quarter
        1 to 4.
    """
    then = data.at(3 * quarter)
    plan = then.standing.plan
    title = f"Laporan Monitoring dan Evaluasi Pembangunan ZI {quarter_text(quarter)} {plan.year}"
    return Document(
        title=f"{title} – {plan.name}",
        author=data.agency or plan.name,
        mark=f"DRAF, belum disahkan · Monev ZI {quarter_text(quarter)} {plan.year}",
        time=made.time,
        blocks=(
            *_head(then, quarter),
            *_progress(then),
            *_late(then),
            *_quality(then),
            *_followed_up(then, quarter),
            *_score(then),
            *_next(then, quarter),
            *_closing(then),
            *_annex(then, made),
        ),
    )


def _head(data: UnitWorkPlan, quarter: int) -> tuple[Block, ...]:
    standing = data.standing
    plan = standing.plan
    planned, reached = standing.shares
    agency: Line = data.agency or Blank("nama instansi")
    remark = (Paragraph(data.remark, "center"),) if data.remark else ()
    unfinished: tuple[Block, ...] = ()
    if plan.month < 3 * quarter:
        last = f"sampai {month_name(plan.month)}" if plan.month else "belum ada sama sekali"
        said = f"Realisasi yang dilaporkan {last}; triwulan ini belum lengkap."
        unfinished = (Paragraph(said, "notice"),)
    return (
        Paragraph("LAPORAN MONITORING DAN EVALUASI PEMBANGUNAN ZONA INTEGRITAS", "title"),
        Paragraph(plan.name, "subtitle"),
        Paragraph(agency, "subtitle"),
        Paragraph(f"{quarter_text(quarter)} TAHUN {plan.year}", "subtitle"),
        *remark,
        *unfinished,
        Heading(1, "A. Ringkasan"),
        Paragraph(
            f"Rencana kerja pembangunan ZI {plan.year} memuat {len(plan.activities)} kegiatan. "
            f"Sampai akhir {month_name(standing.month)}: {counts_text(standing)}. Realisasi "
            f"{share_text(reached)} dari target setahun; menurut rencana {share_text(planned)}."
        ),
        Paragraph(Blank("tanggal dan tempat rapat monev, pimpinan rapat, dan yang hadir")),
    )


def _progress(data: UnitWorkPlan) -> tuple[Block, ...]:
    standing = data.standing
    rows = tuple(
        (
            area.title,
            str(area.activities),
            share_text(area.planned[standing.month - 1]),
            share_text(area.reached[-1]),
            str(area.counts.get(Status.DONE, 0)),
            str(area.counts.get(Status.LATE, 0)),
        )
        for area in (*standing.areas, standing.whole)
        if area.reached
    )
    columns = (
        Column("Area", 4), Column("Kegiatan", 1.3, True), Column("Rencana", 1.3, True),
        Column("Realisasi", 1.3, True), Column("Selesai", 1.2, True),
        Column("Terlambat", 1.3, True),
    )  # fmt: skip
    return (
        Heading(1, "B. Kemajuan per area"),
        Table("Kemajuan terhadap target setahun", columns, rows, totals=1),
    )


def _name(item: ActivityStanding) -> str:
    return f"{item.item.name} ({', '.join(item.item.questions)})" if item.item.questions else (
        item.item.name)  # fmt: skip


def _late(data: UnitWorkPlan) -> tuple[Block, ...]:
    found = data.standing.late
    heading = Heading(1, "C. Kegiatan yang terlambat")
    if not found:
        return heading, Paragraph("Tidak ada kegiatan yang terlambat.")
    rows: tuple[tuple[Line, ...], ...] = tuple(
        (
            str(number),
            _name(item),
            late_text(item),
            item.item.obstacle or Blank("sebab keterlambatan"),
            item.item.follow_up or Blank("tindak lanjut dan batas waktunya"),
            item.item.owner or Blank("penanggung jawab"),
        )
        for number, item in enumerate(found, 1)
    )
    columns = (
        NUMBER, Column("Kegiatan", 3.2), Column("Keterlambatan", 2.2), Column("Kendala", 2.2),
        Column("Tindak lanjut", 2.4), Column("Penanggung jawab", 1.8),
    )  # fmt: skip
    return heading, Table("Kegiatan yang terlambat, yang terlama dulu", columns, rows, head=1)


def _quality(data: UnitWorkPlan) -> tuple[Block, ...]:
    standing = data.standing
    blocks: list[Block] = [Heading(1, "D. Bukti dan dampak")]
    for title, items, nothing in (
        ("Terealisasi tanpa bukti:", standing.unproven, "Semua realisasi menyebut buktinya."),
        (
            "Selesai, tetapi jawabannya di LKE belum seperti yang dituju:",
            standing.without_effect,
            "Setiap kegiatan yang selesai sudah terlihat pada jawaban LKE.",
        ),
    ):
        if items:
            said = tuple(_effect_line(item) for item in items)
            blocks += [Paragraph(title, "closing"), Bullets(said)]
        else:
            blocks.append(Paragraph(nothing))
    return tuple(blocks)


def _effect_line(item: ActivityStanding) -> str:
    about = f": {', '.join(item.without_effect)}" if item.without_effect else ""
    return f"{item.item.name}{about}"


def _followed_up(data: UnitWorkPlan, quarter: int) -> tuple[Block, ...]:
    """Say what became of what was late a quarter before."""
    heading = Heading(1, "E. Tindak lanjut monev sebelumnya")
    if quarter == 1:
        return heading, Paragraph(Blank("tindak lanjut monev tahun lalu"))
    before: WorkPlanStanding = data.at(3 * quarter - 3).standing
    places = [n for n, item in enumerate(before.activities) if item.status is Status.LATE]
    if not places:
        return heading, Paragraph("Pada akhir triwulan sebelumnya tidak ada yang terlambat.")
    rows = tuple(
        (str(number), before.activities[place].item.name,
         status_label(data.standing.activities[place].status),
         before.activities[place].item.follow_up or Blank("tindak lanjut"))
        for number, place in enumerate(places, 1)
    )  # fmt: skip
    columns = (
        NUMBER,
        Column("Kegiatan", 4),
        Column("Keadaan sekarang", 2),
        Column("Tindak lanjut", 3.4),
    )
    return heading, Table("Yang terlambat pada akhir triwulan sebelumnya", columns, rows, head=1)


def _score(data: UnitWorkPlan) -> tuple[Block, ...]:
    blocks: list[Block] = [Heading(1, "F. Perkiraan nilai")]
    if data.forecast is None:
        return (*blocks, Paragraph(Blank("nilai LKE sekarang dan perkiraannya")))
    blocks.append(Paragraph(forecast_text(data.forecast)))
    if data.gaps:
        columns = (Column("Pertanyaan", 5), Column("Jawaban", 3), Column("Poin tersisa", 1.4, True))
        rows = tuple(
            (f"{gap.question.id} {gap.question.text}", answer_text(gap.question, gap.given),
             format_number(gap.points))
            for gap in data.gaps[:MOST_GAPS]
        )  # fmt: skip
        title = f"Pertanyaan yang belum punya kegiatan ({len(data.gaps)}), poin terbanyak dulu"
        blocks.append(Table(title, columns, rows))
    return tuple(blocks)


def _next(data: UnitWorkPlan, quarter: int) -> tuple[Block, ...]:
    heading = Heading(1, "G. Triwulan berikutnya")
    if quarter == 4:
        return heading, Paragraph(Blank("kegiatan yang diteruskan ke rencana tahun berikutnya"))
    coming = range(3 * quarter, 3 * quarter + 3)
    rows = tuple(
        (item.item.name, "; ".join(f"{month_name(m + 1)}: {figure_text(value)}" for m in coming
                                   if (value := item.item.targets[m])),
         item.item.owner or Blank("penanggung jawab"))
        for item in data.standing.activities
        if any(item.item.targets[m] for m in coming)
    )  # fmt: skip
    if not rows:
        return heading, Paragraph("Tidak ada kegiatan yang terjadwal.")
    columns = (Column("Kegiatan", 4), Column("Target", 3), Column("Penanggung jawab", 2.4))
    return heading, Table("Kegiatan yang terjadwal", columns, rows)


def _closing(data: UnitWorkPlan) -> tuple[Block, ...]:
    place = (Blank("kota"), ", ", Blank("tanggal"), "\n", head_title(data.standing.plan.name), ",")
    name = ("\n\n\n", data.head or Blank("nama pimpinan unit"), "\nNIP ", Blank("NIP"))
    return (
        Heading(1, "H. Simpulan dan arahan pimpinan"),
        Paragraph(Blank("simpulan monev dan arahan pimpinan")),
        Paragraph((*place, *name), "sign"),
    )


def _annex(data: UnitWorkPlan, made: Made) -> tuple[Block, ...]:
    items: Sequence[ActivityStanding] = data.standing.activities
    rows = tuple(
        (str(number), _name(item), measured_text(item), status_label(item.status),
         item.item.evidence or reasons_text(item) or "–")
        for number, item in enumerate(items, 1)
    )  # fmt: skip
    columns = (
        NUMBER, Column("Kegiatan", 4), Column("Realisasi", 1.8), Column("Status", 1.6),
        Column("Bukti", 3),
    )  # fmt: skip
    source = data.source or "rencana kerja"
    return (
        Heading(1, "LAMPIRAN SEMUA KEGIATAN", on_new_page=True),
        Table("Kegiatan, realisasi, dan bukti", columns, rows, head=1),
        Paragraph(f"Dari {source}; dibuat {made.when}, zi-eval {made.version}.", "note"),
    )
