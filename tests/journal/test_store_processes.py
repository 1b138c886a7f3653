"""Eight processes write one unit at once; ZI_EVAL_WRITE_SECONDS=60 makes it a full minute."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.journal.units import UNIT, make_unit, read
from zi_eval.journal.fields import plain_values
from zi_eval.journal.store import AnswerStore, FieldPlace, rebuild_unit
from zi_eval.journal.unit_text import read_history

SECONDS = float(os.environ.get("ZI_EVAL_WRITE_SECONDS", "4"))
WRITERS = 8


def test_no_answer_of_eight_processes_is_lost(tmp_path: Path, root: Path) -> None:
    path = make_unit(tmp_path)
    AnswerStore.open(path, UNIT).close()
    command = [sys.executable, "-m", "tests.journal.writer", str(path)]
    writers = [
        subprocess.Popen(
            [*command, f"P{n}", str(n), str(SECONDS)],
            cwd=root,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        for n in range(WRITERS)
    ]
    results = [writer.communicate(timeout=SECONDS + 60) for writer in writers]
    assert [errors for _, errors in results] == [""] * WRITERS
    changes, damaged = read_history(path)
    assert damaged == ()
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
    print(f"{WRITERS} processes, {SECONDS:g} s: {count} notes, {len(changes)} changes, none lost")
