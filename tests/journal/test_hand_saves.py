"""Whoever saves the unit's file by hand, at any moment of our own writing, loses nothing."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from tests.interposed import Saver, interpose
from tests.journal.units import OTHER, UNIT, Q, at, edit_file, make_unit, read, set_back
from zi_eval import files
from zi_eval.journal import live_file, live_unit
from zi_eval.journal.store import AnswerStore, Role

MODULES = (files, live_file, live_unit)


@pytest.fixture(autouse=True)
def nothing_follows_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_unit, "SOON", 3600.0)
    monkeypatch.setattr(live_unit, "LATER", 3600.0)


def edit(data: bytes) -> bytes:
    assert b"A.I.1.i.a: Ya" in data
    return data.replace(b"A.I.1.i.a: Ya", b"A.I.1.i.a: Tidak") + b"# tangan\n"


def save_during_a_flush(folder: Path, way: str, *moments: int) -> int:
    """Let a change follow into the file while somebody saves; return the lines that were run."""
    path = make_unit(folder)
    store = AnswerStore.open(path, UNIT)
    store.change(at("unit"), "B", "A")
    saver = Saver(path, edit)
    if way == "anew":
        deeds = [(moments[0], saver.save_anew)] if moments else []
    else:
        deeds = [(moments[0], saver.open), (moments[-1], saver.write)] if moments else []

    def close() -> None:
        store.flush()
        store.close()

    lines = interpose(close, MODULES, *deeds)
    if moments:
        with AnswerStore.open(path, UNIT) as again:
            assert again.get(at("unit")) == "B", moments
            assert again.get(at("unit", OTHER)) == "Tidak", moments
            made = [c for c in again.history(OTHER) if c.new == "Tidak"]
            assert [c.person.role for c in made] == [Role.FILE]
        answers = read(path).answers
        assert (answers[Q].unit, answers[OTHER].unit) == ("B", "Tidak")
        assert path.read_text().count("# tangan") == 1
        assert [file.name for file in path.parent.iterdir() if file.is_file()] == [path.name]
    return lines


def moments_of(folder: Path, way: str, apart: int) -> range:
    return range(0, save_during_a_flush(folder, way), apart)


@pytest.mark.parametrize("apart", [17, pytest.param(1, marks=pytest.mark.long)])
def test_a_save_by_a_new_file_at_any_line_of_ours_is_merged(tmp_path: Path, apart: int) -> None:
    moments = moments_of(tmp_path / "dry", "anew", apart)
    assert len(moments) > 8
    for moment in moments:
        save_during_a_flush(tmp_path / str(moment), "anew", moment)


@pytest.mark.parametrize("apart", [29, pytest.param(2, marks=pytest.mark.long)])
@pytest.mark.parametrize("length", [0, 40])
def test_a_save_into_the_old_file_at_any_line_of_ours_is_merged(
    tmp_path: Path, apart: int, length: int
) -> None:
    moments = moments_of(tmp_path / "dry", "in place", apart)
    last = moments[-1]
    for moment in moments:
        until = min(moment + length, last)
        save_during_a_flush(tmp_path / str(moment), "in place", moment, until)


@pytest.mark.parametrize("apart", [41, pytest.param(1, marks=pytest.mark.long)])
def test_without_the_systems_exchange_only_the_moment_between_two_calls_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, apart: int
) -> None:
    """Windows and file systems without the call, and without hard links."""
    monkeypatch.setattr(files, "_exchange", lambda one, other: False)
    for links in (True, False):
        if not links:

            def refuse(*_: object) -> None:
                raise OSError(errno.EPERM, "Operation not permitted")

            monkeypatch.setattr(os, "link", refuse)
        saved = 0
        moments = moments_of(tmp_path / f"dry {links}", "anew", apart)
        for moment in moments:
            try:
                save_during_a_flush(tmp_path / f"{links} {moment}", "anew", moment)
                saved += 1
            except AssertionError:
                pass
        assert saved >= len(moments) - 1


def test_an_edit_of_the_same_size_and_time_is_seen_before_anything_is_written(
    tmp_path: Path,
) -> None:
    path = make_unit(tmp_path)
    set_back(path, 60)
    store = AnswerStore.open(path, UNIT)
    store.flush()
    before = path.stat()
    with path.open("r+b") as stream:
        data = stream.read()
        stream.seek(data.index(b"unit: A") + 6)
        stream.write(b"C")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    store.change(at("catatan"), "baru", "Terbuka.")
    assert store.get(at("unit")) == "C"
    store.close()
    assert read(path).answers[Q].unit == "C"


def test_what_a_killed_process_had_replaced_is_looked_at_when_the_unit_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The old file still stands beside the new one, and somebody has saved into it."""
    path = make_unit(tmp_path)
    store = AnswerStore.open(path, UNIT)
    store.change(at("unit"), "B", "A")
    store.flush()
    monkeypatch.setattr(live_unit.LiveUnit, "follow", lambda self, is_last=False: None)
    store.close()
    monkeypatch.undo()
    (kept,) = [file for file in path.parent.iterdir() if file.name.endswith(live_file.KEPT)]
    edit_file(kept, edit(kept.read_bytes()).decode())
    with AnswerStore.open(path, UNIT) as again:
        assert again.get(at("unit")) == "B"
        assert again.get(at("unit", OTHER)) == "Tidak"


def test_of_two_saves_at_the_same_moment_the_later_found_is_named_and_kept(
    tmp_path: Path,
) -> None:
    path = make_unit(tmp_path)
    store = AnswerStore.open(path, UNIT)
    store.change(at("unit"), "B", "A")
    store.flush()
    (kept,) = [file for file in path.parent.iterdir() if file.name.endswith(live_file.KEPT)]
    one = edit(kept.read_bytes()).decode()
    edit_file(kept, one)
    edit_file(path, path.read_text() + "# yang lain\n")
    store.close()
    (aside,) = path.parent.glob("*.simpanan-*")
    assert aside.read_text() == one
    assert aside.name in "".join(store.notices)
    assert "# yang lain" in path.read_text()
