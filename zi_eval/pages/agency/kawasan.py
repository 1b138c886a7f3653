"""The recap's section on kawasan: what each meets, and which unit or fact it waits for."""

from __future__ import annotations

from markupsafe import Markup

from zi_eval.core.agency import AgencyEvaluation
from zi_eval.core.kawasan import KawasanVerdict, judge_kawasan
from zi_eval.report.page import Section, report_environment
from zi_eval.report.words import fact_text, status_label

__all__ = ["kawasan_rows", "kawasan_section"]


def kawasan_rows(agency: AgencyEvaluation) -> list[dict[str, str]]:
    """Return one row for each kawasan and predicate, as the recap's workbook lists them."""
    return [
        {
            "id": verdict.kawasan.id,
            "nama": verdict.kawasan.name,
            "predikat": verdict.predicate,
            "hasil": status_label(verdict.status),
            "unit": ", ".join(verdict.members),
            "menunggu": "; ".join(_waiting(verdict, _names(agency))),
        }
        for verdicts in judge_kawasan(agency)
        for verdict in verdicts
    ]


def _names(agency: AgencyEvaluation) -> dict[str, str]:
    return {
        item.assessment.unit.id: item.assessment.unit.name or item.assessment.unit.id
        for item in agency.evaluations
    }


def _waiting(verdict: KawasanVerdict, names: dict[str, str]) -> list[str]:
    """Say what the predicate waits for, the units first."""
    said = [names.get(unit, f"{unit} (tidak dievaluasi)") for unit in verdict.waiting]
    for item in verdict.prerequisites:
        if item.status.value != "met":
            measure = item.prerequisite.unit_of_measure
            need, got = fact_text(item.need, measure), fact_text(item.got, measure)
            said.append(f"{item.prerequisite.title}: diminta {need}, sekarang {got}")
    return said


def kawasan_section(agency: AgencyEvaluation, linked: frozenset[str] = frozenset()) -> Section:
    """Show every kawasan with its verdicts; empty where the agency names none.

    Parameters
    ----------
    linked
        Ids of the units whose report stands beside the page.
    """
    found = judge_kawasan(agency)
    if not found:
        return Section(Markup(""))
    names = _names(agency)
    text = (
        report_environment()
        .get_template("pages/agency/kawasan.html.j2")
        .render(
            sites=[
                {
                    "name": verdicts[0].kawasan.name,
                    "units": [
                        (unit, names.get(unit, unit), unit in linked)
                        for unit in verdicts[0].members
                    ],
                    "verdicts": [(verdict, _waiting(verdict, names)) for verdict in verdicts],
                }
                for verdicts in found
            ],
            predicates=agency.rules.predicates,
        )
    )
    return Section(Markup(text))
