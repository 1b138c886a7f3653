"""What data propose, beside the answers of a form: told after the opening, never filled in."""

from __future__ import annotations

import itertools
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from zi_eval.core.assessment import Stage
from zi_eval.core.proposals import Proposal
from zi_eval.forms import state as state_module
from zi_eval.forms.proposals import Proposed, fact_state, proposal_state, read_proposed
from zi_eval.forms.state import FormState
from zi_eval.instruments import load_instrument
from zi_eval.journal.fields import FieldPlace, Person, Role
from zi_eval.period.reading import Period

PERFORMANCE, COUNTS, SMART, OUTCOMES = "B.I.b", "A.II.4.i.a", "A.I.4.ii.d", "A.I.4.ii.b"
DIFFERING = (
    ("bapenda", "[6, 5]\n    catatan: BPHTB", "[6, 4]\n    catatan: BPHTB"),
    ("bapenda", "E\n    catatan: Indikator", "D\n    catatan: Indikator"),
    ("dinas-perhubungan", "tpi: D\n    catatan: Semua", "tpi: C\n    catatan: Semua"),
    (
        "puskesmas-sukamaju",
        "tpi: A\n    catatan: >-\n      Rata",
        "tpi: B\n    catatan_tpi: Belum ada pembanding.\n    catatan: >-\n      Rata",
    ),
)
"""Unit, an answer with the note after it, and what stands there instead."""
Open = Callable[..., FormState]
NUMBERS = itertools.count(1)
"""A number for each change, as a screen gives it."""


@pytest.fixture
def folder(tmp_path: Path, root: Path) -> Path:
    """The sample agency with its plans; what surveys propose has tests of its own.

    Some answers are made to differ from the tables.
    """
    plain = shutil.ignore_patterns("survei")
    shutil.copytree(root / "parameters", tmp_path / "parameters", ignore=plain)
    period = tmp_path / "parameters" / "2026"
    for unit, here, there in DIFFERING:
        file = period / f"{unit}.yaml"
        text = file.read_text("utf-8")
        assert text.count(here) == 1
        file.write_text(text.replace(here, there), "utf-8")
    return period


@pytest.fixture
def opened(folder: Path) -> Iterator[Open]:
    """Open units; what data propose is read, and the screen told."""
    states: list[FormState] = []

    def open_unit(unit: str, role: Role = Role.UNIT) -> FormState:
        state = FormState.open(folder / f"{unit}.yaml", Person("Sari", role))
        states.append(state)
        ask(state, "open")
        state.refresh_proposals()
        state.news()
        return state

    yield open_unit
    for state in states:
        state.close()


def ask(state: FormState, kind: str, **values: Any) -> dict[str, Any]:
    answer = state.answer({"type": kind, "view": "v", **values})
    json.dumps(answer)
    return answer


def change(state: FormState, *parts: tuple[str, str, Any]) -> dict[str, Any]:
    made = [
        {
            "key": key,
            "field": field,
            "value": value,
            "seen": state.store.get(FieldPlace(key, field)),
        }
        for key, field, value in parts
    ]
    return ask(state, "change", number=next(NUMBERS), parts=made)


def card(state: FormState, question: str) -> dict[str, Any]:
    value: dict[str, Any] = ask(state, "open")["values"][question]
    return value


def proposal(state: FormState, question: str) -> dict[str, Any]:
    (shown,) = card(state, question)["proposals"]
    assert isinstance(shown, dict)
    return shown


def test_proposals_are_no_part_of_opening_and_come_as_news(folder: Path) -> None:
    state = FormState.open(folder / "bapenda.yaml", Person("Sari", Role.UNIT))
    first = ask(state, "open")
    assert {len(value["proposals"]) for value in first["values"].values()} == {0}
    assert state.news() is None
    state.refresh_proposals()
    news = state.news()
    assert news is not None
    assert set(news["patch"]) == {
        "score",
        "unfinished",
        "values",
    }  # what data say against the verdict, too
    assert {PERFORMANCE, COUNTS, OUTCOMES} <= set(news["patch"]["values"])
    assert state.news() is None
    state.close()


