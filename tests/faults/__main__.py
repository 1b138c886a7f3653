"""Runs disturbed at random moments, each run again and compared with an undisturbed one.

    python -m tests.faults --count 50 --seed 1
    python -m tests.faults --count 5 --only "kill -9"
    python -m tests.faults --count 9 --cluster

Prints for each kind how many trials there were, how the disturbed runs ended, and how many further
runs it took; ends at the first trial that leaves other bytes, a traceback, a process or a file.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections import Counter, defaultdict
from pathlib import Path

from tests.faults.trials import CLUSTER_KINDS, KINDS, Ended, Trials


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--count", type=int, default=2 * len(KINDS))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=KINDS)
    parser.add_argument("--cluster", action="store_true", help="on a Dask cluster")
    asked = parser.parse_args()
    kinds = [asked.only] if asked.only else [*(CLUSTER_KINDS if asked.cluster else KINDS)]
    found: defaultdict[str, list[Ended]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as folder:
        trials = Trials(Path(folder), random.Random(asked.seed))
        for number in range(asked.count):
            kind = kinds[number % len(kinds)]
            found[kind].append(trials.try_once(kind))
            print(f"{number + 1}: {kind}", flush=True)
    for kind, ends in found.items():
        codes = Counter(ended.code for ended in ends)
        said = ", ".join(f"{count} with code {code}" for code, count in sorted(codes.items()))
        further = max(ended.further for ended in ends)
        print(f"{kind:<20} {len(ends):>4} trials: {said}; at most {further} further runs")


if __name__ == "__main__":
    main()
