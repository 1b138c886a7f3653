"""Words about trends: how much, why, what became of the verdict; and all of it as text."""

from __future__ import annotations

from typing import Final

from zi_eval.core.assessment import NOT_APPLICABLE, Value
from zi_eval.core.instrument import Question
from zi_eval.core.verdict import TOLERANCE, Verdict
from zi_eval.report.words import (
    NOTHING,
    fact_text,
    format_count,
    format_margin,
    format_number,
    status_label,
)
from zi_eval.trends.agency import AgencyStep, Trends
from zi_eval.trends.parts import QuestionStep
from zi_eval.trends.unit import NeedChange, Step

__all__ = [
    "agency_lead",
    "answers_text",
    "instrument_text",
    "moved_text",
    "need_text",
    "points_text",
    "question_text",
    "render_trends",
    "short_answer",
    "step_lead",
    "verdict_sentences",
]

MOST: Final = 8
"""Questions shown as text of one step."""


def points_text(points: float | None) -> str:
    """Write points with their sign; what is no more than rounding reads 0,00."""
    return NOTHING if points is None else format_margin(points)


def moved_text(change: float) -> str:
    """Say a change in words: ``naik 5,27 poin``, ``tetap``."""
    if abs(change) <= TOLERANCE:
        return "tetap"
    return f"{'naik' if change > 0 else 'turun'} {format_number(abs(change))} poin"


def step_lead(step: Step) -> str:
    """Say how the total of a unit moved between two periods."""
    before, now = step.before, step.now
    then, today = (format_number(item.card.total.score) for item in (before, now))
    return (
        f"Nilai {moved_text(step.change)}: {then} pada {before.assessment.period}, {today} pada "
        f"{now.assessment.period}."
    )


def answers_text(step: Step) -> str:
    """Say how many answers moved the total up and down, and what is open now."""
    up = [item.answers for item in step.questions if item.answers > TOLERANCE]
    down = [
        item.answers for item in step.questions if item.answers < -TOLERANCE and not item.is_emptied
    ]
    parts = []
    if up:
        parts.append(f"{len(up)} menaikkan {format_number(sum(up))}")
    if down:
        parts.append(f"{len(down)} menurunkan {format_number(-sum(down))}")
    emptied = sum(item.is_emptied for item in step.questions)
    if emptied:
        parts.append(
            f"{emptied} yang dulu dijawab kini belum dijawab ({points_text(step.unanswered)})"
        )
    return ", ".join(parts) or "tidak ada yang menggeser nilai"


def instrument_text(step: Step) -> str:
    """Say what weights, scales and questions of the instrument moved."""
    if step.is_same_instrument:
        return "pertanyaan, bobot, dan skalanya sama"
    new = sum(item.earlier_id is None for item in step.questions)
    gone = sum(item.id is None for item in step.questions)
    before, now = step.before.instrument, step.now.instrument
    said = f"dari {before.id} versi {before.version} ke {now.id} versi {now.version}"
    parts = [f"{count} {word}" for count, word in ((new, "baru"), (gone, "hilang")) if count]
    return f"{said}; pertanyaan {', '.join(parts)}" if parts else said


def verdict_sentences(step: Step) -> tuple[str, ...]:
    """Say what became of the verdict, and whether rules or answers changed it."""
    found, before, now = step.verdict, step.before, step.now
    then, today = before.assessment.period, now.assessment.period
    if found.before is None:
        first = f"{found.now.predicate} belum ada pada aturan {then}."
    elif now.rules.bands:
        first = (
            f"Predikat {found.before.predicate} pada {then}, {found.now.predicate} pada {today}."
        )
    else:
        first = (
            f"{found.now.predicate}: {status_label(found.before.status)} pada {then}, "
            f"{status_label(found.now.status)} pada {today}."
        )
    return first, _rules_sentence(step)


def _outcome_text(verdict: Verdict, is_banded: bool) -> str:
    return verdict.predicate if is_banded else status_label(verdict.status)


def _rules_sentence(step: Step) -> str:
    found, then = step.verdict, step.before.assessment.period
    if found.by_earlier_rules is found.now:
        if found.is_changed_by_answers:
            return "Aturannya sama: yang mengubah putusan adalah jawaban atau syarat."
        return "Aturannya sama."
    if found.by_earlier_rules is None:
        return f"Aturan {then} tidak dapat diterapkan pada jawaban sekarang."
    said = _outcome_text(found.by_earlier_rules, bool(step.now.rules.bands))
    if found.is_changed_by_rules:
        return f"Aturannya berubah: dengan aturan {then} hasil sekarang akan {said}."
    return f"Aturannya berubah, tetapi dengan aturan {then} hasilnya sama."


