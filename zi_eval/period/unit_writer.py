"""An assessment to a unit file people like to edit: official order, headings as comments."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from zi_eval.core.assessment import NOT_APPLICABLE, Answer, Assessment, Explanation, Final, Remark
from zi_eval.core.instrument import Instrument, parent_id
from zi_eval.core.rules import RuleSet
from zi_eval.period.answers import dump_value
from zi_eval.yaml_files.text import render_value

__all__ = ["dump_explanations", "dump_final", "dump_remarks", "render_unit"]

OPEN = Answer()
UNFOLDED = sys.maxsize
"""A text of one line stays on one: whoever fills the file in later finds it by one search."""
COMMENT_COLUMN = 22
"""Where the titles of the prerequisites stand beside what is said of them."""


def _dump_answer(answer: Answer) -> Any:
    parts: dict[str, Any] = {}
    if answer.unit is NOT_APPLICABLE and answer.reason:
        parts["tidak_berlaku"] = answer.reason
    elif answer.unit is not None:
        parts["unit"] = dump_value(answer.unit)
    for name, given in (("tpi", answer.tpi), ("tpn", answer.tpn)):
        if given is not None:
            parts[name] = dump_value(given)
    texts = (
        ("catatan", answer.note), ("catatan_tpi", answer.tpi_note),
        ("catatan_tpn", answer.tpn_note), ("kembali", answer.returned),
    )  # fmt: skip
    for key, text in texts:
        if text:
            parts[key] = text
    if answer.evidence:
        parts["bukti"] = list(answer.evidence)
    return parts.get("unit") if parts.keys() <= {"unit"} else parts


def dump_final(final: Final) -> dict[str, str]:
    """Return as a unit file holds it that the TPI's evaluation is final."""
    said = {"oleh": final.by, "waktu": final.time.isoformat(timespec="seconds")}
    return {**said, "alasan": final.reason} if final.reason else said


def dump_explanations(explanations: Iterable[Explanation]) -> dict[str, dict[str, str]]:
    """Return explanations of doubts as a unit file holds them, by the doubt's id."""
    return {
        item.doubt: {
            "alasan": item.text,
            "oleh": item.name,
            "peran": item.role,
            "waktu": item.time.isoformat(timespec="seconds"),
        }
        for item in explanations
    }


def _above(identifier: str) -> list[str]:
    """Return the ids of the nodes above, the component first."""
    parent = parent_id(identifier)
    return [] if parent is None else [*_above(parent), parent]


def _head(assessment: Assessment) -> dict[str, Any]:
    unit = assessment.unit
    top: dict[str, Any] = {"id": unit.id, "nama": unit.name}
    if unit.kind:
        top["jenis"] = unit.kind
    if unit.head:
        top["kepala"] = unit.head
    if unit.is_affirmative:
        top["afirmasi"] = True
    top["instrumen"] = assessment.instrument
    if assessment.target:
        top["target"] = assessment.target
    if assessment.final:
        top["evaluasi_final"] = dump_final(assessment.final)
    if assessment.explanations:
        top["penjelasan"] = dump_explanations(assessment.explanations)
    return top


def _entry(key: str, value: Any, indent: int) -> list[str]:
    head, below = render_value(value, indent + 2, UNFOLDED)
    return [f"{' ' * indent}{key}: {head}".rstrip(), *below]


def _facts(assessment: Assessment, titles: Mapping[str, str]) -> Iterator[str]:
    for key in dict.fromkeys((*titles, *assessment.facts)):
        fact = assessment.facts.get(key)
        whole = int(fact) if type(fact) is float and fact == int(fact) else fact
        (line,) = _entry(key, whole, 2)
        yield f"{line:<{COMMENT_COLUMN - 1}} # {titles[key]}" if key in titles else line


def dump_remarks(remarks: Iterable[Remark]) -> list[dict[str, str]]:
    """Return remarks as a unit file holds them."""
    kept = (("sel", "cell"), ("butir", "question"), ("sebab", "reason"))
    return [{key: getattr(r, name) for key, name in kept if getattr(r, name)} for r in remarks]


def render_unit(assessment: Assessment, instrument: Instrument, rules: RuleSet) -> str:
    """Return the text of a unit file.

    Every question of the instrument and every prerequisite of a unit stands in it, an open one
    with an empty value, so that the file itself shows what is still to be said; criteria do once
    one of them is answered. Reading it back gives the same assessment.
    """
    lines = [line for key, value in _head(assessment).items() for line in _entry(key, value, 0)]
    titles = {key: item.title for key, item in rules.prerequisites_of("unit").items()}
    if assessment.remarks:
        lines += _entry("perlu_dicek", dump_remarks(assessment.remarks), 0)
    facts = [*_facts(assessment, titles)]
    if facts:
        lines += ["syarat:", *facts]
    lines.append("jawaban:")
    headed: set[str] = set()
    for question in instrument.questions.values():
        new = [node for node in _above(question.id) if node not in headed]
        if new:
            headed.update(new)
            lines += ["", *(f"  # {node} {instrument.nodes[node].title}" for node in new)]
        lines.append(f"  # {question.id} {question.text}")
        answer = _dump_answer(assessment.answers.get(question.id, OPEN))
        lines += _entry(question.id, answer, 2)
        for key in instrument.criteria_of(question.id) if assessment.criteria else ():
            lines.append(f"  # {key} {instrument.criteria[key].text}")
            lines += _entry(key, _dump_answer(assessment.criteria.get(key, OPEN)), 2)
    return "\n".join((*lines, ""))
