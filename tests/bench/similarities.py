"""How well copied answers are found in made-up agencies of which it is known who copied.

    python -m tests.bench.similarities [--agencies 20]

Prints, by size of the agency and share of the answers that a copy takes over: precision (of the
pairs named, how many copied), recall (of the pairs that copied, how many are named), and in how
many agencies without any copying a pair is named. By answers alone, and with notes.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence

from tests.similarities.agencies import make_agency
from zi_eval.similarities.find import find_similarities
from zi_eval.similarities.values import Sign


def named_pairs(
    units: int, copies: int, share: float, seed: int
) -> dict[str, set[tuple[str, str]]]:
    """Return the pairs of one agency: those that copied, and those named by answers or by any."""
    made = make_agency(units, copies, share, seed)
    found = [item for item in find_similarities(made.evaluation) if len(item.units) == 2]
    return {
        "true": made.pairs,
        "answers": {item.units for item in found if item.sign is Sign.ANSWERS},  # type: ignore[misc]
        "any": {item.units for item in found},  # type: ignore[misc]
    }


def rates(pairs: Sequence[Mapping[str, set[tuple[str, str]]]], by: str) -> tuple[float, float]:
    """Return precision and recall over several agencies."""
    hits = sum(len(item[by] & item["true"]) for item in pairs)
    named, true = sum(len(item[by]) for item in pairs), sum(len(item["true"]) for item in pairs)
    return (hits / named if named else 1.0), (hits / true if true else 1.0)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--agencies", type=int, default=20)
    agencies = parser.parse_args().agencies
    print(f"{agencies} agencies a row; precision / recall")
    print("units copies share   answers        answers, notes")
    for units, copies in ((8, 2), (20, 3), (60, 6), (200, 10)):
        for share in (0.4, 0.6, 0.8, 1.0):
            pairs = [named_pairs(units, copies, share, seed) for seed in range(agencies)]
            told = [rates(pairs, by) for by in ("answers", "any")]
            cells = "    ".join(f"{p:.2f} / {r:.2f}" for p, r in told)
            print(f"{units:5} {copies:6} {share:5.1f}   {cells}")
        alarms = [named_pairs(units, 0, 0.0, seed) for seed in range(agencies)]
        told_alarms = [sum(bool(pairs[by]) for pairs in alarms) for by in ("answers", "any")]
        print(f"{units:5}      0          {told_alarms[0]} false   {told_alarms[1]} false alarms")


if __name__ == "__main__":
    main()
