"""A kawasan's verdict: its units' verdicts, its integration score, and what it holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.samples import SMALL, SMALL_RULES, all_best, all_worst, best_agency, best_facts
from tests.core.test_agency import agency_of
from zi_eval.core.agency import AgencyEvaluation
from zi_eval.core.assessment import Fact, Kawasan
from zi_eval.core.kawasan import KawasanVerdict, judge_kawasan
from zi_eval.core.verdict import Status
from zi_eval.instruments import load_rules

OWN = tuple(item for item in load_rules().prerequisites if item.who == "kawasan")
RULES = replace(SMALL_RULES, prerequisites=(*SMALL_RULES.prerequisites, *OWN))
BEST, WORST = all_best(SMALL), all_worst(SMALL)
FACTS = {**best_facts(SMALL_RULES, "unit")}
WHOLE = {"integrasi_proses": 7.5, "kawasan_wbk": True}


def judged(
    facts: Mapping[str, Fact], *answers: Mapping[str, object], units: tuple[str, ...] = ("u0", "u1")
) -> dict[str, KawasanVerdict]:
    site = Kawasan("mpp", "Mal Pelayanan Publik", units, facts)
    agency = replace(best_agency(SMALL_RULES), kawasan=(site,))
    evaluated = replace(agency_of(*answers, agency=agency, facts=FACTS), rules=RULES)  # type: ignore[arg-type]
    (found,) = judge_kawasan(evaluated)
    return {verdict.predicate: verdict for verdict in found}


@pytest.mark.parametrize(
    ("score", "wbk", "wbbm"),
    [
        (6.49, Status.NOT_MET, Status.NOT_MET),
        (6.5, Status.MET, Status.NOT_MET),
        (7.49, Status.MET, Status.NOT_MET),
        (7.5, Status.MET, Status.MET),
    ],
)
def test_the_integration_score_is_tested_at_each_predicates_own_minimum(
    score: float, wbk: Status, wbbm: Status
) -> None:
    found = judged({**WHOLE, "integrasi_proses": score}, BEST, BEST)
    assert (found["WBK"].status, found["WBBM"].status) == (wbk, wbbm)


def test_a_kawasan_without_wbk_is_not_wbbm_and_without_a_statement_unknown() -> None:
    assert judged({**WHOLE, "kawasan_wbk": False}, BEST, BEST)["WBBM"].status is Status.NOT_MET
    unsaid = judged({"integrasi_proses": 8.0}, BEST, BEST)
    assert unsaid["WBK"].status is Status.MET
    assert unsaid["WBBM"].status is Status.UNKNOWN


def test_one_unit_that_misses_the_predicate_fails_the_kawasan_and_is_named() -> None:
    found = judged(WHOLE, BEST, WORST)["WBK"]
    assert found.status is Status.NOT_MET
    assert found.waiting == ("u1",)


def test_a_unit_that_could_not_be_evaluated_leaves_the_kawasan_unknown() -> None:
    found = judged(WHOLE, BEST, BEST, units=("u0", "u1", "lain"))["WBK"]
    assert found.status is Status.UNKNOWN
    assert found.members["lain"] is None
    assert judged(WHOLE, WORST, units=("u0", "lain"))["WBK"].status is Status.NOT_MET


def test_the_rules_of_a_kawasan_ask_nothing_of_its_units() -> None:
    evaluated: AgencyEvaluation = agency_of(BEST)
    asked = {i.prerequisite.id for i in evaluated.evaluations[0].verdicts["WBBM"].prerequisites}
    assert asked.isdisjoint(item.id for item in OWN)


@given(st.lists(st.sampled_from([0, 1]), min_size=2, max_size=4), st.floats(0, 10))
def test_a_kawasan_meets_a_predicate_exactly_where_all_units_and_facts_do(
    good: list[int], score: float
) -> None:
    answers = [BEST if one else WORST for one in good]
    units = tuple(f"u{n}" for n in range(len(good)))
    found = judged({**WHOLE, "integrasi_proses": score}, *answers, units=units)
    for predicate, need in (("WBK", 6.5), ("WBBM", 7.5)):
        expected = all(good) and score >= need - 1e-9
        assert (found[predicate].status is Status.MET) == expected
