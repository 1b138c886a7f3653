"""Pairs of units that write the same notes, or name the same evidence, at the same questions.

What many units write is a template of the agency or a shared service, and what the instrument
suggests as evidence is nobody's own: neither counts. Nor do short notes ("sudah ada"), which
anybody writes. In a small agency two users of a template look like two who copied: of 12 made-up
agencies of 8 units without copying 3 named a pair, of those of 20 to 200 units none by notes.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Final

from zi_eval.core.evaluation import Evaluation
from zi_eval.core.text import fold
from zi_eval.similarities.values import Sign, Similarity

__all__ = ["find_texts"]

SHORTEST_NOTE: Final = 25
"""Letters of a note from which the same words are no chance."""
SHORTEST_EVIDENCE: Final = 15
LEAST_NOTES: Final = 3
LEAST_EVIDENCE: Final = 5
FEW: Final = 2
"""A text of at most so many units is no template, however small the agency."""
TEMPLATE: Final = 0.1
"""Share of the units from which a text is a template of the agency."""
LINK: Final = re.compile(r"https?://", re.IGNORECASE)


def _key(text: str, shortest: int) -> str:
    """Return what is compared: a link as it stands, else folded words; empty where too short."""
    said = text.strip()
    key = said if LINK.match(said) else fold(said)
    return key if len(key) >= shortest else ""


def _notes(item: Evaluation) -> Iterator[tuple[str, str]]:
    for key, answer in item.assessment.answers.items():
        if text := _key(answer.note, SHORTEST_NOTE):
            yield key, text


def _evidence(item: Evaluation) -> Iterator[tuple[str, str]]:
    questions = item.instrument.questions
    for key, answer in item.assessment.answers.items():
        usual = {fold(text) for text in questions[key].evidence} if key in questions else set()
        for piece in dict.fromkeys(answer.evidence):
            text = _key(piece, SHORTEST_EVIDENCE)
            if text and text not in usual:
                yield key, text


def find_texts(evaluations: Sequence[Evaluation]) -> tuple[Similarity, ...]:
    """Return the pairs of units with the same notes or evidence, the most first."""
    many = max(FEW, int(TEMPLATE * len(evaluations)))
    found = []
    for sign, read, least in (
        (Sign.NOTES, _notes, LEAST_NOTES),
        (Sign.EVIDENCE, _evidence, LEAST_EVIDENCE),
    ):
        writers: dict[tuple[str, str], list[str]] = defaultdict(list)
        sizes: dict[str, int] = {}
        for item in evaluations:
            unit, texts = item.assessment.unit.id, list(read(item))
            sizes[unit] = len({key for key, _ in texts})
            for place in texts:
                writers[place].append(unit)
        shared: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
        for (key, _), units in writers.items():
            if 2 <= len(units) <= many:
                for pair in combinations(sorted(units), 2):
                    shared[pair][key] = None
        for pair, keys in shared.items():
            if len(keys) >= least:
                of = min(sizes[unit] for unit in pair)
                found.append(Similarity(sign, pair, len(keys), of, places=tuple(keys)))
    return tuple(sorted(found, key=lambda item: (-item.count, item.sign, item.units)))
