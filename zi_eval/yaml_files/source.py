"""YAML files read with their line numbers; what is wrong with them is reported, never raised.

Only the plain part of YAML is accepted, because people write these files by hand and strangers
send them: mappings, lists and scalars of the YAML 1.2 core schema. Anchors, aliases and tags are
refused. The file is read event by event, so that depth and aliases are seen before anything is
built from them.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml  # type: ignore[import-untyped,unused-ignore]

from zi_eval.core.problems import Location, Problem, ProblemList
from zi_eval.core.text import CONTROL
from zi_eval.errors import describe_os_error
from zi_eval.files import read_regular
from zi_eval.yaml_files.syntax import syntax_problem

__all__ = ["KeyPath", "Source", "parse_yaml", "read_yaml"]

KeyPath = tuple[str | int, ...]
"""Where a value stands: mapping keys and list positions (from 0) from the root down."""

MAX_BYTES: Final = 4 * 1024 * 1024
MAX_DEPTH: Final = 40
MAX_PROBLEMS: Final = 100
MAX_NUMBER_LENGTH: Final = 100

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_BOOL = dict.fromkeys(("true", "True", "TRUE"), True) | dict.fromkeys(
    ("false", "False", "FALSE"), False
)
_INT = re.compile(r"[-+]?[0-9]+")
_OCTAL = re.compile(r"0o[0-7]+")
_HEX = re.compile(r"0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_SPECIAL = {
    sign + "." + word: float(sign + "inf")
    for sign in ("", "+", "-")
    for word in ("inf", "Inf", "INF")
} | {word: float("nan") for word in (".nan", ".NaN", ".NAN")}
_NUMBER_START = frozenset("+-.0123456789")


@dataclass(frozen=True)
class Source:
    """A YAML file turned into plain values, with the line of each.

    Attributes
    ----------
    name
        The file as the user named it.
    value
        Dicts with str keys, lists, str, int, float, bool and None; None where nothing could be
        read. Where a key is written twice the first one stands.
    lines
        Line (from 1) by path: of its key, of a list item, of the root.
    texts
        A scalar's own text by path, e.g. ``"007"`` where the value is 7.
    problems
        Everything wrong with the file, placed.
    sha256
        Of the bytes, in hexadecimal; empty where the file was not read.
    """

    name: str
    value: Any = None
    lines: Mapping[KeyPath, int] = field(default_factory=dict)
    texts: Mapping[KeyPath, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    sha256: str = ""

    def line(self, path: KeyPath) -> int | None:
        """Return the line of ``path``, or of the nearest thing above it that has one."""
        for length in range(len(path), -1, -1):
            found = self.lines.get(tuple(path[:length]))
            if found is not None:
                return found
        return None


@dataclass(slots=True)
class _Frame:
    """An open mapping or list; ``keep`` is False inside something that is thrown away."""

    items: dict[str, Any] | list[Any]
    path: KeyPath
    keep: bool
    key: str | None = None
    drops_value: bool = False


class _Builder:
    """Builds plain values from events, and remembers lines, texts and problems."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.value: Any = None
        self.lines: dict[KeyPath, int] = {}
        self.texts: dict[KeyPath, str] = {}
        self.problems: ProblemList[int] = ProblemList(name, Location)
        self.frames: list[_Frame] = []
        self.documents = 0

    def read(self, text: str) -> None:
        """Take every event of ``text``; stop where the rest could not be trusted."""
        for event in yaml.parse(text, Loader=_LOADER):
            if len(self.problems) >= MAX_PROBLEMS or not self.take(event):
                return

    def take(self, event: Any) -> bool:
        """Take one event; False where reading must stop."""
        kind = type(event)
        if kind is yaml.ScalarEvent:
            self.scalar(event)
        elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
            return self.open(event, {} if kind is yaml.MappingStartEvent else [])
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            self.close()
        elif kind is yaml.AliasEvent:
            self.refuse_anchor(event.start_mark.line + 1)
            self.put(None, event.start_mark.line + 1, None)
        elif kind is yaml.DocumentStartEvent:
            self.documents += 1
            if self.documents > 1:
                self.problems.error(
                    "dokumen-banyak",
                    "berkas memuat lebih dari satu dokumen ('---' di tengah berkas).",
                    "Hapus baris '---' itu, atau pisahkan menjadi beberapa berkas.",
                    at=event.start_mark.line + 1,
                )
                return False
        return True

    def refuse_anchor(self, line: int) -> None:
        self.problems.error(
            "jangkar",
            "jangkar '&nama' dan rujukan '*nama' tidak diterima.",
            "Tulis isinya secara lengkap; bila '&' atau '*' bagian dari teks, beri tanda kutip.",
            at=line,
        )

    def check_node(self, event: Any) -> None:
        line = event.start_mark.line + 1
        if event.anchor is not None:
            self.refuse_anchor(line)
        if event.tag is not None:
            self.problems.error(
                "tag",
                "tag YAML (yang diawali '!') tidak diterima; yang boleh hanya teks, angka, "
                "true/false, daftar, dan pasangan 'kunci: nilai'.",
                "Hapus tag itu; bila '!' bagian dari teks, beri tanda kutip.",
                at=line,
            )

    def scalar(self, event: Any) -> None:
        if event.anchor is not None or event.tag is not None:
            self.check_node(event)
        line, text = event.start_mark.line + 1, event.value
        # Written as an escape; a mark of bytes, which editors leave, harms nobody.
        control = CONTROL.search(text.replace("\ufeff", "")) if event.style == '"' else None
        if control:
            self.problems.error(*_describe_control(control[0]), at=line)
            text = CONTROL.sub(" ", text)
        frame = self.frames[-1] if self.frames else None
        if frame is not None and isinstance(frame.items, dict) and frame.key is None:
            self.take_key(frame, text, line)
        elif event.style:
            self.put(text, line, text)
        else:
            self.put(self.resolve(text, line), line, text)

    def take_key(self, frame: _Frame, text: str, line: int) -> None:
        frame.key = text
        frame.drops_value = False
        if not frame.keep:
            return
        path = (*frame.path, text)
        if not text:
            self.problems.error("kunci-kosong", "ada ':' tanpa kunci di depannya.", at=line)
            frame.drops_value = True
        elif path in self.lines:
            self.problems.error(
                "kunci-ganda",
                f"kunci '{text}' ditulis dua kali, di baris {self.lines[path]} dan {line}.",
                "Hapus salah satunya.",
                at=line,
            )
            frame.drops_value = True
        else:
            self.lines[path] = line

    def resolve(self, text: str, line: int) -> Any:
        """Return the value of a plain scalar by the YAML 1.2 core schema."""
        if text in _NULL:
            return None
        if text in _BOOL:
            return _BOOL[text]
        if text[0] not in _NUMBER_START:
            return text
        if text in _SPECIAL:
            return _SPECIAL[text]
        whole = _INT.fullmatch(text)
        if not (whole or _FLOAT.fullmatch(text) or _OCTAL.fullmatch(text) or _HEX.fullmatch(text)):
            return text
        if len(text) > MAX_NUMBER_LENGTH:
            self.problems.error(
                "angka-terlalu-panjang",
                f"angka lebih dari {MAX_NUMBER_LENGTH} karakter tidak diterima.",
                "Bila ini nomor atau kode, apit dengan tanda kutip.",
                at=line,
            )
            return None
        if whole:
            return int(text)
        return int(text, 0) if text[:2] in ("0o", "0x") else float(text)

    def open(self, event: Any, items: dict[str, Any] | list[Any]) -> bool:
        self.check_node(event)
        line = event.start_mark.line + 1
        if len(self.frames) >= MAX_DEPTH:
            self.problems.error(
                "terlalu-dalam",
                f"isi bersusun lebih dari {MAX_DEPTH} tingkat tidak diterima.",
                at=line,
            )
            return False
        parent = self.frames[-1] if self.frames else None
        if parent is not None and isinstance(parent.items, dict) and parent.key is None:
            self.problems.error(
                "kunci-bukan-teks",
                "kunci harus teks, bukan daftar atau pasangan 'kunci: nilai'.",
                "Bila kurung itu bagian dari teks, apit dengan tanda kutip.",
                at=line,
            )
            self.frames.append(_Frame(items, parent.path, keep=False))
            return True
        path, keep = self.put(items, line, None)
        self.frames.append(_Frame(items, path, keep))
        return True

    def close(self) -> None:
        frame = self.frames.pop()
        parent = self.frames[-1] if self.frames else None
        if frame.keep or parent is None or not isinstance(parent.items, dict):
            return
        if parent.key is None and frame.path == parent.path:  # it stood where a key should be
            parent.key, parent.drops_value = "", True

    def put(self, value: Any, line: int, text: str | None) -> tuple[KeyPath, bool]:
        """Put a value into the open frame; return its path and whether it was kept."""
        path: KeyPath = ()
        if not self.frames:
            self.value, keep = value, True
            self.lines[()] = line
        else:
            frame = self.frames[-1]
            keep = frame.keep
            if isinstance(frame.items, list):
                path = (*frame.path, len(frame.items))
                frame.items.append(value)
                if keep:
                    self.lines[path] = line
            else:
                key = frame.key or ""
                keep = keep and not frame.drops_value
                path = (*frame.path, key)
                if keep:
                    frame.items[key] = value
                frame.key = None
        if keep and text is not None:
            self.texts[path] = text
        return path, keep


