"""A trace explains every figure: recomputed from what it shows, it gives the figure again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.samples import (
    BOTH,
    FEW,
    SMALL,
    any_answers,
    card_of,
    instrument_named,
)
from zi_eval.core.assessment import NOT_APPLICABLE
from zi_eval.core.instrument import Instrument, Share
from zi_eval.core.scoring import Scorecard
from zi_eval.core.trace import Trace, trace_score

both = pytest.mark.parametrize("name", BOTH)


def recompute(instrument: Instrument, trace: Trace) -> float | None:
    """The figure of a trace from its parts, numbers and weight alone."""
    parts = [recompute(instrument, part) for part in trace.parts]
    known = [part for part in parts if part is not None]
    assert len(known) == len(parts)
    if trace.operation in ("sum", "mean") and not known:
        return None
    if trace.operation == "sum":
        return sum(known)
    if trace.operation == "mean":
        assert trace.weight is not None
        return sum(known) / len(known) * trace.weight
    points = 1.0 if trace.weight is None else trace.weight
    numbers = trace.numbers
    if trace.operation == "open":
        return None
    if trace.operation in ("choice", "no object"):
        return numbers[0] * points
    if trace.operation == "index":
        return numbers[0] / numbers[1] * points
    if trace.operation == "share":
        part, whole = numbers
        if whole == 0:
            rule = instrument.questions[trace.id].rule
            assert isinstance(rule, Share)
            return rule.empty * points
        return min(1.0, part / whole) * points
    assert trace.operation == "decrease"
    before, after = numbers
    if before == 0:
        return (1.0 if after == 0 else 0.0) * points
    return max(0.0, (before - after) / before) * points


def assert_explained(instrument: Instrument, card: Scorecard) -> None:
    for identifier in (*instrument.order, "total"):
        node = card.total if identifier == "total" else card.nodes[identifier]
        trace = trace_score(instrument, card, identifier)
        assert trace.id == identifier
        assert trace.result == node.score
        assert trace.weight == node.weight
        again = recompute(instrument, trace)
        if node.score is None:
            assert again is None
        else:
            assert again == pytest.approx(node.score, abs=1e-12)


@both
@FEW
@given(data=st.data())
def test_a_trace_recomputed_from_its_parts_gives_the_same_figure(
    name: str, data: st.DataObject
) -> None:
    instrument = instrument_named(name)
    assert_explained(instrument, card_of(instrument, data.draw(any_answers(instrument))))


@both
@FEW
@given(data=st.data())
def test_parts_and_left_out_are_together_all_children_in_order(
    name: str, data: st.DataObject
) -> None:
    instrument = instrument_named(name)
    card = card_of(instrument, data.draw(any_answers(instrument)))
    for identifier in (*instrument.nodes, "total"):
        children = instrument.roots if identifier == "total" else instrument.children[identifier]
        trace = trace_score(instrument, card, identifier)
        shown = {part.id for part in trace.parts}
        assert trace.left_out == tuple(child for child in children if child not in shown)
        assert [part.id for part in trace.parts] == [c for c in children if c in shown]
        assert all(card.nodes[child].score is None for child in trace.left_out)


def test_each_kind_of_answer_has_its_operation() -> None:
    card = card_of(
        SMALL,
        {
            "A.I.1.i.b": "B",
            "A.I.1.ii.a": (4.0, 3.0),
            "A.I.2.i.a": (5.0, 2.0, 1.0),
            "A.II.1.i.b": (1.0, 2.0, 3.0, 3.0),
            "B.I.a": 3.0,
            "B.I.b": "B",
        },
    )

    def trace(identifier: str) -> Trace:
        return trace_score(SMALL, card, identifier)

    assert trace("A.I.1.i.a") == Trace("A.I.1.i.a", "open", None)
    assert trace("A.I.1.i.b") == Trace("A.I.1.i.b", "choice", 0.5, None, (0.5,), "B")
    assert trace("A.I.1.ii.a") == Trace("A.I.1.ii.a", "share", 0.75, None, (3.0, 4.0))
    assert trace("A.I.2.i.a") == Trace("A.I.2.i.a", "decrease", 0.6, None, (5.0, 2.0))
    assert trace("A.II.1.i.b") == Trace("A.II.1.i.b", "share", 0.5, None, (3.0, 6.0))
    assert trace("B.I.a") == Trace("B.I.a", "index", 2.25, 3.0, (3.0, 4.0))
    assert trace("B.I.b") == Trace("B.I.b", "choice", 1.34, 2.0, (0.67,), "B")
    subarea = trace("A.I.1.i")
    assert (subarea.operation, subarea.left_out) == ("mean", ("A.I.1.i.a", "A.I.1.i.c"))
    assert [part.id for part in subarea.parts] == ["A.I.1.i.b"]
    assert trace("B").operation == trace("total").operation == "sum"


def test_no_object_is_an_operation_of_its_own(instrument: Instrument) -> None:
    card = card_of(instrument, {"A.II.5.ii.a": NOT_APPLICABLE})
    trace = trace_score(instrument, card, "A.II.5.ii.a")
    assert (trace.operation, trace.result, trace.numbers) == ("no object", 1.0, (1.0,))


def test_an_unknown_id_is_a_key_error() -> None:
    with pytest.raises(KeyError, match=r"A\.IX"):
        trace_score(SMALL, card_of(SMALL, {}), "A.IX")
