from __future__ import annotations

import pytest

from tests.performance.samples import indicator, plan
from zi_eval.performance.plan import Accrual, Direction, Indicator, Kind
from zi_eval.performance.plan_checks import check_plan

SOUND = {"targets": (23.0, 46.0, 69.0, 92.0)}


def codes(*items: Indicator) -> list[str]:
    return [finding.code for finding in check_plan(plan(*items))]


def test_a_sound_plan_has_no_finding() -> None:
    assert codes(indicator(**SOUND)) == []


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"unit_of_measure": ""}, "tanpa-satuan"),
        ({"formula": ""}, "tanpa-rumus"),
        ({"earlier_results": {}}, "tanpa-baseline"),
        ({"targets": (None,) * 4}, "tanpa-target"),
        ({"targets": (None,) * 4, "annual_target": 92}, "tanpa-target-triwulan"),
        ({"owner": ""}, "tanpa-penanggung-jawab"),
        ({"annual_target": 95}, "target-tidak-cocok"),
        ({"earlier_results": {2025: 95.0}}, "target-di-bawah-tahun-lalu"),
        ({"direction": Direction.DOWN}, "target-di-bawah-tahun-lalu"),  # 92 after 90
        # grew by at most 1 a year, and is now to grow by 12
        ({"earlier_results": {2023: 78.0, 2024: 79.0, 2025: 80.0}}, "target-jauh-dari-tren"),
        ({"earlier_targets": {2024: 92.0, 2025: 92.0}}, "target-sama-tiap-tahun"),
    ],
)  # fmt: skip
def test_what_smart_asks_is_found_where_it_is_missing(fields: dict[str, object], code: str) -> None:
    assert codes(indicator(**(SOUND | fields))) == [code]


@pytest.mark.parametrize(
    "fields",
    [
        {"earlier_results": {2025: 92.5}},  # less than 1 % easier is the same
        {"earlier_results": {2024: 79.0, 2025: 80.0}},  # two years are no trend
        {"earlier_results": {2023: 60.0, 2024: 70.0, 2025: 80.0}},  # 12 after steps of 10
        {"direction": Direction.HOLD, "earlier_results": {2025: 99.0}},
        {"earlier_targets": {2025: 92.0}},  # two years the same are no habit
        # (23 + 46 + 69 + 92) / 4 = 57.5: a mean is rounded when it is written down
        {"accrual": Accrual.MEAN, "annual_target": 57.6, "earlier_results": {2025: 50.0}},
    ],
)
def test_what_is_usual_is_no_finding(fields: dict[str, object]) -> None:
    assert codes(indicator(**(SOUND | fields))) == []


def test_the_best_there_is_may_be_the_target_every_year() -> None:
    years = {2024: 100.0, 2025: 100.0}
    most = indicator(
        targets=(100.0,) * 4, unit_of_measure="%", earlier_targets=years, earlier_results=years
    )
    none = indicator(
        targets=(0.0,) * 4,
        direction=Direction.DOWN,
        earlier_targets={2024: 0.0, 2025: 0.0},
        earlier_results={2025: 0.0},
    )
    assert codes(most) == []
    assert codes(none) == []


def test_running_totals_under_a_sum_are_told_as_such() -> None:
    item = indicator(**SOUND, accrual=Accrual.SUM, annual_target=92)
    (finding,) = check_plan(plan(item))
    assert "menjadi 230" in finding.seen  # 23 + 46 + 69 + 92
    assert "bukan jumlah berjalan" in finding.check


def test_an_orphan_is_named_where_others_have_the_link() -> None:
    linked, orphan = indicator(**SOUND), indicator(**SOUND, name="Lain", action="", renstra_goal="")
    findings = check_plan(plan(linked, orphan))
    assert [(f.place, f.code) for f in findings] == [(1, "putus-renstra_goal"), (1, "putus-action")]


def test_a_link_nobody_has_is_named_once() -> None:
    one, two = (indicator(**SOUND, name=name, individual="") for name in "ab")
    assert codes(one, two) == ["putus-individual"]


def test_outputs_among_the_main_indicators_are_named() -> None:
    output = indicator(**SOUND, kind=Kind.OUTPUT)
    assert codes(output) == ["hanya-output", "tanpa-outcome"]
    assert codes(output, indicator(**SOUND, name="Lain")) == ["hanya-output"]
    assert codes(indicator(**SOUND, kind=Kind.OUTPUT, is_key=False)) == []


def test_every_finding_says_what_was_seen_and_what_to_check() -> None:
    bare = Indicator(goal="S", name="I", targets=(1, 1, 1, 1), annual_target=9, kind=Kind.OUTPUT)
    findings = check_plan(plan(bare))
    assert len(findings) >= 8
    assert all(f.seen.endswith(".") and f.check.endswith(".") for f in findings)
