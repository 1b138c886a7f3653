"""The structure of an instrument."""

from __future__ import annotations

import pytest

from tests.core.samples import (
    ABC,
    BOTH,
    SMALL,
    choice,
    instrument_named,
    make_instrument,
)
from zi_eval.core.instrument import (
    Instrument,
    parent_id,
)

both = pytest.mark.parametrize("name", BOTH)


def test_the_parent_is_the_id_without_its_last_part() -> None:
    assert parent_id("A.I.1.i.a") == "A.I.1.i"
    assert parent_id("A.I") == "A"
    assert parent_id("A") is None


@both
def test_walking_meets_every_id_once_and_parents_first(name: str) -> None:
    instrument = instrument_named(name)
    walked = list(instrument.order)
    assert len(walked) == len(set(walked))
    assert set(walked) == {*instrument.nodes, *instrument.questions}
    for place, identifier in enumerate(walked):
        parent = parent_id(identifier)
        assert parent is None or walked.index(parent) < place
    assert [i for i in walked if i in instrument.questions] == list(instrument.questions)


@both
def test_children_are_what_is_one_level_below(name: str) -> None:
    instrument = instrument_named(name)
    below = [child for children in instrument.children.values() for child in children]
    assert sorted((*below, *instrument.roots)) == sorted((*instrument.nodes, *instrument.questions))
    for node, children in instrument.children.items():
        assert all(parent_id(child) == node for child in children)


@both
def test_questions_below_are_found_at_any_depth(name: str) -> None:
    instrument = instrument_named(name)
    for node, children in instrument.children.items():
        expected = [
            question
            for child in children
            for question in (
                (child,) if child in instrument.questions else instrument.questions_below(child)
            )
        ]
        assert instrument.questions_below(node) == tuple(expected)
    assert sum(len(instrument.questions_below(root)) for root in instrument.roots) == len(
        instrument.questions
    )


def test_ids_that_start_alike_are_not_below_each_other() -> None:
    instrument = make_instrument(
        {"A": 2.0, "A.i": 1.0, "A.ii": 1.0}, (choice("A.i.a", ABC), choice("A.ii.a", ABC))
    )
    assert instrument.questions_below("A.i") == ("A.i.a",)


def test_a_node_is_a_mean_only_of_questions_without_weights() -> None:
    assert SMALL.is_mean("A.I.1.i")
    assert not SMALL.is_mean("A.I.1")
    assert not SMALL.is_mean("B.I")


def test_the_official_instrument_has_its_known_shape(instrument: Instrument) -> None:
    assert len(instrument.questions) == 113
    assert instrument.weight == 100.0
    asked = [item for q in instrument.questions.values() for item in q.asked_inputs]
    derived = [item for q in instrument.questions.values() for item in q.inputs if item.is_derived]
    assert (len(asked), len(derived)) == (22, 2)
    weights = {node: instrument.nodes[node].weight for node in ("A", "A.I", "A.II", "B")}
    assert weights == {"A": 60.0, "A.I": 30.0, "A.II": 30.0, "B": 40.0}
    for aspect in ("A.I", "A.II"):
        areas = [instrument.nodes[f"{aspect}.{number}"].weight for number in range(1, 7)]
        assert areas == [4.0, 3.5, 5.0, 5.0, 7.5, 5.0]
    own = {key: q.weight for key, q in instrument.questions.items() if q.weight is not None}
    assert own == {"B.I.a": 17.5, "B.I.b": 5.0, "B.II.a": 17.5}
    assert [area.nodes for area in instrument.areas] == [
        (f"A.I.{number}", f"A.II.{number}") for number in range(1, 7)
    ]


def test_the_official_scales_have_their_known_values(instrument: Instrument) -> None:
    values = {tuple(q.scale.values.values()) for q in instrument.questions.values()}
    assert values == {
        (1.0, 0.0),
        (1.0, 0.5, 0.0),
        (1.0, 0.67, 0.33, 0.0),
        (1.0, 0.75, 0.5, 0.25, 0.0),
        (),
    }
