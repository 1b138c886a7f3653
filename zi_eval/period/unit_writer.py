"""An assessment to a unit file people like to edit: official order, headings as comments."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from zi_eval.core.assessment import NOT_APPLICABLE, Answer, Assessment
from zi_eval.core.instrument import Instrument, parent_id
from zi_eval.core.rules import Prerequisite, RuleSet
from zi_eval.period.answers import dump_value

__all__ = ["render_unit"]

OPEN = Answer()


def _dump_answer(answer: Answer) -> Any:
    parts: dict[str, Any] = {}
    if answer.unit is NOT_APPLICABLE and answer.reason:
        parts["tidak_berlaku"] = answer.reason
    elif answer.unit is not None:
        parts["unit"] = _flow(dump_value(answer.unit))
    if answer.tpi is not None:
        parts["tpi"] = _flow(dump_value(answer.tpi))
    texts = (
        ("catatan", answer.note), ("catatan_tpi", answer.tpi_note), ("kembali", answer.returned),
    )  # fmt: skip
    for key, text in texts:
        if text:
            parts[key] = text
    if answer.evidence:
        parts["bukti"] = list(answer.evidence)
    if not parts:
        return None
    return parts["unit"] if set(parts) == {"unit"} else CommentedMap(parts)


def _flow(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    items = CommentedSeq(value)
    items.fa.set_flow_style()
    return items


def _above(identifier: str) -> list[str]:
    """Return the ids of the nodes above, the component first."""
    parent = parent_id(identifier)
    return [] if parent is None else [*_above(parent), parent]


def _dump_facts(assessment: Assessment, prerequisites: Mapping[str, Prerequisite]) -> CommentedMap:
    facts = CommentedMap()
    for key in dict.fromkeys((*prerequisites, *assessment.facts)):
        fact = assessment.facts.get(key)
        facts[key] = int(fact) if type(fact) is float and fact == int(fact) else fact
        if key in prerequisites:
            facts.yaml_add_eol_comment(prerequisites[key].title, key, column=22)
    return facts


def render_unit(assessment: Assessment, instrument: Instrument, rules: RuleSet) -> str:
    """Return the text of a unit file.

    Every question of the instrument and every prerequisite of a unit stands in it, an open one
    with an empty value, so that the file itself shows what is still to be said. Reading it back
    gives the same assessment.
    """
    unit = assessment.unit
    answers = CommentedMap()
    headed: set[str] = set()
    for question in instrument.questions.values():
        new = [node for node in _above(question.id) if node not in headed]
        headed.update(new)
        lines = ["", *(f"{node} {instrument.nodes[node].title}" for node in new)] if new else []
        answers[question.id] = _dump_answer(assessment.answers.get(question.id, OPEN))
        lines.append(f"{question.id} {question.text}")
        answers.yaml_set_comment_before_after_key(question.id, before="\n".join(lines), indent=2)
    top = CommentedMap({"id": unit.id, "nama": unit.name})
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
        time = assessment.final.time.isoformat(timespec="seconds")
        top["evaluasi_final"] = CommentedMap({"oleh": assessment.final.by, "waktu": time})
    if facts := _dump_facts(assessment, rules.prerequisites_of("unit")):
        top["syarat"] = facts
    top["jawaban"] = answers
    yaml = YAML()
    yaml.width = 100000
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.representer.add_representer(type(None), _represent_open)
    stream = io.StringIO()
    yaml.dump(top, stream)
    return stream.getvalue()


def _represent_open(representer: Any, _: None) -> Any:
    return representer.represent_scalar("tag:yaml.org,2002:null", "")
