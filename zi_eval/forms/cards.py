"""What the screen shows of one question, and of the identity page, as plain values for JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from zi_eval.core.assessment import Answer, Stage
from zi_eval.core.evaluation import Evaluation
from zi_eval.core.instrument import Question
from zi_eval.core.proposals import Proposal
from zi_eval.core.trace import trace_score
from zi_eval.core.verdict import PrerequisiteOutcome, Status
from zi_eval.forms.evidence import taken_for
from zi_eval.forms.proposals import UNLIKE, fact_state, proposal_state
from zi_eval.journal.fields import Change, FieldPlace, Role
from zi_eval.period.answers import dump_value
from zi_eval.report import words
from zi_eval.report.tables import answer_line, evidence_links
from zi_eval.screen.words import person_text, plain_text, short_time

__all__ = [
    "FIELD_WORDS",
    "identity_values",
    "question_state",
]

TPI_ROLES = (Role.MEMBER, Role.LEADER, Role.SUPERVISOR)
FIELD_WORDS = {
    "unit": "jawaban unit",
    "tpi": "jawaban TPI",
    "catatan": "catatan unit",
    "catatan_tpi": "catatan TPI",
    "bukti": "bukti",
    "tidak_berlaku": "alasan tidak berlaku",
    "kembali": "dikembalikan",
    "final": "status final",
}


def _computed(evaluation: Evaluation, question: Question) -> str:
    value = evaluation.card.values[question.id]
    if question.scale.kind == "choice" or value.answer is None:
        return ""
    derived = [
        f"{item.text.partition(',')[0]}: {words.format_count(number)}."
        for item, number in zip(question.inputs, value.inputs, strict=False)
        if item.is_derived
    ]
    trace = trace_score(evaluation.instrument, evaluation.card, question.id)
    if value.value is None:
        said = "Nilai belum ada: isi semua bilangan."
    else:
        said = f"Nilai {words.format_number(value.value)} ({words.formula_text(trace)})."
    return " ".join([*derived, said])


def _unit_status(answer: Answer, is_open: bool, is_again: bool) -> tuple[str, str, str]:
    if answer.returned and not is_again:
        return "back", "↩", "dikembalikan TPI"
    if is_open:
        return (
            ("part", "◐", "belum lengkap")
            if answer.unit is not None
            else ("open", "○", "belum dijawab")
        )
    return ("again", "↻", "dijawab lagi") if answer.returned else ("done", "✓", "terjawab")


def _tpi_status(
    answer: Answer, is_checked: bool, is_again: bool, before: Change | None
) -> tuple[str, str, str]:
    if is_again:
        return "again", "↻", "dijawab lagi oleh unit"
    if answer.returned:
        return "back", "↩", "dikembalikan"
    if not is_checked and before is not None:
        return "part", "◐", f"diperiksa {before.person.role.value}, belum oleh Anda"
    if not is_checked:
        return "open", "○", "belum diperiksa"
    if answer.tpi is not None and answer.tpi != answer.unit:
        return "differs", "≠", "berbeda dari unit"
    return "done", "✓", "diperiksa"


def question_state(
    evaluation: Evaluation,
    question: Question,
    role: Role,
    decisions: Mapping[Role, Change],
    *,
    is_again: bool,
    returned_by: Change | None,
    warnings: Sequence[str],
    folder: Path,
    proposals: Sequence[Proposal] = (),
) -> dict[str, Any]:
    """Return all that the card of a question shows to ``role``.

    Parameters
    ----------
    decisions
        The last decision of each level of the TPI on the question.
    is_again
        Whether the unit changed something since the question was sent back.
    returned_by
        The change that sent it back.
    warnings
        Findings about its answer.
    folder
        The unit's folder of evidence.
    proposals
        What data propose as its answer.
    """
    assessment, instrument = evaluation.assessment, evaluation.instrument
    answer = assessment.answers.get(question.id, Answer())
    is_open = evaluation.unit_card.values[question.id].value is None
    links = evidence_links(answer.evidence)
    differs = answer.tpi is not None and answer.tpi != answer.unit
    # What stands in the file without anybody's decision was looked at before it came there.
    is_checked = role in decisions or (answer.tpi is not None and not decisions)
    before = next((decisions[level] for level in reversed(TPI_ROLES) if level in decisions), None)
    kind, icon, said = (
        _tpi_status(answer, is_checked, is_again, before)
        if role.is_tpi
        else _unit_status(answer, is_open, is_again)
    )
    beside = answer.value(Stage.TPI if role.is_tpi else Stage.UNIT)
    flags = {
        "open": is_open,
        "returned": bool(answer.returned),
        "bare": not is_open and not links,
        "unchecked": not is_checked,
        "differs": differs,
        "again": is_again,
        UNLIKE: any(proposal.differs(beside) for proposal in proposals),
    }
    agree = ""
    if answer.tpi is None and answer.unit is not None:
        agree = "Setuju dengan unit (S)"
    elif answer.tpi is not None and role not in decisions:
        agree = "Sahkan jawaban TPI (S)"
    return {
        "unit": dump_value(answer.unit),
        "tpi": dump_value(answer.tpi),
        "note": answer.note,
        "tpi_note": answer.tpi_note,
        **_evidence(answer, folder),
        "reason": answer.reason,
        "returned": answer.returned,
        "returned_by": _by(returned_by) if answer.returned else "",
        "unit_text": answer_line(question, answer.unit),
        "tpi_text": answer_line(question, answer.tpi),
        "computed": _computed(evaluation, question),
        "warnings": list(warnings),
        "state": {"kind": kind, "icon": icon, "text": said},
        "needs_note": differs and not answer.tpi_note,
        "agree": agree,
        "decisions": [_decision(level, decisions.get(level)) for level in TPI_ROLES],
        "proposals": proposal_state(question, proposals, beside),
        "criteria": [
            _criterion(assessment.criteria.get(key, Answer()), folder)
            for key in instrument.criteria_of(question.id)
        ],
        "flags": [flag for flag, holds in flags.items() if holds],
    }


def _criterion(answer: Answer, folder: Path) -> dict[str, Any]:
    return {
        "unit": dump_value(answer.unit),
        "tpi": dump_value(answer.tpi),
        "tpi_note": answer.tpi_note,
        **_evidence(answer, folder),
    }


def _evidence(answer: Answer, folder: Path) -> dict[str, Any]:
    return {
        "evidence": list(answer.evidence),
        "taken": [taken_for(folder, text) for text in answer.evidence],
        "links": [
            {
                "text": link.text,
                "href": link.href,
                "said": "" if link.href else taken_for(folder, link.text),
            }
            for link in evidence_links(answer.evidence)
        ],
    }


def _by(change: Change | None) -> str:
    return f"{person_text(change)}, {short_time(change.time)}" if change else ""


def _decision(role: Role, change: Change | None) -> dict[str, str]:
    if change is None:
        return {"kind": "open", "icon": "○", "text": f"{role.value}: belum"}
    who, when = change.person.name, short_time(change.time)
    text = f"{role.value}: {plain_text(change.new)} – {who}, {when}"
    return {"kind": "done", "icon": "✓", "text": text}


def _outcome(item: PrerequisiteOutcome | None) -> dict[str, Any]:
    if item is None:
        return {}
    measure = item.prerequisite.unit_of_measure
    return {
        "need": words.fact_text(item.need, measure),
        "got": words.fact_text(item.got, measure),
        "status": item.status.value,
        "icon": words.status_icon(item.status),
        "words": "belum diketahui"
        if item.status is Status.UNKNOWN
        else words.status_label(item.status),
    }


def identity_values(
    evaluation: Evaluation, proposed: Mapping[str, Proposal] | None = None
) -> dict[str, Any]:
    """Return what the identity page and the title show; ``proposed`` are facts by prerequisite."""
    assessment, agency = evaluation.assessment, evaluation.agency
    unit = assessment.unit
    outcomes = {item.prerequisite.id: item for item in evaluation.target.prerequisites}
    texts = {"nama": unit.name, "jenis": unit.kind, "kepala": unit.head}
    if assessment.target:
        texts["target"] = assessment.target
    fields: dict[str, dict[str, Any]] = {
        str(FieldPlace("identitas", key)): {"value": text} for key, text in texts.items()
    }
    for key in evaluation.rules.prerequisites_of("unit"):
        fact = assessment.facts.get(key)
        shown = {"value": fact, **_outcome(outcomes.get(key))}
        if proposed and key in proposed:
            shown["proposal"] = fact_state(proposed[key], fact)
        fields[str(FieldPlace("syarat", key))] = shown
    aim = f"menuju {assessment.target}" if assessment.target else evaluation.instrument.labels.name
    where = [aim, assessment.period, agency.name if agency else ""]
    return {
        "name": unit.name,
        "subtitle": " · ".join(part for part in where if part),
        "fields": fields,
        "agency": [
            {"label": item.prerequisite.title, **_outcome(item)}
            for item in outcomes.values()
            if item.prerequisite.who == "instansi"
        ],
    }
