"""Text with separators (CSV, TSV) as one sheet: its encoding and separator are found out."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator

from zi_eval.errors import WorkbookError
from zi_eval.sheets.grid import Grid, without_controls
from zi_eval.sheets.limits import MAX_CELLS, MAX_TEXT, too_large

__all__ = ["read_text"]

SEPARATORS = (";", ",", "\t")
DECLARED = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
"""A first line Excel writes and understands; it names the separator."""
SAMPLE_LINES = 200
MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


def read_text(data: bytes, name: str, sheet: str) -> tuple[Grid, str, str]:
    """Return a text's fields as a sheet, its separator and its encoding.

    All values are text; short rows are filled up. Empty lines keep their number, and quoted
    fields may hold separators and line ends.

    Parameters
    ----------
    data
        UTF-8 or UTF-16 with or without a mark, else Windows-1252.
    name, sheet
        The file's name for messages, and what to call the sheet.

    Raises
    ------
    WorkbookError
        Where a quote is never closed, or it is far too large.
    """
    text, encoding = _decode(data, name)
    if len(text) > MAX_TEXT:
        raise too_large(name, f"berisi lebih dari {MAX_TEXT // 10**6} juta huruf")
    declared = DECLARED.match(text)
    skipped = 1 if declared else 0
    body = text[declared.end() :] if declared else text
    separator = declared[1] if declared else _separator(body)
    rows: list[list[str]] = [[] for _ in range(skipped)]
    width = 0
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=separator, strict=True)
    csv.field_size_limit(MAX_TEXT)
    try:
        for fields in reader:
            if not any(fields):
                # An empty line counts, so that rows have the numbers a spreadsheet shows.
                if len(rows) < MAX_CELLS:
                    rows.append([])
                continue
            while not fields[-1].strip():
                fields.pop()
                if not fields:
                    break
            rows.append(fields)
            width = max(width, len(fields))
            if width * len(rows) > MAX_CELLS:
                raise too_large(name, f"berisi lebih dari {MAX_CELLS // 1000} ribu sel")
    except csv.Error as error:
        raise WorkbookError(
            f"{name} tidak dapat dibaca sebagai CSV: tanda kutip di sekitar baris "
            f"{reader.line_num + skipped} tidak berpasangan; perbaiki tanda kutipnya (tanda kutip "
            "di dalam isi ditulis dua kali), lalu coba lagi."
        ) from error
    while rows and not rows[-1]:
        rows.pop()
    table, stripped = without_controls((*fields, *[""] * (width - len(fields))) for fields in rows)
    grid = Grid(sheet, table, frozenset(), (), has_formulas=False, stripped=stripped)
    return grid, separator, encoding


def _decode(data: bytes, name: str) -> tuple[str, str]:
    """Return the text and the encoding it was read by."""
    for mark, encoding in MARKS.items():
        if data.startswith(mark):
            candidates: tuple[str, ...] = (encoding,)
            break
    else:
        zeros = data[:512].count(0)
        wide = "utf-16-le" if data[1:512:2].count(0) > zeros // 2 else "utf-16-be"
        candidates = (wide,) if zeros else ("utf-8", "cp1252")
    for encoding in candidates:
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise WorkbookError(
        f"{name} memuat huruf yang tidak dapat dibaca; simpan ulang sebagai CSV UTF-8."
    )


def _separator(text: str) -> str:
    """Return the separator that splits most of the first lines into most fields.

    A decimal comma or a comma in a text splits some lines, the separator nearly all of them.
    """
    counts = {each: [len(fields) for fields in _sample(text, each)] for each in SEPARATORS}
    # Titles above the table, which nothing splits, say nothing of the separator.
    titles = min(
        next((place for place, count in enumerate(found) if count > 1), len(found))
        for found in counts.values()
    )

    def score(separator: str) -> tuple[int, int]:
        found = counts[separator][titles:]
        usual = sorted(found)[len(found) // 2] if found else 0
        first = found[0] if found else 0
        return (min(first, usual), sum(count > 1 for count in found))

    return max(SEPARATORS, key=score)


def _sample(text: str, separator: str) -> Iterator[list[str]]:
    stream = io.StringIO(text[: 2**17], newline="")
    reader = csv.reader(stream, delimiter=separator)
    try:
        for number, fields in enumerate(reader):
            if number >= SAMPLE_LINES:
                return
            if any(fields):
                yield fields
    except csv.Error:
        return
