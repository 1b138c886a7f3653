"""A document for Word: real styles, a table of contents, captions that count themselves.

Only what python-docx has no word for is written as elements here. Importing this module costs the
import of python-docx, so whoever needs it imports it when it does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import Any, Final

from docx import Document as new_docx
from docx.oxml.ns import nsmap
from docx.oxml.ns import qn as qualify
from docx.oxml.parser import oxml_parser

from zi_eval.report.documents.content import (
    Blank,
    Block,
    Bullets,
    Contents,
    Document,
    Figure,
    Heading,
    Inline,
    Line,
    PageBreak,
    Paragraph,
    Strong,
    Table,
    clean_text,
    line_parts,
    line_text,
)
from zi_eval.report.documents.package import pack_document
from zi_eval.report.documents.styles import set_styles
from zi_eval.report.documents.widths import column_widths

__all__ = ["BlockWriter", "prepare_document", "render_document_docx", "write_runs"]

SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"
LISTED: Final = 3
EMU_PER_TWIP: Final = 635
USUAL_WIDTH: Final = 9000
KEPT_ROWS: Final = 8
"""Rows up to which a table is kept on one page."""
STYLE_NAMES: Final = {
    "center": "Teks Tengah",
    "title": "Title",
    "subtitle": "Subtitle",
    "notice": "Pemberitahuan",
    "note": "Catatan Kecil",
    "sign": "Tanda Tangan",
    "closing": "Kalimat Penutup",
}
TABLE_STYLES: Final = ("Tabel Laporan", "Table Grid")
EDGES: Final = ("top", "left", "bottom", "right", "insideH", "insideV")


qn: Final = cache(qualify)
"""The full name of ``w:p``: thousands are asked for, of a few dozen."""
NAMESPACE: Final = {"w": nsmap["w"]}


class _Maker:
    """Makes elements of Word: ``W.p(child, …)``; a dict sets attributes, a text the text."""

    def __getattr__(self, tag: str) -> Callable[..., Any]:
        name = qn(f"w:{tag}")

        def make(*content: Any) -> Any:
            element = oxml_parser.makeelement(name, nsmap=NAMESPACE)
            for item in content:
                if isinstance(item, dict):
                    element.attrib.update(item)
                elif isinstance(item, str):
                    element.text = item
                else:
                    element.append(item)
            return element

        setattr(self, tag, make)
        return make


W: Final = _Maker()


def _with(tag: str, **values: str | int) -> Any:
    return getattr(W, tag)({qn(f"w:{name}"): str(value) for name, value in values.items()})


def write_runs(parts: Iterable[Inline], look: Any = None, is_strong: bool = False) -> Iterator[Any]:
    """Write text as runs; ``look`` are run properties that all of them take over."""
    for part in parts:
        text = clean_text(part if isinstance(part, str) else part.text)
        properties = W.rPr(*(_copy(child) for child in look) if look is not None else ())
        if (is_strong or isinstance(part, Strong)) and properties.find(qn("w:b")) is None:
            _insert_property(properties, _with("b"))
        if isinstance(part, Blank):
            _insert_property(properties, _with("highlight", val="yellow"))
        run = W.r(properties) if len(properties) else W.r()
        for number, line in enumerate(text.split("\n")):
            if number:
                run.append(W.br())
            for place, piece in enumerate(line.split("\t")):
                if place:
                    run.append(W.tab())
                if piece:
                    run.append(W.t(piece, {SPACE: "preserve"}))
        yield run


def _copy(element: Any) -> Any:
    return element.__copy__()


ORDER: Final = tuple(
    qn(f"w:{name}")
    for name in (
        "rStyle", "rFonts", "b", "bCs", "i", "iCs", "caps", "smallCaps", "strike", "dstrike",
        "outline", "shadow", "emboss", "imprint", "noProof", "snapToGrid", "vanish", "webHidden",
        "color", "spacing", "w", "kern", "position", "sz", "szCs", "highlight",
    )
)  # fmt: skip
"""The order in which the format wants the properties of a run, as far as we add any."""


def _insert_property(properties: Any, new: Any) -> None:
    for old in properties.findall(new.tag):
        properties.remove(old)
    before = set(ORDER[: ORDER.index(new.tag)])
    place = max((n for n, child in enumerate(properties, 1) if child.tag in before), default=0)
    properties.insert(place, new)


def _field(
    code: str, shown: Iterable[Any], look: Any = None, is_dirty: bool = False
) -> Iterator[Any]:
    def run(child: Any) -> Any:
        return W.r(*([_copy(look)] if look is not None else []), child)

    begin = _with("fldChar", fldCharType="begin")
    if is_dirty:
        begin.set(qn("w:dirty"), "true")
    yield run(begin)
    yield run(W.instrText(f" {code} ", {SPACE: "preserve"}))
    yield run(_with("fldChar", fldCharType="separate"))
    yield from shown
    yield run(_with("fldChar", fldCharType="end"))


def _text_width(section: Any) -> int:
    """Return the width between the margins, in twentieths of a point."""
    sides = (section.left_margin or 0) + (section.right_margin or 0)
    return max(((section.page_width or 0) - sides) // EMU_PER_TWIP, 0) or USUAL_WIDTH


class BlockWriter:
    """Writes blocks as elements of a Word document, in that document's own styles.

    A style the document does not have is left out, and what it would show is set directly.

    Parameters
    ----------
    document
        Of python-docx.
    has_bookmarks
        Whether headings get the marks that a table of contents leads to.
    """

    def __init__(self, document: Any, has_bookmarks: bool = True) -> None:
        self._has_bookmarks = has_bookmarks
        self._styles: dict[str, str] = {}
        for style in document.styles.element.findall(qn("w:style")):
            name = style.find(qn("w:name"))
            if name is not None:
                self._styles[name.get(qn("w:val")).casefold()] = style.get(qn("w:styleId"))
        self._width = next((_text_width(section) for section in document.sections), USUAL_WIDTH)
        self._tables = 0
        self._headings = 0

    def _style(self, name: str) -> str | None:
        return self._styles.get(name.casefold())

    def write(
        self, blocks: Iterable[Block], outline: Sequence[Heading] = (), width: int | None = None
    ) -> Iterator[Any]:
        """Write blocks.

        Parameters
        ----------
        outline
            What a table of contents among them lists.
        width
            Of tables, in twentieths of a point; by default that of the page within its margins.
        """
        for block in blocks:
            match block:
                case Heading():
                    yield self._heading(block)
                case Paragraph():
                    yield self._paragraph(block)
                case Bullets():
                    yield from self._bullets(block)
                case Table():
                    yield from self._table(block, width or self._width)
                case Contents():
                    yield from self._contents(outline)
                case PageBreak():
                    yield W.p(W.r(_with("br", type="page")))
                case Figure():
                    pass

    def _properties(self, name: str | None, *more: Any) -> Any:
        found = self._style(name) if name else None
        return W.pPr(*([_with("pStyle", val=found)] if found else []), *more)

    def _heading(self, block: Heading) -> Any:
        breaks = [_with("pageBreakBefore")] if block.on_new_page else []
        style = f"heading {block.level}"
        runs = write_runs(line_parts(block.text), is_strong=self._style(style) is None)
        if not self._has_bookmarks:
            return W.p(self._properties(style, *breaks), *runs)
        self._headings += 1
        name, key = f"_Toc{self._headings:06d}", self._headings
        return W.p(
            self._properties(style, *breaks),
            _with("bookmarkStart", id=key, name=name),
            *runs,
            _with("bookmarkEnd", id=key),
        )

    def _paragraph(self, block: Paragraph) -> Any:
        name = STYLE_NAMES.get(block.style)
        direct = []
        if name and self._style(name) is None and block.style in {"center", "title", "subtitle"}:
            direct = [_with("jc", val="center")]
        return W.p(self._properties(name, *direct), *write_runs(line_parts(block.line)))

    def _bullets(self, block: Bullets) -> Iterator[Any]:
        for number, item in enumerate(block.items, 1):
            if not block.is_numbered and self._style("List Bullet"):
                yield W.p(self._properties("List Bullet"), *write_runs(line_parts(item)))
                continue
            sign = f"{number}.\t" if block.is_numbered else "–\t"
            place = W.tabs(_with("tab", val="left", pos=425))
            hanging = _with("ind", left=425, hanging=425)
            yield W.p(
                self._properties("List Paragraph", place, hanging),
                *write_runs((sign, *line_parts(item))),
            )

    def _caption(self, text: str) -> Any:
        self._tables += 1
        number = _field("SEQ Tabel \\* ARABIC", write_runs([str(self._tables)]))
        return W.p(
            self._properties("caption", _with("keepNext")),
            *write_runs(["Tabel "]), *number, *write_runs([f". {text}"]),
        )  # fmt: skip

    def _table(self, block: Table, width: int) -> Iterator[Any]:
        if block.caption:
            yield self._caption(block.caption)
        widths = column_widths(block, width)
        style = next((found for name in TABLE_STYLES if (found := self._style(name))), None)
        border: dict[str, str | int] = {"val": "single", "sz": 4, "space": 0, "color": "auto"}
        has_head = any(column.title for column in block.columns)
        look = "0420" if has_head else "0400"
        properties = W.tblPr(
            *([_with("tblStyle", val=style)] if style else []),
            _with("tblW", w=sum(widths), type="dxa"),
            *([] if style else [W.tblBorders(*(_with(edge, **border) for edge in EDGES))]),
            _with("tblLayout", type="fixed"),
            _with("tblLook", val=look, firstRow=int(has_head), lastRow=0, firstColumn=0,
                  lastColumn=0, noHBand=0, noVBand=1),
            _with("tblCaption", val=clean_text(block.caption or "Rincian")),
        )  # fmt: skip
        table = W.tbl(properties, W.tblGrid(*(_with("gridCol", w=width) for width in widths)))
        if has_head:
            titles = [column.title for column in block.columns]
            table.append(self._row(block, widths, titles, is_kept=True, is_head=True))
        last = len(block.rows) - block.totals
        for number, row in enumerate(block.rows, 1):
            is_kept = len(block.rows) <= KEPT_ROWS and number < len(block.rows)
            table.append(self._row(block, widths, row, is_kept, is_strong=number > last))
        yield table
        # Word joins two tables that touch, and a cell may not end with one.
        yield W.p(self._properties("Setelah Tabel"))

    def _row(
        self,
        block: Table,
        widths: Sequence[int],
        cells: Sequence[Line],
        is_kept: bool,
        is_head: bool = False,
        is_strong: bool = False,
    ) -> Any:
        row = W.tr(W.trPr(_with("cantSplit"), *([_with("tblHeader")] if is_head else [])))
        for column, width, cell in zip(block.columns, widths, cells, strict=True):
            direct = [_with("keepNext")] if is_kept else []
            if column.is_number:
                direct.append(_with("jc", val="right"))
            paragraph = W.p(
                self._properties("Isi Tabel", *direct),
                *write_runs(line_parts(cell), is_strong=is_head or is_strong),
            )
            row.append(W.tc(W.tcPr(_with("tcW", w=width, type="dxa")), paragraph))
        return row

    def _contents(self, outline: Sequence[Heading]) -> Iterator[Any]:
        """Write the field with its entries; the numbers of pages are Word's to fill in."""
        yield W.p(self._properties("Judul Daftar"), *write_runs(["DAFTAR ISI"]))
        entries = [
            W.p(
                self._properties(f"toc {heading.level}"),
                W.hyperlink(
                    {qn("w:anchor"): f"_Toc{number:06d}", qn("w:history"): "1"},
                    *write_runs([line_text(heading.text)]),
                ),
            )
            for number, heading in enumerate(outline, 1)
            if heading.level <= LISTED
        ]
        if not entries:
            return
        *start, end = _field(f'TOC \\o "1-{LISTED}" \\h \\z \\u', (), is_dirty=True)
        for place, run in enumerate(start, 1):
            entries[0].insert(place, run)
        entries[-1].append(end)
        yield from entries


