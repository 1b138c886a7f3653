"""What is the same across units: copying is found, honest agencies are left in peace."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import lxml.html
import pytest

from tests.bench.similarities import named_pairs, rates
from tests.journal.units import MEMBER, OTHER, at, make_unit
from tests.pages.builders import MADE, answers_at
from tests.similarities.agencies import make_agency, make_evaluation
from tests.work import count_calls
from zi_eval.case import load_agency
from zi_eval.core.agency import AgencyEvaluation
from zi_eval.core.assessment import Answer, Unit
from zi_eval.journal.store import AnswerStore
from zi_eval.pages.agency.recap import Recap
from zi_eval.pages.agency.sections import RecapPage
from zi_eval.similarities.find import find_similarities
from zi_eval.similarities.load import read_paces
from zi_eval.similarities.patterns import find_patterns
from zi_eval.similarities.texts import find_texts
from zi_eval.similarities.values import Pace, Sign, Similarity

NOTE = "Rapat evaluasi triwulan dipimpin kepala unit, notula terlampir nomor {}"


def agency_of(*people: dict[str, Answer]) -> AgencyEvaluation:
    made = make_agency(1).evaluation
    units = tuple(
        make_evaluation(Unit(id=f"u{n}", name=f"Unit {n}"), answers)
        for n, answers in enumerate(people)
    )
    return replace(made, evaluations=units)


def noted(agency: AgencyEvaluation, **fields: dict[str, tuple[str, ...]]) -> AgencyEvaluation:
    """Give units, by place, notes or evidence at questions in order."""
    units = list(agency.evaluations)
    for field, given in fields.items():
        for place, texts in given.items():
            item = units[int(place[1:])]
            answers = dict(item.assessment.answers)
            for key, text in zip(answers, texts, strict=False):
                value = text if field == "note" else (text,)
                answers[key] = replace(answers[key], **{field: value})
            units[int(place[1:])] = make_evaluation(item.assessment.unit, answers)
    return replace(agency, evaluations=tuple(units))


def of(found: tuple[Similarity, ...], sign: Sign) -> list[Similarity]:
    return [item for item in found if item.sign is sign]


def test_of_very_many_units_no_pairs_are_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    agency = make_agency(12, copies=1, share=1.0, seed=3).evaluation
    assert of(find_similarities(agency), Sign.ANSWERS)
    monkeypatch.setattr("zi_eval.similarities.find.MOST_UNITS", 11)
    monkeypatch.setattr("zi_eval.similarities.page.sections.MOST_UNITS", 11)
    assert not of(find_similarities(agency), Sign.ANSWERS)
    page = RecapPage(Recap(agency), MADE).similarities().html
    assert "tidak dibandingkan bila unitnya lebih dari 11" in page


def test_a_copy_is_found_with_both_units_and_the_questions_that_tell_most() -> None:
    made = make_agency(20, copies=1, share=0.9, seed=3)
    (found,) = find_patterns(made.evaluation.evaluations)
    assert {found.units} == made.pairs
    assert found.expected is not None
    assert found.count > found.expected + 15
    assert found.places
    one, two = (
        next(e for e in made.evaluation.evaluations if e.assessment.unit.id == unit)
        for unit in found.units
    )
    for key in found.places:
        assert one.assessment.answers[key].unit == two.assessment.answers[key].unit


def test_an_agency_of_the_same_good_answers_is_no_copying() -> None:
    assert find_patterns(agency_of(*[answers_at(1.0)] * 8).evaluations) == ()


def test_few_units_show_no_pattern() -> None:
    made = make_agency(20, copies=1, share=1.0, seed=3)
    pair = next(iter(made.pairs))
    chosen = [e for e in made.evaluation.evaluations if e.assessment.unit.id in pair]
    assert find_patterns(chosen) == ()


@pytest.mark.parametrize("seed", range(4))
def test_honest_agencies_are_left_in_peace(seed: int) -> None:
    assert find_patterns(make_agency(24, seed=seed).evaluation.evaluations) == ()


def test_notes_word_for_word_are_found_but_no_template_and_no_short_ones() -> None:
    own = [NOTE.format(n) for n in range(4)]
    short, template = ["Sudah ada."] * 9, ["Dokumen diunggah pada aplikasi instansi."] * 9
    honest = make_agency(12, seed=5).evaluation
    honest = replace(
        honest,
        evaluations=tuple(
            make_evaluation(
                e.assessment.unit,
                {k: replace(a, note="") for k, a in e.assessment.answers.items()},
            )
            for e in honest.evaluations
        ),
    )
    alike = noted(honest, note={"u0": tuple(own), "u7": tuple(text.upper() for text in own)})
    (found,) = find_texts(alike.evaluations)
    ids = [alike.evaluations[n].assessment.unit.id for n in (0, 7)]
    assert (found.sign, list(found.units), found.count) == (Sign.NOTES, ids, 4)
    assert list(found.places) == list(honest.evaluations[0].assessment.answers)[:4]
    for texts in (short, template):
        same = noted(honest, note={f"u{n}": tuple(texts) for n in range(6)})
        assert find_texts(same.evaluations) == ()


def test_evidence_is_compared_without_what_the_instrument_suggests() -> None:
    agency = make_agency(12, seed=5).evaluation
    keys = list(agency.evaluations[0].assessment.answers)[:6]
    questions = agency.instrument.questions
    links = tuple(f"https://bukti.example/berkas/{n}.pdf" for n in range(6))
    usual = tuple(questions[key].evidence[0] for key in keys)
    found = find_texts(noted(agency, evidence={"u2": links, "u3": links}).evaluations)
    assert [(item.sign, item.count) for item in of(found, Sign.EVIDENCE)] == [(Sign.EVIDENCE, 6)]
    suggested = find_texts(noted(agency, evidence={"u2": usual, "u3": usual}).evaluations)
    assert of(suggested, Sign.EVIDENCE) == []


def test_a_tpi_that_agrees_with_all_and_answers_at_their_best_are_named() -> None:
    best = {k: Answer(unit=a.unit, tpi=a.unit) for k, a in answers_at(1.0).items()}
    fair = {k: Answer(unit=a.unit, tpi=a.unit) for k, a in answers_at(0.6).items()}
    doubted = fair | {"A.I.1.i.b": replace(fair["A.I.1.i.b"], tpi="C")}
    found = find_similarities(agency_of(best, fair, doubted), {"u1": Pace(113, 1.5)})
    signs = [(item.sign, item.units) for item in found if len(item.units) == 1]
    assert signs == [
        (Sign.QUICK, ("u1",)), (Sign.AGREES, ("u0",)), (Sign.ALL_BEST, ("u0",)),
    ]  # fmt: skip
    quick = next(item for item in found if item.sign is Sign.QUICK)
    assert quick.seconds == 1.5


def test_the_sample_agency_shows_nothing() -> None:
    assert find_similarities(load_agency("parameters/2026")) == ()


def test_twice_the_units_are_not_four_times_the_calls() -> None:
    calls = []
    for units in (30, 60):
        found = make_agency(units).evaluation.evaluations
        calls.append(count_calls(partial(find_patterns, found)))
    assert calls[1] < 2.5 * calls[0]


def test_the_pace_of_the_tpi_comes_from_the_journal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [datetime(2026, 4, 1, 8, tzinfo=UTC)]
    monkeypatch.setattr("zi_eval.journal.live_unit.now", lambda: clock[0])
    path = make_unit(tmp_path)
    assert read_paces(path.parent) == {}
    with AnswerStore.open(path, MEMBER) as store:
        store.change_many([(at("tpi"), "B", None), (at("catatan_tpi"), "Belum lengkap.", None)])
        clock[0] += timedelta(seconds=8)
        store.change(at("tpi", OTHER), "Ya", None)
        assert read_paces(path.parent)["dinas-uji"] == Pace(2, 8.0)
        clock[0] += timedelta(hours=1)  # a pause, of which a minute counts
        store.change(at("tpi"), "C", "B")
    assert read_paces(path.parent)["dinas-uji"] == Pace(3, (8.0 + 60.0) / 2)


def test_the_recap_shows_it_as_something_to_look_at() -> None:
    made = make_agency(20, copies=1, share=0.9, seed=3)
    page = RecapPage(Recap(made.evaluation), MADE)
    text = lxml.html.fromstring(str(page.similarities().html)).text_content()
    assert "ajakan untuk melihat, bukan dugaan" in text
    assert made.copied[0].source in text
    assert "wajarnya sekitar" in text
    quiet = RecapPage(Recap(make_agency(3).evaluation), MADE).similarities().html
    assert "Tidak ada yang menonjol." in str(quiet)
    assert "baru dibandingkan mulai 4 unit" in str(quiet)


@pytest.mark.long
@pytest.mark.parametrize("units", [20, 60])
def test_precision_and_recall_of_known_copying(units: int) -> None:
    pairs = [named_pairs(units, 3, 0.8, seed) for seed in range(12)]
    precision, recall = rates(pairs, "answers")
    assert precision >= 0.95
    assert recall >= 0.75
    honest = [named_pairs(units, 0, 0.0, seed) for seed in range(12)]
    assert sum(bool(found["answers"]) for found in honest) <= 1
