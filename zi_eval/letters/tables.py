"""The tables of the evaluation letter."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from zi_eval.core.evaluation import Evaluation
from zi_eval.core.verdict import RuleOutcome
from zi_eval.letters.details_file import Member
from zi_eval.recommendations.page.words import age_text, date_text, origin_text
from zi_eval.recommendations.values import Recommendation, Register
from zi_eval.report import words
from zi_eval.report.documents.content import Blank, Block, Column, Line, Paragraph, Table
from zi_eval.report.tables import prerequisite_rows, result_rows
from zi_eval.survey.unit import UnitSurveys

__all__ = [
    "follow_up_table",
    "prerequisite_table",
    "result_table",
    "score_table",
    "team_table",
    "threshold_table",
    "unit_table",
]

NUMBER = Column("No", 0.6)


def team_table(team: Sequence[Member]) -> tuple[Block, ...]:
    """Return who evaluated, with role and NIP."""
    if not team:
        return (Paragraph(Blank("nama, peran, dan NIP anggota tim")),)
    rows = tuple(
        (str(number), member.name, member.role or Blank("peran"), member.number or Blank("NIP"))
        for number, member in enumerate(team, 1)
    )
    columns = (NUMBER, Column("Nama", 3), Column("Peran dalam tim", 2), Column("NIP", 2.2))
    return (Table("Susunan tim", columns, rows, head=1),)


def unit_table(evaluation: Evaluation) -> tuple[Block, ...]:
    """Return who was evaluated."""
    unit, agency = evaluation.assessment.unit, evaluation.agency
    card = evaluation.card.total
    rows: tuple[tuple[Line, ...], ...] = (
        ("Unit", unit.name),
        ("Jenis unit", unit.kind or Blank("jenis unit")),
        ("Pimpinan", unit.head or Blank("nama pimpinan unit")),
        ("Instansi", agency.name if agency else Blank("nama instansi")),
        ("Predikat yang dituju", evaluation.assessment.target),
        ("Periode", evaluation.assessment.period or Blank("periode")),
        ("Pertanyaan terjawab", f"{card.answered} dari {card.questions}"),
    )
    return (Table("", (Column("", 1.5), Column("", 4)), rows),)


def score_table(evaluation: Evaluation) -> tuple[Block, ...]:
    """Return the scores of unit and TPI by component, aspect and area."""
    instrument = evaluation.instrument
    unit, tpi = evaluation.unit_card, evaluation.card
    rows: list[tuple[Line, ...]] = []
    for key, node in instrument.nodes.items():
        if node.kind == "subarea":
            continue
        got = tpi.nodes[key].score
        rows.append(
            (
                key,
                node.title,
                words.format_count(node.weight),
                words.format_number(unit.nodes[key].score),
                words.format_number(got),
                words.format_percent(None if got is None else got / node.weight),
            )
        )
    total = tpi.total.score
    rows.append(
        (
            words.NOTHING,
            "Jumlah",
            words.format_count(instrument.weight),
            words.format_number(unit.total.score),
            words.format_number(total),
            words.format_percent(None if total is None else total / instrument.weight),
        )
    )
    columns = (
        Column("Kode", 0.9),
        Column("Komponen, aspek, area", 4.2),
        Column("Bobot", 0.9, True),
        Column("Nilai unit", 1.1, True),
        Column("Nilai TPI", 1.1, True),
        Column("% bobot", 1.1, True),
    )
    name = "Nilai menurut komponen, aspek, dan area"
    return (Table(name, columns, tuple(rows), head=1, totals=1),)


def result_table(evaluation: Evaluation, surveys: UnitSurveys | None) -> tuple[Block, ...]:
    """Return the survey indices and the performance, with respondents where they are known."""
    respondents = {
        result.survey.lke_question: str(result.respondents)
        for result in (surveys.results if surveys else ())
    }
    rows: list[tuple[Line, ...]] = []
    for row in result_rows(evaluation):
        question = row.question
        is_index = question.scale.kind == "index"
        asked = respondents.get(question.id) if is_index else words.NOTHING
        source: Line = words.NOTHING
        if is_index:
            source = "survei mandiri" if asked else Blank("survei mandiri atau TPN")
        need = words.NOTHING
        if row.outcome is not None:
            need = words.format_number(row.outcome.need)
            if row.need_index is not None:
                need += f"\n(indeks {words.format_number(row.need_index)})"
        rows.append(
            (
                question.id,
                question.text,
                row.answer,
                source,
                asked or Blank("jumlah responden"),
                words.format_points_against(row.got, row.outcome.need if row.outcome else 0.0),
                need,
            )
        )
    if not rows:
        return (Paragraph("Instrumen ini tidak memuat hasil survei."),)
    columns = (
        Column("Kode", 0.9),
        Column("Hasil", 3.2),
        Column("Jawaban", 1.3),
        Column("Sumber", 1.3),
        Column("Responden", 1.3, True),
        Column("Nilai", 0.9, True),
        Column("Ambang", 1.3, True),
    )
    return (Table("Hasil survei dan capaian kinerja", columns, tuple(rows), head=1),)


def threshold_table(evaluation: Evaluation) -> tuple[Block, ...]:
    """Return every minimum of the target with what was reached."""
    rows = tuple(
        (
            str(number),
            *_asked(evaluation, item),
            words.format_points_against(item.got, item.need),
            words.margin_text(item.margin),
            words.status_label(item.status),
        )
        for number, item in enumerate(evaluation.target.rules, 1)
    )
    columns = (
        NUMBER,
        Column("Ambang", 3.8),
        Column("Diminta", 1, True),
        Column("Nilai", 1, True),
        Column("Selisih", 1.3),
        Column("Keterangan", 1.8),
    )
    name = f"Pemenuhan ambang nilai {evaluation.target.predicate}"
    return (Table(name, columns, rows, head=1),)


def _asked(evaluation: Evaluation, item: RuleOutcome) -> tuple[str, str]:
    """Return a rule's title and what it asks; of a survey the index too, of this target alone."""
    instrument, need = evaluation.instrument, words.format_number(item.need)
    found = instrument.questions_of(item.rule.nodes)
    question = instrument.questions[found[0]] if len(found) == 1 else None
    if question is None or question.scale.kind != "index" or question.weight is None:
        return item.rule.title, need
    index = words.format_number(item.need / question.weight * question.scale.top)
    return item.rule.title.partition(" (")[0], f"{need}\n(indeks {index})"