def _describe_control(character: str) -> tuple[str, str, str]:
    """Return code, message and hint of a character that no text has."""
    return (
        "karakter-terlarang",
        f"ada karakter yang tidak terlihat dan tidak diterima (U+{ord(character):04X}).",
        "Hapus karakter itu; pastikan ini berkas teks.",
    )


def _decode(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16")
    return data.decode("utf-8-sig")


def parse_yaml(data: bytes, name: str) -> Source:
    """Turn the bytes of a YAML file into a :class:`Source`; nothing is raised.

    Parameters
    ----------
    data
        UTF-8, with or without BOM, or UTF-16 with BOM.
    name
        The file as the user named it, for the problems.
    """
    digest = hashlib.sha256(data).hexdigest()

    def refuse(code: str, message: str, hint: str = "", line: int | None = None) -> Source:
        problem = Problem(code=code, message=message, hint=hint, file=name, line=line)
        return Source(name=name, problems=(problem,), sha256=digest)

    if len(data) > MAX_BYTES:
        return refuse(
            "terlalu-besar",
            f"berkas lebih besar dari {MAX_BYTES // 1024**2} MB.",
            "Pastikan ini berkas yang benar.",
        )
    try:
        text = _decode(data)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1 if error.encoding == "utf-8" else None
        return refuse(
            "bukan-utf8",
            "isi berkas bukan teks UTF-8.",
            "Simpan ulang dengan pengodean UTF-8 di penyunting teks.",
            line,
        )
    control = CONTROL.search(text)
    if control:
        line = text.count("\n", 0, control.start()) + 1
        return refuse(*_describe_control(control[0]), line)
    builder = _Builder(name)
    try:
        builder.read(text)
    except yaml.YAMLError as error:
        builder.value = None
        builder.problems.append(syntax_problem(error, name, text))
    else:
        if builder.value is None and not builder.problems:
            builder.problems.error(
                "berkas-kosong", "berkas kosong.", "Isi menurut contoh yang ada.", at=1
            )
    return Source(
        name=name,
        value=builder.value,
        lines=builder.lines,
        texts=builder.texts,
        problems=tuple(builder.problems),
        sha256=digest,
    )


def read_yaml(path: Path | str, *, is_followed: bool = True) -> Source:
    """Read a YAML file; one that cannot be opened is a problem like any other.

    Parameters
    ----------
    is_followed
        Whether a symbolic link in its place is followed.
    """
    try:
        data = read_regular(Path(path), MAX_BYTES + 1, is_followed=is_followed)
    except (OSError, ValueError) as error:  # a name that no file can have is a ValueError
        reason = "berkas tidak dapat dibaca"
        if isinstance(error, OSError):
            is_gone = isinstance(error, FileNotFoundError)
            reason = "berkas tidak ada" if is_gone else describe_os_error(error)
        problem = Problem(
            code="berkas-tidak-terbaca",
            message=f"{reason}.",
            hint="Periksa nama dan letak berkas.",
            file=str(path),
        )
        return Source(name=str(path), problems=(problem,))
    return parse_yaml(data, str(path))
