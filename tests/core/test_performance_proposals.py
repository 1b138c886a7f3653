from __future__ import annotations

import pytest

from tests.core.performance_samples import indicator, plan, standing
from zi_eval.core.performance import Accrual, Direction, Indicator, Kind
from zi_eval.core.performance_comparison import PeerFigures
from zi_eval.core.performance_proposals import propose_performance, propose_targets
from zi_eval.core.performance_score import AchievementRules
from zi_eval.core.performance_watch import evaluate_plan
from zi_eval.core.proposals import Proposal

TARGETS = (20.0, 40.0, 60.0, 80.0)
PEERS = PeerFigures(percent=101.0, units=3)


def whole(result: float, last: float | None = 70, **fields: object) -> Indicator:
    """Return an indicator with a target of 80 and a whole year's result."""
    earlier = {} if last is None else {2025: last}
    given = {"targets": TARGETS, "results": (20, 40, 60, result), "earlier_results": earlier}
    return indicator(**(given | fields))


def propose(*items: Indicator, peers: PeerFigures | None = PEERS) -> Proposal:
    return propose_performance(standing(*items), peers)


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
        )
    )
    assert found.answer == (4, 3)
    assert "1 di antaranya karena indikator lain menutupi" in found.reasons[1]
    assert not found.differs((4.0, 3.0))
    assert found.differs((4.0, 4.0))


def test_an_open_goal_leaves_the_count_open() -> None:
    found = propose_targets(standing(whole(84, goal="A"), indicator(goal="B")))
    assert found.answer is None
    assert found.reasons == (
        "1 dari 2 sasaran mencapai 100 % atau lebih.",
        "1 sasaran belum mempunyai capaian setahun.",
    )
    assert propose_targets(standing()).answer is None


def test_a_proposal_counts_with_the_cap_of_its_plan() -> None:
    items = (whole(160, name="x"), whole(81, name="y"))
    free = evaluate_plan(plan(*items), AchievementRules(cap=None))
    capped = evaluate_plan(plan(*items), AchievementRules(cap=101))
    # (200 + 101.25) / 2 = 150.625; (101 + 101) / 2 = 101, not above the peers' 101
    assert propose_performance(free, PEERS).answer == "A"
    assert propose_performance(capped, PEERS).answer == "B"
