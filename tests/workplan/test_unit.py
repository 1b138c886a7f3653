from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import zi_eval as zi
from tests.workplan.samples import activity, by_month, plan_of
from zi_eval.core.proposals import Proposal
from zi_eval.errors import ArgumentError
from zi_eval.instruments import load_instrument
from zi_eval.period.reading import Period
from zi_eval.workplan.forecast import find_gaps, forecast_plan
from zi_eval.workplan.load import load_agency_workplans, load_workplan
from zi_eval.workplan.monitoring import monitor
from zi_eval.workplan.plan import Activity
from zi_eval.workplan.proposals import TOPIC, propose_from_plan
from zi_eval.workplan.unit import UnitWorkPlan

ZI = load_instrument("zi-2021")


def proposed(*items: Activity, month: int | None = None) -> dict[str, Proposal]:
    """Return the proposals of a plan, by question."""
    standing = monitor(plan_of(*items), ZI, month=month)
    found = propose_from_plan(standing, ZI.links[TOPIC])
    return {proposal.question: proposal for proposal in found}


@pytest.fixture(scope="module")
def sample(request: pytest.FixtureRequest) -> UnitWorkPlan:
    root: Path = request.getfixturevalue("root")
    return load_workplan(root / "parameters/2026", "dpmptsp")


def test_a_plan_proposes_that_there_is_one() -> None:
    assert proposed(activity())["A.I.1.ii.a"].answer == "Ya"


@pytest.mark.parametrize(
    ("asked", "answer"), [((1, 1), "A"), ((1, 0), "B"), ((0, 0), "C"), ((), None)]
)
def test_priorities_are_aligned_where_they_name_what_of_the_lke_they_build(
    asked: tuple[int, ...], answer: str | None
) -> None:
    items = [
        activity(f"Kegiatan {n}", is_priority=True, questions=("A.I.1.ii.a",) * has)
        for n, has in enumerate(asked)
    ]
    assert proposed(activity("Lain"), *items)["A.I.1.ii.b"].answer == answer


@pytest.mark.parametrize(("kept", "answer"), [(4, "A"), (3, "B"), (2, "C"), (1, "C"), (0, "D")])
def test_carried_out_counts_what_was_to_begin_and_is_not_late(kept: int, answer: str) -> None:
    items = [
        activity(f"Kegiatan {n}", results=by_month(mar=float(n < kept), apr=0.0)) for n in range(4)
    ]
    later = activity("Nanti", targets=by_month(des=1.0))
    found = proposed(*items, later)["A.I.1.iii.a"]
    assert (found.answer, found.is_provisional) == (answer, True)


def test_before_anything_is_due_nothing_is_said_of_carrying_out() -> None:
    assert proposed(activity())["A.I.1.iii.a"].answer is None


def test_what_was_late_at_a_quarters_end_is_followed_up_if_caught_up_or_acted_on() -> None:
    caught = activity("Dikejar", results=by_month(apr=1.0))
    acted = activity("Ditindak", results=by_month(apr=0.0), follow_up="rapat ulang")
    left = activity("Dibiarkan", results=by_month(apr=0.0))
    assert proposed(caught, acted)["A.I.1.iii.c"].answer == "A"
    assert proposed(caught, acted, left)["A.I.1.iii.c"].answer == "B"
    assert proposed(left)["A.I.1.iii.c"].answer == "D"
    assert proposed(activity(results=by_month(mar=1.0)))["A.I.1.iii.c"].answer is None


def test_monitoring_is_evidence_only_for_no_table_says_who_took_part() -> None:
    found = proposed(activity(results=by_month(mar=1.0)))["A.I.1.iii.b"]
    assert (found.answer, found.candidates) == (None, ())
    assert "1 dari 1 triwulan" in found.reasons[0]


def test_an_instrument_that_links_nothing_is_proposed_nothing() -> None:
    assert propose_from_plan(monitor(plan_of(activity()), ZI), {}) == ()


