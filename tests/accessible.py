"""What keeps people who use a screen reader from a Word document, by the document's own parts.

The rules are those of Word's accessibility checker and of WCAG 2.1 as far as a file tells: language
and title (3.1.1, 2.4.2), headings in their order (1.3.1), headers and descriptions of tables
(1.3.1), alternative texts (1.1.1), links that lead somewhere (2.4.4).
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any, Final

import docx
from docx.oxml.ns import qn

__all__ = ["accessibility_faults"]

DRAWN: Final = (qn("w:drawing"), qn("w:pict"))
LONGEST_HEADING: Final = 80


def accessibility_faults(data: bytes) -> tuple[str, ...]:
    """Return what is wrong with a document, each with its place; empty where nothing is."""
    document = docx.Document(io.BytesIO(data))
    return (
        *_whole(document),
        *_headings(document),
        *(
            fault
            for place, table in enumerate(_tables(document), 1)
            for fault in _table(place, table)
        ),
        *_pictures(document),
        *_links(document),
    )


def _tables(document: Any) -> list[Any]:
    return list(document.element.body.iter(qn("w:tbl")))


def _whole(document: Any) -> Iterator[str]:
    if not document.core_properties.title.strip():
        yield "the document has no title"
    languages = {mark.get(qn("w:val")) for mark in document.styles.element.iter(qn("w:lang"))}
    if languages != {"id-ID"}:
        yield f"the language of the styles is {sorted(map(str, languages))}"


def _headings(document: Any) -> Iterator[str]:
    level = 0
    for paragraph in document.paragraphs:
        text, style = paragraph.text.strip(), paragraph.style.name
        if style.startswith("Heading "):
            own = int(style.removeprefix("Heading "))
            if not text:
                yield f"an empty heading of level {own}"
            if own > level + 1:
                yield f"heading '{text}' of level {own} follows level {level}"
            level = own
        elif style == "Normal" and _looks_like_heading(paragraph):
            yield f"'{text}' looks like a heading and is none"


def _looks_like_heading(paragraph: Any) -> bool:
    is_short = 0 < len(paragraph.text.strip()) <= LONGEST_HEADING
    return is_short and all(run.bold for run in paragraph.runs if run.text.strip())


def _table(place: int, table: Any) -> Iterator[str]:
    name = f"table {place}"
    caption = table.find(f".//{qn('w:tblCaption')}")
    if caption is None or not (caption.get(qn("w:val")) or "").strip():
        yield f"{name} has no description"
    first, *others = table.findall(qn("w:tr"))
    has_head = first.find(f".//{qn('w:tblHeader')}") is not None
    look = table.find(f".//{qn('w:tblLook')}")
    has_first_column = look is not None and look.get(qn("w:firstColumn")) == "1"
    if not has_head and not has_first_column:
        yield f"{name} has neither a row nor a column of headings"
    heads = [first] if has_head else []
    cells = [cell for row in heads for cell in row.findall(qn("w:tc"))]
    cells += [row.find(qn("w:tc")) for row in (first, *others) if not has_head]
    for number, cell in enumerate(cells, 1):
        if not "".join(text.text or "" for text in cell.iter(qn("w:t"))).strip():
            yield f"heading {number} of {name} is empty"
    for merge in (qn("w:vMerge"), qn("w:gridSpan")):
        if table.find(f".//{merge}") is not None:
            yield f"{name} has merged cells"
    if table.find(f".//{qn('w:tc')}//{qn('w:tbl')}") is not None:
        yield f"{name} holds another table"


def _pictures(document: Any) -> Iterator[str]:
    for drawn in document.element.body.iter(*DRAWN):
        named = drawn.find(f".//{qn('wp:docPr')}")
        if named is None or not (named.get("descr") or "").strip():
            yield "a picture has no alternative text"


def _links(document: Any) -> Iterator[str]:
    marks = {mark.get(qn("w:name")) for mark in document.element.body.iter(qn("w:bookmarkStart"))}
    for link in document.element.body.iter(qn("w:hyperlink")):
        anchor = link.get(qn("w:anchor"))
        if anchor is not None and anchor not in marks:
            yield f"a link leads to '{anchor}', which is not there"
        if not "".join(text.text or "" for text in link.iter(qn("w:t"))).strip():
            yield "a link has no text"
