"""How wide the columns of a table on paper are: their shares, and no word broken where one fits."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from zi_eval.report.documents.content import Column, Table, line_text

__all__ = ["column_widths"]

LETTER: Final = 9 * 20 * 0.66
"""Of the 9 points of a cell, in twentieths of a point: a letter of DejaVu Sans, the widest font
that programs put in place of one they do not have."""
STRONG: Final = 1.12
"""A letter in bold beside a usual one."""
MARGINS: Final = 2 * 85 + 10
LONGEST: Final = 22
"""Letters of a word that is kept whole: the language has few longer ones, addresses are."""
BREAKS: Final = re.compile(r"[ \t\n\-–/\u200b]+")


def column_widths(block: Table, width: int) -> list[int]:
    """Return the width of each column in twentieths of a point; together at most ``width``.

    Each column gets its share, or what its longest word needs where that is more; what the others
    lose is in proportion to what they can spare. Where not every word fits in the widest font, each
    gets its part of what is needed, which a narrower font has room for.
    """
    whole = sum(column.width for column in block.columns)
    shares = [width * column.width / whole for column in block.columns]
    needs = [_need(block, place, column) for place, column in enumerate(block.columns)]
    spare = [max(share - need, 0.0) for share, need in zip(shares, needs, strict=True)]
    lacking = [max(need - share, 0.0) for share, need in zip(shares, needs, strict=True)]
    wanted = sum(lacking)
    if wanted > sum(spare):
        return [int(width * need / sum(needs)) for need in needs]
    taken = wanted / sum(spare) if wanted else 0.0
    return [
        int(share + more - taken * less)
        for share, more, less in zip(shares, lacking, spare, strict=True)
    ]


def _need(block: Table, place: int, column: Column) -> float:
    cells = [line_text(row[place]) for row in block.rows]
    last = len(cells) - block.totals
    strong = _longest((column.title, *cells[last:]))
    usual = _longest(cells[:last])
    return LETTER * max(strong * STRONG, usual) + MARGINS


def _longest(texts: Sequence[str]) -> int:
    """Return the letters of the longest word that is kept whole."""
    words = (word for text in texts for word in BREAKS.split(text))
    return max((len(word) for word in words if len(word) <= LONGEST), default=0)
