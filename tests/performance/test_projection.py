from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.performance.samples import indicator, quarters, standing
from zi_eval.performance.plan import Accrual, Direction, Indicator
from zi_eval.performance.projection import Light, Watch, project_year

SUM = {"accrual": Accrual.SUM, "targets": (20.0, 20.0, 30.0, 30.0)}
LEVEL = {"accrual": Accrual.LAST, "targets": (80.0, 84.0, 88.0, 92.0)}


def watch(item: Indicator) -> Watch:
    return standing(item).watches[0]


@pytest.mark.parametrize(
    ("fields", "results", "expected"),
    [
        # pace (10 + 20) / (20 + 20) = 0.75; 30 + 0.75 x (30 + 30)
        (SUM, (10, 20), 75),
        # pace 77 / 84 of the last quarter; 92 x 77 / 84
        (LEVEL, (80, 77), 92 * 77 / 84),
        # pace (72 + 88) / (80 + 80) = 1; (72 + 88 + 80 + 80) / 4
        ({"accrual": Accrual.MEAN, "targets": (80.0,) * 4}, (72, 88), 80),
        # no quarters planned: 25 each, pace 30 / 50; 30 + 0.6 x 50
        ({"accrual": Accrual.SUM, "annual_target": 100}, (10, 20), 60),
        # no pace around a plan below 0: 2 above it so far; -1 + 2
        ({"accrual": Accrual.LAST, "targets": (-4.0, -3.0, -2.0, -1.0)}, (-2, -1), 1),
    ],
)
def test_worked_cases_of_the_projection(
    fields: dict[str, object], results: tuple[float, ...], expected: float
) -> None:
    item = indicator(**fields, results=quarters(results))
    found = project_year(item, len(results))
    assert found is not None
    assert found.expected == pytest.approx(expected)
    assert found.low < found.expected < found.high


def test_a_whole_year_leaves_nothing_to_project() -> None:
    found = project_year(indicator(**SUM, results=(10, 20, 30, 40)), 4)
    assert found is not None
    assert (found.low, found.expected, found.high) == (100, 100, 100)


def test_nothing_is_projected_from_nothing() -> None:
    assert project_year(indicator(**SUM), 0) is None
    assert project_year(indicator(results=(1, None, None, None)), 1) is None
    assert project_year(indicator(**SUM, results=(1, None, 3, None)), 3) is None


def test_a_sum_never_ends_below_what_is_already_there() -> None:
    found = project_year(indicator(**SUM, results=(20, 1, None, None)), 2)
    assert found is not None
    assert found.low >= 21


def test_a_share_stays_within_100() -> None:
    item = indicator(
        accrual=Accrual.LAST,
        unit_of_measure="%",
        targets=(96.0, 97.0, 98.0, 99.0),
        results=(99, None, None, None),
    )
    found = project_year(item, 1)
    assert found is not None
    assert found.high <= 100


@given(
    st.lists(st.floats(1, 1000), min_size=4, max_size=4),
    st.lists(st.floats(0, 1000), min_size=1, max_size=3),
    st.floats(0.01, 1000),
    st.sampled_from(Accrual),
)
def test_the_projection_does_not_depend_on_the_unit_of_measure(
    plan: list[float], got: list[float], factor: float, accrual: Accrual
) -> None:
    def project(times: float) -> tuple[float, float, float]:
        item = indicator(
            accrual=accrual,
            targets=quarters([t * times for t in plan]),
            results=quarters([g * times for g in got]),
        )
        found = project_year(item, len(got))
        assert found is not None
        assert found.low <= found.expected <= found.high
        return found.low, found.expected, found.high

    assert project(factor) == pytest.approx([f * factor for f in project(1)], rel=1e-6, abs=1e-6)


@given(
    st.lists(st.floats(1, 100), min_size=2, max_size=2),
    st.floats(0, 50),
    st.sampled_from(Accrual),
)
def test_a_better_last_quarter_never_lowers_the_projection(
    got: list[float], more: float, accrual: Accrual
) -> None:
    fields = {"accrual": accrual, "targets": (20.0, 25.0, 30.0, 35.0)}
    one = project_year(indicator(**fields, results=(got[0], got[1], None, None)), 2)
    two = project_year(indicator(**fields, results=(got[0], got[1] + more, None, None)), 2)
    assert one is not None
    assert two is not None
    assert two.expected >= one.expected - 1e-9


@pytest.mark.parametrize(
    ("fields", "results", "light"),
    [
        (LEVEL, (81, 85), Light.GREEN),
        (LEVEL, (78, 79), Light.AMBER),  # 79 / 84 = 94 %
        (LEVEL, (70, 60), Light.RED),  # 60 / 84 = 71 %
        (LEVEL, (80, 84, 80), Light.AMBER),  # 80 / 88 = 91 %
        (LEVEL, (80, 84, 88, 92), Light.GREEN),
        (LEVEL, (80, 84, 88, 91.9), Light.AMBER),  # a whole year: missed is not green
        (LEVEL, (80, 84, 88, 60), Light.RED),
        (LEVEL | {"direction": Direction.DOWN}, (95, 110), Light.RED),  # (168 - 110) / 84 = 69 %
        (LEVEL | {"direction": Direction.DOWN}, (78, 80), Light.GREEN),
        ({"accrual": Accrual.MEAN, "targets": (72.0,) * 4, "direction": Direction.HOLD},
         (73, 71), Light.GREEN),
    ],
)  # fmt: skip
def test_lights_by_their_rules(
    fields: dict[str, object], results: tuple[float, ...], light: Light
) -> None:
    item = indicator(**fields, results=quarters(results))
    assert watch(item).light is light


def test_not_reported_and_not_due_are_two_things() -> None:
    other = indicator(name="Lain", **LEVEL, results=(80, 84, None, None))
    late = indicator(**LEVEL, results=(80, None, None, None))
    later = indicator(name="Nanti", targets=(None, None, None, 80))
    bare = indicator(name="Tanpa target")
    lights = [w.light for w in standing(other, late, later, bare).watches]
    assert lights == [Light.GREEN, Light.MISSING, Light.NOT_DUE, Light.NOT_DUE]


def test_the_method_says_what_was_assumed() -> None:
    found = project_year(
        indicator(accrual=Accrual.SUM, annual_target=100, results=(10, None, None, None)), 1
    )
    assert found is not None
    assert "rencana tiap triwulan dianggap sama besar" in found.method
    assert "TW I terhadap rencana diteruskan ke TW II sampai IV" in found.method
