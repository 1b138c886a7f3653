"""The marks of an xlsx: its number formats, the links and comments of a sheet."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from zi_eval.sheets.container import Archive, Handlers, parse_xml
from zi_eval.sheets.grid import REFERENCE, Cell, cell_reference, column_index
from zi_eval.sheets.limits import MAX_MARKS
from zi_eval.sheets.marks import BUILT_IN, Format, Place, format_kind

__all__ = ["Relations", "formula_links", "places_in", "read_comments", "read_formats"]

HYPERLINK = re.compile(r"(?<![A-Z.])HYPERLINK\s*\(", re.IGNORECASE)
PIECES = re.compile(r'\s*(?:"((?:[^"]|"")*)"|(\$?[A-Z]{1,3}\$?[0-9]{1,7}))\s*([&,;)])', re.I)
PERSONS = re.compile(r"xl/persons/[^/]+\.xml", re.IGNORECASE)


def _local(tag: str) -> str:
    return tag.rpartition(":")[2]


def _relation(attributes: Mapping[str, str]) -> str:
    return next((value for key, value in attributes.items() if key.endswith(":id")), "")


class Relations:
    """Where the relations of one sheet lead: addresses by their id, parts by their type."""

    def __init__(self, archive: Archive, part: str) -> None:
        self.addresses: dict[str, str] = {}
        self._parts: list[tuple[str, str]] = []
        folder, name = posixpath.split(part)
        key = posixpath.join(folder, "_rels", f"{name}.rels")
        known = {entry.lower(): entry for entry in archive.names}

        def relation(_: str, attributes: dict[str, str]) -> None:
            target, kind = attributes.get("Target", ""), attributes.get("Type", "")
            if kind.endswith("/hyperlink"):
                self.addresses[attributes.get("Id", "")] = target
            elif target:
                path = target[1:] if target.startswith("/") else posixpath.join(folder, target)
                found = known.get(posixpath.normpath(path).lower())
                if found is not None:
                    self._parts.append((kind.rpartition("/")[2], found))

        if key.lower() in known:
            parse_xml(archive.read(known[key.lower()]), archive.name, Handlers(relation))

    def parts(self, kind: str) -> list[str]:
        """Return the parts of a type that are there: ``comments``, ``threadedComment``."""
        return [part for given, part in self._parts if given == kind]

    def address(self, attributes: Mapping[str, str]) -> str:
        """Return where a ``hyperlink`` element leads, empty where it leads nowhere."""
        target = self.addresses.get(_relation(attributes), "")
        location = attributes.get("location", "")
        if target and location and not target.endswith(f"#{location}"):
            return f"{target}#{location}"
        return target or (f"#{location}" if location else "")


def places_in(reference: str, height: int, width: int) -> Iterator[Place]:
    """Yield the places of ``A1`` or ``A1:B2`` that lie in a sheet of this size."""
    ends = [REFERENCE.fullmatch(end) for end in reference.replace("$", "").split(":")]
    first, last = ends[0], ends[-1]
    if first is None or last is None:
        return
    for row in range(int(first[2]) - 1, min(int(last[2]), height)):
        for column in range(column_index(first[1]), min(column_index(last[1]) + 1, width)):
            yield row, column


def read_formats(data: bytes, name: str) -> dict[str, Format]:
    """Return which styles of ``xl/styles.xml`` show percent, a date or text, by their number."""
    codes: dict[str, str] = {}
    styles: dict[str, Format] = {}
    section, count = "", 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal section, count
        tag = _local(tag)
        if tag in ("cellStyleXfs", "cellXfs", "cellStyles", "dxfs"):
            section = tag
        elif tag == "numFmt" and not section:
            codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif tag == "xf" and section == "cellXfs":
            number = attributes.get("numFmtId", "0")
            if number in codes:
                kind = format_kind(codes[number])
            else:
                kind = BUILT_IN.get(int(number)) if number.isdecimal() else None
            if kind is not None:
                styles[str(count)] = kind
            count += 1

    parse_xml(data, name, Handlers(start))
    return styles


def read_comments(archive: Archive, relations: Relations) -> dict[Place, str]:
    """Return the comments of a sheet; a conversation stands for the note Excel keeps beside it."""
    found: dict[str, list[str]] = {}
    for part in relations.parts("comments"):
        for place, texts in _texts(archive, part, "comment", "t", {}).items():
            found[place] = ["".join(texts)]
    threads = relations.parts("threadedComment")
    persons = _persons(archive) if threads else {}
    for part in threads:
        found |= _texts(archive, part, "threadedComment", "text", persons)
    comments: dict[Place, str] = {}
    for reference, texts in found.items():
        text = "\n".join(text.strip() for text in texts).strip()
        match = REFERENCE.fullmatch(reference)
        if match and text and len(comments) < MAX_MARKS:
            comments[int(match[2]) - 1, column_index(match[1])] = text.replace("\r\n", "\n")
    return comments


def _persons(archive: Archive) -> dict[str, str]:
    names: dict[str, str] = {}

    def start(tag: str, attributes: dict[str, str]) -> None:
        if _local(tag) == "person":
            names[attributes.get("id", "")] = attributes.get("displayName", "")

    for part in filter(PERSONS.fullmatch, archive.names):
        parse_xml(archive.read(part), archive.name, Handlers(start))
    return names


def _texts(
    archive: Archive, part: str, item: str, leaf: str, persons: Mapping[str, str]
) -> dict[str, list[str]]:
    """Return the texts of the ``leaf`` elements of each ``item``, by the cell it refers to."""
    found: dict[str, list[str]] = {}
    current: list[str] = []
    author, is_text, is_hint = "", False, False

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal current, author, is_text, is_hint
        tag = _local(tag)
        if tag == item:
            current = found.setdefault(attributes.get("ref", ""), [])
            author = persons.get(attributes.get("personId", ""), "")
        elif tag == "rPh":  # how Japanese is spoken, no part of the text
            is_hint = True
        elif tag == leaf and not is_hint:
            is_text = True
            current.append(f"{author}: " if author else "")

    def text(content: str) -> None:
        if is_text and current:
            current[-1] += content

    def end(tag: str) -> None:
        nonlocal is_text, is_hint
        is_text = False
        if _local(tag) == "rPh":
            is_hint = False

    parse_xml(archive.read(part), archive.name, Handlers(start, text, end))
    return found


def formula_links(
    formulas: Iterable[tuple[Place, str, str]], rows: Sequence[Sequence[Cell]]
) -> dict[Place, str]:
    """Return where the cells with ``=HYPERLINK(...)`` lead.

    Parameters
    ----------
    formulas
        Place, text without ``=``, and the number of the shared formula it gives or, without a
        text of its own, takes.
    rows
        The values of the sheet, to which an address may refer.
    """
    masters: dict[str, tuple[str, Place]] = {}
    links: dict[Place, str] = {}
    for place, text, shared in formulas:
        if text and shared:
            masters[shared] = (text, place)
        elif shared in masters:
            master, origin = masters[shared]
            if not HYPERLINK.search(master):
                continue
            # Few tables have one, and all of openpyxl comes with it.
            from openpyxl.formula.translate import Translator, TranslatorError

            try:
                text = Translator(f"={master}", cell_reference(*origin)).translate_formula(
                    cell_reference(*place)
                )
            except (TranslatorError, ValueError):
                text = "HYPERLINK("
        start = HYPERLINK.search(text)
        if start:
            links[place] = _first_argument(text[start.end() :], rows)
    return links


def _first_argument(text: str, rows: Sequence[Sequence[Cell]]) -> str:
    """Return the text of an argument made of texts and cells, empty where it is made otherwise."""
    address, at = "", 0
    while found := PIECES.match(text, at):
        literal, reference, sign = found.groups()
        if reference:
            row, column = next(places_in(reference, len(rows), len(rows[0])), (-1, -1))
            value = rows[row][column] if row >= 0 else ""
            address += f"{value:.15g}" if isinstance(value, float) else str(value)
        else:
            address += (literal or "").replace('""', '"')
        if sign != "&":
            return address.strip()
        at = found.end()
    return ""
