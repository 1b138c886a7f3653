"""Whoever saves the table by hand, at any moment of our own writing, loses nothing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.interposed import Saver, interpose
from tests.journal.units import edit_file, set_back
from tests.performance.form.test_store import ANI, CAUSE, KEY, LAST, UNIT
from tests.sample import copy_sample
from zi_eval import files
from zi_eval.journal import live_file, live_table
from zi_eval.performance.form import store as module
from zi_eval.performance.form.store import PerformanceStore

MODULES = (files, live_file, live_table, module)


def make_folder(where: Path) -> Path:
    period = copy_sample(where, UNIT, plans=[UNIT]) / "parameters" / "2026"
    for path in period.glob("*.yaml"):
        path.unlink()
    return period


def edit(data: bytes) -> bytes:
    assert b"Layanan pendampingan" in data
    return data.replace(b"Layanan pendampingan", b"Ditulis di Excel", 1)


def change_during_a_save(folder: Path, way: str, *moments: int) -> int:
    period = make_folder(folder)
    store = PerformanceStore.open(period, UNIT)
    saver = Saver(store.path, edit)
    if way == "anew":
        deeds = [(moments[0], saver.save_anew)] if moments else []
    else:
        deeds = [(moments[0], saver.open), (moments[-1], saver.write)] if moments else []
    seen = store.get(CAUSE)

    def change() -> None:
        store.change(ANI, LAST, 150.0, None)
        store.change(ANI, CAUSE, "Dari layar", seen)

    lines = interpose(change, MODULES, *deeds)
    if moments:
        again = PerformanceStore.open(period, UNIT)
        change_of_budi = again.change(ANI, LAST, 151.0, 150.0)
        assert change_of_budi.old == 150.0
        found = [store.path, *store.path.parent.glob("*.simpanan-*")]  # of two at once, both stay
        assert b"Ditulis di Excel" in b"".join(path.read_bytes() for path in found), moments
        assert again.get(CAUSE) == "Dari layar", moments
    return lines


@pytest.mark.parametrize("apart", [131, pytest.param(3, marks=pytest.mark.long)])
@pytest.mark.parametrize(("way", "length"), [("anew", 0), ("in place", 0), ("in place", 60)])
def test_a_table_saved_at_any_line_of_ours_keeps_both(
    tmp_path: Path, way: str, length: int, apart: int
) -> None:
    moments = range(0, change_during_a_save(tmp_path / "dry", way), apart)
    assert len(moments) > 4
    for moment in moments:
        until = min(moment + length, moments[-1])
        change_during_a_save(tmp_path / str(moment), way, moment, until)


def test_an_edit_of_the_same_size_and_time_is_seen_before_anything_is_written(
    tmp_path: Path,
) -> None:
    store = PerformanceStore.open(make_folder(tmp_path), UNIT)
    set_back(store.path, 60)
    store.refresh()
    before = store.path.stat()
    with store.path.open("r+b") as stream:
        data = stream.read()
        stream.seek(data.index(b";128;"))
        stream.write(b";129;")
    os.utime(store.path, ns=(before.st_atime_ns, before.st_mtime_ns))
    store.change(ANI, CAUSE, "baru", store.get(CAUSE))
    assert store.item(KEY).results[2] == 129.0


def test_what_a_killed_process_had_replaced_is_put_back_with_its_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    period = make_folder(tmp_path)
    store = PerformanceStore.open(period, UNIT)
    store.change(ANI, LAST, 150.0, None)
    (kept,) = store.kept_files()
    edit_file(kept, edit(kept.read_bytes()).decode())
    again = PerformanceStore.open(period, UNIT)
    again.refresh()
    assert again.get(LAST) == 150.0
    assert b"Ditulis di Excel" in store.path.read_bytes()
    again.change(ANI, LAST, 151.0, 150.0)
    again = PerformanceStore.open(period, UNIT)
    again.change(ANI, LAST, 152.0, 151.0)
    assert again.kept_files()
    for place in (live_file, live_table):  # a while later
        monkeypatch.setattr(place, "SETTLED", 0.0)
    again.refresh()
    assert again.kept_files() == []
