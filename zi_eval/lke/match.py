"""Which row of an LKE sheet is which question: an alignment of the sheet with the instrument.

Row numbers are not trusted. The sheet's rows and the instrument's nodes, questions and inputs, both
in order, are aligned so that labels, answer types, titles and places agree best; so an inserted or
missing row moves nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from zi_eval.core.instrument import Input, Instrument, Question, parent_id
from zi_eval.lke.tables import (
    COUNT,
    OTHER,
    PERCENT,
    TITLE_LIKE,
    Tables,
    answer_type,
    known_texts,
    known_types,
    last_label,
    likeness,
    read_label,
    scale_type,
    split_words,
)
from zi_eval.sheets.grid import Grid

__all__ = ["Placement", "Row", "input_key", "match_rows", "read_rows"]


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


def input_key(question: Question, item: Input) -> str:
    """Return the key of an input in :attr:`Placement.rows`."""
    return f"{question.id}.{item.number}"


def read_rows(grid: Grid, tables: Tables, instrument: Instrument) -> tuple[Row, ...]:
    """Return what each row with a label or an answer type says of itself."""
    known = known_types(instrument)
    by_text = not (tables.labels and tables.is_typed)
    texts_known = known_texts(instrument) if by_text else frozenset()
    end = tables.kind if tables.is_typed else tables.kind + 1
    found: list[Row] = []
    for number, cells in enumerate(grid.rows):
        kind = answer_type(cells[tables.kind], known) if tables.is_typed else ""
        level, label, start = None, "", tables.labels[0] if tables.labels else 0
        for depth, column in enumerate(tables.labels):
            label = read_label(cells[column], numbers=True)
            if label:
                level, start = depth, column + 1
                break
            if cells[column] not in ("", None):
                break
        texts = [c.strip() for c in cells[start:end] if isinstance(c, str) and c.strip()]
        text = next(iter(texts), "")
        if by_text and level is None:
            text = next((t for t in texts if split_words(t) in texts_known), text)
        is_known = by_text and bool(text) and split_words(text) in texts_known
        if level is None and kind in ("", OTHER) and not is_known:
            continue
        if level is not None and not text and not kind:
            continue
        found.append(Row(number, level, label.casefold(), text, kind, split_words(text)))
    return tuple(found)


def _expected(instrument: Instrument, hints: Mapping[str, int]) -> list[_Item]:
    items: list[_Item] = []
    siblings: dict[str, frozenset[str]] = {}
    for identifier in instrument.order:
        level, label = last_label(identifier)
        node = instrument.nodes.get(identifier)
        hint = hints.get(identifier)
        if node is not None:
            words = split_words(node.title)
            items.append(_Item(identifier, "node", level, label.casefold(), "", words, hint))
            continue
        question = instrument.questions[identifier]
        kind, words = scale_type(question.scale), split_words(question.text)
        parent = parent_id(identifier) or ""
        if parent not in siblings:
            children = instrument.children[parent]
            siblings[parent] = frozenset(last_label(child)[1].casefold() for child in children)
        letters = siblings[parent]
        items.append(
            _Item(identifier, "question", level, label.casefold(), kind, words, hint, letters)
        )
        for item in question.inputs:
            key = input_key(question, item)
            words, hint = split_words(item.text), hints.get(key)
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
    alike = likeness(item.words, row.words)
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
            if item.role == "node" and likeness(item.words, row.words) >= TITLE_LIKE:
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
        asked.setdefault(split_words(question.text), []).append(question)
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
