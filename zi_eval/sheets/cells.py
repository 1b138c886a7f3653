"""The cells of a workbook's sheets with their formulas and the values last saved with them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from lxml import etree
from openpyxl.formula.translate import Translator, TranslatorError

from zi_eval.errors import WorkbookError
from zi_eval.sheets.book import Book
from zi_eval.sheets.container import UNREADABLE, Archive
from zi_eval.sheets.functions import ErrorValue, Scalar
from zi_eval.sheets.grid import REFERENCE, cell_reference, column_index
from zi_eval.sheets.limits import too_large

__all__ = [
    "CellPlace",
    "SheetCell",
    "local_name",
    "parse_part",
    "read_cells",
]

CellPlace: TypeAlias = tuple[str, int, int]
"""Sheet, 0-based row, 0-based column."""

NUMBERED_ROW = re.compile(rb'<row\b[^>]*?\sr="[0-9]+"')
EMPTY_ROW = re.compile(rb"<row\b[^>]*/>|<row\b[^>]*>\s*</row>")
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
MAX_PART = 24 * 1024**2
"""Bytes of one XML part: as a tree it takes about ten times as much memory."""
UNKNOWN = "{}"
"""Stands for a formula that is stored in a way this module does not read."""


@dataclass(frozen=True, slots=True)
class SheetCell:
    """What a cell holds.

    Attributes
    ----------
    value
        The typed value; of a formula the one last saved with it, None where there is none.
    formula
        With its ``=``, empty for a typed value; an array formula stands in braces.
    """

    value: Scalar = None
    formula: str = ""


def local_name(element: etree._Element) -> str:
    """Return an element's name without its namespace; empty for comments."""
    tag = element.tag
    return _without_space(tag) if isinstance(tag, str) else ""


@lru_cache(maxsize=1024)  # asked for each element, of a few kinds
def _without_space(tag: str) -> str:
    return tag.rpartition("}")[2]


def parse_part(data: bytes) -> etree._Element:
    """Parse one XML part; entities are not resolved and a document type is refused.

    Raises
    ------
    ValueError
        Where it is no well-formed XML or declares a document type.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise ValueError(str(error)) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise ValueError("document type")
    return root


def _unescape(text: str) -> str:
    return ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def _text_of(element: etree._Element) -> str:
    """Return a text with its formatted runs, without phonetic hints."""
    return _unescape(
        "".join(
            node.text or ""
            for node in element.iter("{*}t")
            if local_name(node.getparent()) != "rPh"  # type: ignore[arg-type]
        )
    )


def _scalar(kind: str, element: etree._Element, shared: list[str]) -> Scalar:
    if kind == "inlineStr":
        texts = [_text_of(child) for child in element if local_name(child) == "is"]
        return texts[0] if texts else None
    raw = next((child.text for child in element if local_name(child) == "v"), None)
    if raw is None:
        return None
    if kind == "s":
        return shared[int(raw)]
    if kind == "b":
        return raw.strip() not in ("0", "false")
    if kind == "e":
        return ErrorValue(raw.strip())
    if kind in ("str", "d"):
        return _unescape(raw)
    return float(raw)


def _cells(
    root: etree._Element, sheet: str, shared: list[str]
) -> Iterator[tuple[CellPlace, SheetCell]]:
    masters: dict[str, tuple[str, str]] = {}
    row, column = -1, -1
    for element in root.iter("{*}row", "{*}c"):
        if local_name(element) == "row":
            given = element.get("r", "")
            row, column = int(given) - 1 if given.isdecimal() else row + 1, -1
            continue
        column += 1
        found = REFERENCE.fullmatch(element.get("r", ""))
        if found:
            column, row = column_index(found[1]), int(found[2]) - 1
        formula = ""
        for child in element:
            if local_name(child) == "f":
                formula = _formula(child, cell_reference(row, column), masters)
        value = _scalar(element.get("t", "n"), element, shared)
        if formula or value is not None:
            yield (sheet, row, column), SheetCell(value, formula)


def _formula(element: etree._Element, here: str, masters: dict[str, tuple[str, str]]) -> str:
    """Return a cell's formula; one shared with others is moved to its own place."""
    kind, text = element.get("t", "normal"), element.text or ""
    if kind == "array":
        return f"{{={text}}}"
    if kind == "dataTable":
        return UNKNOWN
    if kind != "shared":
        return f"={text}" if text else UNKNOWN
    number = element.get("si", "")
    if text:
        masters[number] = (f"={text}", here)
        return f"={text}"
    if number not in masters:
        return UNKNOWN
    formula, origin = masters[number]
    try:
        return str(Translator(formula, origin).translate_formula(here))
    except (TranslatorError, ValueError):
        return UNKNOWN


def _parsed(archive: Archive, part: str) -> etree._Element:
    data = archive.read(part)
    if len(data) > MAX_PART:
        raise too_large(archive.name, f"bagian {part} berukuran {len(data) // 1024**2} MB")
    # A tree takes some 700 bytes a row, and hundreds of thousands of empty ones say nothing. Where
    # one does not say its number, it counts from the one before, and all are needed.
    if data.count(b"<row") == len(NUMBERED_ROW.findall(data)):
        data = EMPTY_ROW.sub(b"", data)
    return parse_part(data)


def read_cells(book: Book, sheets: Iterable[str] | None = None) -> Mapping[CellPlace, SheetCell]:
    """Return all cells with content of the worksheets of an xlsx (or of some of them).

    Raises
    ------
    WorkbookError
        Where one of its parts is damaged or far larger than an LKE's.
    """
    cells: dict[CellPlace, SheetCell] = {}
    try:
        with Archive(book.data, book.name) as archive:
            shared: list[str] = []
            for part in archive.names:
                if part.lower() == "xl/sharedstrings.xml":
                    root = _parsed(archive, part)
                    shared = [_text_of(item) for item in root if local_name(item) == "si"]
            for sheet in book.parts if sheets is None else sheets:
                cells.update(_cells(_parsed(archive, book.parts[sheet]), sheet, shared))
    except UNREADABLE as error:
        raise WorkbookError(
            f"{book.name} rusak dan tidak dapat dibaca; buka di Excel atau LibreOffice, lalu "
            "simpan sebagai Buku Kerja Excel (.xlsx) atau minta salinan baru."
        ) from error
    return cells
