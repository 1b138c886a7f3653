from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.samples import FEW, Answers, any_answers, assess, values_of
from zi_eval.core.assessment import NOT_APPLICABLE, Answer, Assessment, Final, Unit
from zi_eval.core.instrument import Instrument, Question
from zi_eval.core.scoring import value_question
from zi_eval.instruments import load_instrument, load_portal_ids
from zi_eval.portal.portal_json import (
    category,
    dump_answers,
    dump_proposals,
    render_json,
)

INSTRUMENT = load_instrument()
IDS = load_portal_ids()
QUESTIONS = INSTRUMENT.questions
ANSWER_KEYS = {
    "soal_id", "jawaban_unit", "jawaban_tpi", "catatan_unit", "bukti_dukung_unit", "catatan_tpi",
}  # fmt: skip


def dump(assessment: Assessment) -> dict[str, Any]:
    return dump_answers(2026, assessment, INSTRUMENT, IDS)


def by_id(answers: Mapping[str, Answer]) -> dict[int, dict[str, Any]]:
    document = dump(Assessment(Unit("u", "Unit"), "zi-2021", "WBK", answers=answers))
    return {entry["soal_id"]: entry for entry in document["answers"]}


@FEW
@given(any_answers(INSTRUMENT))
def test_every_soal_id_is_there_once_and_in_order_whatever_is_answered(answers: Answers) -> None:
    document = dump(assess(answers))
    assert list(document) == ["unit_id", "nama_unit", "tahun", "answers"]
    assert [entry["soal_id"] for entry in document["answers"]] == list(range(1, 128))
    for entry in document["answers"]:
        assert set(entry) == ANSWER_KEYS
        texts = [value for key, value in entry.items() if key != "soal_id"]
        assert all(text is None or (isinstance(text, str) and text) for text in texts)


@FEW
@given(any_answers(INSTRUMENT))
def test_the_strings_say_the_answers_in_full(answers: Answers) -> None:
    entries = {e["soal_id"]: e["jawaban_unit"] for e in dump(assess(answers))["answers"]}
    for key, value in answers.items():
        question = QUESTIONS[key]
        places = [f"{key}.{item.number}" for item in question.asked_inputs] or [key]
        texts = [entries[IDS[place]] for place in places]
        if value is None:
            assert texts == [None] * len(places)
        elif isinstance(value, str):
            assert texts == [value]
        elif isinstance(value, (int, float)):
            assert float(texts[0]) == value
            assert "e" not in texts[0]
        elif isinstance(value, tuple):
            assert [None if text is None else float(text) for text in texts] == list(value)


@pytest.mark.parametrize(
    ("value", "text"), [(3.62, "3.62"), (4.0, "4"), (0.0, "0"), (0.1 + 0.2, "0.30000000000000004")]
)
def test_an_index_is_written_in_full_with_a_point(value: float, text: str) -> None:
    assert by_id({"B.I.a": Answer(unit=value)})[IDS["B.I.a"]]["jawaban_unit"] == text


def test_inputs_that_are_sums_of_others_are_not_sent() -> None:
    derived = {
        f"{question.id}.{item.number}"
        for question in QUESTIONS.values()
        for item in question.inputs
        if item.is_derived
    }
    assert derived == {"A.II.5.iii.a.1", "A.II.5.iii.b.1"}
    assert not derived & set(IDS)
    entries = by_id({"A.II.5.iii.a": Answer(unit=(2.0, 3.0, 0.0, 5.0))})
    sent = [entries[IDS[f"A.II.5.iii.a.{n}"]]["jawaban_unit"] for n in (2, 3, 4, 5)]
    assert sent == ["2", "3", "0", "5"]


@pytest.mark.parametrize("key", [q.id for q in QUESTIONS.values() if q.not_applicable])
def test_no_object_is_sent_as_nothing_counted_which_is_worth_the_same(key: str) -> None:
    question = QUESTIONS[key]
    entries = by_id({question.id: Answer(unit=NOT_APPLICABLE, reason="Tidak ada pengaduan.")})
    places = [IDS[f"{question.id}.{item.number}"] for item in question.asked_inputs]
    assert [entries[place]["jawaban_unit"] for place in places] == ["0"] * len(places)
    counted = tuple(float(entries[place]["jawaban_unit"]) for place in places)
    assert value_question(question, counted)[0].value == 1.0
    assert entries[places[0]]["catatan_unit"] == "Tidak berlaku: Tidak ada pengaduan."


