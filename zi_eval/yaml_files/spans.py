"""Where each value of a YAML text stands, to the character, so that it can be edited in place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml  # type: ignore[import-untyped,unused-ignore]

__all__ = ["Entry", "Node", "comments_of", "line_end", "line_start", "locate_values"]

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(slots=True)
class Node:
    """A value: characters ``start`` to ``end``, without blank lines or comments behind it."""

    start: int
    end: int
    is_flow: bool = False
    style: str = ""
    text: str = ""
    entries: dict[str, Entry] | None = None
    items: list[Node] = field(default_factory=list)

    @property
    def is_mapping(self) -> bool:
        """Whether the value is a mapping in block style, one line or more for each key."""
        return self.entries is not None and not self.is_flow

    @property
    def is_list(self) -> bool:
        """Whether the value is a list in block style."""
        return bool(self.items) and not self.is_flow

    def scalars(self) -> Iterator[Node]:
        """Return every scalar in the value, keys too, in the order of the text."""
        if self.entries is not None:
            for entry in self.entries.values():
                yield entry.key
                yield from entry.value.scalars()
        elif self.items:
            for item in self.items:
                yield from item.scalars()
        elif not self.is_flow:
            yield self


@dataclass(slots=True)
class Entry:
    """A key of a mapping with its value."""

    key: Node
    value: Node


def line_start(text: str, at: int) -> int:
    """Return where the line of ``at`` begins."""
    return text.rfind("\n", 0, at) + 1


def line_end(text: str, at: int) -> int:
    """Return where the line after ``at`` begins."""
    found = text.find("\n", at)
    return len(text) if found < 0 else found + 1


def locate_values(text: str) -> Node:
    """Return the root of a valid YAML text without anchors, tags and further documents."""
    events = iter(yaml.parse(text, Loader=_LOADER))
    for event in events:
        if isinstance(event, yaml.NodeEvent):
            return _node(event, events, text)
    return Node(0, 0)


def _node(event: Any, events: Iterator[Any], text: str) -> Node:
    start, end = event.start_mark.index, event.end_mark.index
    if isinstance(event, yaml.ScalarEvent):
        if event.style in ("|", ">"):
            end = start + len(text[start:end].rstrip())
        return Node(start, end, style=event.style or "", text=event.value)
    node = Node(start, end, is_flow=bool(event.flow_style))
    if isinstance(event, yaml.MappingStartEvent):
        node.entries = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            key = _node(event, events, text)
            node.entries[event.value] = Entry(key, _node(next(events), events, text))
        last = list(node.entries.values())[-1].value if node.entries else node
    else:
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            node.items.append(_node(event, events, text))
        last = node.items[-1] if node.items else node
    node.end = event.end_mark.index if node.is_flow else last.end
    return node


def comments_of(text: str, entry: Entry) -> list[str]:
    """Return the comments between an entry's key and the end of its last line."""
    end = line_end(text, entry.value.end)
    rest = list(text[entry.key.start : end])
    for scalar in (entry.key, *entry.value.scalars()):
        begin = scalar.start
        if scalar.style in ("|", ">"):
            begin = line_end(text, begin)  # a comment may follow the indicator
        for place in range(begin, scalar.end):
            if text[place] not in "\r\n":
                rest[place - entry.key.start] = "x"
    found = re.findall(r"(?:^|[ \t])(#[^\r\n]*)", "".join(rest), re.MULTILINE)
    return [comment.rstrip() for comment in found]
