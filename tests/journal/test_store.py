from __future__ import annotations

import atexit
import os
import pickle
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.journal.units import (
    LEADER,
    MEMBER,
    OTHER,
    SUPERVISOR,
    TEXT,
    UNIT,
    Q,
    at,
    edit_file,
    lines,
    make_unit,
    read,
)
from tests.waiting import wait_until
from tests.work import count_calls, opened_files
from zi_eval.core.assessment import NOT_APPLICABLE, Answer, Unit
from zi_eval.errors import ParameterError, WorkspaceError, ZiEvalError
from zi_eval.files import replace_keeping
from zi_eval.journal import live_file, live_unit
from zi_eval.journal.fields import FINAL
from zi_eval.journal.store import (
    AnswerStore,
    ConflictError,
    FieldPlace,
    Person,
    Role,
    create_unit,
    follow_journals,
    rebuild_unit,
)
from zi_eval.period.evaluations import load_evaluation
from zi_eval.period.journal_file import is_ahead, journal_path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return make_unit(tmp_path)


Open = Callable[..., AnswerStore]


@pytest.fixture
def opened(path: Path) -> Iterator[Open]:
    """Open stores of the unit, closed when the test ends."""
    stores: list[AnswerStore] = []

    def open_one(person: Person = UNIT) -> AnswerStore:
        stores.append(AnswerStore.open(path, person))
        return stores[-1]

    yield open_one
    for store in stores:
        store.close()


# Saving


def test_opening_changes_nothing_in_the_file(path: Path, opened: Open) -> None:
    opened().close()
    assert path.read_text() == TEXT
    assert rebuild_unit(path) == TEXT


