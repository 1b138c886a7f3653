"""Where an LKE sheet has its numbering, its answer types and its texts."""

from __future__ import annotations

import re
from dataclasses import dataclass

from zi_eval.core.instrument import Instrument, Scale
from zi_eval.sheets.grid import Grid

__all__ = [
    "COUNT",
    "INDEX",
    "OTHER",
    "PERCENT",
    "TITLE_LIKE",
    "Tables",
    "answer_type",
    "find_by_texts",
    "find_tables",
    "known_texts",
    "known_types",
    "last_label",
    "likeness",
    "read_label",
    "scale_type",
    "split_words",
]

LABEL = re.compile(r"[A-Za-z]|[ivxIVX]{1,5}|[0-9]{1,2}|-")
WORD = re.compile(r"[a-z0-9]+")
COUNT, PERCENT, INDEX = "jumlah", "%", "nilai"
OTHER = "?"
SEARCHED_COLUMNS = 256
"""Columns among which labels and answer types are looked for; they stand in the first 20."""
LABEL_LENGTH = 20
"""A longer text is no label, whatever spaces are around it."""
TITLE_LIKE = 0.5
"""Share of words two titles have in common from which they are taken for the same."""


@dataclass(frozen=True)
class Tables:
    """Where things stand: a column for each depth of labels, and the answer types' column.

    Attributes
    ----------
    labels
        None where the sheet has no numbering: then rows are known by their texts.
    kind
        Column of the answer types; without one the last column of the texts.
    is_typed
        Whether there is a column of answer types.
    """

    labels: tuple[int, ...]
    kind: int
    is_typed: bool = True


def scale_type(scale: Scale) -> str:
    """Return the answer type a scale has in the workbook, folded."""
    if scale.kind == "choice":
        return "/".join(scale.values).casefold()
    return PERCENT if scale.kind == "ratio" else INDEX


def answer_type(value: object, known: frozenset[str]) -> str:
    """Return a cell of the type column folded to one of ``known``, OTHER or empty."""
    if not isinstance(value, str):
        return "" if value is None else OTHER
    text = "".join(value.split()).casefold()
    if not text:
        return ""
    if text.startswith(INDEX):
        text = INDEX
    return text if text in known else OTHER


def known_types(instrument: Instrument) -> frozenset[str]:
    """Return the answer types a sheet of the instrument may show, folded."""
    kinds = {scale_type(question.scale) for question in instrument.questions.values()}
    return frozenset(kinds | {COUNT, PERCENT, INDEX})


def read_label(value: object, *, numbers: bool) -> str:
    """Return a cell as a label without its dot, empty where it is none."""
    if isinstance(value, str):
        text = value.strip().rstrip(".)").strip()
        return text if LABEL.fullmatch(text) else ""
    if numbers and isinstance(value, float | int) and not isinstance(value, bool):
        return str(int(value)) if 0 < value < 100 and value == int(value) else ""
    return ""


def split_words(text: str) -> frozenset[str]:
    """Return the words of a text, by which two texts are compared."""
    return frozenset(WORD.findall(text.casefold()))


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the share of words in common, 0 to 1."""
    if not one or not other:
        return 0.0
    common = len(one & other)
    return common / (len(one) + len(other) - common)


def last_label(identifier: str) -> tuple[int, str]:
    """Return the depth and the last part of an official number."""
    head, _, label = identifier.rpartition(".")
    return (head.count(".") + 1 if head else 0), label


def _count_types(grid: Grid, instrument: Instrument) -> list[int]:
    """Return how many answer types stand in each column."""
    known = known_types(instrument)
    width = min(grid.width, SEARCHED_COLUMNS)
    # Folded once for each text: the same few stand in hundreds of cells, most cells are empty.
    types: dict[str, bool] = {}
    counts = [0] * width
    for row in grid.rows:
        for column, value in enumerate(row[:width]):
            if value and isinstance(value, str):
                if value not in types:
                    types[value] = answer_type(value, known) != OTHER and not value.isspace()
                counts[column] += types[value]
    return counts


def _find_labels(grid: Grid, instrument: Instrument, end: int, fewest: int = 1) -> tuple[int, ...]:
    """Return a column for each depth of labels left of column ``end``; none with too few labels.

    Of all strictly growing choices, the one whose columns hold most labels of their depth.
    """
    depths: dict[int, set[str]] = {}
    for identifier in instrument.nodes:
        depth, label = last_label(identifier)
        depths.setdefault(depth, set()).add(label)
    deepest = max(last_label(question)[0] for question in instrument.questions)
    for question in instrument.questions:
        depth, label = last_label(question)
        if depth == deepest:
            depths.setdefault(depth, {"-"}).add(label)
    labels: dict[str, str] = {}
    votes = [[0] * end for _ in range(deepest + 1)]
    for row in grid.rows:
        for column, value in enumerate(row[:end]):
            if value and isinstance(value, str) and len(value) <= LABEL_LENGTH:
                if value not in labels:
                    labels[value] = read_label(value, numbers=False)
                if labels[value]:
                    for depth, allowed in depths.items():
                        votes[depth][column] += labels[value] in allowed
    chains: dict[int, tuple[int, tuple[int, ...]]] = {-1: (0, ())}
    for depth in range(deepest + 1):
        longer: dict[int, tuple[int, tuple[int, ...]]] = {}
        for column in range(end):
            before = [chain for last, chain in chains.items() if last < column]
            if before:
                # The later chain wins a draw: columns of labels stand side by side.
                score, columns = max(before, key=lambda chain: (chain[0], chain[1]))
                longer[column] = (score + votes[depth][column], (*columns, column))
        chains = longer
    score, columns = max(chains.values(), default=(0, ()))
    return columns if score >= fewest else ()


def find_tables(grid: Grid, instrument: Instrument) -> Tables | None:
    """Find the label columns and the type column, or None where the sheet has none.

    The type column is the one with most answer types; the label columns stand left of it.
    """
    counts = _count_types(grid, instrument)
    if not counts or max(counts) * 4 < len(instrument.questions):
        return None  # "%" and "Nilai" stand in headings too
    kind = counts.index(max(counts))
    labels = _find_labels(grid, instrument, kind)
    return Tables(labels, kind) if labels else None


def find_by_texts(grid: Grid, instrument: Instrument) -> list[Tables]:
    """Return where things may stand in a sheet without answer types or without numbering.

    What is left to go by are the texts of the questions; the likeliest comes first.
    """
    known = known_texts(instrument)
    counts = [
        sum(
            isinstance(row[column], str) and split_words(str(row[column])) in known
            for row in grid.rows
        )
        for column in range(min(grid.width, SEARCHED_COLUMNS))
    ]
    if sum(counts) * 4 < len(instrument.questions):
        return []
    last = max(column for column, count in enumerate(counts) if count)
    types = _count_types(grid, instrument)
    kind = types.index(max(types))
    labels = _find_labels(grid, instrument, last, len(instrument.questions) // 4)
    found = [Tables(labels, last, is_typed=False), Tables((), last, is_typed=False)]
    if kind > last and max(types) * 4 >= len(instrument.questions):
        found.insert(0, Tables((), kind))
    return found


def known_texts(instrument: Instrument) -> frozenset[frozenset[str]]:
    """Return the words of every title, question and input."""
    texts = [node.title for node in instrument.nodes.values()]
    for question in instrument.questions.values():
        texts += [question.text, *(item.text for item in question.inputs)]
    return frozenset(map(split_words, texts))
