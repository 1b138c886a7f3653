from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.portal.builders import Clock
from zi_eval.portal import limits
from zi_eval.portal.limits import RateLimit, network_of


def test_a_burst_goes_through_and_then_the_rate() -> None:
    clock = Clock()
    limit = RateLimit(2.0, 3.0, clock.monotonic)
    assert [limit.take("a") for _ in range(4)] == [0, 0, 0, 1]
    clock.sleep(0.5)
    assert [limit.take("a"), limit.take("a")] == [0, 1]
    assert limit.take("b") == 0
    clock.sleep(1000)
    assert [limit.take("a") for _ in range(4)] == [0, 0, 0, 1]


@given(
    st.floats(0.1, 100), st.integers(1, 50), st.lists(st.floats(0, 10), min_size=1, max_size=200)
)
def test_no_stretch_of_time_lets_more_through_than_burst_and_rate(
    rate: float, burst: int, pauses: list[float]
) -> None:
    clock = Clock()
    limit = RateLimit(rate, burst, clock.monotonic)
    taken = 0
    for pause in pauses:
        clock.sleep(pause)
        taken += limit.take("a") == 0
    assert taken <= burst + rate * clock.seconds + 1e-6


@given(st.floats(0.1, 100), st.lists(st.floats(0, 1), max_size=50))
def test_whoever_waits_as_long_as_told_is_let_in(rate: float, pauses: list[float]) -> None:
    clock = Clock()
    limit = RateLimit(rate, 1.0, clock.monotonic)
    for pause in pauses:
        clock.sleep(pause)
        wait = limit.take("a")
        if wait:
            clock.sleep(wait)
            assert limit.take("a") == 0


def test_a_slow_bucket_tells_how_long_and_never_less_than_nothing() -> None:
    clock = Clock()
    limit = RateLimit(0.1, 2.0, clock.monotonic)
    assert limit.take("a") == 0
    clock.sleep(5)
    assert limit.take("a") == 0  # one and a half are there
    assert limit.take("a") == 5  # half of one is
    clock.sleep(5)
    assert limit.take("a") == 0


def test_a_rounding_error_of_the_clock_keeps_nobody_out() -> None:
    clock = Clock(seconds=29.8)
    limit = RateLimit(0.4, 1.0, clock.monotonic)
    assert limit.take("a") == 0
    clock.sleep(0.5)
    assert limit.take("a") == 2
    clock.sleep(2)  # 0.9999999999999987 of a request is there
    assert limit.take("a") == 0


def test_many_senders_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_KEYS", 100)
    limit = RateLimit(1.0, 1.0, Clock().monotonic)
    for number in range(1000):
        limit.take(str(number))
    # Those that are remembered have to wait: the last ones.
    waits = [limit.take(str(number)) > 0 for number in reversed(range(1000))]
    assert waits == [True] * 100 + [False] * 900


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("testclient", "testclient"),
        ("x" * 1000, "x" * 64),
    ],
)
def test_the_addresses_of_one_ipv6_network_are_one_sender(address: str, network: str) -> None:
    assert network_of(address) == network