_ahead: Final[list[Any]] = []


def prepare_document() -> None:
    """Make the next document's styles ahead: a process forked from a warm one starts with them."""
    docx = new_docx()
    set_styles(docx)
    _ahead.append(docx)


def new_document(mark: str, has_cover: bool = True) -> Any:
    """Return an empty A4 document in Indonesian with our styles, a mark above and page numbers."""
    if not _ahead:
        prepare_document()
    docx = _ahead.pop()
    section = docx.sections[0]
    section.different_first_page_header_footer = has_cover
    look = W.rPr(_with("color", val="595959"), _with("sz", val=16))
    head, foot = section.header._element, section.footer._element
    for edge in (head, foot):
        for child in list(edge):
            edge.remove(child)
    head.append(W.p(W.pPr(_with("jc", val="right")), *write_runs([mark], look)))
    page = _field("PAGE", write_runs(["1"], look), look)
    pages = _field("NUMPAGES", write_runs(["1"], look), look)
    foot.append(
        W.p(
            W.pPr(_with("jc", val="center")),
            *write_runs(["Halaman "], look),
            *page,
            *write_runs([" dari "], look),
            *pages,
        )
    )
    return docx


def render_document_docx(document: Document) -> bytes:
    """Return the document as a ``.docx``; the same document gives the same bytes."""
    docx = new_document(document.mark)
    body = docx.element.body
    writer = BlockWriter(docx)
    outline = tuple(document.headings)
    for element in writer.write(document.blocks, outline):
        body.insert(len(body) - 1, element)
    return pack_document(docx, document.title, document.author, document.time)
