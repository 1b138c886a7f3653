"""The recap's section on kawasan: what each meets, and which unit or fact it waits for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from zi_eval.core.kawasan import KawasanVerdict
from zi_eval.pages.agency.recap import Recap
from zi_eval.report.page import Room, Section
from zi_eval.report.words import fact_text, status_label

__all__ = ["kawasan_rows", "kawasan_section"]

ROOM: Final = Room("pages/agency")


def kawasan_rows(recap: Recap) -> list[dict[str, str]]:
    """Return one row for each kawasan and predicate, as the recap's workbook lists them."""
    names = _names(recap)
    return [
        {
            "id": verdict.kawasan.id,
            "nama": verdict.kawasan.name,
            "predikat": verdict.predicate,
            "hasil": status_label(verdict.status),
            "unit": ", ".join(verdict.members),
            "menunggu": "; ".join(_waiting(verdict, names)),
        }
        for verdicts in recap.kawasan
        for verdict in verdicts
    ]


def _names(recap: Recap) -> Mapping[str, str]:
    return {
        item.assessment.unit.id: item.assessment.unit.name or item.assessment.unit.id
        for item in recap.evaluation.evaluations
    }


def _waiting(verdict: KawasanVerdict, names: Mapping[str, str]) -> list[str]:
    """Say what the predicate waits for, the units first."""
    said = [names.get(unit, f"{unit} (tidak dievaluasi)") for unit in verdict.waiting]
    for item in verdict.prerequisites:
        if item.status.value != "met":
            measure = item.prerequisite.unit_of_measure
            need, got = fact_text(item.need, measure), fact_text(item.got, measure)
            said.append(f"{item.prerequisite.title}: diminta {need}, sekarang {got}")
    return said


def kawasan_section(recap: Recap) -> Section:
    """Show every kawasan with its verdicts; empty where the agency names none."""
    if not recap.kawasan:
        return Section()
    names, linked = _names(recap), recap.published.reports
    return ROOM.section(
        "kawasan",
        sites=[
            {
                "name": verdicts[0].kawasan.name,
                "units": [
                    (unit, names.get(unit, unit), unit in linked) for unit in verdicts[0].members
                ],
                "verdicts": [(verdict, _waiting(verdict, names)) for verdict in verdicts],
            }
            for verdicts in recap.kawasan
        ],
        predicates=recap.evaluation.rules.predicates,
    )
