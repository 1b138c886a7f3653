"""A team's template of Word, read like any foreign file: bounded, and without what acts by itself.

A letter goes out under the inspectorate's name. What stands in its template goes with it, so a
template that fetches something when the letter is opened, runs a program or holds one is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from zi_eval.core.problems import Problem
from zi_eval.core.text import quote
from zi_eval.errors import ParameterError, WorkbookError, ZiEvalError, describe_os_error
from zi_eval.files import read_regular
from zi_eval.sheets.container import WORD, Archive, Handlers, name_kind, parse_xml
from zi_eval.sheets.limits import MAX_FILE

__all__ = ["read_template", "require_harmless"]

FIELDS: Final = frozenset({
    "ADDIN", "CONTROL", "DATABASE", "DDE", "DDEAUTO", "EMBED", "GOTOBUTTON", "IMPORT", "INCLUDE",
    "INCLUDEPICTURE", "INCLUDETEXT", "LINK", "MACROBUTTON", "PRINT", "RD",
})  # fmt: skip
"""Fields of Word that fetch something, run something or print when the document is opened."""
PROGRAMS: Final = re.compile(
    r"vbaproject|vbadata|activex|/embeddings/|\.bin$|/afchunk|\.ole$", re.I
)
WHAT_TO_DO: Final = (
    "Hapus itu di Word dan simpan sebagai .docx, atau mulai dari yang bawaan: "
    "'zi-eval lhe --template-out'."
)


NO_DOCUMENT: Final = Problem(
    code="bukan-docx",
    message="berkas ini bukan dokumen Word (.docx) yang dapat dibuka, rusak, atau terlalu besar.",
    hint="Simpan templat sebagai .docx, atau tulis yang bawaan dengan "
    "'zi-eval lhe --template-out'.",
)


def read_template(path: Path) -> bytes:
    """Return the bytes of a team's template.

    Raises
    ------
    ZiEvalError
        Where it cannot be read, is no regular file or is far too large.
    """
    try:
        data = read_regular(path, MAX_FILE + 1, is_followed=True)
    except OSError as error:
        reason = "" if isinstance(error, FileNotFoundError) else f": {describe_os_error(error)}"
        raise ZiEvalError(
            f"Templat {path} tidak dapat dibaca{reason}. Periksa namanya, atau tulis yang bawaan "
            "dengan 'zi-eval lhe --template-out'."
        ) from None
    if len(data) > MAX_FILE:
        raise ZiEvalError(
            f"Templat {path} lebih besar dari {MAX_FILE // 1024**2} MB. Kecilkan gambarnya."
        )
    return data


def require_harmless(data: bytes, name: str) -> None:
    """Refuse a template that is no document of Word, too large, or holds what acts by itself.

    Raises
    ------
    ParameterError
        With everything that speaks against it.
    """
    try:
        if name_kind(data, name) != WORD:
            raise ParameterError((replace(NO_DOCUMENT, file=name),))
        with Archive(data, name) as archive:
            archive.require_readable()
            found = tuple(dict.fromkeys(_findings(archive)))
    except WorkbookError:  # damaged, protected or beyond a limit; its advice is for workbooks
        raise ParameterError((replace(NO_DOCUMENT, file=name),)) from None
    if found:
        raise ParameterError(
            [
                Problem(code="templat-berbahaya", message=said, hint=WHAT_TO_DO, file=name)
                for said in found
            ]
        )


def _findings(archive: Archive) -> Iterator[str]:
    for part in sorted(archive.names):
        if PROGRAMS.search(part):
            yield f"templat memuat program atau objek tertanam ({quote(part)})."
        elif part.endswith(".rels"):
            yield from _relations(archive, part)
        elif part == "[Content_Types].xml" and b"macroEnabled" in archive.read(part):
            yield "templat ini dokumen dengan makro."
        elif part.startswith("word/") and part.endswith(".xml"):
            yield from _fields(archive, part)


def _relations(archive: Archive, part: str) -> Iterator[str]:
    """Yield what a part fetches from outside; a link that a person clicks fetches nothing."""
    found: list[str] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        kind = attributes.get("Type", "").rpartition("/")[2]
        target = attributes.get("Target", "")
        is_outside = attributes.get("TargetMode", "") == "External" or "://" in target
        if kind == "attachedTemplate":
            found.append(f"templat merujuk templat lain ({quote(target)}).")
        elif is_outside and kind != "hyperlink":
            found.append(f"templat mengambil {quote(kind)} dari luar ({quote(target)}).")
        elif kind == "aFChunk":
            found.append(f"templat menyisipkan dokumen lain ({quote(target)}).")

    parse_xml(archive.read(part), archive.name, Handlers(start))
    yield from found


def _fields(archive: Archive, part: str) -> Iterator[str]:
    """Yield the fields that act by themselves, also where their name is cut over several runs."""
    said: list[str] = []
    is_code = False

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal is_code
        local = tag.rpartition(":")[2]
        is_code = local == "instrText"
        if local in ("p", "fldChar"):
            said.append("\n")
        for name, value in attributes.items():
            if name.rpartition(":")[2] == "instr":
                said.append(f"\n{value}\n")

    def text(content: str) -> None:
        if is_code:
            said.append(content)

    def end(tag: str) -> None:
        nonlocal is_code
        is_code = False

    parse_xml(archive.read(part), archive.name, Handlers(start, text, end))
    for line in "".join(said).splitlines():
        name = line.strip().partition(" ")[0].upper()
        if name in FIELDS:
            yield f"templat memuat bidang {name} ({quote(line)})."
