"""Proposals beside answers: one wording for every topic, on its page and on a terminal."""

from __future__ import annotations

import pytest

from zi_eval.core.assessment import NOT_APPLICABLE, Value
from zi_eval.core.proposals import Proposal
from zi_eval.report.proposals import plain_answer, proposal_lines, proposals_section

EVIL = "<b>\x1b[2J\n"


def proposal(answer: Value | None, *candidates: str, is_provisional: bool = False) -> Proposal:
    return Proposal("B.I.b", answer, candidates, is_provisional, (EVIL,), "kinerja/u.csv")


@pytest.mark.parametrize(
    ("item", "said"),
    [
        (proposal(3.5), "3,5"),
        (proposal("A", is_provisional=True), "A (sementara)"),
        (proposal((10.0, 4.0)), "10; 4"),
        (proposal(None, "A", "B", "C", is_provisional=True), "A, B atau C"),
        (proposal(None, "B"), "B"),
        (proposal(None), "belum dapat diusulkan"),
    ],
)
def test_page_and_terminal_say_a_proposal_in_the_same_words(item: Proposal, said: str) -> None:
    line, reason = proposal_lines([item], {"B.I.b": "Z"})
    note = "jawaban di LKE berbeda" if item.differs("Z") else "jawaban di LKE"
    assert line == f"  B.I.b: {said}; {note}: Z"
    assert reason == "    <b> [2J"
    html = str(proposals_section([item], {"B.I.b": "Z"}, "").html)
    shown = said.replace("(sementara)", '<span class="small">(sementara)</span>')
    assert f"<strong>{shown}</strong>" in html
    assert ("jawaban di LKE berbeda" in html) is item.differs("Z")
    assert "&lt;b&gt;" in html
    assert '<span class="code">kinerja/u.csv</span>' in html


def test_what_is_not_answered_or_does_not_apply_is_said_in_words() -> None:
    assert next(proposal_lines([proposal(1.0)], {})).endswith("jawaban di LKE: belum dijawab")
    assert plain_answer(NOT_APPLICABLE) == "tidak berlaku"


def test_a_topic_that_proposes_nothing_says_so() -> None:
    html = str(proposals_section([], {}, "Tidak ada usulan.", "Menurut data 2026").html)
    assert "Tidak ada usulan." in html
    assert "Menurut data 2026. Hanya usulan" in html
