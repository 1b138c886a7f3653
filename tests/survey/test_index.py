from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.laws import law
from tests.survey.samples import responses, survey
from tests.work import count_calls
from zi_eval.survey.index import (
    REPLICATES,
    Spread,
    answer_matrix,
    element_means,
    mean_index,
    quantiles,
    resample,
)
from zi_eval.survey.values import Survey

NAN = float("nan")
Rows = list[list[int | None]]
TABLES = st.lists(
    st.lists(st.one_of(st.none(), st.integers(1, 4)), min_size=3, max_size=3),
    min_size=1, max_size=12,
)  # fmt: skip


def _their_interval(values: np.ndarray) -> tuple[float, float]:
    from statsmodels.stats.weightstats import DescrStatsW  # a second to import

    low, high = DescrStatsW(values).tconfint_mean()
    return float(low), float(high)


def index(rows: Rows, asked: Survey | None = None) -> float | None:
    asked = asked or survey()
    return mean_index(answer_matrix(responses(*rows), len(asked.elements)), asked)


def people(size: int, elements: int = 9, seed: int = 1) -> NDArray[np.float64]:
    """Return correlated answers that crowd at 4, as real ones do."""
    random = np.random.default_rng(seed)
    scores = random.normal(size=(size, 1)) * 0.8 + random.normal(size=(size, elements)) * 0.6
    return 1.0 + np.searchsorted([-1.9, -1.3, -0.2], scores)


def test_an_element_is_the_mean_of_those_who_answered_it() -> None:
    means = element_means(np.array([[1.0, NAN, NAN], [4.0, 3.0, NAN]]))
    assert means[:2].tolist() == [2.5, 3.0]
    assert math.isnan(means[2])


def test_nine_equal_weights_are_ninths_exactly() -> None:
    asked = survey(9)
    assert index([[4] * 9, [4] * 9], asked) == 4.0
    assert index([[3] * 9] * 7, asked) == 3.0
    # 0.11 a piece, as some sheets compute, gives 3.96.
    assert index([[4, 4, 4, 4, 4, 4, 4, 4, 3]], asked) == pytest.approx(35 / 9)


def test_weights_of_a_definition_count() -> None:
    weights = (0.5, 0.3, 0.2)
    asked = survey()
    heavy = tuple(replace(e, weight=w) for e, w in zip(asked.elements, weights, strict=True))
    assert index([[4, 2, 1]], replace(asked, elements=heavy)) == pytest.approx(2.8)


def test_without_any_answer_to_an_element_there_is_no_index() -> None:
    assert index([[4, 4, None], [3, None, None]]) is None
    assert mean_index(answer_matrix((), 3), survey()) is None


@given(TABLES, st.data())
def test_a_better_answer_never_lowers_the_index(rows: Rows, draw: st.DataObject) -> None:
    before = index(rows)
    places = [(r, c) for r, row in enumerate(rows) for c, v in enumerate(row) if v and v < 4]
    if before is None or not places:
        return
    row, column = draw.draw(st.sampled_from(places))
    better = [list(line) for line in rows]
    better[row][column] = (better[row][column] or 0) + 1
    after = index(better)
    assert after is not None
    assert after > before


@given(TABLES, st.randoms())
@law(40)
def test_the_order_of_respondents_changes_nothing(rows: Rows, random: object) -> None:
    mixed = list(rows)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    tables = [answer_matrix(responses(*given), 3) for given in (rows, mixed)]
    assert np.array_equal(tables[0], tables[1], equal_nan=True)
    one, other = (resample(table, survey(), 50) for table in tables)
    if one is None or other is None:
        assert one is other
        return
    assert one.index.interval() == other.index.interval()


@given(TABLES)
@law(40)
def test_an_index_and_its_interval_stay_on_the_scale(rows: Rows) -> None:
    got = index(rows)
    spread = resample(answer_matrix(responses(*rows), 3), survey(), 50)
    assert got is None or 1 <= got <= 4
    found = spread.index.interval() if spread is not None else None
    if found is not None:
        assert 1 - 1e-9 <= found.low <= found.high <= 4 + 1e-9


def test_the_same_answers_always_give_the_same_interval() -> None:
    table = people(50)
    one, other = (resample(table, survey(9)) for _ in range(2))
    assert one is not None
    assert other is not None
    assert one.index.interval() == other.index.interval()
    assert one.index.chance(3.2) == other.index.chance(3.2)


@pytest.mark.parametrize("size", [12, 30, 200])
def test_the_interval_is_the_bca_interval_of_scipy_on_the_same_resamples(size: int) -> None:
    table = people(size)
    spread = resample(table, survey(9))
    assert spread is not None
    totals = table.mean(axis=1)
    from scipy import stats  # as long to import as all the rest here

    theirs = stats.bootstrap(
        (totals,), _rounded_mean, method="BCa", n_resamples=0,
        bootstrap_result=_Resamples(spread.index.values),
    )  # fmt: skip
    ours = spread.index.interval()
    assert ours.low == pytest.approx(theirs.confidence_interval.low, abs=1e-6)
    assert ours.high == pytest.approx(theirs.confidence_interval.high, abs=1e-6)


def _rounded_mean(values: NDArray[np.float64], axis: int = -1) -> NDArray[np.float64]:
    # To nine decimals, as ours, so that equal figures tie.
    return np.round(np.mean(values, axis=axis), 9)