def test_notes_and_evidence_stand_with_each_input_of_a_ratio() -> None:
    answer = Answer(
        unit=(7.0, 5.0), tpi=(7.0, 4.0), note="Catatan.", tpi_note="Satu tidak sah.",
        evidence=("https://a.example/1", "https://a.example/2"),
    )  # fmt: skip
    entries = by_id({"A.II.1.i.a": answer})
    assert [entries[n]["jawaban_tpi"] for n in (88, 89)] == ["7", "4"]
    for number in (88, 89):
        assert entries[number]["catatan_unit"] == "Catatan."
        assert entries[number]["catatan_tpi"] == "Satu tidak sah."
        assert entries[number]["bukti_dukung_unit"] == "https://a.example/1\nhttps://a.example/2"
    assert entries[90]["bukti_dukung_unit"] is None


def test_an_answer_the_tpi_did_not_give_is_null_and_not_the_units() -> None:
    entry = by_id({"A.I.1.i.a": Answer(unit="Ya")})[1]
    assert (entry["jawaban_unit"], entry["jawaban_tpi"]) == ("Ya", None)


@pytest.mark.parametrize(
    ("target", "flag", "kategori", "afirmasi"),
    [
        ("WBK", False, "WBK", False),
        ("WBK", True, "WBK-AFIRMASI", True),
        ("WBBM", False, "WBBM", False),
        ("WBBM", True, "WBBM", False),
    ],
)
def test_the_category_of_a_unit(target: str, flag: bool, kategori: str, afirmasi: bool) -> None:
    unit = Assessment(Unit("u", "Unit U", is_affirmative=flag), "zi-2021", target)
    assert category(unit) == kategori
    assert dump_proposals(2026, [unit]) == {
        "tahun": 2026,
        "units": [{"id": "u", "nama": "Unit U", "kategori": kategori, "afirmasi": afirmasi}],
    }


def test_units_are_in_the_order_of_their_ids() -> None:
    units = [Assessment(Unit(name, name), "zi-2021", "WBK") for name in ("b", "c", "a")]
    assert [unit["id"] for unit in dump_proposals(2026, units)["units"]] == ["a", "b", "c"]


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


@given(TEXTS, TEXTS)
def test_hostile_text_arrives_as_it_was_written(note: str, name: str) -> None:
    answer = Answer(unit="Ya", note=note)
    document = Assessment(Unit("u", name), "zi-2021", "WBK", answers={"A.I.1.i.a": answer})
    read = json.loads(render_json(dump(document)))
    assert read["answers"][0]["catatan_unit"] == note
    assert read["nama_unit"] == name


@given(st.sampled_from(tuple(QUESTIONS.values())).flatmap(values_of))
def test_the_same_values_give_the_same_bytes(value: Any) -> None:
    keys = [key for key, question in QUESTIONS.items() if _fits(question, value)]
    unit = assess(dict.fromkeys(keys, value))
    final = replace(unit, final=Final("TPI", datetime(2026, 1, 1, tzinfo=UTC)))
    shuffled = replace(unit, answers=dict(reversed(unit.answers.items())))
    assert render_json(dump(unit)) == render_json(dump(shuffled)) == render_json(dump(final))


def _fits(question: Question, value: Any) -> bool:
    if isinstance(value, str):
        return value in question.scale.values
    if isinstance(value, tuple):
        return len(value) == len(question.asked_inputs)
    return question.scale.kind == "index" if value is not NOT_APPLICABLE else False


def test_an_instrument_with_a_question_the_portal_does_not_know_is_not_sent_in_part(
    instrument: Instrument,
) -> None:
    fewer = {key: value for key, value in IDS.items() if key != "B.II.a"}
    with pytest.raises(KeyError, match=r"B\.II\.a"):
        dump_answers(2026, assess({}), instrument, fewer)
