"""A unit file edited in place: only the lines of the changed values change.

The text is cut at the characters where the parser found the values, and never written anew, so
that comments, order, quotes, folded texts and blank lines of everything else keep their bytes.
"""

from __future__ import annotations

import codecs
import difflib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from zi_eval.period.unit_file import ANSWER_KEYS, UNIT_KEYS
from zi_eval.yaml_files.source import parse_yaml
from zi_eval.yaml_files.spans import (
    Entry,
    Node,
    comments_of,
    line_end,
    line_start,
    locate_values,
)
from zi_eval.yaml_files.text import render_scalar, render_value

__all__ = ["EditError", "decode_unit", "edit_unit"]

Path = tuple[str, ...]


class EditError(ValueError):
    """The text has a form that cannot be edited in place, e.g. all of it in braces."""


def decode_unit(data: bytes) -> str:
    """Return the text of a unit file in UTF-8 or UTF-16, its byte order mark kept in UTF-8."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16")
    return data.decode("utf-8")


def edit_unit(text: str, edits: Mapping[Path, Any], questions: Sequence[str]) -> str:
    """Return ``text`` with some of its values changed.

    Parameters
    ----------
    text
        A unit file without errors.
    edits
        Plain values by path: ``("nama",)``, ``("syarat", "lhkpn")``, ``("jawaban", "A.I.1.i.a",
        "catatan")``; None where there is to be no value.
    questions
        The instrument's questions in official order, for the place of a new answer.

    Raises
    ------
    EditError
        Where the text cannot be edited in place, or the result would say something else.
    """
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    body = text[len(mark) :]
    edited = mark + _Edit(body, questions).apply(edits)
    if _meaning(edited, {}) != _meaning(text, edits):
        raise EditError("the edited text does not say what it should")
    return edited


def _meaning(text: str, edits: Mapping[Path, Any]) -> Any:
    """Return what a text says once edited, without empty values and ways of writing."""
    source = parse_yaml(text.encode("utf-8"), "")
    if source.problems or not isinstance(source.value, dict):
        raise EditError("the text is not valid")
    top: dict[str, Any] = source.value
    answers = top.get("jawaban") or {}
    plain = {q: v if isinstance(v, dict) else {"unit": v} for q, v in answers.items()}
    whole: dict[str, Any] = {**top, "jawaban": plain}
    for path, value in edits.items():
        place = whole
        for key in path[:-1]:
            place[key] = place = place.get(key) or {}
        place[path[-1]] = value
    return _without_empty(whole)


def _without_empty(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    kept = {key: _without_empty(item) for key, item in value.items()}
    return {key: item for key, item in kept.items() if item not in (None, {}, [], "")}


class _Edit:
    """Collects what is to be cut out of a text and put in, then does it in one go."""

    def __init__(self, text: str, questions: Sequence[str]) -> None:
        self.eol = "\r\n" if "\r\n" in text else "\n"
        self.text = text if text.endswith("\n") else text + self.eol
        self.questions = questions
        self.cuts: list[tuple[int, int, int, str]] = []
        """Start, end, and what comes instead; of two at one place the smaller third is first."""

    def apply(self, edits: Mapping[Path, Any]) -> str:
        root = locate_values(self.text)
        if not root.is_mapping:
            raise EditError("the text is no mapping in block style")
        top: dict[str, Any] = {}
        facts: dict[str, Any] = {}
        answers: dict[str, dict[str, Any]] = {}
        for path, value in edits.items():
            if len(path) == 1:
                top[path[0]] = value
            elif path[0] == "syarat":
                facts[path[1]] = value
            else:
                answers.setdefault(path[1], {})[path[2]] = value
        self.fields(root, top, UNIT_KEYS, 0)
        if facts:
            self.below(root, "syarat", facts, ())
        if answers:
            self.below(root, "jawaban", answers, self.questions)
        pieces, done = [], 0
        for start, end, _, new in sorted(self.cuts, key=lambda cut: cut[:3]):
            if start < done:
                raise EditError("two edits meet")
            pieces += [self.text[done:start], new]
            done = end
        return "".join((*pieces, self.text[done:]))

    def cut(self, start: int, end: int, new: str) -> None:
        self.cuts.append((start, end, 0, new))

    def lines(self, lines: Iterable[str]) -> str:
        return "".join(line + self.eol for line in lines)

    def below(self, root: Node, key: str, edits: Mapping[str, Any], order: Sequence[str]) -> None:
        """Edit what stands below ``syarat`` or ``jawaban``."""
        entries = root.entries or {}
        entry = entries.get(key)
        if entry is None or not entry.value.is_mapping:
            if entry is not None and entry.value.start != entry.value.end:
                raise EditError(f"'{key}' is not in block style")
            wanted = sorted(edits, key=lambda k: order.index(k) if k in order else 0)
            _, lines = render_value({k: _short(edits[k]) for k in wanted}, 2)
            if entry is None:
                self.insert(root, key, [f"{key}:", *lines], UNIT_KEYS)
            else:
                at = line_end(self.text, entry.value.end)
                self.cut(at, at, self.lines(lines))
            return
        if key == "syarat":
            self.facts(entry.value, edits)
            return
        known = entry.value.entries or {}
        indent = self.column(entry.value.start)
        for question in sorted(edits, key=order.index):
            fields = edits[question]
            if question in known:
                self.answer(known[question], fields, indent)
            elif _short(fields) not in (None, {}):
                head, lines = render_value(_short(fields), indent + 2)
                new = [f"{' ' * indent}{question}: {head}".rstrip(), *lines]
                self.insert(entry.value, question, new, order)

    def facts(self, node: Node, edits: Mapping[str, Any]) -> None:
        entries = node.entries or {}
        for key, value in edits.items():
            if key in entries:
                self.replace(entries[key], value, self.column(node.start))
            elif value is not None:
                line = f"{' ' * self.column(node.start)}{key}: {render_scalar(value)}"
                self.insert(node, key, [line], (*entries, key))

    def column(self, at: int) -> int:
        return at - line_start(self.text, at)

    def answer(self, entry: Entry, fields: Mapping[str, Any], indent: int) -> None:
        """Edit one answer, whatever its form."""
        value = entry.value
        if value.is_mapping:
            self.fields(value, fields, ANSWER_KEYS, self.column(value.start))
            return
        if value.entries is None and fields.keys() <= {"unit"}:
            self.replace(entry, fields.get("unit"), indent)
            return
        old: dict[str, Node] = {"unit": value}
        if value.entries is not None:
            old = {key: item.value for key, item in value.entries.items()}
        pad = " " * (indent + 2)
        lines = []
        for key in ANSWER_KEYS:
            node = old.get(key)
            if key in fields:
                new = fields[key]
                if new is not None:
                    head, below = render_value(new, indent + 4)
                    lines += [f"{pad}{key}: {head}".rstrip(), *below]
            elif node is not None and node.start != node.end:
                raw = self.text[node.start : node.end]
                if "\n" in raw or node.is_list:
                    raw = self.flat(key, raw, node)
                lines.append(f"{pad}{key}: {raw}")
        comments = [f"{pad}{comment}" for comment in comments_of(self.text, entry)]
        name = self.text[entry.key.start : entry.key.end]
        self.rewrite(entry, [f"{' ' * indent}{name}:", *comments, *lines])

    def flat(self, key: str, raw: str, node: Node) -> str:
        """Return a value of several lines on one line."""
        source = parse_yaml(f"x:\n{' ' * self.column(node.start)}{raw}\n".encode(), "")
        found = source.value["x"] if isinstance(source.value, dict) else None
        if found is None or isinstance(found, dict):
            raise EditError(f"'{key}' cannot be written on one line")
        if isinstance(found, list):
            return f"[{', '.join(_flow_item(item) for item in found)}]"
        return render_scalar(found)

    def fields(
        self, node: Node, edits: Mapping[str, Any], order: Sequence[str], indent: int
    ) -> None:
        """Edit the keys of a mapping in block style."""
        entries = node.entries or {}
        for key in sorted(edits, key=order.index):
            value = edits[key]
            if key in entries and value is not None:
                self.replace(entries[key], value, indent)
            elif key in entries:
                pad = " " * indent
                comments = comments_of(self.text, entries[key])
                self.rewrite(entries[key], [f"{pad}{comment}" for comment in comments])
            elif value is not None:
                head, below = render_value(value, indent + 2)
                line = f"{' ' * indent}{key}: {head}".rstrip()
                self.insert(node, key, [line, *below], order)

    def rewrite(self, entry: Entry, lines: Iterable[str]) -> None:
        start = line_start(self.text, entry.key.start)
        self.cut(start, line_end(self.text, entry.value.end), self.lines(lines))

    def insert(self, node: Node, key: str, lines: Iterable[str], order: Sequence[str]) -> None:
        """Put lines behind the last entry that comes before ``key`` in ``order``."""
        entries = node.entries or {}
        rank = {name: place for place, name in enumerate(order)}
        before = [e for name, e in entries.items() if rank.get(name, -1) < rank[key]]
        if before:
            last = max(before, key=lambda entry: entry.key.start)
            at = line_end(self.text, last.value.end)
        else:
            at = line_start(self.text, node.start)
        depth = self.column(node.start)  # what ends deeper comes first
        self.cuts.append((at, at, -depth, self.lines(lines)))

    def replace(self, entry: Entry, value: Any, indent: int) -> None:
        """Put another value in the place of an entry's value; comments stay."""
        old, text = entry.value, self.text
        head, below = render_value(value, indent + 2)
        if isinstance(value, list) and below and self.items(old, value):
            return
        is_one = old.entries is None and (old.is_flow or not old.items)
        if not is_one or (below and head == ""):
            comments = [f"{' ' * indent}{comment}" for comment in comments_of(text, entry)]
            name = text[entry.key.start : entry.key.end]
            line = f"{' ' * indent}{name}: {head}".rstrip()
            self.rewrite(entry, [*comments, line, *below])
            return
        rest_from = old.end
        if old.style in ("|", ">"):  # what follows the indicator is its comment
            rest_from = line_end(text, old.start)
            header = text[old.start : rest_from].rstrip()
            tail = header[header.find(" #") :] if " #" in header else ""
        else:
            tail = text[rest_from : line_end(text, old.end)].rstrip()
        gap = "" if old.start != old.end or not head else " "
        if head and not below:
            self.cut(old.start, old.end, gap + head + ("" if rest_from == old.end else tail))
            return
        end = line_end(text, old.end)
        self.cut(old.start, end, self.lines([gap + head + tail, *below]))

    def items(self, old: Node, new: Sequence[Any]) -> bool:
        """Edit a list of texts item by item; False where it has another form."""
        text = self.text
        starts = [line_start(text, item.start) for item in old.items]
        if not old.is_list or any(
            text[start : item.start].strip() != "-" or item.entries or item.items
            for start, item in zip(starts, old.items, strict=True)
        ):
            return False
        known = [item.text.strip() for item in old.items]
        pad = text[starts[0] : old.items[0].start]
        ends = [line_end(text, item.end) for item in old.items]
        matcher = difflib.SequenceMatcher(None, known, new, autojunk=False)
        for tag, i, j, k, m in matcher.get_opcodes():
            if tag == "equal":
                continue
            lines = self.lines(pad + render_scalar(item) for item in new[k:m])
            if i == j:
                at = ends[i - 1] if i else starts[0]
                self.cut(at, at, lines)
                continue
            for place in range(i, j):
                tail = text[old.items[place].end : ends[place]].strip()
                kept = self.lines(
                    [" " * self.column(starts[0] + len(pad) - 2) + tail] if tail else []
                )
                self.cut(starts[place], ends[place], kept + lines)
                lines = ""
        return True


def _short(fields: Any) -> Any:
    """Return an answer that is only the unit's value as that value."""
    if not isinstance(fields, Mapping):
        return fields
    given = {key: fields[key] for key in ANSWER_KEYS if fields.get(key) is not None}
    return given.get("unit") if given.keys() <= {"unit"} else given


def _flow_item(value: Any) -> str:
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return render_scalar(value) or "null"
