"""What an official document says, apart from how it is written: as HTML or for Word.

A document is a sequence of blocks of text that is marked, never interpreted: a text from people is
a ``str`` and stays the characters it is. What a writer has still to supply is a :class:`Blank`,
which both formats show as such. A :class:`Slot` is a gap that a template leaves for a value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias

from markupsafe import Markup

__all__ = [
    "Blank",
    "Block",
    "Bullets",
    "Column",
    "Contents",
    "Document",
    "Figure",
    "Heading",
    "Inline",
    "Line",
    "PageBreak",
    "Paragraph",
    "Slot",
    "Strong",
    "Table",
    "clean_text",
    "line_parts",
    "line_text",
]

_ILLEGAL: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]"
)


def clean_text(text: str) -> str:
    """Return untrusted text with what no XML may hold shown as U+FFFD, and line ends as LF."""
    return _ILLEGAL.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


@dataclass(frozen=True, slots=True)
class Strong:
    """Text that stands out."""

    text: str


@dataclass(frozen=True, slots=True)
class Blank:
    """What the data do not hold and a writer has to supply; shown as ``[Isi: …]``."""

    what: str

    @property
    def text(self) -> str:
        """What the page shows."""
        return f"[Isi: {self.what}]"


@dataclass(frozen=True, slots=True)
class Slot:
    """A gap that a template leaves for a value: ``{{ nama_unit }}``."""

    name: str

    @property
    def text(self) -> str:
        """How a template writes it."""
        return f"{{{{ {self.name} }}}}"


Inline: TypeAlias = str | Strong | Blank | Slot
Line: TypeAlias = str | Strong | Blank | Slot | tuple[Inline, ...]
"""Text of a paragraph or cell; a line feed in it starts a new line."""


def line_parts(line: Line) -> tuple[Inline, ...]:
    """Return a line as its parts."""
    return line if isinstance(line, tuple) else (line,)


def line_text(line: Line) -> str:
    """Return a line as plain text."""
    return "".join(part if isinstance(part, str) else part.text for part in line_parts(line))


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; those of level 1 to 3 stand in the table of contents.

    Attributes
    ----------
    on_new_page
        Whether it begins a page on paper.
    """

    level: int
    text: Line
    on_new_page: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph.

    Attributes
    ----------
    style
        ``body``, ``center``, ``title``, ``subtitle``, ``notice`` (a marked box), ``note`` (small),
        ``closing`` (stays with what follows) or ``sign`` (a block of signature, to the right).
    """

    line: Line
    style: str = "body"


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list."""

    items: tuple[Line, ...]
    is_numbered: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; ``width`` is its share of the table, whatever the unit."""

    title: str
    width: float = 1.0
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a numbered caption; no caption makes a bare grid of facts.

    Attributes
    ----------
    head
        The column that names the row.
    totals
        How many of the last rows are sums.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Line, ...], ...]
    head: int = 0
    totals: int = 0


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing that has its words in it; in Word the tables beside it say the same."""

    svg: Markup
    caption: str


@dataclass(frozen=True, slots=True)
class Contents:
    """The table of contents."""


@dataclass(frozen=True, slots=True)
class PageBreak:
    """The next block begins a page."""


Block: TypeAlias = Heading | Paragraph | Bullets | Table | Figure | Contents | PageBreak


@dataclass(frozen=True, slots=True)
class Document:
    """A document.

    Attributes
    ----------
    author
        Whose document it is, never a person.
    mark
        Line on every page, e.g. that it is a draft; empty for none.
    time
        When it was made, with its time zone.
    """

    title: str
    author: str
    mark: str
    time: datetime
    blocks: tuple[Block, ...]

    @property
    def headings(self) -> Iterator[Heading]:
        """The headings, in order."""
        return (block for block in self.blocks if isinstance(block, Heading))