def test_proposals_are_read_once_for_each_opening(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[Path] = []

    def count(path: Path, stage: Stage) -> Proposed:
        read.append(path)
        return read_proposed(path, stage)

    monkeypatch.setattr(state_module, "read_proposed", count)
    state = FormState.open(folder / "bapenda.yaml", Person("Sari", Role.UNIT))
    state.refresh_proposals()
    assert read == []  # no screen asks for anything yet
    for times in (1, 2):
        ask(state, "open")
        state.refresh_proposals()
        state.refresh_proposals()
        assert len(read) == times
    assert state.news() is None  # read again, but the same
    state.close()


def test_a_card_shows_answer_reasons_source_and_where_the_given_differs(opened: Open) -> None:
    state = opened("bapenda")
    shown = proposal(state, PERFORMANCE)
    assert shown["text"].startswith("E. ")
    assert (shown["use"], shown["differs"], shown["provisional"]) == ("E", True, False)
    assert shown["source"] == "kinerja/bapenda.csv"
    assert shown["reasons"] == [
        "Menurut target dan hasil tahun 2025.",
        "0 dari 6 indikator utama berjenis outcome.",
    ]
    assert "unlike" in card(state, PERFORMANCE)["flags"]
    same = proposal(state, OUTCOMES)
    assert same["text"].startswith("Tidak. ")
    assert (same["use"], same["differs"]) == (None, False)
    assert "unlike" not in card(state, OUTCOMES)["flags"]


def test_only_a_person_fills_in_a_proposal_and_can_undo_it(opened: Open) -> None:
    state = opened("bapenda")
    note = state.store.get(FieldPlace(COUNTS, "catatan"))
    assert note
    before = state.store.history(COUNTS)
    assert state.store.get(FieldPlace(COUNTS, "unit")) == [6, 4]
    saved = change(state, (COUNTS, "unit", proposal(state, COUNTS)["use"]))
    assert saved["type"] == "saved"
    (now,) = saved["patch"]["values"][COUNTS]["proposals"]
    assert (now["use"], now["differs"]) == (None, False)
    assert state.store.get(FieldPlace(COUNTS, "unit")) == [6, 5]
    assert state.store.get(FieldPlace(COUNTS, "catatan")) == note
    (step,) = state.store.history(COUNTS)[len(before) :]
    assert (step.old, step.new, step.person.name) == ([6, 4], [6, 5], "Sari")
    ask(state, "undo")
    assert state.store.get(FieldPlace(COUNTS, "unit")) == [6, 4]
    assert proposal(state, COUNTS)["differs"]


def test_an_open_question_can_take_the_proposal_but_differs_from_nothing(opened: Open) -> None:
    state = opened("bapenda")
    change(state, (PERFORMANCE, "unit", None))
    shown = proposal(state, PERFORMANCE)
    assert (shown["use"], shown["differs"]) == ("E", False)


def test_an_evaluator_sees_the_answer_that_counts_beside_it(opened: Open) -> None:
    state = opened("dinas-perhubungan", Role.MEMBER)  # unit B, TPI C
    shown = proposal(state, PERFORMANCE)
    assert (shown["use"], shown["differs"], shown["provisional"]) == ("D", True, False)
    refused = change(state, (PERFORMANCE, "tpi", "D"), (PERFORMANCE, "catatan_tpi", None))
    assert refused["type"] == "refused"  # another answer than the unit's needs its note
    assert state.store.get(FieldPlace(PERFORMANCE, "tpi")) == "C"
    note = state.store.get(FieldPlace(PERFORMANCE, "catatan_tpi"))
    assert change(state, (PERFORMANCE, "tpi", shown["use"]))["type"] == "saved"
    assert state.store.get(FieldPlace(PERFORMANCE, "catatan_tpi")) == note
    assert state.store.get(FieldPlace(PERFORMANCE, "unit")) == "B"
    assert not proposal(state, PERFORMANCE)["differs"]


def test_what_is_final_takes_no_proposal(opened: Open) -> None:
    supervisor = opened("puskesmas-sukamaju", Role.SUPERVISOR)
    final = ask(supervisor, "finish", is_final=True, reason="Sudah dibahas.")
    assert final["patch"]["final"]
    shown = proposal(supervisor, PERFORMANCE)
    assert shown["differs"]
    before = supervisor.store.get(FieldPlace(PERFORMANCE, "tpi"))
    assert change(supervisor, (PERFORMANCE, "tpi", shown["use"]))["type"] == "refused"
    assert supervisor.store.get(FieldPlace(PERFORMANCE, "tpi")) == before


def test_candidates_are_named_and_evidence_has_no_answer(opened: Open) -> None:
    state = opened("dinas-perhubungan")
    smart = proposal(state, SMART)
    assert smart["text"] == "B, C atau D; data belum menentukan yang mana"
    assert (smart["use"], smart["differs"]) == (None, False)
    change(state, (SMART, "unit", "A"))
    assert proposal(state, SMART)["differs"]
    evidence = proposal(state, "A.I.4.ii.a")
    assert (evidence["text"], evidence["use"], evidence["differs"]) == ("", None, False)
    assert len(evidence["reasons"]) == 6


@pytest.mark.parametrize("role", [Role.UNIT, Role.MEMBER])
def test_the_list_can_be_filtered_by_what_differs(opened: Open, role: Role) -> None:
    whole = ask(opened("bapenda", role), "open")
    assert whole["form"]["filters"][-1] == {"id": "unlike", "label": "Berbeda dari usulan"}
    unlike = [key for key, value in whole["values"].items() if "unlike" in value["flags"]]
    assert unlike == [COUNTS, PERFORMANCE]


def test_the_akip_evaluation_proposes_the_prerequisite(opened: Open, folder: Path) -> None:
    state = opened("dpmptsp")

    def shown() -> dict[str, Any]:
        fields = ask(state, "open")["identity"]["fields"]
        found: dict[str, Any] = fields["syarat (sakip_unit)"]["proposal"]
        return found

    assert shown() == {
        "text": "BB",
        "use": None,
        "differs": False,
        "provisional": False,
        "reasons": ["Evaluasi AKIP: nilai 76,55, predikat BB.", "Evaluasi itu sudah final."],
        "source": "2026-akip/dpmptsp.yaml",
    }
    change(state, ("syarat", "sakip_unit", "A"))
    assert (shown()["use"], shown()["differs"]) == ("BB", True)
    state.store.flush()
    # The same fact of which a check of the file warns.
    reading = Period.read(folder).read_unit(folder / "dpmptsp.yaml")[0]
    warned = [p for p in reading.problems if p.code == "syarat-beda-evaluasi"]
    assert [problem.key for problem in warned] == ["sakip_unit"]
    change(state, ("syarat", "sakip_unit", shown()["use"]))
    assert (shown()["use"], shown()["differs"]) == (None, False)
    other = ask(opened("bapenda"), "open")["identity"]["fields"]
    assert "proposal" not in other["syarat (sakip_unit)"]


def test_a_table_with_errors_is_told_and_the_form_goes_on(opened: Open, folder: Path) -> None:
    path = folder / "kinerja" / "dpmptsp.csv"
    path.write_text(path.read_text("utf-8").replace(";turun;", ";trun;", 1), "utf-8")
    state = opened("dpmptsp")
    whole = ask(state, "open")
    assert whole["notices"] == [
        "Data usulan, dpmptsp.csv, sel F5: arah: 'trun' tidak dikenal. Mungkin maksudnya 'turun'."
    ]
    assert whole["values"][PERFORMANCE]["proposals"] == []
    assert change(state, (PERFORMANCE, "unit", "C"))["type"] == "saved"


def test_whatever_goes_wrong_with_the_data_the_form_goes_on(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(path: Path, stage: Stage) -> Proposed:
        raise RuntimeError("aneh")

    monkeypatch.setattr(state_module, "read_proposed", fail)
    state = opened("dpmptsp")
    assert ask(state, "open")["notices"] == [
        "Usulan dari data tidak dapat dibaca. RuntimeError: aneh"
    ]
    assert change(state, (PERFORMANCE, "unit", "C"))["type"] == "saved"


def test_without_data_nothing_is_proposed(folder: Path) -> None:
    shutil.rmtree(folder / "kinerja")
    shutil.rmtree(folder / "rencana-zi")
    shutil.rmtree(folder.with_name("2026-akip"))
    found = read_proposed(folder / "dpmptsp.yaml")
    assert found == Proposed(case=found.case)


def test_the_questions_of_another_instrument_get_none(folder: Path) -> None:
    akip = folder.with_name("2026-akip")
    shutil.copytree(folder / "kinerja", akip / "kinerja")
    state = FormState.open(akip / "dpmptsp.yaml", Person("Sari", Role.UNIT))
    ask(state, "open")
    state.refresh_proposals()
    assert state.news() is None
    state.close()


def test_an_index_is_told_with_its_top_and_a_fact_as_it_is() -> None:
    question = load_instrument("zi-2021").questions["B.I.a"]
    found = Proposal("B.I.a", 3.62, (), False, ("Rata-rata 3,62.",), "survei/x.ipak.csv")
    (shown,) = proposal_state(question, [found], 3.7)
    assert (shown["text"], shown["use"], shown["differs"]) == ("3,62 dari 4", 3.62, True)
    (shown,) = proposal_state(question, [found], 3.62)
    assert (shown["use"], shown["differs"]) == (None, False)
    fact = Proposal("sakip_unit", "BB", (), False, ())
    assert fact_state(fact, None)["use"] == "BB"
