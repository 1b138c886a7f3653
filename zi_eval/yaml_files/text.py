"""One value as the YAML text people would write for it in a unit file."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Mapping
from typing import Any, Final

__all__ = ["WIDTH", "render_scalar", "render_value"]

WIDTH: Final = 100
"""Texts that would reach further are folded over several lines."""

_BREAKS = re.compile("[\r\x85\u2028\u2029\ufeff\x7f]")
_PLAIN = re.compile(r"[^\W_]([^\n\t]*[^\s:])?")
_MEANS_MORE = re.compile(
    r"(?i:null|true|false|y|n|yes|no|on|off)|0[xo].*|[0-9][0-9.,:_+eET/-]*|.*(?:: |\s#).*"
)
"""Texts that are read as something else without quotes."""


def render_scalar(value: Any) -> str:
    """Return a scalar, or a list of numbers, on one line; None is empty."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return f"[{', '.join('null' if item is None else repr(item) for item in value)}]"
    if not isinstance(value, str):
        return repr(value)
    if _PLAIN.fullmatch(value) and not _MEANS_MORE.fullmatch(value) and not _BREAKS.search(value):
        return value
    if value.isprintable():
        return "'" + value.replace("'", "''") + "'"
    quoted = json.dumps(value, ensure_ascii=False)
    return _BREAKS.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted)


def _block(text: str, indent: int, width: int) -> tuple[str, list[str]] | None:
    """Return a long text as a folded or literal block, None where quotes are needed."""
    if _BREAKS.search(text) or "\t" in text or text != text.strip() or not text:
        return None
    pad = " " * indent
    if "\n" in text:
        lines = text.split("\n")
        if any(line != line.rstrip() for line in lines):
            return None
        return "|-", [pad + line if line else "" for line in lines]
    if len(text) + indent <= width or "  " in text or any(c.isspace() and c != " " for c in text):
        return None
    wrapped = textwrap.wrap(text, width - indent, break_long_words=False, break_on_hyphens=False)
    return ">-", [pad + line for line in wrapped]


def render_value(value: Any, indent: int, width: int = WIDTH) -> tuple[str, list[str]]:
    """Return what stands behind ``key:`` and the lines below it.

    Parameters
    ----------
    value
        Text, number, bool, None, a list of numbers, a list of texts, a mapping of such values, or a
        list of such mappings.
    indent
        Column of the lines below.
    width
        Columns from which a text of one line is folded over several.
    """
    pad = " " * indent
    if isinstance(value, Mapping):
        lines = []
        for key, item in value.items():
            head, below = render_value(item, indent + 2, width)
            lines += [f"{pad}{render_scalar(key)}: {head}".rstrip(), *below]
        return "", lines
    if isinstance(value, list) and value and all(isinstance(item, Mapping) for item in value):
        lines = []
        for item in value:
            _, below = render_value(item, indent + 2, width)
            lines += [f"{pad}- {below[0].lstrip()}", *below[1:]]
        return "", lines
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return "", [f"{pad}- {render_scalar(item)}" for item in value]
    if isinstance(value, str):
        block = _block(value, indent, width)
        if block:
            return block
    return render_scalar(value), []
