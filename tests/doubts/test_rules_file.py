"""``contradictions.yaml``: what it holds, and one broken line for each mistake it must name."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.doubts.samples import INSTRUMENT, contradictions, evaluated, make_unit
from zi_eval.core.assessment import Value
from zi_eval.core.instrument import Instrument
from zi_eval.doubts.contradictions import find_contradictions
from zi_eval.doubts.packaged import CONTRADICTIONS_FILE, load_contradictions
from zi_eval.doubts.rules import Contradictions
from zi_eval.doubts.rules_file import read_contradictions
from zi_eval.errors import InstrumentError
from zi_eval.instruments import load_instrument
from zi_eval.instruments.loader import instrument_folder


def test_every_subarea_is_spoken_of_or_said_to_stand_alone(instrument: Instrument) -> None:
    rules = contradictions()
    subareas = [node.id for node in instrument.nodes.values() if node.kind == "subarea"]
    spoken = {question.rpartition(".")[0] for question in rules.questions}
    assert len(subareas) == 42
    assert [node for node in subareas if node not in spoken] == list(rules.alone)


def test_every_rule_says_why_in_one_line() -> None:
    rules = contradictions()
    groups = (rules.shares, rules.counts, rules.sums, rules.full, rules.needs, rules.orders)
    for group in (*groups, rules.pairs):
        for rule in group:
            assert rule.why
            assert "\n" not in rule.why
            assert not rule.why.endswith(".")


def test_the_worst_of_all_answers_contradict_nothing(instrument: Instrument) -> None:
    """So every contradiction has a way out downwards: no two bounds exclude one another."""
    worst: dict[str, Value] = {}
    for question in instrument.questions.values():
        kind = question.scale.kind
        zeros = tuple(0.0 for _ in question.asked_inputs)
        worst[question.id] = (
            zeros if kind == "ratio" else 0.0 if kind == "index" else [*question.options][-1]
        )
    unit = make_unit(worst, {"lhkpn": 100.0, "lhkasn": 100.0})
    assert find_contradictions(evaluated(unit), contradictions()) == ()


def test_an_instrument_without_the_file_has_no_rules() -> None:
    assert load_contradictions(load_instrument("akip-2021")) == Contradictions()


MISTAKES = [
    # old, new, line offset, code, words that name what is allowed or what to do
    ("source: Permen", "sumber: Permen", 0, "kunci-tidak-dikenal", "source"),
    ("  - fact: lhkpn", "  - fakta: lhkpn", 0, "kunci-tidak-dikenal", "fact, question, why"),
    ("  - fact: lhkpn", "  - fact: lhkpm", 0, "syarat-tidak-dikenal", "lhkpn"),
    ("  - fact: lhkpn", "  - fact: sakip_unit", 0, "jenis-lain", "number"),
    (
        "    question: A.II.5.iii.a",
        "    question: A.II.5.iii.z",
        0,
        "butir-tidak-dikenal",
        "A.II.5.iii.",
    ),
    ("    question: A.II.5.iii.a", "    question: A.II.5.i.a", 0, "skala-lain", "ratio"),
    ("inputs: [A.II.1.i.a.2,", "inputs: [A.II.1.i.a.3,", 0, "masukan-tidak-ada", "A.II.1.i.a.2"),
    ("inputs: [A.II.1.i.a.2, A.II.1.i.b.1]", "inputs: [A.II.1.i.a.2]", 0, "kosong", "inputs"),
    ("parts: [A.II.1.i.b.2]", "parts: [A.II.1.i.a.2]", 0, "beda-pertanyaan", "satu pertanyaan"),
    ("answers: [A, B, C]", "answers: [A, B, F]", 0, "pilihan-tidak-ada", "A, B, C, D, E"),
    ("ratio: A.II.4.i.a", "ratio: A.II.3.iii.a", 0, "skala-lain", "bagian dari keseluruhan"),
    ("when: {target: WBBM}", "when: {target: WBK2}", 0, "kata-tidak-dikenal", "WBK, WBBM"),
    ("when: {target: WBBM}", "when: {target: WBBM, lhkpn: 1}", 0, "batas-ganda", "tepat satu"),
    ("    equals: true", "    equals: Ya", 0, "bukan-ya-tidak", "true"),
    ("    equals: true", "    at_most: 1", -1, "jenis-lain", "number"),
    ("    at_least: 1", "    at_least: satu", 0, "bukan-angka", "angka"),
    ("    at_least: 1", "    at_least: 1\n    at_most: 2", -2, "batas-ganda", "at_least, at_most"),
    ("facts: [lama_wbk, lama_zi]", "facts: [lama_wbk, target]", 0, "syarat-tidak-dikenal", "lama"),
    ("where: A.I.1.i.a", "where: A.I.1.i.q", 0, "butir-tidak-dikenal", "A.I.1.i."),
    ("where: A.I.1.i.a", "where: A.I.1.i", 0, "butir-tidak-dikenal", "A.I.1.i."),
    ("at_most: Tidak", "at_most: Ya", -1, "batas-tertinggi", "jawaban tertinggi"),
    ("at_most: Tidak", "at_most: E", -1, "pilihan-tidak-ada", "Ya, Tidak"),
    ("then: {A.I.1.i.b: C}", "then: {A.I.1.i.b: D}", 0, "pilihan-tidak-ada", "A, B, C"),
    ("then: {A.I.1.i.b: C}", "then: {}", 0, "kosong", "kosong"),
    ("then: {A.II.1.i.a.1: 0}", "then: {A.II.1.i.a.1: nol}", 0, "bukan-angka", "bilangan bulat"),
    ("then: {A.II.1.i.a.1: 0}", "then: {A.II.1.i.a: A}", 0, "skala-lain", "choice"),
    ("then: {A.I.1.i.b: C}", "then: {A.I.1.i.a: Tidak}", 0, "pasangan-ganda", "sama"),
    ("  A.I.5.i: Kampanye", "  A.I.5.ix: Kampanye", 0, "simpul-tidak-ada", "A.I.5.i"),
    ("    why: Keduanya", "    why: 2021 #", 0, "bukan-teks", "tanda kutip"),
]


@pytest.mark.parametrize(("old", "new", "offset", "code", "words"), MISTAKES, ids=lambda _: None)
def test_a_mistake_is_named_with_file_line_and_what_is_allowed(
    tmp_path: Path, old: str, new: str, offset: int, code: str, words: str
) -> None:
    path = tmp_path / CONTRADICTIONS_FILE
    shutil.copy(instrument_folder("zi-2021") / CONTRADICTIONS_FILE, path)
    text = path.read_text(encoding="utf-8")
    place = text.index(old)
    path.write_text(text[:place] + new + text[place + len(old) :], encoding="utf-8")
    line = text.count("\n", 0, place) + 1
    with pytest.raises(InstrumentError) as caught:
        read_contradictions(INSTRUMENT, path)
    found = [p for p in caught.value.problems if p.code == code]
    assert found, [str(problem) for problem in caught.value.problems]
    assert (found[0].file, found[0].line) == (str(path), line + offset)
    assert words in " ".join(f"{p.message} {p.hint}" for p in found)


def test_a_copy_of_the_file_gives_the_same_rules(tmp_path: Path) -> None:
    path = Path(shutil.copy(instrument_folder("zi-2021") / CONTRADICTIONS_FILE, tmp_path))
    assert read_contradictions(INSTRUMENT, path) == contradictions()
