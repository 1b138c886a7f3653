"""What is replaced under the hands of others, shown with the smallest of tables, and no clock."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from tests.journal.test_live_table import ANI, A, B, Clock, TinyStore, clock, path, records, save
from zi_eval.errors import StorageError, WorkspaceError
from zi_eval.journal import live_file
from zi_eval.journal.live_table import journal_file

__all__ = ["clock", "path"]  # fixtures
OURS = b"a=2\nb=1\n"


def hash_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def meanwhile(monkeypatch: pytest.MonkeyPatch, *deeds: object) -> None:
    """Let somebody do something right before our file takes the place of theirs, once each."""
    real, waiting = live_file.replace_keeping, list(deeds)

    def replace_keeping(target: Path, data: bytes, kept: Path) -> None:
        if waiting:
            waiting.pop(0)()  # type: ignore[operator]
        real(target, data, kept)

    monkeypatch.setattr(live_file, "replace_keeping", replace_keeping)


def test_a_save_at_the_very_moment_stands_in_its_place_again(
    path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, before = TinyStore(path), hash_of(path)
    meanwhile(monkeypatch, lambda: save(path, "a=tangan\nb=1\n", clock, ago=5))
    with store.locked():
        assert store.replace(OURS, before) is False
        assert path.read_text() == "a=tangan\nb=1\n"
        (kept,) = store.kept_files()
        assert kept.read_bytes() == OURS  # somebody may have opened it for that moment
        assert store.release()
        assert store.kept_files() == []
        assert store.replace(OURS, hash_of(path)) is True
    assert path.read_bytes() == OURS


def test_somebody_who_saves_again_while_a_save_is_given_back_has_the_last_word(
    path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, before = TinyStore(path), hash_of(path)
    meanwhile(monkeypatch, lambda: save(path, "a=satu\n", clock, ago=5))
    real, waiting = live_file.swap_files, ["a=dua\n", "a=tiga\n"]

    def swap_files(one: Path, other: Path) -> None:
        if waiting:
            save(path, waiting.pop(0), clock, ago=5)
        real(one, other)

    monkeypatch.setattr(live_file, "swap_files", swap_files)
    with store.locked():
        assert store.replace(OURS, before) is False
    assert path.read_text() == "a=tiga\n"


def test_a_file_that_is_taken_away_at_the_very_moment_is_not_made_anew(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = TinyStore(path)
    store.change(ANI, A, "2", "1")
    before = records(path)
    meanwhile(monkeypatch, path.unlink)
    with pytest.raises(WorkspaceError, match="tidak ada lagi"):
        store.change(ANI, A, "3", "2")
    assert not path.exists()
    assert records(path) == before


def test_what_a_link_leads_to_is_not_replaced(path: Path, tmp_path: Path) -> None:
    store, target = TinyStore(path), tmp_path / "di tempat lain.txt"
    path.replace(target)
    path.symlink_to(target)
    with pytest.raises(StorageError, match="tautan simbolik"):
        store.change(ANI, A, "2", "1")
    assert target.read_text() == "a=1\nb=1\n"
    assert path.is_symlink()


def test_a_kept_file_that_another_process_removed_meanwhile_stops_nothing(
    path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = TinyStore(path)
    store.change(ANI, A, "2", "1")
    found = store.kept_files()
    gone = path.with_name(f".{path.name}.0-0-0{live_file.KEPT}")
    monkeypatch.setattr(store, "kept_files", lambda: [gone, *found])
    with store.locked():
        assert store.release()
    assert not found[0].exists()


def test_only_ones_own_are_released_at_once_and_only_at_the_last(path: Path, clock: Clock) -> None:
    store, other = TinyStore(path), TinyStore(path)
    store.change(ANI, A, "2", "1")
    other.change(ANI, B, "2", "1")
    (_, theirs) = sorted(store.kept_files(), key=lambda kept: "a=2" in kept.read_text())
    with store.locked():
        assert store.release(is_last=False)
        assert len(store.kept_files()) == 2
        assert store.release()
        assert store.kept_files() == [theirs]
        clock.now += live_file.SETTLED - 0.5
        assert store.release()
        assert store.kept_files() == [theirs]
        clock.now += 0.5
        assert store.release(is_last=False)
    assert store.kept_files() == []


def test_what_is_still_being_written_into_a_kept_file_is_left_alone_until_it_is_quiet(
    path: Path, clock: Clock
) -> None:
    store = TinyStore(path)
    store.change(ANI, A, "2", "1")
    (kept,) = store.kept_files()
    save(kept, "a=1\nb=tang", clock, ago=0)
    with store.locked():
        assert store.release() is False
        assert (path.read_text(), kept.read_text()) == ("a=2\nb=1\n", "a=1\nb=tang")
        save(kept, "a=1\nb=tangan\n", clock, ago=2 * live_file.QUIET)
        assert store.release() is False  # there is news
        assert path.read_text() == "a=2\nb=tangan\n"
    save(path, "a=dua\n", clock, ago=5)
    (kept, *_) = store.kept_files()
    save(kept, "a=satu\n", clock, ago=5)
    with store.locked():
        assert store.release() is True  # nobody can say which is the newer: one is put aside
    assert [aside.read_text() for aside in store.asides] == ["a=satu\n"]


def test_a_folder_that_takes_no_lock_is_named(path: Path) -> None:
    journal_file(path, "uji").with_suffix(".lock").mkdir(parents=True)
    with pytest.raises(WorkspaceError, match="jurnal tidak dapat ditulis"):
        TinyStore(path).change(ANI, A, "2", "1")
    assert path.read_text() == "a=1\nb=1\n"


def test_what_a_killed_write_of_the_file_left_behind_goes_with_the_next_one(path: Path) -> None:
    left = path.with_name(f".{path.name}.bukan-proses.zi-eval-tmp")
    left.write_text("setengah")
    os.utime(left, (0, 0))
    store = TinyStore(path)
    store.refresh()
    assert left.exists()  # who only looks changes nothing
    store.change(ANI, A, "2", "1")
    assert not left.exists()


def test_files_beside_it_that_are_none_of_ours_stay(path: Path, clock: Clock) -> None:
    store = TinyStore(path)
    store.change(ANI, A, "2", "1")
    others = [
        path.with_name(f".lain.txt.0-0-0{live_file.KEPT}"),
        path.with_name(f".{path.name}.catatan"),
    ]
    for other in others:
        other.write_text("x")
    assert len(store.kept_files()) == 1
    clock.now += live_file.SETTLED
    store.refresh()
    assert store.kept_files() == []
    assert all(other.exists() for other in others)


def test_one_kept_between_two_renames_of_a_system_without_exchange_is_found(
    path: Path, clock: Clock
) -> None:
    store = TinyStore(path)
    store.change(ANI, A, "2", "1")
    (kept,) = store.kept_files()
    between = kept.with_name(f"{kept.name}~")
    kept.replace(between)
    assert TinyStore(path).kept_files() == [between]
    clock.now += live_file.SETTLED
    TinyStore(path).refresh()
    assert not between.exists()
