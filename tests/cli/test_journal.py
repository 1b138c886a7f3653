from __future__ import annotations

import csv
import time
from datetime import timedelta
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from tests.journal.units import TEXT, UNIT, at, make_unit, read
from zi_eval.cli.journal import history, restore
from zi_eval.errors import WorkspaceError
from zi_eval.journal.store import AnswerStore
from zi_eval.period.journal_file import journal_path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = make_unit(tmp_path)
    with AnswerStore.open(path, UNIT) as store:
        store.change(at("unit"), "B", "A")
        store.change(at("catatan"), "=HYPERLINK(1);\ndua", "Terbuka.")
        store.change(at("unit", "B.I.a"), 3.62, None)
        store.undo()
    return path


def run(command: click.Command, *arguments: object) -> Result:
    found = CliRunner().invoke(command, [str(argument) for argument in arguments])
    if found.exception and not isinstance(found.exception, SystemExit):
        raise found.exception
    return found


def test_history_says_who_changed_what_and_when(path: Path) -> None:
    found = run(history, path)
    lines = found.stdout.splitlines()
    assert len(lines) == 4
    assert "Sari (unit)  A.I.1.i.b: A → B" in lines[0]
    assert "B.I.a: - → 3,62" in lines[2]
    assert "[membatalkan nomor 3]" in lines[3]
    assert "4 perubahan; 4 di antaranya dengan nama menurut isian" in found.stderr


def test_history_of_one_question_since_a_moment(path: Path) -> None:
    assert len(run(history, path, "--question", "B.I.a").stdout.splitlines()) == 2
    with AnswerStore.open(path, UNIT) as store:
        moment = store.history()[-1].time + timedelta(microseconds=1)
        time.sleep(0.002)
        store.change(at("unit"), "C", "B")
    (line,) = run(history, path, "--since", moment.isoformat()).stdout.splitlines()
    assert "B → C" in line
    assert len(run(history, path, "--since", "2026-01-01").stdout.splitlines()) == 5
    wrong = run(history, path, "--since", "kemarin")
    assert wrong.exit_code == 2
    assert "2026-05-20" in wrong.stderr


def test_the_csv_opens_in_excel_and_text_stays_text(path: Path, tmp_path: Path) -> None:
    table = tmp_path / "perubahan.csv"
    assert "4 perubahan" in run(history, path, "--csv", table).stdout
    assert table.read_bytes().startswith(b"\xef\xbb\xbf")
    with table.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter=";"))
    assert [row["nomor"] for row in rows] == ["1", "2", "3", "4"]
    assert rows[1]["baru"] == "'=HYPERLINK(1); dua"
    assert (rows[2]["lama"], rows[2]["baru"]) == ("", "3,62")
    assert rows[3]["keterangan"] == "membatalkan nomor 3"


def test_a_damaged_line_is_named(path: Path) -> None:
    journal = journal_path(path)
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(b"".join([lines[0], b"x" + lines[1], *lines[2:]]))
    found = run(history, path)
    assert "Baris 2" in found.stderr
    assert len(found.stdout.splitlines()) == 3


def test_restore_writes_beside_and_never_over_a_file(path: Path) -> None:
    file = path.read_text()
    beside = journal_path(path).with_name("dinas-uji.pulih.yaml")
    assert str(beside) in run(restore, path).stdout
    assert beside.read_text() == path.read_text() == file
    with pytest.raises(WorkspaceError, match="--force"):
        run(restore, path)
    run(restore, path, "--force")
    with pytest.raises(WorkspaceError, match="--force"):
        run(restore, path, "-o", path)


def test_restore_brings_a_deleted_file_back(path: Path) -> None:
    file = path.read_text()
    path.unlink()
    run(restore, path)
    assert path.read_text() == file
    with AnswerStore.open(path, UNIT) as store:
        assert store.notices == ()


def test_restore_gives_an_earlier_state(path: Path, tmp_path: Path) -> None:
    with AnswerStore.open(path, UNIT) as store:
        moment = store.history()[0].time
    output = tmp_path / "2027" / "dinas-uji.yaml"
    output.parent.mkdir()
    run(restore, path, "--at", moment.isoformat(), "-o", output)
    assert output.read_text() == TEXT.replace("unit: A", "unit: B")
    assert read(output).answers["A.I.1.i.b"].note == "Terbuka."
    today = run(restore, path, "--at", moment.date().isoformat(), "-o", output, "--force")
    assert today.exit_code == 0
    assert output.read_text() == path.read_text()


@pytest.mark.parametrize("command", [history, restore])
def test_help_has_examples(command: click.Command) -> None:
    text = run(command, "--help").stdout
    assert "Contoh:" in text
    assert f"zi-eval {command.name} dpmptsp" in text
