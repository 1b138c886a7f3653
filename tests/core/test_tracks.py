"""Scores that give a grade, and the tracks of the portal: what each asks of agency and unit."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.doubts.samples import AGENCY, INSTRUMENT, make_unit
from zi_eval.core.assessment import Fact
from zi_eval.core.rules import RuleSet, check_rules
from zi_eval.core.scoring import score_assessment
from zi_eval.core.verdict import Status, Verdict, judge_all, waive
from zi_eval.instruments import load_rules
from zi_eval.period.keys import parse_fact

PORTAL = load_rules("zi-2021", "portal-2025")
# The border itself belongs to the lower grade: exactly 80 is BB.
SAKIP = [(0, "D"), (100, "AA")]
SAKIP += [(30, "D"), (50, "C"), (60, "CC"), (70, "B"), (80, "BB"), (90, "A")]
SAKIP += [(30.01, "C"), (50.01, "CC"), (60.01, "B"), (70.01, "BB"), (80.01, "A"), (90.01, "AA")]
RB = [(50, "C"), (60, "CC"), (70, "B"), (80, "BB"), (100, "A")]
RB += [(50.01, "CC"), (60.01, "B"), (70.01, "BB"), (80.01, "A"), (100.01, "AA")]


def judged(
    rules: RuleSet = PORTAL, kind: str = "kabupaten", **facts: Fact
) -> tuple[dict[str, Verdict], str]:
    """Judge a unit that meets everything, of an agency that states ``facts``."""
    unit = make_unit()
    agency = replace(AGENCY, kind=kind, facts={**AGENCY.facts, **facts})
    card = score_assessment(INSTRUMENT, unit)
    return judge_all(INSTRUMENT, rules, card, unit, agency), kind


def on_track(identifier: str, kind: str = "kabupaten", **facts: Fact) -> dict[str, Status]:
    verdicts, kind = judged(kind=kind, **facts)
    track = PORTAL.track(identifier)
    assert track is not None
    card = score_assessment(INSTRUMENT, make_unit())
    return {name: waive(v, card, track, kind).status for name, v in verdicts.items()}


@pytest.mark.parametrize(("score", "grade"), SAKIP)
def test_a_sakip_score_gives_its_predicate_by_half_open_bands(score: float, grade: str) -> None:
    assert PORTAL.prerequisites_of("instansi")["sakip_instansi"].grade(score) == grade


@pytest.mark.parametrize(("score", "grade"), RB)
def test_an_index_of_reform_gives_its_predicate_by_half_open_bands(
    score: float, grade: str
) -> None:
    assert PORTAL.prerequisites_of("instansi")["indeks_rb"].grade(score) == grade


@pytest.mark.parametrize(
    ("kind", "fact", "score", "wbk", "wbbm"),
    [
        ("kabupaten", "sakip_instansi", 60.0, "not_met", "not_met"),
        ("kabupaten", "sakip_instansi", 60.01, "met", "not_met"),
        ("kabupaten", "sakip_instansi", 70.0, "met", "not_met"),
        ("kabupaten", "sakip_instansi", 70.01, "met", "met"),
        ("kabupaten", "indeks_rb", 50.0, "not_met", "not_met"),
        ("kabupaten", "indeks_rb", 50.01, "met", "not_met"),
        ("provinsi", "indeks_rb", 60.0, "met", "not_met"),
        ("provinsi", "indeks_rb", 60.01, "met", "met"),
        ("kementerian", "indeks_rb", 60.0, "not_met", "not_met"),
        ("kementerian", "indeks_rb", 60.01, "met", "not_met"),
        ("lembaga", "indeks_rb", 70.0, "met", "not_met"),
        ("lembaga", "indeks_rb", 70.01, "met", "met"),
        ("kota", "spip", 2.99, "not_met", "not_met"),
        ("kota", "opini_bpk", "WDP", "not_met", "not_met"),
    ],
)
def test_the_gates_of_the_agency_are_those_of_the_portal(
    kind: str, fact: str, score: Fact, wbk: str, wbbm: str
) -> None:
    verdicts, _ = judged(kind=kind, **{fact: score})
    assert (verdicts["WBK"].status, verdicts["WBBM"].status) == (wbk, wbbm)


@pytest.mark.parametrize(
    ("raw", "fact"),
    [
        ("bb", "BB"),
        (68.4, 68.4),
        ("68,4", 68.4),
        (0, 0.0),
        (101, None),
        (-1, None),
        (True, None),
        ("baik", None),
    ],
)
def test_a_grade_may_be_stated_as_its_score(raw: object, fact: Fact | None) -> None:
    found, allowed = parse_fact(PORTAL.prerequisites_of("instansi")["sakip_instansi"], raw)
    assert found == fact
    if fact is None:
        assert allowed == "D, C, CC, B, BB, A, AA, atau nilainya dari 0 sampai 100"


def test_the_regular_track_asks_everything() -> None:
    assert on_track("reguler", sakip_instansi="C") == {"WBK": "not_met", "WBBM": "not_met"}


@pytest.mark.parametrize("kind", ["provinsi", "kabupaten", "kota"])
def test_afirmasi_waives_the_agencys_gates_for_wbk_and_never_for_wbbm(kind: str) -> None:
    failing = {"sakip_instansi": "C", "opini_bpk": "WDP", "spip": 1.0}
    assert on_track("afirmasi", kind, **failing) == {"WBK": "met", "WBBM": "not_met"}


@pytest.mark.parametrize("kind", ["kementerian", "lembaga"])
def test_afirmasi_is_closed_to_ministries_and_agencies(kind: str) -> None:
    assert on_track("afirmasi", kind, sakip_instansi="C")["WBK"] is Status.NOT_MET


def test_afirmasi_asks_everything_of_the_unit_and_shows_what_it_waives() -> None:
    unit = make_unit(facts={"lhkasn": 90.0})
    agency = replace(AGENCY, facts={"sakip_instansi": "C"})
    card = score_assessment(INSTRUMENT, unit)
    track = PORTAL.track("afirmasi")
    assert track is not None
    plain = judge_all(INSTRUMENT, PORTAL, card, unit, agency)["WBK"]
    verdict = waive(plain, card, track, "kabupaten")
    assert [item.prerequisite.id for item in verdict.failed_prerequisites] == ["lhkasn"]
    assert verdict.unknown_prerequisites == ()
    shown = {item.prerequisite.id: item.waived for item in verdict.prerequisites}
    assert {key for key, waived in shown.items() if waived == "Afirmasi"} == {
        "opini_bpk", "sakip_instansi", "indeks_rb", "spip",
    }  # fmt: skip
    assert track.needs_reason
    assert track.category == {"WBK": "WBK-AFIRMASI"}


def test_an_agency_that_decides_wbk_itself_proposes_wbbm_only_where_its_gates_hold() -> None:
    track = PORTAL.track("mandiri")
    assert track is not None
    assert track.proposes == ("WBBM",)
    failing = on_track("mandiri", "kementerian", indeks_rb=65.0)
    assert failing == {"WBK": "met", "WBBM": "not_met"}
    assert on_track("mandiri", "kementerian", indeks_rb=75.0)["WBBM"] is Status.MET


def test_the_regulation_knows_one_track_and_the_portal_three() -> None:
    assert [track.id for track in load_rules("zi-2021").tracks] == ["reguler"]
    assert [track.id for track in PORTAL.tracks] == ["reguler", "afirmasi", "mandiri"]
    assert PORTAL.track("lain") is None


def test_bands_and_tracks_that_do_not_fit_are_named() -> None:
    sakip = PORTAL.prerequisites_of("instansi")["sakip_instansi"]
    short = replace(sakip, bands=sakip.bands[1:])
    turned = replace(sakip, bands=tuple(replace(b, upto=100 - b.upto) for b in sakip.bands))
    strange = replace(PORTAL.tracks[1], predicates=("WBX",), agency_kinds=("desa",))
    for prerequisites, tracks, codes in (
        ((short,), (), ["rentang-tidak-lengkap"]),
        ((turned,), (), ["rentang-tidak-naik"]),
        ((), (strange,), ["kata-tidak-dikenal", "kata-tidak-dikenal"]),
    ):
        rules = replace(PORTAL, prerequisites=prerequisites, tracks=tracks)
        assert [problem.code for problem in check_rules(INSTRUMENT, rules)] == codes
