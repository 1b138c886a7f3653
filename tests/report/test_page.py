"""Pages: a section is rendered once, from the templates, styles and words of its room."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from jinja2 import UndefinedError

from tests.survey import samples
from zi_eval.report.made import Made
from zi_eval.report.page import Page, Room, Section, kept
from zi_eval.survey.page import words
from zi_eval.survey.result import SurveyResult
from zi_eval.survey.unit import UnitSurveys

MADE = Made(datetime(2026, 1, 5, 7, 5, tzinfo=UTC), "1.2")
ROOM = Room("survey/page", ("survey/page/style.css",), words)


@dataclass(frozen=True)
class Counted(Page):
    made: Made
    asked: list[str] = field(default_factory=list, compare=False)
    room = ROOM

    def common(self) -> dict[str, Any]:
        return {"data": UnitSurveys("u", "Unit", ())}

    @kept
    def groups(self) -> Section:
        self.asked.append("groups")
        return self.section("groups")


def test_a_section_is_rendered_once_however_often_it_is_asked_for() -> None:
    page = Counted(MADE)
    assert page.groups() is page.groups()
    assert page.asked == ["groups"]
    assert "Layanan dan saluran" in page.groups().html
    assert replace(page, asked=[]).groups() is not page.groups()


def test_a_section_is_html_wherever_it_is_shown_and_never_twice_in_a_notebook() -> None:
    section = Counted(MADE).groups()
    assert section._repr_html_() == section.__html__() == str(section.html)
    assert repr(section) == "Section()"
    assert section
    assert not Section()


def test_a_room_gives_its_templates_its_style_and_its_words_and_no_more() -> None:
    data = UnitSurveys("u", "<b>Unit</b>", (SurveyResult(samples.data(samples.survey())),))
    html = ROOM.section("opening", data=data, errors=[]).html
    assert ".survey-card" in html
    assert words.weakest_text(data.results[0]) in html
    assert "&lt;b&gt;Unit" in html
    with pytest.raises(UndefinedError, match="'data' is undefined"):
        ROOM.section("groups")


def test_what_is_made_says_when_and_by_which_version(monkeypatch: pytest.MonkeyPatch) -> None:
    assert MADE.sentence == "Dibuat 5 Januari 2026 pukul 07.05 UTC dengan zi-eval 1.2."
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767596700")
    assert Made.now() == replace(MADE, version=Made.now().version)
