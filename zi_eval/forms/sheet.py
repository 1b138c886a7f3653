"""What the screen shows of an instrument and never changes: pages, questions, filters."""

from __future__ import annotations

from typing import Any, Final

from zi_eval.core.assessment import Assessment
from zi_eval.core.instrument import Instrument, Question, parent_id
from zi_eval.core.rules import Prerequisite, RuleSet
from zi_eval.forms.proposals import UNLIKE
from zi_eval.journal.fields import Role
from zi_eval.report.words import format_count

__all__ = ["IDENTITY", "filter_list", "form_sheet", "page_of"]

IDENTITY: Final = "identitas"
UNIT_FILTERS = {
    "open": "Belum dijawab",
    "returned": "Dikembalikan TPI",
    "bare": "Tanpa bukti",
    UNLIKE: "Berbeda dari usulan",
}
TPI_FILTERS = {
    "unchecked": "Belum diperiksa",
    "differs": "Berbeda",
    "bare": "Tanpa bukti",
    "returned": "Dikembalikan",
    "again": "Dijawab lagi",
    "open": "Kosong",
    UNLIKE: "Berbeda dari usulan",
}


def filter_list(role: Role) -> dict[str, str]:
    """Return the filters of a role: the flag that a question's state carries, and its label."""
    return TPI_FILTERS if role.is_tpi else UNIT_FILTERS


def _question(question: Question, instrument: Instrument) -> dict[str, Any]:
    criteria = {key: instrument.criteria[key] for key in instrument.criteria_of(question.id)}
    return {
        "text": question.text,
        "guide": question.guide,
        "kind": question.scale.kind,
        "options": [{"code": code, "text": text} for code, text in question.options.items()],
        "inputs": [{"text": item.text, "derived": item.is_derived} for item in question.inputs],
        "top": question.scale.top,
        "evidence": list(question.evidence),
        "na": question.not_applicable,
        "criteria": [
            {
                "id": key,
                "text": criteria[key].text,
                "kind": criteria[key].scale.kind,
                "options": [{"code": code, "text": ""} for code in criteria[key].options],
            }
            for key in criteria
        ],
    }


def page_of(instrument: Instrument, question: str) -> str:
    """Return the id of the page that shows a question: its area, or its component."""
    path: list[str] = []
    above = parent_id(question)
    while above is not None:
        path.append(above)
        above = parent_id(above)
    areas = [node for node in path if instrument.nodes[node].kind == "area"]
    return areas[0] if areas else path[-1]


def _sections(instrument: Instrument, questions: list[str]) -> list[dict[str, Any]]:
    sections: dict[str, list[str]] = {}
    for question in questions:
        sections.setdefault(parent_id(question) or question, []).append(question)
    return [
        {
            "id": node,
            "title": instrument.nodes[node].title,
            "weight": format_count(instrument.nodes[node].weight),
            "questions": ids,
        }
        for node, ids in sections.items()
    ]


def _pages(instrument: Instrument, *, has_facts: bool) -> list[dict[str, Any]]:
    by_page: dict[str, list[str]] = {}
    for question in instrument.questions:
        by_page.setdefault(page_of(instrument, question), []).append(question)
    pages: list[dict[str, Any]] = [
        {
            "id": IDENTITY,
            "title": "Identitas & prasyarat" if has_facts else "Identitas",
            "group": "",
            "is_identity": True,
        }
    ]
    # Components that are all pages themselves stand together, not each in a group of its own.
    has_groups = any(parent_id(node) for node in by_page)
    for node, questions in by_page.items():
        above = parent_id(node)
        pages.append(
            {
                "id": node,
                "title": instrument.labels.pages.get(node, instrument.nodes[node].title),
                "group": instrument.nodes[above or node].title
                if has_groups
                else instrument.labels.areas,
                "sections": _sections(instrument, questions),
            }
        )
    return pages


def _fact_field(item: Prerequisite) -> dict[str, Any]:
    spec: dict[str, Any] = {
        "key": "syarat",
        "field": item.id,
        "label": item.title,
        "kind": item.kind,
        "unit": item.unit_of_measure,
    }
    empty = {"value": None, "text": "Belum diketahui"}
    if item.kind == "yes":
        yes, no = {"value": True, "text": "Ya"}, {"value": False, "text": "Tidak"}
        spec["options"] = [yes, no, empty]
    elif item.kind == "grade":
        spec["options"] = [*({"value": g, "text": g} for g in reversed(item.grades)), empty]
    return spec


def form_sheet(
    instrument: Instrument, rules: RuleSet, assessment: Assessment, role: Role
) -> dict[str, Any]:
    """Return the fixed part of the screen as plain values for JSON."""
    text = {"key": "identitas", "kind": "text"}
    targets = [{"value": name, "text": name} for name in rules.predicates]
    target = {**text, "field": "target", "label": "Target predikat", "options": targets}
    return {
        "mode": "tpi" if role.is_tpi else "unit",
        "store": f"{assessment.period}/{assessment.unit.id}",
        "can_finish": role is Role.SUPERVISOR,
        "pages": _pages(instrument, has_facts=bool(rules.prerequisites)),
        "questions": {q.id: _question(q, instrument) for q in instrument.questions.values()},
        "filters": [{"id": flag, "label": label} for flag, label in filter_list(role).items()],
        "identity": [
            {**text, "field": "nama", "label": "Nama unit", "required": True},
            {**text, "field": "jenis", "label": "Jenis unit, mis. Dinas"},
            {**text, "field": "kepala", "label": "Pimpinan unit"},
            *([] if rules.bands else [target]),
        ],
        "facts": [_fact_field(item) for item in rules.prerequisites_of("unit").values()],
    }
