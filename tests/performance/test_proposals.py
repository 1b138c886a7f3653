from __future__ import annotations

from typing import Any

import pytest

from tests.performance.samples import indicator, plan, standing
from zi_eval.core.proposals import Proposal
from zi_eval.instruments import load_instrument
from zi_eval.performance.comparison import PeerFigures
from zi_eval.performance.plan import Accrual, Direction, Indicator, Kind
from zi_eval.performance.proposals import (
    TOPIC,
    propose_answers,
    propose_evidence,
    propose_performance,
    propose_targets,
)
from zi_eval.performance.score import AchievementRules
from zi_eval.performance.watch import evaluate_plan
from zi_eval.period.answers import parse_value

TARGETS = (20.0, 40.0, 60.0, 80.0)
QUESTIONS = load_instrument("zi-2021").links[TOPIC]
PEERS = PeerFigures(percent=101.0, units=3)


def whole(result: float, last: float | None = 70, **fields: object) -> Indicator:
    """Return an indicator with a target of 80 and a whole year's result."""
    earlier = {} if last is None else {2025: last}
    given = {"targets": TARGETS, "results": (20, 40, 60, result), "earlier_results": earlier}
    return indicator(**(given | fields))


def propose(*items: Indicator, peers: PeerFigures | None = PEERS) -> Proposal:
    return propose_performance(standing(*items), peers, QUESTIONS["achievement"])


@pytest.mark.parametrize(
    ("items", "answer"),
    [
        # 84 / 80 = 105 %, more than 70 / 80 a year ago and than the peers' 101 %
        ([whole(84)], "A"),
        ([whole(80.4)], "B"),  # 100.5 %, not above the peers
        ([whole(80)], "B"),  # 100 %, above last year
        ([whole(84, last=84)], "C"),  # 105 %, as a year ago
        ([whole(84, last=90)], "C"),
        ([whole(79.9)], "D"),
        ([whole(120), whole(79, name="lain")], "D"),  # one missed target, whatever the mean says
        ([whole(84, kind=Kind.OUTPUT)], "E"),
        ([whole(84), whole(84, name="lain", kind=Kind.OUTPUT)], "A"),
        # national standards go before the peers: 84 is above one of them, below the other
        ([whole(84, national=82)], "A"),
        ([whole(84, national=90)], "B"),
        ([whole(84, national=82), whole(84, name="lain", national=90)], "B"),
        # an indicator that is not a main one does not count
        ([whole(84), whole(10, name="lain", is_key=False)], "A"),
        ([whole(76, last=90, direction=Direction.DOWN)], "A"),  # (160 - 76) / 80 = 105 %
    ],
)
def test_performance_is_proposed_by_the_rule_of_the_question(
    items: list[Indicator], answer: str
) -> None:
    found = propose(*items)
    assert (found.answer, found.is_provisional) == (answer, False)
    assert all(reason.endswith(".") for reason in found.reasons)


@pytest.mark.parametrize(
    ("items", "peers", "candidates"),
    [
        ([whole(84, last=None)], PEERS, ("A", "B", "C")),
        ([whole(84)], None, ("A", "B")),
        ([whole(84), indicator(name="lain")], PEERS, ("A", "B", "C", "D")),
        ([], PEERS, ()),
    ],
)
def test_what_the_data_do_not_decide_is_left_open(
    items: list[Indicator], peers: PeerFigures | None, candidates: tuple[str, ...]
) -> None:
    found = propose(*items, peers=peers)
    assert (found.answer, found.candidates) == (None, candidates)
    assert found.reasons


def test_a_missed_target_decides_whatever_is_still_open() -> None:
    assert propose(whole(10), indicator(name="lain")).answer == "D"


def test_while_the_year_goes_on_a_proposal_is_provisional() -> None:
    def part(results: tuple[float, ...]) -> Indicator:
        one, two, three = results
        return indicator(
            targets=(80.0,) * 4, results=(one, two, three, None), earlier_results={2025: 70.0},
            accrual=Accrual.LAST,
        )  # fmt: skip

    good, bad, close = (propose(part((r, r, r))) for r in (90.0, 60.0, 79.8))
    assert (good.answer, good.is_provisional) == ("A", True)
    assert (bad.answer, bad.is_provisional) == ("D", True)
    # the target lies within the interval of the projection: not decided
    assert (close.answer, close.candidates) == (None, ("A", "B", "C", "D"))


def test_a_differing_answer_is_told_from_one_that_fits() -> None:
    found = propose(whole(84))
    assert found.differs("B")
    assert not found.differs("A")
    assert not found.differs(None)
    undecided = propose(whole(84), peers=None)
    assert undecided.differs("D")
    assert not undecided.differs("B")


