"""What looking for contradictions costs beside scoring the same units, in processor time.

    python -m tests.bench.doubts [--units 300] [--rounds 5]

Prints, as shares of scoring (:func:`~zi_eval.core.scoring.score_assessment`): checking consistent
units; checking the same units with a contradiction in each; weighing what was found (each reading
scored and judged); and the verdict of all doubts together.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Callable, Sequence

from tests.doubts.samples import INSTRUMENT, contradictions, evaluated, make_unit
from zi_eval.core.assessment import Value
from zi_eval.core.evaluation import Evaluation
from zi_eval.core.scoring import score_assessment
from zi_eval.doubts.contradictions import find_contradictions
from zi_eval.doubts.verdict import judge_with_doubts
from zi_eval.doubts.weighing import weigh


def make_units(count: int, has_doubts: bool) -> list[Evaluation]:
    """Return units whose choices differ, free of contradictions or with one or two in each."""
    drawn = random.Random(count)
    units: list[Evaluation] = []
    choices = [q for q in INSTRUMENT.questions.values() if q.scale.kind == "choice"]
    while len(units) < count:
        answers: dict[str, Value | None] = {
            q.id: drawn.choice(list(q.options)[:2]) for q in drawn.sample(choices, 40)
        }
        answers["A.II.5.iii.b"] = (2.0, 4.0, 34.0, 20.0 if has_doubts else 40.0)
        unit = evaluated(make_unit(answers))
        found = len(find_contradictions(unit, contradictions()))
        if found == 0 if not has_doubts else 1 <= found <= 2:
            units.append(unit)
    return units


def cost(work: Callable[[Evaluation], object], units: Sequence[Evaluation], rounds: int) -> float:
    """Return the seconds of processor time that some work takes for all units, by median."""
    taken = []
    for _ in range(rounds):
        started = time.process_time()
        for unit in units:
            work(unit)
        taken.append(time.process_time() - started)
    return statistics.median(taken)


def measure(name: str, units: Sequence[Evaluation], rounds: int) -> None:
    """Print what each part costs beside scoring the same units."""
    rules = contradictions()
    found = {id(unit): find_contradictions(unit, rules) for unit in units}
    weighed = {id(unit): weigh(unit, found[id(unit)]) for unit in units}
    parts: dict[str, Callable[[Evaluation], object]] = {
        "scoring": lambda unit: score_assessment(INSTRUMENT, unit.assessment, unit.stage),
        "checking": lambda unit: find_contradictions(unit, rules),
        "weighing": lambda unit: weigh(unit, found[id(unit)]),
        "verdict": lambda unit: judge_with_doubts(unit, weighed[id(unit)]),
    }
    taken = {part: cost(work, units, rounds) for part, work in parts.items()}
    print(f"{len(units)} units, {name}: {sum(map(len, found.values()))} doubts")
    for part, seconds in taken.items():
        share = seconds / taken["scoring"]
        print(f"  {part:9} {seconds / len(units) * 1e6:6.0f} us a unit  {share:6.1%} of scoring")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=5)
    wanted = parser.parse_args()
    measure("consistent", make_units(wanted.units, False), wanted.rounds)
    measure("doubts in each", make_units(wanted.units, True), wanted.rounds)


if __name__ == "__main__":
    main()
