"""What a file is, and its parts unpacked safely: nothing is trusted that its container says."""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from xml.parsers import expat

from zi_eval.errors import WorkbookError, describe_os_error
from zi_eval.sheets.limits import (
    MAX_ENTRIES,
    MAX_FILE,
    MAX_RATIO,
    MAX_TAGS,
    MAX_UNPACKED,
    MAX_XML,
    RATIO_FROM,
    SAVE_AGAIN,
    damaged,
    too_large,
)

__all__ = [
    "ARCHIVE",
    "BINARY",
    "OLD",
    "OPEN_DOCUMENT",
    "TEXT",
    "UNREADABLE",
    "WHAT_TO_DO",
    "WORKBOOK",
    "Archive",
    "Handlers",
    "list_workbooks",
    "name_kind",
    "parse_xml",
    "read_file",
]

WORKBOOK = "buku kerja Excel (.xlsx)"
OLD = "buku kerja Excel lama (.xls)"
BINARY = "buku kerja biner (.xlsb)"
OPEN_DOCUMENT = "berkas OpenDocument (.ods)"
TEXT = "teks seperti CSV"
"""The kinds that hold answers, as messages name them; :func:`name_kind` returns others too."""
ARCHIVE = "arsip zip berisi buku kerja"
HTML_PAGE = "halaman HTML yang diganti namanya"
FLAT = "OpenDocument dalam satu XML (.fods)"
OLD_XML = "XML Excel 2003"
PDF = "PDF"
WORD = "dokumen Word (.docx)"
OLD_WORD = "dokumen Word lama (.doc)"
WHAT_TO_DO: Mapping[str, str] = {
    ARCHIVE: "ekstrak arsipnya, lalu pakai satu berkas untuk tiap unit.",
    HTML_PAGE: "aplikasi yang mengekspornya menulis HTML; buka di Excel atau LibreOffice, lalu "
    "simpan sebagai Buku Kerja Excel (.xlsx).",
    FLAT: "buka di LibreOffice, lalu simpan sebagai .ods atau .xlsx.",
    OLD_XML: "buka di Excel, lalu simpan sebagai Buku Kerja Excel (.xlsx).",
    PDF: "isinya hasil cetak dan tidak bersel; minta berkas Excel aslinya.",
    WORD: "salin tabelnya ke lembar kerja, lalu simpan sebagai .xlsx.",
    OLD_WORD: "salin tabelnya ke lembar kerja, lalu simpan sebagai .xlsx.",
}
"""What a person does with a file of a kind that holds no cells for us."""
WORKBOOK_NAMES = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")

UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    LookupError,
    ValueError,
    ArithmeticError,
    EOFError,
    OSError,
    RuntimeError,
)
"""What a damaged container raises, whichever of its bytes are wrong."""

PIECE = 1024**2
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
HTML = (b"<!doctype html", b"<html", b"<table", b"<meta", b"<head", b"<body", b"<div", b"<style")
XML_PARTS = (".xml", ".rels", ".vml")


def read_file(path: Path) -> bytes:
    """Return a file's bytes.

    Raises
    ------
    WorkbookError
        Where there is no such file, it cannot be opened or is far too large.
    """
    try:
        if path.is_dir():
            raise WorkbookError(f"{path} adalah folder; sebutkan berkas .xlsx di dalamnya.")
        if path.exists() and not path.is_file():
            raise WorkbookError(f"{path} bukan berkas biasa; sebutkan berkas lembar kerja LKE.")
        size = path.stat().st_size
        if size > MAX_FILE:
            raise too_large(path.name, f"berukuran {size // 1024**2} MB")
        return path.read_bytes()
    except FileNotFoundError:
        raise WorkbookError(f"{path} tidak ditemukan; periksa nama dan folder berkasnya.") from None
    except (OSError, ValueError) as error:
        reason = describe_os_error(error) if isinstance(error, OSError) else "nama yang mustahil"
        raise WorkbookError(
            f"{path} tidak dapat dibuka ({reason}); periksa izin bacanya dan tutup berkas itu "
            "di program lain."
        ) from error


