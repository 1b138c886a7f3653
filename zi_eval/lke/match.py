"""Which row of an LKE sheet is which question: an alignment of the sheet with the instrument.

Row numbers are not trusted. The sheet's rows and the instrument's nodes, questions and inputs, both
in order, are aligned so that labels, answer types, titles and places agree best; so an inserted or
missing row moves nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from zi_eval.core.instrument import Input, Instrument, Question, Scale, parent_id
from zi_eval.sheets.grid import Grid

__all__ = [
    "COUNT",
    "Placement",
    "Row",
    "Tables",
    "find_by_texts",
    "find_tables",
    "input_key",
    "match_rows",
    "read_rows",
    "scale_type",
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


@dataclass(frozen=True, slots=True)
class Row:
    """What a sheet's row says of itself.

    Attributes
    ----------
    row
        0-based row.
    level
        Depth of its label's column, None without a label.
    label
        The label without dot, ``-`` included.
    text
        The text after the label.
    kind
        Answer type folded (``"ya/tidak"``), :data:`OTHER` for unknown text, empty for none.
    """

    row: int
    level: int | None
    label: str
    text: str
    kind: str
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Item:
    """A node, question or input of the instrument, as it should stand in the sheet."""

    key: str
    role: str
    level: int
    label: str
    kind: str
    words: frozenset[str]
    hint: int | None
    siblings: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Placement:
    """Which row is what.

    Attributes
    ----------
    rows
        0-based row of each node, question and input (``A.II.1.i.a.1``) that was found.
    titled
        Nodes whose title agrees with the instrument's.
    extra
        Rows that look like questions or inputs and are none of the instrument's.
    kinds
        Answer type the row of each found id shows.
    moved
        Questions that do not stand in their official order and were found by their texts.
    """

    rows: Mapping[str, int]
    titled: frozenset[str]
    extra: tuple[Row, ...]
    kinds: Mapping[str, str]
    moved: tuple[str, ...] = ()


def scale_type(scale: Scale) -> str:
    """Return the answer type a scale has in the workbook, folded."""
    if scale.kind == "choice":
        return "/".join(scale.values).casefold()
    return PERCENT if scale.kind == "ratio" else INDEX


def input_key(question: Question, item: Input) -> str:
    """Return the key of an input in :attr:`Placement.rows`."""
    return f"{question.id}.{item.number}"


def _answer_type(value: object, known: frozenset[str]) -> str:
    """Return a cell of the type column folded to one of ``known``, OTHER or empty."""
    if not isinstance(value, str):
        return "" if value is None else OTHER
    text = "".join(value.split()).casefold()
    if not text:
        return ""
    if text.startswith(INDEX):
        text = INDEX
    return text if text in known else OTHER


def _known_types(instrument: Instrument) -> frozenset[str]:
    kinds = {scale_type(question.scale) for question in instrument.questions.values()}
    return frozenset(kinds | {COUNT, PERCENT, INDEX})


def _label(value: object, *, numbers: bool) -> str:
    """Return a cell as a label without its dot, empty where it is none."""
    if isinstance(value, str):
        text = value.strip().rstrip(".)").strip()
        return text if LABEL.fullmatch(text) else ""
    if numbers and isinstance(value, float | int) and not isinstance(value, bool):
        return str(int(value)) if value == int(value) and 0 < value < 100 else ""
    return ""


def _words(text: str) -> frozenset[str]:
    return frozenset(WORD.findall(text.casefold()))


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the share of words in common, 0 to 1."""
    if not one or not other:
        return 0.0
    common = len(one & other)
    return common / (len(one) + len(other) - common)


def _last(identifier: str) -> tuple[int, str]:
    head, _, label = identifier.rpartition(".")
    return (head.count(".") + 1 if head else 0), label


def _count_types(grid: Grid, instrument: Instrument) -> list[int]:
    """Return how many answer types stand in each column."""
    known = _known_types(instrument)
    width = min(grid.width, SEARCHED_COLUMNS)
    # Folded once for each text: the same few stand in hundreds of cells, most cells are empty.
    types: dict[str, bool] = {}
    counts = [0] * width
    for row in grid.rows:
        for column, value in enumerate(row[:width]):
            if value and isinstance(value, str):
                if value not in types:
                    types[value] = _answer_type(value, known) != OTHER and not value.isspace()
                counts[column] += types[value]
    return counts


