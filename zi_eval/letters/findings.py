"""What the evaluation letter says of single questions, by area: praise, findings, advice.

A recommendation asks for the full standard of a question, beside what the TPI wrote itself: never
for the next better option, which may still be a bad one ("tidak berkala"). What has happened is
not asked to change, and of a survey the weakest elements are mended, never the index.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from zi_eval.core.assessment import Answer, Value
from zi_eval.core.evaluation import Evaluation
from zi_eval.core.instrument import Question
from zi_eval.core.proven import score_proven
from zi_eval.core.verdict import TOLERANCE, PrerequisiteOutcome, Status
from zi_eval.report.documents.content import (
    Blank,
    Block,
    Bullets,
    Heading,
    Inline,
    Line,
    Paragraph,
    Strong,
)
from zi_eval.report.tables import missing_evidence, prerequisite_rows
from zi_eval.report.titles import area_of, outcome_for
from zi_eval.report.words import (
    answer_text,
    format_count,
    format_number,
    format_percent,
)
from zi_eval.survey.unit import UnitSurveys

__all__ = [
    "gap_blocks",
    "note_blocks",
    "praise_blocks",
    "recommendation_blocks",
    "recommended",
    "remarked",
]

PREREQUISITES: Final = "Prasyarat pengusulan"
PRAISED: Final = 0.9
"""Share of its weight from which an area is named among what is good."""
BASED: Final = re.compile(r"^Syarat [A-E] terpenuhi, dan (\w)")
"""How an option begins that builds on the one below it: of no use where that is not at hand."""
WEAKEST: Final = 2
"""How many of the weakest elements of a survey are named."""


def _answer(evaluation: Evaluation, question: str) -> Answer:
    return evaluation.assessment.answers.get(question, Answer())


def _value(evaluation: Evaluation, question: str) -> float | None:
    return evaluation.card.values[question].value


def _is_full(evaluation: Evaluation, key: str) -> bool:
    """Whether a question lacks nothing: full value, of an index all that its rule asks."""
    question, value = evaluation.instrument.questions[key], _value(evaluation, key)
    if question.scale.kind == "index":
        rule = outcome_for(evaluation.instrument, evaluation.target, (key,))
        if rule is not None:
            return rule.status is Status.MET
    return value is not None and value >= 1 - TOLERANCE


def _is_lowered(evaluation: Evaluation, question: str) -> bool:
    stated, found = evaluation.unit_card.values[question].value, _value(evaluation, question)
    return stated is not None and found is not None and found < stated - TOLERANCE


def _is_raised(evaluation: Evaluation, question: str) -> bool:
    stated, found = evaluation.unit_card.values[question].value, _value(evaluation, question)
    return stated is not None and found is not None and found > stated + TOLERANCE


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


def _differing_text(question: Question, unit: Value | None, tpi: Value) -> str:
    """Say how the TPI answers otherwise; of a ratio only the counts that differ."""
    if isinstance(tpi, tuple) and isinstance(unit, tuple):
        pairs = zip(question.asked_inputs, unit, tpi, strict=True)
        counts = "; ".join(
            f"{item.text}: {_count(stated)} menurut unit, {_count(found)} menurut TPI"
            for item, stated, found in pairs
            if stated != found
        )
        return f" {counts}."
    said = f" Unit menjawab {answer_text(question, unit)}; TPI menilai {answer_text(question, tpi)}"
    return f"{said}{_option_text(question, tpi)}"


def _count(number: float | None) -> str:
    return "tidak diisi" if number is None else format_count(number)


def _option_text(question: Question, answer: Value | None) -> str:
    """Return what an option states, as the end of a sentence."""
    option = question.options.get(answer, "") if isinstance(answer, str) else ""
    told = BASED.sub(lambda found: found[1].upper(), option)
    return f": {_sentence(told)}" if told else "."


def _remark(evaluation: Evaluation, key: str) -> Line:
    """Return one question with its answers and what the TPI wrote."""
    question, answer = evaluation.instrument.questions[key], _answer(evaluation, key)
    said = f" {_sentence(question.text)}"
    if answer.tpi is not None and answer.tpi != answer.unit:
        said += _differing_text(question, answer.unit, answer.tpi)
    elif answer.tpi is not None and not _is_full(evaluation, key):
        found = answer_text(question, answer.tpi)
        said += f" TPI sependapat dengan jawaban unit, {found}{_option_text(question, answer.tpi)}"
    if answer.returned.strip():
        said += f" Dikembalikan kepada unit: {_sentence(answer.returned)}"
    if answer.tpi_note.strip():
        said += f" Catatan TPI: {_sentence(answer.tpi_note)}"
    return (Strong(key), said)


def _is_finding(evaluation: Evaluation, key: str) -> bool:
    answer = _answer(evaluation, key)
    if answer.returned.strip() or _is_lowered(evaluation, key):
        return True
    is_less = not _is_full(evaluation, key) and not _is_raised(evaluation, key)
    return bool(answer.tpi_note.strip()) and is_less


def note_blocks(evaluation: Evaluation) -> tuple[Block, ...]:
    """Return the findings: what the TPI lowered or sent back, and its notes on what lacks."""
    questions = evaluation.instrument.questions
    found = {key: _remark(evaluation, key) for key in questions if _is_finding(evaluation, key)}
    if not found:
        return (Paragraph("TPI sependapat dengan semua jawaban unit dan tidak mencatat temuan."),)
    return _lists(_by_area(evaluation, found))


def praise_blocks(evaluation: Evaluation) -> tuple[Block, ...]:
    """Return what is good: areas near their weight, and notes on what lacks nothing."""
    instrument, card = evaluation.instrument, evaluation.card
    items: list[Line] = []
    for area in instrument.areas:
        weight = sum(instrument.nodes[node].weight for node in area.nodes)
        scores = [card.nodes[node].score for node in area.nodes]
        got = sum(score for score in scores if score is not None)
        if None not in scores and got >= PRAISED * weight - TOLERANCE:
            items.append(
                f"Area {area.title} mencapai {format_number(got)} dari {format_count(weight)} "
                f"({format_percent(got / weight)})."
            )
    items += [
        _remark(evaluation, key)
        for key in instrument.questions
        if not _is_finding(evaluation, key)
        and (_is_raised(evaluation, key) or _answer(evaluation, key).tpi_note.strip())
    ]
    if not items:
        return (Paragraph(Blank("hal positif yang patut dipertahankan")),)
    return (Bullets(tuple(items), is_numbered=True),)


def gap_blocks(evaluation: Evaluation) -> tuple[Block, ...]:
    """Return the answered questions without evidence."""
    gaps = missing_evidence(evaluation)
    if not gaps:
        return (Paragraph("Semua pertanyaan yang dijawab disertai bukti dukung."),)
    count = sum(len(questions) for _, questions in gaps)
    proven = format_number(score_proven(evaluation))
    items: list[Line] = [
        (Strong(place), f": {', '.join(question.id for question in questions)}")
        for place, questions in gaps
    ]
    return (
        Paragraph(f"{count} pertanyaan yang sudah dijawab belum disertai bukti dukung:"),
        Bullets(tuple(items)),
        Paragraph(
            f"Bila hanya jawaban yang disertai bukti dukung yang dihitung, nilainya {proven}."
        ),
    )


def recommendation_blocks(
    evaluation: Evaluation,
    raised: Sequence[str] | None,
    surveys: UnitSurveys | None = None,
    addressee: str = "pimpinan unit",
) -> tuple[Block, ...]:
    """Return what the unit is asked to see to: the full standard of each question.

    Parameters
    ----------
    raised
        The questions of the shortest way to the target, beside those with findings; None where
        there is no way: then all that lack something in the thresholds not reached.
    surveys
        Tell the weakest elements of an index.
    addressee
        Who is asked.
    """
    verdict = evaluation.target
    said = recommended(evaluation, raised, surveys)
    lines: dict[str, Line] = {key: (Strong(key), " ", *parts) for key, parts in said.items()}
    groups = list(_by_area(evaluation, lines))
    facts = (*verdict.failed_prerequisites, *verdict.unknown_prerequisites)
    if facts:
        groups.append((PREREQUISITES, [_fact_text(item) for item in facts]))
    gaps = sum(len(questions) for _, questions in missing_evidence(evaluation))
    if gaps:
        asked = f"Bukti dukung atas {gaps} pertanyaan yang disebut di atas dilengkapi."
        groups.append(("Bukti dukung", [asked]))
    if not groups:
        return (Paragraph("Tidak ada rekomendasi khusus; pertahankan yang sudah dicapai."),)
    lead = f"Kami merekomendasikan kepada {addressee} agar memastikan hal-hal berikut."
    return (Paragraph(lead, "closing"), *_lists(groups))


def recommended(
    evaluation: Evaluation, raised: Sequence[str] | None, surveys: UnitSurveys | None = None
) -> Mapping[str, tuple[Inline, ...]]:
    """Return what is recommended, by question; as :func:`recommendation_blocks`."""
    instrument = evaluation.instrument
    if raised is None:
        nodes = [node for item in evaluation.target.failed_rules for node in item.rule.nodes]
        raised = instrument.questions_of(nodes)
    asked = {key for key in raised if not _is_full(evaluation, key)}
    found: dict[str, tuple[Inline, ...]] = {}
    for key, question in instrument.questions.items():
        answer = _answer(evaluation, key)
        if key not in asked and not _is_finding(evaluation, key):
            continue
        parts: list[Inline] = [*_standard(question, surveys)]
        if answer.returned.strip():
            parts.append(f" Yang diminta TPI: {_sentence(answer.returned)}")
        if answer.tpi_note.strip() and _is_finding(evaluation, key):
            parts.append(f" Catatan TPI: {_sentence(answer.tpi_note)}")
        found[key] = tuple(parts)
    return found


def remarked(evaluation: Evaluation) -> Mapping[str, str]:
    """Return what the TPI wrote of what lacks something, by question: sent back, or noted."""
    found = {}
    for key in evaluation.instrument.questions:
        answer = _answer(evaluation, key)
        said = answer.returned.strip() or answer.tpi_note.strip()
        if said and _is_finding(evaluation, key):
            found[key] = _sentence(said)
    return found


def _standard(question: Question, surveys: UnitSurveys | None) -> tuple[Inline, ...]:
    """Return the full standard of a question; of a survey with its weakest elements."""
    if question.scale.kind != "index":
        return (_sentence(question.full_standard),)
    for result in surveys.results if surveys else ():
        if result.survey.lke_question == question.id and result.weakest:
            named = ", ".join(
                f"{item.element.name} ({format_number(item.index)})"
                for item in result.weakest[:WEAKEST]
            )
            return (f"{question.full_standard}: {named}.",)
    return (f"{question.full_standard}: ", Blank("unsur terendah menurut laporan survei"), ".")


def _fact_text(item: PrerequisiteOutcome) -> str:
    (row,) = prerequisite_rows([item])
    if item.got is None:
        return f"{row.title} dinyatakan beserta buktinya (diminta {row.need})."
    said = f"{row.title}: diminta {row.need}, dinyatakan {row.got}."
    if item.prerequisite.who == "unit":
        return f"{said} Kekurangannya dipenuhi sebelum pengusulan."
    return f"{said} Ini di luar kewenangan unit dan disampaikan kepada pimpinan instansi."
