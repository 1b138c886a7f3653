"""Writers killed at random moments: file and journal stay consistent each time."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.journal.units import UNIT, make_unit, read
from tests.waiting import wait_until
from zi_eval.core.problems import has_errors
from zi_eval.journal.live_file import KEPT
from zi_eval.journal.plain import plain_values
from zi_eval.journal.store import AnswerStore, rebuild_unit
from zi_eval.period.journal_file import journal_path
from zi_eval.period.reading import Period

KILLS = 50
"""Writers killed."""


@pytest.mark.long
@pytest.mark.skipif(sys.platform == "win32", reason="writers are forked and killed by SIGKILL")
def test_every_acknowledged_change_survives_a_kill_at_any_moment(
    tmp_path: Path, root: Path
) -> None:
    path = make_unit(tmp_path)
    log = tmp_path / "acknowledged.txt"
    log.touch()
    chance = random.Random(20260520)
    period = Period.read(path.parent)
    size, lagging, torn, at_work = 0, 0, 0, 0
    command = [sys.executable, "-m", "tests.journal.writer"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, cwd=root, text=True, **pipes) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        for kill in range(KILLS):
            server.stdin.write(f"{path}\t{log}\tP{kill}\t{kill}\n")
            server.stdin.flush()
            writer = int(server.stdout.readline())
            if chance.random() < 0.8:  # the others are killed while they open the unit
                grown = size  # bound now: the loop goes on
                wait_until(lambda at=grown: log.stat().st_size > at, log, pause=0.001)
            time.sleep(chance.uniform(0.0, 0.07))
            os.kill(writer, signal.SIGKILL)
            assert server.stdout.readline() == "ended\n"

            reading = period.read_unit(path)[0]
            assert not has_errors(reading.problems), reading.problems  # never half a file
            assert reading.assessment is not None
            journal = journal_path(path)
            torn += journal.exists() and not journal.read_bytes().endswith(b"\n")
            acknowledged = log.read_text(encoding="utf-8")
            at_work += log.stat().st_size > size
            size = log.stat().st_size
            with AnswerStore.open(path, UNIT) as store:
                assert store.notices == ()  # nothing damaged, nothing taken for an edit by hand
                now, changes = plain_values(store.assessment), store.history()
                lagging += plain_values(reading.assessment) != now
                assert plain_values(read(path)) == now
            names = [file.name for file in path.parent.iterdir() if file.is_file()]
            assert [name for name in names if not name.endswith(KEPT)] == [path.name]
            assert [change.number for change in changes] == list(range(1, len(changes) + 1))
            notes = {c.number: c for c in changes if c.place.field == "catatan"}
            lines = [line.split(" ", 2) for line in acknowledged.splitlines()]
            for question, number, value in lines:
                change = notes[int(number)]
                assert (change.place.key, change.new) == (question, value)
            # at most one note of each writer is on the disk without having been acknowledged
            assert 0 <= len(notes) - len(lines) <= kill + 1
            for change in {c.place: c for c in changes}.values():
                assert now[change.place] == change.new
    copy = tmp_path / "2027" / path.name
    copy.parent.mkdir()
    copy.write_text(rebuild_unit(path), encoding="utf-8")
    assert read(copy).answers == read(path).answers
    assert "# menurut SK" in path.read_text(encoding="utf-8")
    # the kills met writers at work, some between the journal and the file
    assert at_work > KILLS * 0.6, at_work
    assert lagging > KILLS * 0.1, lagging
    print(
        f"{KILLS} kills: {at_work} at work, {lagging} lagging files, {torn} torn lines, "
        f"{len(changes)} changes, {len(lines)} notes acknowledged"
    )