def _find_labels(grid: Grid, instrument: Instrument, end: int, fewest: int = 1) -> tuple[int, ...]:
    """Return a column for each depth of labels left of column ``end``; none with too few labels.

    Of all strictly growing choices, the one whose columns hold most labels of their depth.
    """
    depths: dict[int, set[str]] = {}
    for identifier in instrument.nodes:
        depth, label = _last(identifier)
        depths.setdefault(depth, set()).add(label)
    deepest = max(_last(question)[0] for question in instrument.questions)
    for question in instrument.questions:
        depth, label = _last(question)
        if depth == deepest:
            depths.setdefault(depth, {"-"}).add(label)
    labels: dict[str, str] = {}
    votes = [[0] * end for _ in range(deepest + 1)]
    for row in grid.rows:
        for column, value in enumerate(row[:end]):
            if value and isinstance(value, str) and len(value) <= LABEL_LENGTH:
                if value not in labels:
                    labels[value] = _label(value, numbers=False)
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
    known = _known_texts(instrument)
    counts = [
        sum(isinstance(row[column], str) and _words(str(row[column])) in known for row in grid.rows)
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


def _known_texts(instrument: Instrument) -> frozenset[frozenset[str]]:
    texts = [node.title for node in instrument.nodes.values()]
    for question in instrument.questions.values():
        texts += [question.text, *(item.text for item in question.inputs)]
    return frozenset(map(_words, texts))


def read_rows(grid: Grid, tables: Tables, instrument: Instrument) -> tuple[Row, ...]:
    """Return what each row with a label or an answer type says of itself."""
    known = _known_types(instrument)
    by_text = not (tables.labels and tables.is_typed)
    known_texts = _known_texts(instrument) if by_text else frozenset()
    end = tables.kind if tables.is_typed else tables.kind + 1
    found: list[Row] = []
    for number, cells in enumerate(grid.rows):
        kind = _answer_type(cells[tables.kind], known) if tables.is_typed else ""
        level, label, start = None, "", tables.labels[0] if tables.labels else 0
        for depth, column in enumerate(tables.labels):
            label = _label(cells[column], numbers=True)
            if label:
                level, start = depth, column + 1
                break
            if cells[column] not in ("", None):
                break
        texts = [c.strip() for c in cells[start:end] if isinstance(c, str) and c.strip()]
        text = next(iter(texts), "")
        if by_text and level is None:
            text = next((t for t in texts if _words(t) in known_texts), text)
        is_known = by_text and bool(text) and _words(text) in known_texts
        if level is None and kind in ("", OTHER) and not is_known:
            continue
        if level is not None and not text and not kind:
            continue
        found.append(Row(number, level, label.casefold(), text, kind, _words(text)))
    return tuple(found)


def _expected(instrument: Instrument, hints: Mapping[str, int]) -> list[_Item]:
    items: list[_Item] = []
    siblings: dict[str, frozenset[str]] = {}
    for identifier in instrument.walk():
        level, label = _last(identifier)
        node = instrument.nodes.get(identifier)
        hint = hints.get(identifier)
        if node is not None:
            words = _words(node.title)
            items.append(_Item(identifier, "node", level, label.casefold(), "", words, hint))
            continue
        question = instrument.questions[identifier]
        kind, words = scale_type(question.scale), _words(question.text)
        parent = parent_id(identifier) or ""
        if parent not in siblings:
            children = instrument.children[parent]
            siblings[parent] = frozenset(_last(child)[1].casefold() for child in children)
        letters = siblings[parent]
        items.append(
            _Item(identifier, "question", level, label.casefold(), kind, words, hint, letters)
        )
        for item in question.inputs:
            key = input_key(question, item)
            words, hint = _words(item.text), hints.get(key)
            items.append(_Item(key, "input", level, "", COUNT, words, hint))
    return items


def _may_be(item: _Item, row: Row) -> bool:
    """Whether a row's label and answer type let it be an item at all, whatever its text."""
    if item.role == "node":
        is_bare = row.level is None and row.kind in ("", OTHER)  # only where there is no numbering
        return row.level == item.level or is_bare
    if item.role == "input":
        return row.kind in (COUNT, "", OTHER)
    if row.kind == COUNT or row.level not in (None, item.level):
        return False
    if row.label == "-" or (row.level is not None and row.label == item.label):
        return True
    return row.kind in (item.kind, OTHER) or (row.level is None and not row.kind)


def _agreement(item: _Item, row: Row) -> float:
    """Return how well a row that may be an item fits it; 0 or less where it cannot be it."""
    alike = _likeness(item.words, row.words)
    near = 0.3 if item.hint == row.row + 1 else 0.0
    if item.role == "node":
        labelled = row.label == item.label
        if not labelled and alike < TITLE_LIKE:
            return 0.0
        return 2.0 * labelled + 4.0 * alike + near - 0.5 * (row.kind not in ("", PERCENT))
    if item.role == "input":
        if row.kind == COUNT:
            return 1.5 + 1.5 * alike + near
        if row.kind in ("", OTHER) and (row.level is None or row.label == "-"):
            return 0.5 + alike + near if row.kind or alike > TITLE_LIKE else 0.0
        return 0.0
    typed, labelled = row.kind == item.kind, row.level is not None and row.label == item.label
    if row.label not in ("", "-", *item.siblings) and alike < TITLE_LIKE:
        return 0.0  # a letter the instrument does not have here: a local question
    if row.level is None and not row.kind and alike < TITLE_LIKE:
        return 0.0  # nothing but its text says what it is
    return 0.5 + 2.0 * typed + labelled + 0.5 * (row.label == "-") + alike + near


def match_rows(rows: Sequence[Row], instrument: Instrument, hints: Mapping[str, int]) -> Placement:
    """Align rows with the instrument, both in order, by the greatest total agreement.

    Parameters
    ----------
    rows
        The sheet's rows, in order.
    instrument
        What should be there.
    hints
        1-based row of each id in an undamaged sheet; only ever decides between equals.
    """
    items = _expected(instrument, hints)
    best = [[0.0] * (len(rows) + 1)]
    possible: dict[tuple[str, int, str, str], list[int]] = {}
    for item in items:
        same = (item.role, item.level, item.kind, item.label)
        if same not in possible:
            possible[same] = [place for place, row in enumerate(rows) if _may_be(item, row)]
        before = best[-1]
        line = before[:]
        for place in possible[same]:
            fit = _agreement(item, rows[place])
            if fit > 0 and before[place] + fit > line[place + 1]:
                line[place + 1] = before[place] + fit
        best.append(list(accumulate(line, max)))
    placed: dict[str, int] = {}
    titled: set[str] = set()
    kinds: dict[str, str] = {}
    used: set[int] = set()
    at, place = len(items), len(rows)
    while at and place:
        value = best[at][place]
        if value == best[at - 1][place]:
            at -= 1
        elif value == best[at][place - 1]:
            place -= 1
        else:
            at, place = at - 1, place - 1
            item, row = items[at], rows[place]
            placed[item.key], kinds[item.key] = row.row, row.kind
            used.add(place)
            if item.role == "node" and _likeness(item.words, row.words) >= TITLE_LIKE:
                titled.add(item.key)
    moved = _follow_texts(rows, instrument, placed, kinds)
    used |= {place for place, row in enumerate(rows) if row.row in set(placed.values())}
    deepest = max(item.level for item in items)
    extra = tuple(
        row
        for place, row in enumerate(rows)
        if place not in used and (row.kind not in ("", OTHER) or row.level == deepest)
    )
    return Placement(placed, frozenset(titled), extra, kinds, moved)


def _follow_texts(
    rows: Sequence[Row], instrument: Instrument, placed: dict[str, int], kinds: dict[str, str]
) -> tuple[str, ...]:
    """Put the questions whose very text stands in another row there; return which.

    Rows that were sorted or moved would give the answer of one question to another. Only texts
    that one question and one row have are followed, so that nothing is guessed.
    """
    asked: dict[frozenset[str], list[Question]] = {}
    for question in instrument.questions.values():
        asked.setdefault(_words(question.text), []).append(question)
    written: dict[frozenset[str], list[int]] = {}
    for place, row in enumerate(rows):
        if row.words in asked:
            written.setdefault(row.words, []).append(place)
    moved: dict[str, int] = {}
    for words, places in written.items():
        question = asked[words][0]
        if len(asked[words]) == len(places) == 1 and placed.get(question.id) != rows[places[0]].row:
            moved[question.id] = places[0]
    holders = {row: key for key, row in placed.items()}
    taken: dict[str, int] = {}
    for key, place in moved.items():
        question = instrument.questions[key]
        following = range(place + 1, min(place + 1 + len(question.inputs), len(rows)))
        taken[key] = place
        if all(rows[at].kind == COUNT for at in following):
            keys = (input_key(question, item) for item in question.inputs)
            taken |= dict(zip(keys, following, strict=False))
        for gone in (key, *(input_key(question, item) for item in question.inputs)):
            placed.pop(gone, None)
            kinds.pop(gone, None)
    for place in taken.values():
        holder = holders.get(rows[place].row)
        if holder is not None and holder not in taken:
            placed.pop(holder, None)
            kinds.pop(holder, None)
    for key, place in taken.items():
        placed[key], kinds[key] = rows[place].row, rows[place].kind
    # Where only a label misled, every row is in its order and there is nothing to say.
    order = [key for key in instrument.questions if key in placed]
    at = {key: number for number, key in enumerate(order)}
    return tuple(
        key
        for key in moved
        for near in [[placed[k] for k in order[max(at[key] - 1, 0) : at[key] + 2]]]
        if near != sorted(near)
    )
