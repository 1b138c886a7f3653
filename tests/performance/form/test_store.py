from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.journal.units import set_back
from tests.sample import copy_sample
from zi_eval.errors import ParameterError, StorageError, WorkspaceError, ZiEvalError
from zi_eval.journal.changes import FILE
from zi_eval.journal.fields import ConflictError, FieldPlace, Person, Role
from zi_eval.journal.live_table import journal_file
from zi_eval.journal.records import Journal
from zi_eval.performance.form.store import (
    KIND,
    PerformanceStore,
    indicator_key,
    table_values,
)

ANI, BUDI = Person("Ani", Role.UNIT), Person("Budi", Role.UNIT)
UNIT = "dpmptsp"
KEY = "nilai realisasi investasi / meningkatnya realisasi investasi"
CAUSE = FieldPlace(KEY, "sebab")
LAST = FieldPlace(KEY, "realisasi_tw4")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    period = copy_sample(tmp_path, UNIT, plans=[UNIT]) / "parameters" / "2026"
    for path in period.glob("*.yaml"):
        path.unlink()  # the table stands for itself
    return period


def reopened(folder: Path) -> PerformanceStore:
    return PerformanceStore.open(folder, UNIT)


def save_outside(path: Path, old: bytes, new: bytes) -> None:
    """Save as another program does, some time ago."""
    data = path.read_bytes()
    assert old in data
    path.write_bytes(data.replace(old, new, 1))
    set_back(path, 10)


def test_opening_writes_nothing(folder: Path) -> None:
    store = reopened(folder)
    store.refresh()
    assert [p.name for p in folder.rglob("*")] == ["kinerja", f"{UNIT}.csv"]


def test_a_change_is_in_the_table_and_the_journal_before_the_call_returns(folder: Path) -> None:
    store = reopened(folder)
    change = store.change(ANI, LAST, 150.5, None)
    assert b";128;150,5;" in store.path.read_bytes()
    assert store.item(KEY).results[3] == 150.5
    assert '"oleh":"Ani"' in journal_file(store.path, KIND).read_text(encoding="utf-8")
    other = reopened(folder)
    assert other.get(LAST) == 150.5
    assert other.of(KEY) == (change,)
    assert (change.person, change.old, change.new) == (ANI, None, 150.5)


def test_undo_goes_back_to_the_very_bytes_and_only_over_ones_own_changes(folder: Path) -> None:
    store = reopened(folder)
    start = store.path.read_bytes()
    store.change(ANI, CAUSE, "Ani tahu", store.get(CAUSE))
    store.change(BUDI, LAST, 150.0, None)
    (undone,) = store.undo(ANI)
    assert undone.place == CAUSE
    store.undo(BUDI)
    assert store.path.read_bytes() == start
    assert store.undo(ANI) == ()
    store.change(ANI, CAUSE, "Ani lagi", store.get(CAUSE))
    store.change(BUDI, CAUSE, "Budi sesudahnya", "Ani lagi")
    assert store.undo(ANI) == (), "Budi's text is not taken away"
    assert [c.person.name for c in store.of(KEY)][-2:] == ["Ani", "Budi"]


def test_a_table_saved_elsewhere_keeps_its_new_cells(folder: Path) -> None:
    store = reopened(folder)
    store.change(ANI, LAST, 150.0, None)
    save_outside(store.path, b"Layanan pendampingan", b"Ditulis di Excel")
    store.change(ANI, CAUSE, "Dari layar", store.get(CAUSE))
    data = store.path.read_bytes()
    assert b"Ditulis di Excel" in data
    assert b"Dari layar" in data
    outside = reopened(folder).of(_key(store, "Jumlah investor baru"))
    assert [(c.person, c.place.field, c.new) for c in outside] == [
        (FILE, "sebab", "Ditulis di Excel")
    ]


def _key(store: PerformanceStore, name: str) -> str:
    return next(indicator_key(i) for i in store.plan.indicators if i.name == name)


