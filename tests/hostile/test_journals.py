"""A line that is not ours stops nothing; one taken out, swapped or repeated is named."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from tests.hostile.journals import NEWER, line_of, malformed
from tests.journal.test_records import fill, fill_lines
from tests.journal.units import UNIT, Q, at, make_unit, read, set_back
from tests.sample import copy_sample, run_command
from zi_eval.errors import WorkspaceError, ZiEvalError
from zi_eval.journal.chain import verify_chain
from zi_eval.journal.fields import FieldPlace
from zi_eval.journal.live_table import journal_file
from zi_eval.journal.store import AnswerStore, rebuild_unit
from zi_eval.journal.unit_text import read_history
from zi_eval.performance.form.store import KIND, PerformanceStore, indicator_key
from zi_eval.period.journal_file import is_ahead, journal_path, parse_record
from zi_eval.runs.ledger import LEDGER, open_ledger, read_ledger


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return make_unit(tmp_path)


def test_malformed_lines_count_as_damaged_and_keep_their_bytes(path: Path) -> None:
    journal = fill(path)
    before, file = journal.read_bytes(), path.read_bytes()
    lines = [line for line in malformed() if line not in NEWER]
    assert len(lines) > 200
    journal.write_bytes(before + b"".join(lines))
    numbers = list(read_history(path)[1])
    with AnswerStore.open(path, UNIT) as store:
        assert store.get(at("unit")) == "B"
        store.change(at("unit"), "C", "B")
        assert "rusak di baris" in "".join(store.notices)
        assert len(store._unit._journal.damaged) >= len(numbers)  # noqa: SLF001
    assert read(path).answers[Q].unit == "C"
    assert journal.read_bytes().startswith(before + b"".join(lines))
    assert rebuild_unit(path) == path.read_text()
    assert not is_ahead(path)
    assert file != path.read_bytes()


@pytest.mark.parametrize(
    "number",
    [pytest.param(n, marks=[pytest.mark.long] if n % 48 else []) for n in range(0, 240, 12)],
)
def test_each_malformed_line_alone_stops_no_command(path: Path, number: int) -> None:
    journal = fill(path)
    before = journal.read_bytes()
    for line in [*malformed()][number : number + 12]:
        journal.write_bytes(before + line)
        is_ahead(path)
        read_history(path)
        if parse_record(line) is None or line not in NEWER:
            assert read(path).answers[Q].unit == "B"
        with AnswerStore.open(path, UNIT) as store:
            assert store.get(at("unit")) == "B"
        if not any("lebih baru" in notice for notice in store.notices):
            rebuild_unit(path)
        else:
            with pytest.raises(WorkspaceError, match="lebih baru"):
                rebuild_unit(path)
        (path.parent / path.name).write_bytes(path.read_bytes())


def test_commands_go_on_where_a_journal_holds_lines_that_are_not_ours(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = copy_sample(tmp_path, "dpmptsp")
    unit = folder / "parameters" / "2026" / "dpmptsp.yaml"
    AnswerStore.open(unit, UNIT).close()
    journal = journal_path(unit)
    journal.write_bytes(journal.read_bytes() + b"".join(malformed()) + b"".join(NEWER))
    for command in ("check", "score", "history", "improve", "calibrate"):
        run_command(command, "dpmptsp", "--folder", folder)
    run_command("status", "--folder", folder)
    assert run_command("restore", "dpmptsp", "--folder", folder) == 1
    assert "lebih baru" in "".join(capsys.readouterr())


@pytest.mark.parametrize("line", NEWER)
def test_a_journal_of_a_newer_version_is_read_and_never_written(path: Path, line: bytes) -> None:
    journal = fill(path)
    journal.write_bytes(journal.read_bytes() + line)
    before, file = journal.read_bytes(), path.read_bytes()
    for _ in range(2):
        with AnswerStore.open(path, UNIT) as store:
            assert store.assessment == read(path)
            assert store.get(at("unit")) == read(path).answers[Q].unit
            assert any("zi-eval yang lebih baru" in notice for notice in store.notices)
            with pytest.raises(WorkspaceError, match="Perbarui zi-eval"):
                store.change(at("unit"), "A", store.get(at("unit")))
        assert (journal.read_bytes(), path.read_bytes()) == (before, file)
        path.write_bytes(path.read_bytes().replace(b"unit: B", b"unit: C"))  # by hand
        set_back(path, 5)
        file = path.read_bytes()


def test_a_table_whose_journal_holds_lines_that_are_not_ours_goes_on(tmp_path: Path) -> None:
    period = copy_sample(tmp_path, "dpmptsp", plans=["dpmptsp"]) / "parameters" / "2026"
    store = PerformanceStore.open(period, "dpmptsp")
    place = FieldPlace(indicator_key(store.plan.indicators[0]), "sebab")
    store.change(UNIT, place, "satu", store.get(place))
    journal = journal_file(store.path, KIND)
    journal.write_bytes(
        journal.read_bytes() + b"".join(line for line in malformed() if line not in NEWER)
    )
    again = PerformanceStore.open(period, "dpmptsp")
    with suppress(ZiEvalError):  # of an indicator that never was there
        again.undo(UNIT)
    if not again.is_read_only:
        again.change(UNIT, place, "dua", again.get(place))
        assert again.get(place) == "dua"


# The chain


def cut(lines: list[bytes]) -> list[bytes]:
    return [*lines[:2], *lines[3:]]


def swap(lines: list[bytes]) -> list[bytes]:
    return [*lines[:2], lines[3], lines[2], *lines[4:]]


def repeat(lines: list[bytes]) -> list[bytes]:
    return [*lines[:3], lines[2], *lines[3:]]


def behead(lines: list[bytes]) -> list[bytes]:
    return lines[1:]


def spoil(lines: list[bytes]) -> list[bytes]:
    return [*lines[:2], lines[2].replace(b'"', b"'", 1), *lines[3:]]


def insert(lines: list[bytes]) -> list[bytes]:
    return [*lines[:2], next(malformed()), *lines[2:]]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (cut, "di depan baris 3 ada yang dihapus"),
        (swap, "ada yang ditukar"),
        (repeat, "baris 4 mengulang baris 3"),
        (behead, "awal jurnal ini dihapus"),
        (spoil, "baris 3 rusak"),
        (insert, "baris 3"),
    ],
)
def test_lines_removed_swapped_repeated_or_changed_are_named(
    path: Path,
    change: Callable[[list[bytes]], list[bytes]],
    said: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    journal = fill(path)
    folder = path.parent
    assert verify_chain(journal).findings == ()
    assert run_command("history", path, "--verify") == 0
    assert "utuh" in capsys.readouterr().out
    journal.write_bytes(b"".join(change(fill_lines(journal))))
    assert run_command("history", path, "--verify") == 1
    assert said in capsys.readouterr().out
    assert folder.is_dir()


def test_a_journal_from_before_the_chain_is_believed_and_chained_from_now_on(path: Path) -> None:
    journal = fill(path)
    old = []
    for line in fill_lines(journal):
        record = parse_record(line.rstrip(b"\n"))
        assert record is not None
        body = {k: v for k, v in record.items() if k not in ("rantai", "cek")}
        old.append(line_of(json.dumps(body, ensure_ascii=False)))
    journal.write_bytes(b"".join(old))
    with AnswerStore.open(path, UNIT) as store:
        assert store.notices == ()
        store.change(at("unit"), "C", "B")
    found = verify_chain(journal)
    assert (found.unchained, found.findings) == (len(old), ())
    assert found.lines > len(old)
    lines = fill_lines(journal)
    journal.write_bytes(b"".join([*lines[: len(old) - 1], *lines[len(old) :]]))
    assert verify_chain(journal).findings


# Links and pipes


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
@pytest.mark.parametrize("kind", ["link", "pipe", "folder"])
def test_journals_locks_and_unit_files_are_regular_files(
    path: Path, tmp_path: Path, kind: str
) -> None:
    other = tmp_path / "milik-orang-lain"
    journal = fill(path)

    def put(place: Path) -> bytes:
        data = place.read_bytes()
        place.unlink()
        if kind == "link":
            other.write_bytes(data)
            place.symlink_to(other)
        elif kind == "pipe":
            os.mkfifo(place)
        else:
            place.mkdir()
        return data

    def back(place: Path, data: bytes) -> None:
        if kind == "link":
            assert other.read_bytes() == data
        if kind == "folder":
            place.rmdir()
        else:
            place.unlink()
        place.write_bytes(data)

    lock = journal.with_suffix(".lock")
    lock.touch()
    for place in (path, journal, lock):
        data = put(place)
        if place != lock or kind == "link":
            with pytest.raises(WorkspaceError):
                AnswerStore.open(path, UNIT)
        if place == journal:
            assert not is_ahead(path)
            with pytest.raises(WorkspaceError):
                read_history(path)
        if place == path and kind == "link":
            assert run_command("check", path) == 1
        back(place, data)


def test_a_ledger_that_is_a_link_is_neither_read_nor_written(tmp_path: Path) -> None:
    other, outputs = tmp_path / "milik-orang-lain", tmp_path / "outputs"
    outputs.mkdir()
    with open_ledger(outputs):
        pass
    (outputs / LEDGER).rename(other)
    before = other.read_bytes()
    (outputs / LEDGER).symlink_to(other)
    with pytest.raises(WorkspaceError, match="tautan simbolik"), open_ledger(outputs):
        pass
    with pytest.raises(WorkspaceError, match="tautan simbolik"):
        read_ledger(outputs)
    assert other.read_bytes() == before
