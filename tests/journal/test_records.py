from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from tests.journal.units import OTHER, TEXT, UNIT, Q, at, make_unit, read
from tests.laws import law
from zi_eval.errors import WorkspaceError
from zi_eval.journal.records import Journal
from zi_eval.journal.store import AnswerStore, rebuild_unit
from zi_eval.journal.unit_text import read_history
from zi_eval.period.journal_file import is_ahead, journal_path, parse_record

DONE = {"jenis": "tertulis", "sha256": "0"}
"""A whole record, to which a test adds what it looks for."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return make_unit(tmp_path)


def fill(path: Path) -> Path:
    """Make three changes and return the journal."""
    with AnswerStore.open(path, UNIT) as store:
        store.change(at("unit"), "B", "A")
        store.change(at("catatan"), "Satu; “dua”\u2028", "Terbuka.")
        store.change(at("unit", OTHER), "Tidak", "Ya")
    return journal_path(path)


def change_lines(journal: Path) -> list[int]:
    """Return the numbers, from 0, of the lines that hold changes."""
    return [n for n, line in enumerate(journal.read_bytes().splitlines()) if b'"ubah"' in line[:20]]


def test_what_was_appended_is_read_back_once(tmp_path: Path) -> None:
    (tmp_path / "u").mkdir()
    path = tmp_path / "u" / "jurnal" / "u.jsonl"
    writer, reader = Journal(path), Journal(path)
    assert reader.read_new() == []
    for n in range(3):
        writer.append({**DONE, "teks": f"é\n{n}", "cek": 1})
    found = reader.read_new()
    assert found is not None
    assert [record["teks"] for record in found] == ["é\n0", "é\n1", "é\n2"]
    assert reader.read_new() == writer.read_new() == []
    assert reader.damaged == []


@law(60, HealthCheck.function_scoped_fixture)
@given(cut=st.integers(1, 400))
def test_a_line_cut_off_anywhere_counts_as_absent_and_the_next_one_is_whole(
    cut: int, tmp_path: Path
) -> None:
    path = tmp_path / "jurnal" / "u.jsonl"
    path.unlink(missing_ok=True)
    Journal(path).append({**DONE, "n": 1})
    writer = Journal(path)
    writer.read_new()
    writer.append({**DONE, "n": 2, "teks": "panjang " * 50})
    whole = path.read_bytes()
    path.write_bytes(whole[: -min(cut, len(whole) - whole.index(b"\n") - 1)])
    again = Journal(path)
    records = again.read_new()
    assert records is not None
    assert [record["n"] for record in records] == [1]
    again.append({**DONE, "n": 3})
    reader = Journal(path)
    records = reader.read_new()
    assert records is not None
    assert [record["n"] for record in records] == [1, 3]
    assert reader.damaged == []


def test_records_that_were_not_read_are_never_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "jurnal" / "u.jsonl"
    first, second = Journal(path), Journal(path)
    first.append({**DONE, "n": 1})
    with pytest.raises(ValueError, match="not read"):
        second.append({**DONE, "n": 2})
    assert len(path.read_bytes().splitlines()) == 1


def test_a_journal_that_is_another_one_now_is_told_by_its_length_or_its_number(
    tmp_path: Path,
) -> None:
    path = tmp_path / "jurnal" / "u.jsonl"
    writer = Journal(path)
    writer.append({**DONE, "n": 1})
    whole = path.read_bytes()

    shorter = Journal(path)
    shorter.read_new()
    path.write_bytes(whole[:-5])
    assert shorter.read_new() is None

    other = Journal(path)
    path.write_bytes(whole)
    other.read_new()
    path.rename(tmp_path / "lama")
    path.write_bytes(whole * 2)
    assert other.read_new() is None
    assert Journal(path).read_new() == [parse_record(line) for line in [whole.strip()] * 2]


def test_lines_are_numbered_as_a_person_counts_them(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "jurnal" / "u.jsonl")
    journal.append({**DONE, "n": 1})
    journal.append({**DONE, "n": 2})
    with journal.path.open("ab") as stream:
        stream.write(b"rusak\n")
    assert journal.read_new() == []
    assert journal.damaged == [3]


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="looks at open files as Linux does")
def test_a_new_journal_is_on_the_disk_with_the_names_that_lead_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "jurnal" / "u.jsonl"
    synced: list[str] = []
    monkeypatch.setattr(os, "fsync", lambda fd: synced.append(os.readlink(f"/proc/self/fd/{fd}")))
    files = len(os.listdir("/proc/self/fd"))
    journal = Journal(path)
    journal.append({**DONE, "n": 1})
    assert synced == [str(path), str(path.parent), str(tmp_path)]
    journal.append({**DONE, "n": 2})
    assert synced[3:] == [str(path)]
    journal.append({**DONE, "n": 3}, is_durable=False)
    assert len(synced) == 4
    assert len(os.listdir("/proc/self/fd")) == files


def test_a_torn_end_never_breaks_the_opening(path: Path) -> None:
    journal = fill(path)
    for torn in (b'{"jenis":"ub', b"\x00" * 300, b'{"jenis":"ubah","nomor":9}'):
        journal.write_bytes(journal.read_bytes() + torn)
        with AnswerStore.open(path, UNIT) as store:
            assert store.notices == ()
            assert store.get(at("unit")) == "B"
            note = store.get(at("catatan"))
            store.change(at("catatan"), note + "!", note)
        assert read_history(path)[1] == {}


@pytest.mark.parametrize("damage", [b"\xff", b"}", b"x"])
def test_a_damaged_line_in_the_middle_is_named_and_the_files_answers_stay(
    damage: bytes, path: Path
) -> None:
    journal = fill(path)
    file = path.read_bytes()
    for n in change_lines(journal):
        lines = fill_lines(journal)
        whole = b"".join(lines)
        lines[n] = lines[n][:30] + damage + lines[n][31:]
        journal.write_bytes(b"".join(lines))
        with AnswerStore.open(path, UNIT) as store:
            assert f"baris {n + 1}" in "".join(store.notices)
            assert (store.get(at("unit")), store.get(at("unit", OTHER))) == ("B", "Tidak")
        assert path.read_bytes() == file
        assert list(read_history(path)[1]) == [n + 1]
        assert rebuild_unit(path) == file.decode()
        journal.write_bytes(whole)


def fill_lines(journal: Path) -> list[bytes]:
    return journal.read_bytes().splitlines(keepends=True)


def test_a_damaged_beginning_is_named_and_a_new_one_is_written(path: Path) -> None:
    journal = fill(path)
    lines = fill_lines(journal)
    journal.write_bytes(b"x" + b"".join(lines))
    with AnswerStore.open(path, UNIT) as store:
        assert "baris 1" in "".join(store.notices)
        assert store.get(at("unit")) == "B"
        store.change(at("unit"), "C", "B")
    assert read(path).answers[Q].unit == "C"
    assert read(path).answers[OTHER].unit == "Tidak"
    assert rebuild_unit(path) == path.read_text()


def test_the_journal_alone_gives_the_file_back(path: Path) -> None:
    fill(path)
    file = path.read_text()
    path.unlink()
    assert rebuild_unit(path) == file
    assert rebuild_unit(path) != TEXT


def test_a_unit_without_a_journal_says_so(path: Path) -> None:
    assert not is_ahead(path)
    for ask in (read_history, rebuild_unit):
        with pytest.raises(WorkspaceError, match="jurnal"):
            ask(path)


def test_an_unreadable_journal_is_named(path: Path) -> None:
    journal_path(path).parent.mkdir()
    journal_path(path).mkdir()
    with pytest.raises(WorkspaceError, match="Jurnal"):
        AnswerStore.open(path, UNIT)
