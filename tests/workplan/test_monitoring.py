from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workplan.samples import activities, activity, by_month, plan_of
from zi_eval.instruments import load_instrument
from zi_eval.workplan.load import load_workplan
from zi_eval.workplan.monitoring import Status, monitor, quarter_of, quarters_over

ZI = load_instrument("zi-2021")
UNIT_A = "A.I.1.ii.b"


def statuses(**parts: object) -> list[str]:
    """Return the status at the end of each month from February to June."""
    plan = plan_of(activity(**parts))
    return [monitor(plan, ZI, month=m).activities[0].status.value for m in range(2, 7)]


def test_a_month_that_is_over_without_its_output_makes_late_until_it_is_caught_up() -> None:
    assert statuses(targets=by_month(mar=1.0, jun=1.0), results=by_month(mar=0.0, mei=1.0)) == [
        "belum waktunya",
        "terlambat",
        "terlambat",
        "sesuai rencana",
        "terlambat",
    ]


def test_done_is_all_of_the_year_and_never_undone() -> None:
    assert statuses(targets=by_month(mar=2.0), results=by_month(feb=1.0, apr=1.0, jun=0.0)) == [
        "sesuai rencana", "terlambat", "selesai", "selesai", "selesai",
    ]  # fmt: skip


def test_the_month_since_which_it_is_late_is_the_first_without_catching_up() -> None:
    item = activity(targets=by_month(jan=1.0, apr=2.0), results=by_month(jan=0.0, feb=1.0, mei=1.0))
    late = monitor(plan_of(item), ZI).activities[0]
    assert (late.late_since, late.planned - late.reached, late.is_unreported) == (4, 1.0, True)


def test_a_zero_is_reported_and_an_empty_cell_is_not() -> None:
    zero = activity(results=by_month(mar=0.0))
    empty = activity("Lain", results=by_month(apr=0.0))
    first, second = monitor(plan_of(zero, empty), ZI).activities
    assert (first.is_unreported, second.is_unreported) == (False, True)


def test_what_is_realised_asks_for_its_proof() -> None:
    parts = {"results": by_month(mar=1.0)}
    proven, unproven = activity(**parts), activity("Lain", evidence="", **parts)
    found = monitor(plan_of(proven, unproven), ZI)
    assert [item.item.name for item in found.unproven] == ["Lain"]
    assert monitor(plan_of(unproven), ZI, month=2).unproven == ()


@pytest.mark.parametrize(
    ("aim", "given", "lacks"),
    [("A", "B", True), ("A", "A", False), ("B", "A", False), (None, "C", True), (None, "B", False),
     ("A", None, False)],
)  # fmt: skip
def test_a_finished_activity_shows_in_the_answer_it_was_for(
    aim: str | None, given: str | None, lacks: bool
) -> None:
    item = activity(
        questions=(UNIT_A,), aims={UNIT_A: aim} if aim else {}, results=by_month(mar=1.0)
    )
    answers = {UNIT_A: given} if given else {}
    found = monitor(plan_of(item), ZI, answers)
    assert [it.without_effect for it in found.without_effect] == ([(UNIT_A,)] if lacks else [])


def test_an_activity_without_any_month_is_said_and_never_late() -> None:
    (item,) = monitor(plan_of(activity(targets=by_month())), ZI, month=12).activities
    assert (item.status, item.share, item.needs_action) == (Status.UNPLANNED, 0.0, True)


def test_areas_count_each_activity_once() -> None:
    found = monitor(
        plan_of(
            activity(results=by_month(mar=1.0)),
            activity("Dua", questions=("A.II.1.i.a", "A.I.5.i.a"), results=by_month(mar=0.0)),
            activity("Tiga", questions=("B.I.a",)),
            activity("Empat", questions=()),
        ),
        ZI,
    )
    assert [(area.title, area.activities, area.reached[-1]) for area in found.areas] == [
        ("Manajemen Perubahan", 2, 0.5), ("Hasil", 1, 0.0), ("Tanpa pertanyaan LKE", 1, 0.0),
    ]  # fmt: skip


def test_quarters() -> None:
    assert [quarter_of(month) for month in (0, 1, 3, 4, 12)] == [0, 1, 1, 2, 4]
    assert quarters_over(8) == (3, 6)


@given(st.data())
def test_the_order_of_rows_changes_nothing_but_the_order(data: st.DataObject) -> None:
    items = data.draw(activities(ZI))
    mixed = data.draw(st.permutations(items))
    one, other = monitor(plan_of(*items), ZI), monitor(plan_of(*mixed), ZI)
    assert one.counts == other.counts
    by_name = {item.item.name: item for item in other.activities}
    assert all(by_name[item.item.name] == item for item in one.activities)
    shares = [
        {area.id: (area.counts, area.planned) for area in found.areas} for found in (one, other)
    ]
    assert shares[0].keys() == shares[1].keys()
    assert all(shares[0][key][0] == shares[1][key][0] for key in shares[0])


@given(st.data())
def test_progress_never_falls_and_what_is_done_stays_done(data: st.DataObject) -> None:
    plan = plan_of(*data.draw(activities(ZI)))
    before = monitor(plan, ZI, month=0)
    for month in range(1, 13):
        now = monitor(plan, ZI, month=month)
        for old, new in zip(before.activities, now.activities, strict=True):
            assert new.share >= old.share
            assert new.planned >= old.planned
            assert old.status is not Status.DONE or new.status is Status.DONE
        assert list(now.whole.reached) == sorted(now.whole.reached)
        if now.whole.reached:
            ends = (now.whole.planned[month - 1], now.whole.reached[-1])
            assert now.shares == pytest.approx(ends)
        before = now


@given(st.data(), st.integers(0, 12))
def test_what_is_stated_later_changes_nothing_before(data: st.DataObject, month: int) -> None:
    items = data.draw(activities(ZI))
    cut = [replace(item, results=item.results[:month] + (None,) * (12 - month)) for item in items]
    then, now = (monitor(plan_of(*part), ZI, month=month) for part in (cut, items))
    kept = [replace(item, item=cut[place]) for place, item in enumerate(now.activities)]
    assert list(then.activities) == kept
    assert Counter(then.counts) == Counter(now.counts)


@pytest.mark.parametrize(
    ("unit", "words", "quarter"), [("dpmptsp", "46 SOP", 2), ("kecamatan-merdeka", "loket", 3)]
)
def test_each_planted_slippage_is_seen_in_the_quarter_in_which_it_begins(
    root: Path, unit: str, words: str, quarter: int
) -> None:
    data = load_workplan(root / "parameters/2026", unit)
    late = [
        {item.item.name for item in data.at(3 * q).standing.late if words in item.item.name}
        for q in range(1, quarter + 1)
    ]
    assert [len(found) for found in late] == [0] * (quarter - 1) + [1]