def test_targets_count_the_goals_and_those_at_100_percent() -> None:
    found = propose_targets(
        standing(
            whole(84, goal="A"),
            whole(79, goal="B"),
            whole(80, goal="C"),
            whole(96, goal="D", name="x"),  # 120 %
            whole(72, goal="D", name="y"),  # 90 %: the mean is 105 %
        ),
        "x",
    )
    assert found.answer == (4, 3)
    assert "1 di antaranya karena indikator lain menutupi" in found.reasons[1]
    assert not found.differs((4.0, 3.0))
    assert found.differs((4.0, 4.0))


def test_an_open_goal_leaves_the_count_open() -> None:
    found = propose_targets(standing(whole(84, goal="A"), indicator(goal="B")), "x")
    assert found.answer is None
    assert found.reasons == (
        "1 dari 2 sasaran mencapai 100 % atau lebih.",
        "1 sasaran belum mempunyai capaian setahun.",
    )
    assert propose_targets(standing(), "x").answer is None


def test_a_proposal_counts_with_the_cap_of_its_plan() -> None:
    items = (whole(160, name="x"), whole(81, name="y"))
    free = evaluate_plan(plan(*items), AchievementRules(cap=None))
    capped = evaluate_plan(plan(*items), AchievementRules(cap=101))
    # (200 + 101.25) / 2 = 150.625; (101 + 101) / 2 = 101, not above the peers' 101
    assert propose_performance(free, PEERS, "x").answer == "A"
    assert propose_performance(capped, PEERS, "x").answer == "B"


def evidence(*items: Indicator) -> dict[str, Proposal]:
    return {found.question: found for found in propose_evidence(standing(*items), QUESTIONS)}


def test_evidence_speaks_to_seven_questions_and_says_what_a_table_cannot_show() -> None:
    found = evidence(whole(84, evidence="bukti.pdf", cause="Cukup"))
    assert list(found) == [
        "A.I.4.i.c",
        *(f"A.I.4.ii.{letter}" for letter in "abcdfg"),
    ]
    for proposal in found.values():
        assert (proposal.answer, proposal.candidates, proposal.is_provisional) == (None, (), False)
        assert not proposal.differs("Tidak")
        assert all(reason.endswith(".") for reason in proposal.reasons)
        assert "tidak" in proposal.reasons[-1]
    assert propose_evidence(standing(), QUESTIONS) == ()


def test_monitoring_shows_what_is_reported_and_followed_up_not_who_took_part() -> None:
    late = {"targets": TARGETS, "results": (10, None, None, None)}
    red = whole(40, name="merah", results=(5, 10, 20, 40), cause="Banjir", follow_up="Pompa")
    bare = whole(40, name="polos", results=(5, 10, 20, 40))
    shown = evidence(red, bare, whole(84), indicator(**late, accrual=Accrual.SUM))
    reported, followed, limits = shown["A.I.4.i.c"].reasons
    # the last one has no TW II to IV; the others have a whole year
    assert reported == (
        "3 dari 4 indikator yang harus sudah diukur lengkap realisasinya sampai TW IV."
    )
    assert followed == "Dari 2 indikator yang menyimpang, 1 punya sebab dan 1 punya tindak lanjut."
    assert "pimpinan" in limits
    fine = evidence(whole(84))["A.I.4.i.c"].reasons[1]
    assert fine == "Tidak ada indikator yang menyimpang dari rencana."
    empty = evidence(indicator(targets=TARGETS))["A.I.4.i.c"].reasons[0]
    assert empty == "Belum ada realisasi triwulan yang dicatat."


def test_documents_are_told_by_targets_and_by_the_links_of_the_chain() -> None:
    found = evidence(
        whole(84),
        whole(84, name="lain", renstra_goal="", action="", individual=""),
        indicator(name="setahun", annual_target=5.0, individual=""),
    )
    assert found["A.I.4.ii.a"].reasons[:-1] == (
        "3 dari 3 indikator punya target setahun.",
        "2 dari 3 indikator punya target triwulan.",
        "2 dari 3 indikator terhubung ke sasaran Renstra.",
        "2 dari 3 indikator terhubung ke Rencana Aksi.",
        "1 dari 3 indikator diturunkan ke sasaran kinerja individu.",
    )


