"""Pieces of evidence by what they are, and the form of their links: nothing is opened."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import SplitResult, urlsplit

from zi_eval.core.assessment import Answer

__all__ = ["Kind", "Piece", "is_internal", "kind_of", "link_fault", "sort_pieces"]

ADDRESS: Final = re.compile(r"(?:https?|ftp|file)://[^\s<>\"]+", re.IGNORECASE)
FILE: Final = re.compile(
    r"[^\n]{1,240}\.(?:pdf|docx?|xlsx?|pptx?|od[tsp]|csv|txt|jpe?g|png|gif|webp|zip|rar|7z|mp4|mp3)",
    re.IGNORECASE,
)
ENDING: Final = ".,;:)"
"""Signs that end the sentence around an address and are no part of it."""


class Kind(StrEnum):
    """What a piece of evidence is, in the words readers see."""

    LINK = "tautan"
    FILE = "berkas"
    TEXT = "teks"


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of evidence at one question.

    Attributes
    ----------
    target
        The address of a link, the path of a file below the unit's folder, else the text.
    """

    question: str
    kind: Kind
    target: str


def sort_pieces(answers: Mapping[str, Answer]) -> Iterator[Piece]:
    """Yield what units name, by kind; a text with addresses in it is a link for each of them."""
    for key, answer in answers.items():
        for text in answer.evidence:
            said = text.strip()
            found = [address.rstrip(ENDING) for address in ADDRESS.findall(said)]
            for address in dict.fromkeys(found):
                yield Piece(key, Kind.LINK, address)
            if said and not found:
                yield Piece(key, kind_of(said), said)


def kind_of(text: str) -> Kind:
    """Return what one text of evidence is taken for."""
    said = text.strip()
    if ADDRESS.search(said):
        return Kind.LINK
    return Kind.FILE if FILE.fullmatch(said) else Kind.TEXT


def is_internal(host: str) -> bool:
    """Whether a host can be reached from within one network only."""
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        name = host.casefold().rstrip(".")
        return "." not in name or name.endswith((".local", ".lan", ".internal", ".localhost"))


def link_fault(address: str) -> str:
    """Return what is wrong with the form of a link, in one clause; empty where nothing is."""
    try:
        parts: SplitResult = urlsplit(address)
        host = parts.hostname or ""
        _ = parts.port  # read here: it may be no number
    except ValueError:
        return "alamatnya salah tulis"
    if parts.scheme.lower() not in ("http", "https"):
        return f"'{parts.scheme}:' hanya terbuka di komputer asalnya; pakai alamat https"
    if not host:
        return "tidak ada nama situsnya"
    if is_internal(host):
        return f"'{host}' hanya terbuka di jaringan instansi"
    if parts.username or parts.password:
        return "memuat nama pengguna atau kata sandi; hapus dari alamat"
    return ""
