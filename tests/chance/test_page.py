"""The chance of the predicate as a unit's report says it."""

from __future__ import annotations

import re
from dataclasses import replace

import lxml.html
import pytest

from tests.pages.builders import INSTRUMENT, answer_at, answers_at, build_evaluation
from zi_eval.chance.estimate import Chance, estimate_chance
from zi_eval.chance.page import chance_section, chance_sentence, tenths_text
from zi_eval.chance.surveys import SurveyDraw
from zi_eval.core.assessment import Answer, Assessment, Stage, Unit
from zi_eval.core.evaluation import Evaluation, evaluate
from zi_eval.core.verdict import Status
from zi_eval.instruments import load_instrument, load_rules

EVIL = '<script>alert("x")</script>'


def earlier(unit: str = "lain", every: int = 9) -> Assessment:
    """An evaluation in which the TPI lowered every so manieth answer."""
    answers = {}
    for place, question in enumerate(INSTRUMENT.questions.values()):
        last = answer_at(question, 0.5 if place % every == 0 else 1.0)
        answers[question.id] = Answer(unit=answer_at(question, 1.0), tpi=last)
    return Assessment(Unit(unit, unit), INSTRUMENT.id, "WBK", "2025", answers=answers)


OTHERS = [earlier(f"u{place}", 7 + place) for place in range(6)]


def unsure(**fields: object) -> tuple[Evaluation, Chance]:
    evaluation = build_evaluation(answers_at(1.0), stage=Stage.UNIT, **fields)  # type: ignore[arg-type]
    return evaluation, estimate_chance(evaluation, [earlier("sukamaju", 8)], OTHERS)


def root_of(chance: Chance, evaluation: Evaluation) -> lxml.html.HtmlElement:
    html = str(chance_section(chance, evaluation).html)
    assert "<script" not in html
    return lxml.html.fromstring(html)


def text_of(element: lxml.html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def test_the_chance_is_one_plain_sentence_with_what_it_hangs_on() -> None:
    evaluation, chance = unsure()
    first = text_of(root_of(chance, evaluation).xpath("./p")[0])
    assert re.match(r"Peluang nilai unit ini mencapai WBK: [1-9] dari 10\. ", first)
    assert "Paling bergantung pada " in first
    assert "(tidak tercapai pada " in first


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0.0, "kurang dari 1 dari 10"),
        (0.049, "kurang dari 1 dari 10"),
        (0.05, "1 dari 10"),
        (0.65, "7 dari 10"),
        (0.949, "9 dari 10"),
        (0.95, "lebih dari 9 dari 10"),
        (1.0, "lebih dari 9 dari 10"),
    ],
)
def test_what_is_not_certain_is_never_none_or_ten_of_ten(share: float, words: str) -> None:
    _, chance = unsure()
    assert tenths_text(replace(chance, share=share, certainty=Status.UNKNOWN)) == words


def test_the_certain_is_said_without_a_number() -> None:
    best = answers_at(1.0)
    settled = {key: replace(item, tpi=item.unit) for key, item in best.items()}
    evaluation = build_evaluation(settled)
    chance = estimate_chance(evaluation, others=OTHERS)
    assert chance_sentence(chance, evaluation) == "Nilai untuk WBK pasti tercapai."
    assert "semua percobaan" in text_of(root_of(chance, evaluation))
    low = build_evaluation(answers_at(0.4), stage=Stage.UNIT)
    chance = estimate_chance(low, others=OTHERS)
    assert chance_sentence(chance, low) == "Dengan jawaban sekarang WBK tidak dapat tercapai."
    shown = text_of(root_of(chance, low))
    assert "Yang tidak terjangkau: Nilai total (paling tinggi " in shown
    assert "tidak satu pun percobaan" in shown