@pytest.mark.parametrize(
    ("kinds", "answer"),
    [
        ((Kind.OUTPUT, Kind.OUTPUT), "Tidak"),
        ((Kind.OUTPUT, Kind.OUTCOME), None),
        # The plan may still be less than what the Renstra says: not decided by a table.
        ((Kind.OUTCOME, Kind.OUTCOME), None),
    ],
)
def test_planning_without_any_outcome_is_not_aimed_at_results(
    kinds: tuple[Kind, ...], answer: str | None
) -> None:
    items = [whole(84, kind=kind, name=str(place)) for place, kind in enumerate(kinds)]
    other = whole(84, name="bukan IKU", kind=Kind.OUTCOME, is_key=False)
    assert evidence(*items, other)["A.I.4.ii.b"].answer == answer


def test_without_a_main_indicator_nothing_is_decided() -> None:
    found = evidence(whole(84, is_key=False, kind=Kind.OUTPUT))
    assert found["A.I.4.ii.b"].answer is None
    assert found["A.I.4.ii.c"].reasons == (
        "Tidak ada indikator yang ditandai sebagai IKU di tabel.",
    )


@pytest.mark.parametrize(
    ("bad", "good", "answer", "candidates"),
    [
        (0, 3, None, ()),  # nothing rules anything out, and nothing proves it
        (1, 2, None, ("B", "C", "D")),  # not all; 2 of 3 may be, which is most
        (1, 1, None, ("C", "D")),  # 1 of 2 at most: not most
        (2, 1, None, ("C", "D")),
        (2, 0, "D", ()),
    ],
)
def test_what_cannot_be_measured_is_not_smart(
    bad: int, good: int, answer: str | None, candidates: tuple[str, ...]
) -> None:
    blurred = [
        indicator(name="tanpa target"),
        whole(84, name="tanpa satuan", unit_of_measure=""),
    ]
    found = evidence(*blurred[:bad], *[whole(84, name=str(n)) for n in range(good)])
    smart = found["A.I.4.ii.d"]
    assert (smart.answer, smart.candidates) == (answer, candidates)
    assert smart.differs("A") == bool(bad)


def test_reports_are_told_by_the_comparisons_asked_of_them() -> None:
    given: dict[str, Any] = {
        "renstra_target": 90.0,
        "ceiling": 10.0,
        "spent": 9.0,
        "cause": "Kader aktif",
    }
    full = whole(84, **given, evidence="a.pdf")
    # without a national standard, since not every indicator has one
    assert evidence(full)["A.I.4.ii.f"].reasons[:2] == (
        "Semua perbandingan yang diminta dari laporan kinerja ada untuk 1 indikator.",
        "1 dari 1 indikator menyebut bukti.",
    )
    lacking = evidence(full, whole(84, name="lain", last=None, **(given | {"cause": ""})))
    assert lacking["A.I.4.ii.f"].reasons[:2] == (
        "Diminta dari laporan kinerja, tetapi belum ada, dari 2 indikator: realisasi tahun ini "
        "dengan tahun-tahun lalu (1); sebab keberhasilan atau kegagalan dan solusinya (1).",
        "1 dari 2 indikator menyebut bukti.",
    )


def test_no_evidence_is_claimed_on_leaders_punctuality_or_skills() -> None:
    silent = {"A.I.4.i.a", "A.I.4.i.b", "A.I.4.ii.e", "A.I.4.ii.h"}
    assert not silent & set(evidence(whole(84), indicator(name="lain")))


def test_each_proposal_is_an_answer_of_the_question_it_is_linked_to() -> None:
    questions = load_instrument("zi-2021").questions
    reached = (whole(84), whole(80.4), whole(84, last=84), whole(79.9), whole(84, kind=Kind.OUTPUT))
    for items in (*((item,) for item in reached), (indicator(name="tanpa target"),)):
        unit = standing(*items)
        found = (*propose_answers(unit, PEERS, QUESTIONS), *propose_evidence(unit, QUESTIONS))
        assert {proposal.question for proposal in found} == set(QUESTIONS.values())
        for proposal in found:
            for answer in (proposal.answer, *proposal.candidates):
                raw = list(answer) if isinstance(answer, tuple) else answer
                assert parse_value(questions[proposal.question], raw) == answer


def test_on_what_an_instrument_does_not_ask_nothing_is_said() -> None:
    unit = standing(whole(84))
    assert propose_answers(unit, PEERS, {}) == propose_evidence(unit, {}) == ()
    (only,) = propose_answers(unit, PEERS, {"goals": "1.a"})
    assert (only.question, only.answer) == ("1.a", (1, 1))
    (smart,) = propose_evidence(unit, {"smart": "1.b"})
    assert smart.question == "1.b"
