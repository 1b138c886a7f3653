"""Draws files, reads them and prints the table by kind."""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from pathlib import Path

from tests.fields import FAMILIES, Tally, judge
from tests.fields.formats import draw_format, save_again

LEAST = 0.98
SHOWN = 20
BATCH = 500
"""Files that stand on the disk at the same time."""


def run(count: int, seed: int, families: list[str]) -> Tally:
    """Draw ``count`` files, in turn of each family, and return what became of their facts."""
    tally = Tally()
    for start in range(0, count, BATCH):
        with tempfile.TemporaryDirectory(prefix="zi-eval-fields-") as name:
            folder = Path(name)
            written = []
            for number in range(start, min(start + BATCH, count)):
                family = families[number % len(families)]
                chance = random.Random(f"{family}-{seed}-{number}")
                place = folder / str(number)
                place.mkdir()
                file = FAMILIES[family](chance, place)
                written.append((file, draw_format(chance, file.path), f"{family} {seed}-{number}"))
            paths = save_again([(file.path, kind) for file, kind, _ in written], folder)
            for (file, kind, title), path in zip(written, paths, strict=True):
                judge(file.read(path), tally, title, *([kind] if kind else []))
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
