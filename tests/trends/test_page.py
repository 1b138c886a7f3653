"""Trends on the page: causes apart, text escaped, nothing without an earlier period."""

from __future__ import annotations

from dataclasses import replace

import lxml.html
import pytest

from tests.pages.agency.test_sections import Outline, agency_of, unit
from tests.pages.builders import INSTRUMENT, MADE, RULES, answers_at, build_evaluation
from zi_eval.case import Case
from zi_eval.core.agency import AgencyEvaluation
from zi_eval.core.assessment import Answer
from zi_eval.core.evaluation import Evaluation
from zi_eval.core.rules import RuleSet, Threshold
from zi_eval.pages.agency.recap import Recap
from zi_eval.pages.agency.sections import RecapPage
from zi_eval.pages.unit.sections import unit_report
from zi_eval.trends.agency import Trends, agency_trends
from zi_eval.trends.earlier import Earlier, EarlierAgency, match_same
from zi_eval.trends.page.sections import (
    MOST_UNITS,
    TrendsPage,
    agency_trends_section,
    trends_section,
)
from zi_eval.trends.page.words import moved_text, render_trends, step_lead
from zi_eval.trends.unit import UnitTrends, unit_trends

SAME = match_same(INSTRUMENT, INSTRUMENT)
EVIL = "<script>alert(1)</script>"


def at(evaluation: Evaluation, period: str) -> Evaluation:
    return replace(evaluation, assessment=replace(evaluation.assessment, period=period))


def trends_of(now: Evaluation, *past: Evaluation) -> UnitTrends:
    earlier = [Earlier(at(item, str(2026 - len(past) + n)), SAME) for n, item in enumerate(past)]
    found = unit_trends(now, earlier)
    assert found is not None
    return found


def stricter() -> RuleSet:
    total, *others = RULES.rules
    need = {**total.need, "WBK": Threshold(points=99.5)}
    return replace(RULES, id="ketat", hash="2", rules=(replace(total, need=need), *others))


def html_of(trends: UnitTrends) -> str:
    return str(trends_section(trends).html)


def test_the_three_causes_stand_apart_and_the_largest_movement_first() -> None:
    answers = {**answers_at(1.0), "B.I.a": Answer(unit=3.2), "A.I.1.i.a": Answer(unit="Tidak")}
    page = html_of(trends_of(build_evaluation(answers_at(1.0)), build_evaluation(answers)))
    outline = Outline(page)
    assert "script" not in outline.tags
    assert (
        page.index("Jawaban</dt>") < page.index("Bobot dan skala</dt>") < page.index("Aturan</dt>")
    )
    assert "2 menaikkan 3,75" in page
    assert "<b>+3,50</b>" in page
    assert page.index("B.I.a") < page.index("A.I.1.i.a")
    assert "3,20 → 4,00" in page
    assert "Aturannya sama: yang mengubah putusan adalah jawaban" in page
    assert "Karena bobot dan skala" not in page


def test_what_rules_changed_is_said_without_points() -> None:
    before = build_evaluation(answers_at(0.95))
    now = build_evaluation(answers_at(0.95))
    rules = replace(now, rules=stricter())
    found = trends_of(rules, before)
    page = html_of(found)
    assert "dengan aturan 2025" in page
    assert "Yang diminta berbeda" in page
    assert "75 → 99,5" in page
    assert "tetap" in step_lead(found.last)


def test_questions_that_are_open_now_are_named_with_what_they_cost() -> None:
    answers = answers_at(1.0)
    page = html_of(
        trends_of(
            build_evaluation({k: v for k, v in answers.items() if k != "B.II.a"}),
            build_evaluation(answers),
        )
    )
    assert "1 yang dulu dijawab kini belum dijawab (−17,50)" in page
    assert "belum dijawab</span>" in page


