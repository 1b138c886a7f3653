"""A few trials of each kind; ``python -m tests.faults`` makes as many as are wanted."""

from __future__ import annotations

import random

import pytest

from tests.faults.trials import CLUSTER_KINDS, KINDS, Trials
from zi_eval.runs.pool import can_fork

pytestmark = [
    pytest.mark.kernel,
    pytest.mark.skipif(not can_fork(), reason="faults of processes that are forked"),
]


@pytest.fixture(scope="module")
def trials(tmp_path_factory: pytest.TempPathFactory) -> Trials:
    return Trials(tmp_path_factory.mktemp("trials"), random.Random(20261127))


@pytest.mark.parametrize(
    "kind",
    [kind if kind == "interrupt of all" else pytest.param(kind, marks=pytest.mark.long)
     for kind in (*KINDS, *CLUSTER_KINDS)],
)  # fmt: skip
def test_a_disturbed_run_ends_as_an_undisturbed_one(kind: str, trials: Trials) -> None:
    trials.try_once(kind)