def test_a_change_is_in_the_journal_before_the_call_returns(
    path: Path, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = opened()
    synced: list[int] = []
    real = os.fsync
    monkeypatch.setattr(os, "fsync", lambda handle: (synced.append(handle), real(handle))[1])
    change = store.change(at("unit"), "B", "A")
    assert synced
    assert (change.old, change.new, change.person) == ("A", "B", UNIT)
    assert '"baru":"B"' in journal_path(path).read_text()
    assert store.assessment.answers[Q].unit == "B"


def test_the_file_follows_within_a_second_and_keeps_its_comments(path: Path, opened: Open) -> None:
    store = opened()
    store.change(at("unit"), "B", "A")
    wait_until(lambda: "unit: B" in path.read_text(), 1.0)
    assert path.read_text() == TEXT.replace("unit: A", "unit: B")
    assert store.notices == ()


def test_a_change_that_changes_nothing_is_not_recorded(path: Path, opened: Open) -> None:
    store = opened()
    before = lines(path)
    same = store.change(at("unit"), "a", "A")
    assert (same.number, same.group) == (0, 0)
    assert lines(path) == before


def test_what_is_empty_is_filled_in_one_step_and_what_is_there_stays(opened: Open) -> None:
    store = opened()
    answers = {
        Q: Answer(unit="C", note="Dari lembar", evidence=("https://bukti.example/1",)),
        "A.I.1.ii.a": Answer(unit="Ya"),
        "A.I.1.ii.b": Answer(note="Catatan saja"),
        "A.I.1.ii.c": Answer(tpi="Ya", tpi_note="Bukan milik unit"),
    }
    assert store.fill_empty(answers) == 3
    assert (store.get(at("unit")), store.get(at("catatan"))) == ("A", "Terbuka.")
    assert store.get(at("bukti")) == ["https://bukti.example/1"]
    assert store.get(at("unit", "A.I.1.ii.a")) == "Ya"
    assert store.get(at("catatan", "A.I.1.ii.a")) is None
    assert store.get(at("catatan", "A.I.1.ii.b")) == "Catatan saja"
    assert store.assessment.answers.get("A.I.1.ii.c", Answer()) == Answer()
    assert store.fill_empty(answers) == 0
    assert len(store.undo()) == 3


def test_a_store_says_whose_file_it_is_and_what_an_explanation_changed(
    path: Path, opened: Open
) -> None:
    store = opened()
    assert store.path == path
    doubt = "lhkpn:syarat"
    change = store.explain(doubt, "Satu wajib lapor pensiun.")
    assert (change.old, change.new["alasan"]) == (None, "Satu wajib lapor pensiun.")
    assert store.explain(doubt, None).old == change.new


def test_what_cannot_be_read_is_no_missing_file(path: Path, tmp_path: Path) -> None:
    other = tmp_path / "dinas-lain.yaml"
    other.mkdir()
    with pytest.raises(WorkspaceError, match=r"tidak dapat dibaca: .+\.") as caught:
        AnswerStore.open(other, UNIT)
    assert "Periksa nama unit" not in str(caught.value)
    with pytest.raises(WorkspaceError, match="Periksa nama unit"):
        AnswerStore.open(path.with_name("tidak-ada.yaml"), UNIT)


def test_a_program_that_ends_lets_the_file_follow(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends: list[Callable[[], None]] = []
    monkeypatch.setattr(atexit, "register", ends.append)
    monkeypatch.setattr(atexit, "unregister", ends.remove)
    store = AnswerStore.open(path, UNIT)
    store.change(at("unit"), "B", "A")
    (end,) = ends
    end()
    assert "unit: B" in path.read_text()
    assert ends == []
    end()  # and once more changes nothing


def test_every_kind_of_value_reaches_the_file(path: Path, opened: Open) -> None:
    given: dict[FieldPlace, Any] = {
        at("unit"): "C",
        at("catatan"): "satu\ndua",
        at("bukti"): ["a.pdf", "https://contoh.example/b c.pdf"],
        at("unit", "A.II.1.i.a"): [7, None],
        at("unit", "B.I.a"): 3.62,
        at("tidak_berlaku", "A.II.5.ii.a"): "Nihil: tidak ada",
        FieldPlace("syarat", "lhkpn"): 99.5,
        FieldPlace("syarat", "layanan_inti"): True,
        FieldPlace("syarat", "sakip_unit"): "BB",
        FieldPlace("identitas", "nama"): "Dinas Baru",
        FieldPlace("identitas", "kepala"): "Sari",
        FieldPlace("identitas", "target"): "WBBM",
        FieldPlace("identitas", "afirmasi"): True,
    }
    with opened() as store:
        for place, value in given.items():
            store.change(place, value, store.get(place))
            assert store.get(place) == value
    found = read(path)
    assert found == store.assessment
    assert found.answers["A.II.5.ii.a"].reason == "Nihil: tidak ada"
    assert found.unit == Unit("dinas-uji", "Dinas Baru", "", "Sari", True)
    with opened() as store:
        for place in given:
            empty = {"nama": "Dinas", "target": "WBK", "afirmasi": False}.get(place.field)
            store.change(place, empty, store.get(place))
    assert read(path) == store.assessment
    assert read(path).answers[Q] == Answer()
    assert "# menurut SK" in path.read_text()


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        (at("unit"), "D", "A, B atau C"),
        (at("unit"), 5, "tidak dikenal"),
        (at("unit", "B.I.a"), 4.1, "0 sampai 4"),
        (at("unit", "A.II.1.i.a"), [1], "seharusnya 2"),
        (at("unit", "A.II.1.i.a"), [10**16, 1], "Periksa"),
        (at("tidak_berlaku"), "alasan", "tidak dapat"),
        (at("unit", "A.II.5.iii.a"), "tidak berlaku", "alasan"),
        (at("catatan"), "x" * 10_001, "Persingkat"),
        (at("catatan"), 5, "teks"),
        (at("bukti"), ["x"] * 101, "100 bukti"),
        (at("unit", "A.I.9"), "A", "tidak ada tempat"),
        (at("isi"), "A", "tidak ada tempat"),
        (FieldPlace("syarat", "lhkpn"), 120, "100"),
        (FieldPlace("syarat", "lama_zi"), 1e200, "paling banyak"),
        (FieldPlace("syarat", "opini_bpk"), "WTP", "tidak ada tempat"),
        (FieldPlace("identitas", "nama"), " ", "wajib"),
        (FieldPlace("identitas", "target"), "WBX", "WBK"),
        (FieldPlace("identitas", "afirmasi"), "ya", "ya atau tidak"),
        (FieldPlace("identitas", "id"), "x", "tidak ada tempat"),
        (at("tpi"), "B", "hanya TPI"),
        (at("kembali"), "x", "hanya TPI"),
        (FINAL, True, "pengendali teknis"),
    ],
)
def test_what_is_not_allowed_is_refused_and_changes_nothing(
    place: FieldPlace, value: Any, said: str, path: Path, opened: Open
) -> None:
    store = opened()
    before = lines(path)
    with pytest.raises(ZiEvalError, match=said):
        store.change(place, value, store.get(place))
    assert lines(path) == before


