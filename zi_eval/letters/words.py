"""Sentences of the evaluation letter that say where a unit stands: exactly the verdict, no more."""

from __future__ import annotations

from typing import Final

from zi_eval.core.evaluation import Evaluation
from zi_eval.core.verdict import TOLERANCE, Status
from zi_eval.report.titles import rule_name, total_outcome
from zi_eval.report.words import (
    fact_text,
    format_count,
    format_number,
    format_points_against,
    margin_text,
)

__all__ = [
    "audit_text",
    "conclusion_text",
    "coverage_text",
    "rules_text",
    "score_text",
    "warnings_of",
]

FOLLOW_UP: Final = "tindak_lanjut"
"""The prerequisite that states the follow-up of audit findings."""


def score_text(evaluation: Evaluation) -> str:
    """Say the total beside its minimum; an incomplete one is called provisional."""
    card, total = evaluation.card, total_outcome(evaluation)
    if card.total.score is None:
        return "Nilai hasil evaluasi belum ada, karena belum ada pertanyaan yang dijawab."
    name = "Nilai sementara" if card.open_questions else "Nilai hasil evaluasi"
    weight = format_count(evaluation.instrument.weight)
    if total is None or total.got is None:
        return f"{name} {format_number(card.total.score)} dari {weight}."
    said = (
        f"{name} {format_points_against(total.got, total.need)} dari {weight}, "
        f"{_distance(total.got - total.need)} ambang {evaluation.target.predicate} "
        f"({format_count(total.need)})."
    )
    if card.open_questions:
        said += (
            f" {len(card.open_questions)} dari {card.total.questions} pertanyaan belum dijawab; "
            f"nilai akhir akan berada antara {format_number(card.total.floor)} dan "
            f"{format_number(card.total.ceiling)}."
        )
    return said


def _distance(margin: float) -> str:
    """Say on which side of a minimum a score stands, and how far."""
    if abs(margin) <= TOLERANCE:
        return "tepat di"
    return f"{format_number(abs(margin))} di {'atas' if margin > 0 else 'bawah'}"


def coverage_text(evaluation: Evaluation) -> str:
    """Say how many questions the TPI answered itself, and whose answers stand for the others."""
    card = evaluation.card
    taken = len(card.taken_over)
    said = f"TPI menjawab {card.total.answered - taken} dari {card.total.questions} pertanyaan"
    return f"{said}; pada {taken} pertanyaan dipakai jawaban unit." if taken else f"{said}."


def conclusion_text(evaluation: Evaluation) -> str:
    """Say the verdict on the target, why, and who decides; it promises no predicate."""
    verdict, unit = evaluation.target, evaluation.assessment.unit.name
    rules = evaluation.rules.title.removeprefix("Ambang ")
    what = f"kriteria {verdict.predicate} menurut {rules}"
    if verdict.status is Status.MET:
        said = (
            f"{unit} memenuhi {what}: semua ambang nilai tercapai dan semua prasyarat terpenuhi. "
            "Pengusulan diputuskan pimpinan instansi, dan penetapan predikat merupakan kewenangan "
            "tim penilai nasional."
        )
    elif verdict.status is Status.NOT_MET:
        said = f"{unit} belum memenuhi {what}.{_reasons(evaluation)}"
    else:
        said = f"Pemenuhan {what} oleh {unit} belum dapat disimpulkan.{_reasons(evaluation)}"
    if verdict.doubts:
        more = f", dan {len(verdict.doubts) - 1} hal lain" if len(verdict.doubts) > 1 else ""
        said += f" Yang masih harus dijernihkan: {verdict.doubts[0].rstrip('.')}{more}."
    if verdict.explained:
        said += f" Keraguan yang dijelaskan secara tertulis: {' '.join(verdict.explained)}"
    if evaluation.assessment.final is None:
        said += " Simpulan ini sementara, karena evaluasi TPI belum dinyatakan final."
    return said


def _reasons(evaluation: Evaluation) -> str:
    verdict, instrument = evaluation.target, evaluation.instrument
    said = ""
    failed = [item for item in verdict.failed_rules if item.got is not None]
    if failed:
        named = "; ".join(
            f"{rule_name(instrument, item.rule)} ({margin_text(item.margin)})" for item in failed
        )
        so_far = "untuk sementara " if verdict.open_questions else ""
        said += f" Ambang yang {so_far}belum tercapai: {named}."
    if verdict.failed_prerequisites:
        named = "; ".join(item.prerequisite.title for item in verdict.failed_prerequisites)
        said += f" Prasyarat yang belum terpenuhi: {named}."
    if verdict.unknown_prerequisites:
        named = "; ".join(item.prerequisite.title for item in verdict.unknown_prerequisites)
        said += f" Prasyarat yang belum dinyatakan: {named}."
    if verdict.open_questions:
        count = len(verdict.open_questions)
        said += f" {count} dari {evaluation.card.total.questions} pertanyaan belum dijawab."
    return said


def audit_text(evaluation: Evaluation) -> str:
    """Say how far the findings of auditors are followed up; empty where nobody states it."""
    for item in evaluation.target.prerequisites:
        fact = item.prerequisite
        if fact.id == FOLLOW_UP and item.got is not None:
            return f"{fact.title} dinyatakan {fact_text(item.got, fact.unit_of_measure)}."
    return ""


def rules_text(evaluation: Evaluation) -> str:
    """Say by which rule set was judged, and that the figures are computed."""
    rules = evaluation.rules
    return (
        f"Ambang dan prasyarat: {rules.title} ({rules.date}). Sumber: {rules.source}. Nilai dan "
        "keterangan dalam laporan ini dihitung dari jawaban dan pernyataan dalam berkas unit dan "
        "instansi; kebenarannya menjadi tanggung jawab yang menyatakan."
    )


def warnings_of(evaluation: Evaluation) -> tuple[str, ...]:
    """Return what must be seen before the letter is sent; nothing where all is settled."""
    said = []
    if evaluation.assessment.final is None:
        said.append(
            "PERINGATAN: evaluasi TPI atas unit ini belum dinyatakan final. Laporan ini draf dan "
            "tidak untuk diterbitkan; buat ulang setelah evaluasi final."
        )
    if evaluation.card.taken_over:
        said.append(
            f"PERINGATAN: {len(evaluation.card.taken_over)} pertanyaan belum dijawab TPI; nilainya "
            "masih memakai jawaban unit."
        )
    return tuple(said)