def need_text(change: NeedChange) -> str:
    """Say what a rule asked then and asks now."""

    def said(need: float | bool | str | None) -> str:
        if need is None:
            return "tidak diminta"
        return format_count(need) if isinstance(need, float) else fact_text(need)

    return f"{change.title}: {said(change.before)} → {said(change.now)}"


def short_answer(question: Question | None, answer: Value | None, value: float | None) -> str:
    """Write an answer so shortly that two stand beside each other."""
    if question is None:
        return "tidak ditanyakan"
    if value is None:
        return "belum dijawab"
    if answer is NOT_APPLICABLE:
        return "tidak berlaku"
    if isinstance(answer, tuple) or answer is None:
        return f"nilai {format_number(value)}"
    return answer if isinstance(answer, str) else format_number(float(answer))


def question_text(step: Step, item: QuestionStep) -> str:
    """Return the text of a question, from the instrument that has it."""
    if item.id is not None:
        return step.now.instrument.questions[item.id].text
    return step.before.instrument.questions[item.earlier_id or ""].text


def agency_lead(step: AgencyStep) -> tuple[str, ...]:
    """Say how the units moved between two periods."""
    change = step.now - step.before
    count = len(step.compared)
    complete = "" if not step.incomplete else " yang lengkap pada keduanya"
    sentences = [
        f"Rata-rata {count} unit{complete} {moved_text(change)}: "
        f"{format_number(step.before)} pada {step.before_period}, {format_number(step.now)} pada "
        f"{step.now_period}."
    ]
    up = sum(item.change > TOLERANCE for item in step.compared)
    down = sum(item.change < -TOLERANCE for item in step.compared)
    sentences.append(f"{up} unit naik, {down} turun.")
    if abs(step.instrument) > TOLERANCE:
        sentences.append(
            f"Dari perubahan itu {points_text(step.answers)} karena jawaban dan "
            f"{points_text(step.instrument)} karena bobot dan skala instrumen."
        )
    if step.changed_by_rules:
        sentences.append(
            f"Pada {len(step.changed_by_rules)} unit putusannya berubah karena aturan, bukan nilai."
        )
    return tuple(sentences)


def render_trends(data: Trends) -> str:
    """Return the trends of a unit or an agency as text, the latest step first."""
    lines = [data.title]
    for step in reversed(data.unit.steps if data.unit else ()):
        lines += ["", *_unit_lines(step)]
    for whole in reversed(data.agency.steps if data.agency else ()):
        lines += ["", *_agency_lines(whole)]
    return "\n".join(lines)


def _unit_lines(step: Step) -> list[str]:
    lines = [
        step_lead(step),
        f"  Jawaban          {points_text(step.answers):>8}  {answers_text(step)}",
        f"  Bobot dan skala  {points_text(step.instrument):>8}  {instrument_text(step)}",
        f"  Aturan                     {' '.join(verdict_sentences(step))}",
    ]
    moved = [item for item in step.questions if abs(item.answers) > TOLERANCE]
    for item in sorted(moved, key=lambda q: -abs(q.answers))[:MOST]:
        then = step.before.instrument.questions.get(item.earlier_id or "")
        today = step.now.instrument.questions.get(item.id or "")
        said = (
            f"{short_answer(then, item.before, item.before_value)} → "
            f"{short_answer(today, item.now, item.now_value)}"
        )
        lines.append(
            f"  {points_text(item.answers):>7}  {item.name}  {said}  {question_text(step, item)}"
        )
    if len(moved) > MOST:
        lines.append(f"  dan {len(moved) - MOST} pertanyaan lain")
    return lines


def _agency_lines(step: AgencyStep) -> list[str]:
    lines = list(agency_lead(step))
    incomplete = {item.now.assessment.unit.id for item in step.incomplete}
    for item in sorted(step.steps, key=lambda s: -s.change):
        unit = item.now.assessment.unit
        note = "  (belum lengkap)" if unit.id in incomplete else ""
        lines.append(f"  {points_text(item.change):>7}  {unit.name or unit.id}{note}")
    return lines
