"""Notes, gaps and recommendations of the evaluation letter, by area."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from zi_eval.core.assessment import Answer
from zi_eval.core.evaluation import Evaluation
from zi_eval.core.instrument import Question
from zi_eval.core.verdict import TOLERANCE
from zi_eval.improvement.way import Move
from zi_eval.report.documents.content import Block, Bullets, Heading, Line, Paragraph, Strong
from zi_eval.report.tables import area_of, difference_rows, missing_evidence
from zi_eval.report.words import answer_text, fact_text

__all__ = ["gap_blocks", "note_blocks", "recommendation_blocks"]

PREREQUISITES = "Prasyarat pengusulan"


def _answer(evaluation: Evaluation, question: str) -> Answer:
    return evaluation.assessment.answers.get(question, Answer())


def _by_area(
    evaluation: Evaluation, lines: Mapping[str, Line]
) -> tuple[tuple[str, list[Line]], ...]:
    """Return lines by question as lines by area: first the areas, then what is in none."""
    instrument = evaluation.instrument
    areas: dict[str, list[Line]] = {area.title: [] for area in instrument.areas}
    for key in instrument.questions:
        if key in lines:
            areas.setdefault(area_of(instrument, key), []).append(lines[key])
    return tuple((title, items) for title, items in areas.items() if items)


def _sentence(text: str) -> str:
    """Return a text with a full stop where it has no end of its own."""
    said = text.strip()
    return said if said.endswith((".", "?", "!")) else f"{said}."


def _lists(groups: Iterable[tuple[str, list[Line]]]) -> tuple[Block, ...]:
    return tuple(
        block
        for title, items in groups
        for block in (Heading(3, title), Bullets(tuple(items), is_numbered=True))
    )


def note_blocks(evaluation: Evaluation) -> tuple[Block, ...]:
    """Return what the TPI noted, and where it answers otherwise than the unit."""
    differing = {row.question.id: row for row in difference_rows(evaluation)}
    lines: dict[str, Line] = {}
    for key, question in evaluation.instrument.questions.items():
        note = _answer(evaluation, key).tpi_note.strip()
        row = differing.get(key)
        if not note and row is None:
            continue
        said = f" {_sentence(question.text)}"
        if row is not None:
            said += f" Jawaban unit: {row.unit_answer}; jawaban TPI: {row.tpi_answer}."
        if note:
            said += f" Catatan TPI: {_sentence(note)}"
        lines[key] = (Strong(key), said)
    if not lines:
        return (Paragraph("TPI tidak memberi catatan, dan jawabannya sama dengan jawaban unit."),)
    return _lists(_by_area(evaluation, lines))


def gap_blocks(evaluation: Evaluation) -> tuple[Block, ...]:
    """Return the answered questions without evidence."""
    gaps = missing_evidence(evaluation)
    if not gaps:
        return (Paragraph("Semua pertanyaan yang dijawab disertai bukti dukung."),)
    count = sum(len(questions) for _, questions in gaps)
    items: list[Line] = [
        (Strong(place), f": {', '.join(question.id for question in questions)}")
        for place, questions in gaps
    ]
    return (
        Paragraph(f"{count} pertanyaan yang sudah dijawab belum disertai bukti dukung:"),
        Bullets(tuple(items)),
    )


def recommendation_blocks(evaluation: Evaluation, actions: Sequence[Move]) -> tuple[Block, ...]:
    """Return what the unit is asked to do: mend, follow up, raise, prove.

    Parameters
    ----------
    actions
        The answers to raise of the shortest way to the target.
    """
    raised = {move.question.id: _raise_text(move) for move in actions}
    lines: dict[str, Line] = {}
    for key in evaluation.instrument.questions:
        said = _mend_text(evaluation, key) + raised.get(key, "")
        if said:
            lines[key] = (Strong(key), said)
    groups = list(_by_area(evaluation, lines))
    unmet: list[Line] = [
        f"Penuhi prasyarat {item.prerequisite.title}: diminta "
        f"{fact_text(item.need, item.prerequisite.unit_of_measure)}, dinyatakan "
        f"{fact_text(item.got, item.prerequisite.unit_of_measure)}."
        for item in evaluation.target.failed_prerequisites
    ]
    unmet += [
        f"Nyatakan prasyarat {item.prerequisite.title}."
        for item in evaluation.target.unknown_prerequisites
    ]
    if unmet:
        groups.append((PREREQUISITES, unmet))
    gaps = sum(len(questions) for _, questions in missing_evidence(evaluation))
    if gaps:
        said = f"Lengkapi bukti dukung {gaps} pertanyaan pada bagian sebelumnya."
        groups.append(("Bukti dukung", [said]))
    if not groups:
        return (Paragraph("Tidak ada rekomendasi khusus; pertahankan yang sudah dicapai."),)
    return _lists(groups)


def _mend_text(evaluation: Evaluation, key: str) -> str:
    """Return what the TPI asks of one question: what it sent back, or why it answers lower."""
    answer = _answer(evaluation, key)
    if answer.returned.strip():
        return f" Perbaiki yang dikembalikan TPI: {_sentence(answer.returned)}"
    stated, found = evaluation.unit_card.values[key].value, evaluation.card.values[key].value
    is_lower = stated is not None and found is not None and found < stated - TOLERANCE
    if is_lower and answer.tpi_note.strip():
        return f" Tindak lanjuti catatan TPI: {_sentence(answer.tpi_note)}"
    return ""


def _raise_text(move: Move) -> str:
    question: Question = move.question
    then = answer_text(question, move.then)
    if question.scale.kind == "index":
        return f" Tingkatkan mutu layanan agar indeks survei mencapai sedikitnya {then}."
    option = question.options.get(str(move.then), "") if isinstance(move.then, str) else ""
    meaning = f" ({option})" if option else ""
    if move.now is None:
        return f" Jawab pertanyaan ini, dan penuhi {then}{meaning}."
    return f" Tingkatkan dari {answer_text(question, move.now)} ke {then}{meaning}."
