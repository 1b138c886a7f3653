"""A table of activities to begin with, as a workbook with lists or as CSV."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from zi_eval.core.assessment import Value
from zi_eval.workplan.plan import MONTH_NAMES, Activity
from zi_eval.workplan.table.headings import FORM

__all__ = ["cells_of", "render_csv", "render_workbook"]


def _aims_text(item: Activity) -> str:
    if not item.aims or any(question not in item.aims for question in item.questions):
        return ""
    return "; ".join(_value_text(item.aims[question]) for question in item.questions)


def _value_text(value: Value) -> str:
    return f"{value:.12g}".replace(".", ",") if isinstance(value, float) else str(value)


def cells_of(item: Activity) -> Mapping[str, Any]:
    """Return what the columns hold of an activity: texts, figures, None where empty."""
    texts = {
        "kegiatan": item.name,
        "pertanyaan": "; ".join(item.questions),
        "jawaban_dituju": _aims_text(item),
        "prioritas": "Ya" if item.is_priority else "",
        "keluaran": item.output,
        "satuan": item.unit_of_measure,
        "penanggung_jawab": item.owner,
        "bukti": item.evidence,
        "kendala": item.obstacle,
        "tindak_lanjut": item.follow_up,
        "sumber": item.source,
    }
    months: dict[str, float | None] = {}
    for number, month in enumerate(MONTH_NAMES):
        months[f"target_{month}"] = item.targets[number]
        months[f"realisasi_{month}"] = item.results[number]
    return {**texts, **months}


def _rows(activities: Iterable[Activity]) -> list[list[Any]]:
    found = (cells_of(item) for item in activities)
    return [[cells[column.name] for column in FORM.columns] for cells in found]


def render_csv(activities: Iterable[Activity] = ()) -> str:
    """Return a table as CSV with semicolons, as Indonesian Excel writes it."""
    return FORM.to_csv(_rows(activities))


def render_workbook(year: int, activities: Iterable[Activity] = ()) -> bytes:
    """Return a table of ``year`` as a workbook."""
    return replace(FORM, title=f"{FORM.title} {year}").to_workbook(_rows(activities))
