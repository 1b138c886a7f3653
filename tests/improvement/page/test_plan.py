"""The plan of action in a unit's report: what it says is what the core found."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from tests.pages.builders import INSTRUMENT, MADE, answers_at, build_evaluation
from zi_eval.case import Case
from zi_eval.core.assessment import Answer
from zi_eval.core.evaluation import Evaluation
from zi_eval.improvement.effort import Limits, UnitEffort
from zi_eval.improvement.effort_file import load_effort
from zi_eval.improvement.options import steps_up
from zi_eval.improvement.page.advice import gains
from zi_eval.improvement.page.plan import (
    MOST_BRIEF,
    SHOWN_OPEN,
    action_plan_section,
    plan_sentences,
)
from zi_eval.improvement.page.rows import action_groups
from zi_eval.improvement.programme import Programme, Unsolved
from zi_eval.improvement.way import Improvement, find_improvement
from zi_eval.pages.unit.sections import unit_report
from zi_eval.report.words import format_count, format_number

EFFORT = UnitEffort(load_effort(INSTRUMENT).effort)
EVIL = '<script>alert(1)</script></style><img src=x onerror="alert(1)">'


def low(**changes: Answer) -> Evaluation:
    return build_evaluation({**answers_at(0.68), **changes})


def found(evaluation: Evaluation, effort: UnitEffort = EFFORT) -> Improvement | None:
    return Case.known(evaluation, effort=effort).improvement


def page(evaluation: Evaluation, effort: UnitEffort = EFFORT) -> str:
    return str(action_plan_section(evaluation, effort, found(evaluation, effort)).html)


def text_of(html: str) -> str:
    plain = re.sub(r"<style>.*?</style>|<[^>]+>", " ", html, flags=re.DOTALL)
    return " ".join(plain.split())


def test_every_answer_to_raise_stands_in_the_plan_with_its_figures() -> None:
    evaluation = low()
    found = find_improvement(evaluation, EFFORT.effort)
    assert found.way is not None
    assert found.way.moves
    text = text_of(page(evaluation))
    assert f"naikkan {len(found.way.moves)} jawaban" in text
    assert f"perkiraan upaya {format_count(round(found.way.effort, 4))}." in text
    for move in found.way.moves:
        row = text[text.index(f"{move.question.id} {move.question.text}") :]
        assert f"{format_count(move.effort)} ({move.steps} langkah)" in row
        assert f"+{format_number(move.points)}" in row


def test_the_points_of_the_plan_lead_to_the_total_it_promises() -> None:
    evaluation = low()
    way = find_improvement(evaluation, EFFORT.effort).way
    assert way is not None
    gained = sum(group.points for group in action_groups(evaluation, way))
    total = (evaluation.card.total.score or 0.0) + gained
    assert f"nilai total menjadi {format_number(total)}" in text_of(page(evaluation))


def test_a_target_that_is_met_is_said_so_and_the_way_to_the_next_is_shown() -> None:
    evaluation = build_evaluation({**answers_at(0.9), "B.II.a": Answer(unit=3.3)})
    assert not evaluation.target.failed_rules
    text = text_of(page(evaluation))
    assert "Semua ambang nilai WBK sudah tercapai." in text
    assert "Jalan terpendek ke WBBM" in text


def test_where_every_rule_of_the_highest_holds_there_is_nothing_to_raise() -> None:
    text = text_of(page(build_evaluation(answers_at(1.0), target="WBBM")))
    assert "tidak ada jawaban yang harus naik" in text
    assert "Jawaban yang dinaikkan" not in text


def test_what_cannot_be_reached_is_said_plainly_with_its_proof() -> None:
    evaluation = low(**{"B.I.a": Answer(unit=3.0)})
    effort = replace(EFFORT, limits=Limits({"B.I.a": 0}))
    text = text_of(page(evaluation, effort))
    assert "WBK tidak dapat dicapai dengan batas yang ditetapkan" in text
    assert "Cukup longgarkan satu batas saja: B.I.a." in text
    assert "15,75" in text
    assert "13,13" in text
    assert "+4,38" in text
    assert "Jawaban yang dinaikkan" not in text


def test_each_rule_stands_with_what_it_costs() -> None:
    evaluation = low()
    way = found(evaluation)
    assert way is not None
    text = text_of(page(evaluation))
    table = text[text.index("Ambang WBK sebelum dan sesudah rencana") :]
    assert len(way.costs) == len(evaluation.target.rules)
    assert any(cost.saved for cost in way.costs)
    for cost in way.costs:
        shown = f"{format_number(cost.outcome.got)} {format_count(cost.saved)}"
        assert shown in table


def test_other_ways_are_folded_and_say_what_they_do_without() -> None:
    evaluation = low()
    way = found(evaluation)
    assert way is not None
    assert way.alternatives
    html = page(evaluation)
    folded = html[html.index("Jalan lain dengan upaya hampir sama") :]
    assert html.rindex("<details>", 0, html.index("Jalan lain")) > html.index("Jawaban yang")
    assert folded.count('class="alternative"') == len(way.alternatives)


def test_open_questions_that_only_need_an_answer_are_listed() -> None:
    evaluation = build_evaluation({**answers_at(0.9), "A.I.1.i.a": Answer()})
    text = text_of(page(evaluation))
    assert "Cukup jawab 1 pertanyaan terbuka" in text
    assert "Pertanyaan terbuka yang cukup dijawab 1 A.I.1.i.a" in text


def test_prerequisites_stand_beside_the_plan() -> None:
    evaluation = build_evaluation(answers_at(0.68), facts={})
    way = found(evaluation)
    assert way is not None
    count = len(evaluation.target.unknown_prerequisites)
    assert plan_sentences(evaluation, way)[-1] == (
        f"Di luar rencana ini: {count} prasyarat belum dinyatakan."
    )


def test_a_unit_without_answers_has_no_plan() -> None:
    assert "Belum ada pertanyaan yang dijawab" in page(build_evaluation({}))


def test_the_evaluators_note_is_shown_as_text() -> None:
    answers = answers_at(0.4, tpi_note=EVIL, returned=EVIL)
    html = page(build_evaluation(answers))
    assert "<script" not in html
    assert "<img" not in html
    assert "TPI: &lt;script&gt;" in html


def test_owner_and_date_can_be_filled_in_on_every_row() -> None:
    evaluation = low()
    way = find_improvement(evaluation, EFFORT.effort).way
    assert way is not None
    html = page(evaluation)
    assert html.count('<td role="cell" class="fill"></td>') == 2 * len(way.moves)
    assert html.count("Penanggung jawab") == html.count("Batas waktu") == 1


def test_a_programme_that_is_given_up_leaves_the_report_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def give_up(*_: Any, **__: Any) -> None:
        raise Unsolved("time limit")

    monkeypatch.setattr(Programme, "solve", give_up)
    assert "Rencana tidak dapat dihitung kali ini" in page(low())


def test_without_efforts_the_report_has_no_plan() -> None:
    assert str(unit_report(Case.known(low()), MADE).action_plan().html) == ""
    report = unit_report(Case.known(low(), effort=EFFORT), MADE)
    assert "Rencana aksi menuju WBK" in report.action_plan().html


def test_gains_are_the_steps_of_the_core_with_the_rules_they_help() -> None:
    evaluation = low()
    steps = {step.question.id: step for step in steps_up(evaluation)}
    shown = gains(evaluation, steps_up(evaluation))
    assert {gain.id for gain in shown} == set(steps)
    assert [gain.points for gain in shown] == sorted((g.points for g in shown), reverse=True)
    for gain in shown:
        assert gain.points == steps[gain.id].points
        assert len(gain.helps) == len(steps[gain.id].helps)


def test_a_long_plan_is_folded_by_area_and_a_short_one_is_one_table() -> None:
    long = build_evaluation(answers_at(0.4))
    short = build_evaluation({**answers_at(1.0), "B.I.a": Answer(unit=3.0)})
    for evaluation, is_long in ((long, True), (short, False)):
        way = find_improvement(evaluation, EFFORT.effort).way
        assert way is not None
        assert way.moves
        assert (len(way.moves) > SHOWN_OPEN) == is_long
        html, groups = page(evaluation), action_groups(evaluation, way)
        assert html.count('<details class="area">') == (len(groups) if is_long else 0)
        assert html.count('class="place"') == (0 if is_long else len(groups))


def test_a_rule_that_all_of_an_area_help_is_said_once() -> None:
    evaluation = build_evaluation(answers_at(0.4))
    way = find_improvement(evaluation, EFFORT.effort).way
    assert way is not None
    for group in action_groups(evaluation, way):
        assert group.helps
        assert all(set(group.helps) <= set(row.helps) for row in group.rows)
    assert page(evaluation).count("Semuanya membantu") == len(action_groups(evaluation, way))


def test_the_contents_name_the_plan_where_there_is_one() -> None:
    with_plan = unit_report(Case.known(low(), effort=EFFORT), MADE)
    assert 'href="#rencana"' in with_plan.annex().html
    assert 'id="rencana"' in with_plan.action_plan().html
    assert 'href="#rencana"' not in unit_report(Case.known(low()), MADE).annex().html


def test_the_first_pages_name_what_gains_most_and_how_much_more_there_is() -> None:
    evaluation = build_evaluation(answers_at(0.4))
    report = unit_report(Case.known(evaluation, effort=EFFORT), MADE)
    way = report.case.improvement and report.case.improvement.way
    assert way is not None
    assert len(way.moves) > MOST_BRIEF
    html = report.brief_plan().html
    points = sorted((move.points for move in way.moves), reverse=True)
    assert re.findall(r'data-label="Poin">\+([\d,]+)', html) == [
        format_number(number) for number in points[:MOST_BRIEF]
    ]
    assert f"Masih ada {len(way.moves) - MOST_BRIEF} jawaban lain." in html
