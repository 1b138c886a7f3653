"""The chance of a predicate: calibrated on simulated evaluations, and the laws it keeps."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.samples import ABC, ABCD, INDEX, YES_NO, choice, make_instrument
from tests.laws import law
from tests.survey import samples as survey_samples
from tests.work import count_calls
from zi_eval.chance.corrections import learn_corrections, unit_factors
from zi_eval.chance.estimate import DRAWS, Chance, estimate_chance
from zi_eval.chance.surveys import cannot_fail
from zi_eval.core.assessment import Answer, Assessment, Final, Stage, Unit, Value
from zi_eval.core.evaluation import Evaluation, evaluate
from zi_eval.core.instrument import Question
from zi_eval.core.rules import Rule, RuleSet, Threshold
from zi_eval.core.scoring import score_assessment
from zi_eval.core.verdict import Status, judge
from zi_eval.instruments import load_instrument, load_rules
from zi_eval.survey.result import SurveyResult
from zi_eval.survey.unit import UnitSurveys

SCALES = (YES_NO, ABC, ABCD)
TEN = make_instrument(
    {"A": 12.0, "A.I": 12.0, "A.I.1": 12.0, "A.I.1.i": 6.0, "A.I.1.ii": 6.0, "B": 4.0, "B.I": 4.0},
    (
        *(choice(f"A.I.1.i.{key}", SCALES[place % 3]) for place, key in enumerate("abcdef")),
        *(choice(f"A.I.1.ii.{key}", SCALES[place % 3]) for place, key in enumerate("abcdef")),
        Question("B.I.a", "text", INDEX, guide="guide", weight=4.0),
    ),
)
RULES = RuleSet(
    id="ten",
    title="Ten",
    date="2021-01-01",
    source="made by hand",
    predicates=("WBK", "WBBM"),
    agency_kinds=("kabupaten",),
    rules=(
        Rule(
            "total",
            "Total",
            ("A", "B"),
            {"WBK": Threshold(points=11), "WBBM": Threshold(points=14)},
            "",
        ),
        Rule("i", "Part", ("A.I.1.i",), {"WBK": Threshold(percent=60)}, ""),
        Rule("index", "Index", ("B.I.a",), {"WBK": Threshold(points=3)}, ""),
    ),
    prerequisites=(),
)
Given = Mapping[str, Value | None]


def assess(unit: Given, tpi: Given | None = None, name: str = "u", **fields: object) -> Assessment:
    tpi = tpi or {}
    answers = {key: Answer(unit=unit.get(key), tpi=tpi.get(key)) for key in unit}
    return Assessment(Unit(name, name), "ten", "WBK", answers=answers, **fields)  # type: ignore[arg-type]


def evaluated(assessment: Assessment, stage: Stage = Stage.UNIT) -> Evaluation:
    return evaluate(TEN, RULES, assessment, stage=stage)


def answers_of(chance: random.Random) -> dict[str, Value]:
    """What a unit answers: mostly good."""
    return {
        q.id: round(chance.uniform(2.8, 4.0), 2)
        if q.scale.kind == "index"
        else chance.choices(list(q.scale.values), [6, *[1.5] * (len(q.scale.values) - 1)])[0]
        for q in TEN.questions.values()
    }


def corrected(unit: Given, chance: random.Random, firmness: float) -> dict[str, Value]:
    """What a TPI makes of it: one of ten answers lowered by an average one, some raised."""
    last: dict[str, Value] = {}
    for key, answer in unit.items():
        u = chance.random()
        turn = 1 if u < 0.1 * firmness else -1 if u > 0.97 else 0
        if isinstance(answer, float):
            last[key] = min(4.0, max(0.0, answer - turn * chance.uniform(0.1, 0.8)))
            continue
        codes = list(TEN.questions[key].scale.values)
        step = turn * chance.choice((1, 1, 1, 2))
        last[key] = codes[min(len(codes) - 1, max(0, codes.index(str(answer)) + step))]
    return last


def simulated(seed: str, firmness: float, name: str) -> Assessment:
    chance = random.Random(seed)
    unit = answers_of(chance)
    return assess(unit, corrected(unit, chance, firmness), name)


def agency(size: int, shape: float = 3.0) -> list[Assessment]:
    return [
        simulated(
            f"agency {place}", random.Random(place).gammavariate(shape, 1 / shape), f"{place}"
        )
        for place in range(size)
    ]


def passes(unit: Given) -> bool:
    card = score_assessment(TEN, assess(unit))
    return judge(TEN, RULES, card, "WBK", assess(unit)).status is Status.MET


@pytest.mark.parametrize(
    ("periods", "units", "points"),
    [(0, 90, 0.1), *(pytest.param(p, 300, 0.07, marks=pytest.mark.long) for p in (0, 3))],
)
def test_what_is_said_to_happen_seven_times_of_ten_does(
    periods: int, units: int, points: float
) -> None:
    """Of units with 20 ends each: what came true is within some points of what was stated."""
    known = learn_corrections(TEN, agency(60))
    stated, true = [], []
    for place in range(units):
        chance = random.Random(f"unit {place} {periods}")
        firmness = chance.gammavariate(3, 1 / 3)
        history = [simulated(f"{place} past {p}", firmness, "u") for p in range(periods)]
        unit = answers_of(chance)
        stated.append(estimate_chance(evaluated(assess(unit)), history, known).share)
        true.append(np.mean([passes(corrected(unit, chance, firmness)) for _ in range(20)]))
    shares, happened = np.array(stated), np.array(true)
    for low, high in ((0.02, 0.6), (0.6, 0.8), (0.8, 0.98)):
        group = (shares >= low) & (shares < high)
        assert group.sum() >= units / 15
        assert happened[group].mean() == pytest.approx(shares[group].mean(), abs=points), (
            low,
            high,
        )
    # And it tells units apart: far better than one chance for everybody.
    assert np.mean((shares - happened) ** 2) < 0.2 * np.var(happened)


def test_the_same_data_give_the_same_chance() -> None:
    evaluation, others = evaluated(assess(answers_of(random.Random(4)))), agency(8)
    first, second = (estimate_chance(evaluation, others[:1], others) for _ in range(2))
    assert 0 < first.share < 1
    assert (first.share, first.shares, first.total) == (second.share, second.shares, second.total)
    other = estimate_chance(evaluation, others[:1], others, seed=7)
    assert other.share != first.share
    assert other.share == pytest.approx(first.share, abs=0.05)


codes = st.fixed_dictionaries(
    {
        q.id: st.sampled_from(list(q.scale.values))
        if q.scale.kind == "choice"
        else st.sampled_from([2.0, 2.9, 3.0, 3.1, 4.0])
        for q in TEN.questions.values()
    }
)
LAW = law(40)
KNOWN = learn_corrections(TEN, agency(8))


@LAW
@given(codes, st.sampled_from(sorted(TEN.questions)))
def test_a_better_answer_never_lowers_the_chance(unit: dict[str, Value], key: str) -> None:
    question, before = TEN.questions[key], unit[key]
    better = dict(unit)
    if isinstance(before, str):
        order = list(question.scale.values)
        better[key] = order[max(0, order.index(before) - 1)]
    else:
        better[key] = min(4.0, float(before) + 0.1)  # type: ignore[arg-type]
    low = estimate_chance(evaluated(assess(unit)), others=KNOWN)
    high = estimate_chance(evaluated(assess(better)), others=KNOWN)
    assert all(high.shares[name] >= low.shares[name] for name in RULES.predicates)


@LAW
@given(codes)
def test_more_history_without_a_lowered_answer_never_lowers_the_chance(
    unit: dict[str, Value],
) -> None:
    calm = assess(answers_of(random.Random(1)), answers_of(random.Random(1)))
    # Without anybody raising answers, which a calm history makes rarer too.
    known = replace(KNOWN, up=replace(KNOWN.up, rates=np.zeros(len(TEN.questions))))
    shares = [
        estimate_chance(evaluated(assess(unit)), [calm] * periods, known).share
        for periods in (0, 1, 2, 5)
    ]
    assert shares == sorted(shares)


@LAW
@given(codes)
def test_all_answers_settled_by_the_tpi_give_certainty(unit: dict[str, Value]) -> None:
    evaluation = evaluated(assess(unit, unit), Stage.TPI)
    chance = estimate_chance(evaluation, others=KNOWN)
    assert chance.certainty is (Status.MET if passes(unit) else Status.NOT_MET)
    assert chance.share == float(passes(unit))
    assert chance.tenths is None
    assert not chance.movable


def test_a_final_evaluation_settles_what_the_tpi_took_over() -> None:
    unit = answers_of(random.Random(2))
    final = Final("Ketua", datetime(2026, 1, 1, tzinfo=UTC))
    open_end = estimate_chance(evaluated(assess(unit), Stage.TPI), others=KNOWN)
    settled = estimate_chance(evaluated(assess(unit, final=final), Stage.TPI), others=KNOWN)
    assert len(open_end.movable) == len(TEN.questions)
    assert not settled.movable
    assert settled.certainty is not Status.UNKNOWN


def test_at_the_units_stage_answers_of_the_tpi_settle_nothing() -> None:
    unit = answers_of(random.Random(2))
    chance = estimate_chance(evaluated(assess(unit, unit)), others=KNOWN)
    assert len(chance.movable) == len(TEN.questions)


BEST: dict[str, Value] = {q.id: next(iter(q.scale.values), 4.0) for q in TEN.questions.values()}
WORST: dict[str, Value] = {
    q.id: next(reversed([*q.scale.values]), 0.0) for q in TEN.questions.values()
}


def test_the_sure_is_said_as_sure_and_the_unsure_never() -> None:
    lost = estimate_chance(evaluated(assess({**BEST, "B.I.a": 2.0})))
    assert (lost.certainty, lost.tenths) == (Status.NOT_MET, None)
    met = estimate_chance(evaluated(assess(BEST, BEST), Stage.TPI), others=KNOWN)
    assert (met.certainty, met.tenths) == (Status.MET, None)
    rare = estimate_chance(evaluated(assess(BEST)), others=KNOWN)
    assert rare.certainty is Status.UNKNOWN
    assert rare.tenths == 9


def test_an_open_question_that_cannot_change_the_end_leaves_it_sure() -> None:
    spare = {**BEST, "A.I.1.ii.a": None}
    chance = estimate_chance(evaluated(assess(spare, BEST | {"A.I.1.ii.a": None}), Stage.TPI))
    assert chance.certainty is Status.MET
    assert chance.open_even == ("A.I.1.ii.a",)


def test_without_any_earlier_evaluation_corrections_are_left_out_and_that_is_known() -> None:
    chance = estimate_chance(evaluated(assess(BEST)))
    assert chance.ignores_corrections
    assert chance.certainty is Status.MET
    assert not estimate_chance(evaluated(assess(BEST)), others=KNOWN).ignores_corrections


def test_an_open_question_is_drawn_from_what_others_were_given_in_the_end() -> None:
    key = "A.I.1.i.a"  # ya_tidak: half the points of nothing else
    rules = replace(
        RULES, rules=(Rule("i", "Part", ("A.I.1.i",), {"WBK": Threshold(percent=100)}, ""),)
    )

    def share(others: Sequence[Assessment]) -> Chance:
        given = {**BEST, key: None}
        own = evaluate(TEN, rules, assess(given, given), stage=Stage.TPI)
        return estimate_chance(own, others=others)

    others = [
        assess(BEST, {**BEST, key: "Ya" if place < 8 else "Tidak"}, f"{place}")
        for place in range(10)
    ]
    drawn = share(others)
    assert drawn.open_known == (key,)
    assert drawn.share == pytest.approx(0.8, abs=0.025)
    even = share(others[:4])
    assert even.open_even == (key,)
    assert even.share == pytest.approx(0.5, abs=0.025)


def surveys(*indices: int) -> UnitSurveys:
    data = survey_samples.data(survey_samples.survey(), *([index] * 3 for index in indices))
    return UnitSurveys("u", "U", (SurveyResult(data),))


def test_an_index_is_drawn_from_the_survey_only_where_the_answer_is_the_surveys() -> None:
    found = surveys(*[3] * 24, *[4] * 8, *[2] * 8)  # index 3.00, just the minimum
    result = found.results[0]
    assert result.index == pytest.approx(3)
    same = {**BEST, "B.I.a": 3.0}
    chance = estimate_chance(evaluated(assess(same, same), Stage.TPI), surveys=found)
    assert [item.question for item in chance.surveys] == ["B.I.a"]
    assert chance.share == pytest.approx(0.5, abs=0.03)
    assert [risk.outcome.rule.id for risk in chance.risks] == ["index"]
    other = {**BEST, "B.I.a": 3.1}
    chance = estimate_chance(evaluated(assess(other, other), Stage.TPI), surveys=found)
    assert not chance.surveys
    assert chance.certainty is Status.MET


def test_where_no_draw_can_fail_all_draws_pass_and_only_there() -> None:
    """The lowest index that can be drawn decides, without a draw."""
    by_margin = {
        3.0: surveys(*[3] * 24, *[4] * 8, *[2] * 8),
        3.2: surveys(*[3] * 32, *[4] * 8),
        3.9: surveys(*[4] * 36, *[3] * 4),
    }
    said = []
    for index, found in by_margin.items():
        same = {**BEST, "B.I.a": index}
        of_tpi = evaluated(assess(same, same), Stage.TPI)
        said.append(cannot_fail(of_tpi, found))
        assert (estimate_chance(of_tpi, surveys=found).share == 1) is said[-1]
        # Answers that nobody has settled may be anything, and so may open ones.
        assert not cannot_fail(evaluated(assess(same)), found)
        assert not cannot_fail(evaluated(assess({**same, "A.I.1.i.a": None}), Stage.TPI), found)
    assert said == [False, False, True]


def test_rules_are_named_by_how_often_they_fail() -> None:
    chance = estimate_chance(evaluated(assess(BEST | {"B.I.a": 3.05})), others=KNOWN)
    shares = [risk.share for risk in chance.risks]
    assert chance.risks[0].outcome.rule.id == "index"
    assert shares == sorted(shares, reverse=True)
    assert max(shares) <= 1 - chance.share <= sum(shares)


def test_rates_are_those_counted_where_much_is_known() -> None:
    """Of 3,000 answers of each scale the prior of 20 weighs little."""
    units = [
        assess(BEST, {**BEST, "A.I.1.i.a": "Tidak"} if place % 4 == 0 else BEST, f"{place}")
        for place in range(1000)
    ]
    known = learn_corrections(TEN, units)
    assert (known.down.moved, known.down.exposed) == (250, 13_000)
    assert (known.up.moved, known.up.exposed) == (0, 0)  # the best cannot rise
    rates = dict(zip(TEN.questions, known.down.rates, strict=True))
    assert rates["A.I.1.i.a"] == pytest.approx(250 / 4000, rel=0.01)
    assert rates["A.I.1.i.b"] < 0.001


def test_a_short_history_leans_on_the_other_units() -> None:
    known = learn_corrections(TEN, agency(40))
    harsh = assess(BEST, WORST)
    means = [unit_factors(TEN, known, [harsh] * periods)[0].mean for periods in (0, 1, 6)]
    assert means[0] == 1
    counted = 13 / float(known.down.rates.sum())
    assert 1 < means[1] < means[2] < counted


def test_other_instruments_and_the_unit_itself_are_no_others() -> None:
    evaluation = evaluated(assess(answers_of(random.Random(3))))
    foreign = [replace(item, instrument="other") for item in agency(6)]
    mine = [replace(item, unit=Unit("u", "u")) for item in agency(6)]
    for others in (foreign, mine):
        chance = estimate_chance(evaluation, others=others)
        assert chance.corrections.units == 0
    assert estimate_chance(evaluation, mine).is_alone


def test_what_is_called_depends_on_the_questions_and_not_on_the_draws(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With all 113 questions and the corrections learnt: the draws are rows of one table."""
    instrument, rules = load_instrument("zi-2021"), load_rules("zi-2021")
    unit = {
        q.id: Answer(
            unit=next(iter(q.scale.values))
            if q.scale.kind == "choice"
            else 3.6
            if q.scale.kind == "index"
            else (10.0,) * len(q.asked_inputs)
        )
        for q in instrument.questions.values()
    }
    own = Assessment(Unit("u", "U"), "zi-2021", "WBK", answers=unit)
    past = replace(own, answers={key: replace(item, tpi=item.unit) for key, item in unit.items()})
    known = learn_corrections(instrument, [replace(past, unit=Unit("v", "V"))] * 6)
    evaluation = evaluate(instrument, rules, own)
    assert estimate_chance(evaluation, [past], known).draws == DRAWS >= 4000

    def calls() -> int:
        return count_calls(lambda: estimate_chance(evaluation, [past], known))

    many = calls()
    monkeypatch.setattr("zi_eval.chance.estimate.DRAWS", 64)
    assert many < 1.05 * calls()
    assert many < 1000 * len(unit)


def test_answers_that_the_tpi_settled_are_not_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr("zi_eval.chance.estimate.correct_answers", refuse)
    given = answers_of(random.Random(1))
    settled = assess(given, given)
    open_one = assess({**given, "A.I.1.i.a": None}, {**given, "A.I.1.i.a": None})
    others = agency(6)
    for assessment in (settled, open_one):
        assert estimate_chance(evaluated(assessment, Stage.TPI), (), others).movable == ()
    with pytest.raises(AssertionError):
        estimate_chance(evaluated(assess(given), Stage.TPI), (), others)
