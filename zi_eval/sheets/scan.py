"""One pass over the XML of a sheet: what its values do not say, and whether it is far too large."""

from __future__ import annotations

import re
from collections.abc import Mapping

from zi_eval.errors import WorkbookError
from zi_eval.sheets.container import UNREADABLE, Handlers, parse_xml
from zi_eval.sheets.grid import REFERENCE, column_index, column_letter
from zi_eval.sheets.limits import (
    MAX_CELLS,
    MAX_MARKS,
    MAX_TAGS,
    MAX_TEXT,
    SAVE_AGAIN,
    damaged,
    too_large,
)
from zi_eval.sheets.marks import Format, Place

__all__ = ["SheetScan", "string_lengths"]

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
PLAIN = re.compile(
    rb'<c r="([A-Z]{1,3})([0-9]{1,7})"(?: s="([0-9]{1,6})")?'
    rb'(?:(?: t="(n|s|str|b)")?><v>([^<&]*)</v>| t="inlineStr"><is><t>([^<&]*)</t></is>)</c>'
)
"""A cell as Excel, LibreOffice and openpyxl write one that holds a value alone."""
EMPTY = re.compile(rb'<c r="[A-Z]{1,3}[0-9]{1,7}"(?: s="[0-9]{1,6}")?(?: t="n")?(?: ?/>|></c>)')
"""One that holds nothing, however it is styled."""
FORMULA = rb"(?:<(?:\w+:)?f[^<>]*/>|<(?:\w+:)?f[^<>]*>[^<]*</(?:\w+:)?f>)?"
BROKEN_VALUE = re.compile(rb"<(?:\w+:)?[vt](?:\s[^<>]*)?>[^<]*<[!?]")
"""A value with a comment, an unparsed section or an instruction in it: calamine reads a part."""
CODED_NUMBER = re.compile(
    rb"<(?:\w+:)?c(?=[\s>])(?:(?!\st\s*=\s*[\"'](?:str|d|inlineStr)[\"'])[^<>])*>"
    + FORMULA
    + rb"\s*<(?:\w+:)?v>[^<]*&#"
)
"""A value other than a text with a character by its number: calamine reads nothing."""
SPACED_NUMBER = re.compile(
    rb"(<(?:\w+:)?c(?=[\s>])(?:(?!\st\s*=)[^<>])*(?:\st=\"n\"[^<>]*)?>"
    + FORMULA
    + rb"\s*<(?:\w+:)?v>)\s*([^<\s]+)\s*(?=</)"
)
"""A number with white space around it, which calamine takes for a text."""
SPACED = (b"v> ", b" </", b"\t</", b"\n</")
"""What tells cheaply that there may be one."""
LAST_NAMED = re.compile(rb'(?s:.*) r="([A-Z]{1,3}[0-9]{1,7})"')
NAMELESS = re.compile(rb'<(?:c|row)(?! r=")[\s/>]')
"""A cell or row whose place follows from the one before."""


def _is_bare(data: bytes) -> bool:
    """Whether nothing is hidden from a pattern: no comment, instruction or unparsed section."""
    return b"<!" not in data and data.rfind(b"<?") <= len(b"\xef\xbb\xbf")


def _says_places(data: bytes) -> bool:
    """Whether every cell and row says its place first, and nothing is hidden from a pattern."""
    return _is_bare(data) and data.count(b"<") <= MAX_TAGS and NAMELESS.search(data) is None


def string_lengths(data: bytes, name: str) -> list[int]:
    """Return the length of each shared string."""
    lengths: list[int] = []

    def start(tag: str, _: dict[str, str]) -> None:
        if tag.rpartition(":")[2] == "si":
            lengths.append(0)

    def text(content: str) -> None:
        if lengths:
            lengths[-1] += len(content)

    parse_xml(data, name, Handlers(start, text))
    return lengths