def name_kind(data: bytes, name: str) -> str:
    """Say what a file is by its first bytes, whatever it is called; a zip by its entries.

    Raises
    ------
    WorkbookError
        Where it is a zip that is damaged or beyond the limits.
    """
    if data[:4] == b"PK\x03\x04":
        with Archive(data, name) as archive:
            return _zip_kind(archive)
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        return "berkas kosong"
    if data[:8] == COMPOUND:
        return _compound_kind(data)
    head = data[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(b"%pdf"):
        return PDF
    if head.startswith((b"\x89png", b"\xff\xd8\xff", b"gif8")):
        return "gambar"
    if head.startswith(HTML) or (head.startswith(b"mime-version:") and b"html" in head):
        return HTML_PAGE
    if head.startswith(b"<"):
        if b"office:document" in head and b"opendocument" in head:
            return FLAT
        if b"excel.sheet" in head or b"office:spreadsheet" in head:
            return OLD_XML
        if any(mark in head for mark in (b"<html", b"<table")):
            return HTML_PAGE
        return "berkas XML"
    if head.startswith(b"{\\rtf"):
        return "dokumen RTF"
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or _is_wide(data):
        return TEXT
    if b"\x00" not in head and any(mark in data[:65536] for mark in (b",", b";", b"\t")):
        return TEXT
    return "berkas dengan format yang tidak dikenal"


def _is_wide(data: bytes) -> bool:
    """Whether a text seems to be UTF-16 without a mark: every second byte is zero."""
    head = data[:512]
    return len(head) > 8 and any(
        head[start::2].count(0) > len(head) * 0.4 and head[1 - start :: 2].count(0) == 0
        for start in (0, 1)
    )


def _compound_kind(data: bytes) -> str:
    def has(stream: str) -> bool:
        return stream.encode("utf-16-le") in data

    if has("EncryptedPackage"):
        return "buku kerja yang dilindungi kata sandi (hapus dahulu kata sandinya)"
    if has("WordDocument"):
        return OLD_WORD
    if has("PowerPoint Document"):
        return "presentasi PowerPoint lama (.ppt)"
    return OLD


def _zip_kind(archive: Archive) -> str:
    names = archive.names
    if "xl/workbook.xml" in names:
        return WORKBOOK
    if "xl/workbook.bin" in names:
        return BINARY
    if "word/document.xml" in names:
        return WORD
    if "ppt/presentation.xml" in names:
        return "presentasi PowerPoint (.pptx)"
    if "mimetype" in names:
        kind = archive.read("mimetype")[:100]
        if b"opendocument.spreadsheet" in kind:
            return OPEN_DOCUMENT
        if b"opendocument" in kind:
            return "dokumen OpenDocument yang bukan lembar kerja"
    if list_workbooks(archive):
        return ARCHIVE
    return "arsip zip tanpa buku kerja di dalamnya"


def list_workbooks(archive: Archive) -> list[str]:
    """Return the workbooks and tables that a zip holds, without what programs leave beside them."""
    return sorted(
        name
        for name in archive.names
        if name.lower().endswith(WORKBOOK_NAMES)
        and not name.startswith("__MACOSX/")
        and not posixpath.basename(name).startswith(("~$", "."))
    )


class Archive:
    """A zip whose directory keeps the limits; its parts are unpacked in pieces.

    Parameters
    ----------
    data
        The zip.
    name
        What messages call it.

    Raises
    ------
    WorkbookError
        Where it is damaged, protected, ambiguous (two entries of a name) or beyond a limit.
    """

    def __init__(self, data: bytes, name: str) -> None:
        self.name = name
        # Counted before the directory is read: every entry becomes an object.
        if data.count(b"PK\x01\x02") > MAX_ENTRIES:
            raise too_large(name, f"memuat lebih dari {MAX_ENTRIES} bagian")
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except UNREADABLE as error:
            raise damaged(name) from error
        self._check()
        self.names = frozenset(self._zip.namelist())

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def _check(self) -> None:
        entries, name = self._zip.infolist(), self.name
        total = sum(entry.file_size for entry in entries)
        if total > MAX_UNPACKED:
            raise too_large(name, f"isinya {total // 1024**2} MB setelah dibuka")
        for entry in entries:
            packed = max(entry.compress_size, 1)
            if entry.file_size > RATIO_FROM and entry.file_size / packed > MAX_RATIO:
                raise too_large(
                    name,
                    f"bagian {entry.filename[:80]} mengembang {entry.file_size // packed} kali "
                    "lipat",
                )
            if entry.flag_bits & 0x1:
                raise WorkbookError(
                    f"{name} dilindungi kata sandi; hapus kata sandinya di Excel, lalu simpan "
                    "ulang."
                )
            if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise damaged(name)  # others unpack without a bound
        xml = sum(e.file_size for e in entries if e.filename.lower().endswith(XML_PARTS))
        if xml > MAX_XML:
            raise too_large(name, f"isinya {xml // 1024**2} MB XML setelah dibuka")
        if len({entry.filename.lower() for entry in entries}) < len(entries):
            # Programs differ in which of two they read: what one checks another may not see.
            raise WorkbookError(
                f"{name} memuat dua bagian dengan nama yang sama sehingga isinya meragukan; "
                f"{SAVE_AGAIN}"
            )

    def size(self, part: str) -> int:
        """Return the unpacked size of one part, 0 where there is none."""
        return self._zip.getinfo(part).file_size if part in self.names else 0

    def read(self, part: str) -> bytes:
        """Unpack one part; no more than the directory declares.

        Raises
        ------
        WorkbookError
            Where there is no such part or its bytes are damaged.
        """
        try:
            with self._zip.open(part) as stream:
                return b"".join(iter(lambda: stream.read(PIECE), b""))
        except UNREADABLE as error:
            raise damaged(self.name) from error

    def require_readable(self) -> None:
        """Unpack every XML part in bounded pieces: its true size must be the one it declares."""
        try:
            for entry in self._zip.infolist():
                if entry.filename.lower().endswith(XML_PARTS):
                    with self._zip.open(entry) as stream:
                        while stream.read(PIECE):
                            pass
        except UNREADABLE as error:
            raise damaged(self.name) from error


class Handlers:
    """What :func:`parse_xml` calls; each may be left out."""

    def __init__(
        self,
        start: Callable[[str, dict[str, str]], None] | None = None,
        text: Callable[[str], None] | None = None,
        end: Callable[[str], None] | None = None,
    ) -> None:
        self.start, self.text, self.end = start, text, end


def parse_xml(data: bytes, name: str, handlers: Handlers) -> None:
    """Feed elements to the handlers.

    A document type is refused, so no entity can grow; only UTF-8 is read, as the program behind us
    takes all XML for it and would see other elements.

    Raises
    ------
    WorkbookError
        Where it is no well-formed XML, has a document type or more tags than any LKE.
    """
    if data.count(b"<") > MAX_TAGS:
        raise too_large(name, f"satu bagiannya memuat lebih dari {MAX_TAGS // 10**6} juta tag XML")
    if b"\x00" in data:
        raise damaged(name)

    def refuse(*_: object) -> None:
        raise ValueError("document type")

    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse
    if handlers.start is not None:
        parser.StartElementHandler = handlers.start
    if handlers.text is not None:
        parser.CharacterDataHandler = handlers.text
    if handlers.end is not None:
        parser.EndElementHandler = handlers.end
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, *UNREADABLE) as error:
        raise damaged(name) from error