class _Resamples:
    """What scipy takes the distribution from when it is asked to draw no more."""

    def __init__(self, values: NDArray[np.float64]) -> None:
        self.bootstrap_distribution = values


def test_with_many_respondents_the_interval_is_that_of_the_normal_distribution() -> None:
    table = people(3000)
    spread = resample(table, survey(9))
    assert spread is not None
    low, high = _their_interval(table.mean(axis=1))
    found = spread.index.interval()
    assert (found.low, found.high) == pytest.approx((low, high), abs=0.003)
    column = _their_interval(table[:, 4])
    element = spread.elements[4].interval()
    assert (element.low, element.high) == pytest.approx(column, abs=0.004)


def test_intervals_and_chances_hold_what_they_promise_in_simulated_surveys() -> None:
    shares = np.array([0.02, 0.05, 0.25, 0.68])
    truth = float(shares @ [1, 2, 3, 4])
    from scipy import stats

    cuts = stats.norm.ppf(np.cumsum(shares)[:-1])
    random = np.random.default_rng(7)
    held, chances = [], []
    for _ in range(300):
        common = random.normal(size=(60, 1)) * 0.7**0.5
        scores = common + random.normal(size=(60, 9)) * 0.3**0.5
        spread = resample(1.0 + np.searchsorted(cuts, scores), survey(9), 1000)
        assert spread is not None
        found = spread.index.interval()
        assert found is not None
        held.append(found.low <= truth <= found.high)
        chances.append(spread.index.chance(truth))
    assert 0.91 <= np.mean(held) <= 0.98
    # At the truth itself a chance that means something is as often below as above any share.
    assert np.quantile(chances, [0.25, 0.5, 0.75]) == pytest.approx([0.25, 0.5, 0.75], abs=0.07)


def test_answers_that_are_missing_are_resampled_as_missing() -> None:
    table = people(400)
    table[::2, 0] = NAN
    spread = resample(table, survey(9))
    assert spread is not None
    half = _their_interval(table[1::2, 0])
    found = spread.elements[0].interval()
    assert (found.low, found.high) == pytest.approx(half, abs=0.02)


@pytest.mark.parametrize("end", ["low", "high"])
def test_the_chance_agrees_with_the_interval(end: str) -> None:
    spread = resample(people(60), survey(9))
    assert spread is not None
    edge = getattr(spread.index.interval(), end)
    wanted = 0.975 if end == "low" else 0.025
    assert spread.index.chance(edge) == pytest.approx(wanted, abs=0.004)


@given(st.floats(1, 4), st.floats(1, 4))
@law(50)
def test_a_higher_mark_is_never_reached_more_surely(one: float, other: float) -> None:
    spread = resample(people(40), survey(9), 200)
    assert spread is not None
    low, high = sorted((one, other))
    assert 0 <= spread.index.chance(high) <= spread.index.chance(low) <= 1


def test_where_everybody_answers_alike_nothing_is_said_to_be_sure() -> None:
    spread = resample(np.full((30, 3), 4.0), survey())
    assert spread is not None
    assert spread.index.interval() is None
    assert spread.index.chance(3.6) is None


def test_a_mark_met_exactly_is_met() -> None:
    values = np.array([3.5, 3.6, 3.6, 3.7] * 25)
    exactly, more = (Spread(values, 3.6, 0.0).chance(need) for need in (3.6, 3.6001))
    assert exactly is not None
    assert more is not None
    assert exactly == pytest.approx(0.75)
    assert more < exactly


def test_the_shares_of_being_lowest_add_up_and_point_to_the_weakest() -> None:
    table = people(200)
    table[:, 3] = np.maximum(1, table[:, 3] - 1)
    spread = resample(table, survey(9))
    assert spread is not None
    shares = spread.lowest_shares()
    assert sum(shares) == pytest.approx(1)
    assert shares.index(max(shares)) == 3
    assert shares[3] > 0.95


def test_ties_for_the_lowest_are_shared() -> None:
    spread = resample(np.tile([[3.0, 3.0, 4.0]], (10, 1)), survey())
    assert spread is not None
    assert spread.lowest_shares() == (0.5, 0.5, 0.0)


def test_one_respondent_or_none_has_no_interval() -> None:
    assert resample(np.array([[4.0, 3.0, 2.0]]), survey()) is None
    assert resample(np.empty((0, 3)), survey()) is None


def test_resampling_calls_no_function_for_a_respondent_of_a_replicate() -> None:
    few = count_calls(lambda: resample(people(300), survey(9), REPLICATES // 20))
    many = count_calls(lambda: resample(people(3000), survey(9), REPLICATES))
    # Drawn in pieces that stay in one thread: some calls for each piece of many respondents.
    assert few < 1000
    assert many < 3000 * REPLICATES / 200


def test_in_whatever_pieces_the_resamples_are_drawn_they_are_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    table = people(40)
    whole = resample(table, survey(9), 300)
    monkeypatch.setattr("zi_eval.survey.index.CHUNK", 7 * table.size)
    pieces = resample(table, survey(9), 300)
    assert whole is not None
    assert pieces is not None
    assert np.array_equal(whole.means, pieces.means)
    assert np.array_equal(whole.index.values, pieces.index.values)


def test_quantiles_are_those_of_numpy() -> None:
    values = np.random.default_rng(1).normal(size=41)
    shares = (0.0, 0.025, 0.31, 0.975, 1.0)
    assert quantiles(values, shares) == pytest.approx(np.quantile(values, shares), rel=1e-14)