class SheetScan:
    """What the XML of a sheet says that its values do not; refuses an enormous rectangle or text.

    A value in XFD1048576 makes a dense grid of 17 thousand million cells, whatever the size of
    the file, and a long text that many cells share as many copies; only cells with content count.

    Attributes
    ----------
    formulas, errors, formats
        By place: cells with a formula; those with an error, or a formula without a result; those
        that show percent, a date or text.
    hidden_rows, hidden_columns
        Ranges.
    hyperlinks, link_formulas
        Attributes of the links; place, text and shared number of the formulas that may be one.
    """

    def __init__(
        self, name: str, sheet: str, lengths: list[int], styles: Mapping[str, Format]
    ) -> None:
        self.name, self.sheet, self.lengths, self.styles = name, sheet, lengths, styles
        self.formulas: set[Place] = set()
        self.errors: dict[Place, str] = {}
        self.formats: dict[Place, Format] = {}
        self.hidden_rows: list[range] = []
        self.hidden_columns: list[range] = []
        self.hyperlinks: list[dict[str, str]] = []
        self.link_formulas: list[tuple[Place, str, str]] = []
        self._reached = (0, 0, 0)

    def _other(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "hyperlink" and len(self.hyperlinks) < MAX_MARKS:
            self.hyperlinks.append(attributes)
        elif tag == "col" and attributes.get("hidden") in ("1", "true"):
            first, last = int(attributes["min"]), int(attributes["max"])
            self.hidden_columns.append(range(first - 1, last))

    def _take_plain(self, data: bytes) -> bytes:
        """Take the plain cells of a sheet's XML and return it without them.

        A cell without a formula, an error or anything else to be known is read by one pattern, in
        a small part of the time that a call for each of its tags takes. What is written in any
        other way stays.
        """
        parse_xml(data, self.name, Handlers())  # what is left of a damaged one may be sound
        formats, styles, lengths = self.formats, self.styles, self.lengths
        last_row, last_column, total = 0, 0, 0

        def take(found: re.Match[bytes]) -> bytes:
            nonlocal last_row, last_column, total
            letters, digits, style, kind, content, text = found.groups()
            row, column = int(digits) - 1, column_index(letters.decode())
            if not (0 <= row < LAST_ROW and 0 <= column < LAST_COLUMN):
                return found[0]
            if style is not None and (known := styles.get(style.decode())) is not None:
                formats[row, column] = known
            last_row, last_column = max(last_row, row), max(last_column, column)
            if kind == b"s" and content.strip():
                total += lengths[int(content)]
            else:
                total += len((content if text is None else text).decode())
            return b""

        try:
            rest = PLAIN.sub(take, data)
        except UNREADABLE as error:
            raise damaged(self.name) from error
        if (last_row + 1) * (last_column + 1) > MAX_CELLS:
            raise self._too_wide(last_row, last_column)
        if total > MAX_TEXT:
            raise self._too_long()
        self._reached = (last_row, last_column, total)
        return rest

    def _with_usual_values(self, data: bytes) -> bytes:
        """Return the XML of the sheet with its numbers bare, as every usual program writes them.

        Raises
        ------
        WorkbookError
            Where a value is written so that calamine would read another one.
        """
        odd = None if _is_bare(data) else BROKEN_VALUE.search(data)
        if odd is None and b"&#" in data:
            odd = CODED_NUMBER.search(data)
        if odd is not None:
            named = LAST_NAMED.match(data[max(0, odd.start() - 1000) : odd.end()])
            place = f" sel {named[1].decode()}" if named else ""
            raise WorkbookError(
                f"{self.name} tidak dibaca karena nilai di lembar {self.sheet}{place} ditulis "
                f"tidak seperti oleh program lembar kerja; {SAVE_AGAIN}"
            )
        if any(part in data for part in SPACED):
            data = SPACED_NUMBER.sub(rb"\1\2", data)
        return data

    def _too_wide(self, row: int, column: int) -> WorkbookError:
        said = f"lembar {self.sheet} terisi sampai sel {column_letter(column)}{row + 1}"
        return too_large(self.name, said)

    def _too_long(self) -> WorkbookError:
        most = MAX_TEXT // 10**6
        return too_large(self.name, f"lembar {self.sheet} memuat lebih dari {most} juta huruf")

    def read(self, data: bytes) -> bytes:
        """Read the XML of the sheet, and return it without most cells that hold nothing.

        Raises
        ------
        WorkbookError
            Where it is damaged or beyond a limit.
        """
        formulas, errors, formats, styles = self.formulas, self.errors, self.formats, self.styles
        lengths, name = self.lengths, self.name
        row, column = -1, -1
        last_row, last_column = 0, 0
        total, is_shared, is_text, is_error = 0, False, False, False
        is_reference = is_value = is_message = is_formula = False
        seeks_links = re.search(rb"hyperlink\s*\(", data, re.IGNORECASE) is not None
        style = ""

        def start(tag: str, attributes: dict[str, str]) -> None:
            nonlocal row, column, last_row, last_column, is_shared, is_text, is_error
            nonlocal is_reference, is_value, is_message, is_formula, style
            is_reference = is_value = is_message = is_formula = False
            tag = tag.rpartition(":")[2]
            if tag == "c":
                column += 1
                place = attributes.get("r")
                if place is not None:
                    found = REFERENCE.fullmatch(place)
                    if not found:
                        raise ValueError(place)
                    column, row = column_index(found[1]), int(found[2]) - 1
                kind = attributes.get("t")
                style = attributes.get("s", "")
                is_shared, is_text = kind == "s", kind == "str"
                is_error = kind == "e"
                if is_error:
                    errors[row, column] = ""
            elif tag == "row":
                place = attributes.get("r", "")
                row, column = int(place) - 1 if place else row + 1, -1
                if attributes.get("hidden") in ("1", "true"):
                    if self.hidden_rows and self.hidden_rows[-1].stop == row:
                        row_range = range(self.hidden_rows.pop().start, row + 1)
                    else:
                        row_range = range(row, row + 1)
                    self.hidden_rows.append(row_range)
            elif tag in ("v", "is", "f"):
                if tag == "f":
                    formulas.add((row, column))
                    if not is_text:  # an empty text is a result too
                        errors[row, column] = ""
                    if seeks_links and len(self.link_formulas) < MAX_MARKS:
                        is_formula = True
                        shared = attributes.get("si", "") if attributes.get("t") == "shared" else ""
                        self.link_formulas.append(((row, column), "", shared))
                elif tag == "v":
                    is_reference, is_value, is_message = is_shared, not is_error, is_error
                if style in styles:
                    formats[row, column] = styles[style]
                if not (0 <= row < LAST_ROW and 0 <= column < LAST_COLUMN):
                    raise ValueError((row, column))
                last_row, last_column = max(last_row, row), max(last_column, column)
                if (last_row + 1) * (last_column + 1) > MAX_CELLS:
                    raise self._too_wide(last_row, last_column)
            else:
                self._other(tag, attributes)

        def text(content: str) -> None:
            nonlocal total
            if is_value and content.strip():
                errors.pop((row, column), None)
            elif is_message:
                errors[row, column] = content.strip() or errors[row, column]
            elif is_formula:
                place, before, shared = self.link_formulas[-1]
                self.link_formulas[-1] = (place, before + content, shared)
            # A tag ends every run of text: a reference comes whole, at most with spaces around it.
            total += lengths[int(content)] if is_reference and content.strip() else len(content)
            if total > MAX_TEXT:
                raise self._too_long()

        data = self._with_usual_values(data)
        shown = rest = data
        if _says_places(data):
            shown = EMPTY.sub(b"", data)
            rest = self._take_plain(shown)
        last_row, last_column, total = self._reached
        parse_xml(rest, name, Handlers(start, text))
        return shown
