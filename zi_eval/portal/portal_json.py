"""Core values to the three JSON documents of PortalRB (technical guide 1.0.0, year 2026).

The guide fixes the keys and that an answer is a string or null. It does not say how a number, an
evidence list or "no object to count" is written; what is chosen here stands at each function.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Final

from zi_eval.core.assessment import NOT_APPLICABLE, Answer, Assessment, Value
from zi_eval.core.instrument import Instrument, Question
from zi_eval.core.scoring import value_question

__all__ = [
    "AFFIRMATIVE",
    "category",
    "dump_answers",
    "dump_proposals",
    "render_json",
]

AFFIRMATIVE: Final = "WBK"
"""The predicate on which *afirmasi* is a flag."""


def category(assessment: Assessment) -> str:
    """Return a unit's ``kategori``: its target, ``WBK-AFIRMASI`` where it carries that flag."""
    flag = "-AFIRMASI" if _is_affirmative(assessment) else ""
    return f"{assessment.target}{flag}"


def dump_proposals(year: int, assessments: Iterable[Assessment]) -> dict[str, Any]:
    """Return ``/pengusulan/unit-wbk`` or ``…-wbbm``: the units proposed, by id."""
    return {
        "tahun": year,
        "units": [
            {
                "id": item.unit.id,
                "nama": item.unit.name,
                "kategori": category(item),
                "afirmasi": _is_affirmative(item),
            }
            for item in sorted(assessments, key=lambda item: item.unit.id)
        ],
    }


def dump_answers(
    year: int, assessment: Assessment, instrument: Instrument, ids: Mapping[str, int]
) -> dict[str, Any]:
    """Return ``/lke/jawaban-unit/{unit_id}``: one entry a ``soal_id``, in their order.

    A ratio question has one entry for each input that is asked. Its note and evidence stand in
    each of them, because an evaluator of the portal may open any.

    Parameters
    ----------
    ids
        The ``soal_id`` by question, or by question and input (``A.II.1.i.a.1``).
    """
    entries = []
    for question in instrument.questions.values():
        answer = assessment.answers.get(question.id, Answer())
        places = [f"{question.id}.{item.number}" for item in question.asked_inputs]
        texts = {
            "catatan_unit": _unit_note(answer),
            "bukti_dukung_unit": "\n".join(answer.evidence) or None,
            "catatan_tpi": answer.tpi_note or None,
        }
        pairs = zip(_values(question, answer.unit), _values(question, answer.tpi), strict=True)
        for place, (by_unit, by_tpi) in zip(places or [question.id], pairs, strict=True):
            entries.append(
                {
                    "soal_id": ids[place],
                    "jawaban_unit": by_unit,
                    "jawaban_tpi": by_tpi,
                    **texts,
                }
            )
    return {
        "unit_id": assessment.unit.id,
        "nama_unit": assessment.unit.name,
        "tahun": year,
        "answers": sorted(entries, key=lambda entry: entry["soal_id"]),
    }


def render_json(document: Mapping[str, Any]) -> bytes:
    """Return the bytes of a document: UTF-8, the same for the same values."""
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def _is_affirmative(assessment: Assessment) -> bool:
    return assessment.unit.is_affirmative and assessment.target == AFFIRMATIVE


def _unit_note(answer: Answer) -> str | None:
    reason = f"Tidak berlaku: {answer.reason}" if answer.reason else ""
    return "\n".join(text for text in (reason, answer.note) if text) or None


def _values(question: Question, value: Value | None) -> list[str | None]:
    """Return an answer as the portal's strings: one, or one for each input that is asked."""
    size = len(question.asked_inputs) or 1
    if value is NOT_APPLICABLE:
        # The portal knows no such answer. Where nothing was counted and that is worth the same,
        # as with complaints that nobody made, nothing counted is what is said.
        nothing = tuple(0.0 for _ in range(size))
        is_same = question.rule is not None and value_question(question, nothing)[0].value == 1.0
        return ["0" if is_same else None] * size
    items = value if isinstance(value, tuple) else [value] * size
    return [_text(item) for item in items]


def _text(item: str | float | None) -> str | None:
    """Return an option's code as it is, and a number in full with a decimal point: 3.62, 4, 17."""
    if item is None or isinstance(item, str):
        return item
    return format(Decimal(str(item)).normalize(), "f")
