"""Steps that help most units, against counting them one by one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.pages.builders import INSTRUMENT, RULES, answers_at, build_evaluation
from zi_eval.core.agency import AgencyEvaluation
from zi_eval.core.assessment import Answer, Stage, Unit
from zi_eval.core.evaluation import Evaluation, evaluate
from zi_eval.improvement.options import steps_up
from zi_eval.improvement.shared import shared_steps


def unit(name: str, share: float, **changes: Answer) -> Evaluation:
    built = build_evaluation({**answers_at(share), **changes} if share >= 0 else {})
    return replace(built, assessment=replace(built.assessment, unit=Unit(name, name)))


def agency(*evaluations: Evaluation) -> AgencyEvaluation:
    sample = build_evaluation({}).agency
    assert sample is not None
    return AgencyEvaluation(sample, RULES, INSTRUMENT, "2026", Stage.TPI, evaluations)


MIXED = agency(
    unit("rendah", 0.4),
    unit("sedang", 0.7, **{"A.I.5.i.a": Answer(unit="A")}),
    unit("selesai", 1.0),
    unit("kosong", -1),
)


def test_only_units_that_answered_and_miss_a_rule_count() -> None:
    assert shared_steps(MIXED).units == ("rendah", "sedang")


def test_each_step_counts_the_units_that_one_by_one_it_helps() -> None:
    steps = {step.question.id: step for step in shared_steps(MIXED).steps}
    own = {
        item.assessment.unit.id: {step.question.id: step for step in steps_up(item)}
        for item in MIXED.evaluations[:2]
    }
    assert set(steps) == {key for rising in own.values() for key, s in rising.items() if s.helps}
    for key, step in steps.items():
        helped = [name for name, rising in own.items() if key in rising and rising[key].helps]
        assert step.units == tuple(helped)
        mean = sum(own[name][key].points for name in helped) / len(helped)
        assert step.points == pytest.approx(mean)
    assert steps["A.I.5.i.a"].units == ("rendah",)
    counts = [len(step.units) for step in shared_steps(MIXED).steps]
    assert counts == sorted(counts, reverse=True)


def test_a_step_said_to_reach_a_rule_alone_does_so_before_the_judge() -> None:
    close = unit("dekat", 1.0, **{"A.I.1.i.a": Answer(unit="Tidak")})
    rule = next(r for r in close.target.rules if "A.I.1" in r.rule.nodes)
    short = unit("dekat", 0.68)
    for item in (close, short):
        for step in shared_steps(agency(item)).steps:
            move = next(s for s in steps_up(item) if s.question.id == step.question.id)
            if move.then is None:
                continue
            answers = {**item.assessment.answers, step.question.id: Answer(unit=move.then)}
            then = evaluate(
                INSTRUMENT,
                RULES,
                replace(item.assessment, answers=answers),
                item.agency,
                item.stage,
            )
            before = {o.rule.id for o in item.target.failed_rules}
            after = {o.rule.id for o in then.target.failed_rules}
            assert bool(before - after) == bool(step.alone), step.question.id
    assert rule.is_met  # one answer of many is no rule missed
    assert any(step.alone for step in shared_steps(agency(short)).steps)
