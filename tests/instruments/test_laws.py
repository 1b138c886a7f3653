"""One broken instrument for each law that an instrument must keep."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from tests.core.samples import (
    ABC,
    ABCD,
    BOTH,
    choice,
    instrument_named,
    make_instrument,
    ratio,
)
from zi_eval.core.instrument import Area, Instrument, Question, Scale, Share
from zi_eval.instruments import load_instrument
from zi_eval.instruments.laws import check_instrument


@pytest.mark.parametrize("name", BOTH)
def test_a_good_instrument_has_no_problems(name: str) -> None:
    assert check_instrument(instrument_named(name)) == ()


def two(
    *questions: Question, weight: float = 1.0, nodes: Mapping[str, float] | None = None
) -> Instrument:
    return make_instrument(nodes or {"A": weight, "A.i": 1.0}, questions)


UNORDERED = Scale("naik", "choice", {"A": 1.0, "B": 0.2, "C": 0.4, "D": 0.0})
LOW_TOP = Scale("rendah", "choice", {"A": 0.9, "B": 0.0})
HIGH_END = Scale("tinggi", "choice", {"A": 1.0, "B": 0.1})
SINGLE = Scale("satu", "choice", {"A": 1.0})
INDEXED = Question("A.i.a", "text", Scale("indeks", "index", top=4.0), guide="guide")
SOUND = ratio("A.i.a", Share(2, 1, 0.0))
LETTERS = choice("A.i.a", ABC)

BROKEN = {
    "missing parent": (two(LETTERS, choice("C.i.a", ABC)), ("induk-tidak-ada", "C.i.a")),
    "empty node": (
        two(LETTERS, weight=2.0, nodes={"A": 2.0, "A.i": 1.0, "A.ii": 1.0}),
        ("simpul-kosong", "A.ii"),
    ),
    "weights that do not add up": (two(LETTERS, weight=1.1), ("bobot-tidak-cocok", "A")),
    "question weights that do not add up": (
        two(choice("A.i.a", ABC, weight=0.4), choice("A.i.b", ABC, weight=0.5)),
        ("bobot-tidak-cocok", "A.i"),
    ),
    "mixed weights": (
        two(choice("A.i.a", ABC, weight=1.0), choice("A.i.b", ABC)),
        ("bobot-campuran", "A.i"),
    ),
    "missing option": (
        two(replace(LETTERS, options={"A": "x", "B": "x"})),
        ("pilihan-tidak-lengkap", "A.i.a"),
    ),
    "options in another order": (
        two(replace(LETTERS, options={"B": "x", "A": "x", "C": "x"})),
        ("pilihan-tidak-lengkap", "A.i.a"),
    ),
    "options of an index": (
        two(replace(INDEXED, options={"A": "x"})),
        ("pilihan-berlebih", "A.i.a"),
    ),
    "index without a guide": (two(replace(INDEXED, guide="")), ("tanpa-petunjuk", "A.i.a")),
    "ratio without a guide": (two(replace(SOUND, guide="")), ("tanpa-petunjuk", "A.i.a")),
    "ratio without inputs": (
        two(replace(SOUND, inputs=())),
        ("masukan-tidak-urut", "A.i.a"),
    ),
    "ratio with a gap in its inputs": (
        two(replace(SOUND, inputs=(SOUND.inputs[0], replace(SOUND.inputs[1], number=3)))),
        ("masukan-tidak-urut", "A.i.a"),
    ),
    "ratio without a rule": (two(replace(SOUND, rule=None)), ("tanpa-rumus", "A.i.a")),
    "rule of an input that is not there": (
        two(replace(SOUND, rule=Share(3, 1, 0.0))),
        ("masukan-tidak-ada", "A.i.a"),
    ),
    "sum of an input that is not there": (
        two(ratio("A.i.a", Share(2, 1, 0.0), sum_of=(2, 9))),
        ("masukan-tidak-ada", "A.i.a"),
    ),
    "rule of a choice": (
        two(replace(LETTERS, rule=Share(2, 1, 0.0))),
        ("rumus-berlebih", "A.i.a"),
    ),
    "scale that rises": (two(choice("A.i.a", UNORDERED)), ("skala-tidak-turun", "naik")),
    "scale that starts below 1": (two(choice("A.i.a", LOW_TOP)), ("skala-tidak-turun", "rendah")),
    "scale that ends above 0": (two(choice("A.i.a", HIGH_END)), ("skala-tidak-turun", "tinggi")),
    "scale of one option": (two(choice("A.i.a", SINGLE)), ("skala-tidak-turun", "satu")),
    "area of a node that is not there": (
        replace(two(LETTERS), areas=(Area("1", "One", ("A.i", "A.x")),)),
        ("simpul-tidak-ada", "1"),
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_law_is_named_with_its_place(name: str) -> None:
    broken, expected = BROKEN[name]
    assert expected in [(problem.code, problem.key) for problem in check_instrument(broken)]


def test_every_problem_is_reported_at_once() -> None:
    broken = two(choice("A.i.a", UNORDERED), replace(SOUND, id="A.i.b", rule=None), weight=3.0)
    codes = {problem.code for problem in check_instrument(broken)}
    assert codes == {"bobot-tidak-cocok", "skala-tidak-turun", "tanpa-rumus"}


def test_weights_that_add_up_but_for_the_last_bits_are_accepted() -> None:
    instrument = make_instrument(
        {"A": 0.3, "A.i": 0.1, "A.ii": 0.2}, (choice("A.i.a", ABCD), choice("A.ii.a", ABCD))
    )
    assert check_instrument(instrument) == ()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"above": {"BB": 100, "B": 75}, "nothing": "F"}, "usulan-kriteria-tidak-cocok"),
        ({"above": {"B": 100, "BB": 75}}, "usulan-kriteria-tidak-cocok"),
        ({"above": {"BB": 75, "B": 75}}, "usulan-kriteria-tidak-cocok"),
    ],
)
def test_criteria_propose_options_that_there_are_best_first(
    change: Mapping[str, object], code: str
) -> None:
    instrument = load_instrument("akip-2021")
    assert instrument.grading is not None
    grading = replace(instrument.grading, **change)  # type: ignore[arg-type]
    found = check_instrument(replace(instrument, grading=grading))
    assert {problem.code for problem in found} == {code}


def test_criteria_are_numbered_without_a_gap() -> None:
    instrument = load_instrument("akip-2021")
    criteria = {key: item for key, item in instrument.criteria.items() if key != "1.a.2"}
    (problem,) = check_instrument(replace(instrument, criteria=criteria))
    assert (problem.code, problem.key) == ("kriteria-tidak-urut", "1.a")
