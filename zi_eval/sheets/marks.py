"""What a sheet says of its cells beside their values: formats, links, comments, what is hidden.

Every reader of :mod:`zi_eval.sheets` gives the same :class:`Marks`, so that a table of any topic
asks one place whether ``0.91`` is shown as 91 %, where a text leads and what stands in a comment.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

__all__ = ["BUILT_IN", "NO_MARKS", "Marks", "Place", "format_kind"]

Place: TypeAlias = tuple[int, int]
"""0-based row and column."""
Format: TypeAlias = Literal["percent", "date", "text"]

LITERAL = re.compile(r'"[^"]*"?|\\.|_.|\*.|\[[^\]]*\]')
"""What a format shows as it stands, colours, currencies and conditions: none of it is the kind."""
BUILT_IN: Final[Mapping[int, Format]] = {
    9: "percent",
    10: "percent",
    **dict.fromkeys((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)), "date"),
    49: "text",
}
"""Formats a workbook refers to by number without saying what they are."""


@dataclass(frozen=True)
class Marks:
    """What cells hold beside their values; places are 0-based rows and columns.

    Attributes
    ----------
    formats
        Cells with content that show it as percent, as a date, or that were declared text; all
        others show a plain number or text.
    links
        Where a cell leads: an address, or ``#Sheet!A1`` inside the workbook; empty where it is a
        link whose address only a program can work out.
    comments
        Comments as plain text, an answer to one on a line of its own.
    errors
        Cells that hold an error such as ``#REF!``, or a formula nobody computed yet (empty).
    hidden_rows, hidden_columns
        Ranges that are not shown.
    is_hidden
        Whether the whole sheet is.
    is_known
        Whether the format of the file tells all this; CSV does not.
    merges
        Merged ranges as (top, left, bottom, right), inclusive; of xlsb and ods only, whose values
        are read by what does not know them.
    """

    formats: Mapping[Place, Format] = field(default_factory=dict)
    links: Mapping[Place, str] = field(default_factory=dict)
    comments: Mapping[Place, str] = field(default_factory=dict)
    errors: Mapping[Place, str] = field(default_factory=dict)
    hidden_rows: tuple[range, ...] = ()
    hidden_columns: tuple[range, ...] = ()
    is_hidden: bool = False
    is_known: bool = True
    merges: tuple[tuple[int, int, int, int], ...] = ()

    def is_percent(self, row: int, column: int) -> bool:
        """Whether a cell shows its number as percent: 0.91 as 91 %."""
        return self.formats.get((row, column)) == "percent"

    def is_hidden_at(self, row: int, column: int) -> bool:
        """Whether a cell is not shown because its row or its column is hidden."""
        return any(row in rows for rows in self.hidden_rows) or any(
            column in columns for columns in self.hidden_columns
        )


NO_MARKS: Final = Marks(is_known=False)
"""Of a text, which holds values only."""


def format_kind(code: str) -> Format | None:
    r"""Return what a number format shows, None for a plain number.

    Examples
    --------
    >>> format_kind("0.00%"), format_kind('0"%"'), format_kind("dd/mm/yyyy"), format_kind("#,##0")
    ('percent', None, 'date', None)
    """
    first = LITERAL.sub("", code).split(";")[0].casefold()
    if "%" in first:
        return "percent"
    if first.strip() == "@":
        return "text"
    return "date" if re.search("[ymdhs]", first.replace("general", "")) else None
