"""What an instrument's parts are called on screens and in reports; nothing here moves a score."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["Labels"]


@dataclass(frozen=True, slots=True)
class Labels:
    """The words of one instrument, in Indonesian.

    Attributes
    ----------
    name
        What is evaluated: ``Laporan <name>``, ``Rekap <name>``.
    page
        Title of a unit's report; ``{predicate}`` stands for the predicate.
    area, areas, areas_lead, areas_map
        One of the parts that units are compared on within a sentence; the heading over all of
        them, the sentence below it, and the heading of the map of all units.
    results, results_lead
        Heading of the questions that carry a weight of their own, and the sentence below it.
    panel_areas, panel_results
        Headings of the areas and of the other minima beside a form.
    pages
        Title of the form's page of a component, where it is not the component's own.
    closing
        Who decides in the end: the last sentence of a report.
    """

    name: str = "evaluasi"
    page: str = "Laporan evaluasi"
    area: str = "bagian"
    areas: str = "Bagian"
    areas_lead: str = ""
    areas_map: str = "Peta bagian"
    results: str = "Pertanyaan berbobot"
    results_lead: str = ""
    panel_areas: str = "Bagian"
    panel_results: str = "Ambang lain"
    pages: Mapping[str, str] = field(default_factory=dict)
    closing: str = "Laporan ini alat bantu penilaian."
