"""What if: the way of the form, with answers limited or tried out, and nothing saved."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.pages.builders import INSTRUMENT, answers_at, build_evaluation
from tests.screens import tell
from tests.waiting import NET, wait_until
from zi_eval.core.assessment import Answer, Stage
from zi_eval.forms.page import FormPage
from zi_eval.forms.state import FormState
from zi_eval.improvement.effort import Limits, UnitEffort
from zi_eval.improvement.effort_file import load_effort
from zi_eval.improvement.form import way_finder
from zi_eval.improvement.form.what_if import WhatIf, read_what_if, show_way, try_answers
from zi_eval.improvement.way import find_improvement
from zi_eval.journal.fields import FieldPlace, Person, Role
from zi_eval.period.journal_file import journal_path
from zi_eval.report.words import format_count, format_number

LOADED = load_effort(INSTRUMENT)
EFFORT = UnitEffort(LOADED.effort, LOADED.limits)
LOW = build_evaluation(answers_at(0.68))


@pytest.fixture
def unit_file(tmp_path: Path, root: Path) -> Path:
    folder = tmp_path / "parameters" / "2026"
    folder.mkdir(parents=True)
    for name in ("instansi", "dinas-perhubungan"):
        shutil.copy(root / "parameters" / "2026" / f"{name}.yaml", folder)
    return folder / "dinas-perhubungan.yaml"


@pytest.fixture
def state(unit_file: Path) -> Iterator[FormState]:
    state = FormState.open(unit_file, Person("Sari", Role.UNIT))
    yield state
    state.close()


def ask(state: FormState, **values: Any) -> dict[str, Any]:
    assert state.answer({"type": "way", "view": "v", **values}) == {
        "type": "asked",
        "view": "v",
        "number": None,
    }
    way = state.ways.find()
    assert way is not None
    json.dumps(way)
    return way


def ids(way: dict[str, Any]) -> list[str]:
    return [move["id"] for move in way["moves"]]


def test_the_form_shows_the_way_that_the_core_finds(state: FormState) -> None:
    shown = ask(state, ask=7)
    way = find_improvement(state.evaluation(), EFFORT.effort, limits=EFFORT.limits).way
    assert way is not None
    assert way.moves
    assert shown["ask"] == 7
    assert shown["title"] == "Jalan menuju WBBM"
    assert ids(shown) == [move.question.id for move in way.moves]
    assert f"perkiraan upaya {format_count(round(way.effort, 4))}." in shown["text"]
    assert shown["change"] == ""
    assert shown["trial"] is None
    assert not shown["is_blocked"]


def test_the_way_follows_a_saved_answer(state: FormState) -> None:
    first = ask(state)["moves"][0]
    place = FieldPlace(first["id"], "unit")
    state.store.change(place, first["value"], state.store.get(place))
    assert first["id"] not in ids(ask(state))


def test_an_answer_that_cannot_rise_leaves_the_way_and_its_price_is_said(state: FormState) -> None:
    key = ids(ask(state))[0]
    shown = ask(state, most={key: 0})
    assert key not in ids(shown)
    assert [(item["id"], item["most"]) for item in shown["limits"]] == [(key, 0)]
    free = find_improvement(state.evaluation(), EFFORT.effort).way
    kept = find_improvement(state.evaluation(), EFFORT.effort, limits=Limits({key: 0})).way
    assert free is not None
    assert kept is not None
    more = format_count(round(kept.effort - free.effort, 4))
    assert kept.effort > free.effort
    assert shown["change"].startswith(f"Batas Anda menambah upaya {more}")


def test_an_answer_rises_at_most_as_many_steps_as_a_person_allows(state: FormState) -> None:
    long = next(move for move in ask(state)["moves"] if move["bounds"])
    shown = ask(state, most={long["id"]: 1})
    after = [move for move in shown["moves"] if move["id"] == long["id"]]
    assert all(move["now"] == long["now"] and move["then"] != long["then"] for move in after)
    assert all(move["most"] == 1 for move in after)
    assert shown["limits"][0]["said"] == "paling banyak 1 langkah"


def test_what_is_tried_reaches_neither_the_journal_nor_the_file(
    state: FormState, unit_file: Path
) -> None:
    plain = ask(state)
    text, journal = unit_file.read_bytes(), journal_path(unit_file).read_bytes()
    count, score = len(state.store.history()), state.evaluation().card.total.score
    first, *rest = plain["moves"]
    ask(state, tried={move["id"]: move["value"] for move in rest}, most={first["id"]: 0})
    assert state.evaluation().card.total.score == score
    assert len(state.store.history()) == count
    assert ask(state) == plain  # all of it cleared
    state.close()
    assert unit_file.read_bytes() == text
    assert journal_path(unit_file).read_bytes() == journal


def test_tried_answers_show_the_score_and_rules_they_would_give(state: FormState) -> None:
    moves = ask(state)["moves"]
    shown = ask(state, tried={move["id"]: move["value"] for move in moves})
    trial = shown["trial"]
    values = {
        move["id"]: tuple(move["value"]) if isinstance(move["value"], list) else move["value"]
        for move in moves
    }
    after = try_answers(state.evaluation(), values)
    assert trial["total"] == format_number(after.card.total.score)
    assert trial["was"] == format_number(state.evaluation().card.total.score)
    assert {rule["status"] for rule in trial["rules"]} == {"met"}
    assert len(trial["rules"]) == len(after.verdicts["WBBM"].rules)
    assert [row["points"] for row in trial["rows"]] == [move["points"] for move in moves]
    assert shown["moves"] == []
    assert "tidak ada jawaban yang harus naik" in shown["text"]


def test_a_tried_answer_may_be_lower_and_stays_while_the_rest_rises(state: FormState) -> None:
    now = state.store.get(FieldPlace("A.I.1.ii.b", "unit"))
    assert now != "C"
    shown = ask(state, tried={"A.I.1.ii.b": "C"})
    (row,) = shown["trial"]["rows"]
    assert (row["now"], row["value"]) == (now, "C")
    assert row["points"].startswith("−")
    assert [option["text"] for option in row["options"] if option["is_tried"]] == ["C"]
    assert "A.I.1.ii.b" not in ids(shown)


@pytest.mark.parametrize(("question", "best"), [("A.I.1.ii.b", "A"), ("B.II.a", 4.0)])
def test_a_question_without_an_answer_to_try_is_tried_at_its_best(
    state: FormState, question: str, best: object
) -> None:
    (row,) = ask(state, tried={question: None})["trial"]["rows"]
    assert row["value"] == best
    assert best in [option["value"] for option in row["options"]]


def test_the_aim_stays_while_answers_are_tried() -> None:
    way = find_improvement(LOW, EFFORT.effort).way
    assert way is not None
    shown = show_way(LOW, EFFORT, WhatIf(tried={m.question.id: m.then for m in way.moves}))
    assert shown["title"] == "Jalan menuju WBK"
    assert shown["moves"] == []


def test_a_limit_that_closes_every_way_is_said_plainly() -> None:
    low = build_evaluation({**answers_at(0.68), "B.I.a": Answer(unit=3.0)})
    shown = show_way(low, EFFORT, WhatIf(most={"B.I.a": 0}))
    assert shown["moves"] == []
    assert shown["is_blocked"]
    assert "tidak dapat dicapai dengan batas" in shown["text"]
    assert shown["change"].startswith("Tanpa batas Anda jalannya ")


def test_answers_are_tried_in_the_stage_of_the_form() -> None:
    both = build_evaluation({**answers_at(0.5), "A.I.1.i.a": Answer(unit="Ya", tpi="Tidak")})
    assert both.stage is Stage.TPI
    tried = try_answers(both, {"A.I.1.i.a": "Ya"})
    assert tried.assessment.answers["A.I.1.i.a"] == Answer(unit="Ya", tpi="Ya")
    own = build_evaluation(answers_at(0.5), stage=Stage.UNIT)
    assert try_answers(own, {"A.I.1.i.a": "Ya"}).assessment.answers["A.I.1.i.a"].unit == "Ya"


@pytest.mark.parametrize(
    ("question", "given"),
    [
        ("A.I.1.i.a", "Mungkin"),
        ("A.I.1.i.a", True),
        ("B.I.a", 4.1),
        ("B.I.a", float("nan")),
        ("A.II.5.ii.a", [1]),
        ("A.II.5.ii.a", [1, None]),
        ("A.II.5.ii.a", [1, -2]),
    ],
)
def test_what_is_no_answer_is_never_scored(question: str, given: object) -> None:
    with pytest.raises(TypeError, match=question):
        read_what_if(INSTRUMENT, {"tried": {question: given}})


@pytest.mark.parametrize("given", [-1, 1.5, "2", True, None, 10_000])
def test_what_is_no_number_of_steps_limits_nothing(given: object) -> None:
    with pytest.raises(TypeError, match="steps"):
        read_what_if(INSTRUMENT, {"most": {"A.I.1.i.a": given}})


def test_a_broken_question_of_the_screen_is_refused(state: FormState) -> None:
    shown = state.answer({"type": "way", "view": "v", "tried": {"A.I.1.i.a": "Mungkin"}})
    assert shown["type"] == "said"
    assert not state.ways.is_asked


def test_questions_that_are_gone_are_passed_over() -> None:
    assert read_what_if(INSTRUMENT, {"most": {"X.1": 0}, "tried": {"X.2": "A"}}) == WhatIf()


def test_a_teams_own_limits_hold_in_the_form(state: FormState, unit_file: Path) -> None:
    key = ids(ask(state))[0]
    (unit_file.parent / "upaya.yaml").write_text(f"batas: {{{key}: tetap}}\n", "utf-8")
    assert key in ids(ask(state))
    state.answer({"type": "open", "view": "w"})
    assert key not in ids(ask(state))


def test_a_broken_file_of_the_team_is_named_and_the_usual_efforts_count(
    state: FormState, unit_file: Path
) -> None:
    plain = ask(state)
    (unit_file.parent / "upaya.yaml").write_text("batas: {A.I.9: tetap}\n", "utf-8")
    state.answer({"type": "open", "view": "w"})
    shown = ask(state)
    assert shown["notice"].startswith("upaya.yaml tidak dipakai: ")
    assert "A.I.9" in shown["notice"]
    assert ids(shown) == ids(plain)


def test_a_unit_without_answers_is_told_when_the_way_comes() -> None:
    shown = show_way(build_evaluation({}), EFFORT, WhatIf())
    assert shown["moves"] == []
    assert shown["text"] == "Jalannya muncul setelah ada pertanyaan yang dijawab."


def test_a_way_that_another_answer_overtook_is_dropped_and_found_again(
    state: FormState, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = ids(ask(state))[0]
    place = FieldPlace(key, "unit")

    def change_meanwhile(*given: Any) -> dict[str, Any]:
        found = show_way(*given)
        if state.store.get(place) != "A":
            state.store.change(place, "A", state.store.get(place))
        return found

    monkeypatch.setattr(way_finder, "show_way", change_meanwhile)
    state.answer({"type": "way", "view": "v", "ask": 1})
    assert state.ways.find() is None
    assert state.ways.is_asked
    way = state.ways.find()
    assert way is not None
    assert key not in ids(way)
    assert not state.ways.is_asked


def test_a_way_that_a_newer_question_overtook_is_dropped(
    state: FormState, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = ids(ask(state))[0]

    def ask_meanwhile(*given: Any) -> dict[str, Any]:
        if not given[2].most:
            state.answer({"type": "way", "view": "v", "ask": 2, "most": {key: 0}})
        return show_way(*given)

    monkeypatch.setattr(way_finder, "show_way", ask_meanwhile)
    state.answer({"type": "way", "view": "v", "ask": 1})
    assert state.ways.find() is None
    way = state.ways.find()
    assert way is not None
    assert way["ask"] == 2
    assert key not in ids(way)


def test_a_way_that_fails_is_said_and_the_form_goes_on(
    state: FormState, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> dict[str, Any]:
        raise ZeroDivisionError("oops")

    monkeypatch.setattr(way_finder, "show_way", fail)
    assert ask(state)["trouble"] == "Jalannya tidak dapat dihitung. ZeroDivisionError: oops"
    assert not state.ways.is_asked


def test_no_answer_waits_for_the_way(state: FormState, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[dict[str, Any]] = []
    goes_on = threading.Event()

    def wait(*given: Any) -> dict[str, Any]:
        assert goes_on.wait(NET)
        return show_way(*given)

    monkeypatch.setattr(way_finder, "show_way", wait)
    monkeypatch.setattr(FormPage, "send", lambda _, message: sent.append(message))
    page = FormPage(state)
    tell(page, type="open", view="v")
    tell(page, type="way", view="v", ask=1)
    part = {"key": "A.I.1.ii.b", "field": "catatan", "value": "Baru", "seen": None}
    part["seen"] = state.store.get(FieldPlace("A.I.1.ii.b", "catatan"))
    tell(page, type="change", view="v", number=1, parts=[part])
    assert [message["type"] for message in sent] == ["whole", "asked", "saved"]
    goes_on.set()
    wait_until(lambda: "way" in [message["type"] for message in sent])
    page.close()
