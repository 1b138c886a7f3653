"""A process that changes a unit without end and says what was acknowledged; killed by the tests.

It is started once and forks a writer for each line it is given, because starting Python takes far
longer than the life of a writer.
"""

from __future__ import annotations

import os
import random
import sys
import time
from pathlib import Path

from zi_eval.errors import ZiEvalError
from zi_eval.instruments import load_instrument, load_rules
from zi_eval.journal import live_unit
from zi_eval.journal.store import AnswerStore, ConflictError, FieldPlace, Person, Role


def write(path: Path, name: str, seed: int, notes: int, pause: float) -> None:
    """Change random answers; a line ``question value`` follows each acknowledged change."""
    chance = random.Random(seed)
    store = AnswerStore.open(path, Person(name, Role.UNIT))
    questions = [q.id for q in store.instrument.questions.values() if q.scale.kind == "choice"]
    # Each writer has its own notes, so that what stands there at the end is known; answers are
    # shared, so that conflicts come about too.
    mine = [q for n, q in enumerate(questions) if n % 8 == seed % 8]
    for count in range(1, notes + 1):
        question = chance.choice(mine)
        place = FieldPlace(question, "catatan")
        value = f"{name}-{seed}-{count} " + "kata " * chance.choice((0, 0, 40))
        change = store.change(place, value.strip(), store.get(place))
        os.write(1, f"{question} {change.number} {value.strip()}\n".encode())
        if chance.random() < 0.3:
            shared = FieldPlace(chance.choice(questions[:5]), "unit")
            scale = store.instrument.questions[shared.key].scale
            try:
                store.change(shared, chance.choice(list(scale.values)), store.get(shared))
            except ConflictError:
                store.refresh()
        if pause:
            time.sleep(chance.random() * pause)
    store.close()


def serve() -> None:
    """Fork a writer for each line ``path log name seed``; print its process id."""
    live_unit.SOON = 0.01  # so that the file is replaced in the midst of the changes
    load_rules("zi-2021")  # read once for all writers
    load_instrument("zi-2021")
    for line in sys.stdin:
        path, log, name, seed = line.split("\t")
        child = os.fork()
        if child == 0:
            os.dup2(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), 1)
            try:
                write(Path(path), name, int(seed), 1_000_000, 0.0)
            except ZiEvalError as error:
                os.write(2, f"{error}\n".encode())
            os._exit(1)
        print(child, flush=True)
        os.waitpid(child, 0)
        print("ended", flush=True)


if __name__ == "__main__":
    if len(sys.argv) == 1:
        serve()
    else:
        write(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), 0.004)
