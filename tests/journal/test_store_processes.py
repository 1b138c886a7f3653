"""Eight processes write one unit at once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.journal.units import UNIT, make_unit, read
from tests.waiting import NET
from zi_eval.journal.plain import plain_values
from zi_eval.journal.store import AnswerStore, FieldPlace, rebuild_unit
from zi_eval.journal.unit_text import read_history

NOTES = 60
"""Notes each of them writes: together they take seconds, so that all are at work at once."""
WRITERS = 8


@pytest.mark.long
def test_no_answer_of_eight_processes_is_lost(tmp_path: Path, root: Path) -> None:
    path = make_unit(tmp_path)
    AnswerStore.open(path, UNIT).close()
    command = [sys.executable, "-m", "tests.journal.writer", str(path)]
    writers = [
        subprocess.Popen(
            [*command, f"P{n}", str(n), str(NOTES)],
            cwd=root,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        for n in range(WRITERS)
    ]
    results = [writer.communicate(timeout=NET) for writer in writers]
    assert [errors for _, errors in results] == [""] * WRITERS
    changes, damaged = read_history(path)
    assert damaged == {}
    assert [change.number for change in changes] == list(range(1, len(changes) + 1))
    made = {(change.place.key, change.number, change.new) for change in changes}
    values = plain_values(read(path))
    count = 0
    for output, _ in results:
        assert output, "each of them wrote"
        last: dict[str, str] = {}
        for line in output.splitlines():
            question, number, value = line.split(" ", 2)
            assert (question, int(number), value) in made
            last[question] = value
            count += 1
        for question, value in last.items():
            assert values[FieldPlace(question, "catatan")] == value
    copy = tmp_path / "2027" / path.name
    copy.parent.mkdir()
    copy.write_text(rebuild_unit(path), encoding="utf-8")
    assert plain_values(read(copy)) == values
    assert "# menurut SK" in path.read_text(encoding="utf-8")
    print(f"{WRITERS} processes: {count} notes, {len(changes)} changes, none lost")