def test_without_earlier_evaluations_the_sentence_holds_only_if_the_tpi_agrees() -> None:
    evaluation = build_evaluation(answers_at(1.0), stage=Stage.UNIT)
    shown = text_of(root_of(estimate_chance(evaluation), evaluation))
    assert "Bila TPI menerima semua jawaban, nilai untuk WBK pasti tercapai." in shown
    assert "koreksi belum diperhitungkan" in shown
    assert "Diturunkan TPI" not in shown


def test_prerequisites_stand_apart_from_the_chance() -> None:
    with_all, without = unsure(), unsure(facts={})
    assert with_all[1].share == without[1].share
    assert "Di luar peluang ini" not in text_of(root_of(with_all[1], with_all[0]))
    count = len(without[0].target.unknown_prerequisites)
    assert f"Di luar peluang ini: {count} prasyarat belum dinyatakan." in text_of(
        root_of(without[1], without[0])
    )


def test_the_numbers_behind_the_claim_are_one_fold_away() -> None:
    evaluation, chance = unsure()
    numbers, method = root_of(chance, evaluation).xpath("./details")
    shown = text_of(numbers)
    moved, exposed = chance.corrections.down.moved, chance.corrections.down.exposed
    assert f"{moved} dari {exposed} jawaban" in shown
    assert f"unit ini {chance.down.moved} dari {chance.down.exposed}" in shown
    assert len(numbers.xpath(".//tbody/tr")) == len(chance.risks)
    assert "4.096 kemungkinan" in text_of(method)
    assert f"benih {chance.seed}" in text_of(method)


def test_open_questions_say_what_they_were_drawn_from() -> None:
    answers = answers_at(1.0)
    for key in ("A.I.1.i.a", "A.I.1.i.b"):
        del answers[key]
    evaluation = build_evaluation(answers, stage=Stage.UNIT)
    known = text_of(root_of(estimate_chance(evaluation, others=OTHERS), evaluation))
    assert "2 pertanyaan terbuka dan 111 jawaban yang masih dapat dikoreksi TPI" in known
    assert known.count("menurut jawaban akhir evaluasi lain") == 2
    even = text_of(root_of(estimate_chance(evaluation), evaluation))
    assert even.count("setiap pilihan sama mungkin") == 3  # each question, and the method


def test_hostile_texts_are_shown_as_text() -> None:
    questions = {key: replace(q, text=EVIL, title=EVIL) for key, q in INSTRUMENT.questions.items()}
    evaluation, chance = unsure(name=EVIL)
    rules = tuple(
        replace(item, rule=replace(item.rule, title=EVIL, nodes=("A",)))
        for item in evaluation.target.rules
    )
    chance = replace(
        chance,
        risks=tuple(replace(risk, outcome=rules[0]) for risk in chance.risks),
        open_even=tuple(questions),
        surveys=(SurveyDraw("B.I.a", 3.5, 3.4, 3.6),),
    )
    hostile = replace(evaluation, instrument=replace(evaluation.instrument, questions=questions))
    assert EVIL in root_of(chance, hostile).text_content()


def test_where_bands_give_the_predicate_a_better_one_is_as_good() -> None:
    instrument, rules = load_instrument("akip-2021"), load_rules("akip-2021")
    answers = {key: Answer(unit="BB", tpi="BB") for key in instrument.questions}
    del answers["1.a"]
    own = Assessment(Unit("u", "Unit"), instrument.id, "", answers=answers)
    evaluation = evaluate(instrument, rules, own)
    chance = estimate_chance(evaluation, predicate="A")
    assert 0 < chance.share < 1
    shown = root_of(chance, evaluation)
    assert f"mencapai A atau lebih baik: {tenths_text(chance)}." in text_of(shown.xpath("./p")[0])
    names = [text_of(item) for item in shown.xpath("./details[1]/dl/dt")[:2]]
    assert names == ["A atau lebih baik", "AA"]
    assert "Lebih dari" in text_of(shown.xpath("./details[1]//thead")[0])
