"""The draft of a performance report (Laporan Kinerja, LKjIP) of one unit.

Its chapters and what they compare follow PermenPANRB 53/2014, attachment II, as known from
secondary sources. What the data hold is written out; what they do not hold stays a marked place.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from hashlib import sha256
from math import fsum
from typing import Final

from zi_eval.performance.agency import list_actions
from zi_eval.performance.lkjip.accountability import accountability_blocks
from zi_eval.performance.lkjip.words import Report, follow_up_parts, rupiah_text, share_text
from zi_eval.performance.page.words import measured_text, quarter_name
from zi_eval.performance.score import PlanScore
from zi_eval.performance.unit import UnitPerformance
from zi_eval.report.documents.content import (
    Blank,
    Block,
    Bullets,
    Column,
    Contents,
    Document,
    Heading,
    Line,
    Paragraph,
    Strong,
    Table,
)
from zi_eval.report.made import Made
from zi_eval.report.words import NOTHING, format_count, head_title

__all__ = ["hash_performance", "lkjip_document"]

MOST_ACTIONS: Final = 5
NUMBER: Final = Column("No", 0.6)


def hash_performance(data: UnitPerformance) -> str:
    """Return the SHA-256 of the plan with its results and of the limits it is scored by."""
    standing = data.standing
    said = {"plan": asdict(standing.plan), "rules": asdict(standing.score.rules)}
    text = json.dumps(said, sort_keys=True, ensure_ascii=True, default=str)
    return sha256(text.encode()).hexdigest()


def lkjip_document(data: UnitPerformance, made: Made) -> Document:
    """Return the draft, to be written as HTML or for Word; it says when and by what it is made."""
    report = Report(data)
    plan = report.plan
    until = "" if report.is_whole_year else f" · data {report.until}"
    blocks = (
        *_cover(report),
        *_foreword(report),
        Contents(),
        *_summary(report),
        *_introduction(report),
        *_planning(report),
        *accountability_blocks(report),
        *_closing(report),
        *_agreement(report),
        *_measurements(report),
        *_origin(report, made),
    )
    return Document(
        title=f"Laporan Kinerja {plan.year} – {plan.name}",
        author=data.agency or plan.name,
        mark=f"DRAF, belum disahkan · Laporan Kinerja {plan.year}{until}",
        time=made.time,
        blocks=blocks,
    )


def _cover(report: Report) -> tuple[Block, ...]:
    plan = report.plan
    agency: Line = report.data.agency or Blank("nama instansi")
    notice = (
        f"DRAF, belum disahkan. Angkanya dari data kinerja {report.until}; narasi pada tempat yang "
        "bertanda [Isi: …] ditulis oleh unit."
    )
    blocks: list[Block] = [
        Paragraph((Blank("lambang instansi"), "\n\n\n\n\n"), "center"),
        Paragraph("LAPORAN KINERJA", "title"),
        Paragraph(plan.name, "subtitle"),
        Paragraph(agency, "subtitle"),
        Paragraph(f"TAHUN {plan.year}", "subtitle"),
        Paragraph(notice, "notice"),
    ]
    if not report.is_whole_year:
        blocks.append(Paragraph(report.unfinished, "notice"))
    if report.data.remark:
        blocks.append(Paragraph(report.data.remark, "center"))
    return tuple(blocks)


def _signature(report: Report) -> tuple[Block, ...]:
    place = (Blank("kota"), ", ", Blank("tanggal"), "\n", head_title(report.plan.name), ",")
    name = ("\n\n\n", report.data.head or Blank("nama pimpinan unit"), "\nNIP ", Blank("NIP"))
    return (Paragraph((*place, *name), "sign"),)


def _foreword(report: Report) -> tuple[Block, ...]:
    what = "dasar penyusunan laporan, apa yang dicapai dengan singkat, ucapan terima kasih, harapan"
    return (
        Heading(1, "KATA PENGANTAR", on_new_page=True),
        Paragraph(Blank(f"kata pengantar pimpinan {report.plan.name}: {what}")),
        *_signature(report),
        Heading(1, "PERNYATAAN TELAH DIREVIU", on_new_page=True),
        Paragraph(
            Blank(
                f"pernyataan APIP telah mereviu Laporan Kinerja {report.plan.name} tahun "
                f"{report.plan.year}: lingkup reviu, simpulannya, tempat, tanggal, tanda tangan"
            )
        ),
    )


def _summary(report: Report) -> tuple[Block, ...]:
    plan, score = report.plan, report.score
    met, missed, open_ = report.counted
    when = "Selama tahun ini" if report.is_whole_year else report.when
    goal = "target setahun" if report.is_whole_year else "target sampai triwulan itu"
    sentences = [
        f"Pada tahun {plan.year} {plan.name} menetapkan {len(plan.goals)} sasaran dengan "
        f"{len(plan.indicators)} indikator. ",
    ]
    if score.percent is None:
        sentences.append("Capaian belum dapat dihitung karena belum ada realisasi yang lengkap.")
    else:
        sentences.append(
            f"{when} rata-rata capaian {_goals_text(score)} adalah {share_text(score.percent)}: "
            f"{met} indikator mencapai {goal}"
            + (f", {missed} belum" if missed else "")
            + (f", {open_} belum dapat dihitung." if open_ else ".")
        )
    budget = report.budget
    money = Blank("pagu dan realisasi anggaran") if budget is None else budget.sentence
    rows = tuple(
        (
            str(number),
            goal or Blank("sasaran"),
            str(len(places)),
            share_text(score.goals[goal]),
        )
        for number, (goal, places) in enumerate(plan.goals.items(), 1)
    )
    actions = list_actions([report.data.standing])
    shown: list[Line] = [
        (
            Strong(f"{action.item.name}"),
            f": {_outlook(report, action.decision.place)}. ",
            *follow_up_parts(action.item),
        )
        for action in actions[:MOST_ACTIONS]
    ]
    if len(actions) > MOST_ACTIONS:
        shown.append(f"dan {len(actions) - MOST_ACTIONS} indikator lain, pada Bab III.")
    pressing: list[Block] = [Paragraph("Tidak ada indikator yang menyimpang dari rencananya.")]
    if shown:
        pressing = [
            Paragraph("Indikator yang belum sesuai dengan rencananya:", "closing"),
            Bullets(tuple(shown)),
        ]
    columns = (NUMBER, Column("Sasaran", 6), Column("Banyak indikator", 1.4, True),
               Column("Capaian", 1.4, True))  # fmt: skip
    return (
        Heading(1, "IKHTISAR EKSEKUTIF", on_new_page=True),
        *report.warning,
        Paragraph("".join(sentences)),
        Paragraph(money),
        Table(f"Capaian sasaran {report.until}", columns, rows, head=1),
        *pressing,
        Paragraph(Blank("kendala utama dan langkah yang akan diambil, dalam satu alinea")),
    )


def _outlook(report: Report, place: int) -> str:
    item, watch = report.plan.indicators[place], report.data.standing.watches[place]
    got = report.score.indicators[place].current
    if not report.is_whole_year and watch.projection is not None:
        expected = measured_text(item, watch.projection.expected, is_estimate=True)
        return f"perkiraan akhir tahun {expected}, target {measured_text(item, item.year_target)}"
    if got is None:
        return watch.reason
    done, aim = measured_text(item, got.result), measured_text(item, got.target)
    return f"realisasi {done}, target {aim}, capaian {share_text(got.percent)}"


def _goals_text(score: PlanScore) -> str:
    """Name the goals that a mean is taken of; those that cannot be computed are not in it."""
    known = sum(percent is not None for percent in score.goals.values())
    if known == len(score.goals):
        return f"{known} sasaran"
    return f"{known} dari {len(score.goals)} sasaran yang dapat dihitung"


def _introduction(report: Report) -> tuple[Block, ...]:
    year = report.plan.year
    return (
        Heading(1, "BAB I PENDAHULUAN", on_new_page=True),
        Heading(2, "A. Latar Belakang"),
        Paragraph(Blank("mengapa laporan ini disusun, dan dasar hukumnya")),
        Heading(2, "B. Tugas, Fungsi, dan Susunan Organisasi"),
        Paragraph(Blank("tugas dan fungsi unit, susunan organisasi, jumlah pegawai")),
        Heading(2, "C. Isu Strategis"),
        Paragraph(Blank("masalah utama yang dihadapi unit")),
        Heading(2, "D. Sistematika"),
        Paragraph(
            "Bab I memuat gambaran umum unit; Bab II rencana kinerja menurut Renstra dan "
            f"Perjanjian Kinerja {year}; Bab III cara pengukuran, capaian kinerja setiap sasaran, "
            "dan realisasi anggaran; Bab IV simpulan dan langkah perbaikan. Lampiran memuat "
            "Perjanjian Kinerja, tabel pengukuran, dan asal data."
        ),
    )


def _planning(report: Report) -> tuple[Block, ...]:
    plan = report.plan
    renstra = tuple(
        (
            str(number),
            item.renstra_goal or Blank("sasaran Renstra"),
            item.name,
            measured_text(item, item.last_year(plan.year)),
            Blank("target akhir Renstra")
            if item.renstra_target is None
            else measured_text(item, item.renstra_target),
        )
        for number, item in enumerate(plan.indicators, 1)
    )
    return (
        Heading(1, "BAB II PERENCANAAN KINERJA", on_new_page=True),
        Heading(2, "A. Rencana Strategis"),
        Paragraph(Blank("visi, misi, dan tujuan Renstra yang didukung unit")),
        Table(
            "Sasaran Renstra dan target akhirnya",
            (
                NUMBER,
                Column("Sasaran Renstra", 3),
                Column("Indikator", 3.2),
                Column(f"Realisasi {plan.year - 1}", 1.9, True),
                Column("Target akhir", 1.8, True),
            ),
            renstra,
            head=2,
        ),
        Heading(2, f"B. Perjanjian Kinerja {plan.year}"),
        Paragraph(
            f"Perjanjian Kinerja {plan.year} memuat sasaran, indikator, dan target berikut. "
            "Naskahnya pada Lampiran 1."
        ),
        _targets(report),
    )


def _targets(report: Report) -> Table:
    rows = tuple(
        (
            str(number),
            item.goal or Blank("sasaran"),
            item.name,
            Blank("target") if item.year_target is None else measured_text(item, item.year_target),
        )
        for number, item in enumerate(report.plan.indicators, 1)
    )
    columns = (NUMBER, Column("Sasaran", 3), Column("Indikator", 4), Column("Target", 1.8, True))
    return Table(f"Sasaran, indikator, dan target {report.plan.year}", columns, rows, head=2)


def _closing(report: Report) -> tuple[Block, ...]:
    score, plan = report.score, report.plan
    met, missed, _ = report.counted
    said = f"{plan.name} belum dapat disimpulkan capaiannya."
    if score.percent is not None:
        said = (
            f"{report.when} capaian {plan.name} {share_text(score.percent)} "
            f"(rata-rata {_goals_text(score)}), dengan {met} indikator mencapai targetnya dan "
            f"{missed} belum."
        )
    return (
        Heading(1, "BAB IV PENUTUP", on_new_page=True),
        *report.warning,
        Paragraph(said),
        Paragraph(Blank("simpulan, dan langkah perbaikan untuk meningkatkan kinerja")),
        *_signature(report),
    )


def _agreement(report: Report) -> tuple[Block, ...]:
    rows = tuple(
        (
            str(number),
            programme.name or Blank("program atau kegiatan"),
            Blank("pagu") if programme.ceiling is None else rupiah_text(programme.ceiling),
        )
        for number, programme in enumerate(report.programmes, 1)
    )
    ceilings = [item.ceiling for item in report.programmes if item.ceiling is not None]
    total = ((NOTHING, "Jumlah", rupiah_text(fsum(ceilings))),) if ceilings else ()
    columns = (NUMBER, Column("Program atau kegiatan", 6), Column("Pagu", 2.4, True))
    return (
        Heading(1, f"LAMPIRAN 1 PERJANJIAN KINERJA {report.plan.year}", on_new_page=True),
        Paragraph(Blank("pernyataan, para pihak, dan tanggal Perjanjian Kinerja")),
        _targets(report),
        Table("Program atau kegiatan dan pagunya", columns, (*rows, *total), 1, len(total)),
        Paragraph(Blank("tanda tangan kedua pihak, atau salinan naskah yang ditandatangani")),
    )


def _measurements(report: Report) -> tuple[Block, ...]:
    def cell(item_target: float | None, item_result: float | None) -> str:
        return f"{format_count(item_target)}\n{format_count(item_result)}"

    rows = tuple(
        (
            str(number),
            f"{item.name}\n{item.unit_of_measure or 'satuan belum ditulis'}, {item.accrual.value}",
            *(cell(t, r) for t, r in zip(item.targets, item.results, strict=True)),
            share_text(got.current.percent if got.current else None),
        )
        for number, (item, got) in enumerate(
            zip(report.plan.indicators, report.score.indicators, strict=True), 1
        )
    )
    quarters = tuple(Column(quarter_name(q), 1.3, True) for q in (1, 2, 3, 4))
    columns = (NUMBER, Column("Indikator", 4.2), *quarters, Column("Capaian", 1.3, True))
    return (
        Heading(1, "LAMPIRAN 2 PENGUKURAN KINERJA", on_new_page=True),
        Paragraph("Pada setiap triwulan: baris pertama target, baris kedua realisasi."),
        Table(f"Target dan realisasi triwulan {report.plan.year}", columns, rows, head=1),
    )


def _origin(report: Report, made: Made) -> tuple[Block, ...]:
    plan = report.plan
    rows: tuple[tuple[Line, ...], ...] = (
        ("Data", f"tabel kinerja {plan.unit}, {report.until}"),
        ("Sidik data (SHA-256)", hash_performance(report.data)),
        ("Dibuat", f"{made.when}, zi-eval {made.version}"),
    )
    return (
        Heading(1, "LAMPIRAN 3 ASAL DATA", on_new_page=True),
        Table("", (Column("", 1.6), Column("", 5)), rows),
    )
