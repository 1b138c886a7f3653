"""Planted contradictions: each is found with both places, and does to the verdict what it should.

Every row starts from a unit that has the best of all answers and contradicts itself nowhere. The
planted answers are the row's; what is found must be the row's places and nothing else. Then the
unit is judged by minima that are just what it scores, so that whatever the other reading takes from
the score turns the rules above it: those of the areas named, the pengungkit and the total.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from tests.doubts.samples import contradictions, evaluated, make_unit, rules_at_the_edge
from zi_eval.core.assessment import Fact, Value
from zi_eval.core.verdict import Status
from zi_eval.doubts.contradictions import find_contradictions
from zi_eval.doubts.values import Doubt
from zi_eval.doubts.verdict import judge_with_doubts
from zi_eval.doubts.weighing import weigh

Places = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Planted:
    """What is planted, the places of each doubt it makes, and the rules that the worst could turn.

    ``areas`` are numbers of areas; ``B.I`` and ``B.I.b`` are named as they are.
    """

    answers: dict[str, Value] = field(default_factory=dict)
    places: Places = ()
    areas: tuple[str, ...] = ()
    facts: dict[str, Fact] = field(default_factory=dict)
    prerequisites: tuple[str, ...] = ()
    target: str = "WBBM"


def pair(where: str, answer: Value, *then: str, areas: str = "", **more: Value) -> Planted:
    """Plant one poor answer beside good ones that cannot be."""
    places = tuple((where, other) for other in then)
    rest = {key.replace("_", "."): value for key, value in more.items()}
    return Planted({_question(where): answer, **rest}, places, tuple(areas.split()))


def _question(key: str) -> str:
    head, _, last = key.rpartition(".")
    return head if last.isdigit() and head.count(".") == 4 else key


def share(question: str, answer: Value, fact: str) -> Planted:
    """Plant a share of reports below 100 % beside a prerequisite that says 100."""
    return Planted({question: answer}, ((f"syarat.{fact}", question),), prerequisites=(fact,))


NONE = (0.0, 0.0)
GALLERY = {
    # ------------------------------------------------ a prerequisite and what is counted
    "lhkpn-reported-5-of-6": share("A.II.5.iii.a", (1.0, 2.0, 3.0, 5.0), "lhkpn"),
    "lhkpn-nobody-reported": share("A.II.5.iii.a", (1.0, 2.0, 3.0, 0.0), "lhkpn"),
    "lhkasn-20-of-40": share("A.II.5.iii.b", (2.0, 4.0, 34.0, 20.0), "lhkasn"),
    "lhkasn-one-of-400-hidden-by-rounding": share(
        "A.II.5.iii.b", (2.0, 4.0, 394.0, 399.0), "lhkasn"
    ),
    "lhkasn-stated-lower-than-counted": Planted(
        facts={"lhkasn": 87.5},
        places=(("syarat.lhkasn", "A.II.5.iii.b"),),
        areas=("5",),
        prerequisites=("lhkasn",),
    ),
    "lhkpn-two-shares-below-100": Planted(
        {"A.II.5.iii.a": (1.0, 2.0, 3.0, 3.0)},
        (("syarat.lhkpn", "A.II.5.iii.a"),),
        facts={"lhkpn": 83.3},
    ),
    # ------------------------------------------------ the same count twice
    "changes-3-and-5": Planted({"A.II.1.i.b": (5.0, 3.0)}, (("A.II.1.i.a.2", "A.II.1.i.b.1"),), ()),
    "changes-3-and-2": Planted(
        {"A.II.1.i.b": (2.0, 2.0)}, (("A.II.1.i.a.2", "A.II.1.i.b.1"),), ("1",)
    ),
    "changes-6-and-3-by-three-agents": Planted(
        {"A.II.1.i.a": (6.0, 6.0)}, (("A.II.1.i.a.2", "A.II.1.i.b.1"),), ("1",)
    ),
    # ------------------------------------------------ parts and their whole
    "more-systems-than-changes": Planted(
        {"A.II.1.i.b": (3.0, 4.0)}, (("A.II.1.i.b.2", "A.II.1.i.b.1"),), ("1",)
    ),
    "more-sanctions-than-violations": Planted(
        {"A.II.3.iii.a": (2.0, 0.0, 3.0)},
        (("A.II.3.iii.a.3", "A.II.3.iii.a.1", "A.II.3.iii.a.2"),),
        ("3",),
    ),
    "sanctions-without-violations": Planted(
        {"A.II.3.iii.a": (0.0, 0.0, 2.0)},
        (("A.II.3.iii.a.3", "A.II.3.iii.a.1", "A.II.3.iii.a.2"),),
        ("3",),
    ),
    "more-targets-reached-than-there-are": Planted(
        {"A.II.4.i.a": (5.0, 6.0)}, (("A.II.4.i.a.2", "A.II.4.i.a.1"),), ("4",)
    ),
    "complaints-done-and-in-process-beyond-received": Planted(
        {"A.II.5.ii.a": (10.0, 3.0, 10.0)},
        (("A.II.5.ii.a.2", "A.II.5.ii.a.3", "A.II.5.ii.a.1"),),
        ("5",),
    ),
    "more-complaints-done-than-received": Planted(
        {"A.II.5.ii.a": (10.0, 0.0, 12.0)},
        (("A.II.5.ii.a.2", "A.II.5.ii.a.3", "A.II.5.ii.a.1"),),
    ),
    "more-lhkpn-than-obliged": Planted(
        {"A.II.5.iii.a": (1.0, 2.0, 3.0, 7.0)},
        (("A.II.5.iii.a.5", "A.II.5.iii.a.2", "A.II.5.iii.a.3", "A.II.5.iii.a.4"),),
    ),
    "more-lhkasn-than-obliged": Planted(
        {"A.II.5.iii.b": (2.0, 4.0, 34.0, 42.0)},
        (("A.II.5.iii.b.5", "A.II.5.iii.b.2", "A.II.5.iii.b.3", "A.II.5.iii.b.4"),),
    ),
    "more-services-eased-than-registered": Planted(
        {"A.II.6.i.b": (8.0, 9.0)}, (("A.II.6.i.b.2", "A.II.6.i.b.1"),), ("6",)
    ),
    # ------------------------------------------------ all targets met, and one missed
    "all-main-targets-above-with-one-missed": Planted(
        {"A.II.4.i.a": (5.0, 4.0)}, (("B.I.b", "A.II.4.i.a"),), ("B.I", "B.I.b")
    ),
    "all-main-targets-met-with-two-missed": Planted(
        {"A.II.4.i.a": (5.0, 3.0), "B.I.b": "B"}, (("B.I.b", "A.II.4.i.a"),), ("B.I", "B.I.b")
    ),
    "no-better-than-last-year-with-one-missed": Planted(
        {"A.II.4.i.a": (5.0, 4.0), "B.I.b": "C"}, (("B.I.b", "A.II.4.i.a"),), ("B.I", "B.I.b")
    ),
    "a-target-missed-with-all-reached": Planted({"B.I.b": "D"}, (("B.I.b", "A.II.4.i.a"),), ("4",)),
    # ------------------------------------------------ facts beside facts
    "target-wbbm-without-wbk": Planted(
        facts={"memegang_wbk": False, "lama_wbk": 0.0},
        places=(("target", "syarat.memegang_wbk"), ("target", "syarat.lama_wbk")),
        prerequisites=("memegang_wbk",),  # of the years, the portal asks two
    ),
    "no-wbk-but-years-of-it": Planted(
        facts={"memegang_wbk": False},
        places=(("syarat.memegang_wbk", "syarat.lama_wbk"),),
        target="WBK",  # which asks neither
    ),
    "wbk-held-but-zi-just-begun": Planted(
        facts={"lama_zi": 0.5, "lama_wbk": 0.0},
        places=(("syarat.memegang_wbk", "syarat.lama_zi"),),
        prerequisites=("lama_zi",),
        target="WBK",
    ),
    "wbk-held-longer-than-zi-built": Planted(
        facts={"lama_zi": 2.0, "lama_wbk": 3.0},
        places=(("syarat.lama_wbk", "syarat.lama_zi"),),
    ),
    # ------------------------------------------------ not there, but good: A.I.1 and A.II.1
    "team": pair("A.I.1.i.a", "Tidak", "A.I.1.i.b", areas="1"),
    "plan": pair("A.I.1.ii.a", "Tidak", "A.I.1.ii.b", "A.I.1.iii.a", areas="1"),
    "activities": pair("A.I.1.iii.a", "D", "A.II.1.ii.a", areas="1"),
    "monitoring": pair("A.I.1.iii.b", "D", "A.I.1.iii.c", areas="1"),
    "agents": pair("A.I.1.iv.b", "C", "A.II.1.i.a.1", "A.II.1.i.a.2", areas="1"),
    "agents-without-effect": pair("A.I.1.iv.b", "B", "A.II.1.i.a.2", areas="1"),
    "no-agents-counted": pair(
        "A.II.1.i.a.1", NONE, "A.I.1.iv.b", areas="1", A_I_1_iv_b="B", A_II_1_i_b=NONE
    ),
    "no-changes-counted": pair(
        "A.II.1.i.a.2", (3.0, 0.0), "A.I.1.iv.b", areas="1", A_II_1_i_b=NONE
    ),
    "culture": pair("A.I.1.iv.c", "C", "A.II.1.iii.a", areas="1"),
    # ------------------------------------------------ A.I.2 and A.II.2
    "sop": pair("A.I.2.i.b", "E", "A.I.2.i.c", areas="2"),
    "services-by-it": pair(
        "A.I.2.ii.c", "C", "A.I.6.v.a", "A.II.2.ii.a", "A.II.2.iii.c", areas="2 6"
    ),
    "it-in-services": pair("A.I.6.v.a", "D", "A.I.2.ii.c", "A.I.6.v.c", areas="2 6"),
    "spbe-public": pair("A.II.2.ii.a", "C", "A.II.2.iii.c", areas="2"),
    "spbe-internal": pair("A.II.2.ii.b", "C", "A.II.2.iii.b", areas="2"),
    "ppid": pair("A.I.2.iii.a", "C", "A.I.2.iii.b", areas="2"),
    # ------------------------------------------------ A.I.3 and A.II.3
    "staff-needs": pair("A.I.3.i.a", "Tidak", "A.I.3.i.b", "A.I.3.i.c", areas="3"),
    "transfers": pair("A.I.3.ii.a", "Tidak", "A.I.3.ii.b", "A.I.3.ii.c", "A.II.3.ii.a", areas="3"),
    "training": pair("A.I.3.iii.d", "D", "A.I.3.iii.e", "A.I.3.iii.f", areas="3"),
    "measurement": pair("A.I.3.iv.c", "E", "A.I.3.iv.d", "A.I.3.iii.b", areas="3"),
    "individual-performance": pair(
        "A.I.3.iv.a", "D", "A.I.3.iv.b", "A.II.3.i.a", "A.II.4.iii.a", areas="3 4"
    ),
    "discipline": pair("A.I.3.v.a", "D", "A.II.3.iii.a.3"),
    "staff-data": pair("A.I.3.vi.a", "C", "A.I.2.ii.b", areas="2"),
    # ------------------------------------------------ A.I.4, A.II.4 and B.I.b
    "leader-and-control": pair("A.I.4.i.c", "D", "A.II.5.i.a", areas="5"),
    "outcomes": pair("A.I.4.ii.b", "Tidak", "B.I.b", areas="B.I B.I.b"),
    "no-outcome-achieved": pair("B.I.b", "E", "A.I.4.ii.b", areas="4"),
    "key-indicators": pair("A.I.4.ii.c", "Tidak", "B.I.b", areas="B.I B.I.b"),
    "performance-system": pair("A.I.4.ii.g", "Tidak", "A.I.2.ii.a", areas="2"),
    "no-targets": pair(
        "A.II.4.i.a.1", NONE, "A.II.4.ii.a", areas="4", B_I_b="E", A_I_4_ii_b="Tidak"
    ),
    # ------------------------------------------------ A.I.5 and A.II.5
    "risk": pair("A.I.5.ii.b", "E", "A.I.5.ii.c", "A.II.5.i.a", areas="5"),
    "complaints": pair("A.I.5.iii.b", "Tidak", "A.II.5.ii.a.3", areas="5"),
    "complaints-evaluated": pair("A.I.5.iii.c", "C", "A.I.5.iii.d", areas="5"),
    "wbs": pair("A.I.5.iv.a", "C", "A.I.5.iv.b", areas="5"),
    "wbs-evaluated": pair("A.I.5.iv.b", "C", "A.I.5.iv.c", areas="5"),
    "conflicts-mapped": pair("A.I.5.v.a", "D", "A.I.5.v.c", areas="5"),
    "conflicts-handled": pair("A.I.5.v.c", "D", "A.I.5.v.d", areas="5"),
    "conflicts-evaluated": pair("A.I.5.v.d", "C", "A.I.5.v.e", areas="5"),
    # ------------------------------------------------ A.I.6 and A.II.6
    "standards": pair(
        "A.I.6.i.a", "E", "A.I.6.i.b", "A.I.6.i.c", "A.I.6.i.d", "A.I.6.ii.d", areas="6"
    ),
    "pledge": pair("A.I.6.i.b", "C", "A.I.6.i.d", areas="6"),
    "no-innovation": pair("A.II.6.i.a", "D", "A.I.6.ii.f", areas="6"),
    "complaint-media": pair("A.I.6.iii.a", "E", "A.I.6.iii.c", "A.II.6.ii.a", areas="6"),
    "complaint-unit": pair("A.I.6.iii.b", "C", "A.I.6.iii.a", areas="6"),
    "skm": pair("A.I.6.iv.a", "E", "A.I.6.iv.b", "A.I.6.iv.c", "A.I.6.i.c", areas="6"),
}


def _found(planted: Planted, at_the_edge: bool) -> tuple[tuple[Doubt, ...], Status, Status]:
    unit = make_unit(planted.answers, planted.facts, planted.target)
    evaluation = evaluated(unit, rules_at_the_edge(unit)) if at_the_edge else evaluated(unit)
    doubts = weigh(evaluation, find_contradictions(evaluation, contradictions()))
    verdict = judge_with_doubts(evaluation, doubts)[planted.target]
    return doubts, verdict.verdict.status, verdict.status


def _full_key(key: str) -> str:
    return key if key == "target" or key.startswith("syarat.") else f"jawaban.{key}"


def test_the_unit_that_all_start_from_contradicts_itself_nowhere() -> None:
    doubts, before, after = _found(Planted(), at_the_edge=True)
    assert (doubts, before, after) == ((), Status.MET, Status.MET)


def test_the_gallery_is_large_and_holds_every_pair_of_the_instrument() -> None:
    assert len(GALLERY) >= 40
    shown = {
        tuple(_full_key(key) for key in places)
        for planted in GALLERY.values()
        for places in planted.places
    }
    rules = contradictions()
    wanted = {(f"jawaban.{p.where.key}", f"jawaban.{p.then.key}") for p in rules.pairs}
    assert wanted <= shown


@pytest.mark.parametrize("name", GALLERY)
def test_a_planted_contradiction_is_found_with_both_places_and_nothing_else(name: str) -> None:
    planted = GALLERY[name]
    doubts, _, _ = _found(planted, at_the_edge=False)
    found = {tuple(item.key for item in doubt.statements) for doubt in doubts}
    assert found == {tuple(_full_key(key) for key in places) for places in planted.places}
    for doubt in doubts:
        assert all(item.says for item in doubt.statements)
        assert doubt.rule
        assert doubt.source
        assert doubt.remedy
        assert len(doubt.effects) == len(doubt.readings) >= (2 if doubt.readings[0].values else 1)


@pytest.mark.parametrize("name", GALLERY)
def test_a_planted_contradiction_turns_what_the_other_reading_takes(name: str) -> None:
    planted = GALLERY[name]
    doubts, before, after = _found(planted, at_the_edge=True)
    turned = {
        item for doubt in doubts for effect in doubt.effects
        for item in effect.turned[planted.target]
    }  # fmt: skip
    areas = {f"area-{a}" if a.isdigit() else a for a in planted.areas}
    wanted = {*areas, *planted.prerequisites}
    if planted.areas:
        wanted.add("total")
    if any(area.isdigit() for area in planted.areas):
        wanted.add("A")
    assert turned == wanted
    if before is Status.MET:
        assert after is (Status.UNKNOWN if wanted else Status.MET)
    else:
        assert (before, after) == (Status.NOT_MET, Status.NOT_MET)
