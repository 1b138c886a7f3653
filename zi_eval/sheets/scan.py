"""One pass over the XML of a sheet: what its values do not say, and whether it is far too large."""

from __future__ import annotations

import re
from collections.abc import Mapping

from zi_eval.sheets.container import Handlers, parse_xml
from zi_eval.sheets.grid import REFERENCE, column_index, column_letter
from zi_eval.sheets.limits import MAX_CELLS, MAX_MARKS, MAX_TEXT, too_large
from zi_eval.sheets.marks import Format, Place

__all__ = ["SheetScan", "string_lengths"]

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384


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

    def _other(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "hyperlink" and len(self.hyperlinks) < MAX_MARKS:
            self.hyperlinks.append(attributes)
        elif tag == "col" and attributes.get("hidden") in ("1", "true"):
            first, last = int(attributes["min"]), int(attributes["max"])
            self.hidden_columns.append(range(first - 1, last))

    def read(self, data: bytes) -> None:
        """Read the XML of the sheet.

        Raises
        ------
        WorkbookError
            Where it is damaged or beyond a limit.
        """
        formulas, errors, formats, styles = self.formulas, self.errors, self.formats, self.styles
        lengths, name, sheet = self.lengths, self.name, self.sheet
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
                    raise too_large(
                        name,
                        f"lembar {sheet} terisi sampai sel "
                        f"{column_letter(last_column)}{last_row + 1}",
                    )
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
                raise too_large(
                    name, f"lembar {sheet} memuat lebih dari {MAX_TEXT // 10**6} juta huruf"
                )

        parse_xml(data, name, Handlers(start, text))
