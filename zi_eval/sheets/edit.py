"""Single cells of a workbook or fields of a CSV changed; the rest of the file keeps its bytes."""

from __future__ import annotations

import codecs
import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from lxml import etree
from openpyxl.formula.translate import Translator

from zi_eval.core.text import CONTROL
from zi_eval.errors import ZiEvalError
from zi_eval.sheets.book import Book
from zi_eval.sheets.cells import local_name, parse_part
from zi_eval.sheets.functions import ErrorValue, Scalar
from zi_eval.sheets.grid import REFERENCE, cell_reference, column_index
from zi_eval.sheets.text import DECLARED

__all__ = [
    "TEXT_LIMIT",
    "CellEdit",
    "TextEdit",
    "clean_text",
    "edit_workbook",
    "escape_text",
    "fit_text",
]

MOST_ROWS = 200_000
"""Rows of a sheet, also empty ones, that are held in memory to edit it."""
TEXT_LIMIT = 32_767
"""UTF-16 units a cell may hold in Excel."""
CUT = " … [dipotong: melebihi batas satu sel Excel]"
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
ESCAPE_LIKE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
SPACE = "{http://www.w3.org/XML/1998/namespace}space"
BEFORE_CALC = (
    "fileVersion", "fileSharing", "workbookPr", "workbookProtection", "bookViews", "sheets",
    "functionGroups", "externalReferences", "definedNames",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CellEdit:
    """What a cell is to hold: a typed value, or a formula with the value to show at once."""

    value: Scalar = None
    formula: str = ""


def clean_text(text: str) -> str:
    """Return a text as a cell can hold it: line ends as LF, no control characters."""
    return ILLEGAL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def fit_text(text: str) -> tuple[str, bool]:
    """Return a text cut to what a cell may hold, and whether it was cut."""
    if len(text) * 2 <= TEXT_LIMIT or len(text.encode("utf-16-le")) // 2 <= TEXT_LIMIT:
        return text, False
    room = (TEXT_LIMIT - len(CUT)) * 2
    return text.encode("utf-16-le")[:room].decode("utf-16-le", errors="ignore") + CUT, True


def escape_text(text: str) -> str:
    """Keep a text that looks like an escape of the format (``_x0041_``) from being read as one."""
    return ESCAPE_LIKE.sub("_x005F_", text)


class _Sheet:
    """The XML of one sheet under edit."""

    def __init__(self, data: bytes) -> None:
        if data.count(b"<row") > MOST_ROWS:
            raise ZiEvalError(
                f"Lembar ini memuat lebih dari {MOST_ROWS // 1000} ribu baris, hampir semuanya "
                "kosong. Hapus baris kosong di bawah isinya di Excel, simpan, lalu coba lagi."
            )
        self.root = parse_part(data)
        self.space = self.root.tag.rpartition("}")[0] + "}"
        self.body = next(child for child in self.root if local_name(child) == "sheetData")
        self.rows: dict[int, etree._Element] = {}
        self.cells: dict[int, dict[int, etree._Element]] = {}
        self.dropped: set[str] = set()
        number = 0
        for row in self.body:
            given = row.get("r", "")
            number = int(given) if given.isdecimal() else number + 1
            row.set("r", str(number))
            self.rows[number - 1] = row

    def _tag(self, name: str) -> str:
        return f"{self.space}{name}"

    def _row(self, row: int) -> etree._Element:
        found = self.rows.get(row)
        if found is None:
            found = etree.Element(self._tag("row"), {"r": str(row + 1)})
            before = [number for number in self.rows if number < row]
            if before:
                self.rows[max(before)].addnext(found)
            else:
                self.body.insert(0, found)
            self.rows[row] = found
        return found

    def cell(self, row: int, column: int) -> etree._Element:
        """Return a cell's element, made in its place where there is none."""
        cells = self.cells.get(row)
        if cells is None:
            cells = self.cells[row] = self._cells(row)
        found = cells.get(column)
        if found is None:
            found = etree.Element(self._tag("c"), {"r": cell_reference(row, column)})
            before = [at for at in cells if at < column]
            if before:
                cells[max(before)].addnext(found)
            else:
                self._row(row).insert(0, found)
            cells[column] = found
            self._row(row).attrib.pop("spans", "")
        return found

    def _cells(self, row: int) -> dict[int, etree._Element]:
        """Return the elements of a row's cells by column; each now says its place."""
        cells: dict[int, etree._Element] = {}
        at = -1
        for element in self._row(row):
            found = REFERENCE.fullmatch(element.get("r", ""))
            at = column_index(found[1]) if found else at + 1
            element.set("r", cell_reference(row, at))
            cells.setdefault(at, element)
        return cells

    def _unshare(self, number: str) -> None:
        """Write a formula shared by several cells out in each of them."""
        members = [
            (cell, f)
            for cell in self.body.iter(self._tag("c"))
            for f in cell
            if local_name(f) == "f" and f.get("t") == "shared" and f.get("si") == number
        ]
        formula, origin = next(
            ((f"={f.text}", cell.get("r", "")) for cell, f in members if f.text), ("", "")
        )
        for cell, f in members:
            f.text = Translator(formula, origin).translate_formula(cell.get("r", ""))[1:]
            for name in ("t", "si", "ref"):
                f.attrib.pop(name, "")

    def edit(self, row: int, column: int, edit: CellEdit) -> None:
        """Put ``edit`` into a cell; its format stays."""
        cell = self.cell(row, column)
        old = next((child for child in cell if local_name(child) == "f"), None)
        if old is not None:
            if old.get("t") == "shared":
                self._unshare(old.get("si", ""))
            if not edit.formula:
                self.dropped.add(cell.get("r", ""))
        for child in list(cell):
            if local_name(child) in ("f", "v", "is"):
                cell.remove(child)
        for name in ("t", "cm", "vm"):
            cell.attrib.pop(name, "")
        if edit.formula:
            etree.SubElement(cell, self._tag("f")).text = edit.formula.removeprefix("=")
        self._fill(cell, edit)

    def _fill(self, cell: etree._Element, edit: CellEdit) -> None:
        value = edit.value
        if value is None:
            return
        if isinstance(value, str) and not edit.formula:
            cell.set("t", "inlineStr")
            text = etree.SubElement(etree.SubElement(cell, self._tag("is")), self._tag("t"))
            text.set(SPACE, "preserve")
            text.text = escape_text(value)
            return
        shown = etree.SubElement(cell, self._tag("v"))
        if isinstance(value, ErrorValue):
            cell.set("t", "e")
            shown.text = value.code
        elif isinstance(value, bool):
            cell.set("t", "b")
            shown.text = str(int(value))
        elif isinstance(value, str):
            cell.set("t", "str")
            shown.text = escape_text(value)
        else:
            shown.text = f"{value:.0f}" if float(value).is_integer() else repr(float(value))

    def dump(self) -> bytes:
        """Return the part's bytes."""
        return _dump(self.root)


def _dump(root: etree._Element) -> bytes:
    return etree.tostring(
        root.getroottree(), encoding="UTF-8", xml_declaration=True, standalone=True
    )


def _ask_recalculation(data: bytes) -> bytes:
    """Return ``workbook.xml`` in which the program is asked to compute everything on opening."""
    root = parse_part(data)
    found = next((child for child in root if local_name(child) == "calcPr"), None)
    if found is None:
        space = root.tag.rpartition("}")[0] + "}"
        found = etree.Element(f"{space}calcPr")
        places = [at for at, child in enumerate(root) if local_name(child) in BEFORE_CALC]
        root.insert(max(places, default=-1) + 1, found)
    if found.get("fullCalcOnLoad") == "1":
        return data
    found.set("fullCalcOnLoad", "1")
    return _dump(root)


def _drop_from_chain(data: bytes, book: bytes, dropped: Mapping[str, set[str]]) -> bytes:
    """Return ``calcChain.xml`` without the cells of sheets that no longer hold a formula.

    A chain that names such a cell makes Excel offer a repair.
    """
    root = parse_part(data)
    names = {
        sheet.get("sheetId", ""): sheet.get("name", "")
        for sheet in parse_part(book).iter()
        if local_name(sheet) == "sheet"
    }
    number = ""
    for entry in list(root):
        number = entry.get("i") or number
        if entry.get("r", "") in dropped.get(names.get(number, ""), ()):
            following = entry.getnext()
            if following is not None and entry.get("i") and not following.get("i"):
                following.set("i", entry.get("i", ""))
            root.remove(entry)
    return _dump(root)


def edit_workbook(
    data: bytes, parts: Mapping[str, str], edits: Mapping[str, Mapping[tuple[int, int], CellEdit]]
) -> bytes:
    """Return a workbook with some cells changed.

    Parameters
    ----------
    data
        The workbook's bytes; its container has been checked.
    parts
        The XML part of each sheet, as :class:`~zi_eval.sheets.book.Book` has them.
    edits
        By sheet, then by 0-based row and column.

    Returns
    -------
    The changed workbook. Only the sheets named in ``edits``, the order to recalculate in
    ``xl/workbook.xml`` and, where a formula went away, the calculation chain differ.
    """
    changed: dict[str, bytes] = {}
    dropped: dict[str, set[str]] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for sheet, cells in edits.items():
            if not cells:
                continue
            part = parts[sheet]
            editor = _Sheet(archive.read(part))
            for (row, column), edit in cells.items():
                editor.edit(row, column, edit)
            changed[part] = editor.dump()
            dropped[sheet] = editor.dropped
        if changed:
            changed["xl/workbook.xml"] = _ask_recalculation(archive.read("xl/workbook.xml"))
        if any(dropped.values()) and "xl/calcChain.xml" in archive.namelist():
            chain = archive.read("xl/calcChain.xml")
            changed["xl/calcChain.xml"] = _drop_from_chain(
                chain, archive.read("xl/workbook.xml"), dropped
            )
        return _repack(archive, archive.infolist(), changed)


def _repack(
    archive: zipfile.ZipFile, entries: Iterable[zipfile.ZipInfo], changed: Mapping[str, bytes]
) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for entry in entries:
            content = changed.get(entry.filename)
            made.writestr(entry, archive.read(entry) if content is None else content)
    return stream.getvalue()


class TextEdit:
    """A CSV in which one field is to be replaced.

    Parameters
    ----------
    data
        The file's bytes, of which ``book`` is the reading.
    row, column
        The field's 0-based place, as in the grid of ``book``; it may lie behind the last field of
        its record.

    Raises
    ------
    ZiEvalError
        Where the quotes of the file can be read in two ways.
    """

    def __init__(self, data: bytes, book: Book, row: int, column: int) -> None:
        self._data, self._separator = data, book.separator
        self._codec, mark = book.encoding, 0
        if book.encoding == "utf-8-sig":
            self._codec, mark = "utf-8", 3
        elif book.encoding == "utf-16":
            is_little = data.startswith(codecs.BOM_UTF16_LE)
            self._codec, mark = "utf-16-le" if is_little else "utf-16-be", 2
        text = data[mark:].decode(self._codec)
        declared = DECLARED.match(text)
        start = declared.end() if declared else 0
        records = list(_scan(text, book.separator, start))
        body = CONTROL.sub("", text[start:])
        reader = csv.reader(io.StringIO(body, newline=""), delimiter=book.separator, strict=True)
        seen = [[_unquote(CONTROL.sub("", text[a:b])) for a, b in record] for record in records]
        if seen != [fields or [""] for fields in reader]:
            raise ZiEvalError(
                f"Tanda kutip di {book.name} tidak dapat dibaca dengan pasti. Buka tabelnya di "
                "Excel, simpan, lalu isi lagi."
            )
        record = records[row - (1 if declared else 0)]
        self._lead = book.separator * max(0, column - len(record) + 1)
        self._name, self._column = book.name, column
        begin, end = record[column] if column < len(record) else (record[-1][1],) * 2
        self._begin = mark + len(text[:begin].encode(self._codec))
        self._end = self._begin + len(text[begin:end].encode(self._codec))

    def apply(self, value: str) -> bytes:
        """Return the file's bytes with the field holding ``value``.

        Raises
        ------
        ZiEvalError
            Where the file's encoding lacks one of its letters.
        """
        if not value:
            shown = ""
        elif any(sign in value for sign in (self._separator, '"', "\r", "\n")):
            shown = '"' + value.replace('"', '""') + '"'
        else:
            shown = value
        try:
            coded = ((self._lead if shown else "") + shown).encode(self._codec)
        except UnicodeEncodeError as error:
            strange = error.object[error.start : error.start + 1]
            raise ZiEvalError(
                f"Huruf '{strange}' tidak ada dalam penyandian {self._name} (Windows-1252). Pakai "
                "huruf lain, atau simpan ulang tabelnya di Excel sebagai CSV UTF-8."
            ) from error
        return self._data[: self._begin] + coded + self._data[self._end :]


def _unquote(field: str) -> str:
    return field[1:-1].replace('""', '"') if field.startswith('"') else field


def _scan(text: str, separator: str, at: int) -> Iterator[list[tuple[int, int]]]:
    """Yield the place of every field of every record, quotes included."""
    fields: list[tuple[int, int]] = []
    ends = (separator, "\r", "\n")
    while at < len(text):
        begin = at
        if text[at] == '"':
            at = text.find('"', at + 1)
            while at >= 0 and text[at + 1 : at + 2] == '"':
                at = text.find('"', at + 2)
            at = at + 1 if at >= 0 else len(text)
        while at < len(text) and text[at] not in ends:
            at += 1
        fields.append((begin, at))
        if text[at : at + 1] == separator:
            at += 1
            if at < len(text):
                continue
            fields.append((at, at))
        at += 2 if text[at : at + 2] == "\r\n" else 1
        yield fields
        fields = []
