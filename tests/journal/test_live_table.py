"""What all tables with a journal do, shown with the smallest: lines ``key=value``, and no clock."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.hostile.journals import STEP, line_of
from tests.work import opened_files
from zi_eval.core.problems import Problem
from zi_eval.errors import ParameterError, WorkspaceError
from zi_eval.journal import live_file, live_table
from zi_eval.journal.changes import Edit, Values
from zi_eval.journal.fields import ConflictError, FieldPlace, Person, Role
from zi_eval.journal.live_table import LiveTable, journal_file

ANI, BUDI = Person("Ani", Role.UNIT), Person("Budi", Role.UNIT)
A, B = FieldPlace("a", "nilai"), FieldPlace("b", "nilai")


@dataclass(frozen=True)
class Tiny:
    """A table of lines ``key=value``."""

    data: bytes
    problems: tuple[Problem, ...] = ()

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


def parse(data: bytes) -> Tiny:
    if any("=" not in line for line in data.decode().splitlines()):
        raise ParameterError([Problem(code="uji", message="baris tanpa tanda sama.")])
    return Tiny(data)


def check_value(field: str, value: Any) -> None:
    if field != "nilai" or "=" in value:
        raise ValueError(value)


class TinyStore(LiveTable[Tiny]):
    """A hold on such a table."""

    def __init__(self, path: Path) -> None:
        self.held_count = 0
        super().__init__(path, journal_file(path, "uji"), parse(path.read_bytes()), check_value)

    def read_bytes(self) -> bytes:
        return self.path.read_bytes()

    def parse(self, data: bytes) -> Tiny:
        return parse(data)

    def values_of(self, table: Tiny) -> Values:
        pairs = (line.split("=", 1) for line in table.data.decode().splitlines())
        return {FieldPlace(key, "nilai"): value for key, value in pairs if value}

    def with_value(self, table: Tiny, place: FieldPlace, value: Any) -> Tiny:
        values = {p.key: v for p, v in self.values_of(table).items()} | {place.key: value or ""}
        return Tiny("".join(f"{key}={v}\n" for key, v in values.items()).encode())

    def proven(self, person: Person) -> Person:
        return person

    @contextmanager
    def locked(self) -> Iterator[None]:
        self.held_count += 1
        with super().locked():
            yield


class Clock(SimpleNamespace):
    """Stands still, but for who sleeps and for what a test lets pass."""

    def __init__(self) -> None:
        self.now = float(int(time.time()))
        super().__init__()

    def time(self) -> float:
        return self.now

    monotonic = time

    def time_ns(self) -> int:
        return int(self.now * 1e9)

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    for module in (live_file, live_table):
        monkeypatch.setattr(module, "time", made)
    return made


@pytest.fixture
def path(tmp_path: Path, clock: Clock) -> Path:
    made = tmp_path / "uji" / "unit.txt"
    made.parent.mkdir()
    save(made, "a=1\nb=1\n", clock, ago=60)
    return made


def save(path: Path, text: str, clock: Clock, ago: float) -> None:
    """Save a file by hand, so many seconds ago."""
    path.write_text(text, encoding="utf-8")
    os.utime(path, (clock.now - ago,) * 2)


def records(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in journal_file(path, "uji").read_text().splitlines()]


# --- the journal ---


def test_the_journal_keeps_texts_as_people_wrote_them(path: Path, clock: Clock) -> None:
    save(path, "a=Nilai naik 5 \u00b0C\n", clock, ago=60)
    TinyStore(path).change(ANI, A, "2", "Nilai naik 5 \u00b0C")
    (first, _) = records(path)
    assert first["teks"] == '[["a", "nilai", "Nilai naik 5 \u00b0C"]]'
    assert not first["tertinggal"]  # a table is never behind its journal


@pytest.mark.parametrize(
    "change",
    [
        {"lama": True, "baru": "2"},
        {"lama": "1", "baru": ["2"]},
        {"lama": "1", "baru": "2=3"},
        {"lama": "1", "baru": 2},
        {"lama": "1", "baru": "2", "bagian": "lain"},
        {"lama": "1"},
    ],
)
def test_a_line_whose_values_no_cell_can_hold_counts_as_damaged(
    path: Path, change: dict[str, Any]
) -> None:
    TinyStore(path).change(ANI, A, "2", "1")
    whole = {"pertanyaan": "a", "bagian": "nilai", **change}
    with journal_file(path, "uji").open("ab") as stream:
        stream.write(line_of(json.dumps({**STEP, "nomor": 2, "ubah": [whole]})))
    store = TinyStore(path)
    assert "rusak di baris 3" in "".join(store.notices)
    assert store.get(A) == "2"
    assert len(store.of()) == 1


def test_numbers_follow_one_another_whoever_changed_something(path: Path, clock: Clock) -> None:
    store = TinyStore(path)
    store.change(ANI, A, "2", "1")
    save(path, "a=3\nb=2\n", clock, ago=60)
    store.change(BUDI, A, "4", "3")
    assert [change.number for change in store.of()] == [1, 2, 3, 4]
    assert [change.person.role for change in store.of()][1:3] == [Role.FILE] * 2


def test_a_journal_that_was_taken_away_or_replaced_is_read_from_its_start(
    path: Path, tmp_path: Path
) -> None:
    store, journal = TinyStore(path), journal_file(path, "uji")
    store.change(ANI, A, "2", "1")
    kept = journal.read_bytes()
    journal.unlink()
    store.change(ANI, A, "3", "2")
    assert [record["jenis"] for record in records(path)] == ["berkas", "ubah"]
    assert len(store.of()) == 1
    other = tmp_path / "cadangan"
    other.write_bytes(kept)
    other.replace(journal)
    store.refresh()
    assert [change.new for change in store.of()] == ["2"]


# --- what was replaced ---


def test_what_was_replaced_is_kept_two_seconds_and_then_nothing_is_held_for_it(
    path: Path, clock: Clock
) -> None:
    store = TinyStore(path)
    store.change(ANI, A, "2", "1")
    store.change(ANI, A, "3", "2")
    assert len(store.kept_files()) == 2
    count = store.held_count
    clock.now += live_file.SETTLED - 0.5
    store.refresh()
    assert (len(store.kept_files()), store.held_count) == (2, count)
    clock.now += 0.5
    store.refresh()
    assert (store.kept_files(), store.held_count) == ([], count + 1)
    clock.now += 60
    store.refresh()
    assert store.held_count == count + 1


def test_what_another_process_replaced_just_now_is_looked_at_again(
    path: Path, clock: Clock
) -> None:
    store = TinyStore(path)
    store.change(ANI, A, "2", "1")
    clock.now += live_file.SETTLED - 0.5
    TinyStore(path).change(BUDI, B, "2", "1")  # and is killed
    clock.now += 0.5
    store.refresh()
    assert len(store.kept_files()) == 1
    clock.now += live_file.SETTLED
    store.refresh()
    assert store.kept_files() == []


def test_a_late_save_is_put_back_with_the_last_step_alone(path: Path, clock: Clock) -> None:
    store = TinyStore(path)
    store.change(ANI, A, "2", "1")
    clock.now += live_file.SETTLED
    store.refresh()
    store.change(ANI, B, "2", "1")
    (kept,) = store.kept_files()
    save(kept, "a=1\nb=1\nc=tangan\n", clock, ago=1)  # a is as it was before our first step
    clock.now += live_file.SETTLED
    store.refresh()
    assert path.read_text() == "a=1\nb=2\nc=tangan\n"
    # What the step had made stood there for a moment: somebody may have opened it.
    assert {kept.read_text() for kept in store.kept_files()} == {
        "a=2\nb=2\n", "a=1\nb=1\nc=tangan\n",
    }  # fmt: skip
    clock.now += live_file.SETTLED
    store.refresh()
    assert store.kept_files() == []


def test_a_step_of_others_that_came_while_the_lock_was_waited_for_is_kept_too(
    path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, other = TinyStore(path), TinyStore(path)
    store.change(ANI, A, "2", "1")
    clock.now += live_file.SETTLED
    real = TinyStore.locked

    @contextmanager
    def locked(self: TinyStore) -> Iterator[None]:
        if self is store and not other.of():
            other.change(BUDI, B, "2", "1")
            kept = max(other.kept_files(), key=lambda p: p.read_text().count("a=2"))
            save(kept, "a=2\nb=1\nc=tangan\n", clock, ago=1)
        with real(self):
            yield

    monkeypatch.setattr(TinyStore, "locked", locked)
    store.refresh()
    assert path.read_text() == "a=2\nb=2\nc=tangan\n"


def test_a_late_save_that_is_still_being_written_is_waited_for(path: Path, clock: Clock) -> None:
    store = TinyStore(path)
    store.change(ANI, A, "2", "1")
    (kept,) = store.kept_files()
    save(kept, "a=1\nb=tangan\n", clock, ago=0)
    store.change(ANI, A, "3", "2")
    assert path.read_text() == "a=3\nb=tangan\n"
    looks = []
    store.release = lambda is_last=True: looks.append(is_last) or True  # type: ignore[method-assign, func-returns-value]
    store.change(ANI, A, "4", "3")
    assert looks == [False]


def test_of_two_saves_at_the_same_moment_both_stay_and_one_is_named(
    path: Path, clock: Clock
) -> None:
    store = TinyStore(path)
    store.change(ANI, A, "2", "1")
    (kept,) = store.kept_files()
    save(kept, "a=satu\n", clock, ago=1)
    save(path, "a=dua\n", clock, ago=1)
    clock.now += live_file.SETTLED
    store.refresh()
    (aside,) = path.parent.glob("*.simpanan-*")
    assert (aside.read_text(), path.read_text()) == ("a=satu\n", "a=dua\n")
    assert aside.name in "".join(store.notices)


# --- a table that others save ---


def test_a_table_is_opened_only_where_its_time_does_not_tell(path: Path, clock: Clock) -> None:
    store = TinyStore(path)
    store.refresh()
    with opened_files(path.parent) as opened:
        store.refresh()
    assert opened.count(path) == 0
    save(path, "a=5\nb=1\n", clock, ago=1)
    store.refresh()
    save(path, "a=6\nb=1\n", clock, ago=1)  # of the same size and time
    assert [change.new for change in store.refresh()] == ["6"]


def test_a_table_just_being_saved_is_waited_for_by_whoever_changes_it(
    path: Path, clock: Clock
) -> None:
    store = TinyStore(path)
    save(path, "a=3\nb=1\n", clock, ago=0)
    assert store.refresh() == ()  # who only looks does not wait
    with pytest.raises(ConflictError):
        store.change(ANI, A, "1", "1")  # seen before the save that is under way
    assert store.get(A) == "3"


def test_a_program_that_never_stops_saving_lets_nobody_hold_the_table(
    path: Path, clock: Clock
) -> None:
    store = TinyStore(path)
    save(path, "a=3\nb=1\n", clock, ago=0)
    clock.sleep = lambda seconds: os.utime(path, (clock.now,) * 2)
    with pytest.raises(WorkspaceError, match="terus diubah"), store.held():
        pytest.fail("held")


def test_a_table_that_goes_while_it_is_written_is_named_and_nothing_is_recorded(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = TinyStore(path)
    store.change(ANI, A, "2", "1")
    before = records(path)
    real = TinyStore.with_edits

    def with_edits(self: TinyStore, table: Tiny, edits: list[Edit]) -> Tiny:
        path.unlink()
        return real(self, table, edits)

    monkeypatch.setattr(TinyStore, "with_edits", with_edits)
    with pytest.raises(WorkspaceError, match="tidak ada lagi"):
        store.change(ANI, A, "3", "2")
    assert records(path) == before


def test_a_table_that_cannot_be_read_any_more_is_told_and_no_longer_changed(
    path: Path, clock: Clock
) -> None:
    store = TinyStore(path)
    save(path, "rusak\n", clock, ago=60)
    store.refresh()
    assert [problem.code for problem in store.problems] == ["uji"]
    assert "baris tanpa tanda sama" in store.notices[0]
    with pytest.raises(ParameterError):
        store.change(ANI, A, "2", "1")
    assert path.read_text() == "rusak\n"
