"""What if: the way of the form, with answers kept or tried out, and nothing saved."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.report.builders import INSTRUMENT, answers_at, build_evaluation
from zi_eval.core.assessment import Answer, Stage
from zi_eval.core.improvement import find_improvement
from zi_eval.core.improvement_effort import Limits, UnitEffort
from zi_eval.forms.places import Person, Place, Role
from zi_eval.forms.state import FormState
from zi_eval.forms.what_if import WhatIf, read_what_if, show_way, try_answers
from zi_eval.instruments.effort import load_effort
from zi_eval.report.words import format_count, format_number

EFFORT = UnitEffort(load_effort(INSTRUMENT).effort)
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
    state = FormState.open(unit_file, Person("Rina", Role.MEMBER))
    yield state
    state.close()


def ask(state: FormState, **values: Any) -> dict[str, Any]:
    answer = state.answer({"type": "way", "view": "v", **values})
    json.dumps(answer)
    return answer


def test_the_form_shows_the_way_that_the_core_finds(state: FormState) -> None:
    shown = ask(state)
    way = find_improvement(state.evaluation(), EFFORT.effort).way
    assert way is not None
    assert way.moves
    assert shown["title"] == "Jalan terpendek ke WBK"
    assert [move["id"] for move in shown["moves"]] == [move.question.id for move in way.moves]
    assert f"{format_count(round(way.effort, 4))} poin upaya" in shown["text"]
    assert shown["change"] == shown["score"] == ""


def test_the_way_follows_a_saved_answer(state: FormState) -> None:
    first = ask(state)["moves"][0]
    place = Place(first["id"], "tpi")
    state.store.change(place, first["then"], state.store.get(place))
    assert first["id"] not in {move["id"] for move in ask(state)["moves"]}


def test_an_answer_that_cannot_change_is_kept_and_its_price_is_said(state: FormState) -> None:
    plain = ask(state)
    key = plain["moves"][0]["id"]
    shown = ask(state, kept=[key])
    assert key not in {move["id"] for move in shown["moves"]}
    assert [item["id"] for item in shown["kept"]] == [key]
    before = find_improvement(state.evaluation(), EFFORT.effort).way
    after = find_improvement(state.evaluation(), EFFORT.effort, limits=Limits({key: 0})).way
    assert before is not None
    assert after is not None
    assert after.effort >= before.effort
    assert f"{format_count(round(before.effort, 4))}" in shown["change"]


def test_nothing_that_is_tried_is_saved(state: FormState, unit_file: Path) -> None:
    text, count = unit_file.read_text("utf-8"), len(state.store.history())
    move = ask(state)["moves"][0]
    ask(state, tried={move["id"]: move["then"]}, kept=[ask(state)["moves"][1]["id"]])
    assert unit_file.read_text("utf-8") == text
    assert len(state.store.history()) == count
    assert ask(state)["moves"][0] == move


def test_a_tried_answer_shortens_the_way_and_moves_the_score(state: FormState) -> None:
    move = ask(state)["moves"][0]
    shown = ask(state, tried={move["id"]: move["then"]})
    assert move["id"] not in {item["id"] for item in shown["moves"]}
    assert "lebih sedikit" in shown["change"]
    value = tuple(move["then"]) if isinstance(move["then"], list) else move["then"]
    total = try_answers(state.evaluation(), {move["id"]: value}).card.total.score
    assert shown["score"] == f"Nilai dengan jawaban yang dicoba: {format_number(total)}."


def test_the_aim_stays_while_answers_are_tried() -> None:
    way = find_improvement(LOW, EFFORT.effort).way
    assert way is not None
    shown = show_way(LOW, EFFORT, WhatIf(tried={m.question.id: m.then for m in way.moves}))
    assert shown["title"] == "Jalan terpendek ke WBK"
    assert shown["moves"] == []
    assert "tidak ada jawaban yang harus naik" in shown["text"]


def test_what_is_kept_may_close_every_way() -> None:
    low = build_evaluation({**answers_at(0.68), "B.I.a": Answer(unit=3.0)})
    shown = show_way(low, EFFORT, WhatIf(kept=("B.I.a",)))
    assert shown["moves"] == []
    assert "tidak dapat dicapai dengan batas" in shown["text"]
    assert shown["change"].startswith("Tanpa pilihan Anda: ")


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
        ("B.I.a", True),
        ("A.II.5.ii.a", [1]),
        ("A.II.5.ii.a", [1, -2]),
        ("A.II.5.ii.a", [1, float("inf")]),
    ],
)
def test_what_is_no_answer_is_never_scored(question: str, given: object) -> None:
    with pytest.raises(TypeError, match=question):
        read_what_if(INSTRUMENT, {"tried": {question: given}})


def test_a_broken_question_of_the_screen_is_refused(state: FormState) -> None:
    shown = ask(state, tried={"A.I.1.i.a": "Mungkin"})
    assert shown["type"] == "said"


def test_questions_that_are_gone_are_passed_over() -> None:
    assert read_what_if(INSTRUMENT, {"kept": ["X.1"], "tried": {"X.2": "A"}}) == WhatIf()


def test_a_teams_own_limits_hold_in_the_form(unit_file: Path) -> None:
    first = FormState.open(unit_file, Person("Rina", Role.MEMBER))
    key = ask(first)["moves"][0]["id"]
    first.close()
    (unit_file.parent / "upaya.yaml").write_text(f"batas: {{{key}: tetap}}\n", "utf-8")
    second = FormState.open(unit_file, Person("Rina", Role.MEMBER))
    assert key not in {move["id"] for move in ask(second)["moves"]}
    second.close()


def test_a_unit_without_answers_is_told_when_the_way_comes() -> None:
    shown = show_way(build_evaluation({}), EFFORT, WhatIf())
    assert shown["moves"] == []
    assert shown["text"] == "Muncul setelah ada jawaban."
