"""Templates of letters are foreign files: bounded, and nothing in them acts by itself."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.letters.test_letter import TIME
from zi_eval.errors import ParameterError, ZiEvalError
from zi_eval.letters.docx import build_letter_template
from zi_eval.letters.template_file import read_template, require_harmless

RELATION = (
    '<Relationship Id="rX" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships/{kind}" Target="{target}"{mode}/>'
)
TYPES, BODY = "[Content_Types].xml", "word/document.xml"
MAIN = b"openxmlformats-officedocument.wordprocessingml.document.main"
MACROS = b"ms-word.document.macroEnabled.main"
OUTSIDE = ' TargetMode="External"'


@pytest.fixture(scope="module")
def template() -> bytes:
    return build_letter_template(TIME)


def changed(data: bytes, *edits: tuple[str, Callable[[bytes], bytes]], **more: bytes) -> bytes:
    """Return a document with parts edited, and others added."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        for entry in old.infolist():
            content = old.read(entry)
            for name, edit in edits:
                if entry.filename == name:
                    content = edit(content)
            new.writestr(entry.filename, content, zipfile.ZIP_DEFLATED)
        for name, content in more.items():
            new.writestr(name, content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def related(data: bytes, kind: str, target: str, mode: str = OUTSIDE) -> bytes:
    relation = RELATION.format(kind=kind, target=target, mode=mode).encode()
    part = "word/_rels/document.xml.rels"
    return changed(data, (part, lambda b: b.replace(b"</Rel", relation + b"</Rel")))


def coded(data: bytes, runs: str) -> bytes:
    paragraph = f"<w:p>{runs}</w:p>".encode()
    return changed(
        data, ("word/document.xml", lambda b: b.replace(b"<w:body>", b"<w:body>" + paragraph))
    )


def code(*pieces: str) -> str:
    return "".join(f"<w:r><w:instrText>{piece}</w:instrText></w:r>" for piece in pieces)


def test_our_own_template_is_harmless(template: bytes) -> None:
    require_harmless(template, "templat.docx")
    require_harmless(related(template, "hyperlink", "https://contoh.example"), "templat.docx")
    fields = code(" HYPERLINK ", '"https://contoh.example/link rd" ')
    require_harmless(coded(template, code(" PAGE ") + fields), "templat.docx")


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda d: related(d, "attachedTemplate", "http://jahat.example/x.dotm"), "templat lain"),
        (lambda d: related(d, "attachedTemplate", "x.dotx", ""), "templat lain"),
        (lambda d: related(d, "image", "http://jahat.example/x.png"), "image dari luar"),
        (lambda d: related(d, "oleObject", "file:///c:/x"), "oleObject dari luar"),
        (lambda d: related(d, "frame", "\\\\jahat\\x"), "frame dari luar"),
        (lambda d: related(d, "aFChunk", "x.html", ""), "dokumen lain"),
        (lambda d: coded(d, code(" DDEAUTO c:\\\\cmd.exe ")), "bidang DDEAUTO"),
        (lambda d: coded(d, code(" D", "D", "E c:\\\\cmd.exe ")), "bidang DDE"),
        (lambda d: coded(d, '<w:fldSimple w:instr=" INCLUDEPICTURE x "/>'), "INCLUDEPICTURE"),
        (lambda d: coded(d, code("includetext ", '"http://jahat.example"')), "INCLUDETEXT"),
        (lambda d: changed(d, **{"word/vbaProject.bin": b"x"}), "program"),
        (lambda d: changed(d, **{"word/embeddings/ole1.bin": b"x"}), "objek tertanam"),
        (lambda d: changed(d, **{"word/activeX/activeX1.xml": b"<a/>"}), "objek tertanam"),
        (lambda d: changed(d, (TYPES, lambda b: b.replace(MAIN, MACROS))), "makro"),
    ],
)  # fmt: skip
def test_what_acts_by_itself_is_refused_by_name(
    template: bytes, make: Callable[[bytes], bytes], said: str
) -> None:
    with pytest.raises(ParameterError, match=said):
        require_harmless(make(template), "templat.docx")


@pytest.mark.parametrize(
    "make",
    [
        lambda d: changed(d, **{"word/besar.xml": b"<a>" + b" " * 200_000_000 + b"</a>"}),
        lambda d: changed(d, **{f"word/{n}.xml": b"<a/>" for n in range(6_000)}),
        lambda d: changed(d, (BODY, lambda b: b"<!DOCTYPE a>" + b.partition(b"?>")[2])),
        lambda d: d[: len(d) // 2],
        lambda d: b"",
        lambda d: b"PK\x03\x04",
        lambda d: b"x" * 1000,
    ],
)  # fmt: skip
def test_bombs_and_damaged_templates_are_refused(
    template: bytes, make: Callable[[bytes], bytes]
) -> None:
    with pytest.raises(ParameterError):
        require_harmless(make(template), "templat.docx")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_pipes_devices_and_folders_are_no_templates(tmp_path: Path) -> None:
    pipe = tmp_path / "pipa.docx"
    os.mkfifo(pipe)
    for path in (pipe, tmp_path, Path("/dev/zero"), tmp_path / "tidak-ada.docx"):
        with pytest.raises(ZiEvalError, match="tidak dapat dibaca"):
            read_template(path)
