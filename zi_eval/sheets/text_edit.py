"""One field of a CSV replaced; every other byte of the file stays."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator

from zi_eval.errors import ZiEvalError
from zi_eval.sheets.book import Book
from zi_eval.sheets.text import CONTROL, DECLARED

__all__ = ["TextEdit"]


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
