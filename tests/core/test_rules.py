"""Thresholds and prerequisites as values, the official figures, and rule sets that do not fit."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.core.samples import SMALL, SMALL_RULES, best_agency
from zi_eval.core.assessment import Unit
from zi_eval.core.instrument import Instrument
from zi_eval.core.problems import Problem
from zi_eval.core.rules import (
    AFFIRMATIVE,
    Band,
    Prerequisite,
    Rule,
    RuleSet,
    Threshold,
    Track,
    band_rule,
    check_rules,
    rule_weight,
)

GRADE, NUMBER, YES = SMALL_RULES.prerequisites

# PermenPANRB 90/2021, Table 6: what is added up, and the points asked for WBK and WBBM.
TABLE_6 = {
    ("A", "B"): (75.0, 85.0),
    ("A",): (40.0, 48.0),
    ("A.I.1", "A.II.1"): (4.8, 6.0),
    ("A.I.2", "A.II.2"): (4.2, 5.25),
    ("A.I.3", "A.II.3"): (6.0, 7.5),
    ("A.I.4", "A.II.4"): (6.0, 7.5),
    ("A.I.5", "A.II.5"): (9.0, 11.25),
    ("A.I.6", "A.II.6"): (6.0, 7.5),
    ("B.I",): (18.25, 19.5),
    ("B.I.a",): (15.75, 15.75),
    ("B.I.b",): (2.5, 3.75),
    ("B.II",): (14.0, 15.75),
}

# Table 5: by id, what is asked for WBK and WBBM; of the RB index for local and other agencies.
TABLE_5 = {
    "opini_bpk": ("WTP", "WTP"),
    "sakip_instansi": ("B", "BB"),
    "spip": (3, 3),
    "layanan_inti": (True, True),
    "tindak_lanjut": (100, 100),
    "lhkpn": (100, 100),
    "lhkasn": (100, 100),
    "lama_zi": (1, 1),
    "memegang_wbk": (None, True),
    "sakip_unit": ("B", "BB"),
}


def test_points_are_asked_as_such_and_percent_of_the_weight() -> None:
    assert Threshold(points=18.25).need(22.5) == 18.25
    assert Threshold(percent=60.0).need(15.0) == pytest.approx(9.0)
    assert Threshold(points=0.0, percent=60.0).need(15.0) == 0.0
    assert [t.is_strict for t in (Threshold(points=1.0), Threshold(above=0.0))] == [False, True]


BANDS = (Band("D", None, 5.0), Band("C", 5.0, 9.0), Band("B", 9.0, 15.0))
BANDED = replace(SMALL_RULES, predicates=("D", "C", "B"), rules=(), prerequisites=(), bands=BANDS)


def test_bands_ask_for_more_than_the_one_below_and_the_lowest_for_nothing() -> None:
    rule = band_rule(SMALL, BANDED)
    assert rule.nodes == ("A", "B")
    assert rule.need == {
        "D": Threshold(points=0), "C": Threshold(above=5.0), "B": Threshold(above=9.0)
    }  # fmt: skip


@pytest.mark.parametrize(
    ("tops", "codes"),
    [
        ((5.0, 9.0, 15.0), []),
        ((0.5, 9.0, 15.0), []),
        ((0.0, 9.0, 15.0), ["rentang-tidak-naik"]),
        ((5.0, 5.0, 15.0), ["rentang-tidak-naik"]),
        ((5.0, 9.0, 14.0), ["rentang-tidak-penuh"]),
        ((5.0, 9.0, 15.0 + 1e-12), []),
    ],
)
def test_bands_rise_from_nothing_to_all_that_can_be_scored(
    tops: tuple[float, ...], codes: list[str]
) -> None:
    bands = tuple(replace(band, upto=top) for band, top in zip(BANDS, tops, strict=True))
    problems = check_rules(SMALL, replace(BANDED, bands=bands))
    assert [problem.code for problem in problems] == codes


def test_the_scores_of_a_grade_name_every_grade_and_rise() -> None:
    def problems(tops: tuple[float, ...], **changes: Any) -> list[Problem]:
        bands = tuple(replace(band, upto=top) for band, top in zip(BANDS, tops, strict=True))
        item = replace(GRADE, grades=("D", "C", "B"), need={"WBK": {"*": "C"}}, bands=bands)
        rules = replace(SMALL_RULES, prerequisites=(replace(item, **changes),))
        return [p for p in check_rules(SMALL, rules) if p.code.startswith("rentang")]

    assert problems((5.0, 9.0, 15.0)) == []
    assert [p.code for p in problems((5.0, 5.0, 15.0))] == ["rentang-tidak-naik"]
    (short,) = problems((5.0, 9.0, 15.0), grades=("D", "C"))
    assert (short.code, short.message[-5:]) == ("rentang-tidak-lengkap", "D, C.")
    (none,) = problems((5.0, 9.0, 15.0), grades=())
    assert none.message.endswith("tidak ada.")


def test_a_score_beyond_the_bands_has_the_highest_grade() -> None:
    item = replace(GRADE, grades=("D", "C", "B"), bands=BANDS)
    assert [item.grade(score) for score in (5.0, 5.1, 15.0, 15.1)] == ["D", "C", "B", "B"]


def test_a_unit_goes_by_afirmasi_only_where_it_says_so_and_the_agency_says_why() -> None:
    regular, afirmasi, own = (
        Track(id=name, title=name, source="s", proposes=("WBK",))
        for name in ("reguler", AFFIRMATIVE, "mandiri")
    )
    rules = replace(SMALL_RULES, tracks=(regular, afirmasi, own))
    for says, reason, track, right in (
        (True, "Daerah baru", "", afirmasi),
        (True, "", "", regular),
        (False, "Daerah baru", "", regular),
        (False, "", "mandiri", own),
        (True, "Daerah baru", "mandiri", afirmasi),
        (False, "", "lain", None),
    ):
        unit = replace(Unit("u", "U", "WBK"), is_affirmative=says)
        agency = replace(best_agency(rules), affirmative_reason=reason, track=track)
        assert rules.track_of(unit, agency) is right
    assert replace(rules, tracks=()).track_of(unit, replace(agency, track="")) is None


def test_a_rule_weighs_its_nodes_and_weighted_questions() -> None:
    def rule(*nodes: str) -> Rule:
        return Rule("r", "r", nodes, {}, "s")

    assert rule_weight(SMALL, rule("A.I.1", "A.II.1")) == 8.0
    assert rule_weight(SMALL, rule("B.I.a")) == 3.0
    assert rule_weight(SMALL, rule("A", "B")) == SMALL.weight
    assert rule_weight(SMALL, rule("A", "Z")) == 10.0


def test_a_prerequisite_asks_by_predicate_then_by_agency_kind() -> None:
    item = Prerequisite(
        "rb",
        "instansi",
        "RB",
        "grade",
        {"WBK": {"kabupaten": "CC", "*": "B"}, "WBBM": {"kabupaten": "B"}},
        "s",
        grades=("CC", "B"),
    )
    assert item.need_for("WBK", "kabupaten") == "CC"
    assert item.need_for("WBK", "kementerian") == "B"
    assert item.need_for("WBK", "") == "B"
    assert item.need_for("WBBM", "kementerian") is None
    assert item.need_for("lain", "kabupaten") is None


def test_prerequisites_are_found_by_who_states_them() -> None:
    assert set(SMALL_RULES.prerequisites_of("unit")) == {"lhkpn", "layanan"}
    assert set(SMALL_RULES.prerequisites_of("instansi")) == {"opini"}


def test_a_rule_set_that_fits_has_no_problems() -> None:
    assert check_rules(SMALL, SMALL_RULES) == ()


def test_the_official_rules_fit_the_official_instrument(
    instrument: Instrument, rules: RuleSet
) -> None:
    assert check_rules(instrument, rules) == ()


def test_the_official_minima_are_those_of_table_6(instrument: Instrument, rules: RuleSet) -> None:
    needs = {
        rule.nodes: tuple(
            rule.need[predicate].need(rule_weight(instrument, rule))
            for predicate in ("WBK", "WBBM")
        )
        for rule in rules.rules
    }
    assert needs.keys() == TABLE_6.keys()
    for nodes, wanted in TABLE_6.items():
        assert needs[nodes] == pytest.approx(wanted, abs=1e-12), nodes


def test_the_official_prerequisites_are_those_of_table_5(rules: RuleSet) -> None:
    asked = {
        item.id: (item.need_for("WBK", "kabupaten"), item.need_for("WBBM", "kabupaten"))
        for item in rules.prerequisites
        if item.who != "kawasan"
    }
    assert asked == {**TABLE_5, "indeks_rb": ("CC", "B")}
    of_kawasan = rules.prerequisites_of("kawasan")
    assert {key: dict(item.need) for key, item in of_kawasan.items()} == {
        "integrasi_proses": {"WBK": {"*": 6.5}, "WBBM": {"*": 7.5}},
        "kawasan_wbk": {"WBBM": {"*": True}},
    }
    rb_index = rules.prerequisites_of("instansi")["indeks_rb"]
    for local in ("provinsi", "kabupaten", "kota"):
        assert (rb_index.need_for("WBK", local), rb_index.need_for("WBBM", local)) == ("CC", "B")
    for central in ("kementerian", "lembaga"):
        assert (rb_index.need_for("WBK", central), rb_index.need_for("WBBM", central)) == (
            "B",
            "BB",
        )


def test_areas_are_tested_on_both_aspects_together(rules: RuleSet) -> None:
    """Six tests, not twelve of half an area."""
    areas = [rule for rule in rules.rules if any(node.count(".") == 2 for node in rule.nodes)]
    areas = [rule for rule in areas if rule.nodes[0].startswith("A.")]
    assert [rule.nodes for rule in areas] == [
        (f"A.I.{number}", f"A.II.{number}") for number in range(1, 7)
    ]


@pytest.mark.parametrize(("column", "together"), [(0, 72.25), (1, 83.25)])
def test_the_partial_minima_do_not_add_up_to_the_total(column: int, together: float) -> None:
    partial = sum(TABLE_6[nodes][column] for nodes in (("A",), ("B.I",), ("B.II",)))
    assert partial == together < TABLE_6["A", "B"][column]
    areas = sum(need[column] for nodes, need in TABLE_6.items() if nodes[0].startswith("A.I."))
    assert areas < TABLE_6["A",][column]


# Rule sets that do not fit

TOTAL = SMALL_RULES.rules[0]


def test_each_rule_that_does_not_fit_is_named_and_all_that_can_be_scored_may_be_asked() -> None:
    gone = [replace(TOTAL, id=name, nodes=("Z",)) for name in "ab"]
    whole = replace(TOTAL, need={"WBK": Threshold(percent=100.0), "WBBM": Threshold(points=0.0)})
    problems = check_rules(SMALL, replace(SMALL_RULES, rules=(*gone, whole)))
    assert [problem.key for problem in problems] == ["a", "b"]


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        (replace(TOTAL, nodes=("A", "C")), "simpul-tidak-ada"),
        (replace(TOTAL, nodes=("A.I.1.i.a",)), "simpul-tidak-ada"),
        (replace(TOTAL, need={"WBX": Threshold(points=1.0)}), "kata-tidak-dikenal"),
        (replace(TOTAL, need={"WBK": Threshold(points=15.01)}), "ambang-di-luar-bobot"),
        (replace(TOTAL, need={"WBK": Threshold(points=-1.0)}), "ambang-di-luar-bobot"),
        (replace(TOTAL, need={"WBK": Threshold(percent=101.0)}), "ambang-di-luar-bobot"),
    ],
)
def test_a_rule_that_does_not_fit_is_named(rule: Rule, code: str) -> None:
    problems = check_rules(SMALL, replace(SMALL_RULES, rules=(rule,)))
    assert [(problem.code, problem.key) for problem in problems] == [(code, rule.id)]


@pytest.mark.parametrize(
    ("item", "code"),
    [
        (replace(GRADE, need={"WBX": {"*": "WTP"}}), "kata-tidak-dikenal"),
        (replace(GRADE, need={"WBK": {"*": "WTP", "desa": "WTP"}}), "kata-tidak-dikenal"),
        (replace(GRADE, need={"WBK": {"kabupaten": "WTP"}}), "tanpa-syarat-umum"),
        (replace(GRADE, need={"WBK": {"*": "WTPP"}}), "kata-tidak-dikenal"),
        (replace(NUMBER, need={"WBK": {"*": "100"}}), "bukan-angka"),
        (replace(NUMBER, need={"WBK": {"*": True}}), "bukan-angka"),
        (replace(NUMBER, need={"WBK": {"*": 100, "kabupaten": "90"}}), "bukan-angka"),
        (replace(YES, need={"WBK": {"*": True, "kabupaten": False}}), "bukan-ya"),
        (replace(YES, need={"WBK": {"*": False}}), "bukan-ya"),
        (replace(YES, need={"WBK": {"*": 1.5}}), "bukan-ya"),
    ],
)
def test_a_prerequisite_that_does_not_fit_is_named(item: Prerequisite, code: str) -> None:
    problems = check_rules(SMALL, replace(SMALL_RULES, prerequisites=(item,)))
    assert [(problem.code, problem.key) for problem in problems] == [(code, item.id)]