def test_rows_that_moved_elsewhere_are_found_again(folder: Path) -> None:
    store = reopened(folder)
    head, *rows = store.path.read_bytes().splitlines(keepends=True)
    store.path.write_bytes(head + b"".join(reversed(rows)))
    os.utime(store.path, (1, 1))
    store.change(ANI, LAST, 150.0, None)
    assert reopened(folder).item(KEY).results[3] == 150.0
    assert reopened(folder).plan.indicators[-1].results[3] == 150.0


def test_what_somebody_else_changed_meanwhile_is_a_conflict_and_nothing_is_written(
    folder: Path,
) -> None:
    ani, budi = reopened(folder), reopened(folder)
    seen = ani.get(CAUSE)
    budi.change(BUDI, CAUSE, "Kata Budi", seen)
    with pytest.raises(ConflictError) as caught:
        ani.change(ANI, CAUSE, "Kata Ani", seen)
    assert caught.value.current == "Kata Budi"
    assert caught.value.change is not None
    assert caught.value.change.person == BUDI
    save_outside(ani.path, b"Kata Budi", b"Kata Excel")
    with pytest.raises(ConflictError) as caught:
        ani.change(ANI, CAUSE, "Kata Ani", "Kata Budi")
    assert caught.value.current == "Kata Excel"
    assert ani.change(ANI, CAUSE, "Kata Ani", "Kata Excel").number


def test_refresh_tells_what_others_did_and_who(folder: Path) -> None:
    ani, budi = reopened(folder), reopened(folder)
    budi.change(BUDI, LAST, 150.0, None)
    (change,) = ani.refresh()
    assert (change.person, change.place, change.new) == (BUDI, LAST, 150.0)
    assert ani.item(KEY).results[3] == 150.0
    save_outside(ani.path, b";128;150;", b";128;151;")
    (change,) = ani.refresh()
    assert (change.person, change.place, change.new) == (FILE, LAST, 151.0)
    assert ani.refresh() == ()


def test_a_change_that_changes_nothing_is_not_recorded(folder: Path) -> None:
    store = reopened(folder)
    value = store.get(CAUSE)
    same = store.change(ANI, CAUSE, value, "apa pun")
    assert (same.number, same.group, same.old, same.new) == (0, 0, value, value)
    assert same.person == ANI
    assert store.of(KEY) == ()


def test_refresh_names_nobody_for_what_the_file_says_again(folder: Path) -> None:
    ani, budi = reopened(folder), reopened(folder)
    budi.change(BUDI, LAST, 150.0, None)
    ani.refresh()
    for old, new in ((b";128;150;", b";128;151;"), (b";128;151;", b";128;150;")):
        save_outside(ani.path, old, new)
        (change,) = ani.refresh()
        assert (change.person, change.number, change.group) == (FILE, 0, 0)


def test_a_journal_that_was_taken_away_is_begun_again(folder: Path) -> None:
    store = reopened(folder)
    store.change(ANI, LAST, 150.0, None)
    journal_file(store.path, KIND).unlink()
    assert store.change(ANI, CAUSE, "baru", store.get(CAUSE)).number == 1
    assert [c.place for c in reopened(folder).of(KEY)] == [CAUSE]
    assert reopened(folder).get(LAST) == 150.0


def test_a_table_that_was_taken_away_is_named(folder: Path) -> None:
    store = reopened(folder)
    store.path.rename(folder / "dipindah.csv")
    for use in (store.refresh, lambda: store.change(ANI, LAST, 150.0, None)):
        with pytest.raises(WorkspaceError, match="tidak ada lagi atau tidak dapat dibuka"):
            use()


def test_a_damaged_journal_is_told_and_the_table_stays(folder: Path) -> None:
    store = reopened(folder)
    store.change(ANI, LAST, 150.0, None)
    with journal_file(store.path, KIND).open("ab") as stream:
        stream.write(b"bukan catatan\n")
    store.refresh()
    (notice,) = store.notices
    assert "Isi tabel tidak terpengaruh." in notice
    assert store.get(LAST) == 150.0


