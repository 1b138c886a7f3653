"""The evaluation letter for Word, from a template: ours, or one that a team edited in Word.

Word cuts a text into runs wherever it likes, so a placeholder is looked for in the text of its
whole paragraph and replaced across the runs. Importing this costs the import of python-docx.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import datetime
from textwrap import shorten
from typing import Any, Final

from docx import Document as open_docx
from docx.oxml.ns import qn

from zi_eval.core.problems import Problem, nearest
from zi_eval.errors import ParameterError
from zi_eval.letters.letter import LetterContent
from zi_eval.letters.template import LHE, LetterForm
from zi_eval.letters.template_file import require_harmless
from zi_eval.report.documents.content import Block, Line, line_parts, line_text
from zi_eval.report.documents.docx import (
    BlockWriter,
    elements,
    new_document,
    read_look,
    write_runs,
)
from zi_eval.report.documents.package import pack_document

__all__ = ["build_letter_template", "render_letter_docx"]

MARKED: Final = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
OPEN, CLOSE = "{{", "}}"
SHOWN: Final = 60
NOTES: Final = ("footnotes", "endnotes", "comments")
TEMPLATE: Final = "templat"


def build_letter_template(time: datetime, form: LetterForm = LHE) -> bytes:
    """Return our own template, to be filled or to be edited in Word first."""
    docx = new_document(line_text(form.mark), has_cover=True)
    writer = BlockWriter(docx, has_bookmarks=False)
    body = docx.element.body
    body[-1:-1] = writer.write(form.blocks)
    return pack_document(docx, f"Templat {form.name}", "zi-eval", time)


def render_letter_docx(
    content: LetterContent,
    template: bytes | None = None,
    name: str = TEMPLATE,
    form: LetterForm = LHE,
) -> bytes:
    """Return the letter as a ``.docx``; the same content and template give the same bytes.

    Parameters
    ----------
    template
        A template of Word; ours where there is none.
    name
        What messages call it.
    form
        What kind of letter it is: which placeholders there are.

    Raises
    ------
    ParameterError
        With every placeholder that is not known or cannot stand where it does, or where the
        template is no ``.docx``.
    """
    if template is not None:
        require_harmless(template, name)
    own = build_letter_template(content.made.time, form) if template is None else template
    docx = _open(own, name)
    problems = tuple(_check(docx, name, form))
    if problems:
        raise ParameterError(problems)
    writer = BlockWriter(docx, has_bookmarks=False)
    for _, root in _stories(docx):
        for paragraph in list(root.iter(qn("w:p"))):
            found = _placeholders(paragraph)
            if len(found) == 1 and found[0] in form.parts:
                _fill_part(paragraph, content.parts[found[0]], writer)
            elif found:
                _fill_texts(paragraph, content)
    return pack_document(docx, content.title, content.author, content.made.time)


def _open(template: bytes, name: str) -> Any:
    try:
        return open_docx(io.BytesIO(template))
    except Exception:  # python-docx raises whatever it trips over in a foreign file
        problem = Problem(
            code="bukan-docx",
            message="berkas ini bukan dokumen Word (.docx) yang dapat dibuka.",
            hint="Simpan templat sebagai .docx, atau tulis yang bawaan dengan "
            "'zi-eval lhe --template-out'.",
            file=name,
        )
        raise ParameterError((problem,)) from None


def _stories(docx: Any) -> Iterator[tuple[str, Any]]:
    """Yield what holds paragraphs: the body, then headers and footers, each with its name."""
    yield "isi", docx.element.body
    for part in docx.part.package.iter_parts():
        kind = str(part.partname).rpartition("/")[2]
        if kind.startswith("header"):
            yield "kop halaman", part.element
        elif kind.startswith("footer"):
            yield "kaki halaman", part.element


def _texts(paragraph: Any) -> list[Any]:
    """Return the text nodes of a paragraph, without those of text boxes anchored in it."""
    return [
        text
        for text in paragraph.iter(qn("w:t"))
        if next(text.iterancestors(qn("w:p"))) is paragraph
    ]


def _text(paragraph: Any) -> str:
    return "".join(node.text or "" for node in _texts(paragraph))


def _placeholders(paragraph: Any) -> list[str]:
    return [found.strip() for found in MARKED.findall(_text(paragraph))]


def _check(docx: Any, name: str, form: LetterForm) -> Iterator[Problem]:
    """Yield what is wrong with the placeholders of a template, each with its place."""
    known = (*form.texts, *form.parts)
    for story, root in _stories(docx):
        for number, paragraph in enumerate(root.iter(qn("w:p")), 1):
            text = _text(paragraph)
            if OPEN not in text and CLOSE not in text:
                continue
            at = f'{story}, paragraf {number} ("{shorten(text, SHOWN, placeholder="…")}")'
            found = _placeholders(paragraph)
            for placeholder in found:
                if placeholder not in known:
                    near = nearest(placeholder, known)
                    hint = f"Mungkin maksudnya '{near}'." if near else f"Ada: {', '.join(known)}."
                    said = f"{at}: penanda '{placeholder}' tidak dikenal."
                    yield Problem(code="penanda-tidak-dikenal", message=said, hint=hint, file=name)
                elif placeholder in form.parts and (len(found) > 1 or MARKED.sub("", text).strip()):
                    said = f"{at}: penanda '{placeholder}' harus sendirian di paragrafnya."
                    hint = "Pindahkan ke baris tersendiri."
                    yield Problem(code="penanda-tidak-sendiri", message=said, hint=hint, file=name)
            rest = MARKED.sub("", text)
            if OPEN in rest or CLOSE in rest:
                said = f"{at}: kurung penanda tidak berpasangan."
                hint = "Tulis seperti {{ nama_unit }}, dalam satu paragraf."
                yield Problem(code="penanda-terbuka", message=said, hint=hint, file=name)
    for part in docx.part.package.iter_parts():
        kind = str(part.partname).rpartition("/")[2].partition(".")[0]
        if kind in NOTES and OPEN.encode() in part.blob:
            said = f"{kind}: penanda di catatan kaki atau komentar tidak diisi."
            hint = "Pindahkan ke isi, kop, atau kaki halaman."
            yield Problem(code="penanda-di-catatan", message=said, hint=hint, file=name)


def _fill_part(paragraph: Any, blocks: tuple[Block, ...], writer: BlockWriter) -> None:
    """Put blocks in place of a paragraph; one that a cell or a section needs stays, empty."""
    parent = paragraph.getparent()
    width = None
    cell = next(paragraph.iterancestors(qn("w:tc")), None)
    if cell is not None:
        stated = cell.find(f"{qn('w:tcPr')}/{qn('w:tcW')}")
        if stated is not None and stated.get(qn("w:type")) == "dxa":
            width = int(stated.get(qn("w:w")))
    for element in writer.write(blocks, width=width):
        paragraph.addprevious(element)
    properties = paragraph.find(qn("w:pPr"))
    ends_section = properties is not None and properties.find(qn("w:sectPr")) is not None
    before = paragraph.getprevious()
    is_needed = parent.tag != qn("w:body") and (before is None or before.tag != qn("w:p"))
    if ends_section or is_needed:
        for child in list(paragraph):
            if child is not properties:
                paragraph.remove(child)
    else:
        parent.remove(paragraph)


def _split_runs(paragraph: Any) -> None:
    """Give every text of a paragraph a run of its own with the look it had."""
    for node in _texts(paragraph):
        run = node.getparent()
        if run.tag != qn("w:r"):
            continue
        look = run.find(qn("w:rPr"))
        content = [child for child in run if child is not look]
        if len(content) < 2:
            continue
        for child in content:
            own = run.makeelement(run.tag, dict(run.attrib))
            if look is not None:
                own.append(look.__copy__())
            own.append(child)
            run.addprevious(own)
        run.getparent().remove(run)


def _fill_texts(paragraph: Any, content: LetterContent) -> None:
    """Replace placeholders within a paragraph, the last first so that places before them hold."""
    _split_runs(paragraph)
    nodes = _texts(paragraph)
    starts, length = [], 0
    for node in nodes:
        starts.append(length)
        length += len(node.text or "")
    for found in reversed(list(MARKED.finditer(_text(paragraph)))):
        inside = [
            place
            for place, node in enumerate(nodes)
            if starts[place] < found.end() and starts[place] + len(node.text or "") > found.start()
        ]
        first, last = inside[0], inside[-1]
        line: Line = content.texts[found[1].strip()]
        head = (nodes[first].text or "")[: found.start() - starts[first]]
        tail = (nodes[last].text or "")[found.end() - starts[last] :]
        run = nodes[first].getparent()
        look = read_look(run.find(qn("w:rPr")))
        pieces = [*write_runs(line_parts(line), look)]
        if first == last:
            pieces += write_runs([tail], look) if tail else ()
        else:
            _set(nodes[last], tail)
        for place in inside[1:-1]:
            _set(nodes[place], "")
        _set(nodes[first], head)
        for piece in reversed(elements("".join(pieces))):
            run.addnext(piece)


def _set(node: Any, text: str) -> None:
    node.text = text
    node.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