def test_earlier_steps_are_folded_below_the_last() -> None:
    found = trends_of(
        build_evaluation(answers_at(1.0)),
        build_evaluation(answers_at(0.4)),
        build_evaluation(answers_at(0.7)),
    )
    page = html_of(found)
    Outline(page)
    assert "Dibanding 2025" in page
    assert "<summary>2024 ke 2025" in page
    drawn = lxml.html.fromstring(page).xpath('//svg//g[@class="past"]/circle')
    key = 1
    assert len(drawn) - key == 9


def test_a_unit_without_earlier_period_has_no_section_and_no_word_of_it() -> None:
    report = unit_report(Case.known(build_evaluation(answers_at(1.0))), MADE)
    assert report.trends().html == ""
    assert "#tren" not in str(report.opening().html)
    assert trends_section(None).html == ""
    shown = RecapPage(Recap(agency_of(unit(1, 1.0))), MADE)
    assert shown.changes().html == ""
    assert "#tren" not in str(shown.masthead().html)


def test_the_report_of_a_unit_shows_what_its_data_hold() -> None:
    earlier = (Earlier(at(build_evaluation(answers_at(0.5)), "2025"), SAME),)
    case = Case.known(build_evaluation(answers_at(1.0)), earlier=earlier)
    report = unit_report(case, MADE)
    assert 'id="tren"' in str(report.trends().html)
    assert 'href="#tren"' in str(report.annex().html)


def agencies(count: int, name: str = "") -> tuple[AgencyEvaluation, EarlierAgency]:
    shares = [0.3 + 0.6 * (n % 7) / 7 for n in range(count)]
    past = agency_of(*(unit(n, share, name) for n, share in enumerate(shares)))
    now = agency_of(*(unit(n, 1.0 - share / 2, name) for n, share in enumerate(shares)))
    return now, EarlierAgency(replace(past, period="2025"), SAME)


def test_the_recap_links_reports_and_shows_all_of_few_units() -> None:
    now, past = agencies(6)
    page = str(agency_trends_section(agency_trends(now, [past]), frozenset({"u-001"})).html)
    assert Outline(page).links == ["u-001.html#tren"]
    assert page.count('<th scope="row" role="rowheader" class="user">') == 6
    assert "Perubahan nilai, menurut banyaknya unit" not in page


def test_of_many_units_the_recap_shows_both_ends_and_their_spread() -> None:
    now, past = agencies(MOST_UNITS + 20)
    page = str(agency_trends_section(agency_trends(now, [past])).html)
    Outline(page)
    assert page.count('<th scope="row" role="rowheader" class="user">') == 30
    assert "Perubahan nilai, menurut banyaknya unit" in page


def test_names_never_become_markup() -> None:
    now, past = agencies(6, EVIL)
    trends = agency_trends(now, [past])
    data = Trends(EVIL, EVIL, agency=trends)
    report = TrendsPage(data, MADE)
    page = "".join(str(getattr(report, n)().html) for n in ("opening", "steps", "origin"))
    assert "<script" not in page
    assert EVIL in render_trends(data)


def test_the_recap_names_its_section_in_the_contents() -> None:
    now, past = agencies(6)
    shown = RecapPage(Recap(now, trends=agency_trends(now, [past])), MADE)
    assert 'href="#tren"' in str(shown.masthead().html)
    assert 'id="tren"' in str(shown.changes().html)


def test_the_terminal_says_the_same() -> None:
    past = build_evaluation(answers_at(0.6))
    text = render_trends(Trends("Unit", unit=trends_of(build_evaluation(answers_at(1.0)), past)))
    assert "Jawaban" in text
    assert "pertanyaan, bobot, dan skalanya sama" in text
    assert "dan 88 pertanyaan lain" in text


@pytest.mark.parametrize(
    ("change", "said"), [(1.005, "naik 1,01 poin"), (-2.0, "turun 2,00 poin"), (1e-12, "tetap")]
)
def test_a_change_is_said_in_words(change: float, said: str) -> None:
    assert moved_text(change) == said