def test_the_forecast_is_the_score_with_the_answers_aimed_at_and_never_lower(
    sample: UnitWorkPlan,
) -> None:
    evaluation = sample.evaluation
    assert evaluation is not None
    given = sample.answers["A.I.2.i.a"]
    assert given == "B"
    rises = activity(questions=("A.I.2.i.a",), aims={"A.I.2.i.a": "A"})
    falls = activity("Turun", questions=("A.I.2.i.b",), aims={"A.I.2.i.b": "B"})
    silent = activity("Diam", questions=("A.I.2.i.c",))
    found = forecast_plan(plan_of(rises, falls, silent), evaluation)
    assert [(gain.question.id, gain.now, gain.then, gain.places) for gain in found.gains] == [
        ("A.I.2.i.a", "B", "A", (0,))
    ]
    points = ZI.question_points()["A.I.2.i.a"]
    worth = dict(ZI.questions["A.I.2.i.a"].scale.values)
    assert found.points == pytest.approx(points * (worth["A"] - worth["B"]))
    assert found.without_aim == 1
    nothing = forecast_plan(plan_of(silent), evaluation)
    assert (nothing.points, nothing.gains) == (0.0, ())


def test_of_several_aims_the_highest_counts(sample: UnitWorkPlan) -> None:
    assert sample.evaluation is not None
    aims = [activity(f"Ke {a}", questions=("B.I.a",), aims={"B.I.a": a}) for a in (3.7, 3.9, 3.8)]
    (gain,) = forecast_plan(plan_of(*aims), sample.evaluation).gains
    assert (gain.then, gain.places) == (3.9, (0, 1, 2))


def test_a_gap_is_an_answer_below_the_best_that_no_activity_is_for(sample: UnitWorkPlan) -> None:
    evaluation = sample.evaluation
    assert evaluation is not None
    found = find_gaps(plan_of(activity(questions=("B.II.a",))), evaluation, sample.answers)
    ids = [gap.question.id for gap in found]
    assert ids[0] == "B.I.a"
    assert "B.II.a" not in ids
    assert sample.answers["A.I.1.ii.a"] == "Ya"
    assert "A.I.1.ii.a" not in ids
    assert not any(gap.question.is_past for gap in found)
    best = {key: "A" for key in ids if "A" in ZI.questions[key].scale.values}
    left = {gap.question.id for gap in find_gaps(plan_of(), evaluation, {**sample.answers, **best})}
    assert left.isdisjoint(best)


def test_the_plan_at_an_earlier_month_holds_the_same_answers(sample: UnitWorkPlan) -> None:
    then = sample.at(6)
    assert (then.standing.month, sample.standing.month) == (6, 9)
    assert then.answers == sample.answers
    assert replace(then, standing=sample.standing) == sample


def test_two_tables_of_one_unit_are_refused_and_stop_no_other(folder: Path) -> None:
    home = folder / "parameters/2026"
    (home / "rencana-zi/dpmptsp.xlsx").write_bytes(
        (home / "rencana-zi/kecamatan-merdeka.xlsx").read_bytes()
    )
    found = load_agency_workplans(Period(home))
    assert set(found.standings) == {"kecamatan-merdeka"}
    assert [problem.code for problem in found.problems["dpmptsp"]] == ["dua-tabel"]


def test_in_python_a_units_plan_is_a_view_with_its_month_table_and_forecast(root: Path) -> None:
    period = zi.open_period(root / "parameters/2026")
    plan = period["dpmptsp"].workplan
    assert plan.forecast == pytest.approx(84.544, abs=1e-3)
    assert "3 terlambat" in repr(plan)
    late = {month: plan.at(month).frame()["late_since"].notna().sum() for month in (3, 6, 9)}
    assert late == {3: 0, 6: 1, 9: 3}
    whole = period.activities()
    own = whole.loc[whole["unit"] == "dpmptsp", "activity"]
    assert plan.frame()["activity"].tolist() == own.tolist()
    with pytest.raises(ArgumentError, match="bulan ke-13"):
        plan.at(13)
    none = period["rsud-harapan"].workplan
    assert (repr(none), none.forecast, len(none.frame())) == (
        "Belum ada rencana kerja ZI.",
        None,
        0,
    )
    assert not none.section()
