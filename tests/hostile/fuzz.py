"""Inputs drawn at random and spoiled: each is read or refused by a sentence, never a traceback.

    python -m tests.hostile.fuzz --inputs 20000 --seed 1

Prints how many inputs of each kind there were and how many were refused, and ends with code 1 at
the first that neither is, after writing it to a file. Objects and open files are counted at the
half and at the end, so that what grows is seen.
"""

from __future__ import annotations

import argparse
import gc
import io
import json
import os
import random
import sys
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.hostile.journals import line_of, malformed
from tests.hostile.texts import FORMULAS, TERMINAL, TURNED, UNTIDY
from tests.journal.units import TEXT, UNIT, make_unit
from tests.lke.builder import build
from tests.lke.test_reader import INSTRUMENT, LKE, all_answers
from tests.sample import copy_sample
from zi_eval.errors import ZiEvalError
from zi_eval.forms.state import FormState
from zi_eval.instruments import load_rules, load_workbook_layouts
from zi_eval.journal.fields import Person, Role
from zi_eval.journal.store import AnswerStore, rebuild_unit
from zi_eval.journal.unit_text import read_history
from zi_eval.lke.audit import audit_workbook
from zi_eval.lke.reader import read_workbook
from zi_eval.performance.form.state import PerformanceState
from zi_eval.performance.table.reader import read_plan
from zi_eval.period.journal_file import is_ahead, journal_path
from zi_eval.period.unit_file import parse_unit
from zi_eval.yaml_files.source import parse_yaml

TEXTS = (*TERMINAL, *TURNED, *UNTIDY, *FORMULAS)
TOKENS = (
    *(text.encode("utf-8", "surrogatepass") for text in TEXTS),
    b"&a", b"*a", b"!!python/object:x", b"{", b"}", b"[", b"]", b": ", b"- ", b"|", b">-", b'"',
    b"'", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"---\n", b"? ", b"%YAML", b"9" * 400, b".nan",
    b"-.inf", b"1e999", b";", b"\t", b"sep=,\n", b"</row>", b"<v>NaN</v>", b"]]>", b"&#x1b;",
    b"_x001b_",
)  # fmt: skip
SHARES = {"yaml": 30, "csv": 15, "xlsx": 5, "message": 30, "journal": 20}
"""Of a hundred inputs."""


def spoil(chance: random.Random, data: bytes) -> bytes:
    """Return bytes with a few things done to them."""
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(data) + 1)
        end = min(len(data), at + chance.choice((1, 5, 50, 500)))
        kind = chance.randrange(5)
        if kind == 0:
            data = data[:at] + chance.choice(TOKENS) + data[at:]
        elif kind == 1:
            data = data[:at] + data[end:]
        elif kind == 2:
            data = data[:end] + data[at:end] * chance.choice((1, 3, 40)) + data[end:]
        elif kind == 3 and data:
            at = min(at, len(data) - 1)
            data = data[:at] + bytes([data[at] ^ (1 << chance.randrange(8))]) + data[at + 1 :]
        else:
            data = data[:at] + chance.choice(TOKENS) + data[end:]
    return data


