from __future__ import annotations

import hashlib
import sqlite3
from dataclasses import dataclass, fields, replace
from pathlib import Path

import pytest

from zi_eval.errors import ReportError, WorkspaceError
from zi_eval.files import write_bytes
from zi_eval.runs.batch import UnitResult, run_recap, run_units
from zi_eval.runs.identity import RecapJob, UnitJob, environment_hash, job_identity
from zi_eval.runs.ledger import State, open_ledger
from zi_eval.runs.pool import run_calls


@pytest.fixture
def job(tmp_path: Path) -> UnitJob:
    (tmp_path / "u.yaml").write_text("id: u\n")
    (tmp_path / "n.ipynb").write_text("{}")
    return UnitJob(tmp_path / "u.yaml", tmp_path / "n.ipynb", (), "tpi", "e", tmp_path, tmp_path)


def test_every_field_of_a_job_is_classified() -> None:
    for kind in (UnitJob, RecapJob):
        assert all("changes_result" in item.metadata for item in fields(kind))

    @dataclass(frozen=True)
    class Unclassified:
        colour: str = "red"

    with pytest.raises(TypeError, match=r"Unclassified\.colour is not classified"):
        job_identity(Unclassified())


def test_identity_changes_with_what_changes_the_result_and_with_nothing_else(
    job: UnitJob, tmp_path: Path
) -> None:
    before = job_identity(job)
    other = tmp_path / "other"
    moved = replace(job, root=other, outputs=other, seconds=1.0, surroundings=(("TZ", "UTC"),))
    assert job_identity(moved) == before
    changed = {
        job_identity(replace(job, stage="unit")),
        job_identity(replace(job, environment="f")),
        job_identity(replace(job, companions=(job.notebook,))),
        job_identity(replace(job, companions=(job.notebook, job.unit_file))),
    }
    job.unit_file.write_text("id: u2\n")
    changed.add(job_identity(job))
    job.unit_file.write_text("id: u\n")
    job.notebook.write_text("{ }")
    changed.add(job_identity(job))
    job.notebook.write_text("{}")
    assert job_identity(job) == before
    assert len(changed | {before}) == 7


def test_the_environment_changes_with_a_release_of_a_library(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = environment_hash()
    assert environment_hash() == before
    monkeypatch.setattr("zi_eval.runs.identity.version", lambda name: "99")
    assert environment_hash() != before


def test_a_job_is_done_only_while_its_outputs_are_there_unchanged(tmp_path: Path) -> None:
    with open_ledger(tmp_path) as ledger:
        assert not ledger.is_done("u", "1")
        (tmp_path / "u.html").write_bytes(b"x")
        written = {"u.html": hashlib.sha256(b"x").hexdigest()}
        ledger.record("u", "1", State.RUNNING)
        assert not ledger.is_done("u", "1")
        ledger.record("u", "1", State.DONE, 1.5, "", written)
        assert ledger.is_done("u", "1")
        assert not ledger.is_done("u", "2")
        (tmp_path / "u.html").write_bytes(b"y")
        assert not ledger.is_done("u", "1")
        (tmp_path / "u.html").unlink()
        assert not ledger.is_done("u", "1")
        ledger.record("u", "1", State.FAILED, 0.1, "sebab")
        entry = ledger.entry("u")
        assert entry is not None
        assert (entry.state, entry.error, entry.outputs) == (State.FAILED, "sebab", {})


def test_what_was_recorded_is_there_at_the_next_run(tmp_path: Path) -> None:
    with open_ledger(tmp_path) as ledger:
        ledger.record("u", "1", State.DONE)
    with open_ledger(tmp_path) as ledger:
        assert ledger.is_done("u", "1")


def test_a_second_run_on_the_same_folder_says_so_and_stops(tmp_path: Path) -> None:
    with open_ledger(tmp_path), pytest.raises(WorkspaceError, match="sedang dipakai"):
        open_ledger(tmp_path).__enter__()
    with open_ledger(tmp_path):
        pass


def test_a_damaged_ledger_gives_one_sentence(tmp_path: Path) -> None:
    (tmp_path / ".ledger.sqlite").write_bytes(b"no database at all, but long enough to be read")
    with pytest.raises(WorkspaceError, match="Hapus berkas itu"), open_ledger(tmp_path):
        pass


def test_writes_killed_in_the_middle_are_cleared(tmp_path: Path) -> None:
    rest = tmp_path / ".u.html.abc.zi-eval-tmp"
    rest.write_bytes(b"half")
    write_bytes(tmp_path / "u.html", b"whole")
    with open_ledger(tmp_path):
        assert not rest.exists()
        assert (tmp_path / "u.html").read_bytes() == b"whole"


def test_the_ledger_is_a_plain_sqlite_file_anyone_can_read(tmp_path: Path) -> None:
    with open_ledger(tmp_path) as ledger:
        ledger.record("u", "1", State.FAILED, 2.0, "sebab")
    connection = sqlite3.connect(tmp_path / ".ledger.sqlite")
    rows = connection.execute("SELECT name, state, error FROM jobs").fetchall()
    connection.close()
    assert rows == [("u", "failed", "sebab")]


def explode(job: UnitJob) -> tuple[str, dict[str, str]]:
    raise KeyError(job.unit)


def test_no_failure_of_one_unit_stops_the_others(
    job: UnitJob, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zi_eval.runs.batch.make_unit", explode)
    gone = replace(job, unit_file=tmp_path / "hilang.yaml")
    seen: list[UnitResult] = []
    with open_ledger(tmp_path) as ledger:
        run_units([gone, job], ledger, run_calls, seen.append)
    assert [result.state for result in seen] == [State.FAILED, State.FAILED]
    assert "hilang.yaml" in seen[0].error
    assert "KeyError: 'u'" in seen[1].error


def test_a_ledger_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="Periksa ruang kosong"), open_ledger(tmp_path):
        raise sqlite3.OperationalError("database or disk is full")


def test_a_recap_that_fails_takes_the_old_one_back(job: UnitJob, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("lama")
    recap = RecapJob(job.notebook, "tpi", "a", "r", "e", "u", b"", (), *[tmp_path] * 4)
    with open_ledger(tmp_path) as ledger, pytest.raises(ReportError, match="gagal"):
        run_recap(recap, ledger)
    assert not (tmp_path / "index.html").exists()
