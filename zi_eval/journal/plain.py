"""An assessment as plain values by place, as a journal records them, and back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from zi_eval.core import assessment as core
from zi_eval.core.assessment import Answer, Assessment, Unit
from zi_eval.core.instrument import Instrument
from zi_eval.journal.fields import EXPLAINED, FINAL, IDENTITY_FIELDS, FieldPlace
from zi_eval.period.answers import dump_value, parse_value
from zi_eval.period.unit_writer import dump_explanations, dump_final

__all__ = ["assessment_of", "plain_values"]


def plain_values(assessment: Assessment) -> dict[FieldPlace, Any]:
    """Return every value that an assessment holds, by its place; what is empty is left out."""
    found = dict(_values(assessment))
    return {place: value for place, value in found.items() if value is not None}


def _values(assessment: Assessment) -> Iterator[tuple[FieldPlace, Any]]:
    unit = assessment.unit
    yield FieldPlace("identitas", "nama"), unit.name
    yield FieldPlace("identitas", "jenis"), unit.kind or None
    yield FieldPlace("identitas", "kepala"), unit.head or None
    yield FieldPlace("identitas", "target"), assessment.target or None
    yield FieldPlace("identitas", "afirmasi"), unit.is_affirmative
    if assessment.final is not None:
        yield FINAL, dump_final(assessment.final)
    for doubt, said in dump_explanations(assessment.explanations).items():
        yield FieldPlace(EXPLAINED, doubt), said
    for key, fact in assessment.facts.items():
        yield FieldPlace("syarat", key), fact
    for key, answer in (*assessment.answers.items(), *assessment.criteria.items()):
        yield FieldPlace(key, "unit"), dump_value(answer.unit)
        yield FieldPlace(key, "tpi"), dump_value(answer.tpi)
        yield FieldPlace(key, "catatan"), answer.note or None
        yield FieldPlace(key, "catatan_tpi"), answer.tpi_note or None
        yield FieldPlace(key, "bukti"), list(answer.evidence) or None
        yield FieldPlace(key, "tidak_berlaku"), answer.reason or None
        yield FieldPlace(key, "kembali"), answer.returned or None
        yield FieldPlace(key, "tpn"), dump_value(answer.tpn)
        yield FieldPlace(key, "catatan_tpn"), answer.tpn_note or None


def _answer(key: str, values: Mapping[FieldPlace, Any], instrument: Instrument) -> Answer:
    question = instrument.entries[key]

    def at(field: str) -> Any:
        return values.get(FieldPlace(key, field))

    return Answer(
        unit=parse_value(question, at("unit")),
        tpi=parse_value(question, at("tpi")),
        note=at("catatan") or "",
        tpi_note=at("catatan_tpi") or "",
        evidence=tuple(at("bukti") or ()),
        reason=at("tidak_berlaku") or "",
        returned=at("kembali") or "",
        tpn=parse_value(question, at("tpn")),
        tpn_note=at("catatan_tpn") or "",
    )


def assessment_of(
    values: Mapping[FieldPlace, Any], base: Assessment, instrument: Instrument, keys: set[str]
) -> Assessment:
    """Return ``base`` with everything below ``keys`` (question ids, ``"syarat"`` …) renewed."""
    made = base
    questions = {key for key in keys if key in instrument.questions}
    if questions:
        answers = {**base.answers, **{q: _answer(q, values, instrument) for q in questions}}
        made = replace(made, answers={q: answers[q] for q in instrument.questions if q in answers})
    probes = {key for key in keys if key in instrument.criteria}
    if probes:
        said_of = {**base.criteria, **{c: _answer(c, values, instrument) for c in probes}}
        made = replace(made, criteria={c: said_of[c] for c in instrument.criteria if c in said_of})
    if "syarat" in keys:
        facts = {place.field: v for place, v in values.items() if place.key == "syarat"}
        made = replace(made, facts=facts)
    if "identitas" in keys:
        name, kind, head, target, flag = (
            values.get(FieldPlace("identitas", field)) for field in IDENTITY_FIELDS
        )
        unit = Unit(base.unit.id, name or "", kind or "", head or "", flag is True)
        made = replace(made, unit=unit, target=target or "")
    if FINAL.key in keys:
        final = values.get(FINAL)
        made = replace(
            made,
            final=final
            and core.Final(
                final["oleh"], datetime.fromisoformat(final["waktu"]), final.get("alasan", "")
            ),
        )
    if EXPLAINED in keys:
        said = {place.field: v for place, v in values.items() if place.key == EXPLAINED}
        made = replace(made, explanations=tuple(_explanation(*item) for item in said.items()))
    return made


def _explanation(doubt: str, said: Mapping[str, str]) -> core.Explanation:
    time = datetime.fromisoformat(said["waktu"])
    return core.Explanation(doubt, said["alasan"], said["oleh"], said["peran"], time)
