"""Inputs drawn at random and spoiled: each is read or refused by a sentence, never a traceback.

    python -m tests.hostile.fuzz --inputs 20000 --seed 1

Prints how many inputs of each kind there were and how many were refused, and ends with code 1 at
the first that neither is, after writing it to a file. Objects and open files are counted at the
half and at the end; more than a fifth of growth ends with code 1 too.
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
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from tests.hostile.journals import line_of, malformed
from tests.hostile.texts import FORMULAS, TERMINAL, TURNED, UNTIDY
from tests.journal.units import TEXT, UNIT, make_unit
from tests.lke.builder import build
from tests.lke.criteria_sheets import worksheet
from tests.lke.test_reader import INSTRUMENT, LKE, all_answers
from tests.sample import ROOT, copy_sample
from zi_eval.calendar.load import parse_deadlines, usual_deadlines
from zi_eval.core.problems import MOST
from zi_eval.errors import ZiEvalError
from zi_eval.forms.state import FormState
from zi_eval.instruments import load_instrument, load_rules, load_workbook_layouts
from zi_eval.journal.fields import Person, Role
from zi_eval.journal.store import AnswerStore, rebuild_unit
from zi_eval.journal.unit_text import read_history
from zi_eval.letters.details_file import parse_letter
from zi_eval.letters.proposal_file import parse_details
from zi_eval.lke.audit import audit_workbook
from zi_eval.lke.criteria_sheet import read_criteria
from zi_eval.lke.reader import read_workbook
from zi_eval.national.table.reader import read_decisions
from zi_eval.performance.form.state import PerformanceState
from zi_eval.performance.table.reader import read_plan
from zi_eval.period.agency_file import parse_agency
from zi_eval.period.journal_file import is_ahead, journal_path
from zi_eval.period.keys import Section
from zi_eval.period.unit_file import parse_unit
from zi_eval.recommendations.table.reader import read_recommendations
from zi_eval.survey.definitions import load_survey
from zi_eval.survey.table.reader import read_responses
from zi_eval.workplan.table.reader import read_workplan
from zi_eval.yaml_files.source import parse_yaml

TEXTS = (*TERMINAL, *TURNED, *UNTIDY, *FORMULAS)
TOKENS = (
    *(text.encode("utf-8", "surrogatepass") for text in TEXTS),
    b"&a", b"*a", b"!!python/object:x", b"{", b"}", b"[", b"]", b": ", b"- ", b"|", b">-", b'"',
    b"'", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"---\n", b"? ", b"%YAML", b"9" * 400, b".nan",
    b"-.inf", b"1e999", b";", b"\t", b"sep=,\n", b"</row>", b"<v>NaN</v>", b"]]>", b"&#x1b;",
    b"_x001b_",
)  # fmt: skip
SHARES = {
    "yaml unit": 20, "yaml akip": 4, "yaml agency": 3, "yaml calendar": 3,
    "csv plan": 5, "csv survey": 3, "csv workplan": 4, "csv register": 4, "csv decisions": 4,
    "xlsx lke": 3, "xlsx akip": 1, "xlsx workplan": 1,
    "message": 25, "journal": 20,
}  # fmt: skip
"""Of a hundred inputs."""
CALENDAR = (
    b"usulan: {tanggal: 2026-06-30, sumber: Surat Menteri}\nsurvei-mandiri: tidak\n"
    b"kalibrasi: {judul: Rapat kalibrasi TPI, tanggal: 2026-05-04, untuk: TPI}\n"
)
MOST_TOLD = 6 * (MOST + 1)
"""Problems of one file: a hundred of a severity and how many more, of the file and of its parts;
of a workbook, up to two hundred of a kind."""
MOST_GROWTH = 1.2
"""From the half to the end, of objects and of open files."""
ROWS = 30
"""Of a table of responses: of more, most of the time goes into rows that nothing was done to."""


Problems: TypeAlias = Sequence[object]
Read: TypeAlias = Callable[[Path], Problems]
"""Reads a file of a kind and returns what is wrong with it."""


def parts_of(data: bytes) -> dict[str, bytes]:
    """Return the parts of a workbook by name."""
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        return {name: parts.read(name) for name in parts.namelist()}


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
        ours, survey = ROOT / "parameters", load_survey("ipak")
        self.akip, self.akip_rules = load_instrument("akip-2021"), load_rules("akip-2021")
        self.texts: dict[str, tuple[bytes, Read]] = {
            "yaml unit": (TEXT.encode(), self.read_unit),
            "yaml akip": ((ours / "2026-akip/dpmptsp.yaml").read_bytes(), self.read_akip),
            "yaml agency": ((ours / "2026/instansi.yaml").read_bytes(), self.read_agency),
            "yaml calendar": (CALENDAR, self.read_calendar),
            "csv plan": (
                (ours / "2026/kinerja/dpmptsp.csv").read_bytes(),
                lambda path: read_plan(path, "dpmptsp", 2026).problems,
            ),
            "csv survey": (
                b"".join(
                    (ours / "2026/survei/dpmptsp.ipak.csv").read_bytes().splitlines(True)[:ROWS]
                ),
                lambda path: read_responses(path, survey, "dpmptsp", year=2026).problems,
            ),
            "csv workplan": (
                (ours / "2026/rencana-zi/dpmptsp.csv").read_bytes(),
                lambda path: read_workplan(path, "dpmptsp", 2026, INSTRUMENT.questions).problems,
            ),
            "csv register": (
                (ours / "2026/tindak-lanjut/dpmptsp.csv").read_bytes(),
                lambda path: read_recommendations(path, 2026, INSTRUMENT.questions)[1],
            ),
            "csv decisions": (
                (ours / "2025/tpn/keputusan.csv").read_bytes(),
                lambda path: read_decisions(path, 2025, ("dpmptsp", "bapenda"))[1],
            ),
        }
        lke = build(INSTRUMENT, LKE, all_answers()).save(folder, "lke.xlsx").read_bytes()
        plan = (ours / "2026/rencana-zi/kecamatan-merdeka.xlsx").read_bytes()
        self.books: dict[str, tuple[Mapping[str, bytes], Read]] = {
            "xlsx lke": (parts_of(lke), self.read_lke),
            "xlsx akip": (
                parts_of(worksheet(("Y", "T"))),
                lambda path: read_criteria(path, self.akip).problems,
            ),
            "xlsx workplan": (
                parts_of(plan),
                lambda path: read_workplan(path, "x", 2026, INSTRUMENT.questions).problems,
            ),
        }
        self.unit = make_unit(folder / "unit")
        AnswerStore.open(self.unit, UNIT).close()
        self.journal = journal_path(self.unit).read_bytes()
        self.malformed = [*malformed()]
        self.form = FormState.open(self.unit, Person("Sari", Role.UNIT))
        self.performance = PerformanceState.open(self.period, "dpmptsp")
        self.last = b""

    def close(self) -> None:
        self.form.close()

    def read_unit(self, path: Path) -> Problems:
        source = parse_yaml(path.read_bytes(), path.name)
        return parse_unit(source, INSTRUMENT, self.rules, "2026").problems

    def read_akip(self, path: Path) -> Problems:
        source = parse_yaml(path.read_bytes(), path.name)
        return parse_unit(source, self.akip, self.akip_rules, "2026-akip").problems

    def read_agency(self, path: Path) -> Problems:
        source = parse_yaml(path.read_bytes(), path.name)
        return (
            *parse_agency(source, self.rules).problems,
            *parse_letter(Section(source, "lhe"))[1],
            *parse_details(Section(source, "usulan"), ("WBK", "WBBM"))[1],
        )

    def read_calendar(self, path: Path) -> Problems:
        return parse_deadlines(parse_yaml(path.read_bytes(), path.name), usual_deadlines(2026))[1]

    def read_lke(self, path: Path) -> Problems:
        if self.chance.random() < 0.5:
            audit_workbook(path, INSTRUMENT, self.layouts)
            return ()
        return read_workbook(path, INSTRUMENT, self.layouts).problems

    def put_text(self, kind: str) -> None:
        whole, read = self.texts[kind]
        self.last = spoil(self.chance, whole)
        self.look(kind, read)

    def put_book(self, kind: str) -> None:
        parts, read = self.books[kind]
        name = self.chance.choice(list(parts))
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
            for part, data in parts.items():
                made.writestr(part, spoil(self.chance, data) if part == name else data)
        self.last = stream.getvalue()
        if self.chance.random() < 0.2:
            self.last = spoil(self.chance, self.last)
        self.look(kind, read)

    def look(self, kind: str, read: Read) -> None:
        """Let a spoiled file be read; what is told of it is one line of visible letters."""
        path = self.folder / f"rusak.{kind.partition(' ')[0]}"
        path.write_bytes(self.last)
        problems = read(path)
        for problem in problems:
            assert not {"\x1b", "\r", "\n", "\u202e"} & set(str(problem))
        assert len(problems) <= MOST_TOLD

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
            if kind in self.texts:
                self.put_text(kind)
            elif kind in self.books:
                self.put_book(kind)
            else:
                getattr(self, f"put_{kind}")()
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
        print(f"{kind:<13} {count:>6} inputs, {refused[kind]:>6} refused as a whole")
    print(f"objects x {growth[0]:.2f}, open files x {growth[1]:.2f} from the half to the end")
    sys.exit(int(max(growth) > MOST_GROWTH))


if __name__ == "__main__":
    main()
