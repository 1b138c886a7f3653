"""What single steps cost, beside a measure of the same machine: a table, by medians of rounds.

    python -m tests.bench.parts [--rounds 7]

The steps were once limits in seconds within the tests, which a busy machine broke.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import openpyxl

from tests.bench.batch import ENVIRONMENT, Took, make_units, median, take
from tests.sample import copy_sample
from zi_eval.chance.estimate import estimate_chance
from zi_eval.core.assessment import Stage
from zi_eval.core.scoring import score_assessment
from zi_eval.instruments import load_instrument, load_workbook_layouts
from zi_eval.journal.fields import FieldPlace, Person, Role
from zi_eval.journal.store import AnswerStore
from zi_eval.lke.export import export_workbook
from zi_eval.lke.reader import read_workbook
from zi_eval.period.evaluations import load_evaluation

HEAD = """
| step | wall, ms | beside | wall, ms | ratio, wall | processor |
|---|---|---|---|---|---|"""
QUESTION = FieldPlace("A.I.1.i.a", "catatan")


def compare(
    rounds: int, ours: Callable[[], object], other: Callable[[], object]
) -> tuple[Took, Took]:
    """Time both in turns, so that a busy machine slows both, and return medians."""
    took: tuple[list[Took], list[Took]] = ([], [])
    for _ in range(rounds):
        for work, kept in zip((ours, other), took, strict=True):
            kept.append(take(work))
    return median(took[0]), median(took[1])


def command(folder: Path, *arguments: str) -> object:
    """Run a Python command to its end; what it says of the files is no failure."""
    return subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=ENVIRONMENT, capture_output=True
    )


def main() -> None:
    """Print a line a step."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=7)
    rounds = options.parse_args().rounds
    instrument, layouts = load_instrument("zi-2021"), load_workbook_layouts("zi-2021")
    with tempfile.TemporaryDirectory() as name:
        folder = copy_sample(Path(name), "dpmptsp")
        unit = folder / "parameters" / "2026" / "dpmptsp.yaml"
        evaluation = load_evaluation(unit, Stage.TPI)
        assessment = evaluation.assessment
        workbook = folder / "lke.xlsx"
        workbook.write_bytes(export_workbook(assessment, instrument, layouts[0]).data)

        def score() -> object:
            return score_assessment(instrument, assessment)

        def change() -> None:
            seen = store.get(QUESTION)
            store.change(QUESTION, f"{len(store.history())}", seen)

        def start() -> object:
            return command(folder, "-c", "pass")

        def answer() -> None:
            change()
            score()

        many = folder / "many"
        make_units(many, 300)
        with AnswerStore.open(unit, Person("Sari", Role.UNIT)) as store:
            steps: list[tuple[str, Callable[[], object], str, Callable[[], object]]] = [
                (
                    "import of a workbook",
                    lambda: read_workbook(workbook, instrument, layouts),
                    "openpyxl.load_workbook",
                    lambda: openpyxl.load_workbook(workbook),
                ),
                ("a change of the form", change, "scoring the unit", score),
                ("the form's answer to score", answer, "scoring the unit", score),
                (
                    "zi-eval score",
                    lambda: command(folder, "-m", "zi_eval", "score", str(unit)),
                    "starting Python",
                    start,
                ),
                (
                    "zi-eval check, 300 units",
                    lambda: command(many, "-m", "zi_eval", "check"),
                    "starting Python",
                    start,
                ),
                ("chance", lambda: estimate_chance(evaluation), "scoring the unit", score),
            ]
            print(HEAD)
            for ours, work, other, measure in steps:
                mine, theirs = compare(rounds, work, measure)
                print(
                    f"| {ours} | {mine.wall * 1000:.1f} | {other} | {theirs.wall * 1000:.1f} "
                    f"| {mine.wall / theirs.wall:.2f} | {mine.processor / theirs.processor:.2f} |",
                    flush=True,
                )


if __name__ == "__main__":
    main()
