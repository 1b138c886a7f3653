"""A unit's surveys as plain text, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from zi_eval.report.words import format_number, format_percent
from zi_eval.survey.page.words import (
    against_text,
    alpha_text,
    chance_text,
    doubt_title,
    given_text,
    group_name,
    index_text,
    interval_text,
    proposed_text,
    rows_text,
    weakest_text,
)
from zi_eval.survey.result import SurveyResult
from zi_eval.survey.unit import UnitSurveys

__all__ = ["render_surveys"]


def _one_line(text: str) -> str:
    """Return untrusted text without anything that moves a terminal's cursor."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _result(result: SurveyResult) -> Iterator[str]:
    survey, sample = result.survey, result.sample
    quality = f", mutu {result.band.letter}" if result.band else ""
    yield f"{survey.short}: {index_text(result)} dari 4 (95 %: {interval_text(result.interval)})"
    yield (
        f"  Nilai {format_number(result.hundred)}{quality}; {result.respondents} responden, "
        f"sedikitnya {sample.minimum}{'' if sample.is_enough else ': belum cukup'}"
    )
    for item in result.chances:
        need = format_number(item.mark.need)
        yield f"  Ambang {item.mark.name} {need}: {chance_text(item)}"
    yield f"  {_one_line(weakest_text(result))}"
    for element in result.weakest:
        name = _one_line(f"{element.element.code} {element.element.name}")
        yield (
            f"    {name:<46.46} {format_number(element.index)}  {interval_text(element.interval)}"
            + (f"  {element.missing} tidak menjawab" if element.missing else "")
        )
    for title, groups in (("layanan", result.services), ("saluran", result.channels)):
        for group in groups:
            name = _one_line(group_name(group))
            shown = f"{format_number(group.index)}  {interval_text(group.interval)}"
            yield f"  {title} {name:<40.40} {group.respondents:>5}  {shown}"
    for doubt in result.doubts:
        share = format_percent(len(doubt.rows) / result.respondents)
        yield (
            f"  {doubt_title(doubt.kind)}: {len(doubt.rows)} ({share}), tanpa itu "
            f"{against_text(result, doubt.index)}; baris {rows_text(doubt.rows)}"
        )
    yield f"  Alfa Cronbach {alpha_text(result.alpha)}; konversi: {survey.conversion_text}"
    if result.data.personal:
        yield f"  Kolom data pribadi tidak dibaca: {_one_line(', '.join(result.data.personal))}"


def render_surveys(data: UnitSurveys) -> str:
    """Return indices, elements, doubts and proposals as text; comments are left to the page."""
    lines = [f"{_one_line(data.name)}, survei", ""]
    for result in data.results:
        lines += [*_result(result), ""]
    lines.append("Usulan jawaban LKE:")
    for proposal in data.proposals:
        given = data.answers.get(proposal.question)
        note = "jawaban di LKE berbeda" if proposal.differs(given) else "jawaban di LKE"
        said = proposed_text(proposal) + (" (sementara)" if proposal.is_provisional else "")
        lines.append(f"  {proposal.question}: {said}; {note}: {given_text(given)}")
        lines += [f"    {_one_line(reason)}" for reason in proposal.reasons]
    if not data.proposals:
        lines.append("  Survei ini tidak menjawab pertanyaan LKE.")
    return "\n".join(lines)
