"""Hand saves, two forms, kills and full disks in any order: nothing said to be saved is missing."""

from __future__ import annotations

import errno
import json
import os
import random
import sys
import traceback
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.interposed import Saver, interpose
from tests.journal.units import UNIT, make_unit, read
from zi_eval import files
from zi_eval.errors import ZiEvalError
from zi_eval.instruments import load_instrument
from zi_eval.journal import live_file, live_unit, records
from zi_eval.journal.fields import FieldPlace, Person, Role
from zi_eval.journal.plain import plain_values
from zi_eval.journal.store import AnswerStore, rebuild_unit
from zi_eval.period.unit_editor import edit_unit

MODULES = (files, live_file, live_unit, records)
OWNED = (("A.I.1.i.a", "A.I.1.i.b"), ("A.I.1.ii.a", "A.I.1.ii.b"))
"""Questions whose notes each of two people writes; nobody writes another's."""
BY_HAND = ("A.I.1.ii.c", "A.I.1.iii.a")
"""Questions whose notes the editor writes into the file itself."""
QUESTIONS = tuple(load_instrument("zi-2021").questions)
LINES = 2_500
"""Lines of ours in a session, about; deeds are put before any of them."""


class Session:
    """A process in which people work until it ends or is killed; it logs what was saved."""

    def __init__(self, path: Path, seed: int, log: int) -> None:
        self.path, self.log = path, log
        self.chance = random.Random(seed)
        self.full = 0
        self.is_closing = False
        self.count = 0

    def tell(self, what: str, question: str, value: str) -> None:
        os.write(self.log, (json.dumps([what, question, value]) + "\n").encode())

    def work(self) -> None:
        """Change notes, let the file follow, close; two people at once."""
        people = [Person(name, Role.UNIT) for name in ("Sari", "Tono")]
        try:
            stores = [AnswerStore.open(self.path, person) for person in people]
        except ZiEvalError:
            return  # a full disk
        for _ in range(self.chance.randint(1, 5)):
            who = self.chance.randrange(2)
            question = self.chance.choice(OWNED[who])
            self.change(stores[who], question)
            if self.chance.random() < 0.6:
                self.quietly(self.chance.choice(stores).flush)
        self.is_closing = True
        for store in stores:
            self.quietly(store.close)

    def change(self, store: AnswerStore, question: str) -> None:
        place = FieldPlace(question, "catatan")
        self.count += 1
        value = f"layar {os.getpid()} {self.count} " + "kata " * self.chance.choice((0, 30))
        self.tell("try", question, value.strip())
        try:
            store.change(place, value, store.get(place))
        except ZiEvalError:
            self.tell("refused", question, value.strip())
        else:
            self.tell("saved", question, value.strip())

    @staticmethod
    def quietly(work: Any) -> None:
        with suppress(ZiEvalError):  # a full disk: what was said to be saved is in the journal
            work()

    def deeds(self) -> list[tuple[int, Any]]:
        """Return what happens before which of our lines."""
        made: list[tuple[int, Any]] = []
        busy = 0  # one editor at a time: what two do to one another is none of ours
        for _ in range(self.chance.randint(0, 3)):
            saver = Saver(self.path, self.edit)
            at = busy + self.chance.randrange(LINES // 3)
            busy = at + 1
            if self.chance.random() < 0.5:
                made.append((at, lambda saver=saver: self.save(saver.save_anew)))
            else:
                busy = at + self.chance.choice((1, 20, 200))
                made += [(at, saver.open), (busy, lambda saver=saver: self.write(saver))]
        if self.chance.random() < 0.4:
            at = self.chance.randrange(LINES)
            made += [(at, lambda: setattr(self, "full", 1)),
                     (at + 60, lambda: setattr(self, "full", 0))]  # fmt: skip
        if self.chance.random() < 0.6:
            made.append((self.chance.randrange(LINES), lambda: os._exit(9)))
        return made

    def edit(self, data: bytes) -> bytes:
        """Put a note of the editor's into the text of the file."""
        self.count += 1
        question = self.chance.choice(BY_HAND)
        value = f"tangan {os.getpid()} {self.count}"
        self.pending = (question, value)
        place = ("jawaban", question, "catatan")
        return edit_unit(data.decode(), {place: value}, QUESTIONS).encode()

    def save(self, saving: Any) -> None:
        saving()
        self.tell("saved", *self.pending)

    def write(self, saver: Saver) -> None:
        """Save into the file that was opened, unless the form is being closed meanwhile."""
        if saver.is_open and not self.is_closing:
            self.save(saver.write)

    def run(self) -> None:
        real = os.fsync

        def fsync(handle: int) -> None:
            if self.full:
                raise OSError(errno.ENOSPC, "No space left on device")
            real(handle)

        os.fsync = fsync
        live_unit.SOON = live_unit.LATER = 3600.0
        interpose(self.work, MODULES, *self.deeds())


def run_session(path: Path, seed: int) -> list[tuple[str, str, str]]:
    """Run a session in a process of its own and return what it logged."""
    out, log = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(out)
        code = 1
        try:
            Session(path, seed, log).run()
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(code)
    os.close(log)
    with os.fdopen(out, "rb") as stream:
        logged = [tuple(json.loads(line)) for line in stream]
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) in (0, 9), seed
    return logged  # type: ignore[return-value]


def interleave(folder: Path, seed: int, seen: Counter[str]) -> None:
    """Let two sessions follow one another on a unit, and look for what they saved."""
    path = make_unit(folder)
    values: dict[str, set[str]] = {}
    for number in range(2):
        for what, question, value in run_session(path, 2 * seed + number):
            seen[what] += 1
            if what == "saved":
                values[question] = {value}
            elif what == "try":  # killed in between, it may be there or not
                values[question] = {*values.get(question, {""}), value}
            else:
                values[question].discard(value)
    with AnswerStore.open(path, UNIT) as store:
        kept = [p for p in path.parent.iterdir() if ".simpanan-" in p.name]
        asides = [p.read_text() for p in kept]
        for question, allowed in values.items():
            got = store.get(FieldPlace(question, "catatan")) or ""
            if any(value and value in aside for aside in asides for value in allowed):
                continue  # saved at the same time as another, kept and named
            start = "Terbuka." if question == "A.I.1.i.b" else ""
            assert got in {value or start for value in allowed}, (seed, question, got, allowed)
        now = plain_values(store.assessment)
        seen["aside"] += len(asides)
    assert plain_values(read(path)) == now
    copy = folder / "2027" / path.name
    copy.parent.mkdir()
    copy.write_text(rebuild_unit(path), encoding="utf-8")
    assert plain_values(read(copy)) == now


@pytest.mark.skipif(not hasattr(os, "fork"), reason="sessions are forked")
@pytest.mark.parametrize("count", [5, pytest.param(1_000, marks=pytest.mark.long)])
def test_nothing_said_to_be_saved_is_missing(tmp_path: Path, count: int) -> None:
    seen: Counter[str] = Counter()
    for seed in range(count):
        interleave(tmp_path / str(seed), seed, seen)
    print(f"{count} interleavings: {dict(seen)}")
    assert seen["saved"] > 2 * count
