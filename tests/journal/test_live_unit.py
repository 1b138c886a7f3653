"""A unit's file and its journal kept in step, one call at a time: no thread and no clock."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import pytest

from tests.hostile.journals import line_of
from tests.journal.test_live_table import Clock
from tests.journal.units import LEADER, OTHER, UNIT, Q, at, make_unit, read
from tests.work import opened_files
from zi_eval.errors import ParameterError, WorkspaceError, ZiEvalError
from zi_eval.journal import live_file, live_unit
from zi_eval.journal.fields import FINAL, Role
from zi_eval.journal.live_file import QUIET, SETTLED
from zi_eval.journal.live_unit import LATER, SOON, LiveUnit
from zi_eval.journal.unit_text import UnitReader
from zi_eval.period.journal_file import journal_path


class Follower:
    """Follows only where a test says so."""

    made: ClassVar[list[Follower]] = []

    def __init__(self, action: Callable[[], float | None], name: str) -> None:
        self.action = action
        self.calls: list[float] = []
        self.is_closed = False
        self.made.append(self)

    def call(self, delay: float) -> None:
        self.calls.append(delay)

    def close(self) -> None:
        self.is_closed = True

    def asked(self) -> set[float]:
        """Return within which times it was asked to follow since the last question."""
        found, self.calls = set(self.calls), []
        return found


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    for module in (live_file, live_unit):
        monkeypatch.setattr(module, "time", made)
    monkeypatch.setattr(live_unit, "Follower", Follower)
    return made


@pytest.fixture
def path(tmp_path: Path, clock: Clock) -> Path:
    made = make_unit(tmp_path)
    os.utime(made, (clock.now - 60,) * 2)
    return made


def open_unit(path: Path) -> tuple[LiveUnit, Follower]:
    unit = LiveUnit(path, UnitReader.of(path, path.read_bytes()))
    unit.begin()
    return unit, Follower.made[-1]


def change(unit: LiveUnit, new: str, question: str = Q) -> None:
    """Change an answer as a store does."""
    with unit.held():
        place = at("unit", question)
        unit.record(UNIT, [(place, unit.history.values.get(place), new)])


def records(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in journal_path(path).read_text().splitlines()]


def save(path: Path, old: str, new: str, clock: Clock, ago: float = 5) -> None:
    """Save by hand, so many seconds ago."""
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    os.utime(path, (clock.now - ago,) * 2)


def value(unit: LiveUnit, question: str = Q) -> Any:
    return unit.history.values.get(at("unit", question))


def test_a_change_is_in_the_journal_first_and_in_the_file_soon(path: Path, clock: Clock) -> None:
    unit, follower = open_unit(path)
    assert follower.asked() == set()  # nothing to do
    change(unit, "B")
    assert unit.assessment.answers[Q].unit == "B"
    assert read(path).answers[Q].unit == "A"
    assert follower.asked() == {SOON}
    assert follower.action() is None
    assert read(path).answers[Q].unit == "B"
    assert LATER in follower.asked()  # what was replaced is looked at again
    assert len(unit.kept_files()) == 1
    clock.now += SETTLED - 0.5
    assert follower.action() is None
    assert follower.asked() == {LATER}
    assert len(unit.kept_files()) == 1
    clock.now += 0.5
    follower.action()
    assert unit.kept_files() == []
    assert follower.asked() == set()
    said = journal_path(path).read_bytes()
    assert b'"tertulis"' in said.splitlines()[-1]
    follower.action()
    assert follower.asked() == set()  # and nothing is looked at any more
    assert journal_path(path).read_bytes() == said
    unit.end()
    assert follower.is_closed


def test_what_was_replaced_is_kept_also_while_changes_go_on(path: Path) -> None:
    unit, follower = open_unit(path)
    for new in ("B", "C"):
        change(unit, new)
        follower.action()
    assert len(unit.kept_files()) == 2


def test_an_empty_step_is_none(path: Path) -> None:
    unit, follower = open_unit(path)
    before = journal_path(path).read_bytes()
    with unit.held():
        assert unit.record(UNIT, []) == ()
    assert journal_path(path).read_bytes() == before
    assert follower.asked() == set()


def test_the_end_brings_the_file_in_step_and_leaves_nothing(path: Path, clock: Clock) -> None:
    unit, _ = open_unit(path)
    change(unit, "B")
    unit.end()
    assert read(path).answers[Q].unit == "B"
    assert [p.name for p in path.parent.iterdir() if p.is_file()] == [path.name]


def test_what_a_killed_process_left_is_looked_at_when_its_time_has_come(
    path: Path, clock: Clock
) -> None:
    unit, follower = open_unit(path)
    change(unit, "B")
    follower.action()  # and it is killed
    again, later = open_unit(path)
    assert len(again.kept_files()) == 1
    assert later.asked() == {LATER}
    clock.now += SETTLED
    later.action()
    assert again.kept_files() == []
    change(unit, "C")
    follower.action()
    (kept,) = unit.kept_files()
    save(kept, "A.I.1.i.a: Ya", "A.I.1.i.a: Tidak", clock, ago=0)  # being saved as it is opened
    third, _ = open_unit(path)
    assert (value(third), value(third, OTHER)) == ("C", "Tidak")
    assert third.news == []  # who opens it sees all as it is


def test_a_late_save_into_what_was_replaced_is_taken_at_once(path: Path, clock: Clock) -> None:
    unit, follower = open_unit(path)
    change(unit, "B")
    follower.action()
    (kept,) = unit.kept_files()
    save(kept, "A.I.1.i.a: Ya", "A.I.1.i.a: Tidak", clock)
    clock.now += SETTLED
    follower.action()
    assert (value(unit), value(unit, OTHER)) == ("B", "Tidak")
    assert (read(path).answers[Q].unit, read(path).answers[OTHER].unit) == ("B", "Tidak")
    clock.now += SETTLED
    follower.action()
    assert unit.kept_files() == []


def test_a_save_between_our_look_and_the_lock_is_not_overwritten(
    path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    unit, follower = open_unit(path)
    change(unit, "B")
    real, waiting = live_unit.renew_text, [True]

    def renew_text(*arguments: Any) -> str:
        if waiting:
            waiting.pop()
            save(path, "A.I.1.i.a: Ya", "A.I.1.i.a: Tidak", clock)
        return real(*arguments)

    monkeypatch.setattr(live_unit, "renew_text", renew_text)
    follower.action()
    assert (read(path).answers[Q].unit, read(path).answers[OTHER].unit) == ("B", "Tidak")


def test_a_unit_whose_file_broke_while_nobody_had_it_open_is_opened_by_its_journal(
    path: Path, clock: Clock
) -> None:
    unit, _ = open_unit(path)
    change(unit, "B")
    unit.end()
    save(path, "nama: Dinas Uji", "nama: [", clock)
    again, _ = open_unit(path)
    assert value(again) == "B"
    (said,) = again.notices
    assert "tidak dapat dibaca" in said


def test_nobody_takes_back_what_they_may_not_change_any_more(path: Path) -> None:
    unit, _ = open_unit(path)
    change(unit, "B")
    with unit.held():
        unit.record(LEADER, [(FINAL, None, {"oleh": "Dewi", "waktu": "2026-05-20T14:30:00+07:00"})])
    with pytest.raises(ZiEvalError, match="final"):
        unit.undo(UNIT)
    assert value(unit) == "B"


def test_a_file_with_errors_and_no_journal_is_refused(path: Path, clock: Clock) -> None:
    save(path, "nama: Dinas Uji", "nama: [", clock)
    with pytest.raises(ParameterError, match="dinas-uji"):
        open_unit(path)


def test_a_save_by_hand_is_taken_question_by_question_and_told(path: Path, clock: Clock) -> None:
    unit, follower = open_unit(path)
    change(unit, "B")
    follower.asked()
    save(path, "A.I.1.i.a: Ya", "A.I.1.i.a: Tidak", clock)
    with unit.mutex:
        unit.look(is_locked=False)
    assert (value(unit), value(unit, OTHER)) == ("B", "Tidak")
    assert unit.assessment.answers[OTHER].unit == "Tidak"
    assert [record.get("tertinggal") for record in records(path)] == [False, None, True]
    assert [(c.new, c.person.role) for c in unit.news] == [("Tidak", Role.FILE)]
    assert unit.notices == ("Berkas disunting langsung: A.I.1.i.a dari Ya menjadi Tidak.",)
    assert SOON in follower.asked()  # the file does not show our change yet
    follower.action()
    assert (read(path).answers[Q].unit, read(path).answers[OTHER].unit) == ("B", "Tidak")
    follower.asked()
    save(path, "A.I.1.i.a: Tidak", "A.I.1.i.a: Ya", clock)
    save(path, "    catatan: Terbuka.\n", "", clock)
    with unit.held():  # nothing of ours is missing in the file now
        pass
    assert SOON not in follower.asked()
    assert records(path)[-1]["tertinggal"] is False
    change(unit, "C")
    assert [change.number for change in unit.of()] == [1, 2, 3, 4, 5]


def test_what_the_journal_has_and_the_file_not_is_in_it_once_the_unit_is_open(path: Path) -> None:
    unit, _ = open_unit(path)
    change(unit, "B")  # and it is killed
    again, _ = open_unit(path)
    assert read(path).answers[Q].unit == "B"
    assert again.assessment.answers[Q].unit == "B"
    assert again.news == []


def test_a_journal_that_was_replaced_by_an_older_one_loses_no_change(
    path: Path, tmp_path: Path, clock: Clock
) -> None:
    unit, _ = open_unit(path)
    journal, other = journal_path(path), tmp_path / "cadangan"
    change(unit, "B")
    other.write_bytes(journal.read_bytes())
    change(unit, "C")
    change(unit, "Tidak", OTHER)
    other.replace(journal)
    with unit.held():
        pass
    assert (value(unit), value(unit, OTHER)) == ("B", "Tidak")  # of one question the journal's
    assert [unit.assessment.answers[q].unit for q in (Q, OTHER)] == ["B", "Tidak"]
    assert [(change.number, change.new) for change in unit.of()] == [(1, "B"), (2, "Tidak")]
    assert unit.history.last_number == 2


def test_a_journal_whose_first_text_cannot_be_read_is_named(path: Path) -> None:
    unit, _ = open_unit(path)
    change(unit, "B")
    first, *rest = journal_path(path).read_bytes().splitlines(keepends=True)
    record = json.loads(first)
    del record["cek"]
    text = json.dumps({**record, "teks": "nama: ["})
    journal_path(path).write_bytes(b"".join([line_of(text), *rest]))
    with pytest.raises(WorkspaceError, match=r"dalam jurnal .* tidak dapat dibaca"):
        open_unit(path)


def test_a_journal_whose_first_line_is_damaged_goes_on_from_the_file(
    path: Path, clock: Clock
) -> None:
    unit, _ = open_unit(path)
    change(unit, "B")
    unit.end()
    os.utime(path, (clock.now - 5,) * 2)
    _, *rest = journal_path(path).read_bytes().splitlines(keepends=True)
    journal_path(path).write_bytes(b"".join([b"rusak\n", *rest]))
    again, _ = open_unit(path)
    assert value(again) == "B"
    assert again.assessment.answers[OTHER].unit == "Ya"
    assert "rusak di baris 1" in "".join(again.notices)


def test_a_journal_that_was_taken_away_begins_with_the_file_as_it_stands(
    path: Path, clock: Clock
) -> None:
    unit, follower = open_unit(path)
    change(unit, "B")
    follower.action()
    journal_path(path).unlink()
    with unit.held():
        pass
    assert [record["jenis"] for record in records(path)] == ["berkas"]
    assert records(path)[0]["teks"] == path.read_text()


def test_a_save_that_changes_no_answer_is_recorded_once_and_kept(path: Path, clock: Clock) -> None:
    unit, follower = open_unit(path)
    save(path, "# Tim kerja", "# Tim kerja ZI", clock)
    for _ in range(2):
        with unit.held():
            pass
        assert [record["jenis"] for record in records(path)] == ["berkas"] * 2
    assert unit.notices == ()
    assert unit.of() == ()
    change(unit, "B")
    follower.action()
    assert "# Tim kerja ZI" in path.read_text()


def test_without_journal_and_file_what_is_known_begins_the_new_journal(
    path: Path, clock: Clock
) -> None:
    unit, _ = open_unit(path)
    text = path.read_text()
    change(unit, "B")
    save(path, "nama: Dinas Uji", "nama: [", clock)
    unit.follow()
    journal_path(path).unlink()
    with unit.held():
        pass
    assert records(path)[0]["teks"] == text
    assert records(path)[0]["tertinggal"] is True
    assert [record["nomor"] for record in records(path)] == [1, 1]
    assert value(unit) == "B"


def test_of_a_question_changed_in_both_the_file_is_newer_and_the_other_is_named(
    path: Path, clock: Clock
) -> None:
    unit, _ = open_unit(path)
    change(unit, "B")
    save(path, "unit: A", "unit: C", clock)
    unit.follow()
    assert value(unit) == "C"
    (said,) = unit.notices
    assert "dari B menjadi C. Isian B yang belum masuk berkas tetap ada di riwayat." in said
    assert read(path).answers[Q].unit == "C"


def test_an_empty_place_is_called_so(path: Path, clock: Clock) -> None:
    unit, _ = open_unit(path)
    save(path, "    catatan: Terbuka.\n", "", clock)
    unit.follow()
    assert "dari Terbuka. menjadi kosong" in unit.notices[0]


def test_a_file_that_is_saved_just_now_is_left_alone_until_it_is_quiet(
    path: Path, clock: Clock
) -> None:
    unit, follower = open_unit(path)
    change(unit, "B")
    save(path, "A.I.1.i.a: Ya", "A.I.1.i.a: Tidak", clock, ago=0)
    with unit.mutex:
        unit.look(is_locked=False)
    assert value(unit, OTHER) == "Ya"
    assert unit.notices == ()
    started = clock.now
    follower.action()  # waits
    assert clock.now - started >= QUIET
    assert (value(unit), value(unit, OTHER)) == ("B", "Tidak")
    assert read(path).answers[Q].unit == "B"


def test_a_file_is_opened_only_where_its_time_does_not_tell(path: Path, clock: Clock) -> None:
    unit, _ = open_unit(path)
    with opened_files(path.parent) as opened:
        unit.follow()
        unit.follow()
    assert opened.count(path) == 0
    save(path, "unit: A", "unit: B", clock, ago=1)
    unit.follow()
    save(path, "unit: B", "unit: C", clock, ago=1)  # of the same size and time
    unit.follow()
    assert value(unit) == "C"


def test_a_broken_file_waits_for_its_mending_while_changes_go_on(path: Path, clock: Clock) -> None:
    unit, follower = open_unit(path)
    save(path, "nama: Dinas Uji", "nama: [", clock)
    follower.action()
    assert unit.problems
    assert "tidak dapat dibaca" in unit.notices[0]
    change(unit, "B")
    follower.action()
    assert "nama: [" in path.read_text()
    save(path, "nama: [", "nama: Dinas Uji", clock)
    follower.action()
    assert (unit.problems, unit.notices) == ((), ())
    assert read(path).answers[Q].unit == "B"


def test_a_file_that_is_gone_is_said_and_changes_stay_in_the_journal(
    path: Path, clock: Clock
) -> None:
    unit, follower = open_unit(path)
    text = path.read_text()
    path.unlink()
    follower.action()
    assert unit.problems == ()
    assert "zi-eval restore" in unit.notices[0]
    change(unit, "B")
    follower.action()
    assert not path.exists()
    path.write_text(text)
    os.utime(path, (clock.now - 5,) * 2)
    follower.action()
    assert unit.notices == ()
    assert read(path).answers[Q].unit == "B"


def test_a_file_that_cannot_be_read_is_said(path: Path) -> None:
    unit, _ = open_unit(path)
    path.unlink()
    path.mkdir()
    with pytest.raises(WorkspaceError, match="tidak dapat dibaca: ini folder"):
        unit.follow()


def test_a_trouble_is_told_tried_again_later_and_forgotten(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unit, follower = open_unit(path)
    change(unit, "B")
    for error, said in (
        (ZiEvalError("penuh"), "belum masuk berkas. penuh"),
        (KeyError("x"), "belum masuk berkas. KeyError: 'x'"),
    ):

        def fail(*_: object, error: Exception = error) -> None:
            raise error

        with monkeypatch.context() as patch:
            patch.setattr(live_file, "replace_keeping", fail)
            assert follower.action() == LATER
        assert said in unit.notices[-1]
    assert follower.action() is None
    assert unit.notices == ()
    assert read(path).answers[Q].unit == "B"


def test_two_who_have_it_open_hear_of_one_another(path: Path, clock: Clock) -> None:
    one, _ = open_unit(path)
    other, later = open_unit(path)
    change(one, "B")
    with other.mutex:
        other.look(is_locked=False)
    assert [c.new for c in other.news] == ["B"]
    assert other.assessment.answers[Q].unit == "B"
    assert later.asked() == {LATER}  # where the other is killed, this one writes
    one.follow()
    other.follow()
    assert later.asked() == {LATER}  # and releases what it replaced
    assert read(path).answers[Q].unit == "B"
    assert one.notices == other.notices == ()
    assert one.news == []


def test_what_another_process_replaced_just_now_is_looked_at_again(
    path: Path, clock: Clock
) -> None:
    one, mine = open_unit(path)
    change(one, "B")
    mine.action()
    clock.now += SETTLED - 0.5
    other, theirs = open_unit(path)
    change(other, "C")
    theirs.action()  # and it is killed
    clock.now += 0.5
    mine.action()
    assert len(one.kept_files()) == 1
    clock.now += SETTLED
    mine.action()
    assert one.kept_files() == []


def test_an_undo_is_a_step_and_the_file_shows_it(path: Path, clock: Clock) -> None:
    unit, follower = open_unit(path)
    change(unit, "B")
    follower.action()
    assert [c.new for c in unit.undo(UNIT)] == ["A"]
    follower.action()
    assert read(path).answers[Q].unit == "A"
    change(unit, "B")
    unit.undo(UNIT)
    before = path.stat().st_ino
    follower.action()  # the file is as before: only the journal says so
    assert path.stat().st_ino == before
    shown = hashlib.sha256(path.read_bytes()).hexdigest()
    assert unit.history.is_shown(shown, unit.history.last_number)


def test_a_journal_that_was_taken_away_begins_with_what_is_known(path: Path, clock: Clock) -> None:
    unit, follower = open_unit(path)
    change(unit, "B")
    journal_path(path).unlink()
    with unit.held():
        pass
    assert value(unit) == "B"
    assert "hilang atau diganti" in unit.notices[0]
    assert [c.person.role for c in unit.of()] == [Role.FILE]
    follower.action()
    assert read(path).answers[Q].unit == "B"
    again, _ = open_unit(path)
    assert value(again) == "B"