def test_unseen_characters_do_not_make_the_file_unreadable(path: Path, opened: Open) -> None:
    with opened() as store:
        change = store.change(at("catatan"), "a\x00b\x0bc\r\nd \u2028e\ud800 ", "Terbuka.")
        assert change.new == "a b\nc\nd\ne"
        store.change(at("bukti"), [" a\nb ", ""], None)
    assert read(path).answers[Q].note == "a b\nc\nd\ne"
    assert read(path).answers[Q].evidence == ("a b",)


def test_a_value_excludes_the_reason_for_none_and_undo_brings_both_back(opened: Open) -> None:
    store = opened()
    question = "A.II.5.ii.a"
    unit, reason = at("unit", question), at("tidak_berlaku", question)
    assert store.get(unit) == "tidak berlaku"
    store.change(unit, [3, 2, 1], "tidak berlaku")
    assert store.get(reason) is None
    assert len(store.undo()) == 2
    assert store.assessment.answers[question].unit is NOT_APPLICABLE
    assert store.get(reason) == "Tidak ada pengaduan"
    store.change(reason, None, store.get(reason))
    assert store.get(unit) is None
    store.change_many([(unit, "tidak berlaku", None), (reason, "Nihil", None)])
    assert store.get(reason) == "Nihil"


# Several people


def test_changes_of_two_people_to_different_questions_both_stay(path: Path, opened: Open) -> None:
    first, second = opened(), opened(Person("Tono", Role.UNIT))
    first.change(at("unit"), "B", "A")
    second.change(at("unit", OTHER), "Tidak", "Ya")
    (seen,) = first.refresh()
    assert (seen.place, seen.new, seen.person.name) == (at("unit", OTHER), "Tidak", "Tono")
    assert first.refresh() == ()
    assert first.assessment.answers == second.assessment.answers
    first.close()
    second.close()
    assert read(path).answers == first.assessment.answers


def test_the_second_to_change_a_value_sees_the_firsts_and_chooses(opened: Open) -> None:
    first, second = opened(), opened(Person("Tono", Role.UNIT))
    first.change(at("unit"), "B", "A")
    with pytest.raises(ConflictError) as caught:
        second.change(at("unit"), "C", "A")
    error = pickle.loads(pickle.dumps(caught.value))
    assert (error.place, error.current, error.change.person) == (at("unit"), "B", UNIT)
    assert "Sari" in str(error)
    assert second.get(at("unit")) == "B"
    assert second.change(at("unit"), "C", error.current).new == "C"


def test_what_both_wanted_is_no_conflict(opened: Open) -> None:
    first, second = opened(), opened(Person("Tono", Role.UNIT))
    first.change(at("unit"), "B", "A")
    assert second.change(at("unit"), "B", "A").number == 0


def test_a_group_is_all_or_nothing(path: Path, opened: Open) -> None:
    first, second = opened(), opened(Person("Tono", Role.UNIT))
    first.change(at("unit"), "B", "A")
    before = lines(path)
    with pytest.raises(ConflictError):
        second.change_many([(at("unit", OTHER), "Tidak", "Ya"), (at("unit"), "C", "A")])
    assert second.get(at("unit", OTHER)) == "Ya"
    assert lines(path) == before