def saving(
    store: PerformanceStore, monkeypatch: pytest.MonkeyPatch, *cells: tuple[bytes, bytes]
) -> None:
    """Let a program that knows no lock save these cells, each between our reading and writing."""
    from zi_eval.performance.form import store as module

    true_set, left = module.set_cell, list(cells)

    def set_cell(*values: object) -> object:
        made = true_set(*values)  # type: ignore[arg-type]
        if left:
            save_outside(store.path, *left.pop(0))
        return made

    monkeypatch.setattr(module, "set_cell", set_cell)


def test_a_program_that_was_faster_with_the_same_cell_is_a_conflict(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = reopened(folder)
    store.change(ANI, LAST, 150.0, None)
    saving(store, monkeypatch, (b";128;150;", b";128;151;"))
    with pytest.raises(ConflictError) as caught:
        store.change(ANI, LAST, 160.0, 150.0)
    assert caught.value.current == 151.0
    assert reopened(folder).get(LAST) == 151.0


def test_a_program_that_never_stops_saving_is_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = reopened(folder)
    store.change(ANI, LAST, 100.0, None)
    numbers = [b";128;%d;" % number for number in range(100, 130)]
    saving(store, monkeypatch, *itertools.pairwise(numbers))
    with pytest.raises(WorkspaceError, match="terus diubah program lain"):
        store.change(ANI, CAUSE, "Tak tertulis", store.get(CAUSE))
    assert b"Tak tertulis" not in store.path.read_bytes()


def test_a_table_that_cannot_be_read_any_more_is_not_written(folder: Path) -> None:
    store = reopened(folder)
    save_outside(store.path, b";161;142;128;", b";161;142;banyak;")
    data = store.path.read_bytes()
    assert store.refresh() == ()
    assert "tidak dapat dibaca" in store.notices[0]
    assert "'banyak' bukan angka" in store.notices[0]
    assert ["banyak" in problem.message for problem in store.problems] == [True]
    with pytest.raises(ParameterError, match="banyak"):
        store.change(ANI, CAUSE, "baru", store.get(CAUSE))
    assert store.path.read_bytes() == data
    save_outside(store.path, b"banyak", b"129")
    store.refresh()
    assert store.notices == ()
    assert store.item(KEY).results[2] == 129.0


def test_a_table_just_being_saved_is_waited_for(folder: Path) -> None:
    store = reopened(folder)
    data = store.path.read_bytes()
    store.path.write_bytes(data.replace(b";128;", b";130;", 1))  # this very moment
    assert store.refresh() == ()
    store.change(ANI, CAUSE, "sesudahnya", store.get(CAUSE))
    assert store.item(KEY).results[2] == 130.0


def test_a_program_that_knows_no_lock_is_not_overwritten(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Excel saves exactly between our reading and our writing."""
    from zi_eval.performance.form import store as module

    store, once = reopened(folder), [True]
    true_set = module.set_cell

    def set_cell(*values: object) -> object:
        made = true_set(*values)  # type: ignore[arg-type]
        if once:
            once.clear()
            save_outside(store.path, b"Layanan pendampingan", b"Ditulis di Excel")
        return made

    monkeypatch.setattr(module, "set_cell", set_cell)
    store.change(ANI, CAUSE, "Dari layar", store.get(CAUSE))
    data = store.path.read_bytes()
    assert b"Ditulis di Excel" in data
    assert b"Dari layar" in data


def test_a_journal_that_cannot_be_written_leaves_the_table_as_it_was(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = reopened(folder)
    store.change(ANI, LAST, 150.0, None)
    data = store.path.read_bytes()

    def refuse(*_: object, **__: object) -> None:
        raise WorkspaceError("penuh")

    monkeypatch.setattr(Journal, "append", refuse)
    with pytest.raises(WorkspaceError, match="penuh"):
        store.change(ANI, CAUSE, "baru", store.get(CAUSE))
    assert store.path.read_bytes() == data
    assert store.get(CAUSE) != "baru"


def test_a_refused_write_is_not_in_the_journal(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = reopened(folder)

    def refuse(*_: object) -> None:
        raise PermissionError(13, "locked")

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", refuse)
        with pytest.raises(StorageError, match="tutup dulu"):
            store.change(ANI, LAST, 150.0, None)
    assert store.of(KEY) == ()
    assert store.change(ANI, LAST, 150.0, None).number == 1


def test_a_kill_between_table_and_journal_loses_no_value(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = reopened(folder)
    store.change(ANI, CAUSE, "lama", store.get(CAUSE))

    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Journal, "append", die)
        with pytest.raises(KeyboardInterrupt):
            store.change(ANI, LAST, 150.0, None)
    after = reopened(folder)
    assert after.get(LAST) == 150.0
    after.change(BUDI, CAUSE, "baru", "lama")
    assert [(c.person.name, c.new) for c in after.of(KEY)] == [
        ("Ani", "lama"), ("berkas", 150.0), ("Budi", "baru"),
    ]  # fmt: skip


def test_an_indicator_that_is_gone_is_named(folder: Path) -> None:
    store = reopened(folder)
    save_outside(store.path, b"Nilai realisasi investasi", b"Nilai investasi")
    with pytest.raises(ZiEvalError, match=r"'nilai realisasi investasi.*tidak ada lagi"):
        store.change(ANI, LAST, 150.0, None)


def test_of_two_tables_none_is_filled_in(folder: Path) -> None:
    shutil.copy(folder / "kinerja" / f"{UNIT}.csv", folder / "kinerja" / f"{UNIT}.xlsx")
    with pytest.raises(ParameterError, match=r"dua tabel kinerja: dpmptsp\.csv dan dpmptsp\.xlsx"):
        reopened(folder)


def test_a_table_open_in_excel_is_told(folder: Path) -> None:
    store = reopened(folder)
    (store.path.parent / f".~lock.{store.path.name}#").touch()
    assert "sedang terbuka di Excel atau LibreOffice" in store.notices[0]


WRITER = """
import sys
from pathlib import Path
from zi_eval.performance.form.store import PerformanceStore, indicator_key
from zi_eval.journal.fields import ConflictError, Person, FieldPlace, Role

folder, name, field = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
store = PerformanceStore.open(folder, "dpmptsp")
shared = FieldPlace(indicator_key(store.plan.indicators[0]), "bukti")
for count in range(4):
    for item in store.plan.indicators:
        place = FieldPlace(indicator_key(item), field)
        store.change(Person(name, Role.UNIT), place, f"{name} {count}", store.get(place))
    try:
        store.change(Person(name, Role.UNIT), shared, f"{name} {count}", store.get(shared))
    except ConflictError:
        print("conflict")
"""


def test_two_processes_that_write_at_once_lose_nothing(folder: Path, root: Path) -> None:
    fields = {"Ani": "sebab", "Budi": "tindak_lanjut"}
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(folder), name, field],
            cwd=root, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for name, field in fields.items()
    ]  # fmt: skip
    results = [writer.communicate(timeout=60) for writer in writers]
    assert [errors for _, errors in results] == ["", ""]
    store = reopened(folder)
    values = table_values(store.plan)
    for item in store.plan.indicators:
        for name, field in fields.items():
            assert values[FieldPlace(indicator_key(item), field)] == f"{name} 3"
    changes = [c for i in store.plan.indicators for c in store.of(indicator_key(i))]
    assert {c.person.name for c in changes} == set(fields), "nothing seemed to come from outside"
    conflicts = sum(output.count("conflict") for output, _ in results)
    shared = len(changes) - 2 * 4 * len(store.plan.indicators)
    assert shared + conflicts == 8
