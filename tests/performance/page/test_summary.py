"""The part of a unit's LKE report that tells of its performance."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

import lxml.html
import pytest

from tests.performance.samples import indicator, plan, standing
from zi_eval.performance.page.sections import performance_summary
from zi_eval.performance.plan import Indicator
from zi_eval.performance.unit import UnitPerformance
from zi_eval.performance.watch import evaluate_plan

PLAN = {"targets": (20.0, 40.0, 60.0, 80.0)}
EVIL = '<script>alert("x")</script>'


def summary(*items: Indicator) -> str:
    return str(performance_summary(UnitPerformance(standing(*items))).html)


def late(name: str) -> Indicator:
    return indicator(name=name, **PLAN, results=(10.0, 20.0, None, None), ceiling=10.0, spent=5.0)


def test_at_most_three_decisions_are_named_and_every_indicator_is_drawn() -> None:
    root = lxml.html.fromstring(f"<div>{summary(*map(late, 'abcde'))}</div>")
    assert len(root.xpath('//li[contains(@class, "decision")]')) == 3
    assert "3 indikator perlu keputusan lebih dulu (dari 5)" in root.text_content()
    assert len(root.xpath('//ol[contains(@class, "charts")]/li/svg')) == 5
    figures = root.xpath('//ul[@class="figures"]')[0].text_content()
    assert "50,0 % anggaran terserap" in figures
    assert re.search(r"▼ 5 merah", figures)


def test_it_links_the_pages_of_its_unit_whatever_that_is_called() -> None:
    odd = evaluate_plan(plan(late("a"), unit='x"y'))
    html = str(performance_summary(UnitPerformance(odd)).html)
    endings = (".kinerja.html", ".lkjip.html", ".lkjip.docx")
    assert re.findall(r'href="([^"]*)"', html) == [f"x%22y{ending}" for ending in endings]
    assert "href" not in str(performance_summary(UnitPerformance(odd), has_pages=False).html)


@pytest.mark.parametrize("items", [(), (indicator(),), (indicator(**PLAN),)])
def test_a_plan_without_results_is_no_error(items: tuple[Indicator, ...]) -> None:
    html = summary(*items)
    assert "Belum ada realisasi" in html
    assert "None" not in html


def test_text_of_people_is_escaped() -> None:
    texts = dict.fromkeys(("name", "owner", "cause", "follow_up", "unit_of_measure"), EVIL)
    html = summary(replace(late("a"), **texts))
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_headings_go_down_one_level_at_a_time() -> None:
    levels = [int(level) for level in re.findall(r"<h(\d)", summary(late("a"), late("b")))]
    assert levels[0] == 2
    assert all(after - before <= 1 for before, after in pairwise(levels))