def test_a_reason_does_not_wipe_out_an_answer_nobody_has_seen(opened: Open) -> None:
    question = "A.II.5.iii.a"
    first, second = opened(), opened(Person("Tono", Role.UNIT))
    first.change(at("unit", question), [1, 0, 0, 1], None)
    with pytest.raises(ConflictError):
        second.change(at("tidak_berlaku", question), "Nihil", None)
    second.refresh()
    second.change(at("tidak_berlaku", question), "Nihil", None)
    assert second.get(at("unit", question)) == "tidak berlaku"


def test_many_threads_lose_nothing(path: Path, opened: Open) -> None:
    store = opened()
    questions = [q for q in store.instrument.questions if q != Q][:40]

    def write(part: list[str]) -> None:
        for question in part:
            store.change(at("catatan", question), f"dari {question}", None)

    threads = [threading.Thread(target=write, args=(questions[n::4],)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    store.close()
    answers = read(path).answers
    assert all(answers[question].note == f"dari {question}" for question in questions)
    assert [change.number for change in store.history()] == list(range(1, 41))


# Undo, history, the levels of the TPI


def test_undo_steps_back_over_ones_own_changes_only(opened: Open) -> None:
    mine, other = opened(), opened(Person("Tono", Role.UNIT))
    mine.change(at("unit"), "B", "A")
    mine.change(at("catatan"), "Baru", "Terbuka.")
    other.change(at("unit", OTHER), "Tidak", "Ya")
    (undone,) = mine.undo()
    assert (undone.place, undone.new, undone.undoes) == (at("catatan"), "Terbuka.", 2)
    assert mine.undo()[0].new == "A"
    assert mine.undo() == ()
    assert mine.get(at("unit", OTHER)) == "Tidak"


def test_what_another_overwrote_is_not_undone_even_when_it_looks_the_same(opened: Open) -> None:
    mine, other = opened(), opened(Person("Tono", Role.UNIT))
    mine.change(at("catatan"), "Satu", "Terbuka.")
    mine.change(at("unit"), "B", "A")
    other.change(at("unit"), "C", "B")
    other.change(at("unit"), "B", "C")
    assert mine.undo()[0].place == at("catatan")
    assert mine.undo() == ()


def test_undo_works_after_reopening(path: Path, opened: Open) -> None:
    with opened() as store:
        store.change(at("unit"), "B", "A")
    with opened() as store:
        assert store.undo()[0].new == "A"
    assert path.read_text() == TEXT


def test_the_history_of_a_question_names_who_when_and_what(opened: Open) -> None:
    store = opened()
    store.change(at("unit", OTHER), "Tidak", "Ya")
    store.change(at("unit"), "B", "A")
    (change,) = store.history(Q)
    assert (change.number, change.person, change.old, change.new) == (2, UNIT, "A", "B")
    assert change.time.tzinfo is not None
    assert len(store.history()) == 2


def test_a_different_tpi_answer_needs_its_note_in_the_same_step(path: Path, opened: Open) -> None:
    with opened(MEMBER) as store:
        with pytest.raises(ZiEvalError, match="catatan TPI"):
            store.change(at("tpi"), "B", None)
        store.change_many([(at("tpi"), "B", None), (at("catatan_tpi"), "Tanpa SK.", None)])
        with pytest.raises(ZiEvalError, match="catatan TPI"):
            store.change(at("catatan_tpi"), "", "Tanpa SK.")
        with pytest.raises(ZiEvalError, match="hanya unit"):
            store.change(at("unit"), "B", "A")
    assert read(path).answers[Q].tpi == "B"
    with opened(MEMBER) as store:
        assert len(store.undo()) == 2
    assert read(path).answers[Q].tpi is None


def test_each_level_of_the_tpi_confirms_and_a_new_answer_of_the_unit_ends_it(
    opened: Open,
) -> None:
    unit, member, leader = opened(), opened(MEMBER), opened(LEADER)
    assert (member.confirm(Q).old, member.get(at("tpi"))) == (None, "A")
    change = leader.confirm(Q)
    assert change.old == change.new == "A"
    decisions = leader.decisions(Q)
    assert {role: d.person for role, d in decisions.items()} == {
        Role.MEMBER: MEMBER,
        Role.LEADER: LEADER,
    }
    assert leader.undo()[0].undoes == change.number
    assert set(leader.decisions(Q)) == {Role.MEMBER}
    unit.refresh()
    unit.change(at("unit"), "B", "A")
    member.refresh()
    assert member.decisions(Q) == {}
    with pytest.raises(ZiEvalError, match="belum dijawab"):
        member.confirm("B.I.a")


def test_nobody_confirms_what_they_have_not_seen(opened: Open) -> None:
    unit, member = opened(), opened(MEMBER)
    unit.change(at("unit"), "C", "A")
    with pytest.raises(ConflictError):
        member.confirm(Q)
    member.refresh()
    assert member.confirm(Q).new == "C"


def test_a_level_sees_the_units_new_answer_also_where_the_tpis_own_counts(opened: Open) -> None:
    unit, member, leader = opened(), opened(MEMBER), opened(LEADER)
    member.change_many([(at("tpi"), "B", None), (at("catatan_tpi"), "Bukti kurang.", None)])
    leader.refresh()
    member.refresh()
    unit.refresh()
    unit.change(at("unit"), "C", "A")
    unit.change(at("unit", OTHER), "Tidak", "Ya")
    with pytest.raises(ConflictError) as caught:
        leader.confirm(Q)
    assert caught.value.place == at("unit")
    leader.refresh()
    assert leader.confirm(Q).new == "B"


def test_a_question_sent_back_stays_marked_and_shows_that_the_unit_reacted(
    path: Path, opened: Open
) -> None:
    unit, member = opened(), opened(MEMBER)
    unit.change(at("catatan"), "Dulu", "Terbuka.")
    member.change(at("kembali"), "Lampirkan notula.", None)
    assert not member.is_answered_again(Q)
    unit.change(at("bukti"), ["notula.pdf"], None)
    member.refresh()
    assert member.is_answered_again(Q)
    assert member.get(at("kembali")) == "Lampirkan notula."
    unit.undo()
    assert not unit.is_answered_again(Q)
    unit.change(at("unit"), "B", "A")
    member.refresh()
    member.change(at("kembali"), None, "Lampirkan notula.")
    assert not member.is_answered_again(Q)


def test_a_final_evaluation_is_closed_to_all_until_it_is_opened_again(
    path: Path, opened: Open
) -> None:
    unit, leader, supervisor = opened(), opened(LEADER), opened(SUPERVISOR)
    with pytest.raises(ZiEvalError, match="pengendali teknis"):
        leader.change(FINAL, True, None)
    unit.change(at("unit"), "B", "A")
    supervisor.change(FINAL, True, None)
    for store, place in ((unit, at("unit")), (leader, at("kembali")), (supervisor, at("tpi"))):
        with pytest.raises(ZiEvalError, match="final"):
            store.change(place, "C", store.get(place))
    with pytest.raises(ZiEvalError, match="final"):
        unit.undo()
    supervisor.flush()
    final = read(path).final
    assert final is not None
    assert final.by == "Rini"
    assert supervisor.undo()[0].new is None
    assert unit.undo()[0].new == "A"


# Edits by hand


def test_an_edit_by_hand_is_taken_in_question_by_question(path: Path, opened: Open) -> None:
    store = opened()
    store.change(at("catatan"), "Dari formulir", "Terbuka.")
    edit_file(path, TEXT.replace("A.I.1.i.a: Ya", "A.I.1.i.a: Tidak  # diralat"))
    (change,) = store.refresh()
    assert (change.place, change.new, change.person.name) == (at("unit", OTHER), "Tidak", "berkas")
    assert store.notices == ("Berkas disunting langsung: A.I.1.i.a dari Ya menjadi Tidak.",)
    store.flush()
    assert "# diralat" in path.read_text()
    assert read(path).answers[Q].note == "Dari formulir"
    assert read(path).answers == store.assessment.answers
    assert rebuild_unit(path) == path.read_text()


def test_where_both_changed_the_same_the_hand_wins_and_both_are_kept(
    path: Path, opened: Open
) -> None:
    store = opened()
    store.change(at("unit"), "B", "A")
    edit_file(path, TEXT.replace("unit: A", "unit: C"))
    store.refresh()
    assert store.get(at("unit")) == "C"
    assert [change.new for change in store.history(Q)] == ["B", "C"]
    assert "riwayat" in store.notices[0]
    store.flush()
    assert read(path).answers[Q].unit == "C"


def test_a_file_that_an_editor_is_still_writing_is_left_alone(path: Path, opened: Open) -> None:
    store = opened()
    store.change(at("unit"), "B", "A")
    path.write_text(TEXT[: TEXT.index("    catatan")])  # a valid file, but only its first half
    assert store.refresh() == ()
    store.change(at("unit", OTHER), "Tidak", "Ya")
    assert store.notices == ()
    time.sleep(0.1)
    path.write_text(TEXT.replace("Terbuka.", "Terbuka dan tercatat."))
    store.flush()
    answers = read(path).answers
    assert answers == store.assessment.answers
    assert (answers[Q].unit, answers[Q].note) == ("B", "Terbuka dan tercatat.")
    assert answers[OTHER].unit == "Tidak"
    assert len(store.notices) == 1


def test_a_file_moved_away_and_back_catches_up(path: Path, opened: Open) -> None:
    store = opened()
    path.rename(path.with_suffix(".bak"))
    store.change(at("unit"), "B", "A")
    store.flush()
    path.with_suffix(".bak").rename(path)
    store.refresh()
    assert store.notices == ()
    wait_until(lambda: "unit: B" in path.read_text())


def test_a_comment_written_by_hand_is_kept_and_is_no_change(path: Path, opened: Open) -> None:
    store = opened()
    edit_file(path, TEXT + "# catatan tim\n")
    assert store.refresh() == ()
    assert store.notices == ()
    store.change(at("unit"), "B", "A")
    store.flush()
    assert path.read_text() == (TEXT + "# catatan tim\n").replace("unit: A", "unit: B")


def test_an_edit_while_the_unit_is_closed_is_noticed_at_the_next_opening(
    path: Path, opened: Open
) -> None:
    opened().close()
    edit_file(path, TEXT.replace("unit: A", "unit: C"))
    store = opened()
    assert store.get(at("unit")) == "C"
    assert len(store.notices) == 1
    assert [change.person.role for change in store.history(Q)] == [Role.FILE]


def test_a_file_put_back_to_an_older_state_is_an_edit_by_hand(path: Path, opened: Open) -> None:
    with opened() as store:
        store.change(at("unit"), "B", "A")
    edit_file(path, TEXT)
    with opened() as store:
        assert store.get(at("unit")) == "A"
        assert store.notices == ("Berkas disunting langsung: A.I.1.i.b dari B menjadi A.",)


@pytest.mark.parametrize("broken", [TEXT + "x: [", TEXT.replace("unit: A", "unit: Z"), ""])
def test_a_broken_file_is_never_overwritten_and_changes_go_to_the_journal(
    broken: str, path: Path, opened: Open
) -> None:
    store = opened()
    edit_file(path, broken)
    store.change(at("catatan"), "Tersimpan", "Terbuka.")
    store.flush()
    assert path.read_text() == broken
    assert "diperbaiki" in store.notices[0]
    assert [problem.severity for problem in store.problems] == ["salah"]
    store.close()
    with opened() as again:
        assert again.get(at("catatan")) == "Tersimpan"
        assert path.read_text() == broken
        edit_file(path, TEXT.replace("unit: A", "unit: C"))
        again.refresh()
        again.flush()
        assert "diperbaiki" not in "".join(again.notices)
    assert (read(path).answers[Q].unit, read(path).answers[Q].note) == ("C", "Tersimpan")


def test_a_deleted_file_is_noticed_and_can_be_rebuilt(path: Path, opened: Open) -> None:
    store = opened()
    path.unlink()
    store.change(at("unit"), "B", "A")
    store.flush()
    assert "zi-eval restore" in store.notices[0]
    assert not path.exists()
    with pytest.raises(WorkspaceError, match="restore"):
        AnswerStore.open(path, UNIT)
    edit_file(path, rebuild_unit(path))
    store.refresh()
    assert store.notices == ()
    assert read(path).answers[Q].unit == "B"
    assert "# menurut SK" in path.read_text()


def test_a_file_all_in_braces_is_written_anew(path: Path, opened: Open) -> None:
    edit_file(path, '{"id": "dinas-uji", "nama": "U", "instrumen": "zi-2021", "target": "WBK"}')
    with opened() as store:
        store.change(at("unit"), "B", None)
    assert read(path).answers[Q].unit == "B"


def test_a_file_with_errors_and_no_journal_is_refused_with_its_problems(path: Path) -> None:
    edit_file(path, TEXT + "x: 1\n")
    with pytest.raises(ParameterError, match="'x'"):
        AnswerStore.open(path, UNIT)


# Rebuilding, lagging files, trouble


def test_the_file_is_rebuilt_as_it_was_at_any_time(path: Path, opened: Open) -> None:
    with opened() as store:
        first = store.change(at("unit"), "B", "A").time
        time.sleep(0.002)
        store.change(at("unit"), "C", "B")
    assert rebuild_unit(path, first) == TEXT.replace("unit: A", "unit: B")
    assert rebuild_unit(path) == path.read_text() == TEXT.replace("unit: A", "unit: C")
    with pytest.raises(WorkspaceError, match="sebelum"):
        rebuild_unit(path, datetime(2020, 1, 1).astimezone())


def test_a_file_that_lags_behind_is_named_by_reports_and_brought_up_to_date(
    path: Path, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = opened()
    monkeypatch.setattr(live_unit.LiveUnit, "follow", lambda self, is_last=False: None)
    store.change(at("unit"), "B", "A")
    store.close()
    monkeypatch.undo()
    assert "belum-mengikuti-jurnal" in {p.code for p in load_evaluation(path).problems}
    assert is_ahead(path)
    assert follow_journals(path.parent) == (path,)
    assert follow_journals(path.parent) == ()
    assert read(path).answers[Q].unit == "B"
    assert "belum-mengikuti-jurnal" not in {p.code for p in load_evaluation(path).problems}


@pytest.mark.parametrize("edited", [False, True])
@pytest.mark.parametrize("replaced", [False, True])
def test_a_crash_around_the_replacement_is_told_from_an_edit_by_hand(
    edited: bool, replaced: bool, path: Path, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    class KilledError(Exception):
        """Stands for a kill right before or after the file is replaced."""

    def kill(target: Path, data: bytes, kept: Path) -> None:
        if replaced:
            replace_keeping(target, data, kept)
        raise KilledError

    store = opened()
    store.change(at("unit"), "B", "A")
    with monkeypatch.context() as patch:
        patch.setattr(live_file, "replace_keeping", kill)
        with pytest.raises(KilledError):
            store.flush()
        patch.setattr(live_unit.LiveUnit, "follow", lambda self, is_last=False: None)
        store.close()
    if edited:
        edit_file(path, path.read_text().replace("A.I.1.i.a: Ya", "A.I.1.i.a: Tidak"))
    again = opened()
    assert len(again.notices) == edited
    assert again.get(at("unit")) == "B"
    assert again.get(at("unit", OTHER)) == ("Tidak" if edited else "Ya")
    assert read(path).answers == again.assessment.answers


def test_what_leaves_the_file_as_it_is_does_not_count_as_lagging(path: Path, opened: Open) -> None:
    with opened() as store:
        store.change(at("unit"), "B", "A")
        store.undo()
    assert path.read_text() == TEXT
    assert not is_ahead(path)
    with opened(MEMBER) as member:
        member.confirm(OTHER)
        member.flush()
        member.confirm(OTHER)
    assert not is_ahead(path)
    count = lines(path)
    opened().close()
    assert lines(path) == count


def test_a_lagging_file_with_errors_is_left_and_still_named(path: Path, opened: Open) -> None:
    store = opened()
    edit_file(path, TEXT + "x: 1\n")
    store.change(at("unit"), "B", "A")
    store.close()
    assert follow_journals(path.parent) == ()
    assert is_ahead(path)
    assert path.read_text() == TEXT + "x: 1\n"


def test_what_the_disk_does_not_take_is_not_changed(
    path: Path, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = opened()
    before = journal_path(path).read_bytes()

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(WorkspaceError, match="ruang penyimpanan habis"):
        store.change(at("unit"), "B", "A")
    monkeypatch.undo()
    assert journal_path(path).read_bytes() == before
    assert store.get(at("unit")) == "A"
    store.change(at("unit"), "C", "A")
    store.close()
    assert read(path).answers[Q].unit == "C"


def test_a_file_that_cannot_be_written_is_a_notice_and_is_tried_again(
    path: Path, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(target: Path, data: bytes, kept: Path) -> None:
        raise WorkspaceError("tidak dapat ditulis")

    monkeypatch.setattr(live_unit, "LATER", 0.1)
    store = opened()
    with monkeypatch.context() as patch:
        patch.setattr(live_file, "replace_keeping", refuse)
        store.change(at("unit"), "B", "A")
        wait_until(lambda: "tidak dapat ditulis" in "".join(store.notices))
    wait_until(lambda: "unit: B" in path.read_text())
    wait_until(lambda: store.notices == ())


def test_a_journal_that_was_taken_away_is_begun_again_without_losing_an_answer(
    path: Path, opened: Open
) -> None:
    store = opened()
    store.change(at("unit"), "B", "A")
    journal_path(path).unlink()
    store.change(at("unit", OTHER), "Tidak", "Ya")
    assert "dimulai lagi" in store.notices[0]
    store.close()
    assert (read(path).answers[Q].unit, read(path).answers[OTHER].unit) == ("B", "Tidak")
    assert rebuild_unit(path) == path.read_text()


def test_another_process_that_holds_the_unit_too_long_is_named(
    path: Path, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    import filelock

    store = opened()
    monkeypatch.setattr(live_file, "PATIENCE", 0.1)
    with (
        filelock.FileLock(journal_path(path).with_suffix(".lock")),
        pytest.raises(WorkspaceError, match="proses lain"),
    ):
        store.change(at("unit"), "B", "A")


# A new unit


def test_a_new_unit_is_empty_and_never_overwrites(tmp_path: Path) -> None:
    (tmp_path / "2026").mkdir()
    path = create_unit(tmp_path / "2026", Unit("dinas-baru", "Dinas Baru", kind="Dinas"), "WBBM")
    found = read(path)
    assert (found.target, found.unit.kind) == ("WBBM", "Dinas")
    assert all(answer == Answer() for answer in found.answers.values())
    with pytest.raises(WorkspaceError, match="sudah ada"):
        create_unit(tmp_path / "2026", Unit("dinas-baru", "Lain"), "WBK")
    for unit, target in (
        (Unit("../x", "X"), "WBK"),
        (Unit("x", " "), "WBK"),
        (Unit("x", "X"), "Z"),
    ):
        with pytest.raises(ZiEvalError):
            create_unit(tmp_path / "2026", unit, target)


# Work


def test_opening_changing_and_looking_cost_the_same_however_much_was_changed(
    root: Path, tmp_path: Path
) -> None:
    path = tmp_path / "2026" / "puskesmas-sukamaju.yaml"
    path.parent.mkdir()
    path.write_bytes((root / "parameters" / "2026" / path.name).read_bytes())
    AnswerStore.open(path, UNIT).close()
    with opened_files(tmp_path) as opened:
        store = AnswerStore.open(path, UNIT)
    assert opened.count(path) <= 3  # looked at, read under the lock, and by the period
    assert opened.count(journal_path(path)) <= 1

    def note(number: int) -> object:
        return store.change(at("catatan"), f"catatan {number}", store.get(at("catatan")))

    note(0)
    first = count_calls(lambda: note(1))
    for number in range(2, 60):
        note(number)
    assert count_calls(lambda: note(60)) < 1.1 * first < 5000
    store.close()
    with opened_files(tmp_path) as opened:
        store.refresh()
    assert len(opened) <= 1  # a file that was just written may have been written again
