"""What a recap knows of an agency: computed once, however many sections ask."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.pages.agency.test_sections import SECTIONS, agency_of, unit
from tests.pages.builders import MADE
from zi_eval.core.assessment import Answer
from zi_eval.pages.agency import recap as module
from zi_eval.pages.agency.recap import Recap
from zi_eval.pages.agency.sections import RecapPage
from zi_eval.pages.agency.tables import render_recap_csv, render_recap_xlsx

COMPUTED = (
    "calibrate_agency",
    "costly_questions",
    "judge_agency",
    "judge_kawasan",
    "rank_units",
    "shared_steps",
)


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a recap computes, in the order asked for."""
    seen: list[str] = []

    def counted(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*values: Any) -> Any:
            seen.append(name)
            return function(*values)

        return call

    for name in COMPUTED:
        monkeypatch.setattr(module, name, counted(name, getattr(module, name)))
    return seen


def test_page_and_workbook_compute_each_result_once(calls: list[str]) -> None:
    recap = Recap(agency_of(unit(1, 0.9), unit(2, 0.4)))
    page = RecapPage(recap, MADE)
    for _ in range(2):
        for name in SECTIONS:
            getattr(page, name)()
    assert render_recap_csv(recap)
    assert render_recap_xlsx(recap)
    assert sorted(calls) == sorted(COMPUTED)


def test_units_and_tpi_are_compared_only_where_both_answered() -> None:
    item = unit(1, 0.9)
    unasked = {key: Answer(unit=a.unit) for key, a in item.assessment.answers.items()}
    alone = replace(item, assessment=replace(item.assessment, answers=unasked))
    assert Recap(agency_of(alone)).calibration is None
    only = {key: Answer(tpi=a.unit) for key, a in item.assessment.answers.items()}
    apart = replace(item, assessment=replace(item.assessment, answers=only))
    assert Recap(agency_of(apart)).calibration is None
    same = {key: Answer(unit=a.unit, tpi=a.unit) for key, a in item.assessment.answers.items()}
    both = replace(item, assessment=replace(item.assessment, answers=same))
    found = Recap(agency_of(both)).calibration
    assert found is not None
    assert not found.is_empty
