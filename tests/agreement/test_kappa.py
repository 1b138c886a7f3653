"""Agreement: kappa against statsmodels and published tables, counts, points, order, limits."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.samples import ABCD, SMALL, YES_NO, Answers, assess, choice, make_instrument
from tests.laws import law
from tests.work import count_calls
from zi_eval.agreement.intervals import cluster_share, wilson_share
from zi_eval.agreement.kappa import (
    Pairs,
    compare_pairs,
    discussion_order,
    pair_answers,
    pair_stages,
)
from zi_eval.agreement.outliers import compare_evaluators, funnel_limits
from zi_eval.core.assessment import Value
from zi_eval.core.instrument import Instrument
from zi_eval.core.scoring import score_assessment

XEROMAMMOGRAMS = ((21, 12, 0, 0), (4, 17, 1, 0), (3, 9, 15, 2), (0, 0, 0, 1))
"""85 xeromammograms read by two radiologists: Altman (1991), Practical Statistics for Medical
Research, p. 403; its quadratic kappa is 0.6714 in the Stata manual (``kappa``)."""


def _spread(table: object) -> tuple[np.ndarray, np.ndarray]:
    counts = np.asarray(table)
    rows, columns = np.indices(counts.shape)
    last = len(counts) - 1
    return (
        np.repeat(rows.ravel(), counts.ravel()) / last,
        np.repeat(columns.ravel(), counts.ravel()) / last,
    )


def _choices(scale: object = ABCD, count: int = 1) -> Instrument:
    letters = "abcdefghij"[:count]
    return make_instrument(
        {"A": 4.0, "A.I": 4.0, "A.I.1": 4.0, "A.I.1.i": 4.0},
        tuple(choice(f"A.I.1.i.{letter}", scale) for letter in letters),
    )


def _kappa_of(first: np.ndarray, second: np.ndarray) -> float | None:
    """The kappa of paired values on one scale; ten times the same, as few pairs give none."""
    if not len(first):
        return None
    made, times = _choices(), 1 if len(first) >= 10 else 10
    pairs = _pairs(made, np.tile(first, times)[:, None], np.tile(second, times)[:, None])
    value: float | None = compare_pairs(made, pairs).total.kappa.value
    return value


def _their_kappa(counts: np.ndarray, weights: np.ndarray) -> float:
    from statsmodels.stats.inter_rater import cohens_kappa  # a second to import

    return float(cohens_kappa(counts, weights=weights, return_results=False))


def _their_interval(count: int, of: int) -> tuple[float, float]:
    from statsmodels.stats.proportion import proportion_confint

    low, high = proportion_confint(count, of, method="wilson")
    return float(low), float(high)


def _reference_kappa(first: np.ndarray, second: np.ndarray) -> float:
    values, places = np.unique(np.concatenate((first, second)), return_inverse=True)
    counts = np.zeros((len(values), len(values)))
    np.add.at(counts, tuple(np.split(places, 2)), 1)
    weights = (values[:, None] - values[None, :]) ** 2
    return _their_kappa(counts, weights)


def test_quadratic_kappa_is_that_of_a_published_table() -> None:
    assert _kappa_of(*_spread(XEROMAMMOGRAMS)) == pytest.approx(0.6714, abs=5e-5)


@given(st.lists(st.lists(st.integers(0, 9), min_size=4, max_size=4), min_size=4, max_size=4))
@law(50)
def test_kappa_of_official_values_is_that_of_statsmodels(table: list[list[int]]) -> None:
    counts, values = np.array(table), np.array([1.0, 0.67, 0.33, 0.0])
    mine = _kappa_of(
        *(np.repeat(values[index.ravel()], counts.ravel()) for index in np.indices((4, 4)))
    )
    if mine is None:
        used = (counts.sum(axis=0) + counts.sum(axis=1)) > 0
        assert used.sum() <= 1
        return
    weights = np.abs(values[:, None] - values[None, :]) ** 2
    assert mine == pytest.approx(_their_kappa(counts, weights))


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_interval_is_that_of_newcombe_1998_table_1(
    count: int, of: int, low: float, high: float
) -> None:
    share = wilson_share(count, of)
    assert (share.low, share.high) == pytest.approx((low, high), abs=5e-5)
    assert (share.low, share.high) == pytest.approx(_their_interval(count, of))


def test_a_share_of_nothing_has_no_interval() -> None:
    assert wilson_share(0, 0).value is None
    assert cluster_share(np.zeros(3), np.zeros(3)).low is None


def test_an_interval_over_units_that_differ_is_wider_and_over_equal_units_is_not() -> None:
    sizes = np.full(8, 100)
    unlike, alike = np.array([100, 100, 100, 100, 20, 20, 20, 20]), np.full(8, 60)
    wide, plain = cluster_share(unlike, sizes), cluster_share(alike, sizes)
    assert wide.value == plain.value == 0.6
    assert wide.high - wide.low > 5 * (plain.high - plain.low)
    assert (plain.low, plain.high) == pytest.approx(_their_interval(480, 800))


def test_an_open_answer_of_the_tpi_is_waiting_and_no_agreement() -> None:
    tpi: Answers = {"A.I.1.i.a": "Ya", "A.I.1.i.b": None}
    own: Answers = {"A.I.1.i.a": "Ya", "A.I.1.i.b": "A", "A.I.1.ii.a": (10.0, None)}
    late: Answers = {**tpi, "A.I.1.i.c": "A"}
    found = compare_pairs(SMALL, pair_stages(SMALL, [assess(own, tpi=late)])).total
    assert (found.pairs, found.equal.count) == (1, 1)
    assert found.waiting == 1


def test_equal_means_the_same_value_of_counted_inputs() -> None:
    own: Answers = {"A.I.1.ii.a": (10.0, 5.0)}
    found = compare_pairs(SMALL, pair_stages(SMALL, [assess(own, tpi={"A.I.1.ii.a": (4.0, 2.0)})]))
    assert found.total.equal.count == 1


def test_points_are_what_the_tpi_moves_of_the_total(instrument: Instrument) -> None:
    points = instrument.question_points()
    assert sum(points.values()) == pytest.approx(instrument.weight)
    assert points["B.I.a"] == 17.5
    own: Answers = {key: "A" for key, q in SMALL.questions.items() if "A" in q.scale.values}
    tpi: Answers = {**own, "B.I.b": "D", "A.I.1.i.b": "B"}
    found = compare_pairs(SMALL, pair_stages(SMALL, [assess(own, tpi=tpi)]))
    assert found.units[0].points == pytest.approx(-2.0 - 0.5 * 1.5 / 3)
    assert found.units[0].points == pytest.approx(found.total.points)
    assert [item.id for item in discussion_order(found)] == ["B.I.b", "A.I.1.i.b"]
    assert found.areas[0].points == pytest.approx(-0.25)


def _pairs(instrument: Instrument, first: np.ndarray, second: np.ndarray) -> Pairs:
    units = tuple(f"u{row}" for row in range(len(first)))
    return Pairs(units, tuple(instrument.questions), first, second)


def test_a_kappa_of_few_pairs_or_without_variation_is_not_given() -> None:
    made = _choices()
    few = compare_pairs(made, _pairs(made, np.ones((9, 1)), np.zeros((9, 1)))).total.kappa
    flat = compare_pairs(made, _pairs(made, np.ones((30, 1)), np.ones((30, 1)))).total.kappa
    assert (few.value, few.reason) == (None, "few pairs")
    assert (flat.value, flat.reason) == (None, "no variation")


def test_very_many_units_are_resampled_in_pieces_with_the_same_intervals(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made, generator = _choices(count=5), np.random.default_rng(1)
    first, second = generator.choice([0.0, 0.33, 0.67, 1.0], (2, 40, 5))

    def intervals() -> list[float | None]:
        found = compare_pairs(made, _pairs(made, first, second))
        groups = (found.total, *found.questions)
        return [end for group in groups for end in (group.kappa.low, group.kappa.high)]

    whole = intervals()
    assert None not in whole
    monkeypatch.setattr("zi_eval.agreement.kappa.MOST_CELLS", 500)
    assert intervals() == pytest.approx(whole, abs=1e-12)


def test_a_kappa_over_few_units_has_no_interval() -> None:
    made = _choices(count=10)
    values = np.array([1.0, 0.67, 0.33, 0.0])[np.arange(40).reshape(4, 10) % 4]
    kappa = compare_pairs(made, _pairs(made, values, values)).total.kappa
    assert (kappa.value, kappa.low, kappa.reason) == (pytest.approx(1.0), None, "few units")


def test_scales_are_pooled_without_counting_their_difference_as_agreement() -> None:
    """Answers at random agree no better for being on two scales of different level."""
    made = make_instrument(
        {"A": 4.0, "A.I": 4.0, "A.I.1": 4.0, "A.I.1.i": 4.0},
        (choice("A.I.1.i.a", YES_NO), choice("A.I.1.i.b", ABCD)),
    )
    generator = np.random.default_rng(1)
    low = generator.choice([0.33, 0.0], (2, 4000))
    high = generator.choice([1.0, 0.0], (2, 4000), p=[0.95, 0.05])
    first, second = np.stack([high[0], low[0]], 1), np.stack([high[1], low[1]], 1)
    kappa = compare_pairs(made, _pairs(made, first, second)).total.kappa
    assert abs(kappa.value) < 0.05
    assert _reference_kappa(first.ravel(), second.ravel()) > 0.5


@pytest.mark.parametrize(
    ("times", "least"), [(20, 17), pytest.param(60, 51, marks=pytest.mark.long)]
)
def test_the_interval_of_kappa_holds_the_truth_about_19_times_of_20(times: int, least: int) -> None:
    made, generator = _choices(count=5), np.random.default_rng(3)
    values = np.array([1.0, 0.67, 0.33, 0.0])
    big = generator.integers(0, 4, 200_000)

    def answers(truth: np.ndarray) -> np.ndarray:
        return np.where(
            generator.random(truth.shape) < 0.7, truth, generator.integers(0, 4, truth.shape)
        )

    truth = _reference_kappa(values[answers(big)], values[answers(big)])
    held = 0
    for _ in range(times):
        own = generator.integers(0, 4, (40, 5))
        pairs = _pairs(made, values[answers(own)], values[answers(own)])
        kappa = compare_pairs(made, pairs).total.kappa
        held += kappa.low <= truth <= kappa.high
    assert least <= held <= times


def test_the_same_answers_always_give_the_same_interval(instrument: Instrument) -> None:
    made, generator = _choices(count=3), np.random.default_rng(5)
    pairs = _pairs(
        made, generator.integers(0, 2, (20, 3)) * 1.0, generator.integers(0, 2, (20, 3)) * 1.0
    )
    assert compare_pairs(made, pairs) == compare_pairs(made, pairs)


def test_two_evaluators_are_compared_on_the_units_both_have() -> None:
    one: dict[str, dict[str, Value | None]] = {"u": {"A.I.1.i.b": "A"}, "v": {"A.I.1.i.b": "B"}}
    other: dict[str, dict[str, Value | None]] = {"u": {"A.I.1.i.b": "B"}}
    found = compare_pairs(SMALL, pair_answers(SMALL, one, other))
    assert ([item.id for item in found.units], found.total.lowered) == (["u"], 1)


def test_differences_that_point_one_way_are_told_from_those_that_do_not() -> None:
    made = _choices()
    first = np.full((6, 1), 0.67)
    down = compare_pairs(made, _pairs(made, first, np.array([[0.33]] * 4 + [[0.67]] * 2)))
    mixed = compare_pairs(
        made, _pairs(made, first, np.array([[0.33]] * 2 + [[1.0]] * 2 + [[0.67]] * 2))
    )
    assert down.questions[0].is_one_way
    assert not mixed.questions[0].is_one_way


def test_the_one_who_differs_most_stands_out_and_does_not_hide_behind_its_own_spread() -> None:
    usual = [(f"u{n}", n % 4 + 3, 113) for n in range(6)]
    funnel = funnel_limits([*usual, ("far", 37, 113), ("small", 2, 3)])
    assert [member.id for member in funnel.outstanding] == ["far"]
    assert funnel.members[-1].z is None
    low, high = funnel.limits(113)
    assert low < 5 / 113 < high < 37 / 113


def test_units_that_scatter_widely_make_wide_limits() -> None:
    narrow = funnel_limits([(f"u{n}", 20 + n % 3, 100) for n in range(30)])
    wide = funnel_limits([(f"u{n}", 5 + n, 100) for n in range(30)])
    assert narrow.spread == 1.0
    assert wide.spread > 2
    assert wide.outstanding == ()


def test_nobody_stands_out_among_few_or_where_all_agree() -> None:
    assert all(m.z is None for m in funnel_limits([("a", 0, 100), ("b", 90, 100)]).members)
    assert funnel_limits([(f"u{n}", 0, 100) for n in range(9)]).usual is None


def test_random_units_rarely_stand_out() -> None:
    generator = np.random.default_rng(11)
    counts = generator.binomial(113, 0.1, 600)
    found = funnel_limits([(f"u{n}", int(c), 113) for n, c in enumerate(counts)])
    assert len(found.outstanding) <= 8


def test_evaluators_are_compared_by_the_answers_they_decided() -> None:
    made = _choices(count=10)
    first, second = np.ones((6, 10)), np.ones((6, 10))
    second[5] = 0.33
    pairs = _pairs(made, first, second)
    who = {(u, q): f"Penilai {u}" for u in pairs.units for q in pairs.questions}
    funnel, points = compare_evaluators(made, pairs, {**who, ("u0", "x"): "Nobody"})
    assert [member.id for member in funnel.outstanding] == ["Penilai u5"]
    assert points["Penilai u5"] == pytest.approx(-0.67 * 4.0)
    assert points["Penilai u0"] == 0
    assert "Nobody" not in points


def test_comparing_units_grows_with_them_and_is_less_work_than_scoring_them(
    instrument: Instrument,
) -> None:
    generator = np.random.default_rng(1)
    codes = {q.id: tuple(q.scale.values) for q in instrument.questions.values() if q.scale.values}
    units = [
        assess(
            {q: c[generator.integers(len(c))] for q, c in codes.items()},
            tpi={q: c[generator.integers(len(c))] for q, c in codes.items()},
        )
        for _ in range(80)
    ]

    def compare(count: int) -> int:
        return count_calls(
            lambda: compare_pairs(instrument, pair_stages(instrument, units[:count]))
        )

    compare(1)  # what is kept from the first time on
    assert compare(80) < 2 * compare(40)
    scoring = count_calls(lambda: [score_assessment(instrument, u) for u in units[:8]])
    assert compare(80) < 10 * scoring