class Fuzz:
    """One run: where it works, and a way to put one input of each kind."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.chance = random.Random(seed)
        self.folder = folder
        self.rules = load_rules("zi-2021")
        self.layouts = load_workbook_layouts("zi-2021")
        sample = copy_sample(folder / "contoh", "dpmptsp", plans=["dpmptsp"])
        self.period = sample / "parameters" / "2026"
        self.table = (self.period / "kinerja" / "dpmptsp.csv").read_bytes()
        book = build(INSTRUMENT, LKE, all_answers()).save(folder, "lke.xlsx")
        with zipfile.ZipFile(book) as parts:
            self.parts = {name: parts.read(name) for name in parts.namelist()}
        self.unit = make_unit(folder / "unit")
        AnswerStore.open(self.unit, UNIT).close()
        self.journal = journal_path(self.unit).read_bytes()
        self.malformed = [*malformed()]
        self.form = FormState.open(self.unit, Person("Sari", Role.UNIT))
        self.performance = PerformanceState.open(self.period, "dpmptsp")
        self.kinds: dict[str, Callable[[], object]] = {
            kind: getattr(self, f"put_{kind}") for kind in SHARES
        }
        self.last = b""

    def close(self) -> None:
        self.form.close()

    def put_yaml(self) -> None:
        self.last = spoil(self.chance, TEXT.encode())
        source = parse_yaml(self.last, "dinas-uji.yaml")
        for problem in parse_unit(source, INSTRUMENT, self.rules, "2026").problems:
            assert not {"\x1b", "\r", "\n", "\u202e"} & set(str(problem))

    def put_csv(self) -> None:
        path = self.folder / "dpmptsp.csv"
        self.last = spoil(self.chance, self.table)
        path.write_bytes(self.last)
        for problem in read_plan(path, "dpmptsp", 2026).problems:
            assert not {"\x1b", "\r", "\n", "\u202e"} & set(str(problem))

    def put_xlsx(self) -> None:
        name = self.chance.choice(list(self.parts))
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
            for part, data in self.parts.items():
                made.writestr(part, spoil(self.chance, data) if part == name else data)
        self.last = stream.getvalue()
        if self.chance.random() < 0.2:
            self.last = spoil(self.chance, self.last)
        path = self.folder / "spoiled.xlsx"
        path.write_bytes(self.last)
        read = self.chance.choice((read_workbook, audit_workbook))
        read(path, INSTRUMENT, self.layouts)

    def put_message(self) -> None:
        chance = self.chance
        texts = (*TEXTS, "A", "B", "Ya", "x" * 20_000)
        values: tuple[Any, ...] = (
            None, True, 0, -1, 1.5, 10**20, [], {}, [None], ["a"], [1, 2], {"a": 1}, *texts,
        )  # fmt: skip
        keys = ("A.I.1.i.a", "A.I.1.i.b", "A.II.1.i.a", "B.I.a", "syarat", "identitas", "evaluasi")
        fields = ("unit", "tpi", "catatan", "bukti", "tidak_berlaku", "nama", "final", "sebab")

        def any_of(known: tuple[str, ...]) -> Any:
            return chance.choice(known) if chance.random() < 0.8 else chance.choice(values)

        parts = [
            {
                "key": any_of(keys),
                "field": any_of(fields),
                "value": chance.choice(values),
                "seen": chance.choice(values),
            }
            for _ in range(chance.randint(0, 3))
        ]
        message = {
            "type": any_of(
                ("open", "change", "undo", "history", "agree", "explain", "way", "finish", "ping")
            ),
            "view": "v",
            "number": chance.choice((chance.randrange(10**9), None, "x")),
            "changes": chance.choice(values) if chance.random() < 0.1 else parts,
            "key": any_of(keys),
            "person": chance.choice(("Sari", *values)),
            **(parts[0] if parts else {}),
        }
        for name in [n for n in message if chance.random() < 0.05]:
            del message[name]
        self.last = json.dumps(message).encode()
        state = chance.choice((self.form, self.performance))
        json.dumps(state.answer(json.loads(self.last)))

    def put_journal(self) -> None:
        line = self.chance.choice(self.malformed)
        if self.chance.random() < 0.5:
            body = spoil(self.chance, line.partition(b',"cek"')[0] + b"}").decode(
                "utf-8", "replace"
            )
            line = line_of(body.replace("\n", " "))
        self.last = line
        other = self.folder / "lain" / "2026" / "dinas-uji.yaml"
        if not other.exists():
            make_unit(self.folder / "lain")
        path = journal_path(other)
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(self.journal + line)
        is_ahead(other)
        read_history(other)
        rebuild_unit(other)

    def put(self, kind: str) -> bool:
        """Put one input; return whether it was refused."""
        try:
            self.kinds[kind]()
        except ZiEvalError:
            return True
        return False


def count_open() -> tuple[int, int]:
    """Return how many objects and how many open files this process has."""
    gc.collect()
    descriptors = Path("/proc/self/fd")
    return len(gc.get_objects()), len(os.listdir(descriptors)) if descriptors.exists() else 0


def run(inputs: int, seed: int, folder: Path) -> tuple[Counter[str], Counter[str], list[float]]:
    """Put so many inputs; return how many of each kind, how many were refused, and the growth."""
    fuzz = Fuzz(folder, seed)
    put: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    counts = []
    try:
        for number in range(inputs):
            (kind,) = fuzz.chance.choices(list(SHARES), list(SHARES.values()))
            put[kind] += 1
            try:
                refused[kind] += fuzz.put(kind)
            except Exception:
                kept = Path(tempfile.gettempdir()) / f"fuzz-{seed}-{number}.{kind}"
                kept.write_bytes(fuzz.last)
                print(f"{kind} {number} of seed {seed}: {kept}", file=sys.stderr)
                raise
            if number + 1 in (inputs // 2, inputs):
                counts.append(count_open())
    finally:
        fuzz.close()
    (objects, files), (more_objects, more_files) = counts
    return put, refused, [more_objects / objects, more_files / max(files, 1)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        put, refused, growth = run(asked.inputs, asked.seed, Path(folder))
    for kind, count in put.items():
        print(f"{kind:<8} {count:>6} inputs, {refused[kind]:>6} refused as a whole")
    print(f"objects x {growth[0]:.2f}, open files x {growth[1]:.2f} from the half to the end")


if __name__ == "__main__":
    main()
