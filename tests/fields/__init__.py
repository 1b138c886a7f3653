"""Files as teams have them, drawn at random, with the right reading known.

    python -m tests.fields --count 2000 [--seed 1] [--family lke]

Prints by kind of trouble what was read right, what was left open and named, what was lost without a
word and what was read wrong. A family of files is a function ``(random, folder) -> Written``; it
is added to :data:`FAMILIES`, so that surveys and performance tables stand beside the LKE. Some of
the workbooks are saved in another format before they are read (``formats.py``).
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

__all__ = ["FAMILIES", "Drawn", "Tally", "Written", "judge"]


@dataclass(frozen=True)
class Drawn:
    """A file with what a careful person would read in it, and what was read.

    Attributes
    ----------
    kinds
        What was done to it, each a row of the table.
    wanted
        What is right, by the name of the fact; None where a careful person would leave it open
        and say so.
    found
        What was read; without an entry, or None, where it was left open.
    is_named
        Whether the reading says a word about a fact.
    """

    kinds: tuple[str, ...]
    wanted: Mapping[str, object]
    found: Mapping[str, object]
    is_named: Callable[[str], bool]


@dataclass(frozen=True)
class Written:
    """A file that was written, and how to read it, wherever it stands by then."""

    path: Path
    read: Callable[[Path], Drawn]


Family: TypeAlias = Callable[[random.Random, Path], Written]


def _families() -> dict[str, Family]:
    from tests.fields.lke import draw_lke
    from tests.fields.tables import draw_performance, draw_survey

    return {"lke": draw_lke, "kinerja": draw_performance, "survei": draw_survey}


FAMILIES: Mapping[str, Family] = _families()


@dataclass
class Tally:
    """Facts by what became of them: in all, and by kind of trouble."""

    counts: dict[str, Counter[str]] = field(default_factory=dict)
    examples: list[str] = field(default_factory=list)

    def add(self, kind: str, outcome: str) -> None:
        self.counts.setdefault(kind, Counter())[outcome] += 1

    @property
    def wrong(self) -> int:
        """Values that were read and are not right."""
        return self.counts.get("semua", Counter())["wrong"]

    @property
    def lost(self) -> int:
        """Values that were not read and of which nothing is said."""
        return self.counts.get("semua", Counter())["lost"]

    @property
    def share(self) -> float:
        """Of what a careful person would read, how much was read."""
        return _share(self.counts["semua"])

    def table(self) -> str:
        """Return the table by kind."""
        head = f"{'kind':26}{'books':>7}{'facts':>9}{'read':>9}{'named':>7}{'lost':>6}{'wrong':>7}"
        lines = [f"{head}{'share':>9}"]
        for kind, count in sorted(self.counts.items(), key=lambda item: item[0] == "semua"):
            facts = sum(count[name] for name in ("read", "open", "named", "lost", "wrong"))
            lines.append(
                f"{kind:26}{count['books']:7}{facts:9}{count['read'] + count['open']:9}"
                f"{count['named']:7}{count['lost']:6}{count['wrong']:7}{_share(count):9.2%}"
            )
        return "\n".join(lines)


def _share(count: Counter[str]) -> float:
    readable = count["read"] + count["named"] + count["lost"] + count["wrong"]
    return count["read"] / readable if readable else 1.0


def judge(drawn: Drawn, tally: Tally, name: str, *kinds: str) -> None:
    """Add what became of each fact of a file; a fact is counted for every kind of the file.

    Parameters
    ----------
    kinds
        More kinds of the file, beside its own.
    """
    kinds = (*drawn.kinds, *kinds, "semua")
    for kind in kinds:
        tally.add(kind, "books")
    for fact, right in drawn.wanted.items():
        found = drawn.found.get(fact)
        if found == right and right is not None:
            outcome = "read"
        elif found is not None:
            outcome = "wrong"
        elif right is None:
            outcome = "open" if drawn.is_named(fact) else "lost"
        else:
            outcome = "named" if drawn.is_named(fact) else "lost"
        for kind in kinds:
            tally.add(kind, outcome)
        if outcome in ("wrong", "lost"):
            tally.examples.append(f"{name} {drawn.kinds}: {fact}: {right!r} -> {found!r} {outcome}")
