"""Draws files, reads them and prints the table by kind."""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from pathlib import Path

from tests.fields import FAMILIES, Tally, judge

LEAST = 0.98
SHOWN = 20


def run(count: int, seed: int, families: list[str]) -> Tally:
    """Draw ``count`` files, in turn of each family, and return what became of their facts."""
    tally = Tally()
    with tempfile.TemporaryDirectory(prefix="zi-eval-fields-") as folder:
        for number in range(count):
            family = families[number % len(families)]
            chance = random.Random(f"{family}-{seed}-{number}")
            judge(FAMILIES[family](chance, Path(folder)), tally, f"{family} {seed}-{number}")
    return tally


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fields", description=__doc__)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--family", choices=list(FAMILIES), action="append")
    chosen = parser.parse_args()
    tally = run(chosen.count, chosen.seed, chosen.family or list(FAMILIES))
    print(tally.table())
    for example in tally.examples[:SHOWN]:
        print(example)
    return int(bool(tally.wrong or tally.lost) or tally.share < LEAST)


if __name__ == "__main__":
    sys.exit(main())