def prerequisite_table(evaluation: Evaluation) -> tuple[Block, ...]:
    """Return every prerequisite of the target with what was stated."""
    outcomes = evaluation.target.prerequisites
    shown = prerequisite_rows(outcomes)
    rows = tuple(
        (
            str(number),
            row.title,
            "instansi" if item.prerequisite.who == "instansi" else "unit",
            row.need,
            row.got,
            f"tidak ditanyakan ({row.waived})" if row.waived else words.status_label(row.status),
        )
        for number, (item, row) in enumerate(zip(outcomes, shown, strict=True), 1)
    )
    columns = (
        NUMBER,
        Column("Prasyarat", 3.4),
        Column("Siapa", 0.9),
        Column("Diminta", 1.6),
        Column("Dinyatakan", 1.4),
        Column("Keterangan", 1.7),
    )
    name = f"Pemenuhan prasyarat pengusulan {evaluation.target.predicate}"
    return (Table(name, columns, rows, head=1),)


def follow_up_table(register: Register | None, today: date) -> tuple[Block, ...]:
    """Return what became of the recommendations of earlier periods; a blank where none is known."""
    found = register.before if register is not None else ()
    if not found:
        return (Paragraph(Blank("tindak lanjut unit atas rekomendasi LHE sebelumnya, bila ada")),)
    settled = sum(not item.is_open for item in found)
    rows = tuple(
        (
            str(number),
            (f"{origin_text(item)}\n", item.text),
            item.action or words.NOTHING,
            _proof(item),
            item.status.value if not item.is_open else f"{item.status}, {age_text(item, today)}",
        )
        for number, item in enumerate(found, 1)
    )
    columns = (
        NUMBER,
        Column("Rekomendasi", 3.2),
        Column("Tindak lanjut", 2.4),
        Column("Bukti dan pemeriksa", 2.2),
        Column("Status", 1.3),
    )
    said = (
        f"{settled} dari {len(found)} rekomendasi sebelumnya selesai; "
        f"{len(found) - settled} belum selesai dan tetap berlaku."
    )
    name = "Tindak lanjut rekomendasi sebelumnya"
    return (Paragraph(said, "closing"), Table(name, columns, rows, head=1))


def _proof(item: Recommendation) -> Line:
    """Return the proof of what was done and who looked at it; a blank where neither is known."""
    if item.is_open and not item.proof:
        return words.NOTHING
    seen = f"diperiksa {item.verified_by} {date_text(item.verified_on)}".rstrip()
    return (
        item.proof or Blank("bukti tindak lanjut"),
        "\n",
        seen if item.verified_by else Blank("yang memeriksa"),
    )
